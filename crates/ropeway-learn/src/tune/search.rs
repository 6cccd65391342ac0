//! The search: candidates meet folds rung by rung, the best one is finished on all folds, and its scores of rows
//! that it was not trained on are handed on.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use super::bench::{Bench, Trained};
use super::budget::Budget;
use super::cpu::Meter;
use super::crew;
use super::record::{Decision, TrialKey, TrialLedger, TrialRecord, TuneEvent};
use super::schedule::{Rung, schedule};
use super::slots::Slots;
use super::space::candidates;
use crate::boosted::cancelled;
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
    /// The best candidate's settings.
    pub settings: CandidateSettings,
    /// Rounds for the final fit: the mean of its best rounds over the folds.
    pub rounds: u32,
    /// The mean of its metric over the folds; absent where it is defined on none.
    pub value: Option<f64>,
    /// All trials, by rung, candidate and fold.
    pub trials: Vec<TrialRecord>,
    /// How many candidates were tried.
    pub candidates: u32,
    /// The best candidate's raw score (log-odds) of each validated row, by row, each from the fold that validates it.
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
    let candidates = candidates(learner, settings, seed);
    let sizes: Vec<usize> = split.folds.iter().map(|fold| fold.train.len()).collect();
    let rungs = schedule(settings.tune.strategy, candidates.len(), &sizes);
    let planned = rungs.iter().map(|rung| (rung.keep.min(candidates.len()) * rung.folds.len()) as u32).sum();
    let budget = Budget::new(settings.tune.minutes);
    let slots = Slots::new(sizes.len());
    let (done, met, count) = (BTreeMap::new(), Vec::new(), AtomicU32::new(0));
    Race { bench, candidates, sizes, around, budget, planned, done, met, count, slots }.run(&rungs)
}

/// A finished trial; the scores are kept while its candidate can still win.
struct Done {
    record: TrialRecord,
    scores: Option<Vec<f64>>,
}

struct Race<'a> {
    bench: Bench<'a>,
    candidates: Vec<CandidateSettings>,
    sizes: Vec<usize>,
    around: Around<'a>,
    budget: Budget,
    planned: u32,
    done: BTreeMap<(u32, usize), Done>,
    /// Folds that all candidates still in the race have met.
    met: Vec<usize>,
    count: AtomicU32,
    slots: Slots,
}

impl Race<'_> {
    fn run(mut self, rungs: &[Rung]) -> Result<SearchOutcome> {
        let mut alive: Vec<u32> = (0..self.candidates.len() as u32).collect();
        for (number, rung) in (0_u32..).zip(rungs) {
            self.best_first(&mut alive, rung.keep);
            let trials: Vec<(u32, usize)> =
                rung.folds.iter().flat_map(|fold| alive.iter().map(|index| (*index, *fold))).collect();
            (self.around.progress)(TuneEvent::Rung {
                learner: self.bench.learner,
                rung: number,
                of: rungs.len() as u32,
                candidates: alive.len() as u32,
                trials: trials.len() as u32,
            });
            // The first candidate always gets through the first rung, so that there is a winner.
            let skipped = self.meet(number, trials, |index| number == 0 && index == 0)?;
            let through = |index: &u32| rung.folds.iter().all(|fold| self.done.contains_key(&(*index, *fold)));
            // Where the budget lets none through, the figures of the rungs before decide.
            if alive.iter().any(through) {
                alive.retain(through);
                self.met.extend(&rung.folds);
            }
            if !skipped.is_empty() {
                break;
            }
            self.forget_losers(&alive);
        }
        self.best_first(&mut alive, 1);
        let winner = *alive.first().ok_or_else(|| Problem::internal("a search has no candidate"))?;
        self.finish(winner, rungs.len() as u32 - 1)?;
        self.outcome(winner)
    }

    /// Orders candidates by their mean so far and keeps the best; all of them have met the same folds.
    fn best_first(&self, alive: &mut Vec<u32>, keep: usize) {
        let metric = self.bench.settings.metric;
        // A candidate that has no figure comes last; equal ones stay in the order of their index.
        let mut ranked: Vec<(u32, Option<f64>)> = alive.iter().map(|index| (*index, self.mean(*index))).collect();
        ranked.sort_by(|(i, a), (j, b)| {
            let (a, b) = (a.unwrap_or(f64::NAN), b.unwrap_or(f64::NAN));
            match (metric.better(a, b), metric.better(b, a)) {
                (true, _) => std::cmp::Ordering::Less,
                (_, true) => std::cmp::Ordering::Greater,
                _ => i.cmp(j),
            }
        });
        *alive = ranked.into_iter().take(keep.max(1)).map(|(index, _)| index).collect();
    }

    /// Over the folds that every candidate in the race has met, so that means can be compared.
    fn mean(&self, index: u32) -> Option<f64> {
        let met = self.met.iter().filter_map(|fold| self.done.get(&(index, *fold)));
        let values: Vec<f64> = met.filter_map(|done| done.record.value).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }

    /// Lets candidates meet folds, larger folds first; gives the trials that the budget did not allow.
    fn meet(
        &mut self,
        rung: u32,
        mut trials: Vec<(u32, usize)>,
        always: impl Fn(u32) -> bool + Sync,
    ) -> Result<Vec<TrialKey>> {
        trials.retain(|trial| !self.done.contains_key(trial));
        trials.sort_by_key(|(index, fold)| (!always(*index), std::cmp::Reverse(self.sizes[*fold]), *fold, *index));
        trials.iter().for_each(|(_, fold)| self.slots.announce(*fold));
        let learner = self.bench.learner;
        let decided = self.around.ledger.decision(learner, rung);
        let results = crew::work(self.around.threads, &trials, |_, (index, fold)| {
            let key = TrialKey { learner, index: *index, fold: *fold as u32 };
            let skip = match &decided {
                Some(decision) => decision.skipped.contains(&key),
                None => !always(*index) && self.budget.is_spent(),
            };
            let result = if skip { Ok(Err(key)) } else { self.trial(key, rung).map(Ok) };
            self.slots.release(*fold);
            result
        })?;
        let mut skipped = Vec::new();
        for (trial, result) in trials.into_iter().zip(results) {
            match result {
                Ok(done) => {
                    self.done.insert(trial, done);
                }
                Err(key) => skipped.push(key),
            }
        }
        if !skipped.is_empty() {
            skipped.sort_unstable();
            if decided.is_none() {
                self.around.ledger.decide(&Decision { learner, rung, skipped: skipped.clone() });
            }
            (self.around.progress)(TuneEvent::Budget { learner, rung, skipped: skipped.len() as u32 });
        }
        Ok(skipped)
    }

    /// A record of the same candidate in the ledger.
    fn found(&self, index: u32, fold: usize) -> Option<TrialRecord> {
        let key = TrialKey { learner: self.bench.learner, index, fold: fold as u32 };
        let settings = self.candidates.get(index as usize)?;
        self.around.ledger.find(&key).filter(|record| record.settings == *settings && record.key() == key)
    }

    fn trial(&self, key: TrialKey, rung: u32) -> Result<Done> {
        let (index, fold) = (key.index, key.fold as usize);
        let found = self.found(index, fold);
        let was_found = found.is_some();
        let done = match found {
            Some(record) => Done { record, scores: None },
            None => {
                let meter = Meter::start();
                let settings = self.candidates[index as usize].clone();
                let trained = self.trained(index, fold)?;
                let record = TrialRecord {
                    index,
                    fold: key.fold,
                    rung,
                    settings,
                    rounds: trained.rounds,
                    rounds_trained: trained.rounds_trained,
                    value: trained.value,
                    usage: meter.stop(),
                };
                self.around.ledger.record(&record, &trained.scores);
                Done { record, scores: Some(trained.scores) }
            }
        };
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        (self.around.progress)(TuneEvent::Trial {
            learner: key.learner,
            record: Box::new(done.record.clone()),
            found: was_found,
            done: count,
            planned: self.planned.max(count),
        });
        Ok(done)
    }

    fn trained(&self, index: u32, fold: usize) -> Result<Trained> {
        if self.bench.cancelled() {
            return Err(cancelled());
        }
        let prepared = self.slots.get(fold, &self.bench)?;
        self.bench.train(&prepared, index, &self.candidates[index as usize], fold)
    }

    fn forget_losers(&mut self, alive: &[u32]) {
        for ((index, _), done) in &mut self.done {
            if !alive.contains(index) {
                done.scores = None;
            }
        }
    }

    /// Lets the winner meet the folds that it has not met, whatever the budget says, and gets all its scores.
    fn finish(&mut self, winner: u32, rung: u32) -> Result<()> {
        let missing: Vec<(u32, usize)> = (0..self.sizes.len()).map(|fold| (winner, fold)).collect();
        self.meet(rung + 1, missing, |_| true)?;
        let forgotten: Vec<usize> = (0..self.sizes.len())
            .filter(|fold| self.done.get(&(winner, *fold)).is_none_or(|d| d.scores.is_none()))
            .collect();
        forgotten.iter().for_each(|fold| self.slots.announce(*fold));
        let scores = crew::work(self.around.threads, &forgotten, |_, fold| {
            let key = TrialKey { learner: self.bench.learner, index: winner, fold: *fold as u32 };
            let rows = self.bench.folds[*fold].valid.len();
            let scores = match self.around.ledger.scores(&key).filter(|scores| scores.len() == rows) {
                Some(scores) => Ok(scores),
                None => self.trained(winner, *fold).map(|trained| trained.scores),
            };
            self.slots.release(*fold);
            scores
        })?;
        for (fold, scores) in forgotten.into_iter().zip(scores) {
            if let Some(done) = self.done.get_mut(&(winner, fold)) {
                done.scores = Some(scores);
            }
        }
        Ok(())
    }

    fn outcome(mut self, winner: u32) -> Result<SearchOutcome> {
        self.met = (0..self.sizes.len()).collect();
        let value = self.mean(winner);
        let rounds: f64 =
            self.done.range((winner, 0)..=(winner, usize::MAX)).map(|(_, d)| f64::from(d.record.rounds)).sum();
        let rounds = rounds / self.sizes.len() as f64;
        let mut out_of_fold: Vec<(u32, f64)> = Vec::new();
        for (fold, part) in self.bench.folds.iter().enumerate() {
            let scores = self.done.get(&(winner, fold)).and_then(|done| done.scores.as_ref());
            let scores = scores.filter(|scores| scores.len() == part.valid.len());
            let scores = scores.ok_or_else(|| Problem::internal("scores of the best candidate are missing"))?;
            out_of_fold.extend(part.valid.iter().copied().zip(scores.iter().copied()));
        }
        out_of_fold.sort_by_key(|(row, _)| *row);
        let mut trials: Vec<TrialRecord> = self.done.values().map(|done| done.record.clone()).collect();
        trials.sort_by_key(|trial| (trial.rung, trial.index, trial.fold));
        Ok(SearchOutcome {
            learner: self.bench.learner,
            settings: self.candidates[winner as usize].clone(),
            rounds: (rounds.round() as u32).max(1),
            value,
            candidates: self.candidates.len() as u32,
            rounds_trained: trials.iter().map(|trial| u64::from(trial.rounds_trained)).sum(),
            trials,
            out_of_fold,
        })
    }
}
