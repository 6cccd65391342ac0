//! The constant baseline: the share of each class or the middle of the labels, whatever the features say. What does not beat it
//! has learned nothing.

use ropeway_stat::{Metric, weighted_median};
use serde::{Deserialize, Serialize};

use crate::fitted::Fitted;
use crate::labels::Labels;
use crate::target::Target;

/// One raw score for every row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Constant {
    /// The raw score of every row.
    pub raw: f64,
}

impl Constant {
    /// The log-odds of the share of positives of labels of 0 and 1. One class alone is held half a row away from certainty.
    pub fn fit(labels: &Labels) -> Self {
        let (count, half) = (labels.total(), half_a_row(labels));
        let positives = labels.total_of(1.0).clamp(half, (count - half).max(half));
        Self { raw: (positives / (count - positives).max(half)).ln() }
    }
}

/// Half of what a row counts, at most 0.5: where weights are small, a row is.
fn half_a_row(labels: &Labels) -> f64 {
    match labels.weights() {
        Some(weights) => (labels.total() / weights.len().max(1) as f64).min(1.0) / 2.0,
        None => 0.5,
    }
}

/// The constant of any target: log-odds of two classes, the logarithm of the share of each of several, and of numbers the mean,
/// or the median where absolute errors are what counts.
pub fn fit(labels: &Labels, target: &Target, metric: Metric) -> Fitted {
    match target {
        Target::Binary => Fitted::Constant(Constant::fit(labels)),
        Target::Classes(names) => {
            let (half, all) = (half_a_row(labels), labels.total());
            let share = |class: usize| labels.total_of(class as f64).max(half) / all.max(2.0 * half);
            let of = |class| Fitted::Constant(Constant { raw: share(class).ln() });
            Fitted::PerClass((0..names.len()).map(of).collect())
        }
        Target::Number => {
            let raw = match metric {
                Metric::Mae | Metric::MedianAbsoluteError | Metric::Mape => {
                    weighted_median(labels, labels.weights()).unwrap_or(0.0)
                }
                _ => labels.mean(labels),
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
        let raw = Constant::fit(&vec![1.0, 0.0, 0.0, 0.0].into()).raw;
        assert!((1.0 / (1.0 + (-raw).exp()) - 0.25).abs() < 1e-15);
        for labels in [vec![], vec![1.0], vec![0.0; 5]] {
            assert!(Constant::fit(&labels.into()).raw.is_finite());
        }
    }

    #[test]
    fn says_the_share_of_each_class_and_the_middle_of_numbers() {
        let classes = Target::Classes(["a", "b", "c"].map(String::from).to_vec());
        let raw =
            fit(&vec![0.0, 1.0, 1.0, 1.0].into(), &classes, Metric::LogLoss).raw(&crate::Encoded::Nothing(1)).unwrap();
        assert!((raw[0] - 0.25_f64.ln()).abs() < 1e-15 && (raw[1] - 0.75_f64.ln()).abs() < 1e-15, "{raw:?}");
        assert!(raw[2].is_finite() && raw[2] < raw[0]);
        let number = |metric| fit(&vec![1.0, 2.0, 30.0].into(), &Target::Number, metric);
        assert_eq!(number(Metric::Rmse), Fitted::Constant(Constant { raw: 11.0 }));
        assert_eq!(number(Metric::Mae), Fitted::Constant(Constant { raw: 2.0 }));
    }

    #[test]
    fn a_weight_of_two_counts_as_two_rows_and_the_size_of_weights_is_nothing_to_shares() {
        let weighted = |scale: f64| {
            Labels::weighted(vec![1.0, 0.0, 2.0], Some([2.0, 1.0, 1.0].map(|weight| weight * scale).to_vec()))
        };
        let repeated = Labels::from(vec![1.0, 1.0, 0.0, 2.0]);
        let classes = Target::Classes(["a", "b", "c"].map(String::from).to_vec());
        for (target, metric) in
            [(&classes, Metric::LogLoss), (&Target::Number, Metric::Rmse), (&Target::Number, Metric::Mae)]
        {
            assert_eq!(fit(&weighted(1.0), target, metric), fit(&repeated, target, metric));
            assert_eq!(fit(&weighted(0.125), target, metric), fit(&repeated, target, metric));
        }
        let two = Labels::weighted(vec![1.0, 0.0], Some(vec![0.003, 0.001]));
        assert!((Constant::fit(&two).raw - 3.0_f64.ln()).abs() < 1e-12);
    }
}
