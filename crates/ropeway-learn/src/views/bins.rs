//! Calibration in bins of equal mass: what was said against what happened.

use serde::{Deserialize, Serialize};

/// As many bins as the calibration error has.
const BINS: usize = 10;

/// Rows of neighbouring probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// How many rows.
    pub rows: u64,
    /// How many of them were positive, or decided right.
    pub hits: u64,
    /// The mean probability.
    pub mean: f64,
}

/// Ten bins of equal mass, lowest first; equal probabilities share a bin, so that there may be fewer.
pub(super) fn calibration(said: impl Iterator<Item = (f64, bool)>) -> Vec<CalibrationBin> {
    let mut sorted: Vec<(f64, bool)> = said.filter(|(probability, _)| probability.is_finite()).collect();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut bins: Vec<(usize, CalibrationBin)> = Vec::new();
    let mut before = 0;
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        // The bin of the middle of equal ones.
        let place = ((before + tied.len() / 2) * BINS / sorted.len()).min(BINS - 1);
        before += tied.len();
        if bins.last().is_none_or(|(known, _)| *known != place) {
            bins.push((place, CalibrationBin { rows: 0, hits: 0, mean: 0.0 }));
        }
        if let Some((_, bin)) = bins.last_mut() {
            bin.rows += tied.len() as u64;
            bin.hits += tied.iter().filter(|(_, hit)| *hit).count() as u64;
            bin.mean += tied[0].0 * tied.len() as f64;
        }
    }
    bins.into_iter().map(|(_, bin)| CalibrationBin { mean: bin.mean / bin.rows as f64, ..bin }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_every_row_once_and_equal_ones_together() {
        let bins = calibration((0..1_000).map(|row| (f64::from(row) / 1_000.0, row % 4 == 0)));
        assert_eq!(bins.iter().map(|bin| (bin.rows, bin.hits)).collect::<Vec<_>>(), [(100, 25); 10]);
        assert!((bins[0].mean - 0.0495).abs() < 1e-9 && (bins[9].mean - 0.9495).abs() < 1e-9);
        let one = calibration([(0.3, true), (0.3, false), (f64::NAN, true)].into_iter());
        assert_eq!(one, [CalibrationBin { rows: 2, hits: 1, mean: 0.3 }]);
        assert!(calibration([].into_iter()).is_empty());
    }
}
