//! One file of any format, read batch by batch.

use arrow::datatypes::{DataType, SchemaRef};
use ropeway_vocab::{ColumnType, Digest, Problem, Result};

use crate::batch::sheet::{Chunk, Layout, Sheet};
use crate::batch::tally::{Skipped, Tally};
use crate::file::found::SourceFile;
use crate::format::csv::CsvReader;
use crate::format::jsonl::JsonlReader;
use crate::format::names::{Repeated, lacking};
use crate::format::parquet::ParquetReader;
use crate::format::spelling::Spelling;
use crate::notice::Noticed;
use crate::settings::Format;
use crate::spec::SourceSpec;
use crate::value::guess::Guess;

/// What the first rows of a file say of its columns.
pub(crate) struct Looked {
    /// The type of each column, or what it may still be.
    pub(crate) types: Vec<Likely>,
    /// How many rows were looked at; none where the format says its types itself.
    pub(crate) rows: usize,
}

/// The type of a column, as far as a file tells.
#[derive(Debug, Clone)]
pub(crate) enum Likely {
    Said(ColumnType),
    Guessed(Box<Guess>),
}

/// A file of any format.
pub(crate) enum FileReader {
    Csv { reader: Box<CsvReader>, sheet: Option<Sheet>, done: bool },
    Jsonl { reader: Box<JsonlReader>, sheet: Option<Sheet>, done: bool },
    Parquet(Box<ParquetReader>),
}

impl FileReader {
    pub(crate) fn open(spec: &SourceSpec, file: &SourceFile) -> Result<Self> {
        let format = spec.format_of(file)?;
        spec.fits(format).map_err(|problem| problem.or_at(|| file.place()))?;
        let csv = |reader: CsvReader| Self::Csv { reader: Box::new(reader), sheet: None, done: false };
        Ok(match format {
            Format::Parquet => Self::Parquet(Box::new(ParquetReader::open(file)?)),
            Format::Jsonl => Self::Jsonl { reader: Box::new(JsonlReader::open(spec, file)?), sheet: None, done: false },
            Format::Csv => csv(CsvReader::open(spec, file)?),
            Format::Xlsx => csv(CsvReader::of_sheet(spec, file)?),
        })
    }

    /// The names of its columns, in its order.
    pub(crate) fn names(&self) -> &[String] {
        match self {
            Self::Csv { reader, .. } => reader.names(),
            Self::Jsonl { reader, .. } => reader.names(),
            Self::Parquet(reader) => reader.names(),
        }
    }

    /// Columns, with their types, that are left out because no logical type holds them.
    pub(crate) fn left_out(&self) -> &[(String, DataType)] {
        match self {
            Self::Csv { .. } | Self::Jsonl { .. } => &[],
            Self::Parquet(reader) => reader.left_out(),
        }
    }

    /// The problem that these columns of those that are wanted are not there.
    pub(crate) fn lacks(&self, columns: &[&str], wanted: &[&str]) -> Problem {
        self.unread(columns).unwrap_or_else(|| lacking(self.names(), columns, wanted))
    }

    /// The problem that one of these columns has a type that no logical type holds, where one has.
    pub(crate) fn unread(&self, columns: &[&str]) -> Option<Problem> {
        let unread = |(name, _): &&(String, DataType)| columns.contains(&name.as_str());
        let (column, data_type) = self.left_out().iter().find(unread)?;
        let what = format!("the column `{column}` is {data_type}, which is not read");
        Some(Problem::invalid("column-type", what).remedy("write it as a number, text, boolean, date or timestamp"))
    }

    /// The schema of the columns as they are read.
    pub(crate) fn original_schema(&self) -> SchemaRef {
        match self {
            Self::Csv { reader, .. } => Spelling::Csv(None).schema(reader.names()),
            Self::Jsonl { reader, .. } => Spelling::Json.schema(reader.names()),
            Self::Parquet(reader) => reader.original_schema(),
        }
    }

    /// Looks at up to `rows` rows. What was looked at is not read again: open the file anew.
    pub(crate) fn look(&mut self, rows: usize, spec: &SourceSpec) -> Result<Looked> {
        match self {
            Self::Csv { reader, .. } => {
                let mut guesses = vec![Guess::default(); reader.names().len()];
                let rows = reader.guess(rows, &mut guesses, spec)?;
                Ok(Looked { types: guesses.into_iter().map(|guess| Likely::Guessed(Box::new(guess))).collect(), rows })
            }
            Self::Jsonl { reader, .. } => {
                let mut guesses = vec![Guess::default(); reader.names().len()];
                let rows = reader.guess(rows, &mut guesses, spec)?;
                Ok(Looked { types: guesses.into_iter().map(|guess| Likely::Guessed(Box::new(guess))).collect(), rows })
            }
            Self::Parquet(reader) => {
                Ok(Looked { types: reader.types().iter().copied().map(Likely::Said).collect(), rows: 0 })
            }
        }
    }

    /// The next batch, none at the end. `originals` asks for the columns as read too.
    pub(crate) fn next(
        &mut self,
        layout: &Layout,
        originals: Option<&SchemaRef>,
        tally: &mut Tally,
    ) -> Result<Option<Chunk>> {
        match self {
            Self::Csv { done: true, .. } | Self::Jsonl { done: true, .. } => Ok(None),
            Self::Csv { reader, sheet, done } => {
                let sheet = sheet.get_or_insert_with(|| Sheet::new(layout, width(originals)));
                *done = !reader.fill(layout, sheet, tally)?;
                finish(sheet, layout, originals)
            }
            Self::Jsonl { reader, sheet, done } => {
                let sheet = sheet.get_or_insert_with(|| Sheet::new(layout, width(originals)));
                *done = !reader.fill(layout, sheet, tally)?;
                finish(sheet, layout, originals)
            }
            Self::Parquet(reader) => reader.next(layout, originals.is_some(), tally),
        }
    }

    /// What was left out around the table so far.
    pub(crate) fn skipped(&self) -> Skipped {
        match self {
            Self::Csv { reader, .. } => reader.skipped(),
            Self::Jsonl { reader, .. } => reader.skipped(),
            Self::Parquet(_) => Skipped::default(),
        }
    }

    /// The names that stand twice in it.
    pub(crate) fn repeated(&self) -> &[Repeated] {
        match self {
            Self::Csv { reader, .. } => reader.repeated(),
            Self::Parquet(reader) => reader.repeated(),
            Self::Jsonl { .. } => &[],
        }
    }

    /// What is to be known of it: what its header says that is not so, numbers that are text.
    pub(crate) fn noticed(&self) -> &[Noticed] {
        match self {
            Self::Csv { reader, .. } => reader.noticed(),
            Self::Parquet(reader) => reader.noticed(),
            Self::Jsonl { .. } => &[],
        }
    }

    /// The digest and size of the whole file.
    pub(crate) fn finish(self) -> Result<(Digest, u64)> {
        match self {
            Self::Csv { reader, .. } => reader.into_input().finish(),
            Self::Jsonl { reader, .. } => reader.into_input().finish(),
            Self::Parquet(reader) => reader.finish(),
        }
    }
}

fn width(originals: Option<&SchemaRef>) -> Option<usize> {
    originals.map(|schema| schema.fields().len())
}

fn finish(sheet: &mut Sheet, layout: &Layout, originals: Option<&SchemaRef>) -> Result<Option<Chunk>> {
    if sheet.rows() == 0 { Ok(None) } else { sheet.chunk(&layout.schema, originals).map(Some) }
}
