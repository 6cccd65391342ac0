//! Whether a plan carries known-at, and if not, why.

mod carry;
mod frame;
mod open;
mod source;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Distinct, Expr, JoinType, LogicalPlan};
use ropeway_vocab::Timing;

pub(super) use carry::{Carrier, finish};
pub use open::OpenTime;
pub use source::RowTimes;
pub(super) use source::{SourceTime, instant, instants, source_time, with_known_at};

/// The SQL through which the time of rows is carried.
pub const CARRYING: &str = "projections, filters, joins, UNION, DISTINCT, aggregates and OVER";

/// The timing of each relation that a scan can name.
pub(crate) type TimingOf<'a> = dyn Fn(&str) -> Timing + 'a;

/// The timing of a plan's rows.
pub(crate) fn timing(plan: &LogicalPlan, of: &TimingOf<'_>) -> Timing {
    let inputs: Vec<Timing> = plan.inputs().into_iter().map(|input| timing(input, of)).collect();
    let subqueries: Vec<Timing> = subqueries(plan).iter().map(|plan| timing(plan, of)).collect();
    if let Some(untimed) = inputs.iter().find(|timing| matches!(timing, Timing::Untimed(_))) {
        return untimed.clone();
    }
    if subqueries.iter().any(|timing| *timing != Timing::Static) {
        return Timing::Untimed("a subquery over a table whose rows become known over time".to_string());
    }
    let all_static = inputs.iter().all(|timing| *timing == Timing::Static);
    match plan {
        LogicalPlan::TableScan(scan) => match of(scan.table_name.table()) {
            Timing::Untimed(reason) => Timing::Untimed(format!("`{}`: {reason}", scan.table_name.table())),
            known => known,
        },
        _ if all_static => Timing::Static,
        LogicalPlan::Projection(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::Aggregate(_)
        | LogicalPlan::Distinct(Distinct::All(_))
        | LogicalPlan::Window(_) => Timing::Timed,
        LogicalPlan::Sort(sort) if sort.fetch.is_none() => Timing::Timed,
        LogicalPlan::Union(_) => {
            if inputs.contains(&Timing::Static) {
                Timing::Untimed("UNION ALL of a static table and one whose rows become known over time".to_string())
            } else {
                Timing::Timed
            }
        }
        LogicalPlan::Join(join) => {
            let timed_decides = match join.join_type {
                JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => inputs[1] != Timing::Static,
                JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => inputs[0] != Timing::Static,
                _ => false,
            };
            if timed_decides {
                Timing::Untimed(format!("{} JOIN with a table whose rows become known over time", join.join_type))
            } else {
                Timing::Timed
            }
        }
        other => Timing::Untimed(reason(other)),
    }
}

/// What stands in the way, in SQL's words.
fn reason(plan: &LogicalPlan) -> String {
    match node_word(plan) {
        Some((what, _)) => format!("known-at cannot be carried through {what}"),
        None => format!("known-at cannot be carried through this step: {}", plan.display()),
    }
}

/// The name of a node that looks at many rows, and the words of SQL that make it.
pub(crate) fn node_word(plan: &LogicalPlan) -> Option<(&'static str, &'static [&'static str])> {
    Some(match plan {
        LogicalPlan::Distinct(_) => ("DISTINCT", &["distinct", "union", "intersect", "except"]),
        LogicalPlan::Window(_) => ("a window function (OVER)", &["over"]),
        LogicalPlan::Limit(_) => ("LIMIT", &["limit", "offset", "fetch"]),
        LogicalPlan::Sort(_) => ("ORDER BY with LIMIT", &["limit", "order"]),
        LogicalPlan::Aggregate(_) => ("an aggregate", &["group", "having"]),
        LogicalPlan::Join(_) => ("a join", &["join"]),
        LogicalPlan::Unnest(_) => ("UNNEST", &["unnest"]),
        LogicalPlan::RecursiveQuery(_) => ("a recursive query", &["recursive"]),
        LogicalPlan::Union(_) => ("UNION", &["union"]),
        _ => return None,
    })
}

/// The plans of the subqueries that stand in a node's expressions.
pub(crate) fn subqueries(plan: &LogicalPlan) -> Vec<LogicalPlan> {
    plan.expressions().iter().flat_map(expr_subqueries).collect()
}

/// The plans of the subqueries that stand in an expression.
pub(crate) fn expr_subqueries(expr: &Expr) -> Vec<LogicalPlan> {
    let mut found = Vec::new();
    let _ = expr.apply(|node| {
        let subquery = match node {
            Expr::Exists(exists) => Some(&exists.subquery),
            Expr::InSubquery(within) => Some(&within.subquery),
            Expr::ScalarSubquery(subquery) => Some(subquery),
            Expr::SetComparison(comparison) => Some(&comparison.subquery),
            _ => None,
        };
        found.extend(subquery.map(|subquery| subquery.subquery.as_ref().clone()));
        Ok(TreeNodeRecursion::Continue)
    });
    found
}
