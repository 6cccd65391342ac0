//! The top of the page: what the run was for, and what came of it in one sentence.

use ropeway_learn::Task;
use ropeway_run::Recorded;
use ropeway_run::report::CandidateReport;
use ropeway_stat::{Estimate, Metric};

use crate::html::{Html, paragraph};
use crate::number::{amount, count, estimate, figure, ordinal, seconds, to_the_second};

/// What came of a run.
#[derive(Debug, Clone)]
pub enum Answer<'a> {
    /// The best candidate is better than the baseline beyond its interval.
    Better { best: &'a CandidateReport, figure: Estimate, baseline: f64 },
    /// It is not, so that nothing was learned that could be told from chance.
    NothingToLearn { best: &'a CandidateReport, figure: Estimate, baseline: f64 },
    /// There is no baseline to compare with, or no figure.
    Unknown { best: &'a CandidateReport },
}

/// What came of a leaderboard.
pub fn answer(leaderboard: &[CandidateReport], metric: Metric) -> Option<Answer<'_>> {
    let best = leaderboard.first()?;
    let baseline = leaderboard.iter().find(|candidate| candidate.candidate == "baseline");
    let of = |candidate: &CandidateReport| candidate.validation.get(&metric).copied();
    let (Some(figure), Some(baseline)) = (of(best), baseline.and_then(of)) else {
        return Some(Answer::Unknown { best });
    };
    let baseline = baseline.value;
    if figure.value.is_nan() || baseline.is_nan() {
        return Some(Answer::Unknown { best });
    }
    Some(if best.candidate != "baseline" && figure.is_beyond(metric, baseline) {
        Answer::Better { best, figure, baseline }
    } else {
        Answer::NothingToLearn { best, figure, baseline }
    })
}

/// The sentence.
fn sentence(run: &Recorded) -> (String, bool) {
    let metric = run.metric.name();
    let measured = run.views.first().map(|(_, views)| views.rows());
    let rows = rows_of(measured, run.report.examples.train);
    match answer(&run.report.leaderboard, run.metric) {
        Some(Answer::Better { best, figure: found, baseline }) => (
            format!(
                "{} won: {metric} {} in validation on {rows}, against {} of the baseline, which knows the labels alone.",
                capital(&best.candidate),
                estimate(&found),
                figure(baseline)
            ),
            true,
        ),
        Some(Answer::NothingToLearn { best, figure: found, baseline }) if best.candidate != "baseline" => (
            format!(
                "There is nothing to learn here that can be told from chance: the best model, {}, has {metric} {}, \
                 and the baseline, which knows the labels alone, {}.",
                best.candidate,
                estimate(&found),
                figure(baseline)
            ),
            false,
        ),
        Some(Answer::NothingToLearn { figure: found, .. }) => (
            format!(
                "There is nothing to learn here: no model was better than the baseline, which knows the labels alone ({metric} {}).",
                estimate(&found)
            ),
            false,
        ),
        Some(Answer::Unknown { best }) => {
            (format!("{} won; {metric} cannot be compared with a baseline.", capital(&best.candidate)), true)
        }
        None => ("No candidate was judged.".into(), false),
    }
}

/// The rows that a figure in validation is of, in words: those of folds that chose settings are trained on and not
/// measured, since a figure is too good on what helped to choose.
fn rows_of(measured: Option<u64>, train: u64) -> String {
    match measured {
        Some(measured) if measured < train => format!(
            "{} examples (of {} to learn from; no figure is measured on a fold that helped to choose what is measured)",
            count(measured),
            count(train)
        ),
        Some(measured) => format!("{} examples", count(measured)),
        None => "the folds".into(),
    }
}

/// The title, the goal, the answer, and what was decided.
pub fn head(run: &Recorded) -> Html {
    let report = &run.report;
    let mut out = Html::new().tag("h1", &[], Html::of(format!("{} · run {}", report.model.name, run.line.run)));
    let when = format!("{} UTC, {} in {}", to_the_second(run.line.started), report.status, seconds(report.wall_s));
    out = out.add(paragraph("soft", when));
    if let Some(goal) = &run.goal {
        out = out.add(paragraph("goal", format!("Goal: {goal}")));
    }
    let (sentence, learned) = sentence(run);
    let mut answer = Html::of(sentence);
    if let (Some(doubt), true) = (report.doubt(), learned) {
        let link = Html::new().tag("a", &[("href", "#findings")], Html::of("the finding says why"));
        answer = answer.text(" ").tag("strong", &[], Html::of(doubt)).text(" (").add(link).text(")");
    }
    if let (Some(final_), true) = (&report.final_, learned)
        && let Some(held_out) = final_.figures.get(&run.metric)
    {
        answer = answer.text(format!(
            " On the holdout it has {}, at the {} look at it.",
            estimate(held_out),
            ordinal(final_.looks)
        ));
    }
    out = out.tag("p", &[("class", if learned { "answer" } else { "answer no" })], answer);
    if let Some(share) = report.sample {
        let percent = amount(share * 100.0);
        out = out.add(paragraph(
            "bad",
            format!("A sample of {percent}% of the examples: good for a look, never for a champion."),
        ));
    }
    if report.final_.is_none() {
        out = out.add(paragraph(
            "soft",
            "The holdout was not opened; `ropeway run --final` opens it, and every look is counted.",
        ));
    }
    out.add(decision(run)).add(gates(run))
}

fn decision(run: &Recorded) -> Html {
    let decision = &run.report.decision;
    let decided = match (decision.task, decision.threshold) {
        (Task::Binary, Some(threshold)) => {
            format!("Decided positive from a probability of {} on, {}", figure(threshold), decision.why_there())
        }
        (Task::Multiclass, _) => {
            format!("Of {} classes the one with the lowest expected cost is decided for", decision.classes.len())
        }
        _ => "A number is predicted with a 90% interval".into(),
    };
    paragraph("soft", format!("{decided}; calibration: {}.", decision.between()))
}

fn gates(run: &Recorded) -> Html {
    run.report.gates.iter().fold(Html::new(), |out, gate| {
        let (class, verdict) = match gate.passed {
            Some(true) => ("good", "passed"),
            Some(false) => ("bad", "said no"),
            None => ("soft", "not opened"),
        };
        out.add(paragraph(class, format!("Gate {verdict}: {}", gate.that)))
    })
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(name: &str, metric: Metric, value: f64, low: f64, high: f64) -> CandidateReport {
        let validation = [(metric, Estimate { value, low, high })].into();
        CandidateReport { candidate: name.into(), trials: 1, rounds: 1, validation }
    }

    #[test]
    fn the_rows_of_a_figure_are_those_that_it_was_measured_on() {
        assert!(rows_of(Some(576), 720).starts_with("576 examples (of 720 to learn from; "));
        assert_eq!(rows_of(Some(720), 720), "720 examples");
        assert_eq!(rows_of(None, 720), "the folds");
    }

    #[test]
    fn better_is_better_beyond_the_interval_in_the_direction_of_the_metric() {
        let judge = |metric, best: (f64, f64, f64), baseline: f64| {
            let board = [
                candidate("boosted", metric, best.0, best.1, best.2),
                candidate("baseline", metric, baseline, baseline, baseline),
            ];
            matches!(answer(&board, metric), Some(Answer::Better { .. }))
        };
        assert!(judge(Metric::RocAuc, (0.7, 0.6, 0.8), 0.5));
        assert!(!judge(Metric::RocAuc, (0.7, 0.49, 0.8), 0.5));
        assert!(judge(Metric::Rmse, (3.0, 2.5, 3.5), 3.6));
        assert!(!judge(Metric::Rmse, (3.0, 2.5, 3.7), 3.6));
        let alone = [candidate("baseline", Metric::Rmse, 1.0, 0.9, 1.1)];
        assert!(matches!(answer(&alone, Metric::Rmse), Some(Answer::NothingToLearn { .. })));
        let none = [candidate("boosted", Metric::RocAuc, f64::NAN, f64::NAN, f64::NAN), alone[0].clone()];
        assert!(matches!(answer(&none, Metric::RocAuc), Some(Answer::Unknown { .. })));
        assert!(answer(&[], Metric::Rmse).is_none());
    }
}
