//! `number * INTERVAL` with exact microseconds. DataFusion 55 parses it and then fails to find a common
//! type, so the planner hands the product to a function of our own.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, IntervalMonthDayNanoArray};
use arrow::datatypes::{
    DataType, Float64Type, Int64Type, IntervalMonthDayNano, IntervalMonthDayNanoType, IntervalUnit,
};
use datafusion::common::{DFSchema, Result, exec_datafusion_err};
use datafusion::logical_expr::interval_arithmetic::Interval;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{
    Cast, ColumnarValue, Expr, ExprSchemable, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::sql::sqlparser::ast::BinaryOperator;
use ropeway_vocab::ColumnType;

const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);
const DAY: i128 = 86_400_000_000_000;

/// Plans `number * interval`, `interval * number`, and a date that an interval is added to.
#[derive(Debug)]
pub(crate) struct IntervalPlanner;

impl ExprPlanner for IntervalPlanner {
    fn plan_binary_op(&self, raw: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        if matches!(raw.op, BinaryOperator::Plus | BinaryOperator::Minus) {
            return Ok(PlannerResult::Original(with_time_of_day(raw, schema)));
        }
        if raw.op != BinaryOperator::Multiply {
            return Ok(PlannerResult::Original(raw));
        }
        let (Ok(left), Ok(right)) = (raw.left.get_type(schema), raw.right.get_type(schema)) else {
            return Ok(PlannerResult::Original(raw));
        };
        let number = |ty: &DataType| ty.is_numeric() || *ty == DataType::Null;
        let interval = |ty: &DataType| matches!(ty, DataType::Interval(_));
        let (count, span) = match (&left, &right) {
            (a, b) if number(a) && interval(b) => (raw.left, raw.right),
            (a, b) if interval(a) && number(b) => (raw.right, raw.left),
            _ => return Ok(PlannerResult::Original(raw)),
        };
        let udf = Arc::new(ScalarUDF::from(IntervalTimes::new()));
        Ok(PlannerResult::Planned(Expr::ScalarFunction(datafusion::logical_expr::expr::ScalarFunction::new_udf(
            udf,
            vec![count, span],
        ))))
    }
}

/// A date plus an interval is an instant, as in PostgreSQL: DataFusion gives a date and drops the hours.
fn with_time_of_day(mut raw: RawBinaryExpr, schema: &DFSchema) -> RawBinaryExpr {
    let is = |expr: &Expr, wanted: fn(&DataType) -> bool| expr.get_type(schema).is_ok_and(|ty| wanted(&ty));
    let date = |ty: &DataType| matches!(ty, DataType::Date32 | DataType::Date64);
    let interval = |ty: &DataType| matches!(ty, DataType::Interval(_));
    let instant = |expr: Expr| Expr::Cast(Cast::new(Box::new(expr), ColumnType::Timestamp.arrow()));
    if is(&raw.left, date) && is(&raw.right, interval) {
        raw.left = instant(raw.left);
    } else if is(&raw.left, interval) && is(&raw.right, date) {
        raw.right = instant(raw.right);
    }
    raw
}

/// `interval_times(number, interval)`: exact for integers; for floats rounded to the nearest microsecond.
/// What no interval can hold (more than 292 years of clock time, NaN, a fraction of a month) is missing.
#[derive(Debug, PartialEq, Eq, Hash)]
struct IntervalTimes {
    signature: Signature,
}

impl IntervalTimes {
    fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for IntervalTimes {
    fn name(&self) -> &str {
        "interval_times"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _args: &[DataType]) -> Result<DataType> {
        Ok(INTERVAL)
    }

    fn coerce_types(&self, args: &[DataType]) -> Result<Vec<DataType>> {
        let number = match args.first() {
            Some(ty) if ty.is_integer() || *ty == DataType::Null => DataType::Int64,
            _ => DataType::Float64,
        };
        Ok(vec![number, INTERVAL])
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let [numbers, spans] = arrays.as_slice() else {
            return Err(exec_datafusion_err!("interval_times takes a number and an interval"));
        };
        let spans = spans
            .as_primitive_opt::<IntervalMonthDayNanoType>()
            .ok_or_else(|| exec_datafusion_err!("interval_times needs an interval, not {}", spans.data_type()))?;
        let product: IntervalMonthDayNanoArray = if let Some(numbers) = numbers.as_primitive_opt::<Int64Type>() {
            numbers.iter().zip(spans.iter()).map(|(n, span)| whole(n?, span?)).collect()
        } else if let Some(numbers) = numbers.as_primitive_opt::<Float64Type>() {
            numbers.iter().zip(spans.iter()).map(|(x, span)| fraction(x?, span?)).collect()
        } else {
            return Err(exec_datafusion_err!("interval_times needs a number, not {}", numbers.data_type()));
        };
        Ok(ColumnarValue::Array(Arc::new(product) as ArrayRef))
    }

    /// Rows are ordered by what expressions around this one can be.
    fn evaluate_bounds(&self, _inputs: &[&Interval]) -> Result<Interval> {
        Interval::make_unbounded(&INTERVAL)
    }
}

/// `n` times an interval. Days are carried in days where they fit and in nanoseconds never more than needed.
fn whole(n: i64, span: IntervalMonthDayNano) -> Option<IntervalMonthDayNano> {
    let months = i64::from(span.months).checked_mul(n).and_then(|months| i32::try_from(months).ok())?;
    let days = i128::from(span.days) * i128::from(n);
    clock(months, days, i128::from(span.nanoseconds) * i128::from(n))
}

/// `x` times an interval, its clock part rounded to the nearest microsecond, halves to even.
fn fraction(x: f64, span: IntervalMonthDayNano) -> Option<IntervalMonthDayNano> {
    if !x.is_finite() {
        return None;
    }
    if span.months != 0 {
        let n = x as i64;
        return if n as f64 == x { whole(n, span) } else { None };
    }
    let nanos = i128::from(span.days) * DAY + i128::from(span.nanoseconds);
    // x = mantissa * 2^exponent exactly.
    let bits = x.abs().to_bits();
    let biased = (bits >> 52) as i32;
    let mantissa = i128::from(bits & ((1 << 52) - 1)) | if biased == 0 { 0 } else { 1 << 52 };
    let exponent = biased.max(1) - 1075;
    let product = nanos.checked_mul(mantissa)?;
    let micros = if exponent >= 0 {
        if exponent > 20 && product != 0 {
            return None;
        }
        product.checked_mul(1_i128 << exponent.min(20))?.checked_div(1_000)?
    } else if exponent < -110 {
        0
    } else {
        divide_even(product, 1_000_i128.checked_mul(1_i128 << (-exponent).min(110))?)
    };
    clock(0, 0, if x < 0.0 { -micros } else { micros } * 1_000)
}

/// Quotient rounded to nearest, halves to even; `by` is positive.
fn divide_even(value: i128, by: i128) -> i128 {
    let (quotient, rest) = (value.div_euclid(by), value.rem_euclid(by));
    match (by - rest).cmp(&rest) {
        std::cmp::Ordering::Less => quotient + 1,
        std::cmp::Ordering::Equal => quotient + (quotient & 1),
        std::cmp::Ordering::Greater => quotient,
    }
}

fn clock(months: i32, days: i128, nanos: i128) -> Option<IntervalMonthDayNano> {
    if let (Ok(days), Ok(nanos)) = (i32::try_from(days), i64::try_from(nanos)) {
        return Some(IntervalMonthDayNano { months, days, nanoseconds: nanos });
    }
    let total = days.checked_mul(DAY)?.checked_add(nanos)?;
    let days = i32::try_from(total.div_euclid(DAY)).ok()?;
    let nanoseconds = i64::try_from(total.rem_euclid(DAY)).ok()?;
    Some(IntervalMonthDayNano { months, days, nanoseconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: IntervalMonthDayNano = IntervalMonthDayNano { months: 0, days: 0, nanoseconds: 60_000_000_000 };

    #[test]
    fn integers_are_exact() {
        assert_eq!(whole(-90, MINUTE).map(|i| i.nanoseconds), Some(-5_400_000_000_000));
        assert_eq!(
            whole(i64::from(i32::MAX), IntervalMonthDayNano { months: 1, days: 0, nanoseconds: 0 }).map(|i| i.months),
            Some(i32::MAX)
        );
        assert_eq!(whole(i64::MAX, MINUTE), None, "no interval holds it");
    }

    #[test]
    fn floats_round_to_the_nearest_microsecond() {
        assert_eq!(fraction(1.5, MINUTE).map(|i| i.nanoseconds), Some(90_000_000_000));
        assert_eq!(fraction(-0.1, MINUTE).map(|i| i.nanoseconds), Some(-6_000_000_000));
        let micro = IntervalMonthDayNano { months: 0, days: 0, nanoseconds: 1_000 };
        assert_eq!(fraction(2.5, micro).map(|i| i.nanoseconds), Some(2_000));
        assert_eq!(fraction(3.5, micro).map(|i| i.nanoseconds), Some(4_000));
        assert_eq!(fraction(f64::NAN, MINUTE), None);
        assert_eq!(fraction(1e300, MINUTE), None);
        assert_eq!(fraction(1e-300, MINUTE).map(|i| i.nanoseconds), Some(0));
    }
}
