//! How each column is read where columns come from several sources, as those of a request do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ropeway_vocab::{ColumnSpec, Result};

use crate::settings::{ColumnReading, SourceSettings};
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
        let mut readings = Self::from(Coercion::of(settings)?);
        for (name, column) in &settings.column {
            let own = Coercion::of_column(settings, column)
                .map_err(|problem| problem.context(format_args!("column `{name}`")))?;
            readings.of_columns.insert(name.clone(), Arc::new(own));
        }
        Ok(readings)
    }

    /// One column as the sources read those of their columns that it comes from: what any of them spells as missing is
    /// missing, and a number or time is what the first makes of it. Without a source it stays as it is. Where a source
    /// reads several such columns in different ways, its own usual way holds.
    ///
    /// # Errors
    /// A zone that does not exist, a pattern of dates that is none.
    pub fn with(mut self, column: &str, sources: &[(&SourceSettings, BTreeSet<&str>)]) -> Result<Self> {
        let own = |(settings, columns): &(&SourceSettings, BTreeSet<&str>)| {
            let mut all = columns.iter().map(|column| settings.column.get(*column));
            let first = all.next().flatten().cloned().unwrap_or_default();
            let alike = all.all(|other| other.cloned().unwrap_or_default() == first);
            if alike { first } else { ColumnReading::default() }
        };
        let Some((first, others)) = sources.split_first() else { return Ok(self) };
        let mut reading = own(first);
        let mut null = reading.null.take().unwrap_or_else(|| first.0.null.clone());
        for other in others {
            null.extend(own(other).null.unwrap_or_else(|| other.0.null.clone()));
        }
        reading.null = Some(null);
        self.of_columns.insert(column.to_owned(), Arc::new(Coercion::of_column(first.0, &reading)?));
        Ok(self)
    }

    /// The same, where times may also be written as ISO 8601 writes them, which no pattern of a source mistakes.
    #[must_use]
    pub fn or_iso(mut self) -> Self {
        for reading in self.of_columns.values_mut().chain([&mut self.usual]) {
            Arc::make_mut(reading).iso_too = true;
        }
        self
    }

    /// Texts of that column stay as they are: SQL made others of those that its sources read.
    #[must_use]
    pub fn text_as_is(mut self, column: &str) -> Self {
        if let Some(reading) = self.of_columns.get_mut(column) {
            Arc::make_mut(reading).text = None;
        }
        self
    }

    /// The readings of these columns.
    pub(crate) fn each(&self, columns: &[ColumnSpec]) -> Vec<Arc<Coercion>> {
        columns.iter().map(|column| self.of_column(&column.name)).collect()
    }

    /// The reading of the column of that name.
    pub(crate) fn of_column(&self, name: &str) -> Arc<Coercion> {
        Arc::clone(self.of_columns.get(name).unwrap_or(&self.usual))
    }
}
