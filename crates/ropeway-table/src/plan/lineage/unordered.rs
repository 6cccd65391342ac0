//! Functions whose value hangs on the order in which rows come: where no ORDER BY says it, that is whatever the steps before
//! left behind, and any column may have decided it; where one says it, rows of equal order come by their key.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{Expr, WindowFrameUnits, WindowFunctionDefinition};

use super::Walk;
use super::dep::{Deps, add};
use super::flow::Flow;

impl Walk<'_> {
    /// What orders the rows of a function beside its own ORDER BY.
    pub(super) fn of_order(&self, expr: &Expr, flow: &Flow) -> Deps {
        let mut deps = if takes_rows_as_they_come(expr) { flow.columns() } else { Deps::new() };
        if breaks_ties(expr) {
            add(&mut deps, &self.of_keys(flow));
        }
        deps
    }

    /// What the declared keys of the rows depend on: rows of equal order come by their key.
    fn of_keys(&self, flow: &Flow) -> Deps {
        let mut deps = Deps::new();
        for (source, column) in flow.paired.identity.values().flatten() {
            let cells = self.known.lineage(source).paired.columns;
            let of_column =
                cells.into_iter().find_map(|cell| cell.deps.get(&(source.clone(), column.clone())).cloned());
            deps.extend(of_column.map(|dep| ((source.clone(), column.clone()), dep)));
        }
        deps
    }
}

/// Aggregates that the order of their rows changes.
const ORDERED: [&str; 5] = ["first_value", "last_value", "nth_value", "array_agg", "string_agg"];

/// Whether an expression has a function that takes its rows in whatever order they come.
fn takes_rows_as_they_come(expr: &Expr) -> bool {
    let mut found = false;
    let _ = expr.apply(|node| {
        found |= match node {
            Expr::AggregateFunction(call) => call.params.order_by.is_empty() && ORDERED.contains(&call.func.name()),
            Expr::WindowFunction(call) => {
                let frame = &call.params.window_frame;
                let whole = frame.start_bound.is_unbounded() && frame.end_bound.is_unbounded();
                let any_order = matches!(&call.fun, WindowFunctionDefinition::AggregateUDF(function)
                    if whole && !ORDERED.contains(&function.name()));
                call.params.order_by.is_empty() && !any_order
            }
            _ => false,
        };
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

/// Whether an expression has a function that tells rows of equal order apart.
fn breaks_ties(expr: &Expr) -> bool {
    let mut found = false;
    let _ = expr.apply(|node| {
        found |= match node {
            Expr::AggregateFunction(call) => ORDERED.contains(&call.func.name()),
            Expr::WindowFunction(call) => tells_peers_apart(call),
            _ => false,
        };
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

fn tells_peers_apart(call: &WindowFunction) -> bool {
    match call.fun.name() {
        "rank" | "dense_rank" | "percent_rank" | "cume_dist" => false,
        "row_number" | "ntile" | "lag" | "lead" => true,
        name => ORDERED.contains(&name) || call.params.window_frame.units == WindowFrameUnits::Rows,
    }
}
