//! Rows as wholes: which are equal in all of some columns, and how likely chance makes them so.

use std::collections::HashSet;

use crate::hash::of_bits;

/// A column of which so many rows share a value, in the mean, names no rows, and tells two cases apart no better than its values do.
const SHARED: usize = 4;

/// A hash of each row of these columns, the sum of those of its cells. What is missing counts as a value.
pub(crate) fn hashes<C: AsRef<[u64]>>(columns: &[C]) -> Vec<u64> {
    let rows = columns.first().map_or(0, |cells| cells.as_ref().len());
    let mut hashes = vec![0_u64; rows];
    for (at, cells) in columns.iter().enumerate() {
        let parts = hashes.iter_mut().zip(cells.as_ref());
        parts.for_each(|(hash, cell)| *hash = hash.wrapping_add(part(at, *cell)));
    }
    hashes
}

/// What a cell of the column `at` adds to the hash of its row.
pub(crate) fn part(at: usize, cell: u64) -> u64 {
    of_bits(cell ^ of_bits(at as u64))
}

/// The first row of each hash, ascending.
pub(crate) fn first_of_each(hashes: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut seen = HashSet::new();
    hashes.enumerate().filter(|(_, hash)| seen.insert(*hash)).map(|(row, _)| row).collect()
}

/// How likely two different cases are equal in every column, if columns had nothing to do with each other: the product of what
/// each matches among rows that are not equal already. Where all rows are alike there is but one case.
pub(crate) fn equal_by_chance<C: AsRef<[u64]>>(columns: &[C], hashes: &[u64]) -> f64 {
    let different = first_of_each(hashes.iter().copied());
    if different.len() < 2 {
        return 0.0;
    }
    let likely = |cells: &C| {
        let cells = cells.as_ref();
        let rate = match_rate(different.iter().map(|row| cells[*row]));
        // Few coarse columns have few different rows, whose values hardly match: of one column none does.
        let values = cells.iter().collect::<HashSet<_>>().len();
        if values * SHARED <= cells.len() { rate.max(1.0 / values as f64) } else { rate }
    };
    columns.iter().map(likely).product()
}

/// How many of all pairs of these cells are equal, which estimates without bias how often two rows are; what is missing counts as
/// a value.
pub(crate) fn match_rate(cells: impl Iterator<Item = u64>) -> f64 {
    let mut sorted: Vec<u64> = cells.collect();
    sorted.sort_unstable();
    let pairs = |rows: usize| (rows * rows.saturating_sub(1)) as f64;
    let all = pairs(sorted.len());
    if all == 0.0 { 0.0 } else { sorted.chunk_by(u64::eq).map(|tie| pairs(tie.len())).sum::<f64>() / all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_that_are_equal_are_counted_without_bias() {
        assert_eq!(match_rate([1, 1, 2, 2].into_iter()), 1.0 / 3.0);
        assert_eq!(match_rate([1, 2, 3].into_iter()), 0.0);
        assert_eq!(match_rate([7].into_iter()), 0.0);
    }

    #[test]
    fn a_row_without_a_column_is_its_hash_without_that_part() {
        let columns = [vec![1, 1, 2], vec![5, 5, 6]];
        let all = hashes(&columns);
        assert_eq!((all[0] == all[1], first_of_each(all.iter().copied())), (true, vec![0, 2]));
        let second = all[2].wrapping_sub(part(0, 2));
        assert_eq!(second, part(1, 6));
    }

    #[test]
    fn coarse_columns_make_rows_equal_by_chance_and_keys_do_not() {
        let chance = |columns: &[Vec<u64>]| equal_by_chance(columns, &hashes(columns));
        let levels: Vec<u64> = (0..1_000).map(|row| row % 20).collect();
        assert_eq!(chance(std::slice::from_ref(&levels)), 0.05);
        let key: Vec<u64> = (0..1_000).collect();
        assert_eq!(chance(&[levels, key]), 0.0);
        assert_eq!(chance(&[vec![3; 1_000]]), 0.0, "one row again and again is one row");
    }
}
