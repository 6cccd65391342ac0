//! What is learned.

use ropeway_stat::Metric;
use ropeway_vocab::{Problem, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A label that is true or false.
    #[default]
    Binary,
    /// A label of several classes: each of its values is one.
    Multiclass,
    /// A number.
    Regression,
}

impl Task {
    /// Its name in the project file and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::Multiclass => "multiclass",
            Self::Regression => "regression",
        }
    }

    /// The metric that decides between candidates unless said otherwise.
    pub const fn metric(self) -> Metric {
        match self {
            Self::Binary => Metric::AveragePrecision,
            Self::Multiclass => Metric::LogLoss,
            Self::Regression => Metric::Rmse,
        }
    }

    /// What is measured, in the order it is shown.
    pub const fn metrics(self) -> &'static [Metric] {
        match self {
            Self::Binary => &Metric::BINARY,
            Self::Multiclass => &Metric::MULTICLASS,
            Self::Regression => &Metric::REGRESSION,
        }
    }

    /// Refuses a metric that it does not have, or by which nothing can be chosen.
    pub(super) fn check_metric(self, metric: Metric) -> Result<()> {
        if self.metrics().contains(&metric) && metric.judges() {
            return Ok(());
        }
        let names: Vec<&str> = self.metrics().iter().filter(|m| m.judges()).map(|m| m.name()).collect();
        let what = match metric.judges() {
            true => format!("`{metric}` is no metric of a {} label", self.name()),
            false => format!("no candidate can be chosen by `{metric}`: neither more nor less of it is better"),
        };
        Err(Problem::invalid("metric", format!("`[learn] metric`: {what}")).remedy(format!(
            "`metric` of `[learn]` with task = \"{}\" is one of {}",
            self.name(),
            names.join(", ")
        )))
    }
}
