//! The top of the page: what the run was for, and what came of it in one sentence.

use std::collections::BTreeMap;

use ropeway_learn::Task;
use ropeway_run::report::CandidateReport;
use ropeway_run::{Recorded, RunReport, beats_baseline};
use ropeway_stat::{Estimate, Metric};

use crate::html::{Html, paragraph};
use crate::number::{amount, count, estimate, figure, ordinal, seconds, to_the_second};

/// What came of a run.
#[derive(Debug, Clone)]
pub enum Answer<'a> {
    /// The best candidate is better than the baseline beyond chance.
    Better { best: &'a CandidateReport, figure: Estimate, baseline: f64 },
    /// Validation does not tell it from the baseline, and the holdout does: by this metric, of which the baseline has `chance`.
    HoldoutTells {
        best: &'a CandidateReport,
        figure: Estimate,
        baseline: f64,
        by: Metric,
        held_out: Estimate,
        chance: f64,
    },
    /// Neither does, so that nothing was learned that could be told from chance.
    NothingToLearn { best: &'a CandidateReport, figure: Estimate, baseline: f64 },
    /// There is no baseline to compare with, or no figure.
    Unknown { best: &'a CandidateReport },
}

/// What came of a run whose candidates were ranked by this metric.
pub fn answer(report: &RunReport, metric: Metric) -> Option<Answer<'_>> {
    let leaderboard = &report.leaderboard;
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
    if best.candidate == "baseline" {
        return Some(Answer::NothingToLearn { best, figure, baseline });
    }
    if beats_baseline(metric, (figure, baseline), report.against_baseline.as_ref()) {
        return Some(Answer::Better { best, figure, baseline });
    }
    let held_out = report.final_.as_ref().and_then(|found| beyond_chance(&found.figures));
    Some(match held_out {
        Some((by, held_out, chance)) => Answer::HoldoutTells { best, figure, baseline, by, held_out, chance },
        None => Answer::NothingToLearn { best, figure, baseline },
    })
}

/// A figure of the holdout that is beyond what it is of whoever knows the labels alone, whatever the labels.
fn beyond_chance(figures: &BTreeMap<Metric, Estimate>) -> Option<(Metric, Estimate, f64)> {
    let chances = [(Metric::R2, 0.0), (Metric::RocAuc, 0.5), (Metric::MacroRocAuc, 0.5)];
    let of = |(metric, chance)| figures.get(&metric).map(|found| (metric, *found, chance));
    chances.into_iter().filter_map(of).find(|(metric, found, chance)| found.is_beyond(*metric, *chance))
}

/// The sentence.
fn sentence(run: &Recorded) -> (String, bool) {
    let metric = run.metric.name();
    let measured = run.views.first().map(|(_, views)| views.rows());
    let rows = rows_of(measured, run.report.examples.train);
    match answer(&run.report, run.metric) {
        Some(Answer::Better { best, figure: found, baseline }) => (
            format!(
                "{} won: {metric} {} in validation on {rows}, against {} of the baseline, which knows the labels alone.",
                capital(&best.candidate),
                estimate(&found),
                figure(baseline)
            ),
            true,
        ),
        Some(Answer::HoldoutTells { best, figure: found, baseline, by, held_out, chance }) => (
            format!(
                "Validation on {rows} does not tell {} from the baseline, which knows the labels alone ({metric} {}, against {}), but \
                 the holdout does: {} there is {}, and {chance} of the baseline. A few labels far from all others can decide such a \
                 figure: look at the largest errors.",
                best.candidate,
                estimate(&found),
                figure(baseline),
                by.name(),
                estimate(&held_out)
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
    use serde_json::{Value, json};

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

    fn report(leaderboard: &[CandidateReport], paired: Value, held_out: Value) -> RunReport {
        serde_json::from_value(json!({
            "run": "r7", "status": "done", "wall_s": 3.0, "sample": null, "steps": [], "sources": {}, "checks": [], "findings": [],
            "examples": { "rows": 9, "labelled": 9, "train": 9, "purged": 0, "purged_in_folds": 0, "holdout": 0 },
            "leaderboard": leaderboard, "against_baseline": paired, "decision": { "calibration": "none", "threshold": null },
            "importance": [], "final": held_out, "looks": null, "gates": [], "places": {},
            "model": { "name": "a", "version": 1, "digest": "0".repeat(64), "package": "a.ropeway", "champion": false },
        }))
        .unwrap()
    }

    fn board(metric: Metric, best: (f64, f64, f64), baseline: f64) -> [CandidateReport; 2] {
        [
            candidate("boosted", metric, best.0, best.1, best.2),
            candidate("baseline", metric, baseline, baseline, baseline),
        ]
    }

    #[test]
    fn better_is_better_beyond_the_interval_in_the_direction_of_the_metric() {
        let judge = |metric, best, baseline| {
            let report = report(&board(metric, best, baseline), Value::Null, Value::Null);
            matches!(answer(&report, metric), Some(Answer::Better { .. }))
        };
        assert!(judge(Metric::RocAuc, (0.7, 0.6, 0.8), 0.5));
        assert!(!judge(Metric::RocAuc, (0.7, 0.49, 0.8), 0.5));
        assert!(judge(Metric::Rmse, (3.0, 2.5, 3.5), 3.6));
        assert!(!judge(Metric::Rmse, (3.0, 2.5, 3.7), 3.6));
        let of = |board: &[CandidateReport]| report(board, Value::Null, Value::Null);
        let alone = [candidate("baseline", Metric::Rmse, 1.0, 0.9, 1.1)];
        assert!(matches!(answer(&of(&alone), Metric::Rmse), Some(Answer::NothingToLearn { .. })));
        let none = [candidate("boosted", Metric::RocAuc, f64::NAN, f64::NAN, f64::NAN), alone[0].clone()];
        assert!(matches!(answer(&of(&none), Metric::RocAuc), Some(Answer::Unknown { .. })));
        assert!(answer(&of(&[]), Metric::Rmse).is_none());
    }

    #[test]
    fn a_wide_interval_is_no_verdict_where_rows_or_the_holdout_tell() {
        let board = board(Metric::Rmse, (3.0, 1.0, 9.0), 4.0);
        let paired = |verdict: &str| {
            json!({ "verdict": verdict, "measure": "squared_error", "examples": 9, "before": 16.0, "after": 9.0,
                "difference": null, "why_not": null })
        };
        let held_out = |low: f64| json!({ "looks": 1, "r2": { "value": 0.5, "low": low, "high": 0.7 } });
        let better = report(&board, paired("better"), Value::Null);
        assert!(matches!(answer(&better, Metric::Rmse), Some(Answer::Better { .. })));
        let told = report(&board, paired("not_told_apart"), held_out(0.2));
        assert!(matches!(answer(&told, Metric::Rmse), Some(Answer::HoldoutTells { by: Metric::R2, .. })));
        let nothing = report(&board, paired("not_told_apart"), held_out(-0.2));
        assert!(matches!(answer(&nothing, Metric::Rmse), Some(Answer::NothingToLearn { .. })));
    }
}
