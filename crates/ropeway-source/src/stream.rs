//! A file batch by batch in constant memory, for prediction: the wanted columns typed, and all columns as they were
//! read, row for row. Nothing is rejected here: every row of the input has its row in the output, so a value that does
//! not fit is a problem that names its line.

use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{FieldRef, Schema, SchemaRef};
use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result};

use crate::batch::sheet::Layout;
use crate::batch::tally::{Rejected, Tally};
use crate::file::archive::expanded;
use crate::file::found::SourceFile;
use crate::format::spelling::Spelling;
use crate::reader::FileReader;
use crate::settings::{Format, SourceSettings};
use crate::spec::SourceSpec;
use crate::value::readings::Readings;

const SEPARATE: &str =
    "separate the columns as the files of the sources do, or by commas; a file with tabs may be named .tsv";

/// A column to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name in the file.
    pub name: String,
    /// As what it is read.
    pub ty: ColumnType,
    /// Whether a file without it is a problem; else it is left out.
    pub required: bool,
    /// Whether it is about a person: then no problem shows its values.
    pub personal: bool,
}

/// Rows of a file.
#[derive(Debug, Clone)]
pub struct StreamBatch {
    /// The wanted columns that the file has, in the order in which they were asked for.
    pub rows: RecordBatch,
    /// All columns of the file as they were read: for CSV its fields as they are spelled, quotes and all (one without a
    /// character is missing), for JSON lines the JSON text of each value, for Parquet the file's own types. As many rows.
    /// [`crate::write::Writer`] knows how to write them.
    pub original: RecordBatch,
}

/// A file being read.
pub struct Stream {
    reader: FileReader,
    layout: Layout,
    original: SchemaRef,
    format: Format,
    tally: Tally,
    done: bool,
}

/// Opens the file `path` as the settings say (their own path is not looked at).
pub fn open_stream(path: &Path, settings: &SourceSettings, wanted: &[Wanted]) -> Result<Stream> {
    open_stream_as(path, settings, wanted, &Readings::of(settings)?)
}

/// Opens the file `path`, whose form the settings say, and reads the values of each wanted column as `readings` say.
pub fn open_stream_as(
    path: &Path,
    settings: &SourceSettings,
    wanted: &[Wanted],
    readings: &Readings,
) -> Result<Stream> {
    let file = SourceFile::at(path, None);
    if path.is_dir() {
        return Err(Problem::invalid("is-folder", format!("`{}` is a folder, and a file is needed", file.name))
            .at(file.place())
            .remedy("name one file, .csv, .jsonl, .parquet or .xlsx"));
    }
    let mut files = expanded(file)?;
    let (Some(file), []) = (files.pop(), files.as_slice()) else {
        return Err(Problem::invalid("archive", format!("`{}` holds several tables", path.display()))
            .remedy("unpack it, and name one of them"));
    };
    let spec = SourceSpec::new(&file.name, settings)?;
    let unnamed = |problem: Problem| problem.remedy("name the file as what it is: .csv, .jsonl, .parquet or .xlsx");
    let format = spec.format_of(&file.name).map_err(unnamed)?;
    let reader = FileReader::open(&spec, &file).map_err(|problem| match problem.code() {
        "delimiter" => problem.remedy(SEPARATE),
        _ => problem,
    })?;
    let names = reader.names();
    let mut columns = Vec::with_capacity(wanted.len());
    for column in wanted {
        if names.contains(&column.name) {
            columns.push(ColumnSpec {
                name: column.name.clone(),
                ty: column.ty,
                known_ahead: false,
                personal: column.personal,
            });
        } else if column.required {
            return Err(reader.lacks(&column.name).at(file.place()));
        }
    }
    let original = original(&reader, format, &columns);
    let layout = Layout::new(columns, readings);
    let tally = Tally::new(&layout.columns);
    Ok(Stream { reader, layout, original, format, tally, done: false })
}

impl Stream {
    /// The wanted columns that the file has.
    pub fn columns(&self) -> &[ColumnSpec] {
        &self.layout.columns
    }

    /// The schema of the columns as read.
    pub fn original_schema(&self) -> SchemaRef {
        self.original.clone()
    }

    /// The format of the file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Columns of numbers of a text file that are written as only their source writes them: with a decimal comma, a unit.
    pub fn spelled_as_their_source(&self) -> impl Iterator<Item = &ColumnSpec> {
        let text = matches!(self.format, Format::Csv | Format::Xlsx);
        let columns = self.layout.columns.iter().zip(&self.layout.coercions);
        let number = |ty: ColumnType| matches!(ty, ColumnType::Integer | ColumnType::Float);
        columns
            .filter(move |(column, coercion)| text && number(column.ty) && coercion.written.is_some())
            .map(|(column, _)| column)
    }

    fn step(&mut self) -> Result<Option<StreamBatch>> {
        let chunk = self.reader.next(&self.layout, Some(&self.original), &mut self.tally)?;
        if let Some(first) = self.tally.quarantine.first() {
            return Err(misfit(first));
        }
        let Some(chunk) = chunk else { return Ok(None) };
        let original = chunk.original.ok_or_else(|| Problem::internal("the columns as read went missing"))?;
        Ok(Some(StreamBatch { rows: chunk.batch, original }))
    }
}

impl Iterator for Stream {
    type Item = Result<StreamBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let step = self.step().transpose();
        self.done = !matches!(step, Some(Ok(_)));
        step
    }
}

/// The columns as they are read; of CSV, which has no types, with those that are known because they were asked for.
fn original(reader: &FileReader, format: Format, wanted: &[ColumnSpec]) -> SchemaRef {
    let schema = reader.original_schema();
    if !matches!(format, Format::Csv | Format::Xlsx) {
        return schema;
    }
    let typed = |field: &FieldRef| match wanted.iter().find(|column| column.name == *field.name()) {
        Some(column) => Arc::new(Spelling::Csv(Some(column.ty)).field(field.name())),
        None => Arc::clone(field),
    };
    Arc::new(Schema::new(schema.fields().iter().map(typed).collect::<Vec<_>>()))
}

fn misfit(row: &Rejected) -> Problem {
    row.problem().remedy(match row.column {
        Some(_) => "mend the row, or leave the value empty: a missing value is no problem",
        None => "mend the row: every row of the file has its own in the output",
    })
}
