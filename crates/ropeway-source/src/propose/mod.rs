//! How a file is to be read, found out from what is in it: the settings of a source, each with the evidence for it.

mod around;
mod beginnings;
mod cells;
mod columns;
mod compact;
mod dates;
mod either;
mod endings;
mod epoch;
mod era;
mod marks;
mod missing;
mod mixed;
mod numbers;
mod sample;
mod shape;
mod sheet;
mod single_quotes;
mod subtotals;
mod summaries;
#[cfg(test)]
mod tests;
mod totals;
mod unlike;
mod ways;
mod weekdays;

use std::path::Path;

use ropeway_vocab::Result;
use serde::Serialize;

use crate::discover::found;
use crate::file::found::{SourceFile, passed_over};
use crate::said::listed;
use crate::settings::{Format, Sheets, SourceSettings};
use crate::spec::SourceSpec;
pub use around::{Around, Footer, Inside, around};
pub use endings::uneven_footers;
pub use sheet::{SheetFound, sheet_with};
pub use ways::is_month;

use beginnings::Beginnings;
use sample::Sample;
use shape::{Shape, quoted};

/// Files that are named of those that are passed over.
const SHOWN: usize = 8;

/// The settings that a file asks for, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Proposal {
    /// The settings of a source; what the file does not ask for has its default.
    pub settings: SourceSettings,
    /// Each setting that is not its default, and what else is worth knowing, with its evidence. First those of the file,
    /// then those of its columns in their order.
    pub decisions: Vec<Decision>,
    /// What stands for a missing value, by column.
    pub missing: Vec<Missing>,
    /// How much was looked at.
    pub seen: Seen,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The key below `[source.NAME]`, for example `delimiter` or `types`; `column.number`, `column.dates` and `column.null` are
    /// keys below `[source.NAME.column.COLUMN]`. Empty where nothing is set and something is told.
    pub setting: String,
    /// The column that it is about; none where it is about the file.
    pub column: Option<String>,
    /// The value as the project file writes it, for example `";"`.
    pub value: String,
    /// The evidence as a sentence without its full stop.
    pub why: String,
    /// How many of the rows or values looked at speak for it, and of how many.
    pub fit: u64,
    /// Of how many.
    pub of: u64,
    /// Another value that fits as well, as the project file writes it: the person decides.
    pub other: Option<String>,
    /// The words in which the file writes a column of booleans; empty for all else.
    #[serde(skip)]
    pub words: Vec<String>,
    /// Whether it is told beside the comment, too: something is left out, or was called otherwise.
    #[serde(skip)]
    pub aloud: bool,
}

/// A spelling of a missing value in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The column.
    pub column: String,
    /// The value, as the file has it.
    pub value: String,
    /// How many of the rows looked at have it.
    pub rows: u64,
}

/// How much of the data a proposal rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Rows that were looked at.
    pub rows: u64,
    /// Bytes that were looked at, unpacked.
    pub bytes: u64,
    /// Whether that was all of the data; else a sample of its beginning and its end.
    pub whole: bool,
}

impl Seen {
    fn of(sample: &Sample, rows: u64) -> Self {
        Self { rows, bytes: sample.bytes, whole: sample.whole && rows < cells::ROWS as u64 }
    }
}

impl Decision {
    /// One about the file.
    fn file(setting: &str, value: String, why: String, fit: u64, of: u64) -> Self {
        Self {
            setting: setting.to_owned(),
            column: None,
            value,
            why,
            fit,
            of,
            other: None,
            words: Vec::new(),
            aloud: false,
        }
    }

    /// The same, told beside the comment too.
    fn aloud(self) -> Self {
        Self { aloud: true, ..self }
    }
}

/// What is known of a file before it is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hint<'a> {
    /// The sheet of a workbook that is wanted.
    pub sheet: Option<&'a str>,
    /// A column that the table has to have.
    pub label: Option<&'a str>,
}

/// Proposes how the file, folder or glob `path`, relative to the folder `root`, is to be read. It looks at a bounded
/// sample of the first file, and of several files at how their values are written.
///
/// # Errors
/// A path without files, a file that cannot be read, one that is no table.
pub fn propose(path: &Path, root: &Path, hint: &Hint<'_>) -> Result<Proposal> {
    let mut settings = SourceSettings::of_file(path.to_string_lossy());
    let spec = SourceSpec::new("data", &settings)?;
    let files = found(&spec, root)?;
    let Some(first) = files.first().cloned() else {
        return Ok(Proposal { settings, decisions: Vec::new(), missing: Vec::new(), seen: Seen::default() });
    };
    let (file, mut decisions) = (&first, Vec::new());
    let over = passed_over(&settings.path, root, &files)?;
    if !over.is_empty() {
        decisions.push(told_of(files.len(), &over));
    }
    let format = chosen_format(file, &mut settings, &mut decisions)?;
    match format {
        Format::Xlsx => {
            let others = (&files[1..], files.len() == 1);
            sheet::choose(file, others, hint, &mut settings, &mut decisions)?;
        }
        // Refused where the file is opened.
        _ => settings.sheet = hint.sheet.map(|sheet| Sheets::One(sheet.to_owned())),
    }
    SourceSpec::new("data", &settings)?.fits(format).map_err(|problem| problem.or_at(|| file.place()))?;
    let several = settings.sheet.as_ref().is_some_and(|sheets| sheets.only().is_none());
    let files = if several { found(&SourceSpec::new("data", &settings)?, root)? } else { files };
    let united = unlike::settle(&files, format, hint, &mut settings, &mut decisions)?;
    let files = united.unwrap_or(files);
    let file = files.first().unwrap_or(&first);
    let (first, mut seen, shape) = match format {
        Format::Parquet => {
            let (cells, rows, whole) = cells::of_types(&settings, file, cells::ROWS, &mut decisions)?;
            (cells, Seen { rows, bytes: 0, whole }, Shape::default())
        }
        Format::Jsonl => {
            let sample = Sample::of(file, format, settings.sheet.as_ref().and_then(Sheets::only))?;
            encoding(&sample, &mut settings, &mut decisions);
            let (cells, rows) = cells::of_lines(&sample, cells::ROWS);
            (cells, Seen::of(&sample, rows), Shape::default())
        }
        Format::Csv | Format::Xlsx => {
            let sample = Sample::of(file, format, settings.sheet.as_ref().and_then(Sheets::only))?;
            encoding(&sample, &mut settings, &mut decisions);
            single_quotes(&sample, &mut settings, &mut decisions);
            let sheet = format == Format::Xlsx;
            let mut shape: Shape = shape::shape(&sample, &file.name, sheet, &mut decisions);
            shape.set(&mut settings, &file.name, sheet);
            endings::settle(&files, format, &sample, &mut shape, &mut settings, &mut decisions)?;
            let spec = SourceSpec::new("data", &settings)?;
            let (cells, rows) = cells::of_text(&sample, &shape, &spec, file, cells::ROWS, &mut decisions)?;
            (cells, Seen::of(&sample, rows), shape)
        }
    };
    seen.whole &= files.len() == 1;
    let mut all = Beginnings::of(first, &files, |file, rows| beginnings::cells(file, format, &shape, &settings, rows));
    seen.rows += all.rows;
    let missing = columns::choose(&mut all, &mut settings, &mut decisions);
    Ok(Proposal { settings, decisions, missing, seen })
}

/// The format by the name of a file, else by what stands in it.
fn chosen_format(file: &SourceFile, settings: &mut SourceSettings, decisions: &mut Vec<Decision>) -> Result<Format> {
    if Format::of_name(&file.name).is_none() {
        let (format, why) = format_of(file)?;
        settings.format = Some(format);
        decisions.push(Decision::file("format", quoted(format.name()), why.to_owned(), 1, 1));
    }
    let mut format = settings.format.or_else(|| Format::of_name(&file.name)).unwrap_or(Format::Csv);
    if format == Format::Csv && begins_with_object(file)? {
        format = Format::Jsonl;
        settings.format = Some(format);
        let why = "its first line is a JSON object, whatever its name says".to_owned();
        decisions.push(Decision::file("format", quoted(format.name()), why, 1, 1));
    }
    Ok(format)
}

/// What of a folder or archive is not read.
fn told_of(read: usize, over: &[String]) -> Decision {
    let why = format!(
        "passed over, since they are no tables of the format of the {}: {}",
        if read == 1 { "one that is read".to_owned() } else { format!("{read} that are read") },
        listed(over.iter().map(|name| format!("`{name}`")), SHOWN)
    );
    let of = (read + over.len()) as u64;
    Decision::file("", String::new(), why, over.len() as u64, of)
}

/// Whether the beginning of a file is valid UTF-8, or says itself what it is. One that cannot be read is told elsewhere.
pub fn is_utf8(path: &Path) -> bool {
    let file = SourceFile::at(path, None);
    let text = matches!(Format::of_name(&file.name), Some(Format::Csv | Format::Jsonl));
    !text || Sample::of(&file, Format::Csv, None).map_or(true, |sample| sample.detected.is_none())
}

fn encoding(sample: &Sample, settings: &mut SourceSettings, decisions: &mut Vec<Decision>) {
    if let Some(found) = &sample.detected {
        settings.encoding = Some(found.name.to_owned());
        decisions.push(Decision::file("encoding", quoted(found.name), found.why.clone(), sample.bytes, sample.bytes));
    }
}

fn single_quotes(sample: &Sample, settings: &mut SourceSettings, decisions: &mut Vec<Decision>) {
    if let Some((rows, of)) = sample.single_quotes {
        settings.quote = "'".to_owned();
        let why = format!("{rows} of {of} lines have a field between single quotes, and lines have as many fields so");
        decisions.push(Decision::file("quote", quoted("'"), why, rows, of));
    }
}

/// Whether the first line of a text file is a JSON object.
fn begins_with_object(file: &SourceFile) -> Result<bool> {
    let front = crate::file::input::front(&mut crate::file::unpack::Unpacker::open(file)?)?;
    let line = front.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    let whole = front.contains(&b'\n') && serde_json::from_slice::<serde_json::Map<_, _>>(line).is_ok();
    Ok(whole || !front.contains(&b'\n') && line.starts_with(b"{\""))
}

/// The format of a file whose name does not tell it.
fn format_of(file: &SourceFile) -> Result<(Format, &'static str)> {
    let mut unpacker = crate::file::unpack::Unpacker::open(file)?;
    let front = crate::file::input::front(&mut unpacker)?;
    let first = front.trim_ascii_start();
    Ok(match first {
        _ if front.starts_with(b"PAR1") => (Format::Parquet, "it begins as Parquet files do"),
        _ if front.starts_with(b"PK\x03\x04") => (Format::Xlsx, "it is a workbook"),
        [b'{', ..] => (Format::Jsonl, "it begins with a JSON object"),
        // Its reader says what is wrong with it.
        [b'[', rest @ ..] if rest.trim_ascii_start().starts_with(b"{") => {
            (Format::Jsonl, "it begins with a JSON array")
        }
        _ => (Format::Csv, "it is text"),
    })
}
