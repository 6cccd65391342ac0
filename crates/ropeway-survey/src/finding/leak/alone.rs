//! A column that is filled in for one class alone, or left empty for one alone, however seldom: a reason that is written down
//! of customers who left, and not of each of them. And a single level that is of one class alone.

use ropeway_stat::{OneClass, Usual, levels_of_one_class};
use ropeway_vocab::ColumnType;

use super::{Known, LOOK};
use crate::column::{shortened, show};
use crate::finding::{Code, Finding, personal};
use crate::hash::of_text;
use crate::seen::{Column, Kept, Seen, number};
use crate::tally::MISSING;

/// What was seen, and in how many rows of how many with a label.
pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<(String, usize, usize)> {
    let kinds: &[Usual] = if column.is_number() { &[Usual::Nothing, Usual::Zero] } else { &[Usual::Nothing] };
    kinds.iter().find_map(|usual| {
        let differs = |cell: u64| match usual {
            Usual::Nothing => cell != MISSING,
            _ => number(cell).is_some_and(|number| number != 0.0),
        };
        of_one_class(seen, column, known, (usual, &differs), 2 * kinds.len())
    })
}

/// What was seen of the rows in which a column is other than usual, where so many kinds of rows are asked about.
fn of_one_class(
    seen: &Seen<'_>,
    column: &Column<'_>,
    known: &Known<'_>,
    (usual, differs): (&Usual, &dyn Fn(u64) -> bool),
    kinds: usize,
) -> Option<(String, usize, usize)> {
    let (of, names) = known.classes()?;
    let tests = (seen.columns.len() * names.len() * kinds) as f64;
    let group = |row: usize| Some(known.groups.as_ref()?.of.get(row).copied()?? as u64);
    let rows = seen.spread(column).iter().zip(of).enumerate();
    let rows = rows.filter_map(|(row, (cell, class))| Some(((*class)?, differs(*cell), group(row))));
    let alone = OneClass::find(rows, names.len(), usual, tests)?;
    let said = alone.said(&known.label.column, &names[alone.class]);
    Some((format!("it {said}"), alone.rows, alone.all))
}

/// `leak-level`: a single level of a text or of a boolean is of one class alone, which is not that of most rows.
pub(super) fn level(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<Finding> {
    let (of, names) = known.classes()?;
    if !matches!(column.ty, ColumnType::Text | ColumnType::Boolean) {
        return None;
    }
    let rows = seen.spread(column).iter().zip(of).filter(|(cell, _)| **cell != MISSING);
    let rows = rows.filter_map(|(cell, class)| Some(((*class)?, *cell)));
    let (levels, looked) = levels_of_one_class(rows, names.len());
    if levels.is_empty() || personal::find(column).is_some() {
        return None;
    }
    levels.into_iter().find_map(|level| {
        let usual = Usual::Not(name(column, level)?);
        let (said, rows, of) = of_one_class(seen, column, known, (&usual, &|cell| cell == level), looked)?;
        Some(Finding::new(Code::LeakLevel, &[column.name], (rows as u64, of as u64), said).decide(LOOK))
    })
}

/// What a level is called, by its cell.
fn name(column: &Column<'_>, level: u64) -> Option<String> {
    match &column.kept {
        Kept::Texts(values) => {
            let (text, _) = values.iter().find(|(text, _)| of_text(text) & (MISSING >> 1) == level)?;
            Some(shortened(text))
        }
        Kept::Numbers(_, values) => {
            let (_, bits, _) = values.iter().find(|(x, ..)| x.to_bits() == level)?;
            Some(show(*bits, column.ty))
        }
    }
}
