//! Quantiles, type 7.

/// The quantile at `p` (held within 0 and 1) of ascending values, by linear interpolation between order
/// statistics: type 7 of Hyndman and Fan, "Sample quantiles in statistical packages" (1996), the default of
/// numpy and R. `None` without values.
pub fn quantile_sorted(ascending: &[f64], p: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = (position.floor() as usize).min(last);
    let fraction = position - below as f64;
    let (low, high) = (ascending[below], ascending[(below + 1).min(last)]);
    if fraction == 0.0 || low == high {
        return Some(low);
    }
    // Weighted, not low + fraction * (high - low): that overflows between opposite large values.
    Some(low * (1.0 - fraction) + high * fraction)
}

/// The same of values in any order; NaN is left out.
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    quantile_sorted(&sorted, p)
}

#[cfg(test)]
mod tests {
    use super::quantile;

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
}
