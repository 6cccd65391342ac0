//! Rows that do not count alike.

use super::measured::Measured;
use super::metric::Metric;

/// Rows with their weights: a row of weight 2 counts as two equal rows do. A resample draws rows, each with its weight.
pub struct Weighted {
    rows: Box<dyn Measured>,
    /// By place.
    weights: Vec<f64>,
}

impl Weighted {
    /// `weights` has one number a row of the input. Bins of equal mass, which hold as much weight each, want them when the rows are
    /// put in order, too: [`Ranked::weighted`](super::Ranked::weighted).
    pub fn new(rows: Box<dyn Measured>, weights: &[f64]) -> Self {
        let of = |row: &u32| weights.get(*row as usize).copied().unwrap_or(0.0);
        let weights = rows.order().iter().map(of).collect();
        Self { rows, weights }
    }
}

impl Measured for Weighted {
    fn order(&self) -> &[u32] {
        self.rows.order()
    }

    fn metrics(&self) -> &'static [Metric] {
        self.rows.metrics()
    }

    fn figures(&self, times: Option<&[f64]>) -> Vec<f64> {
        match times {
            None => self.rows.figures(Some(&self.weights)),
            Some(times) => {
                let each: Vec<f64> = times.iter().zip(&self.weights).map(|(times, weight)| times * weight).collect();
                self.rows.figures(Some(&each))
            }
        }
    }
}

/// The mean of values with these weights, or of as many that count alike; NaN of none.
pub fn weighted_mean(values: impl ExactSizeIterator<Item = f64>, weights: Option<&[f64]>) -> f64 {
    match weights {
        None => {
            let count = values.len() as f64;
            values.sum::<f64>() / count
        }
        Some(weights) => {
            values.zip(weights).map(|(value, weight)| weight * value).sum::<f64>() / weights.iter().sum::<f64>()
        }
    }
}

#[cfg(test)]
mod tests;
