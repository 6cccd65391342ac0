//! What the columns of each source and table look like, what is missing, and why rows are in quarantine.

use ropeway_run::{ColumnProfile, Profile, Recorded, RecordedRelation};
use ropeway_vocab::ColumnType;

use crate::Section;
use crate::chart::{bar, histogram};
use crate::html::{Html, code, paragraph};
use crate::number::{amount, count, day};
use crate::table::{Table, details};

/// Columns of one relation that are shown, and values of one column.
const COLUMNS: usize = 300;
const VALUES: usize = 4;
/// A relation with more columns is opened when it is asked for.
const OPEN: usize = 40;

/// The section.
pub fn section(run: &Recorded) -> Section {
    let body = run.relations.iter().fold(Html::new(), |out, relation| out.add(of_relation(relation)));
    Section { id: "data", title: "Data", body }
}

fn of_relation(relation: &RecordedRelation) -> Html {
    let kind = if relation.source.is_some() { "source" } else { "table" };
    let title = Html::of(format!("{kind} ")).add(code(&relation.name));
    let rows = format!("{} rows, {} columns.", count(relation.rows), relation.columns.len());
    let mut out = Html::new().tag("h3", &[], title).add(paragraph("soft", rows));
    let mut table = Table::new(&["column", "", "~values", ">missing", ">distinct", "type"]);
    relation.columns.iter().take(COLUMNS).for_each(|column| table.html(row(column)));
    let profile = table.render(&format!("Profile of {}", relation.name));
    out = out.add(if relation.columns.len() > OPEN { details("Columns", profile) } else { profile });
    if let Some(more) = relation.columns.len().checked_sub(COLUMNS).filter(|more| *more > 0) {
        out =
            out.add(paragraph("note", format!("And {more} more columns: `ropeway show --profile {}`.", relation.name)));
    }
    out.add(quarantine(relation))
}

fn quarantine(relation: &RecordedRelation) -> Html {
    if relation.reasons.is_empty() {
        return Html::new();
    }
    let mut table = Table::new(&["column", "~the value …", ">rows on record"]);
    for reason in &relation.reasons {
        let column = reason.column.as_deref().unwrap_or("(the row as a whole)");
        table.row([column.to_owned(), reason.reason.clone(), count(reason.rows)]);
    }
    let quarantined = relation.source.as_ref().map_or(0, |(rows, _)| rows.quarantined);
    let says = format!("{} rows of {} are in quarantine:", count(quarantined), relation.name);
    paragraph("", says).add(table.render("Rows in quarantine"))
}

fn row(column: &ColumnProfile) -> Vec<Html> {
    let share = if column.rows == 0 { 0.0 } else { column.missing as f64 / column.rows as f64 };
    let missing = match column.missing {
        0 => Html::of("0"),
        some => Html::of(format!("{} ({:.1}%)", count(some), share * 100.0)),
    };
    let (distinct, values, drawn) = match &column.values {
        None => (Html::new(), Html::of("personal, not shown"), Html::new()),
        Some(Profile::Number(profile)) => {
            let drawn = profile.histogram.as_ref().map_or_else(Html::new, |found| histogram(&found.counts));
            (
                Html::of(count(profile.distinct)),
                Html::of(range(column.ty, profile.min, profile.max, profile.mean)),
                drawn,
            )
        }
        Some(Profile::Text(profile)) => {
            let values = if profile.distinct == profile.count && profile.count > 1 {
                "all different".to_owned()
            } else {
                profile.top.iter().take(VALUES).map(|value| short(&value.value)).collect::<Vec<_>>().join(", ")
            };
            let shares = profile.top.iter().map(|value| value.count).collect::<Vec<_>>();
            let drawn = match profile.distinct {
                0 => Html::new(),
                1 => bar(1.0),
                _ => histogram(&shares),
            };
            (Html::of(count(profile.distinct)), Html::of(values), drawn)
        }
    };
    vec![code(&column.name), drawn, values, missing, distinct, Html::of(type_name(column.ty))]
}

const fn type_name(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Boolean => "boolean",
        ColumnType::Integer => "integer",
        ColumnType::Float => "float",
        ColumnType::Text => "text",
        ColumnType::Date => "date",
        ColumnType::Timestamp => "timestamp",
    }
}

/// From the least to the greatest, as the type is read.
fn range(ty: ColumnType, min: Option<f64>, max: Option<f64>, mean: Option<f64>) -> String {
    let (Some(min), Some(max)) = (min, max) else { return "none".into() };
    match ty {
        ColumnType::Date => format!("{} to {}", day(min * 86_400.0), day(max * 86_400.0)),
        ColumnType::Timestamp => format!("{} to {}", day(min), day(max)),
        _ => format!("{} to {}, mean {}", amount(min), amount(max), mean.map_or_else(|| "–".into(), amount)),
    }
}

fn short(value: &str) -> String {
    match value.char_indices().nth(40) {
        Some((cut, _)) => format!("{}…", &value[..cut]),
        None if value.is_empty() => "(empty)".into(),
        None => value.to_owned(),
    }
}
