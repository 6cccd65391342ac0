//! `identifier`: a column that names things of which most come once or a few times.

use ropeway_vocab::ColumnType;

use super::entity::{names_identifier, numbers_things};
use super::{Code, Finding};
use crate::seen::Column;

/// Numbers of so many things are no categories.
pub(super) const THINGS: u64 = 30;
/// From so many rows of one thing on there is something to learn of it, as of a shop: its number stays a feature.
pub const WELL_KNOWN: u64 = 20;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    let present = column.present();
    if present <= 50 || column.unique() {
        return None;
    }
    let share = column.distinct as f64 / present as f64;
    let named = matches!(column.ty, ColumnType::Integer | ColumnType::Text) && names_identifier(column.name);
    let coded = column.ty == ColumnType::Text
        && share >= 0.9
        && column.share_of(|text| is_code(text) || is_grouped(text)) >= 0.9;
    let little_known = column.distinct >= THINGS && present < column.distinct * WELL_KNOWN;
    let numbered = column.ty == ColumnType::Integer && numbers_things(column.name) && little_known;
    if !(named && share >= 0.5 || coded || numbered) {
        return None;
    }
    let mut evidence = format!("{} different values in {present} rows", column.distinct);
    if numbered && share < 0.5 {
        evidence.push_str(", and its name says that they name things: there is little to learn of each");
        let decision = "left out; where the same ones come back, read it as text (`types` of the source) and take it into `request`";
        return Some(
            Finding::new(Code::Identifier, &[column.name], (column.distinct, present), evidence).decide(decision),
        );
    }
    let decision = "left out: it names its rows and says nothing of others";
    Some(Finding::new(Code::Identifier, &[column.name], (column.distinct, present), evidence).decide(decision))
}

/// Whether a text is one word with a digit.
pub(super) fn is_code(text: &str) -> bool {
    !text.contains(char::is_whitespace) && text.contains(|c: char| c.is_ascii_digit()) && text.len() <= 64
}

/// Whether it is a number in groups of digits, with spaces between them.
fn is_grouped(text: &str) -> bool {
    let groups = || text.split([' ', '-', '/']);
    let digits = |group: &str| group.len() >= 2 && group.bytes().all(|byte| byte.is_ascii_digit());
    groups().count() <= 6 && groups().all(digits)
}
