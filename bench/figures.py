"""Ropeway's own figures on examples/flights, for the record: seconds per step, one example in process, requests a second
over HTTP from wrk on the same cores, flights a second from Parquet to Parquet.

    python3 bench/figures.py ROPEWAY_BINARY [--seconds 10] [--repeats 3]

Needs only Python's standard library, cargo and wrk. Prints medians and ranges, and how busy the machine was.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLIGHTS = ROOT / "examples" / "flights"
REQUEST = 'carrier, origin, dest, tailnum, distance, sched_at, "at"'
BODIES = 2000


def output(command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def spread(values, unit, digits=1):
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.{digits}f} {unit} ({low:,.{digits}f} to {high:,.{digits}f})"


def run(ropeway, project):
    report = json.loads(output([ropeway, "-C", project, "run", "--final", "--json"]).splitlines()[-1])
    print("seconds per step")
    for step in report["steps"]:
        print(f"  {step['name']:28} {step['wall_s']:8.2f} s  {step['cpu_s']:8.2f} s CPU  {step['peak_mib']:6.0f} MiB")
    return report["model"]


def page(ropeway, project, folder, repeats):
    command = [ropeway, "-C", project, "report", "--out", str(folder / "report.html")]
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        output(command)
        seconds.append(time.perf_counter() - started)
    print(f"the report: {spread(seconds, 's', 2)}")


def in_process(project, package, examples, repeats):
    command = ["cargo", "bench", "--quiet", "-p", "ropeway", "--bench", "one_example", "--", project, package, examples]
    runs = [json.loads(output(command, cwd=ROOT).splitlines()[-1]) for _ in range(repeats)]
    first = runs[0]
    print(f"one example in process: {first['examples']} examples, {first['features']} features, {first['trees']} trees")
    for name in ("p50", "p99"):
        print(f"  {name:28} {spread([one[name] for one in runs], 'us')}")
    print(f"  {'state from raw files':28} {spread([one['state_s'] for one in runs], 's', 2)}")


def parquet_to_parquet(ropeway, project, model, examples, folder, repeats):
    whole, rows = [], 0
    for turn in range(repeats):
        scored = str(folder / f"scored{turn}.parquet")
        started = time.perf_counter()
        done = output([ropeway, "-C", project, "predict", model, "--in", examples, "--out", scored, "--json"])
        whole.append(time.perf_counter() - started)
        rows = json.loads(done.splitlines()[-1])["rows"]
    print(f"Parquet to Parquet, whole process, state from raw files included: {rows:,} flights")
    print(f"  {'seconds':28} {spread(whole, 's', 2)}")
    print(f"  {'flights a second':28} {spread([rows / one for one in whole], '', 0)}")


@contextmanager
def served(ropeway, project):
    server = subprocess.Popen([ropeway, "-C", project, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        yield re.search(r"http://\S+", server.stdout.readline()).group(0)
    finally:
        server.terminate()
        server.wait()


def bodies(examples, file):
    lines = examples.read_text().splitlines()
    step = max(1, len(lines) // BODIES)
    file.write_text("".join(f'{{"examples": [{line}]}}\n' for line in lines[::step]))
    return str(file)


def over_http(ropeway, project, model, requests, seconds, repeats):
    print("HTTP, one example a request, wrk on the same cores")
    with served(ropeway, project) as address:
        for connections in (1, 16, 64):
            command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
                       "--script", str(ROOT / "bench" / "requests.lua"), f"{address}/v1/models/{model}/predict",
                       "--", requests]
            runs = [json.loads(output(command).splitlines()[-1]) for _ in range(repeats)]
            rate = spread([one["requests"] / one["seconds"] for one in runs], "requests/s", 0)
            tail = spread([one["p99_ms"] for one in runs], "ms", 2)
            failed = sum(one["failed"] for one in runs)
            print(f"  {connections:3} connections: {rate}; p99 {tail}; {failed} failed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ropeway")
    parser.add_argument("--seconds", type=int, default=10, help="of each run of wrk")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    print(f"load before: {os.getloadavg()}; {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        project = str(folder / "flights")
        shutil.copytree(FLIGHTS, project, ignore=shutil.ignore_patterns(".ropeway"))
        model = run(options.ropeway, project)
        page(options.ropeway, project, folder, options.repeats)
        every, some = folder / "examples.parquet", folder / "some.jsonl"
        query = [options.ropeway, "-C", project, "query"]
        output([*query, f"SELECT {REQUEST} FROM examples", "--out", str(every)])
        output([*query, f"SELECT {REQUEST} FROM examples WHERE \"at\" >= '2013-12-01T00:00:00Z'", "--out", str(some)])
        package = Path(project) / model["package"]
        few = folder / "some.parquet"
        output([*query, f"SELECT {REQUEST} FROM examples WHERE \"at\" >= '2013-12-01T00:00:00Z'", "--out", str(few)])
        in_process(project, str(package), str(few), options.repeats)
        parquet_to_parquet(options.ropeway, project, model["name"], str(every), folder, options.repeats)
        requests = bodies(some, folder / "bodies")
        over_http(options.ropeway, project, model["name"], requests, options.seconds, options.repeats)
    print(f"load after: {os.getloadavg()}")


main()
