//! Linear models with an L1, L2 or elastic-net penalty: logistic regression of two classes or several, least squares, and
//! Huber's regression.

mod cholesky;
pub(crate) mod classes;
mod curvature;
mod descent;
mod loss;
mod newton;
mod packed;
pub(crate) mod penalty;
mod quadratic;
mod row_space;
mod whole;

use ropeway_stat::{Metric, weighted_median};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::candidate::LinearCandidate;
use crate::constant::{self, Constant};
use crate::encoded::{Encoded, OutputColumn, Sparse};
use crate::fitted::Fitted;
use crate::labels::Labels;
use crate::settings::NumberLoss;
use crate::stop::Stop;
use crate::target::Target;
use crate::transformed::Transformed;

use curvature::Fit;
use loss::RowLoss;
use newton::Position;
use penalty::Penalty;
use row_space::RowSpace;

/// Beyond so many standard deviations of the residuals an error counts by its size and not its square: 95% as efficient as least
/// squares where errors are normal (Huber 1964).
const FAR: f64 = 1.345;

/// A weighted sum of a recipe's output columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// The raw score where all output columns are 0.
    pub intercept: f64,
    /// One weight an output column.
    pub weights: Vec<f64>,
    /// The mean of each output column over the training rows: contributions are told against it.
    pub means: Vec<f64>,
}

/// Fits a linear model of any target.
///
/// # Errors
/// Cancellation.
pub fn fit(
    rows: &Sparse,
    labels: &Labels,
    target: &Target,
    settings: &LinearCandidate,
    stop: Stop<'_>,
) -> Result<Fitted> {
    let mut found = match RowSpace::where_it_pays(rows, &Penalty::new(settings), stop)? {
        None => solved(rows, labels, target, settings, stop)?,
        Some(space) => {
            let inside = solved(&space.rows, labels, target, settings, stop)?;
            inside.into_iter().map(|(intercept, weights)| (intercept, space.weights(&weights))).collect()
        }
    };
    let means = means(rows, labels);
    let linear = |(intercept, weights)| Fitted::Linear(Linear { intercept, weights, means: means.clone() });
    match (target, found.pop()) {
        (Target::Binary | Target::Number, Some(only)) => Ok(linear(only)),
        (_, last) => Ok(Fitted::PerClass(found.into_iter().chain(last).map(linear).collect())),
    }
}

/// Fits a linear model to what its candidate learns of labels, and brings it back; the metric says what for.
///
/// # Errors
/// Cancellation.
pub fn fit_as(
    rows: &Sparse,
    labels: &Labels,
    (target, metric): (&Target, Metric),
    settings: &LinearCandidate,
    stop: Stop<'_>,
) -> Result<Fitted> {
    let transform = settings.transform;
    let fitted = fit(rows, &transform.labels(labels), target, settings, stop)?;
    Transformed::of(fitted, (transform, metric), labels, |fitted| match fitted {
        Fitted::Linear(linear) => Ok(linear.raw(rows)),
        _ => Err(Problem::internal("labels of classes are learned as they are")),
    })
}

/// An intercept and the weight of each output column.
type Weighted = (f64, Vec<f64>);

/// Those of each output.
fn solved(
    rows: &Sparse,
    labels: &Labels,
    target: &Target,
    settings: &LinearCandidate,
    stop: Stop<'_>,
) -> Result<Vec<Weighted>> {
    match target {
        Target::Binary => Ok(vec![binary(rows, labels, settings, stop)?]),
        Target::Classes(_) => {
            let constant = constant::fit(labels, target, ropeway_stat::Metric::LogLoss);
            let start = constant.raw(&Encoded::Nothing(1)).unwrap_or_default();
            classes::minimise(rows, labels, &Penalty::new(settings), (&start, None), stop)
        }
        Target::Number => Ok(vec![number(rows, labels, settings, stop)?]),
    }
}

/// Minimises the sum of log losses plus `strength * ((1 - l1_ratio) / 2 * |w|^2 + l1_ratio * |w|_1)`; the
/// intercept is not penalised. This is scikit-learn's objective with `C = 1 / strength`; weights are its `sample_weight`.
///
/// `labels` are 0 or 1, one a row.
fn binary(rows: &Sparse, labels: &Labels, settings: &LinearCandidate, stop: Stop<'_>) -> Result<Weighted> {
    let fit = Fit { rows, labels, loss: RowLoss::Logistic, stop };
    let start = Position::constant(fit, Constant::fit(labels).raw);
    Ok(newton::minimise(fit, &Penalty::new(settings), start)?.parts())
}

/// Minimises the sum of half the squared errors, or of Huber's loss, of labels in units of their standard deviation, plus the
/// same penalty. Least squares are scikit-learn's `Ridge(alpha = strength)` of such labels. Huber's distance is
/// 1.345 standard deviations of its own residuals, these estimated by their median (0.6745 of it) until they settle, as
/// `RLM` of statsmodels does: those of least squares alone would let a far outlier set the distance.
fn number(rows: &Sparse, labels: &Labels, settings: &LinearCandidate, stop: Stop<'_>) -> Result<Weighted> {
    let mean = labels.mean(labels);
    let squares: Vec<f64> = labels.iter().map(|label| (label - mean).powi(2)).collect();
    let deviation = labels.mean(&squares).sqrt();
    let scale = if deviation > 0.0 { deviation } else { 1.0 };
    let labels = labels.with(labels.iter().map(|label| (label - mean) / scale).collect());
    let penalty = Penalty::new(settings);
    let squared = Fit { rows, labels: &labels, loss: RowLoss::Squared, stop };
    let mut found = newton::minimise(squared, &penalty, Position::constant(squared, 0.0))?;
    if settings.loss == Some(NumberLoss::Huber) {
        found = huber(squared, &penalty, found)?;
    }
    let (intercept, weights) = found.parts();
    Ok((mean + intercept * scale, weights.into_iter().map(|weight| weight * scale).collect()))
}

impl Linear {
    /// The raw score of each row.
    pub fn raw(&self, rows: &Sparse) -> Vec<f64> {
        (0..rows.rows).map(|row| self.intercept + dot(rows, row, &self.weights)).collect()
    }

    /// What each of `features` features adds to the raw score of a row, against the mean of the training rows; the
    /// bias comes last. Together they are the raw score.
    pub fn contributions(&self, rows: &Sparse, row: usize, outputs: &[OutputColumn], features: usize) -> Vec<f64> {
        let mut parts = vec![0.0; features + 1];
        parts[features] = self.intercept;
        for (output, (weight, mean)) in outputs.iter().zip(self.weights.iter().zip(&self.means)) {
            parts[output.feature] -= weight * mean;
            parts[features] += weight * mean;
        }
        for (position, value) in rows.values(row).iter().enumerate() {
            parts[outputs[position].feature] += self.weights[position] * value;
        }
        for position in rows.active(row).iter().filter(|position| **position != Sparse::NONE) {
            parts[outputs[*position as usize].feature] += self.weights[*position as usize];
        }
        parts
    }
}

/// From the least squares to Huber's regression: the distance follows from where each step has come.
fn huber(squared: Fit<'_>, penalty: &Penalty, least: Position) -> Result<Position> {
    newton::minimise_each(penalty, least, |found| {
        let residuals = found.scores.iter().zip(squared.labels.iter()).map(|(score, label)| (score - label).abs());
        let middle = weighted_median(&residuals.collect::<Vec<_>>(), squared.labels.weights());
        let far = FAR * middle.unwrap_or(0.0) / 0.6745;
        (far > 0.0).then_some(Fit { loss: RowLoss::Huber(far), ..squared })
    })
}

/// The product of one row with a vector over output columns.
fn dot(rows: &Sparse, row: usize, vector: &[f64]) -> f64 {
    let numbers: f64 = rows.values(row).iter().zip(vector).map(|(value, weight)| value * weight).sum();
    let active = rows.active(row).iter().filter(|position| **position != Sparse::NONE);
    numbers + active.map(|position| vector[*position as usize]).sum::<f64>()
}

/// The mean of each output column, as much as rows count.
fn means(rows: &Sparse, labels: &Labels) -> Vec<f64> {
    let mut sums = vec![0.0; rows.width];
    for row in 0..rows.rows {
        let weight = labels.weight(row);
        for (sum, value) in sums.iter_mut().zip(rows.values(row)) {
            *sum += weight * value;
        }
        for position in rows.active(row).iter().filter(|position| **position != Sparse::NONE) {
            sums[*position as usize] += weight;
        }
    }
    let count = if rows.rows == 0 { 1.0 } else { labels.total() };
    sums.iter().map(|sum| sum / count).collect()
}

#[cfg(test)]
mod tests;
