//! What is read of a feature that is not a number itself, so that it becomes one.

use arrow::array::ArrayRef;
use serde::{Deserialize, Serialize};

use super::column;
use super::cyclic::Wave;
use super::date_part::DatePart;
use super::frequency::Shares;
use super::levels::Levels;

/// A date or a text as one column of numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// A coordinate of a date part's place on a circle.
    Wave(Wave),
    /// The position of a text's level in alphabetical order; a level that was never seen is missing.
    Ordinal(Levels),
    /// The share of training rows that have the level.
    Frequency(Shares),
    /// A part of a date.
    #[serde(untagged)]
    Part(DatePart),
}

impl Reading {
    /// All rows of a column, or those given; NaN where missing.
    pub fn values(&self, column: &ArrayRef, rows: Option<&[u32]>) -> Vec<f64> {
        match self {
            Self::Part(part) => instants(column, rows, |instant| part.value(instant) as f64),
            Self::Wave(wave) => instants(column, rows, |instant| wave.value(instant)),
            Self::Ordinal(levels) => texts(column, rows, |text| levels.code(text).map_or(f64::NAN, |code| code as f64)),
            Self::Frequency(shares) => texts(column, rows, |text| shares.of(text)),
        }
    }

    /// What it adds to the feature's name in output columns.
    pub fn name(&self) -> String {
        match self {
            Self::Part(part) => part.name().to_owned(),
            Self::Wave(wave) => wave.name(),
            Self::Ordinal(_) => "position".into(),
            Self::Frequency(_) => "frequency".into(),
        }
    }
}

fn instants(column: &ArrayRef, rows: Option<&[u32]>, value: impl Fn(i64) -> f64) -> Vec<f64> {
    column::instants(column, rows).into_iter().map(|instant| instant.map_or(f64::NAN, &value)).collect()
}

fn texts(column: &ArrayRef, rows: Option<&[u32]>, value: impl Fn(&str) -> f64) -> Vec<f64> {
    column::texts(column, rows).into_iter().map(|text| text.map_or(f64::NAN, &value)).collect()
}
