//! The finding that a model decides for a class never: its probabilities may rank well all the same.

use ropeway_learn::Views;
use ropeway_learn::settings::LearnerKind;
use ropeway_learn::views::{BinaryViews, ClassViews};
use ropeway_stat::{Costs, Metric};

use crate::against_baseline::beats_baseline;
use crate::compare::Moved;
use crate::learning::Judged;
use crate::report::FindingReport;

/// How many classes are named.
const NAMED: usize = 5;

/// The finding, where the best candidate decided for a class on no validated row though some have it. That the baseline, which
/// says the same of every row, decides for one class alone is no news, nor is it of what cannot be told from the baseline.
pub(crate) fn never_decided(
    judged: &[Judged],
    metric: Metric,
    against_baseline: Option<&Moved>,
) -> Option<FindingReport> {
    let best = judged.first().filter(|_| learned_something(judged, metric, against_baseline))?;
    let (message, remedy) = match &best.views {
        Views::Binary(views) => of_two(views)?,
        Views::Multiclass(views) => of_several(views)?,
        Views::Regression(_) => return None,
    };
    Some(FindingReport {
        code: "never-decided".into(),
        message,
        column: Some("examples.label".into()),
        remedy,
        ..FindingReport::default()
    })
}

/// Whether the best candidate is better than the baseline beyond chance.
fn learned_something(judged: &[Judged], metric: Metric, against_baseline: Option<&Moved>) -> bool {
    let figure = |judged: &Judged| judged.verdict.validation.get(&metric).copied();
    let baseline = judged.iter().find(|judged| judged.outcome.learner == LearnerKind::Baseline).and_then(figure);
    let both = judged.first().and_then(figure).zip(baseline);
    both.is_some_and(|(best, baseline)| beats_baseline(metric, (best, baseline.value), against_baseline))
}

fn of_two(views: &BinaryViews) -> Option<(String, String)> {
    let called = views.confusion.tp + views.confusion.fp;
    let Costs { false_negative, false_positive } = views.costs;
    let costs = format!("a positive that is missed costs {false_negative}, a negative that is called {false_positive}");
    let threshold = views.threshold;
    let share = 100.0 * views.positives / views.total();
    if called == 0.0 && views.positives > 0.0 {
        let highest = views.cuts.first().map_or(f64::NAN, |cut| cut.from);
        return Some((
            format!(
                "no validated example is decided positive, though {share:.1}% are: {costs}, so that positive is from \
                 {threshold:.3} on, and the highest probability is {highest:.3}"
            ),
            "say under [costs_of_error] how much worse it is to miss one (`false_negative = 10.0`); or use the probabilities \
             and their order, which are as good as their figures say"
                .into(),
        ));
    }
    (called == views.total() && views.positives < views.total()).then(|| {
        (
            format!(
                "every validated example is decided positive, though {share:.1}% are: {costs}, so that positive is from \
                 {threshold:.3} on"
            ),
            "say under [costs_of_error] what a needless call costs (`false_positive`); or use the probabilities and their \
             order, which are as good as their figures say"
                .into(),
        )
    })
}

fn of_several(views: &ClassViews) -> Option<(String, String)> {
    let decided = |class: usize| -> f64 { views.tally.counts.iter().map(|row| row[class]).sum() };
    let rows = views.tally.counts.iter().map(|row| row.iter().sum::<f64>());
    let classes = views.classes.iter().zip(rows).enumerate();
    let never: Vec<(&String, f64)> =
        classes.filter(|(class, (_, rows))| *rows > 0.0 && decided(*class) == 0.0).map(|(_, of)| of).collect();
    let (name, _) = never.first()?;
    let told = |(name, rows): &(&String, f64)| format!("`{name}` (which {rows} are)");
    let named = never.iter().take(NAMED).map(told).collect::<Vec<_>>().join(", ");
    let more = never.len().saturating_sub(NAMED);
    let others = if more > 0 { format!(" and {more} more classes") } else { String::new() };
    Some((
        format!("no validated example is decided {named}{others}: with these costs another class is always cheaper"),
        format!(
            "where it must not be missed, say so under [costs_of_error] (`matrix.{name}` names what it costs to decide for \
             others); or use its probability, which ranks as its figures say"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use ropeway_stat::{Confusion, Tally};

    use super::*;

    fn two(tp: f64, fp: f64, tn: f64, fn_: f64) -> BinaryViews {
        BinaryViews {
            rows: (tp + fp + tn + fn_) as u64,
            weight: None,
            positives: tp + fn_,
            threshold: 0.5,
            costs: Costs::default(),
            confusion: Confusion { tp, fp, tn, fn_ },
            cuts: Vec::new(),
            calibration: Vec::new(),
        }
    }

    #[test]
    fn one_way_decisions_are_found() {
        assert!(
            of_two(&two(0.0, 0.0, 96.0, 4.0))
                .unwrap()
                .0
                .contains("no validated example is decided positive, though 4.0%")
        );
        assert!(of_two(&two(4.0, 96.0, 0.0, 0.0)).unwrap().0.starts_with("every validated example"));
        assert_eq!(of_two(&two(1.0, 0.0, 96.0, 3.0)), None);
        assert_eq!(of_two(&two(0.0, 1.0, 96.0, 3.0)), None);
        assert_eq!(of_two(&two(0.0, 0.0, 9.0, 0.0)), None);
    }

    #[test]
    fn classes_that_are_there_and_never_decided_for_are_named() {
        let mut tally = Tally::new(3);
        tally.add(0, 0, 1.0);
        tally.add(1, 0, 2.0);
        let views = ClassViews {
            rows: 3,
            weight: None,
            classes: ["a", "b", "c"].map(String::from).to_vec(),
            tally,
            cuts: Vec::new(),
            calibration: Vec::new(),
        };
        let (message, remedy) = of_several(&views).unwrap();
        assert!(message.contains("`b` (which 2 are)") && !message.contains("`c`"), "{message}");
        assert!(remedy.contains("`matrix.b`"), "{remedy}");
    }
}
