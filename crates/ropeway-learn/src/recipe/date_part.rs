//! Parts of dates and instants, in UTC and the proleptic Gregorian calendar.

use ropeway_vocab::{ColumnType, DAY_MICROS, civil_from_days};
use serde::{Deserialize, Serialize};

/// One part of an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatePart {
    /// The calendar year.
    Year,
    /// 1 to 12.
    Month,
    /// Day of the month, 1 to 31.
    Day,
    /// 0 (Monday) to 6.
    Weekday,
    /// 0 to 23.
    Hour,
    /// 0 to 59.
    Minute,
}

impl DatePart {
    /// The parts that a column of this type has.
    pub fn of(ty: ColumnType) -> &'static [Self] {
        match ty {
            ColumnType::Date => &[Self::Year, Self::Month, Self::Day, Self::Weekday],
            ColumnType::Timestamp => &[Self::Year, Self::Month, Self::Day, Self::Weekday, Self::Hour, Self::Minute],
            _ => &[],
        }
    }

    /// Its name in output columns.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Weekday => "weekday",
            Self::Hour => "hour",
            Self::Minute => "minute",
        }
    }

    /// Whether a linear model takes it as levels, since its effect is not a line.
    pub const fn is_cyclic(self) -> bool {
        matches!(self, Self::Month | Self::Weekday | Self::Hour)
    }

    /// The part of an instant in microseconds UTC.
    pub fn value(self, micros: i64) -> i64 {
        let (days, within) = (micros.div_euclid(DAY_MICROS), micros.rem_euclid(DAY_MICROS));
        match self {
            Self::Year => civil_from_days(days).0,
            Self::Month => civil_from_days(days).1,
            Self::Day => civil_from_days(days).2,
            Self::Weekday => (days + 3).rem_euclid(7),
            Self::Hour => within / 3_600_000_000,
            Self::Minute => within / 60_000_000 % 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use ropeway_vocab::Instant;

    use super::*;

    #[test]
    fn parts_are_those_of_the_calendar() {
        let check = |text: &str, expected: [i64; 6]| {
            let micros = text.parse::<Instant>().unwrap().micros();
            let parts: Vec<i64> = DatePart::of(ColumnType::Timestamp).iter().map(|p| p.value(micros)).collect();
            assert_eq!(parts, expected, "{text}");
        };
        check("2013-12-01T17:05:09Z", [2013, 12, 1, 6, 17, 5]);
        check("2024-02-29T23:59:59Z", [2024, 2, 29, 3, 23, 59]);
        check("1969-12-31T23:00:00Z", [1969, 12, 31, 2, 23, 0]);
        check("1900-03-01T00:00:00Z", [1900, 3, 1, 3, 0, 0]);
    }
}
