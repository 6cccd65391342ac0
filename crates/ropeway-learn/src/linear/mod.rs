//! Logistic regression with an L1, L2 or elastic-net penalty.

mod cholesky;
mod curvature;
mod descent;
mod newton;
mod penalty;

use serde::{Deserialize, Serialize};

use crate::candidate::LinearCandidate;
use crate::encoded::{OutputColumn, Sparse};

/// A fitted logistic regression over a recipe's output columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// The raw score where all output columns are 0.
    pub intercept: f64,
    /// One weight an output column.
    pub weights: Vec<f64>,
    /// The mean of each output column over the training rows: contributions are told against it.
    pub means: Vec<f64>,
}

impl Linear {
    /// Minimises the sum of log losses plus `strength * ((1 - l1_ratio) / 2 * |w|^2 + l1_ratio * |w|_1)`; the
    /// intercept is not penalised. This is scikit-learn's objective with `C = 1 / strength`.
    ///
    /// `labels` are 0 or 1, one a row.
    pub fn fit(rows: &Sparse, labels: &[f64], settings: &LinearCandidate) -> Self {
        let (intercept, weights) = newton::minimise(rows, labels, settings);
        Self { intercept, weights, means: means(rows) }
    }

    /// The raw score (log-odds) of each row.
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

/// The product of one row with a vector over output columns.
fn dot(rows: &Sparse, row: usize, vector: &[f64]) -> f64 {
    let numbers: f64 = rows.values(row).iter().zip(vector).map(|(value, weight)| value * weight).sum();
    let active = rows.active(row).iter().filter(|position| **position != Sparse::NONE);
    numbers + active.map(|position| vector[*position as usize]).sum::<f64>()
}

fn means(rows: &Sparse) -> Vec<f64> {
    let mut sums = vec![0.0; rows.width];
    for row in 0..rows.rows {
        for (sum, value) in sums.iter_mut().zip(rows.values(row)) {
            *sum += value;
        }
        for position in rows.active(row).iter().filter(|position| **position != Sparse::NONE) {
            sums[*position as usize] += 1.0;
        }
    }
    let count = rows.rows.max(1) as f64;
    sums.iter().map(|sum| sum / count).collect()
}

#[cfg(test)]
mod tests;
