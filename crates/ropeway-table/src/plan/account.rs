//! How the rows of a table come of those of its inputs, in steps that add up: what each filter and each DISTINCT leaves out, where
//! every row of the table is one of an input; else what all of its SQL together adds or leaves out.

use std::collections::BTreeMap;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Distinct, LogicalPlan};
use ropeway_vocab::{Place, Result};
use serde::{Deserialize, Serialize};

use super::left_out::{count, place};
use super::{TablePart, TablePlan};
use crate::Relation;

/// Rows of the inputs, and what becomes of them: together the rows that the SQL of a table makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Each time that the SQL reads a relation, with its rows.
    pub inputs: Vec<(String, u64)>,
    /// What changes their number.
    pub steps: Vec<AccountStep>,
}

/// A step that changes the number of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountStep {
    /// What it is, to follow "left out by" or "added by".
    pub by: String,
    /// Rows that it adds, or leaves out.
    pub change: i64,
}

impl TablePlan {
    /// The account of a table whose SQL made so many rows of these inputs. A single step that leaves rows out is known without
    /// counting; of several, those before the last are executed once more.
    ///
    /// # Errors
    /// It is no table.
    pub async fn account(&self, name: &str, inputs: &BTreeMap<String, Relation>, made: u64) -> Result<Account> {
        let part = self.table_part(name)?;
        let read = scans(&part.logical, inputs);
        let all: u64 = read.iter().map(|(_, rows)| rows).sum();
        let change = |from: u64, to: u64| to as i64 - from as i64;
        let takers = if is_chain(&part.logical) { takers(&part.logical) } else { Vec::new() };
        let mut steps = Vec::new();
        let mut left = all;
        for (node, below) in takers.iter().take(takers.len().saturating_sub(1)) {
            let (before, after) = (rows(below, inputs).await, count((*node).clone(), inputs).await);
            let Some((before, after)) = before.zip(after) else { return Ok(together(part, read, change(all, made))) };
            left = left.saturating_sub(before.saturating_sub(after));
            steps.push(AccountStep { by: named(part, node), change: change(before, after) });
        }
        let Some((last, _)) = takers.last() else { return Ok(together(part, read, change(all, made))) };
        steps.push(AccountStep { by: named(part, last), change: change(left, made) });
        Ok(Account { inputs: read, steps })
    }
}

/// All that the SQL does as one step.
fn together(part: &TablePart, inputs: Vec<(String, u64)>, change: i64) -> Account {
    let mut kinds: Vec<&str> = Vec::new();
    let _ = part.logical.apply_with_subqueries(|node| {
        let kind = match node {
            LogicalPlan::Filter(_) => Some("filters"),
            LogicalPlan::Join(_) => Some("joins"),
            LogicalPlan::Aggregate(_) => Some("groups"),
            LogicalPlan::Distinct(_) => Some("DISTINCT"),
            LogicalPlan::Limit(_) => Some("LIMIT"),
            LogicalPlan::Unnest(_) => Some("UNNEST"),
            _ => None,
        };
        kinds.extend(kind.filter(|kind| !kinds.contains(kind)));
        Ok(TreeNodeRecursion::Continue)
    });
    kinds.reverse();
    let by = match kinds.split_last() {
        None => format!("the SQL of {}", part.file),
        Some((one, [])) => format!("the {one} of {}", part.file),
        Some((last, before)) => format!("the {} and {last} of {}", before.join(", "), part.file),
    };
    let steps = if change == 0 { Vec::new() } else { vec![AccountStep { by, change }] };
    Account { inputs, steps }
}

/// Whether each row of a plan is one of its inputs.
fn is_chain(plan: &LogicalPlan) -> bool {
    let passes = match plan {
        LogicalPlan::TableScan(_)
        | LogicalPlan::Projection(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::Window(_)
        | LogicalPlan::Union(_)
        | LogicalPlan::Distinct(Distinct::All(_)) => true,
        LogicalPlan::Sort(sort) => sort.fetch.is_none(),
        _ => false,
    };
    passes && plan.inputs().into_iter().all(is_chain)
}

/// The steps that leave rows out with what they read, in the order in which they are executed.
fn takers(plan: &LogicalPlan) -> Vec<(&LogicalPlan, &LogicalPlan)> {
    let mut all: Vec<_> = plan.inputs().into_iter().flat_map(takers).collect();
    match plan {
        LogicalPlan::Filter(filter) => all.push((plan, filter.input.as_ref())),
        LogicalPlan::Distinct(Distinct::All(input)) => all.push((plan, input.as_ref())),
        _ => {}
    }
    all
}

/// How many rows a chain has: those of its inputs where nothing leaves any out.
async fn rows(plan: &LogicalPlan, inputs: &BTreeMap<String, Relation>) -> Option<u64> {
    match takers(plan).is_empty() {
        true => Some(scans(plan, inputs).iter().map(|(_, rows)| rows).sum()),
        false => count(plan.clone(), inputs).await,
    }
}

fn scans(plan: &LogicalPlan, inputs: &BTreeMap<String, Relation>) -> Vec<(String, u64)> {
    let mut all = Vec::new();
    let _ = plan.apply(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let name = scan.table_name.table();
            all.push((name.to_owned(), inputs.get(name).map_or(0, |relation| relation.rows() as u64)));
        }
        Ok(TreeNodeRecursion::Continue)
    });
    all
}

fn named(part: &TablePart, node: &LogicalPlan) -> String {
    let at = |what: &str, Place { file, line, .. }: Place| match line {
        Some(line) => format!("{what} ({file}:{line})"),
        None => format!("{what} ({file})"),
    };
    match node {
        LogicalPlan::Filter(filter) => {
            let conditions = [filter.predicate.clone()];
            at("a filter", place(part, &["where", "qualify", "filter"], &conditions))
        }
        _ => at("DISTINCT, which takes equal rows as one", part.text().word(&["distinct", "union"])),
    }
}
