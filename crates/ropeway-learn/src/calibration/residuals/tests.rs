//! Intervals hold as often as they say, at every size of the prediction.

use ropeway_stat::Rng;

use super::*;

const EVEN: (NumberCosts, TargetTransform) = (NumberCosts { under: 1.0, over: 1.0 }, TargetTransform::Identity);

fn fit(values: &[f64], labels: &Labels, costs: NumberCosts, scaled: bool) -> Option<Residuals> {
    Residuals::fit(&Said::new(values, labels), |_| true, costs, scaled)
}

fn drawn(rows: usize, seed: u64, spread: impl Fn(f64) -> f64) -> (Vec<f64>, Labels) {
    let mut rng = Rng::new(seed);
    let values: Vec<f64> = (0..rows).map(|_| rng.unit() * 100.0).collect();
    let labels: Vec<f64> =
        values.iter().map(|value| value + (rng.unit() + rng.unit() - 1.0) * spread(*value)).collect();
    (values, labels.into())
}

fn covered(residuals: &Residuals, (values, labels): &(Vec<f64>, Labels), of: impl Fn(f64) -> bool) -> f64 {
    let rows: Vec<usize> = (0..values.len()).filter(|row| of(values[*row])).collect();
    let within = rows.iter().filter(|row| {
        let (low, high) = residuals.around(values[**row]);
        low <= labels[**row] && labels[**row] <= high
    });
    within.count() as f64 / rows.len() as f64
}

#[test]
fn nine_of_ten_new_rows_lie_within() {
    let (values, labels) = drawn(2_000, 3, |_| 10.0);
    let choice = spread(&values, &labels, None, EVEN, (7, 2)).unwrap();
    assert_eq!((choice.residuals.usual.as_ref(), choice.residuals.decide(3.0)), (None, 3.0));
    let share = covered(&choice.residuals, &drawn(4_000, 4, |_| 10.0), |_| true);
    assert!((share - 0.9).abs() < 0.02, "{share}");
}

#[test]
fn where_large_numbers_are_missed_by_more_the_interval_widens_with_them() {
    let wide = |value: f64| 1.0 + value / 2.0;
    let (values, labels) = drawn(4_000, 3, wide);
    let choice = spread(&values, &labels, None, EVEN, (7, 2)).unwrap();
    let new = drawn(8_000, 4, wide);
    for part in [0.0..30.0, 30.0..70.0, 70.0..100.0] {
        let share = covered(&choice.residuals, &new, |value| part.contains(&value));
        assert!((share - 0.9).abs() < 0.05, "{part:?}: {share}");
    }
    // The control: residuals as they are hold too many of the small and too few of the large.
    let plain = fit(&values, &labels, NumberCosts::default(), false).unwrap();
    assert!(covered(&plain, &new, |value| value > 70.0) < 0.85);
}

/// The share covered of each fifth of the predictions.
fn by_size(residuals: &Residuals, new: &(Vec<f64>, Labels)) -> Vec<f64> {
    let mut sizes = new.0.clone();
    sizes.sort_unstable_by(f64::total_cmp);
    let end = |fifth: usize| if fifth == 5 { f64::INFINITY } else { sizes[fifth * sizes.len() / 5] };
    let of = |fifth: usize| covered(residuals, new, |value| (end(fifth)..end(fifth + 1)).contains(&value));
    (0..5).map(of).collect()
}

/// Prices that are missed by as much as they are large, of which one in a thousand is a thousand times the usual one.
fn prices(rows: usize, seed: u64) -> (Vec<f64>, Labels) {
    let mut rng = Rng::new(seed);
    let values: Vec<f64> = (0..rows).map(|_| (5.0 * rng.unit()).exp()).collect();
    let mut label = |(row, value): (usize, &f64)| {
        let far = if row % 1_000 == 500 { 1e3 } else { 1.0 };
        far * value * (1.5 * (rng.unit() + rng.unit() - 1.0)).exp()
    };
    let labels: Vec<f64> = values.iter().enumerate().map(&mut label).collect();
    (values, labels.into())
}

#[test]
fn far_outliers_widen_no_other_interval_and_nine_of_ten_of_each_size_lie_within() {
    let ((values, labels), new) = (prices(6_000, 5), prices(20_000, 6));
    for transform in [TargetTransform::Identity, TargetTransform::Log] {
        let choice = spread(&values, &labels, None, (NumberCosts::default(), transform), (7, 2)).unwrap();
        let shares = by_size(&choice.residuals, &new);
        assert!(shares.iter().all(|share| (share - 0.9).abs() < 0.04), "{transform:?} {shares:?}");
        let ends = new.0.iter().map(|value| choice.residuals.around(*value));
        assert!(transform.is_identity() || ends.into_iter().all(|(low, high)| 0.0 < low && low <= high));
    }
    // The control: one width for all.
    let plain = by_size(&fit(&values, &labels, NumberCosts::default(), false).unwrap(), &new);
    assert!(plain[0] > 0.97 && plain[4] < 0.8, "{plain:?}");
    // What has no logarithm is held against the label as it is.
    let odd: Vec<f64> = values.iter().map(|value| value - 5.0).collect();
    let choice = spread(&odd, &labels, None, (NumberCosts::default(), TargetTransform::Log), (7, 2)).unwrap();
    assert_eq!(choice.residuals.transform, TargetTransform::Identity);
}

#[test]
fn the_decision_leans_to_the_cheap_side() {
    let (values, labels) = drawn(2_000, 3, |_| 10.0);
    let dear = NumberCosts { under: 9.0, over: 1.0 };
    let residuals = spread(&values, &labels, None, (dear, TargetTransform::Identity), (7, 2)).unwrap().residuals;
    let above = drawn(4_000, 4, |_| 10.0);
    let enough = above.0.iter().zip(above.1.iter()).filter(|(value, label)| residuals.decide(**value) >= **label);
    assert!((enough.count() as f64 / 4_000.0 - 0.9).abs() < 0.02);
}

#[test]
fn few_rows_have_an_interval_too_and_an_altered_one_is_refused() {
    let choice = spread(&[1.0, 2.0], &vec![1.5, 1.0].into(), None, EVEN, (7, 2)).unwrap();
    assert!(choice.residuals.low <= choice.residuals.high && choice.residuals.check().is_ok());
    assert!(spread(&[], &vec![].into(), None, EVEN, (7, 2)).is_err());
    assert!(Residuals { low: 2.0, high: 1.0, ..choice.residuals }.check().is_err());
}

#[test]
fn a_weight_of_two_counts_as_two_rows_and_rows_that_count_more_decide_the_width() {
    let (values, labels) = drawn(2_000, 3, |_| 10.0);
    let weights: Vec<f64> = (0..2_000).map(|row| f64::from(1 + row % 3)).collect();
    let repeat = |of: &[f64]| -> Vec<f64> {
        of.iter().zip(&weights).flat_map(|(value, weight)| std::iter::repeat_n(*value, *weight as usize)).collect()
    };
    let dear = NumberCosts { under: 9.0, over: 1.0 };
    let weighted = Labels::weighted(labels.to_vec(), Some(weights.clone()));
    let found = fit(&values, &weighted, dear, false).unwrap();
    let repeated = fit(&repeat(&values), &repeat(&labels).into(), dear, false).unwrap();
    assert_eq!(found, repeated);
    // Rows above 50 are missed by ten times as much, and count a thousand times as much.
    let (values, labels) = drawn(2_000, 3, |value| if value > 50.0 { 10.0 } else { 1.0 });
    let weights = values.iter().map(|value| if *value > 50.0 { 1_000.0 } else { 1.0 }).collect();
    let fitted = |labels: &Labels| fit(&values, labels, NumberCosts::default(), false).unwrap();
    let (plain, heavy) = (fitted(&labels), fitted(&Labels::weighted(labels.to_vec(), Some(weights))));
    assert!(heavy.high - heavy.low > 1.1 * (plain.high - plain.low), "{heavy:?} {plain:?}");
}

#[test]
fn what_weights_sum_up_to_is_nothing_to_the_interval() {
    let (values, labels) = drawn(2_000, 3, |value| 1.0 + value / 2.0);
    for scaled in [false, true] {
        let plain = fit(&values, &labels, NumberCosts { under: 9.0, over: 1.0 }, scaled).unwrap();
        for unit in [0.1, 1.0 / 3.0, 1e-7] {
            let weighted = Labels::weighted(labels.to_vec(), Some(vec![unit; 2_000]));
            let found = fit(&values, &weighted, NumberCosts { under: 9.0, over: 1.0 }, scaled).unwrap();
            let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * b.abs().max(1.0);
            let pairs = [(found.low, plain.low), (found.high, plain.high), (found.shift, plain.shift)];
            assert!(pairs.iter().all(|(a, b)| near(*a, *b)), "{unit} {scaled}: {pairs:?}");
        }
    }
}
