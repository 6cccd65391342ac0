//! How many distinct values a range of a series holds, without a scan: a value counts where it occurs
//! first in the range, that is where its previous occurrence lies before the range. Sorted runs of
//! previous occurrences, merged pairwise like a merge-sort tree, count those by binary search.

use std::collections::HashMap;

use super::value::Value;

/// Length of the shortest sorted run; shorter pieces are scanned.
const RUN: usize = 64;

/// A growing series of values that counts distinct ones in any range.
#[derive(Debug, Clone, Default)]
pub(crate) struct Distinct {
    values: Vec<Value>,
    /// One more than the position of the same value's previous occurrence; 0 where there is none.
    previous: Vec<u32>,
    /// The position of each value's last occurrence.
    last: HashMap<Value, u32>,
    /// `runs[k]`: `previous`, sorted within each complete run of `64 << k`.
    runs: Vec<Vec<u32>>,
}

impl Distinct {
    /// The value at a position.
    pub(crate) fn get(&self, index: usize) -> &Value {
        &self.values[index]
    }

    /// Appends a value; amortized logarithmic time.
    pub(crate) fn push(&mut self, value: Value) {
        let index = self.values.len() as u32;
        let previous = self.last.insert(value.clone(), index).map_or(0, |before| before + 1);
        self.values.push(value);
        self.previous.push(previous);
        let len = self.values.len();
        let mut level = 0;
        while len.is_multiple_of(RUN << level) {
            let size = RUN << level;
            let mut run = match level {
                0 => self.previous[len - size..].to_vec(),
                _ => self.runs[level - 1][len - size..].to_vec(),
            };
            // Two sorted halves: the standard library's merge finds and joins them in linear time.
            run.sort();
            if self.runs.len() == level {
                self.runs.push(Vec::new());
            }
            self.runs[level].extend(run);
            level += 1;
        }
    }

    /// Drops all from position `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        while self.values.len() > len {
            let (Some(value), Some(previous)) = (self.values.pop(), self.previous.pop()) else { return };
            match previous.checked_sub(1) {
                Some(before) => self.last.insert(value, before),
                None => self.last.remove(&value),
            };
        }
        for (level, run) in self.runs.iter_mut().enumerate() {
            let size = RUN << level;
            run.truncate(len / size * size);
        }
    }

    /// The number of distinct values at the positions `from..to`.
    pub(crate) fn count(&self, from: usize, to: usize) -> usize {
        let first = |previous: &u32| *previous as usize <= from;
        let (mut at, mut count) = (from, 0);
        while at < to {
            if !at.is_multiple_of(RUN) || at + RUN > to {
                count += usize::from(first(&self.previous[at]));
                at += 1;
                continue;
            }
            let mut level = 0;
            while at.is_multiple_of(RUN << (level + 1)) && at + (RUN << (level + 1)) <= to {
                level += 1;
            }
            let size = RUN << level;
            count += self.runs[level][at..at + size].partition_point(first);
            at += size;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ropeway_stat::Rng;

    use super::{Distinct, Value};
    use crate::kernel::ranges;

    #[test]
    fn counts_like_a_set_while_it_grows_and_shrinks() {
        let mut rng = Rng::new(2);
        let (mut distinct, mut series) = (Distinct::default(), Vec::new());
        for round in 0..120 {
            for _ in 0..rng.below(60) {
                let value = Value::Number(rng.below(1 + round));
                distinct.push(value.clone());
                series.push(value);
            }
            if round % 5 == 0 {
                let keep = ranges::cut(&mut rng, series.len());
                distinct.truncate(keep);
                series.truncate(keep);
            }
            for _ in 0..20 {
                let (from, to) = ranges::range(&mut rng, series.len());
                let expected = series[from..to].iter().collect::<BTreeSet<_>>().len();
                assert_eq!(distinct.count(from, to), expected, "{from}..{to} of {}", series.len());
            }
        }
    }
}
