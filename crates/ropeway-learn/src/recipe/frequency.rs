//! A text as the share of the training rows that have it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The shares of levels that occur more than once; one that occurs once is as good as never seen, and has 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    levels: BTreeMap<String, f64>,
}

impl Shares {
    /// Of values that are there; a missing one is in no share and counts among the rows.
    pub fn fit(values: &[Option<&str>]) -> Self {
        let mut counts = BTreeMap::<&str, usize>::new();
        values.iter().flatten().for_each(|value| *counts.entry(value).or_default() += 1);
        let share = |count: usize| count as f64 / values.len() as f64;
        // Once is what a level has that is not kept.
        let kept = counts.into_iter().filter(|(_, count)| *count > 1);
        Self { levels: kept.map(|(level, count)| (level.to_owned(), share(count))).collect() }
    }

    /// The share of a level: 0 where it was seen once or never.
    pub fn of(&self, value: &str) -> f64 {
        self.levels.get(value).copied().unwrap_or(0.0)
    }

    /// Levels with their shares.
    pub fn levels(&self) -> &BTreeMap<String, f64> {
        &self.levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_of_all_rows_and_what_is_new_has_none() {
        let shares = Shares::fit(&[Some("a"), Some("b"), Some("a"), None, Some("c"), Some("a"), Some("b"), None]);
        assert_eq!(["a", "b", "c", "new"].map(|level| shares.of(level)), [0.375, 0.25, 0.0, 0.0]);
    }
}
