//! `leading-zeros`: digits that are a code, and no number.

use ropeway_source::looks_like_code;
use ropeway_vocab::ColumnType;

use super::{Code, Finding};
use crate::seen::Column;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    if column.ty != ColumnType::Text {
        return None;
    }
    let rows = column.rows_of(looks_like_code);
    let digits = column.share_of(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    if rows == 0 || digits < 0.8 {
        return None;
    }
    let evidence = format!("{rows} rows begin with a zero, as codes do and numbers do not");
    Some(Finding::new(Code::LeadingZeros, &[column.name], (rows, column.rows), evidence).decide("stays text"))
}
