//! `copy`: a column that says the same as an earlier one, value for value, perhaps in other words.

use std::collections::HashMap;

use super::{Code, Finding};
use crate::hash::of_bits;
use crate::seen::{Column, Seen};

/// Of fewer rows, columns are alike by chance.
const ENOUGH: usize = 50;

/// All copies; one of the label is a leak, and told as such.
pub(super) fn find(seen: &Seen<'_>, label: Option<&str>) -> Vec<Finding> {
    if seen.scanned.spread.rows.len() < ENOUGH {
        return Vec::new();
    }
    let mut patterns: HashMap<u64, Vec<&Column<'_>>> = HashMap::new();
    let mut found = Vec::new();
    for column in seen.columns.iter().filter(|column| column.distinct > 1 && label != Some(column.name)) {
        let cells = seen.spread(column);
        let alike = patterns.entry(pattern(cells)).or_default();
        let original = alike.iter().find(|other| {
            // Where hardly a value repeats, any two columns are renamings of each other: only equal ones are copies.
            let repeats = column.distinct * 2 < column.present();
            repeats || seen.spread(other) == cells
        });
        if let Some(original) = original {
            let rows = cells.len() as u64;
            let how =
                if seen.spread(original) == cells { "has the values of" } else { "names in other words what is in" };
            let evidence = format!("{how} `{}` in all {rows} rows that were compared", original.name);
            found.push(
                Finding::new(Code::Copy, &[column.name, original.name], (rows, rows), evidence)
                    .decide(format!("left out: `{}` says the same", original.name)),
            );
        } else {
            alike.push(column);
        }
    }
    found
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
