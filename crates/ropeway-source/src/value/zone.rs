//! Local times to instants: the declared zone, and what becomes of the times that daylight saving skips or repeats.

use chrono::{DateTime, LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

use crate::settings::{Finer, Gap, Overlap};
use crate::value::calendar::TOO_FINE;

/// A zone with its rules for gaps and overlaps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Zone {
    tz: Tz,
    gap: Gap,
    overlap: Overlap,
    /// Whether times finer than a microsecond are cut; else they do not fit.
    cuts: bool,
}

/// How often a local time was skipped or repeated, and a time cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ZoneCounts {
    /// Local times that do not exist.
    pub(crate) gaps: u64,
    /// Local times that exist twice.
    pub(crate) overlaps: u64,
    /// Times that were cut to a microsecond.
    pub(crate) cut: u64,
}

impl Default for Zone {
    fn default() -> Self {
        Self::new(Tz::UTC, Gap::default(), Overlap::default())
    }
}

impl Zone {
    pub(crate) fn new(tz: Tz, gap: Gap, overlap: Overlap) -> Self {
        Self { tz, gap, overlap, cuts: false }
    }

    /// With what becomes of times finer than a microsecond.
    #[must_use]
    pub(crate) fn finer(self, finer: Finer) -> Self {
        Self { cuts: finer == Finer::Cut, ..self }
    }

    /// Counts a time that is finer than a microsecond, or refuses it.
    pub(crate) fn cut(&self, counts: &mut ZoneCounts) -> Result<(), &'static str> {
        if !self.cuts {
            return Err(TOO_FINE);
        }
        counts.cut += 1;
        Ok(())
    }

    /// The instant, in microseconds since the epoch, of a local time given in microseconds as if it were UTC.
    pub(crate) fn instant(&self, local: i64, counts: &mut ZoneCounts) -> Result<i64, &'static str> {
        if self.tz == Tz::UTC {
            return Ok(local);
        }
        let Some(naive) = DateTime::from_timestamp_micros(local).map(|at| at.naive_utc()) else {
            return Err("is out of the range of timestamps");
        };
        match self.tz.from_local_datetime(&naive) {
            LocalResult::Single(at) => Ok(at.timestamp_micros()),
            LocalResult::Ambiguous(first, second) => {
                counts.overlaps += 1;
                match self.overlap {
                    Overlap::Earliest => Ok(first.timestamp_micros().min(second.timestamp_micros())),
                    Overlap::Latest => Ok(first.timestamp_micros().max(second.timestamp_micros())),
                    Overlap::Reject => Err("exists twice in its zone, where clocks were set back"),
                }
            }
            LocalResult::None => {
                counts.gaps += 1;
                let refused = "does not exist in its zone, where clocks were set forward";
                match self.gap {
                    Gap::Reject => Err(refused),
                    Gap::Forward => self.offset_before(naive).map(|offset| local - offset).ok_or(refused),
                }
            }
        }
    }

    /// The instant of a local time that is not read but follows: nobody can be told that it is skipped or repeated.
    pub(crate) fn begins(&self, local: i64) -> Option<i64> {
        let lenient = Self { gap: Gap::Forward, overlap: Overlap::Earliest, ..*self };
        lenient.instant(local, &mut ZoneCounts::default()).ok()
    }

    /// The offset from UTC, in microseconds, that held before the gap in which `local` lies. Gaps are an hour or so,
    /// but a whole day where a country crossed the date line.
    fn offset_before(&self, local: NaiveDateTime) -> Option<i64> {
        [1, 2, 3, 6, 12, 25].iter().find_map(|hours| {
            let before = local.checked_sub_signed(TimeDelta::hours(*hours))?;
            let at = self.tz.from_local_datetime(&before).latest()?;
            Some(i64::from(at.offset().fix().local_minus_utc()) * 1_000_000)
        })
    }
}

#[cfg(test)]
mod tests {
    use ropeway_vocab::Instant;

    use super::*;

    fn local(text: &str) -> i64 {
        format!("{text}Z").parse::<Instant>().unwrap().micros()
    }

    fn read(zone: Zone, text: &str) -> (Result<String, &'static str>, ZoneCounts) {
        let mut counts = ZoneCounts::default();
        let at = zone.instant(local(text), &mut counts).map(|micros| Instant::from_micros(micros).to_string());
        (at, counts)
    }

    #[test]
    fn a_skipped_time_moves_forward_or_is_refused_and_is_counted() {
        let zone = Zone::new(Tz::America__New_York, Gap::Forward, Overlap::Earliest);
        let (at, counts) = read(zone, "2013-03-10T02:30:00");
        assert_eq!(at.unwrap(), "2013-03-10T07:30:00Z", "03:30 in New York");
        assert_eq!(counts, ZoneCounts { gaps: 1, overlaps: 0, cut: 0 });
        let zone = Zone::new(Tz::America__New_York, Gap::Reject, Overlap::Earliest);
        assert!(read(zone, "2013-03-10T02:30:00").0.is_err());
    }

    #[test]
    fn a_repeated_time_is_the_earlier_the_later_or_refused_and_is_counted() {
        let check = |overlap, want: Option<&str>| {
            let (at, counts) = read(Zone::new(Tz::America__New_York, Gap::Forward, overlap), "2013-11-03T01:30:00");
            assert_eq!(at.ok().as_deref(), want);
            assert_eq!(counts, ZoneCounts { gaps: 0, overlaps: 1, cut: 0 });
        };
        check(Overlap::Earliest, Some("2013-11-03T05:30:00Z"));
        check(Overlap::Latest, Some("2013-11-03T06:30:00Z"));
        check(Overlap::Reject, None);
    }

    #[test]
    fn a_whole_day_that_a_country_skipped_moves_forward_too() {
        let zone = Zone::new(Tz::Pacific__Apia, Gap::Forward, Overlap::Earliest);
        assert_eq!(read(zone, "2011-12-30T12:00:00").0.unwrap(), "2011-12-30T22:00:00Z");
    }

    #[test]
    fn a_day_begins_where_its_zone_says() {
        let begins = |zone, day: &str| {
            let at = Zone::new(zone, Gap::Reject, Overlap::Reject).begins(local(&format!("{day}T00:00:00")));
            Instant::from_micros(at.unwrap()).to_string()
        };
        assert_eq!(begins(Tz::America__New_York, "2024-07-01"), "2024-07-01T04:00:00Z");
        assert_eq!(begins(Tz::Asia__Tokyo, "2024-07-01"), "2024-06-30T15:00:00Z");
        // Clocks went from midnight to one o'clock, and from one back to midnight.
        assert_eq!(begins(Tz::America__Sao_Paulo, "2018-11-04"), "2018-11-04T03:00:00Z");
        assert_eq!(begins(Tz::Atlantic__Azores, "2024-10-27"), "2024-10-27T00:00:00Z");
    }

    #[test]
    fn an_ordinary_time_counts_nothing() {
        let zone = Zone::new(Tz::America__New_York, Gap::Reject, Overlap::Reject);
        assert_eq!(read(zone, "2013-07-01T00:00:00"), (Ok("2013-07-01T04:00:00Z".into()), ZoneCounts::default()));
    }
}
