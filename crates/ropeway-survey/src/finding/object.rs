//! `object`: a column whose cells are objects of JSON, as lines of nested objects have them.

use ropeway_vocab::ColumnType;

use super::{Code, Finding};
use crate::seen::Column;

/// The share of rows that have to be objects.
const NEARLY_ALL: f64 = 0.9;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    if column.ty != ColumnType::Text || column.present() == 0 || column.share_of(is_object) < NEARLY_ALL {
        return None;
    }
    let rows = column.rows_of(is_object);
    let evidence = format!("{rows} rows hold an object, such as `{}`", example(column));
    let decision =
        "stays as one text: make columns of its parts in the file, or by `regexp_replace` in the table's SQL";
    Some(Finding::new(Code::Object, &[column.name], (rows, column.rows), evidence).decide(decision))
}

/// Whether a text is an object with a key.
pub(super) fn is_object(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("{\"") && text.ends_with('}') && text.contains("\":")
}

fn example(column: &Column<'_>) -> String {
    let text = column.texts().first().map_or("", |(text, _)| *text);
    let cut = if text.chars().nth(60).is_some() { "…" } else { "" };
    format!("{}{cut}", text.chars().take(60).collect::<String>())
}
