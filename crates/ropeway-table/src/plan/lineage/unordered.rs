//! Functions whose value hangs on the order in which rows come: where no ORDER BY says it, that is whatever the steps before
//! left behind, and any column may have decided it; where one says it, rows of equal order come by their key.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{Expr, WindowFrameUnits, WindowFunctionDefinition};

/// Aggregates that the order of their rows changes.
const ORDERED: [&str; 5] = ["first_value", "last_value", "nth_value", "array_agg", "string_agg"];

/// Whether an expression has a function that takes its rows in whatever order they come.
pub(super) fn takes_rows_as_they_come(expr: &Expr) -> bool {
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
pub(super) fn breaks_ties(expr: &Expr) -> bool {
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
