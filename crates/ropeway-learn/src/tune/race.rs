//! One search under way: which candidates are alive, what they have shown, and what the budget allows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicU32;

use ropeway_vocab::{Problem, Result};

use super::again::Wanted;
use super::around::Around;
use super::bench::Bench;
use super::budget::Budget;
use super::choice::{Shown, simplest_of_the_best};
use super::outcome::SearchOutcome;
use super::record::{TrialRecord, TuneEvent};
use super::schedule::{Rung, schedule};
use super::slots::Slots;
use super::space::{Point, Space};
use crate::candidate::CandidateSettings;

/// New candidates are drawn near so many of the best.
const PARENTS: usize = 3;
/// The rung of trials that finish the winner where the budget ended the race before.
pub(super) const FINISH: u32 = 100;

/// A finished trial; the scores are kept while its candidate can still win.
pub(super) struct Done {
    pub(super) record: TrialRecord,
    pub(super) scores: Option<Vec<f64>>,
}

/// One search.
pub struct Race<'a> {
    pub(super) bench: Bench<'a>,
    space: Space<'a>,
    /// Those that have joined, by index; drawn ones have a place.
    pub(super) candidates: Vec<CandidateSettings>,
    places: Vec<Point>,
    rungs: Vec<Rung>,
    pub(super) sizes: Vec<usize>,
    pub(super) around: Around<'a>,
    pub(super) budget: Budget,
    /// The number of the last rung.
    pub(super) last: u32,
    pub(super) planned: u32,
    pub(super) done: BTreeMap<(u32, usize), Done>,
    /// Folds that all candidates still in the race have met.
    pub(super) met: Vec<usize>,
    pub(super) count: AtomicU32,
    /// Trials that the budget did not allow, or let end.
    pub(super) skipped: u32,
    pub(super) slots: Slots,
}

impl<'a> Race<'a> {
    /// Plans the rungs.
    pub fn new(bench: Bench<'a>, around: Around<'a>) -> Self {
        let tune = &bench.settings.tune;
        let space = Space::new(bench.learner, bench.settings, (bench.seed, bench.logarithms));
        let listed = space.listed();
        let count = listed.as_ref().map_or(tune.trials as usize, Vec::len);
        let sizes: Vec<usize> = bench.folds.iter().map(|fold| fold.train.len()).collect();
        let rungs = schedule(tune.strategy, count, listed.is_none(), &sizes);
        // In a rung that candidates join, the others have met its folds.
        let trials = |rung: &Rung| if rung.join > 0 { rung.join } else { rung.keep } * rung.folds.len();
        let planned = rungs.iter().map(trials).sum::<usize>() as u32;
        let (budget, slots) = (Budget::new(tune.minutes, around.ledger.spent()), Slots::new(sizes.len()));
        Self {
            bench,
            space,
            candidates: listed.unwrap_or_default(),
            places: Vec::new(),
            rungs,
            sizes,
            around,
            budget,
            last: 0,
            planned,
            done: BTreeMap::new(),
            met: Vec::new(),
            count: AtomicU32::new(0),
            skipped: 0,
            slots,
        }
    }

    /// Runs all rungs.
    pub fn run(mut self) -> Result<SearchOutcome> {
        let mut alive: Vec<u32> = Vec::new();
        let rungs = std::mem::take(&mut self.rungs);
        self.last = rungs.len().saturating_sub(1) as u32;
        for (number, rung) in (0_u32..).zip(rungs) {
            self.best_first(&mut alive, rung.keep, &self.met);
            self.join(&mut alive, rung.join);
            // The first candidate may always begin the first rung, so that there is a winner.
            let skipped = self.meet_rung(number, &rung, &alive)?;
            let through = |index: &u32| rung.folds.iter().all(|fold| self.done.contains_key(&(*index, *fold)));
            // Where the budget lets none through, the figures of the rungs before decide.
            if alive.iter().any(through) {
                alive.retain(through);
                let new = rung.folds.iter().filter(|fold| !self.met.contains(fold));
                self.met.extend(new.copied().collect::<Vec<_>>());
            }
            if skipped > 0 {
                break;
            }
            self.forget_losers(&alive);
        }
        if self.done.is_empty() {
            return self.constant();
        }
        if self.met.is_empty() {
            self.keep_farthest(&mut alive);
        }
        self.best_first(&mut alive, usize::MAX, &self.met);
        let shown: Vec<Shown<'_>> = alive.iter().map(|index| self.shown(*index, &self.met)).collect();
        let chosen = simplest_of_the_best(&shown);
        let winner = *alive.get(chosen).ok_or_else(|| Problem::internal("a search has no candidate"))?;
        self.finish(winner)?;
        self.outcome(winner)
    }

    /// What a candidate has shown on these folds.
    pub(super) fn shown(&self, index: u32, folds: &[usize]) -> Shown<'_> {
        let sign = if self.bench.settings.metric().higher_is_better() { 1.0 } else { -1.0 };
        let of =
            |fold: &usize| self.done.get(&(index, *fold)).and_then(|done| done.record.value).map(|value| sign * value);
        Shown { settings: &self.candidates[index as usize], values: folds.iter().map(of).collect() }
    }

    /// Lets new candidates join: listed ones, or drawn ones; later ones near the best three so far.
    fn join(&mut self, alive: &mut Vec<u32>, count: usize) {
        let parents: Vec<Point> =
            alive.iter().take(PARENTS).filter_map(|index| self.places.get(*index as usize)).copied().collect();
        let first = alive.iter().max().map_or(0, |index| index + 1);
        for index in (first..).take(count) {
            if self.candidates.len() <= index as usize {
                let place = match parents.as_slice() {
                    [] => self.space.anywhere(index),
                    parents => self.space.near(index, &parents[index as usize % parents.len()]),
                };
                self.candidates.push(self.space.at(&place));
                self.places.push(place);
            }
            alive.push(index);
        }
    }

    fn meet_rung(&mut self, number: u32, rung: &Rung, alive: &[u32]) -> Result<usize> {
        let mut trials: Vec<(u32, usize)> =
            rung.folds.iter().flat_map(|fold| alive.iter().map(|index| (*index, *fold))).collect();
        trials.retain(|trial| !self.done.contains_key(trial));
        (self.around.progress)(TuneEvent::Rung {
            learner: self.bench.learner,
            rung: number,
            candidates: alive.len() as u32,
            trials: trials.len() as u32,
        });
        Ok(self.meet(number, trials, |index| number == 0 && index == 0)?.len())
    }

    /// Orders candidates by their mean over folds that all of them have met, and keeps the best.
    pub(super) fn best_first(&self, alive: &mut Vec<u32>, keep: usize, folds: &[usize]) {
        let metric = self.bench.settings.metric();
        // A candidate that has no figure comes last; equal ones stay in the order of their index.
        let mut ranked: Vec<(u32, Option<f64>)> =
            alive.iter().map(|index| (*index, self.mean(*index, folds))).collect();
        ranked.sort_by(|(i, a), (j, b)| {
            let (a, b) = (a.unwrap_or(f64::NAN), b.unwrap_or(f64::NAN));
            match (metric.better(a, b), metric.better(b, a)) {
                (true, _) => std::cmp::Ordering::Less,
                (_, true) => std::cmp::Ordering::Greater,
                _ => i.cmp(j),
            }
        });
        *alive = ranked.into_iter().take(keep).map(|(index, _)| index).collect();
    }

    /// The mean of a candidate's figures on these folds.
    fn mean(&self, index: u32, folds: &[usize]) -> Option<f64> {
        let met = folds.iter().filter_map(|fold| self.done.get(&(index, *fold)));
        let values: Vec<f64> = met.filter_map(|done| done.record.value).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }

    fn forget_losers(&mut self, alive: &[u32]) {
        for ((index, _), done) in &mut self.done {
            if !alive.contains(index) {
                done.scores = None;
            }
        }
    }

    /// Lets the winner meet the folds that it has not met, where the budget is spent in its minutes once more.
    fn finish(&mut self, winner: u32) -> Result<()> {
        let missing: Vec<(u32, usize)> = (0..self.sizes.len()).map(|fold| (winner, fold)).collect();
        self.meet(FINISH, missing, |_| true).map(|_| ())
    }

    /// All folds.
    pub(super) fn folds(&self) -> Vec<usize> {
        (0..self.sizes.len()).collect()
    }

    /// The mean of a candidate's best rounds on these folds. Larger folds count more: they are nearer to the final fit, and
    /// more rows bear more rounds.
    pub(super) fn rounds(&self, index: u32, folds: &[usize]) -> u32 {
        let weighted = |fold: &usize| {
            let rounds = self.done.get(&(index, *fold)).map_or(0, |done| done.record.rounds);
            f64::from(rounds) * self.sizes[*fold] as f64
        };
        let weight = folds.iter().map(|fold| self.sizes[*fold] as f64).sum::<f64>().max(1.0);
        let rounds = folds.iter().map(weighted).sum::<f64>() / weight;
        (rounds.round() as u32).max(1)
    }

    fn outcome(mut self, winner: u32) -> Result<SearchOutcome> {
        let folds = self.folds();
        let (value, rounds) = (self.mean(winner, &folds), self.rounds(winner, &folds));
        let unseen = self.unseen(winner);
        let of_winner = folds.iter().map(|fold| (*fold, (winner, rounds)));
        let wanted: Vec<Wanted> = of_winner.chain(unseen.iter().copied()).collect();
        let again = self.rounds_again(&wanted);
        let scores = self.scores(&wanted)?;
        let out_of_fold = self.by_row(&scores[..folds.len()], &wanted[..folds.len()]);
        let measured = self.by_row(&scores[folds.len()..], &unseen);
        let mut trials: Vec<TrialRecord> = self.done.values().map(|done| done.record.clone()).collect();
        trials.sort_by_key(|trial| (trial.rung, trial.index, trial.fold));
        let tried: BTreeSet<u32> = trials.iter().map(|trial| trial.index).collect();
        Ok(SearchOutcome {
            learner: self.bench.learner,
            settings: self.candidates[winner as usize].clone(),
            rounds,
            seed: self.bench.seed_of(winner),
            value,
            candidates: tried.len() as u32,
            skipped: self.skipped,
            rounds_trained: again + trials.iter().map(|trial| u64::from(trial.rounds_trained)).sum::<u64>(),
            trials,
            out_of_fold,
            measured,
        })
    }
}
