//! The `[learn.tune]` section.

use ropeway_vocab::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::out_of_range;

/// How settings are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Every candidate on every fold.
    Random,
    /// All candidates on one fold, the better ones on more folds, the best on all (successive halving).
    #[default]
    Halving,
}

/// The search for settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TuneSettings {
    /// `random` or `halving`.
    pub strategy: Strategy,
    /// Candidates tried for each tuned learner.
    pub trials: u32,
    /// The budget of each learner: when so many minutes are over no trial is begun, and one under way is given up between two
    /// rounds or steps; the best that ended is taken, and of none the constant. The last third is kept for the folds that the best has not
    /// met. What that decided is in the record.
    pub minutes: Option<f64>,
    /// Trials side by side; left out: as many as cores.
    pub threads: Option<usize>,
}

impl Default for TuneSettings {
    fn default() -> Self {
        Self { strategy: Strategy::Halving, trials: 20, minutes: None, threads: None }
    }
}

impl TuneSettings {
    pub(super) fn check(&self) -> Result<()> {
        if self.trials == 0 || self.threads == Some(0) {
            return Err(out_of_range("[learn.tune]", "`trials` and `threads` are at least 1"));
        }
        if self.minutes.is_some_and(|minutes| minutes.is_nan() || minutes <= 0.0) {
            return Err(out_of_range("[learn.tune] minutes", "a budget is more than 0 minutes"));
        }
        Ok(())
    }
}
