//! A bounded sample of a file: its beginning and its end as text, whatever it is packed and encoded in.

use std::io::{Read, Seek, SeekFrom};

use encoding_rs::UTF_8;
use ropeway_vocab::{Problem, Result};

use crate::file::encoding::{Detected, detect, is_wide, marked, named};
use crate::file::found::SourceFile;
use crate::file::kind;
use crate::file::unpack::Unpacker;
use crate::file::workbook;
use crate::propose::single_quotes::{requoted, with_usual};
use crate::settings::Format;

/// Bytes of the beginning that are looked at.
const HEAD: usize = 2 << 20;
/// Bytes of the end.
const TAIL: usize = 64 << 10;
/// A packed file is unpacked so far for the sake of its end.
const UNPACKED: usize = 256 << 20;

/// What was seen of a text file.
pub(super) struct Sample {
    pub(super) head: String,
    /// The end, from a whole line on; empty where the head is all, or the end is out of reach.
    pub(super) tail: String,
    /// Whether the head is all.
    pub(super) whole: bool,
    pub(super) bytes: u64,
    /// The encoding, where the file does not say it itself.
    pub(super) detected: Option<Detected>,
    /// Lines with fields in single quotes, and all, where the text was brought from these to the usual ones.
    pub(super) single_quotes: Option<(u64, u64)>,
}

impl Sample {
    /// Of a workbook it is that of this sheet, else of the first that holds a table.
    pub(super) fn of(file: &SourceFile, format: Format, sheet: Option<&str>) -> Result<Self> {
        if format == Format::Xlsx {
            return Self::of_sheet(file, sheet);
        }
        let mut unpacker = Unpacker::open(file)?;
        let mut head = Vec::new();
        fill(&mut unpacker, &mut head, HEAD)?;
        let (mut encoding, mark) = marked(&head).unwrap_or((UTF_8, 0));
        let mut detected = None;
        if mark == 0 {
            detected = detect(&head).filter(|found| found.name != "utf-8");
            encoding = detected.as_ref().map_or(Ok(UTF_8), |found| named(found.name))?;
        }
        let front = &head[..head.len().min(4_096)];
        kind::refuse_other(front, is_wide(encoding)).map_err(|problem| problem.or_at(|| file.place()))?;
        let whole = head.len() < HEAD;
        let tail = if whole { Vec::new() } else { end(file, unpacker)? };
        let bytes = (head.len() + tail.len()) as u64;
        let text = |bytes: &[u8]| encoding.decode_without_bom_handling(bytes).0.into_owned();
        let mut tail = text(&tail);
        tail.drain(..tail.find('\n').map_or(tail.len(), |at| at + 1));
        let mut head = text(&head[mark..]);
        if !whole {
            head.truncate(head.rfind('\n').map_or(head.len(), |at| at + 1));
        }
        if !head.contains('\n') {
            head = head.replace('\r', "\n");
        }
        let mut single_quotes = None;
        if let Some(found) = (format == Format::Csv).then(|| requoted(&head)).flatten() {
            single_quotes = Some((found.quoted, found.of));
            head = found.text;
            tail = with_usual(&tail, found.mark).map_or(tail, |(text, _)| text);
        }
        Ok(Self { head, tail, whole, bytes, detected, single_quotes })
    }

    fn of_sheet(file: &SourceFile, sheet: Option<&str>) -> Result<Self> {
        let text = workbook::text(file, sheet, 0)?;
        let bytes = text.len() as u64;
        let text = String::from_utf8(text).map_err(|_| Problem::internal("a sheet was written in no UTF-8"))?;
        if text.len() <= HEAD {
            return Ok(Self {
                head: text,
                tail: String::new(),
                whole: true,
                bytes,
                detected: None,
                single_quotes: None,
            });
        }
        let cut = |at: usize| text.as_bytes()[..at].iter().rposition(|byte| *byte == b'\n').map_or(at, |end| end + 1);
        let (head, tail) = (cut(HEAD), cut(text.len() - TAIL));
        Ok(Self {
            head: text[..head].to_owned(),
            tail: text[tail..].to_owned(),
            whole: false,
            bytes,
            detected: None,
            single_quotes: None,
        })
    }
}

/// Reads on until there are `most` bytes.
fn fill(unpacker: &mut Unpacker, bytes: &mut Vec<u8>, most: usize) -> Result<()> {
    let mut filled = bytes.len();
    bytes.resize(most, 0);
    while filled < most {
        match unpacker.read(&mut bytes[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    bytes.truncate(filled);
    Ok(())
}

/// The last bytes of a file, where they can be reached. They begin at an even place, for encodings of two bytes.
fn end(file: &SourceFile, mut unpacker: Unpacker) -> Result<Vec<u8>> {
    if !unpacker.is_packed() {
        let failed = |error| Problem::io(format_args!("reading {}", file.name), &error).at(file.place());
        let mut opened = std::fs::File::open(&file.path).map_err(failed)?;
        let (start, length) = file.part.map_or((0, None), |part| (part.start, Some(part.length)));
        let length = match length {
            Some(length) => length,
            None => opened.metadata().map_err(failed)?.len(),
        };
        let from = length.saturating_sub(TAIL as u64) / 2 * 2;
        let mut bytes = Vec::new();
        opened.seek(SeekFrom::Start(start + from)).map_err(failed)?;
        opened.take(length - from).read_to_end(&mut bytes).map_err(failed)?;
        return Ok(bytes);
    }
    let (mut last, mut all) = (Vec::new(), HEAD);
    while all < UNPACKED {
        let mut block = Vec::new();
        fill(&mut unpacker, &mut block, 1 << 20)?;
        if block.is_empty() {
            let from = last.len().saturating_sub(TAIL) / 2 * 2;
            return Ok(last.split_off(from));
        }
        all += block.len();
        if last.len() > TAIL {
            last.drain(..(last.len() - TAIL) / 2 * 2);
        }
        last.append(&mut block);
    }
    Ok(Vec::new())
}
