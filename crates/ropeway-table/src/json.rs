//! Rows as JSON, for reports, evidence and quarantine.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use ropeway_vocab::{Instant, TableSchema, without_mails};
use serde_json::{Map, Value};

/// What stands where a personal value would.
const MASK: &str = "***";
/// How many characters of a row are shown in a message.
const SHOWN: usize = 200;

/// The visible values of one row by column name. Instants and dates are text; NaN and infinities are text, too. Values
/// of personal columns and mail addresses in other texts are masked when `mask` is set.
pub fn row_json(schema: &TableSchema, batch: &RecordBatch, row: usize, mask: bool) -> Map<String, Value> {
    schema
        .columns
        .iter()
        .filter_map(|column| {
            let array = batch.column_by_name(&column.name)?;
            let value = if mask && column.personal && array.is_valid(row) {
                Value::String(MASK.to_string())
            } else {
                match value_json(array, row) {
                    Value::String(text) if mask => Value::String(without_mails(&text).into_owned()),
                    value => value,
                }
            };
            Some((column.name.clone(), value))
        })
        .collect()
}

/// What a row is called in messages: its key, or all that it holds where it has none. Personal values are masked.
pub fn row_name(schema: &TableSchema, batch: &RecordBatch, row: usize) -> String {
    let mut name = row_json(schema, batch, row, true);
    if !schema.key.is_empty() {
        name.retain(|column, _| schema.key.contains(column));
    }
    let name = Value::Object(name).to_string();
    let shown: String = name.chars().take(SHOWN).collect();
    format!("the row {shown}{}", if shown.len() < name.len() { "..." } else { "" })
}

/// One value.
fn value_json(array: &ArrayRef, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    if let Some(values) = array.as_boolean_opt() {
        Value::Bool(values.value(row))
    } else if let Some(values) = array.as_primitive_opt::<Int64Type>() {
        Value::from(values.value(row))
    } else if let Some(values) = array.as_primitive_opt::<Float64Type>() {
        let value = values.value(row);
        serde_json::Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number)
    } else if let Some(values) = array.as_string_opt::<i32>() {
        Value::String(values.value(row).to_string())
    } else if let Some(values) = array.as_primitive_opt::<TimestampMicrosecondType>() {
        Value::String(Instant::from_micros(values.value(row)).to_string())
    } else if let Some(values) = array.as_primitive_opt::<Date32Type>() {
        let midnight = Instant::from_micros(i64::from(values.value(row)) * 86_400_000_000).to_string();
        Value::String(midnight.split('T').next().unwrap_or_default().to_string())
    } else {
        Value::Null
    }
}
