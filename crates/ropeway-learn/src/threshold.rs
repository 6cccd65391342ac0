//! The decision threshold from the costs of error.

use std::collections::BTreeMap;

use crate::labels::Labels;
use crate::settings::CostsOfError;

/// How many standard errors the cheapest threshold has to save against the ideal one to be taken instead. It is the best
/// of many, so that chance alone lets it save one in two thirds of the cases, and two in a seventh.
const BEYOND_CHANCE: f64 = 2.0;

/// The best threshold for exact probabilities: a row whose probability is at least `false_positive / (false_positive +
/// false_negative)` costs no more called than missed (Elkan, "The Foundations of Cost-Sensitive Learning", 2001).
pub fn ideal_threshold(costs: &CostsOfError) -> f64 {
    costs.false_positive / (costs.false_positive + costs.false_negative)
}

/// The threshold to decide by; a row is decided positive when its probability is at least that.
///
/// It is the ideal one, unless these rows say that probabilities are not what they should be: unless another one would have
/// saved more than two standard errors. They are of exact probabilities, or as these rows show them (rows, or whole `blocks` of rows
/// that belong together, are what varies), whichever are larger: where a miss costs a thousand false alarms, rows without one
/// show no variance, and say little. Few rows have a cheapest threshold anywhere, also where it calls nobody at all.
pub fn choose_threshold(probabilities: &[f64], labels: &Labels, costs: &CostsOfError, blocks: Option<&[u32]>) -> f64 {
    let ideal = ideal_threshold(costs);
    let cheapest = cheapest_threshold(probabilities, labels, costs);
    let (least, most) = if cheapest < ideal { (cheapest, ideal) } else { (ideal, cheapest) };
    let sign = if cheapest < ideal { 1.0 } else { -1.0 };
    // What the cheapest one saves on a row that only one of the two calls.
    let saved = |row: usize| {
        let called = if labels[row] == 1.0 { costs.false_negative } else { -costs.false_positive };
        sign * called * labels.weight(row)
    };
    let apart = || (0..probabilities.len()).filter(|row| (least..most).contains(&probabilities[*row]));
    let total: f64 = apart().map(saved).sum();
    // A label that comes out the other way moves what is saved by both costs.
    let either = costs.false_negative + costs.false_positive;
    let expected = |row: usize| {
        let p = probabilities[row];
        p * (1.0 - p) * (either * labels.weight(row)).powi(2)
    };
    let of_exact = apart().map(expected).sum::<f64>().sqrt();
    if total > BEYOND_CHANCE * of_exact.max(observed_error(apart(), saved, blocks)) { cheapest } else { ideal }
}

/// The standard error of the sum of what rows save, as they show it: they vary by themselves, or block by block.
fn observed_error(rows: impl Iterator<Item = usize>, saved: impl Fn(usize) -> f64, blocks: Option<&[u32]>) -> f64 {
    let squares: f64 = match blocks {
        None => rows.map(|row| saved(row).powi(2)).sum(),
        Some(blocks) => {
            let mut of_block: BTreeMap<u32, f64> = BTreeMap::new();
            rows.for_each(|row| *of_block.entry(blocks[row]).or_default() += saved(row));
            of_block.values().map(|saved| saved.powi(2)).sum()
        }
    };
    squares.sqrt()
}

/// The threshold with the lowest cost on these rows; of equally cheap ones the one nearest to the ideal. It lies midway
/// between two probabilities that occur.
fn cheapest_threshold(probabilities: &[f64], labels: &Labels, costs: &CostsOfError) -> f64 {
    let ideal = ideal_threshold(costs);
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
            let chosen = of(cheapest_threshold(&probabilities, &labels, &costs(fn_cost, fp_cost)));
            assert!((0..=82).all(|i| chosen <= of(f64::from(i) / 80.0)), "{fn_cost} {fp_cost}");
        }
    }

    #[test]
    fn one_probability_is_called_or_not_by_what_is_cheaper() {
        let check = |fn_cost: f64, called: bool| {
            let threshold = cheapest_threshold(&[0.2; 5], &vec![1.0, 0.0, 0.0, 0.0, 0.0].into(), &costs(fn_cost, 1.0));
            assert_eq!(0.2 >= threshold, called, "{threshold}");
        };
        check(5.0, true);
        check(1.0, false);
        assert_eq!(cheapest_threshold(&[], &vec![].into(), &costs(4.0, 1.0)), 0.2);
        assert_eq!(choose_threshold(&[], &vec![].into(), &costs(4.0, 1.0), None), 0.2);
        assert!(1.0 < cheapest_threshold(&[1.0], &vec![0.0].into(), &costs(1.0, 1.0)));
    }

    /// Probabilities, and labels that come true with a log-odds that is `shift` lower.
    fn said(rows: usize, shift: f64) -> (Vec<f64>, Labels) {
        let mut rng = Rng::new(11);
        let probabilities: Vec<f64> = (0..rows).map(|_| rng.unit()).collect();
        let real = |p: f64| 1.0 / (1.0 + ((1.0 - p) / p * shift.exp()));
        let labels: Vec<f64> = probabilities.iter().map(|p| f64::from(rng.unit() < real(*p))).collect();
        (probabilities, labels.into())
    }

    #[test]
    fn what_chance_explains_leaves_the_ideal_threshold() {
        let costs = costs(5.0, 1.0);
        let (probabilities, labels) = said(300, 0.0);
        assert_ne!(cheapest_threshold(&probabilities, &labels, &costs), 1.0 / 6.0);
        assert_eq!(choose_threshold(&probabilities, &labels, &costs, None), 1.0 / 6.0);
    }

    #[test]
    fn probabilities_that_are_too_high_move_the_threshold_up() {
        let costs = costs(1.0, 1.0);
        let (probabilities, labels) = said(3_000, 1.0);
        let chosen = choose_threshold(&probabilities, &labels, &costs, None);
        assert!((0.65..0.8).contains(&chosen), "{chosen}");
        assert_eq!(chosen, cheapest_threshold(&probabilities, &labels, &costs));
        // Two blocks, whose rows come and go together, know as little as two rows.
        let blocks: Vec<u32> = (0..3_000).map(|row| row % 2).collect();
        assert_eq!(choose_threshold(&probabilities, &labels, &costs, Some(&blocks)), 0.5);
    }

    #[test]
    fn no_miss_among_few_rows_is_no_reason_to_risk_a_dear_one() {
        let costs = costs(1e6, 1.0);
        let (mut probabilities, mut labels) = (vec![1e-4; 300], vec![0.0; 300]);
        (probabilities[0], labels[0]) = (0.4, 1.0);
        let labels: Labels = labels.into();
        assert!(cheapest_threshold(&probabilities, &labels, &costs) > 1e-4);
        assert_eq!(choose_threshold(&probabilities, &labels, &costs, None), ideal_threshold(&costs));
    }

    #[test]
    fn the_scale_of_weights_decides_nothing() {
        let costs = costs(1.0, 1.0);
        for (rows, shift) in [(300, 0.3), (3_000, 1.0)] {
            let (probabilities, labels) = said(rows, shift);
            let heavy = Labels::weighted(labels.to_vec(), Some(vec![1_024.0; rows]));
            let chosen = |labels| choose_threshold(&probabilities, labels, &costs, None);
            assert_eq!(chosen(&heavy), chosen(&labels));
        }
    }
}
