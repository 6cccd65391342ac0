//! Dates and times in declared spellings: patterns of directives as `strftime` has them, and counts since 1970.

mod items;

use items::Pattern;
use ropeway_vocab::{DAY_MICROS, Result as Checked, days_from_civil};

use crate::value::calendar::{self, NO_SUCH_TIME};
use crate::value::zone::{Zone, ZoneCounts};

/// It is written in none of the declared ways.
pub(crate) const NOT_WRITTEN: &str = "is not written as `dates` says";
/// 0001-01-01 and 9999-12-31 in days since 1970-01-01.
const DAYS: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;

/// The ways in which the dates and times of a column are written, the first that fits first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dates(Vec<Way>);

#[derive(Debug, Clone)]
enum Way {
    Iso,
    /// So many microseconds are one of what is counted.
    Epoch(i64),
    Pattern(Pattern),
}

impl Dates {
    /// Those that a source declares; none where times are written as usual.
    pub(crate) fn of(spelled: &[String]) -> Checked<Option<Self>> {
        if spelled.is_empty() {
            return Ok(None);
        }
        spelled.iter().map(|text| way(text)).collect::<Checked<Vec<_>>>().map(|ways| Some(Self(ways)))
    }

    /// A day, counted from 1970-01-01. A time that is no midnight is none.
    pub(crate) fn date(&self, text: &str) -> Result<i32, &'static str> {
        self.first(|way| match way {
            Way::Iso => calendar::date(text),
            Way::Epoch(unit) => {
                let (micros, finer) = since_epoch(text, *unit)?;
                if finer || micros % DAY_MICROS != 0 { Err(NOT_WRITTEN) } else { day(micros / DAY_MICROS) }
            }
            Way::Pattern(pattern) => {
                let (days, time, parts) = pattern.read(text)?;
                if time != 0 || parts.finer || parts.offset.is_some() { Err(NOT_WRITTEN) } else { Ok(days) }
            }
        })
    }

    /// An instant in microseconds.
    pub(crate) fn timestamp(&self, text: &str, zone: &Zone, counts: &mut ZoneCounts) -> Result<i64, &'static str> {
        self.first(|way| match way {
            Way::Iso => calendar::timestamp(text, zone, counts),
            Way::Epoch(unit) => {
                let (micros, finer) = since_epoch(text, *unit)?;
                day(micros.div_euclid(DAY_MICROS))?;
                if finer {
                    zone.cut(counts)?;
                }
                Ok(micros)
            }
            Way::Pattern(pattern) => {
                let (days, time, parts) = pattern.read(text)?;
                if parts.finer {
                    zone.cut(counts)?;
                }
                let local = i64::from(days) * DAY_MICROS + time;
                match parts.offset {
                    Some(minutes) => Ok(local - minutes * 60_000_000),
                    None => zone.instant(local, counts),
                }
            }
        })
    }

    /// Whether a text begins as some pattern says, whatever follows.
    pub(crate) fn begins(&self, text: &str) -> bool {
        self.0.iter().any(|way| matches!(way, Way::Pattern(pattern) if pattern.begins(text)))
    }

    /// The day that a text says by a pattern, whatever its time and offset.
    pub(crate) fn local_day(&self, text: &str) -> Option<i32> {
        self.0.iter().find_map(|way| match way {
            Way::Pattern(pattern) => pattern.read(text).ok().map(|(day, ..)| day),
            _ => None,
        })
    }

    /// Whether digits alone are times, so that numbers are.
    pub(crate) fn of_digits(&self) -> bool {
        self.0.iter().any(|way| match way {
            Way::Epoch(_) => true,
            Way::Pattern(pattern) => pattern.is_digits(),
            Way::Iso => false,
        })
    }

    /// The forms that are expected, each with an example.
    pub(crate) fn expected(&self) -> String {
        let form = |way: &Way| match way {
            Way::Iso => "YYYY-MM-DD, as in `2025-11-03`".to_owned(),
            Way::Epoch(unit) => {
                let name = ["epoch_seconds", "epoch_milliseconds", "epoch_microseconds"];
                let digits = [1_000_000, 1_000].iter().position(|known| known == unit).unwrap_or(2);
                let micros = days_from_civil(2025, 11, 3) * DAY_MICROS;
                format!("`{}`, as in `{}`", name[digits], micros / unit)
            }
            Way::Pattern(pattern) => format!("`{}`, as in `{}`", pattern.text(), pattern.example()),
        };
        self.0.iter().map(form).collect::<Vec<_>>().join(", or ")
    }

    /// What the first way makes of a value that fits; else why the last that knew its shape refused it.
    fn first<T>(&self, mut read: impl FnMut(&Way) -> Result<T, &'static str>) -> Result<T, &'static str> {
        let mut told = NOT_WRITTEN;
        for way in &self.0 {
            match read(way) {
                Ok(value) => return Ok(value),
                Err(calendar::NOT_DATE | calendar::NOT_TIMESTAMP) => {}
                Err(reason) if reason == NOT_WRITTEN => {}
                Err(reason) => told = reason,
            }
        }
        Err(told)
    }
}

fn day(days: i64) -> Result<i32, &'static str> {
    i32::try_from(days).ok().filter(|_| DAYS.contains(&days)).ok_or(NO_SUCH_TIME)
}

fn way(text: &str) -> Checked<Way> {
    Ok(match text {
        "iso" => Way::Iso,
        "epoch_seconds" => Way::Epoch(1_000_000),
        "epoch_milliseconds" => Way::Epoch(1_000),
        "epoch_microseconds" => Way::Epoch(1),
        _ => Way::Pattern(Pattern::new(text)?),
    })
}

/// A count of units since 1970 in microseconds, and whether there is a part of one beside them.
fn since_epoch(text: &str, unit: i64) -> Result<(i64, bool), &'static str> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if digits.is_empty() || ![digits, decimals].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(NOT_WRITTEN);
    }
    let count: i64 = whole.parse().map_err(|_| NO_SUCH_TIME)?;
    let mut micros = count.checked_mul(unit).ok_or(NO_SUCH_TIME)?;
    let (mut part, mut left) = (0, unit);
    let mut finer = false;
    for digit in decimals.bytes() {
        left /= 10;
        part += i64::from(digit - b'0') * left;
        finer |= left == 0 && digit != b'0';
    }
    micros =
        if whole.starts_with('-') { micros.checked_sub(part) } else { micros.checked_add(part) }.ok_or(NO_SUCH_TIME)?;
    Ok((micros, finer))
}

#[cfg(test)]
mod tests {
    use ropeway_vocab::Instant;

    use super::*;

    fn dates(ways: &[&str]) -> Dates {
        Dates::of(&ways.iter().map(|way| (*way).to_owned()).collect::<Vec<_>>()).unwrap().unwrap()
    }

    fn at(ways: &[&str], text: &str) -> Result<String, &'static str> {
        let read = dates(ways).timestamp(text, &Zone::default(), &mut ZoneCounts::default());
        read.map(|micros| Instant::from_micros(micros).to_string().replace("T00:00:00Z", ""))
    }

    #[test]
    fn every_form_is_told_with_an_example_that_fits_it() {
        let ways = [
            "%d.%m.%Y",
            "%m/%d/%y %I:%M %p",
            "%a, %d %b %Y %H:%M:%S.%f %z",
            "%Y%m%d",
            "%D",
            "%d/%m/%EY",
            "%Y年%m月%d日 %H時%M分",
            "epoch_seconds",
            "epoch_milliseconds",
            "iso",
        ];
        for way in ways {
            let expected = dates(&[way]).expected();
            let example = expected.rsplit('`').nth(1).unwrap();
            let read = dates(&[way]).timestamp(example, &Zone::default(), &mut ZoneCounts::default());
            let day = read.unwrap().div_euclid(DAY_MICROS);
            assert_eq!(day, days_from_civil(2025, 11, 3), "{expected}");
            assert!(way == "iso" || expected.starts_with(&format!("`{way}`, as in `")), "{expected}");
        }
    }

    #[test]
    fn dates_and_times_in_the_spellings_of_people() {
        let check =
            |way: &str, text: &str, want: &str| assert_eq!(at(&[way], text).as_deref(), Ok(want), "{way} {text}");
        check("%d.%m.%Y", "31.12.2024", "2024-12-31");
        check("%d.%m.%Y", "1.2.2024", "2024-02-01");
        check("%m/%d/%Y", "02/29/2024", "2024-02-29");
        check("%m/%d/%y %I:%M %p", "3/4/68 12:05 AM", "2068-03-04T00:05:00Z");
        check("%m/%d/%y %I:%M %p", "3/4/69 12:05pm", "1969-03-04T12:05:00Z");
        check("%Y%m%d", "20240229", "2024-02-29");
        check("%Y%m%d%H%M%S", "20240229235959", "2024-02-29T23:59:59Z");
        check("%d %b %Y", "3 März 2024", "2024-03-03");
        check("%B %d, %Y", "September 9, 2024", "2024-09-09");
        check("%d-%b-%y", "03-SEP-99", "1999-09-03");
        check("%a, %d %b %Y %H:%M:%S %z", "Tue, 01 Oct 2024 10:00:00 +0200", "2024-10-01T08:00:00Z");
        check("%F %T.%f", "2024-01-02 03:04:05.25", "2024-01-02T03:04:05.250000Z");
        check("%a, %d %b %Y %H:%M:%S %z", "Tue, 01 Oct 2024 10:00:00 GMT", "2024-10-01T10:00:00Z");
        check("%d/%m/%EY", "29/02/2567", "2024-02-29");
        check("%d de %b de %Y", "29 de fev. de 2024", "2024-02-29");
        check("epoch_seconds", "1704067200", "2024-01-01");
        check("epoch_seconds", "-1.5", "1969-12-31T23:59:58.500000Z");
        check("epoch_milliseconds", "1704067200123", "2024-01-01T00:00:00.123000Z");
        check("epoch_microseconds", "1704067200000001", "2024-01-01T00:00:00.000001Z");
    }

    #[test]
    fn months_and_quarters_are_their_first_day() {
        let check =
            |way: &str, text: &str, want: &str| assert_eq!(at(&[way], text).as_deref(), Ok(want), "{way} {text}");
        check("%m/%Y", "03/2018", "2018-03-01");
        check("%m/%Y", "3/2018", "2018-03-01");
        check("%Y-%m", "2018-12", "2018-12-01");
        check("%Y%m", "201802", "2018-02-01");
        check("%b %Y", "März 2018", "2018-03-01");
        check("%YQ%q", "2018Q4", "2018-10-01");
        check("Q%q %Y", "Q1 2018", "2018-01-01");
        assert_eq!(dates(&["%m/%Y"]).date("01/1970"), Ok(0));
        for (way, text, want) in [
            ("%m/%Y", "13/2018", NO_SUCH_TIME),
            ("%YQ%q", "2018Q5", NO_SUCH_TIME),
            ("%m/%Y", "1/3/2018", NOT_WRITTEN),
            ("%Y-%m", "2018", NOT_WRITTEN),
        ] {
            assert_eq!(at(&[way], text), Err(want), "{way} {text}");
        }
        for text in ["%m/%Y %H:%M", "%a %m/%Y", "%Y", "%Q%q", "%YQ%q-%d", "%Y-%m-Q%q"] {
            assert!(Dates::of(&[text.to_owned()]).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_told_from_what_no_calendar_shows() {
        let check = |way: &str, text: &str, want| assert_eq!(at(&[way], text), Err(want), "{way} {text}");
        check("%d.%m.%Y", "30.02.2024", NO_SUCH_TIME);
        check("%d.%m.%Y", "01.13.2024", NO_SUCH_TIME);
        check("%d.%m.%EY", "01.12.0543", NO_SUCH_TIME);
        check("%m/%d/%y %I:%M %p", "3/4/68 13:05 PM", NO_SUCH_TIME);
        for text in ["", "2024-01-02", "1.2.24", "1.2.2024 ", "1.2.2024x", "a.b.cdef", "001.2.2024", "1/2/2024"] {
            check("%d.%m.%Y", text, NOT_WRITTEN);
        }
        check("%Y%m%d", "2024011", NOT_WRITTEN);
        check("%d %b %Y", "3 Foo 2024", NOT_WRITTEN);
        check("epoch_seconds", "12a", NOT_WRITTEN);
        check("epoch_seconds", "99999999999999", NO_SUCH_TIME);
        check("epoch_seconds", "0.0000001", calendar::TOO_FINE);
    }

    #[test]
    fn of_several_ways_the_first_that_fits_holds() {
        let ways = ["%d/%m/%Y", "%m/%d/%Y", "iso"];
        assert_eq!(at(&ways, "01/02/2024").as_deref(), Ok("2024-02-01"));
        assert_eq!(at(&ways, "12/31/2024").as_deref(), Ok("2024-12-31"));
        assert_eq!(at(&ways, "2024-05-06").as_deref(), Ok("2024-05-06"));
        assert_eq!(at(&ways, "31/31/2024"), Err(NO_SUCH_TIME));
        let day = |text: &str| dates(&["%d.%m.%Y %H:%M", "epoch_seconds"]).date(text);
        assert_eq!((day("02.01.1970 00:00"), day("86400")), (Ok(1), Ok(1)));
        assert_eq!((day("02.01.1970 00:01"), day("86401")), (Err(NOT_WRITTEN), Err(NOT_WRITTEN)));
    }

    #[test]
    fn a_pattern_that_tells_no_day_is_refused() {
        for text in ["%d.%m", "%Q", "%d.%d.%m.%Y", "%Y-%m-%d %I:%M", "%d.%m.%Ey", "%Y.%m.%d.%EY", "%", ""] {
            let problem = Dates::of(&[text.to_owned()]).unwrap_err();
            assert!(problem.to_string().contains(text) && problem.advice().is_some(), "{problem}");
        }
    }
}
