//! What lies between two runs: a page of its own, and a few lines at the end of a run.

use ropeway_run::{Change, Comparison, DataChange, Moved, Verdict};
use ropeway_stat::Metric;

use super::number::{count, estimate, figure};
use super::paint::Paint;
use super::problem::visible;
use super::table::Table;

/// Changes of one kind that are told at the end of a run.
const SHORT: usize = 6;
/// Characters of a value that are shown.
const WIDTH: usize = 60;

/// The page of `ropeway compare`.
pub fn page(comparison: &Comparison, paint: Paint) -> String {
    let Comparison { before, after, figures, metric, .. } = comparison;
    let mut out = format!("{}\n", paint.strong(&format!("From {before} to {after}")));
    out.push_str(&changes(comparison, usize::MAX, paint));
    let mut table = Table::new(&["metric", before, after]);
    for found in figures {
        let mark = if found.metric == *metric { " (ranks by it)" } else { "" };
        table.row([format!("{}{mark}", found.metric), estimate(&found.before), estimate(&found.after)]);
    }
    let note = other_unit(comparison);
    out.push_str(&format!(
        "\n{}\n{}{note}",
        paint.strong("Figures of the best candidate on the folds"),
        table.render(2)
    ));
    out.push_str(&format!("\n{}\n{}", paint.strong("Did it move?"), moved(comparison, paint)));
    out
}

/// What the figures of a cost do not say where costs were changed.
fn other_unit(comparison: &Comparison) -> &'static str {
    let costs = comparison.settings.iter().flatten().any(|change| change.name.starts_with("costs_of_error"));
    if costs && comparison.figures.iter().any(|found| found.metric == "expected_cost") {
        "  expected_cost is in another unit in each run, since costs_of_error were changed: its two figures do not compare\n"
    } else {
        ""
    }
}

/// The lines at the end of a run.
pub fn since_last(comparison: &Comparison, paint: Paint) -> String {
    let mut out = format!("\n{}\n", paint.strong(&format!("Since the last run ({})", comparison.before)));
    out.push_str(&changes(comparison, SHORT, paint));
    out.push_str(&moved(comparison, paint));
    if comparison.metric == "expected_cost" {
        out.push_str(other_unit(comparison));
    }
    out
}

fn changes(comparison: &Comparison, most: usize, paint: Paint) -> String {
    let Comparison { before, data, features, settings, .. } = comparison;
    let mut out = String::new();
    list(&mut out, "data", data.iter().map(|change| of_data(change, paint)).collect(), most);
    for (name, changes) in [("features", features), ("settings", settings)] {
        match changes {
            Some(changes) => {
                list(
                    &mut out,
                    name,
                    changes.iter().map(|change| of_change(change, name == "settings", paint)).collect(),
                    most,
                );
            }
            None => out.push_str(&format!("  {name:9} {before} does not say which it had\n")),
        }
    }
    if out.is_empty() { "  nothing was changed\n".into() } else { out }
}

fn list(out: &mut String, name: &str, lines: Vec<String>, most: usize) {
    let all = lines.len();
    for (at, line) in lines.into_iter().take(most).enumerate() {
        let lead = if at == 0 { name } else { "" };
        out.push_str(&format!("  {lead:9} {line}\n"));
    }
    if all > most {
        out.push_str(&format!("  {:9} and {} more: `ropeway compare` lists them\n", "", all - most));
    }
}

fn of_data(change: &DataChange, paint: Paint) -> String {
    let DataChange { table, before, after, .. } = change;
    match (before, after) {
        (Some(before), Some(after)) if before.rows == after.rows => {
            format!("{} {table}: {} rows, some with other content", paint.warn("~"), count(after.rows))
        }
        (Some(before), Some(after)) => {
            format!("{} {table}: {} rows, now {}", paint.warn("~"), count(before.rows), count(after.rows))
        }
        (None, Some(after)) => format!("{} {table}: {} rows", paint.good("+"), count(after.rows)),
        (Some(before), None) => format!("{} {table}: had {} rows", paint.bad("-"), count(before.rows)),
        (None, None) => table.clone(),
    }
}

/// `values` says whether what it was and is means something to people.
fn of_change(change: &Change, values: bool, paint: Paint) -> String {
    let name = short(&change.name);
    let value = |text: &str| if values && !text.is_empty() { format!(" = {}", short(text)) } else { String::new() };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) if values => {
            format!("{} {name}: {}, now {}", paint.warn("~"), short(before), short(after))
        }
        (Some(_), Some(_)) => format!("{} {name} is computed otherwise", paint.warn("~")),
        (None, Some(after)) => format!("{} {name}{}", paint.good("+"), value(after)),
        (Some(before), None) => format!("{} {name}{}", paint.bad("-"), value(before)),
        (None, None) => name,
    }
}

fn short(text: &str) -> String {
    let text = visible(text).replace('\n', " ");
    if text.chars().count() <= WIDTH { text } else { text.chars().take(WIDTH - 1).chain(['…']).collect() }
}

fn moved(comparison: &Comparison, paint: Paint) -> String {
    let Comparison { figures, metric, moved, .. } = comparison;
    let mut out = String::new();
    let main = figures.iter().find(|found| found.metric == *metric);
    if let Some(found) = main {
        let (before, after) = (estimate(&found.before), estimate(&found.after));
        out.push_str(&format!("  {:9} {}: {before}, now {after}\n", "figure", found.metric));
    }
    let Moved { verdict, measure, examples, before, after, difference, pairing, why_not } = moved;
    let verdict = match verdict {
        Verdict::Better => paint.good("better"),
        Verdict::Worse => paint.bad("worse"),
        Verdict::NotToldApart => paint.warn("not told apart"),
        Verdict::Same => "the same".into(),
        Verdict::NotComparable => paint.warn("not comparable"),
    };
    out.push_str(&format!("  {:9} {verdict}", "verdict"));
    if let Some(why) = why_not {
        out.push_str(&format!(": {why}"));
    } else if let (Some(measure), Some(before), Some(after), Some(difference)) = (measure, before, after, difference) {
        out.push_str(&format!(
            ": {measure} of the same {} examples {}, now {}; difference {}",
            count(*examples),
            figure(*before),
            figure(*after),
            estimate(difference)
        ));
        if let Some(pairing) = pairing {
            out.push_str(&format!("\n  {:9} {pairing}", ""));
        }
        if measure == "squared_error" {
            let (before, after) = (before.sqrt(), after.sqrt());
            out.push_str(&format!(
                "\n  {:9} as root mean squares {}, now {}: {}",
                "",
                figure(before),
                figure(after),
                figure(after - before)
            ));
        }
        let goes_by = |metric: Metric| ropeway_learn::measure(metric, measure == "squared_error");
        if metric.parse().is_ok_and(|metric| !goes_by(metric).mean || goes_by(metric).name != *measure) {
            out.push_str(&format!(
                "\n  {:9} the verdict is by what each example loses ({measure}), example by example: {metric} is of all together",
                ""
            ));
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn comparison(moved: serde_json::Value) -> Comparison {
        let estimate = json!({ "value": 0.5, "low": 0.4, "high": 0.6 });
        let snapshot = |rows: u64, digest: &str| json!({ "rows": rows, "digest": digest });
        let data = [
            json!({ "table": "orders", "kind": "source", "before": snapshot(480, "a"), "after": snapshot(1_481, "b") }),
            json!({ "table": "visits", "kind": "source", "before": snapshot(7, "a"), "after": snapshot(7, "b") }),
            json!({ "table": "gone", "kind": "table", "before": snapshot(3, "a"), "after": null }),
        ];
        let change = |name: &str, before: Option<&str>, after: Option<&str>| json!({ "name": name, "before": before, "after": after });
        serde_json::from_value(json!({
            "before": "r3", "after": "r4", "data": data,
            "features": [change("late_7d", Some("x"), Some("y")), change("new", None, Some("z"))],
            "settings": [change("learn.tune.trials", Some("1"), Some("2")), change("[[gate]] a >= 1", None, Some(""))],
            "figures": [{ "metric": "roc_auc", "before": estimate, "after": estimate }], "metric": "roc_auc", "moved": moved,
        }))
        .unwrap()
    }

    #[test]
    fn changes_and_the_verdict_are_told() {
        let difference = json!({ "value": -0.01, "low": -0.02, "high": -0.004 });
        let moved = json!({ "verdict": "better", "measure": "log_loss", "examples": 3_000, "before": 0.468, "after": 0.458,
            "difference": difference, "why_not": null });
        let page = page(&comparison(moved), Paint::PLAIN);
        for part in [
            "From r3 to r4",
            "data      ~ orders: 480 rows, now 1,481",
            "~ visits: 7 rows, some with other content",
            "- gone: had 3 rows",
            "features  ~ late_7d is computed otherwise",
            "+ new\n",
            "settings  ~ learn.tune.trials: 1, now 2",
            "+ [[gate]] a >= 1\n",
            "roc_auc (ranks by it)  0.500 [0.400, 0.600]",
            "better: log_loss of the same 3,000 examples 0.468, now 0.458; difference -0.010 [-0.020, -0.004]",
        ] {
            assert!(page.contains(part), "`{part}` is not in:\n{page}");
        }
    }

    #[test]
    fn squares_are_told_as_roots_what_is_tested_is_said_and_so_is_another_unit_of_costs() {
        let difference = json!({ "value": -7.0, "low": -8.0, "high": -6.0 });
        let moved = json!({ "verdict": "better", "measure": "squared_error", "examples": 30, "before": 16.0, "after": 9.0,
            "difference": difference, "why_not": null });
        let mut comparison = comparison(moved);
        let text = since_last(&comparison, Paint::PLAIN);
        assert!(text.contains("as root mean squares 4.000, now 3.000: -1.000"), "{text}");
        assert!(text.contains("(squared_error), example by example: roc_auc is of all together"), "{text}");
        comparison.figures[0].metric = "expected_cost".into();
        let unit = "expected_cost is in another unit";
        assert!(!page(&comparison, Paint::PLAIN).contains(unit), "the control: costs did not change");
        let cost = Change {
            name: "costs_of_error.false_negative".into(),
            before: Some("1.0".into()),
            after: Some("5.0".into()),
        };
        comparison.settings = Some(vec![cost]);
        assert!(page(&comparison, Paint::PLAIN).contains(unit));
    }

    #[test]
    fn what_cannot_be_compared_says_why() {
        let moved = json!({ "verdict": "not_comparable", "measure": null, "examples": 0, "before": null, "after": null,
            "difference": null, "why_not": "5 of 9 examples are validated by another fold" });
        let mut comparison = comparison(moved);
        comparison.settings = None;
        let text = since_last(&comparison, Paint::PLAIN);
        assert!(text.contains("Since the last run (r3)") && text.contains("settings  r3 does not say"), "{text}");
        assert!(text.contains("not comparable: 5 of 9 examples are validated by another fold"), "{text}");
        (comparison.data, comparison.features, comparison.settings) = (Vec::new(), Some(Vec::new()), Some(Vec::new()));
        assert!(since_last(&comparison, Paint::PLAIN).contains("nothing was changed"));
    }
}
