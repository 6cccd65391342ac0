//! The answers for many rows, column by column, and how good they are.

use ropeway_stat::{
    BinaryRows, ClassCosts, ClassRows, Classed, Folds, Measured, NumberRows, Numbers, Ranked, Weighted, softmax,
};
use ropeway_vocab::{Problem, Result};

use crate::labels::Labels;
use crate::output::Output;
use crate::prediction::Prediction;
use crate::settings::CostsOfError;

/// The answers of rows, in their order.
#[derive(Debug, Clone)]
pub enum Answers {
    /// Of two classes.
    Binary { raw: Vec<f64>, probabilities: Vec<f64>, threshold: f64 },
    /// Of several classes.
    Classes { costs: ClassCosts, raw: Vec<f64>, probabilities: Vec<f64>, decisions: Vec<u32> },
    /// Numbers.
    Number { values: Vec<f64>, decisions: Vec<f64>, low: Vec<f64>, high: Vec<f64> },
}

impl Answers {
    /// None yet, with room for so many rows.
    pub fn of(output: &Output, rows: usize) -> Self {
        let room = || Vec::with_capacity(rows);
        match output {
            Output::Binary(binary) => Self::Binary { raw: room(), probabilities: room(), threshold: binary.threshold },
            Output::Classes(classes) => Self::Classes {
                costs: classes.costs.clone(),
                raw: Vec::with_capacity(rows * classes.classes.len()),
                probabilities: Vec::with_capacity(rows * classes.classes.len()),
                decisions: Vec::with_capacity(rows),
            },
            Output::Number(_) => Self::Number { values: room(), decisions: room(), low: room(), high: room() },
        }
    }

    /// Adds the answer for the next row; one of another kind is left out, so that lengths differ.
    pub fn push(&mut self, prediction: &Prediction) {
        match (self, prediction) {
            (Self::Binary { raw, probabilities, .. }, Prediction::Binary(binary)) => {
                raw.push(binary.raw);
                probabilities.push(binary.probability);
            }
            (Self::Classes { raw, probabilities, decisions, .. }, Prediction::Classes(classes)) => {
                raw.extend(&classes.raw);
                probabilities.extend(&classes.probabilities);
                decisions.push(classes.class);
            }
            (Self::Number { values, decisions, low, high }, Prediction::Number(number)) => {
                values.push(number.value);
                decisions.push(number.decision);
                low.push(number.low);
                high.push(number.high);
            }
            _ => {}
        }
    }

    /// The answers with their labels. With `folds` (one number a row) several models gave the scores, each in one fold: rows are
    /// ranked by raw scores, within folds alone. `blocks` are what rows are drawn by.
    ///
    /// # Errors
    /// Lengths that differ, or a label of another task (defects).
    pub fn measured(
        &self,
        labels: &Labels,
        costs: &CostsOfError,
        (folds, blocks): (Option<&[u32]>, Option<&[u32]>),
    ) -> Result<Box<dyn Measured>> {
        // Equal rows are drawn apart where they are of another block or fold.
        let apart: Option<Vec<u32>> = match (folds, blocks) {
            (Some(folds), Some(blocks)) => {
                let count = folds.iter().max().map_or(1, |last| last + 1);
                let both = blocks.iter().zip(folds).map(|(block, fold)| block.wrapping_mul(count).wrapping_add(*fold));
                Some(both.collect())
            }
            (folds, blocks) => folds.or(blocks).map(<[u32]>::to_vec),
        };
        let (apart, weights) = (apart.as_deref(), labels.weights());
        let rows: Box<dyn Measured> = match self {
            Self::Binary { raw, probabilities, threshold } => {
                let ranked = Ranked::weighted(probabilities, labels, weights, apart)?;
                let folds = match folds {
                    Some(folds) => Folds::new(&ranked, &Ranked::weighted(raw, labels, weights, apart)?, folds),
                    None => Folds::default(),
                };
                Box::new(BinaryRows { ranked, folds, threshold: *threshold, costs: costs.binary() })
            }
            Self::Classes { costs, raw, probabilities, decisions } => {
                let classes = costs.classes();
                let own = folds.map(|_| {
                    let mut own = raw.clone();
                    own.chunks_mut(classes).for_each(softmax);
                    own
                });
                let said = Classed {
                    classes,
                    probabilities,
                    decisions,
                    ranked_by: own.as_deref().unwrap_or(probabilities),
                    folds,
                    weights,
                };
                Box::new(ClassRows::new(said, labels, blocks, costs.clone())?)
            }
            Self::Number { values, decisions, low, high } => {
                if values.len() != labels.len() {
                    return Err(Problem::internal(format!("{} numbers for {} labels", values.len(), labels.len())));
                }
                let said = Numbers { values, decisions, low, high, weights };
                Box::new(NumberRows::new(said, labels, apart, costs.number())?)
            }
        };
        Ok(match weights {
            Some(weights) => Box::new(Weighted::new(rows, weights)),
            None => rows,
        })
    }
}
