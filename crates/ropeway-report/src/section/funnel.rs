//! How rows were lost between source and training, in steps that add up.

use ropeway_run::{Recorded, RecordedRelation};

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
    body = sources.iter().fold(body, |out, source| out.add(of_source(source)));
    let tables = run.relations.iter().filter(|relation| relation.sql.is_some());
    let mut made = Table::new(&["table made by SQL", ">rows", ""]);
    let most = run.relations.iter().map(|relation| relation.rows).max().unwrap_or(0);
    tables.for_each(|table| made.html([code(&table.name), Html::of(count(table.rows)), share(table.rows, most)]));
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
    for (sign, what, rows) in lines.iter().filter(|line| line.2 > 0 || line.0 != "−") {
        table.html([Html::of(format!("{sign} {what}").trim()), Html::of(count(*rows)), share(*rows, most)]);
    }
    Html::new().tag("h3", &[], title).add(table.render("Account of rows"))
}

fn share(rows: u64, most: u64) -> Html {
    bar(rows as f64 / most.max(1) as f64)
}

fn of_source(relation: &RecordedRelation) -> Html {
    let Some((rows, _)) = &relation.source else { return Html::new() };
    let there = (rows.kept + rows.arrived).saturating_sub(relation.collapsed);
    let mut lines: Vec<Line> = vec![
        ("", "rows in files".into(), rows.rows_in),
        ("−", "in quarantine".into(), rows.quarantined),
        ("=", "kept".into(), rows.kept),
    ];
    if rows.arrived > 0 {
        lines.push(("+", "arrived by the rows route".into(), rows.arrived));
    }
    lines.push(("−", "equal to another row under the key".into(), relation.collapsed));
    lines.push(("−", "left out by checks, or superseded".into(), there.saturating_sub(relation.rows)));
    lines.push(("=", "rows of the source".into(), relation.rows));
    account(Html::of("source ").add(code(&relation.name)), &lines)
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
