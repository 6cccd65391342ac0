//! The constant baseline: the share of each class or the middle of the labels, whatever the features say. What does not beat it
//! has learned nothing.

use ropeway_stat::{Metric, quantile};
use serde::{Deserialize, Serialize};

use crate::fitted::Fitted;
use crate::target::Target;

/// One raw score for every row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Constant {
    /// The raw score of every row.
    pub raw: f64,
}

impl Constant {
    /// The log-odds of the share of positives of labels of 0 and 1. One class alone is held half a row away from certainty.
    pub fn fit(labels: &[f64]) -> Self {
        let count = labels.len() as f64;
        let positives = labels.iter().sum::<f64>().clamp(0.5, (count - 0.5).max(0.5));
        Self { raw: (positives / (count - positives).max(0.5)).ln() }
    }
}

/// The constant of any target: log-odds of two classes, the logarithm of the share of each of several, and of numbers the mean,
/// or the median where absolute errors are what counts.
pub fn fit(labels: &[f64], target: &Target, metric: Metric) -> Fitted {
    match target {
        Target::Binary => Fitted::Constant(Constant::fit(labels)),
        Target::Classes(names) => {
            let share = |class: usize| {
                let rows = labels.iter().filter(|label| **label == class as f64).count();
                (rows as f64).max(0.5) / labels.len().max(1) as f64
            };
            let of = |class| Fitted::Constant(Constant { raw: share(class).ln() });
            Fitted::PerClass((0..names.len()).map(of).collect())
        }
        Target::Number => {
            let mean = || labels.iter().sum::<f64>() / labels.len().max(1) as f64;
            let raw = match metric {
                Metric::Mae | Metric::MedianAbsoluteError | Metric::Mape => quantile(labels, 0.5).unwrap_or(0.0),
                _ => mean(),
            };
            Fitted::Constant(Constant { raw })
        }
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

    #[test]
    fn says_the_share_of_each_class_and_the_middle_of_numbers() {
        let classes = Target::Classes(["a", "b", "c"].map(String::from).to_vec());
        let raw = fit(&[0.0, 1.0, 1.0, 1.0], &classes, Metric::LogLoss).raw(&crate::Encoded::Nothing(1)).unwrap();
        assert!((raw[0] - 0.25_f64.ln()).abs() < 1e-15 && (raw[1] - 0.75_f64.ln()).abs() < 1e-15, "{raw:?}");
        assert!(raw[2].is_finite() && raw[2] < raw[0]);
        let number = |metric| fit(&[1.0, 2.0, 30.0], &Target::Number, metric);
        assert_eq!(number(Metric::Rmse), Fitted::Constant(Constant { raw: 11.0 }));
        assert_eq!(number(Metric::Mae), Fitted::Constant(Constant { raw: 2.0 }));
    }
}
