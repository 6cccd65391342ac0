//! The fields of a CSV record: what they say, and how they are spelled.

use std::borrow::Cow;

use arrow::array::StringBuilder;

use crate::format::quoting::{field_end, quoted};
use crate::value::number;

/// The record as text, if every field of it is valid UTF-8.
pub(crate) fn fields_text<'a>(bytes: &'a [u8], ends: &[usize]) -> Option<&'a str> {
    let text = std::str::from_utf8(bytes).ok()?;
    // Two fields may each hold half a character, and their bytes together a whole one.
    (bytes.is_ascii() || ends.iter().all(|end| text.is_char_boundary(*end))).then_some(text)
}

/// The first field with a NUL or without valid UTF-8, and its text as far as it can be shown.
pub(crate) fn bad_field(bytes: &[u8], ends: &[usize]) -> (usize, String) {
    let mut from = 0;
    for (index, end) in ends.iter().enumerate() {
        let field = bytes.get(from..*end).unwrap_or_default();
        if field.contains(&0) || std::str::from_utf8(field).is_err() {
            return (index, String::from_utf8_lossy(field).into_owned());
        }
        from = *end;
    }
    (0, String::new())
}

/// The record as it may have stood on its line.
pub(crate) fn joined(bytes: &[u8], ends: &[usize]) -> String {
    each(bytes, ends).collect::<Vec<_>>().join(",")
}

/// The fields of a record as far as they can be shown, without the NUL bytes that many tools end a text at.
pub(crate) fn lossy<'a>((bytes, ends): (&'a [u8], &'a [usize])) -> impl Iterator<Item = String> + 'a {
    each(bytes, ends).map(|field| field.replace('\0', "\u{fffd}"))
}

fn each<'a>(bytes: &'a [u8], ends: &'a [usize]) -> impl Iterator<Item = Cow<'a, str>> + 'a {
    let mut from = 0;
    ends.iter().map(move |end| {
        String::from_utf8_lossy(bytes.get(std::mem::replace(&mut from, *end)..*end).unwrap_or_default())
    })
}

/// The fields of a record.
pub(crate) struct Fields<'a> {
    text: &'a str,
    ends: std::slice::Iter<'a, usize>,
    from: usize,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(text: &'a str, ends: &'a [usize]) -> Self {
        Self { text, ends: ends.iter(), from: 0 }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a str;

    #[inline]
    fn next(&mut self) -> Option<&'a str> {
        let end = *self.ends.next()?;
        let field = self.text.get(self.from..end).unwrap_or_default();
        self.from = end;
        Some(field)
    }
}

/// The fields of a record as they are spelled, from its bytes in the file.
pub(crate) struct Spelled<'a> {
    rest: Option<&'a [u8]>,
    delimiter: u8,
}

impl<'a> Spelled<'a> {
    pub(crate) fn new(record: &'a [u8], delimiter: u8) -> Self {
        let ends = record.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let record = &record[..record.len() - ends];
        Self { rest: Some(record).filter(|record| !record.is_empty()), delimiter }
    }

    /// Appends the next field, which says `text`; one without any byte is missing.
    pub(crate) fn append_to(&mut self, original: &mut StringBuilder, text: &str) {
        match self.next().map(std::str::from_utf8) {
            Some(Ok(field)) => original.append_option(Some(field).filter(|field| !field.is_empty())),
            // Quotes of another kind than the usual, or between the bytes of one character: the text in usual ones.
            _ if text.is_empty() => original.append_null(),
            _ => {
                let mut field = Vec::with_capacity(text.len() + 2);
                quoted(text, b',', &mut field);
                original.append_value(String::from_utf8_lossy(&field));
            }
        }
    }
}

impl<'a> Iterator for Spelled<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let (field, rest) = rest.split_at(field_end(rest, self.delimiter));
        self.rest = rest.get(1..);
        Some(field)
    }
}

/// Which fields of a record of a sheet are cells of numbers with decimals: a text that looks like one stands in quotes there.
pub(crate) fn number_cells(record: &[u8], delimiter: u8) -> impl Iterator<Item = bool> {
    let has_point = |field: &[u8]| std::str::from_utf8(field).is_ok_and(number::has_point);
    Spelled::new(record, delimiter).map(has_point)
}
