//! The quality of answers: of the probabilities of two classes or of several, and of numbers. One definition of each metric,
//! tied scores treated as scikit-learn treats them.

mod by_error;
mod classes;
mod confusion;
mod folds;
mod measured;
mod metric;
mod numbers;
mod pass;
mod ranked;
mod tally;
mod weighted;

use std::collections::BTreeMap;

use ropeway_vocab::Result;

pub use classes::{ClassRows, Classed, class_log_loss};
pub use confusion::{Confusion, Costs, NumberCosts};
pub use folds::Folds;
pub use measured::{BinaryRows, Measured};
pub use metric::Metric;
pub use numbers::{INTERVAL, NumberRows, Numbers, pinball, pinball_of_interval, plain_error, relative_error};
pub use ranked::Ranked;
pub use tally::{ClassCosts, OfClass, Tally};
pub use weighted::{Weighted, weighted_mean};

/// Area under the precision-recall curve as a sum of steps. See [`Metric::AveragePrecision`].
pub fn average_precision(scores: &[f64], labels: &[f64]) -> Result<f64> {
    Ok(Ranked::new(scores, labels)?.measure(Metric::AveragePrecision, 0.5, Costs::default()))
}

/// Area under the receiver operating characteristic. See [`Metric::RocAuc`].
pub fn roc_auc(scores: &[f64], labels: &[f64]) -> Result<f64> {
    Ok(Ranked::new(scores, labels)?.measure(Metric::RocAuc, 0.5, Costs::default()))
}

/// Mean negative log likelihood in nats. See [`Metric::LogLoss`].
pub fn log_loss(probabilities: &[f64], labels: &[f64]) -> Result<f64> {
    Ok(Ranked::new(probabilities, labels)?.measure(Metric::LogLoss, 0.5, Costs::default()))
}

/// Mean squared error of the probabilities. See [`Metric::Brier`].
pub fn brier(probabilities: &[f64], labels: &[f64]) -> Result<f64> {
    Ok(Ranked::new(probabilities, labels)?.measure(Metric::Brier, 0.5, Costs::default()))
}

/// Expected calibration error. See [`Metric::CalibrationError`].
pub fn calibration_error(probabilities: &[f64], labels: &[f64]) -> Result<f64> {
    Ok(Ranked::new(probabilities, labels)?.measure(Metric::CalibrationError, 0.5, Costs::default()))
}

/// All metrics at once, by name.
pub type Figures = BTreeMap<Metric, f64>;

#[cfg(test)]
mod tests;
