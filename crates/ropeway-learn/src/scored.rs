//! Raw scores of some rows of a population.

use serde::{Deserialize, Serialize};

/// Raw scores of rows: as many of each row as its target has outputs, row by row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scored {
    /// The rows, ascending.
    pub rows: Vec<u32>,
    /// Their scores, `rows * outputs` numbers.
    pub raw: Vec<f64>,
}

impl Scored {
    /// Pieces of rows with their scores, put in order.
    pub fn gathered<'a>(pieces: impl IntoIterator<Item = (&'a [u32], &'a [f64])>, outputs: usize) -> Self {
        let mut all: Vec<(u32, &[f64])> = Vec::new();
        for (rows, raw) in pieces {
            all.extend(rows.iter().copied().zip(raw.chunks(outputs.max(1))));
        }
        all.sort_by_key(|(row, _)| *row);
        Self {
            rows: all.iter().map(|(row, _)| *row).collect(),
            raw: all.iter().flat_map(|(_, raw)| raw.iter().copied()).collect(),
        }
    }
}
