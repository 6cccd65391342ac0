//! Whether a figure moved: the losses of the same examples, paired.

use ropeway_learn::measure;
use ropeway_stat::{Draws, Estimate, Metric, paired_difference, weighted_mean};
use serde::{Deserialize, Serialize};

use super::pairs::{Pairs, pairs};
use crate::losses::Losses;

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
    /// How many examples both were measured on.
    pub examples: u64,
    /// The mean loss in the first run.
    pub before: Option<f64>,
    /// The mean loss in the second run.
    pub after: Option<f64>,
    /// The mean of the differences with its 95% interval; below zero is better.
    pub difference: Option<Estimate>,
    /// How examples were paired, where they are not the same ones in the same folds.
    #[serde(default)]
    pub pairing: Option<String>,
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
    /// They were measured on other examples, or something else.
    NotComparable,
}

/// Compares what two runs, by their ids, lost on each example: by the measure that the metric of the second goes by, where both kept it.
/// `relabelled` says that labels mean something else by now.
pub(crate) fn moved(
    before: (&str, Option<&Losses>),
    after: (&str, Option<&Losses>),
    (metric, relabelled): (Metric, bool),
) -> Moved {
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
    let Pairs { places, note } = match pairs(&then.rows, &now.rows, (before.0, after.0), relabelled) {
        Ok(pairs) => pairs,
        Err(why) => return not_comparable(why),
    };
    let first: Vec<f64> = places.iter().map(|(i, _)| first[*i]).collect();
    let second: Vec<f64> = places.iter().map(|(_, j)| second[*j]).collect();
    let rows = || places.iter().map(|(_, j)| &now.rows[*j]);
    let blocks: Option<Vec<u32>> = rows().map(|row| row.block).collect();
    let units = blocks.as_ref().map_or(first.len(), |blocks| {
        let mut names = blocks.clone();
        names.sort_unstable();
        names.dedup();
        names.len()
    });
    let resamples = (WORK / units.max(1)).clamp(200, 2_000) as u32;
    let draws = Draws { resamples, seed: SEED, threads: 1 };
    let weights: Option<Vec<f64>> = rows().map(|row| row.weight).collect();
    let difference = paired_difference(&first, &second, (blocks.as_deref(), weights.as_deref()), draws);
    let mean = |losses: &[f64]| weighted_mean(losses.iter().copied(), weights.as_deref());
    Moved {
        verdict: if first == second { Verdict::Same } else { verdict(&difference) },
        measure: Some(measure),
        examples: first.len() as u64,
        before: Some(mean(&first)),
        after: Some(mean(&second)),
        difference: Some(difference),
        pairing: note,
        why_not: None,
    }
}

fn verdict(difference: &Estimate) -> Verdict {
    if difference.high < 0.0 {
        Verdict::Better
    } else if difference.low > 0.0 {
        Verdict::Worse
    } else {
        Verdict::NotToldApart
    }
}

pub(super) fn not_comparable(why: String) -> Moved {
    Moved {
        verdict: Verdict::NotComparable,
        measure: None,
        examples: 0,
        before: None,
        after: None,
        difference: None,
        pairing: None,
        why_not: Some(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::LossRow;

    fn losses(shift: impl Fn(usize) -> f64, change: impl Fn(usize, &mut LossRow)) -> Losses {
        let row = |at: usize| {
            let mut row = LossRow {
                key: at as u64,
                content: Some(1_000 + at as u64),
                fold: at as u32 % 2,
                label: 1.0,
                weight: None,
                block: None,
            };
            change(at, &mut row);
            row
        };
        let of_row = |at: usize| 0.3 + shift(at) + 0.01 * (at * 37 % 11) as f64;
        let measures = vec![("log_loss".to_owned(), (0..500).map(of_row).collect())];
        Losses { rows: (0..500).map(row).collect(), measures }
    }

    fn found(after: &Losses) -> Moved {
        moved(("r1", Some(&losses(|_| 0.0, |_, _| {}))), ("r2", Some(after)), (Metric::RocAuc, false))
    }

    #[test]
    fn the_same_examples_are_told_apart_where_they_differ() {
        assert_eq!(found(&losses(|_| -0.01, |_, _| {})).verdict, Verdict::Better);
        assert_eq!(found(&losses(|_| 0.01, |_, _| {})).verdict, Verdict::Worse);
        assert_eq!(found(&losses(|_| 0.0, |_, _| {})).verdict, Verdict::Same);
        let found = found(&losses(|at| if at.is_multiple_of(2) { 0.01 } else { -0.01 }, |_, _| {}));
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
            let found = moved(("r1", Some(before)), ("r2", Some(after)), (Metric::Brier, false));
            (found.measure.unwrap(), found.verdict)
        };
        assert_eq!(by(&with("brier", 0.5), &with("brier", 0.0)), ("brier".to_owned(), Verdict::Better));
        assert_eq!(by(&losses(|_| 0.0, |_, _| {}), &with("brier", 0.0)), ("log_loss".to_owned(), Verdict::Same));
    }

    #[test]
    fn examples_of_both_are_paired_whatever_else_there_is_and_it_is_told() {
        let told = |change: &dyn Fn(usize, &mut LossRow)| {
            let found = found(&losses(|_| -0.01, change));
            assert_eq!(found.verdict, Verdict::Better, "{found:?}");
            (found.examples, found.pairing)
        };
        assert_eq!(told(&|_, _| {}), (500, None), "the control");
        let (examples, note) = told(&|at, row| {
            row.key += if at >= 490 { 1_000 } else { 0 };
            row.content = None;
        });
        assert_eq!(
            note.as_deref(),
            Some(
                "paired by key; left out are 10 of r1 alone, 10 of r2 alone; each is answered by models that had not seen it and learned \
                  from other rows, which is in the difference, too"
            )
        );
        assert_eq!(examples, 490);
        let (examples, note) = told(&|_, row| row.key += 10_000);
        assert_eq!(note.as_deref(), Some("paired by what they hold, since their keys are others"));
        assert_eq!(examples, 500);
        let (examples, note) = told(&|at, row| row.label = f64::from(u8::from(at != 7)));
        assert!(note.unwrap().ends_with("1 of both are left out, which have another label"));
        assert_eq!(examples, 499);
        let (examples, note) = told(&|_, row| row.fold += 1);
        assert!(note.unwrap().starts_with("paired by key; each is answered by models that had not seen it"));
        assert_eq!(examples, 500);
    }

    #[test]
    fn other_examples_weights_measures_and_meanings_of_labels_are_not_comparable() {
        let before = losses(|_| 0.0, |_, _| {});
        let why = |relabelled: bool, change: &dyn Fn(usize, &mut LossRow)| {
            let after = losses(|_| -0.01, change);
            let found = moved(("r1", Some(&before)), ("r2", Some(&after)), (Metric::RocAuc, relabelled));
            assert_eq!((found.verdict, found.difference), (Verdict::NotComparable, None));
            found.why_not.unwrap()
        };
        let said = why(false, &|_, row| (row.key, row.content) = (row.key + 10_000, None));
        assert!(said.contains("on other examples: 500 of r1 alone, 500 of r2 alone, 0 of both"), "{said}");
        let said = why(false, &|_, row| row.label = 0.0);
        assert!(said.contains("500 of both, of which 500 have another label"), "{said}");
        let said = why(true, &|at, row| row.label = f64::from(u8::from(at != 7)));
        assert!(said.starts_with("1 of 500 examples have another label, and labels are defined otherwise"), "{said}");
        assert_eq!(why(false, &|_, row| row.weight = Some(2.0)), "500 of 500 examples have another weight");
        let mut other = losses(|_| 0.0, |_, _| {});
        other.measures[0].0 = "squared_error".into();
        assert!(found(&other).why_not.unwrap().contains("squared_error"));
        let cleaned = moved(("r1", None), ("r2", Some(&other)), (Metric::Rmse, false));
        assert!(cleaned.why_not.unwrap().contains("lost in r1 is not in the cache"));
    }
}
