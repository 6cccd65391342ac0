//! The settings of one candidate: what a trial was trained with, and what the final fit repeats.

use serde::{Deserialize, Serialize};

use crate::recipe::RecipeKind;
use crate::settings::{LearnerKind, NumberLoss, TargetTransform};

/// A learner with its settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "learner")]
pub enum CandidateSettings {
    /// The constant.
    Baseline,
    /// A linear model.
    Linear(LinearCandidate),
    /// Boosted trees.
    Boosted(BoostedCandidate),
}

impl CandidateSettings {
    /// Its learner.
    pub const fn learner(&self) -> LearnerKind {
        match self {
            Self::Baseline => LearnerKind::Baseline,
            Self::Linear(_) => LearnerKind::Linear,
            Self::Boosted(_) => LearnerKind::Boosted,
        }
    }

    /// What it learns of labels.
    pub const fn transform(&self) -> TargetTransform {
        match self {
            Self::Baseline => TargetTransform::Identity,
            Self::Linear(linear) => linear.transform,
            Self::Boosted(boosted) => boosted.transform,
        }
    }
}

/// One penalty of a linear model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinearCandidate {
    /// Penalty beside the sum of log losses; 1/C of scikit-learn.
    pub strength: f64,
    /// Share of L1 in the penalty, 0 to 1.
    pub l1_ratio: f64,
    /// What errors of a number cost in training; none where the label is a class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<NumberLoss>,
    /// What the label is learned as.
    #[serde(default, skip_serializing_if = "TargetTransform::is_identity")]
    pub transform: TargetTransform,
    /// Whether numbers that are far skewed are learned as their logarithms.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub logarithms: bool,
}

impl LinearCandidate {
    /// How its rows are prepared.
    pub const fn recipe(&self) -> RecipeKind {
        if self.logarithms { RecipeKind::LinearOfLogarithms } else { RecipeKind::Linear }
    }
}

/// One point of the space of boosted trees. The names are LightGBM's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoostedCandidate {
    /// Step of each tree.
    pub learning_rate: f64,
    /// Leaves of a tree.
    pub num_leaves: u32,
    /// Fewest rows of a leaf.
    pub min_data_in_leaf: u32,
    /// Share of the features that a tree sees.
    pub feature_fraction: f64,
    /// Share of the rows that a tree sees.
    pub bagging_fraction: f64,
    /// L1 penalty.
    pub lambda_l1: f64,
    /// L2 penalty.
    pub lambda_l2: f64,
    /// Most bins of a feature.
    pub max_bin: u32,
    /// What errors of a number cost in training; none where the label is a class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<NumberLoss>,
    /// What the label is learned as.
    #[serde(default, skip_serializing_if = "TargetTransform::is_identity")]
    pub transform: TargetTransform,
}
