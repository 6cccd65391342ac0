//! Which rows of a relation fail a condition.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, TimestampMicrosecondType};
use arrow::row::{RowConverter, Rows, SortField};
use ropeway_vocab::{Instant, Problem, Result};

use super::bounds::Bounds;
use crate::settings::{Fresh, Reference};
use crate::sql::RowExpr;
use crate::{Relation, row_name};

/// What a condition on a whole table came to.
pub(super) struct Whole {
    pub(super) holds: bool,
    /// As people read it.
    pub(super) found: String,
}

/// What must hold.
#[derive(Clone)]
pub(super) enum Condition {
    That(RowExpr),
    Unique(Vec<String>),
    NotNull(Vec<String>),
    Matches(Vec<(String, String)>),
    References(Reference),
    Rows(Bounds),
    Fresh(Fresh),
}

impl Condition {
    /// Whether it is about the table as a whole.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Self::Rows(_) | Self::Fresh(_))
    }

    /// Whether it can be told from one row (and a static table).
    pub(super) fn is_row(&self) -> bool {
        !matches!(self, Self::Rows(_) | Self::Fresh(_) | Self::Unique(_))
    }

    /// For a condition on the whole table: whether it holds, and what was found.
    pub(super) fn of_whole(&self, relation: &Relation, now: Instant) -> Result<Option<Whole>> {
        match self {
            Self::Rows(bounds) => {
                let rows = relation.rows() as u64;
                Ok(Some(Whole { holds: bounds.hold(rows), found: format!("there are {rows} rows") }))
            }
            Self::Fresh(fresh) => {
                let Fresh { column, within } = fresh;
                let newest = newest(relation.column(column)?);
                let holds = newest.is_some_and(|at| at >= now.minus(*within).micros());
                let rows = relation.rows();
                let found = match newest.map(Instant::from_micros) {
                    None => format!("none of {rows} rows has a `{column}`"),
                    Some(_) if relation.schema().column(column).is_some_and(|column| column.personal) => {
                        format!("the newest `{column}` of {rows} rows is older")
                    }
                    Some(newest) => format!("the newest `{column}` of {rows} rows is {newest}"),
                };
                Ok(Some(Whole { holds, found }))
            }
            _ => Ok(None),
        }
    }

    /// True for each row that fails; nothing where none does.
    pub(super) fn failing(
        &self,
        relation: &Relation,
        others: &BTreeMap<String, Relation>,
    ) -> Result<Option<Vec<bool>>> {
        let rows = relation.rows();
        let mut failed = vec![false; rows];
        match self {
            Self::That(expr) => {
                let name = |row: usize| row_name(relation.schema(), relation.batch(), row);
                let value = expr.eval_named(relation.batch(), &name)?;
                let value =
                    value.as_boolean_opt().ok_or_else(|| Problem::internal("a check did not come to true or false"))?;
                failed
                    .iter_mut()
                    .enumerate()
                    .for_each(|(row, failed)| *failed = value.is_valid(row) && !value.value(row));
            }
            Self::Unique(columns) => {
                let (keys, missing) = keys(relation.batch(), relation, columns)?;
                let mut seen = HashSet::with_capacity(rows);
                for row in first_known(relation) {
                    failed[row] = !missing[row] && !seen.insert(keys.row(row).data());
                }
            }
            Self::NotNull(columns) => {
                for column in columns {
                    let array = relation.column(column)?;
                    failed.iter_mut().enumerate().for_each(|(row, failed)| *failed |= array.is_null(row));
                }
            }
            Self::Matches(patterns) => {
                for (column, pattern) in patterns {
                    let array = relation.column(column)?;
                    let text = array.as_string_opt::<i32>().ok_or_else(|| Problem::internal("`matches` needs text"))?;
                    let found = arrow::compute::regexp_is_match_scalar(text, pattern, None)
                        .map_err(|error| Problem::internal(error.to_string()))?;
                    failed
                        .iter_mut()
                        .enumerate()
                        .for_each(|(row, failed)| *failed |= text.is_valid(row) && !found.value(row));
                }
            }
            Self::References(reference) => {
                let other = if let Some(other) = others.get(&reference.table) {
                    other
                } else {
                    return Err(Problem::internal(format!(
                        "a check refers to `{}`, which was not given",
                        reference.table
                    )));
                };
                let (there, missing) = keys(other.batch(), other, reference.targets())?;
                let known: HashSet<Vec<u8>> =
                    (0..other.rows()).filter(|row| !missing[*row]).map(|row| there.row(row).data().to_vec()).collect();
                let (here, missing) = keys(relation.batch(), relation, &reference.columns)?;
                for row in 0..rows {
                    failed[row] = !missing[row] && !known.contains(here.row(row).data());
                }
            }
            Self::Rows(_) | Self::Fresh(_) => {}
        }
        Ok(failed.contains(&true).then_some(failed))
    }
}

/// All rows, those that became known first before others, so that no later row takes the place of an earlier one; rows
/// without a time come last, and equal times in canonical order.
fn first_known(relation: &Relation) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..relation.rows()).collect();
    if let Some(known_at) = relation.known_at() {
        rows.sort_by_key(|row| if known_at.is_valid(*row) { known_at.value(*row) } else { i64::MAX });
    }
    rows
}

/// The values of some columns as comparable bytes, and which rows miss one of them.
fn keys(batch: &RecordBatch, relation: &Relation, columns: &[String]) -> Result<(Rows, Vec<bool>)> {
    let arrays =
        columns.iter().map(|name| Ok(Arc::clone(relation.column(name)?))).collect::<Result<Vec<ArrayRef>>>()?;
    let defect = |error: arrow::error::ArrowError| Problem::internal(error.to_string());
    let fields = arrays.iter().map(|array| SortField::new(array.data_type().clone())).collect();
    let rows = RowConverter::new(fields).and_then(|converter| converter.convert_columns(&arrays)).map_err(defect)?;
    let missing = (0..batch.num_rows()).map(|row| arrays.iter().any(|array| array.is_null(row))).collect();
    Ok((rows, missing))
}

/// The greatest instant of a time column.
fn newest(array: &ArrayRef) -> Option<i64> {
    if let Some(times) = array.as_primitive_opt::<TimestampMicrosecondType>() {
        arrow::compute::max(times)
    } else {
        let days = array.as_primitive_opt::<Date32Type>()?;
        arrow::compute::max(days).map(|day| i64::from(day) * 86_400_000_000)
    }
}
