//! The exact sum and the moments against big integers, and under any order and grouping.

use num_bigint::{BigInt, Sign};
use proptest::prelude::*;

use super::ExactSum;
use crate::{Moments, Rng};

/// `value * 2^1074` as an integer.
fn scaled(value: f64) -> BigInt {
    let bits = value.to_bits();
    let field = bits >> 52 & 0x7ff;
    let fraction = bits & ((1 << 52) - 1);
    let magnitude = if field == 0 { BigInt::from(fraction) } else { BigInt::from(fraction | 1 << 52) << (field - 1) };
    if bits >> 63 == 1 { -magnitude } else { magnitude }
}

/// The double nearest to `numerator / denominator * 2^-scale`, by trial: correct by construction, because
/// the exact distances of two neighbours are compared.
fn nearest_ratio(numerator: &BigInt, denominator: &BigInt, scale: u32) -> f64 {
    if numerator.sign() == Sign::NoSign {
        return 0.0;
    }
    let magnitude = numerator.magnitude().clone();
    let denominator = denominator.magnitude();
    // Find the largest double not above the magnitude by bisection over its bits.
    let not_above = |bits: u64| {
        let double = scaled(f64::from_bits(bits));
        // double * 2^-1074 <= magnitude / denominator * 2^-scale
        if scale >= 1074 {
            (double.magnitude() * denominator) << (scale - 1074) <= magnitude
        } else {
            double.magnitude() * denominator <= &magnitude << (1074 - scale)
        }
    };
    let (mut low, mut high) = (0_u64, 0x7ff0_0000_0000_0000_u64);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if not_above(middle) { low = middle } else { high = middle }
    }
    // Compare twice the value with the sum of both neighbours; the one above the largest is 2^1024.
    let below = scaled(f64::from_bits(low));
    let above = if high == 0x7ff0_0000_0000_0000 { BigInt::from(1) << 2098 } else { scaled(f64::from_bits(high)) };
    let both = (below + above) * BigInt::from(denominator.clone());
    let twice = BigInt::from(magnitude) * 2;
    let (both, twice) = if scale >= 1074 { (both << (scale - 1074), twice) } else { (both, twice << (1074 - scale)) };
    let up = twice > both || twice == both && low & 1 == 1;
    let rounded = f64::from_bits(if up { high } else { low });
    if numerator.sign() == Sign::Minus && rounded != 0.0 { -rounded } else { rounded }
}

/// An integer: often small or beside a power of two, often at an end of the range.
fn any_integer() -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => any::<i64>(),
        2 => -1000..1000_i64,
        2 => (0..1000_i64).prop_map(|d| i64::MAX - d),
        2 => (0..1000_i64).prop_map(|d| i64::MIN + d),
        1 => (0..63_u32, -2..3_i64).prop_map(|(bit, d)| (1_i64 << bit) + d),
    ]
}

/// Whether a deviation is the double nearest to the root of `numerator / denominator * 2^-2148`: its true square lies
/// between the squares of the midpoints to its neighbours.
fn nearest_root(deviation: f64, numerator: &BigInt, denominator: &BigInt) -> bool {
    let (below, above) = (deviation.to_bits().saturating_sub(1), deviation.to_bits() + 1);
    let double = |bits: u64| scaled(f64::from_bits(bits));
    let low = double(below) + scaled(deviation);
    let high = double(above) + scaled(deviation);
    (&low * &low * denominator <= numerator * 4 || deviation == 0.0)
        && (above >= 0x7ff0_0000_0000_0000 || numerator * 4 <= &high * &high * denominator)
}

/// A finite double: often of moderate size, sometimes of any exponent, sometimes subnormal or special.
fn any_finite() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e6..1e6_f64,
        2 => (-1.0..1.0_f64, -300..300_i32).prop_map(|(m, e)| m * 10_f64.powi(e)),
        3 => any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |v| v.is_finite()),
        1 => (0..1_u64 << 52).prop_map(f64::from_bits),
        1 => prop::sample::select(vec![0.0, -0.0, 1.0, -1.0, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 0.1]),
    ]
}

fn finite_values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(any_finite(), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_sum_is_the_nearest_double_to_the_true_sum(values in finite_values()) {
        let truth: BigInt = values.iter().copied().map(scaled).sum();
        let sum: ExactSum = values.iter().copied().collect();
        prop_assert_eq!(sum.round().to_bits(), nearest_ratio(&truth, &BigInt::from(1), 1074).to_bits());
        if !values.is_empty() {
            let count = values.len() as u64;
            let mean = nearest_ratio(&truth, &BigInt::from(count), 1074);
            prop_assert_eq!(sum.mean(count).to_bits(), mean.to_bits());
            let many = u64::MAX - 12_345;
            prop_assert_eq!(sum.mean(many).to_bits(), nearest_ratio(&truth, &BigInt::from(many), 1074).to_bits());
        }
    }

    #[test]
    fn products_are_never_rounded(pairs in prop::collection::vec((any_finite(), any_finite()), 0..30)) {
        let truth: BigInt = pairs.iter().map(|(a, b)| scaled(*a) * scaled(*b)).sum();
        let mut sum = ExactSum::new();
        pairs.iter().for_each(|(a, b)| sum.add_product(*a, *b));
        prop_assert_eq!(sum.round().to_bits(), nearest_ratio(&truth, &BigInt::from(1), 2148).to_bits());
    }

    #[test]
    fn variance_and_deviation_are_the_nearest_doubles(values in prop::collection::vec(any_finite(), 2..30)) {
        let moments: Moments = values.iter().copied().collect();
        let n = BigInt::from(values.len());
        let sum: BigInt = values.iter().copied().map(scaled).sum();
        let squares: BigInt = values.iter().map(|v| scaled(*v) * scaled(*v)).sum();
        let (numerator, denominator) = (&n * squares - &sum * &sum, &n * (&n - 1));
        let variance = nearest_ratio(&numerator, &denominator, 2148);
        prop_assert_eq!(moments.variance_sample().map(f64::to_bits), Some(variance.to_bits()));
        prop_assert!(nearest_root(moments.stddev_sample().unwrap(), &numerator, &denominator));
    }

    #[test]
    fn integers_are_never_rounded(
        values in prop::collection::vec(any_integer(), 2..40), floats in prop::collection::vec(any_finite(), 0..3),
        cut in 0..40_usize,
    ) {
        let n = BigInt::from(values.len());
        let sum: BigInt = values.iter().copied().map(BigInt::from).sum();
        let squares: BigInt = values.iter().map(|v| BigInt::from(*v) * BigInt::from(*v)).sum();
        let (mut moments, mut head) = (Moments::new(), Moments::new());
        values.iter().for_each(|value| moments.add_integer(*value));
        values.iter().take(cut).for_each(|value| head.add_integer(*value));
        prop_assert_eq!(moments.sum.round().to_bits(), nearest_ratio(&sum, &BigInt::from(1), 0).to_bits());
        prop_assert_eq!(moments.mean().map(f64::to_bits), Some(nearest_ratio(&sum, &n, 0).to_bits()));
        let (numerator, denominator) = (&n * squares - &sum * &sum, &n * (&n - 1));
        let variance = nearest_ratio(&numerator, &denominator, 0);
        prop_assert_eq!(moments.variance_sample().map(f64::to_bits), Some(variance.to_bits()));
        prop_assert!(nearest_root(moments.stddev_sample().unwrap(), &(numerator << 2148), &denominator));
        let mut tail = moments.clone();
        tail.subtract(&head);
        let mut fresh = Moments::new();
        values.iter().skip(cut).rev().for_each(|value| fresh.add_integer(*value));
        prop_assert_eq!(&tail, &fresh);
        let truth: BigInt = floats.iter().copied().map(scaled).sum::<BigInt>() + (sum << 1074);
        floats.iter().for_each(|value| moments.sum.add(*value));
        prop_assert_eq!(moments.sum.round().to_bits(), nearest_ratio(&truth, &BigInt::from(1), 1074).to_bits());
    }

    #[test]
    fn order_and_grouping_never_matter(values in finite_values(), seed in any::<u64>(), cut in 0..41_usize) {
        let whole: Moments = values.iter().copied().collect();
        let mut shuffled = values.clone();
        Rng::new(seed).shuffle(&mut shuffled);
        let cut = cut.min(shuffled.len());
        let (first, second): (Moments, Moments) =
            (shuffled[..cut].iter().copied().collect(), shuffled[cut..].iter().copied().collect());
        let mut merged = second.clone();
        merged.merge(&first);
        prop_assert_eq!(&merged, &whole);
        prop_assert_eq!(merged.sum.round().to_bits(), whole.sum.round().to_bits());
        merged.subtract(&second);
        prop_assert_eq!(&merged, &first);
        prop_assert_eq!(merged.stddev_sample().map(f64::to_bits), first.stddev_sample().map(f64::to_bits));
        merged.subtract(&first);
        prop_assert_eq!(&merged, &Moments::new());
        prop_assert_eq!(merged.sum.round().to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn what_is_not_finite_follows_the_rules_of_doubles(
        values in prop::collection::vec(
            prop_oneof![any_finite(), Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY)], 0..12),
    ) {
        let sum: ExactSum = values.iter().copied().collect();
        let nan = values.iter().any(|v| v.is_nan());
        let (up, down) = (values.contains(&f64::INFINITY), values.contains(&f64::NEG_INFINITY));
        if nan || up && down {
            prop_assert!(sum.round().is_nan());
        } else if up || down {
            prop_assert_eq!(sum.round(), if up { f64::INFINITY } else { f64::NEG_INFINITY });
        }
        let odd: ExactSum = values.iter().copied().filter(|v| !v.is_finite()).collect();
        let mut rest = sum;
        rest.subtract(&odd);
        prop_assert_eq!(rest, values.iter().copied().filter(|v| v.is_finite()).collect());
    }
}

#[test]
fn zero_is_always_positive() {
    let sum: ExactSum = [-0.0, -0.0].into_iter().collect();
    assert_eq!(sum.round().to_bits(), 0.0_f64.to_bits());
    let sum: ExactSum = [-1.5, 1.5].into_iter().collect();
    assert_eq!(sum.round().to_bits(), 0.0_f64.to_bits());
    assert_eq!(sum.mean(2).to_bits(), 0.0_f64.to_bits());
}

#[test]
fn sums_of_integers_reach_every_one_of_64_bits() {
    let sum = |values: &[i64]| {
        let mut sum = ExactSum::new();
        values.iter().for_each(|value| sum.add_integer(*value));
        sum
    };
    // u64::MAX is nearest to 2^64, yet less than it by one.
    assert_eq!(sum(&[i64::MAX, i64::MAX, 1]).round(), 18_446_744_073_709_551_616.0);
    assert_eq!(sum(&[i64::MAX, i64::MAX, 1, i64::MIN, i64::MIN]).round(), -1.0);
    assert_eq!(sum(&[(1 << 53) + 1, -(1 << 53)]).round(), 1.0);
}

#[test]
fn infinity_times_zero_is_nan() {
    let mut sum = ExactSum::new();
    sum.add_product(f64::INFINITY, 0.0);
    assert!(sum.round().is_nan());
    let mut sum = ExactSum::new();
    sum.add_product(f64::NEG_INFINITY, -2.0);
    assert_eq!(sum.round(), f64::INFINITY);
}

#[test]
fn doubling_beyond_every_double_and_back() {
    let mut sum: ExactSum = [f64::MAX, f64::from_bits(1)].into_iter().collect();
    let start = sum.clone();
    for _ in 0..60 {
        sum.merge(&sum.clone());
    }
    assert_eq!(sum.round(), f64::INFINITY);
    assert_eq!(sum.mean(1 << 60), f64::MAX);
    for _ in 1..=60 {
        sum.subtract(&start);
    }
    assert_eq!(sum.mean((1 << 60) - 60), f64::MAX);
}

#[test]
fn it_is_small() {
    assert!(size_of::<ExactSum>() <= 80, "{}", size_of::<ExactSum>());
}
