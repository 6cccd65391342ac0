//! Exact prefix states by block: any range of a series is the state before its end less the state before
//! its start, plus at most one block of single values on each side. Exactness makes this subtraction free
//! of error, so that the result has the same bits as a fresh sum over the range.

use ropeway_stat::{ExactSum, Moments};
use ropeway_vocab::ColumnType;

use super::value::Value;

/// Values per block.
const BLOCK: usize = 16;

/// An exact state that numbers can be added to and whole states taken away from.
pub(crate) trait Exact: Clone + Default {
    fn add(&mut self, value: f64);
    fn add_integer(&mut self, value: i64);
    fn subtract(&mut self, other: &Self);
}

impl Exact for ExactSum {
    fn add(&mut self, value: f64) {
        Self::add(self, value);
    }

    fn add_integer(&mut self, value: i64) {
        Self::add_integer(self, value);
    }

    fn subtract(&mut self, other: &Self) {
        Self::subtract(self, other);
    }
}

impl Exact for Moments {
    fn add(&mut self, value: f64) {
        Self::add(self, value);
    }

    fn add_integer(&mut self, value: i64) {
        Self::add_integer(self, value);
    }

    fn subtract(&mut self, other: &Self) {
        Self::subtract(self, other);
    }
}

/// The numbers of one series, integers as they are: no double holds all of them.
#[derive(Debug, Clone)]
enum Numbers {
    Floats(Vec<f64>),
    Integers(Vec<i64>),
}

/// A growing series of numbers with the exact state before every block.
#[derive(Debug, Clone)]
pub(crate) struct Prefix<S> {
    values: Numbers,
    /// `before[b]` is the state of the first `16 b` numbers; there is one for every block begun or due.
    before: Vec<S>,
    /// The state of all numbers.
    all: S,
}

impl<S: Exact> Prefix<S> {
    /// No numbers yet; they will be integers or floats.
    pub(crate) fn new(of: ColumnType) -> Self {
        let values = match of {
            ColumnType::Integer => Numbers::Integers(Vec::new()),
            _ => Numbers::Floats(Vec::new()),
        };
        Self { values, before: vec![S::default()], all: S::default() }
    }

    fn len(&self) -> usize {
        match &self.values {
            Numbers::Floats(values) => values.len(),
            Numbers::Integers(values) => values.len(),
        }
    }

    /// The value at a position.
    pub(crate) fn get(&self, index: usize) -> Value {
        match &self.values {
            Numbers::Floats(values) => Value::float(values[index]),
            Numbers::Integers(values) => Value::integer(values[index]),
        }
    }

    /// Appends a value; constant time.
    pub(crate) fn push(&mut self, value: &Value) {
        match &mut self.values {
            Numbers::Floats(values) => {
                values.push(value.as_float());
                self.all.add(value.as_float());
            }
            Numbers::Integers(values) => {
                let value = value.as_integer().unwrap_or_default();
                values.push(value);
                self.all.add_integer(value);
            }
        }
        if self.len().is_multiple_of(BLOCK) {
            self.before.push(self.all.clone());
        }
    }

    /// Drops all from position `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        match &mut self.values {
            Numbers::Floats(values) => values.truncate(len),
            Numbers::Integers(values) => values.truncate(len),
        }
        let block = self.len() / BLOCK;
        self.before.truncate(block + 1);
        self.all = self.sum(self.before[block].clone(), block * BLOCK, self.len());
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
        match &self.values {
            Numbers::Floats(values) => values[from..to].iter().for_each(|value| state.add(*value)),
            Numbers::Integers(values) => values[from..to].iter().for_each(|value| state.add_integer(*value)),
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use ropeway_stat::{ExactSum, Rng};
    use ropeway_vocab::ColumnType;

    use super::{Prefix, Value};
    use crate::kernel::ranges;

    #[test]
    fn every_range_has_the_bits_of_a_fresh_sum() {
        let mut rng = Rng::new(3);
        let (mut prefix, mut series) = (Prefix::<ExactSum>::new(ColumnType::Float), Vec::new());
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
                prefix.push(&Value::float(value));
                series.push(value);
            }
            if round % 6 == 0 {
                let keep = ranges::cut(&mut rng, series.len());
                prefix.truncate(keep);
                series.truncate(keep);
            }
            for _ in 0..30 {
                let (from, to) = ranges::range(&mut rng, series.len());
                let fresh: ExactSum = series[from..to].iter().copied().collect();
                assert_eq!(prefix.state(from, to).round().to_bits(), fresh.round().to_bits());
            }
        }
    }
}
