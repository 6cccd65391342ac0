//! Where in a text file the table lies: its delimiter, the lines above and between, whether there is a header, and rows at
//! the end that are no part of it.

use crate::format::delimiter::MARKS;
use crate::propose::Decision;
use crate::propose::cells::{Kind, kind};
use crate::propose::sample::Sample;
use crate::settings::{SourceSettings, delimiter_of_name};

/// Lines that are looked at for the shape.
const LINES: usize = 2_000;
/// A title takes no more lines.
const TITLE: usize = 40;
/// Rows at the end that may be a footer.
const FOOTER: usize = 8;
/// What comments begin with.
const COMMENTS: [&str; 3] = ["#", "//", "%"];
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
    let lines: Vec<&str> = sample.head.lines().take(LINES).collect();
    let usual = if sheet { ',' } else { delimiter_of_name(name) as char };
    let found = MARKS
        .into_iter()
        .filter(|(mark, ..)| !sheet || *mark == b',')
        .filter_map(|mark| counted(&lines, mark.0 as char));
    let best = found.max_by_key(|fit| {
        (fit.alike * 100 >= fit.of * 80, std::cmp::Reverse(fit.first), fit.columns, fit.mark == usual)
    });
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

/// How well a delimiter fits.
struct Fit {
    mark: char,
    columns: usize,
    /// Lines with so many fields, of all that are not blank and no comments.
    alike: u64,
    of: u64,
    /// The first of them.
    first: usize,
}

/// The most usual number of fields, where it is more than one.
fn counted(lines: &[&str], mark: char) -> Option<Fit> {
    let comment = |line: &str| COMMENTS[..2].iter().any(|comment| line.starts_with(comment));
    let filled = lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let counts: Vec<(usize, usize, bool)> =
        filled.map(|(at, line)| (at, fields(line, mark).len(), comment(line))).collect();
    let mut often: std::collections::BTreeMap<usize, u64> = std::collections::BTreeMap::new();
    for (_, count, _) in &counts {
        *often.entry(*count).or_default() += 1;
    }
    let (columns, alike) = often.into_iter().filter(|(columns, _)| *columns > 1).max_by_key(|(_, alike)| *alike)?;
    let first = counts.iter().find(|(_, count, _)| *count == columns).map(|(at, ..)| *at)?;
    // What stands above the table, and comments, count neither for nor against.
    let counting =
        |(at, count, comment): &&(usize, usize, bool)| *count == columns || !comment && (*at >= first || *at > TITLE);
    let of = counts.iter().filter(counting).count() as u64;
    Some(Fit { mark, columns, alike, of, first })
}

/// The fields of a line, quotes taken off.
pub(super) fn fields(line: &str, mark: char) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut inside = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(last) = all.last_mut() else { break };
        match c {
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                last.push('"');
            }
            '"' if inside || last.is_empty() => inside = !inside,
            c if c == mark && !inside => all.push(String::new()),
            c => last.push(c),
        }
    }
    all
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
    let above = lines.get(..fit.first).unwrap_or_default();
    let told: Vec<&&str> = above
        .iter()
        .filter(|line| !line.trim().is_empty() && !shape.comment.is_some_and(|comment| line.starts_with(comment)))
        .collect();
    if let Some(first) = told.first()
        && fit.first <= TITLE
    {
        shape.skip_lines = fit.first;
        let why = format!(
            "the table begins on line {}; above it stands `{}`",
            fit.first + 1,
            first.trim_end_matches(fit.mark).chars().take(60).collect::<String>()
        );
        decisions.push(Decision::file("skip_lines", fit.first.to_string(), why, fit.first as u64, fit.first as u64));
    }
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

fn footer(sample: &Sample, shape: &mut Shape, decisions: &mut Vec<Decision>) {
    let end = if sample.whole { &sample.head } else { &sample.tail };
    let is_row =
        |line: &&str| !line.trim().is_empty() && !shape.comment.is_some_and(|comment| line.starts_with(comment));
    let skip = if sample.whole { shape.skip_lines } else { 0 };
    let rows: Vec<Vec<String>> =
        end.lines().skip(skip).filter(is_row).map(|line| fields(line, shape.delimiter)).collect();
    let body = rows.len().saturating_sub(FOOTER).max(usize::from(sample.whole && shape.header));
    let mut why = Vec::new();
    let mut from = rows.len();
    while from > body + 1 {
        let told = footing(&rows[..from - 1], &rows[from - 1], shape, sample.whole);
        let Some(told) = told else { break };
        why.push(told);
        from -= 1;
    }
    // A last line that only breaks off is no footer.
    if why.is_empty() || why.len() == 1 && why[0].1 == Footing::Width && !end.ends_with('\n') {
        return;
    }
    why.reverse();
    shape.footer = why.len();
    let told: Vec<String> = why.into_iter().map(|(told, _)| told).collect();
    let last = if told.len() == 1 { "row".to_owned() } else { plural(told.len() as u64, "row") };
    let sentence = format!("the last {last}: {}", told.join("; "));
    decisions.push(Decision::file(
        "skip_footer",
        shape.footer.to_string(),
        sentence,
        told.len() as u64,
        rows.len() as u64,
    ));
}

#[derive(PartialEq, Eq)]
enum Footing {
    Label,
    Sum,
    Width,
}

/// Why a row at the end is no part of the table.
fn footing(above: &[Vec<String>], row: &[String], shape: &Shape, whole: bool) -> Option<(String, Footing)> {
    let filled: Vec<(usize, &str)> =
        row.iter().map(|value| value.trim()).enumerate().filter(|(_, value)| !value.is_empty()).collect();
    let (at, first) = *filled.first()?;
    let label = first.trim_end_matches([':', ' ', '*']).to_lowercase();
    let is_label = TOTALS.contains(&label.as_str());
    let elsewhere =
        above.iter().any(|other| other.get(at).is_some_and(|value| value.trim().eq_ignore_ascii_case(first)));
    if is_label && !elsewhere {
        return Some((format!("`{first}` labels it"), Footing::Label));
    }
    if row.len() != shape.columns {
        let words = first.chars().any(char::is_alphabetic) && filled.len() == 1;
        return words
            .then(|| (format!("`{}` stands alone in it", first.chars().take(40).collect::<String>()), Footing::Width));
    }
    let sparse = filled.len() * 2 <= shape.columns && above.len() > 2;
    if !(whole && sparse) {
        return None;
    }
    let sums = |(at, value): &&(usize, &str)| {
        let number = loose(value)?;
        let values: Vec<f64> =
            above.iter().skip(usize::from(shape.header)).filter_map(|row| loose(row.get(*at)?.trim())).collect();
        let sum: f64 = values.iter().sum();
        (values.len() > 2 && number != 0.0 && (sum - number).abs() <= 1e-6 * sum.abs()).then_some(())
    };
    let (at, value) = filled.iter().find(|cell| sums(cell).is_some())?;
    let empty = shape.columns - filled.len();
    Some((format!("`{value}` is the sum of column {}, and {empty} of its fields are empty", at + 1), Footing::Sum))
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
