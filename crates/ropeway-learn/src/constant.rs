//! The constant baseline: the share of positives, whatever the features say. What does not beat it has learned
//! nothing.

use serde::{Deserialize, Serialize};

/// The log-odds of the training rows' share of positives.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Constant {
    /// The raw score of every row.
    pub raw: f64,
}

impl Constant {
    /// Fits on labels of 0 and 1. One class alone is held half a row away from certainty.
    pub fn fit(labels: &[f64]) -> Self {
        let count = labels.len() as f64;
        let positives = labels.iter().sum::<f64>().clamp(0.5, (count - 0.5).max(0.5));
        Self { raw: (positives / (count - positives).max(0.5)).ln() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_share_of_positives() {
        let raw = Constant::fit(&[1.0, 0.0, 0.0, 0.0]).raw;
        assert!((1.0 / (1.0 + (-raw).exp()) - 0.25).abs() < 1e-15);
        for labels in [vec![], vec![1.0], vec![0.0; 5]] {
            assert!(Constant::fit(&labels).raw.is_finite());
        }
    }
}
