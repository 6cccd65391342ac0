//! More columns than rows: the row space and coordinate descent by columns, against the solution by the matrix of columns, recorded
//! values of scikit-learn, and what an optimum has to be.

use std::sync::atomic::AtomicBool;

use ropeway_stat::{Rng, softmax};

use super::super::*;
use super::{NEVER, of, penalised};
use crate::settings::TargetTransform;

/// 40 rows of 100 numbers and two groups of 10 columns; labels of two classes, of three, and numbers of which two are far off.
fn wide() -> (Sparse, Labels, Labels, Labels) {
    let mut rng = Rng::new(5);
    let mut rows = Sparse { rows: 40, width: 120, numbers: 100, groups: 2, values: vec![], active: vec![] };
    let (mut two, mut three, mut numbers) = (vec![], vec![], vec![]);
    for row in 0..40 {
        let values: Vec<f64> = (0..100).map(|_| 2.0 * rng.unit() - 1.0).collect();
        let score = values[0] + values[1] - values[2] + 0.5 * (rng.unit() - 0.5);
        rows.values.extend(values);
        let level = rng.index(11);
        rows.active.push(if level < 10 { 100 + level as u32 } else { Sparse::NONE });
        rows.active.push(110 + rng.index(10) as u32);
        two.push(f64::from(score > 0.0));
        three.push(if score < -0.5 { 0.0 } else { 1.0 + f64::from(score > 0.5) });
        numbers.push(50.0 + 10.0 * score + if row % 20 == 3 { 200.0 } else { 0.0 });
    }
    (rows, two.into(), three.into(), numbers.into())
}

/// The same rows so many times: with a penalty so many times as strong the optimum is the same, and no longer wide.
fn repeated(rows: &Sparse, labels: &Labels, times: usize) -> (Sparse, Labels) {
    let (values, active) = (rows.values.repeat(times), rows.active.repeat(times));
    let weights = labels.weights().map(|weights| weights.repeat(times));
    let labels = Labels::weighted(labels.repeat(times), weights);
    (Sparse { rows: rows.rows * times, values, active, ..rows.clone() }, labels)
}

fn each(fitted: &Fitted) -> Vec<&Linear> {
    match fitted {
        Fitted::Linear(linear) => vec![linear],
        Fitted::PerClass(classes) => classes.iter().flat_map(each).collect(),
        other => panic!("{other:?}"),
    }
}

/// Scores of classes are told up to a constant: these are their probabilities.
fn said(fitted: &Fitted, rows: &Sparse, target: &Target) -> Vec<f64> {
    let mut raw = fitted.raw(&Encoded::Sparse(rows.clone())).unwrap();
    if let Target::Classes(names) = target {
        raw.chunks_mut(names.len()).for_each(softmax);
    }
    raw
}

#[test]
fn few_rows_have_the_optimum_of_the_matrix_of_columns() {
    let (rows, two, three, numbers) = wide();
    let classes = Target::Classes(["a", "b", "c"].map(String::from).to_vec());
    let check = |labels: &Labels, target: &Target, strength: f64, l1_ratio: f64, loss| {
        let own = LinearCandidate { strength, l1_ratio, loss, transform: TargetTransform::Identity, logarithms: false };
        let whole = LinearCandidate { strength: 4.0 * strength, ..own };
        let (many, of_many) = repeated(&rows, labels, 4);
        let (here, there) = (
            fit(&rows, labels, target, &own, Stop::asked(&NEVER)).unwrap(),
            fit(&many, &of_many, target, &whole, Stop::asked(&NEVER)).unwrap(),
        );
        // The parabolas of Huber's loss lead to it slowly; numbers have a deviation of 50.
        let most = match loss {
            None => 1e-6,
            Some(NumberLoss::Huber) => 1e-3,
            Some(_) => 1e-5,
        };
        let alike = |here: &[f64], there: &[f64], most: f64| {
            let far = here.iter().zip(there).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(here.len() == there.len() && far < most, "{target:?} {own:?}: {far}");
        };
        for (here, there) in each(&here).into_iter().zip(each(&there)) {
            alike(&here.weights, &there.weights, most);
        }
        alike(&said(&here, &rows, target), &said(&there, &rows, target), 10.0 * most);
    };
    for strength in [0.1, 1.0, 100.0] {
        check(&two, &Target::Binary, strength, 0.0, None);
        check(&three, &classes, strength, 0.0, None);
        for loss in [NumberLoss::Squared, NumberLoss::Huber] {
            check(&numbers, &Target::Number, strength, 0.0, Some(loss));
        }
    }
    let weighted = |labels: &Labels| {
        Labels::weighted(labels.to_vec(), Some((0..labels.len()).map(|row| [0.5, 1.0, 3.0][row % 3]).collect()))
    };
    check(&weighted(&two), &Target::Binary, 1.0, 0.0, None);
    check(&weighted(&two), &Target::Binary, 0.5, 0.5, None);
    check(&weighted(&three), &classes, 1.0, 0.0, None);
    check(&weighted(&numbers), &Target::Number, 1.0, 0.0, Some(NumberLoss::Huber));
    for l1_ratio in [0.5, 1.0] {
        check(&two, &Target::Binary, 0.5, l1_ratio, None);
        check(&numbers, &Target::Number, 0.5, l1_ratio, Some(NumberLoss::Squared));
    }
}

/// 30 rows of 60 numbers from the generator of the other tests.
fn recorded_rows() -> (Sparse, Vec<f64>) {
    let mut state: u64 = 12_345;
    let mut draw = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    };
    let mut rows = Sparse { rows: 30, width: 60, numbers: 60, groups: 0, values: vec![], active: vec![] };
    let mut scores = Vec::new();
    for _ in 0..30 {
        let values: Vec<f64> = (0..60).map(|_| draw() * 4.0 - 2.0).collect();
        scores.push(values[0] - values[1] + draw() - 0.5);
        rows.values.extend(values);
    }
    (rows, scores)
}

/// scikit-learn 1.9.1: `LogisticRegression(C)` by `newton-cg` at tol 1e-14, with `l1_ratio=1` by `saga` at 1e-13; `Ridge(alpha)` of
/// labels in units of their standard deviation, turned back. The intercept and the first weights.
#[test]
fn more_columns_than_rows_have_the_recorded_coefficients_of_scikit_learn() {
    let (rows, scores) = recorded_rows();
    let check = |target: &Target, strength: f64, l1_ratio: f64, intercept: f64, weights: [f64; 4]| {
        let label = |score: &f64| match target {
            Target::Number => 50.0 + 10.0 * score,
            _ => f64::from(*score > 0.0),
        };
        let labels: Labels = scores.iter().map(label).collect::<Vec<f64>>().into();
        let fitted = of(&rows, &labels, target, &penalised(strength, l1_ratio));
        assert!((fitted.intercept - intercept).abs() < 1e-6, "{} {intercept}", fitted.intercept);
        for (found, recorded) in fitted.weights.iter().zip(weights) {
            assert!((found - recorded).abs() < 1e-6, "{target:?} {strength} {l1_ratio}: {found} {recorded}");
        }
    };
    check(
        &Target::Binary,
        1.0,
        0.0,
        -0.610_433_020_310_775,
        [0.930_480_055_333_243_5, -0.625_665_014_282_632_8, -0.173_003_315_158_784_92, -0.313_580_882_263_397_03],
    );
    check(
        &Target::Binary,
        100.0,
        0.0,
        -0.280_882_261_686_789_1,
        [0.110_937_809_529_169_55, -0.072_835_103_887_818_91, -0.029_572_307_703_905_94, -0.034_668_189_288_419_48],
    );
    check(
        &Target::Binary,
        5.0,
        1.0,
        -0.206_768_651_445_790_5,
        [0.974_971_794_059_620_4, -0.239_305_251_063_719_22, 0.0, 0.0],
    );
    check(
        &Target::Number,
        1.0,
        0.0,
        44.727_282_633_760_33,
        [5.838_910_007_412_023, -4.779_915_965_325_82, -0.360_765_602_543_002_5, -1.732_058_431_713_195_5],
    );
    check(
        &Target::Number,
        100.0,
        0.0,
        43.182_623_100_836_36,
        [2.643_319_857_736_545, -2.172_893_757_235_084, -0.316_189_767_466_157_07, -0.633_119_564_155_015_8],
    );
}

/// `LogisticRegression()` by `newton-cg` at tol 1e-14: the probabilities of the first rows.
#[test]
fn more_columns_than_rows_have_the_recorded_probabilities_of_scikit_learn() {
    let (rows, scores) = recorded_rows();
    let class = |t: &f64| if *t < -1.0 { 0.0 } else { 1.0 + f64::from(*t >= 1.0) };
    let labels: Labels = scores.iter().map(class).collect::<Vec<f64>>().into();
    let target = Target::Classes(["a", "b", "c"].map(String::from).to_vec());
    let settings = penalised(1.0, 0.0);
    let found = said(&fit(&rows, &labels, &target, &settings, Stop::asked(&NEVER)).unwrap(), &rows, &target);
    let recorded = [
        [0.038_215_141_725_427_29, 0.958_448_061_159_367_5, 0.003_336_797_115_205_177],
        [0.992_135_543_825_309_6, 0.002_872_368_970_814_542, 0.004_992_087_203_875_944],
        [0.021_755_291_677_240_468, 0.951_286_454_508_191_6, 0.026_958_253_814_567_967],
    ];
    for (found, recorded) in found.iter().zip(recorded.as_flattened()) {
        assert!((found - recorded).abs() < 1e-6, "{found} {recorded}");
    }
}

#[test]
fn rows_that_others_say_already_and_rows_of_nothing_change_nothing_else() {
    let (mut rows, two, ..) = wide();
    // The second row is the first; the third has no value at all.
    rows.values.copy_within(0..100, 100);
    rows.active.copy_within(0..2, 2);
    rows.values[200..300].fill(0.0);
    rows.active[4..6].fill(Sparse::NONE);
    let settings = penalised(1.0, 0.0);
    let space = RowSpace::where_it_pays(&rows, &Penalty::new(&settings), Stop::asked(&NEVER)).unwrap().unwrap();
    assert_eq!(space.rows.width, 38);
    let fitted = of(&rows, &two, &Target::Binary, &settings);
    let fit = Fit { rows: &rows, labels: &two, loss: RowLoss::Logistic, stop: Stop::asked(&NEVER) };
    let slope = curvature::gradient(fit, &fitted.raw(&rows));
    for (slope, weight) in slope.iter().zip(&fitted.weights) {
        assert!((slope + weight).abs() < 1e-7, "{slope} {weight}");
    }
    assert!(slope[120].abs() < 1e-7);
}

#[test]
fn lasso_of_few_rows_is_at_its_optimum_in_every_column() {
    let (rows, two, ..) = wide();
    let settings = penalised(1.0, 1.0);
    let fitted = of(&rows, &two, &Target::Binary, &settings);
    let fit = Fit { rows: &rows, labels: &two, loss: RowLoss::Logistic, stop: Stop::asked(&NEVER) };
    let slope = curvature::gradient(fit, &fitted.raw(&rows));
    for (slope, weight) in slope.iter().zip(&fitted.weights) {
        if *weight == 0.0 {
            assert!(slope.abs() <= 1.0 + 1e-7, "{slope}");
        } else {
            assert!((slope + weight.signum()).abs() < 1e-6, "{slope} {weight}");
        }
    }
    let some = fitted.weights.iter().filter(|weight| **weight != 0.0).count();
    assert!((1..40).contains(&some), "{some}");
}

#[test]
fn a_fit_that_is_asked_to_stop_stops() {
    let (rows, two, three, numbers) = wide();
    let (asked, never) = (AtomicBool::new(true), AtomicBool::new(false));
    let over = Stop::asked(&never).by(Some(std::time::Instant::now()));
    let classes = Target::Classes(["a", "b", "c"].map(String::from).to_vec());
    for (labels, target) in [(&two, &Target::Binary), (&three, &classes), (&numbers, &Target::Number)] {
        for (times, l1_ratio) in [(1, 0.0), (1, 1.0), (4, 0.0), (4, 1.0)] {
            let (rows, labels) = repeated(&rows, labels, times);
            let settings = LinearCandidate {
                strength: 1.0,
                l1_ratio,
                loss: Some(NumberLoss::Huber),
                transform: TargetTransform::Identity,
                logarithms: false,
            };
            let ended = |stop: Stop<'_>| fit(&rows, &labels, target, &settings, stop).unwrap_err().code().to_owned();
            assert_eq!((&*ended(Stop::asked(&asked)), &*ended(over)), ("cancelled", "time-over"));
        }
    }
}

/// Weights of thirty classes take minutes; the flag is set when they are under way.
#[test]
fn a_fit_under_way_ends_when_it_is_asked_to() {
    let mut rng = Rng::new(6);
    let mut rows = Sparse { rows: 3_000, width: 1_500, numbers: 0, groups: 10, values: vec![], active: vec![] };
    let mut labels = Vec::new();
    for _ in 0..rows.rows {
        rows.active.extend((0..10).map(|group| 150 * group + rng.index(150) as u32));
        labels.push(rng.index(30) as f64);
    }
    let labels: Labels = labels.into();
    let target = Target::Classes((0..30).map(|class| class.to_string()).collect());
    let settings = penalised(0.1, 0.0);
    let (stop, begun) = (AtomicBool::new(false), std::sync::Barrier::new(2));
    let ended = std::thread::scope(|scope| {
        let fitting = scope.spawn(|| {
            begun.wait();
            fit(&rows, &labels, &target, &settings, Stop::asked(&stop))
        });
        begun.wait();
        std::thread::sleep(std::time::Duration::from_millis(200));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        fitting.join().unwrap()
    });
    assert_eq!(ended.unwrap_err().code(), "cancelled");
}
