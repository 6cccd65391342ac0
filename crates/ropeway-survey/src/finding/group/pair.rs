//! Groups that two columns name together, wherever their rows stand: the name and the year of a storm, the street and the number of
//! a house, the subject of a session. Neither alone does, since its values come again elsewhere.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{ALIKE, ALIKE_BY_NAME, Candidate, GROUPS, nameless};
use crate::finding::entity::{names_entity, names_identifier};
use crate::finding::words::{has, names_one_of};
use crate::measure::{Grouped, Target, beyond_both, intra_class};
use crate::seen::{Column, Seen, number};
use crate::tally::MISSING;

/// How much more alike labels of a pair have to be than those of one column, where that names groups, too.
pub(super) const CLEARLY: f64 = 1.5;
/// Cells that are looked at in all pairs together: pairs beyond that are left out, those of columns that stand later.
pub(super) const CELLS: usize = 16_000_000;
/// Columns that may name a thing, and that may tell those of one name apart.
const FIRST: usize = 16;
const SECOND: usize = 64;
/// What tells things of one name apart.
const APART: [&str; 8] = ["year", "season", "edition", "visit", "wave", "round", "jahr", "saison"];
/// Parts of a date that no thing is called by.
const PARTS: [&str; 7] = ["quarter", "month", "week", "weekday", "day", "hour", "minute"];
/// Values of a column from which it may name things.
const LEAST: u64 = 10;
/// Other columns that may show it.
const OTHERS: usize = 16;
/// Rows of one pair beyond which it is a category.
const MOST: usize = 100;
/// How much more alike another column is within pairs, so that it shows what they are.
const SHOWN: f64 = 0.3;
/// Values of a column of texts that are looked at for that.
const LEVELS: usize = 8;

/// The pair of which both columns say so by their names, else one of them, else its values alone; of such the one of the fewest
/// groups: those of a storm and the speed of its wind are parts of the storm's. What counts is alikeness that neither column makes
/// alone (columns that have nothing to do with each other have none of it), by four standard errors, of the label and of one other
/// column at least: the price of a product in a shop is alike without being one thing. A measure that varies within the thing, and tells
/// the label alone, is no part of its name, as the speed of the wind is none.
pub(super) fn find<'a>(
    seen: &'a Seen<'a>,
    (own, target): (&Column<'_>, &Target),
    may: &[&'a Column<'a>],
) -> Option<Candidate<'a>> {
    let mut left = CELLS;
    let mut best: Option<(Rank, Candidate<'a>)> = None;
    let (named, nameless): (Vec<&Column<'a>>, Vec<&Column<'a>>) =
        may.iter().copied().filter(|column| column.distinct >= LEAST).partition(|column| names(column));
    let nameless = nameless.into_iter().filter(|column| nameless::may(column)).take(FIRST);
    for first in named.into_iter().take(FIRST).chain(nameless) {
        let one = Grouped::by(&[seen.first(first)]);
        let others = may.iter().filter(|second| second.name != first.name && second.distinct * 2 < second.present());
        // What lies on one day is alike without being one thing.
        let others = others.filter(|second| !has(second.name, &PARTS));
        let others = others.filter(|second| names(first) || nameless::may(second) && second.index > first.index);
        for second in others.take(SECOND) {
            let Some(rest) = left.checked_sub(one.of.len() * target.variables()) else { break };
            left = rest;
            let both = Grouped::by(&[seen.first(first), seen.first(second)]);
            let of_both = names(second) || has(second.name, &APART);
            let rank = (u8::from(names(first)) + u8::from(names(first) && of_both), Reverse(both.groups));
            if best.as_ref().is_some_and(|(known, _)| *known >= rank) {
                continue;
            }
            let Some(alike) = alike(&both, target) else { continue };
            let other = Grouped::by(&[seen.first(second)]);
            let each = [&one, &other];
            let least = if names(first) && of_both { ALIKE_BY_NAME } else { ALIKE };
            if both.groups * 10 < one.groups.max(other.groups) * 13
                || !beyond(&both, each, target, least)
                || !of_both && !nameless::is_part(seen, ([first, second], 1), (&both, each), target)
                || !names(first) && !nameless::stands_out(seen, [first, second], (&both, each), target)
            {
                continue;
            }
            left = left.saturating_sub(OTHERS * one.of.len());
            let least = if names(first) { SHOWN } else { nameless::SHOWN };
            if !shown(seen, (&both, each), [own.name, first.name, second.name], least) {
                continue;
            }
            let columns = vec![first, *second];
            best =
                Some((rank, Candidate { columns, grouped: both, alike, stands: false, known: false, by_value: None }));
        }
    }
    best.map(|(_, best)| best)
}

/// Of how many columns the name says so, and how few groups there are.
type Rank = (u8, Reverse<usize>);

fn names(column: &Column<'_>) -> bool {
    let name = column.name;
    column.distinct >= LEAST && (names_one_of(name) || names_entity(name) || names_identifier(name))
}

/// How alike labels of one group are, where groups are many and small.
fn alike(both: &Grouped, target: &Target) -> Option<f64> {
    let rows = both.of.iter().flatten().count();
    if both.groups < GROUPS || both.again * 4 < rows || both.groups * MOST < rows {
        return None;
    }
    intra_class(both, target).filter(|alike| *alike >= ALIKE)
}

fn beyond(both: &Grouped, each: [&Grouped; 2], target: &Target, least: f64) -> bool {
    let chance = both.chance() * 4.0 / 3.0;
    beyond_both(both, each, target).is_some_and(|alike| alike >= least.max(chance))
}

/// Whether another column is alike within pairs as no one of both makes it.
fn shown(seen: &Seen<'_>, (both, each): (&Grouped, [&Grouped; 2]), without: [&str; 3], least: f64) -> bool {
    let others = seen.columns.iter().filter(|column| !without.contains(&column.name) && column.distinct > 1);
    let mut others = others.filter(|column| !column.unique()).take(OTHERS);
    others.any(|column| beyond(both, each, &variable(seen, column), least))
}

/// A column as what rows may be alike in.
pub(super) fn variable(seen: &Seen<'_>, column: &Column<'_>) -> Target {
    let cells = seen.first(column);
    if column.is_number() || column.is_time() {
        Target::Numbers(cells.iter().map(|cell| number(*cell)).collect())
    } else {
        levels(cells)
    }
}

/// The most frequent values of a column as classes.
fn levels(cells: &[u64]) -> Target {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    cells.iter().filter(|cell| **cell != MISSING).for_each(|cell| *counts.entry(*cell).or_default() += 1);
    let mut order: Vec<(u64, usize)> = counts.into_iter().collect();
    order.sort_unstable_by_key(|(cell, count)| (Reverse(*count), *cell));
    order.truncate(LEVELS);
    let places: HashMap<u64, usize> = order.iter().enumerate().map(|(place, (cell, _))| (*cell, place)).collect();
    let names = order.iter().map(|(cell, _)| cell.to_string()).collect();
    Target::Classes(cells.iter().map(|cell| places.get(cell).copied()).collect(), names)
}
