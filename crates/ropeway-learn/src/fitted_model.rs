//! The fitted model: recipe, learner, calibration and threshold together, from a batch of features to predictions
//! and to what each feature contributed.

use arrow::record_batch::RecordBatch;
use ropeway_vocab::{ColumnType, Problem, Result};
use serde::{Deserialize, Serialize};

use crate::calibration::{Calibration, probability};
use crate::corrupt::corrupt;
use crate::encoded::Encoded;
use crate::fitted::Fitted;
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
    /// The calibration, where one helps.
    pub calibration: Option<Calibration>,
    /// Decided positive from this probability on.
    pub threshold: f64,
}

/// The answer for one row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The uncalibrated log-odds.
    pub raw: f64,
    /// The calibrated probability of a positive label.
    pub probability: f64,
    /// Whether the probability is at least the threshold.
    pub decision: bool,
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

    /// The raw score of each row of the batch, or of those given.
    ///
    /// # Errors
    /// A feature that the batch lacks or holds in another type.
    pub fn raw(&self, batch: &RecordBatch, rows: Option<&[u32]>) -> Result<Vec<f64>> {
        let count = rows.map_or(batch.num_rows(), <[u32]>::len);
        let mut raw = Vec::with_capacity(count);
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
        Ok(self.raw(batch, None)?.into_iter().map(|raw| self.decide(raw)).collect())
    }

    /// The prediction of a raw score.
    pub fn decide(&self, raw: f64) -> Prediction {
        let probability = probability(self.calibration.as_ref(), raw);
        Prediction { raw, probability, decision: probability >= self.threshold }
    }

    /// What each feature contributed to the raw score of each row: exact for linear models, TreeSHAP for trees.
    ///
    /// # Errors
    /// A feature that the batch lacks or holds in another type.
    pub fn contributions(&self, batch: &RecordBatch) -> Result<Vec<Contribution>> {
        let features = self.features().len();
        let outputs = self.recipe.outputs();
        let encoded = self.recipe.encode(batch, None)?;
        let mut row_values = Vec::new();
        (0..batch.num_rows())
            .map(|row| {
                let mut parts = match (&self.fitted, &encoded) {
                    (Fitted::Constant(constant), _) => {
                        let mut parts = vec![0.0; features];
                        parts.push(constant.raw);
                        parts
                    }
                    (Fitted::Linear(linear), Encoded::Sparse(rows)) => {
                        linear.contributions(rows, row, outputs, features)
                    }
                    (Fitted::Boosted(trees), Encoded::Dense(rows)) => {
                        rows.row(row, &mut row_values);
                        by_feature(&trees.shap(&row_values), outputs, features)
                    }
                    _ => return Err(Problem::internal("rows were prepared for another learner")),
                };
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
        let outputs = self.recipe.outputs().len();
        let fits = match &self.fitted {
            Fitted::Constant(constant) => constant.raw.is_finite(),
            Fitted::Linear(linear) => {
                let finite = |values: &[f64]| values.len() == outputs && values.iter().all(|v| v.is_finite());
                linear.intercept.is_finite() && finite(&linear.weights) && finite(&linear.means)
            }
            Fitted::Boosted(trees) => trees.columns() == outputs,
        };
        if !fits {
            return Err(corrupt("its learner does not fit its recipe"));
        }
        if self.threshold.is_nan() {
            return Err(corrupt("its threshold is not a number"));
        }
        self.calibration.as_ref().map_or(Ok(()), Calibration::check)
    }
}

/// Contributions of output columns, bias last, summed up by feature, bias last.
fn by_feature(of_outputs: &[f64], outputs: &[crate::OutputColumn], features: usize) -> Vec<f64> {
    let mut parts = vec![0.0; features + 1];
    for (value, output) in of_outputs.iter().zip(outputs) {
        parts[output.feature] += value;
    }
    parts[features] = of_outputs.last().copied().unwrap_or(0.0);
    parts
}
