//! How far labels lie from predicted numbers: an interval that holds nine of ten, from the residuals of rows that the model did
//! not see (split conformal prediction: Lei and others, "Distribution-Free Predictive Inference for Regression", 2018). Where
//! larger numbers are missed by more, residuals are told in units of what is usual there.

use ropeway_stat::{INTERVAL, NumberCosts, pinball, weighted_quantile};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use super::cross::{PARTS, helps, parts};
use crate::corrupt::corrupt;
use crate::labels::Labels;
use crate::stretches::stretches;
use crate::tune::crew;

/// Stretches of predictions whose usual residual is told apart, and the fewest rows of each.
const STRETCHES: u32 = 10;
const LEAST: usize = 20;

/// How far labels lie from predictions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Residuals {
    /// What nineteen of twenty residuals (label minus prediction) are above, in units of the usual one.
    pub low: f64,
    /// What nineteen of twenty are below.
    pub high: f64,
    /// The residual to decide for, where too little and too much cost differently.
    pub shift: f64,
    /// The usual residual by prediction; everywhere 1 if none.
    pub usual: Option<Usual>,
}

/// The usual absolute residual: straight between points, level beyond them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    values: Vec<f64>,
    residuals: Vec<f64>,
}

/// A prediction, its absolute residual, and its weight.
type Row = (f64, f64, f64);

fn weight(rows: &[Row]) -> f64 {
    rows.iter().map(|row| row.2).sum()
}

fn mean(rows: &[Row], of: fn(&Row) -> f64) -> f64 {
    rows.iter().map(|row| row.2 * of(row)).sum::<f64>() / weight(rows)
}

/// Predictions and their labels, put in order once for all fits on parts of them.
struct Said<'a> {
    values: &'a [f64],
    labels: &'a Labels,
    /// Rows by ascending prediction, absolute residual and weight.
    order: Vec<u32>,
}

impl<'a> Said<'a> {
    fn new(values: &'a [f64], labels: &'a Labels) -> Self {
        let mut ranked: Vec<(f64, u32)> = values.iter().copied().zip(0..).collect();
        let rest = |row: u32| {
            let row = row as usize;
            ((labels[row] - values[row]).abs(), labels.weight(row))
        };
        ranked.sort_unstable_by(|(value, a), (other, b)| {
            value.total_cmp(other).then_with(|| {
                let (a, b) = (rest(*a), rest(*b));
                a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
            })
        });
        Self { values, labels, order: ranked.into_iter().map(|(_, row)| row).collect() }
    }

    /// The rows that are kept, in that order.
    fn ascending(&self, keeps: impl Fn(usize) -> bool) -> Vec<Row> {
        let kept = self.order.iter().map(|row| *row as usize).filter(|row| keeps(*row));
        let of = |row: usize| (self.values[row], (self.labels[row] - self.values[row]).abs(), self.labels.weight(row));
        kept.map(of).collect()
    }
}

impl Usual {
    /// Of rows in ascending order of prediction.
    fn fit(rows: &[Row]) -> Option<Self> {
        if rows.len() / (STRETCHES as usize) < LEAST {
            return None;
        }
        let least = mean(rows, |row| row.1) * 1e-3;
        let mut made = Self { values: Vec::new(), residuals: Vec::new() };
        for range in stretches(rows.iter().map(|row| row.2), STRETCHES) {
            let part = &rows[range];
            let (value, residual) = (mean(part, |row| row.0), mean(part, |row| row.1).max(least));
            if made.values.last().is_none_or(|last| value > *last) {
                made.values.push(value);
                made.residuals.push(residual);
            }
        }
        made.holds().then_some(made)
    }

    fn at(&self, value: f64) -> f64 {
        let after = self.values.partition_point(|known| *known <= value);
        if after == 0 || after == self.values.len() {
            return self.residuals[after.min(self.residuals.len() - 1)];
        }
        let (x0, x1) = (self.values[after - 1], self.values[after]);
        let (y0, y1) = (self.residuals[after - 1], self.residuals[after]);
        y0 + (y1 - y0) * ((value - x0) / (x1 - x0))
    }

    fn holds(&self) -> bool {
        self.values.len() == self.residuals.len()
            && self.values.len() > 1
            && self.values.iter().all(|value| value.is_finite())
            && self.values.is_sorted_by(|a, b| a < b)
            && self.residuals.iter().all(|residual| *residual > 0.0 && residual.is_finite())
    }
}

impl Residuals {
    /// Of the rows that are kept.
    fn fit(said: &Said<'_>, keeps: impl Fn(usize) -> bool + Copy, costs: NumberCosts, scaled: bool) -> Option<Self> {
        let usual = if scaled { Some(Usual::fit(&said.ascending(keeps))?) } else { None };
        let unit = |value: f64| usual.as_ref().map_or(1.0, |usual| usual.at(value));
        let kept = || (0..said.values.len()).filter(|row| keeps(*row));
        let mut residuals: Vec<f64> =
            kept().map(|row| (said.labels[row] - said.values[row]) / unit(said.values[row])).collect();
        let weights: Option<Vec<f64>> = said.labels.weights().map(|weights| kept().map(|row| weights[row]).collect());
        let shift = if costs.under == costs.over {
            0.0
        } else {
            weighted_quantile(&residuals, weights.as_deref(), costs.quantile())?
        };
        let total = weights.as_ref().map_or(residuals.len() as f64, |weights| weights.iter().sum());
        let rank = |quantile: f64| (total + 1.0) * quantile;
        let places = [rank(INTERVAL[0]).floor(), rank(INTERVAL[1]).ceil()];
        let [low, high] = match weights {
            None => selected(&mut residuals, places)?,
            Some(weights) => looked_up(residuals.into_iter().zip(weights).collect(), places)?,
        };
        Some(Self { low, high, shift, usual })
    }

    fn unit(&self, value: f64) -> f64 {
        self.usual.as_ref().map_or(1.0, |usual| usual.at(value))
    }

    /// The ends of the interval around a prediction.
    pub fn around(&self, value: f64) -> (f64, f64) {
        let unit = self.unit(value);
        (value + self.low * unit, value + self.high * unit)
    }

    /// The number to decide for.
    pub fn decide(&self, value: f64) -> f64 {
        if self.shift == 0.0 { value } else { value + self.shift * self.unit(value) }
    }

    /// Refuses what no fit makes.
    ///
    /// # Errors
    /// Stored bytes that were altered.
    pub fn check(&self) -> Result<()> {
        let finite = [self.low, self.high, self.shift].iter().all(|value| value.is_finite());
        let holds = finite && self.low <= self.high && self.usual.as_ref().is_none_or(Usual::holds);
        if holds { Ok(()) } else { Err(corrupt("its interval is none")) }
    }
}

/// The values that have these places among all, counted from 1.
fn selected(values: &mut [f64], places: [f64; 2]) -> Option<[f64; 2]> {
    let last = values.len().checked_sub(1)?;
    Some(places.map(|place| {
        let at = (place as usize).saturating_sub(1).min(last);
        *values.select_nth_unstable_by(at, f64::total_cmp).1
    }))
}

/// The same of values with weights, which count as often as these say.
fn looked_up(mut values: Vec<(f64, f64)>, places: [f64; 2]) -> Option<[f64; 2]> {
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let last = values.last()?.0;
    Some(places.map(|place| {
        let mut seen = 0.0;
        let reached = values.iter().find(|(_, weight)| {
            seen += weight;
            seen >= place
        });
        reached.map_or(last, |found| found.0)
    }))
}

/// What was chosen.
#[derive(Debug, Clone)]
pub struct ResidualsChoice {
    /// From the residuals of all rows.
    pub residuals: Residuals,
    /// For each row, from those of the other parts.
    pub cross_fitted: Vec<Residuals>,
    /// Which of `cross_fitted` is for a row.
    pub part: Vec<usize>,
}

/// Chooses between residuals as they are and in units of the usual one, by the pinball loss of the interval on rows that it was not
/// fitted on, as calibrations of classes are chosen. The number of threads changes nothing but the time.
///
/// # Errors
/// No rows, or lengths that differ (defects).
pub fn spread(
    values: &[f64],
    labels: &Labels,
    blocks: Option<&[u32]>,
    costs: NumberCosts,
    (seed, threads): (u64, usize),
) -> Result<ResidualsChoice> {
    if values.len() != labels.len() || blocks.is_some_and(|blocks| blocks.len() != values.len()) {
        return Err(Problem::internal("predictions and labels differ in length"));
    }
    let part = parts(values.len(), blocks, seed);
    let said = Said::new(values, labels);
    let fits: Vec<(bool, Option<usize>)> =
        [false, true].iter().flat_map(|scaled| (0..PARTS).map(Some).chain([None]).map(|out| (*scaled, out))).collect();
    let fitted = crew::work(threads, &fits, |_, (scaled, left_out)| {
        let fit = Residuals::fit(&said, |row| Some(part[row]) != *left_out, costs, *scaled);
        // Few rows may all lie in one part.
        Ok(fit.or_else(|| Residuals::fit(&said, |_| true, costs, *scaled)))
    })?;
    let (plain, scaled) = fitted.split_at(PARTS + 1);
    let whole = |fitted: &[Option<Residuals>]| fitted.iter().cloned().collect::<Option<Vec<Residuals>>>();
    let losses = |fitted: &[Residuals]| -> Vec<f64> {
        let of = |((value, label), part): ((&f64, &f64), &usize)| {
            let (low, high) = fitted[*part].around(*value);
            pinball(label - low, INTERVAL[0]) + pinball(label - high, INTERVAL[1])
        };
        values.iter().zip(labels.iter()).zip(&part).map(of).collect()
    };
    let plain = whole(plain).ok_or_else(|| Problem::internal("there are no predictions to tell residuals of"))?;
    let chosen = match whole(scaled) {
        Some(scaled) if helps(&losses(&plain), &losses(&scaled), labels) => scaled,
        _ => plain,
    };
    Ok(ResidualsChoice { residuals: chosen[PARTS].clone(), cross_fitted: chosen, part })
}

#[cfg(test)]
mod tests {
    use ropeway_stat::Rng;

    use super::*;

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
        let choice = spread(&values, &labels, None, NumberCosts::default(), (7, 2)).unwrap();
        assert_eq!((choice.residuals.usual.as_ref(), choice.residuals.decide(3.0)), (None, 3.0));
        let share = covered(&choice.residuals, &drawn(4_000, 4, |_| 10.0), |_| true);
        assert!((share - 0.9).abs() < 0.02, "{share}");
    }

    #[test]
    fn where_large_numbers_are_missed_by_more_the_interval_widens_with_them() {
        let wide = |value: f64| 1.0 + value / 2.0;
        let (values, labels) = drawn(4_000, 3, wide);
        let choice = spread(&values, &labels, None, NumberCosts::default(), (7, 2)).unwrap();
        let new = drawn(8_000, 4, wide);
        for part in [0.0..30.0, 30.0..70.0, 70.0..100.0] {
            let share = covered(&choice.residuals, &new, |value| part.contains(&value));
            assert!((share - 0.9).abs() < 0.05, "{part:?}: {share}");
        }
        // The control: residuals as they are hold too many of the small and too few of the large.
        let plain = fit(&values, &labels, NumberCosts::default(), false).unwrap();
        assert!(covered(&plain, &new, |value| value > 70.0) < 0.85);
    }

    #[test]
    fn the_decision_leans_to_the_cheap_side() {
        let (values, labels) = drawn(2_000, 3, |_| 10.0);
        let dear = NumberCosts { under: 9.0, over: 1.0 };
        let residuals = spread(&values, &labels, None, dear, (7, 2)).unwrap().residuals;
        let above = drawn(4_000, 4, |_| 10.0);
        let enough = above.0.iter().zip(above.1.iter()).filter(|(value, label)| residuals.decide(**value) >= **label);
        assert!((enough.count() as f64 / 4_000.0 - 0.9).abs() < 0.02);
    }

    #[test]
    fn few_rows_have_an_interval_too_and_an_altered_one_is_refused() {
        let choice = spread(&[1.0, 2.0], &vec![1.5, 1.0].into(), None, NumberCosts::default(), (7, 2)).unwrap();
        assert!(choice.residuals.low <= choice.residuals.high && choice.residuals.check().is_ok());
        assert!(spread(&[], &vec![].into(), None, NumberCosts::default(), (7, 2)).is_err());
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
}
