//! Rows that a run left out: what its sources could not take, and what failed its checks.

use std::collections::BTreeMap;

use ropeway_run::{Quarantine, RejectedRow, Shown};
use serde_json::Value;

use super::number::count;
use super::paint::Paint;
use super::problem::visible;
use super::table::Table;

/// Rows shown of one check; all that are on record are in the JSON.
const OF_A_CHECK: usize = 5;

/// The part of the page of `ropeway show`; empty where nothing was left out.
pub fn page(shown: &Shown, paint: Paint) -> String {
    let mut out = String::new();
    if !shown.quarantine.is_empty() {
        out.push_str(&format!("\n{}\n", paint.strong("Rows in quarantine")));
        for (source, found) in &shown.quarantine {
            out.push_str(&quarantine(source, found));
        }
    }
    if !shown.rejected.is_empty() {
        out.push_str(&format!("\n{}\n", paint.strong("Rows that fail a check")));
        for (table, rows) in &shown.rejected {
            out.push_str(&of_table(table, rows, shown));
        }
    }
    out
}

/// The quarantine of one source: where each row is, and why it could not be taken.
pub fn quarantine(source: &str, found: &Quarantine) -> String {
    let mut out = format!("  {source}: {}\n", rows(found.total));
    let mut table = Table::new(&["", "column", "value", "why"]);
    for row in &found.rows {
        table.row([
            format!("{}:{}", row.file, row.line),
            row.column.clone().unwrap_or_else(|| "(the row)".into()),
            row.value.clone(),
            row.reason.clone(),
        ]);
    }
    if !found.rows.is_empty() {
        out.push_str(&table.render(4));
    }
    let shown = found.rows.len() as u64;
    if shown < found.recorded {
        let more = count(found.recorded - shown);
        out.push_str(&format!("    and {more} more: `ropeway show --quarantine {source}` shows them\n"));
    } else if shown < found.total {
        out.push_str(&format!("    and {} more, which are counted and not kept\n", count(found.total - shown)));
    }
    out
}

fn of_table(table: &str, failed: &[RejectedRow], shown: &Shown) -> String {
    let mut by_check: BTreeMap<&str, Vec<&RejectedRow>> = BTreeMap::new();
    for row in failed {
        by_check.entry(&row.check).or_default().push(row);
    }
    let mut out = String::new();
    for (check, failed) in by_check {
        let report = shown.checks.iter().find(|report| report.table == table && report.that == check);
        let total = report.map_or(failed.len() as u64, |report| report.failed);
        let verdict = report.map_or_else(String::new, |report| format!(", {}", report.verdict));
        out.push_str(&format!("  {table}: {check}: {}{verdict}\n", rows(total)));
        for row in failed.iter().take(OF_A_CHECK) {
            let cells: Vec<String> = row.row.iter().map(|(name, value)| format!("{name}={}", text(value))).collect();
            out.push_str(&format!("    {}\n", cells.join(" ")));
        }
        let more = total.saturating_sub(failed.len().min(OF_A_CHECK) as u64);
        if more > 0 {
            out.push_str(&format!("    and {} more\n", count(more)));
        }
    }
    out
}

fn rows(number: u64) -> String {
    if number == 1 { "1 row".into() } else { format!("{} rows", count(number)) }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "missing".into(),
        Value::String(text) => visible(text).replace('\n', " "),
        other => other.to_string(),
    }
}
