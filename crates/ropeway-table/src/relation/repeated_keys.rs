//! Keys that several rows have. Equal rows of a source are one already, so what is found there differs.

use ropeway_vocab::{Result, TableSchema, Timing};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Relation;
use super::canonical::key_rows;
use crate::json::row_json;

/// The keys of a relation that more than one row has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SharedKeys {
    /// How many keys those are.
    pub keys: u64,
    /// How many rows have one of them.
    pub rows: u64,
    /// The first of them in canonical order, values of personal columns masked.
    pub first: Map<String, Value>,
    /// The columns in which the first two rows of that key differ.
    pub differ: Vec<String>,
}

impl Relation {
    /// The keys that more than one row has; nothing where each has its own, or where no key is declared.
    ///
    /// # Errors
    /// Only a defect: key columns have been checked.
    pub fn shared_keys(&self) -> Result<Option<SharedKeys>> {
        if self.schema.key.is_empty() {
            return Ok(None);
        }
        let rows = key_rows(&self.schema, &self.batch)?;
        let (mut keys, mut beyond, mut first) = (0, 0, None);
        // Rows of one key stand together.
        for row in 1..self.rows() {
            if rows.row(row) != rows.row(row - 1) {
                continue;
            }
            beyond += 1;
            if row < 2 || rows.row(row - 2) != rows.row(row) {
                keys += 1;
                first.get_or_insert(row - 1);
            }
        }
        Ok(first.map(|first| SharedKeys {
            keys,
            rows: keys + beyond,
            first: self.key_of(first),
            differ: self.differing(first, first + 1),
        }))
    }

    fn key_of(&self, row: usize) -> Map<String, Value> {
        let of_key = |name: &String| self.schema.columns.iter().find(|column| column.name == *name).cloned();
        let columns = self.schema.key.iter().filter_map(of_key).collect();
        let schema = TableSchema { columns, timing: Timing::Static, key: Vec::new() };
        row_json(&schema, &self.batch, row, true)
    }

    /// The visible columns in which two rows differ.
    fn differing(&self, a: usize, b: usize) -> Vec<String> {
        let columns = self.schema.columns.iter().zip(self.batch.columns());
        let differ = columns.filter(|(_, values)| values.slice(a, 1).to_data() != values.slice(b, 1).to_data());
        differ.map(|(column, _)| column.name.clone()).collect()
    }
}
