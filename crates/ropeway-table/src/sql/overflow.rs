//! A sum, difference or product of integers that its type does not hold is an error. The engine lets it wrap around,
//! and nothing tells the wrong value from a right one.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::compute::kernels::numeric::{add, mul, sub};
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, Diagnostic, Result, ScalarValue, Span, internal_err};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::interval_arithmetic::Interval;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    BinaryExpr, ColumnarValue, Expr, ExprSchemable, LogicalPlan, Operator, ReturnFieldArgs, ScalarFunctionArgs,
    ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::optimizer::AnalyzerRule;
use datafusion::physical_expr::expressions::{BinaryExpr as Evaluated, Literal, NegativeExpr};
use datafusion::physical_expr::{PhysicalExpr, PhysicalExprRef};
use datafusion::physical_expr_common::datum::apply;

/// The same expression, in which no integer wraps around. The engine's own kernels can say so, where they are asked.
pub(super) fn without_wrapping(expr: PhysicalExprRef, schema: &Schema) -> Result<PhysicalExprRef> {
    let checked = |expr: PhysicalExprRef| {
        let of = |left: &PhysicalExprRef, op: Operator, right: &PhysicalExprRef| {
            let checked = Evaluated::new(Arc::clone(left), op, Arc::clone(right)).with_fail_on_overflow(true);
            Transformed::yes(Arc::new(checked) as Arc<dyn PhysicalExpr>)
        };
        if let Some(binary) = expr.downcast_ref::<Evaluated>().filter(|binary| Step::of(*binary.op()).is_some()) {
            return Ok(of(binary.left(), *binary.op(), binary.right()));
        }
        if let Some(negative) = expr.downcast_ref::<NegativeExpr>() {
            let ty = negative.arg().data_type(schema)?;
            if ty.is_signed_integer() {
                let zero: PhysicalExprRef = Arc::new(Literal::new(ScalarValue::new_zero(&ty)?));
                return Ok(of(&zero, Operator::Minus, negative.arg()));
            }
        }
        Ok(Transformed::no(expr))
    };
    Ok(expr.transform_up(checked)?.data)
}

/// Puts [`Checked`] in the place of the engine's operators over integers, in plans whose types are settled. Before they
/// are optimized, since the optimizer computes what is constant.
#[derive(Debug)]
pub(super) struct NoWrapping;

impl AnalyzerRule for NoWrapping {
    fn name(&self) -> &str {
        "no_wrapping"
    }

    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        let checked = |plan: LogicalPlan| {
            let schema = merge_schema(&plan.inputs());
            let names = NamePreserver::new(&plan);
            plan.map_expressions(|expr| {
                let name = names.save(&expr);
                let expr = expr.transform_up(|expr| checked(expr, &schema))?;
                Ok(expr.update_data(|expr| name.restore(expr)))
            })
        };
        Ok(plan.transform_up_with_subqueries(checked)?.data)
    }
}

fn checked(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let (step, operands) = match &expr {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => match Step::of(*op) {
            Some(step) => (step, vec![left, right]),
            None => return Ok(Transformed::no(expr)),
        },
        Expr::Negative(operand) => (Step::Negate, vec![operand]),
        _ => return Ok(Transformed::no(expr)),
    };
    for operand in &operands {
        let ty = operand.get_type(schema)?;
        if !(ty.is_signed_integer() || ty.is_integer() && step != Step::Negate) {
            return Ok(Transformed::no(expr));
        }
    }
    let operands = operands.into_iter().map(|operand| operand.as_ref().clone()).collect();
    let function = ScalarUDF::from(Checked::new(step, first_column(&expr)?));
    Ok(Transformed::yes(Expr::ScalarFunction(ScalarFunction::new_udf(Arc::new(function), operands))))
}

/// Where the first column of an expression stands in the SQL, where the planner has noted it.
pub(crate) fn first_column(expr: &Expr) -> Result<Option<Span>> {
    let mut found = None;
    expr.apply(|expr| {
        let (Expr::Column(column) | Expr::OuterReferenceColumn(_, column)) = expr else {
            return Ok(TreeNodeRecursion::Continue);
        };
        found = column.spans().first();
        Ok(if found.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    Add,
    Subtract,
    Multiply,
    Negate,
}

impl Step {
    /// What may wrap around of the operators with two sides.
    fn of(op: Operator) -> Option<Self> {
        match op {
            Operator::Plus => Some(Self::Add),
            Operator::Minus => Some(Self::Subtract),
            Operator::Multiply => Some(Self::Multiply),
            _ => None,
        }
    }
}

/// One operator over integers of one type. It has the name that the engine's would have, so that columns keep theirs.
#[derive(Debug)]
struct Checked {
    step: Step,
    signature: Signature,
    /// For messages; expressions that are equal elsewhere are equal.
    at: Option<Span>,
}

impl Checked {
    fn new(step: Step, at: Option<Span>) -> Self {
        Self { step, signature: Signature::user_defined(Volatility::Immutable), at }
    }
}

impl PartialEq for Checked {
    fn eq(&self, other: &Self) -> bool {
        self.step == other.step
    }
}

impl Eq for Checked {}

impl Hash for Checked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.step.hash(state);
    }
}

impl ScalarUDFImpl for Checked {
    fn name(&self) -> &str {
        match self.step {
            Step::Add => "checked_add",
            Step::Subtract => "checked_subtract",
            Step::Multiply => "checked_multiply",
            Step::Negate => "checked_negate",
        }
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let op = match (self.step, args) {
            (Step::Negate, [of]) => return Ok(format!("(- {})", of.schema_name())),
            (Step::Add, _) => "+",
            (Step::Subtract, _) => "-",
            _ => "*",
        };
        match args {
            [left, right] => Ok(format!("{} {op} {}", left.schema_name(), right.schema_name())),
            _ => internal_err!("{op} has two operands"),
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(types.to_vec())
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match types {
            [ty] => Ok(ty.clone()),
            [left, right] if left == right => Ok(left.clone()),
            _ => internal_err!("{} takes integers of one type, not {types:?}", self.name()),
        }
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let types: Vec<DataType> = args.arg_fields.iter().map(|field| field.data_type().clone()).collect();
        let nullable = args.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(Field::new(self.name(), self.return_type(&types)?, nullable)))
    }

    /// Functions around this one order rows by the values that it can take.
    fn evaluate_bounds(&self, inputs: &[&Interval]) -> Result<Interval> {
        match (self.step, inputs) {
            (Step::Add, [left, right]) => left.add(*right),
            (Step::Subtract, [left, right]) => left.sub(*right),
            (Step::Multiply, [left, right]) => left.mul(*right),
            (Step::Negate, [of]) => of.arithmetic_negate(),
            _ => internal_err!("{} was given {} ranges", self.name(), inputs.len()),
        }
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let value = match (self.step, args.args.as_slice()) {
            (Step::Add, [left, right]) => apply(left, right, add),
            (Step::Subtract, [left, right]) => apply(left, right, sub),
            (Step::Multiply, [left, right]) => apply(left, right, mul),
            (Step::Negate, [of]) => apply(&ColumnarValue::Scalar(ScalarValue::new_zero(&of.data_type())?), of, sub),
            _ => internal_err!("{} was given {} operands", self.name(), args.args.len()),
        };
        value.map_err(|error| match self.at {
            Some(at) => error.with_diagnostic(Diagnostic::new_error("overflow", Some(at))),
            None => error,
        })
    }
}

#[cfg(test)]
mod tests;
