//! Parquet files to typed batches.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{AsArray, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef, TimeUnit, UInt64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Type;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;
use ropeway_vocab::{ColumnType, Digest, Kind, Problem, Result};

use crate::batch::convert::{Misfit, convert};
use crate::batch::sheet::{BATCH_ROWS, Chunk, Layout, Whole, internal};
use crate::batch::tally::Tally;
use crate::file::found::{SourceFile, regular};
use crate::format::names::{Repeated, check_names, renamed, repeated, told_apart};
use crate::format::spelling::Spelling;
use crate::notice::Noticed;
use crate::write::nested::is_nested;

/// A Parquet file being read.
pub(crate) struct ParquetReader {
    builder: Option<ParquetRecordBatchReaderBuilder<File>>,
    batches: Option<ParquetRecordBatchReader>,
    file: SourceFile,
    names: Vec<String>,
    /// The names that stand twice in it.
    repeated: Vec<Repeated>,
    noticed: Vec<Noticed>,
    types: Vec<ColumnType>,
    /// The place of each name among the columns of the file.
    fields: Vec<usize>,
    /// Columns of types that no logical type holds.
    left_out: Vec<(String, DataType)>,
    schema: SchemaRef,
    rows: u64,
}

/// Whether pandas wrote the numbers of its rows under this name, as it does where rows were left out before.
fn is_index(name: &str) -> bool {
    let level = name.strip_prefix("__index_level_").and_then(|rest| rest.strip_suffix("__"));
    level.is_some_and(|level| !level.is_empty() && level.bytes().all(|byte| byte.is_ascii_digit()))
}

impl ParquetReader {
    /// Opens a file and reads its schema.
    pub(crate) fn open(file: &SourceFile) -> Result<Self> {
        regular(&file.path, &file.name)?;
        if file.part.is_some() {
            return Err(Problem::invalid("archive", "Parquet is not read from within an archive")
                .at(file.place())
                .remedy("unpack the archive: Parquet is packed already"));
        }
        let opened = open(file)?;
        if opened.metadata().is_ok_and(|about| about.len() == 0) {
            return Err(Problem::invalid("empty-file", "the file is empty")
                .at(file.place())
                .remedy("put the data into it, or take it out of the source"));
        }
        let about = guarded(file, || about(&opened))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(opened, about.clone());
        let schema = builder.schema().clone();
        let mut reader = Self {
            builder: Some(builder),
            batches: None,
            file: file.clone(),
            names: Vec::new(),
            repeated: Vec::new(),
            noticed: Vec::new(),
            types: Vec::new(),
            fields: Vec::new(),
            left_out: Vec::new(),
            schema: schema.clone(),
            rows: 0,
        };
        for (index, field) in schema.fields().iter().enumerate() {
            match logical(field.data_type()) {
                Some(ty) if !is_index(field.name()) => {
                    let large = *field.data_type() == DataType::UInt64 && guarded(file, || large(file, &about, index))?;
                    reader.noticed.extend(large.then(|| kept_digits(field.name()).at(&file.name, None)));
                    reader.names.push(field.name().clone());
                    reader.types.push(if large { ColumnType::Text } else { ty });
                    reader.fields.push(index);
                }
                // No data: nothing to be told of.
                _ if is_index(field.name()) => {}
                _ => reader.left_out.push((field.name().clone(), field.data_type().clone())),
            }
        }
        let names = told_apart(reader.names.clone());
        reader.repeated = repeated(&reader.names, &names);
        reader.noticed.extend(renamed(&reader.repeated, &file.name, None));
        reader.names = names;
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
    pub(crate) fn left_out(&self) -> &[(String, DataType)] {
        &self.left_out
    }

    /// The names that stand twice in the file.
    pub(crate) fn repeated(&self) -> &[Repeated] {
        &self.repeated
    }

    /// What it says that is not so.
    pub(crate) fn noticed(&self) -> &[Noticed] {
        &self.noticed
    }

    /// The schema of the columns as read.
    pub(crate) fn original_schema(&self) -> SchemaRef {
        // A mark in the file itself is not ours.
        let mut fields: Vec<FieldRef> = self.schema.fields().iter().map(Spelling::unmarked).collect();
        for (name, at) in self.names.iter().zip(&self.fields) {
            fields[*at] = Arc::new(fields[*at].as_ref().clone().with_name(name));
        }
        Arc::new(Schema::new(fields))
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
        let first_row = self.rows + 1;
        let places: Vec<usize> = if originals { self.fields.clone() } else { (0..self.fields.len()).collect() };
        let (batch, good) = self.typed(&original, &places, layout, tally)?;
        if !originals {
            let batch = match good.contains(&false) {
                true => filter_record_batch(&batch, &BooleanArray::from(good)).map_err(internal)?,
                false => batch,
            };
            return Ok(Some(Chunk { batch, whole: None }));
        }
        let lines = (first_row..).take(good.len()).collect();
        Ok(Some(Chunk { batch, whole: Some(Whole { original, lines, good }) }))
    }

    /// All rows, and whether each fits. Each of its names has its column at the place that `places` says.
    fn typed(
        &mut self,
        original: &RecordBatch,
        places: &[usize],
        layout: &Layout,
        tally: &mut Tally,
    ) -> Result<(RecordBatch, Vec<bool>)> {
        let mut arrays = Vec::with_capacity(layout.columns.len());
        let mut misfits: Vec<(usize, usize, Misfit)> = Vec::new();
        for (index, column) in layout.columns.iter().enumerate() {
            let place = self.names.iter().position(|name| *name == layout.called[index]).map(|at| places[at]);
            let read = place.ok_or_else(|| Problem::internal("a column went missing"))?;
            let read = original.column(read);
            let (array, bad) = convert(read, column.ty, &layout.coercions[index], &mut tally.zone)?;
            arrays.push(array);
            misfits.extend(bad.into_iter().map(|misfit| (misfit.row, index, misfit)));
        }
        let rows = original.num_rows();
        // No column may be wanted at all.
        let count = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(layout.schema.clone(), arrays, &count).map_err(internal)?;
        tally.rows_in += rows as u64;
        let first_row = self.rows + 1;
        self.rows += rows as u64;
        misfits.sort_by_key(|(row, column, _)| (*row, *column));
        misfits.dedup_by_key(|(row, ..)| *row);
        let mut good = vec![true; rows];
        for (row, column, misfit) in misfits {
            good[row] = false;
            let line = first_row + row as u64;
            let reason = layout.coercions[column].told(misfit.reason);
            tally.reject_value(&self.file.name, line, &layout.columns[column], &misfit.value, &reason);
        }
        Ok((batch, good))
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

/// What a file says of itself. Times of the old 96-bit kind are read as microseconds: Arrow's nanoseconds for them end in
/// the year 2262 and begin again, and a last day of 9999 is what many such files say for never.
fn about(file: &File) -> parquet::errors::Result<ArrowReaderMetadata> {
    let about = ArrowReaderMetadata::load(file, ArrowReaderOptions::default())?;
    let columns = about.parquet_schema().columns().iter().enumerate();
    let old = columns.filter(|(_, column)| column.physical_type() == Type::INT96 && column.path().parts().len() == 1);
    let old: Vec<usize> = old.map(|(leaf, _)| about.parquet_schema().get_column_root_idx(leaf)).collect();
    let micros = |(index, field): (usize, &FieldRef)| match field.data_type() {
        DataType::Timestamp(TimeUnit::Nanosecond, zone) if old.contains(&index) => {
            let micros = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
            Arc::new(field.as_ref().clone().with_data_type(micros))
        }
        _ => Arc::clone(field),
    };
    let fields: Vec<FieldRef> = about.schema().fields().iter().enumerate().map(micros).collect();
    if fields.as_slice() == about.schema().fields().as_ref() {
        return Ok(about);
    }
    let schema = Arc::new(Schema::new_with_metadata(fields, about.schema().metadata().clone()));
    ArrowReaderMetadata::try_new(Arc::clone(about.metadata()), ArrowReaderOptions::new().with_schema(schema))
}

/// Whether a column of unsigned 64-bit numbers holds one that no signed one is: as its statistics say, else as its values do.
fn large(file: &SourceFile, about: &ArrowReaderMetadata, index: usize) -> parquet::errors::Result<bool> {
    let schema = about.parquet_schema();
    let leaf = (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == index).unwrap_or(index);
    let greatest = |group: &RowGroupMetaData| match group.column(leaf).statistics() {
        // Unsigned numbers are in their order there, and their bits are kept as those of signed ones.
        Some(all @ Statistics::Int64(found)) if !all.is_min_max_deprecated() => found.max_opt().map(|max| *max < 0),
        _ => None,
    };
    if let Some(said) = about.metadata().row_groups().iter().map(greatest).collect::<Option<Vec<bool>>>() {
        return Ok(said.contains(&true));
    }
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(&file.path)?, about.clone());
    let mask = ProjectionMask::roots(builder.parquet_schema(), [index]);
    for batch in builder.with_projection(mask).build()? {
        let batch = batch?;
        let numbers = batch.column(0).as_primitive_opt::<UInt64Type>();
        if numbers.is_some_and(|numbers| numbers.iter().flatten().any(|number| i64::try_from(number).is_err())) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is to be known of such a column. Most are hashes and other keys, in which every digit counts.
fn kept_digits(name: &str) -> Noticed {
    let what = format!("`{name}` holds whole numbers beyond 2^63: it is read as text, which keeps every digit");
    Noticed::new("large-integers", what, "where it is an amount, say its type \"float\" under `types` of the source")
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

/// The logical type of a column of the file; times of day are text, and what is nested is its JSON, as in JSON lines.
fn logical(data_type: &DataType) -> Option<ColumnType> {
    match data_type {
        DataType::Time32(_) | DataType::Time64(_) => Some(ColumnType::Text),
        data_type if is_nested(data_type) => Some(ColumnType::Text),
        data_type => ColumnType::of_arrow(data_type),
    }
}
