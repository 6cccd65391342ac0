//! A text as the share of the training rows that have it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::counted::Counted;

/// The shares of levels that occur more than once; one that occurs once is as good as never seen, and has 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    levels: BTreeMap<String, f64>,
}

impl Shares {
    /// Of values that are there; a missing one is in no share and counts among the rows.
    pub fn fit(values: &[Option<&str>], rows: &Counted<'_>) -> Self {
        let mut counts = BTreeMap::<&str, f64>::new();
        for (place, value) in values.iter().enumerate() {
            let Some(value) = value else { continue };
            *counts.entry(value).or_default() += rows.of(place);
        }
        let total = rows.total();
        let share = |count: f64| count / total;
        // Once is what a level has that is not kept.
        let told = counts.into_iter().map(|(level, count)| (level, rows.told(count)));
        let kept = told.filter(|(_, count)| *count > 1.0);
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
        let values = [Some("a"), Some("b"), Some("a"), None, Some("c"), Some("a"), Some("b"), None];
        let rows: Vec<u32> = (0..8).collect();
        let shares = Shares::fit(&values, &Counted::new(&rows, None));
        assert_eq!(["a", "b", "c", "new"].map(|level| shares.of(level)), [0.375, 0.25, 0.0, 0.0]);
        let once = Shares::fit(&values[3..5], &Counted::new(&rows[..2], Some(&[1.0, 3.0])));
        assert_eq!(once.of("c"), 0.75, "as much as rows count");
    }
}
