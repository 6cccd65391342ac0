//! Whether a figure moved: the losses of the same examples in the same folds, paired.

use std::cmp::Ordering;

use ropeway_learn::measure;
use ropeway_stat::{Draws, Estimate, Metric, paired_difference, weighted_mean};
use serde::{Deserialize, Serialize};

use crate::losses::{LossRow, Losses};

/// What all comparisons draw from, so that one says the same each time.
const SEED: u64 = 0x636f_6d70_6172_6564;
/// How many draws of single rows or blocks a comparison may take.
const WORK: usize = 40_000_000;

/// Whether the second of two runs is better on the same examples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// What it comes to.
    pub verdict: Verdict,
    /// What is measured on each example, smaller better; null where nothing could be compared.
    pub measure: Option<String>,
    /// How many examples both were measured on, in the same folds.
    pub examples: u64,
    /// The mean loss in the first run.
    pub before: Option<f64>,
    /// The mean loss in the second run.
    pub after: Option<f64>,
    /// The mean of the differences with its 95% interval; below zero is better.
    pub difference: Option<Estimate>,
    /// Why the figures are not comparable.
    pub why_not: Option<String>,
}

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval is below zero.
    Better,
    /// The whole interval is above zero.
    Worse,
    /// The interval holds zero.
    NotToldApart,
    /// Every example loses the same.
    Same,
    /// They were measured on other examples or in other folds.
    NotComparable,
}

/// Compares what two runs, by their ids, lost on each example: by the measure that the metric of the second goes by, where both kept it.
pub(crate) fn moved(before: (&str, Option<&Losses>), after: (&str, Option<&Losses>), metric: Metric) -> Moved {
    let (then, now) = match (before, after) {
        ((_, Some(then)), (_, Some(now))) => (then, now),
        ((run, None), _) | (_, (run, None)) => {
            return not_comparable(format!(
                "what each example lost in {run} is not in the cache: it was cleaned, or an older Ropeway made that run"
            ));
        }
    };
    let wanted = measure(metric, now.by("squared_error").is_some()).name;
    let of_both = |name: &str| Some((name.to_owned(), then.by(name)?, now.by(name)?));
    let found = of_both(wanted).or_else(|| now.measures.iter().find_map(|(name, _)| of_both(name)));
    let Some((measure, first, second)) = found else {
        let names =
            |losses: &Losses| losses.measures.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" and ");
        return not_comparable(format!(
            "{} was measured in {}, and {} in {}",
            names(then),
            before.0,
            names(now),
            after.0
        ));
    };
    if let Some(why) = differ(&then.rows, &now.rows, (before.0, after.0)) {
        return not_comparable(why);
    }
    let blocks: Option<Vec<u32>> = now.rows.iter().map(|row| row.block).collect();
    let units = blocks.as_ref().map_or(first.len(), |blocks| {
        let mut names = blocks.clone();
        names.sort_unstable();
        names.dedup();
        names.len()
    });
    let resamples = (WORK / units.max(1)).clamp(200, 2_000) as u32;
    let draws = Draws { resamples, seed: SEED, threads: 1 };
    let weights: Option<Vec<f64>> = now.rows.iter().map(|row| row.weight).collect();
    let difference = paired_difference(first, second, (blocks.as_deref(), weights.as_deref()), draws);
    let mean = |losses: &[f64]| weighted_mean(losses.iter().copied(), weights.as_deref());
    let verdict = if first == second {
        Verdict::Same
    } else if difference.high < 0.0 {
        Verdict::Better
    } else if difference.low > 0.0 {
        Verdict::Worse
    } else {
        Verdict::NotToldApart
    };
    Moved {
        verdict,
        measure: Some(measure),
        examples: first.len() as u64,
        before: Some(mean(first)),
        after: Some(mean(second)),
        difference: Some(difference),
        why_not: None,
    }
}

fn not_comparable(why: String) -> Moved {
    Moved {
        verdict: Verdict::NotComparable,
        measure: None,
        examples: 0,
        before: None,
        after: None,
        difference: None,
        why_not: Some(why),
    }
}

/// Why rows, which stand by key, are not those of the same examples in the same folds.
fn differ(then: &[LossRow], now: &[LossRow], (before, after): (&str, &str)) -> Option<String> {
    let (mut i, mut j, mut only_then, mut only_now) = (0, 0, 0_u64, 0_u64);
    let (mut folds, mut labels, mut weights) = (0_u64, 0_u64, 0_u64);
    while let (Some(a), Some(b)) = (then.get(i), now.get(j)) {
        match a.key.cmp(&b.key) {
            Ordering::Less => (i, only_then) = (i + 1, only_then + 1),
            Ordering::Greater => (j, only_now) = (j + 1, only_now + 1),
            Ordering::Equal => {
                folds += u64::from(a.fold != b.fold);
                labels += u64::from(a.label.total_cmp(&b.label) != Ordering::Equal);
                weights += u64::from(a.weight != b.weight);
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    only_then += (then.len() - i) as u64;
    only_now += (now.len() - j) as u64;
    if only_then + only_now > 0 {
        return Some(format!(
            "they were measured on other examples: {only_then} of {before} alone, {only_now} of {after} alone, {} of both",
            now.len() as u64 - only_now
        ));
    }
    if labels > 0 {
        return Some(format!("{labels} of {} examples have another label", now.len()));
    }
    if weights > 0 {
        return Some(format!("{weights} of {} examples have another weight", now.len()));
    }
    (folds > 0).then(|| format!("{folds} of {} examples are validated by another fold", now.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn losses(shift: impl Fn(usize) -> f64, change: impl Fn(usize, &mut LossRow)) -> Losses {
        let row = |at: usize| {
            let mut row = LossRow { key: at as u64, fold: at as u32 % 2, label: 1.0, weight: None, block: None };
            change(at, &mut row);
            row
        };
        let of_row = |at: usize| 0.3 + shift(at) + 0.01 * (at * 37 % 11) as f64;
        let measures = vec![("log_loss".to_owned(), (0..500).map(of_row).collect())];
        Losses { rows: (0..500).map(row).collect(), measures }
    }

    fn verdict(after: &Losses) -> Moved {
        moved(("r1", Some(&losses(|_| 0.0, |_, _| {}))), ("r2", Some(after)), Metric::RocAuc)
    }

    #[test]
    fn the_same_examples_are_told_apart_where_they_differ() {
        assert_eq!(verdict(&losses(|_| -0.01, |_, _| {})).verdict, Verdict::Better);
        assert_eq!(verdict(&losses(|_| 0.01, |_, _| {})).verdict, Verdict::Worse);
        assert_eq!(verdict(&losses(|_| 0.0, |_, _| {})).verdict, Verdict::Same);
        let found = verdict(&losses(|at| if at.is_multiple_of(2) { 0.01 } else { -0.01 }, |_, _| {}));
        assert_eq!((found.verdict, found.examples), (Verdict::NotToldApart, 500));
    }

    #[test]
    fn the_measure_is_that_of_the_metric_where_both_kept_it() {
        let with = |name: &str, shift: f64| {
            let mut losses = losses(|_| 0.0, |_, _| {});
            losses.measures.insert(0, (name.to_owned(), (0..500).map(|at| shift + f64::from(at % 7)).collect()));
            losses
        };
        let by = |before: &Losses, after: &Losses| {
            let found = moved(("r1", Some(before)), ("r2", Some(after)), Metric::Brier);
            (found.measure.unwrap(), found.verdict)
        };
        assert_eq!(by(&with("brier", 0.5), &with("brier", 0.0)), ("brier".to_owned(), Verdict::Better));
        assert_eq!(by(&losses(|_| 0.0, |_, _| {}), &with("brier", 0.0)), ("log_loss".to_owned(), Verdict::Same));
    }

    #[test]
    fn other_examples_labels_and_folds_are_not_comparable() {
        let why = |change: &dyn Fn(usize, &mut LossRow)| {
            let found = verdict(&losses(|_| -0.01, change));
            assert_eq!((found.verdict, found.difference), (Verdict::NotComparable, None));
            found.why_not.unwrap()
        };
        assert_eq!(
            why(&|at, row| row.key += if at >= 490 { 100 } else { 0 }),
            "they were measured on other examples: 10 of r1 alone, 10 of r2 alone, 490 of both"
        );
        assert_eq!(why(&|at, row| row.label = f64::from(u8::from(at != 7))), "1 of 500 examples have another label");
        assert_eq!(why(&|_, row| row.weight = Some(2.0)), "500 of 500 examples have another weight");
        assert_eq!(why(&|_, row| row.fold += 1), "500 of 500 examples are validated by another fold");
        let mut other = losses(|_| 0.0, |_, _| {});
        other.measures[0].0 = "squared_error".into();
        assert!(verdict(&other).why_not.unwrap().contains("squared_error"));
        let cleaned = moved(("r1", None), ("r2", Some(&other)), Metric::Rmse);
        assert!(cleaned.why_not.unwrap().contains("lost in r1 is not in the cache"));
    }
}
