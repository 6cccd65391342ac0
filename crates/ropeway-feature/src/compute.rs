//! Features of examples: the one way they are computed, for a whole table, a stream or one request.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, TimestampMicrosecondArray};
use arrow::datatypes::{Field, Schema, SchemaRef};
use ropeway_table::RowName;
use ropeway_vocab::{AT, ColumnType, Problem, Result};

use crate::arrow_problem;
use crate::kernel::column;
use crate::plan::{FeaturePlan, Input, LookupStep, StepKind, WindowStep};
use crate::rule::Rule;
use crate::state::{KeyedState, timestamps};

impl FeaturePlan {
    /// All features of the examples, in the order of [`FeaturePlan::features`]. `examples` has at least
    /// [`FeaturePlan::input_columns`]. An example whose `at` is missing sees no fact.
    ///
    /// Batch, stream and request use this function, and it has the same bits for one row as for all.
    ///
    /// # Errors
    /// A missing column, or a derived feature that fails on a value: it names the example by its place, from 0.
    pub fn compute(&self, state: &KeyedState, examples: &RecordBatch, rule: Rule) -> Result<RecordBatch> {
        self.compute_named(state, examples, rule, &|row| format!("row {row}"))
    }

    /// The same; `name` says what to call the example on which a derived feature fails.
    ///
    /// # Errors
    /// As [`FeaturePlan::compute`].
    pub fn compute_named(
        &self,
        state: &KeyedState,
        examples: &RecordBatch,
        rule: Rule,
        name: RowName<'_>,
    ) -> Result<RecordBatch> {
        let at = self.times(examples)?;
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.features().len());
        for spec in self.request() {
            columns.push(Arc::clone(column(examples, &spec.name)?));
        }
        for step in self.lookups() {
            look_up(step, state, examples, at, rule, &mut columns)?;
        }
        for step in self.windows() {
            columns.push(aggregate(step, state, examples, at, rule)?);
        }
        // Derived features are computed in the order of their dependence and stand in that of the settings.
        let first = columns.len();
        let mut derived: Vec<Option<ArrayRef>> = vec![None; self.features().len() - first];
        for step in self.derived() {
            let input = |input: &Input| match *input {
                Input::At => column(examples, AT).cloned(),
                Input::Feature(place) if place < first => Ok(Arc::clone(&columns[place])),
                Input::Feature(place) => derived[place - first].clone().ok_or_else(too_early),
            };
            let inputs = step.inputs.iter().map(input).collect::<Result<Vec<_>>>()?;
            derived[step.place - first] = Some(step.expression.eval_columns(inputs, examples.num_rows(), name)?);
        }
        for value in derived {
            columns.push(value.ok_or_else(too_early)?);
        }
        batch(self.schema(), examples.num_rows(), columns)
    }

    /// The features of one step alone, as [`FeaturePlan::compute`] gives them. `inputs` has the columns that
    /// the step reads; `state` holds the step's lookup or window; `called` names examples.
    pub fn compute_step(
        &self,
        (kind, name): (StepKind, &str),
        state: &KeyedState,
        inputs: &RecordBatch,
        rule: Rule,
        called: RowName<'_>,
    ) -> Result<RecordBatch> {
        let unknown = || Problem::internal(format!("the plan has no {} `{name}`", kind.name()));
        let (schema, columns) = match kind {
            StepKind::Lookup => {
                let step = self.lookups().iter().find(|step| step.name == name).ok_or_else(unknown)?;
                let at = if step.as_of.is_some() { self.times(inputs)? } else { None };
                let mut columns = Vec::with_capacity(step.take.len());
                look_up(step, state, inputs, at, rule, &mut columns)?;
                (schema(step.take.iter().map(|taken| (taken.feature.as_str(), taken.ty))), columns)
            }
            StepKind::Window => {
                let step = self.windows().iter().find(|step| step.name == name).ok_or_else(unknown)?;
                let column = aggregate(step, state, inputs, self.times(inputs)?, rule)?;
                (schema([(name, step.ty)]), vec![column])
            }
            StepKind::Derive => {
                let step = self.derived().iter().find(|step| step.name == name).ok_or_else(unknown)?;
                let column = step.expression.eval_named(inputs, called)?;
                (schema([(name, step.expression.ty())]), vec![column])
            }
        };
        batch(&schema, inputs.num_rows(), columns)
    }

    /// One derived feature, from the request columns, features and `at` that it reads.
    pub fn derive(&self, name: &str, inputs: &RecordBatch) -> Result<RecordBatch> {
        let called = |row: usize| format!("row {row}");
        self.compute_step((StepKind::Derive, name), &KeyedState::default(), inputs, Rule::STRICT, &called)
    }

    fn times<'a>(&self, examples: &'a RecordBatch) -> Result<Option<&'a TimestampMicrosecondArray>> {
        if self.has_time() { timestamps(column(examples, AT)?).map(Some) } else { Ok(None) }
    }
}

fn look_up(
    step: &LookupStep,
    state: &KeyedState,
    examples: &RecordBatch,
    at: Option<&TimestampMicrosecondArray>,
    rule: Rule,
    columns: &mut Vec<ArrayRef>,
) -> Result<()> {
    let rows = state.lookup(&step.name)?.find(examples, at, rule)?;
    let facts = state.facts(&step.table)?;
    for taken in &step.take {
        columns.push(facts.gather(&taken.column, taken.ty, &rows)?);
    }
    Ok(())
}

fn aggregate(
    step: &WindowStep,
    state: &KeyedState,
    examples: &RecordBatch,
    at: Option<&TimestampMicrosecondArray>,
    rule: Rule,
) -> Result<ArrayRef> {
    let at = at.ok_or_else(|| Problem::internal("a window in a plan without time"))?;
    state.window(&step.name)?.answer(examples, at, rule)
}

fn schema<'a>(columns: impl IntoIterator<Item = (&'a str, ColumnType)>) -> SchemaRef {
    let fields = columns.into_iter().map(|(name, ty)| Field::new(name, ty.arrow(), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn batch(schema: &SchemaRef, rows: usize, columns: Vec<ArrayRef>) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options).map_err(arrow_problem)
}

fn too_early() -> Problem {
    Problem::internal("a derived feature is read before it is computed")
}
