//! Rows at the end of a table that are no part of it: totals, and what people write beneath them.

use crate::format::delimiter::{fields, lines};
use crate::propose::cells::{Kind, kind};
use crate::propose::sample::Sample;
use crate::propose::shape::Shape;
use crate::propose::summaries::{Summary, is_sum, is_total, summary, sums_up, towers};

/// Rows at the end that may be a footer.
const FOOTER: usize = 8;
/// Rows at the end that are no part of the table.
pub(super) struct Ending {
    why: Vec<(String, Footing)>,
    /// Rows that were looked at.
    pub(super) of: u64,
    /// What the only one begins with in the file, where it is of the width of the table and its first field is a label.
    pub(super) begins: Option<String>,
}

impl Ending {
    pub(super) fn rows(&self) -> usize {
        self.why.len()
    }

    pub(super) fn told(&self) -> String {
        let told: Vec<&str> = self.why.iter().map(|(told, _)| told.as_str()).collect();
        told.join("; ")
    }

    /// The same without values but labels and sums, which are about nobody.
    pub(super) fn shown(&self) -> String {
        let shown = |(told, footing): &(String, Footing)| match footing {
            Footing::Width => "one has other fields than the table".to_owned(),
            Footing::Note => "a line of words stands beneath it".to_owned(),
            Footing::Label | Footing::Sum | Footing::Empty => told.clone(),
        };
        self.why.iter().map(shown).collect::<Vec<_>>().join("; ")
    }
}

/// The rows at the end of a sample that are no part of a table of this shape.
pub(super) fn ending(sample: &Sample, shape: &Shape) -> Option<Ending> {
    let end = if sample.whole { &sample.head } else { &sample.tail };
    // A line of blanks is a row to whoever reads the file.
    let is_row = |line: &&str| !line.is_empty() && !shape.is_comment(line);
    let skip = if sample.whole { shape.skip_lines } else { 0 };
    let lines: Vec<&str> = lines(end, usize::MAX).into_iter().skip(skip).filter(is_row).collect();
    let rows: Vec<Vec<String>> = lines.iter().map(|line| fields(line, shape.delimiter)).collect();
    let body = rows.len().saturating_sub(FOOTER).max(usize::from(sample.whole && shape.header));
    let reach = rows.iter().skip(body + 1).rev().take_while(|row| may_end(row, shape)).count();
    // The longest of all, since sums are those of the rows above them all.
    let tops = rows.len() - reach..rows.len();
    let why = tops.map(|top| rows.split_at(top)).find_map(|(table, end)| footings(table, end, shape, sample.whole))?;
    // A last line that only breaks off is no footer.
    if why.len() == 1 && why[0].1 == Footing::Width && !end.ends_with('\n') {
        return None;
    }
    let labelled = why.len() == 1 && why[0].1 == Footing::Label;
    let begins = lines.last().filter(|_| labelled).and_then(|line| begins(line, shape.delimiter));
    Some(Ending { why, of: rows.len() as u64, begins })
}

/// The label of a row of totals with the delimiter behind it, where it is the first field.
fn begins(line: &str, delimiter: char) -> Option<String> {
    let (first, _) = line.split_once(delimiter)?;
    let whole =
        fields(line, delimiter).first().is_some_and(|field| !field.trim().is_empty() && first.contains(field.trim()));
    whole.then(|| format!("{first}{delimiter}"))
}

/// What a row at the end is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Footing {
    Label,
    Sum,
    /// One of other fields than the table.
    Width,
    /// Words beneath such a row, and an empty row there.
    Note,
    Empty,
}

/// Whether a row may be one of those that end a table, by its looks alone.
fn may_end(row: &[String], shape: &Shape) -> bool {
    let mut filled = row.iter().map(|value| value.trim()).filter(|value| !value.is_empty());
    let empty = row.first().is_none_or(|value| value.trim().is_empty());
    let first = filled.next().unwrap_or_default();
    let words = first.contains(' ') || filled.next().is_none();
    row.len() != shape.columns || empty || words || summary(label(first)).is_some()
}

/// Why none of the rows `end` is one of the table: its first is a footer, and what stands beneath may be a note.
fn footings(table: &[Vec<String>], end: &[Vec<String>], shape: &Shape, whole: bool) -> Option<Vec<(String, Footing)>> {
    let (first, below) = end.split_first()?;
    let first = footing(table, first, shape, whole)?;
    let below = below.iter().map(|row| {
        footing(table, row, shape, whole).or_else(|| beneath(table, row)).or_else(|| note(table, row, shape))
    });
    std::iter::once(Some(first)).chain(below).collect()
}

/// A row beneath totals that is called as such rows are, whatever its numbers.
fn beneath(table: &[Vec<String>], row: &[String]) -> Option<(String, Footing)> {
    let (at, first) = row.iter().map(|value| value.trim()).enumerate().find(|(_, value)| !value.is_empty())?;
    let called = summary(label(first)).is_some() && is_alone(table, at, first);
    called.then(|| (format!("`{first}` labels it, and it stands beneath such a row"), Footing::Label))
}

/// What a row beneath totals may be: empty, or words, which commas may have cut into fields. Such a row has another width than the
/// table, leaves most of it empty, or has a word where all others have a number.
fn note(above: &[Vec<String>], row: &[String], shape: &Shape) -> Option<(String, Footing)> {
    let filled: Vec<&str> = row.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
    let Some(first) = filled.first() else { return Some(("an empty one".to_owned(), Footing::Empty)) };
    let words = first.chars().any(char::is_alphabetic) && (first.contains(' ') || filled.len() == 1);
    let among_numbers = |at: usize| {
        let mut others = above.iter().filter_map(|row| row.get(at)).skip(usize::from(shape.header));
        let numbers = others.clone().filter(|value| kind(value.trim()) == Kind::Told).count();
        kind(row[at].trim()) == Kind::Text
            && !row[at].trim().is_empty()
            && numbers > 1
            && others.all(|value| is_told_or_empty(value))
    };
    let apart = row.len() != shape.columns
        || shape.columns > 2 && filled.len() * 2 <= shape.columns
        || (0..row.len()).any(among_numbers);
    (words && apart)
        .then(|| (format!("`{}` stands beneath it", first.chars().take(40).collect::<String>()), Footing::Note))
}

fn is_told_or_empty(value: &str) -> bool {
    value.trim().is_empty() || kind(value.trim()) == Kind::Told
}

/// Why a row at the end is no part of the table: a label or a sum alone is no reason, a value may be either.
fn footing(above: &[Vec<String>], row: &[String], shape: &Shape, whole: bool) -> Option<(String, Footing)> {
    let filled: Vec<(usize, &str)> =
        row.iter().map(|value| value.trim()).enumerate().filter(|(_, value)| !value.is_empty()).collect();
    let (at, first) = *filled.first()?;
    if row.len() != shape.columns {
        let words = first.chars().any(char::is_alphabetic) && filled.len() == 1;
        let total = is_total(label(first)) && is_alone(above, at, first);
        return (words || total).then(|| {
            (
                format!("`{}` begins it, which has other fields", first.chars().take(40).collect::<String>()),
                Footing::Width,
            )
        });
    }
    let table = &above[usize::from(shape.header && whole).min(above.len())..];
    let gap = (0..shape.columns).find(|at| row[*at].trim().is_empty() && always(table, *at));
    if let Some(why) = labelled(table, row, at, gap.is_some(), whole) {
        return Some((format!("`{first}` labels it, {why}"), Footing::Label));
    }
    let begins = begins_as_total(first);
    // Whether a number is a sum takes all rows to say.
    if !whole || !begins && (gap != Some(0) || table.len() < 3) {
        return None;
    }
    let (at, value) = filled.iter().find(|(at, value)| is_sum(table, *at, value, 3))?;
    if begins {
        return Some((format!("`{first}` labels it, and `{value}` is the sum of those above"), Footing::Label));
    }
    Some((
        format!("`{value}` is the sum of column {}, and its first field is empty as in no other row", at + 1),
        Footing::Sum,
    ))
}

/// Why a row whose field `at` is called as such rows are does sum up those of a table, of which a sample that is not `whole` shows
/// the end alone.
fn labelled(table: &[Vec<String>], row: &[String], at: usize, gap: bool, whole: bool) -> Option<String> {
    let first = row[at].trim();
    let summary = summary(label(first)).filter(|_| is_alone(table, at, first))?;
    let sum = (0..row.len()).find(|at| whole && is_sum(table, *at, row[*at].trim(), 3));
    if let Some(sum) = sum.filter(|_| is_total(label(first))) {
        return Some(format!("and `{}` is the sum of those above", row[sum].trim()));
    }
    if gap && is_total(label(first)) {
        return Some("and fields are empty in it that have a value elsewhere".to_owned());
    }
    if table.iter().all(|row| kind(row[at].trim()) != Kind::Text) {
        return Some("where all others have a number".to_owned());
    }
    if whole && sums_up(summary, table, row) {
        return Some("and all of its numbers are that of those above".to_owned());
    }
    (!whole && summary == Summary::Sum && towers(table, row))
        .then(|| "and all of its numbers are far above those of the rows before it".to_owned())
}

/// Whether the first word of a field is what totals are called: `Total 2024`.
fn begins_as_total(field: &str) -> bool {
    is_total(field.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default())
}

/// A field without the marks that stand behind labels.
fn label(field: &str) -> &str {
    field.trim_end_matches([':', ' ', '*'])
}

/// Whether no other row of a column has this field.
fn is_alone(above: &[Vec<String>], at: usize, field: &str) -> bool {
    !above.iter().any(|row| row.get(at).is_some_and(|value| value.trim().eq_ignore_ascii_case(field)))
}

/// Whether a column has a value in every row.
fn always(rows: &[Vec<String>], at: usize) -> bool {
    rows.len() > 1 && rows.iter().all(|row| row.get(at).is_none_or(|value| !value.trim().is_empty()))
}
