//! Permutation importance: how much worse the metric gets when one feature's values are shuffled between rows
//! (Breiman 2001, "Random Forests", section 10).

use std::ops::Range;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take;
use ropeway_stat::{Metric, Rng, seed_for};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::encoded::Encoded;
use crate::settings::CostsOfError;
use crate::shuffled::Shuffled;
use crate::tune::crew;
use crate::{FittedModel, Labels, Population};

/// Most rows that are scored: more would narrow the interval little and cost much.
const MOST_ROWS: usize = 10_000;

/// The importance of one feature, in units of the metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The feature.
    pub feature: String,
    /// How much worse the metric is without what the feature says; below 0 where it is better.
    pub value: f64,
    /// Lower end of the 95% interval of `value`.
    pub low: f64,
    /// Upper end of the 95% interval of `value`.
    pub high: f64,
}

/// What importance is measured with.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportanceSettings {
    /// The metric.
    pub metric: Metric,
    /// For `expected_cost`.
    pub costs: CostsOfError,
    /// Disjoint parts of the rows, each shuffled within itself; at least 2. The interval is Student's over them.
    pub repeats: usize,
}

/// The importance of every feature over the rows, highest first; of none where a part would not have two rows, or where fewer
/// than two parts have rows of both classes.
///
/// The rows (at most 10,000, evenly spread) are dealt into `repeats` parts. Each part gives one independent figure,
/// so that the interval covers the choice of rows as well as the shuffling. Features are taken side by side on
/// `threads` threads, whose number changes nothing but the time.
///
/// # Errors
/// What the model cannot read.
pub fn importance(
    model: &FittedModel,
    population: &Population,
    rows: &[u32],
    settings: &ImportanceSettings,
    (seed, threads): (u64, usize),
) -> Result<Vec<Importance>> {
    let repeats = settings.repeats.max(2);
    let count = rows.len().min(MOST_ROWS);
    if count < 2 * repeats {
        return Ok(Vec::new());
    }
    let chosen: Vec<u32> = (0..count).map(|i| rows[i * rows.len() / count]).collect();
    let features = model.features().len();
    let hand = features.div_ceil(4 * threads.max(1)).max(1);
    let hands: Vec<Range<usize>> = (0..features).step_by(hand).map(|at| at..(at + hand).min(features)).collect();
    let mut drops: Vec<Vec<f64>> = vec![Vec::with_capacity(repeats); features];
    for repeat in 0..repeats {
        let part: Vec<u32> = chosen.iter().skip(repeat).step_by(repeats).copied().collect();
        let batch = take_rows(&population.features, &part)?;
        let labels = population.labels(&part);
        // How well classes are told apart is not measured of one alone.
        if !settings.metric.of_one_class() && labels.iter().all(|label| *label == labels[0]) {
            continue;
        }
        let measured = |rows: &Encoded| measure(model, rows, &labels, settings);
        let rows = model.recipe.encode(&batch, None)?;
        let base = measured(&rows)?;
        let worse = crew::work(threads, &hands, |_, features: &Range<usize>| {
            let mut shuffled = Shuffled::new(&rows, model.recipe.outputs());
            let each = features.clone().map(|feature| {
                let seed = seed_for(seed, &["importance".into(), (repeat as u64).into(), (feature as u64).into()]);
                Ok(base - shuffled.with(feature, &order(part.len(), seed), measured)?)
            });
            each.collect::<Result<Vec<f64>>>()
        })?;
        for (drops, worse) in drops.iter_mut().zip(worse.into_iter().flatten()) {
            drops.push(if settings.metric.higher_is_better() { worse } else { -worse });
        }
    }
    if drops.iter().any(|drops| drops.len() < 2) {
        return Ok(Vec::new());
    }
    let mut all: Vec<Importance> = model
        .features()
        .iter()
        .zip(&drops)
        .map(|((name, _), drops)| {
            let (value, half) = mean_and_half_width(drops);
            Importance { feature: name.clone(), value, low: value - half, high: value + half }
        })
        .collect();
    all.sort_by(|a, b| b.value.total_cmp(&a.value));
    Ok(all)
}

fn measure(model: &FittedModel, rows: &Encoded, labels: &Labels, settings: &ImportanceSettings) -> Result<f64> {
    let raw = model.fitted.raw(rows)?;
    Ok(model.output.measured(&raw, labels, &settings.costs, (None, None))?.measure(settings.metric))
}

fn take_rows(batch: &RecordBatch, rows: &[u32]) -> Result<RecordBatch> {
    let indices = UInt32Array::from(rows.to_vec());
    let columns = batch.columns().iter().map(|column| take(column, &indices, None)).collect::<Result<Vec<_>, _>>();
    columns.and_then(|columns| RecordBatch::try_new(batch.schema(), columns)).map_err(arrow_defect)
}

/// An order of so many rows.
fn order(rows: usize, seed: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..rows as u32).collect();
    Rng::new(seed).shuffle(&mut order);
    order
}

fn arrow_defect(error: arrow::error::ArrowError) -> Problem {
    Problem::internal(format!("shuffling a feature: {error}"))
}

/// The mean and half the width of its 95% interval by Student's t.
fn mean_and_half_width(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, student(values.len() - 1) * (variance / count).sqrt())
}

/// The 97.5% quantile of Student's t: tabulated to 10 degrees of freedom, then by the first terms of its expansion
/// around the normal quantile (Abramowitz and Stegun 26.7.5).
fn student(degrees: usize) -> f64 {
    const TABLE: [f64; 10] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
    let z: f64 = 1.959_964;
    let n = degrees as f64;
    let (z3, z5) = (z.powi(3), z.powi(5));
    match TABLE.get(degrees.saturating_sub(1)) {
        Some(known) => *known,
        None => z + (z3 + z) / (4.0 * n) + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * n * n),
    }
}
