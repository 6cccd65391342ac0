//! Batches to files: CSV, JSON lines or Parquet, by the extension. The file appears when it is whole.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use ropeway_vocab::{Place, Problem, Result};

use crate::cells::{Cells, json_string, plain, quoted};
use crate::jsonl::JSON_TEXT;
use crate::pending::PendingFile;
use crate::settings::Format;

/// Writes batches of one schema to a file.
pub struct Writer {
    sink: Sink,
    schema: SchemaRef,
    rows: u64,
}

enum Sink {
    Text { file: Box<BufWriter<PendingFile>>, format: Format, buffer: Vec<u8>, names: Vec<Vec<u8>> },
    Parquet(Box<ArrowWriter<PendingFile>>),
}

impl Writer {
    /// Begins the file `path`, whose extension tells the format (`.csv`, `.jsonl`, `.parquet`).
    pub fn create(path: &Path, schema: SchemaRef) -> Result<Self> {
        let name = path.to_string_lossy();
        let format = Format::of_name(&name).filter(|_| !name.ends_with(".gz") && !name.ends_with(".zst"));
        let Some(format) = format else {
            return Err(Problem::invalid(
                "unknown-format",
                "the name of the file does not tell a format that is written",
            )
            .at(Place::file(name))
            .remedy("let it end in `.csv`, `.jsonl` or `.parquet`"));
        };
        let file = PendingFile::create(path)?;
        let sink = match format {
            Format::Parquet => Self::parquet(file, &schema)?,
            Format::Csv => Self::csv(file, &schema)?,
            Format::Jsonl => {
                let names = schema.fields().iter().map(|field| member(field.name())).collect();
                Sink::Text { file: Box::new(BufWriter::new(file)), format, buffer: Vec::new(), names }
            }
        };
        Ok(Self { sink, schema, rows: 0 })
    }

    fn csv(file: PendingFile, schema: &SchemaRef) -> Result<Sink> {
        let mut header = Vec::new();
        for (index, field) in schema.fields().iter().enumerate() {
            if index > 0 {
                header.push(b',');
            }
            quoted(field.name(), &mut header);
        }
        header.push(b'\n');
        let mut file = Box::new(BufWriter::new(file));
        file.write_all(&header).map_err(|error| file.get_ref().failed(&error))?;
        Ok(Sink::Text { file, format: Format::Csv, buffer: Vec::new(), names: Vec::new() })
    }

    fn parquet(file: PendingFile, schema: &SchemaRef) -> Result<Sink> {
        let level = ZstdLevel::try_new(3).map_err(|error| Problem::internal(error.to_string()))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by("ropeway".to_owned())
            .build();
        ArrowWriter::try_new(file, plain_schema(schema), Some(properties))
            .map(|writer| Sink::Parquet(Box::new(writer)))
            .map_err(|error| parquet_problem(&error))
    }

    /// Writes the rows of a batch of the writer's schema.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.schema().fields().len() != self.schema.fields().len() {
            return Err(Problem::internal("a batch of another schema was to be written"));
        }
        match &mut self.sink {
            Sink::Parquet(writer) => writer.write(&plain_batch(batch)?).map_err(|error| parquet_problem(&error))?,
            Sink::Text { file, format, buffer, names } => {
                let cells: Vec<Cells> = batch
                    .columns()
                    .iter()
                    .zip(batch.schema().fields())
                    .map(|(array, field)| Cells::new(array, field))
                    .collect::<Result<_>>()?;
                for row in 0..batch.num_rows() {
                    buffer.clear();
                    match format {
                        Format::Csv => csv_row(&cells, row, buffer),
                        _ => json_row(&cells, names, row, buffer),
                    }
                    file.write_all(buffer).map_err(|error| file.get_ref().failed(&error))?;
                }
            }
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Brings the file to disk and gives it its name. Returns the number of rows.
    pub fn finish(self) -> Result<u64> {
        match self.sink {
            Sink::Text { file, .. } => {
                flushed(*file)?.finish()?;
            }
            Sink::Parquet(writer) => writer.into_inner().map_err(|error| parquet_problem(&error))?.finish()?,
        }
        Ok(self.rows)
    }
}

fn flushed(mut file: BufWriter<PendingFile>) -> Result<PendingFile> {
    file.flush().map_err(|error| file.get_ref().failed(&error))?;
    file.into_inner().map_err(|error| {
        let (error, file) = error.into_parts();
        file.get_ref().failed(&error)
    })
}

fn parquet_problem(error: &parquet::errors::ParquetError) -> Problem {
    if let parquet::errors::ParquetError::External(inner) = error
        && let Some(io) = inner.downcast_ref::<std::io::Error>()
    {
        return Problem::io("writing the Parquet file", io);
    }
    Problem::new(ropeway_vocab::Kind::Io, "parquet", format!("writing the Parquet file: {error}"))
        .remedy("look at the message above; another format (`.csv`, `.jsonl`) may do")
}

fn csv_row(cells: &[Cells], row: usize, out: &mut Vec<u8>) {
    let start = out.len();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        if !cell.is_missing(row) {
            cell.csv(row, out);
        }
    }
    if out.len() == start {
        // One column without a value: a blank line would not be a row.
        out.extend_from_slice(b"\"\"");
    }
    out.push(b'\n');
}

fn json_row(cells: &[Cells], names: &[Vec<u8>], row: usize, out: &mut Vec<u8>) {
    out.push(b'{');
    let mut first = true;
    for (cell, name) in cells.iter().zip(names) {
        let missing = cell.is_missing(row);
        if missing && matches!(cell, Cells::Json(_)) {
            // The object that was read did not have this key.
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        out.extend_from_slice(name);
        if missing { out.extend_from_slice(b"null") } else { cell.json(row, out) }
    }
    out.extend_from_slice(b"}\n");
}

fn member(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    json_string(name, &mut out);
    out.push(b':');
    out
}

fn is_json(field: &Field) -> bool {
    field.metadata().get(JSON_TEXT.0).is_some_and(|mark| mark == JSON_TEXT.1)
}

/// The schema with JSON text as plain text.
fn plain_schema(schema: &SchemaRef) -> SchemaRef {
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(
            |field| {
                if is_json(field) { Field::new(field.name(), DataType::Utf8, true) } else { field.as_ref().clone() }
            },
        )
        .collect();
    Arc::new(Schema::new(fields))
}

fn plain_batch(batch: &RecordBatch) -> Result<RecordBatch> {
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(batch.num_columns());
    for (array, field) in batch.columns().iter().zip(batch.schema().fields()) {
        let texts = if is_json(field) { Some(Cells::new(array, field)?) } else { None };
        let Some(Cells::Json(texts)) = texts else {
            columns.push(Arc::clone(array));
            continue;
        };
        let mut builder = StringBuilder::new();
        texts.iter().for_each(|text| builder.append_option(text.filter(|text| *text != "null").map(plain)));
        columns.push(Arc::new(builder.finish()));
    }
    RecordBatch::try_new(plain_schema(&batch.schema()), columns)
        .map_err(|error| Problem::internal(format!("building a batch: {error}")))
}
