//! The one list behind ROC, precision-recall, lift and cost: what is called positive from each threshold on.

use serde::{Deserialize, Serialize};

/// What is called positive from a probability on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cut {
    /// The lowest probability that is called positive.
    pub from: f64,
    /// Positives that are called.
    #[serde(with = "ropeway_stat::count")]
    pub tp: f64,
    /// Negatives that are called.
    #[serde(with = "ropeway_stat::count")]
    pub fp: f64,
}

/// Cuts at probabilities that occur, from the highest down to the one that calls all rows; at most `most` of them, spread evenly
/// along the ROC curve. Equal probabilities are called together. Rows are their score, whether they are positive, and how much
/// they count.
pub(super) fn cuts(scored: impl Iterator<Item = (f64, bool, f64)>, most: usize) -> Vec<Cut> {
    let mut ranked: Vec<(f64, bool, f64)> = scored.filter(|row| row.0.is_finite()).collect();
    ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.2.total_cmp(&b.2)));
    let weight = |rows: &[(f64, bool, f64)], positive: bool| -> f64 {
        rows.iter().filter(|row| row.1 == positive).map(|row| row.2).sum()
    };
    let (positives, negatives) = (weight(&ranked, true), weight(&ranked, false));
    let share = |part: f64, of: f64| if of > 0.0 { part / of } else { 0.0 };
    let steps = most.saturating_sub(2).max(1) as f64;
    let mut kept: Vec<Cut> = Vec::new();
    let (mut tp, mut fp, mut stage, mut seen) = (0.0, 0.0, -1.0, 0);
    for tied in ranked.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        (tp, fp, seen) = (tp + weight(tied, true), fp + weight(tied, false), seen + tied.len());
        let along = ((share(tp, positives) + share(fp, negatives)) / 2.0 * steps).floor();
        if along > stage || seen == ranked.len() {
            stage = along;
            kept.push(Cut { from: tied[0].0, tp, fp });
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use ropeway_stat::{Rng, metrics::roc_auc};

    /// The area under straight lines between the cuts.
    fn area(cuts: &[Cut]) -> f64 {
        let last = cuts.last().unwrap();
        let (mut sum, mut before) = (0.0, (0.0, 0.0));
        for cut in cuts {
            let at = (cut.fp / last.fp, cut.tp / last.tp);
            sum += (at.0 - before.0) * f64::midpoint(at.1, before.1);
            before = at;
        }
        sum
    }

    #[test]
    fn the_area_under_the_cuts_is_the_metric() {
        let mut rng = Rng::new(4);
        for rows in [10, 150, 20_000] {
            let scores: Vec<f64> = (0..rows).map(|_| (rng.unit() * 500.0).floor() / 500.0).collect();
            let labels: Vec<f64> = scores
                .iter()
                .enumerate()
                .map(|(i, score)| f64::from(i == 0 || (i > 1 && rng.unit() < *score)))
                .collect();
            let cuts = cuts(scores.iter().zip(&labels).map(|(score, label)| (*score, *label == 1.0, 1.0)), 200);
            let expect = roc_auc(&scores, &labels).unwrap();
            assert!((area(&cuts) - expect).abs() < 1e-3, "{rows}: {} is not {expect}", area(&cuts));
            assert!(cuts.len() <= 200 && cuts.windows(2).all(|two| two[0].from > two[1].from), "{}", cuts.len());
            let last = cuts.last().unwrap();
            assert_eq!(last.tp + last.fp, f64::from(rows), "the last cut calls every row");
        }
    }

    #[test]
    fn odd_rows_have_cuts_too() {
        assert!(cuts([].into_iter(), 200).is_empty());
        assert_eq!(cuts([(0.5, true, 1.0); 3].into_iter(), 200), [Cut { from: 0.5, tp: 3.0, fp: 0.0 }]);
        assert_eq!(cuts([(0.5, false, 1.0), (f64::NAN, true, 1.0)].into_iter(), 200).len(), 1, "JSON has no NaN");
    }
}
