//! The names of the metrics and which way is better.

use std::fmt;
use std::str::FromStr;

use ropeway_vocab::{Kind, Problem, nearest};
use serde::{Deserialize, Serialize};

/// A measure of quality of a binary classifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Sum over distinct scores, highest first, of the recall gained times the precision there, as
    /// scikit-learn's `average_precision_score`. 0 without positives.
    AveragePrecision,
    /// Probability that a positive scores above a negative, ties counted half, as `roc_auc_score`. NaN with
    /// one class only.
    RocAuc,
    /// Mean negative log likelihood in nats, probabilities held within 2^-52 of 0 and 1, as `log_loss`.
    LogLoss,
    /// Mean squared error of the probabilities, as `brier_score_loss`.
    Brier,
    /// Expected calibration error (Naeini and others 2015) over ten bins of equal mass: mean over rows of
    /// the gap between mean probability and share of positives in the row's bin. Equal probabilities share
    /// a bin; the bins of all rows are kept when rows are resampled.
    CalibrationError,
    /// Share of right decisions.
    Accuracy,
    /// Share of positives among those called positive; 0 when none was called.
    Precision,
    /// Share of positives that were called; 0 without positives.
    Recall,
    /// Harmonic mean of precision and recall; 0 when both are.
    F1,
    /// Matthews' correlation of decisions and labels; 0 when either has one class only.
    Mcc,
    /// Mean cost of error per row, in the units of `[costs_of_error]`.
    ExpectedCost,
}

impl Metric {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 11] = [
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

    /// Whether a higher figure is a better one.
    pub const fn higher_is_better(self) -> bool {
        !matches!(self, Self::LogLoss | Self::Brier | Self::CalibrationError | Self::ExpectedCost)
    }

    /// Whether it ranks rows against each other, whatever their scores are in numbers.
    pub const fn ranks(self) -> bool {
        matches!(self, Self::AveragePrecision | Self::RocAuc)
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
        Self::ALL.into_iter().find(|metric| metric.name() == name).ok_or_else(|| {
            let problem = Problem::new(Kind::Invalid, "unknown-metric", format!("metric `{name}` is not known"));
            match nearest(name, Self::ALL.iter().map(|m| m.name())) {
                Some(near) => problem.remedy(format!("did you mean `{near}`?")),
                None => problem.remedy(format!("metrics: {}", Self::ALL.map(Self::name).join(", "))),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Metric;

    #[test]
    fn names_are_those_of_the_record() {
        for metric in Metric::ALL {
            assert_eq!(serde_json::to_string(&metric).unwrap(), format!("\"{metric}\""));
            assert_eq!(metric.name().parse::<Metric>().unwrap(), metric);
        }
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
