//! How many rows stand in a table again, from the hashes of its rows: exactly up to four million different rows, beyond
//! that from an even share of all hashes.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use serde::{Deserialize, Serialize};

const KEPT: usize = 4_000_000;

/// Rows that are equal to an earlier one in every column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeats {
    /// Rows beyond the first of their kind.
    pub rows: u64,
    /// Whether all rows were compared; else the number is scaled from a share of them.
    pub exact: bool,
}

impl Repeats {
    /// Whether they are, for certain, the same number as these rows: those that repeat an earlier one in a single column.
    pub(crate) fn are_all(self, rows: u64) -> bool {
        self.exact && self.rows == rows
    }
}

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
        Repeats { rows: again << self.zeros, exact: self.zeros == 0 }
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
        assert_eq!(rows.repeats(), Repeats { rows: 3, exact: true });
    }
}
