//! The ways in which dates and times are tried.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ropeway_vocab::DAY_MICROS;

use crate::value::months;
use crate::value::pattern::Dates;
use crate::value::zone::{Zone, ZoneCounts};

/// Days, those that are written in more places first.
const DAYS: [&str; 58] = [
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
    "%d. %m. %Y",
    "%d %b, %Y",
    "%d/%b/%Y",
    "%d/%b/%y",
    "%d.%b.%Y",
    "%d.%b.%y",
    "%d%b%Y",
    "%d%b%y",
    "%Y %b %d",
    "%Y.%m.%d.",
    "%Y. %m. %d.",
    "%Y. %m. %d",
    "%Y. %b %d.",
    "%Y. %b %d",
    "%Y年%m月%d日",
    "%Y年 %m月 %d日",
    "%Y년 %m월 %d일",
    "%Y년%m월%d일",
    "%d de %b de %Y",
    "%d de %b del %Y",
    "%dº de %b de %Y",
    "%der %b %Y",
    "%dº %b %Y",
    "%d° %b %Y",
    "%d %b %Y г.",
    "%d %b %Y года",
    "%d %b %Y р.",
    "%Y m. %b %d d.",
    "%dst %b %Y",
    "%dnd %b %Y",
    "%drd %b %Y",
    "%dth %b %Y",
    "%b %dst, %Y",
    "%b %dnd, %Y",
    "%b %drd, %Y",
    "%b %dth, %Y",
];
/// What may stand before a day: its day of the week.
const BEFORE: [&str; 3] = ["", "%a, ", "%a "];
/// What may follow a day.
const TIMES: [&str; 47] = [
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
    " %H:%M:%S,%f",
    "T%H:%M:%S,%f",
    "T%H:%M:%S.%f",
    "T%H:%M",
    "T%H:%M:%S%z",
    "T%H:%M:%S.%f%z",
    " %H:%M:%S%z",
    " %H:%M %z",
    ", %H:%M:%S",
    ", %I:%M:%S %p",
    " %H.%M",
    " %H.%M.%S",
    ", %H.%M",
    ", %H.%M.%S",
    ":%H:%M:%S",
    ":%H:%M:%S.%f",
    ":%H:%M:%S %z",
    ":%H:%M",
    " %H:%M Uhr",
    " %H:%M:%S Uhr",
    " %H.%M Uhr",
    ", %H:%M Uhr",
    " um %H:%M Uhr",
    " at %I:%M %p",
    " at %H:%M",
    " à %H:%M",
    " à %Hh%M",
    " %Hh%M",
    " às %H:%M",
    " kl. %H:%M",
    " kl. %H.%M",
    " %H時%M分",
    "%H時%M分",
    "%H時%M分%S秒",
    " %H时%M分",
    "%H时%M分",
    " %H시 %M분",
];
/// Times whose parts lie otherwise.
const TOGETHER: [&str; 12] = [
    "%a %b %d %H:%M:%S %Y",
    "%a %b %d %H:%M:%S %z %Y",
    "[%d/%b/%Y:%H:%M:%S %z]",
    "%Y%m%dT%H%M%S",
    "%Y%m%dT%H%M%S%z",
    "%Y%m%d %H%M%S",
    "%Y%m%d_%H%M%S",
    "%Y%m%d %H:%M",
    "%Y%m%d %H:%M:%S",
    "%Y%m%d-%H:%M:%S",
    "%Y%m%d-%H:%M:%S.%f",
    "%Y%m%d%H%M%S%z",
];
/// Months and quarters, which are read as their first day.
const MONTHS: [&str; 17] = [
    "%m/%Y",
    "%Y-%m",
    "%Y/%m",
    "%m-%Y",
    "%m.%Y",
    "%b %Y",
    "%b-%Y",
    "%b. %Y",
    "%Y-%b",
    "%YQ%q",
    "%Y-Q%q",
    "%Y Q%q",
    "Q%q %Y",
    "%b de %Y",
    "%Y年%m月",
    "%Y년 %m월",
    "%Y. %b",
];
/// Years of which months are told, in days since 1970: a part number or a season is easily written as they are.
pub(super) const NEAR: std::ops::Range<i64> = -25_567..47_482;
/// All days, with what stands before them.
static BEGINNINGS: LazyLock<Vec<Way>> = LazyLock::new(|| {
    BEFORE.iter().flat_map(|before| DAYS.iter().filter_map(move |day| Way::new(&format!("{before}{day}")))).collect()
});

/// The ways that some of these values are written in, the usual one first.
pub(super) fn fitting(values: &[&str]) -> Vec<Way> {
    let begun = BEGINNINGS.iter().filter(|day| values.iter().any(|value| day.dates.begins(value)));
    let names = begun.flat_map(|day| TIMES.iter().map(move |time| format!("{}{time}", day.name)));
    let others = TOGETHER.iter().chain(&MONTHS).map(|name| (*name).to_owned());
    let ways = std::iter::once("iso".to_owned()).chain(names).chain(others).filter_map(|name| Way::new(&name));
    ways.filter(|way| values.iter().any(|value| way.read(value).is_some())).collect()
}

/// One way, and what it reads.
#[derive(Debug, Clone)]
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
        let near = || NEAR.contains(&read.div_euclid(DAY_MICROS));
        let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        (!self.is_month() || near() && (!self.name.contains("%b") || words.any(months::is_telling))).then_some(read)
    }

    /// The day that a text says, wherever it is midnight, counted from 1970-01-01.
    pub(super) fn day(&self, text: &str) -> Option<i32> {
        self.dates.local_day(text)
    }

    pub(super) fn fits<'a>(&self, counts: &BTreeMap<&'a str, u64>) -> (u64, Vec<&'a str>) {
        let fitting: Vec<&str> = counts.keys().copied().filter(|value| self.read(value).is_some()).collect();
        (fitting.iter().map(|value| counts[value]).sum(), fitting)
    }
}

/// The pattern with day and month in each other's place.
pub(super) fn twin(name: &str) -> Option<String> {
    let both = name.contains("%d") && name.contains("%m");
    both.then(|| name.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m"))
}

/// Whether a pattern has the day before the month, or after it; neither where the year stands before both.
pub(super) fn day_first(name: &str) -> Option<bool> {
    let (day, month) = (name.find("%d")?, name.find("%m")?);
    let year = ["%Y", "%EY"].iter().find_map(|year| name.find(year));
    year.is_none_or(|year| year > day).then_some(day < month)
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
