"""The peer of bench/tables: LightGBM with default settings on the rows that Ropeway learned from, judged on the rows that it
held out, by scikit-learn's metrics; and whether two models differ there by more than chance."""

import lightgbm
import numpy as np
import pandas as pd
from sklearn import metrics as sk

RESAMPLES = 300
# As many as Ropeway draws from where rows are in the order of time.
TIME_BLOCKS = 50
HIGHER = {"average_precision", "roc_auc", "accuracy", "balanced_accuracy", "macro_f1", "f1", "mcc", "r2", "macro_roc_auc"}


def matrix(columns):
    """Numbers as they are, dates as numbers, everything else as a category."""
    def prepared(column):
        if pd.api.types.is_datetime64_any_dtype(column):
            seconds = column.dt.tz_localize(None) if column.dt.tz is not None else column
            return seconds.astype("datetime64[us]").astype("int64").where(column.notna(), np.nan) / 1e6
        if pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column):
            return column
        return column.astype(str).where(column.notna()).astype("category")

    frame = columns.apply(prepared)
    # LightGBM takes no quotes, brackets or commas in a name.
    return frame.set_axis([f"c{number}" for number in range(frame.shape[1])], axis=1)


class Judge:
    """One metric on the rows held out, for predictions of any model: numbers, or a row of probabilities of `classes`."""

    def __init__(self, task, metric, truth, classes, units):
        self.task, self.metric, self.classes = task, metric, classes
        self.truth = truth.astype(float) if task != "multiclass" else pd.Index(classes).get_indexer(truth)
        self.units = units
        self.sign = 1.0 if metric in HIGHER else -1.0

    def value(self, predicted, weight=None):
        truth, metric = self.truth, self.metric
        if self.task == "regression":
            if metric == "rmse":
                return float(np.sqrt(np.average((truth - predicted) ** 2, weights=weight)))
            if metric == "mae":
                return float(np.average(np.abs(truth - predicted), weights=weight))
            return float(sk.r2_score(truth, predicted, sample_weight=weight))
        if metric == "log_loss":
            if self.task == "binary":
                own = np.where(truth == 1, predicted, 1 - predicted)
            else:
                # A class that the model has never seen has no chance with it.
                own = np.append(predicted, np.zeros((len(predicted), 1)), axis=1)[np.arange(len(truth)), truth]
            return float(np.average(-np.log(np.clip(own, 1e-15, 1)), weights=weight))
        if metric == "average_precision":
            return float(sk.average_precision_score(truth, predicted, sample_weight=weight))
        if metric == "roc_auc":
            return float(sk.roc_auc_score(truth, predicted, sample_weight=weight))
        raise SystemExit(f"bench/tables does not know the metric `{metric}`")

    def difference(self, ours, theirs):
        """How much better `ours` is than `theirs`, with the 95% interval of a paired bootstrap over the units."""
        names, unit = np.unique(self.units, return_inverse=True)
        draw, found = np.random.default_rng(7), []
        for _ in range(RESAMPLES):
            times = np.bincount(draw.integers(0, len(names), len(names)), minlength=len(names))[unit]
            if self.task == "binary" and len(np.unique(self.truth[times > 0])) < 2:
                continue
            found.append(self.sign * (self.value(ours, times) - self.value(theirs, times)))
        low, high = np.quantile(found, [0.025, 0.975])
        return {"value": self.sign * (self.value(ours) - self.value(theirs)), "low": float(low), "high": float(high)}


def verdict(difference):
    if difference["low"] > 0:
        return "better"
    return "worse" if difference["high"] < 0 else "no worse"


def units(held, split):
    """What is drawn together: rows, groups, or runs of time."""
    if split["by"] == "group":
        return pd.util.hash_pandas_object(held[split["group"]].astype(str), index=False).to_numpy()
    if split["by"] == "time":
        at = held["at"].astype("datetime64[us, UTC]").astype("int64").to_numpy()
        return np.searchsorted(np.sort(at), at) * TIME_BLOCKS // len(at)
    return np.arange(len(held))


def lightgbm_defaults(features, train, held, label, task, classes):
    """Its predictions for the rows held out."""
    frame = matrix(features)
    kind = lightgbm.LGBMRegressor if task == "regression" else lightgbm.LGBMClassifier
    model = kind(verbosity=-1)
    model.fit(frame[train], label[train].astype(float) if task != "multiclass" else label[train].astype(str))
    if task == "regression":
        return model.predict(frame[held])
    chances = model.predict_proba(frame[held])
    if task == "binary":
        return chances[:, 1]
    return by_class(pd.DataFrame(chances, columns=model.classes_), classes)


def by_class(chances, classes):
    return chances.reindex(columns=classes, fill_value=0.0).to_numpy()


def baseline(train_label, rows, task, classes):
    """What needs no features: the mean, or the share of each class."""
    if task == "multiclass":
        shares = pd.Series(train_label).astype(str).value_counts(normalize=True).reindex(classes, fill_value=0.0)
        return np.tile(shares.to_numpy(), (rows, 1))
    return np.full(rows, train_label.astype(float).mean())
