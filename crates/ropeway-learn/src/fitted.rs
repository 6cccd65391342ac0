//! A fitted learner of any family.

use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::boosted::Trees;
use crate::constant::Constant;
use crate::encoded::Encoded;
use crate::linear::Linear;

/// A fitted learner: from prepared rows to raw scores (log-odds, not calibrated).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fitted {
    /// The same score for every row.
    Constant(Constant),
    /// Logistic regression.
    Linear(Linear),
    /// Boosted trees.
    Boosted(Trees),
}

impl Fitted {
    /// The raw score of each row.
    ///
    /// # Errors
    /// Rows prepared for another learner (a defect).
    pub fn raw(&self, rows: &Encoded) -> Result<Vec<f64>> {
        match (self, rows) {
            (Self::Constant(constant), rows) => Ok(vec![constant.raw; rows.rows()]),
            (Self::Linear(linear), Encoded::Sparse(rows)) => Ok(linear.raw(rows)),
            (Self::Boosted(trees), Encoded::Dense(rows)) => Ok(trees.raw_all(rows)),
            _ => Err(Problem::internal("rows were prepared for another learner")),
        }
    }

    /// The number of trees; none for other families.
    pub fn trees(&self) -> usize {
        match self {
            Self::Boosted(trees) => trees.count(),
            Self::Constant(_) | Self::Linear(_) => 0,
        }
    }
}
