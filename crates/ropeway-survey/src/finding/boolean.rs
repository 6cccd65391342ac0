//! `boolean-words`: two words that are yes and no.

use ropeway_vocab::ColumnType;

use super::{Code, Finding};
use crate::seen::Column;

/// Pairs of yes and no.
pub(super) const PAIRS: [(&str, &str); 14] = [
    ("yes", "no"),
    ("y", "n"),
    ("true", "false"),
    ("t", "f"),
    ("1", "0"),
    ("on", "off"),
    ("ja", "nein"),
    ("j", "n"),
    ("oui", "non"),
    ("si", "no"),
    ("sí", "no"),
    ("positive", "negative"),
    ("pos", "neg"),
    ("x", ""),
];

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    let [(first, _), (second, _)] = column.texts() else { return None };
    if column.ty != ColumnType::Text || !column.exact {
        return None;
    }
    let (yes, no) = as_pair(first, second)?;
    let evidence = format!("holds `{yes}` and `{no}` alone");
    Some(
        Finding::new(Code::BooleanWords, &[column.name], (column.present(), column.rows), evidence)
            .decide("learned from as two words"),
    )
}

/// The yes and the no of two words.
pub(super) fn as_pair<'a>(first: &'a str, second: &'a str) -> Option<(&'a str, &'a str)> {
    let (a, b) = (first.trim().to_lowercase(), second.trim().to_lowercase());
    let is = |yes: &str, no: &str| PAIRS.contains(&(yes, no));
    if is(&a, &b) {
        Some((first, second))
    } else if is(&b, &a) {
        Some((second, first))
    } else {
        None
    }
}
