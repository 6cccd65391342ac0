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
    /// What the file calls each of them.
    pub(crate) called: Vec<String>,
    pub(crate) schema: SchemaRef,
    /// How the values of each column are read.
    pub(crate) coercions: Vec<Arc<Coercion>>,
}

impl Layout {
    pub(crate) fn new(columns: Vec<ColumnSpec>, readings: &Readings) -> Self {
        let called = columns.iter().map(|column| column.name.clone()).collect();
        Self::of_file(columns, called, readings)
    }

    /// Of columns that the file calls otherwise.
    pub(crate) fn of_file(columns: Vec<ColumnSpec>, called: Vec<String>, readings: &Readings) -> Self {
        let (schema, coercions) = (schema_of(&columns), readings.each(&columns));
        Self { columns, called, schema, coercions }
    }

    /// For each name of a file's columns the column it feeds.
    pub(crate) fn positions(&self, names: &[String]) -> Vec<Option<usize>> {
        names.iter().map(|name| self.called.iter().position(|called| called == name)).collect()
    }
}

/// The Arrow schema of logical columns, all nullable.
pub(crate) fn schema_of(columns: &[ColumnSpec]) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(|c| Field::new(&c.name, c.ty.arrow(), true)).collect::<Vec<_>>()))
}

/// The batch that came next, and where wanted all its rows as they were read: then the batch has every row too.
pub(crate) struct Chunk {
    pub(crate) batch: RecordBatch,
    pub(crate) whole: Option<Whole>,
}

/// All rows of a batch, those that do not fit included.
pub(crate) struct Whole {
    /// The columns as they were read.
    pub(crate) original: RecordBatch,
    /// The line on which each row begins.
    pub(crate) lines: Vec<u64>,
    /// Whether each row fits.
    pub(crate) good: Vec<bool>,
}

/// A batch under construction.
pub(crate) struct Sheet {
    pub(crate) builders: Vec<ColumnBuilder>,
    /// Builders of the columns as they were read, where they are wanted.
    pub(crate) originals: Option<Vec<StringBuilder>>,
    good: Vec<bool>,
    any_bad: bool,
    /// The line of each row, where the columns are wanted as they were read.
    lines: Vec<u64>,
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
            lines: Vec::new(),
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

    /// Keeps the place of a row that cannot be taken apart into its columns, with the fields that it has, where the columns
    /// are wanted as they were read; `append` adds the next field to one, where there is a next.
    pub(crate) fn end_unread(&mut self, line: u64, mut append: impl FnMut(&mut StringBuilder)) {
        if let Some(originals) = &mut self.originals {
            originals.iter_mut().for_each(&mut append);
            self.builders.iter_mut().for_each(ColumnBuilder::append_null);
            self.end_row_of(line, false);
        }
    }

    /// Ends a row that begins on this line.
    #[inline]
    pub(crate) fn end_row_of(&mut self, line: u64, good: bool) {
        if self.originals.is_some() {
            self.lines.push(line);
        }
        self.end_row(good);
    }

    /// The batch of good rows.
    pub(crate) fn finish(&mut self, schema: &SchemaRef) -> Result<RecordBatch> {
        let good = std::mem::take(&mut self.good);
        let batch = self.all(schema, good.len())?;
        if !std::mem::take(&mut self.any_bad) {
            return Ok(batch);
        }
        filter_record_batch(&batch, &BooleanArray::from(good)).map_err(internal)
    }

    /// The batch: of the good rows or, with the columns as they were read, of all.
    pub(crate) fn chunk(&mut self, schema: &SchemaRef, original: Option<&SchemaRef>) -> Result<Chunk> {
        let (Some(originals), Some(original)) = (&mut self.originals, original) else {
            return Ok(Chunk { batch: self.finish(schema)?, whole: None });
        };
        let arrays = originals.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
        let original = RecordBatch::try_new(Arc::clone(original), arrays).map_err(internal)?;
        let (lines, good) = (std::mem::take(&mut self.lines), std::mem::take(&mut self.good));
        self.any_bad = false;
        Ok(Chunk { batch: self.all(schema, good.len())?, whole: Some(Whole { original, lines, good }) })
    }

    /// All rows.
    fn all(&mut self, schema: &SchemaRef, rows: usize) -> Result<RecordBatch> {
        let arrays: Vec<ArrayRef> = self.builders.iter_mut().map(ColumnBuilder::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &options).map_err(internal)
    }
}

pub(crate) fn internal(error: arrow::error::ArrowError) -> Problem {
    Problem::internal(format!("building a batch: {error}"))
}
