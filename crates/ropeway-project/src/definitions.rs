//! From the project's settings to the definitions that a table plan and a package take: SQL files read, the columns
//! of every source inferred from its first rows.

use indexmap::IndexMap;
use ropeway_table::{Definitions, SourceDef, TableDef};
use ropeway_vocab::{Place, Problem, Result};

use crate::Project;

impl Project {
    /// Reads the SQL files and looks at the first rows of every source.
    ///
    /// # Errors
    /// A file that is missing or cannot be read, whatever inferring the columns of a source finds, and a file that is read
    /// by a static source and by one that is not.
    pub fn definitions(&self) -> Result<Definitions> {
        let mut sources = IndexMap::new();
        for (name, settings) in &self.settings.source {
            let columns = ropeway_source::infer(name, settings, &self.root)
                .map_err(|problem| self.locate(problem, &["source", name, "path"]))?;
            sources.insert(name.clone(), SourceDef { settings: settings.without_path(), columns });
        }
        self.check_copies()?;
        let mut tables = IndexMap::new();
        for (name, settings) in &self.settings.table {
            let sql_text = self.sql(name, &settings.sql)?;
            let definition = TableDef { settings: settings.clone(), sql_text, file: settings.sql.clone() };
            tables.insert(name.clone(), definition);
        }
        Ok(Definitions { sources, tables, checks: self.settings.check.clone() })
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
