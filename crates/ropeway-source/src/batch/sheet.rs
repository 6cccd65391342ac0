//! Rows on their way into a batch: one builder a column, and a mark on the rows to take out.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions, StringBuilder};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use ropeway_vocab::{ColumnSpec, Problem, Result};

use crate::batch::column::ColumnBuilder;
use crate::value::coercion::Coercion;
use crate::value::readings::Readings;

/// The rows of a batch.
pub(crate) const BATCH_ROWS: usize = 65_536;

/// The columns to build, and how.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) columns: Vec<ColumnSpec>,
    pub(crate) schema: SchemaRef,
    /// How the values of each column are read.
    pub(crate) coercions: Vec<Arc<Coercion>>,
}

impl Layout {
    pub(crate) fn new(columns: Vec<ColumnSpec>, readings: &Readings) -> Self {
        let (schema, coercions) = (schema_of(&columns), readings.each(&columns));
        Self { columns, schema, coercions }
    }

    /// For each name of a file's columns the column it feeds.
    pub(crate) fn positions(&self, names: &[String]) -> Vec<Option<usize>> {
        names.iter().map(|name| self.columns.iter().position(|column| column.name == *name)).collect()
    }
}

/// The Arrow schema of logical columns, all nullable.
pub(crate) fn schema_of(columns: &[ColumnSpec]) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(|c| Field::new(&c.name, c.ty.arrow(), true)).collect::<Vec<_>>()))
}

/// The batch that came next, and the same columns as they were read, where wanted.
pub(crate) struct Chunk {
    pub(crate) batch: RecordBatch,
    pub(crate) original: Option<RecordBatch>,
}

/// A batch under construction.
pub(crate) struct Sheet {
    pub(crate) builders: Vec<ColumnBuilder>,
    /// Builders of the columns as they were read, where they are wanted.
    pub(crate) originals: Option<Vec<StringBuilder>>,
    good: Vec<bool>,
    any_bad: bool,
}

impl Sheet {
    pub(crate) fn new(layout: &Layout, originals: Option<usize>) -> Self {
        // Small at first: many dimension tables are.
        let mut sheet = Self::for_rows(layout, 1_024);
        sheet.originals = originals.map(|count| (0..count).map(|_| StringBuilder::new()).collect());
        sheet
    }

    /// For about so many rows.
    pub(crate) fn for_rows(layout: &Layout, rows: usize) -> Self {
        Self {
            builders: layout.columns.iter().map(|column| ColumnBuilder::new(column.ty, rows)).collect(),
            originals: None,
            good: Vec::with_capacity(rows),
            any_bad: false,
        }
    }

    /// Rows so far, those to be taken out included.
    pub(crate) fn rows(&self) -> usize {
        self.good.len()
    }

    /// Ends a row; a bad one is taken out at the end.
    #[inline]
    pub(crate) fn end_row(&mut self, good: bool) {
        self.good.push(good);
        self.any_bad |= !good;
    }

    /// The batch of good rows.
    pub(crate) fn finish(&mut self, schema: &SchemaRef) -> Result<RecordBatch> {
        let good = std::mem::take(&mut self.good);
        let arrays: Vec<ArrayRef> = self.builders.iter_mut().map(ColumnBuilder::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(good.len()));
        let internal = |error| Problem::internal(format!("building a batch: {error}"));
        let batch = RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &options).map_err(internal)?;
        if !std::mem::take(&mut self.any_bad) {
            return Ok(batch);
        }
        filter_record_batch(&batch, &BooleanArray::from(good)).map_err(internal)
    }

    /// The columns as they were read.
    pub(crate) fn finish_originals(&mut self, schema: &SchemaRef) -> Result<Option<RecordBatch>> {
        let Some(originals) = &mut self.originals else { return Ok(None) };
        let arrays: Vec<ArrayRef> =
            originals.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
        RecordBatch::try_new(Arc::clone(schema), arrays)
            .map(Some)
            .map_err(|error| Problem::internal(format!("building a batch: {error}")))
    }
}
