//! Features of examples: the one way they are computed, for a whole table, a stream or one request.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, TimestampMicrosecondArray};
use arrow::datatypes::{Field, Schema};
use ropeway_vocab::{AT, ColumnType, Problem, Result};

use crate::arrow_problem;
use crate::kernel::column;
use crate::plan::{DeriveStep, FeaturePlan, LookupStep, StepKind, WindowStep};
use crate::rule::Rule;
use crate::state::{KeyedState, timestamps};

type Column = (String, ColumnType, ArrayRef);

impl FeaturePlan {
    /// All features of the examples, in the order of [`FeaturePlan::features`]. `examples` has at least
    /// [`FeaturePlan::input_columns`]. An example whose `at` is missing sees no fact.
    ///
    /// Batch, stream and request use this function, and it has the same bits for one row as for all.
    pub fn compute(&self, state: &KeyedState, examples: &RecordBatch, rule: Rule) -> Result<RecordBatch> {
        let at = self.times(examples)?;
        let mut columns: Vec<Column> = Vec::with_capacity(self.features().len());
        for spec in self.request() {
            columns.push((spec.name.clone(), spec.ty, Arc::clone(column(examples, &spec.name)?)));
        }
        for step in self.lookups() {
            columns.extend(look_up(step, state, examples, at, rule)?);
        }
        for step in self.windows() {
            columns.push(aggregate(step, state, examples, at, rule)?);
        }
        let mut input: Option<RecordBatch> = None;
        for step in self.derived() {
            let current = input.as_ref().filter(|batch| reads(step, batch));
            let value = match current {
                Some(batch) => step.expression.eval(batch)?,
                None => {
                    let at = at.map(|at| (AT.to_string(), ColumnType::Timestamp, Arc::new(at.clone()) as ArrayRef));
                    let batch = batch(examples.num_rows(), columns.iter().cloned().chain(at))?;
                    step.expression.eval(input.insert(batch))?
                }
            };
            columns.push((step.name.clone(), step.expression.ty(), value));
        }
        // Derived features are computed in the order of their dependence and given in that of the settings.
        let place = |name: &str| self.features().iter().position(|spec| spec.name == name);
        columns.sort_by_cached_key(|(name, ..)| place(name));
        batch(examples.num_rows(), columns)
    }

    /// The features of one step alone, as [`FeaturePlan::compute`] gives them. `inputs` has the columns that
    /// the step reads; `state` holds the step's lookup or window.
    pub fn compute_step(
        &self,
        kind: StepKind,
        name: &str,
        state: &KeyedState,
        inputs: &RecordBatch,
        rule: Rule,
    ) -> Result<RecordBatch> {
        match kind {
            StepKind::Lookup => self.compute_lookup(name, state, inputs, rule),
            StepKind::Window => self.compute_window(name, state, inputs, rule),
            StepKind::Derive => self.derive(name, inputs),
        }
    }

    /// The features of one lookup.
    pub fn compute_lookup(
        &self,
        name: &str,
        state: &KeyedState,
        examples: &RecordBatch,
        rule: Rule,
    ) -> Result<RecordBatch> {
        let step = self.lookups().iter().find(|step| step.name == name).ok_or_else(|| unknown("lookup", name))?;
        let at = if step.as_of.is_some() { self.times(examples)? } else { None };
        batch(examples.num_rows(), look_up(step, state, examples, at, rule)?)
    }

    /// The feature of one window.
    pub fn compute_window(
        &self,
        name: &str,
        state: &KeyedState,
        examples: &RecordBatch,
        rule: Rule,
    ) -> Result<RecordBatch> {
        let step = self.windows().iter().find(|step| step.name == name).ok_or_else(|| unknown("window", name))?;
        batch(examples.num_rows(), [aggregate(step, state, examples, self.times(examples)?, rule)?])
    }

    /// One derived feature, from the request columns, features and `at` that it reads.
    pub fn derive(&self, name: &str, inputs: &RecordBatch) -> Result<RecordBatch> {
        let step = self.derived().iter().find(|step| step.name == name).ok_or_else(|| unknown("derive", name))?;
        let value = step.expression.eval(inputs)?;
        batch(inputs.num_rows(), [(step.name.clone(), step.expression.ty(), value)])
    }

    fn times<'a>(&self, examples: &'a RecordBatch) -> Result<Option<&'a TimestampMicrosecondArray>> {
        if self.has_time() { timestamps(column(examples, AT)?).map(Some) } else { Ok(None) }
    }
}

fn reads(step: &DeriveStep, batch: &RecordBatch) -> bool {
    step.expression.columns().iter().all(|name| batch.schema_ref().column_with_name(name).is_some())
}

fn look_up(
    step: &LookupStep,
    state: &KeyedState,
    examples: &RecordBatch,
    at: Option<&TimestampMicrosecondArray>,
    rule: Rule,
) -> Result<Vec<Column>> {
    let rows = state.lookup(&step.name)?.find(examples, at, rule)?;
    let facts = state.facts(&step.table)?;
    let take = step.take.iter();
    take.map(|t| Ok((t.feature.clone(), t.ty, facts.gather(&t.column, t.ty, &rows)?))).collect()
}

fn aggregate(
    step: &WindowStep,
    state: &KeyedState,
    examples: &RecordBatch,
    at: Option<&TimestampMicrosecondArray>,
    rule: Rule,
) -> Result<Column> {
    let at = at.ok_or_else(|| Problem::internal("a window in a plan without time"))?;
    Ok((step.name.clone(), step.ty, state.window(&step.name)?.answer(examples, at, rule)?))
}

fn batch(rows: usize, columns: impl IntoIterator<Item = Column>) -> Result<RecordBatch> {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) =
        columns.into_iter().map(|(name, ty, array)| (Field::new(name, ty.arrow(), true), array)).unzip();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(arrow_problem)
}

fn unknown(what: &str, name: &str) -> Problem {
    Problem::internal(format!("the plan has no {what} `{name}`"))
}
