//! CSV records with their physical lines: `csv-core` under a cap on the size of a record, a count of lines that knows
//! LF, CRLF and CR, and an end of file inside quotes that is noticed.

mod around;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use ropeway_vocab::{Place, Problem, Result};

use crate::batch::tally::Skipped;
use crate::file::found::SourceFile;
use crate::file::input::Input;
use crate::spec::Dialect;

const CHUNK: usize = 1 << 17;

/// What stands next in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// A record; its fields are in the reader.
    Record,
    /// A record longer than the cap, passed over: the field (from 0) in which it went past the cap, and the line on
    /// which that field began.
    TooLong { field: usize, field_line: u64 },
    /// Nothing more.
    End,
}

/// Reads records one after another.
pub(crate) struct RecordReader {
    core: Reader,
    input: Input,
    file: SourceFile,
    max: usize,
    chunk: Vec<u8>,
    from: usize,
    to: usize,
    at_end: bool,
    /// The bytes of the record as they stand in the file, and whether they are kept.
    raw: Vec<u8>,
    keep_raw: bool,
    output: Vec<u8>,
    ends: Vec<usize>,
    fields: usize,
    lines: LineCount,
    line: u64,
    last_line: u64,
    comment: Vec<u8>,
    skip_lines: usize,
    skipped: Skipped,
    /// Records read ahead, because the last of them are no part of the table.
    ahead: VecDeque<(Next, Ahead)>,
    footer: usize,
}

/// A record that was read ahead.
struct Ahead {
    raw: Vec<u8>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    line: u64,
    last_line: u64,
}

/// The line that the next byte is on, counted from 1.
struct LineCount {
    line: u64,
    after_cr: bool,
}

impl LineCount {
    fn pass(&mut self, bytes: &[u8]) {
        let Some(&last) = bytes.last() else { return };
        if !self.after_cr && !bytes.contains(&b'\r') {
            self.line += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        } else {
            for byte in bytes {
                let pair = self.after_cr && *byte == b'\n';
                self.line += u64::from(!pair && matches!(byte, b'\r' | b'\n'));
                self.after_cr = *byte == b'\r';
            }
        }
        self.after_cr = last == b'\r';
    }
}

impl RecordReader {
    pub(crate) fn new(input: Input, file: &SourceFile, delimiter: u8, dialect: &Dialect) -> Self {
        let Dialect { quote, max, .. } = *dialect;
        let core =
            ReaderBuilder::new().delimiter(delimiter).quote(quote.unwrap_or(b'"')).quoting(quote.is_some()).build();
        Self {
            core,
            input,
            file: file.clone(),
            max,
            chunk: vec![0; CHUNK],
            from: 0,
            to: 0,
            at_end: false,
            raw: Vec::new(),
            keep_raw: true,
            output: vec![0; 4_096.min(max)],
            ends: vec![0; 256],
            fields: 0,
            lines: LineCount { line: 1, after_cr: false },
            line: 1,
            last_line: 1,
            comment: dialect.comment.clone(),
            skip_lines: dialect.skip_lines,
            skipped: Skipped::default(),
            ahead: VecDeque::new(),
            footer: 0,
        }
    }

    /// The number of fields of the record.
    pub(crate) fn len(&self) -> usize {
        self.fields
    }

    /// The line on which the record began.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The line on which it ended.
    pub(crate) fn last_line(&self) -> u64 {
        self.last_line
    }

    /// From now on the last so many records are left out.
    pub(crate) fn leave_footer(&mut self, records: usize) {
        self.footer = records;
    }

    /// What was left out so far.
    pub(crate) fn skipped(&self) -> Skipped {
        self.skipped
    }

    /// The bytes of all fields, one after the other, and where each ends.
    pub(crate) fn parts(&self) -> (&[u8], &[usize]) {
        let ends = &self.ends[..self.fields];
        (&self.output[..ends.last().copied().unwrap_or(0)], ends)
    }

    /// Whether the bytes of records are kept from now on. A first record is.
    pub(crate) fn keep_raw(&mut self, keep: bool) {
        self.keep_raw = keep;
    }

    /// The bytes of the record as they stand in the file, its line end included.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Gives the input back, to finish its digest.
    pub(crate) fn into_input(self) -> Input {
        self.input
    }

    /// Goes to the next record. Blank lines and comments are passed over, and what does not belong to the table.
    pub(crate) fn next(&mut self) -> Result<Next> {
        if self.footer == 0 { self.advance() } else { self.next_ahead() }
    }

    fn advance(&mut self) -> Result<Next> {
        if !self.pass_to_record()? {
            self.fields = 0;
            return Ok(Next::End);
        }
        self.line = self.lines.line;
        self.raw.clear();
        let (mut filled, mut fields) = (0, 0);
        let mut too_long: Option<Next> = None;
        loop {
            if self.from == self.to && !self.refill()? {
                return Err(self.unclosed(filled, fields, too_long));
            }
            let (result, read, written, ended) = self.core.read_record(
                &self.chunk[self.from..self.to],
                &mut self.output[filled..],
                &mut self.ends[fields..],
            );
            let passed = &self.chunk[self.from..self.from + read];
            self.lines.pass(passed);
            if self.keep_raw && too_long.is_none() {
                self.raw.extend_from_slice(passed);
            }
            self.from += read;
            filled += written;
            fields += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::OutputFull if self.output.len() < self.max => {
                    let longer = (self.output.len() * 2).min(self.max);
                    self.output.resize(longer, 0);
                }
                ReadRecordResult::OutputFull => {
                    too_long
                        .get_or_insert(Next::TooLong { field: fields, field_line: self.line_of_field(filled, fields) });
                    (filled, fields) = (0, 0);
                }
                ReadRecordResult::Record => {
                    self.fields = if too_long.is_some() { 0 } else { fields };
                    self.last_line = self.lines.line.saturating_sub(1).max(self.line);
                    return Ok(too_long.unwrap_or(Next::Record));
                }
                // csv-core ends only on an empty input, and it is given none.
                ReadRecordResult::End => return Ok(Next::End),
            }
        }
    }

    /// The line on which the field that is being read began.
    fn line_of_field(&self, filled: usize, fields: usize) -> u64 {
        let start = fields.checked_sub(1).map_or(0, |last| self.ends[last]).min(filled);
        let mut lines = LineCount { line: self.line, after_cr: false };
        lines.pass(&self.output[..start]);
        lines.line
    }

    fn unclosed(&self, filled: usize, fields: usize, too_long: Option<Next>) -> Problem {
        let line = match too_long {
            Some(Next::TooLong { field_line, .. }) => field_line,
            _ => self.line_of_field(filled, fields),
        };
        Problem::invalid("unclosed-quote", "the quote that opens on this line is not closed before the end of the file")
            .at(Place::line(&self.file.name, line))
            .remedy("close it, double it if it is part of the text, or say `quote = \"\"` at the source if quotes mean nothing")
    }

    /// Reads on. At the end of the file it gives one line end more, which ends a last line without one, and changes
    /// nothing inside quotes; after that, nothing.
    fn refill(&mut self) -> Result<bool> {
        if self.at_end {
            return Ok(false);
        }
        self.from = 0;
        self.to = self.input.read(&mut self.chunk)?;
        if self.to == 0 {
            self.at_end = true;
            self.chunk[0] = b'\n';
            self.to = 1;
        }
        Ok(true)
    }
}
