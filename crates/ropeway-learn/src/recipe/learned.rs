//! What the steps of a recipe learned, to be shown.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::date_part::DatePart;
use super::levels::Levels;
use super::number::Number;
use super::reading::Reading;

/// What one step learned of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// The step, for example `one_hot` or `impute, clip, scale`.
    pub step: String,
    /// What it learned, by name; empty where there was nothing to learn.
    pub learned: Value,
    /// Whether that holds values of the feature, which a personal one keeps to itself.
    #[serde(skip)]
    pub of_values: bool,
}

/// What one step learned, and of which feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearnedStep {
    /// The feature.
    pub feature: String,
    /// The step.
    #[serde(flatten)]
    pub learned: Learned,
}

impl Learned {
    pub(super) fn new(step: &str, learned: Value, of_values: bool) -> Self {
        Self { step: step.to_owned(), learned, of_values }
    }

    /// Keeps what it learned to itself.
    pub fn hide(&mut self) {
        self.learned = json!({ "personal": true });
    }

    /// A number for a linear model.
    pub fn number(number: &Number) -> Self {
        let (fill, bounds, (centre, spread)) = number.learned();
        let mut learned = json!({ "missing_is": fill, "centre": centre, "spread": spread });
        if let Some(unit) = number.logarithm_of() {
            learned["logarithm_of_1_plus_multiples_of"] = json!(unit);
        }
        if let Some((low, high)) = bounds {
            learned["low"] = json!(low);
            learned["high"] = json!(high);
        }
        Self::new("number", learned, true)
    }

    /// A number as it is.
    pub fn as_it_is() -> Self {
        Self::new("as it is", json!({}), false)
    }

    /// An indicator of missing values.
    pub fn missing() -> Self {
        Self::new("missing", json!({}), false)
    }

    /// A part of a date, by its values where it is one-hot.
    pub fn part(part: DatePart, known: &[i64]) -> Self {
        let learned = if known.is_empty() { json!({ "part": part }) } else { json!({ "part": part, "values": known }) };
        Self::new("calendar", learned, false)
    }

    /// Levels of a text.
    pub fn levels(step: &str, levels: &Levels, missing: bool) -> Self {
        let learned = json!({ "levels": levels.names(), "rare": levels.pooled(), "missing": missing });
        Self::new(step, learned, true)
    }

    /// Levels by their hash.
    pub fn buckets(buckets: u32) -> Self {
        Self::new("hashing", json!({ "buckets": buckets }), false)
    }

    /// Words by their hash.
    pub fn words(buckets: u32) -> Self {
        Self::new("words", json!({ "buckets": buckets }), false)
    }
}

impl Reading {
    /// What it learned.
    pub fn learned(&self) -> Learned {
        match self {
            Self::Part(part) => Learned::part(*part, &[]),
            Self::Wave(wave) => Learned::new("cyclic", json!(wave), false),
            Self::Ordinal(levels) => Learned::new("ordinal", json!({ "levels": levels.names() }), true),
            Self::Frequency(shares) => Learned::new("frequency", json!({ "shares": shares.levels() }), true),
        }
    }
}
