//! How each column is read where columns come from several sources, as those of a request do.

use std::collections::BTreeMap;
use std::sync::Arc;

use ropeway_vocab::{ColumnSpec, Result};

use crate::settings::SourceSettings;
use crate::value::coercion::Coercion;

/// How the values of columns are read: their spellings of a missing value, and the zone of their local times.
#[derive(Debug, Clone, Default)]
pub struct Readings {
    usual: Arc<Coercion>,
    of_columns: BTreeMap<String, Arc<Coercion>>,
}

impl From<Coercion> for Readings {
    fn from(usual: Coercion) -> Self {
        Self { usual: Arc::new(usual), of_columns: BTreeMap::new() }
    }
}

impl Readings {
    /// Every column as this source reads its own.
    ///
    /// # Errors
    /// A zone that does not exist.
    pub fn of(settings: &SourceSettings) -> Result<Self> {
        Coercion::of(settings).map(Self::from)
    }

    /// One column as the sources read it that it comes from: what any of them spells as missing is missing, and a time is
    /// what the first makes of it. Without a source it stays as it is.
    ///
    /// # Errors
    /// A zone that does not exist.
    pub fn with(mut self, column: &str, sources: &[&SourceSettings]) -> Result<Self> {
        let Some((first, others)) = sources.split_first() else { return Ok(self) };
        let mut together = (*first).clone();
        together.null.extend(others.iter().flat_map(|source| source.null.iter().cloned()));
        self.of_columns.insert(column.to_owned(), Arc::new(Coercion::of(&together)?));
        Ok(self)
    }

    /// The readings of these columns.
    pub(crate) fn each(&self, columns: &[ColumnSpec]) -> Vec<Arc<Coercion>> {
        columns.iter().map(|column| Arc::clone(self.of_columns.get(&column.name).unwrap_or(&self.usual))).collect()
    }
}
