//! How far labels lie from predicted numbers: an interval that holds nine of ten, from the residuals of rows that the model did
//! not see (split conformal prediction: Lei and others, "Distribution-Free Predictive Inference for Regression", 2018). Where
//! larger numbers are missed by more, residuals are told in units of what is usual there (its section 5.2), which is what nine of
//! ten of those predicted alike do not exceed: means would let one far outlier say what is usual of all. Of a model of logarithms
//! residuals are differences of these.

use ropeway_stat::{INTERVAL, NumberCosts, Occurrences, as_counts, pinball, quantile, weighted_quantile};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use super::cross::{PARTS, helps, parts};
use crate::corrupt::corrupt;
use crate::labels::Labels;
use crate::settings::TargetTransform;
use crate::stretches::stretches;
use crate::tune::crew;

/// Most stretches of predictions whose usual residual is told apart, the rows of each where there are fewer, and the fewest
/// rows of all.
const STRETCHES: usize = 20;
const EACH: usize = 50;
const LEAST: usize = 200;
/// What is usual: the absolute residual that this share of a stretch does not exceed.
const USUAL: f64 = 0.9;

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
    /// The scale on which predictions and labels are held against each other.
    #[serde(default, skip_serializing_if = "TargetTransform::is_identity")]
    pub transform: TargetTransform,
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

/// The absolute residual that nine of ten rows do not exceed.
fn usual(rows: &[Row]) -> f64 {
    let (residuals, weights): (Vec<f64>, Vec<f64>) = rows.iter().map(|row| (row.1, row.2)).unzip();
    weighted_quantile(&residuals, Some(&weights), USUAL).unwrap_or(0.0)
}

/// Predictions and their labels, put in order once for all fits on parts of them.
struct Said<'a> {
    values: &'a [f64],
    labels: &'a [f64],
    /// As counts of rows.
    weights: Option<Vec<f64>>,
    /// Rows by ascending prediction, absolute residual and weight.
    order: Vec<u32>,
}

impl<'a> Said<'a> {
    fn new(values: &'a [f64], labels: &'a Labels) -> Self {
        let weights = labels.weights().map(|weights| as_counts(weights.to_vec()));
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
        Self { values, labels, weights, order: ranked.into_iter().map(|(_, row)| row).collect() }
    }

    fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }

    /// The rows that are kept, in that order.
    fn ascending(&self, keeps: impl Fn(usize) -> bool) -> Vec<Row> {
        let kept = self.order.iter().map(|row| *row as usize).filter(|row| keeps(*row));
        let of = |row: usize| (self.values[row], (self.labels[row] - self.values[row]).abs(), self.weight(row));
        kept.map(of).collect()
    }
}

impl Usual {
    /// Of rows in ascending order of prediction.
    fn fit(rows: &[Row]) -> Option<Self> {
        if rows.len() < LEAST {
            return None;
        }
        let least = usual(rows) * 1e-3;
        let mut made = Self { values: Vec::new(), residuals: Vec::new() };
        for range in stretches(rows.iter().map(|row| row.2), (rows.len() / EACH).min(STRETCHES) as u32) {
            let part = &rows[range];
            let (value, residual) = (mean(part, |row| row.0), usual(part).max(least));
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
        let found = match &said.weights {
            Some(weights) => Some(Occurrences::of(&residuals, &kept().map(|row| weights[row]).collect::<Vec<f64>>())?),
            None => None,
        };
        let shift = match &found {
            _ if costs.under == costs.over => 0.0,
            Some(found) => found.quantile(costs.quantile()),
            None => quantile(&residuals, costs.quantile())?,
        };
        let total = found.as_ref().map_or(residuals.len() as f64, Occurrences::total);
        let rank = |quantile: f64| (total + 1.0) * quantile;
        let places = [rank(INTERVAL[0]).floor(), rank(INTERVAL[1]).ceil()];
        let [low, high] = match found {
            None => selected(&mut residuals, places)?,
            Some(found) => places.map(|place| found.at(place - 1.0)),
        };
        Some(Self { low, high, shift, usual, transform: TargetTransform::Identity })
    }

    fn unit(&self, value: f64) -> f64 {
        self.usual.as_ref().map_or(1.0, |usual| usual.at(value))
    }

    /// The ends of the interval around a prediction.
    pub fn around(&self, value: f64) -> (f64, f64) {
        (self.beyond(value, self.low), self.beyond(value, self.high))
    }

    /// The number to decide for.
    pub fn decide(&self, value: f64) -> f64 {
        if self.shift == 0.0 { value } else { self.beyond(value, self.shift) }
    }

    /// So many units from a prediction.
    fn beyond(&self, value: f64, units: f64) -> f64 {
        let value = self.transform.forward(value);
        self.transform.inverse(value + units * self.unit(value))
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
/// fitted on, as calibrations of classes are chosen; losses are told in the units of the rows' own size, lest the largest decide
/// alone. They are those of logarithms where the model is one of them, unless something was said that has none. The number of threads
/// changes nothing but the time.
///
/// # Errors
/// No rows, or lengths that differ (defects).
pub fn spread(
    values: &[f64],
    labels: &Labels,
    blocks: Option<&[u32]>,
    (costs, transform): (NumberCosts, TargetTransform),
    (seed, threads): (u64, usize),
) -> Result<ResidualsChoice> {
    if values.len() != labels.len() || blocks.is_some_and(|blocks| blocks.len() != values.len()) {
        return Err(Problem::internal("predictions and labels differ in length"));
    }
    let part = parts(values.len(), blocks, seed);
    let has_all = values.iter().chain(labels.iter()).all(|value| transform.takes(*value));
    let transform = if has_all { transform } else { TargetTransform::Identity };
    let labels = &transform.labels(labels);
    let values = &*transform.values(values);
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
    let losses = |fitted: &[Residuals], units: &[Residuals]| -> Vec<f64> {
        let of = |((value, label), part): ((&f64, &f64), &usize)| {
            let (low, high) = fitted[*part].around(*value);
            (pinball(label - low, INTERVAL[0]) + pinball(label - high, INTERVAL[1])) / units[*part].unit(*value)
        };
        values.iter().zip(labels.iter()).zip(&part).map(of).collect()
    };
    let plain = whole(plain).ok_or_else(|| Problem::internal("there are no predictions to tell residuals of"))?;
    let chosen = match whole(scaled) {
        Some(scaled) if helps(&losses(&plain, &scaled), &losses(&scaled, &scaled), labels) => scaled,
        _ => plain,
    };
    let chosen: Vec<Residuals> = chosen.into_iter().map(|fitted| Residuals { transform, ..fitted }).collect();
    Ok(ResidualsChoice { residuals: chosen[PARTS].clone(), cross_fitted: chosen, part })
}

#[cfg(test)]
mod tests;
