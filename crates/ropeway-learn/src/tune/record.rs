//! What a search writes down, so that it can go on where it was interrupted and be followed again.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use ropeway_vocab::Usage;
use serde::{Deserialize, Serialize};

use crate::candidate::CandidateSettings;
use crate::settings::LearnerKind;

/// Which trial: one candidate on one fold. Everything else that matters (rows, features, split, seed, settings of
/// the search) is the business of whoever keeps the ledger: one ledger serves one search of one run step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialKey {
    /// The learner.
    pub learner: LearnerKind,
    /// The candidate, from 0.
    pub index: u32,
    /// The fold, from 0.
    pub fold: u32,
}

/// One finished trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialRecord {
    /// The candidate, from 0.
    pub index: u32,
    /// The fold, from 0.
    pub fold: u32,
    /// The rung of the search that asked for it, from 0; 100 where the budget was spent and the winner was finished.
    pub rung: u32,
    /// What was trained.
    pub settings: CandidateSettings,
    /// The best round; 1 for learners without rounds.
    pub rounds: u32,
    /// Rounds trained, those after the best one too.
    pub rounds_trained: u32,
    /// The metric on the validation rows; absent where it is not defined, for example with one class only.
    pub value: Option<f64>,
    /// What it used.
    pub usage: Usage,
}

impl TrialRecord {
    /// Its key.
    pub fn key(&self) -> TrialKey {
        TrialKey { learner: self.settings.learner(), index: self.index, fold: self.fold }
    }
}

/// What a budget of minutes decided in one rung. A search that finds it follows it and asks no clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The learner.
    pub learner: LearnerKind,
    /// The rung, from 0.
    pub rung: u32,
    /// The trials that were not begun any more.
    pub skipped: Vec<TrialKey>,
}

/// Keeps what a search has finished. Called from several threads.
pub trait TrialLedger: Sync {
    /// The record of a finished trial.
    fn find(&self, key: &TrialKey) -> Option<TrialRecord>;

    /// Keeps a finished trial, with the raw scores (log-odds) of the fold's validation rows in their order.
    fn record(&self, record: &TrialRecord, scores: &[f64]);

    /// The scores kept with a record. A ledger may forget them: those of the winner are then computed again.
    fn scores(&self, key: &TrialKey) -> Option<Vec<f64>>;

    /// The decision kept for a rung.
    fn decision(&self, learner: LearnerKind, rung: u32) -> Option<Decision>;

    /// Keeps what a budget decided.
    fn decide(&self, decision: &Decision);

    /// The time that this search took before now, up to its last finished trial: a budget of minutes counts it.
    fn spent(&self) -> Duration {
        Duration::ZERO
    }
}

/// A ledger in memory.
#[derive(Debug, Default)]
pub struct MemoryLedger(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    trials: BTreeMap<TrialKey, (TrialRecord, Vec<f64>)>,
    decisions: BTreeMap<(LearnerKind, u32), Decision>,
}

impl MemoryLedger {
    fn with<T>(&self, act: impl FnOnce(&mut Kept) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// How many trials it holds.
    pub fn trials(&self) -> usize {
        self.with(|kept| kept.trials.len())
    }
}

impl TrialLedger for MemoryLedger {
    fn find(&self, key: &TrialKey) -> Option<TrialRecord> {
        self.with(|kept| kept.trials.get(key).map(|(record, _)| record.clone()))
    }

    fn record(&self, record: &TrialRecord, scores: &[f64]) {
        self.with(|kept| kept.trials.insert(record.key(), (record.clone(), scores.to_vec())));
    }

    fn scores(&self, key: &TrialKey) -> Option<Vec<f64>> {
        self.with(|kept| kept.trials.get(key).map(|(_, scores)| scores.clone()))
    }

    fn decision(&self, learner: LearnerKind, rung: u32) -> Option<Decision> {
        self.with(|kept| kept.decisions.get(&(learner, rung)).cloned())
    }

    fn decide(&self, decision: &Decision) {
        self.with(|kept| kept.decisions.insert((decision.learner, decision.rung), decision.clone()));
    }
}

/// What a search tells while it runs.
#[derive(Debug, Clone, PartialEq)]
pub enum TuneEvent {
    /// A rung begins: so many candidates, and so many trials in it.
    Rung {
        /// The learner.
        learner: LearnerKind,
        /// From 0.
        rung: u32,
        /// Candidates still in the race.
        candidates: u32,
        /// Trials in this rung.
        trials: u32,
    },
    /// A trial is finished, or was found in the ledger.
    Trial {
        /// The learner.
        learner: LearnerKind,
        /// Its record.
        record: Box<TrialRecord>,
        /// Whether it was found.
        found: bool,
        /// Trials done so far in the search, this one included.
        done: u32,
        /// Trials that the whole search has.
        planned: u32,
    },
    /// The budget of minutes is used up; so many trials of the rung were not begun.
    Budget {
        /// The learner.
        learner: LearnerKind,
        /// From 0.
        rung: u32,
        /// Trials not begun.
        skipped: u32,
    },
}
