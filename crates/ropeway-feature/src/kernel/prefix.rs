//! Exact prefix states by block: any range of a series is the state before its end less the state before
//! its start, plus at most one block of single values on each side. Exactness makes this subtraction free
//! of error, so that the result has the same bits as a fresh sum over the range.

use ropeway_stat::{ExactSum, Moments};

/// Values per block.
const BLOCK: usize = 16;

/// An exact state that values can be added to and whole states taken away from.
pub(crate) trait Exact: Clone + Default {
    fn add(&mut self, value: f64);
    fn subtract(&mut self, other: &Self);
}

impl Exact for ExactSum {
    fn add(&mut self, value: f64) {
        Self::add(self, value);
    }

    fn subtract(&mut self, other: &Self) {
        Self::subtract(self, other);
    }
}

impl Exact for Moments {
    fn add(&mut self, value: f64) {
        Self::add(self, value);
    }

    fn subtract(&mut self, other: &Self) {
        Self::subtract(self, other);
    }
}

/// A growing series of doubles with the exact state before every block.
#[derive(Debug, Clone)]
pub(crate) struct Prefix<S> {
    values: Vec<f64>,
    /// `before[b]` is the state of `values[..16 b]`; there is one for every block begun or due.
    before: Vec<S>,
    /// The state of all values.
    all: S,
}

impl<S: Exact> Default for Prefix<S> {
    fn default() -> Self {
        Self { values: Vec::new(), before: vec![S::default()], all: S::default() }
    }
}

impl<S: Exact> Prefix<S> {
    /// The value at a position.
    pub(crate) fn get(&self, index: usize) -> f64 {
        self.values[index]
    }

    /// Appends a value; constant time.
    pub(crate) fn push(&mut self, value: f64) {
        self.values.push(value);
        self.all.add(value);
        if self.values.len().is_multiple_of(BLOCK) {
            self.before.push(self.all.clone());
        }
    }

    /// Drops all from position `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.values.truncate(len);
        let block = self.values.len() / BLOCK;
        self.before.truncate(block + 1);
        self.all = self.before[block].clone();
        for value in &self.values[block * BLOCK..] {
            self.all.add(*value);
        }
    }

    /// The exact state of the values at the positions `from..to`.
    pub(crate) fn state(&self, from: usize, to: usize) -> S {
        let (first, last) = (from / BLOCK, to / BLOCK);
        if to - from <= BLOCK || first == last {
            return self.sum(S::default(), from, to);
        }
        let mut state = self.sum(self.before[last].clone(), last * BLOCK, to);
        if from > 0 {
            state.subtract(&self.sum(self.before[first].clone(), first * BLOCK, from));
        }
        state
    }

    fn sum(&self, mut state: S, from: usize, to: usize) -> S {
        self.values[from..to].iter().for_each(|value| state.add(*value));
        state
    }
}

#[cfg(test)]
mod tests {
    use ropeway_stat::{ExactSum, Rng};

    use super::Prefix;

    #[test]
    fn every_range_has_the_bits_of_a_fresh_sum() {
        let mut rng = Rng::new(3);
        let (mut prefix, mut series) = (Prefix::<ExactSum>::default(), Vec::new());
        for round in 0..60 {
            for _ in 0..rng.below(50) {
                let value = match rng.below(20) {
                    0 => 1e300 * rng.unit(),
                    1 => -1e300 * rng.unit(),
                    2 => 1e-300 * rng.unit(),
                    3 if round % 7 == 0 => f64::NAN,
                    4 if round % 5 == 0 => f64::INFINITY,
                    _ => rng.unit() - 0.5,
                };
                prefix.push(value);
                series.push(value);
            }
            if round % 6 == 0 {
                let keep = series.len() - rng.below(series.len() as u64 / 2 + 1) as usize;
                prefix.truncate(keep);
                series.truncate(keep);
            }
            for _ in 0..30 {
                let a = rng.below(series.len() as u64 + 1) as usize;
                let b = rng.below(series.len() as u64 + 1) as usize;
                let (from, to) = (a.min(b), a.max(b));
                let fresh: ExactSum = series[from..to].iter().copied().collect();
                assert_eq!(prefix.state(from, to).round().to_bits(), fresh.round().to_bits());
            }
        }
    }
}
