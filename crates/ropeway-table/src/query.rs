//! Queries that someone reads once, over relations as they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use ropeway_vocab::{Result, nearest};

use crate::Relation;
use crate::plan::collect;
use crate::sql::{Allow, Catalog, Text, read_query, single};

/// Answers one SELECT over relations. The hidden known-at is a column `__known_at` of timed ones. Row order is SQL's:
/// without ORDER BY it is not promised, and one query on the same relations gives the same order.
///
/// # Errors
/// SQL that is no SELECT, or that names what does not exist; the SQL fails on a value.
pub async fn query(sql: &str, relations: &BTreeMap<String, Relation>) -> Result<Vec<RecordBatch>> {
    let text = Text { file: "query", sql };
    let statement = read_query(text, Allow::Anything)?;
    let mut catalog = Catalog::default();
    for (name, relation) in relations {
        catalog.add(name, Arc::new(relation.schema().arrow()));
    }
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
    let plan = statement.plan(&catalog, text)?;
    let schema = Arc::new(plan.schema().as_arrow().clone());
    let batches = collect(single(), plan, relations, 1).await.map_err(|error| text.failure(&error, false))?;
    Ok(if batches.is_empty() { vec![RecordBatch::new_empty(schema)] } else { batches })
}
