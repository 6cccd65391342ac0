//! The preparation of one number for a linear model: impute, clip, standardise.

use serde::{Deserialize, Serialize};

/// Shares of the training values below and above which values are clipped.
const CLIP: (f64, f64) = (0.001, 0.999);

/// Missing becomes the median; values are clipped to the 0.1% and 99.9% quantiles of the training rows (their whole
/// range where these two are equal), then standardised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Number {
    median: f64,
    low: f64,
    high: f64,
    /// A power of two, so that dividing by it is exact and nothing overflows.
    unit: f64,
    /// Mean in units.
    mean: f64,
    /// Population deviation in units.
    deviation: f64,
}

impl Number {
    /// Fits on training values, NaN where missing; none where the values do not vary.
    pub fn fit(values: &[f64]) -> Option<Self> {
        let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        if finite.is_empty() {
            return None;
        }
        let last = finite.len() - 1;
        let mut rank = |rank: usize| *finite.select_nth_unstable_by(rank, f64::total_cmp).1;
        let (mut low, mut high) =
            (rank((CLIP.0 * last as f64).floor() as usize), rank((CLIP.1 * last as f64).ceil() as usize));
        let median = rank(last / 2) / 2.0 + rank(last.div_ceil(2)) / 2.0;
        if low == high {
            (low, high) = (rank(0), rank(last));
        }
        if low == high {
            return None;
        }
        let unit = power_of_two_above(low.abs().max(high.abs()));
        let mut number = Self { median, low, high, unit, mean: 0.0, deviation: 1.0 };
        let count = values.len() as f64;
        number.mean = values.iter().map(|value| number.in_units(*value)).sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (number.in_units(*value) - number.mean).powi(2)).sum();
        number.deviation = (squares / count).sqrt();
        (number.deviation > 0.0).then_some(number)
    }

    /// The standardised value; missing stands for the median.
    pub fn apply(&self, value: f64) -> f64 {
        (self.in_units(value) - self.mean) / self.deviation
    }

    /// Whether it is what a fit makes.
    pub fn is_sound(&self) -> bool {
        let all = [self.median, self.low, self.high, self.unit, self.mean, self.deviation];
        all.iter().all(|value| value.is_finite()) && self.low < self.high && self.unit > 0.0 && self.deviation > 0.0
    }

    fn in_units(&self, value: f64) -> f64 {
        let value = if value.is_nan() { self.median } else { value };
        value.clamp(self.low, self.high) / self.unit
    }
}

/// The smallest power of two that is not below `value` where there is one, else the greatest one.
fn power_of_two_above(value: f64) -> f64 {
    let mut unit = 1.0;
    while unit < value && unit < f64::MAX / 4.0 {
        unit *= 2.0;
    }
    while unit / 2.0 >= value && unit > f64::MIN_POSITIVE {
        unit /= 2.0;
    }
    unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_is_the_median_and_extremes_are_clipped() {
        let mut values: Vec<f64> = (0..10_001).map(f64::from).collect();
        values.push(f64::NAN);
        let number = Number::fit(&values).unwrap();
        assert_eq!(number.apply(f64::NAN), number.apply(5000.0));
        assert_eq!(number.apply(f64::INFINITY), number.apply(9990.0));
        assert_eq!(number.apply(-1e300), number.apply(10.0));
        let mean: f64 = values.iter().map(|v| number.apply(*v)).sum::<f64>() / values.len() as f64;
        assert!(mean.abs() < 1e-12);
    }

    #[test]
    fn what_does_not_vary_is_left_out() {
        assert_eq!(Number::fit(&[]), None);
        assert_eq!(Number::fit(&[f64::NAN, f64::NAN]), None);
        assert_eq!(Number::fit(&[f64::INFINITY, f64::NAN]), None);
        assert_eq!(Number::fit(&[3.0, 3.0, f64::NAN]), None);
    }

    #[test]
    fn the_greatest_and_smallest_doubles_stay_finite() {
        for scale in [1.7e308, 1e300, 1e-300, 5e-324] {
            let values = [-scale, 0.0, scale, scale / 2.0];
            if let Some(number) = Number::fit(&values) {
                assert!(values.iter().all(|v| number.apply(*v).is_finite()), "{scale}");
            }
        }
    }

    #[test]
    fn a_rare_value_that_clipping_would_hide_is_kept() {
        let mut values = vec![0.0; 10_000];
        values[17] = 5.0;
        assert!(Number::fit(&values).unwrap().apply(5.0) > 1.0);
    }
}
