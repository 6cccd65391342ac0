//! What is drawn of two classes.

use ropeway_stat::{Confusion, Costs};
use serde::{Deserialize, Serialize};

use super::bins::{CalibrationBin, calibration};
use super::curve::{Cut, cuts};

/// Most points of the curves.
const POINTS: usize = 200;

/// What is drawn of two classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinaryViews {
    /// All rows.
    pub rows: u64,
    /// Positive ones.
    pub positives: u64,
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
    pub(super) fn of(probabilities: &[f64], labels: &[f64], threshold: f64, costs: Costs) -> Self {
        let said = || probabilities.iter().copied().zip(labels.iter().map(|label| *label == 1.0));
        let mut confusion = Confusion::default();
        for (probability, positive) in said() {
            let cell = match (probability >= threshold, positive) {
                (true, true) => &mut confusion.tp,
                (true, false) => &mut confusion.fp,
                (false, true) => &mut confusion.fn_,
                (false, false) => &mut confusion.tn,
            };
            *cell += 1;
        }
        Self {
            rows: labels.len() as u64,
            positives: confusion.tp + confusion.fn_,
            threshold,
            costs,
            confusion,
            cuts: cuts(said(), POINTS),
            calibration: calibration(said()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_and_cuts_agree() {
        let (said, labels) = ([0.9, 0.6, 0.4, 0.1], [1.0, 0.0, 1.0, 0.0]);
        let views = BinaryViews::of(&said, &labels, 0.6, Costs::default());
        assert_eq!(views.confusion, Confusion { tp: 1, fp: 1, tn: 1, fn_: 1 });
        assert_eq!((views.rows, views.positives), (4, 2));
        let at = views.cuts.iter().find(|cut| cut.from == 0.6).unwrap();
        assert_eq!((at.tp, at.fp), (views.confusion.tp, views.confusion.fp));
        let json = serde_json::to_string(&views).unwrap();
        assert_eq!(serde_json::from_str::<BinaryViews>(&json).unwrap(), views);
    }
}
