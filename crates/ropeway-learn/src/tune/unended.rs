//! What is taken where the budget of minutes ended a search before its candidates had come far.

use std::cmp::Reverse;

use ropeway_vocab::Result;

use super::around::Around;
use super::bench::Bench;
use super::outcome::SearchOutcome;
use super::race::Race;
use super::record::MemoryLedger;
use crate::settings::LearnerKind;

impl Race<'_> {
    /// Where no candidate has met all folds of the first rung: keeps those that met what the one that came farthest did.
    pub(super) fn keep_farthest(&mut self, alive: &mut Vec<u32>) {
        let folds = |index: u32| self.done.range((index, 0)..=(index, usize::MAX)).map(|((_, fold), _)| *fold);
        let farthest = alive.iter().max_by_key(|index| (folds(**index).count(), Reverse(**index)));
        let met: Vec<usize> = farthest.map_or_else(Vec::new, |index| folds(*index).collect());
        alive.retain(|index| met.iter().all(|fold| self.done.contains_key(&(*index, *fold))));
        self.met = met;
    }

    /// Where no trial ended: the constant in place of the learner, whose fit nobody would wait for.
    pub(super) fn constant(self) -> Result<SearchOutcome> {
        let Self { bench, around, skipped, .. } = self;
        let (learner, ledger) = (bench.learner, MemoryLedger::default());
        let around = Around { ledger: &ledger, progress: &|_| {}, ..around };
        let found = Race::new(Bench { learner: LearnerKind::Baseline, ..bench }, around).run()?;
        Ok(SearchOutcome { learner, trials: Vec::new(), candidates: 0, rounds_trained: 0, skipped, ..found })
    }
}
