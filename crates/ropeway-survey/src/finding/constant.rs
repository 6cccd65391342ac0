//! `constant`, `near-constant` and `not-finite`: columns that say little or nothing.

use super::{Code, Finding};
use crate::column::{shortened, show};
use crate::seen::{Column, Kept};

/// The share of rows of one value from which a column is nearly constant.
const NEARLY: f64 = 0.995;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    let Column { name, rows, missing, distinct, .. } = *column;
    if missing == rows {
        let evidence = "no row has a value";
        return Some(Finding::new(Code::Constant, &[name], (rows, rows), evidence).decide("left out"));
    }
    let (value, count) = most_frequent(column)?;
    if distinct == 1 && missing == 0 {
        let evidence = format!("every row has `{value}`");
        return Some(Finding::new(Code::Constant, &[name], (rows, rows), evidence).decide("left out"));
    }
    if rows < 200 || (count as f64) < NEARLY * rows as f64 {
        return None;
    }
    let evidence = format!("{count} of {rows} rows have `{value}`");
    let decision = "stays: what is rare may matter; take it out of `request` if it does not";
    Some(Finding::new(Code::NearConstant, &[name], (count, rows), evidence).decide(decision))
}

/// NaN and infinities.
pub(super) fn not_finite(column: &Column<'_>) -> Option<Finding> {
    let Kept::Numbers(tally, _) = &column.kept else { return None };
    (tally.not_finite > 0).then(|| {
        let evidence = format!("{} values are NaN or infinite", tally.not_finite);
        Finding::new(Code::NotFinite, &[column.name], (tally.not_finite, column.rows), evidence)
            .decide("the learners take them for missing")
    })
}

fn most_frequent(column: &Column<'_>) -> Option<(String, u64)> {
    match &column.kept {
        Kept::Numbers(_, values) => {
            values.iter().max_by_key(|(.., rows)| *rows).map(|(_, bits, rows)| (show(*bits, column.ty), *rows))
        }
        Kept::Texts(values) => values.iter().max_by_key(|(_, rows)| *rows).map(|(text, rows)| (shortened(text), *rows)),
    }
}
