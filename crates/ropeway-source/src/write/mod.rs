//! Batches to files: CSV, JSON lines or Parquet, by the extension. The file appears when it is whole.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringBuilder};
use arrow::datatypes::{FieldRef, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use ropeway_vocab::{Place, Problem, Result};

use crate::file::pending::PendingFile;
use crate::format::quoting::{json_string, plain, quoted, unquoted};
use crate::format::spelling::Spelling;
use crate::settings::{Format, delimiter_of_name};
use crate::write::cells::Cells;

pub(crate) mod cells;
pub(crate) mod nested;

/// Writes batches of one schema to a file.
pub struct Writer {
    sink: Sink,
    schema: SchemaRef,
    rows: u64,
}

enum Sink {
    Csv {
        file: Box<BufWriter<PendingFile>>,
        delimiter: u8,
    },
    /// With the names of the columns as JSON writes them.
    Jsonl {
        file: Box<BufWriter<PendingFile>>,
        names: Vec<Vec<u8>>,
    },
    Parquet(Box<ArrowWriter<PendingFile>>),
}

impl Writer {
    /// Begins the file `path`, whose extension tells the format (`.csv`, `.jsonl`, `.parquet`).
    pub fn create(path: &Path, schema: SchemaRef) -> Result<Self> {
        let name = path.to_string_lossy();
        let format = Format::of_name(&name).filter(|_| !name.ends_with(".gz") && !name.ends_with(".zst"));
        let sink = match format {
            Some(Format::Parquet) => Self::parquet(PendingFile::create(path)?, &schema)?,
            Some(Format::Csv) => Self::csv(PendingFile::create(path)?, &schema, delimiter_of_name(&name))?,
            Some(Format::Jsonl) => {
                let names = schema.fields().iter().map(|field| member(field.name())).collect();
                Sink::Jsonl { file: Box::new(BufWriter::new(PendingFile::create(path)?)), names }
            }
            None | Some(Format::Xlsx) => {
                let what = "the name of the file does not tell a format that is written";
                return Err(Problem::invalid("unknown-format", what)
                    .at(Place::file(name))
                    .remedy("let it end in `.csv`, `.jsonl` or `.parquet`"));
            }
        };
        Ok(Self { sink, schema, rows: 0 })
    }

    fn csv(file: PendingFile, schema: &SchemaRef, delimiter: u8) -> Result<Sink> {
        let mut header = Vec::new();
        for (index, field) in schema.fields().iter().enumerate() {
            if index > 0 {
                header.push(delimiter);
            }
            quoted(field.name(), delimiter, &mut header);
        }
        header.push(b'\n');
        let mut file = Box::new(BufWriter::new(file));
        file.write_all(&header).map_err(|error| file.get_ref().failed(&error))?;
        Ok(Sink::Csv { file, delimiter })
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
            Sink::Parquet(writer) => {
                let batch = plain_batch(batch, &self.schema)?;
                writer.write(&batch).map_err(|error| parquet_problem(&error))?;
            }
            Sink::Csv { file, delimiter } => {
                let row = |cells: &[Cells], row, out: &mut Vec<u8>| csv_row(cells, row, *delimiter, out);
                rows(file, batch, &self.schema, row)?;
            }
            Sink::Jsonl { file, names } => {
                rows(file, batch, &self.schema, |cells, row, out| json_row(cells, names, row, out))?;
            }
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Brings the file to disk and gives it its name. Returns the number of rows.
    pub fn finish(self) -> Result<u64> {
        match self.sink {
            Sink::Csv { file, .. } | Sink::Jsonl { file, .. } => flushed(*file)?.finish()?,
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

/// Writes the rows of a batch as text, each as `write` puts it.
fn rows(
    file: &mut BufWriter<PendingFile>,
    batch: &RecordBatch,
    schema: &SchemaRef,
    write: impl Fn(&[Cells], usize, &mut Vec<u8>),
) -> Result<()> {
    let columns = batch.columns().iter().zip(schema.fields());
    let cells: Vec<Cells> = columns.map(|(array, field)| Cells::new(array, field)).collect::<Result<_>>()?;
    let mut line = Vec::new();
    for row in 0..batch.num_rows() {
        line.clear();
        write(&cells, row, &mut line);
        line.push(b'\n');
        file.write_all(&line).map_err(|error| file.get_ref().failed(&error))?;
    }
    Ok(())
}

fn csv_row(cells: &[Cells], row: usize, delimiter: u8, out: &mut Vec<u8>) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(delimiter);
        }
        cell.csv(row, delimiter, out);
    }
    if out.is_empty() {
        // One column without a value: a blank line would not be a row.
        out.extend_from_slice(b"\"\"");
    }
}

fn json_row(cells: &[Cells], names: &[Vec<u8>], row: usize, out: &mut Vec<u8>) {
    out.push(b'{');
    for (cell, name) in cells.iter().zip(names) {
        if cell.is_missing(row) && matches!(cell, Cells::Spelled(_, Spelling::Json)) {
            // The object that was read did not have this key.
            continue;
        }
        if out.len() > 1 {
            out.push(b',');
        }
        out.extend_from_slice(name);
        cell.json(row, out);
    }
    out.push(b'}');
}

fn member(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    json_string(name, &mut out);
    out.push(b':');
    out
}

/// The schema with plain text for columns as they were read: Parquet keeps what their values say, and not how.
fn plain_schema(schema: &SchemaRef) -> SchemaRef {
    Arc::new(Schema::new(schema.fields().iter().map(Spelling::unmarked).collect::<Vec<_>>()))
}

fn plain_batch(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let column = |(array, field): (&ArrayRef, &FieldRef)| match (Spelling::of(field), array.as_string_opt::<i32>()) {
        (Some(spelling), Some(texts)) => {
            let mut builder = StringBuilder::new();
            for text in texts {
                builder.append_option(text.and_then(|text| match spelling {
                    Spelling::Csv(_) => Some(unquoted(text)),
                    Spelling::Json => plain(text),
                }));
            }
            Arc::new(builder.finish()) as ArrayRef
        }
        _ => Arc::clone(array),
    };
    let columns = batch.columns().iter().zip(schema.fields()).map(column).collect();
    RecordBatch::try_new(plain_schema(schema), columns)
        .map_err(|error| Problem::internal(format!("building a batch: {error}")))
}
