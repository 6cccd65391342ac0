//! How values without a fixed reading are read, as a source declares it.

use std::borrow::Cow;

use chrono_tz::Tz;
use ropeway_vocab::{Problem, Result, nearest};
use serde_json::{Number, Value};

use crate::settings::{ColumnReading, SourceSettings, TextSpelling};
use crate::value::calendar;
use crate::value::number;
use crate::value::pattern::{self, Dates};
use crate::value::written::{self, Written};
use crate::value::zone::{Zone, ZoneCounts};

/// How values without a fixed reading are read: spellings of a missing value, of numbers and of dates, and the zone of
/// local times.
#[derive(Debug, Clone, Default)]
pub struct Coercion {
    pub(crate) nulls: Nulls,
    pub(crate) zone: Zone,
    /// How numbers are written; nothing where it is as usual.
    pub(crate) written: Option<Written>,
    /// How dates are written; nothing where it is as usual.
    pub(crate) dates: Option<Dates>,
    /// Whether the column itself declares how its dates are written: then digits are dates.
    pub(crate) dated: bool,
    /// Whether times may also be written as ISO 8601 writes them, whatever is declared.
    pub(crate) iso_too: bool,
    /// How texts are brought to one spelling; nothing where they stay as they are.
    pub(crate) text: Option<TextSpelling>,
}

/// Spellings of a missing value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Nulls {
    /// Whether an empty text is missing.
    pub(crate) empty: bool,
    /// The other spellings.
    pub(crate) spelled: Vec<String>,
    /// What they are in a column of numbers and in one of days: `-999` stands for no value however a program writes it (`-999.0`).
    numbers: Vec<f64>,
    days: Vec<i32>,
}

impl Coercion {
    /// Local times are UTC; no text is missing.
    pub fn utc() -> Self {
        Self::default()
    }

    /// As a source declares it. A zone that does not exist is a problem.
    pub fn of(settings: &SourceSettings) -> Result<Self> {
        let zone = match settings.zone.as_deref() {
            None => Tz::UTC,
            Some(name) => parse_zone(name)?,
        };
        let zone = Zone::new(zone, settings.gap, settings.overlap).finer(settings.finer);
        let (written, dates) = (Written::of(&settings.number).map(Written::with_points), Dates::of(&settings.dates)?);
        let nulls = Nulls::new(&settings.null);
        let mut of = Self { nulls, zone, written, dates, dated: false, iso_too: false, text: None };
        let spelled = || of.nulls.spelled.iter().map(|text| text.trim());
        let numbers = spelled().filter_map(|text| of.float(text).or_else(|_| number::float(text)).ok()).collect();
        let days = spelled().filter_map(|text| of.date(text).or_else(|_| calendar::date(text)).ok()).collect();
        (of.nulls.numbers, of.nulls.days) = (numbers, days);
        Ok(of)
    }

    /// As a source declares it for one column.
    pub(crate) fn of_column(settings: &SourceSettings, column: &ColumnReading) -> Result<Self> {
        let mut own = settings.clone();
        own.null = column.null.clone().unwrap_or(own.null);
        own.number = column.number.clone().unwrap_or(own.number);
        own.dates = column.dates.clone().unwrap_or(own.dates);
        Ok(Self { dated: column.dates.is_some(), text: column.text, ..Self::of(&own)? })
    }

    /// The same for what is a number already, and was put into words by no person: nothing where that makes no difference. Percentages
    /// still have their sign.
    pub(crate) fn of_numbers(&self) -> Option<Self> {
        let written = self.written.as_ref()?;
        Some(Self { written: written.percent().then(Written::plain_percent), ..self.clone() })
    }

    /// The text that a text spells; nothing where it stands for a missing value.
    #[inline]
    pub(crate) fn text<'a>(&self, text: &'a str) -> Option<Cow<'a, str>> {
        if self.nulls.contain(text) {
            return None;
        }
        match &self.text {
            None => Some(Cow::Borrowed(text)),
            Some(spelling) => Some(spelling.read(text)).filter(|text| !self.nulls.contain(text)),
        }
    }

    /// Whether a number of JSON stands bare in a column of percentages: as in a text, nobody knows whether `9` is 9 % or 900 %.
    pub(crate) fn lacks_percent(&self, number: &Number) -> bool {
        self.percent() && number.as_f64() != Some(0.0)
    }

    /// Whether numbers are percentages.
    pub(crate) fn percent(&self) -> bool {
        self.written.as_ref().is_some_and(Written::percent)
    }

    /// The integer that a text spells.
    #[inline]
    pub(crate) fn integer(&self, text: &str) -> std::result::Result<i64, &'static str> {
        match &self.written {
            None => number::integer(text),
            Some(written) => written.plain(text).and_then(|plain| number::integer(&plain)),
        }
    }

    /// The float that a text spells.
    #[inline]
    pub(crate) fn float(&self, text: &str) -> std::result::Result<f64, &'static str> {
        match &self.written {
            None => number::float(text),
            Some(written) => written.plain(text).and_then(|plain| number::float(&plain)),
        }
    }

    /// The day that a text spells.
    #[inline]
    pub(crate) fn date(&self, text: &str) -> std::result::Result<i32, &'static str> {
        match &self.dates {
            None => calendar::date(text),
            Some(dates) => self.or_iso(dates.date(text), || calendar::date(text)),
        }
    }

    /// The same in a column of days, where programs that know instants alone write a day as its midnight.
    pub(crate) fn day(&self, text: &str) -> std::result::Result<i32, &'static str> {
        self.date(text).or_else(|reason| before_midnight(text).map_or(Err(reason), calendar::date))
    }

    /// The instant that a text spells.
    #[inline]
    pub(crate) fn timestamp(&self, text: &str, counts: &mut ZoneCounts) -> std::result::Result<i64, &'static str> {
        match &self.dates {
            None => calendar::timestamp(text, &self.zone, counts),
            Some(dates) => {
                let read = dates.timestamp(text, &self.zone, counts);
                self.or_iso(read, || calendar::timestamp(text, &self.zone, counts))
            }
        }
    }

    /// What was read or, where it is written in no declared way and ISO 8601 may be, what it is by that.
    fn or_iso<T>(
        &self,
        read: std::result::Result<T, &'static str>,
        iso: impl FnOnce() -> std::result::Result<T, &'static str>,
    ) -> std::result::Result<T, &'static str> {
        if !self.iso_too || !shapeless(&read) {
            return read;
        }
        iso().or(read)
    }

    /// Why a value does not fit, with the form that is expected where one is declared.
    pub(crate) fn told(&self, reason: &'static str) -> Cow<'static, str> {
        match &self.dates {
            Some(dates) if [pattern::NOT_WRITTEN, calendar::NO_SUCH_TIME].contains(&reason) => {
                format!("{reason}: expected {}", dates.expected()).into()
            }
            _ if [written::NOT_WRITTEN, written::NO_PERCENT].contains(&reason) => match &self.written {
                Some(written) => format!("{reason}: expected as in `{}`", written.example()).into(),
                None => reason.into(),
            },
            _ => reason.into(),
        }
    }

    /// Whether numbers are times: counts since 1970, or days such as 20241231.
    pub(crate) fn numbers_are_times(&self) -> bool {
        self.dates.as_ref().is_some_and(Dates::of_digits)
    }

    /// The first instant of a day (counted from 1970-01-01) in the zone, in microseconds UTC; nothing beyond the range of
    /// timestamps. Where clocks skip midnight, the day begins when they go on; where it comes twice, at the first.
    pub fn midnight(&self, day: i32) -> Option<i64> {
        let local = i64::from(day).checked_mul(86_400_000_000)?;
        self.zone.begins(local)
    }
}

impl Nulls {
    /// Whether a number or a boolean of JSON, which a CSV file spells without quotes, stands for a missing value.
    pub(crate) fn contain_bare(&self, value: &Value) -> bool {
        !self.spelled.is_empty() && self.contain(&value.to_string())
    }

    fn new(spellings: &[String]) -> Self {
        let spelled = spellings.iter().filter(|text| !text.is_empty()).cloned().collect();
        Self { empty: spellings.iter().any(String::is_empty), spelled, ..Self::default() }
    }

    /// Whether a number stands for a missing value in a column of numbers.
    #[inline]
    pub(crate) fn are(&self, number: f64) -> bool {
        self.numbers.iter().any(|missing| *missing == number || missing.is_nan() && number.is_nan())
    }

    /// Whether a day, counted from 1970-01-01, stands for a missing one in a column of days.
    #[inline]
    pub(crate) fn are_day(&self, day: i32) -> bool {
        self.days.contains(&day)
    }

    /// Whether any number or day does.
    pub(crate) fn have_values(&self) -> bool {
        !self.numbers.is_empty() || !self.days.is_empty()
    }

    /// Whether a text stands for a missing value in a text column.
    #[inline]
    pub(crate) fn contain(&self, text: &str) -> bool {
        if text.is_empty() { self.empty } else { self.spelled.iter().any(|null| null == text) }
    }
}

/// The day of a text that is its midnight: `2024-12-15T00:00:00.000`.
fn before_midnight(text: &str) -> Option<&str> {
    let (day, time) = text.split_once(['T', ' '])?;
    let time = time.trim_end_matches('Z');
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    (matches!(time, "00:00" | "00:00:00") && fraction.bytes().all(|digit| digit == b'0')).then_some(day)
}

/// Whether a text did not even look like a date or time.
pub(crate) fn shapeless<T>(read: &std::result::Result<T, &'static str>) -> bool {
    matches!(read, Err(reason) if [calendar::NOT_DATE, calendar::NOT_TIMESTAMP, pattern::NOT_WRITTEN].contains(reason))
}

fn parse_zone(name: &str) -> Result<Tz> {
    name.parse::<Tz>().map_err(|_| {
        let problem = Problem::invalid("unknown-zone", format!("the time zone `{name}` is not known"));
        match nearest(name, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None => problem.remedy("use a name of the IANA database, for example `Europe/Zurich`"),
        }
    })
}
