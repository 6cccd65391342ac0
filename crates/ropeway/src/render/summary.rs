//! The page at the end of a run, and of `ropeway show`: what went in, who won, how sure that is, what the gates
//! said, and where everything lies.

use std::collections::BTreeMap;

use ropeway_learn::Task;
use ropeway_run::report::ModelReport;
use ropeway_run::{RunReport, WeightReport};
use ropeway_stat::{Estimate, Metric};

use super::classes;
use super::compare;
use super::number::{count, counted, estimate, figure, ordinal, percent, seconds};
use super::paint::Paint;
use super::table::Table;

/// Figures of the leaderboard; all others are in the JSON and in `ropeway show`.
const fn shown(task: Task) -> [Metric; 4] {
    match task {
        Task::Binary => [Metric::AveragePrecision, Metric::RocAuc, Metric::LogLoss, Metric::Brier],
        Task::Multiclass => [Metric::LogLoss, Metric::Accuracy, Metric::MacroF1, Metric::MacroRocAuc],
        Task::Regression => [Metric::Rmse, Metric::Mae, Metric::R2, Metric::IntervalCoverage],
    }
}
/// Features listed by importance.
const FEATURES: usize = 10;

/// The page.
pub fn page(report: &RunReport, paint: Paint) -> String {
    let mut out = head(report, paint);
    out.push_str(&data(report, paint));
    out.push_str(&leaderboard(report, paint));
    out.push_str(&classes::page(report, paint));
    out.push_str(&importance(report, paint));
    out.push_str(&holdout(report, paint));
    out.push_str(&gates(report, paint));
    out.push_str(&report.since_last.as_ref().map_or_else(String::new, |since| compare::since_last(since, paint)));
    out.push_str(&places(report, paint));
    out.push_str(&report.doubt().map_or_else(String::new, |doubt| format!("\n{} {doubt}\n", paint.warn("Mind:"))));
    out
}

fn head(report: &RunReport, paint: Paint) -> String {
    let executed = report.steps.iter().filter(|step| step.state == "executed").count();
    let status = if report.status == "done" { paint.good(&report.status) } else { paint.bad(&report.status) };
    let steps = match report.steps.len() {
        all if executed == all => format!("all {all} steps executed"),
        all if executed == 0 => format!("nothing had changed, all {all} steps were cached"),
        all => format!("{executed} of {all} steps executed, the others were cached"),
    };
    let mut line = format!(
        "{}  run {}  {status} in {}: {steps}\n",
        paint.strong(&report.model.name),
        report.run,
        seconds(report.wall_s)
    );
    if let Some(share) = report.sample {
        line.push_str(&paint.warn(&format!(
            "A sample of {} of the examples: good for a look, never for a champion.\n",
            percent(share)
        )));
    }
    line
}

fn data(report: &RunReport, paint: Paint) -> String {
    let mut sources = Table::new(&["source", ">rows in", ">kept", ">quarantined", ">arrived"]);
    for (name, source) in &report.sources {
        sources.row([
            name.clone(),
            count(source.rows_in),
            count(source.kept),
            count(source.quarantined),
            count(source.arrived),
        ]);
    }
    let mut out = section("Data", paint, &sources.render(2));
    let failed: Vec<_> = report.checks.iter().filter(|check| check.failed > 0).collect();
    let passed = report.checks.len() - failed.len();
    if !report.checks.is_empty() {
        out.push_str(&format!("  {passed} of {} checks hold", report.checks.len()));
        out.push_str(if failed.is_empty() { "\n" } else { "; the others:\n" });
    }
    for check in failed {
        let (table, that) = (&check.table, &check.that);
        let line = match &check.found {
            Some(found) => format!("{table}: {that} does not hold: {found}"),
            None => format!("{table}: {that} failed in {} of {} rows", count(check.failed), count(check.total)),
        };
        out.push_str(&format!("    {} {line}\n", paint.warn(&check.verdict)));
    }
    let examples = &report.examples;
    out.push_str(&format!(
        "  {} examples, {} with a label: {} to learn from, {} held out\n",
        count(examples.rows),
        count(examples.labelled),
        count(examples.train),
        count(examples.holdout)
    ));
    if examples.purged + examples.purged_in_folds > 0 {
        out.push_str(&format!(
            "  purged, since their labels were not known yet: {} before the holdout, {} before folds\n",
            count(examples.purged),
            count(examples.purged_in_folds)
        ));
    }
    if examples.apart > 0 {
        out.push_str(&format!(
            "  {} of them lie in the gap before the holdout and are left out\n",
            count(examples.apart)
        ));
    }
    if let Some(weight) = &examples.weight {
        out.push_str(&format!("  {}\n", weighted(weight)));
    }
    if examples.without_at > 0 {
        out.push_str(&format!("  {} rows have no `at` and are no examples\n", count(examples.without_at)));
    }
    for finding in &report.findings {
        out.push_str(&format!("  {} {finding}\n", paint.warn(&format!("finding[{}]:", finding.code))));
    }
    out
}

/// By what examples count.
fn weighted(weight: &WeightReport) -> String {
    let zero = match weight.zero {
        0 => String::new(),
        some => format!("; {} of weight 0 do not count", count(some)),
    };
    format!(
        "fits and figures are weighted by `{}`: the weights to learn from sum up to {}, those held out to {}{zero}",
        weight.column,
        counted(weight.train),
        counted(weight.holdout)
    )
}

fn leaderboard(report: &RunReport, paint: Paint) -> String {
    let shown = shown(report.decision.task);
    let names = shown.map(|metric| metric.name());
    let mut table = Table::new(&["candidate", ">trials", ">rounds", names[0], names[1], names[2], names[3]]);
    for candidate in &report.leaderboard {
        let mut row = vec![candidate.candidate.clone(), count(candidate.trials), count(candidate.rounds)];
        row.extend(shown.iter().map(|metric| candidate.validation.get(metric).map_or_else(String::new, estimate)));
        table.row(row);
    }
    let mut out = section("Leaderboard (validation, best first, 95% intervals)", paint, &table.render(2));
    out.push_str(&format!("  {}calibration: {}\n", decided(report), report.decision.between()));
    out
}

/// How decisions are made, in words.
fn decided(report: &RunReport) -> String {
    match (report.decision.task, report.decision.threshold) {
        (Task::Binary, Some(threshold)) => format!(
            "decided positive from a probability of {} on, {} ([costs_of_error]); ",
            figure(threshold),
            report.decision.why_there()
        ),
        (Task::Multiclass, _) => format!(
            "of {} classes the one with the lowest expected cost is decided for; ",
            report.decision.classes.len()
        ),
        _ => String::new(),
    }
}

fn importance(report: &RunReport, paint: Paint) -> String {
    if report.importance.is_empty() {
        return String::new();
    }
    let metric = report.decision.metric.map_or("the metric", Metric::name);
    let mut table = Table::new(&["feature", &format!("how much worse {metric} gets when it is shuffled")]);
    for feature in report.importance.iter().take(FEATURES) {
        table.row([feature.feature.clone(), estimate(&feature.fall)]);
    }
    let mut out = section("What the model leans on", paint, &table.render(2));
    if report.importance.len() > FEATURES {
        out.push_str(&format!("  and {} more features\n", report.importance.len() - FEATURES));
    }
    out
}

fn holdout(report: &RunReport, paint: Paint) -> String {
    let Some(figures) = &report.final_ else {
        return section("Holdout", paint, "  not opened; `ropeway run --final` opens it, and every look is counted\n");
    };
    let elsewhere = report.looks.map_or(0, |looks| looks.through_another_split);
    let title = match elsewhere {
        0 => format!("Holdout ({} look at it)", ordinal(figures.looks)),
        some => format!("Holdout (looks: {}, {some} of them through another split, key or label)", figures.looks),
    };
    section(&title, paint, &scorecard(&figures.figures))
}

/// All figures of a scorecard, one a line.
pub fn scorecard(figures: &BTreeMap<Metric, Estimate>) -> String {
    let mut table = Table::new(&["", ""]);
    let all = |list: &&[Metric]| list.iter().all(|metric| figures.contains_key(metric));
    let lists = [Task::Regression, Task::Multiclass, Task::Binary].map(Task::metrics);
    // The list that all of them are in says the order.
    let order = lists.into_iter().find(all).unwrap_or(&Metric::BINARY);
    for metric in order {
        if let Some(found) = figures.get(metric) {
            table.row([metric.name().to_owned(), estimate(found)]);
        }
    }
    table.render(2)
}

fn gates(report: &RunReport, paint: Paint) -> String {
    let mut text = String::new();
    for gate in &report.gates {
        let verdict = match gate.passed {
            Some(true) => paint.good("passed    "),
            Some(false) => paint.bad("said no   "),
            None => paint.dim("not opened"),
        };
        text.push_str(&format!("  {verdict}  {}\n", gate.that));
    }
    if report.gates.iter().any(|gate| gate.passed.is_none()) {
        text.push_str("  a gate on holdout figures opens with `ropeway run --final`\n");
    }
    if let Some(lost) = lost(&report.model) {
        text.push_str(&format!("  {} {lost}\n", paint.bad("champion:")));
    }
    if text.is_empty() { text } else { section("Gates", paint, &text) }
}

/// Where the version of this run was the champion and is no more: why, and who is now.
pub fn lost(model: &ModelReport) -> Option<String> {
    let lost = model.lost.as_ref()?;
    let ModelReport { name, version, .. } = model;
    let now = match lost.heir {
        Some(heir) => format!("{name}@{heir}, the champion before it, takes over"),
        None => format!("no earlier champion of `{name}` passed its gates, so there is none now"),
    };
    Some(format!("{name}@{version} is the champion no more, since the gate `{}` says no; {now}", lost.gate))
}

fn places(report: &RunReport, paint: Paint) -> String {
    let model = &report.model;
    let name = format!("{}@{}", model.name, model.version);
    let champion = if model.champion { ", the champion" } else { "" };
    let mut table = Table::new(&["", ""]);
    table.row(["model".to_owned(), format!("{name}{champion}, digest {}", model.digest.short())]);
    table.row(["package".to_owned(), model.package.clone()]);
    for (what, place) in &report.places {
        table.row([what.clone(), place.clone()]);
    }
    let mut out = section("Where everything lies", paint, &table.render(2));
    out.push_str(&format!(
        "\nNext:\n  ropeway show {}    every step with its usage\n  ropeway predict {} --in FILE --out FILE\n  ropeway \
         serve\n",
        report.run,
        if model.champion { &model.name } else { &name }
    ));
    out
}

pub fn section(title: &str, paint: Paint, text: &str) -> String {
    format!("\n{}\n{text}", paint.strong(title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn report(change: impl FnOnce(&mut Value)) -> RunReport {
        let figure = json!({ "value": 0.5, "low": 0.4, "high": 0.6 });
        let step = |name: &str, state: &str| {
            json!({ "name": name, "state": state, "wall_s": 1.0, "cpu_s": 1.0, "peak_mib": 9.0, "bytes_read": 0,
                "bytes_written": 2048 })
        };
        let mut value = json!({
            "run": "r7", "status": "done", "wall_s": 3.0, "sample": null,
            "steps": [step("source:a", "cached"), step("model", "executed")],
            "sources": { "a": { "rows_in": 1200, "kept": 1199, "quarantined": 1, "arrived": 0 } },
            "checks": [{ "table": "a", "that": "x > 0", "failed": 2, "total": 1199, "verdict": "rejected" },
                { "table": "a", "that": "fresh t within 1 day", "failed": 1199, "total": 1199, "verdict": "warned",
                    "found": "the newest `t` is old" }],
            "findings": ["a filter reads `late`"],
            "examples": { "rows": 1199, "labelled": 1000, "train": 700, "purged": 10, "purged_in_folds": 20,
                "holdout": 290 },
            "leaderboard": [{ "candidate": "boosted", "trials": 20, "rounds": 3000,
                "validation": { "average_precision": figure } }],
            "decision": { "calibration": "platt", "threshold": 0.25 },
            "importance": [], "final": null,
            "gates": [{ "that": "holdout.roc_auc.low > 0.5", "passed": null }],
            "model": { "name": "shop", "version": 3, "digest": "0".repeat(64), "package": "shop.ropeway",
                "champion": false },
            "places": { "record": ".ropeway" }
        });
        change(&mut value);
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn nothing_that_was_counted_is_left_out() {
        let text = page(&report(|_| {}), Paint::PLAIN);
        for part in [
            "1 of 2 steps executed",
            "1,199            1",
            "0 of 2 checks hold; the others:\n",
            "x > 0 failed in 2 of 1,199 rows",
            "a: fresh t within 1 day does not hold: the newest `t` is old\n",
            "a filter reads `late`",
            "1,000 with a label: 700 to learn from, 290 held out\n",
            "not known yet: 10 before the holdout, 20 before folds",
            "0.500 [0.400, 0.600]",
            "not opened; `ropeway run --final`",
            "not opened  holdout.roc_auc.low > 0.5",
            "shop@3, digest 000000000000",
        ] {
            assert!(text.contains(part), "`{part}` is not in:\n{text}");
        }
    }

    #[test]
    fn a_holdout_figure_shows_how_often_it_was_looked_at() {
        let looked = report(|value| {
            value["final"] = json!({ "looks": 3, "roc_auc": { "value": 0.7, "low": 0.6, "high": 0.8 } });
            value["gates"][0]["passed"] = json!(true);
            value["model"]["champion"] = json!(true);
            value["sample"] = json!(0.05);
        });
        let text = page(&looked, Paint::PLAIN);
        for part in [
            "Holdout (3rd look at it)",
            "roc_auc  0.700 [0.600, 0.800]",
            "passed      holdout",
            "the champion",
            "sample of 5%",
        ] {
            assert!(text.contains(part), "`{part}` is not in:\n{text}");
        }
    }
}
