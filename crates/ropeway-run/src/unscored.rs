//! Rows of a file to score that get no score: why, how often, and where the first of them stand. Rows in are rows scored
//! and rows not scored, always.

use serde::Serialize;

/// Different reasons that are counted one by one.
const REASONS: usize = 100;
/// Rows that are told one by one.
const FIRST: usize = 5;

/// Why a row is not scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Why {
    /// The column whose value does not fit; none where the row as a whole does not, or an expression fails on it.
    pub(crate) column: Option<String>,
    /// What all such rows have in common.
    pub(crate) reason: String,
    /// The whole of it, with the value unless it is personal.
    pub(crate) what: String,
}

/// A reason, and how many rows have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnscoredReason {
    /// The column whose value does not fit; none where the row as a whole does not, or an expression fails on it.
    pub column: Option<String>,
    /// Why.
    pub reason: String,
    /// Rows that have it.
    pub rows: u64,
    /// The line of the first of them.
    pub first_line: u64,
}

/// The rows that are not scored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Unscored {
    /// How many.
    pub rows: u64,
    /// What their places count: the lines of a text, the rows of a Parquet file.
    pub counted: &'static str,
    /// Why, the most frequent reason first.
    pub reasons: Vec<UnscoredReason>,
    /// The first of them with their lines, as in the column `not_scored`.
    pub first: Vec<String>,
}

impl Unscored {
    /// None so far.
    pub(crate) fn none(counted: &'static str) -> Self {
        Self { counted, ..Self::default() }
    }

    /// Adds a row, and says what its `not_scored` says.
    pub(crate) fn add(&mut self, line: u64, why: &Why) -> String {
        let told = format!("{} {line}: {}", self.counted, why.what);
        self.rows += 1;
        if self.first.len() < FIRST {
            self.first.push(told.clone());
        }
        let same = |known: &&mut UnscoredReason| known.column == why.column && known.reason == why.reason;
        let full = self.reasons.len() > REASONS;
        match self.reasons.iter_mut().find(same) {
            Some(known) => known.rows += 1,
            // The last one stands for all that are not counted one by one.
            None if full => self.reasons.last_mut().into_iter().for_each(|last| last.rows += 1),
            None => {
                let last = self.reasons.len() == REASONS;
                let reason = if last { "other reasons".to_owned() } else { why.reason.clone() };
                let column = why.column.clone().filter(|_| !last);
                self.reasons.push(UnscoredReason { column, reason, rows: 1, first_line: line });
            }
        }
        told
    }

    /// In the order in which they are told.
    pub(crate) fn ordered(mut self) -> Self {
        self.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.rows));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_counted_and_what_is_told_has_a_bound() {
        let mut unscored = Unscored::none("line");
        for row in 0..1_000_u64 {
            let reason = format!("reason {}", if row % 2 == 0 { 7 } else { row });
            let why = Why { column: None, what: reason.clone(), reason };
            unscored.add(row + 2, &why);
        }
        let unscored = unscored.ordered();
        assert_eq!((unscored.rows, unscored.first.len(), unscored.reasons.len()), (1_000, FIRST, REASONS + 1));
        assert_eq!(unscored.reasons.iter().map(|reason| reason.rows).sum::<u64>(), 1_000);
        assert_eq!((unscored.reasons[0].reason.as_str(), unscored.reasons[0].rows), ("reason 7", 501));
        assert_eq!(unscored.first[1], "line 3: reason 1");
    }
}
