//! The `[recipe]` section: how features are prepared, where that is not to be left to the learners.

use indexmap::IndexMap;
use ropeway_vocab::{ColumnType, Problem, Result, nearest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::out_of_range;

/// Most buckets of words that can be asked for.
pub const MOST_BUCKETS_OF_WORDS: u32 = 4_096;

/// What stands for a missing value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Impute {
    /// Of numbers: the median of the training rows.
    Median,
    /// Of numbers: their mean.
    Mean,
    /// Their most frequent value; of several the smallest, or the first in alphabetical order.
    Mode,
    /// This number or text.
    Constant(Filler),
}

/// A number or a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a number or a text")]
pub enum Filler {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// Between which bounds numbers are held.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Clip {
    /// None.
    None,
    /// This quantile of the training rows and its opposite: 0.01 is from 1% to 99%.
    Quantile(f64),
    /// So many interquartile ranges below the first quartile and above the third; 1.5 is Tukey's.
    Iqr(f64),
    /// So many standard deviations around the mean.
    ZScore(f64),
}

/// In which units numbers are learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// As they are.
    None,
    /// Mean 0, standard deviation 1.
    Standard,
    /// Median 0, interquartile range 1.
    Robust,
    /// From 0 to 1.
    MinMax,
}

/// How a text becomes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Encode {
    /// A column for each frequent level, 1 where it is the row's.
    OneHot,
    /// The position of the level in alphabetical order.
    Ordinal,
    /// The share of the training rows that have the level.
    Frequency,
    /// Levels fall into `buckets` by their hash.
    Hashing,
    /// The words of free text fall into `buckets` by their hash, and are counted.
    Words,
}

/// Which parts of a date are learned from, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dates {
    /// Year, month, day, weekday, hour and minute.
    Calendar,
    /// The year, and a place on a circle for each of the others, so that December lies beside January.
    Cyclic,
}

/// Steps of a kind of feature or of one feature. What is left out is as the learner likes it best.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Steps {
    /// Of numbers: `"median"`, `"mean"`, `"mode"` or `{ constant = 0 }`; of text: `"mode"` or `{ constant = "none" }`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impute: Option<Impute>,
    /// Of numbers: `"none"`, `{ quantile = 0.01 }`, `{ iqr = 1.5 }` or `{ z_score = 3 }`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clip: Option<Clip>,
    /// Of numbers: `"none"`, `"standard"`, `"robust"` or `"min_max"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
    /// Of text: `"one_hot"`, `"ordinal"`, `"frequency"`, `"hashing"` or `"words"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encode: Option<Encode>,
    /// Of text with `hashing` (2 to 253, 64 where it is not said) or `words` (2 to 4096; where it is not said 65536, of which those have
    /// a column that words of most training rows fall into, and of three at least: up to 1024 for trees and 512 for linear models).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buckets: Option<u32>,
    /// Of dates and times: `"calendar"` or `"cyclic"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<Dates>,
}

/// How features are prepared. Everything that is learned for it is learned from training rows alone.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RecipeSettings {
    /// Steps of all features that are numbers or yes and no.
    #[serde(skip_serializing_if = "is_default")]
    pub number: Steps,
    /// Steps of all features that are text.
    #[serde(skip_serializing_if = "is_default")]
    pub text: Steps,
    /// Steps of all features that are dates or times.
    #[serde(skip_serializing_if = "is_default")]
    pub date: Steps,
    /// Steps of single features by name, before those of their kind.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub feature: IndexMap<String, Steps>,
}

fn is_default(steps: &Steps) -> bool {
    *steps == Steps::default()
}

impl Steps {
    /// Into how many buckets levels fall.
    pub fn level_buckets(&self) -> u32 {
        self.buckets.unwrap_or(64)
    }

    fn or(self, other: &Self) -> Self {
        let buckets = if self.encode.is_some() { self.buckets } else { self.buckets.or(other.buckets) };
        Self {
            impute: self.impute.or_else(|| other.impute.clone()),
            clip: self.clip.or(other.clip),
            scale: self.scale.or(other.scale),
            encode: self.encode.or(other.encode),
            buckets,
            dates: self.dates.or(other.dates),
        }
    }

    /// The steps that are set, by name, each with the kinds of feature that it is for.
    fn set(&self) -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
        let imputed: &[&str] = match &self.impute {
            Some(Impute::Mode) => &[NUMBER, TEXT],
            Some(Impute::Constant(Filler::Text(_))) => &[TEXT],
            _ => &[NUMBER],
        };
        let all = [
            ("impute", imputed, self.impute.is_some()),
            ("clip", &[NUMBER], self.clip.is_some()),
            ("scale", &[NUMBER], self.scale.is_some()),
            ("encode", &[TEXT], self.encode.is_some()),
            ("buckets", &[TEXT], self.buckets.is_some()),
            ("dates", &[DATE], self.dates.is_some()),
        ];
        all.into_iter().filter(|(_, _, set)| *set).map(|(step, kinds, _)| (step, kinds))
    }

    fn check(&self, section: &str) -> Result<()> {
        let positive = |x: f64| x > 0.0 && x.is_finite();
        let clip = match self.clip {
            None | Some(Clip::None) => true,
            Some(Clip::Quantile(share)) => share > 0.0 && share < 0.5,
            Some(Clip::Iqr(times) | Clip::ZScore(times)) => positive(times),
        };
        let most = match self.encode {
            Some(Encode::Words) => MOST_BUCKETS_OF_WORDS,
            _ => 253,
        };
        let checks = [
            (
                "impute",
                match &self.impute {
                    Some(Impute::Constant(Filler::Number(x))) => x.is_finite(),
                    Some(Impute::Constant(Filler::Text(text))) => !text.is_empty(),
                    _ => true,
                },
                "a finite number, or a text that is not empty, as its constant".to_owned(),
            ),
            ("clip", clip, "a quantile between 0 and 0.5, or a positive multiple".to_owned()),
            ("buckets", self.buckets.is_none_or(|n| (2..=most).contains(&n)), format!("from 2 to {most}")),
        ];
        if let Some((key, _, remedy)) = checks.iter().find(|(_, holds, _)| !holds) {
            return Err(out_of_range(&format!("[{section}] {key}"), remedy));
        }
        Ok(())
    }

    fn check_kind(&self, section: &str, kind: &'static str) -> Result<()> {
        let Some((step, own)) = self.set().find(|(_, own)| !own.contains(&kind)) else { return Ok(()) };
        let so = if step == "impute" { ", as it is set," } else { "" };
        let what = format!("`{step}` in `[{section}]` is{so} a step of {}, and this is of {kind}", own.join(" and "));
        let section = section_of(own.first().copied().unwrap_or_default());
        let remedy = match (step, kind) {
            ("impute", TEXT) => {
                "take `\"mode\"` or `{ constant = \"none\" }`, or set it in `[recipe.number]`".to_owned()
            }
            _ => format!("take it out, or set it in `[recipe.{section}]`"),
        };
        Err(Problem::invalid("recipe-step", what).remedy(remedy))
    }
}

const NUMBER: &str = "numbers";
const TEXT: &str = "text";
const DATE: &str = "dates and times";

fn section_of(kind: &str) -> &'static str {
    match kind {
        NUMBER => "number",
        TEXT => "text",
        _ => "date",
    }
}

fn kind_of(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Boolean | ColumnType::Integer | ColumnType::Float => NUMBER,
        ColumnType::Text => TEXT,
        ColumnType::Date | ColumnType::Timestamp => DATE,
    }
}

impl RecipeSettings {
    /// The steps that are set for a feature: its own, then those of its kind.
    pub fn of(&self, name: &str, ty: ColumnType) -> Steps {
        let kind = match kind_of(ty) {
            NUMBER => &self.number,
            TEXT => &self.text,
            _ => &self.date,
        };
        self.feature.get(name).cloned().unwrap_or_default().or(kind)
    }

    /// How many of these features are texts whose words fall into as many buckets as nobody says.
    pub fn words_without_buckets<'a>(&self, features: impl Iterator<Item = (&'a str, ColumnType)>) -> usize {
        let of = |(name, ty): &(&str, ColumnType)| {
            let steps = self.of(name, *ty);
            *ty == ColumnType::Text && steps.encode == Some(Encode::Words) && steps.buckets.is_none()
        };
        features.filter(of).count()
    }

    /// Refuses what cannot be done, whatever the features are.
    ///
    /// # Errors
    /// A number out of its range, or a step of another kind of feature, with the key and the remedy.
    pub fn check(&self) -> Result<()> {
        for (kind, steps) in [(NUMBER, &self.number), (TEXT, &self.text), (DATE, &self.date)] {
            let section = format!("recipe.{}", section_of(kind));
            steps.check(&section)?;
            steps.check_kind(&section, kind)?;
        }
        // How many buckets there may be follows from the encoding, which may be that of all texts.
        self.feature.iter().try_for_each(|(name, steps)| {
            Steps { encode: steps.encode.or(self.text.encode), ..steps.clone() }.check(&section_for(name))
        })
    }

    /// Refuses steps of features that there are not, and steps of another kind.
    ///
    /// # Errors
    /// The name or the step, with the nearest name or the remedy.
    pub fn check_features<'a>(&self, features: impl Iterator<Item = (&'a str, ColumnType)> + Clone) -> Result<()> {
        for (name, steps) in &self.feature {
            let Some((_, ty)) = features.clone().find(|(feature, _)| feature == name) else {
                let what = format!("`[{}]` is for a feature that there is not", section_for(name));
                let problem = Problem::invalid("unknown-feature", what);
                return Err(match nearest(name, features.map(|(feature, _)| feature)) {
                    Some(near) => problem.remedy(format!("did you mean `{near}`?")),
                    None => problem.remedy("take it out, or name a feature of `[features]`"),
                });
            };
            steps.check_kind(&section_for(name), kind_of(ty))?;
        }
        Ok(())
    }
}

fn section_for(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') && !name.is_empty();
    if plain { format!("recipe.feature.{name}") } else { format!("recipe.feature.{name:?}") }
}
