//! The state of one window: the facts of every key, and what examples see of them.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, TimestampMicrosecondArray};
use ropeway_table::RowName;
use ropeway_vocab::{Problem, Result};

use super::facts::{Facts, at, known_column};
use crate::kernel::{Aggregate, Fact, KeyIndex, Keyed, Keys, Reader, Timeline, Value, to_array};
use crate::plan::{WindowStep, example_side, table_side};
use crate::rule::Rule;

/// The facts of one window by key.
#[derive(Debug, Clone)]
pub(crate) struct WindowState {
    step: Arc<WindowStep>,
    keys: KeyIndex,
    timelines: Vec<Timeline>,
}

impl WindowState {
    pub(crate) fn new(step: Arc<WindowStep>) -> Self {
        Self { step, keys: KeyIndex::default(), timelines: Vec::new() }
    }

    /// The facts of a batch that enter this window, with the key of each; `first` is the number of its
    /// first row, and `called` names rows that an expression fails on. Facts without a key, a known-at or a value
    /// never enter. Fails without changing anything.
    pub(crate) fn read(&self, batch: &RecordBatch, first: u32, called: RowName<'_>) -> Result<Keyed<Fact>> {
        let step = &self.step;
        let keys = Keys::of(batch, table_side(&step.by))?;
        let known = known_column(batch)?;
        let values = match &step.argument {
            Some(argument) => Some((argument.eval_named(batch, called)?, argument.ty())),
            None => None,
        };
        let reader = match &values {
            Some((array, ty)) => Some(prepare(Reader::new(array, *ty)?, step.aggregate)),
            None => None,
        };
        let filters = step.filters.iter().map(|filter| boolean(filter.eval_named(batch, called)?));
        let filters = filters.collect::<Result<Vec<_>>>()?;
        let mut facts = Keyed::new();
        let mut key = Vec::new();
        for row in 0..batch.num_rows() {
            let Some(known_at) = at(known, row) else { continue };
            if !filters.iter().all(|filter| filter.is_valid(row) && filter.value(row)) || !keys.write(row, &mut key) {
                continue;
            }
            let value = match &reader {
                Some(reader) => reader.get(row),
                None => Some(Value::integer(1)),
            };
            let Some(value) = value else { continue };
            facts.push(&key, Fact { known_at, row: first + row as u32, value });
        }
        Ok(facts)
    }

    /// Lets facts enter.
    pub(crate) fn insert(&mut self, facts: Keyed<Fact>, table: &Facts) {
        let mut numbered = facts.numbered(&mut self.keys);
        let order = |a: u32, b: u32| table.order(a, b);
        let of = self.step.of();
        numbered.sort_by(|(a, x), (b, y)| (a, x.known_at).cmp(&(b, y.known_at)).then_with(|| order(x.row, y.row)));
        let mut facts = numbered.into_iter().peekable();
        while let Some((key, fact)) = facts.next() {
            let mut same = vec![fact];
            while let Some((_, fact)) = facts.next_if(|(next, _)| *next == key) {
                same.push(fact);
            }
            while self.timelines.len() <= key {
                self.timelines.push(Timeline::new(self.step.aggregate, of));
            }
            self.timelines[key].insert(same, &order);
        }
    }

    /// The window's value for every example.
    pub(crate) fn answer(
        &self,
        examples: &RecordBatch,
        times: &TimestampMicrosecondArray,
        rule: Rule,
    ) -> Result<ArrayRef> {
        let keys = Keys::of(examples, example_side(&self.step.by))?;
        let mut key = Vec::new();
        let values: Vec<Option<Value>> = (0..examples.num_rows())
            .map(|row| {
                let timeline = self.timeline(&keys, row, &mut key);
                timeline
                    .zip(at(times, row))
                    .and_then(|(timeline, at)| timeline.answer(at, self.step.over, rule))
                    .unwrap_or_else(|| self.step.aggregate.of_nothing())
            })
            .collect();
        Ok(to_array(self.step.ty, &values))
    }

    /// The rows behind the value of one example, oldest first.
    pub(crate) fn seen(&self, examples: &RecordBatch, row: usize, at: i64, rule: Rule) -> Result<&[u32]> {
        let keys = Keys::of(examples, example_side(&self.step.by))?;
        let timeline = self.timeline(&keys, row, &mut Vec::new());
        Ok(timeline.map_or(&[], |timeline| timeline.seen(at, self.step.over, rule)))
    }

    pub(crate) fn step(&self) -> &WindowStep {
        &self.step
    }

    fn timeline(&self, keys: &Keys<'_>, row: usize, key: &mut Vec<u8>) -> Option<&Timeline> {
        let number = keys.write(row, key).then(|| self.keys.find(key)).flatten()?;
        self.timelines.get(number)
    }
}

fn prepare(reader: Reader<'_>, aggregate: Aggregate) -> Reader<'_> {
    match aggregate {
        Aggregate::Min => reader.nan_low(),
        Aggregate::CountDistinct => reader.equality(),
        _ => reader,
    }
}

fn boolean(array: ArrayRef) -> Result<BooleanArray> {
    array.as_boolean_opt().cloned().ok_or_else(|| Problem::internal("a filter did not come out as true or false"))
}
