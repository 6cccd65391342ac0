//! Numbers that are learned as their logarithms: those that none lies below 0 of and that are far skewed, as sizes, counts and
//! amounts are. What multiplies such a number multiplies a label of its kind, which a model of the label's logarithm can only say in
//! logarithms.

use ropeway_stat::weighted_median;

use super::counted::{Weights, mean_and_deviation, of};

/// From this skewness on a distribution counts as highly skewed (Bulmer, "Principles of Statistics", 1979, chapter 4).
const FAR: f64 = 1.0;

/// `ln(1 + value / unit)` of a value that is not below 0; of one that is, 0.
pub fn logarithm(value: f64, unit: f64) -> f64 {
    libm::log1p(value.max(0.0) / unit)
}

/// The unit of values, all finite, that are to be learned so: the median of those above 0, so that half of them lie where the
/// logarithm bends; none where a value lies below 0, they are not far skewed, or their logarithms are not less so.
pub fn unit(values: &[f64], weights: Weights<'_>) -> Option<f64> {
    if values.iter().any(|value| *value < 0.0) || skewness(values, weights)? <= FAR {
        return None;
    }
    let above: Vec<usize> = (0..values.len()).filter(|place| values[*place] > 0.0).collect();
    let part = |of: &[f64]| -> Vec<f64> { above.iter().map(|place| of[*place]).collect() };
    let unit = weighted_median(&part(values), weights.map(part).as_deref())?;
    let logarithms: Vec<f64> = values.iter().map(|value| logarithm(*value, unit)).collect();
    (skewness(&logarithms, weights)?.abs() < skewness(values, weights)?.abs()).then_some(unit)
}

/// The third standardised moment; none where values do not vary, or are too large for one.
fn skewness(values: &[f64], weights: Weights<'_>) -> Option<f64> {
    let (mean, deviation) = mean_and_deviation(values, weights);
    let total: f64 = (0..values.len()).map(|place| of(weights, place)).sum();
    let cubes = values
        .iter()
        .enumerate()
        .map(|(place, value)| of(weights, place) / total * ((value - mean) / deviation).powi(3));
    let skewness = cubes.sum::<f64>();
    skewness.is_finite().then_some(skewness)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_learned_as_logarithms_and_nothing_else_is() {
        let sizes: Vec<f64> = (1..=400).map(|place| (f64::from(place) / 60.0).exp()).collect();
        let even: Vec<f64> = (1..=400).map(f64::from).collect();
        let debt: Vec<f64> = sizes.iter().map(|size| size - 5.0).collect();
        let rare: Vec<f64> = (0..400).map(|place| f64::from(u8::from(place % 50 == 0))).collect();
        let found = unit(&sizes, None).unwrap();
        assert!((found - 200.5_f64.mul_add(1.0 / 60.0, 0.0).exp()).abs() < 0.5, "{found}");
        assert_eq!((unit(&even, None), unit(&debt, None)), (None, None));
        // Two values stay two values: the skewness of a rare one is none that a logarithm mends.
        assert_eq!((unit(&rare, None), unit(&[3.0; 9], None), unit(&[], None)), (None, None, None));
        // The same in other units, and of rows that stand twice.
        let cents: Vec<f64> = sizes.iter().map(|size| 100.0 * size).collect();
        assert!((unit(&cents, None).unwrap() / found - 100.0).abs() < 1e-9);
        assert_eq!(unit(&sizes, Some(&[2.0; 400])), Some(found));
        assert_eq!((logarithm(-3.0, 2.0), logarithm(2.0, 2.0)), (0.0, 2.0_f64.ln()));
    }
}
