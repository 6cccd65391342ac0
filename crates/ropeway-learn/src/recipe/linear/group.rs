//! Groups of columns of which at most one is 1 in a row.

use arrow::array::ArrayRef;
use serde::{Deserialize, Serialize};

use super::super::column;
use super::super::date_part::DatePart;
use super::super::hashing::bucket;
use super::super::learned::Learned;
use super::super::levels::Levels;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupStep {
    /// One column: the feature is missing.
    Missing,
    /// One column for each of these values of a date part.
    Part(DatePart, Vec<i64>),
    /// One column a level, then rare ones, then missing, where these occurred.
    Levels { levels: Levels, missing: bool },
    /// One column a bucket that levels fall into, then missing, where that occurred.
    Buckets { buckets: u32, missing: bool },
}

impl GroupStep {
    /// How many output columns.
    pub fn width(&self) -> usize {
        match self {
            Self::Missing => 1,
            Self::Part(_, known) => known.len(),
            Self::Levels { levels, missing } => levels.count() + usize::from(*missing),
            Self::Buckets { buckets, missing } => *buckets as usize + usize::from(*missing),
        }
    }

    /// What it learned.
    pub fn learned(&self) -> Learned {
        match self {
            Self::Missing => Learned::missing(),
            Self::Part(part, known) => Learned::part(*part, known),
            Self::Levels { levels, missing } => Learned::levels("one_hot", levels, *missing),
            Self::Buckets { buckets, .. } => Learned::buckets(*buckets),
        }
    }
}

/// A one-hot group with its first output column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub feature: usize,
    pub first: u32,
    pub step: GroupStep,
}

impl Group {
    /// Calls `put(row, code)` for each row.
    pub fn codes(&self, column: &ArrayRef, rows: Option<&[u32]>, put: &mut impl FnMut(usize, Option<usize>)) {
        match &self.step {
            GroupStep::Missing if column::is_instant(column) => {
                for (row, instant) in column::instants(column, rows).into_iter().enumerate() {
                    put(row, instant.is_none().then_some(0));
                }
            }
            GroupStep::Missing if column::is_text(column) => {
                for (row, text) in column::texts(column, rows).into_iter().enumerate() {
                    put(row, text.is_none().then_some(0));
                }
            }
            GroupStep::Missing => {
                for (row, number) in column::numbers(column, rows).into_iter().enumerate() {
                    put(row, number.is_nan().then_some(0));
                }
            }
            GroupStep::Part(part, known) => {
                for (row, instant) in column::instants(column, rows).into_iter().enumerate() {
                    put(row, instant.and_then(|instant| known.binary_search(&part.value(instant)).ok()));
                }
            }
            GroupStep::Levels { levels, missing } => {
                codes_of_texts(column, rows, missing.then_some(levels.count()), |text| levels.code(text), put);
            }
            GroupStep::Buckets { buckets, missing } => {
                let missing = missing.then_some(*buckets as usize);
                codes_of_texts(column, rows, missing, |text| Some(bucket(text, *buckets)), put);
            }
        }
    }
}

fn codes_of_texts(
    column: &ArrayRef,
    rows: Option<&[u32]>,
    missing: Option<usize>,
    code: impl Fn(&str) -> Option<usize>,
    put: &mut impl FnMut(usize, Option<usize>),
) {
    for (row, text) in column::texts(column, rows).into_iter().enumerate() {
        put(row, text.map_or(missing, &code));
    }
}
