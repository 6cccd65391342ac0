"""The flights project in the stack that most teams glue together: pandas, scikit-learn, Optuna, LightGBM.

The same question, the same data and the same rule of time as examples/flights: a fact counts for a prediction when
it was known strictly before the prediction time and within the span of its window. Twenty candidates of a
boosted model are searched by Optuna's TPE over five expanding folds, a linear model is cross-validated beside it,
the best boosted one is fitted again on all training rows and scored once on the last fifth of the flights.

    python bench/peer.py examples/flights/data --trials 20 --folds 5 --threads 2

Prints one JSON object. Needs pandas, pyarrow, scikit-learn, lightgbm and optuna.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import lightgbm
import numpy as np
import optuna
import pandas as pd
from sklearn import metrics
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import TimeSeriesSplit
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

READINGS = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
CLOCK = ["sched_hour", "sched_minute", "day_of_week", "month"]
NUMBERS = CLOCK + ["distance"] + READINGS + ["plane_age", "seats", "engines"]
WINDOWS = {"carrier_late_7d": ("carrier", 168), "origin_late_6h": ("origin", 6), "dest_late_7d": ("dest", 168)}
NUMBERS += [*WINDOWS, "origin_landed_2h"]
LEVELS = ["carrier", "origin", "dest", "manufacturer", "engine"]
HOUR, MINUTE = pd.Timedelta(hours=1), pd.Timedelta(minutes=1)


class Stopwatch:
    def __init__(self):
        self.seconds = {}

    @contextmanager
    def __call__(self, stage):
        start = time.perf_counter()
        yield
        self.seconds[stage] = round(time.perf_counter() - start, 3)


def read(folder: Path) -> dict[str, pd.DataFrame]:
    names = ["flights", "weather", "planes", "airlines", "airports"]
    frames = {name: pd.read_csv(folder / f"{name}.csv.gz") for name in names}
    for timed in ("flights", "weather"):
        frames[timed]["time_hour"] = pd.to_datetime(frames[timed]["time_hour"], utc=True).dt.tz_localize(None)
    return frames


def verify(frames):
    flights = frames["flights"]
    holds = {
        "distance": flights.distance.between(1, 6000).all(),
        "origin": flights.origin.isin(["EWR", "JFK", "LGA"]).all(),
        "carrier": flights.carrier.isin(frames["airlines"].carrier).all(),
        "arr_delay": flights.arr_delay.isna().mean() < 0.05,
        "humid": frames["weather"].humid.dropna().between(0, 100.1).all(),
        "key": not flights.duplicated(["time_hour", "carrier", "flight"]).any(),
    }
    broken = [name for name, held in holds.items() if not held]
    if broken:
        raise SystemExit(f"checks failed: {broken}")


def known_window(flights, by, hours):
    """Late arrivals and landings of the same `by` in [at - hours, at), by when they became known."""
    lates = np.full(len(flights), np.nan)
    counts = np.zeros(len(flights), dtype=np.int64)
    span = np.timedelta64(hours, "h")
    for rows in flights.groupby(by, sort=False).indices.values():
        part = flights.iloc[rows]
        facts = part[part.late.notna()].sort_values("known_at")
        times = facts.known_at.to_numpy()
        running = np.append(0.0, facts.late.to_numpy().cumsum())
        at = part["at"].to_numpy()
        upper = np.searchsorted(times, at, side="left")
        lower = np.searchsorted(times, at - span, side="left")
        counts[rows] = upper - lower
        lates[rows] = running[upper] - running[lower]
    return lates, counts


def assemble(frames):
    flights = frames["flights"].copy()
    flights["late"] = (flights.arr_delay > 15).astype(float).where(flights.arr_delay.notna())
    flights["sched_at"] = flights.time_hour + flights.minute * MINUTE
    flights["at"] = flights.sched_at - 2 * HOUR
    flights["known_at"] = flights.sched_at + (flights.dep_delay.fillna(0) + flights.air_time.fillna(0) + 30) * MINUTE
    flights["sched_hour"], flights["sched_minute"] = flights.hour, flights.minute
    flights["day_of_week"] = flights.sched_at.dt.dayofweek
    for name, (by, hours) in WINDOWS.items():
        lates, counts = known_window(flights, by, hours)
        flights[name] = np.where(counts > 0, lates / np.maximum(counts, 1), np.nan)
    flights["origin_landed_2h"] = known_window(flights, "origin", 2)[1]

    weather = frames["weather"][["origin", "time_hour", *READINGS]].rename(columns={"time_hour": "reading"})
    weather["reading"] = weather["reading"] + HOUR
    flights = pd.merge_asof(
        flights.sort_values("at"), weather.sort_values("reading"), left_on="at", right_on="reading", by="origin",
        tolerance=2 * HOUR, allow_exact_matches=False)
    planes = frames["planes"].rename(columns={"year": "built"})
    flights = flights.merge(planes[["tailnum", "built", "manufacturer", "engines", "seats", "engine"]], how="left")
    flights["plane_age"] = 2013 - flights.built
    labelled = flights[flights.late.notna()]
    return labelled.sort_values("sched_at", kind="stable").reset_index(drop=True)


def linear_model():
    numbers = Pipeline([("fill", SimpleImputer(strategy="median", add_indicator=True)), ("scale", StandardScaler())])
    levels = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=50)
    columns = ColumnTransformer([("numbers", numbers, NUMBERS), ("levels", levels, LEVELS)])
    return Pipeline([("columns", columns), ("fit", LogisticRegression(C=1.0, max_iter=300))])


def cross_validated_linear(frame, target, folds):
    def one(fit, held):
        model = linear_model().fit(frame.iloc[fit], target[fit])
        return metrics.average_precision_score(target[held], model.predict_proba(frame.iloc[held])[:, 1])

    return float(np.mean([one(fit, held) for fit, held in folds]))


def suggest(trial, threads):
    logarithmic = {"log": True}
    return {
        "objective": "binary", "metric": "average_precision", "verbosity": -1, "seed": 7, "num_threads": threads,
        "learning_rate": trial.suggest_float("learning_rate", 0.03, 0.3, **logarithmic),
        "num_leaves": trial.suggest_int("num_leaves", 8, 256, **logarithmic),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 5, 200, **logarithmic),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.5, 1.0),
        "bagging_fraction": trial.suggest_float("bagging_fraction", 0.5, 1.0), "bagging_freq": 1,
        "lambda_l1": trial.suggest_float("lambda_l1", 1e-3, 10, **logarithmic),
        "lambda_l2": trial.suggest_float("lambda_l2", 1e-3, 10, **logarithmic),
    }


def tune(matrix, target, folds, trials, threads):
    kept = []

    def objective(trial):
        settings, scores, rounds = suggest(trial, threads), [], []
        for fit, held in folds:
            data = lightgbm.Dataset(matrix.iloc[fit], target[fit])
            watched = lightgbm.Dataset(matrix.iloc[held], target[held], reference=data)
            stop = lightgbm.early_stopping(30, verbose=False)
            model = lightgbm.train(settings, data, 1000, valid_sets=[watched], callbacks=[stop])
            scores.append(metrics.average_precision_score(target[held], model.predict(matrix.iloc[held])))
            rounds.append(model.best_iteration)
        mean_rounds = int(np.mean(rounds))
        kept.append(mean_rounds * len(folds))
        trial.set_user_attr("settings", settings)
        trial.set_user_attr("rounds", mean_rounds)
        return float(np.mean(scores))

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=7))
    study.optimize(objective, n_trials=trials)
    return study.best_trial, sum(kept)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--trials", type=int, default=20)
    arguments.add_argument("--folds", type=int, default=5)
    arguments.add_argument("--threads", type=int, default=0, help="threads of LightGBM; 0 for all cores")
    chosen = arguments.parse_args()
    watch = Stopwatch()
    with watch("load"):
        frames = read(chosen.data)
    with watch("check"):
        verify(frames)
    with watch("features"):
        frame = assemble(frames)
    late = frame.late.to_numpy()
    cut = int(len(frame) * 0.8)
    train, target = frame.iloc[:cut], late[:cut]
    folds = list(TimeSeriesSplit(chosen.folds).split(train))
    with watch("linear_cv"):
        linear = cross_validated_linear(train, target, folds)
    matrix = frame[NUMBERS + LEVELS].astype({level: "category" for level in LEVELS})
    with watch("tune"):
        best, kept = tune(matrix.iloc[:cut], target, folds, chosen.trials, chosen.threads)
    with watch("refit"):
        rounds = max(best.user_attrs["rounds"], 10)
        model = lightgbm.train(best.user_attrs["settings"], lightgbm.Dataset(matrix.iloc[:cut], target), rounds)
    with watch("evaluate"):
        held, scores = late[cut:], model.predict(matrix.iloc[cut:])
        figures = {
            "average_precision": metrics.average_precision_score(held, scores),
            "roc_auc": metrics.roc_auc_score(held, scores),
            "log_loss": metrics.log_loss(held, scores),
            "brier": metrics.brier_score_loss(held, scores),
        }
        with tempfile.TemporaryFile() as file:
            pickle.dump(model, file)
    print(json.dumps({
        "wall_s": round(sum(watch.seconds.values()), 2), "seconds": watch.seconds,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "rows": len(frame), "holdout_rows": len(held), "rounds_kept": kept, "trees": model.num_trees(),
        "linear_cv_average_precision": round(linear, 4), "boosted_cv_average_precision": round(best.value, 4),
        **{name: round(float(value), 4) for name, value in figures.items()},
    }))


if __name__ == "__main__":
    main()
