//! The ways in which dates and times are tried.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ropeway_vocab::DAY_MICROS;

use crate::value::pattern::Dates;
use crate::value::zone::{Zone, ZoneCounts};

/// Days.
const DAYS: [&str; 24] = [
    "%d.%m.%Y",
    "%m.%d.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d-%m-%y",
    "%m-%d-%y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y-%m-%d",
    "%d %b %Y",
    "%d. %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %y",
    "%b %d, %Y",
    "%b %d %Y",
    "%Y-%b-%d",
    "%a, %d %b %Y",
    "%a %b %d %Y",
];
/// What may follow a day.
const TIMES: [&str; 10] = [
    "",
    " %H:%M",
    " %H:%M:%S",
    " %I:%M %p",
    " %I:%M:%S %p",
    ", %H:%M",
    " %H:%M:%S.%f",
    " %H:%M:%S %z",
    "T%H:%M:%S",
    ", %I:%M %p",
];
/// Months and quarters, which are read as their first day.
const MONTHS: [&str; 13] = [
    "%m/%Y", "%Y-%m", "%Y/%m", "%m-%Y", "%m.%Y", "%b %Y", "%b-%Y", "%b. %Y", "%Y-%b", "%YQ%q", "%Y-Q%q", "%Y Q%q",
    "Q%q %Y",
];
/// Years of which months are told, in days since 1970: a part number or a season is easily written as they are.
const NEAR: std::ops::Range<i64> = -25_567..47_482;
/// All ways, the usual one first.
pub(super) static ALL: LazyLock<Vec<Way>> = LazyLock::new(|| {
    let names = DAYS.iter().flat_map(|day| TIMES.iter().map(move |time| format!("{day}{time}")));
    let names = names.chain(MONTHS.iter().map(|name| (*name).to_owned()));
    std::iter::once("iso".to_owned()).chain(names).filter_map(|name| Way::new(&name)).collect()
});

/// One way, and what it reads.
pub(super) struct Way {
    pub(super) name: String,
    dates: Dates,
}

impl Way {
    pub(super) fn new(name: &str) -> Option<Self> {
        let dates = Dates::of(&[name.to_owned()]).ok()??;
        Some(Self { name: name.to_owned(), dates })
    }

    /// Whether it tells months or quarters.
    pub(super) fn is_month(&self) -> bool {
        is_month(&self.name)
    }

    pub(super) fn read(&self, text: &str) -> Option<i64> {
        let read = self.dates.timestamp(text, &Zone::default(), &mut ZoneCounts::default()).ok()?;
        (!self.is_month() || NEAR.contains(&read.div_euclid(DAY_MICROS))).then_some(read)
    }

    pub(super) fn fits<'a>(&self, counts: &BTreeMap<&'a str, u64>) -> (u64, Vec<&'a str>) {
        let fitting: Vec<&str> = counts.keys().copied().filter(|value| self.read(value).is_some()).collect();
        (fitting.iter().map(|value| counts[value]).sum(), fitting)
    }
}

/// Whether a pattern tells months or quarters, and no days.
pub fn is_month(name: &str) -> bool {
    name.contains('%') && !["%d", "%e", "%F", "%D"].iter().any(|day| name.contains(day))
}

/// Whether a text is a school or fiscal year, such as `2018/19`, which is written as a month may be.
pub(super) fn is_season(text: &str) -> bool {
    let parts = text.split_once(['/', '-']).filter(|(year, next)| year.len() == 4 && next.len() == 2);
    let numbers = parts.and_then(|(year, next)| Some((year.parse::<u32>().ok()?, next.parse::<u32>().ok()?)));
    numbers.is_some_and(|(year, next)| (year + 1) % 100 == next)
}
