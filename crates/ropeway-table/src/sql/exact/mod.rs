//! `sum`, `avg`, variances and deviations of SQL tables, exact as those of windows are: added without rounding, rounded
//! once. The engine's own round at each addition, let what left a frame (`OVER ... ROWS 3 PRECEDING`) stay behind in
//! it, and let a sum of integers wrap around.

mod groups;
mod state;

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, ScalarValue, internal_err, plan_err};
use datafusion::execution::SessionStateDefaults;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, GroupsAccumulator, ReversedUDAF, Signature, Volatility,
};

use self::groups::Groups;
use self::state::{Figure, Numbers, State};

/// The engine's aggregate functions, with ours in place of those that round.
pub(crate) fn aggregate_functions() -> Vec<Arc<AggregateUDF>> {
    let figure = |name: &str| match name {
        "sum" => Some(Figure::Sum),
        "avg" => Some(Figure::Mean),
        "var_samp" | "var" => Some(Figure::Variance { population: false }),
        "var_pop" => Some(Figure::Variance { population: true }),
        "stddev" => Some(Figure::Deviation { population: false }),
        "stddev_pop" => Some(Figure::Deviation { population: true }),
        _ => None,
    };
    let exact = |engine: Arc<AggregateUDF>| match figure(engine.name()) {
        Some(figure) => Arc::new(AggregateUDF::new_from_impl(Exact::new(engine, figure))),
        None => engine,
    };
    SessionStateDefaults::default_aggregate_functions().into_iter().map(exact).collect()
}

/// One function: ours for integers and doubles, the engine's for what is exact there anyway (decimals, durations).
#[derive(Debug, PartialEq, Eq, Hash)]
struct Exact {
    engine: Arc<AggregateUDF>,
    figure: Figure,
    signature: Signature,
}

impl Exact {
    fn new(engine: Arc<AggregateUDF>, figure: Figure) -> Self {
        Self { engine, figure, signature: Signature::user_defined(Volatility::Immutable) }
    }
}

/// The type that a number is added as.
fn widened(ty: &DataType) -> Option<DataType> {
    match ty {
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => Some(DataType::Int64),
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => Some(DataType::Int64),
        DataType::Null | DataType::Float16 | DataType::Float32 | DataType::Float64 => Some(DataType::Float64),
        DataType::Dictionary(_, values) => widened(values),
        _ => None,
    }
}

/// The type of the only argument, where it is added here.
fn ours(fields: &[FieldRef]) -> Option<&DataType> {
    fields.first().map(|field| field.data_type()).filter(|ty| matches!(ty, DataType::Int64 | DataType::Float64))
}

impl AggregateUDFImpl for Exact {
    fn name(&self) -> &str {
        self.engine.name()
    }

    fn aliases(&self) -> &[String] {
        self.engine.aliases()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [ty] = types else { return plan_err!("{} takes one argument, and {} are given", self.name(), types.len()) };
        let engines = match (self.figure, ty) {
            (Figure::Variance { .. } | Figure::Deviation { .. }, ty) => ty.is_numeric().then_some(DataType::Float64),
            (Figure::Sum, DataType::Duration(_) | DataType::Interval(_)) => Some(ty.clone()),
            (Figure::Mean, DataType::Duration(_)) => Some(ty.clone()),
            (_, ty) => ty.is_numeric().then(|| ty.clone()),
        };
        match widened(ty).or(engines) {
            Some(ty) => Ok(vec![ty]),
            None => plan_err!("{} takes numbers, and this is a {ty}", self.name()),
        }
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match (self.figure, types) {
            (Figure::Sum, [ty @ (DataType::Int64 | DataType::Float64)]) => Ok(ty.clone()),
            (_, [DataType::Int64 | DataType::Float64]) => Ok(DataType::Float64),
            _ => self.engine.return_type(types),
        }
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        self.engine.inner().state_fields(args)
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if ours(args.expr_fields).is_none() {
            return self.engine.accumulator(args);
        }
        Ok(Box::new(One(State::new(self.figure, args.return_type(), args.is_distinct))))
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if ours(args.expr_fields).is_some() {
            self.accumulator(args)
        } else {
            self.engine.create_sliding_accumulator(args)
        }
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        ours(args.expr_fields).is_some() || self.engine.groups_accumulator_supported(args)
    }

    fn create_groups_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        if ours(args.expr_fields).is_none() {
            return self.engine.create_groups_accumulator(args);
        }
        Ok(Box::new(Groups::new(State::new(self.figure, args.return_type(), args.is_distinct))))
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::Identical
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}

/// One set of numbers: without GROUP BY, and in frames.
#[derive(Debug)]
struct One(State);

impl Accumulator for One {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        Numbers::of(values)?.for_each(|_, number| self.0.add(number));
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        Numbers::of(values)?.for_each(|_, number| self.0.take_away(number));
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.0.figure()
    }

    fn size(&self) -> usize {
        self.0.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        one_partition()
    }

    fn merge_batch(&mut self, _states: &[ArrayRef]) -> Result<()> {
        one_partition()
    }
}

/// Plans with aggregates run in one partition, which has no partial states.
fn one_partition<T>() -> Result<T> {
    internal_err!("an exact aggregate is computed in one partition")
}

#[cfg(test)]
mod tests;
