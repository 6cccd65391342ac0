//! The predictor: a package and the keyed state behind its features, ready to answer for any example at any time.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use ropeway_feature::{KeyedState, Rule};
use ropeway_learn::Prediction;
use ropeway_table::{Relation, RowName};
use ropeway_vocab::Result;

use crate::package::Package;

/// A package with its state.
#[derive(Debug, Clone)]
pub struct Predictor {
    package: Arc<Package>,
    state: KeyedState,
}

/// Features and predictions of a batch of examples.
#[derive(Debug, Clone)]
pub struct Answers {
    /// All features, one row an example.
    pub features: RecordBatch,
    /// The predictions, in order.
    pub predictions: Vec<Prediction>,
}

impl Predictor {
    /// Builds the keyed state from relations.
    ///
    /// # Errors
    /// A duplicate key in an exact lookup.
    pub fn new(package: Arc<Package>, relations: &BTreeMap<String, Relation>) -> Result<Self> {
        let state = KeyedState::build(&package.contents.plan, relations)?;
        Ok(Self { package, state })
    }

    /// The package.
    pub fn package(&self) -> &Arc<Package> {
        &self.package
    }

    /// The state behind lookups and windows.
    pub fn state(&self) -> &KeyedState {
        &self.state
    }

    /// Adds new rows of a table; visible at once.
    ///
    /// # Errors
    /// A duplicate key in an exact lookup, or a window whose expression fails on a value.
    pub fn insert(&mut self, table: &str, rows: &Relation) -> Result<()> {
        self.state.insert(table, rows)
    }

    /// Whether [`Predictor::insert`] would take the rows.
    ///
    /// # Errors
    /// Why it would not: also a window whose expression fails on a value.
    pub fn accepts(&self, table: &str, rows: &Relation) -> Result<()> {
        self.state.accepts(table, rows)
    }

    /// Features and predictions of examples that have the plan's input columns.
    ///
    /// # Errors
    /// A missing column, or an expression that fails on a value: it names the example by its place, from 0.
    pub fn answer(&self, examples: &RecordBatch) -> Result<Answers> {
        self.answer_named(examples, &|row| format!("row {row}"))
    }

    /// The same; `name` says what to call the example on which an expression fails.
    ///
    /// # Errors
    /// As [`Predictor::answer`].
    pub fn answer_named(&self, examples: &RecordBatch, name: RowName<'_>) -> Result<Answers> {
        let features = self.package.contents.plan.compute_named(&self.state, examples, Rule::STRICT, name)?;
        let predictions = self.package.contents.model.predict(&features)?;
        Ok(Answers { features, predictions })
    }
}
