//! `copied-rows`: rows that are equal in all but what numbers them, as an export that was appended twice has them, and whose labels
//! are alike. Rows of few and coarse columns are equal by chance, and are no copies.

use super::again::{ENOUGH, ONE_OF};
use crate::finding::key::may_name;
use crate::finding::label::LabelSurvey;
use crate::finding::{Code, Finding};
use crate::measure::{Grouped, alike, equal_by_chance, first_of_each, hashes, part};
use crate::seen::{Column, Seen};

/// How many more of them there have to be than columns that have nothing to do with each other would make.
const BEYOND: f64 = 10.0;
/// One of so many rows is a copy, where these differ in their time: loads and snapshots repeat most of a table, while the same was
/// measured again on another day now and then.
const ONE_OF_LATER: u64 = 4;

/// Copies; `timed` where rows have a time to split by, which keeps copies of one time on one side.
pub(in crate::finding) fn find(seen: &Seen<'_>, label: &LabelSurvey, timed: bool) -> Option<Finding> {
    let numbers = |column: &Column<'_>| column.unique() && may_name(column);
    match equal_in_all_but(seen, label, Code::CopiedRows, numbers) {
        Some(copied) => Some(copied).filter(|_| !timed),
        // What was loaded again, or written down each month, has another time each time.
        None => {
            let times = seen.columns.iter().any(Column::is_time);
            let own = |column: &Column<'_>| numbers(column) || column.is_time();
            times.then(|| equal_in_all_but(seen, label, Code::CopiedLater, own)).flatten()
        }
    }
}

/// Copies, where these columns are no part of what is copied.
fn equal_in_all_but(
    seen: &Seen<'_>,
    label: &LabelSurvey,
    code: Code,
    is_own: impl Fn(&Column<'_>) -> bool,
) -> Option<Finding> {
    let own = seen.column(&label.column)?;
    let (numbers, others): (Vec<&Column<'_>>, Vec<&Column<'_>>) = seen
        .columns
        .iter()
        .filter(|column| column.name != own.name && column.distinct > 1)
        .partition(|column| is_own(column));
    // Without what numbers them they repeat in every column, and stand once in the table.
    if numbers.is_empty() || others.len() < 2 {
        return None;
    }
    let cells: Vec<&[u64]> = others.iter().map(|column| seen.spread(column)).collect();
    let hashes = hashes(&cells);
    let again = beyond_first(&hashes);
    let copies = of_all(again, hashes.len(), seen.rows);
    let one_of = if code == Code::CopiedLater { ONE_OF_LATER } else { ONE_OF };
    if again < ENOUGH || copies * one_of < seen.rows || !beyond_chance(&cells, &hashes, again) {
        return None;
    }
    let pairs = Grouped::by(&[&hashes]).pairs();
    let alike = alike(&pairs, &label.target(own, seen.spread(own)))?;
    let names = telling(&others, &cells, hashes.len() - again);
    let numbered: Vec<&str> = numbers.iter().map(|column| column.name).collect();
    let evidence = format!(
        "{}{copies} of {} rows are equal to an earlier one in all but `{}`, and labels of these are alike (`{}` differs {:.0}% less \
         than between random rows); fewer rows differ in one column alone, so that they are copies and not equal by chance",
        if seen.all_are_drawn() { "" } else { "about " },
        seen.rows,
        numbered.join("`, `"),
        label.column,
        100.0 * alike
    );
    let decision = "the split keeps equal rows on one side, by the columns that tell them from others";
    Some(Finding::new(code, &names, (copies, seen.rows), evidence).decide(decision))
}

/// Rows beyond the first of their hash.
fn beyond_first(hashes: &[u64]) -> usize {
    hashes.len() - first_of_each(hashes.iter().copied()).len()
}

/// How many copies there are in all rows, where so many are among those drawn: a share of the rows has that share's square of the
/// pairs.
fn of_all(again: usize, drawn: usize, rows: u64) -> u64 {
    let share = drawn as f64 / rows as f64;
    ((again as f64 / share.powi(2)).round() as u64).min(rows)
}

/// Whether there are more of them than chance makes, which makes rows that differ in one column much more often than rows that
/// differ in none.
fn beyond_chance(cells: &[&[u64]], hashes: &[u64], again: usize) -> bool {
    let rows = hashes.len() as f64;
    let by_chance = equal_by_chance(cells, hashes) * rows * rows / 2.0;
    if by_chance * BEYOND > again as f64 {
        return false;
    }
    let mut nearly = 0;
    for (at, cells) in cells.iter().enumerate() {
        let without = hashes.iter().zip(*cells).map(|(hash, cell)| hash.wrapping_sub(part(at, *cell)));
        nearly += beyond_first(&without.collect::<Vec<_>>()) - again;
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
            hashes.iter().zip(cells[at]).map(|(hash, cell)| hash.wrapping_add(part(at, *cell))).collect();
        let now = more.len() - beyond_first(&more);
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
    use crate::hash::of_bits;

    fn copied(columns: u64, levels: u64, copies: u64) -> bool {
        let kind = |row: u64| if row < 1_000 { row } else { row - 1_000 };
        let table: Vec<Vec<u64>> = (0..columns)
            .map(|column| (0..1_000 + copies).map(|row| of_bits(kind(row) * 97 + column) % levels).collect())
            .collect();
        let cells: Vec<&[u64]> = table.iter().map(Vec::as_slice).collect();
        let hashes = hashes(&cells);
        let again = beyond_first(&hashes);
        again >= ENOUGH && beyond_chance(&cells, &hashes, again)
    }

    #[test]
    fn copies_are_told_from_rows_that_are_equal_by_chance() {
        assert!(copied(6, 50, 30) && copied(12, 5, 30));
        assert!(!copied(6, 50, 0), "no copies");
        assert!(!copied(5, 4, 0) && !copied(5, 4, 30), "as many are equal by chance");
        assert!(!copied(9, 3, 0));
    }

    #[test]
    fn few_of_the_copies_of_a_large_table_are_drawn_together() {
        assert_eq!(of_all(30, 1_000, 1_000), 30);
        assert_eq!(of_all(3, 1_000, 10_000), 300);
        assert_eq!(of_all(900, 1_000, 10_000), 10_000);
    }
}
