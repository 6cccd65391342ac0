//! The search: candidates meet folds rung by rung, the best one is finished on all folds, and its scores of rows
//! that it was not trained on are handed on.

use std::sync::atomic::AtomicBool;

use ropeway_vocab::Result;
use serde::{Deserialize, Serialize};

use super::bench::Bench;
use super::race::Race;
use super::record::{TrialLedger, TrialRecord, TuneEvent};
use crate::candidate::CandidateSettings;
use crate::population::Population;
use crate::settings::{LearnSettings, LearnerKind};
use crate::split::Split;

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
    /// The mean of its metric over the folds; absent where it is defined on none.
    pub value: Option<f64>,
    /// All trials, by rung, candidate and fold.
    pub trials: Vec<TrialRecord>,
    /// How many candidates were tried.
    pub candidates: u32,
    /// Its raw score (log-odds) of each validated row, by row, each from the fold that validates it.
    pub out_of_fold: Vec<(u32, f64)>,
    /// Rounds trained by all trials.
    pub rounds_trained: u64,
}

/// Where a search keeps its trials, tells of itself, and is told to stop.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Trials side by side, one thread each.
    pub threads: usize,
    /// What is finished already, and where to keep what gets finished.
    pub ledger: &'a dyn TrialLedger,
    /// Told of rungs and trials, from several threads.
    pub progress: &'a (dyn Fn(TuneEvent) + Sync),
    /// Set to stop.
    pub cancel: &'a AtomicBool,
}

/// Searches the candidates of a learner. The outcome does not depend on the number of threads, nor on what a ledger
/// already held; with a budget of minutes it depends on the decisions that the ledger keeps.
///
/// # Errors
/// Cancellation, what a recipe refuses, or what LightGBM says.
pub fn search(
    learner: LearnerKind,
    population: &Population,
    split: &Split,
    settings: &LearnSettings,
    seed: u64,
    around: Around<'_>,
) -> Result<SearchOutcome> {
    let bench = Bench { learner, population, folds: &split.folds, settings, seed, cancel: around.cancel };
    Race::new(bench, around).run()
}
