//! Columns of the data behind the examples that the model does not read: whoever sends a whole row of a file need not pick.

use std::collections::BTreeSet;

use ropeway_vocab::{AT, Result};
use serde_json::{Map, Value};

use crate::package::Package;
use crate::readings::at_of;

/// The columns that an example may have besides those that are asked for.
#[derive(Debug, Clone)]
pub struct Unread {
    names: BTreeSet<String>,
    /// Those that `at` is computed from, which say something where there is no `at`.
    of_time: BTreeSet<String>,
    /// The one that `at` is, where it is one.
    at: Option<String>,
}

impl Unread {
    /// Columns of the examples' table, and of the sources that it is made of, that are not asked for.
    ///
    /// # Errors
    /// Definitions that do not fit the features (a defect).
    pub fn of(package: &Package) -> Result<Self> {
        let (plan, tables) = (&package.contents.plan, package.tables()?);
        let inputs: BTreeSet<String> = plan.input_columns().into_iter().map(|column| column.name).collect();
        let upstream = tables.upstream(plan.examples_table())?;
        let sources = package.contents.definitions.sources.iter().filter(|(name, _)| upstream.contains(name));
        let columns = sources.flat_map(|(_, source)| &source.columns);
        let columns = columns.chain(&tables.schema(plan.examples_table())?.columns);
        let not_asked = |name: &str| !inputs.contains(name);
        let of_time =
            at_of(package)?.into_iter().flat_map(|at| at.columns().into_iter().map(str::to_owned).collect::<Vec<_>>());
        Ok(Self {
            names: columns.map(|column| column.name.clone()).filter(|name| not_asked(name)).collect(),
            of_time: of_time.filter(|name| not_asked(name)).collect(),
            at: plan.at_name().filter(|name| not_asked(name)).map(str::to_owned),
        })
    }

    /// Leaves them out. The column that `at` is stands for it, as in a file; what it is computed from stays where there is no `at`,
    /// and is refused as not known: to leave it out would answer as of another time.
    pub fn leave_out(&self, examples: &mut [Map<String, Value>]) {
        for example in examples {
            if let Some(name) = &self.at
                && !example.contains_key(AT)
                && let Some(value) = example.remove(name)
            {
                example.insert(AT.to_owned(), value);
            }
            let has_at = example.contains_key(AT);
            example.retain(|name, _| !self.names.contains(name) || !has_at && self.of_time.contains(name));
        }
    }
}
