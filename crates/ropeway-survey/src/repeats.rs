//! How many rows stand in a table again, from the hashes of its rows: exactly up to four million different rows, beyond
//! that from an even share of all hashes.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use serde::{Deserialize, Serialize};

use crate::measure::{equal_by_chance, hashes};
use crate::sample::Sample;

const KEPT: usize = 4_000_000;

/// Rows that are equal to an earlier one in every column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeats {
    /// Rows beyond the first of their kind.
    pub rows: u64,
    /// Whether all rows were compared; else the number is scaled from a share of them.
    pub exact: bool,
    /// Whether rows are equal by chance, as those of few and coarse columns are: then they are other cases alike, and no copies.
    #[serde(default)]
    pub by_chance: bool,
}

impl Repeats {
    /// Whether they are, for certain, the same number as these rows: those that repeat an earlier one in a single column.
    pub(crate) fn are_all(self, rows: u64) -> bool {
        self.exact && self.rows == rows && !self.by_chance
    }

    /// Whether they are copies, which stand once in a table.
    pub fn are_copies(self) -> bool {
        self.rows > 0 && !self.by_chance
    }

    /// The same for a table of so many rows, with what chance makes of its columns, as this sample of them shows.
    pub(crate) fn weighed(self, sample: &Sample, rows: u64) -> Self {
        if self.rows == 0 {
            return self;
        }
        let expected = equal_by_chance(&sample.cells, &hashes(&sample.cells)) * (rows as f64).powi(2) / 2.0;
        Self { by_chance: expected * MARGIN > self.rows as f64, ..self }
    }
}

/// Columns that hang together are equal together more often than columns that have nothing to do with each other, of which the
/// estimate is. Tables with a true copy or two are a hundred times further from it still.
const MARGIN: f64 = 1_000.0;

/// The rows of a table while they pass.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    hashes: HashTable<(u64, u32)>,
    /// Hashes are kept that end in so many zeros.
    zeros: u32,
}

impl Rows {
    pub(crate) fn add(&mut self, hash: u64) {
        if hash.trailing_zeros() < self.zeros {
            return;
        }
        match self.hashes.entry(hash.rotate_left(32), |(known, _)| *known == hash, |(known, _)| known.rotate_left(32)) {
            Entry::Occupied(mut entry) => entry.get_mut().1 = entry.get().1.saturating_add(1),
            Entry::Vacant(entry) => {
                entry.insert((hash, 0));
                if self.hashes.len() > KEPT {
                    self.zeros += 1;
                    let zeros = self.zeros;
                    self.hashes.retain(|(hash, _)| hash.trailing_zeros() >= zeros);
                }
            }
        }
    }

    pub(crate) fn repeats(&self) -> Repeats {
        let again: u64 = self.hashes.iter().map(|(_, again)| u64::from(*again)).sum();
        Repeats { rows: again << self.zeros, exact: self.zeros == 0, by_chance: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::of_bits;

    #[test]
    fn each_row_beyond_the_first_of_its_kind_counts() {
        let mut rows = Rows::default();
        [1, 2, 1, 3, 1, 3].into_iter().for_each(|row| rows.add(of_bits(row)));
        assert_eq!(rows.repeats(), Repeats { rows: 3, exact: true, by_chance: false });
    }

    #[test]
    fn rows_of_coarse_columns_are_equal_by_chance_and_copies_are_not() {
        let weighed = |columns: u64, levels: u64, copies: u64| {
            let kind = |row: u64| if row < 1_000 { row } else { row - 1_000 };
            let cells: Vec<Vec<u64>> = (0..columns)
                .map(|column| (0..1_000 + copies).map(|row| of_bits(kind(row) * 97 + column) % levels).collect())
                .collect();
            let mut rows = Rows::default();
            let hash = |row: usize| cells.iter().fold(0, |hash: u64, cells| of_bits(hash ^ cells[row]));
            (0..cells[0].len()).for_each(|row| rows.add(hash(row)));
            let sample = Sample { rows: (0..1_000 + copies).collect(), cells };
            rows.repeats().weighed(&sample, 1_000 + copies)
        };
        let coarse = weighed(4, 4, 0);
        assert!(coarse.rows > 700 && coarse.by_chance && !coarse.are_copies(), "{coarse:?}");
        assert!(weighed(4, 4, 30).by_chance, "which of them are copies cannot be told");
        let copied = weighed(9, 20, 30);
        assert!(copied.rows == 30 && copied.are_copies(), "{copied:?}");
        assert!(!weighed(9, 20, 0).are_copies());
        assert!(weighed(1, 20, 0).by_chance, "one column of levels");
        // One row again and again is one row.
        assert!(weighed(3, 1, 0).are_copies());
    }
}
