//! JSON lines to typed batches: one object a line, its keys the columns.

use std::collections::HashMap;
use std::ops::Range;

use ropeway_vocab::{Place, Problem, Result};

use crate::batch::column::{NOT_TEXT, NOT_UTF8};
use crate::batch::sheet::{BATCH_ROWS, Layout, Sheet};
use crate::batch::tally::{Skipped, Tally};
use crate::file::found::SourceFile;
use crate::file::input::Input;
use crate::file::lines::{LineReader, NextLine};
use crate::format::members::{Member, members};
use crate::format::names::check_names;
use crate::format::quoting::plain;
use crate::spec::SourceSpec;
use crate::value::evidence::At;
use crate::value::guess::Guess;

/// A JSON lines file being read.
pub(crate) struct JsonlReader {
    lines: LineReader,
    skipped: Skipped,
    comment: Vec<u8>,
    /// Whether its bytes are read as they are.
    utf8: bool,
    file: SourceFile,
    names: Vec<String>,
    positions: HashMap<String, usize>,
    infer_rows: usize,
    /// Where in its line a row has the value of each of `names`, filled and emptied row by row.
    row: Vec<Option<Range<usize>>>,
}

impl JsonlReader {
    /// Opens a file and collects the keys of its first rows.
    pub(crate) fn open(spec: &SourceSpec, file: &SourceFile) -> Result<Self> {
        let infer_rows = spec.settings.infer_rows;
        let mut scout = Self::at_start(spec, file)?;
        let mut names: Vec<String> = Vec::new();
        let mut positions: HashMap<String, usize> = HashMap::new();
        let mut rows = 0;
        let mut first_bad: Option<(u64, String)> = None;
        while rows < infer_rows {
            match scout.next_row()? {
                Row::End => break,
                Row::Bad(reason) => {
                    first_bad.get_or_insert((scout.lines.number(), reason));
                }
                Row::Object(pairs) => {
                    for (key, _) in pairs {
                        if !positions.contains_key(&key) {
                            positions.insert(key.clone(), names.len());
                            names.push(key);
                        }
                    }
                }
            }
            rows += 1;
        }
        if names.is_empty() {
            let none = format!("the first {rows} rows hold no object with keys");
            let (what, place) = match first_bad {
                Some((line, reason)) if rows == 1 => (format!("the row {reason}"), Place::line(&file.name, line)),
                Some((line, reason)) => (format!("{none}: the row {reason}"), Place::line(&file.name, line)),
                None => (none, file.place()),
            };
            return Err(Problem::invalid("no-rows", what)
                .at(place)
                .remedy("a JSON lines file has one object a line, for example {\"id\": 1, \"name\": \"x\"}"));
        }
        check_names(&names).map_err(|problem| problem.or_at(|| file.place()))?;
        let row = vec![None; names.len()];
        Ok(Self { names, positions, row, ..Self::at_start(spec, file)? })
    }

    fn at_start(spec: &SourceSpec, file: &SourceFile) -> Result<Self> {
        let input = Input::open(file, spec.encoding)?;
        let utf8 = input.is_utf8();
        let mut lines = LineReader::new(input, spec.dialect.max);
        let mut skipped = Skipped::default();
        while skipped.above < spec.dialect.skip_lines as u64 && lines.next()? != NextLine::End {
            skipped.above += 1;
        }
        let infer_rows = spec.settings.infer_rows;
        Ok(Self {
            lines,
            skipped,
            comment: spec.dialect.comment.clone(),
            utf8,
            file: file.clone(),
            names: Vec::new(),
            positions: HashMap::new(),
            infer_rows,
            row: Vec::new(),
        })
    }

    /// The keys, in the order in which they were first seen.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Lets the guesses see up to `rows` rows; returns how many it saw.
    pub(crate) fn guess(&mut self, rows: usize, guesses: &mut [Guess], spec: &SourceSpec) -> Result<usize> {
        let coercions: Vec<_> = self.names.iter().map(|name| spec.readings.of_column(name)).collect();
        let mut seen = 0;
        while seen < rows {
            match self.next_row()? {
                Row::End => break,
                Row::Bad(_) => {}
                Row::Object(pairs) => {
                    let at = At { file: &self.file.name, line: self.lines.number() };
                    for (key, value) in pairs {
                        if let Some(position) = self.positions.get(&key) {
                            guesses[*position].json(&self.text()[value], at, &coercions[*position]);
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
        let places = layout.positions(&self.names);
        while sheet.rows() < BATCH_ROWS {
            match self.next_row()? {
                Row::End => return Ok(false),
                Row::Bad(reason) => {
                    tally.rows_in += 1;
                    let line = String::from_utf8_lossy(self.lines.line());
                    tally.reject_row(&self.file.name, self.lines.number(), &line, &reason);
                    sheet.end_unread(self.lines.number(), |original| original.append_null());
                }
                Row::Object(pairs) => {
                    tally.rows_in += 1;
                    self.take_row(pairs, &places, layout, sheet, tally);
                }
            }
        }
        Ok(true)
    }

    /// What was left out around the table.
    pub(crate) fn skipped(&self) -> Skipped {
        self.skipped
    }

    /// Gives the input back, to finish its digest.
    pub(crate) fn into_input(self) -> Input {
        self.lines.into_input()
    }

    fn take_row(
        &mut self,
        pairs: Vec<Member>,
        places: &[Option<usize>],
        layout: &Layout,
        sheet: &mut Sheet,
        tally: &mut Tally,
    ) {
        let mut unknown = None;
        for (index, (key, value)) in pairs.into_iter().enumerate() {
            // Most files write their keys in one order.
            let at = if self.names.get(index) == Some(&key) { Some(index) } else { self.positions.get(&key).copied() };
            match at {
                Some(at) => self.row[at] = Some(value),
                None => unknown = unknown.or(Some(key)),
            }
        }
        let (file, line) = (self.file.name.as_str(), self.lines.number());
        let text = std::str::from_utf8(self.lines.line()).unwrap_or_default();
        if let Some(key) = unknown {
            self.row.fill(None);
            let reason = format!(
                "has the key `{key}`, which none of the first {} rows has; raise `infer_rows`",
                self.infer_rows
            );
            tally.reject_row(file, line, text, &reason);
            sheet.end_unread(line, |original| original.append_null());
            return;
        }
        let mut failed = false;
        for (at, (value, to)) in self.row.iter_mut().zip(places).enumerate() {
            let value = value.take().map(|value| &text[value]);
            if let Some(original) = sheet.originals.as_mut().map(|originals| &mut originals[at]) {
                original.append_option(value);
            }
            let Some(to) = *to else { continue };
            let value = value.unwrap_or("null");
            if let Err(reason) = sheet.builders[to].append_spelled(value, &layout.coercions[to], &mut tally.zone)
                && !std::mem::replace(&mut failed, true)
            {
                let shown = plain(value).unwrap_or_default();
                let reason = layout.coercions[to].told(reason);
                tally.reject_value(file, line, &layout.columns[to], &shown, &reason);
            }
        }
        sheet.end_row_of(line, !failed);
    }

    /// The line of a row, which is valid UTF-8.
    fn text(&self) -> &str {
        std::str::from_utf8(self.lines.line()).unwrap_or_default()
    }

    fn next_row(&mut self) -> Result<Row> {
        loop {
            match self.lines.next()? {
                NextLine::End => return Ok(Row::End),
                NextLine::TooLong => return Ok(Row::Bad("is longer than the limit (`max_record_bytes`)".into())),
                NextLine::Line if self.lines.line().trim_ascii().is_empty() => {}
                NextLine::Line if !self.comment.is_empty() && self.lines.line().starts_with(&self.comment) => {
                    self.skipped.comments += 1;
                }
                NextLine::Line => break,
            }
        }
        let line = self.lines.line();
        if self.lines.number() == 1 && line.trim_ascii().starts_with(b"[") {
            return Err(Problem::invalid("wrong-format", "this is a JSON array")
                .at(self.file.place())
                .remedy("write one object a line, without brackets and commas around them (`jq -c '.[]'` does it)"));
        }
        Ok(match std::str::from_utf8(line).map(members) {
            Ok(Ok(pairs)) => Row::Object(pairs),
            Ok(Err(reason)) => Row::Bad(format!("is not a JSON object: {reason}")),
            Err(_) => Row::Bad(if self.utf8 { NOT_UTF8 } else { NOT_TEXT }.into()),
        })
    }
}

enum Row {
    Object(Vec<Member>),
    Bad(String),
    End,
}
