//! Which sources a column of a table is read by, so that its values can be read alike where they stand outside any source.

use std::collections::BTreeSet;

use ropeway_source::SourceSettings;
use ropeway_vocab::Result;

use super::ROWS;
use crate::plan::TablePlan;

impl TablePlan {
    /// The settings of the sources that values computed from these columns come from, in the order in which they are
    /// written. Of several sources those count that the columns `key` come from, by which rows are found (those that make the
    /// rows, where there is no key); they also count where the columns come from no source.
    ///
    /// # Errors
    /// There is no such relation or column; the nearest is named.
    pub fn read_by(&self, table: &str, columns: &[&str], key: &[&str]) -> Result<Vec<&SourceSettings>> {
        let mut own = self.sources_of(table, key)?;
        if own.is_empty() {
            own = self.relation(table)?.lineage.makes.iter().map(String::as_str).collect();
        }
        let from = self.sources_of(table, columns)?;
        let both: BTreeSet<&str> = from.intersection(&own).copied().collect();
        let sources = if !both.is_empty() {
            both
        } else if !from.is_empty() {
            from
        } else {
            own
        };
        let all = self.definitions.sources.iter().filter(|(name, _)| sources.contains(name.as_str()));
        Ok(all.map(|(_, source)| &source.settings).collect())
    }

    /// The sources that the values of these columns are computed from, whatever picks them.
    fn sources_of(&self, table: &str, columns: &[&str]) -> Result<BTreeSet<&str>> {
        let relation = self.relation(table)?;
        let mut sources = BTreeSet::new();
        for column in columns {
            relation.schema.position(column)?;
            let deps = relation.cell(column).into_iter().flat_map(|cell| cell.deps.values());
            sources.extend(deps.filter(|dep| dep.column != ROWS).map(|dep| dep.source.as_str()));
        }
        Ok(sources)
    }
}
