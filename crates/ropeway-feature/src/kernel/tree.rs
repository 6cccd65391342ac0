//! A tree of block minima over a growing series: the least value of any range, and the rightmost value
//! that passes a monotone test, both without a scan. It answers `min` and `max` of a window, and finds the
//! newest visible row of an as-of lookup when facts arrive late.

/// Values per block, and blocks per block of the level above.
const FAN: usize = 16;

/// A series with the minimum of every block of 16, of every 16 blocks, and so on.
#[derive(Debug, Clone)]
pub(crate) struct BlockTree<T> {
    /// `levels[0]` is the series; `levels[k + 1][i]` is the least of `levels[k][16 i .. 16 (i + 1)]`.
    levels: Vec<Vec<T>>,
}

impl<T> Default for BlockTree<T> {
    fn default() -> Self {
        Self { levels: vec![Vec::new()] }
    }
}

impl<T: Ord + Clone> BlockTree<T> {
    /// The series itself.
    pub(crate) fn leaves(&self) -> &[T] {
        &self.levels[0]
    }

    /// Appends a value; amortized constant time.
    pub(crate) fn push(&mut self, value: T) {
        self.levels[0].push(value.clone());
        let mut level = 0;
        while self.levels[level].len() > FAN {
            if self.levels.len() == level + 1 {
                self.grow(level);
                return;
            }
            let block = (self.levels[level].len() - 1) / FAN;
            let above = &mut self.levels[level + 1];
            match above.get_mut(block) {
                Some(least) if value < *least => *least = value.clone(),
                Some(_) => {}
                None => above.push(value.clone()),
            }
            level += 1;
        }
    }

    fn grow(&mut self, level: usize) {
        let above = self.levels[level].chunks(FAN).filter_map(|block| block.iter().min().cloned()).collect();
        self.levels.push(above);
    }

    /// Drops all from position `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.levels[0].truncate(len);
        let mut level = 0;
        while level + 1 < self.levels.len() {
            let below = self.levels[level].len();
            if below <= FAN {
                self.levels.truncate(level + 1);
                return;
            }
            let whole = below / FAN;
            self.levels[level + 1].truncate(whole);
            if let Some(least) = self.levels[level][whole * FAN..].iter().min().cloned() {
                self.levels[level + 1].push(least);
            }
            level += 1;
        }
    }

    /// The least value at the positions `from..to`.
    pub(crate) fn least(&self, from: usize, to: usize) -> Option<&T> {
        let (mut from, mut to) = (from, to.min(self.leaves().len()));
        let mut best: Option<&T> = None;
        let mut level = 0;
        while from < to {
            let values = &self.levels[level];
            if level + 1 == self.levels.len() || to - from <= 2 * FAN {
                return least_of(best, &values[from..to]);
            }
            let (head, tail) = (from.next_multiple_of(FAN), to / FAN * FAN);
            best = least_of(best, &values[from..head]);
            best = least_of(best, &values[tail..to]);
            (from, to) = (head / FAN, tail / FAN);
            level += 1;
        }
        best
    }

    /// The rightmost position before `to` whose value `admits` accepts. `admits` must be monotone: with a
    /// value it accepts every lesser one.
    pub(crate) fn rightmost(&self, to: usize, admits: impl Fn(&T) -> bool) -> Option<usize> {
        let mut end = to.min(self.leaves().len());
        let mut level = 0;
        // Up: look through the rest of the block, then go on with the blocks before it.
        loop {
            let top = level + 1 == self.levels.len();
            let start = if top { 0 } else { end / FAN * FAN };
            if let Some(found) = (start..end).rev().find(|i| admits(&self.levels[level][*i])) {
                return Some(self.descend(level, found, &admits));
            }
            if top {
                return None;
            }
            end /= FAN;
            level += 1;
        }
    }

    /// From a block known to hold an admitted value down to the rightmost such leaf.
    fn descend(&self, mut level: usize, mut at: usize, admits: &impl Fn(&T) -> bool) -> usize {
        while level > 0 {
            level -= 1;
            let values = &self.levels[level];
            let (start, end) = (at * FAN, ((at + 1) * FAN).min(values.len()));
            at = (start..end).rev().find(|i| admits(&values[*i])).unwrap_or(start);
        }
        at
    }
}

fn least_of<'a, T: Ord>(best: Option<&'a T>, values: &'a [T]) -> Option<&'a T> {
    best.into_iter().chain(values).min()
}

#[cfg(test)]
mod tests {
    use ropeway_stat::Rng;

    use super::BlockTree;
    use crate::kernel::ranges;

    fn check(tree: &BlockTree<u64>, series: &[u64], rng: &mut Rng) {
        assert_eq!(tree.leaves(), series);
        for _ in 0..50 {
            let (from, to) = ranges::range(rng, series.len());
            assert_eq!(tree.least(from, to), series[from..to].iter().min(), "{from}..{to} of {}", series.len());
            let bound = rng.below(1_000);
            let expected = series[..to].iter().rposition(|v| *v < bound);
            assert_eq!(tree.rightmost(to, |v| *v < bound), expected, "before {to} of {}", series.len());
        }
    }

    #[test]
    fn answers_like_a_scan_while_it_grows_and_shrinks() {
        let mut rng = Rng::new(1);
        let (mut tree, mut series) = (BlockTree::default(), Vec::new());
        for round in 0..300 {
            for _ in 0..rng.below(40) {
                let value = if round % 3 == 0 { 900 + rng.below(100) } else { rng.below(1_000) };
                tree.push(value);
                series.push(value);
            }
            if round % 4 == 0 {
                let keep = ranges::cut(&mut rng, series.len());
                tree.truncate(keep);
                series.truncate(keep);
            }
            check(&tree, &series, &mut rng);
        }
        tree.truncate(0);
        check(&tree, &[], &mut rng);
    }
}
