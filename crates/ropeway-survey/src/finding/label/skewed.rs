//! Labels that no number below 0 belongs to and whose logarithms lie more evenly than they do, as those of prices, counts and
//! durations: what moves them multiplies them.

use ropeway_learn::settings::TargetTransform;
use serde::{Deserialize, Serialize};

use super::heavy::ENOUGH;
use crate::seen::{Column, Kept};

/// From here on a distribution is skewed by much (that of exponential waiting times is 2, of normal errors 0).
const MUCH: f64 = 1.0;

/// How much less skewed logarithms are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Skewed {
    /// The logarithm that every label has.
    pub transform: TargetTransform,
    /// The skewness of the labels.
    pub skewness: f64,
    /// The skewness of their logarithms.
    pub of_logarithms: f64,
}

/// Of a column without negative numbers; `values` are its values, each with its rows.
pub(super) fn of(column: &Column<'_>, values: &[(f64, u64)]) -> Option<Skewed> {
    let Kept::Numbers(tally, _) = &column.kept else { return None };
    let transform =
        [TargetTransform::Log, TargetTransform::Log1p].into_iter().find(|transform| transform.takes(tally.min))?;
    let enough = tally.count - tally.not_finite >= ENOUGH;
    let plain = skewness(values.iter().map(|(value, rows)| (*value, *rows)))?;
    let logarithms = skewness(values.iter().map(|(value, rows)| (transform.forward(*value), *rows)))?;
    let helps = enough && plain > MUCH && logarithms.abs() < plain / 2.0;
    helps.then_some(Skewed { transform, skewness: plain, of_logarithms: logarithms })
}

/// The third standardised moment (Fisher's g1).
fn skewness(values: impl Iterator<Item = (f64, u64)> + Clone) -> Option<f64> {
    let all: f64 = values.clone().map(|(_, rows)| rows as f64).sum();
    let mean = values.clone().map(|(value, rows)| value * rows as f64).sum::<f64>() / all;
    let moment = |power: i32| -> f64 {
        values.clone().map(|(value, rows)| (value - mean).powi(power) * rows as f64).sum::<f64>() / all
    };
    Some(moment(3) / moment(2).powf(1.5)).filter(|found| found.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skewness_is_that_of_scipy() {
        // scipy.stats.skew([1, 2, 3, 10])
        let found = skewness([(1.0, 1), (2.0, 1), (3.0, 1), (10.0, 1)].into_iter()).unwrap();
        assert!((found - 1.018_233_764_908_628_4).abs() < 1e-12, "{found}");
        let counted = skewness([(1.0, 2), (5.0, 1)].into_iter()).unwrap();
        assert!((counted - skewness([(1.0, 1), (1.0, 1), (5.0, 1)].into_iter()).unwrap()).abs() < 1e-12);
        assert_eq!(skewness([(2.0, 9)].into_iter()), None);
    }
}
