//! What stands for a missing number.

use std::collections::BTreeMap;

use ropeway_stat::{Grain, weighted_quantile};

use super::counted::{self, Weights, mean_and_deviation};
use crate::settings::{Filler, Impute};

/// The value that stands for missing ones, learned from at least one finite value, whose order changes. The median is the mean of the
/// two middle values of an even number; the mode is the most frequent value, of several the smallest, as in scikit-learn's
/// `SimpleImputer`.
pub fn fill(impute: &Impute, finite: &mut [f64], weights: Weights<'_>) -> f64 {
    let last = finite.len() - 1;
    if let (Impute::Median, Some(_)) = (impute, weights) {
        return weighted_quantile(finite, weights, 0.5).unwrap_or(f64::NAN);
    }
    let mut rank = |rank: usize| *finite.select_nth_unstable_by(rank, f64::total_cmp).1;
    match impute {
        Impute::Mean if weights.is_some() => mean_and_deviation(finite, weights).0,
        Impute::Median => rank(last / 2) / 2.0 + rank(last.div_ceil(2)) / 2.0,
        // Divided first: the sum of large numbers may be too large.
        Impute::Mean => finite.iter().map(|value| value / (last + 1) as f64).sum(),
        Impute::Mode => {
            let mut counts = BTreeMap::<u64, (f64, f64)>::new();
            for (place, value) in finite.iter().enumerate() {
                counts.entry((value + 0.0).to_bits()).or_insert((0.0, *value)).0 += counted::of(weights, place);
            }
            let grain = Grain::of(weights.map_or(finite.len() as f64, |weights| weights.iter().sum()));
            let told = counts.into_values().map(|(count, value)| (grain.rounded(count), value));
            let most = told.min_by(|a, b| b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)));
            most.map_or(f64::NAN, |(_, value)| value)
        }
        Impute::Constant(Filler::Number(value)) => *value,
        // Checked before: a text stands for no number.
        Impute::Constant(Filler::Text(_)) => f64::NAN,
    }
}
