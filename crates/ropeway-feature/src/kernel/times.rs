//! A growing series of instants that is searched often: every 64th is kept once more, close together, so
//! that a search stays in the processor's cache.

/// Instants per block.
const BLOCK: usize = 64;

/// Sorted instants in microseconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times {
    all: Vec<i64>,
    /// The first of each block.
    heads: Vec<i64>,
}

impl Times {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The instant at a position.
    pub(crate) fn get(&self, index: usize) -> i64 {
        self.all[index]
    }

    /// Appends an instant that is not before the last.
    pub(crate) fn push(&mut self, time: i64) {
        if self.all.len().is_multiple_of(BLOCK) {
            self.heads.push(time);
        }
        self.all.push(time);
    }

    /// Drops all from position `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.all.truncate(len);
        self.heads.truncate(self.all.len().div_ceil(BLOCK));
    }

    /// How many instants `holds` accepts: they must be the first ones.
    pub(crate) fn count(&self, holds: impl Fn(i64) -> bool) -> usize {
        let block = self.heads.partition_point(|time| holds(*time)).saturating_sub(1) * BLOCK;
        let end = self.all.len().min(block + BLOCK);
        block + self.all[block..end].partition_point(|time| holds(*time))
    }
}

#[cfg(test)]
mod tests {
    use super::Times;

    #[test]
    fn counts_like_a_scan_while_it_grows_and_shrinks() {
        for len in [0, 1, 63, 64, 65, 127, 128, 300] {
            let mut times = Times::default();
            (0..len + 70).for_each(|i| times.push(i / 3));
            times.truncate(len as usize);
            for bound in -1..len / 3 + 2 {
                let expected = (0..len).filter(|i| i / 3 < bound).count();
                assert_eq!(times.count(|time| time < bound), expected, "{bound} of {len}");
            }
        }
    }
}
