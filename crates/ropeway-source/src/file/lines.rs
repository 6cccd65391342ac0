//! Lines of a text file, with a cap on their length.

use ropeway_vocab::Result;

use crate::file::input::Input;

const CHUNK: usize = 1 << 17;

/// What stands next in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NextLine {
    /// A line; its bytes are in the reader.
    Line,
    /// A line beyond the cap, passed over.
    TooLong,
    /// Nothing more.
    End,
}

/// Reads line after line. A line ends in LF; a CR before it does not belong to it.
pub(crate) struct LineReader {
    input: Input,
    max: usize,
    chunk: Vec<u8>,
    from: usize,
    to: usize,
    line: Vec<u8>,
    number: u64,
}

impl LineReader {
    pub(crate) fn new(input: Input, max: usize) -> Self {
        Self { input, max, chunk: vec![0; CHUNK], from: 0, to: 0, line: Vec::new(), number: 0 }
    }

    /// The line, without its end.
    pub(crate) fn line(&self) -> &[u8] {
        &self.line
    }

    /// Its number, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn into_input(self) -> Input {
        self.input
    }

    /// Goes to the next line.
    pub(crate) fn next(&mut self) -> Result<NextLine> {
        self.line.clear();
        let mut begun = false;
        let mut too_long = false;
        loop {
            if self.from == self.to {
                self.from = 0;
                self.to = self.input.read(&mut self.chunk)?;
                if self.to == 0 {
                    return Ok(self.ended(begun, too_long));
                }
            }
            if !begun {
                begun = true;
                self.number += 1;
            }
            let rest = &self.chunk[self.from..self.to];
            let end = rest.iter().position(|byte| *byte == b'\n');
            let part = &rest[..end.unwrap_or(rest.len())];
            too_long = too_long || self.line.len() + part.len() > self.max;
            if !too_long {
                self.line.extend_from_slice(part);
            }
            self.from += part.len() + usize::from(end.is_some());
            if end.is_some() {
                return Ok(self.ended(true, too_long));
            }
        }
    }

    fn ended(&mut self, begun: bool, too_long: bool) -> NextLine {
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        match (begun, too_long) {
            (false, _) => NextLine::End,
            (true, true) => NextLine::TooLong,
            (true, false) => NextLine::Line,
        }
    }
}
