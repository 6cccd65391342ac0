//! Canonical order as bytes, so that rows of different relations of one schema compare.

use arrow::array::RecordBatch;
use ropeway_vocab::{Result, TableSchema};

use super::canonical::key_rows;
use super::content::row_digests;

/// One comparable byte string a row: its key, then the digest of its content.
#[derive(Debug, Clone, Default)]
pub struct OrderBytes {
    data: Vec<u8>,
    ends: Vec<usize>,
}

impl OrderBytes {
    /// The bytes of a row; empty past the end.
    pub fn row(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.ends.get(row - 1).copied().unwrap_or(0) };
        self.ends.get(row).map_or(&[], |end| &self.data[start..*end])
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

pub(super) fn order_bytes(schema: &TableSchema, batch: &RecordBatch) -> Result<OrderBytes> {
    let digests = row_digests(schema, batch);
    let mut bytes =
        OrderBytes { data: Vec::with_capacity(batch.num_rows() * 48), ends: Vec::with_capacity(batch.num_rows()) };
    let keys = if schema.key.is_empty() { None } else { Some(key_rows(schema, batch)?) };
    for (row, digest) in digests.iter().enumerate() {
        if let Some(keys) = &keys {
            bytes.data.extend_from_slice(keys.row(row).data());
        }
        bytes.data.extend_from_slice(&digest.to_be_bytes());
        bytes.ends.push(bytes.data.len());
    }
    Ok(bytes)
}
