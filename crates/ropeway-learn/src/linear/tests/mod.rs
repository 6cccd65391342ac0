//! Logistic regression against recorded values of scikit-learn and against its own optimality conditions.

mod targets;
mod wide;

use std::sync::atomic::AtomicBool;

use ropeway_stat::{Rng, sigmoid};

use super::*;
use crate::settings::TargetTransform;

fn logistic<'a>(rows: &'a Sparse, labels: &'a Labels) -> Fit<'a> {
    Fit { rows, labels, loss: RowLoss::Logistic, stop: Stop::asked(&NEVER) }
}

/// A candidate of classes.
pub(super) fn penalised(strength: f64, l1_ratio: f64) -> LinearCandidate {
    LinearCandidate { strength, l1_ratio, loss: None, transform: TargetTransform::Identity, logarithms: false }
}

pub(super) static NEVER: AtomicBool = AtomicBool::new(false);

pub(super) fn of(rows: &Sparse, labels: &Labels, target: &Target, settings: &LinearCandidate) -> Linear {
    match fit(rows, labels, target, settings, Stop::asked(&NEVER)).unwrap() {
        Fitted::Linear(linear) => linear,
        other => panic!("{other:?}"),
    }
}

/// 400 rows of three numbers, a group of three columns and a single indicator, and the score that their labels are drawn by, from
/// a linear congruential generator (Knuth's MMIX constants) so that another program can make the same rows. The generator goes on.
pub(super) fn rows_with() -> (Sparse, Vec<f64>, impl FnMut() -> f64) {
    let (rows, scores, _, draw) = drawn();
    (rows, scores, draw)
}

fn rows() -> (Sparse, Labels) {
    let (rows, _, labels, _) = drawn();
    (rows, labels.into())
}

fn drawn() -> (Sparse, Vec<f64>, Vec<f64>, impl FnMut() -> f64) {
    let mut state: u64 = 12_345;
    let mut draw = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    };
    let mut rows = Sparse { rows: 400, width: 7, numbers: 3, groups: 2, values: vec![], active: vec![] };
    let (mut scores, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..400 {
        let [a, b, c] = [0; 3].map(|_| draw() * 4.0 - 2.0);
        let level = (draw() * 4.0) as usize;
        let marked = draw() < 0.3;
        rows.values.extend([a, b, c]);
        rows.active.push(if level < 3 { 3 + level as u32 } else { Sparse::NONE });
        rows.active.push(if marked { 6 } else { Sparse::NONE });
        let score = 1.2 * a - 0.7 * b + 0.05 * c + [0.8, -0.5, 0.0, 0.1][level] + if marked { 0.4 } else { 0.0 } - 0.6;
        labels.push(f64::from(draw() < sigmoid(score)));
        scores.push(score);
    }
    (rows, scores, labels, draw)
}

/// scikit-learn 1.9.1, `LogisticRegression(C, l1_ratio)`: solver `newton-cholesky` at tol 1e-14 where l1_ratio is 0,
/// else `saga` at tol 1e-13.
#[test]
fn gives_the_recorded_coefficients_of_scikit_learn() {
    let (rows, labels) = rows();
    let check = |c: f64, l1_ratio: f64, intercept: f64, weights: [f64; 7]| {
        let fitted = of(&rows, &labels, &Target::Binary, &penalised(1.0 / c, l1_ratio));
        assert!((fitted.intercept - intercept).abs() < 1e-6, "{} {intercept}", fitted.intercept);
        for (found, recorded) in fitted.weights.iter().zip(weights) {
            assert!((found - recorded).abs() < 1e-6, "C = {c}, l1_ratio = {l1_ratio}: {found} {recorded}");
            assert_eq!(*found == 0.0, recorded == 0.0, "C = {c}, l1_ratio = {l1_ratio}");
        }
    };
    check(
        1.0,
        0.0,
        -0.583887460649556,
        [
            1.3016830519210059,
            -0.6945371787706182,
            -0.1544309582783573,
            0.7875675361108944,
            -0.6599822264458147,
            2.9968144747730984e-05,
            0.5593534051799499,
        ],
    );
    check(
        0.01,
        0.0,
        -0.18491645523672637,
        [
            0.534512529401463,
            -0.2589545984867863,
            -0.06596547631068911,
            0.122324659959023,
            -0.08552620829078834,
            -0.027606653379641046,
            0.08305563984202036,
        ],
    );
    check(
        0.1,
        1.0,
        -0.3468552799909151,
        [1.0684043072098333, -0.5076244190694381, -0.055851893476798434, 0.2943639135642993, 0.0, 0.0, 0.0],
    );
    check(
        0.2,
        0.5,
        -0.48145403780807466,
        [
            1.1795589943659797,
            -0.6098558498450326,
            -0.12292787779908022,
            0.5918488419110641,
            -0.39338044231391656,
            0.0,
            0.33032050850007955,
        ],
    );
}

#[test]
fn contributions_sum_to_the_raw_score_and_are_told_against_the_mean() {
    let (rows, labels) = rows();
    let fitted = of(&rows, &labels, &Target::Binary, &penalised(1.0, 0.0));
    let outputs: Vec<OutputColumn> = [0, 1, 2, 3, 3, 3, 1]
        .into_iter()
        .map(|feature| OutputColumn { name: String::new(), feature, categorical: false })
        .collect();
    let raw = fitted.raw(&rows);
    let mut sums = vec![0.0; 5];
    for (row, raw) in raw.iter().enumerate() {
        let parts = fitted.contributions(&rows, row, &outputs, 4);
        assert!((parts.iter().sum::<f64>() - raw).abs() < 1e-12);
        sums.iter_mut().zip(&parts).for_each(|(sum, part)| *sum += part);
    }
    assert!(sums[..4].iter().all(|sum| sum.abs() < 1e-9), "{sums:?}");
}

#[test]
fn collinear_columns_and_no_penalty_end_at_the_optimum() {
    let (mut rows, labels) = rows();
    // The second number repeats the first: without a penalty any mixture of both is as good.
    for row in 0..rows.rows {
        rows.values[row * 3 + 1] = rows.values[row * 3];
    }
    let fitted = of(&rows, &labels, &Target::Binary, &penalised(0.0, 0.0));
    let slope = curvature::gradient(logistic(&rows, &labels), &fitted.raw(&rows));
    assert!(slope.iter().all(|slope| slope.abs() < 1e-6), "{slope:?}");
}

#[test]
fn separable_rows_stay_finite() {
    let values: Vec<f64> = (0..40).map(|i| f64::from(i) - 19.5).collect();
    let labels = Labels::from(values.iter().map(|value| f64::from(*value > 0.0)).collect::<Vec<f64>>());
    let rows = Sparse { rows: 40, width: 1, numbers: 1, groups: 0, values, active: vec![] };
    for l1_ratio in [0.0, 1.0] {
        for strength in [0.0, 1e-6, 1.0] {
            let fitted = of(&rows, &labels, &Target::Binary, &penalised(strength, l1_ratio));
            assert!(fitted.weights[0].is_finite() && fitted.weights[0] > 0.0, "{strength} {l1_ratio}");
        }
    }
}

#[test]
fn many_columns_take_the_way_of_coordinate_descent_to_the_same_optimum() {
    let mut rng = Rng::new(11);
    let (count, levels) = (3_000, 900);
    let mut rows = Sparse { rows: count, width: levels + 2, numbers: 2, groups: 1, values: vec![], active: vec![] };
    let mut labels = Vec::new();
    for _ in 0..count {
        let (a, b, level) = (rng.unit() - 0.5, rng.unit() - 0.5, rng.index(levels));
        rows.values.extend([a, b]);
        rows.active.push(2 + level as u32);
        labels.push(f64::from(rng.unit() < sigmoid(2.0 * a - b + if level < 300 { 1.0 } else { -1.0 })));
    }
    let labels = labels.into();
    let fitted = of(&rows, &labels, &Target::Binary, &penalised(1.0, 0.0));
    let slope = curvature::gradient(logistic(&rows, &labels), &fitted.raw(&rows));
    for (slope, weight) in slope.iter().zip(&fitted.weights) {
        assert!((slope + weight).abs() < 1e-5, "{slope} {weight}");
    }
}

/// A code beside its name, as a shop has it: coordinate descent would need thousands of passes.
#[test]
fn many_columns_that_hang_together_end_at_the_optimum() {
    let mut rng = Rng::new(12);
    let (count, levels) = (6_000, 450);
    let mut rows = Sparse { rows: count, width: 2 * levels, numbers: 0, groups: 2, values: vec![], active: vec![] };
    let mut labels = Vec::new();
    for _ in 0..count {
        let code = rng.index(levels);
        // Two names in a hundred are another one's.
        let name = if rng.unit() < 0.02 { rng.index(levels) } else { code };
        rows.active.extend([code as u32, (levels + name) as u32]);
        labels.push((code % 7) as f64 + 20.0 * rng.unit());
    }
    let settings = LinearCandidate {
        strength: 1.0,
        l1_ratio: 0.0,
        loss: Some(NumberLoss::Squared),
        transform: TargetTransform::Identity,
        logarithms: false,
    };
    let labels = labels.into();
    let fitted = of(&rows, &labels, &Target::Number, &settings);
    let fit = Fit { rows: &rows, labels: &labels, loss: RowLoss::Squared, stop: Stop::asked(&NEVER) };
    let slope = curvature::gradient(fit, &fitted.raw(&rows));
    for (slope, weight) in slope.iter().zip(&fitted.weights) {
        assert!((slope + weight).abs() < 1e-7, "{slope} {weight}");
    }
}

#[test]
fn without_columns_it_is_the_constant() {
    let rows = Sparse { rows: 4, ..Sparse::default() };
    let labels = vec![1.0, 0.0, 0.0, 0.0].into();
    let fitted = of(&rows, &labels, &Target::Binary, &penalised(1.0, 0.5));
    assert!((sigmoid(fitted.raw(&rows)[0]) - 0.25).abs() < 1e-9);
}
