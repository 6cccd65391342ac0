//! The values of the columns of a sample, as they are written.

use std::collections::BTreeMap;

use ropeway_vocab::{ColumnType, Place, Result};

use crate::batch::sheet::Layout;
use crate::batch::tally::Tally;
use crate::file::found::SourceFile;
use crate::file::input::Input;
use crate::format::delimiter::fields;
use crate::format::fields::{Fields, fields_text, number_cells};
use crate::format::members::members;
use crate::format::names::{check_names, header_name, renamed, repeated, told_apart};
use crate::format::record::{Next, RecordReader};
use crate::notice::Noticed;
use crate::propose::Decision;
use crate::propose::sample::Sample;
use crate::propose::shape::Shape;
use crate::reader::FileReader;
use crate::said::plural;
use crate::settings::{Format, SourceSettings};
use crate::spec::SourceSpec;
use crate::value::number;
use crate::value::readings::Readings;

/// Rows of a sample that are looked at.
pub(super) const ROWS: usize = 20_000;

/// A column of a sample.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    pub(super) name: String,
    /// Its values without spaces around them, none of them empty, in the order of the rows.
    pub(super) values: Vec<String>,
    /// Those of them that are cells of numbers with decimals, with their rows: how texts beside them are written they do not tell.
    pub(super) numbers: BTreeMap<String, u64>,
    /// The type that the file itself gives it.
    pub(super) said: Option<ColumnType>,
    /// Whether its texts are texts to the inference of types, whatever they spell.
    pub(super) typed: bool,
}

impl Cells {
    /// Each different value with its number of rows.
    pub(super) fn counts(&self) -> BTreeMap<&str, u64> {
        let mut counts = BTreeMap::new();
        for value in &self.values {
            *counts.entry(value.as_str()).or_default() += 1;
        }
        counts
    }

    /// The same of those that are texts.
    pub(super) fn texts(&self) -> BTreeMap<&str, u64> {
        let mut counts = self.counts();
        for (value, rows) in &self.numbers {
            counts.entry(value).and_modify(|count| *count -= rows);
        }
        counts.retain(|_, count| *count > 0);
        counts
    }

    /// The same without these values.
    pub(super) fn without(&self, out: &[(String, u64)]) -> Self {
        let keeps = |value: &String| out.iter().all(|(out, _)| out != value);
        Self { values: self.values.iter().filter(|value| keeps(value)).cloned().collect(), ..self.clone() }
    }

    /// Takes a value, and whether it is a cell of a number with decimals; not an empty one.
    fn take(&mut self, value: &str, is_number: bool) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        if is_number {
            *self.numbers.entry(value.to_owned()).or_default() += 1;
        }
        self.values.push(value.to_owned());
    }
}

/// What a value looks like in itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number in any spelling, or a date.
    Told,
    Text,
}

/// Most of a number or date are digits and marks.
pub(super) fn kind(value: &str) -> Kind {
    if value.len() <= 40 && number::is_mostly_digits(value) { Kind::Told } else { Kind::Text }
}

/// The cells of so many rows of a sample of delimited text; the number of its rows.
pub(super) fn of_text(
    sample: &Sample,
    shape: &Shape,
    spec: &SourceSpec,
    file: &SourceFile,
    most: usize,
    decisions: &mut Vec<Decision>,
) -> Result<(Vec<Cells>, u64)> {
    let input = Input::made(file, sample.head.clone().into_bytes())?;
    let sheet = spec.format_of(file)? == Format::Xlsx;
    let mut records = RecordReader::new(input, file, shape.delimiter as u8, &spec.dialect);
    let mut cells: Vec<Cells> = Vec::new();
    let (mut rows, mut again) = (0, 0);
    let mut first = None;
    if shape.header && records.next()? == Next::Record {
        let (bytes, ends) = records.parts();
        first = (ends.len() > 1).then(|| (bytes.to_vec(), ends.to_vec()));
        let text = fields_text(bytes, ends).unwrap_or_default();
        let header: Vec<String> =
            Fields::new(text, ends).zip(1..).map(|(cell, number)| header_name(cell, number)).collect();
        decisions.extend(told_of_names(Fields::new(text, ends), &header));
        let names = told_apart(header.clone());
        decisions.extend(renamed(&repeated(&header, &names), &file.name, None).map(|noticed| twice(&noticed, &names)));
        cells.extend(names.iter().map(|name| Cells { name: name.clone(), ..Cells::default() }));
        check_names(&names)
            .map_err(|problem| problem.or_at(|| Place::line(&file.name, shape.skip_lines as u64 + 1)))?;
    }
    if sample.whole {
        records.leave_footer(shape.footer);
    }
    while rows < most as u64 {
        match records.next() {
            // A sample may end within quotes.
            Err(_) if !sample.whole || rows > 0 => break,
            Err(problem) => return Err(problem),
            Ok(Next::End) => break,
            Ok(Next::TooLong { .. }) => {}
            Ok(Next::Record) if first.as_ref().is_some_and(|(text, of)| (&text[..], &of[..]) == records.parts()) => {
                again += 1
            }
            Ok(Next::Record) => {
                let (bytes, ends) = records.parts();
                if cells.is_empty() {
                    cells =
                        (1..=ends.len()).map(|n| Cells { name: format!("column_{n}"), ..Cells::default() }).collect();
                }
                if let Some(text) = fields_text(bytes, ends).filter(|_| ends.len() == cells.len()) {
                    let mut numbers = number_cells(if sheet { records.raw() } else { &[] }, b',');
                    for (cells, field) in cells.iter_mut().zip(Fields::new(text, ends)) {
                        cells.take(field, numbers.next().unwrap_or(false));
                    }
                }
            }
        }
        rows += 1;
    }
    end_of_text(sample, shape, sheet, &mut cells);
    decisions.extend((again > 0).then(|| told_of_headers(again, rows)));
    Ok((cells, rows))
}

/// Exports that were put one behind the other.
fn told_of_headers(again: u64, of: u64) -> Decision {
    let repeat = if again == 1 { "repeats" } else { "repeat" };
    let why = format!("{} {repeat} the header: quarantined, since no setting leaves them out", plural(again, "row"));
    Decision::file("", String::new(), why, again, of).aloud()
}

/// The columns whose name stands on several lines in the file, or with other blanks in it.
fn told_of_names<'a>(header: impl Iterator<Item = &'a str>, names: &[String]) -> Option<Decision> {
    let pairs = header.zip(names).map(|(cell, name)| (cell.trim(), name));
    let of: Vec<&String> =
        pairs.filter(|(cell, name)| !cell.is_empty() && cell != name).map(|(_, name)| name).collect();
    let first = of.first()?;
    let why = if of.len() == 1 {
        format!(
            "the name of the column `{first}` has line breaks or several blanks in the file, which are one blank here"
        )
    } else {
        format!(
            "the names of {}, as `{first}`, have line breaks or several blanks in the file, which are one blank here",
            plural(of.len() as u64, "column")
        )
    };
    Some(Decision::file("", String::new(), why, of.len() as u64, names.len() as u64))
}

/// What stands at the end of a file may be what its beginning does not tell. The end may begin within quotes: lines of
/// another width are left alone.
fn end_of_text(sample: &Sample, shape: &Shape, sheet: bool, cells: &mut [Cells]) {
    let comment = |line: &&str| !shape.is_comment(line);
    let lines: Vec<&str> = sample.tail.lines().filter(|line| !line.trim().is_empty()).filter(comment).collect();
    for line in &lines[..lines.len().saturating_sub(shape.footer)] {
        let row = fields(line, shape.delimiter);
        if row.len() == cells.len() && !line.contains('"') {
            for (cells, value) in cells.iter_mut().zip(row) {
                cells.take(&value, sheet && number::has_point(&value));
            }
        }
    }
}

/// The cells of so many lines of a sample of JSON lines.
pub(super) fn of_lines(sample: &Sample, most: usize) -> (Vec<Cells>, u64) {
    let mut cells: Vec<Cells> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows = 0;
    for line in sample.head.lines().filter(|line| !line.trim().is_empty()).take(most) {
        rows += 1;
        let Ok(pairs) = members(line) else { continue };
        for (key, value) in pairs {
            let json = &line[value];
            let at = *places.entry(key.clone()).or_insert_with(|| {
                cells.push(Cells { name: key, ..Cells::default() });
                cells.len() - 1
            });
            match serde_json::from_str(json) {
                Ok(serde_json::Value::String(text)) if !text.trim().is_empty() => {
                    cells[at].typed = true;
                    cells[at].values.push(text.trim().to_owned());
                }
                Ok(serde_json::Value::Null | serde_json::Value::String(_)) => {}
                _ => cells[at].values.push(json.trim().to_owned()),
            }
        }
    }
    (cells, rows)
}

/// What is told of names that stand twice.
fn twice(noticed: &Noticed, names: &[String]) -> Decision {
    Decision::file("", String::new(), noticed.what.clone(), 0, names.len() as u64).aloud()
}

/// The cells of the first rows, so many at most, of a file with types of its own.
pub(super) fn of_types(
    settings: &SourceSettings,
    file: &SourceFile,
    most: usize,
    decisions: &mut Vec<Decision>,
) -> Result<(Vec<Cells>, u64, bool)> {
    let spec = SourceSpec::new("data", settings)?;
    let mut reader = FileReader::open(&spec, file)?;
    let said = reader.look(0, &spec)?.types;
    let names = reader.names().to_vec();
    decisions.extend(reader.noticed().iter().map(|noticed| twice(noticed, &names)));
    let columns: Vec<_> = names
        .iter()
        .map(|name| ropeway_vocab::ColumnSpec {
            name: name.clone(),
            ty: ColumnType::Text,
            known_ahead: false,
            personal: false,
        })
        .collect();
    let layout = Layout::new(columns, &Readings::default());
    let mut tally = Tally::new(&layout.columns);
    let mut cells: Vec<Cells> = names
        .into_iter()
        .zip(&said)
        .map(|(name, said)| Cells { name, said: Some(said.ty()), typed: true, ..Cells::default() })
        .collect();
    let Some(chunk) = reader.next(&layout, None, &mut tally)? else { return Ok((cells, 0, true)) };
    let rows = chunk.batch.num_rows().min(most);
    let more = chunk.batch.num_rows() > most || reader.next(&layout, None, &mut tally)?.is_some();
    for (cells, array) in cells.iter_mut().zip(chunk.batch.columns()) {
        let texts: &arrow::array::StringArray = arrow::array::AsArray::as_string(array);
        let texts = texts.iter().take(rows).flatten().map(str::trim).filter(|text| !text.is_empty());
        cells.values = texts.map(str::to_owned).collect();
    }
    Ok((cells, rows as u64, !more))
}

/// Whether a text is a number in its plain spelling.
pub(super) fn is_plain(text: &str) -> bool {
    number::looks_like_float(text) && text.bytes().any(|byte| byte.is_ascii_digit())
}
