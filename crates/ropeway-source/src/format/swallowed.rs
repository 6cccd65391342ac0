//! Lines that a stray quote made part of a field: the record has as many fields as it should, and yet rows of the table are
//! gone in it.

use crate::batch::tally::Swallowed;
use crate::value::number;

/// Of so many lines within one field no more is looked at.
const LINES: usize = 10_000;

/// The lines within the fields of a record that are rows by themselves: each has its number of fields, which are of the same
/// kinds as those of the line before them. One column would speak for nothing, nor would words alone.
pub(crate) fn swallowed(bytes: &[u8], ends: &[usize], delimiter: u8, file: &str, line: u64) -> Option<Swallowed> {
    if !may_swallow(bytes, ends, delimiter) {
        return None;
    }
    let mut text = Vec::with_capacity(bytes.len() + ends.len());
    let mut from = 0;
    for (at, end) in ends.iter().enumerate() {
        if at > 0 {
            text.push(delimiter);
        }
        text.extend_from_slice(bytes.get(from..*end)?);
        from = *end;
    }
    let text = std::str::from_utf8(&text).ok()?.replace("\r\n", "\n");
    let mut lines = text.split(['\n', '\r']).take(LINES);
    let kinds = |line: &str| -> Vec<Kind> { line.split(delimiter as char).map(Kind::of).collect() };
    let first = kinds(lines.next()?);
    if first.len() != ends.len() || !first.contains(&Kind::Told) {
        return None;
    }
    let alike = |line: &str| {
        let own = kinds(line);
        own.len() == first.len()
            && own.iter().zip(&first).all(|(own, first)| own.fits(*first))
            && own.iter().zip(&first).any(|(own, first)| *own == Kind::Told && own == first)
    };
    let at: Vec<u64> = lines.zip(line + 1..).filter(|(text, _)| alike(text)).map(|(_, at)| at).collect();
    let (first, last) = (*at.first()?, *at.last()?);
    Some(Swallowed { file: file.to_owned(), line, first, last, rows: at.len() as u64 })
}

/// Whether a record may hold another line of its width, without a look at what its fields say: texts of several lines are common.
/// Its first line has as many delimiters as the record, those within fields and those between them, and so has the other.
fn may_swallow(bytes: &[u8], ends: &[usize], delimiter: u8) -> bool {
    let between = ends.len().saturating_sub(1);
    let Some(first) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else { return false };
    let count = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == delimiter).count();
    let passed = ends[..between].iter().filter(|end| **end <= first).count();
    between > 0 && passed + count(&bytes[..first]) == between && count(bytes) >= between
}

/// What a field looks like: with more digits than letters, or a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Told,
    Word,
    Empty,
}

impl Kind {
    fn of(field: &str) -> Self {
        let field = field.trim();
        match (field.is_empty(), number::is_mostly_digits(field)) {
            (true, _) => Self::Empty,
            (false, true) => Self::Told,
            (false, false) => Self::Word,
        }
    }

    fn fits(self, other: Self) -> bool {
        self == other || self == Self::Empty || other == Self::Empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_the_fields_of_rows_are_rows_and_lines_of_a_text_are_none() {
        let check = |fields: &[&str], want: Option<(u64, u64, u64)>| {
            let ends: Vec<usize> = fields
                .iter()
                .scan(0, |end, field| {
                    *end += field.len();
                    Some(*end)
                })
                .collect();
            let found = swallowed(fields.concat().as_bytes(), &ends, b',', "x.csv", 7);
            assert_eq!(found.map(|found| (found.first, found.last, found.rows)), want, "{fields:?}");
        };
        check(&["1", "ab,2024,5\n2,cd", "2024", "6"], Some((8, 8, 1)));
        check(&["1", "ab,2024,5\r\n2,cd,2023,9\r\n3,ef", "2024", "6"], Some((8, 9, 2)));
        // A first field without a value.
        check(&["", "ab,2024,5\n2,cd", "2024", "6"], Some((8, 8, 1)));
        check(&["", "", "2024,5\n,cd,2023", "6"], Some((8, 8, 1)));
        check(&["1", "2024", "5\n2,2023,7"], Some((8, 8, 1)));
        check(&["1", "first line\nsecond line", "2024", "6"], None);
        // Commas in a text, as many as a row has, and no values of a row.
        check(&["1", "yes, he said,\nand no, and", "5"], None);
        check(&["a", "b,c\nd,e", "f"], None);
        check(&["1\n2"], None);
    }
}
