//! The ways in which dates and times are tried.

use std::collections::BTreeMap;
use std::sync::LazyLock;

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
/// All ways, the usual one first.
pub(super) static ALL: LazyLock<Vec<Way>> = LazyLock::new(|| {
    let names = DAYS.iter().flat_map(|day| TIMES.iter().map(move |time| format!("{day}{time}")));
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

    pub(super) fn read(&self, text: &str) -> Option<i64> {
        self.dates.timestamp(text, &Zone::default(), &mut ZoneCounts::default()).ok()
    }

    pub(super) fn fits<'a>(&self, counts: &BTreeMap<&'a str, u64>) -> (u64, Vec<&'a str>) {
        let fitting: Vec<&str> = counts.keys().copied().filter(|value| self.read(value).is_some()).collect();
        (fitting.iter().map(|value| counts[value]).sum(), fitting)
    }
}
