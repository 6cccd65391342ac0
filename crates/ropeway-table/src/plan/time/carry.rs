//! Rewrites the unoptimized plan so that a row's known-at travels with it in a hidden column. Only called for
//! plans that [`super::timing`] found to be timed.

use std::sync::Arc;

use datafusion::common::{Column, Result as DfResult, internal_err};
use datafusion::functions_aggregate::expr_fn::{count, max, min};
use datafusion::logical_expr::logical_plan::builder::build_join_schema;
use datafusion::logical_expr::{
    Aggregate, Cast, Distinct, Expr, Join, JoinType, LogicalPlan, Projection, SubqueryAlias, TableScan, Union, Window,
    lit, when,
};
use datafusion::scalar::ScalarValue;
use ropeway_vocab::{ColumnType, KNOWN_AT, Timing};

use super::frame::Known;
use super::{TimingOf, timing};

/// Makes hidden names that occur once in a plan.
pub(crate) struct Carrier<'a> {
    /// The timing of a relation.
    pub(crate) timing: &'a TimingOf<'a>,
    /// The scan of a relation with its hidden column.
    pub(crate) scan: &'a dyn Fn(&str) -> DfResult<TableScan>,
    /// Whether the table states a time by which a partner must have come.
    pub(crate) stated: bool,
    /// How many names were made.
    pub(crate) made: usize,
}

/// A rewritten plan, and its hidden column where its rows have a time (a static one has none).
type Carried = (LogicalPlan, Option<Column>);

/// One whose rows have a time.
type Timed = (LogicalPlan, Column);

impl Carrier<'_> {
    fn name(&mut self, what: &str) -> String {
        self.made += 1;
        format!("__{what}_{}", self.made)
    }

    /// Rewrites a plan. What is static stays as it is.
    pub(crate) fn carry(&mut self, plan: &LogicalPlan) -> DfResult<Carried> {
        if timing(plan, self.timing) == Timing::Static {
            return Ok((plan.clone(), None));
        }
        let (plan, hidden) = self.timed(plan)?;
        Ok((plan, Some(hidden)))
    }

    /// Rewrites a plan whose rows become known over time.
    fn timed(&mut self, plan: &LogicalPlan) -> DfResult<Timed> {
        match plan {
            LogicalPlan::TableScan(scan) => self.scan(scan),
            LogicalPlan::SubqueryAlias(alias) => {
                let (input, hidden) = self.timed(&alias.input)?;
                let hidden = Column::new(Some(alias.alias.clone()), hidden.name);
                let plan = LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(Arc::new(input), alias.alias.clone())?);
                Ok((plan, hidden))
            }
            LogicalPlan::Projection(projection) => {
                let (input, hidden) = self.timed(&projection.input)?;
                let mut exprs = projection.expr.clone();
                exprs.push(Expr::Column(hidden.clone()));
                Ok((LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(input))?), hidden))
            }
            LogicalPlan::Filter(_) | LogicalPlan::Sort(_) => {
                let Some(input) = plan.inputs().first().copied().cloned() else {
                    return internal_err!("a filter without input");
                };
                let (input, hidden) = self.timed(&input)?;
                Ok((plan.with_new_exprs(plan.expressions(), vec![input])?, hidden))
            }
            LogicalPlan::Join(join) => self.join(join),
            LogicalPlan::Aggregate(aggregate) => self.aggregate(aggregate),
            LogicalPlan::Union(union) => self.union(union),
            LogicalPlan::Window(window) => self.window(window),
            LogicalPlan::Distinct(Distinct::All(input)) => self.distinct(input),
            other => internal_err!("known-at cannot be carried through {}", other.display()),
        }
    }

    fn scan(&mut self, scan: &TableScan) -> DfResult<Timed> {
        let carried = LogicalPlan::TableScan((self.scan)(scan.table_name.table())?);
        let name = self.name("known_at");
        let mut exprs = columns_of(&LogicalPlan::TableScan(scan.clone()));
        exprs.push(Expr::Column(Column::new(Some(scan.table_name.clone()), KNOWN_AT)).alias(&name));
        let plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(carried))?);
        Ok((plan, Column::new_unqualified(name)))
    }

    /// The later of both sides. That a row finds no partner is known at no time, unless the table states one: before the
    /// partner came, the row would be there, and nothing of the past would show that it is about to come.
    fn join(&mut self, join: &Join) -> DfResult<Timed> {
        let (mut left, left_time) = self.carry(&join.left)?;
        let (mut right, right_time) = self.carry(&join.right)?;
        let mark_left = left_time.is_some() && matches!(join.join_type, JoinType::Right | JoinType::Full);
        let mark_right = right_time.is_some() && matches!(join.join_type, JoinType::Left | JoinType::Full);
        let mut mark = |plan: &mut LogicalPlan, wanted: bool| -> DfResult<Option<Expr>> {
            if !wanted {
                return Ok(None);
            }
            let name = self.name("matched");
            let mut exprs = columns_of(plan);
            exprs.push(lit(true).alias(&name));
            *plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(plan.clone()))?);
            Ok(Some(Expr::Column(Column::new_unqualified(name))))
        };
        let left_mark = mark(&mut left, mark_left)?;
        let right_mark = mark(&mut right, mark_right)?;
        let schema = Arc::new(build_join_schema(left.schema(), right.schema(), &join.join_type)?);
        let joined = LogicalPlan::Join(Join { left: Arc::new(left), right: Arc::new(right), schema, ..join.clone() });
        let semi_left = matches!(join.join_type, JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark);
        let semi_right = matches!(join.join_type, JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark);
        let (left_time, right_time) = match (left_time, right_time) {
            (Some(left), _) if semi_left => return Ok((joined, left)),
            (_, Some(right)) if semi_right => return Ok((joined, right)),
            (left, right) => (left.map(Expr::Column), right.map(Expr::Column)),
        };
        let alone = |side: &Option<Expr>| match (self.stated, side) {
            (true, Some(side)) => side.clone(),
            (true, None) => always(),
            (false, _) => missing(),
        };
        let of_left = |time: Expr| {
            right_mark.map_or(Ok(time.clone()), |matched| when(matched.is_null(), alone(&left_time)).otherwise(time))
        };
        let of_right = |time: Expr| {
            left_mark.map_or(Ok(time.clone()), |matched| when(matched.is_null(), alone(&right_time)).otherwise(time))
        };
        let later = of_right(of_left(both(&left_time, &right_time)?)?)?;
        let name = self.name("known_at");
        let mut exprs: Vec<Expr> = join.schema.columns().into_iter().map(Expr::Column).collect();
        exprs.push(later.alias(&name));
        let plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(joined))?);
        Ok((plan, Column::new_unqualified(name)))
    }

    /// The latest of the group; missing as soon as one row of it is never known.
    fn aggregate(&mut self, aggregate: &Aggregate) -> DfResult<Timed> {
        let (input, hidden) = self.timed(&aggregate.input)?;
        let (latest, known, all, name) =
            (self.name("latest"), self.name("known"), self.name("all"), self.name("known_at"));
        let mut exprs = aggregate.aggr_expr.clone();
        exprs.push(max(Expr::Column(hidden.clone())).alias(&latest));
        exprs.push(count(Expr::Column(hidden)).alias(&known));
        exprs.push(count(lit(1_i64)).alias(&all));
        let plan = Aggregate::try_new(Arc::new(input), aggregate.group_expr.clone(), exprs)?;
        let column = |name: &String| Expr::Column(Column::new_unqualified(name));
        let time = when(column(&known).eq(column(&all)), column(&latest)).otherwise(missing())?;
        let mut exprs: Vec<Expr> = aggregate.schema.columns().into_iter().map(Expr::Column).collect();
        exprs.push(time.alias(&name));
        let plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(LogicalPlan::Aggregate(plan)))?);
        Ok((plan, Column::new_unqualified(name)))
    }

    /// The earliest of equal rows: those that come later change nothing.
    fn distinct(&mut self, input: &LogicalPlan) -> DfResult<Timed> {
        let visible = columns_of(input);
        let (plan, hidden) = self.timed(input)?;
        let name = self.name("known_at");
        let earliest = min(Expr::Column(hidden)).alias(&name);
        let plan = Aggregate::try_new(Arc::new(plan), visible, vec![earliest])?;
        Ok((LogicalPlan::Aggregate(plan), Column::new_unqualified(name)))
    }

    /// The latest of the rows that its functions read. Functions over other partitions or orders stand in nodes right above
    /// each other and read the same rows beneath, not each other.
    fn window(&mut self, window: &Window) -> DfResult<Timed> {
        let mut nodes = vec![window];
        while let LogicalPlan::Window(beneath) = nodes[nodes.len() - 1].input.as_ref() {
            nodes.push(beneath);
        }
        let (mut plan, hidden) = self.timed(&nodes[nodes.len() - 1].input)?;
        let mut known = Known::new(&hidden, self.stated);
        for node in nodes.into_iter().rev() {
            let exprs =
                node.window_expr.iter().cloned().chain(known.read_by(&node.window_expr, plan.schema())?).collect();
            plan = LogicalPlan::Window(Window::try_new(exprs, Arc::new(plan))?);
        }
        let name = self.name("known_at");
        let mut exprs: Vec<Expr> = window.schema.columns().into_iter().map(Expr::Column).collect();
        exprs.push(known.time()?.alias(&name));
        let plan = LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(plan))?);
        Ok((plan, Column::new_unqualified(name)))
    }

    fn union(&mut self, union: &Union) -> DfResult<Timed> {
        let name = self.name("known_at");
        let inputs = union
            .inputs
            .iter()
            .map(|input| {
                let visible = columns_of(input);
                let (plan, hidden) = self.timed(input)?;
                let mut exprs = visible;
                exprs.push(Expr::Column(hidden).alias(&name));
                Ok(Arc::new(LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(plan))?)))
            })
            .collect::<DfResult<Vec<_>>>()?;
        let plan = LogicalPlan::Union(Union::try_new_with_loose_types(inputs)?);
        Ok((plan, Column::new_unqualified(name)))
    }
}

/// The later of the times of two sides; missing where one is. A static side has none.
fn both(left: &Option<Expr>, right: &Option<Expr>) -> DfResult<Expr> {
    match (left.clone(), right.clone()) {
        (Some(left), Some(right)) => when(left.clone().is_null().or(right.clone().is_null()), missing())
            .when(left.clone().gt_eq(right.clone()), left)
            .otherwise(right),
        (Some(one), None) | (None, Some(one)) => Ok(one),
        (None, None) => internal_err!("a timed join of static sides"),
    }
}

/// All columns of a plan, with their qualifiers.
pub(crate) fn columns_of(plan: &LogicalPlan) -> Vec<Expr> {
    plan.schema().columns().into_iter().map(Expr::Column).collect()
}

/// A missing instant.
pub(super) fn missing() -> Expr {
    Expr::Literal(ScalarValue::TimestampMicrosecond(None, Some("UTC".into())), None)
}

/// An instant before all others.
fn always() -> Expr {
    Expr::Literal(ScalarValue::TimestampMicrosecond(Some(i64::MIN), Some("UTC".into())), None)
}

/// The last step of every table: its columns in their logical types, under plain names, then the hidden one.
pub(crate) fn finish(
    plan: LogicalPlan,
    visible: &[(Column, String, ColumnType)],
    hidden: Option<Column>,
) -> DfResult<LogicalPlan> {
    // Always a cast: the branches of a union get their common type only after this.
    let cast = |column: Column, ty: ColumnType| Expr::Cast(Cast::new(Box::new(Expr::Column(column)), ty.arrow()));
    let mut exprs: Vec<Expr> = visible.iter().map(|(column, name, ty)| cast(column.clone(), *ty).alias(name)).collect();
    if let Some(hidden) = hidden {
        exprs.push(cast(hidden, ColumnType::Timestamp).alias(KNOWN_AT));
    }
    Ok(LogicalPlan::Projection(Projection::try_new(exprs, Arc::new(plan))?))
}
