//! `key` and `duplicate-keys`: columns that identify a row, or nearly do.

use ropeway_vocab::ColumnType;

use super::entity::names_identifier;
use super::{Code, Finding};
use crate::seen::{Column, Seen};

/// The share of rows with a value of their own from which an identifier was meant to be a key.
const MEANT: f64 = 0.95;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    if !column.unique() || !may_name(column) {
        return None;
    }
    let named = names_identifier(column.name);
    let counting = column.ty == ColumnType::Integer && spaced(column);
    // Measured numbers and few rows differ by chance, too.
    if !named && (column.rows <= 50 || column.ty == ColumnType::Integer && !counting) {
        return None;
    }
    let evidence = format!("each of the {} rows has a value of its own", column.rows);
    Some(
        Finding::new(Code::Key, &[column.name], (column.rows, column.rows), evidence)
            .decide("identifies a row, and is no feature"),
    )
}

/// Identifiers of which some come several times.
pub(super) fn repeated(column: &Column<'_>) -> Option<Finding> {
    let present = column.present();
    let meant = names_identifier(column.name) && may_name(column) && column.exact && column.rows > 50;
    if !meant || column.distinct == present || (column.distinct as f64) < MEANT * present as f64 {
        return None;
    }
    let again = present - column.distinct;
    let evidence = format!("{again} rows have the `{}` of an earlier row, all others their own", column.name);
    let decision = "not a key as it is: look at these rows, and keep one of each if the others are errors";
    Some(Finding::new(Code::DuplicateKeys, &[column.name], (again, column.rows), evidence).decide(decision))
}

/// Where whole rows repeat and nothing else does, the identifier is a key as soon as these are left out.
pub(super) fn settle(found: &mut Vec<Finding>, seen: &Seen<'_>) {
    let complete =
        |name: &str| seen.columns.iter().any(|column| column.name == name && column.present() == column.rows);
    let repeats = |finding: &&mut Finding| {
        finding.code == Code::DuplicateKeys
            && seen.scanned.repeats.are_all(finding.rows)
            && finding.columns.first().is_some_and(|name| complete(name))
    };
    let mut keys = Vec::new();
    for finding in found.iter_mut().filter(repeats) {
        finding.decision = "identifies a row once rows that repeat another one are left out, and is no feature".into();
        keys.extend(finding.columns.clone());
    }
    found.retain(|finding| finding.code != Code::Identifier || !finding.columns.iter().any(|name| keys.contains(name)));
}

pub(super) fn may_name(column: &Column<'_>) -> bool {
    matches!(column.ty, ColumnType::Integer | ColumnType::Text)
}

/// Whether the numbers are those of a list: as many as rows in about as wide a range.
pub(super) fn spaced(column: &Column<'_>) -> bool {
    let numbers = column.numbers();
    match (numbers.first(), numbers.last()) {
        (Some(first), Some(last)) => last.0 - first.0 + 1.0 <= 1.05 * column.rows as f64,
        _ => true,
    }
}
