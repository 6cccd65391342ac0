//! Intervals by bootstrap: rows, or whole blocks of rows that belong together, drawn with replacement.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::estimate::Estimate;
use crate::metrics::{Measured, Metric};
use crate::quantile::quantile_sorted;
use crate::rng::Rng;

/// How many resamples unless said otherwise.
pub const DEFAULT_RESAMPLES: u32 = 200;

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Draws {
    /// How many resamples.
    pub resamples: u32,
    /// What they all follow from.
    pub seed: u64,
    /// How many threads work on them; their number changes nothing but the time.
    pub threads: usize,
}

/// Every metric with its percentile interval (Efron 1979).
///
/// With `blocks` (one number per row of the input) whole blocks are drawn instead of rows. A resample in which
/// a metric is not a number is left out of that metric's interval, and so is one without positives of average precision's.
/// The same rows in another order give the same bits, with `blocks` too if they were told when the rows were put in order.
///
/// A calibration error is a sum of absolute deviations, which drawing rows only adds noise to: its resamples lie above the
/// figure as the figure lies above the error of all that could have been drawn. Noise adds up in squares, so that the
/// interval is that of the resamples turned round the figure in squares (the basic interval of Davison and Hinkley,
/// "Bootstrap Methods and their Application", 1997, 5.2, of the square), and holds the figure.
pub fn intervals(measured: &dyn Measured, blocks: Option<&[u32]>, draws: Draws) -> BTreeMap<Metric, Estimate> {
    let sampler = Sampler::new(measured.order(), blocks);
    let metrics = measured.metrics();
    // Which thread takes a resample is chance, which resamples there are is not, and their quantiles have no order.
    let left = Mutex::new((draws.resamples, Rng::new(draws.seed)));
    let drawn: Mutex<Vec<Vec<f64>>> = Mutex::new(vec![Vec::new(); metrics.len()]);
    let hand = || {
        let (mut units, mut times) = (vec![0; sampler.units], vec![0.0; measured.order().len()]);
        loop {
            {
                let (left, rng) = &mut *locked(&left);
                let Some(fewer) = left.checked_sub(1) else { break };
                *left = fewer;
                draw_into(&mut units, rng);
            }
            sampler.spread(&units, &mut times);
            let all = measured.figures(Some(&times));
            for ((figure, metric), figures) in all.into_iter().zip(metrics).zip(&mut *locked(&drawn)) {
                if !figure.is_nan() && !lacks_positives(*metric, figure) {
                    figures.push(figure);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        (1..draws.threads).for_each(|_| drop(scope.spawn(hand)));
        hand();
    });
    let mut drawn = drawn.into_inner().unwrap_or_else(PoisonError::into_inner);
    let values = measured.figures(None);
    let estimates = values.into_iter().zip(&mut drawn).zip(metrics);
    estimates.map(|((value, figures), metric)| (*metric, estimate(*metric, value, figures))).collect()
}

/// Whether a resample has no positives: then no positive can be found early or late, though scikit-learn says 0, which no
/// rows with a positive come to.
fn lacks_positives(metric: Metric, figure: f64) -> bool {
    metric == Metric::AveragePrecision && figure == 0.0
}

/// A thread that panics ends the scope, so that nobody sees what it left.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn estimate(metric: Metric, value: f64, figures: &mut [f64]) -> Estimate {
    figures.sort_unstable_by(f64::total_cmp);
    let at = |p| quantile_sorted(figures, p).unwrap_or(f64::NAN);
    match metric {
        Metric::CalibrationError => {
            // With `max` first, what is not a number stays so.
            let turned = |p| (2.0 * value * value - at(p) * at(p)).max(0.0 * value).sqrt();
            let (low, high) = (turned(0.975), turned(0.025));
            Estimate {
                value,
                low: if low > value { value } else { low },
                high: if high < value { value } else { high },
            }
        }
        _ => Estimate { value, low: at(0.025), high: at(0.975) },
    }
}

/// What is drawn, rows or blocks, and how often each place then occurs.
struct Sampler {
    /// The block of each place, blocks numbered from 0 in ascending order; empty when rows are drawn.
    block: Vec<u32>,
    /// How many things there are to draw.
    units: usize,
}

impl Sampler {
    fn new(order: &[u32], blocks: Option<&[u32]>) -> Self {
        let Some(blocks) = blocks else { return Self { block: Vec::new(), units: order.len() } };
        let of_row = |row: &u32| blocks.get(*row as usize).copied().unwrap_or(0);
        let mut names: Vec<u32> = order.iter().map(of_row).collect();
        names.sort_unstable();
        names.dedup();
        let number = |name: u32| u32::try_from(names.partition_point(|known| *known < name)).unwrap_or(0);
        let block = order.iter().map(|row| number(of_row(row))).collect();
        Self { block, units: names.len() }
    }

    fn spread(&self, units: &[u32], times: &mut [f64]) {
        if self.block.is_empty() {
            times.iter_mut().zip(units).for_each(|(times, units)| *times = f64::from(*units));
        } else {
            for (times, block) in times.iter_mut().zip(&self.block) {
                *times = f64::from(units[*block as usize]);
            }
        }
    }
}

/// As many draws with replacement as there are things to draw.
fn draw_into(times: &mut [u32], rng: &mut Rng) {
    times.fill(0);
    let count = times.len();
    for _ in 0..count {
        times[rng.index(count)] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{BinaryRows, Costs, Folds, Ranked};

    fn of_folds(
        ranked: &Ranked,
        folds: Folds,
        blocks: Option<&[u32]>,
        threshold: f64,
        draws: Draws,
    ) -> BTreeMap<Metric, Estimate> {
        let rows = BinaryRows { ranked: ranked.clone(), folds, threshold, costs: Costs::default() };
        super::intervals(&rows, blocks, draws)
    }

    fn intervals(ranked: &Ranked, blocks: Option<&[u32]>, threshold: f64, draws: Draws) -> BTreeMap<Metric, Estimate> {
        of_folds(ranked, Folds::default(), blocks, threshold, draws)
    }

    fn draws(resamples: u32, seed: u64) -> Draws {
        Draws { resamples, seed, threads: 1 }
    }

    fn rows(n: usize, seed: u64) -> (Vec<f64>, Vec<f64>, Vec<u32>) {
        let mut rng = Rng::new(seed);
        let scores: Vec<f64> = (0..n).map(|_| (rng.unit() * 50.0).floor() / 50.0).collect();
        let labels = scores.iter().map(|s| f64::from(rng.unit() < *s)).collect();
        let blocks = (0..n).map(|i| u32::try_from(i * 20 / n).unwrap()).collect();
        (scores, labels, blocks)
    }

    #[test]
    fn a_calibration_error_lies_within_its_interval() {
        for seed in 0..20 {
            let (scores, labels, blocks) = rows(400, seed);
            let ranked = Ranked::with_blocks(&scores, &labels, Some(&blocks)).unwrap();
            for blocks in [None, Some(&blocks[..])] {
                let found = intervals(&ranked, blocks, 0.5, draws(200, seed));
                let error = found[&Metric::CalibrationError];
                assert!(error.low <= error.value && error.value <= error.high && error.low >= 0.0, "{error:?}");
            }
        }
    }

    #[test]
    fn the_interval_of_a_calibration_error_holds_that_of_all_rows() {
        // Labels are drawn by their scores: of all that could be drawn the error is 0.
        let held = (0..100).filter(|seed| {
            let (scores, labels, _) = rows(300, *seed);
            let ranked = Ranked::new(&scores, &labels).unwrap();
            let error = intervals(&ranked, None, 0.5, draws(200, *seed))[&Metric::CalibrationError];
            assert!(error.value > 0.0);
            error.low < 0.01
        });
        let held = held.count();
        assert!(held >= 90, "{held} of 100");
    }

    #[test]
    fn an_average_precision_of_nothing_is_none() {
        // Two of forty rows are positive and found last: some resamples have none of them.
        let scores: Vec<f64> = (0..40).map(|row| f64::from(row) / 40.0).collect();
        let labels: Vec<f64> = (0..40).map(|row| f64::from(u8::from(row < 2))).collect();
        let found = intervals(&Ranked::new(&scores, &labels).unwrap(), None, 0.5, draws(400, 1));
        let Estimate { value, low, high } = found[&Metric::AveragePrecision];
        assert!(0.02 < low && low <= value && value <= high, "{low} {value} {high}");
        assert_eq!(found[&Metric::Recall].low, 0.0, "the control: a recall of 0 is one");
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let (scores, labels, blocks) = rows(600, 11);
        let ranked = Ranked::with_blocks(&scores, &labels, Some(&blocks)).unwrap();
        let folds = Folds::new(&ranked, &ranked, &blocks);
        for blocks in [None, Some(&blocks[..])] {
            let by = |threads| {
                let draws = Draws { threads, ..draws(40, 3) };
                of_folds(&ranked, folds.clone(), blocks, 0.5, draws)
            };
            let one = by(1);
            assert!(one[&Metric::RocAuc].low < one[&Metric::RocAuc].high);
            assert_eq!(one, by(3));
            assert_eq!(one, by(0));
        }
    }

    #[test]
    fn intervals_hold_the_value_and_narrow_with_more_rows() {
        let width = |n| {
            let (scores, labels, _) = rows(n, 5);
            let ranked = Ranked::new(&scores, &labels).unwrap();
            let all = intervals(&ranked, None, 0.5, draws(DEFAULT_RESAMPLES, 1));
            assert_eq!(all.len(), Metric::BINARY.len());
            for (metric, e) in &all {
                // The calibration error of a resample is biased upwards, by its nature.
                assert!(e.low <= e.value && e.value <= e.high || *metric == Metric::CalibrationError, "{metric} {e:?}");
            }
            all[&Metric::RocAuc].high - all[&Metric::RocAuc].low
        };
        let (few, many) = (width(400), width(6400));
        assert!(few > 2.5 * many && few < 6.5 * many, "{few} {many}");
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter() {
        let (scores, labels, blocks) = rows(3000, 9);
        let mut order: Vec<usize> = (0..scores.len()).collect();
        Rng::new(2).shuffle(&mut order);
        let pick = |values: &[f64]| -> Vec<f64> { order.iter().map(|i| values[*i]).collect() };
        let (scores2, labels2) = (pick(&scores), pick(&labels));
        let blocks2: Vec<u32> = order.iter().map(|i| blocks[*i]).collect();
        for by_block in [false, true] {
            let run = |s: &[f64], l: &[f64], b: &[u32]| {
                let ranked = Ranked::with_blocks(s, l, Some(b)).unwrap();
                intervals(&ranked, by_block.then_some(b), 0.4, draws(50, 3))
            };
            let (one, other) = (run(&scores, &labels, &blocks), run(&scores2, &labels2, &blocks2));
            assert_eq!(one, other);
        }
    }

    #[test]
    fn intervals_are_of_95_percent_and_of_as_many_rows() {
        // Seven of ten decisions are right: 1.96 standard deviations of a share of 2000 rows on either side.
        let labels: Vec<f64> = (0..2000).map(|i| f64::from(u8::from(i % 10 < 7))).collect();
        let ranked = Ranked::new(&vec![0.9; 2000], &labels).unwrap();
        let share = intervals(&ranked, None, 0.5, draws(2000, 4))[&Metric::Accuracy];
        let expected = 2.0 * 1.959_964 * (0.7_f64 * 0.3 / 2000.0).sqrt();
        assert!(((share.high - share.low) / expected - 1.0).abs() < 0.06, "{share:?}, {expected} wide");
        // Of two rows, one drawn alone would always be of one class.
        let ranked = Ranked::new(&[0.9, 0.1], &[1.0, 0.0]).unwrap();
        let two = intervals(&ranked, None, 0.5, draws(100, 1))[&Metric::RocAuc];
        assert_eq!((two.low, two.high), (1.0, 1.0));
    }

    #[test]
    fn blocks_are_drawn_whole() {
        // Each row stands twenty times, under the block of its rank: drawing blocks of copies is drawing the rows.
        let mut rng = Rng::new(3);
        let scores: Vec<f64> = (0..150).map(|i| f64::from(150 - i) / 200.0).collect();
        let labels: Vec<f64> = scores.iter().map(|score| f64::from(rng.unit() < *score)).collect();
        let copies = |values: &[f64]| -> Vec<f64> { values.iter().flat_map(|v| std::iter::repeat_n(*v, 20)).collect() };
        let blocks: Vec<u32> = (0..150).flat_map(|block| std::iter::repeat_n(block, 20)).collect();
        let of = |scores: &[f64], labels: &[f64], blocks: Option<&[u32]>| {
            let ranked = Ranked::with_blocks(scores, labels, blocks).unwrap();
            intervals(&ranked, blocks, 0.4, draws(100, 5))
        };
        let rows = of(&scores, &labels, None);
        let (scores, labels) = (copies(&scores), copies(&labels));
        let by_block = of(&scores, &labels, Some(&blocks));
        for (metric, expected) in &rows {
            let found = by_block[metric];
            // Bins of equal mass fall elsewhere among copies, and the calibration error with them.
            let near = [(found.value, expected.value), (found.low, expected.low), (found.high, expected.high)]
                .iter()
                .all(|(found, expected)| (found - expected).abs() < 1e-9);
            assert!(near || *metric == Metric::CalibrationError, "{metric}: {found:?} instead of {expected:?}");
        }
        // Rows drawn one by one would say that twenty times as much is known.
        let blind = of(&scores, &labels, None);
        let width = |all: &BTreeMap<Metric, Estimate>| all[&Metric::Brier].high - all[&Metric::Brier].low;
        assert!(width(&by_block) > 3.0 * width(&blind), "{} {}", width(&by_block), width(&blind));
    }

    #[test]
    fn resamples_without_a_class_are_left_out() {
        let ranked = Ranked::new(&[0.9, 0.2, 0.1], &[1.0, 0.0, 0.0]).unwrap();
        let all = intervals(&ranked, None, 0.5, draws(100, 1));
        assert_eq!(all[&Metric::RocAuc], Estimate { value: 1.0, low: 1.0, high: 1.0 });
        let ranked = Ranked::new(&[0.9, 0.2], &[0.0, 0.0]).unwrap();
        let none = intervals(&ranked, None, 0.5, draws(100, 1))[&Metric::RocAuc];
        assert!(none.value.is_nan() && none.low.is_nan() && none.high.is_nan());
        let json = serde_json::to_string(&none).unwrap();
        assert_eq!(json, r#"{"value":null,"low":null,"high":null}"#);
        assert!(serde_json::from_str::<Estimate>(&json).unwrap().value.is_nan());
    }

    #[test]
    fn not_a_number_among_the_scores_and_no_rows_give_no_figures() {
        for (scores, labels) in [(vec![f64::NAN, 0.2], vec![1.0, 0.0]), (vec![], vec![])] {
            let ranked = Ranked::new(&scores, &labels).unwrap();
            let all = intervals(&ranked, None, 0.5, draws(10, 1));
            assert!(all.values().all(|e| e.value.is_nan() && e.low.is_nan()), "{all:?}");
        }
    }

    #[test]
    fn labels_that_are_not_binary_are_refused() {
        let problem = Ranked::new(&[0.1, 0.2], &[0.0, 2.0]).unwrap_err();
        assert_eq!(problem.code(), "label-not-binary");
    }
}
