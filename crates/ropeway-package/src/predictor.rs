//! The predictor: a package and the keyed state behind its features, ready to answer for any example at any time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use ropeway_feature::{KeyedState, Rule};
use ropeway_learn::Prediction;
use ropeway_source::SourceSettings;
use ropeway_table::{Relation, RowTimes, TablePlan};
use ropeway_vocab::{Problem, Result};

use crate::arrival::{KeyIndex, merge, posts};
use crate::package::Package;

/// The relations that a package's features stand on, as the sources and posts of a project have them now.
#[derive(Debug)]
pub struct Relations {
    /// The plan of the package's own definitions.
    pub plan: TablePlan,
    /// Every relation by name.
    pub by_name: BTreeMap<String, Relation>,
    /// The keys known of each source that has a key.
    pub keys: BTreeMap<String, KeyIndex>,
}

impl Relations {
    /// Reads the sources (where the project says they lie, as the package says how) and the posts of the store, and makes
    /// every relation.
    ///
    /// # Errors
    /// A source that the project does not have or that cannot be read, SQL that fails, a check that stops.
    pub async fn load(
        package: &Package,
        project: &Path,
        paths: &BTreeMap<String, String>,
        store_root: &Path,
    ) -> Result<Self> {
        let plan = TablePlan::new(package.contents.definitions.clone())?;
        let mut sources = BTreeMap::new();
        let mut keys = BTreeMap::new();
        for (name, definition) in &package.contents.definitions.sources {
            let path = paths.get(name).ok_or_else(|| {
                Problem::invalid(
                    "missing-source",
                    format!("the package reads the source `{name}`, which the project does not have"),
                )
                .remedy(format!("add [source.{name}] with its path to the project file"))
            })?;
            let settings = as_sealed(&definition.settings, &definition.columns, path);
            let read = ropeway_source::read(name, &settings, project)?;
            let (posts, _) = posts(store_root, name)?;
            let arrived = merge(name, definition, read.batches, &posts)?;
            sources.insert(name.clone(), plan.source(name, arrived.batches, RowTimes::Arrivals(arrived.arrivals))?);
            keys.extend(arrived.index.map(|index| (name.clone(), index)));
        }
        let by_name = plan.all_from(sources, false).await?;
        Ok(Self { plan, by_name, keys })
    }
}

/// The settings of a source with the types that the package was made with: they are not inferred again.
fn as_sealed(settings: &SourceSettings, columns: &[ropeway_vocab::ColumnSpec], path: &str) -> SourceSettings {
    let types = columns.iter().map(|column| (column.name.clone(), column.ty)).collect();
    SourceSettings { path: path.to_string(), types, ..settings.clone() }
}

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
    /// A duplicate key in an exact lookup.
    pub fn insert(&mut self, table: &str, rows: &Relation) -> Result<()> {
        self.state.insert(table, rows)
    }

    /// Features and predictions of examples that have the plan's input columns.
    ///
    /// # Errors
    /// A missing column, or an expression that fails on a value.
    pub fn answer(&self, examples: &RecordBatch) -> Result<Answers> {
        let features = self.package.contents.plan.compute(&self.state, examples, Rule::STRICT)?;
        let predictions = self.package.contents.model.predict(&features)?;
        Ok(Answers { features, predictions })
    }
}
