//! What people write where a value is missing: words, and numbers and days far from all others. One list and one decision,
//! whoever asks: a proposal of its sample, a survey of all rows, a column of text that would be numbers.

use crate::value::{calendar, codes};

/// Words and signs, in small letters.
const WORDS: [&str; 46] = [
    "?",
    "-",
    "--",
    "---",
    ".",
    "n/a",
    "n.a.",
    "n. a.",
    "na",
    "<na>",
    "#n/a",
    "#na",
    "null",
    "<null>",
    "(null)",
    "\\n",
    "none",
    "nan",
    "nil",
    "missing",
    "unknown",
    "undefined",
    "unspecified",
    "not available",
    "not known",
    "keine angabe",
    "k.a.",
    "#div/0!",
    "#value!",
    "not stated",
    "not reported",
    "no data",
    "n.d.",
    "n. d.",
    "k. a.",
    "unbekannt",
    "nicht bekannt",
    "sans réponse",
    "non renseigné",
    "non disponible",
    "sin datos",
    "no disponible",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "00.00.0000",
    "00/00/0000",
];
/// What is a value of its own often enough, so that in a column of words it stays.
const ALSO_A_VALUE: &str = "none";
/// Beside one of these what is missing is looked for.
const OF_THINGS: [&str; 12] = [
    "found",
    "lost",
    "present",
    "stolen",
    "dead",
    "alive",
    "deceased",
    "returned",
    "complete",
    "damaged",
    "delivered",
    "injured",
];
/// What well logs write for no value (the LAS standard).
const OF_LOGS: [f64; 2] = [-999.25, -9_999.25];
/// The first and last days that people write for never.
const ENDS: [&str; 10] = [
    "9999-12-31",
    "9999-01-01",
    "2999-12-31",
    "2099-12-31",
    "2100-01-01",
    "1970-01-01",
    "1900-01-01",
    "1899-12-30",
    "1800-01-01",
    "0001-01-01",
];
/// A number of nines among prices that end in one is a price, unless it is so many times the dearest of the others.
const DEAREST: f64 = 10.0;
/// A day stands for never where all others are so many days away.
const FAR: i64 = 3_653;

/// Whether a text says that there is no value.
pub fn says_missing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.len() < 20 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Which different texts of a column of words stand for a missing one: their places. Where hardly another one would be
/// left, each is a value.
pub fn missing_words(texts: &[&str]) -> Vec<usize> {
    // Among codes of two letters it may be Namibia, or North America.
    let code = |text: &&str| text.len() == 2 && *text != "NA" && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let codes = texts.iter().any(code);
    let is = |text: &str, word: &str| text.trim().eq_ignore_ascii_case(word);
    let things = texts.iter().any(|text| OF_THINGS.iter().any(|word| is(text, word)));
    let value = |text: &str| is(text, ALSO_A_VALUE) || things && is(text, "missing") || codes && text.trim() == "NA";
    let found: Vec<usize> = (0..texts.len()).filter(|at| says_missing(texts[*at]) && !value(texts[*at])).collect();
    if found.len() + 2 > texts.len() { Vec::new() } else { found }
}

/// Which numbers of a column stand for a missing one: the places in `counted`, ascending numbers with their rows.
///
/// It is one that is written as people write such numbers (nines, eights or sevens alone; -1; 0), stands at the edge and far
/// from all others: farther than 99.8% of them lie apart, or alone below zero. Or they are the codes of a questionnaire.
pub fn missing_numbers(counted: &[(f64, u64)]) -> Vec<usize> {
    let codes = counted.len() - codes::above(counted);
    let mut found = far_off(&counted[..codes]);
    found.extend(codes..counted.len());
    found
}

fn far_off(counted: &[(f64, u64)]) -> Vec<usize> {
    let mut from = counted.iter().take_while(|(number, _)| *number < 0.0 && digits_alike(*number)).count();
    let high = |(number, _): &&(f64, u64)| *number >= 99.0 && digits_alike(*number);
    let to = counted.len() - counted[from..].iter().rev().take_while(high).count();
    let present: u64 = counted.iter().map(|(_, rows)| rows).sum();
    let mut found = Vec::new();
    if let Some((number, rows)) = counted.get(from).filter(|_| from + 1 < to)
        && says_nothing(*number, *rows, present, &counted[from + 1..to])
    {
        found.push(from);
        from += 1;
    }
    let core = &counted[from..to];
    let edges = (0..from).filter(|at| !found.contains(at)).chain(to..counted.len());
    let more: Vec<usize> = edges.filter(|at| is_far(counted[*at], present, core)).collect();
    found.extend(more);
    found.sort_unstable();
    found
}

/// Whether minus one or zero, the least number of a column, stands for none of `others`.
fn says_nothing(number: f64, rows: u64, present: u64, others: &[(f64, u64)]) -> bool {
    let Some((nearest, _)) = others.first() else { return false };
    if number == -1.0 {
        // Where nothing else is negative and minus one is no step of a scale.
        return often(rows, present) && *nearest >= 0.0 && others.len() >= 10;
    }
    // A count of nothing is none in most rows, and then a value.
    number == 0.0 && rows >= 2 && rows * 2 < present && others.len() >= 4 && nearest - number > 2.0 * spread(others)
}

fn is_far((number, rows): (f64, u64), present: u64, core: &[(f64, u64)]) -> bool {
    let (Some(first), Some(last)) = (core.first(), core.last()) else { return false };
    if core.len() < 2 || rows < 2 {
        return false;
    }
    if number < 0.0 && first.0 >= 0.0 {
        return match number {
            -9.0..0.0 => often(rows, present) && (core.len() >= 10 || codes::below(number, core)),
            -99.0..-9.0 => rows >= 3,
            _ => true,
        };
    }
    if number > 0.0 && number < DEAREST * last.0 && end_in_nine(core) {
        return false;
    }
    let gap = if number < 0.0 { first.0 - number } else { number - last.0 };
    // Of few different values less is known.
    let least = if core.len() < 4 { 20.0 } else { 1.0 };
    gap > least * spread(core).max(1.0)
}

/// Whether numbers end in a nine as prices do: three times as many rows as chance would have it, of several numbers.
fn end_in_nine(counted: &[(f64, u64)]) -> bool {
    let nine = |(number, _): &&(f64, u64)| number.to_string().ends_with('9');
    let nines: Vec<u64> = counted.iter().filter(nine).map(|(_, rows)| *rows).collect();
    let rows: u64 = counted.iter().map(|(_, rows)| rows).sum();
    nines.len() > 1 && nines.iter().sum::<u64>() * 10 >= rows * 3
}

fn often(rows: u64, present: u64) -> bool {
    rows >= 3 && rows * 2_000 >= present
}

/// The width of the middle 99.8% of the rows.
fn spread(counted: &[(f64, u64)]) -> f64 {
    let cut = counted.iter().map(|(_, rows)| rows).sum::<u64>() / 1_000;
    let beyond = |passed: &mut u64, rows: u64| {
        *passed += rows;
        *passed > cut
    };
    let (mut below, mut above) = (0, 0);
    let low = counted.iter().find(|(_, rows)| beyond(&mut below, *rows));
    let high = counted.iter().rev().find(|(_, rows)| beyond(&mut above, *rows));
    high.map_or(0.0, |value| value.0) - low.map_or(0.0, |value| value.0)
}

/// Whether a number is written with nines (or eights, or sevens) alone: -9, -99, 999, 9999; -99.9 as instruments write it. Above
/// zero it is whole, since 99.99 is a price.
fn digits_alike(number: f64) -> bool {
    if OF_LOGS.contains(&number) {
        return true;
    }
    if number > 0.0 && number.fract() != 0.0 {
        return false;
    }
    let text = number.abs().to_string();
    let first = text.as_bytes()[0];
    let whole = text.split_once('.').map_or(text.len(), |(whole, _)| whole.len());
    let digits = text.bytes().enumerate().filter(|(at, _)| *at != whole || whole == 1);
    matches!(first, b'7'..=b'9') && digits.into_iter().all(|(_, byte)| byte == first)
}

/// Which days of a column, counted from 1970, stand for a missing one: the places in `days`.
pub fn missing_days(days: &[i64]) -> Vec<usize> {
    let ends: Vec<i64> = ENDS.iter().filter_map(|day| calendar::date(day).ok()).map(i64::from).collect();
    let others = || days.iter().filter(|day| !ends.contains(day));
    let (Some(first), Some(last)) = (others().min(), others().max()) else { return Vec::new() };
    let far = |day: i64| (first - day).max(day - last) > FAR;
    (0..days.len()).filter(|at| ends.contains(&days[*at]) && far(days[*at])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_it_in_any_case_and_few_of_them_may_be_values() {
        for text in ["NA", "n/a", "N.A.", "Unknown", " ? ", "", "#DIV/0!", "NaN", "\\N", "<NA>", "0000-00-00"] {
            assert!(says_missing(text), "{text}");
        }
        for text in ["0", "no", "x", "nothing", "Nan Zhang", "unknown street"] {
            assert!(!says_missing(text), "{text}");
        }
    }

    #[test]
    fn a_word_that_is_a_value_stays_among_words() {
        let check = |texts: &[&str], want: &[&str]| {
            assert_eq!(missing_words(texts).into_iter().map(|at| texts[at]).collect::<Vec<_>>(), want, "{texts:?}");
        };
        check(&["NA", "n/a", "none", "?", "x"], &["NA", "n/a", "?"]);
        check(&["NA", "DE", "FR"], &[]);
        check(&["Unknown", "a", "b", "Missing"], &["Unknown", "Missing"]);
        check(&["sold", "missing", "rented"], &["missing"]);
        check(&["found", "missing", "returned"], &[]);
        check(
            &["a", "b", "sans réponse", "n.d.", "k.A.", "Keine Angabe", "Not available"],
            &["sans réponse", "n.d.", "k.A.", "Keine Angabe", "Not available"],
        );
        check(&["known", "unknown"], &[]);
        check(&["?"], &[]);
        check(&[], &[]);
    }

    #[test]
    fn numbers_far_from_all_others_are_missing_ones() {
        let check = |values: &[(f64, u64)], want: &[f64]| {
            let found = missing_numbers(values);
            assert_eq!(found.iter().map(|at| values[*at].0).collect::<Vec<_>>(), want, "{values:?}");
        };
        let few = |low: f64| [(1.0, 1), (50.0, 1), (120.0, 1)].map(|(x, rows)| (x + low, rows)).to_vec();
        let with = |more: &[(f64, u64)], mut all: Vec<(f64, u64)>| {
            all.extend(more);
            all.sort_by(|a, b| a.0.total_cmp(&b.0));
            all
        };
        check(&with(&[(-999.0, 2)], few(0.0)), &[-999.0]);
        check(&with(&[(-999.0, 1)], few(0.0)), &[]);
        check(&with(&[(-999.0, 5)], few(90_000.0)), &[-999.0]);
        check(&with(&[(-999.0, 5), (9_999_999.0, 3)], few(90_000.0)), &[-999.0, 9_999_999.0]);
        check(&with(&[(-999.0, 2), (9_999.0, 2)], vec![(-20.5, 1), (3.0, 1), (7.0, 1), (40.0, 1)]), &[-999.0, 9_999.0]);
        check(&[(-999.0, 2), (-500.0, 1), (2.0, 1), (500.0, 1)], &[]);
        check(&[(1.0, 1), (95.0, 1), (98.0, 1), (99.0, 2)], &[]);
        check(&[(1.0, 40), (2.0, 50), (99.0, 3)], &[99.0]);
        check(&[(0.0, 40), (100.0, 50), (999.0, 3)], &[]);
        let scale: Vec<(f64, u64)> = (-9..=9).map(|x| (f64::from(x), 5)).collect();
        check(&scale, &[]);
        let ages: Vec<(f64, u64)> = (0..60).map(|x| (f64::from(x), 5)).collect();
        check(&with(&[(-1.0, 4)], ages.clone()), &[-1.0]);
        check(&with(&[(-9.0, 4), (-8.0, 4), (-1.0, 4)], ages.clone()), &[-9.0, -8.0, -1.0]);
        check(&with(&[(-1.0, 4)], ages[..5].to_vec()), &[]);
        let years: Vec<(f64, u64)> = (1_990..2_020).map(|x| (f64::from(x), 5)).collect();
        check(&with(&[(0.0, 3)], years.clone()), &[0.0]);
        check(&with(&[(0.0, 3_000)], years), &[]);
        check(&[], &[]);
        check(&[(-999.0, 7)], &[]);
        let degrees: Vec<(f64, u64)> = (-250..350).map(|x| (f64::from(x) / 10.0, 5)).collect();
        check(&with(&[(-99.9, 150)], degrees.clone()), &[-99.9]);
        check(&with(&[(-999.99, 150)], degrees.clone()), &[-999.99]);
        check(&with(&[(-999.25, 150)], degrees.clone()), &[-999.25]);
        check(&with(&[(-9.0, 150)], degrees.clone()), &[]);
        check(&with(&[(-99.8, 150)], degrees), &[]);
        let prices: Vec<(f64, u64)> = (1..40).map(|x| (f64::from(x) / 10.0, 5)).collect();
        check(&with(&[(9.99, 20), (99.99, 20), (999.99, 20)], prices.clone()), &[]);
        check(&with(&[(999.0, 20)], prices), &[999.0]);
        let ladder = [4.99, 9.99, 19.0, 49.0, 99.0, 199.0, 499.0].map(|price| (price, 200));
        check(&with(&[(999.0, 260)], ladder.to_vec()), &[]);
        check(&with(&[(9_999.0, 260)], ladder.to_vec()), &[9_999.0]);
        check(&with(&[(-999.0, 260)], ladder.to_vec()), &[-999.0]);
        check(&with(&[(999.0, 260)], (1..=90).map(|age| (f64::from(age), 9)).collect()), &[999.0]);
        check(&[(f64::NEG_INFINITY, 7), (1.0, 1), (f64::INFINITY, 2)], &[]);
    }

    #[test]
    fn days_years_away_are_missing_ones() {
        let check = |days: &[&str], want: &[usize]| {
            let read: Vec<i64> = days.iter().map(|day| i64::from(calendar::date(day).unwrap())).collect();
            assert_eq!(missing_days(&read), want, "{days:?}");
        };
        check(&["2024-01-01", "9999-12-31", "2023-05-06"], &[1]);
        check(&["1900-01-01", "1905-05-05", "1910-01-01"], &[]);
        check(&["1970-01-01", "2015-05-05", "2016-01-01", "2100-01-01"], &[0, 3]);
        check(&["9999-12-31"], &[]);
    }
}
