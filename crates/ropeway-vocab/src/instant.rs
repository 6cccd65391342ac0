//! Instants: whole microseconds since 1970-01-01T00:00:00Z.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::calendar::{DAY_MICROS, civil_from_days, days_from_civil};
use crate::{Kind, Problem, Span};

/// An instant in whole microseconds UTC, written as RFC 3339 with a `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// `self - span`, held at the earliest instant rather than wrapping.
    pub const fn minus(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.micros()))
    }

    /// `self + span`, held at the latest instant rather than wrapping.
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.micros()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY_MICROS));
        let in_day = self.0.rem_euclid(DAY_MICROS);
        let (seconds, micros) = (in_day / 1_000_000, in_day % 1_000_000);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if micros != 0 {
            write!(f, ".{micros:06}")?;
        }
        f.write_str("Z")
    }
}

impl Instant {
    /// Reads an instant, or a day, which is its first instant in UTC: `2013-12-01`.
    ///
    /// # Errors
    /// A text that is neither.
    pub fn or_day(text: &str) -> Result<Self, Problem> {
        text.parse().or_else(|_| format!("{text}T00:00:00Z").parse()).map_err(|_: Problem| {
            Problem::new(Kind::Invalid, "instant", format!("`{text}` is no time"))
                .remedy("write a date, for example 2024-07-01, or an instant, for example 2024-07-01T06:00:00Z")
        })
    }
}

impl FromStr for Instant {
    type Err = Problem;

    /// Reads RFC 3339 with an offset: `2013-12-01T17:00:00Z`, `2013-12-01 12:00:00.5-05:00`. Fractions
    /// finer than a microsecond are refused rather than rounded.
    fn from_str(text: &str) -> Result<Self, Problem> {
        parse(text.as_bytes()).map(Self).ok_or_else(|| {
            Problem::new(Kind::Invalid, "instant", format!("`{text}` is not an instant"))
                .remedy("write it as RFC 3339 with an offset, for example 2013-12-01T17:00:00Z")
        })
    }
}

fn parse(text: &[u8]) -> Option<i64> {
    let two = |from: usize| {
        let pair = text.get(from..from + 2)?;
        pair.iter().all(u8::is_ascii_digit).then(|| i64::from(pair[0] - b'0') * 10 + i64::from(pair[1] - b'0'))
    };
    let year = two(0)? * 100 + two(2)?;
    let (month, day, hour, minute, second) = (two(5)?, two(8)?, two(11)?, two(14)?, two(17)?);
    let marks = text[4] == b'-'
        && text[7] == b'-'
        && matches!(text[10], b'T' | b't' | b' ')
        && text[13] == b':'
        && text[16] == b':';
    let days = days_from_civil(year, month, day);
    let real = civil_from_days(days) == (year, month, day);
    if !marks || !real || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut rest = &text[19..];
    let mut micros = 0;
    if let [b'.', tail @ ..] = rest {
        let digits = tail.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || digits > 9 || tail[..digits].iter().skip(6).any(|b| *b != b'0') {
            return None;
        }
        let padded = tail[..digits].iter().chain(std::iter::repeat(&b'0'));
        for digit in padded.take(6) {
            micros = micros * 10 + i64::from(digit - b'0');
        }
        rest = &tail[digits..];
    }
    let offset_minutes = match rest {
        b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let at = text.len() - 5;
            let (hours, minutes) = (two(at)?, two(at + 3)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let total = hours * 60 + minutes;
            if *sign == b'-' { -total } else { total }
        }
        _ => return None,
    };
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset_minutes * 60;
    Some(seconds * 1_000_000 + micros)
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc_3339() {
        let check = |text: &str, micros: i64, back: &str| {
            let instant: Instant = text.parse().unwrap();
            assert_eq!((instant.micros(), instant.to_string().as_str()), (micros, back), "{text}");
        };
        check("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z");
        check("2013-12-01T12:00:00-05:00", 1_385_917_200_000_000, "2013-12-01T17:00:00Z");
        check("2000-02-29 23:59:59.5Z", 951_868_799_500_000, "2000-02-29T23:59:59.500000Z");
        check("1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn a_day_begins_with_its_first_instant() {
        let check = |text: &str, want: &str| assert_eq!(Instant::or_day(text).unwrap().to_string(), want);
        check("2024-02-29", "2024-02-29T00:00:00Z");
        check("2024-02-29T06:00:00+02:00", "2024-02-29T04:00:00Z");
        for text in ["2023-02-29", "2024-07", "today", "", "2024-07-01T06:00"] {
            assert!(Instant::or_day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_an_instant() {
        for text in [
            "",
            "2013-02-29T00:00:00Z",
            "2013-01-01",
            "2013-01-01T00:00:00",
            "2013-01-01T00:00:00.0000001Z",
            "2013-01-01T24:00:00Z",
            "é013-01-01T00:00:00Z",
        ] {
            assert!(text.parse::<Instant>().is_err(), "{text}");
        }
    }
}
