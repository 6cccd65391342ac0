//! What defines all relations of a project: it travels in the package and holds no path of any data.

use indexmap::IndexMap;
use ropeway_source::SourceSettings;
use ropeway_vocab::{ColumnSpec, Problem, Result, nearest};
use serde::{Deserialize, Serialize};

use crate::{CheckSettings, TableSettings};

/// A source with the columns that its files have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceDef {
    /// Its settings, without the path of its files.
    pub settings: SourceSettings,
    /// Its columns in order; their labels follow from the settings.
    pub columns: Vec<ColumnSpec>,
    /// Columns that its files call by one name: they are told by their places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated: Vec<Vec<String>>,
}

/// A table with its SQL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableDef {
    /// Its settings.
    pub settings: TableSettings,
    /// The text of its SQL file.
    pub sql_text: String,
    /// The SQL file as problems name it, relative to the project.
    pub file: String,
}

/// All sources, tables and checks of a project, in the order in which they are written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Definitions {
    /// Sources by name.
    pub sources: IndexMap<String, SourceDef>,
    /// Tables by name.
    pub tables: IndexMap<String, TableDef>,
    /// Checks of either.
    pub checks: Vec<CheckSettings>,
}

impl Definitions {
    /// The names of all relations: sources, then tables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().chain(self.tables.keys()).map(String::as_str)
    }

    /// The same without the paths of sources.
    #[must_use]
    pub fn without_paths(&self) -> Self {
        let mut copy = self.clone();
        for source in copy.sources.values_mut() {
            source.settings = source.settings.without_path();
        }
        copy
    }

    /// A problem for a relation that does not exist, with the nearest name.
    pub(crate) fn unknown(&self, name: &str) -> Problem {
        let problem = Problem::invalid("unknown-table", format!("table `{name}` is not known"));
        let same = self.names().find(|known| known.eq_ignore_ascii_case(name));
        if let Some(known) = same {
            return problem
                .remedy(format!("did you mean \"{known}\"? SQL folds names without double quotes to lower case"));
        }
        match nearest(name, self.names()) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None => {
                let known: Vec<&str> = self.names().collect();
                problem.remedy(format!("known sources and tables: {}", known.join(", ")))
            }
        }
    }

    /// Refuses names that cannot be: reserved, empty, or one name for two relations.
    pub(crate) fn check_names(&self) -> Result<()> {
        for name in self.names() {
            if name.is_empty() || name.starts_with("__") {
                return Err(Problem::invalid("reserved-name", format!("a relation cannot be named `{name}`"))
                    .remedy("choose a name that is not empty and does not begin with two underscores"));
            }
        }
        match self.tables.keys().find(|name| self.sources.contains_key(*name)) {
            None => Ok(()),
            Some(name) => Err(Problem::invalid("duplicate-name", format!("`{name}` is both a source and a table"))
                .remedy("give one of them another name")),
        }
    }
}

/// Refuses column names that no column has.
pub(crate) fn known_columns(columns: &[ColumnSpec], names: &[String], what: &str) -> Result<()> {
    for name in names {
        if columns.iter().any(|column| &column.name == name) {
            continue;
        }
        let problem = Problem::invalid("unknown-column", format!("{what} names column `{name}`, which is not known"));
        let known = columns.iter().map(|column| column.name.as_str());
        return Err(match nearest(name, known.clone()) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None => problem.remedy(format!("known columns: {}", known.collect::<Vec<_>>().join(", "))),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fixture::{check, definitions};
    use crate::{CheckSettings, Definitions, TableSettings};

    #[test]
    fn definitions_travel_as_json() {
        let mut definitions = definitions(&[("t", "SELECT id FROM flights"), ("a", "SELECT 1 AS x")]);
        definitions.checks.push(check(|c| c.rows = Some(">= 1".to_string())));
        let text = serde_json::to_string(&definitions).unwrap();
        let back: Definitions = serde_json::from_str(&text).unwrap();
        assert_eq!(back, definitions);
        assert_eq!(back.tables.keys().collect::<Vec<_>>(), definitions.tables.keys().collect::<Vec<_>>());
    }

    #[test]
    fn unknown_keys_of_sections_are_refused() {
        assert!(serde_json::from_str::<TableSettings>(r#"{"sql": "a.sql", "keys": ["a"]}"#).is_err());
        assert!(serde_json::from_str::<CheckSettings>(r#"{"table": "t", "thatt": "a > 1"}"#).is_err());
        let check: CheckSettings = serde_json::from_str(r#"{"table": "t", "in": {"a": [1, 2.5, "x", true]}}"#).unwrap();
        assert_eq!(serde_json::to_value(&check).unwrap()["in"], serde_json::json!({"a": [1, 2.5, "x", true]}));
        assert!(serde_json::to_string(&schemars::schema_for!(CheckSettings)).unwrap().contains("\"in\""));
    }
}
