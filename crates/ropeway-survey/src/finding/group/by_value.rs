//! One column that names what rows belong to without being called so: its values are many with few rows each, labels of one value
//! are alike, and so are other columns, as the sex and the year of birth are of one patient.
//!
//! A product or a town is so, too, and comes back: no value tells them from patients for certain. What is called like one of these,
//! is written in words, has nothing but the label alike, or whose label is told by the columns that are alike in it, as the price of a
//! trim is by its power, stays a feature, and it is said that it may name groups.

use ropeway_vocab::ColumnType;

use super::attributes::told_by;
use super::nameless::{REMAINS, in_twos};
use super::pair::{CELLS, variable};
use super::returning::names_returning;
use super::{ALIKE, Candidate, KNOWN, is_named};
use crate::finding::identifier::is_code;
use crate::finding::text;
use crate::finding::time::is_date_part;
use crate::measure::{Grouped, Target, intra_class, match_rate, spearman};
use crate::seen::{Column, Seen, number};

/// Values from which a column may name things, and rows of each.
const VALUES: u64 = 20;
const ROWS: u64 = 3;
/// How alike rows of one value are in another column that is one of the thing.
const SHOWN: f64 = 0.8;
/// How alike labels are that say as much as another column, and how many have to.
const CLEAR: f64 = 0.3;
const SAY: usize = 2;
/// Of so many columns one is alike at least: products of a wide table have a few of their own, too.
const ONE_OF: usize = 10;
/// How often two rows are of one value, over how often they would be if all had as many. Patients are about even, brands are not, and
/// amounts that are mostly 0 name nothing.
const UNEVEN: f64 = 3.0;
const MOSTLY_ONE: f64 = 10.0;
/// How much of what differs between its labels the columns tell that are alike in a category.
const TOLD: f64 = 0.5;
/// How a number goes with the label that is a measure and no name.
const MEASURE: f64 = 0.3;

/// The column of which most says so.
pub(super) fn find<'a>(
    seen: &'a Seen<'a>,
    (own, target): (&Column<'_>, &Target),
    may: &[&'a Column<'a>],
    timed: bool,
) -> Option<Candidate<'a>> {
    let mut left = CELLS;
    let mut best: Option<Candidate<'a>> = None;
    for column in may.iter().copied().filter(|column| may_name(column)) {
        let cells = seen.first(column);
        let grouped = Grouped::by(&[cells]);
        let uneven = grouped.by_chance * grouped.groups as f64;
        if uneven > MOSTLY_ONE || is_measure(column, cells, target) {
            continue;
        }
        let Some(alike) = names(column, cells, &grouped, target).filter(|alike| *alike >= ALIKE) else { continue };
        let Some(rest) = left.checked_sub(cells.len() * seen.columns.len()) else { break };
        left = rest;
        let (shown, all, of) = shown(seen, column, &grouped, own.name);
        // Rows that have a time are split by it, and what comes back again and again is hardly worth a word there.
        if timed && shown.is_empty() && alike < CLEAR {
            continue;
        }
        let says = shown.len() + usize::from(alike >= CLEAR);
        let codes = column.ty == ColumnType::Integer || column.share_of(is_code) >= 0.9;
        let clearly = !shown.is_empty() && says >= SAY && shown.len() * ONE_OF >= of && codes && uneven <= UNEVEN;
        let returns = || told_by(seen, &grouped, &all, target).is_some_and(|told| told >= TOLD);
        let known = timed || !clearly || names_returning(column.name) || returns();
        let found = Candidate { columns: vec![column], grouped, alike, stands: false, known, by_value: Some(shown) };
        let rank = |of: &Candidate<'_>| (!of.known, of.by_value.as_ref().map_or(0, Vec::len), of.alike);
        if best.as_ref().is_none_or(|best| rank(&found) > rank(best)) {
            best = Some(found);
        }
    }
    best
}

/// Whether its values may name things of which the table has some rows each, and its name does not say whether they do.
fn may_name(column: &Column<'_>) -> bool {
    let (present, distinct) = (column.present(), column.distinct);
    distinct >= VALUES
        && present >= distinct * ROWS
        && present < distinct * KNOWN
        && !is_named(column)
        && !is_date_part(column.name)
        && text::find(column).is_none()
}

/// How alike rows of one value are in another column, beyond chance; of numbers, none where those beside them are as alike.
fn names(column: &Column<'_>, cells: &[u64], grouped: &Grouped, variable: &Target) -> Option<f64> {
    let alike = intra_class(grouped, variable).filter(|alike| *alike >= grouped.chance())?;
    let smooth = || {
        let merged = Grouped::by(&[&in_twos(cells)]);
        intra_class(&merged, variable).is_some_and(|left| left >= REMAINS * alike)
    };
    (column.ty == ColumnType::Text || !smooth()).then_some(alike)
}

/// Whether the label rises or falls with it.
fn is_measure(column: &Column<'_>, cells: &[u64], target: &Target) -> bool {
    let labels: Vec<Option<f64>> = match target {
        Target::Numbers(of) => of.clone(),
        Target::Classes(of, names) if names.len() == 2 => {
            of.iter().map(|class| class.map(|class| class as f64)).collect()
        }
        Target::Classes(..) => return false,
    };
    if column.ty == ColumnType::Text {
        return false;
    }
    let (numbers, labels): (Vec<f64>, Vec<f64>) =
        cells.iter().zip(labels).filter_map(|(cell, label)| Some((number(*cell)?, label?))).unzip();
    spearman(&numbers, &labels).is_some_and(|with| with.abs() >= MEASURE)
}

/// The other columns in which rows of one value are alike, first those that do not name the same things themselves, then all; and how
/// many could be.
fn shown<'a>(
    seen: &'a Seen<'a>,
    column: &Column<'_>,
    grouped: &Grouped,
    label: &str,
) -> (Vec<&'a str>, Vec<&'a str>, usize) {
    let cells = seen.first(column);
    let others = seen.columns.iter().filter(|other| ![label, column.name].contains(&other.name) && !other.unique());
    let others: Vec<&Column<'_>> = others
        .filter(|other| other.missing * 2 < other.rows && match_rate(seen.first(other).iter().copied()) <= 0.9)
        .collect();
    let same = |other: &Column<'_>| {
        let both = Grouped::by(&[cells, seen.first(other)]).groups;
        !other.is_time() && other.distinct * 50 >= column.distinct * 49 && both * 49 <= grouped.groups * 50
    };
    let alike = |other: &&&Column<'_>| {
        names(column, cells, grouped, &variable(seen, other)).is_some_and(|alike| alike >= SHOWN)
    };
    let all: Vec<&Column<'_>> = others.iter().filter(alike).copied().collect();
    let shown = all.iter().filter(|other| !same(other)).map(|other| other.name).collect();
    (shown, all.iter().map(|other| other.name).collect(), others.len())
}
