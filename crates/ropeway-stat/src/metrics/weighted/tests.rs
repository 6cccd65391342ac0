//! Every metric of weighted rows: against values recorded from scikit-learn 1.9.1 (numpy 2.4.6) with `sample_weight`, and against
//! the same rows repeated. Scikit-learn has no calibration error, no Brier score of several classes with weights, and counts
//! probabilities that are equal to that of the label's class otherwise: these were computed with numpy from the definition.

use proptest::prelude::*;

use super::Weighted;
use crate::metrics::{classes as of_classes, tests as of_two};
use crate::{
    BinaryRows, ClassCosts, ClassRows, Classed, Costs, Draws, Folds, Measured, Metric, NumberCosts, NumberRows,
    Numbers, Ranked, Rng, intervals,
};

/// Rows of any task: what was said (one number, or one a class), labels, weights, folds.
#[derive(Debug, Clone, Default)]
struct Rows {
    said: Vec<f64>,
    labels: Vec<f64>,
    weights: Vec<f64>,
    folds: Vec<u32>,
}

impl Rows {
    /// Each as often as its weight says.
    fn repeated(&self) -> Self {
        let width = self.said.len() / self.labels.len().max(1);
        let mut made = Self::default();
        for row in 0..self.labels.len() {
            for _ in 0..self.weights[row] as usize {
                made.said.extend(&self.said[row * width..(row + 1) * width]);
                made.labels.push(self.labels[row]);
                made.folds.push(self.folds[row]);
            }
        }
        made
    }
}

type Measuring = fn(&Rows, Option<&[f64]>, bool) -> Box<dyn Measured>;

const COSTS: Costs = Costs { false_negative: 5.0, false_positive: 1.0 };

fn binary(rows: &Rows, weights: Option<&[f64]>, by_fold: bool) -> Box<dyn Measured> {
    let apart = by_fold.then_some(&rows.folds[..]);
    let ranked = Ranked::weighted(&rows.said, &rows.labels, weights, apart).unwrap();
    let folds = apart.map(|folds| Folds::new(&ranked, &ranked, folds)).unwrap_or_default();
    weighted(BinaryRows { ranked, folds, threshold: 0.4, costs: COSTS }, weights)
}

fn classes(rows: &Rows, weights: Option<&[f64]>, by_fold: bool) -> Box<dyn Measured> {
    let classes = rows.said.len() / rows.labels.len().max(1);
    let costs = ClassCosts::even(classes);
    let decisions: Vec<u32> = rows.said.chunks(classes.max(1)).map(|row| costs.decide(row) as u32).collect();
    let said = Classed {
        classes,
        probabilities: &rows.said,
        decisions: &decisions,
        ranked_by: &rows.said,
        folds: by_fold.then_some(&rows.folds[..]),
        weights,
    };
    weighted(ClassRows::new(said, &rows.labels, None, costs).unwrap(), weights)
}

fn numbers(rows: &Rows, weights: Option<&[f64]>, _: bool) -> Box<dyn Measured> {
    let [low, high] = [-5.0, 5.0].map(|by| rows.said.iter().map(|value| value + by).collect::<Vec<f64>>());
    let said = Numbers { values: &rows.said, decisions: &rows.said, low: &low, high: &high, weights };
    weighted(NumberRows::new(said, &rows.labels, None, NumberCosts { under: 3.0, over: 1.0 }).unwrap(), weights)
}

fn weighted(rows: impl Measured + 'static, weights: Option<&[f64]>) -> Box<dyn Measured> {
    match weights {
        Some(weights) => Box::new(Weighted::new(Box::new(rows), weights)),
        None => Box::new(rows),
    }
}

/// Knuth's linear congruential generator, so that the recorder could make the same rows.
fn generator() -> impl FnMut() -> f64 {
    let mut state = 12_345_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / 2_147_483_648.0
    }
}

fn weight(next: &mut impl FnMut() -> f64) -> f64 {
    (next() * 400.0).round_ties_even() / 100.0 + 0.05
}

fn check(rows: &Rows, of: Measuring, metrics: &[Metric], recorded: &[f64]) {
    let measured = of(rows, Some(&rows.weights), false);
    // The control: weights of other rows, or none, give other figures.
    let mut shuffled = rows.weights.clone();
    Rng::new(1).shuffle(&mut shuffled);
    let others = [of(rows, Some(&shuffled), false), of(rows, None, false)];
    assert_eq!(metrics.len(), recorded.len());
    for (metric, expect) in metrics.iter().zip(recorded) {
        let figure = measured.measure(*metric);
        assert!((figure - expect).abs() < 1e-12, "{metric}: {figure} instead of {expect}");
        for other in &others {
            let other = other.measure(*metric);
            // All intervals are as wide, and the row in the middle may be the same.
            let alike = matches!(metric, Metric::IntervalWidth | Metric::MedianAbsoluteError);
            assert!((other - expect).abs() > 1e-6 || alike, "{metric}: {other} all the same");
        }
    }
}

#[test]
fn figures_of_two_classes_are_those_of_scikit_learn() {
    let (mut next, mut rows) = (generator(), Rows::default());
    for _ in 0..300 {
        let score = (next() * 50.0).round_ties_even() / 50.0;
        rows.said.push(score);
        rows.labels.push(f64::from(next() < score));
        rows.weights.push(weight(&mut next));
    }
    let recorded = [
        0.807_679_170_235_537_7,
        0.822_019_542_273_799,
        0.511_284_611_560_637_9,
        0.172_534_355_069_956,
        0.747_746_411_562_103_5,
        0.713_620_230_700_976_4,
        0.837_896_793_097_835_2,
        0.770_781_233_621_348_3,
        0.502_218_838_517_454_3,
        0.580_461_759_034_953_3,
        0.085_129_447_438_242_6,
    ];
    check(&rows, binary, &of_two::ORDER, &recorded);
}

#[test]
fn figures_of_several_classes_are_those_of_scikit_learn() {
    let (mut next, mut rows) = (generator(), Rows::default());
    for _ in 0..300 {
        let (row, class) = of_classes::tests::drawn(&mut next);
        rows.labels.push(class);
        rows.weights.push(weight(&mut next));
        rows.said.extend(row);
    }
    let recorded = [
        1.207_985_334_382_705,
        0.423_431_110_538_686_93,
        0.425_106_259_098_706_25,
        0.422_831_455_279_612_3,
        0.426_088_630_594_573_36,
        0.425_106_259_098_706_25,
        0.423_431_110_538_687,
        0.420_836_212_402_355_2,
        0.423_841_221_676_494_24,
        0.423_431_110_538_686_93,
        0.725_217_452_518_988_4,
        0.725_172_855_896_905,
        0.453_739_971_376_818_1,
        0.721_141_771_581_286,
        0.913_674_855_910_100_8,
        0.665_877_867_470_705,
        0.231_849_121_650_901_93,
    ];
    check(&rows, classes, &of_classes::tests::ORDER, &recorded);
}

#[test]
fn figures_of_numbers_are_those_of_scikit_learn() {
    let (mut next, mut rows) = (generator(), Rows::default());
    for _ in 0..300 {
        let value = (next() * 100.0).round_ties_even() / 4.0;
        rows.said.push(value);
        rows.labels.push((value + (next() - 0.5) * 12.0).max(0.25));
        rows.weights.push(weight(&mut next));
    }
    let recorded = [
        3.465_534_104_078_339_6,
        2.966_652_208_276_107,
        0.818_675_879_764_828_4,
        3.016_799_937_933_683_4,
        0.935_509_372_243_757_7,
        0.473_198_524_462_164_6,
        -0.026_252_631_764_343_413,
        0.290_221_406_314_943_03,
        0.835_714_638_849_063_2,
        10.000_000_000_000_002,
        5.959_557_048_316_556,
    ];
    check(&rows, numbers, &Metric::REGRESSION, &recorded);
}

/// Rows with whole weights against the same rows repeated: the same bits, but for metrics of numbers that are rounded before they
/// are added up.
fn as_if_repeated(rows: &Rows, of: Measuring, by_fold: bool) -> Result<(), TestCaseError> {
    let repeated = rows.repeated();
    if repeated.labels.is_empty() {
        return Ok(());
    }
    let (weighted, repeated) = (of(rows, Some(&rows.weights), by_fold), of(&repeated, None, by_fold));
    for (metric, (figure, expect)) in
        weighted.metrics().iter().zip(weighted.figures(None).into_iter().zip(repeated.figures(None)))
    {
        let rounded = matches!(metric, Metric::LogLoss | Metric::Mape | Metric::Rmsle | Metric::Pinball | Metric::R2);
        let same = figure.to_bits() == expect.to_bits()
            || figure.is_nan() && expect.is_nan()
            || rounded && (figure - expect).abs() <= 1e-12 * expect.abs().max(1.0);
        prop_assert!(same, "{}: {} of weights, {} of repeated rows", metric, figure, expect);
    }
    Ok(())
}

/// Two things said, a label, a weight and a fold.
type Drawn = (u8, u8, u8, u8, u32);

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_row_of_weight_two_counts_as_two_equal_rows(
        drawn in prop::collection::vec((0..16_u8, 0..16_u8, 0..3_u8, 0..4_u8, 0..3_u32), 1..60),
        by_fold in any::<bool>(),
    ) {
        let column = |of: fn(&Drawn) -> f64| drawn.iter().map(of).collect::<Vec<f64>>();
        let of = |said: Vec<f64>, labels: Vec<f64>| Rows {
            said,
            labels,
            weights: column(|row| f64::from(row.3)),
            folds: drawn.iter().map(|row| row.4).collect(),
        };
        // Of sixteenths and their squares every sum is exact.
        let two = of(column(|row| f64::from(row.0) / 16.0), column(|row| f64::from(row.2 % 2)));
        as_if_repeated(&two, binary, by_fold)?;
        let said = drawn.iter().flat_map(|row| {
            let (first, second) = (row.0 / 2, row.1 / 2);
            [first, second, 16 - first - second].map(|part| f64::from(part) / 16.0)
        });
        as_if_repeated(&of(said.collect(), column(|row| f64::from(row.2))), classes, by_fold)?;
        let number = of(column(|row| f64::from(row.0) / 4.0), column(|row| f64::from(row.1) / 4.0));
        as_if_repeated(&number, numbers, by_fold)?;
    }
}

#[test]
fn a_resample_draws_rows_with_their_weights() {
    let mut rng = Rng::new(5);
    let said: Vec<f64> = (0..400).map(|_| (rng.unit() * 64.0).floor() / 64.0).collect();
    let labels = said.iter().map(|said| f64::from(rng.unit() < *said)).collect();
    let heavy = (0..400).map(|row| if row % 100 == 0 { 100.0 } else { 1.0 }).collect();
    let rows = Rows { said, labels, weights: heavy, folds: vec![0; 400] };
    let drawn = |weights: Option<&[f64]>| {
        intervals(binary(&rows, weights, false).as_ref(), None, Draws { resamples: 200, seed: 3, threads: 2 })
    };
    let plain = drawn(None);
    assert_eq!(drawn(Some(&vec![1.0; 400])), plain);
    assert_eq!(drawn(Some(&vec![2.0; 400])), plain, "all twice says no more");
    // Where a few rows count most there is less to go by.
    let width = |all: &std::collections::BTreeMap<Metric, crate::Estimate>| {
        all[&Metric::Accuracy].high - all[&Metric::Accuracy].low
    };
    let heavy = drawn(Some(&rows.weights));
    assert!(width(&heavy) > 3.0 * width(&plain), "{heavy:?} {plain:?}");
}
