//! Another future: the rows of sources with all that becomes known at a time or later replaced by garbage,
//! and facts known then added and removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take;
use ropeway_stat::Rng;
use ropeway_table::Relation;
use ropeway_vocab::{ColumnSpec, ColumnType, KNOWN_AT, Result, TableSchema};

use super::compare::{KeySet, identities};
use super::freedom::Freedom;
use crate::arrow_problem;
use crate::examples::Examples;
use crate::kernel::{Reader, Value, column, to_array};
use crate::plan::FeaturePlan;
use crate::rule::Rule;
use crate::state::at;

const DAY: u64 = 86_400_000_000;

/// What the later-known values become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Garbage {
    /// Values of other rows, made-up ones, NaN, missing.
    Wild,
    /// All missing: no SQL fails on it.
    Missing,
}

/// What was done.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) overwritten: u64,
    pub(super) added: u64,
    pub(super) removed: u64,
    /// Keys of added rows: an example of such a key is no difference.
    pub(super) added_keys: KeySet,
}

/// The column of each source that says when its rows happened, and how many microseconds later they are known.
pub(super) type Events = BTreeMap<String, (String, i64)>;

/// Makes other futures from one time on.
pub(super) struct Garbler<'a> {
    plan: &'a FeaturePlan,
    moment: i64,
    freedoms: &'a BTreeMap<String, Freedom>,
    events: &'a Events,
    /// Keys of the examples with `at <= moment`.
    settled: KeySet,
}

/// One row of the other future.
struct Row {
    from: u32,
    altered: bool,
    added: bool,
}

impl<'a> Garbler<'a> {
    /// `keys` are those of all `examples`.
    pub(super) fn new(
        plan: &'a FeaturePlan,
        (freedoms, events): (&'a BTreeMap<String, Freedom>, &'a Events),
        examples: &Examples,
        keys: &[Vec<u8>],
        moment: i64,
    ) -> Self {
        let ats = examples.at();
        let settled = |row: usize| ats.and_then(|ats| at(ats, row)).is_some_and(|at| at <= moment);
        let settled = keys.iter().enumerate().filter(|(row, _)| settled(*row)).map(|(_, key)| key.clone()).collect();
        Self { plan, moment, freedoms, events, settled }
    }

    /// The sources with another future. Static ones, and whatever else is given, stay as they are.
    pub(super) fn garble(
        &self,
        given: &BTreeMap<String, Relation>,
        garbage: Garbage,
        rng: &mut Rng,
    ) -> Result<(BTreeMap<String, Relation>, Counts)> {
        let (mut changed, mut counts) = (given.clone(), Counts::default());
        for (name, relation) in given {
            if let Some(freedom) = self.freedoms.get(name) {
                changed.insert(name.clone(), self.source((name, relation), freedom, garbage, &mut counts, rng)?);
            }
        }
        Ok((changed, counts))
    }

    fn source(
        &self,
        (name, relation): (&str, &Relation),
        freedom: &Freedom,
        garbage: Garbage,
        counts: &mut Counts,
        rng: &mut Rng,
    ) -> Result<Relation> {
        let rows = self.rows(relation, freedom, counts, rng)?;
        let batch = self.rewrite((name, relation), &rows, garbage, rng)?;
        let fresh = match freedom {
            Freedom::Examples(column) => *column,
            _ => self.fresh_column(name, relation.schema()),
        };
        let batch = match fresh {
            Some(column) => fresh_keys(relation.schema(), batch, &rows, column, rng)?,
            None => batch,
        };
        if let Freedom::Examples(_) = freedom {
            // Added rows come last.
            let first = rows.iter().filter(|row| !row.added).count();
            counts.added_keys.extend(identities(self.plan, &batch.slice(first, rows.len() - first))?);
        }
        Relation::new(relation.schema().clone(), &[batch])
    }

    /// Whether the time of a source's events is part of its key.
    fn happens_once(&self, name: &str, schema: &TableSchema) -> bool {
        self.events.get(name).is_some_and(|(event, _)| schema.key.contains(event))
    }

    /// The column that makes the key of an added row a new one, where nothing else does.
    fn fresh_column(&self, name: &str, schema: &TableSchema) -> Option<usize> {
        let fits = |name: &&String| {
            schema.column(name).is_some_and(|column| matches!(column.ty, ColumnType::Integer | ColumnType::Text))
        };
        let found = schema.key.iter().find(fits).filter(|_| !self.happens_once(name, schema));
        found.and_then(|name| schema.position(name).ok())
    }

    fn rows(&self, relation: &Relation, freedom: &Freedom, counts: &mut Counts, rng: &mut Rng) -> Result<Vec<Row>> {
        let known = relation.known_at();
        let later = |row: u32| !Rule::STRICT.visible(known.and_then(|known| at(known, row as usize)), self.moment);
        let keys = match freedom {
            Freedom::Examples(_) => identities(self.plan, relation.batch())?,
            _ => Vec::new(),
        };
        let (adds, removes) = match freedom {
            Freedom::Free => (true, true),
            Freedom::Examples(column) => (column.is_some(), true),
            Freedom::Missing(_) => (false, true),
            Freedom::Fixed(_) => (false, false),
        };
        let total = relation.rows() as u32;
        let mut rows = Vec::with_capacity(relation.rows());
        for from in 0..total {
            let altered = later(from);
            let settled = keys.get(from as usize).is_some_and(|key| self.settled.contains(key));
            if altered && removes && !settled && rng.below(8) == 0 {
                counts.removed += 1;
                continue;
            }
            counts.overwritten += u64::from(altered);
            rows.push(Row { from, altered, added: false });
        }
        if adds && total > 0 {
            let count = (total / 20).clamp(20, 20_000);
            counts.added += u64::from(count);
            rows.extend((0..count).map(|_| Row {
                from: rng.below(u64::from(total)) as u32,
                altered: true,
                added: true,
            }));
        }
        Ok(rows)
    }

    /// The rows with garbage in all later-known columns of altered ones, and a known-at of the moment or later, from which
    /// the time of an event follows: what is known then did not happen long before.
    fn rewrite(
        &self,
        (name, relation): (&str, &Relation),
        rows: &[Row],
        garbage: Garbage,
        rng: &mut Rng,
    ) -> Result<RecordBatch> {
        let (schema, batch) = (relation.schema(), relation.batch());
        let indices: UInt32Array = rows.iter().map(|row| Some(row.from)).collect();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for spec in &schema.columns {
            let taken = take(column(batch, &spec.name)?, &indices, None).map_err(arrow_problem)?;
            // A row keeps the key that no other has.
            let keeps = spec.known_ahead || schema.key.contains(&spec.name);
            arrays.push(if keeps { taken } else { spoil(&taken, spec.ty, rows, garbage, rng)? });
        }
        let known = take(column(batch, KNOWN_AT)?, &indices, None).map_err(arrow_problem)?;
        let reader = Reader::new(&known, ColumnType::Timestamp)?;
        let once = self.happens_once(name, schema);
        let times: Vec<Option<Value>> = rows
            .iter()
            .enumerate()
            .map(|(i, row)| match (row.altered, row.added) {
                (false, _) => reader.get(i),
                (true, false) if once || rng.below(3) == 0 => reader.get(i),
                (true, true) if once => Some(Value::integer(self.some_time_later(rng))),
                (true, _) => self.later(rng).map(Value::integer),
            })
            .collect();
        if let (Some((event, after)), Garbage::Wild) = (self.events.get(name), garbage) {
            let position = schema.position(event)?;
            let ColumnSpec { ty, known_ahead: false, .. } = schema.columns[position] else {
                return finish(schema, arrays, &times);
            };
            let reader = Reader::new(&arrays[position], ty)?;
            let at = |known: i64| Value::integer(happened(ty, known.saturating_sub(*after)));
            let of_row = |(i, row): (usize, &Row)| match row.altered {
                true => times[i].as_ref().and_then(Value::as_integer).map(at),
                false => reader.get(i),
            };
            arrays[position] = to_array(ty, &rows.iter().enumerate().map(of_row).collect::<Vec<_>>());
        }
        finish(schema, arrays, &times)
    }

    /// A known-at of the moment itself, of a time after it, or never.
    fn later(&self, rng: &mut Rng) -> Option<i64> {
        match rng.below(8) {
            0 => None,
            1..=4 => Some(self.moment),
            _ => Some(self.some_time_later(rng)),
        }
    }

    fn some_time_later(&self, rng: &mut Rng) -> i64 {
        self.moment.saturating_add(i64::try_from(rng.below(30 * DAY)).unwrap_or(0))
    }
}

/// The first value of a column that is not before a time: a date counts from its midnight, in any zone.
fn happened(ty: ColumnType, micros: i64) -> i64 {
    match ty {
        ColumnType::Date => micros.div_euclid(DAY.cast_signed()) + 2,
        _ => micros,
    }
}

fn finish(schema: &TableSchema, mut arrays: Vec<ArrayRef>, times: &[Option<Value>]) -> Result<RecordBatch> {
    arrays.push(to_array(ColumnType::Timestamp, times));
    RecordBatch::try_new(Arc::new(schema.arrow()), arrays).map_err(arrow_problem)
}

fn spoil(array: &ArrayRef, ty: ColumnType, rows: &[Row], garbage: Garbage, rng: &mut Rng) -> Result<ArrayRef> {
    let reader = Reader::new(array, ty)?;
    let values: Vec<Option<Value>> = rows
        .iter()
        .enumerate()
        .map(|(i, row)| match (row.altered, garbage) {
            (false, _) => reader.get(i),
            (true, Garbage::Missing) => None,
            (true, Garbage::Wild) => match rng.below(10) {
                0 => None,
                1..=4 => reader.get(rng.index(array.len())),
                _ => Some(made_up(ty, rng)),
            },
        })
        .collect();
    Ok(to_array(ty, &values))
}

fn made_up(ty: ColumnType, rng: &mut Rng) -> Value {
    let signed = |rng: &mut Rng, size: i64| i64::try_from(rng.below(size.unsigned_abs() * 2)).unwrap_or(0) - size;
    match ty {
        ColumnType::Boolean => Value::integer(signed(rng, 1).abs()),
        ColumnType::Integer => Value::integer(signed(rng, 5_000)),
        ColumnType::Float if rng.below(20) == 0 => Value::float(f64::NAN),
        ColumnType::Float => Value::float((rng.unit() - 0.5) * 10_000.0),
        ColumnType::Text => Value::Text(format!("~{}", rng.below(1_000)).into()),
        ColumnType::Date => Value::integer(15_000 + signed(rng, 5_000)),
        ColumnType::Timestamp => Value::integer(1_300_000_000_000_000 + signed(rng, 400_000_000_000_000)),
    }
}

/// Gives added rows a value of their own in one key column.
fn fresh_keys(
    schema: &TableSchema,
    batch: RecordBatch,
    rows: &[Row],
    position: usize,
    rng: &mut Rng,
) -> Result<RecordBatch> {
    let ty = schema.columns[position].ty;
    let reader = Reader::new(batch.column(position), ty)?;
    let fresh = |rng: &mut Rng| match ty {
        ColumnType::Integer => Value::integer(i64::try_from(rng.below(1 << 40)).unwrap_or(0) + (1 << 40)),
        _ => Value::Text(format!("~{:x}", rng.next_u64()).into()),
    };
    let values: Vec<Option<Value>> =
        rows.iter().enumerate().map(|(i, row)| if row.added { Some(fresh(rng)) } else { reader.get(i) }).collect();
    let mut arrays = batch.columns().to_vec();
    arrays[position] = to_array(ty, &values);
    RecordBatch::try_new(batch.schema(), arrays).map_err(arrow_problem)
}
