//! Digits that are days such as 20241231 or times such as 20241231235959, or count since 1970.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_vocab::{ColumnType, DAY_MICROS};

use crate::propose::dates::Found;
use crate::propose::epoch;
use crate::propose::ways::{NEAR, Way};

/// More different values than these speak also where the name of the column tells nothing.
const SPEAKING: usize = 20;
/// Times without marks, by their digits.
const TIMES: [(usize, &str); 4] = [(17, "%Y%m%d%H%M%S%f"), (14, "%Y%m%d%H%M%S"), (12, "%Y%m%d%H%M"), (10, "%Y%m%d%H")];

/// How digits that are times are read, in a column that is `named` as a time or not.
pub(super) fn found(name: &str, counts: &BTreeMap<&str, u64>, of: u64, named: bool) -> Option<Found> {
    let found = |way: &str, ty, why: String| {
        let way = Way::new(way)?;
        let (fit, _) = way.fits(counts);
        let ways = vec![way.name];
        Some(Found { ways, ty, fit, of, why: format!("{fit} of {of} values {why}"), either: None, aloud: false })
    };
    if let Some(found) = months(counts, of, named) {
        return Some(found);
    }
    let longest = counts.keys().map(|value| value.split('.').next().unwrap_or_default().len()).max()?;
    let alike = |digits: usize| counts.len() > 2 && longest == digits;
    let days = alike(8) && (named || counts.len() > SPEAKING);
    if days && let Some(_) = real("%Y%m%d", counts) {
        let why = "are days of the calendar, year, month and day without marks".to_owned();
        return found("%Y%m%d", ColumnType::Date, why);
    }
    // A number that counts the rows of a day runs through seconds alone.
    let clock = |times: &[i64]| times.iter().map(|at| at.rem_euclid(DAY_MICROS) / 60_000_000).collect::<BTreeSet<_>>();
    let timed = TIMES.iter().find(|(digits, way)| {
        let speaks = *digits > 10 && counts.len() > SPEAKING && !epoch::is_other(name);
        alike(*digits) && (named || speaks) && real(way, counts).is_some_and(|times| named || clock(&times).len() > 1)
    });
    if let Some((_, way)) = timed {
        return found(way, ColumnType::Timestamp, format!("are times without marks: `{way}`"));
    }
    if named {
        return epoch::named(counts).and_then(|(way, why)| found(way, ColumnType::Timestamp, why));
    }
    epoch::by_values(name, counts).and_then(|(way, why)| found(way, ColumnType::Timestamp, why))
}

/// The times that digits are, where nearly all of them lie in years that people write of.
fn real(way: &str, counts: &BTreeMap<&str, u64>) -> Option<Vec<i64>> {
    let way = Way::new(way)?;
    let read = counts.keys().filter_map(|value| way.read(value));
    let near: Vec<i64> = read.filter(|at| NEAR.contains(&at.div_euclid(DAY_MICROS))).collect();
    (near.len() * 100 >= counts.len() * 99).then_some(near)
}

/// Months without letters: `03.2018`, where so many numbers in so narrow a form are no chance, and `201803`, where the name of
/// the column speaks of a time, too.
fn months(counts: &BTreeMap<&str, u64>, of: u64, named: bool) -> Option<Found> {
    let name = if counts.keys().all(|value| value.contains('.')) { "%m.%Y" } else { "%Y%m" };
    let enough = if name == "%Y%m" { named && counts.len() > 2 } else { named || counts.len() >= 12 };
    let way = Way::new(name).filter(|way| enough && counts.keys().all(|value| way.read(value).is_some()))?;
    let why = format!("{of} of {of} values are months, each of which is read as its first day: `{name}`");
    Some(Found { ways: vec![way.name], ty: ColumnType::Date, fit: of, of, why, either: None, aloud: false })
}
