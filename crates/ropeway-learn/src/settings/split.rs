//! The `[split]` section.

use ropeway_vocab::{Problem, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How labelled examples are parted into holdout and folds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SplitSettings {
    /// The part that is kept aside until `ropeway run --final`.
    pub holdout: HoldoutSettings,
    /// The validation folds of the rest.
    pub folds: FoldSettings,
}

/// By what rows are parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SplitBy {
    /// Later examples validate, earlier ones train; labels not yet known are purged.
    Time,
    /// At random, each part with the same share of each class.
    Random,
    /// Whole groups stay in one part.
    Group,
}

/// The holdout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HoldoutSettings {
    /// Left out: by time where examples have a prediction time, else at random.
    pub by: Option<SplitBy>,
    /// Share of the labelled examples, between 0 and 1.
    pub share: f64,
    /// With `by = "group"`: the columns whose values together are the group. Each is a key or request column of `[examples]`,
    /// or a feature; a column that tells groups apart and is to be no feature belongs to the key.
    pub group: Vec<String>,
}

impl Default for HoldoutSettings {
    fn default() -> Self {
        Self { by: None, share: 0.2, group: Vec::new() }
    }
}

/// The folds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FoldSettings {
    /// Left out: as the holdout.
    pub by: Option<SplitBy>,
    /// Number of folds, at least 2.
    pub count: u32,
    /// With `by = "group"`: the group columns; left out: as the holdout.
    pub group: Vec<String>,
}

impl Default for FoldSettings {
    fn default() -> Self {
        Self { by: None, count: 5, group: Vec::new() }
    }
}

impl SplitSettings {
    /// The columns that make the group, empty when nothing is parted by group.
    ///
    /// # Errors
    /// Parting by group without naming columns, or two different groups.
    pub fn group_columns(&self) -> Result<&[String]> {
        let (holdout, folds) = (self.holdout.by == Some(SplitBy::Group), self.folds_by() == Some(SplitBy::Group));
        if !holdout && !folds {
            return Ok(&[]);
        }
        let named = match (self.holdout.group.is_empty(), self.folds.group.is_empty()) {
            (false, true) => &self.holdout.group,
            (true, false) => &self.folds.group,
            (false, false) if self.holdout.group == self.folds.group => &self.holdout.group,
            (false, false) => {
                return Err(Problem::invalid("split-group", "holdout and folds name different groups")
                    .remedy("name the same columns in `group` of `[split] holdout` and `folds`"));
            }
            (true, true) => {
                return Err(Problem::invalid("split-group", "a split by group names no group")
                    .remedy("add the columns that make the group, for example group = [\"customer\"]"));
            }
        };
        Ok(named)
    }

    fn folds_by(&self) -> Option<SplitBy> {
        self.folds.by.or(self.holdout.by)
    }

    /// By what the holdout and the folds are parted, for examples with or without a prediction time.
    pub fn resolved(&self, timed: bool) -> (SplitBy, SplitBy) {
        let usual = if timed { SplitBy::Time } else { SplitBy::Random };
        (self.holdout.by.unwrap_or(usual), self.folds_by().unwrap_or(usual))
    }
}
