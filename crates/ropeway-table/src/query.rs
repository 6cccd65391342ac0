//! Queries that someone reads once, over relations as they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema};
use ropeway_vocab::{KNOWN_AT, Problem, Result, nearest};

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
    let schema = Arc::new(as_written(plan.schema().as_arrow(), statement.headers()));
    let batches = collect(single(), plan.clone(), relations, 1).await;
    let batches = batches.map_err(|error| failure(text, &plan, &error, false))?;
    if batches.is_empty() {
        return Ok(vec![RecordBatch::new_empty(schema)]);
    }
    let renamed = |batch: RecordBatch| {
        let fields = batch.schema_ref().fields().iter().zip(schema.fields());
        let fields: Vec<Field> = fields.map(|(field, named)| field.as_ref().clone().with_name(named.name())).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), batch.columns().to_vec())
    };
    let batches = batches.into_iter().map(renamed).collect::<std::result::Result<_, _>>();
    batches.map_err(|error| Problem::internal(format!("naming the columns of a query: {error}")))
}

/// A schema with the names that the query's own text gives what it names by no other: the engine's show its types and relations.
fn as_written(schema: &Schema, headers: Vec<Option<String>>) -> Schema {
    let mut fields: Vec<Field> = schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    if headers.len() == fields.len() {
        for (at, header) in headers.into_iter().enumerate() {
            let taken = |header: &String| fields.iter().any(|field| field.name() == header);
            if let Some(header) = header.filter(|header| !taken(header)) {
                fields[at].set_name(header);
            }
        }
    }
    Schema::new(fields)
}

/// The schema of a relation with its hidden column under a name.
fn named(schema: &Schema, hidden: &str) -> Schema {
    let named = |field: &Arc<Field>| match field.name() == KNOWN_AT {
        true => Arc::new(field.as_ref().clone().with_name(hidden)),
        false => Arc::clone(field),
    };
    Schema::new(schema.fields().iter().map(named).collect::<Vec<_>>())
}
