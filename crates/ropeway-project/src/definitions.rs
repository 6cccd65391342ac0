//! From the project's settings to the definitions that a table plan and a package take: SQL files read, the columns
//! of every source inferred from its first rows.

use indexmap::IndexMap;
use ropeway_source::{Inferred, TextByException};
use ropeway_table::{Definitions, SourceDef, TableDef};
use ropeway_vocab::{Place, Problem, Result};

use crate::Project;

/// Definitions, and what was seen on the way to them.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The definitions.
    pub definitions: Definitions,
    /// Columns of each source that are text for the sake of a few values.
    pub exceptions: Vec<(String, TextByException)>,
}

impl Project {
    /// Reads the SQL files and looks at the first rows of every source.
    ///
    /// # Errors
    /// As [`Self::looked`].
    pub fn definitions(&self) -> Result<Definitions> {
        self.looked().map(|looked| looked.definitions)
    }

    /// The definitions, with what is odd about the first rows.
    ///
    /// # Errors
    /// A file that is missing or cannot be read, whatever inferring the columns of a source finds, and a file that is read
    /// by a static source and by one that is not.
    pub fn looked(&self) -> Result<Looked> {
        let mut sources = IndexMap::new();
        let mut exceptions = Vec::new();
        for (name, settings) in &self.settings.source {
            let Inferred { columns, exceptions: found } = ropeway_source::inferred(name, settings, &self.root)
                .map_err(|problem| self.locate(problem, &["source", name, "path"]))?;
            exceptions.extend(found.into_iter().map(|exception| (name.clone(), exception)));
            sources.insert(name.clone(), SourceDef { settings: settings.clone(), columns });
        }
        self.check_copies()?;
        let mut tables = IndexMap::new();
        for (name, settings) in &self.settings.table {
            let sql_text = self.sql(name, &settings.sql)?;
            let definition = TableDef { settings: settings.clone(), sql_text, file: settings.sql.clone() };
            tables.insert(name.clone(), definition);
        }
        let definitions = Definitions { sources, tables, checks: self.settings.check.clone() };
        Ok(Looked { definitions, exceptions })
    }

    fn sql(&self, table: &str, file: &str) -> Result<String> {
        let path = ["table", table, "sql"];
        let bytes = std::fs::read(self.root.join(file)).map_err(|error| {
            Problem::io(format_args!("reading the SQL of table `{table}`, {file}"), &error)
                .at(self.document.value_place(&path))
        })?;
        let text = String::from_utf8(bytes).map_err(|_| {
            Problem::invalid("not-utf8", format!("{file} is not UTF-8 text"))
                .at(Place::file(file))
                .remedy("save it as UTF-8")
        })?;
        if text.trim().is_empty() {
            return Err(Problem::invalid("empty-sql", format!("the SQL of table `{table}` is empty"))
                .at(Place::line(file, 1))
                .remedy("write a SELECT over a source or another table"));
        }
        Ok(text)
    }
}
