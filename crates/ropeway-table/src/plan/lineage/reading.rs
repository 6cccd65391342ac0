//! Which sources a column of a table is read by, so that its values can be read alike where they stand outside any source.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::{Column, JoinType};
use datafusion::logical_expr::{Distinct, Expr, LogicalPlan};
use ropeway_source::SourceSettings;
use ropeway_vocab::Result;

use super::ROWS;
use crate::plan::{Kind, TablePlan};

impl TablePlan {
    /// The settings of the sources that values computed from these columns come from, in the order in which they are
    /// written, each with its own columns that they come from. Of several sources those count that the columns `key` come
    /// from, by which rows are found (those that make the rows, where there is no key); they also count where the columns
    /// come from no source.
    ///
    /// # Errors
    /// There is no such relation or column; the nearest is named.
    pub fn read_by(
        &self,
        table: &str,
        columns: &[&str],
        key: &[&str],
    ) -> Result<Vec<(&SourceSettings, BTreeSet<&str>)>> {
        let mut own: BTreeSet<&str> = self.sources_of(table, key)?.into_keys().collect();
        if own.is_empty() {
            own = self.relation(table)?.lineage.makes.iter().map(String::as_str).collect();
        }
        let of_columns = self.sources_of(table, columns)?;
        let from: BTreeSet<&str> = of_columns.keys().copied().collect();
        let both: BTreeSet<&str> = from.intersection(&own).copied().collect();
        let chosen = if !both.is_empty() {
            both
        } else if !from.is_empty() {
            from
        } else {
            own
        };
        let all = self.definitions.sources.iter().filter(|(name, _)| chosen.contains(name.as_str()));
        let columns = |name: &String| of_columns.get(name.as_str()).cloned().unwrap_or_default();
        Ok(all.map(|(name, source)| (&source.settings, columns(name))).collect())
    }

    /// Whether a column of a table has the values of a column of a source as that source reads them: SQL renames and joins it
    /// at most.
    pub fn passes_on(&self, table: &str, column: &str) -> bool {
        let Ok(relation) = self.relation(table) else { return false };
        match (&relation.kind, relation.schema.position(column)) {
            (Kind::Source(_), Ok(_)) => true,
            (Kind::Table(part), Ok(position)) => self.passed(&part.logical, position),
            (_, Err(_)) => false,
        }
    }

    /// The source, and the column of it, whose values a column of a table has; none where it has not those of one.
    pub fn passed_from(&self, table: &str, column: &str) -> Option<(&str, &str)> {
        let from = if self.passes_on(table, column) { self.sources_of(table, &[column]).ok()? } else { return None };
        let (source, columns) = from.iter().next().filter(|_| from.len() == 1)?;
        Some((source, columns.first().filter(|_| columns.len() == 1)?))
    }

    fn passed(&self, plan: &LogicalPlan, position: usize) -> bool {
        match plan {
            LogicalPlan::TableScan(scan) => scan.projected_schema.fields().get(position).is_some_and(|field| {
                let table = scan.table_name.table();
                self.passes_on(table, field.name())
            }),
            LogicalPlan::Projection(projection) => {
                let read = projection.expr.get(position).map(plain_column);
                let at = read.flatten().and_then(|column| projection.input.schema().maybe_index_of_column(column));
                at.is_some_and(|at| self.passed(&projection.input, at))
            }
            LogicalPlan::SubqueryAlias(alias) => self.passed(&alias.input, position),
            LogicalPlan::Filter(filter) => self.passed(&filter.input, position),
            LogicalPlan::Sort(sort) => self.passed(&sort.input, position),
            LogicalPlan::Limit(limit) => self.passed(&limit.input, position),
            LogicalPlan::Distinct(Distinct::All(input)) => self.passed(input, position),
            LogicalPlan::Union(union) => union.inputs.iter().all(|input| self.passed(input, position)),
            LogicalPlan::Window(window) => {
                position < window.input.schema().fields().len() && self.passed(&window.input, position)
            }
            LogicalPlan::Aggregate(aggregate) => {
                let read = aggregate.group_expr.get(position).and_then(plain_column);
                let at = read.and_then(|column| aggregate.input.schema().maybe_index_of_column(column));
                at.is_some_and(|at| self.passed(&aggregate.input, at))
            }
            LogicalPlan::Join(join) if begins_left(join.join_type) => {
                match position.checked_sub(join.left.schema().fields().len()) {
                    None => self.passed(&join.left, position),
                    Some(right) => self.passed(&join.right, right),
                }
            }
            _ => false,
        }
    }

    /// The sources that the values of these columns are computed from, and their columns, whatever picks them.
    fn sources_of(&self, table: &str, columns: &[&str]) -> Result<BTreeMap<&str, BTreeSet<&str>>> {
        let relation = self.relation(table)?;
        let mut sources: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for column in columns {
            relation.schema.position(column)?;
            let deps = relation.cell(column).into_iter().flat_map(|cell| cell.deps.values());
            for dep in deps.filter(|dep| dep.column != ROWS) {
                sources.entry(dep.source.as_str()).or_default().insert(dep.column.as_str());
            }
        }
        Ok(sources)
    }
}

/// Whether a join has the columns of its left side, then those of its right one, if any.
fn begins_left(join: JoinType) -> bool {
    use JoinType::{Full, Inner, Left, LeftAnti, LeftSemi, Right};
    matches!(join, Inner | Left | Right | Full | LeftSemi | LeftAnti)
}

/// The column that an expression is, whatever it is called.
fn plain_column(expr: &Expr) -> Option<&Column> {
    match expr {
        Expr::Column(column) => Some(column),
        Expr::Alias(alias) => plain_column(&alias.expr),
        _ => None,
    }
}
