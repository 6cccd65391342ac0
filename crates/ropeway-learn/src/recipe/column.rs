//! Reading a feature's column in the three forms that recipes need: numbers, instants and texts.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use ropeway_vocab::DAY_MICROS;

/// Calls `each(position, index in the column)` for all rows, or for those given.
fn over(len: usize, rows: Option<&[u32]>, mut each: impl FnMut(usize)) {
    match rows {
        Some(rows) => rows.iter().for_each(|row| each(*row as usize)),
        None => (0..len).for_each(each),
    }
}

fn capacity(column: &ArrayRef, rows: Option<&[u32]>) -> usize {
    rows.map_or(column.len(), <[u32]>::len)
}

/// A boolean, integer or float column as doubles; NaN where missing.
pub fn numbers(column: &ArrayRef, rows: Option<&[u32]>) -> Vec<f64> {
    let mut out = Vec::with_capacity(capacity(column, rows));
    match column.data_type() {
        DataType::Boolean => {
            let array = column.as_boolean();
            over(array.len(), rows, |i| {
                out.push(if array.is_null(i) { f64::NAN } else { f64::from(u8::from(array.value(i))) });
            });
        }
        DataType::Int64 => {
            let array = column.as_primitive::<Int64Type>();
            over(array.len(), rows, |i| out.push(if array.is_null(i) { f64::NAN } else { array.value(i) as f64 }));
        }
        DataType::Float64 => {
            let array = column.as_primitive::<Float64Type>();
            over(array.len(), rows, |i| out.push(if array.is_null(i) { f64::NAN } else { array.value(i) }));
        }
        _ => out.resize(capacity(column, rows), f64::NAN),
    }
    out
}

/// A date or timestamp column as microseconds UTC.
pub fn instants(column: &ArrayRef, rows: Option<&[u32]>) -> Vec<Option<i64>> {
    let mut out = Vec::with_capacity(capacity(column, rows));
    match column.data_type() {
        DataType::Date32 => {
            let array = column.as_primitive::<Date32Type>();
            over(array.len(), rows, |i| {
                out.push((!array.is_null(i)).then(|| i64::from(array.value(i)).saturating_mul(DAY_MICROS)));
            });
        }
        DataType::Timestamp(..) => {
            if let Some(array) = column.as_primitive_opt::<TimestampMicrosecondType>() {
                over(array.len(), rows, |i| out.push((!array.is_null(i)).then(|| array.value(i))));
            }
        }
        _ => {}
    }
    out.resize(capacity(column, rows), None);
    out
}

/// A text column.
pub fn texts<'a>(column: &'a ArrayRef, rows: Option<&[u32]>) -> Vec<Option<&'a str>> {
    let mut out = Vec::with_capacity(capacity(column, rows));
    if let Some(array) = column.as_string_opt::<i32>() {
        over(array.len(), rows, |i| out.push((!array.is_null(i)).then(|| array.value(i))));
    }
    out.resize(capacity(column, rows), None);
    out
}

/// Whether the column holds dates or timestamps.
pub fn is_instant(column: &ArrayRef) -> bool {
    matches!(column.data_type(), DataType::Date32 | DataType::Timestamp(..))
}

/// Whether the column holds texts.
pub fn is_text(column: &ArrayRef) -> bool {
    *column.data_type() == DataType::Utf8
}
