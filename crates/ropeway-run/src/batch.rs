//! Batches of named columns.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow::compute::nullif;
use arrow::datatypes::{Field, Schema};
use ropeway_vocab::{Problem, Result};

/// The batch with some values of a column missing.
pub(crate) fn without(batch: &RecordBatch, column: &str, hide: impl Fn(usize) -> bool) -> Result<RecordBatch> {
    let position = batch.schema().index_of(column).map_err(arrow_defect)?;
    let hidden: BooleanArray = (0..batch.num_rows()).map(|row| Some(hide(row))).collect();
    let mut columns = batch.columns().to_vec();
    columns[position] = nullif(&columns[position], &hidden).map_err(arrow_defect)?;
    RecordBatch::try_new(batch.schema(), columns).map_err(arrow_defect)
}

/// A batch of named columns.
pub(crate) fn batch_of(rows: usize, columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch> {
    let fields = columns.iter().map(|(name, column)| Field::new(name, column.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let arrays = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new_with_options(schema, arrays, &options).map_err(arrow_defect)
}

pub(crate) fn arrow_defect(error: arrow::error::ArrowError) -> Problem {
    Problem::internal(error.to_string())
}
