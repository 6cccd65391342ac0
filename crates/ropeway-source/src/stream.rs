//! A file batch by batch in constant memory, for prediction: the wanted columns typed, and all columns as they were
//! read, row for row. Every row of the input keeps its place: one that does not fit is told with its line.

use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, FieldRef, Schema, SchemaRef};
use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result};

use crate::batch::sheet::Layout;
use crate::batch::tally::{Rejected, Tally};
use crate::file::archive::expanded;
use crate::file::found::SourceFile;
use crate::format::delimiter::MARKS;
use crate::format::names::Repeated;
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
    /// Its name, also in the file.
    pub name: String,
    /// What a file without a column of that name may call it, as its source does.
    pub called: Option<String>,
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
    /// The wanted columns that the file has, in the order in which they were asked for. What does not fit is missing.
    pub rows: RecordBatch,
    /// All columns of the file as they were read: for CSV its fields as they are spelled, quotes and all (one without a
    /// character is missing), for JSON lines the JSON text of each value, for Parquet the file's own types. As many rows.
    /// [`crate::write::Writer`] knows how to write them.
    pub original: RecordBatch,
    /// The line on which each row begins, from 1; in Parquet the number of the row.
    pub lines: Vec<u64>,
    /// The rows that do not fit, by their place in the batch, in order, and why.
    pub unfit: Vec<(usize, Rejected)>,
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
    open_stream_as(path, [settings.clone()], wanted, &Readings::of(settings)?)
}

/// Opens the file `path` in the first of these forms in which it has all columns that are required, and reads the values of
/// each wanted column as `readings` say. Where its delimiter is none that the forms say, the others are tried too.
///
/// # Errors
/// The names that are missing in the form in which fewest are: a name is misspelled more often than a whole file is of
/// another form.
pub fn open_stream_as(
    path: &Path,
    forms: impl IntoIterator<Item = SourceSettings>,
    wanted: &[Wanted],
    readings: &Readings,
) -> Result<Stream> {
    let file = one_file(path)?;
    let mut tried = Tried::default();
    for form in forms {
        if let Some(stream) = tried.form(&file, &form, wanted, readings) {
            return Ok(stream);
        }
    }
    if let Some((problem, form)) = tried.refused.clone().filter(|(problem, _)| problem.code() == "delimiter") {
        for (_, mark, _) in MARKS {
            let form = SourceSettings { delimiter: Some(mark.to_owned()), ..form.clone() };
            if let Some(stream) = tried.form(&file, &form, wanted, readings) {
                return Ok(stream);
            }
        }
        tried.refused = Some((problem.remedy(SEPARATE), form));
    }
    let names: Vec<&str> = wanted.iter().map(|column| column.name.as_str()).collect();
    match (tried.nearest, tried.refused) {
        (Some((lacks, reader)), _) if lacks.len() < required(wanted).count() || reader.names().len() > 1 => {
            Err(reader.lacks(&lacks, &names).at(file.place()))
        }
        (_, Some((problem, _))) => Err(problem),
        (Some((lacks, reader)), None) => Err(reader.lacks(&lacks, &names).at(file.place())),
        (None, None) => Err(Problem::internal("a file is read in no form")),
    }
}

/// What came of the forms tried so far.
#[derive(Default)]
struct Tried<'a> {
    /// Why the first form that does not fit at all does not, and the form.
    refused: Option<(Problem, SourceSettings)>,
    /// The form in which fewest names are missing, and which: of equals the one with more columns.
    nearest: Option<(Vec<&'a str>, FileReader)>,
}

impl<'a> Tried<'a> {
    /// The file in this form, where it has all that is required.
    fn form(
        &mut self,
        file: &SourceFile,
        form: &SourceSettings,
        wanted: &'a [Wanted],
        readings: &Readings,
    ) -> Option<Stream> {
        let (reader, format) = match opened(file, form) {
            Ok(opened) => opened,
            Err(problem) => {
                self.refused.get_or_insert((problem, form.clone()));
                return None;
            }
        };
        let names = reader.names();
        let lacks: Vec<&str> = required(wanted)
            .filter(|column| column.found(names).is_none())
            .map(|column| column.name.as_str())
            .collect();
        if lacks.is_empty() {
            return Some(Stream::new(reader, format, wanted, readings));
        }
        let nearer =
            |(least, other): &(Vec<&str>, FileReader)| (lacks.len(), other.names().len()) < (least.len(), names.len());
        if self.nearest.as_ref().is_none_or(nearer) {
            self.nearest = Some((lacks, reader));
        }
        None
    }
}

impl Wanted {
    /// What a file with columns of these names calls it; none where it has it not.
    fn found<'a>(&'a self, names: &[String]) -> Option<&'a str> {
        let both = [Some(self.name.as_str()), self.called.as_deref()];
        both.into_iter().flatten().find(|name| names.iter().any(|known| known == name))
    }
}

fn required(wanted: &[Wanted]) -> impl Iterator<Item = &Wanted> {
    wanted.iter().filter(|column| column.required)
}

fn one_file(path: &Path) -> Result<SourceFile> {
    let file = SourceFile::at(path, None);
    if path.is_dir() {
        return Err(Problem::invalid("is-folder", format!("`{}` is a folder, and a file is needed", file.name))
            .at(file.place())
            .remedy("name one file, .csv, .jsonl, .parquet or .xlsx"));
    }
    let mut files = expanded(file)?;
    match (files.pop(), files.as_slice()) {
        (Some(file), []) => Ok(file),
        _ => Err(Problem::invalid("archive", format!("`{}` holds several tables", path.display()))
            .remedy("unpack it, and name one of them")),
    }
}

fn opened(file: &SourceFile, settings: &SourceSettings) -> Result<(FileReader, Format)> {
    let spec = SourceSpec::new(&file.name, settings)?;
    let unnamed = |problem: Problem| problem.remedy("name the file as what it is: .csv, .jsonl, .parquet or .xlsx");
    let format = spec.format_of(file).map_err(unnamed)?;
    Ok((FileReader::open(&spec, file)?, format))
}

impl Stream {
    fn new(reader: FileReader, format: Format, wanted: &[Wanted], readings: &Readings) -> Self {
        let names = reader.names();
        // What stands for a column of another name is not read by its own besides.
        let other = |name: &str| {
            let called = |wanted: &Wanted| wanted.name != name && wanted.found(names) == Some(name);
            wanted.iter().any(|wanted| wanted.required && called(wanted))
        };
        let found = |wanted: &Wanted| {
            let called = wanted.found(names).filter(|called| wanted.required || !other(called))?;
            let Wanted { name, ty, personal, .. } = wanted;
            let column = ColumnSpec { name: name.clone(), ty: *ty, known_ahead: false, personal: *personal };
            Some((column, called.to_owned()))
        };
        let (columns, called): (Vec<ColumnSpec>, Vec<String>) = wanted.iter().filter_map(found).unzip();
        let layout = Layout::of_file(columns, called, readings);
        let original = original(&reader, format, &layout);
        let tally = Tally::of_batches(&layout.columns);
        Self { reader, layout, original, format, tally, done: false }
    }

    /// The wanted columns that the file has.
    pub fn columns(&self) -> &[ColumnSpec] {
        &self.layout.columns
    }

    /// The names that stand twice in the file.
    pub fn repeated(&self) -> &[Repeated] {
        self.reader.repeated()
    }

    /// The wanted column that is read from the file's column of this name.
    pub fn called(&self, name: &str) -> Option<&ColumnSpec> {
        let place = self.layout.called.iter().position(|called| called == name)?;
        self.layout.columns.get(place)
    }

    /// The wanted columns that the file calls otherwise: what it calls each, and its name.
    pub fn renamed(&self) -> impl Iterator<Item = (&str, &str)> {
        let both = self.layout.called.iter().zip(&self.layout.columns);
        both.map(|(called, column)| (called.as_str(), column.name.as_str())).filter(|(called, name)| called != name)
    }

    /// The schema of the columns as read.
    pub fn original_schema(&self) -> SchemaRef {
        self.original.clone()
    }

    /// The format of the file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Columns of numbers of a text file that are written as only their source writes them: with a decimal comma, a unit. Each
    /// by its place among [`Self::columns`], with the field that writes it in JSON under the file's name for it: a number or, of
    /// percentages, which no bare number is, its text.
    pub fn spelled_as_their_source(&self) -> impl Iterator<Item = (usize, Field)> {
        let text = matches!(self.format, Format::Csv | Format::Xlsx);
        let Layout { columns, called, coercions, .. } = &self.layout;
        let number = |ty: ColumnType| matches!(ty, ColumnType::Integer | ColumnType::Float);
        let all = columns.iter().zip(called).zip(coercions).enumerate();
        let own =
            all.filter(move |(_, ((column, _), coercion))| text && number(column.ty) && coercion.written.is_some());
        own.map(|(place, ((column, called), coercion))| match coercion.percent() {
            true => (place, Spelling::Csv(Some(ColumnType::Text)).field(called)),
            false => (place, Field::new(called, column.ty.arrow(), true)),
        })
    }

    fn step(&mut self) -> Result<Option<StreamBatch>> {
        let chunk = self.reader.next(&self.layout, Some(&self.original), &mut self.tally)?;
        let Some(chunk) = chunk else { return Ok(None) };
        let whole = chunk.whole.ok_or_else(|| Problem::internal("the columns as read went missing"))?;
        let why = std::mem::take(&mut self.tally.quarantine);
        let places: Vec<usize> = (0..whole.good.len()).filter(|row| !whole.good[*row]).collect();
        if places.len() != why.len() {
            return Err(Problem::internal(format!("{} rows do not fit, and {} are told", places.len(), why.len())));
        }
        let unfit = places.into_iter().zip(why).collect();
        Ok(Some(StreamBatch { rows: chunk.batch, original: whole.original, lines: whole.lines, unfit }))
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
fn original(reader: &FileReader, format: Format, layout: &Layout) -> SchemaRef {
    let schema = reader.original_schema();
    if !matches!(format, Format::Csv | Format::Xlsx) {
        return schema;
    }
    let typed = |field: &FieldRef| match layout.called.iter().position(|called| called == field.name()) {
        Some(place) => Arc::new(Spelling::Csv(Some(layout.columns[place].ty)).field(field.name())),
        None => Arc::clone(field),
    };
    Arc::new(Schema::new(schema.fields().iter().map(typed).collect::<Vec<_>>()))
}
