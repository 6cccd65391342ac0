//! What is drawn of a number.

use std::collections::BTreeMap;

use ropeway_stat::quantile_selected;
use serde::{Deserialize, Serialize};

use crate::labels::Labels;
use crate::settings::SplitBy;
use crate::stretches::stretches;

/// Bins of the residuals, cells of a side of the grid, bins of the prediction.
const RESIDUALS: usize = 40;
const SIDE: usize = 24;
const DECILES: u32 = 10;
/// What lies beyond these quantiles is counted in the outermost bins: a single row would else make all others one bin.
const ENDS: (f64, f64) = (0.005, 0.995);

/// What is drawn of a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberViews {
    /// All rows.
    pub rows: u64,
    /// The sum of their weights, where they have some: everything that is counted here is then told in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Label minus prediction.
    pub residuals: Residuals,
    /// Predictions against labels.
    pub grid: Grid,
    /// Errors by tenths of the predictions, lowest first.
    pub deciles: Vec<ErrorBin>,
    /// What is said and what is so, on the whole; none of a record from before it was kept, and of no rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub means: Option<Means>,
}

/// The mean of predictions beside that of labels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Means {
    /// That of predictions.
    pub predicted: f64,
    /// That of labels.
    pub label: f64,
    /// Its standard error, by blocks where rows are not independent.
    pub error: f64,
}

/// Counts in bins of equal width; the outermost ones hold what lies beyond them, too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Residuals {
    /// Lower end of the first bin.
    pub low: f64,
    /// Upper end of the last bin.
    pub high: f64,
    /// Rows in each bin.
    #[serde(with = "ropeway_stat::count::list")]
    pub counts: Vec<f64>,
    /// Rows that lie below the first and above the last bin, and are counted in them.
    #[serde(with = "ropeway_stat::count::pair")]
    pub beyond: (f64, f64),
}

/// A square of cells: predictions to the right, labels upwards, both on one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Lower end of both scales.
    pub low: f64,
    /// Upper end of both scales.
    pub high: f64,
    /// Cells of a side.
    pub side: usize,
    /// Cells that have rows.
    pub cells: Vec<Cell>,
}

/// A cell of the grid: column, row, rows in it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cell(pub u32, pub u32, #[serde(with = "ropeway_stat::count")] pub f64);

/// Rows of neighbouring predictions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ErrorBin {
    /// How many rows, or the sum of their weights.
    #[serde(with = "ropeway_stat::count")]
    pub rows: f64,
    /// The least and the greatest prediction.
    pub from: f64,
    pub to: f64,
    /// The mean of label minus prediction.
    pub mean_residual: f64,
    /// The mean absolute error.
    pub mae: f64,
    /// Rows whose label lies within the interval of the prediction.
    #[serde(with = "ropeway_stat::count")]
    pub covered: f64,
    /// As many independent rows of equal weight as tell as much of a share (Kish, "Survey Sampling", 1965): fewer where weights differ,
    /// and where rows of one group, which count as one, stand together. 0 in a record from before it was kept.
    #[serde(default)]
    pub independent: f64,
}

/// Residuals beyond it count as it, so that no sum overflows: JSON has no infinity.
const FARTHEST: f64 = 1e290;

/// A row: prediction, label, whether its interval holds the label, how much it counts, the group or block it stands in.
type Row = (f64, f64, bool, f64, Option<u32>);

/// Label minus prediction.
fn off(row: &Row) -> f64 {
    (row.1 - row.0).clamp(-FARTHEST, FARTHEST)
}

impl NumberViews {
    /// `blocks` are those of rows that are not independent of each other, by what they are made.
    pub(super) fn of(
        values: &[f64],
        (low, high): (&[f64], &[f64]),
        labels: &Labels,
        blocks: Option<(&[u32], SplitBy)>,
    ) -> Self {
        let mut rows: Vec<Row> = values
            .iter()
            .zip(labels.iter())
            .zip(low.iter().zip(high))
            .enumerate()
            .filter(|(_, ((value, label), _))| value.is_finite() && label.is_finite())
            .map(|(row, ((value, label), (low, high)))| {
                let block = blocks.map(|(blocks, _)| blocks[row]);
                (*value, *label, low <= label && label <= high, labels.weight(row), block)
            })
            .collect();
        rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.3.total_cmp(&b.3)));
        Self {
            rows: labels.len() as u64,
            weight: labels.weights().map(|_| labels.total()),
            residuals: residuals(&rows),
            grid: grid(&rows),
            deciles: deciles(&rows, matches!(blocks, Some((_, SplitBy::Group)))),
            means: means(&rows),
        }
    }
}

/// The quantiles between which values are drawn, apart from each other.
fn ends(mut values: Vec<f64>) -> (f64, f64) {
    let mut at = |p| quantile_selected(&mut values, p).unwrap_or(0.0);
    let (low, high) = (at(ENDS.0), at(ENDS.1));
    let half = f64::MAX / 4.0;
    match high - low {
        width if width > 0.0 && width.is_finite() => (low, high),
        width if width > 0.0 => (-half, half),
        _ => {
            let pad = (low.abs() * 1e-6).max(0.5);
            (low - pad, low + pad)
        }
    }
}

/// The bin of a value, the outermost for what lies beyond.
fn place(value: f64, (low, high): (f64, f64), bins: usize) -> usize {
    (((value - low) / (high - low) * bins as f64).max(0.0) as usize).min(bins - 1)
}

fn residuals(rows: &[Row]) -> Residuals {
    let (low, high) = ends(rows.iter().map(off).collect());
    let mut counts = vec![0.0; RESIDUALS];
    rows.iter().for_each(|row| counts[place(off(row), (low, high), RESIDUALS)] += row.3);
    let count = |test: &dyn Fn(f64) -> bool| rows.iter().filter(|row| test(off(row))).map(|row| row.3).sum::<f64>();
    Residuals { low, high, counts, beyond: (count(&|off| off < low), count(&|off| off > high)) }
}

fn grid(rows: &[Row]) -> Grid {
    let (low, high) = ends(rows.iter().flat_map(|(value, label, ..)| [*value, *label]).collect());
    let mut counts = vec![0.0; SIDE * SIDE];
    for (value, label, _, weight, _) in rows {
        counts[place(*label, (low, high), SIDE) * SIDE + place(*value, (low, high), SIDE)] += weight;
    }
    let cells = counts.iter().enumerate().filter(|(_, rows)| **rows > 0.0);
    let cells = cells.map(|(cell, rows)| Cell((cell % SIDE) as u32, (cell / SIDE) as u32, *rows)).collect();
    Grid { low, high, side: SIDE, cells }
}

/// Tenths of ascending predictions; equal ones may stand in two of them.
fn deciles(rows: &[Row], of_groups: bool) -> Vec<ErrorBin> {
    let parts = stretches(rows.iter().map(|row| row.3), DECILES);
    parts
        .into_iter()
        .map(|range| {
            let part = &rows[range];
            let count: f64 = part.iter().map(|row| row.3).sum();
            let mean = |of: &dyn Fn(&Row) -> f64| part.iter().map(|row| row.3 * of(row)).sum::<f64>() / count;
            ErrorBin {
                rows: count,
                from: part[0].0,
                to: part[part.len() - 1].0,
                mean_residual: mean(&off),
                mae: mean(&|row| off(row).abs()),
                covered: part.iter().filter(|row| row.2).map(|row| row.3).sum(),
                independent: count.powi(2) / squared(part, of_groups, |_| 1.0),
            }
        })
        .collect()
}

/// The sum of squares of what blocks add up to, as much as their rows count, or of what rows do.
fn squared(rows: &[Row], by_block: bool, of: impl Fn(&Row) -> f64) -> f64 {
    let mut blocks: BTreeMap<u32, f64> = BTreeMap::new();
    let mut sum = 0.0;
    for row in rows {
        let own = row.3 * of(row);
        match row.4.filter(|_| by_block) {
            Some(block) => *blocks.entry(block).or_default() += own,
            None => sum += own.powi(2),
        }
    }
    sum + blocks.values().map(|own| own.powi(2)).sum::<f64>()
}

fn means(rows: &[Row]) -> Option<Means> {
    let count: f64 = rows.iter().map(|row| row.3).sum();
    let mean = |of: fn(&Row) -> f64| rows.iter().map(|row| row.3 / count * of(row)).sum::<f64>();
    let (predicted, label) = (mean(|row| row.0), mean(|row| row.1));
    let error = squared(rows, true, |row| (row.1 - label).clamp(-FARTHEST, FARTHEST) / count).sqrt();
    let finite = [predicted, label, error].iter().all(|number| number.is_finite());
    finite.then_some(Means { predicted, label, error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_counted_once_everywhere() {
        let labels: Labels = (0..1_000).map(|row| f64::from(row % 77)).collect::<Vec<f64>>().into();
        let values: Vec<f64> = labels.iter().map(|label| label * 0.9 + 1.0).collect();
        let (low, high): (Vec<f64>, Vec<f64>) = values.iter().map(|value| (value - 3.0, value + 3.0)).unzip();
        let views = NumberViews::of(&values, (&low, &high), &labels, None);
        assert_eq!(views.residuals.counts.iter().sum::<f64>(), 1_000.0);
        assert_eq!(views.grid.cells.iter().map(|cell| cell.2).sum::<f64>(), 1_000.0);
        assert_eq!(views.deciles.iter().map(|bin| bin.rows).sum::<f64>(), 1_000.0);
        let covered = labels.iter().filter(|label| (*label * 0.1 - 1.0).abs() <= 3.0).count() as f64;
        assert_eq!(views.deciles.iter().map(|bin| bin.covered).sum::<f64>(), covered);
        let mae: f64 = views.deciles.iter().map(|bin| bin.mae * bin.rows).sum::<f64>() / 1_000.0;
        let expect = labels.iter().map(|label| (label * 0.1 - 1.0).abs()).sum::<f64>() / 1_000.0;
        assert!((mae - expect).abs() < 1e-9);
    }

    #[test]
    fn equal_rows_odd_numbers_and_none_are_drawn_too() {
        for (values, labels) in [
            (vec![], vec![]),
            (vec![5.0], vec![5.0]),
            (vec![1e308, -1e308], vec![-1e308, 1e308]),
            (vec![f64::NAN, 1.0], vec![1.0, 2.0]),
        ] {
            let views = NumberViews::of(&values, (&values, &values), &labels.into(), None);
            let finite = values.iter().filter(|value| value.is_finite()).count() as f64;
            assert_eq!(views.residuals.counts.iter().sum::<f64>(), finite, "{values:?}");
            let json = serde_json::to_string(&views).unwrap();
            assert_eq!(serde_json::from_str::<NumberViews>(&json).unwrap(), views);
            assert!(views.grid.low < views.grid.high && views.residuals.low < views.residuals.high, "{views:?}");
        }
    }

    #[test]
    fn rows_of_a_group_and_rows_that_count_little_tell_less() {
        let values: Vec<f64> = (0..1_000).map(f64::from).collect();
        let labels: Vec<f64> = values.iter().map(|value| value * value).collect();
        let views = |weights: Option<Vec<f64>>, blocks: Option<(&[u32], SplitBy)>| {
            NumberViews::of(&values, (&values, &values), &Labels::weighted(labels.clone(), weights), blocks)
        };
        let independent = |views: &NumberViews| views.deciles.iter().map(|bin| bin.independent).sum::<f64>();
        let plain = views(None, None);
        let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-9;
        assert!(near(independent(&plain), 1_000.0));
        let blocks: Vec<u32> = (0..1_000).map(|row| row / 20).collect();
        let grouped = views(None, Some((&blocks, SplitBy::Group)));
        assert!(near(independent(&grouped), 50.0), "{}", independent(&grouped));
        let timed = views(None, Some((&blocks, SplitBy::Time)));
        assert_eq!(
            (independent(&timed), timed.means),
            (independent(&plain), grouped.means),
            "blocks of time are drawn together, and are no groups"
        );
        let unit = views(Some(vec![0.001; 1_000]), None);
        assert!(near(independent(&unit), 1_000.0), "whatever unit weights have");
        let uneven = views(Some((0..1_000).map(|row| if row % 10 == 0 { 100.0 } else { 1.0 }).collect()), None);
        assert!(independent(&uneven) < 150.0, "{}", independent(&uneven));
        let error = |views: &NumberViews| views.means.unwrap().error;
        let mean = labels.iter().sum::<f64>() / 1e3;
        let deviation = (labels.iter().map(|label| (label - mean).powi(2)).sum::<f64>() / 1e3).sqrt();
        assert!(near(error(&plain), deviation / 1_000.0_f64.sqrt()) && near(error(&unit), error(&plain)));
        assert!(error(&grouped) > 4.0 * error(&plain), "{} {}", error(&grouped), error(&plain));
        assert!(near(plain.means.unwrap().label, mean) && near(plain.means.unwrap().predicted, 499.5));
    }
}
