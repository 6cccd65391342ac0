//! Known-at through window functions (`OVER`): what a function's value depends on, and when all of that is known.

use std::sync::Arc;

use datafusion::common::{Column, Result as DfResult, internal_err};
use datafusion::functions::core::expr_fn::greatest;
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::min_max::max_udaf;
use datafusion::logical_expr::expr::{NullTreatment, WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::{
    AggregateUDF, Expr, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition, lit, when,
};
use datafusion::scalar::ScalarValue;

use super::carry::missing;

/// The rows that the value of a window function depends on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reach {
    frame: WindowFrame,
    /// So many rows behind the current one have to be there: that fewer come is known only when none can come any more.
    ahead: u64,
    /// So many rows before it, where the order is a descending one: that order is the other way round.
    before: u64,
}

/// What a window function reads: a frame of its own, or that which its name implies.
pub(super) fn reach(function: &WindowFunction) -> Reach {
    let WindowFunctionParams { args, order_by, window_frame, null_treatment, .. } = &function.params;
    let ignoring = *null_treatment == Some(NullTreatment::IgnoreNulls);
    let backwards = order_by.first().is_some_and(|sort| !sort.asc);
    let rows = |from, to, ahead| {
        let frame = WindowFrame::new_bounds(WindowFrameUnits::Rows, from, to);
        Reach { before: if backwards { before(&frame) } else { 0 }, frame, ahead }
    };
    let whole = || rows(unbounded_preceding(), unbounded_following(), 0);
    match function.fun.name() {
        // Peers may come in any order, so that they all count.
        "row_number" | "rank" | "dense_rank" if !order_by.is_empty() => {
            let (from, to) = (unbounded_preceding(), WindowFrameBound::CurrentRow);
            Reach { frame: WindowFrame::new_bounds(WindowFrameUnits::Range, from, to), ahead: 0, before: 0 }
        }
        "row_number" | "rank" | "dense_rank" | "percent_rank" | "cume_dist" | "ntile" => whole(),
        name @ ("lag" | "lead") => {
            let Some(offset) = offset(args) else { return whole() };
            let behind = if name == "lead" { offset } else { -offset };
            match (u64::try_from(behind), ignoring) {
                (Ok(_), true) => rows(WindowFrameBound::CurrentRow, unbounded_following(), 0),
                (Ok(ahead), false) => rows(WindowFrameBound::CurrentRow, following(ahead), ahead),
                (Err(_), true) => rows(unbounded_preceding(), WindowFrameBound::CurrentRow, 0),
                (Err(_), false) => rows(preceding(behind.unsigned_abs()), WindowFrameBound::CurrentRow, 0),
            }
        }
        _ => {
            let before = if backwards { before(window_frame) } else { 0 };
            Reach { frame: window_frame.clone(), ahead: ahead(window_frame), before }
        }
    }
}

/// The offset of `lag` and `lead`: 1 where none is given, nothing where it is no number.
fn offset(args: &[Expr]) -> Option<i64> {
    match args.get(1) {
        None => Some(1),
        Some(Expr::Literal(ScalarValue::Int64(Some(offset)), _)) => Some(*offset),
        Some(Expr::Literal(ScalarValue::UInt64(Some(offset)), _)) => i64::try_from(*offset).ok(),
        Some(Expr::Negative(inner)) => offset(&[lit(0), inner.as_ref().clone()]).map(|offset| -offset),
        Some(_) => None,
    }
}

/// The rows behind the current one that a frame counts off.
fn ahead(frame: &WindowFrame) -> u64 {
    match (frame.units, &frame.end_bound) {
        (WindowFrameUnits::Rows, WindowFrameBound::Following(ScalarValue::UInt64(Some(rows)))) => *rows,
        _ => 0,
    }
}

/// The rows before the current one that a frame counts off.
fn before(frame: &WindowFrame) -> u64 {
    match (frame.units, &frame.start_bound) {
        (WindowFrameUnits::Rows, WindowFrameBound::Preceding(ScalarValue::UInt64(Some(rows)))) => *rows,
        _ => 0,
    }
}

fn unbounded_preceding() -> WindowFrameBound {
    WindowFrameBound::Preceding(ScalarValue::UInt64(None))
}

fn unbounded_following() -> WindowFrameBound {
    WindowFrameBound::Following(ScalarValue::UInt64(None))
}

fn preceding(rows: u64) -> WindowFrameBound {
    WindowFrameBound::Preceding(ScalarValue::UInt64(Some(rows)))
}

fn following(rows: u64) -> WindowFrameBound {
    WindowFrameBound::Following(ScalarValue::UInt64(Some(rows)))
}

/// When rows with window functions are known: with the latest row that one of them reads, and never while one of those is
/// never known or, unless the table states a time, while one is still to come.
pub(super) struct Known {
    /// The time of the rows beneath all the functions.
    own: Expr,
    /// Whether the table states a time by which what is still to come must have come.
    stated: bool,
    latest: Vec<Expr>,
    never: Expr,
}

impl Known {
    pub(super) fn new(hidden: &Column, stated: bool) -> Self {
        let own = Expr::Column(hidden.clone());
        Self { stated, latest: vec![own.clone()], never: own.clone().is_null(), own }
    }

    /// Takes functions into account. What comes back is to be computed beside them.
    pub(super) fn read_by(&mut self, functions: &[Expr]) -> DfResult<Vec<Expr>> {
        let (mut windows, mut done) = (Vec::new(), Vec::new());
        for function in functions {
            let Expr::WindowFunction(function) = function.clone().unalias() else {
                return internal_err!("{function} is no window function");
            };
            let reach = reach(&function);
            if done.contains(&reach) {
                continue;
            }
            let mut over = |aggregate: Arc<AggregateUDF>, arg: Expr, frame: &WindowFrame| {
                let expr = aggregate_over(aggregate, arg, frame, &function.params);
                let column = Expr::Column(Column::new_unqualified(expr.schema_name().to_string()));
                windows.push(expr);
                column
            };
            // Of an empty frame it is missing.
            self.latest.push(over(max_udaf(), self.own.clone(), &reach.frame));
            let unknown = when(self.own.clone().is_null(), lit(true)).end()?;
            let unknown = over(count_udaf(), unknown, &reach.frame);
            self.never = self.never.clone().or(unknown.gt(lit(0_i64)));
            let still_to_come = [
                (reach.ahead, following(1), following(reach.ahead)),
                (reach.before, preceding(reach.before), preceding(1)),
            ];
            for (rows, from, to) in still_to_come.into_iter().filter(|(rows, ..)| *rows > 0 && !self.stated) {
                let frame = WindowFrame::new_bounds(WindowFrameUnits::Rows, from, to);
                let there = over(count_udaf(), self.own.clone(), &frame);
                self.never = self.never.clone().or(there.lt(lit(i64::try_from(rows).unwrap_or(i64::MAX))));
            }
            done.push(reach);
        }
        Ok(windows)
    }

    /// The time, in terms of what was to be computed.
    pub(super) fn time(self) -> DfResult<Expr> {
        when(self.never, missing()).otherwise(greatest(self.latest))
    }
}

/// An aggregate over the same partitions in the same order, and another frame.
fn aggregate_over(aggregate: Arc<AggregateUDF>, arg: Expr, frame: &WindowFrame, params: &WindowFunctionParams) -> Expr {
    let params = WindowFunctionParams {
        args: vec![arg],
        partition_by: params.partition_by.clone(),
        order_by: params.order_by.clone(),
        window_frame: frame.clone(),
        filter: None,
        null_treatment: None,
        distinct: false,
    };
    Expr::from(WindowFunction { fun: WindowFunctionDefinition::AggregateUDF(aggregate), params })
}
