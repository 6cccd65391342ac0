//! An isotonic fit made strictly rising, so that rows keep their order.

use ropeway_stat::{Isotonic, logit, sigmoid};
use serde::{Deserialize, Serialize};

/// Slope in log-odds beyond the ends: enough to keep the order, too little to say anything.
const TAIL: f64 = 0.01;

/// Straight between its points, which lie in the middle of each pool of the isotonic fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    scores: Vec<f64>,
    probabilities: Vec<f64>,
}

impl Curve {
    /// From an isotonic fit of `rows` rows, or rows of that weight together. Probabilities of 0 and 1 are held half a row away from certainty; none
    /// where the fit is one flat line.
    pub fn new(fit: &Isotonic, rows: f64) -> Option<Self> {
        let least = 0.5 / (rows + 1.0);
        let mut curve = Self { scores: Vec::new(), probabilities: Vec::new() };
        let points: Vec<(f64, f64)> = fit.scores.iter().copied().zip(fit.values.iter().copied()).collect();
        for pool in points.chunk_by(|a, b| a.1 == b.1) {
            let (first, last) = (pool[0].0, pool[pool.len() - 1].0);
            let (score, probability) = (first / 2.0 + last / 2.0, pool[0].1.clamp(least, 1.0 - least));
            let rises = |last: &f64| probability > *last;
            if curve.probabilities.last().is_none_or(rises) && curve.scores.last().is_none_or(|last| score > *last) {
                curve.scores.push(score);
                curve.probabilities.push(probability);
            }
        }
        (curve.scores.len() > 1).then_some(curve)
    }

    /// Whether it rises throughout, within probabilities.
    pub fn rises(&self) -> bool {
        let rising = |values: &[f64]| values.iter().all(|v| v.is_finite()) && values.is_sorted_by(|a, b| a < b);
        let inside = |p: &f64| *p > 0.0 && *p < 1.0;
        self.scores.len() == self.probabilities.len()
            && self.scores.len() > 1
            && rising(&self.scores)
            && rising(&self.probabilities)
            && self.probabilities.iter().all(inside)
    }

    /// The probability of a raw score.
    pub fn apply(&self, raw: f64) -> f64 {
        let after = self.scores.partition_point(|score| *score <= raw);
        let last = self.scores.len() - 1;
        if after == 0 {
            return beyond(self.probabilities[0], raw - self.scores[0]);
        }
        if after > last {
            return beyond(self.probabilities[last], raw - self.scores[last]);
        }
        let (x0, x1) = (self.scores[after - 1], self.scores[after]);
        let (y0, y1) = (self.probabilities[after - 1], self.probabilities[after]);
        y0 + (y1 - y0) * ((raw - x0) / (x1 - x0))
    }
}

fn beyond(end: f64, distance: f64) -> f64 {
    sigmoid(logit(end) + TAIL * distance)
}
