//! Trials of a search: which are begun, when each of them ends, and what is kept of it.

use std::cmp::Reverse;
use std::sync::atomic::Ordering;
use std::time::Instant;

use ropeway_vocab::Result;

use super::bench::{Trained, Until};
use super::cpu::Meter;
use super::crew;
use super::race::{Done, FINISH, Race};
use super::record::{Decision, TrialKey, TrialRecord, TuneEvent};
use crate::settings::LearnerKind;
use crate::stop::{Stop, is_time_over};

/// The part of the minutes in which candidates race, unless they have met all folds when they end: the rest is kept for the folds
/// that the winner has not met.
const RACE: f64 = 2.0 / 3.0;

impl Race<'_> {
    /// Lets candidates meet folds, larger folds first; gives the trials that the budget did not allow, or let end.
    pub(super) fn meet(
        &mut self,
        rung: u32,
        mut trials: Vec<(u32, usize)>,
        always: impl Fn(u32) -> bool + Sync,
    ) -> Result<Vec<TrialKey>> {
        trials.retain(|trial| !self.done.contains_key(trial));
        trials.sort_by_key(|(index, fold)| (Reverse(self.sizes[*fold]), *fold, *index));
        trials.iter().for_each(|(_, fold)| self.slots.announce(*fold));
        let learner = self.bench.learner;
        let decided = self.around.ledger.decision(learner, rung);
        let rounds_of_threads = trials.len().div_ceil(self.around.threads.max(1));
        let results = crew::work(self.around.threads, &trials, |_, (index, fold)| {
            let key = TrialKey { learner, index: *index, fold: *fold as u32 };
            let must = always(*index);
            // What a record decided is followed without a clock.
            let result = match &decided {
                Some(decision) if decision.skipped.contains(&key) => Ok(Err(key)),
                Some(_) => self.trial(key, rung, (&|| false, None)).map(Ok),
                None => self.timed(key, (rung, must), rounds_of_threads),
            };
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
            self.skipped += skipped.len() as u32;
            (self.around.progress)(TuneEvent::Budget { learner, rung, skipped: skipped.len() as u32 });
        }
        Ok(skipped)
    }

    /// A trial by the clock; its key where it was not begun or not ended. One that must be has the minutes from when it begins, or
    /// goes on where it finishes the winner: boosting then ends as far as it came.
    fn timed(
        &self,
        key: TrialKey,
        (rung, must): (u32, bool),
        one_after_another: usize,
    ) -> Result<std::result::Result<Done, TrialKey>> {
        let budget = match rung {
            // Every fold that the winner has not met is given the same time, lest the last one have none.
            FINISH => self.budget.part(1.0 - RACE).share(one_after_another),
            last if last == self.last => self.budget,
            _ => self.budget.part(RACE),
        };
        if !must && budget.is_spent() {
            return Ok(Err(key));
        }
        let end = match (must, self.bench.learner) {
            (false, _) => budget.end(),
            (true, LearnerKind::Linear) if rung != FINISH => self.budget.share(1).end(),
            (true, _) => None,
        };
        let enough = || must && budget.is_spent();
        match self.trial(key, rung, (&enough, end)) {
            Err(problem) if is_time_over(&problem) => Ok(Err(key)),
            ended => ended.map(Ok),
        }
    }

    /// A record of the same candidate in the ledger.
    fn found(&self, index: u32, fold: usize) -> Option<TrialRecord> {
        let key = TrialKey { learner: self.bench.learner, index, fold: fold as u32 };
        let settings = self.candidates.get(index as usize)?;
        self.around.ledger.find(&key).filter(|record| record.settings == *settings && record.key() == key)
    }

    fn trial(&self, key: TrialKey, rung: u32, (enough, end): (&dyn Fn() -> bool, Option<Instant>)) -> Result<Done> {
        let (index, fold) = (key.index, key.fold as usize);
        let found = self.found(index, fold);
        let was_found = found.is_some();
        let done = match found {
            Some(record) => Done { record, scores: None },
            None => {
                let meter = Meter::start();
                let settings = self.candidates[index as usize].clone();
                let rounds = if rung == FINISH { self.cut(index) } else { u32::MAX };
                let trained = self.trained(index, fold, Until { rounds, enough, end })?;
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

    /// Most rounds of a winner on the folds that it has not met: as many as it was allowed on those that it has, where the
    /// budget ended a trial of it.
    fn cut(&self, index: u32) -> u32 {
        if self.bench.settings.tune.minutes.is_none() {
            return u32::MAX;
        }
        let patience = self.bench.settings.boosted.early_stopping;
        let of_winner = self.done.range((index, 0)..=(index, usize::MAX)).map(|(_, done)| &done.record);
        let cut = of_winner.filter(|trial| trial.rounds_trained.saturating_sub(trial.rounds) < patience);
        cut.map(|trial| trial.rounds_trained).max().unwrap_or(u32::MAX)
    }

    fn trained(&self, index: u32, fold: usize, until: Until<'_>) -> Result<Trained> {
        Stop::asked(self.bench.cancel).by(until.end).go_on()?;
        let prepared = self.slots.get(fold, &self.bench)?;
        self.bench.train(&prepared, index, &self.candidates[index as usize], fold, until)
    }
}
