//! Parquet files to typed batches.

use std::fs::File;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use ropeway_vocab::{ColumnType, Digest, Kind, Problem, Result};

use crate::convert::{Misfit, convert};
use crate::csv::check_names;
use crate::files::{SourceFile, regular};
use crate::reader::Chunk;
use crate::sheet::{BATCH_ROWS, Layout};
use crate::tally::Tally;

/// A Parquet file being read.
pub(crate) struct ParquetReader {
    builder: Option<ParquetRecordBatchReaderBuilder<File>>,
    batches: Option<ParquetRecordBatchReader>,
    file: SourceFile,
    names: Vec<String>,
    types: Vec<ColumnType>,
    /// The place of each name among the columns of the file.
    fields: Vec<usize>,
    /// Columns of types that no logical type holds.
    left_out: Vec<String>,
    schema: SchemaRef,
    rows: u64,
}

impl ParquetReader {
    /// Opens a file and reads its schema.
    pub(crate) fn open(file: &SourceFile) -> Result<Self> {
        regular(&file.path, &file.name)?;
        let opened = open(file)?;
        if opened.metadata().is_ok_and(|about| about.len() == 0) {
            return Err(Problem::invalid("empty-file", "the file is empty")
                .at(file.place())
                .remedy("put the data into it, or take it out of the source"));
        }
        let builder = guarded(file, || ParquetRecordBatchReaderBuilder::try_new(opened))?;
        let schema = builder.schema().clone();
        let mut reader = Self {
            builder: Some(builder),
            batches: None,
            file: file.clone(),
            names: Vec::new(),
            types: Vec::new(),
            fields: Vec::new(),
            left_out: Vec::new(),
            schema: schema.clone(),
            rows: 0,
        };
        for (index, field) in schema.fields().iter().enumerate() {
            match logical(field.data_type()) {
                Some(ty) => {
                    reader.names.push(field.name().clone());
                    reader.types.push(ty);
                    reader.fields.push(index);
                }
                None => reader.left_out.push(format!("{} ({})", field.name(), field.data_type())),
            }
        }
        check_names(&reader.names).map_err(|problem| problem.or_at(|| file.place()))?;
        if reader.names.is_empty() {
            return Err(Problem::invalid("no-columns", "the file has no column of a type that Ropeway reads")
                .at(file.place())
                .remedy("columns of numbers, text, booleans, dates and timestamps are read"));
        }
        Ok(reader)
    }

    /// The names of the columns that can be read.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Their types.
    pub(crate) fn types(&self) -> &[ColumnType] {
        &self.types
    }

    /// Columns, with their types, that are left out because no logical type holds them.
    pub(crate) fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// The schema of the columns as read.
    pub(crate) fn original_schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The next batch; `originals` asks for the columns as read too.
    pub(crate) fn next(&mut self, layout: &Layout, originals: bool, tally: &mut Tally) -> Result<Option<Chunk>> {
        if let Some(builder) = self.builder.take() {
            let builder = builder.with_batch_size(BATCH_ROWS);
            let builder = if originals {
                builder
            } else {
                let mask = ProjectionMask::roots(builder.parquet_schema(), self.fields.iter().copied());
                builder.with_projection(mask)
            };
            self.batches = Some(guarded(&self.file, || builder.build())?);
        }
        let batches = &mut self.batches;
        let next = guarded(&self.file, || batches.as_mut().and_then(Iterator::next).transpose())?;
        let Some(original) = next else { return Ok(None) };
        let batch = self.typed(&original, layout, tally)?;
        Ok(Some(Chunk { batch, original: originals.then_some(original) }))
    }

    fn typed(&mut self, original: &RecordBatch, layout: &Layout, tally: &mut Tally) -> Result<RecordBatch> {
        let mut arrays = Vec::with_capacity(layout.columns.len());
        let mut misfits: Vec<(usize, usize, Misfit)> = Vec::new();
        for (index, column) in layout.columns.iter().enumerate() {
            let read =
                original.column_by_name(&column.name).ok_or_else(|| Problem::internal("a column went missing"))?;
            let (array, bad) = convert(read, column.ty, &layout.coercion, &mut tally.zone)?;
            arrays.push(array);
            misfits.extend(bad.into_iter().map(|misfit| (misfit.row, index, misfit)));
        }
        let internal = |error| Problem::internal(format!("building a batch: {error}"));
        let rows = original.num_rows();
        let batch = RecordBatch::try_new(layout.schema.clone(), arrays).map_err(internal)?;
        tally.rows_in += rows as u64;
        let first_row = self.rows + 1;
        self.rows += rows as u64;
        if misfits.is_empty() {
            return Ok(batch);
        }
        misfits.sort_by_key(|(row, column, _)| (*row, *column));
        misfits.dedup_by_key(|(row, ..)| *row);
        let mut good = vec![true; rows];
        for (row, column, misfit) in misfits {
            good[row] = false;
            let line = first_row + row as u64;
            tally.reject_value(&self.file.name, line, &layout.columns[column], &misfit.value, misfit.reason);
        }
        filter_record_batch(&batch, &BooleanArray::from(good)).map_err(internal)
    }

    /// The digest and size of the whole file.
    pub(crate) fn finish(self) -> Result<(Digest, u64)> {
        let mut hasher = blake3::Hasher::new();
        let reading = |error| Problem::io(format_args!("reading {}", self.file.name), &error).at(self.file.place());
        let bytes = std::io::copy(&mut open(&self.file)?, &mut hasher).map_err(reading)?;
        Ok((Digest::from_bytes(*hasher.finalize().as_bytes()), bytes))
    }
}

fn open(file: &SourceFile) -> Result<File> {
    File::open(&file.path).map_err(|error| Problem::io(format_args!("opening {}", file.name), &error).at(file.place()))
}

/// Runs the decoder, which reports most damage and panics on some.
fn guarded<T, E: std::fmt::Display>(file: &SourceFile, decode: impl FnOnce() -> Result<T, E>) -> Result<T> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode)) {
        Ok(decoded) => decoded.map_err(|error| damaged(file, &error)),
        Err(_) => Err(damaged(file, &"its contents contradict themselves")),
    }
}

fn damaged(file: &SourceFile, error: &dyn std::fmt::Display) -> Problem {
    Problem::new(Kind::Corrupt, "damaged-file", format!("the Parquet file cannot be read: {error}"))
        .at(file.place())
        .remedy("fetch or write the file again; if it is of another format, name it so or say `format` at the source")
}

/// The logical type of a column of the file; times of day are text.
fn logical(data_type: &DataType) -> Option<ColumnType> {
    match data_type {
        DataType::Time32(_) | DataType::Time64(_) => Some(ColumnType::Text),
        data_type => ColumnType::of_arrow(data_type),
    }
}
