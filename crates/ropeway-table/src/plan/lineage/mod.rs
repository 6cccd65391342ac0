//! Column lineage over the unoptimized plan: for each column of a table the source columns that its value is
//! computed from, for its rows what pairs them ([`origin`]), and the source columns that decide which rows exist.
//!
//! Rules, on the side of caution:
//! - a projection passes the columns that its expressions read; a filter, a join condition and an order under a
//!   limit decide rows, and pair those of different origins;
//! - whether a side that may be missing is there also depends on what decides that side's rows;
//! - an aggregate's value depends on its arguments, the group keys and on what decides the rows of its input; how many
//!   groups there are, on the keys; how many different rows, on all their columns (which of them there are does not);
//! - a side that is `LATERAL` sees any of the other side's columns, and its rows are its condition;
//! - a subquery counts with all its columns and rows; a step that is not understood depends on all its inputs.

mod check;
mod dep;
mod flow;
mod origin;
mod reading;
mod union;
mod unordered;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Aggregate, Distinct, Expr, Join, JoinType, LogicalPlan, Window};

pub(super) use self::check::chosen;
pub use self::dep::{Dep, Lineage, ROWS};
pub(super) use self::dep::{Deps, RelationLineage, add};
use self::flow::Flow;
pub(super) use self::origin::{Cell, Paired};
use self::origin::{Condition, Counter, Effect, Origins};
use super::time::{expr_subqueries, subqueries};

/// What the walk asks about the relations that a plan reads.
pub(crate) trait Known {
    /// The lineage of a relation.
    fn lineage(&self, relation: &str) -> RelationLineage;
    /// Whether a relation is static.
    fn is_static(&self, relation: &str) -> bool;
    /// The files of a source: under two names they are the same rows.
    fn file(&self, source: &str) -> String;
}

/// The lineage of a plan's output columns by position, and of its rows.
pub(crate) fn trace(plan: &LogicalPlan, known: &dyn Known) -> RelationLineage {
    let Flow { paired, rows, equal, makes, .. } = Walk::new(known).flow(plan, &Deps::new());
    RelationLineage { paired, rows, equal, makes, file: String::new() }
}

/// Whether the right side of a join reads columns of the left one: `LATERAL`, said or, with `UNNEST`, not said.
fn sees_the_left(right: &LogicalPlan) -> bool {
    let lateral = |plan: &LogicalPlan| Ok(matches!(plan, LogicalPlan::Subquery(_) | LogicalPlan::Unnest(_)));
    right.exists(lateral).unwrap_or(true)
}

/// Whether a subquery reads columns of what stands around it.
fn is_correlated(subquery: &LogicalPlan) -> bool {
    let outer = |expr: &Expr| Ok(matches!(expr, Expr::OuterReferenceColumn(..)));
    let mut found = false;
    let _ = subquery.apply_with_subqueries(|plan| {
        found |= plan.expressions().iter().any(|expr| expr.exists(outer).unwrap_or(true));
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

/// The walk over a plan.
pub(in crate::plan) struct Walk<'a> {
    /// What it asks about the relations that the plan reads.
    known: &'a dyn Known,
    origins: Counter,
}

impl<'a> Walk<'a> {
    pub(in crate::plan) fn new(known: &'a dyn Known) -> Self {
        Self { known, origins: Counter::default() }
    }

    /// `outer` is what correlated references of a subquery may stand for.
    fn flow(&self, plan: &LogicalPlan, outer: &Deps) -> Flow {
        match plan {
            LogicalPlan::TableScan(scan) => self.scan(scan.table_name.table(), plan.schema()),
            LogicalPlan::Projection(projection) => {
                let mut flow = self.flow(&projection.input, outer);
                let cell = |expr: &Expr| self.cell(expr, projection.input.schema(), &flow, outer);
                flow.paired.columns = projection.expr.iter().map(cell).collect();
                flow
            }
            LogicalPlan::SubqueryAlias(alias) => self.flow(&alias.input, outer),
            LogicalPlan::Sort(sort) => {
                let mut flow = self.flow(&sort.input, outer);
                let order: Vec<&Expr> = sort.expr.iter().map(|key| &key.expr).collect();
                let order = self.all(&order, sort.input.schema(), &flow, outer);
                match sort.fetch {
                    Some(_) => flow.meets(Condition::filter(order)),
                    None => flow.order = Some(order),
                }
                flow
            }
            LogicalPlan::Filter(filter) => {
                let mut flow = self.flow(&filter.input, outer);
                for part in split_conjunction(&filter.predicate) {
                    let condition = self.all(&[part], filter.input.schema(), &flow, outer);
                    flow.meets(Condition::filter(condition));
                }
                flow
            }
            LogicalPlan::Join(join) => self.join(join, outer),
            LogicalPlan::Aggregate(aggregate) => self.aggregate(aggregate, outer),
            LogicalPlan::Union(union) => self.union(union, outer),
            LogicalPlan::Distinct(Distinct::All(input)) => {
                let mut flow = self.flow(input, outer);
                let columns = flow.columns();
                add(&mut flow.equal, &columns);
                let cells = flow.paired.columns.clone();
                flow.paired.equal_in(&cells);
                flow
            }
            LogicalPlan::Limit(limit) => {
                let mut flow = self.flow(&limit.input, outer);
                let any = || Cell { deps: flow.columns(), origins: flow.paired.origins() };
                flow.meets(Condition::filter(flow.order.clone().unwrap_or_else(any)));
                flow
            }
            LogicalPlan::EmptyRelation(_) | LogicalPlan::Values(_) => self.literal(plan.schema()),
            LogicalPlan::Window(window) => self.window(window, outer),
            other => self.anything(other, outer),
        }
    }

    /// Functions over other rows depend on which there are, and on what orders them.
    fn window(&self, window: &Window, outer: &Deps) -> Flow {
        let mut flow = self.flow(&window.input, outer);
        for expr in &window.window_expr {
            let mut cell = self.cell(expr, window.input.schema(), &flow, outer);
            add(&mut cell.deps, &flow.count());
            add(&mut cell.deps, &self.of_order(expr, &flow));
            cell.origins = flow.paired.origins();
            flow.paired.columns.push(cell);
        }
        flow
    }

    /// Group keys pass; values of aggregates depend on their arguments, the group keys and what decides the rows.
    fn aggregate(&self, aggregate: &Aggregate, outer: &Deps) -> Flow {
        let mut flow = self.flow(&aggregate.input, outer);
        let schema = aggregate.input.schema();
        let groups: Vec<&Expr> = aggregate.group_expr.iter().collect();
        let mut base = Cell { origins: flow.paired.origins(), ..self.all(&groups, schema, &flow, outer) };
        add(&mut flow.equal, &base.deps);
        add(&mut base.deps, &flow.count());
        let plain = !groups.iter().any(|expr| matches!(expr, Expr::GroupingSet(_)));
        let keys = aggregate.schema.fields().len() - aggregate.aggr_expr.len();
        let mut columns = Vec::new();
        for position in 0..keys {
            columns.push(match aggregate.group_expr.get(position).filter(|_| plain) {
                Some(expr) => self.cell(expr, schema, &flow, outer),
                None => base.clone(),
            });
        }
        let of_columns: Origins = columns.iter().flat_map(|cell: &Cell| cell.origins.iter().copied()).collect();
        if !of_columns.is_empty() {
            flow.paired.first = of_columns;
        }
        let of_order: Vec<Deps> = aggregate.aggr_expr.iter().map(|expr| self.of_order(expr, &flow)).collect();
        flow.paired.equal_in(&columns);
        for (expr, of_order) in aggregate.aggr_expr.iter().zip(of_order) {
            let mut cell = self.cell(expr, schema, &flow, outer);
            cell.add(&base);
            add(&mut cell.deps, &of_order);
            columns.push(cell);
        }
        flow.paired.columns = columns;
        Flow { order: None, ..flow }
    }

    fn scan(&self, relation: &str, schema: &DFSchema) -> Flow {
        let RelationLineage { paired, rows, equal, makes, .. } = self.known.lineage(relation);
        let mut paired = self.origins.renamed(&paired);
        // A catalogue shows the columns of a relation in their order.
        paired.columns.resize(schema.fields().len(), Cell::default());
        Flow { paired, rows, equal, makes, is_static: self.known.is_static(relation), order: None }
    }

    fn literal(&self, schema: &DFSchema) -> Flow {
        let own = Origins::from([self.origins.fresh(true, false)]);
        let cell = Cell { deps: Deps::new(), origins: own.clone() };
        let columns = vec![cell; schema.fields().len()];
        Flow { paired: Paired { columns, first: own, ..Paired::default() }, is_static: true, ..Flow::default() }
    }

    /// A step that is not understood: everything depends on all inputs.
    fn anything(&self, plan: &LogicalPlan, outer: &Deps) -> Flow {
        let mut flow = Flow::default();
        for input in plan.inputs() {
            let below = self.flow(input, outer);
            add(&mut flow.rows, &below.columns());
            add(&mut flow.rows, &below.count());
            flow.makes.extend(below.makes);
        }
        for subquery in subqueries(plan) {
            add(&mut flow.rows, &self.whole(&subquery, outer));
        }
        let cell = Cell { deps: flow.rows.clone(), origins: Origins::from([self.origins.fresh(false, true)]) };
        flow.paired.columns = vec![cell.clone(); plan.schema().fields().len()];
        flow.paired.conditions.push(Condition::filter(cell));
        flow
    }

    fn join(&self, join: &Join, outer: &Deps) -> Flow {
        let left = self.flow(&join.left, outer);
        let lateral = sees_the_left(&join.right);
        let mut outer_of_right = outer.clone();
        if lateral {
            add(&mut outer_of_right, &left.columns());
            add(&mut outer_of_right, &left.count());
        }
        let right = self.flow(&join.right, &outer_of_right);
        let mut condition = self.condition_of_join(join, &left, &right, outer);
        if lateral {
            add(&mut condition.deps, &right.rows);
            condition.origins.extend(left.paired.origins());
            condition.origins.extend(right.paired.origins());
        }
        let missing_left = matches!(join.join_type, JoinType::Right | JoinType::Full);
        let missing_right = matches!(join.join_type, JoinType::Left | JoinType::Full);
        for (side, may_miss) in [(&left, missing_left), (&right, missing_right)] {
            if may_miss {
                add(&mut condition.deps, &side.rows);
                condition.origins.extend(side.paired.origins());
            }
        }
        let effect = match join.join_type {
            JoinType::Left => Effect::Keeps(left.paired.origins()),
            JoinType::Right => Effect::Keeps(right.paired.origins()),
            _ => Effect::LeavesOut,
        };
        left.beside(right, join, Condition { of: condition, effect })
    }

    /// What the condition of a join reads.
    fn condition_of_join(&self, join: &Join, left: &Flow, right: &Flow, outer: &Deps) -> Cell {
        let mut condition = Cell::default();
        for (a, b) in &join.on {
            condition.add(&self.all(&[a], join.left.schema(), left, outer));
            condition.add(&self.all(&[b], join.right.schema(), right, outer));
        }
        if let (Some(filter), Ok(schema)) = (&join.filter, join.left.schema().join(join.right.schema())) {
            let columns = left.paired.columns.iter().chain(&right.paired.columns).cloned().collect();
            let both = Flow { paired: Paired { columns, ..Paired::default() }, ..Flow::default() };
            condition.add(&self.all(&[filter], &schema, &both, outer));
        }
        condition
    }

    /// What an expression's value depends on. A subquery may read any column beside it.
    fn cell(&self, expr: &Expr, schema: &DFSchema, input: &Flow, outer: &Deps) -> Cell {
        let mut cell = Cell::default();
        let any = || Cell { deps: input.columns(), origins: input.paired.origins() };
        let _ = expr.apply(|node| {
            match node {
                Expr::Column(column) => match position(schema, column).and_then(|i| input.paired.columns.get(i)) {
                    Some(found) => cell.add(found),
                    None => cell.add(&any()),
                },
                Expr::OuterReferenceColumn(..) => add(&mut cell.deps, outer),
                _ => {}
            }
            Ok(TreeNodeRecursion::Continue)
        });
        for subquery in expr_subqueries(expr) {
            let Cell { deps: mut here, origins } = any();
            add(&mut here, outer);
            add(&mut cell.deps, &self.whole(&subquery, &here));
            if is_correlated(&subquery) {
                cell.origins.extend(origins);
            }
        }
        cell
    }

    /// What the values of several expressions depend on.
    fn all(&self, exprs: &[&Expr], schema: &DFSchema, input: &Flow, outer: &Deps) -> Cell {
        let mut all = Cell::default();
        exprs.iter().for_each(|expr| all.add(&self.cell(expr, schema, input, outer)));
        all
    }

    /// What a condition of a filter reads.
    pub(in crate::plan) fn read_by_filter(&self, condition: &Expr, input: &LogicalPlan) -> Deps {
        let none = Deps::new();
        let flow = self.flow(input, &none);
        flow.paired.settled().of(&self.all(&[condition], input.schema(), &flow, &none))
    }

    /// What the condition of a join reads, where it leaves out rows.
    pub(in crate::plan) fn read_by_join(&self, join: &Join) -> Deps {
        let paired = self.join(join, &Deps::new()).paired;
        let own = paired.conditions.last().filter(|condition| condition.leaves_out(&paired.first));
        own.map(|condition| paired.settled().of(&condition.of)).unwrap_or_default()
    }

    /// All that a subquery depends on.
    fn whole(&self, plan: &LogicalPlan, outer: &Deps) -> Deps {
        let flow = self.flow(plan, outer);
        let mut deps = flow.columns();
        add(&mut deps, &flow.count());
        deps
    }
}

fn position(schema: &DFSchema, column: &Column) -> Option<usize> {
    schema.maybe_index_of_column(column).or_else(|| schema.index_of_column(column).ok())
}
