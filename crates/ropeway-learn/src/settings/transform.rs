//! What a number is learned as.

use std::borrow::Cow;

use ropeway_stat::{Metric, weighted_median};
use ropeway_vocab::{Problem, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::labels::Labels;

/// What a number is learned as: learners are fitted to this of the label, and what they say is brought back before it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetTransform {
    /// The label as it is.
    #[default]
    Identity,
    /// Its natural logarithm: every label lies above 0.
    Log,
    /// The logarithm of 1 + the label: no label lies below 0.
    Log1p,
}

/// Beyond it a label is too large to be learned: nothing is said that is.
const FARTHEST: f64 = f32::MAX as f64;

impl TargetTransform {
    /// Its name in the project file and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Log => "log",
            Self::Log1p => "log1p",
        }
    }

    /// Whether there is nothing to bring back.
    pub fn is_identity(&self) -> bool {
        *self == Self::Identity
    }

    /// Whether a label has a place on its scale.
    pub fn takes(self, label: f64) -> bool {
        match self {
            Self::Identity => true,
            Self::Log => label > 0.0,
            Self::Log1p => label >= 0.0,
        }
    }

    /// A label on its scale.
    pub fn forward(self, label: f64) -> f64 {
        match self {
            Self::Identity => label,
            Self::Log => libm::log(label),
            Self::Log1p => libm::log1p(label),
        }
    }

    /// From its scale back to that of the label; no number that it says is one that no label could be.
    pub fn inverse(self, value: f64) -> f64 {
        match self {
            Self::Identity => value,
            Self::Log => libm::exp(value).clamp(f64::MIN_POSITIVE, FARTHEST),
            Self::Log1p => libm::expm1(value).clamp(0.0, FARTHEST),
        }
    }

    /// Labels on its scale.
    pub fn labels(self, labels: &Labels) -> Labels {
        if self.is_identity() {
            labels.clone()
        } else {
            labels.with(labels.iter().map(|label| self.forward(*label)).collect())
        }
    }

    /// Numbers on its scale.
    pub fn values(self, values: &[f64]) -> Cow<'_, [f64]> {
        if self.is_identity() {
            Cow::Borrowed(values)
        } else {
            values.iter().map(|value| self.forward(*value)).collect()
        }
    }

    /// Whether what is to be added before numbers are brought back follows from residuals.
    pub fn asks_for_shift(self, metric: Metric) -> bool {
        !self.is_identity() && !matches!(metric, Metric::Mae | Metric::MedianAbsoluteError | Metric::Rmsle)
    }

    /// What to add on its scale before numbers are brought back, so that they are good by the metric. A learner of logarithms says
    /// their middle, which brought back is near the median of labels: right where absolute errors count. Their mean lies
    /// above it, by the mean of the residuals brought back (Duan, "Smearing estimate: a nonparametric retransformation method",
    /// 1983); what errors as a share of the label ask for is the median in which each counts by that share.
    ///
    /// `said` and `labels` are of training rows, on its scale.
    pub fn shift(self, metric: Metric, said: &[f64], labels: &Labels) -> f64 {
        let residuals = || labels.iter().zip(said).map(|(label, said)| label - said);
        let shift = match metric {
            _ if !self.asks_for_shift(metric) => 0.0,
            Metric::Mape => {
                let share = residuals().enumerate().map(|(row, off)| labels.weight(row) * (-off).exp());
                weighted_median(&residuals().collect::<Vec<f64>>(), Some(&share.collect::<Vec<f64>>())).unwrap_or(0.0)
            }
            _ => labels.mean(&residuals().map(f64::exp).collect::<Vec<f64>>()).ln(),
        };
        if shift.is_finite() { shift } else { 0.0 }
    }

    /// Refuses labels that have no place on its scale.
    ///
    /// # Errors
    /// How many there are, and what to write.
    pub fn check_labels(self, labels: &[f64]) -> Result<()> {
        let outside = labels.iter().filter(|label| !self.takes(**label)).count();
        if outside == 0 {
            return Ok(());
        }
        let least = labels.iter().copied().fold(f64::INFINITY, f64::min);
        let (bound, remedy) = match (self, least < 0.0) {
            (Self::Log, false) => (
                "0",
                "write \"log1p\" there, which takes 0 (and is another transformation where labels are small), or leave such \
                 rows out with a check",
            ),
            (Self::Log, true) => ("0 or less", "take \"log\" out of it, or leave such rows out with a check"),
            _ => ("less than 0", "take \"log1p\" out of it, or leave such rows out with a check"),
        };
        let what = format!(
            "`target_transform` of [learn] names \"{}\", and {outside} of {} labels are {bound}; the least is {least}",
            self.name(),
            labels.len()
        );
        Err(Problem::invalid("target-transform", what).remedy(remedy))
    }
}

#[cfg(test)]
mod tests {
    use ropeway_stat::Rng;

    use super::*;

    const BOTH: [TargetTransform; 2] = [TargetTransform::Log, TargetTransform::Log1p];

    #[test]
    fn what_goes_there_comes_back() {
        for transform in BOTH {
            for label in [1e-6, 0.5, 1.0, 17.0, 1e30] {
                let back = transform.inverse(transform.forward(label));
                assert!((back - label).abs() < 1e-12 * label.max(1.0), "{transform:?} {label} {back}");
            }
            for value in [-1e9, -40.0, 0.0, 700.0, 1e9] {
                let back = transform.inverse(value);
                assert!(transform.takes(back) && back.is_finite(), "{transform:?} {value} {back}");
            }
        }
    }

    /// Of log-normal labels around what was said: mean, median and the best answer by relative errors are known.
    #[test]
    fn what_is_added_makes_the_mean_the_median_or_the_least_relative_error() {
        let (mut rng, sigma) = (Rng::new(3), 0.8_f64);
        let normal = |rng: &mut Rng| (0..12).map(|_| rng.unit()).sum::<f64>() - 6.0;
        let labels: Vec<f64> = (0..200_000).map(|_| 2.0 + sigma * normal(&mut rng)).collect();
        let (said, labels) = (vec![2.0; labels.len()], Labels::from(labels));
        let of = |metric| TargetTransform::Log.shift(metric, &said, &labels);
        assert!((of(Metric::Rmse) - sigma * sigma / 2.0).abs() < 0.02, "{}", of(Metric::Rmse));
        assert!((of(Metric::Mape) + sigma * sigma).abs() < 0.03, "{}", of(Metric::Mape));
        assert_eq!((of(Metric::Mae), of(Metric::Rmsle)), (0.0, 0.0));
        assert_eq!(TargetTransform::Identity.shift(Metric::Rmse, &said, &labels), 0.0);
    }

    #[test]
    fn a_weight_of_two_counts_as_two_rows() {
        let weighted = Labels::weighted(vec![1.0, 3.0, 0.5], Some(vec![2.0, 1.0, 1.0]));
        let repeated = Labels::from(vec![1.0, 1.0, 3.0, 0.5]);
        for metric in [Metric::Rmse, Metric::Mape] {
            let of = |said: &[f64], labels| TargetTransform::Log1p.shift(metric, said, labels);
            let (found, expect) = (of(&[1.0; 3], &weighted), of(&[1.0; 4], &repeated));
            assert!((found - expect).abs() < 1e-12, "{metric}: {found} {expect}");
        }
    }

    #[test]
    fn labels_without_a_place_are_refused_with_their_count() {
        let refused = |transform: TargetTransform, labels: &[f64]| transform.check_labels(labels).unwrap_err();
        let zero = refused(TargetTransform::Log, &[0.0, 2.0, 0.0]);
        assert!(zero.to_string().contains("2 of 3 labels are 0") && zero.advice().unwrap().contains("log1p"), "{zero}");
        let below = refused(TargetTransform::Log1p, &[0.0, -2.0]);
        assert!(below.to_string().contains("1 of 2 labels are less than 0; the least is -2"), "{below}");
        assert!(TargetTransform::Log1p.check_labels(&[0.0, 2.0]).is_ok());
    }
}
