//! The facts of one key in the order in which they became known, and the window over them.

use std::cmp::Ordering;

use ropeway_vocab::{ColumnType, Span};

use super::series::{Aggregate, Series};
use super::times::Times;
use super::value::Value;
use crate::rule::{Rule, earliest};

/// One fact of a window: when it became known, which row it is, and its value.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub(crate) known_at: i64,
    pub(crate) row: u32,
    pub(crate) value: Value,
}

/// The facts of one key, sorted by known-at, ties by the canonical order of their rows.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    known: Times,
    rows: Vec<u32>,
    series: Series,
}

impl Timeline {
    /// No facts yet; their values will be of the type `of`.
    pub(crate) fn new(aggregate: Aggregate, of: ColumnType) -> Self {
        Self { known: Times::default(), rows: Vec::new(), series: Series::new(aggregate, of) }
    }

    /// Adds facts, which must be sorted as the timeline is. Facts newer than all cost constant time each;
    /// an older one costs the facts after it.
    pub(crate) fn insert(&mut self, facts: Vec<Fact>, order: &impl Fn(u32, u32) -> Ordering) {
        let Some(first) = facts.first() else { return };
        let by_time = |a: (i64, u32), b: (i64, u32)| a.0.cmp(&b.0).then_with(|| order(a.1, b.1));
        let mut place = self.known.count(|known_at| known_at < first.known_at);
        while place < self.known.len()
            && by_time((self.known.get(place), self.rows[place]), (first.known_at, first.row)).is_lt()
        {
            place += 1;
        }
        let late: Vec<Fact> = (place..self.known.len())
            .map(|i| Fact { known_at: self.known.get(i), row: self.rows[i], value: self.series.get(i) })
            .collect();
        self.truncate(place);
        let (mut late, mut new) = (late.into_iter().peekable(), facts.into_iter().peekable());
        while let (Some(old), Some(fact)) = (late.peek(), new.peek()) {
            let old_first = by_time((old.known_at, old.row), (fact.known_at, fact.row)).is_lt();
            let next = if old_first { late.next() } else { new.next() };
            next.into_iter().for_each(|fact| self.push(fact));
        }
        late.chain(new).for_each(|fact| self.push(fact));
    }

    fn push(&mut self, fact: Fact) {
        self.known.push(fact.known_at);
        self.rows.push(fact.row);
        self.series.push(fact.value);
    }

    fn truncate(&mut self, len: usize) {
        self.known.truncate(len);
        self.rows.truncate(len);
        self.series.truncate(len);
    }

    /// The positions of the facts that an example at `at` sees in the span before it.
    fn range(&self, at: i64, over: Span, rule: Rule) -> (usize, usize) {
        let to = self.known.count(|known_at| rule.visible(Some(known_at), at));
        let start = earliest(at, over);
        (self.known.count(|known_at| known_at < start).min(to), to)
    }

    /// The aggregate over the facts that an example at `at` sees; `None` inside where it is missing, and
    /// nothing at all where it sees no fact.
    pub(crate) fn answer(&self, at: i64, over: Span, rule: Rule) -> Option<Option<Value>> {
        let (from, to) = self.range(at, over, rule);
        (from < to).then(|| self.series.answer(from, to))
    }

    /// The rows behind that aggregate, oldest first.
    pub(crate) fn seen(&self, at: i64, over: Span, rule: Rule) -> &[u32] {
        let (from, to) = self.range(at, over, rule);
        &self.rows[from..to]
    }
}
