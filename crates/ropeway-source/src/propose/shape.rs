//! Where in a text file the table lies: its delimiter, the lines above and between, whether there is a header, and rows at
//! the end that are no part of it.

use crate::format::delimiter::{COMMENTS, Fit, LINES, MARKS, TITLE, best, fields, lines};
use crate::propose::Decision;
use crate::propose::cells::{Kind, kind};
use crate::propose::sample::Sample;
use crate::propose::subtotals::subtotals;
use crate::propose::totals::ending;
use crate::said::plural;
use crate::settings::{SourceSettings, delimiter_of_name};

/// The shape of a table in text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) delimiter: char,
    pub(super) columns: usize,
    pub(super) skip_lines: usize,
    pub(super) comment: Option<String>,
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
    if let Some(found) = subtotals(sample, &shape) {
        shape.comment = found.begins.clone().or(shape.comment);
        decisions.push(found.decision());
    }
    footer(sample, &mut shape, decisions);
    shape
}

impl Shape {
    pub(super) fn is_comment(&self, line: &str) -> bool {
        self.comment.as_ref().is_some_and(|comment| line.starts_with(comment.as_str()))
    }

    /// The same for a file that lies as this one, and may have more or fewer columns.
    pub(super) fn with_width_of(&self, sample: &Sample) -> Self {
        let is_row = |line: &&str| !line.trim().is_empty() && !self.is_comment(line);
        let lines = lines(&sample.head, self.skip_lines + TITLE);
        let first = lines.into_iter().skip(self.skip_lines).find(is_row);
        let columns = first.map_or(self.columns, |line| fields(line, self.delimiter).len());
        Self { columns, ..self.clone() }
    }

    /// Says it in the settings of a source.
    pub(super) fn set(&self, settings: &mut SourceSettings, name: &str, sheet: bool) {
        if !sheet && self.delimiter != delimiter_of_name(name) as char {
            let setting =
                MARKS.into_iter().find(|(mark, ..)| *mark as char == self.delimiter).map(|(_, setting, _)| setting);
            settings.delimiter = setting.map(str::to_owned);
        }
        settings.skip_lines = self.skip_lines;
        // What was found in the usual quotes stands in those of the file there.
        let quote = settings.quote.clone();
        settings.comment =
            self.comment.as_ref().map(|comment| comment.strip_prefix('"').map_or(comment.clone(), |rest| quote + rest));
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
            shape.comment = Some(comment.to_owned());
            let why = format!("of the lines, {other} with `{comment}` at the beginning lack the fields of the table");
            decisions.push(Decision::file("comment", quoted(comment), why, other, lines.len() as u64));
            return;
        }
    }
}

fn title(lines: &[&str], fit: &Fit, shape: &mut Shape, decisions: &mut Vec<Decision>) {
    let from = below_title(lines, fit);
    let told = lines.get(..from).unwrap_or_default().iter();
    let told = told.filter(|line| !shape.is_comment(line));
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

/// The line of the header. Programs that write sheets give a title the fields of the table, all empty but one, or but the first of many.
fn below_title(lines: &[&str], fit: &Fit) -> usize {
    let filled = |line: &str| {
        let row = fields(line, fit.mark);
        row.into_iter().filter(|field| !field.trim().is_empty()).collect::<Vec<_>>()
    };
    let sparse = |line: &&&str| {
        let cells = filled(line).len();
        let begins = || fields(line, fit.mark).iter().take(cells).all(|field| !field.trim().is_empty());
        cells <= 1 || cells * 3 < fit.columns && begins()
    };
    let more = lines[fit.first..].iter().take(TITLE).take_while(sparse).count();
    let header = lines.get(fit.first + more).map(|line| filled(line)).unwrap_or_default();
    let names = fit.columns > 2 && header.len() * 2 > fit.columns && header.iter().all(|name| is_name(name.trim()));
    if names { fit.first + more } else { fit.first }
}

/// Whether the first row looks like the others.
fn header(lines: &[&str], shape: &mut Shape, decisions: &mut Vec<Decision>) {
    let is_row = |line: &&&str| !line.trim().is_empty() && !shape.is_comment(line);
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
    let Some(ending) = ending(sample, shape) else { return };
    shape.footer = ending.rows();
    let rows = ending.rows() as u64;
    let last = if rows == 1 { "row".to_owned() } else { plural(rows, "row") };
    let sentence = format!("the last {last}: {}", ending.told());
    decisions.push(Decision::file("skip_footer", shape.footer.to_string(), sentence, rows, ending.of));
}

/// A text as the project file writes it.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
