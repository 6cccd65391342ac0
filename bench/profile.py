"""`ropeway profile` beside DuckDB's `SUMMARIZE` and pandas' `describe`, and `ropeway init`: seconds and peak memory of each in a
process of its own, interleaved, on a Parquet file and on a CSV file that is generated here.

    bench/profile ROPEWAY_BINARY [--parquet FILE] [--rows 3000000] [--csv-mib 256] [--repeats 3]

Without `--parquet` a table of flights is generated. Prints medians and ranges, and how busy the machine was.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DUCKDB = "import duckdb,sys; duckdb.sql('SET threads={threads}'); print(duckdb.sql(\"SUMMARIZE SELECT * FROM '{file}'\").fetchall())"
PANDAS = "import pandas,sys; print(pandas.read_{form}('{file}').describe(include='all').to_string())"


def measured(command):
    """Seconds and peak memory in MiB of one process in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - started
    if status != 0:
        sys.exit(f"{command[0]} ended with status {status}")
    return taken, usage.ru_maxrss / 1024


def spread(values, unit, digits):
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.{digits}f} {unit} ({low:,.{digits}f} to {high:,.{digits}f})"


def generated_csv(path, mib):
    """Orders: integers, doubles, dates, words and a text, by a fixed seed."""
    draw = random.Random(7)
    words = [f"w{number}" for number in range(500)]
    line = "{},{},{:.2f},2024-{:02}-{:02} {:02}:15:00,{},{},{}\n"
    size = 0
    with path.open("w") as out:
        out.write("order,customer,amount,at,country,product,note\n")
        number = 0
        while size < mib << 20:
            block = []
            for _ in range(50_000):
                number += 1
                when = (1 + draw.randrange(12), 1 + draw.randrange(28), draw.randrange(24))
                note = " ".join(draw.choices(words, k=4))
                block.append(line.format(number, draw.randrange(200_000), draw.expovariate(0.02), *when,
                                         draw.choice("DE FR CH AT IT".split()), draw.choice(words), note))
            text = "".join(block)
            out.write(text)
            size += len(text)


def generated_parquet(path, rows):
    import numpy
    import pandas

    draw = numpy.random.default_rng(7)
    airports = numpy.array([f"A{number:02}" for number in range(230)])
    pandas.DataFrame({
        "date": pandas.Timestamp("2001-01-01") + pandas.to_timedelta(numpy.sort(draw.integers(0, 181 * 1440, rows)), "min"),
        "delay": (draw.exponential(30, rows) - 20).astype("int64"),
        "distance": draw.integers(21, 4_962, rows),
        "origin": airports[draw.integers(0, 230, rows)],
        "destination": airports[draw.integers(0, 230, rows)],
    }).to_parquet(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ropeway")
    parser.add_argument("--parquet")
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--csv-mib", type=int, default=256)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        parquet, csv = Path(asked.parquet or f"{folder}/flights.parquet").resolve(), Path(folder) / "orders.csv"
        ropeway = str(Path(asked.ropeway).resolve())
        if not asked.parquet:
            generated_parquet(parquet, asked.rows)
        generated_csv(csv, asked.csv_mib)
        for file, form in ((parquet, "parquet"), (csv, "csv")):
            print(f"{file.name}, {file.stat().st_size / (1 << 20):,.0f} MiB")
            commands = {
                "ropeway profile": [ropeway, "profile", str(file)],
                "duckdb SUMMARIZE": [sys.executable, "-c", DUCKDB.format(file=file, threads=os.cpu_count())],
                "pandas describe": [sys.executable, "-c", PANDAS.format(file=file, form=form)],
                "ropeway init": [ropeway, "init", str(file)],
            }
            runs = {name: [] for name in commands}
            for _ in range(asked.repeats):
                for name, command in commands.items():
                    runs[name].append(measured(command))
            for name, values in runs.items():
                seconds, memory = zip(*values)
                print(f"  {name:18} {spread(seconds, 's', 2):34} {spread(memory, 'MiB', 0)}")


if __name__ == "__main__":
    main()
