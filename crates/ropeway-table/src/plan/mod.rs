//! The plan of all relations of a project: what each is, what it depends on, how its rows relate to time; and
//! the functions that make their rows.

mod account;
mod build;
mod left_out;
mod lineage;
mod order;
mod physical;
mod rows;
mod source;
mod time;
mod unlike;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use indexmap::IndexMap;
use ropeway_vocab::{Clock, Instant, Problem, Result, TableSchema, Timing};

pub use account::{Account, AccountStep};
pub use left_out::{Chooser, LeftOut};
pub use lineage::{Dep, Lineage, ROWS};
pub(crate) use physical::failure;
pub use rows::RowWise;
pub(crate) use rows::collect;
pub use time::{CARRYING, OpenTime, RowTimes};

use self::build::Before;
use self::lineage::{Cell, Deps, Known, RelationLineage};
use self::time::SourceTime;
use crate::Definitions;
use crate::check::Check;
use crate::sql::{RowExpr, Text, partitioned};

/// All relations of a project, checked: SQL planned, types, timing and lineage known.
#[derive(Clone)]
pub struct TablePlan {
    definitions: Definitions,
    relations: IndexMap<String, Planned>,
    order: Vec<String>,
    checks: Vec<Check>,
    clock: Arc<dyn Clock>,
    partitions: usize,
    session: Arc<OnceLock<SessionState>>,
}

/// One relation.
#[derive(Clone)]
struct Planned {
    schema: TableSchema,
    inputs: Vec<String>,
    lineage: RelationLineage,
    normalized: String,
    kind: Kind,
}

impl Planned {
    /// What a column depends on, and the rows that it is read from.
    fn cell(&self, column: &str) -> Option<&Cell> {
        self.schema.position(column).ok().and_then(|position| self.lineage.paired.columns.get(position))
    }
}

#[derive(Clone)]
enum Kind {
    Source(SourceTime),
    Table(Box<TablePart>),
}

/// What only a table has.
#[derive(Clone)]
struct TablePart {
    /// The plan as the SQL says, over visible columns.
    logical: LogicalPlan,
    /// What is executed: types settled, known-at carried where the inputs have it.
    executable: LogicalPlan,
    /// Whether [`Self::executable`] gives the hidden column.
    carries: bool,
    /// The later time that the table states.
    stated: Option<RowExpr>,
    file: String,
    sql: String,
}

impl TablePart {
    fn text(&self) -> Text<'_> {
        Text { file: &self.file, sql: &self.sql }
    }
}

impl std::fmt::Debug for TablePlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TablePlan").field("order", &self.order).finish_non_exhaustive()
    }
}

impl TablePlan {
    /// The definitions it was made from.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// All relations in an order in which they can be made and checked: what one reads comes before it.
    pub fn order(&self) -> &[String] {
        &self.order
    }

    /// Whether there is a source or table of that name.
    pub fn has(&self, name: &str) -> bool {
        self.relations.contains_key(name)
    }

    /// Whether it is a source.
    pub fn is_source(&self, name: &str) -> bool {
        self.relations.get(name).is_some_and(|relation| matches!(relation.kind, Kind::Source(_)))
    }

    fn relation(&self, name: &str) -> Result<&Planned> {
        self.relations.get(name).ok_or_else(|| self.definitions.unknown(name))
    }

    fn table_part(&self, name: &str) -> Result<&TablePart> {
        match &self.relation(name)?.kind {
            Kind::Table(part) => Ok(part),
            Kind::Source(_) => Err(Problem::internal(format!("`{name}` is a source, not a table"))),
        }
    }

    /// Whether it is a source of which all rows are known ahead: a timetable.
    pub fn is_planned(&self, name: &str) -> bool {
        self.definitions.sources.get(name).is_some_and(|source| source.settings.planned)
    }

    /// The schema of a source or table.
    ///
    /// # Errors
    /// There is none of that name; the nearest is named.
    pub fn schema(&self, name: &str) -> Result<&TableSchema> {
        Ok(&self.relation(name)?.schema)
    }

    /// How its rows relate to time.
    ///
    /// # Errors
    /// As [`Self::schema`].
    pub fn timing(&self, name: &str) -> Result<&Timing> {
        Ok(&self.relation(name)?.schema.timing)
    }

    /// What the rows of a source are read from, its own name where that is not known: sources of equal files are the same
    /// rows under two names.
    pub fn file(&self, source: &str) -> String {
        Before(&self.relations).file(source)
    }

    /// The relations that its SQL reads, in alphabetical order; none for a source.
    ///
    /// # Errors
    /// As [`Self::schema`].
    pub fn inputs(&self, name: &str) -> Result<&[String]> {
        Ok(&self.relation(name)?.inputs)
    }

    /// The other relations whose rows a check of this one refers to, in alphabetical order.
    ///
    /// # Errors
    /// As [`Self::schema`].
    pub fn referenced(&self, name: &str) -> Result<Vec<String>> {
        self.relation(name)?;
        let others = self.checks_of(name).filter_map(|check| check.reference()).filter(|other| *other != name);
        Ok(others.map(str::to_string).collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// The definition as text in which comments and white space do not show: the unoptimized plan of a table, the
    /// settings of a source without its path. Equal texts over equal inputs give equal rows.
    ///
    /// # Errors
    /// As [`Self::schema`].
    pub fn normalized(&self, name: &str) -> Result<&str> {
        Ok(&self.relation(name)?.normalized)
    }

    /// The checks of a relation as text in which white space does not show, in the order in which they apply.
    ///
    /// # Errors
    /// As [`Self::schema`].
    pub fn normalized_checks(&self, name: &str) -> Result<Vec<String>> {
        self.relation(name)?;
        Ok(self.checks_of(name).map(Check::normalized).collect())
    }

    pub(crate) fn checks_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Check> {
        self.checks.iter().filter(move |check| check.table() == name)
    }

    /// The schema of a source or table whose rows are found by the columns `by`: what stands beside their values may be
    /// picked by a value that is known only later. Where none are given, the relation's own key is taken.
    ///
    /// # Errors
    /// There is no such relation or column; the nearest is named.
    pub fn schema_by(&self, name: &str, by: &[String]) -> Result<TableSchema> {
        let mut schema = self.schema(name)?.clone();
        for (column, deps) in schema.columns.iter_mut().zip(self.seen_by(name, by)?) {
            column.known_ahead = deps.values().all(|dep| dep.known_ahead);
        }
        Ok(schema)
    }

    /// What a column depends on, the rows found as in [`Self::schema_by`], and what decides the rows of its relation.
    ///
    /// # Errors
    /// There is no such relation or column; the nearest is named.
    pub fn lineage(&self, table: &str, column: &str, by: &[String]) -> Result<Lineage> {
        let relation = self.relation(table)?;
        let position = relation.schema.position(column)?;
        let paired = &relation.lineage.paired;
        let deps = paired.column_seen_from(&self.positions(table, by)?, position).unwrap_or_default();
        Ok(Lineage { values: deps.into_values().collect(), rows: relation.lineage.rows.values().cloned().collect() })
    }

    fn seen_by(&self, name: &str, by: &[String]) -> Result<Vec<Deps>> {
        Ok(self.relation(name)?.lineage.paired.seen_from(&self.positions(name, by)?))
    }

    /// Where the columns are by which rows are found.
    fn positions(&self, name: &str, by: &[String]) -> Result<Vec<usize>> {
        let schema = self.schema(name)?;
        let by = if by.is_empty() { &schema.key } else { by };
        by.iter().map(|column| schema.position(column)).collect()
    }

    /// What is not known ahead and decides, through filters, joins and checks, which rows of a table there are, those found
    /// as in [`Self::schema_by`]; [`ROWS`] of a source where no more of it is asked than which rows there will be. Rows that have
    /// their time in the columns `at` are there with it.
    ///
    /// # Errors
    /// There is no such relation or column; the nearest is named.
    pub fn later_known_rows(&self, table: &str, by: &[String], at: &[String]) -> Result<Vec<Dep>> {
        let schema = self.schema(table)?;
        let at = at.iter().map(|column| schema.position(column)).collect::<Result<Vec<_>>>()?;
        let chosen = self.relation(table)?.lineage.paired.chosen_by(&self.positions(table, by)?, &at);
        let later: Vec<Dep> = chosen.into_values().filter(|dep| !dep.known_ahead).collect();
        let by_column = |source: &str| later.iter().any(|dep| dep.source == source && dep.column != ROWS);
        Ok(later.iter().filter(|dep| dep.column != ROWS || !by_column(&dep.source)).cloned().collect())
    }

    /// The first source of a relation's rows of which it is not known ahead which rows there will be.
    ///
    /// # Errors
    /// As [`Self::schema`].
    pub fn rows_to_come(&self, table: &str) -> Result<Option<Dep>> {
        let rows = &self.relation(table)?.lineage.rows;
        Ok(rows.values().find(|dep| !dep.known_ahead && dep.column == ROWS).cloned())
    }

    /// The relations that read a relation, directly or through others, in the order in which they can be made.
    ///
    /// # Errors
    /// As [`Self::schema`].
    pub fn downstream(&self, name: &str) -> Result<Vec<String>> {
        self.relation(name)?;
        let mut reached = BTreeSet::from([name]);
        let mut found = Vec::new();
        for table in &self.order {
            let reads =
                self.relations.get(table).is_some_and(|r| r.inputs.iter().any(|i| reached.contains(i.as_str())));
            if reads {
                reached.insert(table);
                found.push(table.clone());
            }
        }
        Ok(found)
    }

    /// All relations that a relation is made from, itself included, in the order in which they can be made.
    ///
    /// # Errors
    /// As [`Self::schema`].
    pub fn upstream(&self, name: &str) -> Result<Vec<String>> {
        self.relation(name)?;
        let mut needed = BTreeSet::from([name]);
        for table in self.order.iter().rev() {
            if needed.contains(table.as_str()) {
                needed.extend(self.relations.get(table).into_iter().flat_map(|r| r.inputs.iter().map(String::as_str)));
            }
        }
        Ok(self.order.iter().filter(|table| needed.contains(table.as_str())).cloned().collect())
    }

    /// Sets the clock by which `fresh` checks measure age. Default: the machine's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets how many partitions row-wise SQL runs in. Results do not depend on it: SQL whose result could (aggregates,
    /// windows, limits) always runs in one. Default: the number of processors.
    #[must_use]
    pub fn with_partitions(mut self, partitions: usize) -> Self {
        self.partitions = partitions.max(1);
        self.session = Arc::default();
        self
    }

    /// The present instant.
    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }

    fn session(&self) -> &SessionState {
        self.session.get_or_init(|| partitioned(self.partitions))
    }
}

#[cfg(test)]
mod tests;
