//! Values that stand for a missing one: words, and numbers or days far from all others.

use std::collections::BTreeMap;

use crate::propose::cells::Cells;
use crate::value::evidence::USUAL_MISSING;

/// Spellings of a missing value beside the usual ones.
const MORE: [&str; 10] = ["--", "N.A.", "n.a.", "NAN", "<NA>", "Unknown", "UNKNOWN", "#DIV/0!", "#VALUE!", "k.A."];
/// Those that are a value often enough, so that in a column of texts they stay.
const ALSO_WORDS: [&str; 3] = ["None", "none", "missing"];
/// Numbers that stand for a missing one where they lie far from all others.
const NUMBERS: [f64; 14] = [
    -9.0,
    -99.0,
    -999.0,
    -9_999.0,
    -99_999.0,
    -999_999.0,
    99.0,
    999.0,
    9_999.0,
    99_999.0,
    999_999.0,
    9_999_999.0,
    -1.0e9,
    1.0e9,
];
/// Days that do.
const DAYS: [&str; 8] =
    ["9999-12-31", "2999-12-31", "2099-12-31", "1900-01-01", "1899-12-30", "1800-01-01", "1753-01-01", "0001-01-01"];

/// Whether a text is how people write a missing value.
pub(super) fn is_word(text: &str) -> bool {
    USUAL_MISSING.contains(&text) || MORE.contains(&text)
}

/// The words of a missing value in a column, each with its number of rows; in one of texts those alone that are no value.
pub(super) fn words(cells: &Cells, text: bool) -> BTreeMap<String, u64> {
    // Among codes of two letters it may be Namibia, or North America.
    let code = |value: &str| value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_uppercase());
    let codes = text && cells.values.iter().any(|value| code(value) && value != "NA");
    let stays = |value: &str| text && (ALSO_WORDS.contains(&value) || value == "NA" && codes);
    let counts = cells.counts().into_iter().filter(|(value, _)| is_word(value) && !stays(value));
    counts.map(|(value, rows)| (value.to_owned(), rows)).collect()
}

/// Numbers of a column that lie far from all others and are what people write for a missing one. `read` gives the number
/// of a value.
pub(super) fn numbers(cells: &Cells, read: &dyn Fn(&str) -> Option<f64>) -> Vec<(String, u64, String)> {
    let counts = cells.counts();
    let mut all: Vec<(f64, &str, u64)> =
        counts.into_iter().filter_map(|(value, rows)| read(value).map(|number| (number, value, rows))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut found = Vec::new();
    while all.len() > 2 {
        let (first, last) = (all[0], all[all.len() - 1]);
        let far =
            |candidate: f64, near: f64, other: f64| (candidate - near).abs() > 2.0 * (near - other).abs().max(1.0);
        let odd = |(number, _, rows): (f64, &str, u64)| rows > 1 && NUMBERS.contains(&number);
        if odd(first) && far(first.0, all[1].0, last.0) {
            let why = format!("all others lie from {} to {}", all[1].1, last.1);
            found.push((first.1.to_owned(), first.2, why));
            all.remove(0);
        } else if odd(last) && far(last.0, all[all.len() - 2].0, first.0) {
            let why = format!("all others lie from {} to {}", first.1, all[all.len() - 2].1);
            found.push((last.1.to_owned(), last.2, why));
            all.pop();
        } else {
            break;
        }
    }
    found
}

/// Days of a column that people write for a missing one, where the next lies years away. `read` gives the day of a value,
/// counted from 1970.
pub(super) fn days(cells: &Cells, read: &dyn Fn(&str) -> Option<i64>) -> Vec<(String, u64, String)> {
    let known: Vec<i64> = DAYS.iter().filter_map(|day| crate::value::calendar::date(day).ok()).map(i64::from).collect();
    let all: Vec<(i64, &str, u64)> =
        cells.counts().into_iter().filter_map(|(value, rows)| read(value).map(|day| (day, value, rows))).collect();
    let candidates = all.iter().filter(|(day, ..)| known.contains(day));
    let far =
        |day: i64| all.iter().filter(|other| !known.contains(&other.0)).all(|other| (other.0 - day).abs() > 7_305);
    candidates
        .filter(|(day, ..)| all.iter().any(|other| !known.contains(&other.0)) && far(*day))
        .map(|(_, value, rows)| {
            ((*value).to_owned(), *rows, "all other days are more than twenty years away".to_owned())
        })
        .collect()
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
        check(&["-20.5", "40", "-999", "-999", "9999", "9999", "3"], &["9999", "-999"]);
        check(&["1", "2", "3", "-999"], &[]);
        check(&["-500", "-999", "-999", "500", "2"], &[]);
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
