//! Values of a column that stand for a missing one.

use std::collections::BTreeMap;

use crate::propose::cells::{Cells, Kind, kind};
use crate::value::missing::{missing_days, missing_numbers, missing_words, says_missing};

/// A text in so many rows of a column of numbers is no slip.
const OFTEN: u64 = 10;
/// No more texts stand for a missing value in a column by their repetition alone.
const TEXTS: usize = 3;
/// So many different values beside them tell that the column is no scale of which the text is a step.
const DIFFERENT: usize = 10;

/// The words of a missing value in a column, each with its number of rows; in one of texts those alone that are no value.
pub(super) fn words(cells: &Cells, text: bool) -> BTreeMap<String, u64> {
    let counts: Vec<(&str, u64)> = cells.counts().into_iter().collect();
    let values: Vec<&str> = counts.iter().map(|(value, _)| *value).collect();
    let found =
        if text { missing_words(&values) } else { (0..values.len()).filter(|at| says_missing(values[*at])).collect() };
    found.into_iter().map(|at| (counts[at].0.to_owned(), counts[at].1)).collect()
}

/// A spelling of a missing value, its rows, and why it is one.
pub(super) type Spelled = (String, u64, String);

/// Texts of a column of numbers or dates that stand for a missing one in whatever language: there are few of them, each in many rows,
/// among many different values.
pub(super) fn repeated(cells: &Cells) -> Vec<(String, u64)> {
    let counts = cells.counts().into_iter().filter(|(value, _)| !says_missing(value));
    let (told, texts): (Vec<_>, Vec<_>) = counts.partition(|(value, _)| kind(value) == Kind::Told);
    let rows = |of: &[(&str, u64)]| of.iter().map(|(_, rows)| rows).sum::<u64>();
    let bare = |value: &str| !value.bytes().any(|byte| byte.is_ascii_digit());
    let often = texts.iter().all(|(value, rows)| *rows >= OFTEN && bare(value));
    if !often || texts.len() > TEXTS || told.len() < DIFFERENT || rows(&texts) * 4 > rows(&told) {
        return Vec::new();
    }
    texts.into_iter().map(|(value, rows)| (value.to_owned(), rows)).collect()
}

/// Numbers of a column that stand for a missing one, in all their spellings. `read` gives the number of a value.
pub(super) fn numbers(cells: &Cells, read: &dyn Fn(&str) -> Option<f64>) -> Vec<Spelled> {
    let mut all: Vec<(f64, &str, u64)> = cells
        .counts()
        .into_iter()
        .filter_map(|(value, rows)| read(value).map(|number| (number, value, rows)))
        .filter(|(number, ..)| number.is_finite())
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut counted: Vec<(f64, u64)> = Vec::new();
    for (number, _, rows) in &all {
        match counted.last_mut() {
            Some((last, sum)) if last == number => *sum += rows,
            _ => counted.push((*number, *rows)),
        }
    }
    let found: Vec<f64> = missing_numbers(&counted).into_iter().map(|at| counted[at].0).collect();
    let is_found = |number: &f64| found.contains(number);
    let mut others = all.iter().filter(|(number, ..)| !is_found(number));
    let (Some(first), Some(last)) = (others.clone().next(), others.next_back()) else { return Vec::new() };
    let why = format!("all others lie from {} to {}", first.1, last.1);
    let spelled = all.iter().filter(|(number, ..)| is_found(number));
    spelled.map(|(_, value, rows)| ((*value).to_owned(), *rows, why.clone())).collect()
}

/// Days of a column that people write for never. `read` gives the day of a value, counted from 1970.
pub(super) fn days(cells: &Cells, read: &dyn Fn(&str) -> Option<i64>) -> Vec<Spelled> {
    let all: Vec<(i64, &str, u64)> =
        cells.counts().into_iter().filter_map(|(value, rows)| read(value).map(|day| (day, value, rows))).collect();
    let found = missing_days(&all.iter().map(|(day, ..)| *day).collect::<Vec<_>>());
    let why = "all other days are more than ten years away";
    found.into_iter().map(|at| (all[at].1.to_owned(), all[at].2, why.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(values: &[&str]) -> Cells {
        Cells { values: values.iter().map(|value| (*value).to_owned()).collect(), ..Cells::default() }
    }

    #[test]
    fn numbers_far_from_all_others_are_missing_ones() {
        let check = |values: &[&str], want: &[&str]| {
            let found = numbers(&cells(values), &|text| text.parse().ok());
            assert_eq!(found.iter().map(|found| found.0.as_str()).collect::<Vec<_>>(), want, "{values:?}");
        };
        check(&["1", "50", "120", "-999", "-999"], &["-999"]);
        check(&["1", "50", "120", "-999", "-999.0"], &["-999", "-999.0"]);
        check(&["95", "99", "99", "98", "1"], &[]);
    }

    #[test]
    fn days_years_away_are_missing_ones() {
        let day = |text: &str| crate::value::calendar::date(text).ok().map(i64::from);
        let found = days(&cells(&["2024-01-01", "9999-12-31", "2023-05-06"]), &day);
        assert_eq!(found[0].0, "9999-12-31");
        assert_eq!(days(&cells(&["1900-01-01", "1905-05-05", "1910-01-01"]), &day), []);
        assert_eq!(days(&cells(&["9999-12-31"]), &day), []);
    }

    #[test]
    fn a_text_in_many_rows_among_many_numbers_is_a_missing_one_in_any_language() {
        let check = |texts: &[(&str, usize)], numbers: usize, want: &[&str]| {
            let mut values: Vec<String> = (0..200).map(|at| (at % numbers).to_string()).collect();
            texts.iter().for_each(|(text, rows)| values.extend(std::iter::repeat_n((*text).to_owned(), *rows)));
            let found = repeated(&Cells { values, ..Cells::default() });
            assert_eq!(found.iter().map(|found| found.0.as_str()).collect::<Vec<_>>(), want, "{texts:?}");
        };
        check(&[("s/d", 12)], 90, &["s/d"]);
        check(&[("sin dato", 12), ("NR", 20)], 90, &["NR", "sin dato"]);
        check(&[("s/d", 9)], 90, &[]);
        check(&[("s/d", 51)], 90, &[]);
        check(&[("ground", 12)], 9, &[]);
        check(&[("a", 10), ("b", 10), ("c", 10), ("d", 10)], 90, &[]);
        check(&[("s/d", 12), ("x", 1)], 90, &[]);
        check(&[("n/a", 12)], 90, &[]);
    }

    #[test]
    fn a_word_that_is_a_value_stays_in_texts() {
        let values = cells(&["NA", "n/a", "none", "?", "x"]);
        assert_eq!(words(&values, true).into_keys().collect::<Vec<_>>(), ["?", "NA", "n/a"]);
        assert_eq!(words(&cells(&["NA", "DE", "FR"]), true), BTreeMap::new());
        assert_eq!(words(&values, false).into_keys().collect::<Vec<_>>(), ["?", "NA", "n/a", "none"]);
    }
}
