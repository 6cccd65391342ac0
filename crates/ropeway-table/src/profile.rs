//! Profiles of a relation's columns: one definition of each figure, in `ropeway-stat`.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use ropeway_stat::{NumberProfile, TextProfile};
use ropeway_vocab::{ColumnSpec, ColumnType, holds_mail};
use serde::{Deserialize, Serialize};

use crate::Relation;

/// The profile of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Its name.
    pub name: String,
    /// Its logical type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// Rows, missing ones included.
    pub rows: u64,
    /// How many values are missing.
    pub missing: u64,
    /// More about its values; of a personal column nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Profile>,
}

/// The profile of a column's values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Numbers as they are; instants in seconds since 1970, dates in days since then.
    Number(NumberProfile),
    /// Texts; true and false count as texts.
    Text(TextProfile),
}

/// The profiles of all visible columns of a relation, in order.
pub fn profile(relation: &Relation) -> Vec<ColumnProfile> {
    profile_columns(&relation.schema().columns, relation.batch())
}

/// The profiles of these columns of any batch, in their order; a column that the batch lacks is left out.
pub fn profile_columns(columns: &[ColumnSpec], batch: &RecordBatch) -> Vec<ColumnProfile> {
    let found = columns.iter().filter_map(|column| Some((column, batch.column_by_name(&column.name)?)));
    found
        .map(|(column, array)| ColumnProfile {
            name: column.name.clone(),
            ty: column.ty,
            rows: array.len() as u64,
            missing: array.null_count() as u64,
            values: if column.personal { None } else { values(array) },
        })
        .collect()
}

fn values(array: &ArrayRef) -> Option<Profile> {
    let number = |values: &mut dyn Iterator<Item = Option<f64>>| Some(Profile::Number(NumberProfile::of(values)));
    if let Some(values) = array.as_primitive_opt::<Int64Type>() {
        number(&mut values.iter().map(|value| value.map(|value| value as f64)))
    } else if let Some(values) = array.as_primitive_opt::<Float64Type>() {
        number(&mut values.iter())
    } else if let Some(values) = array.as_primitive_opt::<TimestampMicrosecondType>() {
        number(&mut values.iter().map(|value| value.map(|value| value as f64 / 1e6)))
    } else if let Some(values) = array.as_primitive_opt::<Date32Type>() {
        number(&mut values.iter().map(|value| value.map(f64::from)))
    } else if let Some(values) = array.as_boolean_opt() {
        let texts = values.iter().map(|value| value.map(|value| if value { "true" } else { "false" }));
        Some(Profile::Text(TextProfile::of(texts)))
    } else {
        array.as_string_opt::<i32>().map(|values| Profile::Text(without_mails(TextProfile::of(values.iter()))))
    }
}

/// A profile is kept in records, pages and packages: which addresses stand in a text nobody has to read there.
fn without_mails(mut profile: TextProfile) -> TextProfile {
    profile.top.retain(|value| !holds_mail(&value.value));
    profile
}
