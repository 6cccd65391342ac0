//! A survey: a line a column, then what was found, the gravest first.

use ropeway_survey::{Code, ColumnSurvey, Finding, Survey, Task};
use ropeway_vocab::ColumnType;

use super::number::count;
use super::paint::Paint;
use super::problem::visible;
use super::profile::{bars, plain, share, value_of};
use super::table::Table;

/// Values of a text column that are shown.
const SHOWN: usize = 3;
/// Characters of each.
const WIDTH: usize = 24;

/// The page.
pub fn page(file: &str, survey: &Survey, notes: &[String], paint: Paint) -> String {
    let mut out = format!(
        "{}  {} rows, {} columns",
        paint.strong(&visible(file)),
        count(survey.rows),
        count(survey.columns.len() as u64)
    );
    if survey.rejected > 0 {
        out.push_str(&paint.warn(&format!("; {} rows do not fit and are left out", count(survey.rejected))));
    }
    out.push_str("\n\n");
    out.push_str(&columns(survey));
    for note in notes {
        out.push_str(&format!("{} {}\n", paint.dim("read so:"), visible(note)));
    }
    out.push_str(&label(survey, paint));
    out.push_str(&findings(&survey.findings, paint));
    if let Some(drawn) = survey.drawn {
        out.push_str(&paint.dim(&format!(
            "\nRows are held against each other (leaks, copies, groups) in {} that were drawn, and quantiles of columns \
             with more values than are counted come from these.\n",
            count(drawn)
        )));
    }
    out
}

fn columns(survey: &Survey) -> String {
    let mut table = Table::new(&["column", "type", ">missing", ">different", "values"]);
    for column in &survey.columns {
        let about = if column.distinct_exact { "" } else { "~" };
        table.row([
            column.name.clone(),
            column.ty.to_string(),
            format!("{}{}", count(column.missing), share(column.missing, column.rows)),
            format!("{about}{}", count(column.distinct)),
            values(column),
        ]);
    }
    table.render(2)
}

fn values(column: &ColumnSurvey) -> String {
    if column.personal {
        return "personal: not shown".into();
    }
    if column.missing == column.rows {
        return String::new();
    }
    let (Some(min), Some(max)) = (column.min, column.max) else { return top(column) };
    let ty = column.ty;
    let mut out = column.histogram.as_ref().map_or_else(String::new, |histogram| format!("{} ", bars(histogram)));
    out.push_str(&value_of(min, ty));
    if let Some(median) = column.quantiles.iter().find(|quantile| quantile.at == 0.5).filter(|_| min != max) {
        out.push_str(&format!(" .. {} .. {}", value_of(median.value, ty), value_of(max, ty)));
    }
    if let (Some(mean), Some(deviation), ColumnType::Integer | ColumnType::Float) = (column.mean, column.deviation, ty)
    {
        out.push_str(&format!(", mean {} ± {}", plain(mean), plain(deviation)));
    }
    out
}

fn top(column: &ColumnSurvey) -> String {
    let present = column.rows - column.missing;
    let value = |text: &str| {
        let text = visible(text).replace('\n', " ");
        let cut = if text.chars().count() > WIDTH { "…" } else { "" };
        format!("{}{cut}", text.chars().take(WIDTH).collect::<String>())
    };
    let often = column.top.iter().take(SHOWN).filter(|top| top.count > 1 || column.distinct <= 3);
    let shown: Vec<String> = often
        .map(|top| format!("{} {:.0}%", value(&top.value), 100.0 * top.count as f64 / present.max(1) as f64))
        .collect();
    match (shown.is_empty(), column.top.first()) {
        (true, Some(first)) => format!("{}, ...", value(&first.value)),
        _ => shown.join(", "),
    }
}

fn label(survey: &Survey, paint: Paint) -> String {
    let Some(label) = &survey.label else {
        return "\nNo column looks like a label; `--label COLUMN` names one.\n".into();
    };
    let name = paint.strong(&visible(&label.column));
    let mut out = format!("\nThe label is {name}");
    if !label.named {
        out.push_str(&format!(", as proposed: {} (`--label COLUMN` names another", label.why));
        let others: Vec<String> = label.runners_up.iter().map(|other| format!("`{}`", other.column)).collect();
        if !others.is_empty() {
            out.push_str(&format!("; next would be {}", others.join(", ")));
        }
        out.push(')');
    }
    out.push_str(&format!(".\n  task    {}: {}\n", label.task.name(), label.task_why));
    if label.task != Task::Regression {
        let all: u64 = label.classes.iter().map(|class| class.count).sum();
        let class = |class: &ropeway_survey::ValueCount| {
            format!("{} {:.1}%", visible(&class.value), 100.0 * class.count as f64 / all.max(1) as f64)
        };
        let classes: Vec<String> = label.classes.iter().take(12).map(class).collect();
        out.push_str(&format!("  classes {}\n", classes.join(", ")));
    }
    if let Some(positive) = &label.positive {
        out.push_str(&format!("  positive `{}`: {}\n", visible(positive), label.positive_why));
    }
    out.push_str(&format!("  metric  {}: {}\n", label.metric, label.metric_why));
    if label.missing > 0 {
        out.push_str(&format!("  {} rows have no label and are not learned from\n", count(label.missing)));
    }
    out
}

/// What was found; suspects stand out.
pub fn findings(found: &[Finding], paint: Paint) -> String {
    if found.is_empty() {
        return "\nNothing else was found.\n".into();
    }
    let mut out = format!("\n{}\n", paint.strong("Found"));
    for finding in found {
        let code = finding.code.name();
        let code =
            if finding.code.is_leak() || finding.code == Code::Personal { paint.bad(&code) } else { paint.warn(&code) };
        let columns = finding.columns.iter().map(|name| visible(name)).collect::<Vec<_>>().join(" + ");
        let columns = if columns.is_empty() { String::new() } else { format!(" {}:", paint.strong(&columns)) };
        out.push_str(&format!("  {code}{columns} {}\n", visible(&finding.evidence)));
        out.push_str(&format!("    {} {}\n", paint.dim("->"), visible(&finding.decision)));
    }
    out
}
