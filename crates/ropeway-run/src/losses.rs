//! What a candidate loses on each row that it is measured on, so that two runs can be compared row by row. Any task can
//! give them: measures by their names, smaller better, and one number a row for each.

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
    /// By key, then fold, label and the first loss.
    pub rows: Vec<LossRow>,
    /// What is lost on each row, by the name of the measure, for example `log_loss`.
    pub measures: Vec<(String, Vec<f64>)>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LossRow {
    /// A hash of the example's key.
    pub key: u64,
    /// A hash of what it holds, whatever its key; none where nothing is asked, or an older Ropeway made the run.
    pub content: Option<u64>,
    /// The fold that validates it.
    pub fold: u32,
    pub label: f64,
    /// How much it counts, where examples have weights.
    pub weight: Option<f64>,
    /// The block that it is drawn with, where rows are not independent.
    pub block: Option<u32>,
}

const ROW: [&str; 4] = ["key", "fold", "label", "block"];
/// The column of what each holds, which is not always there; no measure is called so.
const CONTENT: &str = "content";

impl Losses {
    /// Of these rows of the population, as they were judged.
    pub fn of(judgement: &Judgement, rows: &[u32], learnable: &Learnable) -> Self {
        let Judgement { folds, blocks, losses, .. } = judgement;
        let population = &learnable.population;
        let row = |(at, row): (usize, &u32)| LossRow {
            key: population.key_hash[*row as usize],
            content: learnable.contents.as_ref().map(|contents| contents[*row as usize]),
            fold: folds[at],
            label: population.label[*row as usize],
            weight: population.weight.as_ref().map(|weight| weight[*row as usize]),
            block: blocks.as_ref().map(|blocks| blocks[at]),
        };
        let rows: Vec<LossRow> = rows.iter().enumerate().map(row).collect();
        let first = losses.first().map_or(&[][..], |(_, losses)| losses.as_slice());
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_unstable_by(|i, j| {
            let (a, b) = (&rows[*i], &rows[*j]);
            let by_label = a.label.total_cmp(&b.label);
            (a.key, a.fold).cmp(&(b.key, b.fold)).then(by_label).then(first[*i].total_cmp(&first[*j])).then(i.cmp(j))
        });
        let sorted = |losses: &Vec<f64>| order.iter().map(|at| losses[*at]).collect();
        Self {
            rows: order.iter().map(|at| rows[*at]).collect(),
            measures: losses.iter().map(|(name, losses)| ((*name).to_owned(), sorted(losses))).collect(),
        }
    }

    /// What is lost on each row by this measure.
    pub fn by(&self, measure: &str) -> Option<&[f64]> {
        self.measures.iter().find(|(name, _)| name == measure).map(|(_, losses)| losses.as_slice())
    }

    /// As bytes for the cache.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let rows = &self.rows;
        let mut columns: Vec<(String, ArrayRef)> = vec![
            (ROW[0].into(), Arc::new(rows.iter().map(|row| Some(row.key.cast_signed())).collect::<Int64Array>())),
            (ROW[1].into(), Arc::new(rows.iter().map(|row| Some(i64::from(row.fold))).collect::<Int64Array>())),
            (ROW[2].into(), Arc::new(rows.iter().map(|row| Some(row.label)).collect::<Float64Array>())),
            (ROW[3].into(), Arc::new(rows.iter().map(|row| row.block.map(i64::from)).collect::<Int64Array>())),
        ];
        if rows.iter().any(|row| row.content.is_some()) {
            let contents = rows.iter().map(|row| row.content.map(u64::cast_signed));
            columns.push((CONTENT.to_owned(), Arc::new(contents.collect::<Int64Array>())));
        }
        for (name, losses) in &self.measures {
            columns.push((name.clone(), Arc::new(Float64Array::from(losses.clone()))));
        }
        if rows.iter().any(|row| row.weight.is_some()) {
            columns.push((WEIGHT.to_owned(), Arc::new(rows.iter().map(|row| row.weight).collect::<Float64Array>())));
        }
        to_parquet(&batch_of(rows.len(), columns)?)
    }

    /// Reads them.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self> {
        let batch = from_parquet(bytes)?;
        let (key, fold, block) = (integers(&batch, 0)?, integers(&batch, 1)?, integers(&batch, 3)?);
        let label = floats(&batch, 2)?;
        let (mut measures, mut weight, mut content) = (Vec::new(), None, None);
        for (at, field) in batch.schema().fields().iter().enumerate().skip(ROW.len()) {
            match field.name().as_str() {
                CONTENT => content = Some(integers(&batch, at)?),
                WEIGHT => weight = Some(floats(&batch, at)?),
                name => measures.push((name.to_owned(), floats(&batch, at)?.values().to_vec())),
            }
        }
        let number = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
        let row = |at: usize| LossRow {
            key: key.value(at).cast_unsigned(),
            content: content.map(|content| content.value(at).cast_unsigned()),
            fold: number(fold.value(at)),
            label: label.value(at),
            weight: weight.map(|weight| weight.value(at)),
            block: block.is_valid(at).then(|| number(block.value(at))),
        };
        Ok(Self { rows: (0..batch.num_rows()).map(row).collect(), measures })
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
        for (weight, content) in [(None, Some(u64::MAX)), (Some(2.5), None)] {
            let row = |key, block| LossRow { key, content, fold: 2, label: 1.0, weight, block };
            let measures = vec![("brier".to_owned(), vec![0.25, 0.5]), ("log_loss".to_owned(), vec![0.3, 0.7])];
            let losses = Losses { rows: vec![row(u64::MAX, Some(3)), row(7, None)], measures };
            let back = Losses::from_bytes(losses.to_bytes().unwrap()).unwrap();
            assert_eq!(back, losses);
            assert_eq!((back.by("log_loss"), back.by("mape")), (Some(&[0.3, 0.7][..]), None));
        }
    }
}
