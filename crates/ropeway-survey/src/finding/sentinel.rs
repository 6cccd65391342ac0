//! `sentinel`: values that stand for a missing one.
//!
//! Words say so themselves. A number does where it is written as people write such numbers (all nines, -1), stands at the
//! edge of its column and far from all others; a date where it is one of the usual ends of time.

use ropeway_stat::ValueCount;
use ropeway_vocab::ColumnType;

use super::{Code, Finding};
use crate::column::show;
use crate::seen::Column;

const WORDS: [&str; 21] = [
    "?",
    "-",
    "--",
    "---",
    ".",
    "n/a",
    "n.a.",
    "na",
    "#n/a",
    "null",
    "(null)",
    "none",
    "nan",
    "nil",
    "missing",
    "unknown",
    "not available",
    "not known",
    "undefined",
    "unspecified",
    "\\n",
];
const DAY: f64 = 86_400e6;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    let values = match column.ty {
        ColumnType::Text => words(column),
        ColumnType::Integer | ColumnType::Float => numbers(column),
        ColumnType::Date => ends_of_time(column, 1.0),
        ColumnType::Timestamp => ends_of_time(column, DAY),
        ColumnType::Boolean => Vec::new(),
    };
    let rows: u64 = values.iter().map(|value| value.count).sum();
    // Where hardly anything else is left, it is no column with gaps.
    if rows == 0 || rows * 10 > column.present() * 9 {
        return None;
    }
    let list: Vec<String> = values.iter().map(|value| format!("`{}` in {} rows", value.value, value.count)).collect();
    let evidence = format!("{} stands for a missing value", list.join(", "));
    let decision = "counts as missing";
    Some(Finding::new(Code::Sentinel, &[column.name], (rows, column.rows), evidence).values(values).decide(decision))
}

/// Whether a text says that there is no value.
pub(super) fn says_missing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.len() < 16 && WORDS.contains(&text.to_lowercase().as_str())
}

fn words(column: &Column<'_>) -> Vec<ValueCount> {
    let found = column.texts().iter().filter(|(text, _)| says_missing(text));
    let found: Vec<ValueCount> =
        found.map(|(text, count)| ValueCount { value: (*text).to_owned(), count: *count }).collect();
    // One letter more than two words may be a code of its own, such as Namibia among countries.
    let country = |value: &ValueCount| value.value == "NA" && column.texts().iter().all(|(text, _)| text.len() <= 3);
    found.into_iter().filter(|value| !country(value)).collect()
}

/// Numbers at one edge that stand alone.
fn numbers(column: &Column<'_>) -> Vec<ValueCount> {
    let counted: Vec<(f64, u64, u64)> = column.numbers().iter().copied().filter(|(x, ..)| x.is_finite()).collect();
    if !column.exact || counted.len() < 5 {
        return Vec::new();
    }
    let (first, last) = (counted[0], counted[counted.len() - 1]);
    let low = lone(first, &counted[1..], true, column);
    let high = lone(last, &counted[..counted.len() - 1], false, column);
    [low, high]
        .into_iter()
        .flatten()
        .map(|(_, bits, count)| ValueCount { value: show(bits, column.ty), count })
        .collect()
}

fn lone(edge: (f64, u64, u64), rest: &[(f64, u64, u64)], low: bool, column: &Column<'_>) -> Option<(f64, u64, u64)> {
    let (value, _, rows) = edge;
    let nearest = if low { rest.first() } else { rest.last() }?.0;
    let gap = (value - nearest).abs();
    let spread = middle(rest);
    let many = rows >= 3 && rows * 2_000 >= column.present();
    let says = if value == -1.0 {
        // Alone below zero, where nothing else is negative and minus one is no step of a scale.
        many && nearest >= 0.0 && rest.len() >= 10
    } else if value == 0.0 {
        low && rows >= 2 && gap > 2.0 * spread
    } else {
        rows >= 2 && nines(value) && gap > 0.5 * spread && !(0.0..99.0).contains(&value)
    };
    says.then_some(edge)
}

/// The width of the middle 99.8% of the rows.
fn middle(counted: &[(f64, u64, u64)]) -> f64 {
    let all: u64 = counted.iter().map(|(.., rows)| rows).sum();
    let cut = all / 1_000;
    let beyond = |passed: &mut u64, rows: u64| {
        *passed += rows;
        *passed > cut
    };
    let (mut below, mut above) = (0, 0);
    let low = counted.iter().find(|(.., rows)| beyond(&mut below, *rows));
    let high = counted.iter().rev().find(|(.., rows)| beyond(&mut above, *rows));
    high.map_or(0.0, |value| value.0) - low.map_or(0.0, |value| value.0)
}

/// Whether a number is written with nines (or eights, or sevens) alone: -9, -99, 999, 9999.
fn nines(value: f64) -> bool {
    let text = value.abs().to_string();
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    digits.len() == text.len() && digits.iter().all(|digit| *digit == digits[0]) && matches!(digits[0], b'7'..=b'9')
}

/// The last or first day of a calendar that people write for never, five years off all others.
fn ends_of_time(column: &Column<'_>, day: f64) -> Vec<ValueCount> {
    // 9999-12-31, 9999-01-01, 2999-12-31, 2100-01-01; 1900-01-01, 1899-12-30, 0001-01-01, 1970-01-01.
    const ENDS: [f64; 8] = [2_932_896.0, 2_932_532.0, 376_200.0, 47_482.0, -25_567.0, -25_569.0, -719_162.0, 0.0];
    let counted = column.numbers();
    if !column.exact || counted.len() < 3 {
        return Vec::new();
    }
    let is_end = |value: f64| ENDS.contains(&(value / day).floor());
    let others: Vec<f64> = counted.iter().map(|(value, ..)| *value).filter(|value| !is_end(*value)).collect();
    let (Some(first), Some(last)) = (others.first(), others.last()) else { return Vec::new() };
    let far = |value: f64| (first - value).max(value - last) > 5.0 * 365.0 * day;
    let found = counted.iter().filter(|(value, ..)| is_end(*value) && far(*value));
    found.map(|(_, bits, count)| ValueCount { value: show(*bits, column.ty), count: *count }).collect()
}
