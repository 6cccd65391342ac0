//! Calibration in bins of equal mass: what was said against what happened.

use serde::{Deserialize, Serialize};

/// As many bins as the calibration error has.
const BINS: f64 = 10.0;

/// Rows of neighbouring probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// How many rows, or the sum of their weights.
    #[serde(with = "ropeway_stat::count")]
    pub rows: f64,
    /// How many of them were positive, or decided right.
    #[serde(with = "ropeway_stat::count")]
    pub hits: f64,
    /// The mean probability.
    pub mean: f64,
    /// Of rows with weights, how many that count alike would say as much (Kish, "Survey Sampling", 1965, 11.7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<f64>,
}

/// Ten bins of equal mass, lowest first; equal probabilities share a bin, so that there may be fewer. Rows are what was said,
/// whether it happened, and how much that counts.
pub(super) fn calibration(said: impl Iterator<Item = (f64, bool, f64)>, weighted: bool) -> Vec<CalibrationBin> {
    let mut sorted: Vec<(f64, bool, f64)> = said.filter(|row| row.0.is_finite()).collect();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.2.total_cmp(&b.2)));
    let all: f64 = sorted.iter().map(|row| row.2).sum();
    let mut bins: Vec<(f64, CalibrationBin, f64)> = Vec::new();
    let mut before = 0.0;
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        // The bin of the middle of equal ones.
        let weight: f64 = tied.iter().map(|row| row.2).sum();
        let place = ((before + (weight / 2.0).floor()) * BINS / all).floor().min(BINS - 1.0);
        before += weight;
        if bins.last().is_none_or(|(known, ..)| *known != place) {
            bins.push((place, CalibrationBin { rows: 0.0, hits: 0.0, mean: 0.0, effective: None }, 0.0));
        }
        if let Some((_, bin, squares)) = bins.last_mut() {
            bin.rows += weight;
            bin.hits += tied.iter().filter(|row| row.1).map(|row| row.2).sum::<f64>();
            bin.mean += tied[0].0 * weight;
            *squares += tied.iter().map(|row| row.2 * row.2).sum::<f64>();
        }
    }
    let finished = |(_, bin, squares): (f64, CalibrationBin, f64)| CalibrationBin {
        mean: bin.mean / bin.rows,
        effective: weighted.then(|| bin.rows * bin.rows / squares),
        ..bin
    };
    bins.into_iter().map(finished).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_every_row_once_and_equal_ones_together() {
        let bins = calibration((0..1_000).map(|row| (f64::from(row) / 1_000.0, row % 4 == 0, 1.0)), false);
        assert_eq!(bins.iter().map(|bin| (bin.rows, bin.hits)).collect::<Vec<_>>(), [(100.0, 25.0); 10]);
        assert!((bins[0].mean - 0.0495).abs() < 1e-9 && (bins[9].mean - 0.9495).abs() < 1e-9);
        let one = calibration([(0.3, true, 1.0), (0.3, false, 1.0), (f64::NAN, true, 1.0)].into_iter(), false);
        assert_eq!(one, [CalibrationBin { rows: 2.0, hits: 1.0, mean: 0.3, effective: None }]);
        assert!(calibration([].into_iter(), false).is_empty());
    }
}
