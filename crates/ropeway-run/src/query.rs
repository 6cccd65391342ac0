//! `ropeway query`: SQL over every table and the examples, as the steps of a run make them.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use ropeway_project::Project;
use ropeway_table::Relation;
use ropeway_vocab::{LABEL, Problem, Result, TableSchema, Timing};

use crate::example_rows::{EXAMPLES, ExampleRows};
use crate::features::{Featured, all};
use crate::opened::Opened;
use crate::planned::{Planned, tables};

/// What a query came to.
#[derive(Debug)]
pub struct QueryAnswer {
    /// The rows; one batch at least, for its columns.
    pub batches: Vec<RecordBatch>,
    /// How many labels of the holdout are missing from the examples, where the query could read them.
    pub hidden_labels: u64,
    /// Personal columns of what `*` could mean that are left out.
    pub left_out: BTreeSet<String>,
}

/// Answers one SELECT over sources, tables and `examples` (key, `at`, part and fold, features, label). Labels of the holdout
/// are missing: only `ropeway run --final` opens it. Personal columns are not there for it, unless `personal` says so: what SQL
/// makes of a value can be the value.
///
/// # Errors
/// What is wrong with the project, its data or the SQL.
pub async fn query(project: &Project, sql: &str, personal: bool) -> Result<QueryAnswer> {
    Opened::look(project, async |opened| answer(&opened, project, sql, personal).await).await
}

async fn answer(opened: &Opened, project: &Project, sql: &str, personal: bool) -> Result<QueryAnswer> {
    let engine = &opened.engine;
    // Features are planned for the examples alone: what is wrong with them keeps nobody from looking at a table.
    let (plan, features, of_examples) = if project.has_examples() && mentions(sql, EXAMPLES) {
        let planned = Planned::new(project)?;
        let read = planned.read_by_features();
        (planned.tables, Some(planned.features), read)
    } else {
        (tables(project)?, None, Vec::new())
    };
    let names: Vec<String> = plan.order().iter().filter(|name| mentions(sql, name)).cloned().collect();
    let read: Vec<&str> = names.iter().chain(&of_examples).map(String::as_str).collect();
    let mut data = opened.data(project, plan, &read).await?;
    let mut relations = data.relations_of(&names)?;
    let mut hidden_labels = 0;
    if let Some(features) = features {
        let mut featured = Featured::make(engine, &mut data, features, all(project)?).await?;
        let ExampleRows { relation, hidden } = ExampleRows::of(project, &mut featured)?;
        relations.insert(EXAMPLES.into(), relation);
        if mentions(sql, LABEL) || has_star(sql) {
            hidden_labels = hidden;
        }
    }
    let mut withheld = BTreeSet::new();
    if !personal {
        for relation in relations.values_mut() {
            withheld.extend(relation.schema().columns.iter().filter(|column| column.personal).map(|c| c.name.clone()));
            *relation = relation.without_personal()?;
        }
    }
    for name in data.plan.order() {
        if !relations.contains_key(name) {
            relations.insert(name.clone(), Relation::empty(data.plan.schema(name)?.clone()));
        }
    }
    // Known by name, also to a query that misspells it.
    if project.has_examples() {
        let examples = TableSchema { columns: Vec::new(), timing: Timing::Static, key: Vec::new() };
        relations.entry(EXAMPLES.into()).or_insert_with(|| Relation::empty(examples));
    }
    let batches =
        ropeway_table::query(sql, &relations).await.map_err(|problem| says_withheld(problem, sql, &withheld))?;
    let left_out = if has_star(sql) { withheld } else { BTreeSet::new() };
    Ok(QueryAnswer { batches, hidden_labels, left_out })
}

/// A column that is not there may be one that is left out.
fn says_withheld(problem: Problem, sql: &str, withheld: &BTreeSet<String>) -> Problem {
    match withheld.iter().find(|name| problem.code() == "unknown-column" && mentions(sql, name)) {
        Some(name) => problem.remedy(format!("`{name}` is personal and left out: `--personal` lets a query read it")),
        None => problem,
    }
}

/// Whether `*` may stand for columns; that of `count(*)` does not.
fn has_star(sql: &str) -> bool {
    sql.replace("(*)", "").contains('*')
}

/// Whether the text of a query could read a relation: its rows are loaded then.
fn mentions(sql: &str, name: &str) -> bool {
    sql.to_lowercase().contains(&name.to_lowercase())
}
