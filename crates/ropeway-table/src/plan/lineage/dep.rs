//! What columns and rows depend on: source columns, each with the way it took.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::origin::Paired;

/// The name under which the existence of a source's rows counts as one of its columns.
pub const ROWS: &str = "*";

/// A source column that something depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dep {
    /// The source.
    pub source: String,
    /// The column, or [`ROWS`] for the existence of its rows.
    pub column: String,
    /// Whether it is known ahead; columns of a static source always are.
    pub known_ahead: bool,
    /// Whether a check that rejects rows reads it, and no SQL does.
    pub by_check: bool,
    /// Whether a check holds rows against it in another relation, whose time the rows that stay do not have.
    pub by_reference: bool,
    /// How it gets there, nearest first: `"flights_b.slip (tables/b.sql:2)"`, ..., `"flights.dep_delay"`.
    pub path: Vec<String>,
}

/// What a column of a relation depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    /// What its value is computed from.
    pub values: Vec<Dep>,
    /// What decides which rows of the relation exist.
    pub rows: Vec<Dep>,
}

/// Dependencies by source and column.
pub(crate) type Deps = BTreeMap<(String, String), Dep>;

/// The lineage of a whole relation.
#[derive(Debug, Clone, Default)]
pub(crate) struct RelationLineage {
    /// Its columns in the order of its schema, and what pairs them.
    pub(crate) paired: Paired,
    /// What decides its rows.
    pub(crate) rows: Deps,
    /// What makes rows equal, of which one stays.
    pub(crate) equal: Deps,
    /// The path of a source's files; empty where none is known, as in a package, and for a table.
    pub(crate) file: String,
    /// The sources whose rows make its rows.
    pub(crate) makes: BTreeSet<String>,
}

impl RelationLineage {
    /// All dependencies, each to be changed.
    pub(crate) fn each(&mut self) -> impl Iterator<Item = &mut Deps> {
        let Paired { columns, conditions, .. } = &mut self.paired;
        let of_columns = columns.iter_mut().map(|cell| &mut cell.deps);
        of_columns
            .chain(conditions.iter_mut().map(|condition| &mut condition.of.deps))
            .chain([&mut self.rows, &mut self.equal])
    }
}

/// Adds dependencies; of two ways to one column the first stays.
pub(in crate::plan) fn add(into: &mut Deps, from: &Deps) {
    for (key, dep) in from {
        let known = into.entry(key.clone()).or_insert_with(|| dep.clone());
        known.by_reference |= dep.by_reference;
    }
}
