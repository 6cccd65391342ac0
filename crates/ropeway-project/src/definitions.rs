//! From the project's settings to the definitions that a table plan and a package take: SQL files read, the columns
//! of every source inferred from its first rows.

use indexmap::IndexMap;
use ropeway_source::{Inferred, Noticed, TextByException};
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
    /// What else should be known of the files of each.
    pub noticed: Vec<(String, Noticed)>,
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
        let (mut exceptions, mut noticed) = (Vec::new(), Vec::new());
        for (name, settings) in &self.settings.source {
            let Inferred { columns, exceptions: found, noticed: seen, repeated } =
                ropeway_source::inferred(name, settings, &self.root)
                    .map_err(|problem| self.at_source(problem, name))?;
            exceptions.extend(found.into_iter().map(|exception| (name.clone(), exception)));
            noticed.extend(seen.into_iter().map(|noticed| (name.clone(), noticed)));
            sources.insert(name.clone(), SourceDef { settings: settings.clone(), columns, repeated });
        }
        self.check_copies()?;
        let mut tables = IndexMap::new();
        for (name, settings) in &self.settings.table {
            let sql_text = self.sql(name, &settings.sql)?;
            let definition = TableDef { settings: settings.clone(), sql_text, file: settings.sql.clone() };
            tables.insert(name.clone(), definition);
        }
        let definitions = Definitions { sources, tables, checks: self.settings.check.clone() };
        Ok(Looked { definitions, exceptions, noticed })
    }

    /// A problem of a source's settings, or of what they say where its files lie, in the place of the setting; one inside a file
    /// keeps its own.
    fn at_source(&self, problem: Problem, name: &str) -> Problem {
        if problem.place().is_some_and(|place| place.line.is_some()) {
            return problem;
        }
        let mut quoted = problem.what().split('`').skip(1).step_by(2).filter(|text| *text != name);
        let (key, value) = (quoted.next().unwrap_or_default(), quoted.next().unwrap_or_default());
        let place = if self.document.has(&["source", name, key]) {
            let at = self.document.place_of_text(&["source", name, key], value);
            at.unwrap_or_else(|| self.document.place(&["source", name, key, value]))
        } else if problem.code() == "unknown-column" {
            return problem;
        } else {
            self.document.value_place(&["source", name, "path"])
        };
        problem.at(place)
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
            return Err(Problem::invalid("sql-empty", format!("the SQL of table `{table}` is empty"))
                .at(Place::line(file, 1))
                .remedy("write a SELECT over a source or another table"));
        }
        Ok(text)
    }
}
