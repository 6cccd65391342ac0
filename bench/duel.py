"""The duel: examples/flights by Ropeway and by the Python stack of peer.py, in turn, on the same machine.

    python bench/duel.py ROPEWAY_BINARY [--pairs 1] [--trials 20]

Prints each run, then medians and ranges. Whole-process wall time and peak memory are the operating system's. Says how
busy the machine was before each run. Losses stand as plainly as wins.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLIGHTS = ROOT / "examples" / "flights"


def measured(command, cwd):
    """Runs a command; returns its output, wall seconds and peak resident MiB of the process itself."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 3):
        sys.exit(f"{command[0]} ended with {code}")
    return output, wall, usage.ru_maxrss / 1024


def project(folder):
    shutil.copytree(FLIGHTS, folder, ignore=shutil.ignore_patterns(".ropeway"))
    return folder


def ropeway_run(binary, folder):
    output, wall, peak = measured([binary, "-C", str(folder), "run", "--final", "--json"], folder)
    report = json.loads(output.splitlines()[-1])
    figures = {name: value["value"] for name, value in report["final"].items() if name != "looks"}
    rounds = {entry["candidate"]: entry["rounds"] for entry in report["leaderboard"]}
    steps = {step["name"]: round(step["wall_s"], 2) for step in report["steps"]}
    # Ropeway sets the system's mark back before each step, to know the peak of each.
    peak = max([peak] + [step["peak_mib"] for step in report["steps"] if step["state"] == "executed"])
    executed = sum(step["state"] == "executed" for step in report["steps"])
    return {"wall_s": wall, "peak_mib": peak, "rounds": rounds, "steps": steps, "executed": executed, **figures}


def peer_run(trials, threads):
    command = [sys.executable, str(ROOT / "bench" / "peer.py"), str(FLIGHTS / "data"), "--trials", str(trials),
               "--folds", "5", "--threads", str(threads)]
    output, wall, peak = measured(command, ROOT)
    report = json.loads(output.splitlines()[-1])
    return {**report, "wall_s": wall, "peak_mib": peak}


def row(name, runs, key):
    values = [run[key] for run in runs]
    return f"  {name:22} {statistics.median(values):10.3f}   ({min(values):.3f} to {max(values):.3f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ropeway")
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2, help="threads of the peer's LightGBM")
    options = parser.parse_args()
    ours, theirs, again = [], [], []
    for pair in range(options.pairs):
        print(f"pair {pair + 1}: load {os.getloadavg()}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            root = project(Path(folder) / "flights")
            ours.append(ropeway_run(options.ropeway, root))
            print("ropeway", json.dumps(ours[-1]), flush=True)
            again.append(ropeway_run(options.ropeway, root))
            print(f"again: {again[-1]['wall_s']:.3f} s, {again[-1]['executed']} steps executed", flush=True)
        print(f"load {os.getloadavg()}", flush=True)
        theirs.append(peer_run(options.trials, options.threads))
        print("peer", json.dumps(theirs[-1]), flush=True)
    for name, runs in (("ropeway", ours), ("peer", theirs)):
        print(name)
        for key in ("wall_s", "peak_mib", "average_precision", "roc_auc", "log_loss", "brier"):
            print(row(key, runs, key))
    print(row("ropeway unchanged, s", again, "wall_s"))
    wall = statistics.median(a["wall_s"] / b["wall_s"] for a, b in zip(ours, theirs))
    peak = statistics.median(a["peak_mib"] / b["peak_mib"] for a, b in zip(ours, theirs))
    print(f"ropeway / peer: wall {wall:.3f}, peak memory {peak:.3f}")


main()
