//! The profile of a column of texts.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

const TOP: usize = 10;

/// The profile of a column of texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextProfile {
    /// Rows that have a value.
    pub count: u64,
    /// Rows without one.
    pub missing: u64,
    /// Distinct values.
    pub distinct: u64,
    /// The ten most frequent values, most frequent first, then in order of the text.
    pub top: Vec<ValueCount>,
    /// Characters in the shortest value.
    pub shortest: Option<u64>,
    /// Characters in the longest value.
    pub longest: Option<u64>,
}

/// A value and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueCount {
    /// The value.
    pub value: String,
    /// Rows that have it.
    pub count: u64,
}

impl TextProfile {
    /// Looks at every value once. The order of the values does not matter.
    pub fn of<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut missing = 0;
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for value in values {
            match value {
                None => missing += 1,
                Some(value) => *counts.entry(value).or_default() += 1,
            }
        }
        let length = |value: &&str| value.chars().count() as u64;
        let mut ranked: Vec<(&str, u64)> = counts.iter().map(|(value, count)| (*value, *count)).collect();
        ranked.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        Self {
            count: ranked.iter().map(|(_, count)| count).sum(),
            missing,
            distinct: ranked.len() as u64,
            shortest: counts.keys().map(length).min(),
            longest: counts.keys().map(length).max(),
            top: ranked
                .into_iter()
                .take(TOP)
                .map(|(value, count)| ValueCount { value: value.to_owned(), count })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TextProfile;

    #[test]
    fn ranks_by_count_then_by_text() {
        let profile = TextProfile::of([Some("b"), Some("a"), None, Some("éé"), Some("b"), Some("")]);
        assert_eq!((profile.count, profile.missing, profile.distinct), (5, 1, 4));
        assert_eq!((profile.shortest, profile.longest), (Some(0), Some(2)));
        let top: Vec<(&str, u64)> = profile.top.iter().map(|v| (v.value.as_str(), v.count)).collect();
        assert_eq!(top, [("b", 2), ("", 1), ("a", 1), ("éé", 1)]);
    }

    #[test]
    fn a_column_without_values() {
        let profile = TextProfile::of([None]);
        assert_eq!((profile.distinct, profile.shortest, profile.top.len()), (0, None, 0));
    }
}
