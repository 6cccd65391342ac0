//! Queries that someone reads once, over relations as they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema};
use ropeway_vocab::{KNOWN_AT, Result, nearest};

use crate::Relation;
use crate::plan::{collect, failure};
use crate::sql::{Allow, Catalog, Text, read_query, single};

/// The name of the hidden known-at in queries that read no relation with a column of this name.
pub const SHOWN_KNOWN_AT: &str = "known_at";

/// Answers one SELECT over relations. The known-at of timed ones is their last column, `known_at`; where a relation that
/// the query reads has a column of that name itself, it is `__known_at`, which is understood in any query. Row order is
/// SQL's: without ORDER BY it is not promised, and one query on the same relations gives the same order.
///
/// # Errors
/// SQL that is no SELECT, that names what does not exist, or that calls a function which answers differently each time;
/// the SQL fails on a value.
pub async fn query(sql: &str, relations: &BTreeMap<String, Relation>) -> Result<Vec<RecordBatch>> {
    let text = Text { file: "query", sql };
    let mut statement = read_query(text, Allow::Hidden(KNOWN_AT))?;
    for (name, at) in &statement.relations {
        if !relations.contains_key(name) {
            let problem = text.problem("unknown-table", format!("table `{name}` is not known"), *at);
            let known = relations.keys().map(String::as_str);
            return Err(match nearest(name, known.clone()) {
                Some(near) => problem.remedy(format!("did you mean `{near}`?")),
                None => problem.remedy(format!("known tables: {}", known.collect::<Vec<_>>().join(", "))),
            });
        }
    }
    let has = |relation: &Relation| relation.schema().columns.iter().any(|column| column.name == SHOWN_KNOWN_AT);
    let mut hidden = KNOWN_AT;
    if !statement.relations.keys().filter_map(|name| relations.get(name)).any(has) {
        hidden = SHOWN_KNOWN_AT;
        statement = read_query(text, Allow::Hidden(hidden))?;
    }
    let mut catalog = Catalog::default();
    for (name, relation) in relations {
        catalog.add(name, Arc::new(named(&relation.schema().arrow(), hidden)));
    }
    let plan = statement.plan(&catalog, text)?;
    let schema = Arc::new(plan.schema().as_arrow().clone());
    let batches = collect(single(), plan.clone(), relations, 1).await;
    let batches = batches.map_err(|error| failure(text, &plan, &error, false))?;
    Ok(if batches.is_empty() { vec![RecordBatch::new_empty(schema)] } else { batches })
}

/// The schema of a relation with its hidden column under a name.
fn named(schema: &Schema, hidden: &str) -> Schema {
    let named = |field: &Arc<Field>| match field.name() == KNOWN_AT {
        true => Arc::new(field.as_ref().clone().with_name(hidden)),
        false => Arc::clone(field),
    };
    Schema::new(schema.fields().iter().map(named).collect::<Vec<_>>())
}
