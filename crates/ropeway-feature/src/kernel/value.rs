//! One cell of a window or lookup as a value that compares and hashes: numbers as order-preserving bits,
//! text shared. Every logical type goes in and comes out unchanged, except that all NaN are one NaN.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use ropeway_vocab::{ColumnType, Problem, Result};

const SIGN: u64 = 1 << 63;

/// A cell that is not missing. The order is that of its logical type; floats are in total order, with NaN
/// above all (or below all, see [`Reader::nan_low`]).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Value {
    /// Booleans, integers, dates, timestamps and floats as bits whose unsigned order is theirs.
    Number(u64),
    /// Text.
    Text(Arc<str>),
}

impl Value {
    /// An integer, a date's days or a timestamp's microseconds.
    pub(crate) fn integer(value: i64) -> Self {
        Self::Number(value as u64 ^ SIGN)
    }

    /// A float; every NaN becomes the one NaN.
    pub(crate) fn float(value: f64) -> Self {
        let bits = if value.is_nan() { f64::NAN.to_bits() & !SIGN } else { value.to_bits() };
        Self::Number(if bits & SIGN == 0 { bits | SIGN } else { !bits })
    }

    pub(crate) fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Number(bits) => Some((bits ^ SIGN) as i64),
            Self::Text(_) => None,
        }
    }

    /// The float that these bits stand for; NaN for a text, which no numeric series holds.
    pub(crate) fn as_float(&self) -> f64 {
        let Self::Number(bits) = self else { return f64::NAN };
        let value = f64::from_bits(if bits & SIGN == 0 { !bits } else { bits & !SIGN });
        if value.is_nan() { f64::NAN } else { value }
    }
}

/// Reads the cells of one Arrow array.
pub(crate) enum Reader<'a> {
    Boolean(&'a BooleanArray),
    Integer(&'a Int64Array),
    Float(&'a Float64Array),
    /// Floats with NaN below all, so that the least of a range is NaN as soon as one is.
    FloatNanLow(&'a Float64Array),
    /// Floats to be told apart as SQL does: both zeros are one value.
    FloatEqual(&'a Float64Array),
    Text(&'a StringArray),
    Date(&'a Date32Array),
    Timestamp(&'a TimestampMicrosecondArray),
}

impl<'a> Reader<'a> {
    /// A reader of an array that has the Arrow type of `ty`.
    pub(crate) fn new(array: &'a ArrayRef, ty: ColumnType) -> Result<Self> {
        let reader = match ty {
            ColumnType::Boolean => array.as_boolean_opt().map(Self::Boolean),
            ColumnType::Integer => array.as_primitive_opt::<Int64Type>().map(Self::Integer),
            ColumnType::Float => array.as_primitive_opt::<Float64Type>().map(Self::Float),
            ColumnType::Text => array.as_string_opt().map(Self::Text),
            ColumnType::Date => array.as_primitive_opt::<Date32Type>().map(Self::Date),
            ColumnType::Timestamp => array.as_primitive_opt::<TimestampMicrosecondType>().map(Self::Timestamp),
        };
        reader.ok_or_else(|| Problem::internal(format!("a column of {ty} came as {}", array.data_type())))
    }

    /// The same, with NaN below every other float.
    pub(crate) fn nan_low(self) -> Self {
        match self {
            Self::Float(array) => Self::FloatNanLow(array),
            other => other,
        }
    }

    /// The same, with both zeros one value, as keys and distinct counts need it.
    pub(crate) fn equality(self) -> Self {
        match self {
            Self::Float(array) => Self::FloatEqual(array),
            other => other,
        }
    }

    /// The cell in a row, where it is not missing.
    pub(crate) fn get(&self, row: usize) -> Option<Value> {
        let missing = match self {
            Self::Boolean(a) => a.is_null(row),
            Self::Integer(a) => a.is_null(row),
            Self::Float(a) | Self::FloatNanLow(a) | Self::FloatEqual(a) => a.is_null(row),
            Self::Text(a) => a.is_null(row),
            Self::Date(a) => a.is_null(row),
            Self::Timestamp(a) => a.is_null(row),
        };
        if missing {
            return None;
        }
        Some(match self {
            Self::Boolean(a) => Value::integer(i64::from(a.value(row))),
            Self::Integer(a) => Value::integer(a.value(row)),
            Self::Float(a) => Value::float(a.value(row)),
            Self::FloatNanLow(a) if a.value(row).is_nan() => Value::Number(0),
            Self::FloatNanLow(a) => Value::float(a.value(row)),
            Self::FloatEqual(a) => Value::float(a.value(row) + 0.0),
            Self::Text(a) => Value::Text(a.value(row).into()),
            Self::Date(a) => Value::integer(i64::from(a.value(row))),
            Self::Timestamp(a) => Value::integer(a.value(row)),
        })
    }

    /// Whether a cell here and one there are the same bits, or both missing.
    pub(crate) fn same(&self, row: usize, other: &Reader<'_>, other_row: usize) -> bool {
        match (self, other) {
            (Self::Text(a), Reader::Text(b)) => match (a.is_valid(row), b.is_valid(other_row)) {
                (true, true) => a.value(row) == b.value(other_row),
                (a, b) => a == b,
            },
            _ => self.get(row) == other.get(other_row),
        }
    }

    /// Appends bytes that are equal exactly where the cells are; false where the cell is missing.
    pub(crate) fn key_bytes(&self, row: usize, bytes: &mut Vec<u8>) -> bool {
        if let Self::Text(array) = self {
            if array.is_null(row) {
                return false;
            }
            let text = array.value(row);
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
            return true;
        }
        match self.get(row) {
            Some(Value::Number(bits)) => bytes.extend(bits.to_le_bytes()),
            Some(Value::Text(_)) | None => return false,
        }
        true
    }
}

/// The Arrow array of `ty` that holds the values.
pub(crate) fn to_array(ty: ColumnType, values: &[Option<Value>]) -> ArrayRef {
    let integers = || values.iter().map(|v| v.as_ref().and_then(Value::as_integer));
    match ty {
        ColumnType::Boolean => Arc::new(integers().map(|v| v.map(|b| b != 0)).collect::<BooleanArray>()),
        ColumnType::Integer => Arc::new(integers().collect::<Int64Array>()),
        ColumnType::Float => Arc::new(values.iter().map(|v| v.as_ref().map(Value::as_float)).collect::<Float64Array>()),
        ColumnType::Text => Arc::new(
            values
                .iter()
                .map(|v| match v {
                    Some(Value::Text(text)) => Some(text.as_ref()),
                    _ => None,
                })
                .collect::<StringArray>(),
        ),
        ColumnType::Date => {
            Arc::new(integers().map(|v| v.and_then(|d| i32::try_from(d).ok())).collect::<Date32Array>())
        }
        ColumnType::Timestamp => Arc::new(integers().collect::<TimestampMicrosecondArray>().with_timezone("UTC")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_keep_their_order_and_bits() {
        let values = [f64::NEG_INFINITY, -1e300, -1.5, -0.0, 0.0, 1e-300, 2.0, f64::INFINITY, f64::NAN];
        for pair in values.windows(2) {
            assert!(Value::float(pair[0]) < Value::float(pair[1]), "{pair:?}");
        }
        for value in values {
            assert_eq!(Value::float(value).as_float().to_bits(), value.to_bits());
        }
        assert_eq!(Value::float(-f64::NAN), Value::float(f64::NAN));
        assert!(Value::Number(0).as_float().is_nan());
    }

    #[test]
    fn integers_keep_their_order() {
        for pair in [i64::MIN, -1, 0, 1, i64::MAX].windows(2) {
            assert!(Value::integer(pair[0]) < Value::integer(pair[1]));
            assert_eq!(Value::integer(pair[0]).as_integer(), Some(pair[0]));
        }
    }

    #[test]
    fn keys_tell_neighbouring_texts_apart_and_skip_missing() {
        let a: ArrayRef = Arc::new(StringArray::from(vec![Some("ab"), Some("a"), None]));
        let b: ArrayRef = Arc::new(StringArray::from(vec![Some("c"), Some("bc"), Some("x")]));
        let key = |row| {
            let mut bytes = Vec::new();
            let all = [&a, &b].iter().all(|c| Reader::new(c, ColumnType::Text).unwrap().key_bytes(row, &mut bytes));
            (all, bytes)
        };
        assert_ne!(key(0), key(1));
        assert!(!key(2).0);
    }
}
