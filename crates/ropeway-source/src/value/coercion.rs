//! How values without a fixed reading are read, as a source declares it.

use chrono_tz::Tz;
use ropeway_vocab::{Problem, Result, nearest};
use serde_json::Value;

use crate::settings::SourceSettings;
use crate::value::zone::Zone;

/// How values without a fixed reading are read: spellings of a missing value, and the zone of local times.
#[derive(Debug, Clone, Default)]
pub struct Coercion {
    pub(crate) nulls: Nulls,
    pub(crate) zone: Zone,
}

/// Spellings of a missing value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Nulls {
    /// Whether an empty text is missing.
    pub(crate) empty: bool,
    /// The other spellings.
    pub(crate) spelled: Vec<String>,
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
        Ok(Self { nulls: Nulls::new(&settings.null), zone })
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
        Self { empty: spellings.iter().any(String::is_empty), spelled }
    }

    /// Whether a text stands for a missing value in a text column.
    #[inline]
    pub(crate) fn contain(&self, text: &str) -> bool {
        if text.is_empty() { self.empty } else { self.spelled.iter().any(|null| null == text) }
    }
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
