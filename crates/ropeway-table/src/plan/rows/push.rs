//! New rows of a source, passed through every table that computes them one by one.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::logical_expr::{EmptyRelation, LogicalPlan};
use ropeway_vocab::{Problem, Result, Timing};

use super::execute::Earlier;
use super::row_wise::{RowWise, Rows, touches};
use crate::Relation;
use crate::plan::{RowTimes, TablePlan};

impl TablePlan {
    /// Whether new rows of `source` pass through `name` one by one; through the tables between them, too.
    ///
    /// # Errors
    /// There is no such relation.
    pub fn row_wise(&self, name: &str, source: &str) -> Result<RowWise> {
        let live = self.live(source)?;
        self.relation(name)?;
        for table in self.upstream(name)? {
            if !live.contains(&table) || table == source {
                continue;
            }
            let found = self.own_row_wise(&table, &live)?;
            if !found.is_yes() {
                return Ok(found);
            }
        }
        Ok(RowWise::Yes)
    }

    /// A check of a relation that rejects rows of a source for the sake of others, so that a run could reject what a server
    /// has acknowledged. `unique` over the key of the source does not: keys are unique already.
    ///
    /// # Errors
    /// There is no such relation.
    pub fn check_between_rows(&self, table: &str, source: &str) -> Result<Option<String>> {
        let key = &self.schema(source)?.key;
        for check in self.checks_of(table).filter(|check| check.rejects_rows()) {
            let columns = check.columns();
            let by_others = match check.refers_to() {
                Some((other, _)) => *self.timing(other)? != Timing::Static,
                None => check.is_unique() && (key.is_empty() || !key.iter().all(|name| columns.contains(name))),
            };
            if by_others {
                return Ok(Some(check.text().to_string()));
            }
        }
        Ok(None)
    }

    /// The relations whose rows stem from a source's, itself included.
    fn live(&self, source: &str) -> Result<BTreeSet<String>> {
        let mut live: BTreeSet<String> = self.downstream(source)?.into_iter().collect();
        live.insert(source.to_string());
        Ok(live)
    }

    fn own_row_wise(&self, table: &str, live: &BTreeSet<String>) -> Result<RowWise> {
        let part = self.table_part(table)?;
        let timing = |name: &str| self.timing(name).cloned().unwrap_or(Timing::Static);
        let live = |name: &str| live.contains(name);
        Ok(Rows { timing: &timing, live: &live, text: part.text() }.check(&part.logical))
    }

    /// Computes new rows of a source and of every table downstream that is row-wise for them. Checks of single rows
    /// apply, and what fails one is a problem that names the row; `unique`, `rows` and `fresh` do not apply. Tables that are
    /// not row-wise are left out: ask [`Self::row_wise`] first.
    ///
    /// `statics` holds the static relations that these tables join or that checks refer to.
    ///
    /// # Errors
    /// The rows do not fit the source, the SQL fails on one, or a check rejects one.
    pub async fn push(
        &self,
        source: &str,
        rows: RecordBatch,
        times: RowTimes,
        statics: &BTreeMap<String, Relation>,
    ) -> Result<BTreeMap<String, Relation>> {
        let live = self.live(source)?;
        let relation = self.source(source, vec![rows], times)?;
        self.check_rows(source, &relation, statics)?;
        let mut made = BTreeMap::from([(source.to_string(), relation)]);
        for table in self.downstream(source)? {
            let inputs = self.inputs(&table)?;
            let complete = inputs.iter().all(|input| !live.contains(input) || made.contains_key(input));
            if !complete || !self.own_row_wise(&table, &live)?.is_yes() {
                continue;
            }
            let mut given = BTreeMap::new();
            for input in inputs {
                given.insert(input.clone(), self.push_input(input, &made, statics)?);
            }
            let part = self.table_part(&table)?;
            let plan = only_live(part.executable.clone(), &|name| live.contains(name))?;
            let relation = self.run(&table, plan, &given, Earlier::Refused).await?;
            self.check_rows(&table, &relation, statics)?;
            made.insert(table, relation);
        }
        Ok(made)
    }

    /// What a table reads while new rows pass: the new rows, a static table as it is, nothing of others.
    fn push_input(
        &self,
        input: &str,
        made: &BTreeMap<String, Relation>,
        statics: &BTreeMap<String, Relation>,
    ) -> Result<Relation> {
        if let Some(new) = made.get(input) {
            return Ok(new.clone());
        }
        let planned = self.relation(input)?;
        if planned.schema.timing == Timing::Static {
            return statics
                .get(input)
                .cloned()
                .ok_or_else(|| Problem::internal(format!("new rows need the static relation `{input}`")));
        }
        Ok(Relation::empty(planned.schema.clone()))
    }
}

/// Leaves out the branches of a union that new rows do not pass.
fn only_live(plan: LogicalPlan, live: &dyn Fn(&str) -> bool) -> Result<LogicalPlan> {
    let keep = plan.transform_down(|node| {
        let LogicalPlan::Union(mut union) = node else {
            return Ok(Transformed::no(node));
        };
        for input in &mut union.inputs {
            if !touches(input, live) {
                let schema = std::sync::Arc::clone(input.schema());
                *input =
                    std::sync::Arc::new(LogicalPlan::EmptyRelation(EmptyRelation { produce_one_row: false, schema }));
            }
        }
        Ok(Transformed::yes(LogicalPlan::Union(union)))
    });
    keep.map(|plan| plan.data).map_err(|error| Problem::internal(error.strip_backtrace()))
}
