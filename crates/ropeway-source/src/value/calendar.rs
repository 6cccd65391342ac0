//! Texts to dates and timestamps. Years run from 0001 to 9999; what looks like a date and is none (30 February) is
//! told apart from what does not look like one.

use ropeway_vocab::{DAY_MICROS, days_from_civil};

use crate::value::zone::{Zone, ZoneCounts};

/// It has the shape of a date or timestamp, but no calendar or clock shows it.
pub(crate) const NO_SUCH_TIME: &str = "is not on the calendar or clock";
/// Instants are whole microseconds; nothing is rounded, and cut only where a source says so.
pub(crate) const TOO_FINE: &str = "is finer than a microsecond";
/// It does not look like a date.
pub(crate) const NOT_DATE: &str = "is not a date (YYYY-MM-DD, as in 2025-11-03)";
/// It does not look like a timestamp.
pub(crate) const NOT_TIMESTAMP: &str =
    "is not a timestamp (YYYY-MM-DD HH:MM:SS, as in 2025-11-03 14:05:00, with an offset or in the declared zone)";

const DAYS_IN_MONTH: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A day, counted from 1970-01-01.
pub(crate) fn date(text: &str) -> Result<i32, &'static str> {
    match text.as_bytes() {
        bytes if bytes.len() == 10 => day(bytes).ok_or(NOT_DATE)?,
        bytes if beyond(bytes) => Err(NO_SUCH_TIME),
        _ => Err(NOT_DATE),
    }
}

/// An instant in microseconds: `YYYY-MM-DD`, optionally followed by `T` or a space, `HH:MM`, `:SS`, a fraction, and
/// an offset (`Z`, `UTC`, `+HH`, `+HHMM`, `+HH:MM`). Without an offset it is a local time of the zone.
pub(crate) fn timestamp(text: &str, zone: &Zone, counts: &mut ZoneCounts) -> Result<i64, &'static str> {
    let bytes = text.as_bytes();
    if beyond(bytes) {
        return Err(NO_SUCH_TIME);
    }
    let days = bytes.get(..10).and_then(day).ok_or(NOT_TIMESTAMP)?;
    let clock = match &bytes[10..] {
        [] => Clock { time: Ok(0), finer: false, rest: &[] },
        [b'T' | b't' | b' ', clock @ ..] => time_of_day(clock).ok_or(NOT_TIMESTAMP)?,
        _ => return Err(NOT_TIMESTAMP),
    };
    let offset = match clock.rest {
        [] => None,
        b"Z" | b"z" | b"UTC" | b" UTC" => Some(0),
        [sign @ (b'+' | b'-'), digits @ ..] => {
            let minutes = offset_minutes(digits).ok_or(NOT_TIMESTAMP)??;
            Some(if *sign == b'-' { -minutes } else { minutes })
        }
        _ => return Err(NOT_TIMESTAMP),
    };
    let local = i64::from(days?) * DAY_MICROS + clock.time?;
    if clock.finer {
        zone.cut(counts)?;
    }
    match offset {
        Some(minutes) => Ok(local - minutes * 60_000_000),
        None => zone.instant(local, counts),
    }
}

fn two(bytes: &[u8], at: usize) -> Option<u32> {
    let (tens, ones) = (bytes.get(at)?, bytes.get(at + 1)?);
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

/// Whether it is written as a date of a year that is not counted here: `10000-01-01`, `-0044-03-15`.
fn beyond(bytes: &[u8]) -> bool {
    let (signed, bytes) = match bytes {
        [b'+' | b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let Some((day, rest)) = bytes.get(digits..).and_then(|rest| rest.split_at_checked(6)) else { return false };
    let dated = day[0] == b'-' && two(day, 1).is_some() && day[3] == b'-' && two(day, 4).is_some();
    (digits > 4 || signed && digits == 4) && dated && matches!(rest, [] | [b'T' | b't' | b' ', ..])
}

/// `None` where the ten bytes do not have the shape of a date.
fn day(bytes: &[u8]) -> Option<Result<i32, &'static str>> {
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = two(bytes, 0)? * 100 + two(bytes, 2)?;
    Some(days_of(year, two(bytes, 5)?, two(bytes, 8)?))
}

/// A day of the calendar, counted from 1970-01-01.
pub(crate) fn days_of(year: u32, month: u32, day: u32) -> Result<i32, &'static str> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let longest = match month {
        2 if leap => 29,
        1..=12 => DAYS_IN_MONTH[month as usize - 1],
        _ => 0,
    };
    if year == 0 || day == 0 || day > longest {
        return Err(NO_SUCH_TIME);
    }
    // Nine thousand years are fewer days than fit.
    let days = days_from_civil(year.into(), month.into(), day.into());
    i32::try_from(days).map_err(|_| NO_SUCH_TIME)
}

/// A time of day, and what follows it.
struct Clock<'a> {
    /// Whole microseconds since midnight.
    time: Result<i64, &'static str>,
    /// Whether there is a part of a microsecond beside them.
    finer: bool,
    rest: &'a [u8],
}

/// `None` where it does not have the shape of a time.
fn time_of_day(bytes: &[u8]) -> Option<Clock<'_>> {
    let hour = two(bytes, 0)?;
    let minute = two(bytes, 3)?;
    if bytes[2] != b':' {
        return None;
    }
    let (second, mut rest) = match &bytes[5..] {
        [b':', tail @ ..] => (two(tail, 0)?, &tail[2..]),
        tail => (0, tail),
    };
    let mut micros = 0;
    let mut finer = false;
    if let [b'.', tail @ ..] = rest {
        let digits = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        for digit in tail[..digits].iter().chain(std::iter::repeat(&b'0')).take(6) {
            micros = micros * 10 + i64::from(digit - b'0');
        }
        finer = tail[..digits].iter().skip(6).any(|digit| *digit != b'0');
        rest = &tail[digits..];
    }
    let time = if hour > 23 || minute > 59 || second > 59 {
        Err(NO_SUCH_TIME)
    } else {
        Ok(i64::from(hour * 3_600 + minute * 60 + second) * 1_000_000 + micros)
    };
    Some(Clock { time, finer, rest })
}

fn offset_minutes(bytes: &[u8]) -> Option<Result<i64, &'static str>> {
    let hours = two(bytes, 0)?;
    let minutes = match &bytes[2..] {
        [] => 0,
        [b':', tail @ ..] | tail if tail.len() == 2 => two(tail, 0)?,
        _ => return None,
    };
    Some(if hours > 23 || minutes > 59 { Err(NO_SUCH_TIME) } else { Ok(i64::from(hours * 60 + minutes)) })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use ropeway_vocab::Instant;

    use super::*;
    use crate::settings::{Gap, Overlap};

    fn utc(text: &str) -> Result<String, &'static str> {
        timestamp(text, &Zone::default(), &mut ZoneCounts::default()).map(|at| Instant::from_micros(at).to_string())
    }

    #[test]
    fn days_agree_with_chrono_over_all_years() {
        let mut day = chrono::NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
        let last = chrono::NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
        let epoch = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        while day < last {
            assert_eq!(i64::from(date(&day.to_string()).unwrap()), (day - epoch).num_days());
            day += chrono::TimeDelta::days(13);
        }
        assert_eq!(date("9999-12-31"), Ok(2_932_896));
    }

    #[test]
    fn days_that_no_calendar_shows_are_told_apart_from_other_text() {
        for text in ["2013-02-29", "2013-13-01", "2013-00-10", "2013-01-00", "0000-01-01", "1900-02-29"] {
            assert_eq!(date(text), Err(NO_SUCH_TIME), "{text}");
        }
        for text in ["12013-01-01", "-0044-03-15", "+12013-01-01", "99999999999999-01-01"] {
            assert_eq!((date(text), utc(text)), (Err(NO_SUCH_TIME), Err(NO_SUCH_TIME)), "{text}");
        }
        for text in ["", "2013-1-1", "2013/01/01", "20130101", "2013-01-01T", "12013-01", "1-02-2013", "2013-0é-1"] {
            assert_eq!(date(text), Err(NOT_DATE), "{text}");
        }
        assert!(date("2000-02-29").is_ok());
    }

    #[test]
    fn timestamps_in_the_spellings_of_common_tools() {
        let check = |text: &str, want: &str| assert_eq!(utc(text).as_deref(), Ok(want), "{text}");
        check("2013-01-01T10:00:00Z", "2013-01-01T10:00:00Z");
        check("2013-01-01", "2013-01-01T00:00:00Z");
        check("2013-01-01 10:20", "2013-01-01T10:20:00Z");
        check("2013-01-01 10:20:30.25", "2013-01-01T10:20:30.250000Z");
        check("2013-01-01 10:20:30.123456000", "2013-01-01T10:20:30.123456Z");
        check("2013-01-01 10:00:00+01:30", "2013-01-01T08:30:00Z");
        check("2013-01-01 10:00:00-0500", "2013-01-01T15:00:00Z");
        check("2013-01-01t10:00+02", "2013-01-01T08:00:00Z");
        check("2013-01-01 10:00:00 UTC", "2013-01-01T10:00:00Z");
        check("0001-01-01 00:00", "0001-01-01T00:00:00Z");
    }

    #[test]
    fn what_is_no_timestamp_says_why() {
        for text in
            ["2013-01-01 24:00", "2013-01-01 10:60", "2013-01-01T10:00:60Z", "2013-02-30 10:00", "2013-01-01 10:00+24"]
        {
            assert_eq!(utc(text), Err(NO_SUCH_TIME), "{text}");
        }
        assert_eq!(utc("2013-01-01T10:00:00.0000001Z"), Err(TOO_FINE));
        for text in [
            "",
            "2013-01-01 ",
            "2013-01-01 1",
            "2013-01-01 10",
            "2013-01-01 10:00:",
            "2013-01-01 10:00 x",
            "x",
            "2013-01-01 10:00:00.",
            "2013-01-01T10:00:00+1",
            "2013-01-01Z",
        ] {
            assert_eq!(utc(text), Err(NOT_TIMESTAMP), "{text}");
        }
    }

    #[test]
    fn local_times_are_of_the_zone_and_offsets_win_over_it() {
        let zone = Zone::new(Tz::America__New_York, Gap::Forward, Overlap::Earliest);
        let mut counts = ZoneCounts::default();
        let mut read = |text| Instant::from_micros(timestamp(text, &zone, &mut counts).unwrap()).to_string();
        assert_eq!(read("2013-01-01 05:00"), "2013-01-01T10:00:00Z");
        assert_eq!(read("2013-01-01 05:00Z"), "2013-01-01T05:00:00Z");
        assert_eq!(read("2013-07-01"), "2013-07-01T04:00:00Z");
    }
}
