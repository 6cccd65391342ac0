//! The values of a batch as text, for CSV and JSON lines. What a column holds is written whole: every digit of an integer
//! or decimal, every nanosecond, a double so that it reads back to the same bits.

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray, StringBuilder,
    TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use ropeway_vocab::{ColumnType, Instant, Problem, Result, civil_from_days};

use crate::format::quoting::{json_string, plain, quoted, requoted, unquoted};
use crate::format::spelling::Spelling;
use crate::value::boolean;
use crate::value::number;
use crate::write::nested::Nested;

/// A column whose values can be written one by one.
pub(crate) enum Cells {
    Boolean(BooleanArray),
    Integer(Int64Array),
    Float(Float64Array),
    /// Numbers that no integer and no double holds, by their digits.
    Digits(StringArray),
    Text(StringArray),
    /// Values as they were read.
    Spelled(StringArray, Spelling),
    Date(Date32Array),
    /// Instants, written in UTC.
    Timestamp(TimestampMicrosecondArray),
    Nested(Nested<Cells>),
}

impl Cells {
    /// The cells of a column.
    pub(crate) fn new(array: &ArrayRef, field: &Field) -> Result<Self> {
        if let (Some(spelling), Some(texts)) = (Spelling::of(field), array.as_string_opt::<i32>()) {
            return Ok(Self::Spelled(texts.clone(), spelling));
        }
        Self::of(array).map_err(|problem| problem.context(format_args!("column `{}`", field.name())))
    }

    /// The cells of a column that was not read from text.
    pub(crate) fn of(array: &ArrayRef) -> Result<Self> {
        let to = |data_type: &DataType| {
            cast(array, data_type).map_err(|error| Problem::invalid("type", format!("it cannot be written: {error}")))
        };
        let as_type = |ty: ColumnType| to(&ty.arrow());
        if let Some(nested) = Nested::of(array, Self::new)? {
            return Ok(Self::Nested(nested));
        }
        Ok(match array.data_type() {
            DataType::Dictionary(_, values) => Self::of(&to(values)?)?,
            DataType::Boolean => Self::Boolean(array.as_boolean().clone()),
            DataType::UInt64
            | DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..) => Self::Digits(display(array)?),
            data_type if data_type.is_integer() => {
                Self::Integer(as_type(ColumnType::Integer)?.as_primitive::<Int64Type>().clone())
            }
            data_type if data_type.is_floating() => {
                Self::Float(as_type(ColumnType::Float)?.as_primitive::<Float64Type>().clone())
            }
            DataType::Null | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                Self::Text(as_type(ColumnType::Text)?.as_string::<i32>().clone())
            }
            DataType::Date32 | DataType::Date64 => {
                Self::Date(as_type(ColumnType::Date)?.as_primitive::<Date32Type>().clone())
            }
            DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
                Self::Timestamp(as_type(ColumnType::Timestamp)?.as_primitive::<TimestampMicrosecondType>().clone())
            }
            // The same instants, named by UTC.
            DataType::Timestamp(unit, Some(_)) => {
                Self::Text(display(&to(&DataType::Timestamp(*unit, Some("UTC".into())))?)?)
            }
            _ => Self::Text(display(array)?),
        })
    }

    /// Whether the value is missing.
    pub(crate) fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Boolean(array) => array.is_null(row),
            Self::Integer(array) => array.is_null(row),
            Self::Float(array) => array.is_null(row),
            Self::Digits(array) | Self::Text(array) | Self::Spelled(array, _) => array.is_null(row),
            Self::Date(array) => array.is_null(row),
            Self::Timestamp(array) => array.is_null(row),
            Self::Nested(nested) => nested.is_missing(row),
        }
    }

    /// The value as a CSV field; nothing where it is missing.
    pub(crate) fn csv(&self, row: usize, delimiter: u8, out: &mut Vec<u8>) {
        if self.is_missing(row) {
            return;
        }
        match self {
            Self::Spelled(array, Spelling::Csv(_)) => requoted(array.value(row), delimiter, out),
            Self::Spelled(array, Spelling::Json) => {
                if let Some(text) = plain(array.value(row)) {
                    quoted(&text, delimiter, out);
                }
            }
            Self::Text(array) => quoted(array.value(row), delimiter, out),
            Self::Nested(nested) => {
                let mut json = Vec::new();
                nested.json(row, &mut json, Self::json);
                quoted(&String::from_utf8_lossy(&json), delimiter, out);
            }
            _ => self.bare(row, out),
        }
    }

    /// The value as JSON, null where it is missing. NaN and the infinities, which JSON does not have, are strings.
    pub(crate) fn json(&self, row: usize, out: &mut Vec<u8>) {
        if self.is_missing(row) {
            return out.extend_from_slice(b"null");
        }
        match self {
            Self::Spelled(array, Spelling::Csv(ty)) => csv_as_json(array.value(row), *ty, out),
            Self::Spelled(array, Spelling::Json) => out.extend_from_slice(array.value(row).as_bytes()),
            Self::Text(array) => json_string(array.value(row), out),
            Self::Nested(nested) => nested.json(row, out, Self::json),
            Self::Float(array) if !array.value(row).is_finite() => float_as_json(array.value(row), out),
            Self::Date(_) | Self::Timestamp(_) => {
                out.push(b'"');
                self.bare(row, out);
                out.push(b'"');
            }
            _ => self.bare(row, out),
        }
    }

    /// A value that holds nothing that needs quotes.
    fn bare(&self, row: usize, out: &mut Vec<u8>) {
        match self {
            Self::Boolean(array) => push(out, format_args!("{}", array.value(row))),
            Self::Integer(array) => push(out, format_args!("{}", array.value(row))),
            Self::Float(array) => push(out, format_args!("{:?}", array.value(row))),
            Self::Digits(array) => out.extend_from_slice(array.value(row).as_bytes()),
            Self::Date(array) => {
                let (year, month, day) = civil_from_days(array.value(row).into());
                push(out, format_args!("{year:04}-{month:02}-{day:02}"));
            }
            Self::Timestamp(array) => push(out, format_args!("{}", Instant::from_micros(array.value(row)))),
            Self::Text(_) | Self::Spelled(..) | Self::Nested(_) => {}
        }
    }
}

/// A CSV field as JSON: a string, but numbers and booleans where such were asked for; a number in its own spelling where
/// that is JSON's too (`007` is not). What is neither there spells a missing value.
fn csv_as_json(field: &str, ty: Option<ColumnType>, out: &mut Vec<u8>) {
    let text = unquoted(field);
    let trimmed = text.trim_ascii();
    match ty {
        Some(ColumnType::Integer | ColumnType::Float) if number::spells_json(trimmed) => {
            out.extend_from_slice(trimmed.as_bytes());
        }
        Some(ColumnType::Integer) => match number::integer(trimmed) {
            Ok(value) => push(out, format_args!("{value}")),
            Err(_) => out.extend_from_slice(b"null"),
        },
        Some(ColumnType::Float) => match number::float(trimmed) {
            Ok(value) => float_as_json(value, out),
            Err(_) => out.extend_from_slice(b"null"),
        },
        Some(ColumnType::Boolean) => match boolean::boolean(trimmed) {
            Ok(value) => push(out, format_args!("{value}")),
            Err(_) => out.extend_from_slice(b"null"),
        },
        _ => json_string(&text, out),
    }
}

fn float_as_json(value: f64, out: &mut Vec<u8>) {
    if value.is_finite() { push(out, format_args!("{value:?}")) } else { push(out, format_args!("\"{value:?}\"")) }
}

fn push(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    let _ = std::io::Write::write_fmt(out, text);
}

/// Any column as text, as Arrow shows it.
fn display(array: &ArrayRef) -> Result<StringArray> {
    let failed = |error: arrow::error::ArrowError| {
        Problem::invalid("type", format!("a value of {} cannot be written as text: {error}", array.data_type()))
            .remedy("write a `.parquet` file, which keeps the column as it is")
    };
    let options = FormatOptions::default();
    let all = ArrayFormatter::try_new(array.as_ref(), &options).map_err(failed)?;
    let mut builder = StringBuilder::new();
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
        } else {
            builder.append_value(all.value(row).try_to_string().map_err(failed)?);
        }
    }
    Ok(builder.finish())
}
