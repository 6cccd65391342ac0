//! `leak-separates`: one column alone tells the label, in rows of which it has not learned it.

use super::{Known, LOOK};
use crate::finding::{Code, Finding};
use crate::measure::tells;
use crate::seen::{Column, Seen};

/// How much of the label a column tells that is no honest feature.
pub(super) const TOO_MUCH: f64 = 0.97;

pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<Finding> {
    let numeric = column.is_number() || column.is_time();
    let told = tells(seen.spread(column), numeric, &known.target)?;
    if told.share < TOO_MUCH {
        return None;
    }
    let rows = known.target.labelled() as u64;
    let evidence = format!(
        "alone it tells `{}`: {} {:.3}, learned on one half of {rows} rows and judged on the other",
        known.label.column, told.name, told.figure
    );
    Some(Finding::new(Code::LeakSeparates, &[column.name], (rows, rows), evidence).decide(LOOK))
}
