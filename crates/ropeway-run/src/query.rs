//! `ropeway query`: SQL over every table and the examples, as the steps of a run make them.

use arrow::array::RecordBatch;
use ropeway_project::Project;
use ropeway_table::Relation;
use ropeway_vocab::{LABEL, Result, TableSchema, Timing};

use crate::example_rows::{EXAMPLES, ExampleRows};
use crate::features::{Featured, weighted};
use crate::opened::Opened;
use crate::planned::Planned;

/// What a query came to.
#[derive(Debug)]
pub struct QueryAnswer {
    /// The rows; one batch at least, for its columns.
    pub batches: Vec<RecordBatch>,
    /// How many labels of the holdout are missing from the examples, where the query could read them.
    pub hidden_labels: u64,
}

/// Answers one SELECT over sources, tables and `examples` (key, `at`, part and fold, features, label). Labels of the holdout
/// are missing: only `ropeway run --final` opens it.
///
/// # Errors
/// What is wrong with the project, its data or the SQL.
pub async fn query(project: &Project, sql: &str) -> Result<QueryAnswer> {
    let opened = Opened::new(project).await?;
    let engine = &opened.engine;
    let planned = Planned::new(project)?;
    let order = planned.tables.order();
    let names: Vec<String> = order.iter().filter(|name| mentions(sql, name)).cloned().collect();
    let of_examples = if mentions(sql, EXAMPLES) { planned.read_by_features() } else { Vec::new() };
    let read: Vec<&str> = names.iter().chain(&of_examples).map(String::as_str).collect();
    let mut data = opened.data(project, planned.tables, &read).await?;
    let mut relations = data.relations_of(&names)?;
    let mut hidden_labels = 0;
    if !of_examples.is_empty() {
        let mut featured = Featured::make(engine, &mut data, planned.features, weighted(project)).await?;
        let ExampleRows { relation, hidden } = ExampleRows::of(project, &mut featured)?;
        relations.insert(EXAMPLES.into(), relation);
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
