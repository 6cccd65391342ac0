//! How the dates and times of a column are written, by evidence. Which of two numbers is the day is told by one beyond
//! twelve; where none is, by the order of the rows or by the other columns, and it is said.

use std::collections::BTreeMap;

use ropeway_vocab::{ColumnType, DAY_MICROS};

use crate::propose::cells::{Cells, is_plain};
use crate::propose::ways::{self, Way, fitting, is_season};
use crate::propose::{compact, epoch, era, weekdays};
use crate::value::months;

/// Different values that are tried for the candidates.
pub(super) const TRIED: usize = 100;
/// So many of a hundred values have to be dates.
const MOST: u64 = 95;
/// A column has no more spellings.
const WAYS: usize = 4;

/// Parts of names that speak of a time.
const TIMELY: [&str; 18] = [
    "time", "date", "day", "datum", "zeit", "epoch", "stamp", "created", "updated", "when", "since", "until", "_at",
    "_ts", "month", "monat", "mois", "period",
];

/// How a column of dates is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) ways: Vec<String>,
    pub(super) ty: ColumnType,
    pub(super) fit: u64,
    pub(super) of: u64,
    pub(super) why: String,
    /// The ways that fit as well, where no day is beyond twelve.
    pub(super) either: Option<Vec<String>>,
    /// Whether it is said aloud in any case.
    pub(super) aloud: bool,
}

/// The spellings of a column, where nearly all of its values are dates, the `missing` ones aside. `day_first` is what the
/// other columns of the file tell.
pub(super) fn found(cells: &Cells, missing: &dyn Fn(&str) -> bool, day_first: Option<bool>) -> Option<Found> {
    let counts: BTreeMap<&str, u64> = cells.counts().into_iter().filter(|(value, _)| !missing(value)).collect();
    let of: u64 = counts.values().sum();
    if of == 0 {
        return None;
    }
    if counts.keys().all(|value| value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && is_plain(value)) {
        let named = TIMELY.iter().any(|part| cells.name.to_lowercase().contains(part)) || epoch::is_moment(&cells.name);
        return compact::found(&cells.name, &counts, of, named);
    }
    let step = (counts.len() / TRIED).max(1);
    let tried: Vec<&str> = counts.keys().copied().step_by(step).filter(|value| is_of_length(value)).collect();
    let numbers = tried.iter().filter(|value| is_plain(value)).count();
    if tried.is_empty()
        || numbers * 10 > tried.len()
        || !tried.iter().any(|value| value.bytes().filter(u8::is_ascii_digit).count() >= 3)
    {
        return None;
    }
    let ways = fitting(&tried);
    let times = counts.keys().filter_map(|value| ways.iter().find_map(|way| way.read(value)));
    if era::is_ahead(times)
        && let Some(found) = written(&era::buddhist(&ways), &counts, cells, day_first)
    {
        let why = format!(
            "LOOK: all years lie some 543 ahead of ours, and are read as those of the Buddhist era (`%EY`; if they are ours, write `%Y`); {}",
            found.why
        );
        return Some(Found { why, aloud: true, ..found });
    }
    let found = written(&ways, &counts, cells, day_first)?;
    if !found.ways.iter().any(|way| way.contains("%b")) || !counts.keys().all(|value| months::is_doubtful(value)) {
        return Some(found);
    }
    let why = format!("LOOK: the months are read as Polish and Czech, in Croatian they are others; {}", found.why);
    Some(Found { why, aloud: true, ..found })
}

/// Which of these ways a column is written in.
fn written(ways: &[Way], counts: &BTreeMap<&str, u64>, cells: &Cells, day_first: Option<bool>) -> Option<Found> {
    let mut candidates: Vec<&Way> = ways.iter().filter(|way| weekdays::agree(way, counts)).collect();
    let of: u64 = counts.values().sum();
    let mut left = counts.clone();
    let (mut ways, mut told, mut either) = (Vec::new(), Vec::new(), Vec::new());
    let mut open = false;
    while ways.len() < WAYS && !left.is_empty() {
        let best = candidates
            .iter()
            .enumerate()
            .map(|(at, way)| (at, way.fits(&left)))
            .max_by_key(|(at, (fit, _))| (*fit, std::cmp::Reverse(*at)));
        let Some((at, (fit, fitting))) = best.filter(|(_, (fit, _))| *fit > 0) else { break };
        let way = candidates.remove(at);
        let (way, sentence, other) = decided(way, &mut candidates, (fit, &fitting), &left, cells, day_first);
        open |= other.is_some();
        either.push(other.unwrap_or_else(|| way.name.clone()));
        told.push(sentence);
        left.retain(|value, _| way.read(value).is_none());
        ways.push(way);
    }
    let fit = of - left.values().sum::<u64>();
    if ways.is_empty() || fit * 100 < of * MOST {
        return None;
    }
    if ways.iter().any(|way| way.is_month()) && counts.keys().all(|value| is_season(value)) {
        return None;
    }
    let midnight = |value: &str| ways.iter().find_map(|way| way.read(value)).is_none_or(|at| at % DAY_MICROS == 0);
    let clock = ways.iter().any(|way| way.name.contains("%H") || way.name.contains("%I"));
    let ty = if !clock && counts.keys().all(|value| midnight(value) && !value.contains(':')) {
        ColumnType::Date
    } else {
        ColumnType::Timestamp
    };
    Some(Found {
        ways: ways.iter().map(|way| way.name.clone()).collect(),
        ty,
        fit,
        of,
        why: format!("{fit} of {of} values are {}: {}", kind(ty, &ways), told.join("; ")),
        either: open.then_some(either),
        aloud: false,
    })
}

/// Whether a text is as long as dates and times are.
pub(super) fn is_of_length(value: &str) -> bool {
    value.len() >= 6 && value.chars().count() <= 48
}

/// What the values are, in a word.
fn kind(ty: ColumnType, ways: &[&Way]) -> &'static str {
    match ty {
        ColumnType::Date if ways.iter().all(|way| way.is_month()) => "months, each of which is read as its first day",
        ColumnType::Date => "days",
        _ => "times",
    }
}

/// Which of a way and its twin, that has day and month the other way round, holds; the sentence, and the one that may as
/// well.
fn decided<'a>(
    way: &'a Way,
    candidates: &mut Vec<&'a Way>,
    (fit, fitting): (u64, &[&str]),
    left: &BTreeMap<&str, u64>,
    cells: &Cells,
    day_first: Option<bool>,
) -> (&'a Way, String, Option<String>) {
    let example = fitting.first().copied().unwrap_or_default();
    let plain = |way: &Way| format!("{fit} like `{example}` (`{}`)", way.name);
    let twin = ways::twin(&way.name).and_then(|name| candidates.iter().position(|other| other.name == name));
    let Some(twin) = twin.map(|at| candidates.remove(at)) else {
        let sentence = plain(way);
        return (way, sentence, None);
    };
    let (other_fit, _) = twin.fits(left);
    if other_fit < fit {
        let only = fit - other_fit;
        let sentence = format!("{}, of which {only} have a number beyond 12 where the day stands", plain(way));
        return (way, sentence, None);
    }
    let (first, second) = if ways::day_first(&way.name) == Some(true) { (way, twin) } else { (twin, way) };
    let read = |way: &Way| -> Vec<i64> { cells.values.iter().filter_map(|value| way.read(value)).collect() };
    let (by_day, by_month) = (read(first), read(second));
    let (long, short) = (span(&by_day), span(&by_month));
    let (day, why) = match (sorted(&by_day), sorted(&by_month), day_first) {
        (true, false, _) => (true, "with the day first the rows are in order".to_owned()),
        (false, true, _) => (false, "with the month first the rows are in order".to_owned()),
        (_, _, Some(day)) => (day, "other columns of the file are written so".to_owned()),
        _ if long > short * 4 => {
            (false, format!("with the month first all lie within {short} days, else within {long}"))
        }
        _ if short > long * 4 => (true, format!("with the day first all lie within {long} days, else within {short}")),
        _ if example.contains('.') => (true, "with points the day stands first".to_owned()),
        _ => (true, "nothing in the file tells, and the day stands first in most of the world".to_owned()),
    };
    let (chosen, other) = if day { (first, second) } else { (second, first) };
    let sentence = format!("{}; no number is beyond 12, so that `{}` fits as well: {why}", plain(chosen), other.name);
    let other_name = other.name.clone();
    (chosen, sentence, Some(other_name))
}

/// Whether times go one way, and not all of them are one.
fn sorted(read: &[i64]) -> bool {
    let up = read.windows(2).filter(|pair| pair[0] <= pair[1]).count();
    let down = read.windows(2).filter(|pair| pair[0] >= pair[1]).count();
    read.len() > 2 && up != down && (up + 1 == read.len() || down + 1 == read.len())
}

/// Over how many days times lie.
fn span(read: &[i64]) -> i64 {
    let (first, last) = (read.iter().min().copied().unwrap_or(0), read.iter().max().copied().unwrap_or(0));
    (last - first) / DAY_MICROS + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, values: &[&str], day_first: Option<bool>) -> Option<Found> {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        found(&Cells { name: name.into(), values, ..Cells::default() }, &|value| value == "NA", day_first)
    }

    #[test]
    fn a_day_beyond_twelve_tells_where_it_stands() {
        let check = |values: &[&str], ways: &[&str], ty| {
            let found = of("day", values, None).unwrap();
            assert_eq!(
                (found.ways.iter().map(String::as_str).collect::<Vec<_>>(), found.ty),
                (ways.to_vec(), ty),
                "{values:?}"
            );
            assert_eq!(found.either, None, "{values:?}");
        };
        check(&["01.02.2024", "31.01.2024", "NA"], &["%d.%m.%Y"], ColumnType::Date);
        check(&["01/02/2024", "01/31/2024"], &["%m/%d/%Y"], ColumnType::Date);
        check(&["13/02/2024 10:30", "01/02/2024 09:00"], &["%d/%m/%Y %H:%M"], ColumnType::Timestamp);
        check(&["1/31/24 1:05 PM", "2/1/24 12:00 AM"], &["%m/%d/%y %I:%M %p"], ColumnType::Timestamp);
        check(&["3 Mar 2024", "14 Dez 2023"], &["%d %b %Y"], ColumnType::Date);
        check(
            &["2024-01-31", "31.01.2024", "01/31/2024", "2024-02-01"],
            &["iso", "%d.%m.%Y", "%m/%d/%Y"],
            ColumnType::Date,
        );
        check(&["20240131", "20231231", "19991201"], &["%Y%m%d"], ColumnType::Date);
    }

    #[test]
    fn where_both_fit_order_or_the_other_columns_decide_and_it_is_said() {
        let check = |values: &[&str], day_first, way: &str, other: &str, why: &str| {
            let found = of("x", values, day_first).unwrap();
            assert_eq!((found.ways[0].as_str(), found.either.unwrap()[0].as_str()), (way, other), "{values:?}");
            assert!(found.why.contains(why), "{}", found.why);
        };
        let (day, month) = ("%d/%m/%Y", "%m/%d/%Y");
        check(&["01/02/2024", "02/03/2024", "03/01/2024"], None, month, day, "rows are in order");
        check(&["05/01/2024", "01/02/2024", "03/02/2024"], None, day, month, "rows are in order");
        let december = ["12/01/2009", "12/02/2009", "12/02/2009", "12/05/2009"];
        check(&december, None, month, day, "with the month first all lie within 5 days, else within 121");
        check(&["01/02/2024", "05/01/2024", "01/02/2024"], Some(false), month, day, "other columns");
        check(&["02/03/2024", "05/01/2024", "02/03/2024"], None, day, month, "most of the world");
    }

    #[test]
    fn months_are_told_from_years_seasons_and_part_numbers() {
        let check = |name: &str, values: &[&str], want: Option<&str>| {
            let found = of(name, values, None);
            assert_eq!(found.as_ref().map(|found| found.ways[0].as_str()), want, "{values:?}");
            assert!(found.is_none_or(|found| found.ty == ColumnType::Date && found.why.contains("months")));
        };
        check("x", &["03/2018", "12/2019", "NA"], Some("%m/%Y"));
        check("x", &["2018-03", "2019-12"], Some("%Y-%m"));
        check("x", &["2018/03", "2019/12"], Some("%Y/%m"));
        check("x", &["Mar 2018", "Dez 2019"], Some("%b %Y"));
        check("x", &["2018Q1", "2019Q4"], Some("%YQ%q"));
        check("month", &["201803", "201912", "202001"], Some("%Y%m"));
        check("date", &["03.2018", "12.2019"], Some("%m.%Y"));
        for values in [
            &["2018/19", "2019/20", "2009/10"][..],
            &["1998", "1999", "2000"],
            &["13/2018", "03/2018", "45/2018"],
            &["0001-05", "4711-12"],
            &["201803", "201912", "202001"],
            &["3.2018", "1.2019"],
            &["12.2500", "3.1999"],
        ] {
            check("x", values, None);
        }
        let mixed = of("x", &["2018-03", "2018-04-17"], None).unwrap();
        assert_eq!((mixed.ways.len(), mixed.ty), (2, ColumnType::Date));
    }

    #[test]
    fn counts_since_1970_need_a_name_that_speaks_of_time() {
        let seconds = ["1704067200", "1704067201"];
        assert_eq!(of("created_at", &seconds, None).unwrap().ways, ["epoch_seconds"]);
        assert_eq!(of("event_time", &["1704067200123"], None).unwrap().ways, ["epoch_milliseconds"]);
        assert_eq!(of("customer", &seconds, None), None);
        assert_eq!(of("ts", &seconds, None).unwrap().ways, ["epoch_seconds"]);
        assert_eq!(of("created_at", &["1", "2"], None), None);
    }

    #[test]
    fn what_is_no_date_is_left_alone() {
        for values in
            [&["1.2.3", "10.20.30"][..], &["a", "b"], &["12.5", "13.5"], &["99999999", "12345678", "20240101"], &[]]
        {
            assert_eq!(of("x", values, None), None, "{values:?}");
        }
    }
}
