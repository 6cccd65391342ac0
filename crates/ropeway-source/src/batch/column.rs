//! One column under construction: values of text or JSON, coerced to its logical type. A value that does not fit
//! leaves a missing one in its place, so that all columns stay equally long; its row is taken out afterwards.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use ropeway_vocab::ColumnType;
use serde_json::Value;

use crate::value::boolean;
use crate::value::coercion::Coercion;
use crate::value::json::json_value;
use crate::value::number;
use crate::value::written::NO_PERCENT;
use crate::value::zone::ZoneCounts;

/// A text in no valid UTF-8, and one in no valid other encoding.
pub(crate) const NOT_UTF8: &str = "is not valid UTF-8";
pub(crate) const NOT_TEXT: &str = "holds bytes that are no text in the encoding of the file";
/// A text with a NUL, which many tools cut short.
pub(crate) const NUL: &str = "contains a NUL byte";
const NESTED: &str = "is a list or an object where one value is needed";
const UNREADABLE: &str = "is nested too deeply, or holds a number or an escape that cannot be read";
const JSON_NOT_FINITE: &str = "is not a number; JSON has no NaN and no infinities: leave the value out or write null";

/// What a JSON value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonRules {
    /// A line of a file: nested values become their JSON text in text columns, `"NaN"` and `"inf"` are floats.
    File,
    /// A request: neither.
    Request,
}

pub(crate) enum ColumnBuilder {
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Text(StringBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
}

impl ColumnBuilder {
    pub(crate) fn new(ty: ColumnType, rows: usize) -> Self {
        match ty {
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::with_capacity(rows)),
            ColumnType::Integer => Self::Integer(Int64Builder::with_capacity(rows)),
            ColumnType::Float => Self::Float(Float64Builder::with_capacity(rows)),
            ColumnType::Text => Self::Text(StringBuilder::with_capacity(rows, rows * 8)),
            ColumnType::Date => Self::Date(Date32Builder::with_capacity(rows)),
            ColumnType::Timestamp => Self::Timestamp(
                TimestampMicrosecondBuilder::with_capacity(rows).with_data_type(ColumnType::Timestamp.arrow()),
            ),
        }
    }

    pub(crate) fn append_null(&mut self) {
        match self {
            Self::Boolean(builder) => builder.append_null(),
            Self::Integer(builder) => builder.append_null(),
            Self::Float(builder) => builder.append_null(),
            Self::Text(builder) => builder.append_null(),
            Self::Date(builder) => builder.append_null(),
            Self::Timestamp(builder) => builder.append_null(),
        }
    }

    /// Appends the value that a text spells, or a missing one and the reason why it does not fit.
    #[inline]
    pub(crate) fn append_text(
        &mut self,
        text: &str,
        coercion: &Coercion,
        counts: &mut ZoneCounts,
    ) -> Result<(), &'static str> {
        if let Self::Text(builder) = self {
            builder.append_option(coercion.text(text));
            return Ok(());
        }
        let text = text.trim_ascii();
        if text.is_empty() || coercion.nulls.contain(text) {
            self.append_null();
            return Ok(());
        }
        let fit = match self {
            Self::Integer(builder) => coercion.integer(text).map(|value| append_integer(builder, value, coercion)),
            Self::Float(builder) => coercion.float(text).map(|value| append_float(builder, value, coercion)),
            Self::Timestamp(builder) => coercion.timestamp(text, counts).map(|value| builder.append_value(value)),
            Self::Date(builder) => coercion.day(text).map(|day| {
                builder.append_option(Some(day).filter(|day| !coercion.nulls.are_day(*day)));
            }),
            Self::Boolean(builder) => boolean::boolean(text).map(|value| builder.append_value(value)),
            Self::Text(_) => Ok(()),
        };
        if fit.is_err() {
            self.append_null();
        }
        fit
    }

    /// Appends a JSON value by the same readings as text.
    pub(crate) fn append_json(
        &mut self,
        value: &Value,
        rules: JsonRules,
        coercion: &Coercion,
        counts: &mut ZoneCounts,
    ) -> Result<(), &'static str> {
        let fit = match (&mut *self, value) {
            (_, Value::Null) => {
                self.append_null();
                return Ok(());
            }
            (_, Value::String(text)) if text.contains('\0') => Err(NUL),
            (Self::Float(_), Value::String(text))
                if rules == JsonRules::Request && !is_finite(text) && !coercion.nulls.contain(text.trim_ascii()) =>
            {
                Err(JSON_NOT_FINITE)
            }
            (_, Value::String(text)) => return self.append_text(text, coercion, counts),
            (Self::Text(builder), Value::Array(_) | Value::Object(_)) if rules == JsonRules::File => {
                builder.append_value(value.to_string());
                Ok(())
            }
            (_, Value::Array(_) | Value::Object(_)) => Err(NESTED),
            (Self::Text(_), Value::Bool(_) | Value::Number(_)) => {
                return self.append_text(&value.to_string(), coercion, counts);
            }
            (_, Value::Bool(_) | Value::Number(_)) if coercion.nulls.contain_bare(value) => {
                self.append_null();
                return Ok(());
            }
            (Self::Boolean(builder), Value::Bool(value)) => {
                builder.append_value(*value);
                Ok(())
            }
            (_, Value::Bool(_)) => Err("is a boolean where another type is needed"),
            (Self::Float(_) | Self::Integer(_), Value::Number(bare)) if coercion.lacks_percent(bare) => Err(NO_PERCENT),
            (Self::Float(builder), Value::Number(number)) => {
                let finite = number.as_f64().filter(|value| value.is_finite()).ok_or(number::FLOAT_RANGE);
                finite.map(|value| append_float(builder, value, coercion))
            }
            (Self::Integer(builder), Value::Number(number)) => {
                let whole = number.as_i64().map_or_else(|| number::integer(&number.to_string()), Ok);
                whole.map(|value| append_integer(builder, value, coercion))
            }
            (Self::Boolean(_), Value::Number(number)) => {
                return self.append_text(&number.to_string(), coercion, counts);
            }
            (Self::Date(_) | Self::Timestamp(_), Value::Number(number)) if coercion.numbers_are_times() => {
                return self.append_text(&number.to_string(), coercion, counts);
            }
            (Self::Date(_) | Self::Timestamp(_), Value::Number(_)) => Err("is a number where a time is needed"),
        };
        if fit.is_err() {
            self.append_null();
        }
        fit
    }

    /// Appends the value that a JSON text of a file spells. A number beyond 64 bits or a double keeps its digits in a text
    /// column.
    pub(crate) fn append_spelled(
        &mut self,
        json: &str,
        coercion: &Coercion,
        counts: &mut ZoneCounts,
    ) -> Result<(), &'static str> {
        match json_value(json) {
            Ok(value) => self.append_json(&value, JsonRules::File, coercion, counts),
            Err(_) if number::spells_json(json) => self.append_text(json, coercion, counts),
            Err(_) => {
                self.append_null();
                Err(UNREADABLE)
            }
        }
    }

    /// The finished column; the builder starts anew.
    pub(crate) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Float(builder) => Arc::new(builder.finish()),
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Timestamp(builder) => Arc::new(builder.finish()),
        }
    }
}

/// A number, or a missing one where it stands for that however it is spelled.
#[inline]
fn append_integer(builder: &mut Int64Builder, value: i64, coercion: &Coercion) {
    builder.append_option(Some(value).filter(|value| !coercion.nulls.are(*value as f64)));
}

/// The same of a number with decimals.
#[inline]
fn append_float(builder: &mut Float64Builder, value: f64, coercion: &Coercion) {
    builder.append_option(Some(value).filter(|value| !coercion.nulls.are(*value)));
}

/// Whether a text is no spelling of NaN or an infinity.
fn is_finite(text: &str) -> bool {
    number::float(text.trim_ascii()).map_or(true, f64::is_finite)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn json(ty: ColumnType, value: &Value, rules: JsonRules) -> Result<String, &'static str> {
        let mut builder = ColumnBuilder::new(ty, 1);
        builder.append_json(value, rules, &Coercion::utc(), &mut ZoneCounts::default())?;
        Ok(arrow::util::display::array_value_to_string(&builder.finish(), 0).unwrap())
    }

    #[test]
    fn json_and_text_give_the_same_value() {
        let check = |ty, value: Value, want: &str| {
            assert_eq!(json(ty, &value, JsonRules::Request).as_deref(), Ok(want), "{value}");
        };
        check(ColumnType::Integer, json!(12), "12");
        check(ColumnType::Integer, json!("12"), "12");
        check(ColumnType::Integer, json!(12.0), "12");
        check(ColumnType::Float, json!(12), "12.0");
        check(ColumnType::Text, json!(1545), "1545");
        check(ColumnType::Text, json!(true), "true");
        check(ColumnType::Text, json!(u64::MAX), "18446744073709551615");
        check(ColumnType::Boolean, json!(1), "true");
        check(ColumnType::Timestamp, json!("2013-01-01T10:00:00Z"), "2013-01-01T10:00:00Z");
        check(ColumnType::Date, json!(null), "");
    }

    #[test]
    fn a_number_that_stands_for_a_missing_one_does_so_however_it_is_spelled() {
        let settings = |text: &str| serde_json::from_str::<crate::SourceSettings>(text).unwrap();
        let coercion = Coercion::of(&settings(r#"{"path": "x.csv", "null": ["-999", "9999-12-31"]}"#)).unwrap();
        let comma = r#"{"path": "x.csv", "null": ["-999,0"], "number": {"decimal": ","}}"#;
        let comma = Coercion::of(&settings(comma)).unwrap();
        let missing = |ty, value: &Value, coercion: &Coercion| {
            let mut builder = ColumnBuilder::new(ty, 1);
            builder.append_json(value, JsonRules::Request, coercion, &mut ZoneCounts::default()).unwrap();
            builder.finish().is_null(0)
        };
        for ty in [ColumnType::Integer, ColumnType::Float] {
            for value in [json!("-999"), json!("-999.0"), json!(-999), json!(-999.0), json!("-9.99e2")] {
                assert!(
                    missing(ty, &value, &coercion) || ty == ColumnType::Integer && value == json!("-9.99e2"),
                    "{value}"
                );
            }
            assert!(!missing(ty, &json!(-998), &coercion) && !missing(ty, &json!("999"), &coercion));
        }
        for value in [json!("-999"), json!("-999,00"), json!(-999), json!(-999.0)] {
            assert!(missing(ColumnType::Float, &value, &comma), "{value}");
        }
        assert!(!missing(ColumnType::Text, &json!("-999.0"), &coercion), "texts are told by their text");
        for day in ["9999-12-31", "9999-12-31T00:00:00.000", "9999-12-31 00:00:00"] {
            assert!(missing(ColumnType::Date, &json!(day), &coercion), "{day}");
        }
        assert_eq!(json(ColumnType::Date, &json!("2024-12-15T00:00:00"), JsonRules::File).as_deref(), Ok("2024-12-15"));
        assert!(json(ColumnType::Date, &json!("2024-12-15T00:01:00"), JsonRules::File).is_err());
    }

    #[test]
    fn json_that_does_not_fit_says_why() {
        let check = |ty, value: Value| assert!(json(ty, &value, JsonRules::Request).is_err(), "{value}");
        check(ColumnType::Integer, json!(1.5));
        check(ColumnType::Integer, json!(u64::MAX));
        check(ColumnType::Integer, json!(true));
        check(ColumnType::Float, json!("NaN"));
        check(ColumnType::Float, json!(" -inf"));
        check(ColumnType::Float, json!(true));
        check(ColumnType::Text, json!([1]));
        check(ColumnType::Text, json!("a\0b"));
        check(ColumnType::Timestamp, json!(5));
        check(ColumnType::Boolean, json!(2));
        let mut builder = ColumnBuilder::new(ColumnType::Text, 2);
        for spelled in ["12345678901234567890123", "1e400"] {
            builder.append_spelled(spelled, &Coercion::utc(), &mut ZoneCounts::default()).unwrap();
        }
        let texts = builder.finish();
        let text = |row| arrow::util::display::array_value_to_string(&texts, row).unwrap();
        assert_eq!((text(0).as_str(), text(1).as_str()), ("12345678901234567890123", "1e400"));
        assert!(json(ColumnType::Text, &json!([1]), JsonRules::File).is_ok());
        assert!(json(ColumnType::Float, &json!("NaN"), JsonRules::File).is_ok());
    }
}
