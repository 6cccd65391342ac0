//! Which sources a column of a table is read by, so that its values can be read alike where they stand outside any source.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_source::SourceSettings;
use ropeway_vocab::Result;

use super::ROWS;
use crate::plan::TablePlan;

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
