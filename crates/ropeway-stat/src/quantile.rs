//! Quantiles, type 7.

/// The quantile at `p` (held within 0 and 1) of ascending values, by linear interpolation between order
/// statistics: type 7 of Hyndman and Fan, "Sample quantiles in statistical packages" (1996), the default of
/// numpy and R. `None` without values.
pub fn quantile_sorted(ascending: &[f64], p: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = (position.floor() as usize).min(last);
    let fraction = position - below as f64;
    Some(between((ascending[below], ascending[(below + 1).min(last)]), fraction))
}

/// So far from one value towards the next. Weighted, not `low + fraction * (high - low)`: that overflows between opposite large
/// values.
fn between((low, high): (f64, f64), fraction: f64) -> f64 {
    if fraction == 0.0 || low == high { low } else { low * (1.0 - fraction) + high * fraction }
}

/// The same of values in any order; NaN is left out.
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    let mut kept: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    quantile_selected(&mut kept, p)
}

/// The same of values without NaN, which are moved about: the order statistics are selected (Hoare, "Algorithm 65: find", 1961),
/// so that nothing is sorted.
pub fn quantile_selected(values: &mut [f64], p: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let below = ((p.clamp(0.0, 1.0) * last as f64).floor() as usize).min(last);
    let (_, low, above) = values.select_nth_unstable_by(below, f64::total_cmp);
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(*low);
    Some(between((*low, high), p.clamp(0.0, 1.0) * last as f64 - below as f64))
}

/// Values in order, as if each occurred as often as its weight says: what their order statistics are looked up in.
#[derive(Debug, Clone)]
pub struct Occurrences {
    ascending: Vec<f64>,
    /// How much the values up to each count together.
    running: Vec<f64>,
}

impl Occurrences {
    /// Of values that count; NaN is left out. None where nothing counts.
    pub fn of(values: &[f64], weights: &[f64]) -> Option<Self> {
        let rows = values.iter().copied().zip(weights.iter().copied());
        let mut rows: Vec<(f64, f64)> = rows.filter(|(value, weight)| !value.is_nan() && *weight > 0.0).collect();
        rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let grain = Grain::of(rows.iter().map(|row| row.1).sum());
        let mut sum = 0.0;
        let (ascending, running): (Vec<f64>, Vec<f64>) = rows
            .into_iter()
            .map(|(value, weight)| {
                sum += weight;
                (value, grain.rounded(sum))
            })
            .unzip();
        (!ascending.is_empty()).then_some(Self { ascending, running })
    }

    /// How much all count together.
    pub fn total(&self) -> f64 {
        self.running.last().copied().unwrap_or_default()
    }

    /// The value of the occurrence with this number, counted from 0; the last one beyond them.
    pub fn at(&self, number: f64) -> f64 {
        self.ascending[self.running.partition_point(|sum| *sum <= number).min(self.ascending.len() - 1)]
    }

    /// The quantile at `p`, of type 7: with whole weights exactly that of values that are repeated as often (as `wtd.quantile` of
    /// R's Hmisc).
    pub fn quantile(&self, p: f64) -> f64 {
        let position = p.clamp(0.0, 1.0) * (self.total() - 1.0).max(0.0);
        let ends = (self.at(position.floor()), self.at(position.floor() + 1.0));
        between(ends, position - position.floor())
    }

    /// The value that as much weight lies below as above; midway between two where it lies between them. What the weights sum
    /// up to is nothing to it.
    pub fn median(&self) -> f64 {
        let half = self.total() / 2.0;
        let above = self.running.partition_point(|sum| *sum <= half).min(self.ascending.len() - 1);
        let reached = above > 0 && self.running[above - 1] == half;
        let value = self.ascending[above];
        if reached { self.ascending[above - 1] * 0.5 + value * 0.5 } else { value }
    }
}

/// How finely sums of weights are told apart. Weights that are no whole numbers are added with rounding errors, which must not
/// decide whether ten tenths are one: told so, equal sums are equal. Whole numbers up to 2^36 stay what they are.
#[derive(Debug, Clone, Copy)]
pub struct Grain(f64);

impl Grain {
    /// For sums up to this one.
    pub fn of(total: f64) -> Self {
        let exponent = if total > 0.0 && total.is_finite() { total.log2().ceil() as i32 } else { 0 };
        Self(2.0_f64.powi((exponent - 36).max(-1_000)))
    }

    /// A sum, told so.
    pub fn rounded(self, sum: f64) -> f64 {
        (sum / self.0).round() * self.0
    }
}

/// Weights as counts of rows: those that sum up to less than there are rows are scaled to as many, so that rows that count alike
/// count once, whatever unit weights have.
pub fn as_counts(mut weights: Vec<f64>) -> Vec<f64> {
    let (count, total) = (weights.len() as f64, weights.iter().sum::<f64>());
    if total > 0.0 && total < count {
        weights.iter_mut().for_each(|weight| *weight *= count / total);
    }
    weights
}

/// The quantile at `p` of values in any order, each as often as its weight says, where there are weights. NaN is left out.
pub fn weighted_quantile(values: &[f64], weights: Option<&[f64]>, p: f64) -> Option<f64> {
    let Some(weights) = weights else { return quantile(values, p) };
    Occurrences::of(values, weights).map(|found| found.quantile(p))
}

/// Their median by weight.
pub fn weighted_median(values: &[f64], weights: Option<&[f64]>) -> Option<f64> {
    let Some(weights) = weights else { return quantile(values, 0.5) };
    Occurrences::of(values, weights).map(|found| found.median())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{as_counts, quantile, weighted_median, weighted_quantile};

    #[test]
    fn interpolates_as_type_7() {
        let check = |values: &[f64], p: f64, expect: Option<f64>| assert_eq!(quantile(values, p), expect, "{p}");
        let values = [4.0, 1.0, 3.0, 2.0];
        check(&values, 0.0, Some(1.0));
        check(&values, 0.25, Some(1.75));
        check(&values, 0.5, Some(2.5));
        check(&values, 1.0, Some(4.0));
        check(&values, 7.0, Some(4.0));
        check(&[f64::NAN, 5.0], 0.5, Some(5.0));
        check(&[], 0.5, None);
        check(&[f64::MIN, f64::MAX], 0.5, Some(0.0));
        check(&[f64::NEG_INFINITY, f64::NEG_INFINITY, 1.0], 0.25, Some(f64::NEG_INFINITY));
    }
    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_whole_weight_is_as_good_as_repeating_the_value(
            rows in prop::collection::vec((-20..20_i32, 0..4_u32), 1..40),
            p in 0..=20_u32,
        ) {
            let values: Vec<f64> = rows.iter().map(|row| f64::from(row.0) / 4.0).collect();
            let weights: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
            let repeated: Vec<f64> =
                values.iter().zip(&rows).flat_map(|(value, row)| std::iter::repeat_n(*value, row.1 as usize)).collect();
            let p = f64::from(p) / 20.0;
            prop_assert_eq!(weighted_quantile(&values, Some(&weights), p), quantile(&repeated, p));
            prop_assert_eq!(weighted_median(&values, Some(&weights)), quantile(&repeated, 0.5));
        }
    }

    #[test]
    fn a_median_does_not_depend_on_what_weights_sum_up_to() {
        let (values, weights) = ([4.0, 1.0, 3.0, 2.0], [0.1, 0.1, 0.1, 0.4]);
        assert_eq!(weighted_median(&values, Some(&weights)), Some(2.0));
        assert_eq!(weighted_median(&values, Some(&weights.map(|weight| weight * 1e-6))), Some(2.0));
        assert_eq!(weighted_median(&[], Some(&[])), None);
    }

    #[test]
    fn no_rounding_of_scaled_weights_moves_a_quantile() {
        let values: Vec<f64> = (0..30).map(|place| f64::from(place * place % 31)).collect();
        for unit in [0.1, 1.0 / 3.0, 0.7, 1e-9, 1.0 / 49.0] {
            let scaled = as_counts(vec![unit; values.len()]);
            for p in 0..=20 {
                let p = f64::from(p) / 20.0;
                let plain = quantile(&values, p);
                assert_eq!(weighted_quantile(&values, Some(&scaled), p), plain, "{unit} {p}");
                // As many rows in parts of a third each.
                let thirds: Vec<f64> = values.iter().flat_map(|value| [*value; 3]).collect();
                assert_eq!(weighted_quantile(&thirds, Some(&vec![1.0 / 3.0; 90]), p), plain, "{p}");
            }
            assert_eq!(weighted_median(&values, Some(&vec![unit; 30])), quantile(&values, 0.5), "{unit}");
        }
    }
}
