//! The names of the metrics and which way is better.

use std::fmt;
use std::str::FromStr;

use ropeway_vocab::{Kind, Problem, nearest};
use serde::{Deserialize, Serialize};

/// A measure of quality: of two classes, of several, or of a number. What a name means for several classes is what it means for
/// two, and is said where it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Sum over distinct scores, highest first, of the recall gained times the precision there, as
    /// scikit-learn's `average_precision_score`. 0 without positives.
    AveragePrecision,
    /// Probability that a positive scores above a negative, ties counted half, as `roc_auc_score`. NaN with
    /// one class only.
    RocAuc,
    /// Mean negative log likelihood in nats, probabilities held within 2^-52 of 0 and 1, as `log_loss`, for any number of
    /// classes.
    LogLoss,
    /// Mean squared error of the probabilities, as `brier_score_loss`; of several classes the sum over them.
    Brier,
    /// Expected calibration error (Naeini and others 2015) over ten bins of equal mass: mean over rows of
    /// the gap between mean probability and share of positives in the row's bin. Equal probabilities share
    /// a bin; the bins of all rows are kept when rows are resampled. Of several classes that of the decided class. Chance
    /// alone makes gaps, which do not cancel: the figure lies above the true error, and its interval reaches further down
    /// than up.
    CalibrationError,
    /// Share of right decisions.
    Accuracy,
    /// Share of positives among those called positive; 0 when none was called.
    Precision,
    /// Share of positives that were called; 0 without positives.
    Recall,
    /// Harmonic mean of precision and recall; 0 when both are.
    F1,
    /// Matthews' correlation of decisions and labels; 0 when either has one class only. Of several classes that of Gorodkin
    /// (2004), as `matthews_corrcoef`.
    Mcc,
    /// Mean cost of error per row, in the units of `[costs_of_error]`.
    ExpectedCost,
    /// Mean recall over the classes that there are, as `balanced_accuracy_score`.
    BalancedAccuracy,
    /// Mean precision over the classes that are or were decided; of a class never decided it is 0.
    MacroPrecision,
    /// Mean recall over the classes that are or were decided; of a class that is not there it is 0.
    MacroRecall,
    /// Mean F1 over the classes that are or were decided, as `f1_score(average="macro")`.
    MacroF1,
    /// F1 of all decisions together: for one class a row it is the accuracy.
    MicroF1,
    /// Mean precision over the classes, each by its rows.
    WeightedPrecision,
    /// Mean recall over the classes, each by its rows.
    WeightedRecall,
    /// Mean F1 over the classes, each by its rows, as `f1_score(average="weighted")`.
    WeightedF1,
    /// Mean over the classes of the ROC AUC of one against the rest, as `roc_auc_score(multi_class="ovr")`; classes without
    /// rows are left out.
    MacroRocAuc,
    /// The same, each class by its rows.
    WeightedRocAuc,
    /// Mean over the classes of the average precision of one against the rest; classes without rows are left out.
    MacroAveragePrecision,
    /// Share of rows whose class is among the two most probable.
    #[serde(rename = "top_2_accuracy")]
    Top2Accuracy,
    /// Share of rows whose class is among the three most probable.
    #[serde(rename = "top_3_accuracy")]
    Top3Accuracy,
    /// Root of the mean squared error, in units of the label, as `root_mean_squared_error`.
    Rmse,
    /// Mean absolute error, in units of the label, as `mean_absolute_error`.
    Mae,
    /// Share of the variance that is explained, as `r2_score`; NaN where all labels are equal.
    R2,
    /// Median absolute error, as `median_absolute_error`.
    MedianAbsoluteError,
    /// Mean absolute error as a share of the label, as `mean_absolute_percentage_error`: labels near zero make it anything.
    Mape,
    /// Root of the mean squared difference of log(1 + x), as `root_mean_squared_log_error`; a prediction below zero counts as
    /// zero, and NaN where a label lies below.
    Rmsle,
    /// Mean of prediction minus label: above zero where predictions are too high.
    MeanError,
    /// Mean pinball loss of the ends of the interval, at 5% and 95% (Koenker and Bassett 1978), as `mean_pinball_loss`.
    Pinball,
    /// Share of labels within the 90% interval of their prediction.
    IntervalCoverage,
    /// Mean width of the interval, in units of the label.
    IntervalWidth,
}

impl Metric {
    /// Those of two classes, in the order they are shown.
    pub const BINARY: [Self; 11] = [
        Self::AveragePrecision,
        Self::RocAuc,
        Self::LogLoss,
        Self::Brier,
        Self::CalibrationError,
        Self::Accuracy,
        Self::Precision,
        Self::Recall,
        Self::F1,
        Self::Mcc,
        Self::ExpectedCost,
    ];

    /// Those of several classes, in the order they are shown.
    pub const MULTICLASS: [Self; 19] = [
        Self::LogLoss,
        Self::Accuracy,
        Self::BalancedAccuracy,
        Self::MacroF1,
        Self::MacroPrecision,
        Self::MacroRecall,
        Self::MicroF1,
        Self::WeightedF1,
        Self::WeightedPrecision,
        Self::WeightedRecall,
        Self::MacroRocAuc,
        Self::WeightedRocAuc,
        Self::MacroAveragePrecision,
        Self::Top2Accuracy,
        Self::Top3Accuracy,
        Self::Brier,
        Self::CalibrationError,
        Self::Mcc,
        Self::ExpectedCost,
    ];

    /// Those of a number, in the order they are shown.
    pub const REGRESSION: [Self; 11] = [
        Self::Rmse,
        Self::Mae,
        Self::R2,
        Self::MedianAbsoluteError,
        Self::Mape,
        Self::Rmsle,
        Self::MeanError,
        Self::Pinball,
        Self::IntervalCoverage,
        Self::IntervalWidth,
        Self::ExpectedCost,
    ];

    /// Every metric once.
    pub fn all() -> impl Iterator<Item = Self> {
        let several = Self::MULTICLASS.into_iter().filter(|metric| !Self::BINARY.contains(metric));
        let number = Self::REGRESSION.into_iter().filter(|metric| *metric != Self::ExpectedCost);
        Self::BINARY.into_iter().chain(several).chain(number)
    }

    /// Whether a higher figure is a better one.
    pub const fn higher_is_better(self) -> bool {
        !matches!(
            self,
            Self::LogLoss
                | Self::Brier
                | Self::CalibrationError
                | Self::ExpectedCost
                | Self::Rmse
                | Self::Mae
                | Self::MedianAbsoluteError
                | Self::Mape
                | Self::Rmsle
                | Self::MeanError
                | Self::Pinball
                | Self::IntervalWidth
        )
    }

    /// Whether candidates can be chosen by it: there are figures for which neither more nor less is better.
    pub const fn judges(self) -> bool {
        !matches!(self, Self::MeanError | Self::IntervalCoverage | Self::IntervalWidth)
    }

    /// Whether it ranks rows against each other, whatever their scores are in numbers.
    pub const fn ranks(self) -> bool {
        matches!(
            self,
            Self::AveragePrecision
                | Self::RocAuc
                | Self::MacroRocAuc
                | Self::WeightedRocAuc
                | Self::MacroAveragePrecision
        )
    }

    /// Whether it says something of rows that are all of one class.
    pub const fn of_one_class(self) -> bool {
        matches!(self, Self::LogLoss | Self::Brier | Self::CalibrationError | Self::Accuracy | Self::ExpectedCost)
    }

    /// Whether figure `a` is better than `b`; NaN is never better, anything is better than NaN.
    pub fn better(self, a: f64, b: f64) -> bool {
        match (a.is_nan(), b.is_nan()) {
            (true, _) => false,
            (false, true) => true,
            _ => {
                if self.higher_is_better() {
                    a > b
                } else {
                    a < b
                }
            }
        }
    }

    /// Its name in the project file, records and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AveragePrecision => "average_precision",
            Self::RocAuc => "roc_auc",
            Self::LogLoss => "log_loss",
            Self::Brier => "brier",
            Self::CalibrationError => "calibration_error",
            Self::Accuracy => "accuracy",
            Self::Precision => "precision",
            Self::Recall => "recall",
            Self::F1 => "f1",
            Self::Mcc => "mcc",
            Self::ExpectedCost => "expected_cost",
            Self::BalancedAccuracy => "balanced_accuracy",
            Self::MacroPrecision => "macro_precision",
            Self::MacroRecall => "macro_recall",
            Self::MacroF1 => "macro_f1",
            Self::MicroF1 => "micro_f1",
            Self::WeightedPrecision => "weighted_precision",
            Self::WeightedRecall => "weighted_recall",
            Self::WeightedF1 => "weighted_f1",
            Self::MacroRocAuc => "macro_roc_auc",
            Self::WeightedRocAuc => "weighted_roc_auc",
            Self::MacroAveragePrecision => "macro_average_precision",
            Self::Top2Accuracy => "top_2_accuracy",
            Self::Top3Accuracy => "top_3_accuracy",
            Self::Rmse => "rmse",
            Self::Mae => "mae",
            Self::R2 => "r2",
            Self::MedianAbsoluteError => "median_absolute_error",
            Self::Mape => "mape",
            Self::Rmsle => "rmsle",
            Self::MeanError => "mean_error",
            Self::Pinball => "pinball",
            Self::IntervalCoverage => "interval_coverage",
            Self::IntervalWidth => "interval_width",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Metric {
    type Err = Problem;

    fn from_str(name: &str) -> Result<Self, Problem> {
        Self::all().find(|metric| metric.name() == name).ok_or_else(|| {
            let problem = Problem::new(Kind::Invalid, "unknown-metric", format!("metric `{name}` is not known"));
            match nearest(name, Self::all().map(Self::name)) {
                Some(near) => problem.remedy(format!("did you mean `{near}`?")),
                None => {
                    problem.remedy(format!("metrics: {}", Self::all().map(Self::name).collect::<Vec<_>>().join(", ")))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Metric;

    #[test]
    fn names_are_those_of_the_record() {
        for metric in Metric::all() {
            assert_eq!(serde_json::to_string(&metric).unwrap(), format!("\"{metric}\""));
            assert_eq!(metric.name().parse::<Metric>().unwrap(), metric);
        }
        assert_eq!(Metric::all().collect::<std::collections::BTreeSet<_>>().len(), Metric::all().count());
        let problem = "average_precison".parse::<Metric>().unwrap_err();
        assert!(problem.to_string().contains("`average_precision`"), "{problem}");
    }

    #[test]
    fn nothing_is_worse_than_not_a_number() {
        assert!(Metric::RocAuc.better(0.1, f64::NAN));
        assert!(!Metric::RocAuc.better(f64::NAN, f64::NAN));
        assert!(Metric::LogLoss.better(0.1, 0.2));
        assert!(Metric::F1.better(0.2, 0.1));
    }
}
