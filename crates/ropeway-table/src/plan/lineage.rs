//! Column lineage over the unoptimized plan: for each column of a table the source columns that its value is
//! computed from, and for the table the source columns that decide which rows exist.
//!
//! Rules, on the side of caution:
//! - a projection passes the columns that its expressions read; a filter, a join condition and an order under a
//!   limit decide rows;
//! - at a join, a column of a static side, of the right side, or of a side that may be missing also depends on the join
//!   condition, because the condition picks its value; a missing side also on what decides that side's rows;
//! - an aggregate's value depends on its arguments, the group keys and on what decides the rows of its input; how many
//!   groups there are, on the keys; how many different rows, on all their columns;
//! - a side that is `LATERAL` sees any of the other side's columns, and its rows are its condition;
//! - a subquery counts with all its columns and rows; a step that is not understood depends on all its inputs.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::logical_expr::{Aggregate, Distinct, Expr, Join, JoinType, LogicalPlan, Union};

use super::dep::{Deps, RelationLineage, add};
use super::timing::expr_subqueries;

/// What the walk asks about the relations that a plan reads.
pub(crate) trait Known {
    /// The lineage of a relation.
    fn lineage(&self, relation: &str) -> RelationLineage;
    /// Whether a relation is static.
    fn is_static(&self, relation: &str) -> bool;
}

/// Dependencies of a plan's columns by position.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    columns: Vec<Cell>,
    rows: Deps,
}

#[derive(Debug, Clone, Default)]
struct Cell {
    deps: Deps,
    /// Whether a join condition picks its value.
    picked: bool,
    /// Whether it stems from static tables alone.
    is_static: bool,
}

/// The lineage of a plan's output columns by position, and of its rows.
pub(crate) fn trace(plan: &LogicalPlan, known: &dyn Known) -> (Vec<Deps>, Deps) {
    let flow = Walk { known }.flow(plan, &Deps::new());
    (flow.columns.into_iter().map(|cell| cell.deps).collect(), flow.rows)
}

/// Whether the right side of a join reads columns of the left one: `LATERAL`, said or, with `UNNEST`, not said.
fn sees_the_left(right: &LogicalPlan) -> bool {
    let lateral = |plan: &LogicalPlan| Ok(matches!(plan, LogicalPlan::Subquery(_) | LogicalPlan::Unnest(_)));
    right.exists(lateral).unwrap_or(true)
}

/// The walk over a plan.
pub(super) struct Walk<'a> {
    /// What it asks about the relations that the plan reads.
    pub(super) known: &'a dyn Known,
}

impl Walk<'_> {
    /// `outer` is what correlated references of a subquery may stand for.
    pub(super) fn flow(&self, plan: &LogicalPlan, outer: &Deps) -> Flow {
        match plan {
            LogicalPlan::TableScan(scan) => self.scan(scan.table_name.table(), plan.schema()),
            LogicalPlan::Projection(projection) => {
                let input = self.flow(&projection.input, outer);
                let cell = |expr: &Expr| self.cell(expr, projection.input.schema(), &input, outer);
                Flow { columns: projection.expr.iter().map(cell).collect(), rows: input.rows }
            }
            LogicalPlan::SubqueryAlias(alias) => self.flow(&alias.input, outer),
            LogicalPlan::Sort(sort) => {
                let mut input = self.flow(&sort.input, outer);
                if sort.fetch.is_some() {
                    let order: Vec<&Expr> = sort.expr.iter().map(|key| &key.expr).collect();
                    let deps = self.all(&order, sort.input.schema(), &input, outer);
                    add(&mut input.rows, &deps);
                }
                input
            }
            LogicalPlan::Filter(filter) => {
                let mut input = self.flow(&filter.input, outer);
                for part in datafusion::logical_expr::utils::split_conjunction(&filter.predicate) {
                    self.condition(part, filter.input.schema(), &mut input, outer);
                }
                input
            }
            LogicalPlan::Join(join) => self.join(join, outer),
            LogicalPlan::Aggregate(aggregate) => self.aggregate(aggregate, outer),
            LogicalPlan::Union(union) => self.union(union, outer),
            LogicalPlan::Distinct(Distinct::All(input)) => self.distinct(input, outer),
            LogicalPlan::Limit(limit) => self.limit(&limit.input, outer),
            LogicalPlan::EmptyRelation(empty) => Flow {
                columns: vec![Cell { is_static: true, ..Cell::default() }; empty.schema.fields().len()],
                rows: Deps::new(),
            },
            LogicalPlan::Values(values) => Flow {
                columns: vec![Cell { is_static: true, ..Cell::default() }; values.schema.fields().len()],
                rows: Deps::new(),
            },
            LogicalPlan::Window(window) => {
                let input = self.flow(&window.input, outer);
                let mut columns = input.columns.clone();
                for expr in &window.window_expr {
                    let mut cell = self.cell(expr, window.input.schema(), &input, outer);
                    add(&mut cell.deps, &input.rows);
                    columns.push(cell);
                }
                Flow { columns, rows: input.rows }
            }
            other => self.anything(other, outer),
        }
    }

    /// Group keys pass; values of aggregates depend on their arguments, the group keys and what decides the rows.
    fn aggregate(&self, aggregate: &Aggregate, outer: &Deps) -> Flow {
        let input = self.flow(&aggregate.input, outer);
        let schema = aggregate.input.schema();
        let groups: Vec<&Expr> = aggregate.group_expr.iter().collect();
        let mut base = self.all(&groups, schema, &input, outer);
        add(&mut base, &input.rows);
        let plain = !aggregate.group_expr.iter().any(|expr| matches!(expr, Expr::GroupingSet(_)));
        let keys = aggregate.schema.fields().len() - aggregate.aggr_expr.len();
        let mut columns = Vec::new();
        for position in 0..keys {
            columns.push(match aggregate.group_expr.get(position).filter(|_| plain) {
                Some(expr) => self.cell(expr, schema, &input, outer),
                None => Cell { deps: base.clone(), ..Cell::default() },
            });
        }
        for expr in &aggregate.aggr_expr {
            let mut cell = self.cell(expr, schema, &input, outer);
            add(&mut cell.deps, &base);
            columns.push(cell);
        }
        Flow { columns, rows: base }
    }

    fn distinct(&self, input: &LogicalPlan, outer: &Deps) -> Flow {
        let mut flow = self.flow(input, outer);
        flow.columns.iter().for_each(|cell| add(&mut flow.rows, &cell.deps));
        flow
    }

    /// Each column depends on what it depends on in any branch, and on what decides the rows of the branches: a literal
    /// tells which branch a row came through.
    fn union(&self, union: &Union, outer: &Deps) -> Flow {
        let mut inputs = union.inputs.iter().map(|input| self.flow(input, outer));
        let mut all = inputs.next().unwrap_or_default();
        for input in inputs {
            add(&mut all.rows, &input.rows);
            for (cell, other) in all.columns.iter_mut().zip(&input.columns) {
                add(&mut cell.deps, &other.deps);
                cell.picked |= other.picked;
                cell.is_static &= other.is_static;
            }
        }
        for cell in &mut all.columns {
            add(&mut cell.deps, &all.rows);
        }
        all
    }

    fn scan(&self, relation: &str, schema: &DFSchema) -> Flow {
        let lineage = self.known.lineage(relation);
        let is_static = self.known.is_static(relation);
        let cell = |name: &String| Cell {
            deps: lineage.columns.get(name).cloned().unwrap_or_default(),
            picked: false,
            is_static,
        };
        Flow { columns: schema.fields().iter().map(|field| cell(field.name())).collect(), rows: lineage.rows }
    }

    /// A step that is not understood: everything depends on all inputs.
    fn anything(&self, plan: &LogicalPlan, outer: &Deps) -> Flow {
        let mut deps = Deps::new();
        for input in plan.inputs() {
            let flow = self.flow(input, outer);
            flow.columns.iter().for_each(|cell| add(&mut deps, &cell.deps));
            add(&mut deps, &flow.rows);
        }
        for subquery in super::timing::subqueries(plan) {
            add(&mut deps, &self.whole(&subquery, outer));
        }
        let cell = Cell { deps: deps.clone(), ..Cell::default() };
        Flow { columns: vec![cell; plan.schema().fields().len()], rows: deps }
    }

    /// A limit: the order beneath decides which rows exist; without one, everything does.
    fn limit(&self, input: &LogicalPlan, outer: &Deps) -> Flow {
        let mut flow = self.flow(input, outer);
        let mut sorted = input;
        while let LogicalPlan::Projection(_) | LogicalPlan::SubqueryAlias(_) = sorted {
            match sorted.inputs().first() {
                Some(below) => sorted = below,
                None => break,
            }
        }
        let mut deps = Deps::new();
        if let LogicalPlan::Sort(sort) = sorted {
            let below = self.flow(&sort.input, outer);
            let order: Vec<&Expr> = sort.expr.iter().map(|key| &key.expr).collect();
            deps = self.all(&order, sort.input.schema(), &below, outer);
        } else {
            flow.columns.iter().for_each(|cell| add(&mut deps, &cell.deps));
        }
        add(&mut flow.rows, &deps);
        flow
    }

    fn join(&self, join: &Join, outer: &Deps) -> Flow {
        let left = self.flow(&join.left, outer);
        let lateral = sees_the_left(&join.right);
        let mut outer_of_right = outer.clone();
        if lateral {
            left.columns.iter().for_each(|cell| add(&mut outer_of_right, &cell.deps));
            add(&mut outer_of_right, &left.rows);
        }
        let right = self.flow(&join.right, &outer_of_right);
        let missing_left = matches!(join.join_type, JoinType::Right | JoinType::Full);
        let missing_right = matches!(join.join_type, JoinType::Left | JoinType::Full);
        let mut condition = self.condition_of_join(join, &left, &right, outer);
        if lateral {
            add(&mut condition, &right.rows);
        }
        let side = |flow: &Flow, is_right: bool, may_miss: bool| -> Vec<Cell> {
            flow.columns
                .iter()
                .map(|cell| {
                    let mut cell = cell.clone();
                    cell.picked |= is_right || may_miss || cell.is_static;
                    if cell.picked {
                        add(&mut cell.deps, &condition);
                    }
                    if may_miss {
                        add(&mut cell.deps, &flow.rows);
                    }
                    cell
                })
                .collect()
        };
        let mut columns = Vec::new();
        if !matches!(join.join_type, JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark) {
            columns.extend(side(&left, false, missing_left));
        }
        if !matches!(join.join_type, JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark) {
            columns.extend(side(&right, true, missing_right));
        }
        let mut rows = left.rows;
        add(&mut rows, &right.rows);
        add(&mut rows, &condition);
        let width = join.schema.fields().len();
        columns.resize(width, Cell { deps: rows.clone(), picked: true, is_static: false });
        Flow { columns, rows }
    }

    /// What the condition of a join reads.
    pub(super) fn condition_of_join(&self, join: &Join, left: &Flow, right: &Flow, outer: &Deps) -> Deps {
        let mut condition = Deps::new();
        for (a, b) in &join.on {
            add(&mut condition, &self.all(&[a], join.left.schema(), left, outer));
            add(&mut condition, &self.all(&[b], join.right.schema(), right, outer));
        }
        if let (Some(filter), Ok(schema)) = (&join.filter, join.left.schema().join(join.right.schema())) {
            let columns = left.columns.iter().chain(&right.columns).cloned().collect();
            let both = Flow { columns, rows: Deps::new() };
            add(&mut condition, &self.all(&[filter], &schema, &both, outer));
        }
        condition
    }

    /// A condition of WHERE decides rows; where it compares two relations it also picks values, as a join's does.
    fn condition(&self, part: &Expr, schema: &DFSchema, input: &mut Flow, outer: &Deps) {
        let deps = self.all(&[part], schema, input, outer);
        let relations: std::collections::BTreeSet<String> = part
            .column_refs()
            .into_iter()
            .filter_map(|column| column.relation.as_ref().map(ToString::to_string))
            .collect();
        if relations.len() > 1 {
            input
                .columns
                .iter_mut()
                .filter(|cell| cell.picked || cell.is_static)
                .for_each(|cell| add(&mut cell.deps, &deps));
        }
        add(&mut input.rows, &deps);
    }

    /// The dependencies of an expression's value.
    fn cell(&self, expr: &Expr, schema: &DFSchema, input: &Flow, outer: &Deps) -> Cell {
        let mut cell = Cell { deps: Deps::new(), picked: false, is_static: true };
        let _ = expr.apply(|node| {
            match node {
                Expr::Column(column) => match position(schema, column).and_then(|i| input.columns.get(i)) {
                    Some(found) => {
                        add(&mut cell.deps, &found.deps);
                        cell.picked |= found.picked;
                        cell.is_static &= found.is_static;
                    }
                    None => input.columns.iter().for_each(|any| add(&mut cell.deps, &any.deps)),
                },
                Expr::OuterReferenceColumn(..) => add(&mut cell.deps, outer),
                _ => {}
            }
            Ok(TreeNodeRecursion::Continue)
        });
        let subqueries = expr_subqueries(expr);
        if !subqueries.is_empty() {
            let mut here = outer.clone();
            input.columns.iter().for_each(|any| add(&mut here, &any.deps));
            for subquery in subqueries {
                add(&mut cell.deps, &self.whole(&subquery, &here));
            }
            cell.is_static = false;
        }
        cell
    }

    /// The dependencies of several expressions' values.
    pub(super) fn all(&self, exprs: &[&Expr], schema: &DFSchema, input: &Flow, outer: &Deps) -> Deps {
        let mut deps = Deps::new();
        exprs.iter().for_each(|expr| add(&mut deps, &self.cell(expr, schema, input, outer).deps));
        deps
    }

    /// All that a subquery depends on.
    fn whole(&self, plan: &LogicalPlan, outer: &Deps) -> Deps {
        let flow = self.flow(plan, outer);
        let mut deps = flow.rows;
        flow.columns.iter().for_each(|cell| add(&mut deps, &cell.deps));
        deps
    }
}

fn position(schema: &DFSchema, column: &Column) -> Option<usize> {
    schema.maybe_index_of_column(column).or_else(|| schema.index_of_column(column).ok())
}
