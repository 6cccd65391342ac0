//! What a search found.

use serde::{Deserialize, Serialize};

use super::record::TrialRecord;
use crate::candidate::CandidateSettings;
use crate::scored::Scored;
use crate::settings::LearnerKind;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchOutcome {
    /// The learner.
    pub learner: LearnerKind,
    /// The chosen candidate's settings: the best, or the simplest that the folds cannot tell from it.
    pub settings: CandidateSettings,
    /// Rounds for the final fit: the mean of its best rounds over the folds, weighted by their training rows.
    pub rounds: u32,
    /// The seed of boosting that all its trials had. The final fit has it too: which rows and columns are drawn makes
    /// the scale of raw scores, and calibration and threshold stand on those out of fold.
    pub seed: u32,
    /// The mean of its metric over the folds; absent where it is defined on none.
    pub value: Option<f64>,
    /// All trials, by rung, candidate and fold.
    pub trials: Vec<TrialRecord>,
    /// How many candidates were tried.
    pub candidates: u32,
    /// Trials of the race that its budget of minutes did not allow; those that they would have led to are not counted.
    pub skipped: u32,
    /// Its raw scores of each validated row, by row, each from the fold that validates it, after `rounds`
    /// rounds in every fold: what the final fit would say of the row if it had the fold's training rows alone.
    pub out_of_fold: Scored,
    /// The same from the candidate and the number of rounds that the other folds choose, of the rows of the folds that figures
    /// are measured on: the figures of what a fold helped to choose are too good on it.
    pub measured: Scored,
    /// Rounds trained by all trials, and to score the folds whose best round was another.
    pub rounds_trained: u64,
}
