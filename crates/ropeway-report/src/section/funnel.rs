//! How rows were lost between source and training, in steps that add up.

use ropeway_run::{AccountStep, Recorded, RecordedRelation};

use crate::Section;
use crate::chart::bar;
use crate::html::{Html, code, paragraph};
use crate::number::{count, counted};
use crate::table::Table;

/// The section.
pub fn section(run: &Recorded) -> Section {
    let says = "Each group of lines adds up: what goes in is what stays and what is left out, with the reason.";
    let mut body = paragraph("soft", says);
    let sources: Vec<&RecordedRelation> = run.relations.iter().filter(|found| found.source.is_some()).collect();
    body = sources.iter().fold(body, |out, source| out.add(of_source(run, source)));
    let tables: Vec<&RecordedRelation> = run.relations.iter().filter(|relation| relation.sql.is_some()).collect();
    body = tables.iter().fold(body, |out, table| out.add(of_table(run, table)));
    // The first records do not say how the rows of a table came about.
    let mut made = Table::new(&["table made by SQL", ">rows", ""]);
    let most = run.relations.iter().map(|relation| relation.rows).max().unwrap_or(0);
    let untold = tables.iter().filter(|table| table.account.is_none());
    untold.for_each(|table| made.html([code(&table.name), Html::of(count(table.rows)), share(table.rows, most)]));
    if !made.is_empty() {
        body = body.add(made.render("Rows of tables"));
    }
    Section { id: "rows", title: "From source to training", body: body.add(examples(run)) }
}

/// One line of the account: a sign, what, how many.
type Line = (&'static str, String, u64);

fn account(title: Html, lines: &[Line]) -> Html {
    let most = lines.iter().map(|line| line.2).max().unwrap_or(0);
    let mut table = Table::new(&["", ">rows", ""]);
    for (sign, what, rows) in lines.iter().filter(|line| line.2 > 0 || !matches!(line.0, "−" | "+")) {
        table.html([Html::of(format!("{sign} {what}").trim()), Html::of(count(*rows)), share(*rows, most)]);
    }
    Html::new().tag("h3", &[], title).add(table.render("Account of rows"))
}

fn share(rows: u64, most: u64) -> Html {
    bar(rows as f64 / most.max(1) as f64)
}

fn of_source(run: &Recorded, relation: &RecordedRelation) -> Html {
    let Some((rows, _)) = &relation.source else { return Html::new() };
    let there = (rows.kept + rows.arrived).saturating_sub(relation.collapsed);
    let mut lines: Vec<Line> = Vec::new();
    if !rows.skipped.none() {
        let skipped = rows.skipped;
        let all = rows.rows_in + skipped.above + skipped.comments + skipped.footer;
        lines.push(("", "lines and rows in files".into(), all));
        lines.push(("−", "lines above the table".into(), skipped.above));
        lines.push(("−", "comments".into(), skipped.comments));
        lines.push(("−", "rows below the table, such as totals".into(), skipped.footer));
    }
    lines.push((if lines.is_empty() { "" } else { "=" }, "rows in files".into(), rows.rows_in));
    lines.push(("−", "in quarantine".into(), rows.quarantined));
    lines.push(("=", "kept".into(), rows.kept));
    if rows.arrived > 0 {
        lines.push(("+", "arrived by the rows route".into(), rows.arrived));
    }
    lines.push(("−", "equal to another row under the key".into(), relation.collapsed));
    let checks = rejected(run, relation);
    let checked: u64 = checks.iter().map(|line| line.2).sum();
    lines.extend(checks);
    let superseded = there.saturating_sub(relation.rows + checked);
    lines.push(("−", "posted, and other than the row of a file under their key".into(), superseded));
    lines.push(("=", "rows of the source".into(), relation.rows));
    account(Html::of("source ").add(code(&relation.name)), &lines)
}

/// From the rows that the SQL of a table reads to those that it has.
fn of_table(run: &Recorded, relation: &RecordedRelation) -> Html {
    let Some(found) = &relation.account else { return Html::new() };
    let mut lines: Vec<Line> = Vec::new();
    for (name, rows) in &found.inputs {
        lines.push((if lines.is_empty() { "" } else { "+" }, format!("rows of {name}"), *rows));
    }
    for AccountStep { by, change } in &found.steps {
        match change.is_negative() {
            true => lines.push(("−", format!("left out by {by}"), change.unsigned_abs())),
            false => lines.push(("+", format!("added by {by}"), change.unsigned_abs())),
        }
    }
    lines.extend(rejected(run, relation));
    lines.push(("=", "rows of the table".into(), relation.rows));
    account(Html::of("table ").add(code(&relation.name)), &lines)
}

/// What each check of a relation leaves out of what the checks before it left.
fn rejected(run: &Recorded, relation: &RecordedRelation) -> Vec<Line> {
    let own = run.report.checks.iter().filter(|check| check.table == relation.name && check.verdict == "rejected");
    own.map(|check| ("−", format!("left out by the check {}", check.that), check.failed)).collect()
}

fn examples(run: &Recorded) -> Html {
    let examples = &run.report.examples;
    let table = run.relations.iter().find(|found| Some(&found.name) == run.examples_table.as_ref());
    let mut lines: Vec<Line> = Vec::new();
    if let Some(table) = table {
        let left = table.rows.saturating_sub(examples.without_at + examples.rows);
        let why = if run.report.sample.is_some() { "left out by --sample" } else { "left out" };
        lines.push(("", format!("rows of {}", table.name), table.rows));
        lines.push(("−", "without a prediction time".into(), examples.without_at));
        lines.push(("−", why.into(), left));
    }
    let zero = examples.weight.as_ref().map_or(0, |weight| weight.zero);
    let apart = examples.labelled.saturating_sub(zero + examples.holdout + examples.purged + examples.train);
    lines.push(("=", "examples".into(), examples.rows));
    lines.push(("−", "without a label".into(), examples.rows - examples.labelled.min(examples.rows)));
    lines.push(("=", "labelled".into(), examples.labelled));
    if zero > 0 {
        lines.push(("−", "of weight 0".into(), zero));
    }
    lines.push(("−", "held out".into(), examples.holdout));
    lines.push(("−", "purged before the holdout: their labels were not known yet".into(), examples.purged));
    lines.push(("−", "in no part of the split".into(), apart));
    lines.push(("=", "to learn from".into(), examples.train));
    let mut out = account(Html::of("Examples"), &lines);
    if let Some(weight) = &examples.weight {
        let says = format!(
            "Fits and figures are weighted by {}: the weights to learn from sum up to {}, those held out to {}. Here rows are counted.",
            weight.column,
            counted(weight.train),
            counted(weight.holdout)
        );
        out = out.add(paragraph("note", says));
    }
    if examples.purged_in_folds > 0 {
        let says = format!(
            "{} more were purged before validation parts, all folds together.",
            count(examples.purged_in_folds)
        );
        out = out.add(paragraph("note", says));
    }
    if run.classes.is_empty() {
        return out;
    }
    let mut table = Table::new(&["class", ">to learn from", ">held out", ""]);
    let most = run.classes.iter().map(|class| class.train).max().unwrap_or(0);
    for class in &run.classes {
        table.html([
            Html::of(&class.class),
            Html::of(count(class.train)),
            Html::of(count(class.holdout)),
            share(class.train, most),
        ]);
    }
    out.add(table.render("Rows of each class"))
}
