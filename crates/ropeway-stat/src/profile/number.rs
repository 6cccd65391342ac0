//! The profile of a column of numbers.

use serde::{Deserialize, Serialize};

use crate::exact::Moments;
use crate::quantile::quantile_sorted;

const QUANTILES: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const BINS: usize = 20;

/// The profile of a column of numbers. Figures are of the finite values; `None` where there are none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberProfile {
    /// Rows that have a value.
    pub count: u64,
    /// Rows without one.
    pub missing: u64,
    /// Values that are NaN or infinite: counted, and left out of all figures below.
    pub not_finite: u64,
    /// Distinct finite values.
    pub distinct: u64,
    /// The least.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// The mean, correctly rounded.
    pub mean: Option<f64>,
    /// The sample standard deviation, correctly rounded; `None` with fewer than two values.
    pub stddev: Option<f64>,
    /// Quantiles of type 7 at 1, 5, 25, 50, 75, 95 and 99%.
    pub quantiles: Vec<Quantile>,
    /// Twenty bins of equal width from the least to the greatest; `None` when these are equal.
    pub histogram: Option<Histogram>,
}

/// One quantile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quantile {
    /// The share of values below it.
    pub at: f64,
    /// Its value.
    pub value: f64,
}

/// Counts in bins of equal width; each bin holds its lower bound, the last its upper bound too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Lower bound of the first bin.
    pub low: f64,
    /// Upper bound of the last bin.
    pub high: f64,
    /// Values in each bin.
    pub counts: Vec<u64>,
}

impl NumberProfile {
    /// Looks at every value once, then sorts. The order of the values does not matter.
    pub fn of(values: impl IntoIterator<Item = Option<f64>>) -> Self {
        let (mut missing, mut not_finite) = (0, 0);
        let mut sorted = Vec::new();
        let mut moments = Moments::new();
        for value in values {
            match value {
                None => missing += 1,
                Some(value) if !value.is_finite() => not_finite += 1,
                Some(value) => {
                    moments.add(value);
                    // Minus zero and zero are one value.
                    sorted.push(value + 0.0);
                }
            }
        }
        sorted.sort_unstable_by(f64::total_cmp);
        let distinct = sorted.chunk_by(|a, b| a == b).count() as u64;
        let quantile = |at| quantile_sorted(&sorted, at).map(|value| Quantile { at, value });
        Self {
            count: sorted.len() as u64 + not_finite,
            missing,
            not_finite,
            distinct,
            min: sorted.first().copied(),
            max: sorted.last().copied(),
            mean: moments.mean(),
            stddev: moments.stddev_sample(),
            quantiles: QUANTILES.into_iter().filter_map(quantile).collect(),
            histogram: Histogram::of_sorted(&sorted),
        }
    }
}

impl Histogram {
    fn of_sorted(ascending: &[f64]) -> Option<Self> {
        let (low, high) = (*ascending.first()?, *ascending.last()?);
        if low == high {
            return None;
        }
        // Halves, because the width itself may be beyond the largest double.
        let width = high / 2.0 - low / 2.0;
        let mut counts = vec![0; BINS];
        for value in ascending {
            let share = if width > 0.0 { (value / 2.0 - low / 2.0) / width } else { 0.0 };
            counts[((share * BINS as f64) as usize).min(BINS - 1)] += 1;
        }
        Some(Self { low, high, counts })
    }
}

#[cfg(test)]
mod tests {
    use super::NumberProfile;

    #[test]
    fn counts_what_is_there_and_what_is_not() {
        let values = [Some(1.0), None, Some(3.0), Some(-0.0), Some(0.0), Some(f64::NAN), Some(f64::INFINITY)];
        let profile = NumberProfile::of(values);
        assert_eq!((profile.count, profile.missing, profile.not_finite, profile.distinct), (6, 1, 2, 3));
        assert_eq!((profile.min, profile.max, profile.mean), (Some(0.0), Some(3.0), Some(1.0)));
        assert_eq!(profile.stddev, Some(2.0_f64.sqrt()));
        let histogram = profile.histogram.unwrap();
        assert_eq!((histogram.counts[0], histogram.counts[6], histogram.counts[19]), (2, 1, 1));
    }

    #[test]
    fn a_column_without_values_and_of_one_value() {
        let none = NumberProfile::of([None, None]);
        assert_eq!((none.missing, none.min, none.mean, none.histogram), (2, None, None, None));
        let one = NumberProfile::of([Some(5.0); 3]);
        assert_eq!((one.distinct, one.stddev, one.histogram), (1, Some(0.0), None));
        assert!(one.quantiles.iter().all(|q| q.value == 5.0));
    }

    #[test]
    fn the_widest_range_and_json() {
        let profile = NumberProfile::of([Some(f64::MIN), Some(0.0), Some(f64::MAX)]);
        assert_eq!(profile.histogram.as_ref().unwrap().counts[10], 1);
        let json = serde_json::to_string(&profile).unwrap();
        assert_eq!(serde_json::from_str::<NumberProfile>(&json).unwrap(), profile);
    }
}
