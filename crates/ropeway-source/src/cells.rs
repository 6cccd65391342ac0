//! The values of a batch as text, for CSV and JSON lines.

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int64Type, TimestampMicrosecondType};
use ropeway_vocab::{ColumnType, DAY_MICROS, Instant, Problem, Result};

use crate::convert::display;
use crate::jsonl::JSON_TEXT;

/// A column whose values can be written one by one.
pub(crate) enum Cells {
    Boolean(BooleanArray),
    Integer(Int64Array),
    Float(Float64Array),
    Text(StringArray),
    /// JSON text, as it was read.
    Json(StringArray),
    Date(Date32Array),
    Timestamp(TimestampMicrosecondArray),
}

impl Cells {
    /// The cells of a column.
    pub(crate) fn new(array: &ArrayRef, field: &Field) -> Result<Self> {
        let to = |ty: ColumnType| {
            cast(array, &ty.arrow())
                .map_err(|error| Problem::invalid("type", format!("column `{}`: {error}", field.name())))
        };
        let json = field.metadata().get(JSON_TEXT.0).is_some_and(|mark| mark == JSON_TEXT.1);
        Ok(match ColumnType::of_arrow(array.data_type()) {
            Some(ColumnType::Boolean) => Self::Boolean(array.as_boolean().clone()),
            Some(ColumnType::Integer) if *array.data_type() == DataType::UInt64 => Self::text(&display(array)?),
            Some(ColumnType::Integer) => Self::Integer(to(ColumnType::Integer)?.as_primitive::<Int64Type>().clone()),
            Some(ColumnType::Float) => Self::Float(to(ColumnType::Float)?.as_primitive::<Float64Type>().clone()),
            Some(ColumnType::Text) if json => Self::Json(to(ColumnType::Text)?.as_string::<i32>().clone()),
            Some(ColumnType::Text) => Self::text(&to(ColumnType::Text)?),
            Some(ColumnType::Date) => Self::Date(to(ColumnType::Date)?.as_primitive::<Date32Type>().clone()),
            Some(ColumnType::Timestamp) => {
                Self::Timestamp(to(ColumnType::Timestamp)?.as_primitive::<TimestampMicrosecondType>().clone())
            }
            None => Self::text(&display(array)?),
        })
    }

    fn text(array: &ArrayRef) -> Self {
        Self::Text(array.as_string::<i32>().clone())
    }

    /// Whether the value is missing.
    pub(crate) fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Boolean(array) => array.is_null(row),
            Self::Integer(array) => array.is_null(row),
            Self::Float(array) => array.is_null(row),
            Self::Text(array) | Self::Json(array) => array.is_null(row),
            Self::Date(array) => array.is_null(row),
            Self::Timestamp(array) => array.is_null(row),
        }
    }

    /// The value, not missing, as a CSV field. Floats are written so that they read back to the same bits.
    pub(crate) fn csv(&self, row: usize, out: &mut Vec<u8>) {
        match self {
            Self::Boolean(array) => out.extend_from_slice(if array.value(row) { b"true" } else { b"false" }),
            Self::Integer(array) => push(out, format_args!("{}", array.value(row))),
            Self::Float(array) => push(out, format_args!("{:?}", array.value(row))),
            Self::Text(array) => quoted(array.value(row), out),
            Self::Json(array) => quoted(&plain(array.value(row)), out),
            Self::Date(array) => push(out, format_args!("{}", Day(array.value(row)))),
            Self::Timestamp(array) => push(out, format_args!("{}", Instant::from_micros(array.value(row)))),
        }
    }

    /// The value, not missing, as JSON. NaN and the infinities, which JSON does not have, are strings.
    pub(crate) fn json(&self, row: usize, out: &mut Vec<u8>) {
        match self {
            Self::Float(array) if !array.value(row).is_finite() => {
                push(out, format_args!("\"{:?}\"", array.value(row)))
            }
            Self::Boolean(_) | Self::Integer(_) | Self::Float(_) => self.csv(row, out),
            Self::Text(array) => json_string(array.value(row), out),
            Self::Json(array) => out.extend_from_slice(array.value(row).as_bytes()),
            Self::Date(_) | Self::Timestamp(_) => {
                out.push(b'"');
                self.csv(row, out);
                out.push(b'"');
            }
        }
    }
}

fn push(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    let _ = std::io::Write::write_fmt(out, text);
}

/// A day since 1970-01-01, written as `YYYY-MM-DD`.
struct Day(i32);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = Instant::from_micros(i64::from(self.0).saturating_mul(DAY_MICROS)).to_string();
        f.write_str(text.split('T').next().unwrap_or_default())
    }
}

/// A CSV field, in quotes where it needs them; an empty text is `""`, a missing one nothing.
pub(crate) fn quoted(text: &str, out: &mut Vec<u8>) {
    let needs = text.is_empty() || text.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\r' | b'\n'));
    if !needs {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// A JSON string.
pub(crate) fn json_string(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    if serde_json::to_writer(&mut *out, text).is_err() {
        out.truncate(start);
        out.extend_from_slice(b"null");
    }
}

/// What a JSON text says: a string without its quotes, all else as it is.
pub(crate) fn plain(json: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(json) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(serde_json::Value::Null) => String::new(),
        _ => json.to_owned(),
    }
}
