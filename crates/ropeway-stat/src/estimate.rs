//! A figure and how sure it is.

use serde::{Deserialize, Serialize};

use crate::metrics::Metric;

/// A figure with its 95% interval. What cannot be computed is NaN (`null` in JSON).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure of all rows.
    #[serde(with = "crate::nan_as_null")]
    pub value: f64,
    /// The 2.5% quantile of the resamples.
    #[serde(with = "crate::nan_as_null")]
    pub low: f64,
    /// The 97.5% quantile of the resamples.
    #[serde(with = "crate::nan_as_null")]
    pub high: f64,
}

impl Estimate {
    /// Whether the whole interval is better than another figure.
    pub fn is_beyond(&self, metric: Metric, other: f64) -> bool {
        let end = if metric.higher_is_better() { self.low } else { self.high };
        metric.better(end, other)
    }
}
