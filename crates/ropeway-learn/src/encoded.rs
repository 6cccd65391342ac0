//! Prepared rows: what a recipe hands to a learner.

use serde::{Deserialize, Serialize};

/// One column that a recipe makes, and the feature that it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputColumn {
    /// Its name, for example `carrier = UA` or `temp missing`.
    pub name: String,
    /// The position of its feature.
    pub feature: usize,
    /// Whether its values are category codes.
    pub categorical: bool,
}

/// Columns of doubles, NaN where missing; category codes are whole numbers from 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dense {
    /// How many rows.
    pub rows: usize,
    /// One vector a column.
    pub columns: Vec<Vec<f64>>,
    /// Which columns hold category codes.
    pub categorical: Vec<bool>,
}

impl Dense {
    /// Copies one row into `buffer`.
    pub fn row(&self, row: usize, buffer: &mut Vec<f64>) {
        buffer.clear();
        buffer.extend(self.columns.iter().map(|column| column[row]));
    }
}

/// Numbers beside one-hot groups. A row has `numbers` doubles, for the output columns `0..numbers`, and at most
/// one output column that is 1 in each group; all other output columns are 0. Both parts are stored row by row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sparse {
    /// How many rows.
    pub rows: usize,
    /// How many output columns in all.
    pub width: usize,
    /// How many of them, the first ones, are numbers.
    pub numbers: usize,
    /// How many one-hot groups.
    pub groups: usize,
    /// `rows * numbers` doubles.
    pub values: Vec<f64>,
    /// `rows * groups` positions of output columns; [`Sparse::NONE`] where a group has none.
    pub active: Vec<u32>,
}

impl Sparse {
    /// No output column of the group is 1.
    pub const NONE: u32 = u32::MAX;

    /// The numbers of one row.
    pub fn values(&self, row: usize) -> &[f64] {
        &self.values[row * self.numbers..(row + 1) * self.numbers]
    }

    /// The active output columns of one row, one entry a group.
    pub fn active(&self, row: usize) -> &[u32] {
        &self.active[row * self.groups..(row + 1) * self.groups]
    }
}

/// The rows in the form that the learner takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Encoded {
    /// How many rows; nothing else is needed.
    Nothing(usize),
    /// For trees.
    Dense(Dense),
    /// For linear models.
    Sparse(Sparse),
}

impl Encoded {
    /// How many rows.
    pub fn rows(&self) -> usize {
        match self {
            Self::Nothing(rows) => *rows,
            Self::Dense(dense) => dense.rows,
            Self::Sparse(sparse) => sparse.rows,
        }
    }
}
