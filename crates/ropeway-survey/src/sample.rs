//! Rows that are kept for what needs rows together: all of a small table; of a large one the first, which stand as they do
//! in the file, and some from everywhere.

use crate::hash::of_bits;
use crate::measure::{first_of_each, hashes};

/// Cells that are kept of all columns together.
const CELLS: usize = 12_000_000;

/// Rows of a table, a column at a time. A cell holds the bits of a number, the hash of a text, or `MISSING`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    /// The numbers of the rows, ascending from 0.
    pub(crate) rows: Vec<u64>,
    /// The cells of each column.
    pub(crate) cells: Vec<Vec<u64>>,
}

impl Sample {
    fn of(columns: usize) -> Self {
        Self { rows: Vec::new(), cells: vec![Vec::new(); columns] }
    }

    /// Without the rows that are equal to an earlier one in every column.
    pub(crate) fn without_repeats(&self) -> Self {
        let stays = first_of_each(hashes(&self.cells).into_iter());
        Self {
            rows: stays.iter().map(|row| self.rows[*row]).collect(),
            cells: self.cells.iter().map(|cells| stays.iter().map(|row| cells[*row]).collect()).collect(),
        }
    }
}

/// Both samples of some columns while their rows pass. Which rows are kept follows from their numbers alone, so that whoever
/// samples other columns of the same table keeps the same rows.
#[derive(Debug, Clone)]
pub(crate) struct Sampler {
    cap: usize,
    seen: u64,
    /// A row is kept where the hash of its number is not above this.
    limit: u64,
    pub(crate) first: Sample,
    pub(crate) spread: Sample,
    picks: Vec<usize>,
}

/// How many rows are kept of a table of so many columns.
pub(crate) fn cap(columns: usize) -> usize {
    (CELLS / columns.max(1)).clamp(1_000, 50_000)
}

impl Sampler {
    /// For `columns` columns of a table, of which up to `cap` rows are kept.
    pub(crate) fn new(columns: usize, cap: usize) -> Self {
        let (first, spread) = (Sample::of(columns), Sample::of(columns));
        Self { cap, seen: 0, limit: u64::MAX, first, spread, picks: Vec::new() }
    }

    /// Begins a batch of so many rows.
    pub(crate) fn begin(&mut self, rows: usize) {
        let (seen, limit) = (self.seen, self.limit);
        self.picks.clear();
        self.picks.extend((0..rows).filter(|row| of_bits(seen + *row as u64) <= limit));
        self.spread.rows.extend(self.picks.iter().map(|row| seen + *row as u64));
        let more = self.cap.saturating_sub(self.first.rows.len()).min(rows);
        self.first.rows.extend((0..more as u64).map(|row| seen + row));
        self.seen += rows as u64;
    }

    /// Takes the cells of a column in the batch that was begun.
    pub(crate) fn take(&mut self, column: usize, cells: &[u64]) {
        self.spread.cells[column].extend(self.picks.iter().map(|row| cells[*row]));
        let first = &mut self.first.cells[column];
        let more = self.first.rows.len() - first.len();
        first.extend_from_slice(&cells[..more]);
    }

    /// Ends the batch: half of the rows leave as often as there are too many.
    pub(crate) fn end(&mut self) {
        while self.spread.rows.len() > self.cap {
            self.limit /= 2;
            let limit = self.limit;
            let keep: Vec<bool> = self.spread.rows.iter().map(|row| of_bits(*row) <= limit).collect();
            let leave = |kept: &mut Vec<u64>| {
                let mut keep = keep.iter();
                kept.retain(|_| *keep.next().unwrap_or(&false));
            };
            leave(&mut self.spread.rows);
            self.spread.cells.iter_mut().for_each(leave);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_rows_the_first_stays() {
        let sample = Sample { rows: vec![0, 1, 2, 3], cells: vec![vec![1, 2, 1, 1], vec![5, 5, 5, 6]] };
        let once = sample.without_repeats();
        assert_eq!((once.rows, once.cells), (vec![0, 1, 3], vec![vec![1, 2, 1], vec![5, 5, 6]]));
    }

    #[test]
    fn small_tables_are_kept_whole_and_large_ones_evenly() {
        let mut sampler = Sampler::new(1, 1_000);
        let pass = |sampler: &mut Sampler, from: u64, rows: u64| {
            let cells: Vec<u64> = (from..from + rows).collect();
            sampler.begin(cells.len());
            sampler.take(0, &cells);
            sampler.end();
        };
        pass(&mut sampler, 0, 900);
        assert_eq!(sampler.spread.cells[0], (0..900).collect::<Vec<_>>());
        pass(&mut sampler, 900, 40_000);
        pass(&mut sampler, 40_900, 60_000);
        assert_eq!(sampler.first.cells[0], (0..1_000).collect::<Vec<_>>());
        let spread = &sampler.spread;
        assert_eq!(spread.rows, spread.cells[0], "cells belong to their rows");
        assert!((400..=1_000).contains(&spread.rows.len()), "{}", spread.rows.len());
        let half = spread.rows.iter().filter(|row| **row < 50_450).count() as f64 / spread.rows.len() as f64;
        assert!((0.42..0.58).contains(&half), "{half}");
    }
}
