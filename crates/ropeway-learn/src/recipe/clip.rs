//! Between which bounds numbers are held.

use ropeway_stat::{Occurrences, quantile};

use super::counted::{Weights, mean_and_deviation};
use crate::settings::Clip;

/// The bounds, learned from at least one finite value, whose order changes; none where nothing is to be cut off. With quantile `q`
/// the order statistics at `q` and `1 - q`, rounded outward; with `k` interquartile ranges the fences of Tukey, "Exploratory Data Analysis"
/// (1977), `Q1 - k (Q3 - Q1)` and `Q3 + k (Q3 - Q1)`, with quantiles of type 7; with a z-score `k` the mean less and plus
/// `k` population standard deviations. Where both bounds are equal, the whole range of the values.
pub fn bounds(clip: Clip, finite: &mut [f64], weights: Weights<'_>) -> Option<(f64, f64)> {
    if let Some(weights) = weights {
        return weighted_bounds(clip, finite, weights);
    }
    let last = finite.len() - 1;
    let mut rank = |rank: usize| *finite.select_nth_unstable_by(rank, f64::total_cmp).1;
    let range = (rank(0), rank(last));
    let (low, high) = match clip {
        Clip::None => return None,
        Clip::Quantile(q) => {
            (rank((q * last as f64).floor() as usize), rank(((1.0 - q) * last as f64).ceil() as usize))
        }
        Clip::Iqr(times) => {
            let (first, third) = (quantile(finite, 0.25)?, quantile(finite, 0.75)?);
            let reach = times * (third - first);
            (first - reach, third + reach)
        }
        Clip::ZScore(times) => {
            let count = finite.len() as f64;
            let mean: f64 = finite.iter().map(|value| value / count).sum();
            let variance: f64 = finite.iter().map(|value| (value - mean) / count * (value - mean)).sum();
            let reach = times * variance.sqrt();
            (mean - reach, mean + reach)
        }
    };
    Some(if low < high && low.is_finite() && high.is_finite() { (low, high) } else { range })
}

/// The same of values that count as much as their weights say.
fn weighted_bounds(clip: Clip, finite: &[f64], weights: &[f64]) -> Option<(f64, f64)> {
    let found = Occurrences::of(finite, weights)?;
    let last = (found.total() - 1.0).max(0.0);
    let (least, most) = (found.at(0.0), found.at(f64::INFINITY));
    let (low, high) = match clip {
        Clip::None => return None,
        Clip::Quantile(0.0) => (least, most),
        Clip::Quantile(q) => (found.at((q * last).floor()), found.at(((1.0 - q) * last).ceil())),
        Clip::Iqr(times) => {
            let (first, third) = (found.quantile(0.25), found.quantile(0.75));
            let reach = times * (third - first);
            (first - reach, third + reach)
        }
        Clip::ZScore(times) => {
            let (mean, deviation) = mean_and_deviation(finite, Some(weights));
            (mean - times * deviation, mean + times * deviation)
        }
    };
    Some(if low < high && low.is_finite() && high.is_finite() { (low, high) } else { (least, most) })
}
