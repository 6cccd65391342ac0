//! Keys: the values of one or more columns of a row as bytes, and their numbering.

use std::collections::HashMap;

use arrow::array::{ArrayRef, RecordBatch};
use ropeway_vocab::{ColumnType, Problem, Result};

use super::value::Reader;

/// Reads the keys of a batch's rows from some of its columns.
pub(crate) struct Keys<'a>(Vec<Reader<'a>>);

impl<'a> Keys<'a> {
    /// `columns` are names of the batch with their types.
    pub(crate) fn of<'n>(
        batch: &'a RecordBatch,
        columns: impl IntoIterator<Item = (&'n str, ColumnType)>,
    ) -> Result<Self> {
        let reader = |(name, ty)| Ok(Reader::new(column(batch, name)?, ty)?.equality());
        Ok(Self(columns.into_iter().map(reader).collect::<Result<_>>()?))
    }

    /// Writes the key of a row into `bytes`; false where a part of it is missing: such a row has no key and
    /// meets no other.
    pub(crate) fn write(&self, row: usize, bytes: &mut Vec<u8>) -> bool {
        bytes.clear();
        self.0.iter().all(|reader| reader.key_bytes(row, bytes))
    }
}

/// The column of a batch, or a problem that says it lacks it.
pub(crate) fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| {
        let problem = Problem::invalid("missing-column", format!("column `{name}` is needed and not there"));
        let schema = batch.schema_ref();
        let known = schema.fields().iter().map(|field| field.name().as_str());
        match ropeway_vocab::nearest(name, known) {
            Some(near) => problem.remedy(format!("add it; is `{near}` meant to be it?")),
            None => problem.remedy("add it"),
        }
    })
}

/// Keys numbered in the order of their first occurrence.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyIndex(HashMap<Box<[u8]>, u32>);

impl KeyIndex {
    /// The number of a key that has occurred.
    pub(crate) fn find(&self, key: &[u8]) -> Option<usize> {
        self.0.get(key).map(|id| *id as usize)
    }

    /// The number of a key, a new one on its first occurrence.
    pub(crate) fn number(&mut self, key: &[u8]) -> usize {
        if let Some(id) = self.0.get(key) {
            return *id as usize;
        }
        let id = self.0.len() as u32;
        self.0.insert(key.into(), id);
        id as usize
    }
}

/// Rows with the key of each, read from a batch before anything is changed.
pub(crate) struct Keyed<T> {
    bytes: Vec<u8>,
    rows: Vec<(usize, T)>,
}

impl<T> Keyed<T> {
    pub(crate) const fn new() -> Self {
        Self { bytes: Vec::new(), rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, key: &[u8], row: T) {
        self.bytes.extend_from_slice(key);
        self.rows.push((self.bytes.len(), row));
    }

    /// The rows with the numbers of their keys, in the order in which they were pushed.
    pub(crate) fn numbered(self, keys: &mut KeyIndex) -> Vec<(usize, T)> {
        let mut start = 0;
        let number = |(end, row)| {
            let key = keys.number(&self.bytes[start..end]);
            start = end;
            (key, row)
        };
        self.rows.into_iter().map(number).collect()
    }
}
