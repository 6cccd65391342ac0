//! Numbers, booleans and times while they pass.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use ropeway_stat::Moments;

use super::Bound;
use crate::hash::of_bits;
use crate::sketch::Sketch;

/// A value by its bits, and its rows. Small, since how many of them the cache holds is what a pass over many different ones takes.
#[derive(Debug, Clone, Copy)]
struct Counted {
    bits: u64,
    count: u64,
}

/// A column of numbers.
#[derive(Debug, Clone)]
pub(crate) struct NumberTally {
    counts: HashTable<Counted>,
    /// Whether bits are those of doubles, and not of whole numbers.
    floats: bool,
    bound: usize,
    /// From where there are more different values than are counted.
    sketch: Option<Box<Sketch>>,
    pub(crate) moments: Moments,
    pub(crate) count: u64,
    pub(crate) not_finite: u64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    /// Whether every value is a whole number.
    pub(crate) whole: bool,
    last: f64,
    /// Whether no value is less than the one before it, and whether each is greater.
    pub(crate) ascending: bool,
    pub(crate) rising: bool,
}

impl NumberTally {
    pub(super) fn new(floats: bool, bound: Bound) -> Self {
        Self {
            counts: HashTable::new(),
            floats,
            bound: bound.values,
            sketch: None,
            moments: Moments::new(),
            count: 0,
            not_finite: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            whole: true,
            last: f64::NEG_INFINITY,
            ascending: true,
            rising: true,
        }
    }

    /// Takes what a number adds to the figures of the column.
    #[inline]
    pub(super) fn measure(&mut self, number: f64) {
        if !number.is_finite() {
            self.not_finite += 1;
            return;
        }
        self.moments.add(number);
        self.min = self.min.min(number);
        self.max = self.max.max(number);
        self.whole &= number.trunc() == number;
        self.ascending &= number >= self.last;
        self.rising &= number > self.last;
        self.last = number;
    }

    /// Counts a number among its like. It is a pass of its own over a batch: what many different ones wait for is memory, and the shorter
    /// the way from one to the next, the more of them wait at once.
    #[inline]
    pub(super) fn tally(&mut self, bits: u64, hash: u64) {
        self.count += 1;
        if let Some(sketch) = &mut self.sketch {
            sketch.add(hash);
            if !self.counts.is_empty()
                && let Some(counted) = self.counts.find_mut(hash, |counted| counted.bits == bits)
            {
                counted.count += 1;
            }
            return;
        }
        match self.counts.entry(hash, |counted| counted.bits == bits, |counted| of_bits(counted.bits)) {
            Entry::Occupied(mut entry) => entry.get_mut().count += 1,
            Entry::Vacant(entry) => {
                entry.insert(Counted { bits, count: 1 });
                if self.counts.len() > self.bound {
                    self.sketch_from_here();
                }
            }
        }
    }

    /// Too many to count one by one: what is frequent by now stays counted.
    fn sketch_from_here(&mut self) {
        let mut sketch = Sketch::new();
        self.counts.iter().for_each(|counted| sketch.add(of_bits(counted.bits)));
        let often = self.count / 1_000 + 1;
        self.counts.retain(|counted| counted.count >= often);
        self.counts.shrink_to_fit(|counted| of_bits(counted.bits));
        self.sketch = Some(Box::new(sketch));
    }

    /// How many different values there are, and whether that is exact.
    pub(crate) fn distinct(&self) -> (u64, bool) {
        match &self.sketch {
            Some(sketch) => (sketch.estimate().min(self.count), false),
            None => (self.counts.len() as u64, true),
        }
    }

    /// The values that are counted, as numbers, ascending. These are all where [`Self::distinct`] is exact.
    pub(crate) fn counted(&self) -> Vec<(f64, u64, u64)> {
        let number = |bits: u64| if self.floats { f64::from_bits(bits) } else { bits as i64 as f64 };
        let mut all: Vec<_> = self.counts.iter().map(|c| (number(c.bits), c.bits, c.count)).collect();
        all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        all
    }
}
