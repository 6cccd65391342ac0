//! JSON lines to typed batches: one object a line, its keys the columns.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use ropeway_vocab::{Place, Problem, Result};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use crate::column::JsonRules;
use crate::csv::check_names;
use crate::files::SourceFile;
use crate::guess::Guess;
use crate::input::Input;
use crate::lines::{LineReader, NextLine};
use crate::sheet::{BATCH_ROWS, Layout, Sheet};
use crate::spec::SourceSpec;
use crate::tally::Tally;

/// The mark, in the metadata of a field, of a text column that holds JSON as it was read.
pub(crate) const JSON_TEXT: (&str, &str) = ("ropeway.text", "json");

/// A JSON lines file being read.
pub(crate) struct JsonlReader {
    lines: LineReader,
    file: SourceFile,
    names: Vec<String>,
    positions: HashMap<String, usize>,
    infer_rows: usize,
    /// The values of a row by its column's place in `names`, filled and emptied row by row.
    row: Vec<Option<Value>>,
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
        let lines = LineReader::new(Input::open(file)?, spec.settings.max_record_bytes);
        let infer_rows = spec.settings.infer_rows;
        Ok(Self {
            lines,
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
        let mut seen = 0;
        while seen < rows {
            match self.next_row()? {
                Row::End => break,
                Row::Bad(_) => {}
                Row::Object(pairs) => {
                    for (key, value) in &pairs {
                        if let Some(at) = self.positions.get(key) {
                            guesses[*at].json(value, &spec.coercion);
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
                }
                Row::Object(pairs) => {
                    tally.rows_in += 1;
                    self.take_row(pairs, &places, layout, sheet, tally);
                }
            }
        }
        Ok(true)
    }

    /// Gives the input back, to finish its digest.
    pub(crate) fn into_input(self) -> Input {
        self.lines.into_input()
    }

    fn take_row(
        &mut self,
        pairs: Vec<(String, Value)>,
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
        if let Some(key) = unknown {
            self.row.fill(None);
            let text = String::from_utf8_lossy(self.lines.line());
            let reason = format!(
                "has the key `{key}`, which none of the first {} rows has; raise `infer_rows`",
                self.infer_rows
            );
            tally.reject_row(file, line, &text, &reason);
            return;
        }
        let mut failed = false;
        for (at, (value, to)) in self.row.iter_mut().zip(places).enumerate() {
            let value = value.take();
            if let Some(original) = sheet.originals.as_mut().map(|originals| &mut originals[at]) {
                original.append_option(value.as_ref().map(Value::to_string));
            }
            let Some(to) = *to else { continue };
            let value = value.unwrap_or(Value::Null);
            let fit = sheet.builders[to].append_json(&value, JsonRules::File, &layout.coercion, &mut tally.zone);
            if let Err(reason) = fit
                && !std::mem::replace(&mut failed, true)
            {
                tally.reject_value(file, line, &layout.columns[to], &shown(&value), reason);
            }
        }
        sheet.end_row(!failed);
    }

    fn next_row(&mut self) -> Result<Row> {
        loop {
            match self.lines.next()? {
                NextLine::End => return Ok(Row::End),
                NextLine::TooLong => return Ok(Row::Bad("is longer than the limit (`max_record_bytes`)".into())),
                NextLine::Line if self.lines.line().trim_ascii().is_empty() => {}
                NextLine::Line => break,
            }
        }
        let line = self.lines.line();
        if self.lines.number() == 1 && line.trim_ascii().starts_with(b"[") {
            return Err(Problem::invalid("wrong-format", "this is a JSON array")
                .at(self.file.place())
                .remedy("write one object a line, without brackets and commas around them (`jq -c '.[]'` does it)"));
        }
        Ok(match serde_json::from_slice::<Pairs>(line) {
            Ok(pairs) => Row::Object(pairs.0),
            Err(_) if std::str::from_utf8(line).is_err() => Row::Bad("is not valid UTF-8".into()),
            Err(error) => Row::Bad(format!("is not a JSON object: {}", without_line(&error))),
        })
    }
}

enum Row {
    Object(Vec<(String, Value)>),
    Bad(String),
    End,
}

/// The message of an error without "at line 1", which would be taken for the line of the file.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line 1 column ") {
        Some((what, column)) => format!("{what} (character {column})"),
        None => text,
    }
}

/// A value as text, strings without their quotes.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// The members of an object in their order. A key that stands twice is refused: which one counts is anyone's guess.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Pairs, A::Error> {
                let mut pairs: Vec<(String, Value)> = Vec::with_capacity(32);
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    if pairs.iter().any(|(known, _)| *known == key) {
                        return Err(A::Error::custom(format_args!("the key `{key}` stands twice")));
                    }
                    pairs.push((key, value));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// The schema of the columns as read: the JSON text of each value.
pub(crate) fn original_schema(names: &[String]) -> SchemaRef {
    let mark = || HashMap::from([(JSON_TEXT.0.to_owned(), JSON_TEXT.1.to_owned())]);
    let fields: Vec<Field> =
        names.iter().map(|name| Field::new(name, DataType::Utf8, true).with_metadata(mark())).collect();
    Arc::new(Schema::new(fields))
}
