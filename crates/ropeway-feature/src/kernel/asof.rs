//! The rows of one key in the order of their as-of time, and the newest of them that an example sees.

use std::cmp::Ordering;

use ropeway_vocab::Span;

use super::times::Times;
use super::tree::BlockTree;
use crate::rule::Rule;

/// One row of a timed lookup.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dated {
    pub(crate) as_of: i64,
    /// When it became known; the least instant for a static row.
    pub(crate) known_at: i64,
    pub(crate) row: u32,
}

/// The rows of one key, sorted by as-of time, then known-at, then canonical order.
#[derive(Debug, Clone, Default)]
pub(crate) struct AsOf {
    as_of: Times,
    rows: Vec<u32>,
    known: BlockTree<i64>,
}

impl AsOf {
    /// Adds rows; those newer than all cost constant time each, an older one the rows after it.
    pub(crate) fn insert(&mut self, mut rows: Vec<Dated>, order: &impl Fn(u32, u32) -> Ordering) {
        let Some(start) = rows.iter().map(|row| row.as_of).min() else { return };
        let place = self.as_of.count(|as_of| as_of < start);
        rows.extend((place..self.as_of.len()).map(|i| Dated {
            as_of: self.as_of.get(i),
            known_at: self.known.leaves()[i],
            row: self.rows[i],
        }));
        rows.sort_by(|a, b| (a.as_of, a.known_at).cmp(&(b.as_of, b.known_at)).then_with(|| order(a.row, b.row)));
        self.as_of.truncate(place);
        self.rows.truncate(place);
        self.known.truncate(place);
        for row in rows {
            self.as_of.push(row.as_of);
            self.rows.push(row.row);
            self.known.push(row.known_at);
        }
    }

    /// The row with the greatest as-of time not after `at`, not older than `within`, and visible by the
    /// rule; ties go to the later known-at, then to the greater canonical order, and whether this last tie
    /// had to be broken.
    pub(crate) fn find(&self, at: i64, within: Option<Span>, rule: Rule) -> Option<(u32, bool)> {
        let to = self.as_of.count(|as_of| as_of <= at);
        let found = self.known.rightmost(to, |known_at| rule.visible(Some(*known_at), at))?;
        let oldest = within.map_or(i64::MIN, |span| at.saturating_sub(span.micros()));
        let time = |i: usize| (self.as_of.get(i), self.known.leaves()[i]);
        let tied = found.checked_sub(1).is_some_and(|before| time(before) == time(found));
        (self.as_of.get(found) >= oldest).then(|| (self.rows[found], tied))
    }
}
