//! Against values recorded from scikit-learn 1.9.1 (numpy 2.4.6), with `sample_weight` where rows are repeated; it has no
//! weighted median: there the rows were repeated.

use super::*;
use crate::{Draws, intervals};

/// Knuth's linear congruential generator, so that the recorder could make the same rows.
fn rows() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut state = 12_345_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / 2_147_483_648.0
    };
    let (mut values, mut labels, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..400 {
        let value = (next() * 100.0).round_ties_even() / 4.0;
        values.push(value);
        labels.push((value + (next() - 0.5) * 12.0).max(0.25));
        times.push((next() * 4.0).floor());
    }
    (values, labels, times)
}

fn measured(values: &[f64], labels: &[f64]) -> NumberRows {
    let low: Vec<f64> = values.iter().map(|value| value - 5.0).collect();
    let high: Vec<f64> = values.iter().map(|value| value + 5.0).collect();
    let said = Numbers { values, decisions: values, low: &low, high: &high, weights: None };
    NumberRows::new(said, labels, None, NumberCosts { under: 3.0, over: 1.0 }).unwrap()
}

fn check(figures: &[f64], recorded: [f64; 11]) {
    for ((metric, figure), expect) in Metric::REGRESSION.into_iter().zip(figures).zip(recorded) {
        assert!((figure - expect).abs() < 1e-12, "{metric}: {figure} instead of {expect}");
    }
}

#[test]
fn every_figure_is_that_of_scikit_learn() {
    let (values, labels, times) = rows();
    let rows = measured(&values, &labels);
    let recorded = [
        3.369_598_301_583_998,
        2.865_638_996_027_41,
        0.830_169_682_441_663_4,
        2.748_698_099_516_332,
        0.781_980_251_950_708_3,
        0.441_183_770_872_996_9,
        -0.281_823_440_529_406_06,
        0.290_554_225_079_249_66,
        0.8375,
        10.0,
        6.013_101_432_584_226,
    ];
    check(&rows.figures(None), recorded);
    let by_place: Vec<f64> = rows.order().iter().map(|row| times[*row as usize]).collect();
    let recorded = [
        3.422_069_246_067_696,
        2.919_382_615_292_872,
        0.828_187_485_449_056_5,
        2.904_981_717_467_308,
        0.866_966_189_481_058_7,
        0.458_191_120_142_402_15,
        -0.218_541_579_518_856_75,
        0.290_383_502_871_431_3,
        0.836_601_307_189_542_5,
        10.0,
        6.057_306_810_102_602,
    ];
    check(&rows.figures(Some(&by_place)), recorded);
}

#[test]
fn the_order_of_the_rows_does_not_matter() {
    let (values, labels, _) = rows();
    let turned = |column: &[f64]| -> Vec<f64> { column.iter().rev().copied().collect() };
    let draws = Draws { resamples: 50, seed: 3, threads: 2 };
    let one = intervals(&measured(&values, &labels), None, draws);
    assert_eq!(one, intervals(&measured(&turned(&values), &turned(&labels)), None, draws));
    let error = one[&Metric::Rmse];
    assert!(error.low < error.value && error.value < error.high, "{error:?}");
}

#[test]
fn what_cannot_be_said_is_not_a_number() {
    let of = |values: &[f64], labels: &[f64], metric| measured(values, labels).measure(metric);
    assert!(of(&[1.0, 2.0], &[5.0, 5.0], Metric::R2).is_nan());
    assert!(of(&[1.0, 2.0], &[-5.0, 5.0], Metric::Rmsle).is_nan());
    assert_eq!(of(&[-1.0, 0.0], &[0.0, 0.0], Metric::Rmsle), 0.0);
    assert!(of(&[f64::NAN], &[5.0], Metric::Mae).is_nan() && of(&[], &[], Metric::Rmse).is_nan());
    assert_eq!(of(&[1.0, 2.0], &[2.0, 4.0], Metric::MedianAbsoluteError), 1.5);
    assert_eq!(of(&[1.0, 2.0], &[2.0, 4.0], Metric::Accuracy).to_bits(), f64::NAN.to_bits());
}

#[test]
fn an_error_on_the_dear_side_costs_more_and_the_cheapest_quantile_leans_away_from_it() {
    let costs = NumberCosts { under: 3.0, over: 1.0 };
    assert_eq!((costs.of(-2.0), costs.of(2.0), costs.quantile()), (6.0, 2.0, 0.75));
}
