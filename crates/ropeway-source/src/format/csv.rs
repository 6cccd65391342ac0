//! CSV files to typed batches: the header, the width of rows, and where each field goes.

use ropeway_vocab::{ColumnSpec, Place, Problem, Result};

use crate::batch::column::{NOT_TEXT, NOT_UTF8, NUL};
use crate::batch::sheet::{BATCH_ROWS, Layout, Sheet};
use crate::batch::tally::{Skipped, Tally};
use crate::file::encoding::detect;
use crate::file::found::SourceFile;
use crate::file::input::Input;
use crate::file::workbook;
use crate::format::delimiter::refuse_other;
use crate::format::fields::{Fields, Spelled, bad_field, fields_text, joined, lossy, number_cells};
use crate::format::names::{Repeated, check_names, header_name, renamed, repeated, told_apart};
use crate::format::record::{Next, RecordReader};
use crate::format::swallowed::swallowed;
use crate::notice::Noticed;
use crate::settings::delimiter_of_name;
use crate::spec::{Dialect, SourceSpec};
use crate::value::coercion::Coercion;
use crate::value::evidence::At;
use crate::value::guess::Guess;

const REPEATS: &str = "repeats the header";

/// Where the fields of a file go.
struct Route {
    /// The column of the batch for each.
    positions: Vec<Option<usize>>,
    /// Its labels, whether or not it is wanted.
    specs: Vec<ColumnSpec>,
    /// How cells of numbers are read, where that is not as texts are; nothing in files that have no cells.
    numbers: Vec<Option<Coercion>>,
}

/// A CSV file being read.
pub(crate) struct CsvReader {
    records: RecordReader,
    file: SourceFile,
    names: Vec<String>,
    /// The names that stand twice in its header.
    repeated: Vec<Repeated>,
    delimiter: u8,
    /// Whether it is a sheet of a workbook, in which cells may be numbers.
    sheet: bool,
    /// Whether its quotes are those in which fields are written.
    usual_quotes: bool,
    /// Whether its bytes are read as they are.
    utf8: bool,
    /// The fields of its header, where it has several.
    header: Option<(Vec<u8>, Vec<usize>)>,
    /// Whether the current record has not been used yet: it told the number of columns of a file without a header.
    pending: bool,
    /// What its header says that is not so.
    noticed: Option<Noticed>,
}

impl CsvReader {
    /// Opens a file and reads its header.
    pub(crate) fn open(spec: &SourceSpec, file: &SourceFile) -> Result<Self> {
        let input = Input::open(file, spec.encoding)?;
        let delimiter = spec.delimiter.unwrap_or_else(|| delimiter_of_name(&file.name));
        Self::over(input, delimiter, &spec.dialect, spec, file)
    }

    /// Opens a sheet of a workbook.
    pub(crate) fn of_sheet(spec: &SourceSpec, file: &SourceFile) -> Result<Self> {
        let text = workbook::text(file, spec.sheet(), spec.dialect.skip_lines)?;
        let dialect = Dialect { quote: Some(b'"'), ..spec.dialect.clone() };
        let reader = Self::over(Input::made(file, text)?, b',', &dialect, spec, file)?;
        Ok(Self { sheet: true, ..reader })
    }

    /// Reads the header of text that is there already.
    pub(crate) fn over(
        input: Input,
        delimiter: u8,
        dialect: &Dialect,
        spec: &SourceSpec,
        file: &SourceFile,
    ) -> Result<Self> {
        let utf8 = input.is_utf8();
        let mut records = RecordReader::new(input, file, delimiter, dialect);
        let header = spec.settings.header;
        let (names, repeated) = match records.next()? {
            Next::Record if header => header_names(&records, spec, file)?,
            Next::Record => ((1..=records.len()).map(|number| format!("column_{number}")).collect(), Vec::new()),
            Next::TooLong { field_line, .. } => {
                return Err(Problem::invalid("header", "the first row is longer than any row may be")
                    .at(Place::line(&file.name, field_line))
                    .remedy(
                        "is a closing quote missing, or the delimiter another one? else raise `max_record_bytes`",
                    ));
            }
            Next::End => {
                return Err(Problem::invalid("empty-file", "the file has nothing but line ends")
                    .at(file.place())
                    .remedy("put the data into it, or take it out of the source"));
            }
        };
        // One field alone may be a value.
        let header =
            (header && names.len() > 1).then(|| records.parts()).map(|(text, ends)| (text.to_vec(), ends.to_vec()));
        records.leave_footer(dialect.skip_footer);
        let usual_quotes = dialect.quote == Some(b'"');
        let noticed = renamed(&repeated, &file.name, Some(records.line()));
        let (file, pending, sheet) = (file.clone(), !spec.settings.header, false);
        Ok(Self { records, file, names, repeated, delimiter, sheet, usual_quotes, utf8, header, pending, noticed })
    }

    /// The names of its columns.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Lets the guesses see up to `rows` rows; returns how many it saw.
    pub(crate) fn guess(&mut self, rows: usize, guesses: &mut [Guess], spec: &SourceSpec) -> Result<usize> {
        let coercions: Vec<_> = self.names.iter().map(|name| spec.readings.of_column(name)).collect();
        let numbers = self.numbers(coercions.iter().map(|coercion| Some(coercion.as_ref())));
        let mut seen = 0;
        while seen < rows {
            match self.next_record()? {
                Next::End => break,
                Next::TooLong { .. } => {}
                Next::Record => {
                    let (bytes, ends) = self.records.parts();
                    if ends.len() == self.names.len()
                        && !self.is_header()
                        && let Some(text) = fields_text(bytes, ends)
                    {
                        let at = At { file: &self.file.name, line: self.records.line() };
                        let mut cells = self.cells(&numbers);
                        for ((guess, field), coercion) in
                            guesses.iter_mut().zip(Fields::new(text, ends)).zip(&coercions)
                        {
                            guess.text(field, at, cells.next().flatten().unwrap_or(coercion));
                        }
                    }
                }
            }
            seen += 1;
        }
        Ok(seen)
    }

    /// Reads up to a batch of rows into the sheet; `false` at the end of the file.
    pub(crate) fn fill(&mut self, layout: &Layout, sheet: &mut Sheet, tally: &mut Tally) -> Result<bool> {
        let positions = layout.positions(&self.names);
        let specs = self.names.iter().zip(&positions).map(|(name, to)| label(name, *to, layout, sheet)).collect();
        let numbers = self.numbers(positions.iter().map(|to| to.map(|to| layout.coercions[to].as_ref())));
        self.records.keep_raw(!numbers.is_empty() || sheet.originals.is_some() && self.usual_quotes);
        let route = Route { positions, specs, numbers };
        while sheet.rows() < BATCH_ROWS {
            match self.next_record()? {
                Next::End => return Ok(false),
                Next::Record => {
                    tally.rows_in += 1;
                    self.take_record(&route, layout, sheet, tally);
                }
                Next::TooLong { field, field_line } => {
                    tally.rows_in += 1;
                    let column = self.names.get(field).map_or_else(String::new, |name| format!(" in column `{name}`"));
                    let reason = format!(
                        "is too long: it goes past the limit (`max_record_bytes`){column}, in the field that begins on line {field_line}; \
                         is a closing quote missing?"
                    );
                    tally.reject_row(&self.file.name, self.records.line(), "", &reason);
                    sheet.end_unread(self.records.line(), |original| original.append_null());
                }
            }
        }
        Ok(true)
    }

    /// What was left out around the table.
    pub(crate) fn skipped(&self) -> Skipped {
        self.records.skipped()
    }

    /// The names that stand twice in its header.
    pub(crate) fn repeated(&self) -> &[Repeated] {
        &self.repeated
    }

    /// What its header says that is not so.
    pub(crate) fn noticed(&self) -> &[Noticed] {
        self.noticed.as_slice()
    }

    /// Gives the input back, to finish its digest.
    pub(crate) fn into_input(self) -> Input {
        self.records.into_input()
    }

    fn next_record(&mut self) -> Result<Next> {
        if std::mem::take(&mut self.pending) { Ok(Next::Record) } else { self.records.next() }
    }

    /// Whether the record is the header once more, as in exports that were put one behind the other.
    fn is_header(&self) -> bool {
        let (bytes, ends) = self.records.parts();
        self.header.as_ref().is_some_and(|(text, of)| text == bytes && of == ends)
    }

    /// How the cells of numbers of each column are read, where some are read otherwise than texts.
    fn numbers<'a>(&self, coercions: impl Iterator<Item = Option<&'a Coercion>>) -> Vec<Option<Coercion>> {
        let own: Vec<_> = coercions.filter(|_| self.sheet).map(|text| text.and_then(Coercion::of_numbers)).collect();
        if own.iter().all(Option::is_none) { Vec::new() } else { own }
    }

    /// For each field of the record how it is read where it is a cell of a number.
    fn cells<'a>(&'a self, numbers: &'a [Option<Coercion>]) -> impl Iterator<Item = Option<&'a Coercion>> {
        let record = if numbers.is_empty() { &[] } else { self.records.raw() };
        let cells = number_cells(record, self.delimiter).zip(numbers);
        cells.map(|(is_number, own)| own.as_ref().filter(|_| is_number))
    }

    fn take_record(&self, route: &Route, layout: &Layout, sheet: &mut Sheet, tally: &mut Tally) {
        let Route { positions, specs, numbers } = route;
        let (file, line) = (self.file.name.as_str(), self.records.line());
        let (bytes, ends) = self.records.parts();
        let repeats = self.is_header();
        if repeats || ends.len() != positions.len() {
            let reason = if repeats { REPEATS.to_owned() } else { self.wrong_width(ends.len()) };
            tally.reject_row(file, line, &joined(bytes, ends), &reason);
            self.keep_fields(sheet);
            return;
        }
        let text = match fields_text(bytes, ends) {
            Some(text) if !bytes.contains(&0) => text,
            text => {
                let (field, value) = bad_field(bytes, ends);
                let reason = match text {
                    Some(_) => NUL,
                    None if self.utf8 => NOT_UTF8,
                    None => NOT_TEXT,
                };
                tally.reject_value(file, line, &specs[field], &value, reason);
                self.keep_fields(sheet);
                return;
            }
        };
        if self.records.last_line() > line {
            tally.swallow(|| swallowed(bytes, ends, self.delimiter, file, line));
        }
        let mut failed: Option<(usize, &str, &'static str)> = None;
        let mut cells = self.cells(numbers);
        for ((index, to), field) in positions.iter().enumerate().zip(Fields::new(text, ends)) {
            let number = cells.next().flatten();
            if let Some(to) = to
                && let Err(reason) =
                    sheet.builders[*to].append_text(field, number.unwrap_or(&layout.coercions[*to]), &mut tally.zone)
            {
                failed.get_or_insert((index, field, reason));
            }
        }
        if let Some(originals) = &mut sheet.originals {
            let raw = if self.usual_quotes { self.records.raw() } else { &[] };
            let mut spelled = Spelled::new(raw, self.delimiter);
            for (original, field) in originals.iter_mut().zip(Fields::new(text, ends)) {
                spelled.append_to(original, field);
            }
        }
        if let Some((index, field, reason)) = failed {
            let reason = positions[index].map_or(reason.into(), |to| layout.coercions[to].told(reason));
            tally.reject_value(file, line, &specs[index], field, &reason);
        }
        sheet.end_row_of(line, failed.is_none());
    }

    /// Keeps the fields of a record that is not read where they stand, the first in the first column; what is no text in them
    /// is marked, and those for which there is no column are told by their number alone.
    fn keep_fields(&self, sheet: &mut Sheet) {
        let mut fields = lossy(self.records.parts());
        let mut spelled = Spelled::new(&[], self.delimiter);
        sheet.end_unread(self.records.line(), |original| match fields.next() {
            Some(field) => spelled.append_to(original, &field),
            None => original.append_null(),
        });
    }

    fn wrong_width(&self, fields: usize) -> String {
        let plural = if fields == 1 { "" } else { "s" };
        let mut reason = format!("has {fields} field{plural} where {} are needed", self.names.len());
        let (first, last) = (self.records.line(), self.records.last_line());
        if last > first {
            reason.push_str(&format!("; it runs to line {last}: is a closing quote missing?"));
        }
        reason
    }
}

/// The labels of a file's column, whether or not it is wanted. Of one to pass on unread nobody has said that it is not
/// personal.
fn label(name: &str, to: Option<usize>, layout: &Layout, sheet: &Sheet) -> ColumnSpec {
    match to {
        Some(to) => layout.columns[to].clone(),
        None => ColumnSpec {
            name: name.to_owned(),
            ty: ropeway_vocab::ColumnType::Text,
            known_ahead: false,
            personal: sheet.originals.is_some(),
        },
    }
}

fn header_names(records: &RecordReader, spec: &SourceSpec, file: &SourceFile) -> Result<(Vec<String>, Vec<Repeated>)> {
    let place = || Place::line(&file.name, records.line());
    let (bytes, ends) = records.parts();
    let Some(text) = fields_text(bytes, ends) else {
        let (field, value) = bad_field(bytes, ends);
        let what = format!("the name of column {} is not valid UTF-8: `{value}`", field + 1);
        let remedy = match detect(bytes) {
            Some(found) if spec.encoding.is_none() => {
                format!("say `encoding = \"{}\"` at the source, or save the file in UTF-8", found.name)
            }
            _ => "say another `encoding` at the source, or save the file in UTF-8".to_owned(),
        };
        return Err(Problem::invalid("not-utf8", what).at(place()).remedy(remedy));
    };
    if records.raw().starts_with(b"{\"") && spec.settings.delimiter.is_none() {
        return Err(Problem::invalid("wrong-format", "this is no CSV: it begins with a JSON object")
            .at(place())
            .remedy("say `format = \"jsonl\"` at the source, or name the file `.jsonl`"));
    }
    refuse_other(spec, file, text, ends.len()).map_err(|problem| problem.or_at(place))?;
    let header: Vec<String> =
        Fields::new(text, ends).zip(1..).map(|(cell, number)| header_name(cell, number)).collect();
    let names = told_apart(header.clone());
    check_names(&names).map_err(|problem| problem.or_at(place))?;
    let repeated = repeated(&header, &names);
    Ok((names, repeated))
}
