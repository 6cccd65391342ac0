//! What is drawn of a number.

use ropeway_stat::quantile_sorted;
use serde::{Deserialize, Serialize};

/// Bins of the residuals, cells of a side of the grid, bins of the prediction.
const RESIDUALS: usize = 40;
const SIDE: usize = 24;
const DECILES: usize = 10;
/// What lies beyond these quantiles is counted in the outermost bins: a single row would else make all others one bin.
const ENDS: (f64, f64) = (0.005, 0.995);

/// What is drawn of a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberViews {
    /// All rows.
    pub rows: u64,
    /// Label minus prediction.
    pub residuals: Residuals,
    /// Predictions against labels.
    pub grid: Grid,
    /// Errors by tenths of the predictions, lowest first.
    pub deciles: Vec<ErrorBin>,
}

/// Counts in bins of equal width; the outermost ones hold what lies beyond them, too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Residuals {
    /// Lower end of the first bin.
    pub low: f64,
    /// Upper end of the last bin.
    pub high: f64,
    /// Rows in each bin.
    pub counts: Vec<u64>,
    /// Rows that lie below the first and above the last bin, and are counted in them.
    pub beyond: (u64, u64),
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
    /// Cells that have rows: column, row, rows in it.
    pub cells: Vec<(u32, u32, u64)>,
}

/// Rows of neighbouring predictions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ErrorBin {
    /// How many rows.
    pub rows: u64,
    /// The least and the greatest prediction.
    pub from: f64,
    pub to: f64,
    /// The mean of label minus prediction.
    pub mean_residual: f64,
    /// The mean absolute error.
    pub mae: f64,
    /// Rows whose label lies within the interval of the prediction.
    pub covered: u64,
}

/// Residuals beyond it count as it, so that no sum overflows: JSON has no infinity.
const FARTHEST: f64 = 1e290;

/// A row: prediction, label, whether its interval holds the label.
type Row = (f64, f64, bool);

/// Label minus prediction.
fn off(row: &Row) -> f64 {
    (row.1 - row.0).clamp(-FARTHEST, FARTHEST)
}

impl NumberViews {
    pub(super) fn of(values: &[f64], (low, high): (&[f64], &[f64]), labels: &[f64]) -> Self {
        let mut rows: Vec<Row> = values
            .iter()
            .zip(labels)
            .zip(low.iter().zip(high))
            .filter(|((value, label), _)| value.is_finite() && label.is_finite())
            .map(|((value, label), (low, high))| (*value, *label, low <= label && label <= high))
            .collect();
        rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        Self { rows: labels.len() as u64, residuals: residuals(&rows), grid: grid(&rows), deciles: deciles(&rows) }
    }
}

/// The quantiles between which values are drawn, apart from each other.
fn ends(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_unstable_by(f64::total_cmp);
    let at = |p| quantile_sorted(&values, p).unwrap_or(0.0);
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
    let off: Vec<f64> = rows.iter().map(off).collect();
    let (low, high) = ends(off.clone());
    let mut counts = vec![0; RESIDUALS];
    off.iter().for_each(|off| counts[place(*off, (low, high), RESIDUALS)] += 1);
    let count = |test: &dyn Fn(f64) -> bool| off.iter().filter(|off| test(**off)).count() as u64;
    Residuals { low, high, counts, beyond: (count(&|off| off < low), count(&|off| off > high)) }
}

fn grid(rows: &[Row]) -> Grid {
    let (low, high) = ends(rows.iter().flat_map(|(value, label, _)| [*value, *label]).collect());
    let mut counts = vec![0_u64; SIDE * SIDE];
    for (value, label, _) in rows {
        counts[place(*label, (low, high), SIDE) * SIDE + place(*value, (low, high), SIDE)] += 1;
    }
    let cells = counts.iter().enumerate().filter(|(_, rows)| **rows > 0);
    let cells = cells.map(|(cell, rows)| ((cell % SIDE) as u32, (cell / SIDE) as u32, *rows)).collect();
    Grid { low, high, side: SIDE, cells }
}

/// Tenths of ascending predictions; equal ones may stand in two of them.
fn deciles(rows: &[Row]) -> Vec<ErrorBin> {
    let bounds = |part: usize| part * rows.len() / DECILES;
    let parts = (0..DECILES).map(|part| &rows[bounds(part)..bounds(part + 1)]).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let count = part.len() as f64;
            let mean = |of: &dyn Fn(&Row) -> f64| part.iter().map(of).sum::<f64>() / count;
            ErrorBin {
                rows: part.len() as u64,
                from: part[0].0,
                to: part[part.len() - 1].0,
                mean_residual: mean(&off),
                mae: mean(&|row| off(row).abs()),
                covered: part.iter().filter(|row| row.2).count() as u64,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_counted_once_everywhere() {
        let labels: Vec<f64> = (0..1_000).map(|row| f64::from(row % 77)).collect();
        let values: Vec<f64> = labels.iter().map(|label| label * 0.9 + 1.0).collect();
        let (low, high): (Vec<f64>, Vec<f64>) = values.iter().map(|value| (value - 3.0, value + 3.0)).unzip();
        let views = NumberViews::of(&values, (&low, &high), &labels);
        assert_eq!(views.residuals.counts.iter().sum::<u64>(), 1_000);
        assert_eq!(views.grid.cells.iter().map(|cell| cell.2).sum::<u64>(), 1_000);
        assert_eq!(views.deciles.iter().map(|bin| bin.rows).sum::<u64>(), 1_000);
        let covered = labels.iter().filter(|label| (*label * 0.1 - 1.0).abs() <= 3.0).count() as u64;
        assert_eq!(views.deciles.iter().map(|bin| bin.covered).sum::<u64>(), covered);
        let mae: f64 = views.deciles.iter().map(|bin| bin.mae * bin.rows as f64).sum::<f64>() / 1_000.0;
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
            let views = NumberViews::of(&values, (&values, &values), &labels);
            let finite = values.iter().filter(|value| value.is_finite()).count() as u64;
            assert_eq!(views.residuals.counts.iter().sum::<u64>(), finite, "{values:?}");
            let json = serde_json::to_string(&views).unwrap();
            assert_eq!(serde_json::from_str::<NumberViews>(&json).unwrap(), views);
            assert!(views.grid.low < views.grid.high && views.residuals.low < views.residuals.high, "{views:?}");
        }
    }
}
