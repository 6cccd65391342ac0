//! The choice repeated for each fold without what that fold said. A candidate and a number of rounds that a fold helped to
//! choose look better on it than they are, on data without signal most of all; the figures of a search are measured on what
//! the other folds choose.

use super::choice::simplest_of_the_best;
use super::race::{FINISH, Race};
use super::schedule::scout;

/// A candidate, by its index, after so many rounds.
pub(super) type Choice = (u32, u32);

impl Race<'_> {
    /// What each fold is measured by. In a race by halving one fold is met by all candidates, and those that are left are its
    /// choice: it is not measured, whoever the learner is, so that all learners are measured on the same rows.
    pub(super) fn unseen(&self, winner: u32) -> Vec<(usize, Choice)> {
        let scout = scout(self.bench.settings.tune.strategy, &self.sizes);
        let folds = (0..self.sizes.len()).filter(|fold| Some(*fold) != scout);
        folds.map(|fold| (fold, self.without(fold, winner))).collect()
    }

    /// What is chosen of the candidates that met a fold, by the other folds that they all met. Who met it was decided before
    /// it was met.
    fn without(&self, fold: usize, winner: u32) -> Choice {
        let raced =
            |index: &u32, fold: usize| self.done.get(&(*index, fold)).is_some_and(|done| done.record.rung != FINISH);
        let mut met: Vec<u32> = (0..self.candidates.len() as u32).filter(|index| raced(index, fold)).collect();
        let others: Vec<usize> = (0..self.sizes.len())
            .filter(|other| *other != fold && met.iter().all(|index| raced(index, *other)))
            .collect();
        if met.is_empty() || others.is_empty() {
            return (winner, self.rounds(winner, &self.folds()));
        }
        self.best_first(&mut met, usize::MAX, &others);
        let shown: Vec<_> = met.iter().map(|index| self.shown(*index, &others)).collect();
        let chosen = met.get(simplest_of_the_best(&shown)).copied().unwrap_or(winner);
        (chosen, self.rounds(chosen, &others))
    }
}
