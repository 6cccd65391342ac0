//! What a candidate loses on each row that it is measured on, so that two runs can be compared row by row. Any task can
//! give them: a measure by its name, smaller better, and one number a row.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch};
use arrow::datatypes::{Float64Type, Int64Type};
use ropeway_learn::Judgement;
use ropeway_vocab::{Problem, Result, WEIGHT};

use crate::batch::batch_of;
use crate::population::Learnable;
use crate::snapshot::{from_parquet, to_parquet};

/// Rows that a candidate was measured on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Losses {
    /// What is lost, for example `log_loss`.
    pub measure: String,
    /// By key, then fold, label and loss.
    pub rows: Vec<LossRow>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LossRow {
    /// A hash of the example's key.
    pub key: u64,
    /// The fold that validates it.
    pub fold: u32,
    pub label: f64,
    /// How much it counts, where examples have weights.
    pub weight: Option<f64>,
    /// The block that it is drawn with, where rows are not independent.
    pub block: Option<u32>,
    pub loss: f64,
}

const ROW: [&str; 4] = ["key", "fold", "label", "block"];

impl Losses {
    /// Of these rows of the population, as they were judged.
    pub fn of(judgement: &Judgement, rows: &[u32], learnable: &Learnable) -> Self {
        let Judgement { folds, blocks, losses, measure, .. } = judgement;
        let population = &learnable.population;
        let row = |(at, (row, loss)): (usize, (&u32, &f64))| LossRow {
            key: population.key_hash[*row as usize],
            fold: folds[at],
            label: population.label[*row as usize],
            weight: population.weight.as_ref().map(|weight| weight[*row as usize]),
            block: blocks.as_ref().map(|blocks| blocks[at]),
            loss: *loss,
        };
        let mut rows: Vec<LossRow> = rows.iter().zip(losses).enumerate().map(row).collect();
        rows.sort_by(|a, b| {
            (a.key, a.fold).cmp(&(b.key, b.fold)).then(a.label.total_cmp(&b.label)).then(a.loss.total_cmp(&b.loss))
        });
        Self { measure: (*measure).to_owned(), rows }
    }

    /// As bytes for the cache.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let rows = &self.rows;
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(rows.iter().map(|row| Some(row.key.cast_signed())).collect::<Int64Array>()),
            Arc::new(rows.iter().map(|row| Some(i64::from(row.fold))).collect::<Int64Array>()),
            Arc::new(rows.iter().map(|row| Some(row.label)).collect::<Float64Array>()),
            Arc::new(rows.iter().map(|row| row.block.map(i64::from)).collect::<Int64Array>()),
            Arc::new(rows.iter().map(|row| Some(row.loss)).collect::<Float64Array>()),
        ];
        let mut names: Vec<String> = ROW.map(str::to_owned).into_iter().chain([self.measure.clone()]).collect();
        if rows.iter().any(|row| row.weight.is_some()) {
            columns.push(Arc::new(rows.iter().map(|row| row.weight).collect::<Float64Array>()));
            names.push(WEIGHT.to_owned());
        }
        to_parquet(&batch_of(rows.len(), names.into_iter().zip(columns).collect())?)
    }

    /// Reads them.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self> {
        let batch = from_parquet(bytes)?;
        let measure = batch.schema().fields().get(ROW.len()).map(|field| field.name().clone()).unwrap_or_default();
        let (key, fold, block) = (integers(&batch, 0)?, integers(&batch, 1)?, integers(&batch, 3)?);
        let (label, loss) = (floats(&batch, 2)?, floats(&batch, 4)?);
        let weight = if batch.num_columns() > ROW.len() + 1 { Some(floats(&batch, 5)?) } else { None };
        let number = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
        let row = |at: usize| LossRow {
            key: key.value(at).cast_unsigned(),
            fold: number(fold.value(at)),
            label: label.value(at),
            weight: weight.map(|weight| weight.value(at)),
            block: block.is_valid(at).then(|| number(block.value(at))),
            loss: loss.value(at),
        };
        Ok(Self { measure, rows: (0..batch.num_rows()).map(row).collect() })
    }
}

fn integers(batch: &RecordBatch, at: usize) -> Result<&Int64Array> {
    batch.columns().get(at).and_then(|column| column.as_primitive_opt::<Int64Type>()).ok_or_else(odd)
}

fn floats(batch: &RecordBatch, at: usize) -> Result<&Float64Array> {
    batch.columns().get(at).and_then(|column| column.as_primitive_opt::<Float64Type>()).ok_or_else(odd)
}

fn odd() -> Problem {
    Problem::internal("stored losses have other columns")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_come_back_as_they_were() {
        for weight in [None, Some(2.5)] {
            let row = |key, block| LossRow { key, fold: 2, label: 1.0, weight, block, loss: 0.25 };
            let losses = Losses { measure: "log_loss".into(), rows: vec![row(u64::MAX, Some(3)), row(7, None)] };
            assert_eq!(Losses::from_bytes(losses.to_bytes().unwrap()).unwrap(), losses);
        }
    }
}
