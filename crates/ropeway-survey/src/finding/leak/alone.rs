//! A column that is filled in for one class alone, or left empty for one alone, however seldom: a reason that is written down
//! of customers who left, and not of each of them.

use ropeway_stat::{OneClass, Usual};

use super::Known;
use crate::seen::{Column, Seen, number};
use crate::tally::MISSING;

/// What was seen, and in how many rows of how many with a label.
pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<(String, usize, usize)> {
    let (of, names) = known.classes()?;
    let kinds: &[Usual] = if column.is_number() { &[Usual::Nothing, Usual::Zero] } else { &[Usual::Nothing] };
    let tests = (seen.columns.len() * names.len() * 2 * kinds.len()) as f64;
    kinds.iter().find_map(|usual| {
        let differs = |cell: &u64| match usual {
            Usual::Nothing => *cell != MISSING,
            Usual::Zero => number(*cell).is_some_and(|number| number != 0.0),
        };
        let group = |row: usize| Some(known.groups.as_ref()?.of.get(row).copied()?? as u64);
        let rows = seen.spread(column).iter().zip(of).enumerate();
        let rows = rows.filter_map(|(row, (cell, class))| Some(((*class)?, differs(cell), group(row))));
        let alone = OneClass::find(rows, names.len(), *usual, tests)?;
        let said = alone.said(&known.label.column, &names[alone.class]);
        Some((format!("it {said}"), alone.rows, alone.all))
    })
}
