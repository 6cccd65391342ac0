//! Whether the known-at that a table states holds in the data. At a time T the rows that are known before it are those that
//! there would be if nothing became known at T or later: a row that a later one changes or takes away was not settled yet.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch};
use arrow::compute::{filter_record_batch, nullif};
use arrow::row::{OwnedRow, RowConverter, SortField};
use ropeway_table::{Relation, TablePlan};
use ropeway_vocab::{Instant, KNOWN_AT, Result, Timing};
use serde::Serialize;

use crate::arrow_problem;
use crate::rule::Rule;
use crate::state::at;

/// A table that states a time by which its rows are not settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsettled {
    /// The table.
    pub table: String,
    /// The time from which on nothing became known.
    pub time: Instant,
    /// How many of its rows known before then are others without what becomes known later.
    pub rows: u64,
}

/// The tables that state a known-at.
pub(super) fn stated(tables: &TablePlan) -> Vec<String> {
    let all = tables.definitions().tables.iter();
    all.filter(|(_, table)| table.settings.known_at.is_some()).map(|(name, _)| name.clone()).collect()
}

/// What holding statements against the data came to.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub unsettled: Vec<Unsettled>,
    pub untried: Vec<Untried>,
}

/// A statement that could not be held against the data at a time: the table's SQL fails without what becomes known later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Untried {
    /// The table.
    pub table: String,
    /// The time from which on nothing became known.
    pub time: Instant,
    /// What the SQL fails on.
    pub reason: String,
}

/// Holds the statements of these tables against the data at `moment`. `sources` has the rows of all sources and of static
/// tables, `made` all relations made of them.
pub(super) async fn held(
    tables: &TablePlan,
    names: &[String],
    sources: &BTreeMap<String, Relation>,
    made: &BTreeMap<String, Relation>,
    moment: i64,
) -> Result<Held> {
    let mut held = Held::default();
    if names.is_empty() {
        return Ok(held);
    }
    let mut before = BTreeMap::new();
    for (name, relation) in sources.iter().filter(|(name, _)| tables.is_source(name)) {
        before.insert(name.clone(), until(relation, tables.is_planned(name), moment)?);
    }
    let time = Instant::from_micros(moment);
    for name in names {
        let Some(now) = made.get(name) else { continue };
        let then = match tables.one_from(name, &before).await {
            Ok(then) => then,
            Err(problem) => {
                held.untried.push(Untried { table: name.clone(), time, reason: problem.what().to_owned() });
                continue;
            }
        };
        let rows = differing(&known(&then, moment)?, &known(now, moment)?);
        if rows > 0 {
            held.unsettled.push(Unsettled { table: name.clone(), time, rows });
        }
    }
    Ok(held)
}

fn visible(relation: &Relation, moment: i64) -> BooleanArray {
    let known = relation.known_at();
    (0..relation.rows()).map(|row| Some(Rule::STRICT.visible(known.and_then(|known| at(known, row)), moment))).collect()
}

/// A source as it is before a time: of a planned one all rows are there, without what is known later.
fn until(relation: &Relation, planned: bool, moment: i64) -> Result<Relation> {
    let schema = relation.schema();
    if schema.timing != Timing::Timed {
        return Ok(relation.clone());
    }
    let visible = visible(relation, moment);
    if !planned {
        let batch = filter_record_batch(relation.batch(), &visible).map_err(arrow_problem)?;
        return Relation::new(schema.clone(), &[batch]);
    }
    let later = arrow::compute::not(&visible).map_err(arrow_problem)?;
    let batch = relation.batch();
    let column = |(name, column): (&String, &ArrayRef)| {
        let ahead = name != KNOWN_AT && schema.column(name).is_some_and(|column| column.known_ahead);
        if ahead { Ok(Arc::clone(column)) } else { nullif(column, &later).map_err(arrow_problem) }
    };
    let fields = batch.schema();
    let names = fields.fields().iter().map(|field| field.name());
    let columns = names.zip(batch.columns()).map(column).collect::<Result<Vec<_>>>()?;
    let batch = RecordBatch::try_new(Arc::clone(&fields), columns).map_err(arrow_problem)?;
    Relation::new(schema.clone(), &[batch])
}

/// The rows known before a time, sorted.
fn known(relation: &Relation, moment: i64) -> Result<Vec<OwnedRow>> {
    let batch = filter_record_batch(relation.batch(), &visible(relation, moment)).map_err(arrow_problem)?;
    let fields = batch.columns().iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let rows =
        RowConverter::new(fields).map_err(arrow_problem)?.convert_columns(batch.columns()).map_err(arrow_problem)?;
    let mut rows: Vec<OwnedRow> = rows.iter().map(|row| row.owned()).collect();
    rows.sort_unstable();
    Ok(rows)
}

/// How many rows of the one that has more such rows are not in the other.
fn differing(a: &[OwnedRow], b: &[OwnedRow]) -> u64 {
    let (mut i, mut j, mut of_a, mut of_b) = (0, 0, 0_u64, 0_u64);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            Ordering::Less => (i, of_a) = (i + 1, of_a + 1),
            Ordering::Greater => (j, of_b) = (j + 1, of_b + 1),
            Ordering::Equal => (i, j) = (i + 1, j + 1),
        }
    }
    (of_a + (a.len() - i) as u64).max(of_b + (b.len() - j) as u64)
}
