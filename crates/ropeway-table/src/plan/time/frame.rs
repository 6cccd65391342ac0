//! Known-at through window functions (`OVER`): what a function's value depends on, and when all of that is known.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, IntervalUnit};
use datafusion::common::{Column, DFSchema, Result as DfResult, internal_err};
use datafusion::functions::core::expr_fn::greatest;
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::min_max::max_udaf;
use datafusion::logical_expr::expr::{Alias, NullTreatment, WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::{
    AggregateUDF, Cast, Expr, ExprSchemable, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition,
    lit, when,
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

/// On which sides of a row those stand that come later. An order by a column is one of time, ascending or descending, as
/// long as the column goes with time; of anything else nobody knows.
struct Later {
    behind: bool,
    before: bool,
    /// The type of the column, where it is one.
    column: Option<DataType>,
}

impl Later {
    fn of(params: &WindowFunctionParams, schema: &DFSchema) -> DfResult<Self> {
        // Within a partition that which parts is the same everywhere.
        let Some(first) = params.order_by.iter().find(|sort| !params.partition_by.contains(&sort.expr)) else {
            return Ok(Self { behind: true, before: true, column: None });
        };
        let mut bare = &first.expr;
        while let Expr::Cast(Cast { expr, .. }) | Expr::Alias(Alias { expr, .. }) = bare {
            bare = expr;
        }
        Ok(match bare {
            Expr::Column(_) => {
                Self { behind: first.asc, before: !first.asc, column: Some(first.expr.get_type(schema)?) }
            }
            _ => Self { behind: true, before: true, column: None },
        })
    }
}

/// What a frame waits for: that nothing more of it comes is known only with what ends it.
#[derive(Default)]
struct Ahead {
    /// Bounds between which so many rows have to be there: those that a frame counts off.
    rows: Vec<(u64, WindowFrameBound, WindowFrameBound)>,
    /// A span of time.
    span: Option<Expr>,
    /// Something of which no row says when it is complete: so many groups of peers, a distance between numbers.
    open: bool,
}

impl Ahead {
    fn of(frame: &WindowFrame, params: &WindowFunctionParams, schema: &DFSchema) -> DfResult<Self> {
        let later = Later::of(params, schema)?;
        let mut ahead = Self::default();
        if later.behind
            && let Some(far) = counted_off(&frame.start_bound, &frame.end_bound, following_of)
        {
            ahead.wait(far, frame.units, later.column.as_ref(), |rows| (following(Some(1)), following(Some(rows))));
        }
        if later.before
            && let Some(far) = counted_off(&frame.end_bound, &frame.start_bound, preceding_of)
        {
            ahead.wait(far, frame.units, later.column.as_ref(), |rows| (preceding(Some(rows)), preceding(Some(1))));
        }
        Ok(ahead)
    }

    fn wait(
        &mut self,
        far: &ScalarValue,
        units: WindowFrameUnits,
        order: Option<&DataType>,
        bounds: impl Fn(u64) -> (WindowFrameBound, WindowFrameBound),
    ) {
        match (units, far) {
            (_, ScalarValue::UInt64(Some(0))) => {}
            (WindowFrameUnits::Rows, ScalarValue::UInt64(Some(rows))) => {
                let (from, to) = bounds(*rows);
                self.rows.push((*rows, from, to));
            }
            (WindowFrameUnits::Range, far) => {
                self.span = order.and_then(|order| span(far, order));
                self.open |= self.span.is_none();
            }
            _ => self.open = true,
        }
    }
}

/// The far bound of a frame, on the side that `of` takes from a bound. One that has no end is known with the latest row, as
/// a group is; where it begins only after so many, those have to be there.
fn counted_off<'a>(
    near: &'a WindowFrameBound,
    far: &'a WindowFrameBound,
    of: impl Fn(&'a WindowFrameBound) -> Option<&'a ScalarValue>,
) -> Option<&'a ScalarValue> {
    of(far).filter(|far| !far.is_null()).or_else(|| of(near).filter(|near| !near.is_null()))
}

fn following_of(bound: &WindowFrameBound) -> Option<&ScalarValue> {
    if let WindowFrameBound::Following(value) = bound { Some(value) } else { None }
}

fn preceding_of(bound: &WindowFrameBound) -> Option<&ScalarValue> {
    if let WindowFrameBound::Preceding(value) = bound { Some(value) } else { None }
}

/// How long after the current row a distance in an order by time ends; nothing where the order is by something else. In an
/// order by day the last row of a day counts.
fn span(end: &ScalarValue, order: &DataType) -> Option<Expr> {
    let interval =
        |text: &str| ScalarValue::try_from_string(text.into(), &DataType::Interval(IntervalUnit::MonthDayNano));
    let span = lit(interval(&end.to_string()).ok()?);
    match order {
        DataType::Timestamp(..) => Some(span),
        DataType::Date32 | DataType::Date64 => Some(span + lit(interval("1 day").ok()?)),
        _ => None,
    }
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
    pub(super) fn read_by(&mut self, functions: &[Expr], schema: &DFSchema) -> DfResult<Vec<Expr>> {
        let mut windows: Vec<Expr> = Vec::new();
        for function in functions {
            let Expr::WindowFunction(function) = function.clone().unalias() else {
                return internal_err!("{function} is no window function");
            };
            let read = read(&function);
            let mut over = |aggregate: Arc<AggregateUDF>, arg: Expr, frame: &WindowFrame| {
                let expr = aggregate_over(aggregate, arg, frame, &function.params);
                let column = Expr::Column(Column::new_unqualified(expr.schema_name().to_string()));
                if !windows.contains(&expr) {
                    windows.push(expr);
                }
                column
            };
            // Of an empty frame it is missing.
            let latest = over(max_udaf(), self.own.clone(), &read);
            let unknown = when(self.own.clone().is_null(), lit(true)).end()?;
            let unknown = over(count_udaf(), unknown, &read);
            self.never_if(unknown.gt(lit(0_i64)));
            let ahead = match self.stated {
                true => Ahead::default(),
                false => Ahead::of(&read, &function.params, schema)?,
            };
            for (rows, from, to) in ahead.rows {
                let there =
                    over(count_udaf(), self.own.clone(), &WindowFrame::new_bounds(WindowFrameUnits::Rows, from, to));
                self.never_if(there.lt(lit(i64::try_from(rows).unwrap_or(i64::MAX))));
            }
            if ahead.open {
                self.never = lit(true);
            }
            // A row at the end of the span is known as long after its time as this one.
            let end = ahead.span.map(|span| self.own.clone() + span);
            self.latest.extend(std::iter::once(latest).chain(end));
        }
        Ok(windows)
    }

    fn never_if(&mut self, condition: Expr) {
        self.never = self.never.clone().or(condition);
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
