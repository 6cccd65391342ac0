//! Rows of subtotals between the rows of a table: what sums up those above it is no row of its own.

use super::Decision;
use super::sample::Sample;
use super::shape::{Shape, quoted};
use super::summaries::{is_sum, is_total, totals};
use super::totals::ending;
use crate::format::delimiter::{fields, lines};
use crate::said::{listed, plural};

/// Rows that are named.
const NAMED: usize = 3;
/// So many of a hundred rows have a value where one of totals has none.
const USUAL: usize = 95;

/// Rows of subtotals in a sample.
pub(super) struct Subtotals {
    /// What they all begin with, and no other row does: they can be passed over as comments.
    pub(super) begins: Option<String>,
    /// The labels of those that are sums of rows above them, with their line.
    sums: Vec<(String, usize)>,
    /// Of those that are called so and are no sums.
    odd: Vec<(String, usize)>,
    of: u64,
}

impl Subtotals {
    pub(super) fn decision(&self) -> Decision {
        let rows = self.sums.len() as u64;
        if let Some(begins) = &self.begins {
            return Decision::file("comment", quoted(begins), self.told(), rows, self.of).aloud();
        }
        let odd = self.odd.len() as u64;
        let sums = (rows > 0).then(|| self.told());
        let no_sums = (odd > 0).then(|| {
            let named = shown(&self.odd);
            format!(
                "{} called as totals are, whose numbers are not the sum of those above: {named}",
                plural(odd, "row")
            )
        });
        let why = format!(
            "LOOK at rows of totals, which are read as rows of the table: {}: leave them out with WHERE in the SQL of the table",
            [sums, no_sums].into_iter().flatten().collect::<Vec<_>>().join("; ")
        );
        Decision::file("", String::new(), why, rows + odd, self.of).aloud()
    }

    /// Which of them are sums, and why: a sentence without its full stop.
    pub(super) fn told(&self) -> String {
        let (rows, one) = (plural(self.sums.len() as u64, "row"), self.sums.len() == 1);
        let what = if one { "is the sum of others" } else { "are sums of others" };
        format!("{rows} {what} above and called so: {}", shown(&self.sums))
    }
}

fn shown(rows: &[(String, usize)]) -> String {
    listed(rows.iter().map(|(label, line)| format!("`{label}` on line {line}")), NAMED)
}

/// A row of the table.
struct Row<'a> {
    line: &'a str,
    number: usize,
    fields: Vec<String>,
}

impl Row<'_> {
    /// The first field with a value, and its place.
    fn first(&self) -> Option<(usize, &str)> {
        self.fields.iter().map(|field| field.trim()).enumerate().find(|(_, field)| !field.is_empty())
    }
}

/// The rows of subtotals among those of a table of this shape; none where no row of the table stands below one.
pub(super) fn subtotals(sample: &Sample, shape: &Shape) -> Option<Subtotals> {
    let all = rows(sample, shape)?;
    let (called, plain): (Vec<&Row<'_>>, Vec<&Row<'_>>) = all.iter().partition(|row| is_called(row));
    let usual = |at: usize| {
        let filled = plain.iter().filter(|row| !row.fields[at].trim().is_empty()).count();
        filled > 1 && filled * 100 >= plain.len() * USUAL
    };
    let usual: Vec<bool> = (0..shape.columns).map(usual).collect();
    let gap = |row: &Row<'_>| row.fields.iter().zip(&usual).any(|(field, usual)| *usual && field.trim().is_empty());
    let bottom = bottom(sample, shape);
    let last = plain.iter().rev().find(|row| row.number <= bottom && !gap(row)).map_or(0, |row| row.number);
    let inside = |row: &&&Row<'_>| row.number < last && gap(row);
    let begins = called.iter().find(inside).map(|row| beginning(row))?;
    // What is called otherwise below all rows is a footer.
    let is_one = |row: &Row<'_>| is_called(row) && gap(row) && (row.number < last || beginning(row) == begins);
    let (mut sums, mut odd) = (Vec::new(), Vec::new());
    let (mut above, mut from): (Vec<Vec<String>>, usize) = (Vec::new(), 0);
    let mut same = true;
    for row in &all {
        if !is_one(row) {
            same &= begins.as_ref().is_none_or(|begins| !row.line.starts_with(begins));
            above.push(row.fields.clone());
            continue;
        }
        let (at, label) = row.first().unwrap_or_default();
        let label: String = label.chars().take(40).collect();
        let is_sum = |rows: &[Vec<String>]| (at + 1..shape.columns).any(|at| is_sum(rows, at, &row.fields[at], 1));
        let fits = is_sum(&above[from..]) || is_sum(&above);
        (if fits { &mut sums } else { &mut odd }).push((label, row.number));
        same &= beginning(row) == begins;
        from = above.len();
    }
    let begins = begins.filter(|_| same && odd.is_empty() && shape.comment.is_none());
    let known = !sums.is_empty() || odd.iter().all(|(label, _)| is_total(label));
    known.then_some(Subtotals { begins, sums, odd, of: all.len() as u64 })
}

/// The last line above those that end the table.
fn bottom(sample: &Sample, shape: &Shape) -> usize {
    let footer = ending(sample, shape).filter(|_| sample.whole).map_or(0, |ending| ending.rows());
    let lines = lines(&sample.head, usize::MAX);
    let filled = lines.iter().enumerate().rev().filter(|(_, line)| !line.is_empty());
    filled.map(|(at, _)| at + 1).nth(footer).unwrap_or(0)
}

/// The rows of the sample that have the fields of the table, where some row is called as totals are.
fn rows<'a>(sample: &'a Sample, shape: &Shape) -> Option<Vec<Row<'a>>> {
    let head = sample.head.to_lowercase();
    totals().any(|label| head.contains(label)).then_some(())?;
    let lines = lines(&sample.head, usize::MAX).into_iter().zip(1..).skip(shape.skip_lines);
    let is_row = |(line, _): &(&str, usize)| !line.trim().is_empty() && !shape.is_comment(line);
    let of = |(line, number)| Row { line, number, fields: fields(line, shape.delimiter) };
    let rows = lines.filter(is_row).skip(usize::from(shape.header)).map(of);
    let rows: Vec<Row<'_>> = rows.filter(|row| row.fields.len() == shape.columns).collect();
    rows.iter().any(is_called).then_some(rows)
}

/// Whether a row is called as totals are, by the first or the last word of its label: `Total 2024`, `North Total`.
fn is_called(row: &Row<'_>) -> bool {
    let Some((_, label)) = row.first() else { return false };
    let mut words = label.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let first = words.next();
    first.is_some_and(is_total) || words.next_back().is_some_and(is_total) || label_begins(label).is_some()
}

/// How many characters of a label are what totals are called.
fn label_begins(label: &str) -> Option<usize> {
    let small = label.to_lowercase();
    let begins = |called: &&str| {
        let rest = small.strip_prefix(*called);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    totals().filter(begins).map(|called| called.chars().count()).max()
}

/// What the line of a row begins with: what totals are called, and the mark behind it.
fn beginning(row: &Row<'_>) -> Option<String> {
    let (_, label) = row.first().filter(|(at, _)| *at == 0)?;
    let (before, behind) = row.line.split_once(label)?;
    let within = label_begins(label)?;
    let end: String = label.chars().chain(behind.chars()).take(within + 1).collect();
    Some(format!("{before}{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<Subtotals> {
        let (head, tail) = (text.into(), String::new());
        let sample = Sample { head, tail, whole: true, bytes: 0, detected: None, single_quotes: None };
        subtotals(&sample, &Shape { delimiter: ';', columns: 3, header: true, ..Shape::default() })
    }

    #[test]
    fn rows_between_others_that_sum_them_up_are_passed_over_by_their_beginning() {
        let check = |label: [&str; 2], sums: [u64; 2], begins: Option<&str>| {
            let [one, two] = label;
            let text = format!("no;depot;n\n1;A;5\n2;B;6\n{one};;{}\n3;A;7\n{two};;{}\n4;B;1\n", sums[0], sums[1]);
            let found = found(&text).unwrap();
            assert_eq!(found.begins.as_deref(), begins, "{text}");
            assert_eq!(found.decision().setting.is_empty(), begins.is_none(), "{text}");
        };
        check(["Subtotal 1", "Subtotal 2"], [11, 7], Some("Subtotal "));
        check(["Subtotal 1", "Subtotal 2"], [11, 18], Some("Subtotal "));
        check(["Zwischensumme", "Zwischensumme"], [11, 7], Some("Zwischensumme;"));
        check(["\"Grand total\"", "\"Grand total\""], [11, 18], Some("\"Grand total\""));
        check(["North Total", "South Total"], [11, 7], None);
        check(["Total", "Subtotal"], [11, 7], None);
        check(["Total: 1", "Total: 2"], [11, 7], Some("Total:"));
        check(["Subtotal 1", "Subtotal 2"], [11, 8], None);
    }

    #[test]
    fn rows_that_are_called_so_and_have_all_their_fields_are_rows() {
        assert!(found("no;depot;n\nTotal Care;A;5\nTotal Fit;B;5\n3;A;7\n").is_none());
        assert!(found("no;depot;n\n1;A;5\n2;B;6\nTotal;;11\n").is_none(), "a footer is found elsewhere");
        let same = "no;depot;n\nTotal Care;A;5\n1;B;6\n2;B;6\n3;B;6\n4;B;6\nTotal;;29\n4;B;6\n";
        assert_eq!(found(same).unwrap().begins.as_deref(), Some("Total;"), "which is how no other row begins");
    }
}
