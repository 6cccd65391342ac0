//! Rows at the end of a table that are no part of it: totals, and what people write beneath them.

use crate::format::delimiter::{fields, lines};
use crate::propose::cells::{Kind, kind};
use crate::propose::sample::Sample;
use crate::propose::shape::Shape;

/// Rows at the end that may be a footer.
const FOOTER: usize = 8;
/// What a row of totals is called, in small letters.
pub(super) const TOTALS: [&str; 19] = [
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
    "zwischensumme",
    "subtotale",
    "tussentotaal",
];

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
            None => match note(&rows[..from], &rows[from], shape) {
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
        let total = is_label(above, at, first);
        return (words || total).then(|| {
            (
                format!("`{}` begins it, which has other fields", first.chars().take(40).collect::<String>()),
                Footing::Width,
            )
        });
    }
    let table = &above[usize::from(shape.header && whole).min(above.len())..];
    let sum = filled.iter().find(|(at, value)| whole && is_sum(table, *at, value, 3));
    let gap = (0..shape.columns).find(|at| row[*at].trim().is_empty() && always(table, *at));
    if is_label(above, at, first) || sum.is_some() && begins_as_label(first) {
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

/// Whether the first word of a field is what totals are called: `Total 2024`.
fn begins_as_label(field: &str) -> bool {
    let word = field.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    TOTALS.contains(&word.to_lowercase().as_str())
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

/// Whether a value is the sum, or the mean, of those above, by a point or by a comma before decimals; the mean of equal values is
/// one more of them. So many values are the least that tell it.
pub(super) fn is_sum(rows: &[Vec<String>], at: usize, value: &str, least: usize) -> bool {
    let values: Vec<&str> = rows.iter().filter_map(|row| row.get(at)).map(|value| value.trim()).collect();
    ['.', ','].into_iter().any(|mark| is_sum_by(&values, value, mark, least))
}

fn is_sum_by(values: &[&str], value: &str, mark: char, least: usize) -> bool {
    let Some(number) = loose(value, mark).filter(|number| *number != 0.0) else { return false };
    let values = values.iter().filter(|value| value.bytes().any(|byte| byte.is_ascii_digit()));
    let Some(values) = values.map(|value| loose(value, mark)).collect::<Option<Vec<f64>>>() else { return false };
    let (sum, size): (f64, f64) =
        values.iter().fold((0.0, 0.0), |(sum, size), value| (sum + value, size + value.abs()));
    // Rounding grows with what was added, not with what is left of it.
    let near = |want: f64| (want - number).abs() <= (1e-6 * want.abs()).max(1e-12 * size);
    let differ = values.iter().any(|value| !near(*value));
    values.len() >= least && (near(sum) || differ && near(sum / values.len() as f64))
}

/// A number with this mark before its decimals and whatever signs around its digits, near enough for a sum.
fn loose(text: &str, mark: char) -> Option<f64> {
    let digits = text.chars().filter(|c| c.is_ascii_digit() || *c == mark || *c == '-');
    digits.map(|c| if c == mark { '.' } else { c }).collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums of thousandths, which integers hold exactly.
    #[test]
    fn a_sum_of_decimals_is_told_in_both_spellings_and_nothing_near_it() {
        let mut state = 11_u64;
        let mut dice = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as i64
        };
        for round in 0..200 {
            let places = [1_000, 100, 10, 1];
            let thousandths: Vec<i64> =
                (0..12).map(|at| (dice() % 90_000 + 1) / places[at % 4] * places[at % 4]).collect();
            let signed: Vec<i64> = thousandths
                .iter()
                .map(|value| if round % 3 == 0 && value % 2 == 0 { -value } else { *value })
                .collect();
            let spelled = |value: i64, mark: char, fill: bool| {
                let text =
                    format!("{}{}.{:03}", if value < 0 { "-" } else { "" }, value.abs() / 1_000, value.abs() % 1_000);
                let text = if fill { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() };
                text.replace('.', &mark.to_string())
            };
            let exact: i64 = signed.iter().sum();
            for (mark, fill) in [('.', true), ('.', false), (',', true), (',', false)] {
                let rows: Vec<Vec<String>> = signed.iter().map(|value| vec![spelled(*value, mark, fill)]).collect();
                assert_eq!(is_sum(&rows, 0, &spelled(exact, mark, fill), 3), exact != 0, "{rows:?} {exact}");
                assert!(!is_sum(&rows, 0, &spelled(exact + 1_501, mark, true), 3), "{rows:?} {exact}");
            }
        }
    }

    #[test]
    fn groups_of_thousands_and_units_are_summed() {
        let check = |values: &[&str], sum: &str, want: bool| {
            let rows: Vec<Vec<String>> = values.iter().map(|value| vec![(*value).to_owned()]).collect();
            assert_eq!(is_sum(&rows, 0, sum, 3), want, "{values:?} {sum}");
        };
        check(&["1.234,50 €", "0,50 €", "765 €"], "2.000,00 €", true);
        check(&["$1,234.50", "$0.50", "$765"], "$2,000.00", true);
        check(&["1,234", "766", "5"], "2005", true);
        check(&["1.250", "2.500", "0.25"], "4", true);
        check(&["1", "2", "3"], "7", false);
        check(&["100.1", "-100", "0.05"], "0.15", true);
    }
}
