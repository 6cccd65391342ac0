//! `ropeway table`, `ropeway examples` and `ropeway profile`: the rows of one relation as the project defines it by now, and
//! what its columns look like.

use arrow::array::RecordBatch;
use ropeway_project::Project;
use ropeway_table::{ColumnProfile, SHOWN_KNOWN_AT, profile};
use ropeway_vocab::{KNOWN_AT, Result};
use serde::Serialize;

use crate::batch::batch_of;
use crate::data::Data;
use crate::example_rows::{EXAMPLES, ExampleRows};
use crate::features::{Featured, all};
use crate::opened::Opened;
use crate::planned::{Planned, tables};

/// The rows of a relation.
#[derive(Debug)]
pub struct TableRows {
    /// Its name.
    pub name: String,
    /// Its rows in canonical order. The time at which each became known is the last column, `known_at`, or `__known_at`
    /// where the relation has a column of that name itself.
    pub batch: RecordBatch,
    /// Its columns that are personal: not to be printed.
    pub personal: Vec<String>,
    /// How many labels of the holdout are missing from it.
    pub hidden_labels: u64,
}

/// What the columns of a relation look like.
#[derive(Debug, Clone, Serialize)]
pub struct RelationProfile {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// Its columns in order.
    pub columns: Vec<ColumnProfile>,
}

/// The rows of a source or table, or of `examples`.
///
/// # Errors
/// There is none of that name, or what it stands on cannot be made.
pub async fn table(project: &Project, name: &str) -> Result<TableRows> {
    let (relation, hidden) = find(project, name, |found| match found {
        Found::Table(mut data) => Ok((data.relation(name)?, 0)),
        Found::Examples(ExampleRows { relation, hidden }) => Ok((relation, hidden)),
    })
    .await?;
    let has = |name: &str| relation.schema().columns.iter().any(|column| column.name == name);
    let known_at = if has(SHOWN_KNOWN_AT) { KNOWN_AT } else { SHOWN_KNOWN_AT };
    let batch = relation.batch();
    let schema = batch.schema();
    let named = schema.fields().iter().zip(batch.columns()).map(|(field, column)| {
        let name = if field.name() == KNOWN_AT { known_at } else { field.name() };
        (name.to_owned(), column.clone())
    });
    let batch = batch_of(relation.rows(), named.collect())?;
    let columns = &relation.schema().columns;
    let personal = columns.iter().filter(|column| column.personal).map(|column| column.name.clone()).collect();
    Ok(TableRows { name: name.to_owned(), batch, personal, hidden_labels: hidden })
}

/// The profile of a source or table, or of `examples`.
///
/// # Errors
/// As [`table`].
pub async fn relation_profile(project: &Project, name: &str) -> Result<RelationProfile> {
    let (rows, columns) = find(project, name, |found| match found {
        Found::Table(mut data) => Ok((data.record(name)?.rows, data.profile(name)?)),
        Found::Examples(ExampleRows { relation, .. }) => Ok((relation.rows() as u64, profile(&relation))),
    })
    .await?;
    Ok(RelationProfile { table: name.to_owned(), rows, columns })
}

/// What a name stands for.
enum Found {
    /// A source or table, made.
    Table(Box<Data>),
    Examples(ExampleRows),
}

/// What `look` says of what a name stands for, with the record open.
async fn find<T>(project: &Project, name: &str, look: impl FnOnce(Found) -> Result<T>) -> Result<T> {
    Opened::look(project, async |opened| look(found(&opened, project, name).await?)).await
}

/// Features are planned for the examples alone: what is wrong with them keeps nobody from looking at a table.
async fn found(opened: &Opened, project: &Project, name: &str) -> Result<Found> {
    if name != EXAMPLES {
        return opened.data(project, tables(project)?, &[name]).await.map(|data| Found::Table(Box::new(data)));
    }
    let planned = Planned::new(project)?;
    let read = planned.read_by_features();
    let names: Vec<&str> = read.iter().map(String::as_str).collect();
    let mut data = opened.data(project, planned.tables, &names).await?;
    let mut featured = Featured::make(&opened.engine, &mut data, planned.features, all(project)?).await?;
    ExampleRows::of(project, &mut featured).map(Found::Examples)
}
