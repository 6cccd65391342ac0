//! Random ranges and cuts of a series, for the tests of the kernels.

use ropeway_stat::Rng;

/// A range of positions of a series, which may be empty.
pub(super) fn range(rng: &mut Rng, len: usize) -> (usize, usize) {
    let (a, b) = (rng.index(len + 1), rng.index(len + 1));
    (a.min(b), a.max(b))
}

/// How much of a series to keep: at least half.
pub(super) fn cut(rng: &mut Rng, len: usize) -> usize {
    len - rng.index(len / 2 + 1)
}
