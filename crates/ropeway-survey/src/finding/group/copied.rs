//! `copied-rows`: rows that are equal in all but what numbers them, as an export that was appended twice has them, and whose labels
//! are alike. Rows of few and coarse columns are equal by chance, and are no copies.

use std::collections::HashMap;

use super::again::{ENOUGH, ONE_OF};
use crate::finding::key::may_name;
use crate::finding::label::LabelSurvey;
use crate::finding::{Code, Finding};
use crate::hash::of_bits;
use crate::measure::{Grouped, alike, match_rate};
use crate::seen::{Column, Seen};

/// How many more of them there have to be than columns that have nothing to do with each other would make.
const BEYOND: f64 = 10.0;

pub(in crate::finding) fn find(seen: &Seen<'_>, label: &LabelSurvey) -> Option<Finding> {
    let own = seen.column(&label.column)?;
    let (numbers, others): (Vec<&Column<'_>>, Vec<&Column<'_>>) = seen
        .columns
        .iter()
        .filter(|column| column.name != own.name && column.distinct > 1)
        .partition(|column| column.unique() && may_name(column));
    // Without what numbers them they repeat in every column, and stand once in the table.
    if numbers.is_empty() || others.len() < 2 {
        return None;
    }
    let cells: Vec<&[u64]> = others.iter().map(|column| seen.spread(column)).collect();
    let rows = cells.first()?.len();
    let hashes = hashes(&cells, rows);
    let again = beyond_first(hashes.iter().copied());
    if again < ENOUGH || again * ONE_OF < rows || !beyond_chance(&cells, &hashes, again) {
        return None;
    }
    let pairs = Grouped::by(&[&hashes]).pairs();
    let alike = alike(&pairs, &label.target(own, seen.spread(own)))?;
    let names = telling(&others, &cells, rows - again);
    let numbered: Vec<&str> = numbers.iter().map(|column| column.name).collect();
    let evidence = format!(
        "{again} of {rows} rows are equal to an earlier one in all but `{}`, and labels of these are alike (`{}` differs {:.0}% less \
         than between random rows); fewer rows differ in one column alone, so that they are copies and not equal by chance",
        numbered.join("`, `"),
        label.column,
        100.0 * alike
    );
    let decision = "the split keeps equal rows on one side, by the columns that tell them from others";
    Some(Finding::new(Code::CopiedRows, &names, (again as u64, rows as u64), evidence).decide(decision))
}

/// A hash of each row, the sum of those of its cells. What is missing counts as a value.
fn hashes(cells: &[&[u64]], rows: usize) -> Vec<u64> {
    (0..rows).map(|row| (0..cells.len()).fold(0, |hash: u64, at| hash.wrapping_add(part(cells, at, row)))).collect()
}

fn part(cells: &[&[u64]], at: usize, row: usize) -> u64 {
    of_bits(cells[at][row] ^ of_bits(at as u64))
}

/// Rows beyond the first of their hash.
fn beyond_first(hashes: impl Iterator<Item = u64>) -> usize {
    let mut seen: HashMap<u64, ()> = HashMap::new();
    hashes.filter(|hash| seen.insert(*hash, ()).is_some()).count()
}

/// Whether there are more of them than chance makes, which makes rows that differ in one column much more often than rows that
/// differ in none.
fn beyond_chance(cells: &[&[u64]], hashes: &[u64], again: usize) -> bool {
    let rows = hashes.len() as f64;
    let by_chance: f64 = cells.iter().map(|cells| match_rate(cells)).product::<f64>() * rows * rows / 2.0;
    if by_chance * BEYOND > again as f64 {
        return false;
    }
    let mut nearly = 0;
    for at in 0..cells.len() {
        let without = hashes.iter().enumerate().map(|(row, hash)| hash.wrapping_sub(part(cells, at, row)));
        nearly += beyond_first(without) - again;
        if nearly > again {
            return false;
        }
    }
    true
}

/// As few columns as tell these rows apart: those of the most values first.
fn telling<'a>(others: &[&Column<'a>], cells: &[&[u64]], groups: usize) -> Vec<&'a str> {
    let mut order: Vec<usize> = (0..others.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(others[*at].distinct));
    let mut hashes = vec![0_u64; cells.first().map_or(0, |cells| cells.len())];
    let (mut names, mut apart) = (Vec::new(), 0);
    for at in order {
        let more: Vec<u64> =
            hashes.iter().enumerate().map(|(row, hash)| hash.wrapping_add(part(cells, at, row))).collect();
        let now = more.len() - beyond_first(more.iter().copied());
        // A column that tells no more rows apart is not needed.
        if now > apart {
            (hashes, apart) = (more, now);
            names.push(others[at].name);
        }
        if apart == groups {
            break;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(columns: u64, levels: u64, copies: u64) -> bool {
        let kind = |row: u64| if row < 1_000 { row } else { row - 1_000 };
        let table: Vec<Vec<u64>> = (0..columns)
            .map(|column| (0..1_000 + copies).map(|row| of_bits(kind(row) * 97 + column) % levels).collect())
            .collect();
        let cells: Vec<&[u64]> = table.iter().map(Vec::as_slice).collect();
        let hashes = hashes(&cells, cells[0].len());
        let again = beyond_first(hashes.iter().copied());
        again >= ENOUGH && beyond_chance(&cells, &hashes, again)
    }

    #[test]
    fn copies_are_told_from_rows_that_are_equal_by_chance() {
        assert!(copied(6, 50, 30) && copied(12, 5, 30));
        assert!(!copied(6, 50, 0), "no copies");
        assert!(!copied(5, 4, 0) && !copied(5, 4, 30), "as many are equal by chance");
        assert!(!copied(9, 3, 0));
    }
}
