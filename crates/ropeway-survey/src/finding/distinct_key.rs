//! `duplicate-keys` of a column that is not called as keys are, and yet has a value of its own in each row once rows that repeat
//! another one in every column are left out.

use ropeway_vocab::ColumnType;

use super::key::{may_name, spaced};
use super::{Code, Finding};
use crate::seen::{Column, Seen};

/// Fewer rows differ in any column by chance.
const ENOUGH: u64 = 50;

/// Adds such columns to what was found; what is about a person is none of them.
pub(super) fn add(found: &mut Vec<Finding>, seen: &Seen<'_>, label: Option<&str>) {
    let repeats = seen.scanned.repeats;
    let known = |column: &&Column<'_>, found: &[Finding]| {
        found.iter().any(|finding| {
            matches!(finding.code, Code::DuplicateKeys | Code::Personal | Code::FreeText)
                && finding.columns.iter().any(|name| name == column.name)
        })
    };
    let is_key = |column: &&Column<'_>| {
        let again = column.rows - column.distinct.min(column.rows);
        let listed = column.ty == ColumnType::Text || spaced(column);
        may_name(column)
            && column.exact
            && column.missing == 0
            && column.distinct > ENOUGH
            && again > 0
            && repeats.are_all(again)
            && listed
    };
    let columns = seen.columns.iter().filter(|column| label != Some(column.name)).filter(is_key);
    let more: Vec<Finding> = columns
        .filter(|column| !known(column, found))
        .map(|column| {
            let again = column.rows - column.distinct;
            let evidence = format!(
                "{again} rows have the `{}` of an earlier row, and repeat it in every column; all others have their own",
                column.name
            );
            // What follows is said where all such findings are settled.
            Finding::new(Code::DuplicateKeys, &[column.name], (again, column.rows), evidence)
        })
        .collect();
    found.extend(more);
}
