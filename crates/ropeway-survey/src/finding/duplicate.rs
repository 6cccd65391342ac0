//! `duplicate-rows`: rows that are equal to an earlier one in every column.

use super::{Code, Finding};
use crate::seen::Seen;

pub(super) fn find(seen: &Seen<'_>) -> Option<Finding> {
    let repeats = seen.scanned.repeats;
    if repeats.rows == 0 {
        return None;
    }
    let about = if repeats.exact { "" } else { "about " };
    let evidence = format!("{about}{} of {} rows repeat an earlier row in every column", repeats.rows, seen.rows);
    let decision = if repeats.are_copies() {
        "each stands once in the table, so that no row is on both sides of a split"
    } else {
        "all stay: so few and coarse columns are equal by chance, so that these are other cases alike and no copies"
    };
    Some(Finding::new(Code::DuplicateRows, &[], (repeats.rows, seen.rows), evidence).decide(decision))
}
