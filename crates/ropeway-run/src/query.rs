//! `ropeway query`: SQL over every table and the examples, as the steps of a run make them.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use arrow::array::{ArrayRef, RecordBatch};
use ropeway_project::Project;
use ropeway_store::{LockMode, ProjectLock, Store};
use ropeway_table::Relation;
use ropeway_vocab::{ColumnSpec, ColumnType, LABEL, Result, TableSchema, Timing};

use crate::batch::{batch_of, without_labels};
use crate::data::Data;
use crate::features::Featured;
use crate::planned::Planned;
use crate::population::learnable;
use crate::progress::Silent;
use crate::record::Records;
use crate::run::store_root;
use crate::step::Engine;

/// The name under which examples can be queried.
const EXAMPLES: &str = "examples";
const WAIT: Duration = Duration::from_secs(30);

/// What a query came to.
#[derive(Debug)]
pub struct QueryAnswer {
    /// The rows; one batch at least, for its columns.
    pub batches: Vec<RecordBatch>,
    /// How many labels of the holdout are missing from the examples, where the query could read them.
    pub hidden_labels: u64,
}

/// Answers one SELECT over sources, tables and `examples` (key, `at`, request columns, features, label). Labels of the
/// holdout are missing: only `ropeway run --final` opens it.
///
/// # Errors
/// What is wrong with the project, its data or the SQL.
pub async fn query(project: &Project, sql: &str) -> Result<QueryAnswer> {
    let store = Store::open_to_read(&store_root(project)).await?;
    let _lock = match store.read_only() {
        Some(_) => None,
        None => Some(ProjectLock::acquire_as(store.root(), LockMode::Exclusive, WAIT).await?),
    };
    let records = Records::open(&store).await?;
    let engine = Engine::new(store, records, Arc::new(Silent), Arc::new(AtomicBool::new(false)), None);
    let planned = Planned::new(project)?;
    let mut data = Data::make(&engine, planned.tables, &project.root, &project.settings.source).await?;
    let names: Vec<String> = data.plan.order().iter().filter(|name| mentions(sql, name)).cloned().collect();
    let mut relations = data.relations_of(&names)?;
    let mut hidden_labels = 0;
    if mentions(sql, EXAMPLES) && !relations.contains_key(EXAMPLES) {
        let mut featured = Featured::make(&engine, &mut data, planned.features, None).await?;
        let (examples, hidden) = examples(project, &mut featured)?;
        relations.insert(EXAMPLES.into(), examples);
        if mentions(sql, LABEL) || sql.contains('*') {
            hidden_labels = hidden;
        }
    }
    for name in data.plan.order() {
        if !relations.contains_key(name) {
            relations.insert(name.clone(), Relation::empty(data.plan.schema(name)?.clone()));
        }
    }
    // Known by name, also to a query that misspells it.
    let examples = TableSchema { columns: Vec::new(), timing: Timing::Static, key: Vec::new() };
    relations.entry(EXAMPLES.into()).or_insert_with(|| Relation::empty(examples));
    Ok(QueryAnswer { batches: ropeway_table::query(sql, &relations).await?, hidden_labels })
}

/// Whether the text of a query could read a relation: its rows are loaded then.
fn mentions(sql: &str, name: &str) -> bool {
    sql.to_lowercase().contains(&name.to_lowercase())
}

/// The examples without the labels of the holdout, and how many those are.
fn examples(project: &Project, featured: &mut Featured) -> Result<(Relation, u64)> {
    let examples = featured.examples()?;
    let labels = Arc::clone(examples.labels()?);
    let learnable = learnable(featured, (&project.settings.split, project.settings.learn.task), project.seed())?;
    let mut held_out = vec![false; learnable.population.rows()];
    learnable.split.holdout.iter().for_each(|row| held_out[*row as usize] = true);
    // The population holds the labelled examples in their order.
    let mut next = held_out.into_iter();
    let hide: Vec<bool> = (0..labels.len()).map(|row| labels.is_valid(row) && next.next().unwrap_or(true)).collect();
    let hidden = hide.iter().filter(|hide| **hide).count() as u64;
    let shown = without_labels(&examples.batch, |row| hide[row])?;
    let features = featured.features()?;

    let mut columns: Vec<(String, ArrayRef)> = Vec::new();
    let mut add = |batch: &RecordBatch, skip: &[&str]| {
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            let name = field.name();
            if !skip.contains(&name.as_str()) && !columns.iter().any(|(known, _)| known == name) {
                columns.push((name.clone(), Arc::clone(column)));
            }
        }
    };
    add(&shown, &[LABEL, ropeway_feature::LABEL_KNOWN_AT]);
    add(&features, &[]);
    add(&shown, &[ropeway_feature::LABEL_KNOWN_AT]);
    let batch = batch_of(shown.num_rows(), columns)?;
    let personal = |name: &str| featured.plan.features().iter().any(|f| f.name == name && f.personal);
    let spec = |field: &Arc<arrow::datatypes::Field>| ColumnSpec {
        name: field.name().clone(),
        ty: ColumnType::of_arrow(field.data_type()).unwrap_or(ColumnType::Text),
        known_ahead: true,
        personal: personal(field.name()),
    };
    let columns = batch.schema().fields().iter().map(spec).collect();
    let key = featured.plan.key().iter().map(|column| column.name.clone()).collect();
    Ok((Relation::new(TableSchema { columns, timing: Timing::Static, key }, &[batch])?, hidden))
}
