//! What is drawn of several classes.

use ropeway_stat::Tally;
use serde::{Deserialize, Serialize};

use super::bins::{CalibrationBin, calibration};
use super::curve::{Cut, cuts};
use crate::labels::Labels;

/// Most points of all curves together, and the fewest of one.
const POINTS: (usize, usize) = (1_000, 20);

/// What is drawn of several classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassViews {
    /// All rows.
    pub rows: u64,
    /// The sum of their weights, where they have some: everything that is counted here is then told in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// The classes' names.
    pub classes: Vec<String>,
    /// Rows by their class and the decided one.
    pub tally: Tally,
    /// Of each class against the rest, what thresholds of its probability would call.
    pub cuts: Vec<Vec<Cut>>,
    /// How probable the decided class was said to be, against how often it was right.
    pub calibration: Vec<CalibrationBin>,
}

impl ClassViews {
    /// `probabilities` has those of all classes, row by row.
    pub(super) fn of(classes: &[String], probabilities: &[f64], decisions: &[u32], labels: &Labels) -> Self {
        let count = classes.len().max(1);
        let label = |row: usize| (labels[row] as usize, labels.weight(row));
        let rows = || probabilities.chunks(count).zip(decisions).enumerate().map(|(row, of)| (of, label(row)));
        let mut tally = Tally::new(count);
        rows().for_each(|((_, decided), (label, weight))| tally.add(label, *decided as usize, weight));
        let most = (POINTS.0 / count).clamp(POINTS.1, 200);
        let of_class =
            |class: usize| cuts(rows().map(|((said, _), (label, weight))| (said[class], label == class, weight)), most);
        let decided = rows()
            .map(|((said, decided), (label, weight))| (said[*decided as usize], label == *decided as usize, weight));
        Self {
            rows: labels.len() as u64,
            weight: labels.weights().map(|_| labels.total()),
            classes: classes.to_vec(),
            tally,
            cuts: (0..count).map(of_class).collect(),
            calibration: calibration(decided, labels.weights().is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_its_curve_and_each_row_its_cell() {
        let names: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
        let said = [0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.4, 0.5, 0.1, 0.0, 0.2, 0.8];
        let views = ClassViews::of(&names, &said, &[0, 1, 1, 2], &vec![0.0, 1.0, 0.0, 2.0].into());
        assert_eq!(views.tally.counts, [[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
        let last = views.cuts[0].last().unwrap();
        assert_eq!((views.cuts.len(), last.tp, last.fp), (3, 2.0, 2.0));
        assert_eq!(
            views.calibration.iter().map(|bin| (bin.rows, bin.hits)).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1)),
            (4.0, 3.0)
        );
    }
}
