"""The tables that Ropeway has to do well on: for each `ropeway init` and `ropeway run --final` without an edit, and LightGBM
with default settings through pandas beside it, on the same rows.

    bench/tables ROPEWAY_BINARY [--data ../shared/data] [--generated FOLDER] [--work FOLDER] [--record] [--control]
                 [TABLE ...]

One line a table: what init decided, how the rows add up, validation and holdout figure with interval, how far better than
the baseline and than the peer, seconds, peak memory. The peer has it twice: with the features that Ropeway learned from, and
with every column of the table but the label and those that `init` left out as suspects. Two tables are not real: `messy`, with every
defect that `init` knows, and `wide`, 200 columns of 1,000 rows, which `cargo xtask generate FOLDER` writes. All figures go to `--json FILE`. They are compared with those recorded in
bench/tables.json (`--record` writes them); exit code 1 where a table falls short. `--control` shuffles the labels first,
so that it must.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd

from tables_peer import HIGHER, Judge, baseline, by_class, lightgbm_defaults, units, verdict

ROOT = Path(__file__).resolve().parent.parent
RECORDED = ROOT / "bench" / "tables.json"
# The label of each, with what `init` is told beside it.
TABLES = {
    "credit_scoring": ["Status"], "lending_club": ["Class"], "covid_testing": ["result"], "ames": ["Sale_Price"],
    "diamonds": ["price"], "beijing_pm": ["pm2.5"], "traffic_volume": ["traffic_volume"], "storms": ["status"],
    "fine_foods_text": ["score"], "flights3m": ["delay"],
    # A line of a dozen or more: whether it is one of a wholesale order.
    "online_retail": ["Quantity", "--above", "11"],
    # A column of it tells the label, and is known only with it.
    "messy": ["churned", "--drop-suspects"], "wide": ["target"],
}
GENERATED = {"messy", "wide"}


class Failure(Exception):
    pass


def measured(command, accept=(0,)):
    """Runs a command; returns its output, wall seconds and its exit code."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as complaint:
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=complaint, text=True)
        output = process.stdout.read()
        code = process.wait()
        if code not in accept:
            complaint.seek(0)
            said = complaint.read().strip() or output.strip()
            raise Failure(f"{' '.join(map(str, command[1:4]))} ended with {code}: {said[-600:]}")
    return output, time.perf_counter() - started, code


def identity(frame, columns):
    return pd.util.hash_pandas_object(frame[columns], index=False).to_numpy()


def with_labels(examples, table, shared):
    """The label of every example, and the place in the table that it comes from. Examples come without the labels that are
    held out. Rows that agree in all columns shared take each other's places: no metric tells them apart."""
    left, right = identity(examples, shared), identity(table, shared)
    told = examples["label"].notna().to_numpy()
    # Among rows alike, those whose label is told first, in the order of their labels; then the others.
    label = table["label__"].astype(str).to_numpy()
    whole = pd.api.types.is_integer_dtype(table["label__"])
    own = (examples["label"].astype("Int64") if whole else examples["label"]).astype(str).to_numpy()
    free = {}
    for place in np.flatnonzero(table["label__"].notna()):
        free.setdefault((right[place], label[place]), []).append(place)
    places = np.full(len(examples), -1)
    for row in np.flatnonzero(told):
        places[row] = free.get((left[row], own[row]), [-1]).pop()
    rest = {}
    for (key, _), found in free.items():
        rest.setdefault(key, []).extend(found)
    for row in np.flatnonzero(~told & examples["part"].eq("holdout").to_numpy()):
        found = rest.get(left[row])
        places[row] = found.pop() if found else -1
    return places


class Project:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder

    def ask(self, *arguments, accept=(0,)):
        return measured([self.binary, "-C", self.folder, *arguments], accept)

    def answer(self, *arguments, accept=(0,)):
        output, wall, code = self.ask(*arguments, "--json", "--quiet", accept=accept)
        return json.loads(output.splitlines()[-1]), wall, code

    def read(self, *arguments):
        file = self.folder / "rows.parquet"
        file.unlink(missing_ok=True)
        self.ask(*arguments, "--out", file)
        return pd.read_parquet(file)


def account(report, started, folder):
    """Rows in = used + quarantined + dropped, and whether the parts of it add up. Rows that are equal by chance stay."""
    source = next(iter(report["sources"].values()))
    examples = report["examples"]
    leave = any("SELECT DISTINCT" in (folder / file).read_text() for file in started["files"] if file.endswith(".sql"))
    again = sum(finding["rows"] for finding in started["findings"] if finding["code"] == "duplicate-rows")
    repeated = again if leave else 0
    used = examples["train"] + examples["holdout"]
    unlabelled = examples["rows"] - examples["labelled"]
    found = {"rows_in": source["rows_in"], "used": used, "quarantined": source["quarantined"], "repeated": repeated,
             "unlabelled": unlabelled, "purged": examples["purged"], "without_at": examples["without_at"],
             "apart": examples["apart"]}
    found["adds_up"] = source["rows_in"] == sum(value for name, value in found.items() if name != "rows_in")
    return found


def split_of(settings):
    """How the holdout is split, with what `[split]` says for it and the folds together."""
    split = settings["split"]
    usual = "group" if "group" in split else "time" if "at" in settings["examples"] else "random"
    return {"by": usual} | {name: split[name] for name in ("group",) if name in split} | split["holdout"]


def beside(project, settings, model, suspected):
    """Ropeway, its baseline and the peer on the rows held out."""
    task, metric, split = settings["learn"]["task"], settings["learn"]["metric"], split_of(settings)
    said = settings["examples"]
    at = said.get("at")
    clean = project.read("query", f"SELECT *, ({said['label']}) AS label__" + (f", ({at}) AS at__" if at else "") +
                         f" FROM \"{said['table']}\"")
    examples = project.read("examples")
    own = [name for name in clean if name not in ("label__", "at__")]
    if at:
        clean["at"] = clean.pop("at__").astype(examples["at"].dtype)
    if task == "binary":
        clean["label__"] = clean["label__"].astype("boolean").astype("Float64").astype(float)
    elif task == "regression":
        clean["label__"] = clean["label__"].astype(float)
    requests = [name for name in said["request"] + said.get("key", []) + (["at"] if at else []) if name in examples]
    places = with_labels(examples, clean, list(dict.fromkeys(requests)))
    parts = examples["part"].to_numpy()
    used = np.isin(parts, ["train", "holdout"])
    if (places[used] < 0).any():
        raise Failure(f"{(places[used] < 0).sum()} examples are not found in {said['table']}")
    examples, table = examples[used].reset_index(drop=True), clean.iloc[places[used]].reset_index(drop=True)
    label, parts = table.pop("label__"), parts[used]
    train, held = parts == "train", parts == "holdout"
    classes = sorted(label.astype(str).unique()) if task == "multiclass" else None
    truth = label[held].astype(str) if task == "multiclass" else label[held]
    # A column that names groups need be no feature, and stands in the table alone then.
    telling = examples.join(table[[name for name in split.get("group", []) if name not in examples]])
    judge = Judge(task, metric, truth.to_numpy(), classes, units(telling[held], split))

    rows = project.folder / "held.parquet"
    examples[held].drop(columns=["label", "label_known_at", "part", "fold"]).to_parquet(rows, index=False)
    scored = project.read("predict", model, "--in", rows)
    if task == "multiclass":
        prefix = "probability_"
        chances = scored[[name for name in scored if name.startswith(prefix)]]
        ours = by_class(chances.rename(columns=lambda name: name[len(prefix):]), classes)
    else:
        ours = scored["probability" if task == "binary" else "predicted"].to_numpy()

    found = {"reproduced": judge.value(ours)}
    plain = baseline(label[train], int(held.sum()), task, classes)
    found["baseline"] = {"value": judge.value(plain), "ours": judge.difference(ours, plain)}
    features = examples[said["request"] + list(settings.get("derive", {}))]
    untold = columns_of_label(said["label"], own) | suspected
    every = table[[name for name in own if name not in untold]]
    for name, columns in (("peer", features), ("peer_every_column", every)):
        started = time.perf_counter()
        theirs = lightgbm_defaults(columns, train, held, label, task, classes)
        seconds = time.perf_counter() - started
        found[name] = {"value": judge.value(theirs), "ours": judge.difference(ours, theirs), "seconds": seconds}
        found[name]["verdict"] = verdict(found[name]["ours"])
    return found


def columns_of_label(sql, columns):
    """Columns that the label's expression names, so that the peer does not see them."""
    return {name for name in columns if f'"{name}"' in sql or sql.split(" ")[0] == name}


def shuffled(file, label, folder):
    frame = pd.read_parquet(file)
    frame[label] = np.random.default_rng(7).permutation(frame[label].to_numpy())
    frame.to_parquet(folder / file.name, index=False)
    return folder / file.name


def suspects(started):
    """Columns that `init` left out since they are suspected of telling the label."""
    return {column for one in started["findings"] if one["code"].startswith("leak") for column in one["columns"]}


def go_through(binary, file, told, folder):
    project = Project(binary, folder)
    started, init_s, _ = project.answer("init", file, "--name", "model", "--label", *told)
    text = (folder / "ropeway.toml").read_text()
    settings = tomllib.loads(text)
    report, wall, code = project.answer("run", "--final", accept=(0, 3))
    if not report["final"]:
        raise Failure(f"the run came to no end: {report['status']} {json.dumps(report.get('problem'))}")
    metric = settings["learn"]["metric"]
    first = report["leaderboard"][0]
    aside = [column["name"] for column in started["columns"] if column["use"] not in ("feature", "label")]
    found = {
        "task": settings["learn"]["task"], "metric": metric, "split": split_of(settings)["by"],
        "aside": aside, "findings": [f"{one['code']} {' '.join(one['columns'])}".strip() for one in started["findings"]],
        "rows": account(report, started, folder), "best": first["candidate"], "validation": first["validation"][metric],
        "candidates": {one["candidate"]: one["validation"][metric]["value"] for one in report["leaderboard"]},
        "holdout": report["final"][metric], "gates": {gate["that"]: gate["passed"] for gate in report["gates"]},
        "refused": code == 3, "init_s": init_s, "run_s": wall,
        "steps": {step["name"]: round(step["wall_s"], 2) for step in report["steps"]},
        # Of the run: what the system says of a child begins with what its parent had.
        "peak_mib": max(step["peak_mib"] or 0 for step in report["steps"]),
    }
    left_out = suspects(started) if "--drop-suspects" in told else set()
    found |= beside(project, settings, f"model@{report['model']['version']}", left_out)
    return found


def shortfalls(found, recorded):
    """Everything for which a table falls short."""
    if not found["rows"]["adds_up"]:
        yield f"rows do not add up: {found['rows']}"
    figure = found["holdout"]
    if abs(found["reproduced"] - figure["value"]) > 1e-6 * max(1.0, abs(figure["value"])):
        yield f"{found['metric']} of the predictions is {found['reproduced']}, reported is {figure['value']}"
    for peer in ("peer", "peer_every_column"):
        if found[peer]["verdict"] == "worse":
            yield f"worse than LightGBM's defaults beyond the interval ({peer})"
    if found["baseline"]["ours"]["low"] <= 0 and not found["refused"]:
        yield "no better than the baseline, and the run does not say so"
    if recorded is None:
        return
    for name in ("task", "metric", "split"):
        if found[name] != recorded[name]:
            yield f"{name} is {found[name]}, recorded is {recorded[name]}"
    if found["rows"] != recorded["rows"]:
        yield f"rows are {found['rows']}, recorded are {recorded['rows']}"
    higher = found["metric"] in HIGHER
    worst = recorded["holdout"]["low" if higher else "high"]
    if (figure["value"] < worst) if higher else (figure["value"] > worst):
        yield f"{found['metric']} is {figure['value']:.4g}, beyond the recorded interval's end {worst:.4g}"


def interval(figure):
    return f"{figure['value']:.4g} [{figure['low']:.4g}, {figure['high']:.4g}]"


def line(name, found):
    rows = found["rows"]
    parts = " + ".join(f"{rows[part]:,} {part}" for part in ("used", "quarantined", "repeated", "unlabelled", "purged",
                                                            "without_at", "apart") if rows[part] or part == "used")
    peers = ", ".join(f"{label} {found[peer]['value']:.4g}: {found[peer]['verdict']}"
                      for peer, label in (("peer", "LightGBM"), ("peer_every_column", "with every column")))
    aside = f", aside {' '.join(found['aside'])}" if found["aside"] else ""
    return (f"{name}: {found['task']}, by {found['split']}{aside}; {rows['rows_in']:,} rows = {parts}; {found['metric']} "
            f"validation {interval(found['validation'])}, holdout {interval(found['holdout'])} ({found['best']}); baseline "
            f"{found['baseline']['value']:.4g}: {verdict(found['baseline']['ours'])}; {peers}; "
            f"{found['init_s']:.1f} + {found['run_s']:.0f} s, {found['peak_mib']:.0f} MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ropeway", type=Path)
    parser.add_argument("tables", nargs="*", help=f"some of {', '.join(TABLES)}; all without")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--generated", type=Path, default=ROOT / "target" / "generated",
                        help="where `cargo xtask generate` wrote its files")
    parser.add_argument("--work", type=Path, help="where the projects are made, and stay; else a temporary folder")
    parser.add_argument("--json", type=Path, help="where all figures are written")
    parser.add_argument("--record", action="store_true", help="record the figures in bench/tables.json")
    parser.add_argument("--control", action="store_true", help="shuffle the labels first: exit code 1 is right then")
    asked = parser.parse_intermixed_args()
    if unknown := set(asked.tables) - set(TABLES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    figures, short = {}, False
    with tempfile.TemporaryDirectory() as temporary:
        work = asked.work or Path(temporary)
        for name in asked.tables or TABLES:
            file = asked.generated / f"{name}.csv" if name in GENERATED else asked.data / f"{name}.parquet"
            file, folder = file.resolve(), work / name
            if not file.exists():
                print(f"{name}: not there", flush=True)
                continue
            folder.mkdir(parents=True)
            told = TABLES[name]
            try:
                if asked.control:
                    file = shuffled(file, told[0], folder)
                figures[name] = go_through(asked.ropeway.resolve(), file, told, folder)
                faults = list(shortfalls(figures[name], None if asked.record else recorded.get(name)))
                print(line(name, figures[name]), flush=True)
            except Failure as failure:
                faults = [str(failure)]
                print(f"{name}: failed", flush=True)
            for fault in faults:
                print(f"  falls short: {fault}", flush=True)
            short |= bool(faults)
            if asked.json:
                asked.json.write_text(json.dumps(figures, indent=1) + "\n")
    if asked.record:
        RECORDED.write_text(json.dumps(recorded | figures, indent=1) + "\n")
    sys.exit(1 if short else 0)


main()
