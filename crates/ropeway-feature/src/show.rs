//! Cells for people: JSON for evidence, SQL literals for the queries that show it, and the mask over what
//! is about a person.

use ropeway_vocab::{ColumnType, DAY_MICROS, Instant};
use serde_json::Value as Json;

use crate::kernel::Value;

/// What stands in place of a personal value.
pub(crate) const MASK: &str = "***";

/// A cell as JSON. NaN and the infinities, which JSON lacks, are the texts `NaN`, `inf` and `-inf`.
pub(crate) fn json(value: Option<&Value>, ty: ColumnType, personal: bool) -> Json {
    let Some(value) = value else { return Json::Null };
    if personal {
        return Json::from(MASK);
    }
    match (ty, value) {
        (_, Value::Text(text)) => Json::from(text.as_ref()),
        (ColumnType::Boolean, value) => Json::from(value.as_integer() != Some(0)),
        (ColumnType::Float, value) => float(value.as_float()),
        (ColumnType::Integer, value) => value.as_integer().map_or(Json::Null, Json::from),
        (ColumnType::Date, value) => Json::from(day(value)),
        (_, value) => Json::from(instant(value).to_string()),
    }
}

fn float(value: f64) -> Json {
    match serde_json::Number::from_f64(value) {
        Some(number) => Json::Number(number),
        None if value.is_nan() => Json::from("NaN"),
        None if value > 0.0 => Json::from("inf"),
        None => Json::from("-inf"),
    }
}

fn instant(value: &Value) -> Instant {
    Instant::from_micros(value.as_integer().unwrap_or_default())
}

fn day(value: &Value) -> String {
    let days = value.as_integer().unwrap_or_default();
    let text = Instant::from_micros(days.saturating_mul(DAY_MICROS)).to_string();
    text.split('T').next().unwrap_or_default().to_string()
}

/// A cell as text for messages.
pub(crate) fn text(value: Option<&Value>, ty: ColumnType, personal: bool) -> String {
    match json(value, ty, personal) {
        Json::String(text) => text,
        Json::Null => "(missing)".to_string(),
        other => other.to_string(),
    }
}

/// A cell as an SQL literal of its type.
pub(crate) fn literal(value: &Value, ty: ColumnType) -> String {
    match (ty, value) {
        (_, Value::Text(text)) => quoted(text),
        (ColumnType::Boolean, value) => if value.as_integer() == Some(0) { "FALSE" } else { "TRUE" }.to_string(),
        (ColumnType::Float, value) if value.as_float().is_finite() => format!("{:e}", value.as_float()),
        (ColumnType::Float, value) => format!("CAST('{}' AS DOUBLE)", value.as_float()),
        (ColumnType::Integer, value) => value.as_integer().unwrap_or_default().to_string(),
        (ColumnType::Date, value) => format!("DATE '{}'", day(value)),
        (_, value) => timestamp(instant(value).micros()),
    }
}

/// A text as an SQL literal, or as literals joined to what no terminal and no line can bear.
fn quoted(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut parts: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(char::is_control) {
        let (plain, after) = rest.split_at(at);
        let mut after = after.chars();
        if !plain.is_empty() {
            parts.push(quoted(plain));
        }
        parts.extend(after.next().map(|control| format!("chr({})", u32::from(control))));
        rest = after.as_str();
    }
    if !rest.is_empty() {
        parts.push(quoted(rest));
    }
    format!("({})", parts.join(" || "))
}

/// An instant as an SQL literal.
pub(crate) fn timestamp(micros: i64) -> String {
    format!("TIMESTAMP '{}'", Instant::from_micros(micros))
}

/// A name as an SQL identifier.
pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_read_as_people_write_them() {
        let noon = Value::integer(1_370_001_600_000_000);
        assert_eq!(json(Some(&noon), ColumnType::Timestamp, false), "2013-05-31T12:00:00Z");
        assert_eq!(json(Some(&Value::integer(15_856)), ColumnType::Date, false), "2013-05-31");
        assert_eq!(json(Some(&Value::float(f64::NAN)), ColumnType::Float, false), "NaN");
        assert_eq!(json(Some(&Value::Text("Ann".into())), ColumnType::Text, true), MASK);
        assert_eq!(json(None, ColumnType::Text, true), Json::Null);
        assert_eq!(literal(&Value::Text("O'Hare".into()), ColumnType::Text), "'O''Hare'");
        let literal_of = |text: &str| literal(&Value::Text(text.into()), ColumnType::Text);
        assert_eq!(literal_of("it's\n\u{1b}[1m"), "('it''s' || chr(10) || chr(27) || '[1m')");
        assert_eq!((literal_of("\u{9b}"), literal_of("")), ("(chr(155))".into(), "''".into()));
        assert_eq!(literal(&Value::integer(1), ColumnType::Boolean), "TRUE");
        assert_eq!(identifier("a\"b"), "\"a\"\"b\"");
    }
}
