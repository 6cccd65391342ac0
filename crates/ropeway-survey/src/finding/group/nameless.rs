//! Two columns that name groups together without being called so: their values alone say it, and much more clearly. Numbers of
//! which the label is a function are no names, and are told by their neighbours: those of a name have nothing to do with it.

use std::collections::HashMap;

use crate::finding::time::is_date_part;
use crate::measure::{Grouped, Target, beyond_both, intra_class};
use crate::seen::{Column, Seen, number};
use crate::tally::MISSING;
use ropeway_vocab::ColumnType;

/// How much more alike labels are within pairs, once the means of either column were taken out of them.
const ALIKE: f64 = 0.3;
/// How much more alike another column is.
pub(super) const SHOWN: f64 = 0.5;
/// The part of that which either column may make alone.
const ALONE: f64 = 0.3;
/// Rows of a pair, in the mean, beyond which it is rather a category.
const ROWS: usize = 20;
/// Values of a column from which it may name things.
const VALUES: u64 = 5;
/// What remains of it where neighbouring values are taken as one, at most: of names half does, of a smooth function nearly all.
pub(super) const REMAINS: f64 = 0.75;

/// Whether a column may be one of both.
pub(super) fn may(column: &Column<'_>) -> bool {
    column.distinct >= VALUES && !is_date_part(column.name)
}

/// Whether the values say it.
pub(super) fn stands_out(
    seen: &Seen<'_>,
    columns: [&Column<'_>; 2],
    (both, each): (&Grouped, [&Grouped; 2]),
    target: &Target,
) -> bool {
    let small = both.groups * ROWS >= both.of.iter().flatten().count();
    let clearly = small && beyond_both(both, each, target).is_some_and(|alike| alike >= ALIKE);
    clearly && (0..2).all(|at| is_part(seen, (columns, at), (both, each), target))
}

/// Whether one of both columns is a part of a name, and no measure: it does not tell the label alone, and neighbouring numbers of it
/// have nothing to do with each other.
pub(super) fn is_part(
    seen: &Seen<'_>,
    (columns, at): ([&Column<'_>; 2], usize),
    (both, each): (&Grouped, [&Grouped; 2]),
    target: &Target,
) -> bool {
    let Some(alike) = beyond_both(both, each, target) else { return false };
    if intra_class(each[at], target).is_some_and(|alone| alone > ALONE * alike) {
        return false;
    }
    if columns[at].ty != ColumnType::Integer {
        return true;
    }
    let (coarse, other) = (in_twos(seen.first(columns[at])), seen.first(columns[1 - at]));
    let (merged, alone) = (Grouped::by(&[&coarse, other]), Grouped::by(&[&coarse]));
    beyond_both(&merged, [&alone, each[1 - at]], target).is_none_or(|left| left < REMAINS * alike)
}

/// Each value and the next one as one.
pub(super) fn in_twos(cells: &[u64]) -> Vec<u64> {
    let mut values: Vec<f64> = cells.iter().filter_map(|cell| number(*cell)).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    let places: HashMap<u64, u64> =
        values.iter().enumerate().map(|(place, value)| (value.to_bits(), place as u64 / 2)).collect();
    cells.iter().map(|cell| places.get(cell).copied().unwrap_or(MISSING)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_values_become_one() {
        let cells: Vec<u64> = [1.0, 2.0, 5.0, 7.0, 2.0].map(f64::to_bits).to_vec();
        assert_eq!(in_twos(&cells), [0, 0, 1, 1, 0]);
        assert_eq!(in_twos(&[MISSING]), [MISSING]);
    }
}
