//! Spans of time as people write them: `7 days`, `1 hour`, `90 minutes`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Kind, Problem, nearest};

const UNITS: [(&str, i64); 8] = [
    ("microsecond", 1),
    ("millisecond", 1_000),
    ("second", 1_000_000),
    ("minute", 60_000_000),
    ("hour", 3_600_000_000),
    ("day", 86_400_000_000),
    ("week", 604_800_000_000),
    ("fortnight", 1_209_600_000_000),
];

/// Spans of the calendar, which have no fixed length, and the days that are nearest to most of them.
const CALENDAR: [(&str, i64); 3] = [("month", 30), ("quarter", 91), ("year", 365)];

/// A span of time in whole microseconds, never negative. Days are 24 hours: a span has no calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Span {
    /// From microseconds; negative values count as none.
    pub const fn from_micros(micros: i64) -> Self {
        Self(if micros < 0 { 0 } else { micros })
    }

    /// Microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, size) =
            UNITS[..6].iter().rev().find(|(_, size)| self.0 % size == 0 && self.0 >= *size).unwrap_or(&UNITS[0]);
        let count = self.0 / size;
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

impl FromStr for Span {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let bad = |remedy: String| {
            Problem::new(Kind::Invalid, "span", format!("`{text}` is not a span of time")).remedy(remedy)
        };
        let example = || bad("write a whole number and a unit, for example \"7 days\" or \"90 minutes\"".into());
        let (number, unit) = text.trim().split_once(char::is_whitespace).ok_or_else(example)?;
        let count: i64 = number.parse().map_err(|_| example())?;
        let unit = unit.trim();
        let singular = unit.strip_suffix('s').unwrap_or(unit);
        let size = UNITS.iter().find(|(name, _)| *name == singular).map(|(_, size)| *size);
        let Some(size) = size else {
            if let Some((name, days)) = CALENDAR.iter().find(|(name, _)| *name == singular) {
                let days = count.checked_mul(*days).filter(|days| *days > 0).unwrap_or(*days);
                return Err(bad(format!(
                    "a {name} has no fixed length; write it in days, for example \"{days} days\""
                )));
            }
            let known = nearest(singular, UNITS.iter().map(|(name, _)| *name)).unwrap_or("day");
            return Err(bad(format!("the unit `{unit}` is not known; did you mean `{known}s`?")));
        };
        match count.checked_mul(size) {
            Some(micros) if count >= 0 => Ok(Self(micros)),
            _ => Err(bad("a span is neither negative nor longer than 292,000 years".into())),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let check = |text: &str, micros: i64, back: &str| {
            let span: Span = text.parse().unwrap();
            assert_eq!((span.micros(), span.to_string().as_str()), (micros, back));
        };
        check("7 days", 604_800_000_000, "7 days");
        check("1 hour", 3_600_000_000, "1 hour");
        check("90 minutes", 5_400_000_000, "90 minutes");
        check("1 week", 604_800_000_000, "7 days");
        check("0 seconds", 0, "0 microseconds");
    }

    #[test]
    fn what_has_no_fixed_length_is_to_be_written_in_days() {
        let advice = |text: &str| text.parse::<Span>().unwrap_err().advice().unwrap().to_string();
        assert_eq!(advice("1 month"), "a month has no fixed length; write it in days, for example \"30 days\"");
        assert!(advice("3 months").contains("\"90 days\""));
        assert!(advice("2 years").contains("a year has no fixed length") && advice("2 years").contains("\"730 days\""));
        assert!(advice("9999999999999999999 months").contains("whole number"));
        assert!(advice("9223372036854775807 months").contains("\"30 days\""));
    }

    #[test]
    fn names_the_nearest_unit() {
        let problem = "7 dyas".parse::<Span>().unwrap_err();
        assert!(problem.to_string().contains("days"), "{problem}");
        assert!("-1 days".parse::<Span>().is_err());
        assert!("9999999999999 days".parse::<Span>().is_err());
    }
}
