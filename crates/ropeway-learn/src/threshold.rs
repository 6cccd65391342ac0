//! The decision threshold from the costs of error.

use crate::labels::Labels;
use crate::settings::CostsOfError;

/// The threshold with the lowest cost on these rows; a row is decided positive when its probability is at least
/// that. Of equally cheap ones it is the one nearest to `false_positive / (false_positive + false_negative)`, which
/// is the best for exact probabilities. It lies midway between two probabilities that occur.
pub fn choose_threshold(probabilities: &[f64], labels: &Labels, costs: &CostsOfError) -> f64 {
    let ideal = costs.false_positive / (costs.false_positive + costs.false_negative);
    let said = probabilities.iter().zip(labels.iter()).enumerate();
    let mut ranked: Vec<(f64, bool, f64)> =
        said.map(|(row, (p, label))| (*p, *label == 1.0, labels.weight(row))).collect();
    ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.total_cmp(&a.2)));
    let weight = |rows: &[(f64, bool, f64)], positive: bool| -> f64 {
        rows.iter().filter(|row| row.1 == positive).map(|row| row.2).sum()
    };
    // From calling nothing positive down to calling everything.
    let mut missed = weight(&ranked, true);
    let mut false_alarms = 0.0;
    let mut above = 1.0f64;
    let mut best: Option<(f64, f64)> = None;
    let mut consider = |threshold: f64, missed: f64, false_alarms: f64| {
        let cost = missed * costs.false_negative + false_alarms * costs.false_positive;
        let nearer = |known: f64| (threshold - ideal).abs() < (known - ideal).abs();
        if best.is_none_or(|(known_cost, known)| cost < known_cost || (cost == known_cost && nearer(known))) {
            best = Some((cost, threshold));
        }
    };
    for tied in ranked.chunk_by(|a, b| a.0 == b.0) {
        consider(between(tied[0].0, above), missed, false_alarms);
        above = tied[0].0;
        missed -= weight(tied, true);
        false_alarms += weight(tied, false);
    }
    if !ranked.is_empty() {
        consider(between(0.0, above), missed, false_alarms);
    }
    best.map_or(ideal, |(_, threshold)| threshold)
}

/// A threshold that calls `above` and not `below`.
fn between(below: f64, above: f64) -> f64 {
    let middle = below + (above - below) / 2.0;
    if middle > below { middle } else { below.next_up() }
}

#[cfg(test)]
mod tests {
    use ropeway_stat::{Costs, Ranked, Rng};

    use super::*;

    fn costs(false_negative: f64, false_positive: f64) -> CostsOfError {
        CostsOfError { false_negative, false_positive, ..CostsOfError::default() }
    }

    #[test]
    fn no_other_threshold_is_cheaper() {
        let mut rng = Rng::new(3);
        let probabilities: Vec<f64> = (0..500).map(|_| (rng.unit() * 40.0).floor() / 40.0).collect();
        let labels: Labels = probabilities.iter().map(|p| f64::from(rng.unit() < *p)).collect::<Vec<f64>>().into();
        let ranked = Ranked::new(&probabilities, &labels).unwrap();
        for (fn_cost, fp_cost) in [(5.0, 1.0), (1.0, 1.0), (1.0, 30.0), (0.0, 1.0), (1.0, 0.0)] {
            let of = |threshold: f64| {
                let costs = Costs { false_negative: fn_cost, false_positive: fp_cost };
                ranked.confusion(threshold).expected_cost(costs)
            };
            let chosen = of(choose_threshold(&probabilities, &labels, &costs(fn_cost, fp_cost)));
            assert!((0..=82).all(|i| chosen <= of(f64::from(i) / 80.0)), "{fn_cost} {fp_cost}");
        }
    }

    #[test]
    fn one_probability_is_called_or_not_by_what_is_cheaper() {
        let check = |fn_cost: f64, called: bool| {
            let threshold = choose_threshold(&[0.2; 5], &vec![1.0, 0.0, 0.0, 0.0, 0.0].into(), &costs(fn_cost, 1.0));
            assert_eq!(0.2 >= threshold, called, "{threshold}");
        };
        check(5.0, true);
        check(1.0, false);
        assert_eq!(choose_threshold(&[], &vec![].into(), &costs(4.0, 1.0)), 0.2);
        assert!(1.0 < choose_threshold(&[1.0], &vec![0.0].into(), &costs(1.0, 1.0)));
    }
}
