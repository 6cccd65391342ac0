//! The keyed state: everything that lookups and windows answer from. Built from whole tables, it grows by
//! inserts of new facts, and both ways give the same answers.

mod facts;
mod lookup;
mod window;

use std::collections::BTreeMap;
use std::sync::Arc;

use ropeway_table::{Relation, row_name};
use ropeway_vocab::{Problem, Result};

pub(crate) use facts::{Facts, at, timestamps};
pub(crate) use lookup::LookupState;
pub(crate) use window::WindowState;

use crate::kernel::{Aggregate, Dated, Fact, Keyed};
use crate::plan::FeaturePlan;

/// The facts and rows behind all lookups and windows of a plan, by key and time.
#[derive(Debug, Clone, Default)]
pub struct KeyedState {
    tables: BTreeMap<String, Facts>,
    lookups: BTreeMap<String, LookupState>,
    windows: BTreeMap<String, WindowState>,
}

impl KeyedState {
    /// The state of every lookup and window, from whole tables by name. A duplicate key in an exact lookup is
    /// a problem.
    pub fn build(plan: &FeaturePlan, tables: &BTreeMap<String, Relation>) -> Result<Self> {
        Self::build_where(plan, tables, |_, _| true)
    }

    /// The state of one lookup alone.
    pub fn of_lookup(plan: &FeaturePlan, name: &str, tables: &BTreeMap<String, Relation>) -> Result<Self> {
        Self::build_where(plan, tables, |kind, step| kind == "lookup" && step == name)
    }

    /// The state of one window alone.
    pub fn of_window(plan: &FeaturePlan, name: &str, tables: &BTreeMap<String, Relation>) -> Result<Self> {
        Self::build_where(plan, tables, |kind, step| kind == "window" && step == name)
    }

    fn build_where(
        plan: &FeaturePlan,
        tables: &BTreeMap<String, Relation>,
        wanted: impl Fn(&str, &str) -> bool,
    ) -> Result<Self> {
        let mut state = Self::default();
        // Table name, and whether ties between its rows must be broken by canonical order.
        let mut needed: BTreeMap<&str, bool> = BTreeMap::new();
        for step in plan.lookups().iter().filter(|step| wanted("lookup", &step.name)) {
            *needed.entry(&step.table).or_default() |= step.as_of.is_some();
            state.lookups.insert(step.name.clone(), LookupState::new(Arc::clone(step)));
        }
        for step in plan.windows().iter().filter(|step| wanted("window", &step.name)) {
            *needed.entry(&step.table).or_default() |= step.aggregate == Aggregate::Last;
            state.windows.insert(step.name.clone(), WindowState::new(Arc::clone(step)));
        }
        for (name, ordered) in needed {
            let relation = tables
                .get(name)
                .ok_or_else(|| Problem::internal(format!("the keyed state was not given the table `{name}`")))?;
            state.tables.insert(name.to_string(), Facts::new(relation.schema().clone(), ordered));
            state.insert(name, relation)?;
        }
        Ok(state)
    }

    /// Adds new rows of a table: at once visible to every lookup and window over it, as of their known-at. A
    /// table that nothing refers to is no problem. All or nothing.
    pub fn insert(&mut self, table: &str, rows: &Relation) -> Result<()> {
        let read = self.read(table, rows)?;
        self.enter(table, rows, read)
    }

    /// Whether [`KeyedState::insert`] would take the rows, and why not.
    pub fn accepts(&self, table: &str, rows: &Relation) -> Result<()> {
        self.read(table, rows).map(|_| ())
    }

    /// What new rows mean to each lookup and window. Everything that can be wrong with them shows here.
    fn read(&self, table: &str, rows: &Relation) -> Result<Entries> {
        let mut entries = Entries::default();
        let Some(facts) = self.tables.get(table) else { return Ok(entries) };
        let (batch, first) = (rows.batch(), facts.next(rows.rows())?);
        for (name, lookup) in self.lookups.iter().filter(|(_, lookup)| lookup.step().table == table) {
            entries.lookups.push((name.clone(), lookup.read(batch, first)?));
        }
        let called = |row: usize| row_name(facts.schema(), batch, row);
        for (name, window) in self.windows.iter().filter(|(_, window)| window.step().table == table) {
            entries.windows.push((name.clone(), window.read(batch, first, &called)?));
        }
        Ok(entries)
    }

    fn enter(&mut self, table: &str, rows: &Relation, entries: Entries) -> Result<()> {
        let Some(facts) = self.tables.get_mut(table) else { return Ok(()) };
        facts.append(rows)?;
        for (name, read) in entries.lookups {
            if let Some(lookup) = self.lookups.get_mut(&name) {
                lookup.insert(read, facts);
            }
        }
        for (name, read) in entries.windows {
            if let Some(window) = self.windows.get_mut(&name) {
                window.insert(read, facts);
            }
        }
        Ok(())
    }

    /// The tables it holds rows of.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// The number of rows it holds of a table.
    pub fn rows(&self, table: &str) -> u64 {
        self.tables.get(table).map_or(0, |facts| u64::from(facts.len()))
    }

    pub(crate) fn facts(&self, table: &str) -> Result<&Facts> {
        self.tables.get(table).ok_or_else(|| missing("table", table))
    }

    pub(crate) fn lookup(&self, name: &str) -> Result<&LookupState> {
        self.lookups.get(name).ok_or_else(|| missing("lookup", name))
    }

    pub(crate) fn window(&self, name: &str) -> Result<&WindowState> {
        self.windows.get(name).ok_or_else(|| missing("window", name))
    }
}

/// New rows as lookups and windows take them, by name.
#[derive(Default)]
struct Entries {
    lookups: Vec<(String, Keyed<Dated>)>,
    windows: Vec<(String, Keyed<Fact>)>,
}

fn missing(what: &str, name: &str) -> Problem {
    Problem::internal(format!("the keyed state does not hold the {what} `{name}`"))
}
