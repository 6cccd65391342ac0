//! The sections of the learners: `[learn.linear]` and `[learn.boosted]`.

use ropeway_vocab::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::out_of_range;

/// What errors of a number cost while a learner is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberLoss {
    /// Their squares.
    Squared,
    /// Their squares when small, their size when large (linear models).
    Huber,
    /// Their size (boosted trees).
    Absolute,
    /// Their size as a share of the label (boosted trees).
    Relative,
}

/// The settings tried for linear models: each strength with each mixture, of numbers with each loss.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LinearSettings {
    /// Penalty beside the sum of losses; 1/C of scikit-learn's logistic regression. Numbers are learned in units of their
    /// standard deviation.
    pub strength: Vec<f64>,
    /// Share of L1 in the penalty: 0 is ridge, 1 is lasso, between is elastic net.
    pub l1_ratio: Vec<f64>,
    /// With `task = "regression"`: `squared` or `huber`, which outliers pull at less. Default: `["squared"]`.
    #[serde(skip_serializing_if = "is_squared")]
    pub loss: Vec<NumberLoss>,
}

fn is_squared(loss: &Vec<NumberLoss>) -> bool {
    *loss == [NumberLoss::Squared]
}

impl Default for LinearSettings {
    fn default() -> Self {
        Self { strength: vec![0.1, 1.0, 10.0, 100.0], l1_ratio: vec![0.0], loss: vec![NumberLoss::Squared] }
    }
}

impl LinearSettings {
    pub(super) fn check(&self) -> Result<()> {
        if self.strength.is_empty() || self.strength.iter().any(|s| !(s.is_finite() && *s >= 0.0)) {
            return Err(out_of_range("[learn.linear] strength", "name one or more finite numbers, 0 or more"));
        }
        if self.l1_ratio.is_empty() || self.l1_ratio.iter().any(|r| !(0.0..=1.0).contains(r)) {
            return Err(out_of_range("[learn.linear] l1_ratio", "name one or more numbers from 0 to 1"));
        }
        let linear = |loss: &NumberLoss| matches!(loss, NumberLoss::Squared | NumberLoss::Huber);
        if self.loss.is_empty() || !self.loss.iter().all(linear) {
            return Err(out_of_range("[learn.linear] loss", "name \"squared\", \"huber\" or both"));
        }
        Ok(())
    }
}

/// A range of numbers, `[low, high]`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FloatRange(pub f64, pub f64);

/// A range of whole numbers, `[low, high]`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IntegerRange(pub u32, pub u32);

/// The ranges searched for boosted trees. The names are LightGBM's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BoostedSettings {
    /// Step of each tree, searched on a log scale.
    pub learning_rate: FloatRange,
    /// Leaves of a tree, searched on a log scale.
    pub num_leaves: IntegerRange,
    /// Fewest rows of a leaf, searched on a log scale.
    pub min_data_in_leaf: IntegerRange,
    /// Share of the features that a tree sees.
    pub feature_fraction: FloatRange,
    /// Share of the rows that a tree sees.
    pub bagging_fraction: FloatRange,
    /// L1 penalty, searched on a log scale.
    pub lambda_l1: FloatRange,
    /// L2 penalty, searched on a log scale.
    pub lambda_l2: FloatRange,
    /// Most rounds trained.
    pub rounds: u32,
    /// Stop when the metric has not improved for this many rounds.
    pub early_stopping: u32,
    /// Most bins of a feature.
    pub max_bin: u32,
}

impl Default for BoostedSettings {
    fn default() -> Self {
        Self {
            learning_rate: FloatRange(0.03, 0.3),
            num_leaves: IntegerRange(8, 256),
            min_data_in_leaf: IntegerRange(5, 200),
            feature_fraction: FloatRange(0.5, 1.0),
            bagging_fraction: FloatRange(0.5, 1.0),
            lambda_l1: FloatRange(1e-3, 10.0),
            lambda_l2: FloatRange(1e-3, 10.0),
            rounds: 1000,
            early_stopping: 30,
            max_bin: 255,
        }
    }
}

impl BoostedSettings {
    pub(super) fn check(&self) -> Result<()> {
        let positive = |r: FloatRange| r.0 > 0.0 && r.0 <= r.1 && r.1.is_finite();
        let share = |r: FloatRange| positive(r) && r.1 <= 1.0;
        let whole = |r: IntegerRange, least: u32| r.0 >= least && r.0 <= r.1;
        let checks = [
            ("learning_rate", positive(self.learning_rate), "[low, high] with 0 < low <= high"),
            ("num_leaves", whole(self.num_leaves, 2) && self.num_leaves.1 <= 131_072, "[low, high] from 2 to 131072"),
            ("min_data_in_leaf", whole(self.min_data_in_leaf, 1), "[low, high] with 1 <= low <= high"),
            ("feature_fraction", share(self.feature_fraction), "[low, high] with 0 < low <= high <= 1"),
            ("bagging_fraction", share(self.bagging_fraction), "[low, high] with 0 < low <= high <= 1"),
            ("lambda_l1", positive(self.lambda_l1), "[low, high] with 0 < low <= high"),
            ("lambda_l2", positive(self.lambda_l2), "[low, high] with 0 < low <= high"),
            ("rounds", self.rounds >= 1, "at least 1"),
            ("early_stopping", self.early_stopping >= 1, "at least 1"),
            ("max_bin", (2..=65_535).contains(&self.max_bin), "from 2 to 65535"),
        ];
        match checks.iter().find(|(_, holds, _)| !holds) {
            Some((key, _, remedy)) => Err(out_of_range(&format!("[learn.boosted] {key}"), remedy)),
            None => Ok(()),
        }
    }
}
