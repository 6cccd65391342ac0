//! How many rows the filters and joins of a table leave out that read a column known only later: what such a step
//! chooses, it chooses by the future.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, Filter, Join, JoinType, LogicalPlan, LogicalPlanBuilder, lit};
use ropeway_vocab::{Place, Problem, Result};

use super::build::Before;
use super::dep::Deps;
use super::lineage::Walk;
use super::{ROWS, TablePart, TablePlan};
use crate::Relation;
use crate::sql::single;

/// A filter or join that reads a column not known ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chooser {
    /// The source of the column.
    pub source: String,
    /// The column.
    pub column: String,
    /// Where it stands.
    pub place: Place,
}

/// How many rows a step leaves out, and of how many. `None` where that cannot be told without executing a product of
/// tables, or where a part of a filter fails on rows that another part of it keeps away.
pub type LeftOut = Option<(u64, u64)>;

/// A step that chooses rows, and the plans before and after it.
struct Choice {
    chooser: Chooser,
    plans: Option<(LogicalPlan, LogicalPlan)>,
}

impl TablePlan {
    /// The filters and joins of a table's own SQL that read later-known columns, innermost first; none for a source.
    ///
    /// # Errors
    /// There is no such relation.
    pub fn choosers(&self, name: &str) -> Result<Vec<Chooser>> {
        Ok(self.choices(name)?.into_iter().map(|choice| choice.chooser).collect())
    }

    /// What each of [`Self::choosers`] leaves out of these inputs. A filter of several conditions counts with those that
    /// read the column; an inner join with the rows of its left side that find no match.
    ///
    /// # Errors
    /// There is no such relation, or an input is missing.
    pub async fn left_out(&self, name: &str, inputs: &BTreeMap<String, Relation>) -> Result<Vec<LeftOut>> {
        if let Some(missing) = self.inputs(name)?.iter().find(|input| !inputs.contains_key(*input)) {
            return Err(Problem::internal(format!("the rows of `{missing}` are not there")));
        }
        let mut found = Vec::new();
        for choice in self.choices(name)? {
            found.push(match choice.plans {
                Some((before, after)) => {
                    let counts = (count(before, inputs).await, count(after, inputs).await);
                    counts.0.zip(counts.1).map(|(before, after)| (before.saturating_sub(after), before))
                }
                None => None,
            });
        }
        Ok(found)
    }

    fn choices(&self, name: &str) -> Result<Vec<Choice>> {
        if self.is_source(name) {
            return Ok(Vec::new());
        }
        let part = self.table_part(name)?;
        let walk = Walk { known: &Before(&self.relations) };
        let mut found = Vec::new();
        let _ = part.logical.apply(|node| {
            match node {
                LogicalPlan::Filter(filter) => found.push(of_filter(&walk, part, filter)),
                LogicalPlan::Join(join) => found.push(of_join(&walk, part, join)),
                _ => {}
            }
            Ok(TreeNodeRecursion::Continue)
        });
        // The innermost comes first, as it is executed.
        Ok(found.into_iter().rev().flatten().collect())
    }
}

/// The columns not known ahead among dependencies.
fn later(deps: &Deps) -> impl Iterator<Item = (String, String)> {
    let later = deps.values().filter(|dep| !dep.known_ahead && dep.column != ROWS);
    later.map(|dep| (dep.source.clone(), dep.column.clone()))
}

fn of_filter(walk: &Walk<'_>, part: &TablePart, filter: &Filter) -> Vec<Choice> {
    let none = Deps::new();
    let input = walk.flow(&filter.input, &none);
    let mut by: BTreeMap<(String, String), Vec<Expr>> = BTreeMap::new();
    for condition in split_conjunction(&filter.predicate) {
        for column in later(&walk.all(&[condition], filter.input.schema(), &input, &none)) {
            by.entry(column).or_default().push(condition.clone());
        }
    }
    let choice = |((source, column), conditions): ((String, String), Vec<Expr>)| {
        let place = place(part, &["where", "having", "qualify", "filter"], &conditions);
        let plans = conjunction(conditions).filter(|_| !is_product(&filter.input)).and_then(|conditions| {
            let after = LogicalPlan::Filter(Filter::try_new(conditions, Arc::clone(&filter.input)).ok()?);
            Some((filter.input.as_ref().clone(), after))
        });
        Choice { chooser: Chooser { source, column, place }, plans }
    };
    by.into_iter().map(choice).collect()
}

fn of_join(walk: &Walk<'_>, part: &TablePart, join: &Join) -> Vec<Choice> {
    let none = Deps::new();
    let (left, right) = (walk.flow(&join.left, &none), walk.flow(&join.right, &none));
    let by = walk.condition_of_join(join, &left, &right, &none);
    let mut conditions: Vec<Expr> = join.on.iter().flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
    conditions.extend(join.filter.clone());
    let place = place(part, &["join"], &conditions);
    let plans = before_and_after(join).filter(|(before, _)| !is_product(before));
    let choice =
        |(source, column)| Choice { chooser: Chooser { source, column, place: place.clone() }, plans: plans.clone() };
    later(&by).map(choice).collect()
}

/// The rows of the side that a join chooses from, and those of them that it keeps.
fn before_and_after(join: &Join) -> Option<(LogicalPlan, LogicalPlan)> {
    let (left, right) = (join.left.as_ref().clone(), join.right.as_ref().clone());
    match join.join_type {
        JoinType::Inner | JoinType::Right => {
            let matched = Join::try_new(
                Arc::clone(&join.left),
                Arc::clone(&join.right),
                join.on.clone(),
                join.filter.clone(),
                JoinType::LeftSemi,
                join.join_constraint,
                join.null_equality,
                false,
            );
            Some((left, LogicalPlan::Join(matched.ok()?)))
        }
        // Every row of the left side stays.
        JoinType::Left | JoinType::Full => Some((left.clone(), left)),
        JoinType::LeftSemi | JoinType::LeftAnti => Some((left, LogicalPlan::Join(join.clone()))),
        JoinType::RightSemi | JoinType::RightAnti => Some((right, LogicalPlan::Join(join.clone()))),
        JoinType::LeftMark | JoinType::RightMark => None,
    }
}

/// Whether a plan pairs every row with every other; the optimizer would not do so in the whole plan, but here it would.
fn is_product(plan: &LogicalPlan) -> bool {
    let own = matches!(plan, LogicalPlan::Join(join) if join.on.is_empty() && join.filter.is_none());
    own || plan.inputs().into_iter().any(is_product)
}

/// Where the first of these columns stands behind the first of these words; else where the word stands.
fn place(part: &TablePart, words: &[&str], conditions: &[Expr]) -> Place {
    let text = part.text();
    let names: Vec<String> =
        conditions.iter().flat_map(Expr::column_refs).map(|column| column.name.to_lowercase()).collect();
    let word = text.word(words);
    let tokens = text.tokens();
    let behind = |line, column| (Some(line), Some(column)) >= (word.line, word.column);
    let column = tokens.iter().find(|token| match &token.token {
        datafusion::sql::sqlparser::tokenizer::Token::Word(found) => {
            behind(token.span.start.line, token.span.start.column) && names.contains(&found.value.to_lowercase())
        }
        _ => false,
    });
    column.map_or(word.clone(), |token| text.place(token.span.start))
}

/// How many rows a plan has; nothing where it fails.
async fn count(plan: LogicalPlan, inputs: &BTreeMap<String, Relation>) -> Option<u64> {
    let plan = LogicalPlanBuilder::from(plan).project([lit(1_i64)]).ok()?.build().ok()?;
    let batches = super::collect(single(), plan, inputs, 1).await.ok()?;
    Some(batches.iter().map(|batch| batch.num_rows() as u64).sum())
}
