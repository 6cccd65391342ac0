//! In which units numbers are learned.

use ropeway_stat::{Occurrences, quantile_sorted};

use super::counted::{Weights, mean_and_deviation};
use crate::settings::Scale;

/// The centre and the spread of values that are all finite: a value is learned as `(value - centre) / spread`. Standard: mean and population
/// standard deviation. Robust: median and interquartile range (quantiles of type 7), or the deviation where that is 0. Min-max:
/// the smallest value and the width of the range. As scikit-learn's `StandardScaler`, `RobustScaler` and `MinMaxScaler`. None for
/// `none` and where values do not vary.
pub fn centre_and_spread(scale: Scale, values: &[f64], weights: Weights<'_>) -> Option<(f64, f64)> {
    let (mean, deviation) = match weights {
        Some(_) => mean_and_deviation(values, weights),
        None => {
            let count = values.len() as f64;
            let mean = values.iter().sum::<f64>() / count;
            (mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt())
        }
    };
    if scale == Scale::Standard {
        return (deviation > 0.0).then_some((mean, deviation));
    }
    let found = weights.and_then(|weights| Occurrences::of(values, weights));
    let mut sorted = if found.is_none() { values.to_vec() } else { Vec::new() };
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |p: f64| found.as_ref().map_or_else(|| quantile_sorted(&sorted, p), |found| Some(found.quantile(p)));
    let (centre, spread) = match scale {
        Scale::None | Scale::Standard => return None,
        Scale::Robust => {
            let range = at(0.75)? - at(0.25)?;
            (at(0.5)?, if range > 0.0 { range } else { deviation })
        }
        Scale::MinMax => (at(0.0)?, at(1.0)? - at(0.0)?),
    };
    (spread > 0.0).then_some((centre, spread))
}
