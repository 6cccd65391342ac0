//! The fitted model: recipe, learner and output together, from a batch of features to predictions
//! and to what each feature contributed.

use arrow::record_batch::RecordBatch;
use ropeway_vocab::{ColumnType, Result};
use serde::{Deserialize, Serialize};

use crate::corrupt::corrupt;
use crate::fitted::Fitted;
use crate::output::Output;
use crate::prediction::Prediction;
use crate::recipe::Recipe;

/// Rows prepared at a time, so that memory does not grow with the batch.
const BLOCK: usize = 8_192;

/// Everything that turns features into a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedModel {
    /// The preparation.
    pub recipe: Recipe,
    /// The learner.
    pub fitted: Fitted,
    /// From raw scores to answers.
    #[serde(flatten)]
    pub output: Output,
}

/// What made a row's raw score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The score of the average training row.
    pub bias: f64,
    /// What each feature adds, in the order of the model's features. With the bias they sum to the raw score.
    pub values: Vec<f64>,
}

impl FittedModel {
    /// The features it reads, by name and type.
    pub fn features(&self) -> &[(String, ColumnType)] {
        self.recipe.features()
    }

    /// The raw scores of each row of the batch, or of those given, row by row.
    ///
    /// # Errors
    /// A feature that the batch lacks or holds in another type.
    pub fn raw(&self, batch: &RecordBatch, rows: Option<&[u32]>) -> Result<Vec<f64>> {
        let count = rows.map_or(batch.num_rows(), <[u32]>::len);
        let mut raw = Vec::with_capacity(count * self.output.outputs());
        for start in (0..count).step_by(BLOCK) {
            let length = BLOCK.min(count - start);
            let encoded = match rows {
                Some(rows) => self.recipe.encode(batch, Some(&rows[start..start + length]))?,
                // A request is one piece: nothing is cut from it.
                None if length == batch.num_rows() => self.recipe.encode(batch, None)?,
                None => self.recipe.encode(&batch.slice(start, length), None)?,
            };
            raw.extend(self.fitted.raw(&encoded)?);
        }
        Ok(raw)
    }

    /// The prediction for each row of the batch. Columns are found by name; others are ignored.
    ///
    /// # Errors
    /// A feature that the batch lacks or holds in another type.
    pub fn predict(&self, batch: &RecordBatch) -> Result<Vec<Prediction>> {
        Ok(self.raw(batch, None)?.chunks(self.output.outputs().max(1)).map(|raw| self.output.decide(raw)).collect())
    }

    /// What each feature contributed to one of the raw scores of each row: exact for linear models, TreeSHAP for trees. `of_row`
    /// says which score of a row; a model of two classes or of numbers has one, 0.
    ///
    /// # Errors
    /// A feature that the batch lacks or holds in another type, or a score that there is not.
    pub fn contributions(&self, batch: &RecordBatch, of_row: impl Fn(usize) -> usize) -> Result<Vec<Contribution>> {
        let about = (self.recipe.outputs(), self.features().len());
        let encoded = self.recipe.encode(batch, None)?;
        (0..batch.num_rows())
            .map(|row| {
                let mut parts = self.fitted.contributions(of_row(row), &encoded, row, about)?;
                let bias = parts.pop().unwrap_or(0.0);
                Ok(Contribution { bias, values: parts })
            })
            .collect()
    }

    /// Checks that the parts fit together; call it on a model that was read from bytes.
    ///
    /// # Errors
    /// A problem that says what does not fit.
    pub fn check(&self) -> Result<()> {
        self.recipe.check()?;
        let one_each = self.fitted.outputs() == self.output.outputs();
        if !one_each || !self.fitted.fits(self.recipe.outputs().len()) {
            return Err(corrupt("its learner does not fit its recipe"));
        }
        self.output.check()
    }
}
