//! Exact aggregates of many groups at once.

use arrow::array::{Array, ArrayRef, BooleanArray};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};

use super::one_partition;
use super::state::{Numbers, State};

/// The numbers of each group.
pub(super) struct Groups {
    empty: State,
    groups: Vec<State>,
}

impl Groups {
    /// No groups yet; each begins as `empty`.
    pub fn new(empty: State) -> Self {
        Self { empty, groups: Vec::new() }
    }
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_of: &[usize],
        filter: Option<&BooleanArray>,
        groups: usize,
    ) -> Result<()> {
        self.groups.resize(groups, self.empty.clone());
        let passes = |row: usize| filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
        Numbers::of(values)?.for_each(|row, number| {
            if passes(row) {
                self.groups[group_of[row]].add(number);
            }
        });
        Ok(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let done = emit.take_needed(&mut self.groups);
        if done.is_empty() {
            return self.empty.figure()?.to_array_of_size(0);
        }
        ScalarValue::iter_to_array(done.iter().map(State::figure).collect::<Result<Vec<_>>>()?)
    }

    fn state(&mut self, _emit: EmitTo) -> Result<Vec<ArrayRef>> {
        one_partition()
    }

    fn merge_batch(&mut self, _values: &[ArrayRef], _group_of: &[usize], _groups: usize) -> Result<()> {
        one_partition()
    }

    fn convert_to_state(&self, _values: &[ArrayRef], _filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        one_partition()
    }

    fn size(&self) -> usize {
        // One of them stands for all: what DISTINCT keeps differs, and is no more than a hint to the engine.
        size_of::<Self>() + self.groups.first().map_or(0, State::size) * self.groups.capacity()
    }
}
