//! What is drawn of two classes.

use ropeway_stat::{Confusion, Costs};
use serde::{Deserialize, Serialize};

use super::bins::{CalibrationBin, calibration};
use super::curve::{Cut, cuts};
use crate::labels::Labels;

/// Most points of the curves.
const POINTS: usize = 200;

/// What is drawn of two classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinaryViews {
    /// All rows.
    pub rows: u64,
    /// The sum of their weights, where they have some: everything that is counted here is then told in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Positive ones.
    #[serde(with = "ropeway_stat::count")]
    pub positives: f64,
    /// Decided positive from this probability on.
    pub threshold: f64,
    /// What errors cost.
    pub costs: Costs,
    /// Decisions at the threshold.
    pub confusion: Confusion,
    /// What other thresholds would call, the highest first.
    pub cuts: Vec<Cut>,
    /// What was said against what happened.
    pub calibration: Vec<CalibrationBin>,
}

impl BinaryViews {
    /// How much all rows count together.
    pub fn total(&self) -> f64 {
        self.weight.unwrap_or(self.rows as f64)
    }

    pub(super) fn of(probabilities: &[f64], labels: &Labels, threshold: f64, costs: Costs) -> Self {
        let row = |(row, said): (usize, &f64)| (*said, labels[row] == 1.0, labels.weight(row));
        let said = || probabilities.iter().enumerate().map(row);
        let mut confusion = Confusion::default();
        for (probability, positive, weight) in said() {
            let cell = match (probability >= threshold, positive) {
                (true, true) => &mut confusion.tp,
                (true, false) => &mut confusion.fp,
                (false, true) => &mut confusion.fn_,
                (false, false) => &mut confusion.tn,
            };
            *cell += weight;
        }
        Self {
            rows: labels.len() as u64,
            weight: labels.weights().map(|_| labels.total()),
            positives: confusion.tp + confusion.fn_,
            threshold,
            costs,
            confusion,
            cuts: cuts(said(), POINTS),
            calibration: calibration(said(), labels.weights().is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_and_cuts_agree() {
        let (said, labels) = ([0.9, 0.6, 0.4, 0.1], vec![1.0, 0.0, 1.0, 0.0].into());
        let views = BinaryViews::of(&said, &labels, 0.6, Costs::default());
        assert_eq!(views.confusion, Confusion { tp: 1.0, fp: 1.0, tn: 1.0, fn_: 1.0 });
        assert_eq!((views.rows, views.positives), (4, 2.0));
        let at = views.cuts.iter().find(|cut| cut.from == 0.6).unwrap();
        assert_eq!((at.tp, at.fp), (views.confusion.tp, views.confusion.fp));
        let json = serde_json::to_string(&views).unwrap();
        assert_eq!(serde_json::from_str::<BinaryViews>(&json).unwrap(), views);
    }
}
