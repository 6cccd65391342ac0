//! How many rows the filters and joins of a table leave out that read a column known only later: what such a step
//! chooses, it chooses by the future.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Distinct, Expr, Filter, Join, JoinType, LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::sql::sqlparser::tokenizer::Token;
use ropeway_vocab::{Place, Problem, Result};

use super::build::Before;
use super::lineage::{Deps, Walk};
use super::{TablePart, TablePlan};
use crate::Relation;
use crate::sql::{first_column, single};

/// A filter or join that reads a column not known ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chooser {
    /// The source of the column.
    pub source: String,
    /// The column, or [`ROWS`](super::ROWS) where its rows may still come.
    pub column: String,
    /// Where it stands.
    pub place: Place,
}

/// How many rows a step leaves out, and of how many. `None` where that cannot be told: without executing a product of
/// tables, where a part of a filter fails on rows that another part of it keeps away, or where a join has made several
/// rows of one, so that what is counted are no longer rows of a table.
pub type LeftOut = Option<(u64, u64)>;

/// A step that chooses rows by the columns of these.
struct Step {
    choosers: Vec<Chooser>,
    rows: Option<Rows>,
}

/// The rows that a step chooses from.
enum Rows {
    /// A plan before and after it.
    Of(LogicalPlan, LogicalPlan),
    /// Those of the side whose rows it does not multiply.
    OfSide(Join),
}

impl TablePlan {
    /// The filters and joins of a table's own SQL that read later-known columns, innermost first; none for a source.
    ///
    /// # Errors
    /// There is no such relation.
    pub fn choosers(&self, name: &str) -> Result<Vec<Chooser>> {
        Ok(self.choices(name)?.into_iter().flat_map(|step| step.choosers).collect())
    }

    /// What each of [`Self::choosers`] leaves out of these inputs. A filter of several conditions counts with those
    /// that read the column; an inner join with the rows that find no match of the side whose rows it does not
    /// multiply, the left one where it multiplies neither; INTERSECT and EXCEPT with rows of their left side, equal
    /// ones each by itself.
    ///
    /// # Errors
    /// There is no such relation, or an input is missing.
    pub async fn left_out(&self, name: &str, inputs: &BTreeMap<String, Relation>) -> Result<Vec<LeftOut>> {
        if let Some(missing) = self.inputs(name)?.iter().find(|input| !inputs.contains_key(*input)) {
            return Err(Problem::internal(format!("the rows of `{missing}` are not there")));
        }
        let mut found = Vec::new();
        for step in self.choices(name)? {
            let counted = match step.rows {
                Some(rows) => counted(rows, inputs).await,
                None => None,
            };
            found.extend(step.choosers.iter().map(|_| counted));
        }
        Ok(found)
    }

    fn choices(&self, name: &str) -> Result<Vec<Step>> {
        if self.is_source(name) {
            return Ok(Vec::new());
        }
        let part = self.table_part(name)?;
        let before = Before(&self.relations);
        let walk = Walk::new(&before);
        let mut found = Vec::new();
        let _ = part.logical.apply(|node| {
            match node {
                LogicalPlan::Filter(filter) => found.push(of_filter(&walk, part, filter)),
                LogicalPlan::Join(join) => found.push(vec![of_join(&walk, part, join)]),
                _ => {}
            }
            Ok(TreeNodeRecursion::Continue)
        });
        // The innermost comes first, as it is executed.
        Ok(found.into_iter().rev().flatten().collect())
    }
}

/// The columns not known ahead among dependencies, and the sources of which it is not known which rows there will be.
fn later(deps: &Deps) -> impl Iterator<Item = (String, String)> {
    let later = deps.values().filter(|dep| !dep.known_ahead);
    later.map(|dep| (dep.source.clone(), dep.column.clone()))
}

fn of_filter(walk: &Walk<'_>, part: &TablePart, filter: &Filter) -> Vec<Step> {
    let mut by: BTreeMap<(String, String), Vec<Expr>> = BTreeMap::new();
    for condition in split_conjunction(&filter.predicate) {
        for column in later(&walk.read_by_filter(condition, &filter.input)) {
            by.entry(column).or_default().push(condition.clone());
        }
    }
    let step = |((source, column), conditions): ((String, String), Vec<Expr>)| {
        let place = place(part, &["where", "having", "qualify", "filter"], &conditions);
        let after = conjunction(conditions).and_then(|all| Filter::try_new(all, Arc::clone(&filter.input)).ok());
        let rows = after.map(|after| Rows::Of(filter.input.as_ref().clone(), LogicalPlan::Filter(after)));
        Step { choosers: vec![Chooser { source, column, place }], rows }
    };
    by.into_iter().map(step).collect()
}

fn of_join(walk: &Walk<'_>, part: &TablePart, join: &Join) -> Step {
    let by = walk.read_by_join(join);
    let mut conditions: Vec<Expr> = join.on.iter().flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
    conditions.extend(join.filter.clone());
    // The columns of a set operation are those of a whole SELECT, and stand nowhere in particular.
    let place = match join.join_type {
        JoinType::LeftSemi | JoinType::LeftAnti => part.text().word(&["intersect", "except", "semi", "anti", "join"]),
        _ => place(part, &["join"], &conditions),
    };
    let chooser = |(source, column)| Chooser { source, column, place: place.clone() };
    Step { choosers: later(&by).map(chooser).collect(), rows: of_sides(join) }
}

/// The rows that a join chooses from.
fn of_sides(join: &Join) -> Option<Rows> {
    let of = |side: &LogicalPlan, found| Some(Rows::Of(side.clone(), as_type(join, found)?));
    match join.join_type {
        JoinType::Inner => Some(Rows::OfSide(join.clone())),
        // Every row of the other side stays.
        JoinType::Left => of(&join.right, JoinType::RightSemi),
        JoinType::Right => of(&join.left, JoinType::LeftSemi),
        JoinType::Full => Some(Rows::Of(join.left.as_ref().clone(), join.left.as_ref().clone())),
        JoinType::LeftSemi | JoinType::LeftAnti => {
            // A set operation takes repeated rows together first: they are not left out.
            let left = match join.left.as_ref() {
                LogicalPlan::Distinct(Distinct::All(each)) => each,
                _ => &join.left,
            };
            let join = as_type(&Join { left: Arc::clone(left), ..join.clone() }, join.join_type)?;
            Some(Rows::Of(left.as_ref().clone(), join))
        }
        JoinType::RightSemi | JoinType::RightAnti => {
            Some(Rows::Of(join.right.as_ref().clone(), LogicalPlan::Join(join.clone())))
        }
        JoinType::LeftMark | JoinType::RightMark => None,
    }
}

fn as_type(join: &Join, join_type: JoinType) -> Option<LogicalPlan> {
    let (left, right) = (Arc::clone(&join.left), Arc::clone(&join.right));
    let (on, filter) = (join.on.clone(), join.filter.clone());
    let (constraint, nulls) = (join.join_constraint, join.null_equality);
    Join::try_new(left, right, on, filter, join_type, constraint, nulls, false).ok().map(LogicalPlan::Join)
}

type Inputs = BTreeMap<String, Relation>;

async fn counted(rows: Rows, inputs: &Inputs) -> LeftOut {
    let (before, after) = match rows {
        Rows::Of(before, after) => (before, after),
        Rows::OfSide(join) => {
            if is_product(&LogicalPlan::Join(join.clone())) {
                return None;
            }
            let (side, join_type) = match multiplies(&join, inputs).await? {
                (false, _) => (&join.left, JoinType::LeftSemi),
                (true, false) => (&join.right, JoinType::RightSemi),
                (true, true) => return None,
            };
            (side.as_ref().clone(), as_type(&join, join_type)?)
        }
    };
    if is_product(&before) {
        return None;
    }
    for join in joins(&before) {
        let (left, right) = multiplies(join, inputs).await?;
        let many = match join.join_type {
            JoinType::Left => left,
            JoinType::Right => right,
            JoinType::Full => left || right,
            _ => left && right,
        };
        if many {
            return None;
        }
    }
    let (before, after) = (count(before, inputs).await?, count(after, inputs).await?);
    Some((before.saturating_sub(after), before))
}

/// Whether rows of the left side, and of the right, find more than one match.
async fn multiplies(join: &Join, inputs: &Inputs) -> Option<(bool, bool)> {
    let pairs = count(as_type(join, JoinType::Inner)?, inputs).await?;
    let left = count(as_type(join, JoinType::LeftSemi)?, inputs).await?;
    let right = count(as_type(join, JoinType::RightSemi)?, inputs).await?;
    Some((pairs > left, pairs > right))
}

/// The joins that may have made several rows of one. What groups rows counts groups.
fn joins(plan: &LogicalPlan) -> Vec<&Join> {
    let below = || plan.inputs().into_iter().flat_map(joins);
    match plan {
        LogicalPlan::Aggregate(_) | LogicalPlan::Distinct(_) => Vec::new(),
        LogicalPlan::Join(join) if matches!(join.join_type, JoinType::LeftSemi | JoinType::LeftAnti) => {
            joins(&join.left)
        }
        LogicalPlan::Join(join) => std::iter::once(join).chain(below()).collect(),
        _ => below().collect(),
    }
}

/// Whether a plan pairs every row with every other; the optimizer would not do so in the whole plan, but here it would.
fn is_product(plan: &LogicalPlan) -> bool {
    let own = matches!(plan, LogicalPlan::Join(join) if join.on.is_empty() && join.filter.is_none());
    own || plan.inputs().into_iter().any(is_product)
}

/// Where the first column of these conditions stands; where the planner has not noted it, the first of that name behind
/// the first of these words; else where the word stands.
pub(super) fn place(part: &TablePart, words: &[&str], conditions: &[Expr]) -> Place {
    let text = part.text();
    let noted = conditions.iter().find_map(|condition| first_column(condition).ok().flatten());
    if let Some(span) = noted {
        return text.begins(span);
    }
    let names: Vec<String> =
        conditions.iter().flat_map(Expr::column_refs).map(|column| column.name.to_lowercase()).collect();
    let word = text.word(words);
    let tokens = text.tokens();
    let behind = |line, column| (Some(line), Some(column)) >= (word.line, word.column);
    let column = tokens.iter().find(|token| match &token.token {
        Token::Word(found) => {
            behind(token.span.start.line, token.span.start.column) && names.contains(&found.value.to_lowercase())
        }
        _ => false,
    });
    column.map_or(word.clone(), |token| text.place(token.span.start))
}

/// How many rows a plan has; nothing where it fails.
pub(super) async fn count(plan: LogicalPlan, inputs: &Inputs) -> Option<u64> {
    let plan = LogicalPlanBuilder::from(plan).project([lit(1_i64)]).ok()?.build().ok()?;
    let batches = super::collect(single(), plan, inputs, 1).await.ok()?;
    Some(batches.iter().map(|batch| batch.num_rows() as u64).sum())
}
