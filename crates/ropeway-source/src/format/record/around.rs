//! What stands around records: lines above, comments, blank lines, and records at the end that are no part of the table.

use ropeway_vocab::Result;

use super::{Ahead, Next, RecordReader};

impl RecordReader {
    /// The same where so many records have to be read ahead.
    pub(super) fn next_ahead(&mut self) -> Result<Next> {
        while self.ahead.len() <= self.footer {
            let next = self.advance()?;
            if next == Next::End {
                self.skipped.footer = self.ahead.len() as u64;
                self.fields = 0;
                return Ok(Next::End);
            }
            let (bytes, ends) = self.parts();
            let (bytes, ends) = (bytes.to_vec(), ends.to_vec());
            let ahead = Ahead { raw: self.raw.clone(), bytes, ends, line: self.line, last_line: self.last_line };
            self.ahead.push_back((next, ahead));
        }
        let Some((next, ahead)) = self.ahead.pop_front() else { return Ok(Next::End) };
        self.raw = ahead.raw;
        self.output[..ahead.bytes.len()].copy_from_slice(&ahead.bytes);
        self.ends[..ahead.ends.len()].copy_from_slice(&ahead.ends);
        (self.fields, self.line, self.last_line) = (ahead.ends.len(), ahead.line, ahead.last_line);
        Ok(next)
    }

    /// Whether there is a record; stops before it.
    pub(super) fn pass_to_record(&mut self) -> Result<bool> {
        while self.skip_lines > 0 {
            self.skip_lines -= 1;
            self.skipped.above += u64::from(self.pass_line()?);
        }
        loop {
            if !self.pass_blank_lines()? {
                return Ok(false);
            }
            if self.comment.is_empty() || !self.at_comment()? {
                return Ok(true);
            }
            self.skipped.comments += u64::from(self.pass_line()?);
        }
    }

    /// Whether the next bytes begin a comment.
    fn at_comment(&mut self) -> Result<bool> {
        while self.to - self.from < self.comment.len() && !self.at_end {
            self.chunk.copy_within(self.from..self.to, 0);
            self.to -= self.from;
            self.from = 0;
            match self.input.read(&mut self.chunk[self.to..])? {
                // The end is noticed once the rest is read.
                0 => break,
                read => self.to += read,
            }
        }
        Ok(self.chunk[self.from..self.to].starts_with(&self.comment))
    }

    /// Passes over a line and its end; whether there was one.
    fn pass_line(&mut self) -> Result<bool> {
        let mut begun = false;
        loop {
            if self.from == self.to {
                if !self.refill()? {
                    return Ok(begun);
                }
                // The line end that the end of the file gives ends a line that has begun.
                if self.at_end && !begun {
                    return Ok(false);
                }
            }
            begun = true;
            let rest = &self.chunk[self.from..self.to];
            let Some(end) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
                self.lines.pass(rest);
                self.from = self.to;
                continue;
            };
            let cr = rest[end] == b'\r';
            self.lines.pass(&rest[..=end]);
            self.from += end + 1;
            if cr {
                self.pass_lf()?;
            }
            return Ok(true);
        }
    }

    /// Passes over the LF of a CRLF.
    fn pass_lf(&mut self) -> Result<()> {
        if self.from == self.to && !self.refill()? {
            return Ok(());
        }
        if self.chunk[self.from] == b'\n' {
            self.lines.pass(b"\n");
            self.from += 1;
        }
        Ok(())
    }

    /// Whether there is a byte that is not a line end; stops before it.
    fn pass_blank_lines(&mut self) -> Result<bool> {
        loop {
            let rest = &self.chunk[self.from..self.to];
            let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            if blank > 0 {
                self.lines.pass(&rest[..blank]);
                self.from += blank;
            }
            if self.from < self.to {
                return Ok(true);
            }
            if self.at_end || !self.refill()? {
                return Ok(false);
            }
        }
    }
}
