//! What stands for a missing number.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::settings::Impute;

/// The value that stands for missing ones, learned from at least one finite value, whose order changes. The median is the mean of the
/// two middle values of an even number; the mode is the most frequent value, of several the smallest, as in scikit-learn's
/// `SimpleImputer`.
pub fn fill(impute: Impute, finite: &mut [f64]) -> f64 {
    let last = finite.len() - 1;
    let mut rank = |rank: usize| *finite.select_nth_unstable_by(rank, f64::total_cmp).1;
    match impute {
        Impute::Median => rank(last / 2) / 2.0 + rank(last.div_ceil(2)) / 2.0,
        // Divided first: the sum of large numbers may be too large.
        Impute::Mean => finite.iter().map(|value| value / (last + 1) as f64).sum(),
        Impute::Mode => {
            let mut counts = BTreeMap::<u64, (usize, f64)>::new();
            finite.iter().for_each(|value| counts.entry((value + 0.0).to_bits()).or_insert((0, *value)).0 += 1);
            let most = counts.into_values().min_by(|a, b| Reverse(a.0).cmp(&Reverse(b.0)).then(a.1.total_cmp(&b.1)));
            most.map_or(f64::NAN, |(_, value)| value)
        }
        Impute::Constant(value) => value,
    }
}
