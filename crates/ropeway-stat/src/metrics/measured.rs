//! What can be measured again and again: rows with their answers and labels, of any task.

use super::{Costs, Folds, Metric, Ranked};

/// Rows in an order of their own, which does not depend on the order in which they came, so that nothing drawn from them does.
pub trait Measured: Sync {
    /// Which row of the input has each place.
    fn order(&self) -> &[u32];

    /// What is measured, in the order of [`Measured::figures`].
    fn metrics(&self) -> &'static [Metric];

    /// All figures, where the row at place `i` counts `times[i]` times; each once if `None`. What cannot be computed is NaN.
    fn figures(&self, times: Option<&[f64]>) -> Vec<f64>;

    /// One figure of all rows; NaN where it is not measured.
    fn measure(&self, metric: Metric) -> f64 {
        let position = self.metrics().iter().position(|other| *other == metric);
        position.and_then(|position| self.figures(None).get(position).copied()).unwrap_or(f64::NAN)
    }
}

/// Rows of two classes, decided at a threshold.
#[derive(Debug, Clone)]
pub struct BinaryRows {
    /// The rows by their probability.
    pub ranked: Ranked,
    /// The same rows by fold, where several models gave the scores.
    pub folds: Folds,
    /// Called positive from this probability on.
    pub threshold: f64,
    /// What errors cost.
    pub costs: Costs,
}

impl Measured for BinaryRows {
    fn order(&self) -> &[u32] {
        self.ranked.order()
    }

    fn metrics(&self) -> &'static [Metric] {
        &Metric::BINARY
    }

    fn figures(&self, times: Option<&[f64]>) -> Vec<f64> {
        self.folds.figures(&self.ranked, times, self.threshold, self.costs).collect()
    }
}
