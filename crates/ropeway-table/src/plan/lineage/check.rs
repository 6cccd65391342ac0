//! What a check that rejects rows decides them by. It chooses rows as a filter in SQL does, so that what is looked up or
//! counted of the rows that it leaves depends on all that it reads.

use indexmap::IndexMap;
use ropeway_vocab::{Result, Timing};

use super::dep::{Deps, add};
use super::origin::{Cell, Condition};
use super::{Dep, ROWS};
use crate::check::Check;
use crate::plan::{Planned, TablePlan};

impl TablePlan {
    /// The columns of its own relation that check `index` of the project decides by, and what it depends on in the relation
    /// that it refers to.
    pub fn read_by_check(&self, index: usize) -> (Vec<String>, Vec<Dep>) {
        let Some(check) = self.checks.get(index) else { return (Vec::new(), Vec::new()) };
        (check.columns(), referred(check, &self.relations).into_values().collect())
    }

    /// What a relation's rows or values depend on through a check that holds rows against another relation, and that is not
    /// known ahead: the rows do not have the other's time, as those of a join would.
    ///
    /// # Errors
    /// There is no such relation.
    pub fn later_reference(&self, table: &str) -> Result<Option<Dep>> {
        let lineage = &self.relation(table)?.lineage;
        let of_columns = lineage.paired.columns.iter().flat_map(|cell| cell.deps.values());
        let mut all = lineage.rows.values().chain(of_columns);
        Ok(all.find(|dep| dep.by_reference && !dep.known_ahead).cloned())
    }
}

/// What a check of a relation decides its rows by; nothing where it rejects no row. It pairs what its own columns are read
/// from.
pub(in crate::plan) fn chosen(check: &Check, name: &str, relations: &IndexMap<String, Planned>) -> Option<Condition> {
    let relation = relations.get(name).filter(|_| check.rejects_rows())?;
    let mut of = Cell::default();
    check.columns().iter().filter_map(|column| relation.cell(column)).for_each(|cell| of.add(cell));
    if check.is_unique() && relation.schema.timing == Timing::Timed {
        first_known(relation, relations, &mut of);
    }
    add(&mut of.deps, &referred(check, relations));
    let step = format!("check of {name}: {}", check.text());
    for dep in of.deps.values_mut() {
        dep.by_check = true;
        dep.path.insert(0, step.clone());
    }
    Some(Condition::filter(of))
}

/// What decides which values the relation has that a check refers to.
fn referred(check: &Check, relations: &IndexMap<String, Planned>) -> Deps {
    let mut deps = Deps::new();
    let found = check.refers_to().and_then(|(other, columns)| Some((relations.get(other)?, columns)));
    let Some((other, columns)) = found else { return deps };
    add(&mut deps, &other.lineage.rows);
    for column in columns {
        other.cell(column).into_iter().for_each(|cell| add(&mut deps, &cell.deps));
    }
    deps.values_mut().for_each(|dep| dep.by_reference = true);
    deps
}

/// `unique` keeps the row that is known first, and of those known at the same time the first by key.
fn first_known(relation: &Planned, relations: &IndexMap<String, Planned>, of: &mut Cell) {
    let later: Vec<&str> = relation
        .schema
        .columns
        .iter()
        .filter(|column| !column.known_ahead)
        .map(|column| column.name.as_str())
        .collect();
    later.iter().filter_map(|column| relation.cell(column)).for_each(|cell| add(&mut of.deps, &cell.deps));
    let timed = |source: &str| relations.get(source).is_some_and(|source| source.schema.timing == Timing::Timed);
    for dep in relation.lineage.rows.values().filter(|dep| dep.column == ROWS && timed(&dep.source)) {
        let (column, path) = ("known_at".to_string(), vec![format!("known_at of {}", dep.source)]);
        let time = Dep { column: column.clone(), known_ahead: false, path, ..dep.clone() };
        of.deps.entry((dep.source.clone(), column)).or_insert(time);
    }
    of.origins.extend(relation.lineage.paired.timed());
    if relation.schema.key.iter().any(|key| later.contains(&key.as_str())) {
        of.origins.extend(relation.lineage.paired.origins());
    }
}
