//! Linear models of several classes and of numbers against recorded values of scikit-learn 1.9.1, and against what they promise.

use ropeway_stat::softmax;

use super::super::*;
use super::{NEVER, of, rows_with};
use crate::settings::TargetTransform;

/// Labels of three classes and of numbers for the rows; every fortieth number is far too high.
fn labelled() -> (Sparse, Labels, Labels) {
    let (rows, scores, mut draw) = rows_with();
    let (mut classes, mut numbers) = (Vec::new(), Vec::new());
    for (row, score) in scores.iter().enumerate() {
        let (u, v) = (draw(), draw());
        let t = score + 2.0 * (u - 0.5);
        classes.push(if t < -0.8 { 0.0 } else { 1.0 + f64::from(t >= 0.6) });
        numbers.push(50.0 + 10.0 * score + 8.0 * (v - 0.5) + if row % 40 == 0 { 100.0 } else { 0.0 });
    }
    (rows, classes.into(), numbers.into())
}

fn settings(strength: f64, l1_ratio: f64, loss: Option<NumberLoss>) -> LinearCandidate {
    LinearCandidate { strength, l1_ratio, loss, transform: TargetTransform::Identity, logarithms: false }
}

/// `LogisticRegression(C)`: solver `newton-cg` at tol 1e-14, `saga` at 1e-13 with `l1_ratio=1`; the probabilities of the first
/// rows, since weights are told up to a constant where nothing penalises them.
#[test]
fn several_classes_have_the_recorded_probabilities_of_scikit_learn() {
    let (rows, labels, _) = labelled();
    let target = Target::Classes(["a", "b", "c"].map(String::from).to_vec());
    let check = |c: f64, l1_ratio: f64, recorded: [[f64; 3]; 3]| {
        let fitted = fit(&rows, &labels, &target, &settings(1.0 / c, l1_ratio, None), Stop::asked(&NEVER)).unwrap();
        let mut found = fitted.raw(&Encoded::Sparse(rows.clone())).unwrap();
        found.chunks_mut(3).for_each(softmax);
        for (found, recorded) in found.iter().zip(recorded.as_flattened()) {
            assert!((found - recorded).abs() < 1e-5, "C = {c}: {found} instead of {recorded}");
        }
    };
    check(
        1.0,
        0.0,
        [
            [0.807_955_244_834_378_4, 0.189_225_100_690_504_55, 0.002_819_654_475_117_093],
            [3.965_022_912_955_291e-5, 0.034_852_655_761_224_656, 0.965_107_694_009_645_8],
            [0.998_828_375_734_518_5, 0.001_171_390_085_344_524_7, 2.341_801_369_079_388e-7],
        ],
    );
    check(
        0.01,
        0.0,
        [
            [0.509_613_723_175_272_9, 0.317_706_010_458_005_8, 0.172_680_266_366_721_35],
            [0.100_713_524_041_700_49, 0.276_002_595_418_043_1, 0.623_283_880_540_256_4],
            [0.752_477_629_682_273_3, 0.193_347_831_775_957_4, 0.054_174_538_541_769_415],
        ],
    );
    check(
        0.1,
        1.0,
        [
            [0.720_167_702_099_589_2, 0.258_177_555_718_322_8, 0.021_654_742_182_088_065],
            [0.005_323_976_227_149_875, 0.140_846_601_300_576_66, 0.853_829_424_472_273_4],
            [0.954_252_325_147_660_2, 0.045_111_440_732_125_974, 0.000_636_234_120_213_970_1],
        ],
    );
}

/// `Ridge(alpha)` of labels in units of their standard deviation, turned back.
#[test]
fn least_squares_have_the_recorded_coefficients_of_scikit_learn() {
    let (rows, _, labels) = labelled();
    let check = |alpha: f64, intercept: f64, weights: [f64; 7]| {
        let fitted = of(&rows, &labels, &Target::Number, &settings(alpha, 0.0, Some(NumberLoss::Squared)));
        assert!((fitted.intercept - intercept).abs() < 1e-6, "{} {intercept}", fitted.intercept);
        for (found, recorded) in fitted.weights.iter().zip(weights) {
            assert!((found - recorded).abs() < 1e-6, "alpha = {alpha}: {found} {recorded}");
        }
    };
    check(
        1.0,
        46.326_643_109_618_395,
        [
            11.399_624_203_595_996,
            -6.807_019_638_331_155,
            1.084_516_749_396_759_1,
            7.896_821_150_510_644,
            -5.008_761_007_660_399,
            -2.340_345_417_448_349_3,
            7.851_384_179_946_085,
        ],
    );
    check(
        100.0,
        48.251_733_548_849_245,
        [
            9.630_989_527_323_8,
            -5.801_195_079_248_68,
            0.753_992_912_279_766_7,
            4.260_848_356_404_649,
            -2.289_401_773_162_856,
            -1.625_473_509_163_391_8,
            3.839_437_281_975_918_4,
        ],
    );
}

#[test]
fn outliers_pull_less_at_hubers_regression() {
    let (rows, _, labels) = labelled();
    let intercept = |loss| of(&rows, &labels, &Target::Number, &settings(1e-6, 0.0, Some(loss))).intercept;
    // The truth without them is 50 - 6, and 1 for the level that has no column.
    let (squared, huber) = (intercept(NumberLoss::Squared), intercept(NumberLoss::Huber));
    assert!((squared - 45.0).abs() > 1.0 && (huber - 45.0).abs() < 0.5, "{squared} {huber}");
    // At the optimum Huber's loss has no slope, at the distance that follows from its own residuals.
    let fitted = of(&rows, &labels, &Target::Number, &settings(0.0, 0.0, Some(NumberLoss::Huber)));
    let residuals: Vec<f64> = fitted.raw(&rows).iter().zip(labels.iter()).map(|(raw, label)| raw - label).collect();
    let sizes: Vec<f64> = residuals.iter().map(|residual| residual.abs()).collect();
    let far = 1.345 * ropeway_stat::quantile(&sizes, 0.5).unwrap() / 0.6745;
    let slope: f64 = residuals.iter().map(|residual| residual.clamp(-far, far)).sum();
    assert!(sizes.iter().any(|size| *size > 2.0 * far) && slope.abs() < 1e-3 * far, "{slope} {far}");
}

#[test]
fn an_outlier_however_far_changes_hubers_regression_no_more_than_a_near_one() {
    let (rows, _, labels) = labelled();
    let with = |outlier: f64| {
        let mut values = labels.to_vec();
        values[3] = outlier;
        let labels = labels.with(values);
        of(&rows, &labels, &Target::Number, &settings(1e-6, 0.0, Some(NumberLoss::Huber))).raw(&rows)
    };
    let (near, far) = (with(1e3), with(1e7));
    let apart = near.iter().zip(&far).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart < 0.05, "{apart}");
}

#[test]
fn a_label_far_from_zero_and_one_that_never_changes_are_fitted() {
    let (rows, _, labels) = labelled();
    let squared = settings(1.0, 0.0, Some(NumberLoss::Squared));
    let moved = labels.with(labels.iter().map(|label| label * 1e6 + 1e9).collect());
    let (here, there) = (of(&rows, &labels, &Target::Number, &squared), of(&rows, &moved, &Target::Number, &squared));
    for (a, b) in here.raw(&rows).iter().zip(there.raw(&rows)) {
        assert!((a * 1e6 + 1e9 - b).abs() < 1.0, "{a} {b}");
    }
    let level = of(&rows, &vec![3.0; rows.rows].into(), &Target::Number, &squared);
    assert!(level.raw(&rows).iter().all(|raw| (raw - 3.0).abs() < 1e-9));
}
