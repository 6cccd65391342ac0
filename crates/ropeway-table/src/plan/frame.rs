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

/// The rows that a window function reads: a frame of its own, or that which its name implies.
fn read(function: &WindowFunction) -> WindowFrame {
    let WindowFunctionParams { args, order_by, window_frame, null_treatment, .. } = &function.params;
    let ignoring = *null_treatment == Some(NullTreatment::IgnoreNulls);
    let current = WindowFrameBound::CurrentRow;
    let rows = |from, to| WindowFrame::new_bounds(WindowFrameUnits::Rows, from, to);
    let whole = || rows(preceding(None), following(None));
    match function.fun.name() {
        // Peers may come in any order, so that they all count.
        "row_number" | "rank" | "dense_rank" if !order_by.is_empty() => {
            WindowFrame::new_bounds(WindowFrameUnits::Range, preceding(None), current)
        }
        "row_number" | "rank" | "dense_rank" | "percent_rank" | "cume_dist" | "ntile" => whole(),
        name @ ("lag" | "lead") => {
            let Some(offset) = offset(args) else { return whole() };
            let behind = if name == "lead" { offset } else { -offset };
            // Nulls that are passed over do not count.
            let reach = Some(behind.unsigned_abs()).filter(|_| !ignoring);
            if behind >= 0 { rows(current, following(reach)) } else { rows(preceding(reach), current) }
        }
        _ => window_frame.clone(),
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

/// Bounds between which so many rows have to be there: that fewer come is known only when none can come any more. Those
/// behind the current row that a frame counts off, and those before it where the order is the other way round.
fn counted_off(frame: &WindowFrame, backwards: bool) -> Vec<(u64, WindowFrameBound, WindowFrameBound)> {
    let mut all = Vec::new();
    if frame.units != WindowFrameUnits::Rows {
        return all;
    }
    if let WindowFrameBound::Following(ScalarValue::UInt64(Some(rows @ 1..))) = frame.end_bound {
        all.push((rows, following(Some(1)), following(Some(rows))));
    }
    if let WindowFrameBound::Preceding(ScalarValue::UInt64(Some(rows @ 1..))) = frame.start_bound
        && backwards
    {
        all.push((rows, preceding(Some(rows)), preceding(Some(1))));
    }
    all
}

/// So many rows before the current one; all of them where no number is given.
fn preceding(rows: Option<u64>) -> WindowFrameBound {
    WindowFrameBound::Preceding(ScalarValue::UInt64(rows))
}

/// So many rows behind the current one; all of them where no number is given.
fn following(rows: Option<u64>) -> WindowFrameBound {
    WindowFrameBound::Following(ScalarValue::UInt64(rows))
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
            let read = read(&function);
            if done.contains(&read) {
                continue;
            }
            let mut over = |aggregate: Arc<AggregateUDF>, arg: Expr, frame: &WindowFrame| {
                let expr = aggregate_over(aggregate, arg, frame, &function.params);
                let column = Expr::Column(Column::new_unqualified(expr.schema_name().to_string()));
                windows.push(expr);
                column
            };
            // Of an empty frame it is missing.
            self.latest.push(over(max_udaf(), self.own.clone(), &read));
            let unknown = when(self.own.clone().is_null(), lit(true)).end()?;
            let unknown = over(count_udaf(), unknown, &read);
            self.never = self.never.clone().or(unknown.gt(lit(0_i64)));
            let backwards = function.params.order_by.first().is_some_and(|sort| !sort.asc);
            let still_to_come = if self.stated { Vec::new() } else { counted_off(&read, backwards) };
            for (rows, from, to) in still_to_come {
                let there =
                    over(count_udaf(), self.own.clone(), &WindowFrame::new_bounds(WindowFrameUnits::Rows, from, to));
                self.never = self.never.clone().or(there.lt(lit(i64::try_from(rows).unwrap_or(i64::MAX))));
            }
            done.push(read);
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
