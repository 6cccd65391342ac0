//! The metrics against values recorded from scikit-learn 1.9.1 (numpy 2.4.6): `average_precision_score`,
//! `roc_auc_score`, `log_loss`, `brier_score_loss`, `accuracy_score`, `precision_score`, `recall_score`,
//! `f1_score`, `matthews_corrcoef` and `confusion_matrix`, with `sample_weight` where rows are repeated. It
//! has no calibration error: that was computed with numpy from the definition.

use super::{Costs, Figures, Metric, Ranked, average_precision, roc_auc};

const COSTS: Costs = Costs { false_negative: 5.0, false_positive: 1.0 };
pub(super) const ORDER: [Metric; 11] = [
    Metric::AveragePrecision,
    Metric::RocAuc,
    Metric::LogLoss,
    Metric::Brier,
    Metric::Accuracy,
    Metric::Precision,
    Metric::Recall,
    Metric::F1,
    Metric::Mcc,
    Metric::ExpectedCost,
    Metric::CalibrationError,
];

const SCORES: [f64; 20] =
    [0.9, 0.8, 0.8, 0.8, 0.7, 0.6, 0.6, 0.5, 0.5, 0.4, 0.3, 0.3, 0.3, 0.2, 0.1, 0.1, 0.0, 1.0, 0.55, 0.45];
const LABELS: [f64; 20] =
    [1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0];
const TIMES: [f64; 20] =
    [1.0, 2.0, 0.0, 3.0, 1.0, 1.0, 4.0, 2.0, 1.0, 0.0, 1.0, 2.0, 2.0, 1.0, 3.0, 1.0, 1.0, 1.0, 2.0, 0.0];

fn check(figures: &Figures, recorded: [f64; 11]) {
    for (metric, expect) in ORDER.into_iter().zip(recorded) {
        let figure = figures[&metric];
        assert!((figure - expect).abs() < 1e-12, "{metric}: {figure} instead of {expect}");
    }
}

#[test]
fn ties_count_as_in_scikit_learn() {
    let ranked = Ranked::new(&SCORES, &LABELS).unwrap();
    let mut recorded = [
        0.585_375_686_691_476_2,
        0.681_818_181_818_181_8,
        2.381_486_802_899_149,
        0.246_749_999_999_999_97,
        0.7,
        0.636_363_636_363_636_4,
        0.777_777_777_777_777_8,
        0.7,
        0.414_141_414_141_414_14,
        0.7,
        0.18,
    ];
    check(&ranked.figures(0.5, COSTS), recorded);
    let at_a_tie = [0.6, 0.6, 0.333_333_333_333_333_3, 0.428_571_428_571_428_55, 0.174_077_655_955_697_85, 1.6];
    recorded[4..10].copy_from_slice(&at_a_tie);
    check(&ranked.figures(0.8, COSTS), recorded);
}

#[test]
fn repeated_rows_count_as_sample_weights_do() {
    let ranked = Ranked::new(&SCORES, &LABELS).unwrap();
    let recorded = [
        0.632_997_027_127_461_9,
        0.697_619_047_619_047_7,
        1.825_809_818_255_294_6,
        0.233_965_517_241_379_31,
        0.689_655_172_413_793_1,
        0.666_666_666_666_666_6,
        0.8,
        0.727_272_727_272_727_3,
        0.382_518_426_118_724_8,
        0.724_137_931_034_482_8,
        0.155_172_413_793_103_45,
    ];
    check(&ranked.figures_weighted(&TIMES, 0.5, COSTS), recorded);
}

/// A thousand rows from Knuth's linear congruential generator, so that the recorder could make the same.
#[test]
fn a_thousand_rows_on_a_grid_of_scores() {
    let mut state = 12_345_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / 2_147_483_648.0
    };
    let (mut scores, mut labels, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..1000 {
        let score = (next() * 200.0).round_ties_even() / 200.0;
        scores.push(score);
        labels.push(f64::from(next() < score));
        times.push((next() * 4.0).floor());
    }
    let ranked = Ranked::new(&scores, &labels).unwrap();
    let recorded = [
        0.839_028_297_567_786_2,
        0.824_899_141_905_737_7,
        0.509_177_682_517_380_4,
        0.171_022_600_000_000_02,
        0.733,
        0.703_150_912_106_136,
        0.828_125,
        0.760_538_116_591_928_3,
        0.471_297_228_497_659_2,
        0.619,
        0.022_940_000_000_000_002,
    ];
    check(&ranked.figures(0.4, COSTS), recorded);
    let recorded = [
        0.836_036_989_903_901_1,
        0.818_526_342_679_190_7,
        0.517_127_615_565_799_2,
        0.174_326_181_994_818_67,
        0.731_865_284_974_093_3,
        0.707_135_250_266_240_7,
        0.826_899_128_268_991_3,
        0.762_342_135_476_463_4,
        0.466_456_042_926_943_4,
        0.628_238_341_968_911_9,
        0.028_915_155_440_414_515,
    ];
    check(&ranked.figures_weighted(&times, 0.4, COSTS), recorded);
}

#[test]
fn one_class_and_no_information() {
    assert!(roc_auc(&[0.1, 0.2], &[1.0, 1.0]).unwrap().is_nan());
    assert_eq!(average_precision(&[0.1, 0.2], &[0.0, 0.0]).unwrap(), 0.0);
    assert_eq!(roc_auc(&[0.5; 10], &LABELS[..10]).unwrap(), 0.5);
    assert_eq!(average_precision(&[0.5; 10], &LABELS[..10]).unwrap(), 0.6);
}
