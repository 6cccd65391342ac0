//! The state of one lookup: the rows of every key, and which of them an example sees.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{RecordBatch, TimestampMicrosecondArray};
use arrow::compute::cast;
use ropeway_vocab::{ColumnType, Kind, Problem, Result};

use super::facts::{Facts, at, known_column, timestamps};
use crate::arrow_problem;
use crate::kernel::{AsOf, Dated, KeyIndex, Keyed, Keys, Reader, column};
use crate::plan::{LookupStep, example_side, table_side};
use crate::rule::Rule;
use crate::show;

/// The rows of one lookup by key.
#[derive(Debug, Clone)]
pub(crate) struct LookupState {
    step: Arc<LookupStep>,
    keys: KeyIndex,
    rows: Rows,
}

#[derive(Debug, Clone)]
enum Rows {
    /// The one row of each key.
    Exact(Vec<u32>),
    /// The rows of each key by time.
    AsOf(Vec<AsOf>),
}

impl LookupState {
    pub(crate) fn new(step: Arc<LookupStep>) -> Self {
        let rows = if step.as_of.is_some() { Rows::AsOf(Vec::new()) } else { Rows::Exact(Vec::new()) };
        Self { step, keys: KeyIndex::default(), rows }
    }

    /// The rows of a batch that enter this lookup, with the key of each; `first` is the number of its first
    /// row. A key that an exact lookup already has is a problem. Fails without changing anything.
    pub(crate) fn read(&self, batch: &RecordBatch, first: u32) -> Result<Keyed<Dated>> {
        let keys = Keys::of(batch, table_side(&self.step.on))?;
        let known = if self.step.timed { Some(known_column(batch)?) } else { None };
        let times = match &self.step.as_of {
            Some((name, _)) => Some(cast(column(batch, name)?, &ColumnType::Timestamp.arrow()).map_err(arrow_problem)?),
            None => None,
        };
        let times = times.as_ref().map(timestamps).transpose()?;
        let (mut rows, mut key, mut new) = (Keyed::new(), Vec::new(), HashSet::new());
        for row in 0..batch.num_rows() {
            if !keys.write(row, &mut key) {
                continue;
            }
            let number = first + row as u32;
            let Some(times) = times else {
                if self.keys.find(&key).is_some() || !new.insert(key.clone()) {
                    return Err(self.duplicate(batch, row));
                }
                rows.push(&key, Dated { as_of: i64::MIN, known_at: i64::MIN, row: number });
                continue;
            };
            // A static row has always been known; a timed row without known-at never will be.
            let known_at = known.map_or(Some(i64::MIN), |known| at(known, row));
            if let (Some(as_of), Some(known_at)) = (at(times, row), known_at) {
                rows.push(&key, Dated { as_of, known_at, row: number });
            }
        }
        Ok(rows)
    }

    fn duplicate(&self, batch: &RecordBatch, row: usize) -> Problem {
        let step = &self.step;
        let values = step.on.iter().map(|pair| {
            let value = column(batch, &pair.table)
                .and_then(|array| Ok(Reader::new(array, pair.ty)?.get(row)))
                .map(|value| show::text(value.as_ref(), pair.ty, pair.personal));
            format!("{} = {}", pair.table, value.unwrap_or_default())
        });
        let values = values.collect::<Vec<_>>().join(", ");
        Problem::new(
            Kind::Invalid,
            "duplicate-key",
            format!("[lookup.{}]: table `{}` has more than one row with {values}", step.name, step.table),
        )
        .remedy(format!(
            "an exact lookup needs one row for each key: add a [[check]] with unique = [{}] that rejects the others, \
             match on more columns, or give the lookup an `as_of` column",
            step.on.iter().map(|pair| format!("\"{}\"", pair.table)).collect::<Vec<_>>().join(", ")
        ))
    }

    /// Lets rows enter.
    pub(crate) fn insert(&mut self, rows: Keyed<Dated>, table: &Facts) {
        let mut numbered = rows.numbered(&mut self.keys);
        match &mut self.rows {
            Rows::Exact(rows) => {
                // Each key is new, and new keys are numbered in this order.
                rows.extend(numbered.iter().map(|(_, row)| row.row));
            }
            Rows::AsOf(timelines) => {
                numbered.sort_by_key(|(key, _)| *key);
                for same in numbered.chunk_by(|(a, _), (b, _)| a == b) {
                    let key = same[0].0;
                    if timelines.len() <= key {
                        timelines.resize(key + 1, AsOf::default());
                    }
                    timelines[key].insert(same.iter().map(|(_, row)| *row).collect(), &|a, b| table.order(a, b));
                }
            }
        }
    }

    /// The row that each example sees.
    pub(crate) fn find(
        &self,
        examples: &RecordBatch,
        times: Option<&TimestampMicrosecondArray>,
        rule: Rule,
    ) -> Result<Vec<Option<u32>>> {
        let keys = Keys::of(examples, example_side(&self.step.on))?;
        let mut key = Vec::new();
        let rows = 0..examples.num_rows();
        Ok(rows.map(|row| self.seen(&keys, row, times, rule, &mut key).map(|(row, _)| row)).collect())
    }

    /// The row that the first example sees, and whether canonical order alone chose it among others.
    pub(crate) fn find_one(
        &self,
        examples: &RecordBatch,
        times: Option<&TimestampMicrosecondArray>,
        rule: Rule,
    ) -> Result<Option<(u32, bool)>> {
        let keys = Keys::of(examples, example_side(&self.step.on))?;
        Ok(self.seen(&keys, 0, times, rule, &mut Vec::new()))
    }

    fn seen(
        &self,
        keys: &Keys<'_>,
        row: usize,
        times: Option<&TimestampMicrosecondArray>,
        rule: Rule,
        key: &mut Vec<u8>,
    ) -> Option<(u32, bool)> {
        let number = keys.write(row, key).then(|| self.keys.find(key)).flatten()?;
        match &self.rows {
            Rows::Exact(rows) => rows.get(number).map(|row| (*row, false)),
            Rows::AsOf(timelines) => timelines.get(number)?.find(at(times?, row)?, self.step.within, rule),
        }
    }

    pub(crate) fn step(&self) -> &LookupStep {
        &self.step
    }
}
