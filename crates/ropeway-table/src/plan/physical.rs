//! Whether the engine can execute a plan at all, which is asked before there are rows; and what stands in its way.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DataFusionError, Result as DfResult};
use datafusion::datasource::empty::EmptyTable;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlan, Subquery, TableScan, TableScanBuilder};
use futures::executor::block_on;
use ropeway_vocab::{Place, Problem, Result};
use tokio::task::unconstrained;

use crate::sql::{Text, single};

const REWRITE: &str = "write it as a join: WITH found AS (SELECT .. GROUP BY ..) SELECT .. LEFT JOIN found ON ..; where \
                       it looks back in time, declare a [window]; EXISTS and IN can stand in WHERE";

/// A table's plan, if the engine can execute it: it is brought to its last form over relations without rows.
///
/// # Errors
/// It cannot be made or executed: the problem says what stands in the way, and where.
pub(super) fn executable(text: Text<'_>, plan: DfResult<LogicalPlan>) -> Result<LogicalPlan> {
    let plan = plan.map_err(|error| text.complaint(&error))?;
    // The engine plans in async functions, and only computes there; this is called with and without a runtime around it. What
    // a task of Tokio may do before it lets others run is not asked of it: here nothing would ever give it more.
    let planned = |plan: LogicalPlan| block_on(unconstrained(single().create_physical_plan(&plan)));
    let made = over(plan.clone(), &without_rows).and_then(planned);
    match made {
        Ok(_) => Ok(plan),
        Err(error) => Err(cannot(text, &plan, &error)),
    }
}

fn without_rows(scan: &TableScan) -> DfResult<Arc<dyn TableProvider>> {
    Ok(Arc::new(EmptyTable::new(scan.source.schema())))
}

/// What went wrong while a plan was executed, be it the plan or a value.
pub(crate) fn failure(text: Text<'_>, plan: &LogicalPlan, error: &DataFusionError, personal: bool) -> Problem {
    if of_the_plan(error) { cannot(text, plan, error) } else { text.failure(error, personal) }
}

/// The plan with a provider of rows in place of each relation.
pub(super) fn over(
    plan: LogicalPlan,
    provider: &dyn Fn(&TableScan) -> DfResult<Arc<dyn TableProvider>>,
) -> DfResult<LogicalPlan> {
    let plan = plan.transform_up_with_subqueries(|node| {
        let LogicalPlan::TableScan(scan) = &node else {
            return Ok(Transformed::no(node));
        };
        let source = provider_as_source(provider(scan)?);
        let scan = TableScanBuilder::new(scan.table_name.clone(), source).build()?;
        Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
    })?;
    Ok(plan.data)
}

/// Whether a failure is of the plan: no rows would help.
fn of_the_plan(error: &DataFusionError) -> bool {
    use DataFusionError::{NotImplemented, Plan, SQL, SchemaError};
    matches!(error.find_root(), NotImplemented(_) | Plan(_) | SchemaError(..) | SQL(..))
}

/// The problem of a plan that cannot be executed.
fn cannot(text: Text<'_>, plan: &LogicalPlan, error: &DataFusionError) -> Problem {
    let optimized = over(plan.clone(), &without_rows).and_then(|plan| single().optimize(&plan));
    // What a join could be made of is one by now.
    let left = optimized.as_ref().map(stuck).unwrap_or_default().into_iter().next();
    let stuck = left.or_else(|| {
        let mut all = if of_the_plan(error) { stuck(plan) } else { Vec::new() };
        all.retain(|stuck| optimized.is_err() || !stuck.joins);
        all.sort_by_key(|stuck| stuck.joins);
        all.into_iter().next()
    });
    match stuck {
        Some(stuck) => Problem::invalid("sql-unsupported", format!("the engine cannot execute {}", stuck.what))
            .remedy(if stuck.words.is_empty() && stuck.outer.is_empty() { "write the number itself" } else { REWRITE })
            .at(stuck.place(text)),
        None => text.unsupported(error),
    }
}

/// A subquery that is still one.
struct Stuck {
    what: String,
    /// The words of SQL before it; none before one that is a value.
    words: &'static [&'static str],
    /// The columns that it reads of the SELECT around it.
    outer: Vec<Column>,
    /// Whether it stands where subqueries become joins.
    joins: bool,
}

impl Stuck {
    fn place(&self, text: Text<'_>) -> Place {
        let names: Vec<&str> = self.outer.iter().map(|column| column.name.as_str()).collect();
        text.subquery(self.words, &names)
    }
}

/// The subqueries of a plan that no rule has made a join of, and that are no single value.
fn stuck(plan: &LogicalPlan) -> Vec<Stuck> {
    let mut found = Vec::new();
    let _ = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::Subquery(subquery) = node {
            found.extend(one(subquery, ("LATERAL", &["lateral"]), ("FROM", false)));
        }
        let place = clause(node);
        for expr in node.expressions() {
            let _ = expr.apply(|expr| {
                found.extend(match expr {
                    Expr::Exists(exists) => one(&exists.subquery, ("EXISTS", &["exists", "any", "all", "some"]), place),
                    Expr::InSubquery(within) => one(&within.subquery, ("IN", &["in"]), place),
                    Expr::SetComparison(with) => one(&with.subquery, ("ANY or ALL", &["any", "all", "some"]), place),
                    Expr::ScalarSubquery(subquery) => one(subquery, ("", &[]), place),
                    _ => None,
                });
                Ok(TreeNodeRecursion::Continue)
            });
        }
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

fn one(
    subquery: &Subquery,
    (kind, words): (&str, &'static [&'static str]),
    (clause, joins): (&str, bool),
) -> Option<Stuck> {
    let read = |expr: &Expr| match expr {
        Expr::OuterReferenceColumn(_, column) | Expr::Column(column) => Some(column.clone()),
        _ => None,
    };
    let outer: Vec<Column> = subquery.outer_ref_columns.iter().filter_map(read).collect();
    if outer.is_empty() && kind.is_empty() && clause != "LIMIT" {
        return None;
    }
    let correlated = if outer.is_empty() { "" } else { "correlated " };
    let kind = if kind.is_empty() { String::new() } else { format!(" ({kind})") };
    let mut what = format!("a {correlated}subquery{kind} in {clause}");
    if !outer.is_empty() {
        let names: Vec<String> = outer.iter().map(|column| format!("`{}`", column.flat_name())).collect();
        what.push_str(&format!(", which reads {} of the SELECT around it", names.join(" and ")));
    }
    Some(Stuck { what, words, outer, joins })
}

/// The clause that a node is made of, and whether subqueries in it can become joins.
fn clause(node: &LogicalPlan) -> (&'static str, bool) {
    match node {
        LogicalPlan::Filter(_) => ("WHERE", true),
        LogicalPlan::Projection(_) => ("the columns of a SELECT", false),
        LogicalPlan::Aggregate(_) => ("GROUP BY or an aggregate", false),
        LogicalPlan::Window(_) => ("OVER", false),
        LogicalPlan::Sort(_) => ("ORDER BY", false),
        LogicalPlan::Join(_) => ("the ON of a join", false),
        LogicalPlan::Limit(_) => ("LIMIT", false),
        _ => ("this place", false),
    }
}
