//! How far another future may differ: in which sources facts may come and go, and why not in others.

use std::collections::BTreeMap;

use ropeway_table::{Relation, RowWise, TablePlan};
use ropeway_vocab::{ColumnSpec, ColumnType, Result, Timing};

use super::compare::{KeySet, identities, identity};
use crate::plan::FeaturePlan;

/// How a source may change beyond overwriting.
pub(super) enum Freedom {
    /// Any fact may come or go.
    Free,
    /// Its rows become examples: rows of settled examples stay, new rows get a new value in this key column.
    Examples(Option<usize>),
    /// A fact may be missing and none may come, because of this: one more would give a row two partners, which no future
    /// need bring.
    Missing(String),
    /// No fact may come or go, because of this.
    Fixed(String),
}

/// What the freedom of a source depends on.
struct World<'a> {
    tables: &'a TablePlan,
    plan: &'a FeaturePlan,
    /// The keys of all examples.
    examples: &'a [Vec<u8>],
}

/// The freedom of every timed source. `examples` are the keys of all examples.
pub(super) fn freedoms(
    tables: &TablePlan,
    plan: &FeaturePlan,
    sources: &BTreeMap<String, Relation>,
    examples: &[Vec<u8>],
) -> Result<BTreeMap<String, Freedom>> {
    let world = World { tables, plan, examples };
    let timed = |name: &str, relation: &Relation| tables.is_source(name) && relation.schema().timing == Timing::Timed;
    let sources = sources.iter().filter(|(name, relation)| timed(name, relation));
    sources.map(|(name, relation)| Ok((name.clone(), world.freedom(name, relation)?))).collect()
}

impl World<'_> {
    fn freedom(&self, name: &str, relation: &Relation) -> Result<Freedom> {
        let Self { tables, plan, .. } = *self;
        let mut used = plan.tables();
        used.push(plan.examples_table());
        let mut feeds = false;
        for table in used {
            if !tables.upstream(table)?.iter().any(|input| input == name) {
                continue;
            }
            feeds |= table == plan.examples_table();
            if let RowWise::No { reason, .. } = tables.row_wise(table, name)? {
                let reason = format!("`{table}` is not row-wise: {reason}");
                let given = tables.is_planned(name) || self.makes_examples(name)?;
                return Ok(if given { Freedom::Fixed(reason) } else { Freedom::Missing(reason) });
            }
            if let Some(lookup) = plan.lookups().iter().find(|step| step.table == table && step.as_of.is_none()) {
                return Ok(Freedom::Fixed(format!("its rows are known ahead for [lookup.{}]", lookup.name)));
            }
        }
        if feeds { self.as_examples(name, relation) } else { Ok(Freedom::Free) }
    }

    /// Whether examples are told apart by what this source says: without its rows they would be others.
    fn makes_examples(&self, name: &str) -> Result<bool> {
        let (table, by) = (self.plan.examples_table(), self.plan.key_names());
        for column in identity(self.plan) {
            if self.tables.schema(table)?.column(&column.name).is_none() {
                continue;
            }
            let values = self.tables.lineage(table, &column.name, &by)?.values;
            if values.iter().any(|dep| dep.source == name) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether rows of a source can be told apart by the key of the examples they become.
    fn as_examples(&self, name: &str, relation: &Relation) -> Result<Freedom> {
        let Self { tables, plan, .. } = *self;
        let fixed = |reason: &str| Ok(Freedom::Fixed(reason.to_string()));
        if plan.key().is_empty() {
            return fixed("its rows become examples, and examples have no key");
        }
        let by = plan.key_names();
        for key in plan.key() {
            let lineage = tables.lineage(plan.examples_table(), &key.name, &by)?;
            let same = lineage.values.iter().all(|dep| dep.source == name && dep.column == key.name);
            if !same || relation.schema().column(&key.name).is_none_or(|column| column.ty != key.ty) {
                return fixed("its rows become examples under another key");
            }
        }
        let keys: KeySet = identities(plan, relation.batch())?.into_iter().collect();
        if !self.examples.iter().all(|key| keys.contains(key)) {
            return fixed("its rows become examples under another key");
        }
        // A column whose value can be new, if possible without moving the row away from the windows it belongs to.
        let windows = plan.windows();
        let moves = |name: &str| windows.iter().any(|window| window.by.iter().any(|pair| pair.table == name));
        let fits = |column: &&ColumnSpec| matches!(column.ty, ColumnType::Integer | ColumnType::Text);
        let mut candidates: Vec<&ColumnSpec> = plan.key().iter().filter(fits).collect();
        candidates.sort_by_key(|column| moves(&column.name));
        let position = candidates.first().map(|column| relation.schema().position(&column.name)).transpose()?;
        Ok(Freedom::Examples(position))
    }
}
