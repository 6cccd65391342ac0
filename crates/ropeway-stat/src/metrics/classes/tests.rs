//! Against values recorded from scikit-learn 1.9.1 (numpy 2.4.6), with `sample_weight` where rows are repeated. It has no Brier
//! score of several classes with weights: that was computed with numpy from the definition.

use super::*;
use crate::{Draws, intervals};

struct Rows {
    probabilities: Vec<f64>,
    decisions: Vec<u32>,
    labels: Vec<f64>,
    times: Vec<f64>,
}

/// Probabilities of four classes on a grid, and a class that is drawn by them.
pub(in crate::metrics) fn drawn(next: &mut impl FnMut() -> f64) -> (Vec<f64>, f64) {
    let drawn: Vec<f64> = (0..4).map(|_| (next() * 20.0).round_ties_even() / 20.0 + 0.05).collect();
    let sum: f64 = drawn.iter().sum();
    let row: Vec<f64> = drawn.iter().map(|drawn| drawn / sum).collect();
    let (at, mut class, mut below) = (next(), 0, row[0]);
    while at >= below && class < 3 {
        class += 1;
        below += row[class];
    }
    (row, class as f64)
}

/// Knuth's linear congruential generator, so that the recorder could make the same rows: four classes on a grid.
fn rows() -> Rows {
    let mut state = 12_345_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / 2_147_483_648.0
    };
    let mut made = Rows { probabilities: vec![], decisions: vec![], labels: vec![], times: vec![] };
    for _ in 0..500 {
        let (row, class) = drawn(&mut next);
        made.labels.push(class);
        made.decisions.push(ClassCosts::even(4).decide(&row) as u32);
        made.times.push((next() * 4.0).floor());
        made.probabilities.extend(row);
    }
    made
}

fn measured(rows: &Rows, folds: Option<&[u32]>) -> ClassRows {
    let said = Classed {
        classes: 4,
        probabilities: &rows.probabilities,
        decisions: &rows.decisions,
        ranked_by: &rows.probabilities,
        folds,
        weights: None,
    };
    ClassRows::new(said, &rows.labels, None, ClassCosts::even(4)).unwrap()
}

pub(in crate::metrics) const ORDER: [Metric; 17] = [
    Metric::LogLoss,
    Metric::Accuracy,
    Metric::BalancedAccuracy,
    Metric::MacroF1,
    Metric::MacroPrecision,
    Metric::MacroRecall,
    Metric::MicroF1,
    Metric::WeightedF1,
    Metric::WeightedPrecision,
    Metric::WeightedRecall,
    Metric::MacroRocAuc,
    Metric::WeightedRocAuc,
    Metric::MacroAveragePrecision,
    Metric::Top2Accuracy,
    Metric::Top3Accuracy,
    Metric::Brier,
    Metric::Mcc,
];

fn check(figures: &[f64], recorded: [f64; 17]) {
    for (metric, expect) in ORDER.into_iter().zip(recorded) {
        let figure = figures[Metric::MULTICLASS.iter().position(|other| *other == metric).unwrap()];
        assert!((figure - expect).abs() < 1e-12, "{metric}: {figure} instead of {expect}");
    }
}

#[test]
fn every_figure_is_that_of_scikit_learn() {
    let drawn = rows();
    let rows = measured(&drawn, None);
    let recorded = [
        1.226_294_806_882_046_5,
        0.418,
        0.417_356_433_184_302,
        0.417_388_545_077_171_2,
        0.419_310_620_969_366_83,
        0.417_356_433_184_302,
        0.418,
        0.417_760_697_494_507_2,
        0.419_427_219_158_821_75,
        0.418,
        0.711_113_682_626_675_7,
        0.711_194_329_567_354,
        0.432_055_649_654_393,
        0.724,
        0.906,
        0.675_513_263_705_438_4,
        0.223_652_899_996_339_5,
    ];
    check(&rows.figures(None), recorded);
    let by_place: Vec<f64> = rows.order().iter().map(|row| drawn.times[*row as usize]).collect();
    let recorded = [
        1.235_647_648_710_228,
        0.396_226_415_094_339_65,
        0.396_636_231_950_966_5,
        0.394_791_380_619_736_2,
        0.396_595_183_327_135_96,
        0.396_636_231_950_966_5,
        0.396_226_415_094_339_65,
        0.394_684_370_960_676_16,
        0.396_804_819_164_786_2,
        0.396_226_415_094_339_65,
        0.703_647_299_780_673_6,
        0.703_706_094_184_079_8,
        0.431_192_142_488_391_77,
        0.715_633_423_180_593,
        0.907_008_086_253_369_3,
        0.679_545_223_320_690_7,
        0.195_906_224_177_378_96,
    ];
    check(&rows.figures(Some(&by_place)), recorded);
}

#[test]
fn decisions_are_the_cheapest() {
    let mut costs = ClassCosts::even(3);
    assert_eq!(costs.decide(&[0.2, 0.5, 0.3]), 1);
    assert_eq!(costs.decide(&[0.4, 0.4, 0.2]), 0);
    // To miss the last is dear.
    costs.set(2, 0, 10.0);
    costs.set(2, 1, 10.0);
    assert_eq!(costs.decide(&[0.2, 0.5, 0.3]), 2);
    assert!(costs.holds() && costs.of(2, 1) == 10.0);
    let mut tally = Tally::new(3);
    tally.add(2, 1, 1.0);
    tally.add(0, 0, 3.0);
    assert_eq!(tally.expected_cost(&costs), 2.5);
}

#[test]
fn rows_are_ranked_within_their_fold() {
    // One model says twice what the other says; each ranks perfectly.
    let probabilities = [0.9, 0.1, 0.6, 0.4, 0.45, 0.55, 0.2, 0.8];
    let labels = [0.0, 1.0, 0.0, 1.0];
    let said = |folds| Classed {
        classes: 2,
        probabilities: &probabilities,
        decisions: &[0, 0, 1, 1],
        ranked_by: &probabilities,
        folds,
        weights: None,
    };
    let area = |folds| {
        let rows = ClassRows::new(said(folds), &labels, None, ClassCosts::even(2)).unwrap();
        rows.measure(Metric::MacroRocAuc)
    };
    assert_eq!(area(Some(&[0, 0, 1, 1][..])), 1.0);
    assert_eq!(area(None), 0.75);
}

#[test]
fn the_order_of_the_rows_does_not_matter_and_classes_without_rows_are_left_out() {
    let rows = rows();
    let turned = Rows {
        probabilities: rows.probabilities.chunks(4).rev().flatten().copied().collect(),
        decisions: rows.decisions.iter().rev().copied().collect(),
        labels: rows.labels.iter().rev().copied().collect(),
        times: vec![],
    };
    let draws = Draws { resamples: 50, seed: 3, threads: 2 };
    let one = intervals(&measured(&rows, None), None, draws);
    assert_eq!(one, intervals(&measured(&turned, None), None, draws));
    let area = one[&Metric::MacroRocAuc];
    assert!(area.low < area.value && area.value < area.high, "{area:?}");
    let two: Vec<usize> = (0..500).filter(|row| rows.labels[*row] < 2.0).collect();
    let part = Rows {
        probabilities: two.iter().flat_map(|row| &rows.probabilities[row * 4..row * 4 + 4]).copied().collect(),
        decisions: two.iter().map(|row| rows.decisions[*row]).collect(),
        labels: two.iter().map(|row| rows.labels[*row]).collect(),
        times: vec![],
    };
    let part = measured(&part, None);
    assert!(part.measure(Metric::MacroRocAuc) > 0.5 && part.measure(Metric::BalancedAccuracy) > 0.2);
}
