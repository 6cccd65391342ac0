//! The `[split]` section.

use ropeway_vocab::{Instant, Problem, Result, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How labelled examples are parted into holdout and folds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SplitSettings {
    /// The columns whose values together name a group: rows of one stand on one side. Where they are named here, holdout and
    /// folds are by group without a `by` of their own. Any column of the examples' table, or a feature; one that is neither
    /// key nor request serves the split alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group: Vec<String>,
    /// The part that is kept aside until `ropeway run --final`.
    pub holdout: HoldoutSettings,
    /// The validation folds of the rest.
    pub folds: FoldSettings,
}

/// By what rows are parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SplitBy {
    /// Later examples validate, earlier ones train; of these are left out whose labels were not known yet.
    Time,
    /// At random, each part with the same share of each class.
    Random,
    /// Whole groups stay in one part.
    Group,
}

/// The holdout.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HoldoutSettings {
    /// Left out: by group where `[split]` names a `group`, by time where examples have a prediction time, else at random.
    pub by: Option<SplitBy>,
    /// Share of the labelled examples, between 0 and 1; left out: 0.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// In place of a share, with `by = "time"`: the holdout begins here, for example `2024-07-01` or `2024-07-01T06:00:00Z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// With `by = "time"`: nothing is trained on in this span before the holdout begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub gap: Option<Span>,
    /// With `by = "group"`: the columns whose values together are the group; left out: `group` of `[split]`.
    pub group: Vec<String>,
}

impl HoldoutSettings {
    /// The share of the labelled examples.
    pub fn share(&self) -> f64 {
        self.share.unwrap_or(0.2)
    }

    /// When the holdout begins, where it is said.
    ///
    /// # Errors
    /// A text that is no time, or a share beside it.
    pub fn from(&self) -> Result<Option<Instant>> {
        let Some(text) = &self.from else { return Ok(None) };
        if self.share.is_some() {
            return Err(Problem::invalid("split", "`[split] holdout` has a `share` and a `from`")
                .remedy("keep the one that says where the holdout begins, and leave the other out"));
        }
        Instant::or_day(text).map(Some).map_err(|problem| {
            let what = format!("`from` of `[split] holdout` is `{text}`, which is no time");
            Problem::invalid("split", what).remedy(problem.advice().unwrap_or_default())
        })
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
    /// With `by = "time"`: nothing is trained on in this span before a fold's validation begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub gap: Option<Span>,
    /// With `by = "time"`: a fold trains on this span alone, before its validation (and its gap) begins, and not on all that
    /// was before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub window: Option<Span>,
    /// With `by = "group"`: the group columns; left out: as the holdout.
    pub group: Vec<String>,
}

impl Default for FoldSettings {
    fn default() -> Self {
        Self { by: None, count: 5, gap: None, window: None, group: Vec::new() }
    }
}

impl SplitSettings {
    /// The columns that make the group, empty when nothing is parted by group.
    ///
    /// # Errors
    /// Parting by group without naming columns, or two different groups.
    pub fn group_columns(&self) -> Result<&[String]> {
        let (holdout, folds) = self.resolved(false);
        if holdout != SplitBy::Group && folds != SplitBy::Group {
            return Ok(&[]);
        }
        let mut named = [&self.group, &self.holdout.group, &self.folds.group].into_iter().filter(|own| !own.is_empty());
        let Some(first) = named.next() else {
            return Err(Problem::invalid("split-group", "a split by group names no group")
                .remedy("add the columns that make the group, for example group = [\"customer\"]"));
        };
        if named.any(|other| other != first) {
            return Err(Problem::invalid("split-group", "holdout and folds name different groups")
                .remedy("name the columns of the group once, as `group` of `[split]`"));
        }
        Ok(first)
    }

    /// Refuses what only a split by time has where there is none, and a `from` that cannot be read.
    ///
    /// # Errors
    /// Names the key and the remedy.
    pub fn check(&self, timed: bool) -> Result<()> {
        self.holdout.from()?;
        let (holdout, folds) = self.resolved(timed);
        if !self.group.is_empty() && holdout != SplitBy::Group && folds != SplitBy::Group {
            let what = "`[split]` names a `group`, and neither holdout nor folds are parted by it";
            return Err(Problem::invalid("split", what)
                .remedy("leave `by` of `holdout` and `folds` out, or write by = \"group\"; or leave `group` out"));
        }
        let of_time = [
            ("holdout", "from", self.holdout.from.is_some(), holdout),
            ("holdout", "gap", self.holdout.gap.is_some(), holdout),
            ("folds", "gap", self.folds.gap.is_some(), folds),
            ("folds", "window", self.folds.window.is_some(), folds),
        ];
        match of_time.into_iter().find(|(.., given, by)| *given && *by != SplitBy::Time) {
            Some((part, key, ..)) => Err(Problem::invalid(
                "split",
                format!("`{key}` of `[split] {part}` needs a split by time, and {part} is parted otherwise"),
            )
            .remedy(format!("leave `{key}` out, or part by time: by = \"time\" with `at` in [examples]"))),
            None => Ok(()),
        }
    }

    fn folds_by(&self) -> Option<SplitBy> {
        self.folds.by.or(self.holdout.by)
    }

    /// By what the holdout and the folds are parted, for examples with or without a prediction time.
    pub fn resolved(&self, timed: bool) -> (SplitBy, SplitBy) {
        let usual = match (self.group.is_empty(), timed) {
            (false, _) => SplitBy::Group,
            (true, true) => SplitBy::Time,
            (true, false) => SplitBy::Random,
        };
        (self.holdout.by.unwrap_or(usual), self.folds_by().unwrap_or(usual))
    }
}
