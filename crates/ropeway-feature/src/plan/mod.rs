//! The feature plan: the settings with every name, type and time resolved. It travels in the package as
//! settings and schemas, and is compiled again from them wherever it arrives.

mod answer;
mod derive;
mod digest;
mod lookup;
mod new;
mod refusal;
mod resolve;
mod scope;
mod step;
mod window;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use ropeway_table::{RowExpr, row_name};
use ropeway_vocab::{AT, ColumnSpec, ColumnType, Digest, Problem, Result, TableSchema, Timing};
use serde::{Deserialize, Serialize};

use crate::kernel::Aggregate;
use crate::settings::FeatureSettings;

pub use digest::{FeatureStep, StepKind};
pub use new::FIRST_KNOWN_KEPT;
pub use refusal::Finding;
pub use scope::{LABEL_KNOWN_AT, reserved};
pub(crate) use step::{DeriveStep, Input, LookupStep, WindowStep, example_side, table_side};

/// Where a feature comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A column that the request brings along.
    Request,
    /// A column taken by a lookup.
    Lookup {
        /// The lookup.
        lookup: String,
        /// The table it looks into.
        table: String,
        /// The column it takes.
        column: String,
    },
    /// A window.
    Window {
        /// The table of facts.
        table: String,
        /// What it computes.
        aggregate: Aggregate,
    },
    /// A derived expression.
    Derived {
        /// The features, request columns and `at` that it reads.
        inputs: Vec<String>,
    },
}

/// One feature of an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureSpec {
    /// Its name, unique in the plan.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// Whether it shows something about a person: masked in logs and reports.
    pub personal: bool,
    /// Where it comes from.
    pub origin: Origin,
}

/// What is stored of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    settings: FeatureSettings,
    tables: BTreeMap<String, TableSchema>,
}

/// All features of an example, in the order of the settings: request columns, lookups, windows, derived.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct FeaturePlan {
    form: Form,
    features: Vec<FeatureSpec>,
    /// The columns of all features.
    schema: SchemaRef,
    key: Vec<ColumnSpec>,
    request: Vec<ColumnSpec>,
    at: Option<RowExpr>,
    label: RowExpr,
    lookups: Vec<Arc<LookupStep>>,
    windows: Vec<Arc<WindowStep>>,
    derived: Vec<Arc<DeriveStep>>,
}

impl TryFrom<Form> for FeaturePlan {
    type Error = Problem;

    fn try_from(form: Form) -> Result<Self> {
        resolve::resolve(form, &|table, column| vec![format!("{table}.{column}")])
    }
}

impl From<FeaturePlan> for Form {
    fn from(plan: FeaturePlan) -> Self {
        plan.form
    }
}

impl FeaturePlan {
    /// The settings it was made from, with the key of the examples filled in.
    pub fn settings(&self) -> &FeatureSettings {
        &self.form.settings
    }

    /// The features in order.
    pub fn features(&self) -> &[FeatureSpec] {
        &self.features
    }

    /// The table of the examples.
    pub fn examples_table(&self) -> &str {
        &self.form.settings.examples.table
    }

    /// The type of the label: a boolean, a number or a text.
    pub fn label_type(&self) -> ColumnType {
        self.label.ty()
    }

    /// The columns of the examples' table that labels are computed from.
    pub fn label_columns(&self) -> Vec<&str> {
        self.label.columns()
    }

    /// Whether labels become known over time.
    pub fn labels_timed(&self) -> bool {
        self.form.tables.get(self.examples_table()).is_some_and(|schema| schema.timing == Timing::Timed)
    }

    /// The columns that identify an example; empty where nothing does.
    pub fn key(&self) -> &[ColumnSpec] {
        &self.key
    }

    /// Their names.
    pub fn key_names(&self) -> Vec<String> {
        self.key.iter().map(|column| column.name.clone()).collect()
    }

    /// The columns that a request brings along.
    pub fn request(&self) -> &[ColumnSpec] {
        &self.request
    }

    /// Whether a column of their table shows something about a person.
    pub fn is_personal(&self, column: &str) -> bool {
        let table = self.form.tables.get(self.examples_table());
        table.and_then(|schema| schema.column(column)).is_some_and(|column| column.personal)
    }

    /// Whether examples have a prediction time.
    pub fn has_time(&self) -> bool {
        self.at.is_some()
    }

    /// What [`FeaturePlan::compute`] needs of an example: the request columns, and `at` where there is time.
    pub fn input_columns(&self) -> Vec<ColumnSpec> {
        let at = self.at.is_some().then(at_column);
        self.request.iter().cloned().chain(at).collect()
    }

    /// The column of the examples' table that `at` is, where it is one and not computed.
    pub fn at_name(&self) -> Option<&str> {
        let at = self.at.as_ref()?;
        let [name] = at.columns()[..] else { return None };
        let sql = at.sql().trim();
        let plain = sql == name || sql.strip_prefix('"').and_then(|sql| sql.strip_suffix('"')) == Some(name);
        plain.then_some(name)
    }

    /// What an example is called in messages: its key, or all that it brings along where it has none. Personal values are
    /// masked.
    pub fn example_name(&self, examples: &RecordBatch, row: usize) -> String {
        let columns = if self.key.is_empty() { self.input_columns() } else { self.key.clone() };
        row_name(&TableSchema { columns, timing: Timing::Static, key: Vec::new() }, examples, row)
    }

    /// The tables that lookups and windows read, sorted: what [`crate::KeyedState::build`] needs.
    pub fn tables(&self) -> Vec<&str> {
        let lookups = self.lookups.iter().map(|step| step.table.as_str());
        let mut names: Vec<&str> = lookups.chain(self.windows.iter().map(|step| step.table.as_str())).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The steps that compute features, in order: lookups, windows, derived. Request columns need none.
    pub fn steps(&self) -> Vec<FeatureStep> {
        digest::steps(self)
    }

    /// The digest of a step's meaning, for cache keys: comments and white space in its SQL do not show.
    pub fn digest_of(&self, kind: StepKind, name: &str) -> Result<Digest> {
        self.steps()
            .into_iter()
            .find(|step| step.kind == kind && step.name == name)
            .map(|step| step.digest)
            .ok_or_else(|| Problem::internal(format!("the plan has no {} `{name}`", kind.name())))
    }

    /// The columns of all features, in order.
    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn lookups(&self) -> &[Arc<LookupStep>] {
        &self.lookups
    }

    pub(crate) fn windows(&self) -> &[Arc<WindowStep>] {
        &self.windows
    }

    pub(crate) fn derived(&self) -> &[Arc<DeriveStep>] {
        &self.derived
    }

    pub(crate) fn at(&self) -> Option<&RowExpr> {
        self.at.as_ref()
    }

    pub(crate) fn label(&self) -> &RowExpr {
        &self.label
    }
}

/// The column of an example that holds its prediction time.
fn at_column() -> ColumnSpec {
    ColumnSpec { name: AT.to_string(), ty: ColumnType::Timestamp, known_ahead: true, personal: false }
}
