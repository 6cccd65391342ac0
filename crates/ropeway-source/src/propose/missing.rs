//! Values of a column that stand for a missing one.

use std::collections::BTreeMap;

use crate::propose::cells::Cells;
use crate::value::missing::{missing_days, missing_numbers, missing_words, says_missing};

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
    fn a_word_that_is_a_value_stays_in_texts() {
        let values = cells(&["NA", "n/a", "none", "?", "x"]);
        assert_eq!(words(&values, true).into_keys().collect::<Vec<_>>(), ["?", "NA", "n/a"]);
        assert_eq!(words(&cells(&["NA", "DE", "FR"]), true), BTreeMap::new());
        assert_eq!(words(&values, false).into_keys().collect::<Vec<_>>(), ["?", "NA", "n/a", "none"]);
    }
}
