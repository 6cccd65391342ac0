//! Where in a text file the table lies: its delimiter, the lines above and between, whether there is a header, and rows at
//! the end that are no part of it.

use crate::format::delimiter::{COMMENTS, Fit, LINES, MARKS, TITLE, best, fields, lines};
use crate::propose::Decision;
use crate::propose::cells::{Kind, kind};
use crate::propose::sample::Sample;
use crate::settings::{SourceSettings, delimiter_of_name};

/// Rows at the end that may be a footer.
const FOOTER: usize = 8;
/// What a row of totals is called, in small letters.
const TOTALS: [&str; 16] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "subtotal",
    "average",
    "mean",
    "summe",
    "gesamt",
    "gesamtsumme",
    "insgesamt",
    "totale",
    "somme",
    "total général",
    "suma",
    "totaal",
];

/// The shape of a table in text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) delimiter: char,
    pub(super) columns: usize,
    pub(super) skip_lines: usize,
    pub(super) comment: Option<&'static str>,
    pub(super) header: bool,
    pub(super) footer: usize,
}

/// The shape of a sample of a file of this name; a sheet has commas.
pub(super) fn shape(sample: &Sample, name: &str, sheet: bool, decisions: &mut Vec<Decision>) -> Shape {
    let lines = lines(&sample.head, LINES);
    let usual = if sheet { ',' } else { delimiter_of_name(name) as char };
    let best = best(&lines, usual, |mark| !sheet || mark == ',');
    let Some(fit) = best.filter(|fit| fit.alike * 2 > fit.of) else {
        return Shape { delimiter: usual, columns: 1, header: true, ..Shape::default() };
    };
    let mut shape = Shape { delimiter: fit.mark, columns: fit.columns, header: true, ..Shape::default() };
    if fit.mark != usual
        && let Some((_, setting, called)) = MARKS.into_iter().find(|(mark, ..)| *mark as char == fit.mark)
    {
        let why = format!("{} of {} lines have {} fields between {called}", fit.alike, fit.of, fit.columns);
        decisions.push(Decision::file("delimiter", quoted(setting), why, fit.alike, fit.of));
    }
    comments(&lines, &fit, &mut shape, decisions);
    title(&lines, &fit, &mut shape, decisions);
    header(&lines, &mut shape, decisions);
    footer(sample, &mut shape, decisions);
    shape
}

impl Shape {
    /// Says it in the settings of a source.
    pub(super) fn set(&self, settings: &mut SourceSettings, name: &str, sheet: bool) {
        if !sheet && self.delimiter != delimiter_of_name(name) as char {
            let setting =
                MARKS.into_iter().find(|(mark, ..)| *mark as char == self.delimiter).map(|(_, setting, _)| setting);
            settings.delimiter = setting.map(str::to_owned);
        }
        settings.skip_lines = self.skip_lines;
        settings.comment = self.comment.map(str::to_owned);
        settings.header = self.header;
        settings.skip_footer = self.footer;
    }
}

fn comments(lines: &[&str], fit: &Fit, shape: &mut Shape, decisions: &mut Vec<Decision>) {
    for comment in COMMENTS {
        let (mut other, mut table) = (0, 0);
        for line in lines.iter().filter(|line| line.starts_with(comment)) {
            let row = fields(line, fit.mark).len() == fit.columns && fit.columns > 1;
            *(if row { &mut table } else { &mut other }) += 1;
        }
        if other > 0 && table == 0 {
            shape.comment = Some(comment);
            let why = format!("of the lines, {other} with `{comment}` at the beginning lack the fields of the table");
            decisions.push(Decision::file("comment", quoted(comment), why, other, lines.len() as u64));
            return;
        }
    }
}

fn title(lines: &[&str], fit: &Fit, shape: &mut Shape, decisions: &mut Vec<Decision>) {
    let from = below_title(lines, fit);
    let told = lines.get(..from).unwrap_or_default().iter();
    let told = told.filter(|line| !shape.comment.is_some_and(|comment| line.starts_with(comment)));
    let first =
        told.map(|line| line.trim_matches(|c: char| c == fit.mark || c.is_whitespace())).find(|s| !s.is_empty());
    if let Some(first) = first
        && from <= TITLE
    {
        shape.skip_lines = from;
        let first: String = first.chars().take(60).collect();
        let why = format!("the table begins on line {}; above it stands `{first}`", from + 1);
        decisions.push(Decision::file("skip_lines", from.to_string(), why, from as u64, from as u64));
    }
}

/// The line of the header. Programs that write sheets give a title the fields of the table, all empty but one.
fn below_title(lines: &[&str], fit: &Fit) -> usize {
    let filled = |line: &str| {
        let row = fields(line, fit.mark);
        row.into_iter().filter(|field| !field.trim().is_empty()).collect::<Vec<_>>()
    };
    let sparse = |line: &&&str| filled(line).len() <= 1;
    let more = lines[fit.first..].iter().take(TITLE).take_while(sparse).count();
    let header = lines.get(fit.first + more).map(|line| filled(line)).unwrap_or_default();
    let names = fit.columns > 2 && header.len() * 2 > fit.columns && header.iter().all(|name| is_name(name.trim()));
    if names { fit.first + more } else { fit.first }
}

/// Whether the first row looks like the others.
fn header(lines: &[&str], shape: &mut Shape, decisions: &mut Vec<Decision>) {
    let is_row =
        |line: &&&str| !line.trim().is_empty() && !shape.comment.is_some_and(|comment| line.starts_with(comment));
    let mut rows =
        lines.iter().skip(shape.skip_lines).filter(is_row).take(200).map(|line| fields(line, shape.delimiter));
    let Some(first) = rows.next().filter(|row| row.len() == shape.columns) else { return };
    let rest: Vec<Vec<String>> = rows.filter(|row| row.len() == shape.columns).collect();
    let (mut like, mut unlike) = (0, 0);
    for (at, head) in first.iter().enumerate() {
        let values = rest.iter().map(|row| row[at].trim()).filter(|value| !value.is_empty());
        let (mut told, mut all) = (0, 0);
        for value in values {
            all += 1;
            told += usize::from(kind(value) != Kind::Text);
        }
        if all > 0 && told * 10 >= all * 9 {
            *(if is_name(head.trim()) { &mut unlike } else { &mut like }) += 1;
        }
    }
    if like > 0 && unlike == 0 {
        shape.header = false;
        let why = format!("the first row holds values like those below it in {}, and no names", plural(like, "column"));
        decisions.push(Decision::file("header", "false".to_owned(), why, like, shape.columns as u64));
    }
}

/// Whether the first field of a column of numbers or dates is its name: a text, or a year as in a wide table.
fn is_name(head: &str) -> bool {
    let begins = head.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | '(' | '$' | '€' | '£'));
    let year = head.parse().is_ok_and(|year: u32| (1900..=2100).contains(&year));
    kind(head) == Kind::Text || !begins || year
}

/// Rows at the end that are no part of the table.
pub(super) struct Ending {
    why: Vec<(String, Footing)>,
    of: u64,
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
            Footing::Label | Footing::Sum => told.clone(),
        };
        self.why.iter().map(shown).collect::<Vec<_>>().join("; ")
    }
}

/// The rows at the end of a sample that are no part of a table of this shape.
pub(super) fn ending(sample: &Sample, shape: &Shape) -> Option<Ending> {
    let end = if sample.whole { &sample.head } else { &sample.tail };
    let is_row =
        |line: &&str| !line.trim().is_empty() && !shape.comment.is_some_and(|comment| line.starts_with(comment));
    let skip = if sample.whole { shape.skip_lines } else { 0 };
    let lines: Vec<&str> = lines(end, usize::MAX).into_iter().skip(skip).filter(is_row).collect();
    let rows: Vec<Vec<String>> = lines.iter().map(|line| fields(line, shape.delimiter)).collect();
    let body = rows.len().saturating_sub(FOOTER).max(usize::from(sample.whole && shape.header));
    let mut why = Vec::new();
    // Rows that are none only because such a row stands above them.
    let mut below = Vec::new();
    let mut from = rows.len();
    while from > body + 1 {
        from -= 1;
        match footing(&rows[..from], &rows[from], shape, sample.whole) {
            Some(told) => {
                why.append(&mut below);
                why.push(told);
            }
            None => match note(&rows[from], shape) {
                Some(told) => below.push(told),
                None => break,
            },
        }
    }
    // A last line that only breaks off is no footer.
    if why.is_empty() || why.len() == 1 && why[0].1 == Footing::Width && !end.ends_with('\n') {
        return None;
    }
    why.reverse();
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

fn footer(sample: &Sample, shape: &mut Shape, decisions: &mut Vec<Decision>) {
    let Some(ending) = ending(sample, shape) else { return };
    shape.footer = ending.rows();
    let rows = ending.rows() as u64;
    let last = if rows == 1 { "row".to_owned() } else { plural(rows, "row") };
    let sentence = format!("the last {last}: {}", ending.told());
    decisions.push(Decision::file("skip_footer", shape.footer.to_string(), sentence, rows, ending.of));
}

#[derive(PartialEq, Eq)]
enum Footing {
    Label,
    Sum,
    Width,
}

/// What a row beneath totals may be: empty, or a line of words, which a comma may have cut, in the width of the table.
fn note(row: &[String], shape: &Shape) -> Option<(String, Footing)> {
    let filled: Vec<&str> = row.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
    let Some(first) = filled.first() else { return Some(("an empty one".to_owned(), Footing::Width)) };
    let words = first.contains(' ') && first.chars().any(char::is_alphabetic);
    (words && filled.len() * 2 <= shape.columns && filled.len() <= row.len())
        .then(|| (format!("`{}` stands beneath it", first.chars().take(40).collect::<String>()), Footing::Width))
}

/// Why a row at the end is no part of the table: a label or a sum alone is no reason, a value may be either.
fn footing(above: &[Vec<String>], row: &[String], shape: &Shape, whole: bool) -> Option<(String, Footing)> {
    let filled: Vec<(usize, &str)> =
        row.iter().map(|value| value.trim()).enumerate().filter(|(_, value)| !value.is_empty()).collect();
    let (at, first) = *filled.first()?;
    if row.len() != shape.columns {
        let words = first.chars().any(char::is_alphabetic) && filled.len() == 1;
        let total = is_label(above, at, first);
        return (words || total).then(|| {
            (
                format!("`{}` begins it, which has other fields", first.chars().take(40).collect::<String>()),
                Footing::Width,
            )
        });
    }
    let table = &above[usize::from(shape.header && whole).min(above.len())..];
    let sum = filled.iter().find(|(at, value)| whole && is_sum(table, *at, value));
    let gap = (0..shape.columns).find(|at| row[*at].trim().is_empty() && always(table, *at));
    if is_label(above, at, first) {
        let why = match (sum, gap) {
            (Some((_, sum)), _) => format!("`{first}` labels it, and `{sum}` is the sum of those above"),
            (None, Some(_)) => format!("`{first}` labels it, and fields are empty in it that have a value elsewhere"),
            (None, None) if table.iter().all(|row| kind(row[at].trim()) != Kind::Text) => {
                format!("`{first}` labels it, where all others have a number")
            }
            (None, None) => return None,
        };
        return Some((why, Footing::Label));
    }
    let (at, value) = sum.filter(|_| gap == Some(0) && table.len() > 2)?;
    Some((
        format!("`{value}` is the sum of column {}, and its first field is empty as in no other row", at + 1),
        Footing::Sum,
    ))
}

/// Whether a field is called as totals are, and no other of its column is.
fn is_label(above: &[Vec<String>], at: usize, field: &str) -> bool {
    let label = field.trim_end_matches([':', ' ', '*']).to_lowercase();
    let same = |row: &Vec<String>| row.get(at).is_some_and(|value| value.trim().eq_ignore_ascii_case(field));
    TOTALS.contains(&label.as_str()) && !above.iter().any(same)
}

/// Whether a column has a value in every row.
fn always(rows: &[Vec<String>], at: usize) -> bool {
    rows.len() > 1 && rows.iter().all(|row| row.get(at).is_none_or(|value| !value.trim().is_empty()))
}

/// Whether a value is the sum, or the mean, of those above; the mean of equal values is one more of them.
fn is_sum(rows: &[Vec<String>], at: usize, value: &str) -> bool {
    let Some(number) = loose(value).filter(|number| *number != 0.0) else { return false };
    let values: Vec<f64> = rows.iter().filter_map(|row| loose(row.get(at)?.trim())).collect();
    let sum: f64 = values.iter().sum();
    let near = |want: f64| (want - number).abs() <= 1e-6 * want.abs();
    let differ = values.iter().any(|value| !near(*value));
    values.len() > 2 && (near(sum) || differ && near(sum / values.len() as f64))
}

/// A number in any spelling, near enough for a sum.
fn loose(text: &str) -> Option<f64> {
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-')).collect();
    let last = digits.rfind(['.', ',']);
    let decimals = last.map_or(0, |at| digits.len() - at - 1);
    let plain: String = digits
        .char_indices()
        .filter_map(|(at, c)| match c {
            '.' | ',' if Some(at) == last && decimals != 3 => Some('.'),
            '.' | ',' => None,
            c => Some(c),
        })
        .collect();
    plain.parse().ok()
}

/// A text as the project file writes it.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// `1 line`, `2 lines`.
pub(super) fn plural(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
