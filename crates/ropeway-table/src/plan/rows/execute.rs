//! Executes the plan of one table.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch, TimestampMicrosecondArray};
use datafusion::catalog::MemTable;
use datafusion::common::{DataFusionError, Result as DfResult};
use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::collect_partitioned;
use ropeway_vocab::{KNOWN_AT, Kind, Problem, Result};

use crate::Relation;
use crate::plan::physical::{failure, over};
use crate::plan::time::{instants, subqueries, with_known_at};
use crate::plan::{TablePart, TablePlan};
use crate::sql::{RowExpr, single};

/// What becomes of a stated known-at that is earlier than that of the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    /// It is a problem.
    Refused,
    /// The inputs' time counts.
    Raised,
}

/// Rows a batch that DataFusion is given.
const BATCH_ROWS: usize = 32_768;

impl TablePlan {
    /// Makes the rows of a table from the relations that its SQL reads.
    ///
    /// # Errors
    /// An input is missing, the SQL fails on a value, or the table states an earlier known-at than its inputs have.
    pub async fn table(&self, name: &str, inputs: &BTreeMap<String, Relation>) -> Result<Relation> {
        let part = self.table_part(name)?;
        self.run(name, part.executable.clone(), inputs, Earlier::Refused).await
    }

    /// Makes the rows of a table from garbage: a time that it states earlier than its inputs have is theirs.
    pub(super) async fn table_of_garbage(&self, name: &str, inputs: &BTreeMap<String, Relation>) -> Result<Relation> {
        let part = self.table_part(name)?;
        self.run(name, part.executable.clone(), inputs, Earlier::Raised).await
    }

    /// Executes a variant of the table's plan.
    pub(super) async fn run(
        &self,
        name: &str,
        plan: LogicalPlan,
        inputs: &BTreeMap<String, Relation>,
        earlier: Earlier,
    ) -> Result<Relation> {
        let part = self.table_part(name)?;
        let schema = &self.relation(name)?.schema;
        let mut personal = false;
        for input in &self.relation(name)?.inputs {
            let Some(given) = inputs.get(input) else {
                return Err(Problem::internal(format!("table `{name}` was executed without its input `{input}`")));
            };
            personal |= given.schema().columns.iter().any(|column| column.personal);
        }
        let free = row_wise_nodes(&plan);
        let session = if free { self.session() } else { single() };
        let partitions = if free { self.partitions } else { 1 };
        let made = match collect(session, plan.clone(), inputs, partitions).await {
            // Which partition fails first is chance, and the problem should not be.
            Err(_) if partitions > 1 => collect(single(), plan, inputs, 1).await,
            made => made,
        };
        let batches = made.map_err(|error| failure(part.text(), &part.executable, &error, personal))?;
        match &part.stated {
            None => Relation::new(schema.clone(), &batches),
            Some(stated) => {
                let batches = later(name, part, stated, schema, batches, earlier)?;
                Relation::new(schema.clone(), &batches)
            }
        }
    }
}

/// Whether the plan's rows do not depend on how its input is split: no step adds up, ranks or cuts.
fn row_wise_nodes(plan: &LogicalPlan) -> bool {
    let fits = match plan {
        LogicalPlan::TableScan(_)
        | LogicalPlan::Projection(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Union(_)
        | LogicalPlan::Join(_)
        | LogicalPlan::EmptyRelation(_)
        | LogicalPlan::Values(_) => true,
        LogicalPlan::Sort(sort) => sort.fetch.is_none(),
        _ => false,
    };
    fits && plan.inputs().into_iter().all(row_wise_nodes) && subqueries(plan).iter().all(row_wise_nodes)
}

/// Executes a plan over relations.
pub(crate) async fn collect(
    session: &SessionState,
    plan: LogicalPlan,
    inputs: &BTreeMap<String, Relation>,
    partitions: usize,
) -> DfResult<Vec<RecordBatch>> {
    let plan = over(plan, &|scan| {
        let Some(relation) = inputs.get(scan.table_name.table()) else {
            return Err(DataFusionError::Internal(format!("no rows for `{}`", scan.table_name)));
        };
        let (schema, visible) = (scan.source.schema(), relation.schema().columns.len());
        let batch = relation.batch();
        let batch = if schema.column_with_name(KNOWN_AT).is_some() {
            batch.clone()
        } else if schema.fields().len() > visible {
            // A query knows the hidden column by another name.
            RecordBatch::try_new(schema, batch.columns().to_vec())?
        } else {
            batch.project(&(0..visible).collect::<Vec<_>>())?
        };
        Ok(Arc::new(MemTable::try_new(batch.schema(), slices(&batch, partitions))?))
    })?;
    let physical = session.create_physical_plan(&plan).await?;
    let parts = collect_partitioned(physical, session.task_ctx()).await?;
    Ok(parts.into_iter().flatten().collect())
}

/// A batch as partitions of smaller ones; nothing is copied.
fn slices(batch: &RecordBatch, partitions: usize) -> Vec<Vec<RecordBatch>> {
    let rows = batch.num_rows();
    let piece = rows.div_ceil(partitions.max(1)).max(1);
    (0..partitions.max(1))
        .map(|part| {
            let (start, end) = ((part * piece).min(rows), ((part + 1) * piece).min(rows));
            (start..end).step_by(BATCH_ROWS).map(|at| batch.slice(at, BATCH_ROWS.min(end - at))).collect()
        })
        .collect()
}

/// Applies a table's stated known-at, which is never earlier than what its inputs carry.
fn later(
    name: &str,
    part: &TablePart,
    stated: &RowExpr,
    schema: &ropeway_vocab::TableSchema,
    batches: Vec<RecordBatch>,
    on_earlier: Earlier,
) -> Result<Vec<RecordBatch>> {
    let (mut earlier, mut never, mut total) = (0_u64, 0_u64, 0_u64);
    let mut all = Vec::with_capacity(batches.len());
    for batch in batches {
        let mut said = instants(stated, schema, &batch)?;
        let carried = crate::relation::known_of(&batch);
        if part.carries {
            let Some(carried) = carried else {
                return Err(Problem::internal(format!("table `{name}` lost its known-at")));
            };
            let before =
                |row: usize| !said.is_null(row) && (carried.is_null(row) || said.value(row) < carried.value(row));
            earlier += (0..batch.num_rows()).filter(|row| before(*row)).count() as u64;
            never += (0..batch.num_rows()).filter(|row| before(*row) && carried.is_null(*row)).count() as u64;
            total += batch.num_rows() as u64;
            if on_earlier == Earlier::Raised {
                let times = (0..batch.num_rows()).map(|row| match before(row) {
                    true if carried.is_null(row) => None,
                    true => Some(carried.value(row)),
                    false => said.is_valid(row).then(|| said.value(row)),
                });
                said = times.collect::<TimestampMicrosecondArray>().with_timezone("UTC");
            }
        }
        all.push(with_known_at(schema, &batch, said)?);
    }
    if earlier > 0 && on_earlier == Earlier::Refused {
        let mut what =
            format!("table `{name}` states an earlier known-at than its inputs have, in {earlier} of {total} rows");
        let mut remedy = "take `known_at` out, so that the inputs' time counts, or state a later one".to_string();
        if never > 0 {
            what.push_str(&format!("; {never} of these are made of rows that are known at no time"));
            remedy.push_str(
                "; no later one helps rows that are never known: leave them out in the SQL, or where they lack a partner let the \
                 table in which they do state a known_at",
            );
        }
        return Err(Problem::new(Kind::Refused, "known-at-earlier", what)
            .path(vec![
                format!("known_at = \"{}\" of table `{name}`", stated.sql()),
                format!("known-at carried by {}", part.file),
            ])
            .remedy(remedy));
    }
    Ok(all)
}
