//! `copy`: a column that says the same as an earlier one, value for value, perhaps in other words or in another unit.
//! `near-copy`: one that differs from an earlier one in a few rows alone.

use std::collections::HashMap;

use super::{Code, Finding};
use crate::hash::of_bits;
use crate::measure::{beyond_chance, ends, line, most_slips};
use crate::seen::{Column, Seen};

/// Of fewer rows, columns are alike by chance.
const ENOUGH: usize = 50;
/// Of fewer rows, none is a small share of them.
const ENOUGH_FOR_SHARES: usize = 200;
/// The share of rows below which columns of one another differ by slips.
const SLIPS: f64 = 0.01;
/// How much of what chance leaves different is equal in columns that are copies but for slips (Cohen's kappa).
const AGREED: f64 = 0.95;

/// A column that says what no earlier one says.
struct Original<'a> {
    column: &'a Column<'a>,
    /// The rows of its outermost numbers, where others may be multiples of it.
    ends: Option<(usize, usize)>,
}

/// All copies; one of the label is a leak, and told as such.
pub(super) fn find(seen: &Seen<'_>, label: Option<&str>) -> Vec<Finding> {
    if seen.scanned.spread.rows.len() < ENOUGH {
        return Vec::new();
    }
    let mut patterns: HashMap<u64, Vec<&Column<'_>>> = HashMap::new();
    let mut originals: Vec<Original<'_>> = Vec::new();
    let mut found = Vec::new();
    for column in seen.columns.iter().filter(|column| column.distinct > 1 && label != Some(column.name)) {
        let cells = seen.spread(column);
        let rows = cells.len() as u64;
        let alike = patterns.entry(pattern(cells)).or_default();
        let same = equal(seen, column, alike)
            .or_else(|| multiple(seen, column, &originals))
            .or_else(|| renamed(column, alike));
        if let Some((original, how)) = same {
            let evidence = format!("{how} in all {rows} rows that were compared");
            found.push(
                Finding::new(Code::Copy, &[column.name, original], (rows, rows), evidence)
                    .decide(format!("left out: `{original}` says the same")),
            );
            continue;
        }
        found.extend(nearly(seen, column, &originals));
        alike.push(column);
        originals.push(Original { column, ends: ends(cells).filter(|_| may_be_multiple(column)) });
    }
    found
}

/// The column whose values it has.
fn equal<'a>(seen: &Seen<'_>, column: &Column<'_>, alike: &[&Column<'a>]) -> Option<(&'a str, String)> {
    let original = alike.iter().find(|other| seen.spread(other) == seen.spread(column))?;
    Some((original.name, format!("has the values of `{}`", original.name)))
}

/// The column that has other values in their place. Where hardly a value repeats, any two columns are renamings of each other.
fn renamed<'a>(column: &Column<'_>, alike: &[&Column<'a>]) -> Option<(&'a str, String)> {
    let original = alike.first().filter(|_| column.distinct * 2 < column.present())?;
    Some((original.name, format!("names in other words what is in `{}`", original.name)))
}

/// Whether a column holds numbers that are one of another by more than chance: of two values, all columns are.
fn may_be_multiple(column: &Column<'_>) -> bool {
    column.is_number() && column.distinct > 2
}

/// The column of numbers of which this one is a multiple, perhaps with something added, as another unit makes it.
fn multiple<'a>(seen: &Seen<'_>, column: &Column<'_>, originals: &[Original<'a>]) -> Option<(&'a str, String)> {
    may_be_multiple(column).then_some(())?;
    originals.iter().find_map(|Original { column: original, ends }| {
        let (factor, added) = line(seen.spread(original), (*ends)?, seen.spread(column))?;
        let added = match added {
            0.0 => String::new(),
            less if less < 0.0 => format!(" less {}", shown(-less)),
            more => format!(" plus {}", shown(more)),
        };
        let factor = shown(factor);
        let times = if factor == "1" { String::new() } else { format!("{factor} times ") };
        Some((original.name, format!("is {times}`{}`{added}", original.name)))
    })
}

/// A number without what its last digits owe to arithmetic.
fn shown(number: f64) -> String {
    format!("{number:.11e}").parse().unwrap_or(number).to_string()
}

/// The first column whose values this one has in nearly all rows.
fn nearly(seen: &Seen<'_>, column: &Column<'_>, originals: &[Original<'_>]) -> Option<Finding> {
    let cells = seen.spread(column);
    if cells.len() < ENOUGH_FOR_SHARES {
        return None;
    }
    let most = most_slips(cells, SLIPS, AGREED);
    let comparable =
        |other: &&Column<'_>| other.is_number() == column.is_number() && other.is_time() == column.is_time();
    originals.iter().map(|original| original.column).filter(comparable).find_map(|original| {
        let equal = beyond_chance(cells, seen.spread(original), most, AGREED)? as u64;
        let rows = cells.len() as u64;
        let evidence = format!(
            "has the values of `{}` in {equal} of {rows} rows that were compared, and others in {}",
            original.name,
            rows - equal
        );
        Some(Finding::new(Code::NearCopy, &[column.name, original.name], (equal, rows), evidence).decide(
            "stays: the rows in which they differ may matter; take one of both out of `request` if they do not",
        ))
    })
}

/// The hash of a column with each value replaced by the place at which it came first.
fn pattern(cells: &[u64]) -> u64 {
    let mut places: HashMap<u64, u64> = HashMap::new();
    cells.iter().fold(0, |hash, cell| {
        let next = places.len() as u64;
        let place = *places.entry(*cell).or_insert(next);
        of_bits(hash ^ of_bits(place))
    })
}
