//! Scores of validation rows after a number of rounds that was not a trial's own best: from the same training again.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use ropeway_vocab::Result;

use super::crew;
use super::race::Race;
use super::unseen::Choice;
use crate::scored::Scored;

/// A fold, and what scores its validation rows.
pub(super) type Wanted = (usize, Choice);

impl Race<'_> {
    /// How many rounds it takes to train again where the best round of a trial was another.
    pub(super) fn rounds_again(&self, wanted: &[Wanted]) -> u64 {
        let mut longest: BTreeMap<(u32, usize), u32> = BTreeMap::new();
        for (fold, (index, rounds)) in wanted {
            let known = self.done.get(&(*index, *fold)).is_some_and(|done| done.record.rounds == *rounds);
            let most = longest.entry((*index, *fold)).or_default();
            *most = (*most).max(if known { 0 } else { *rounds });
        }
        longest.values().map(|rounds| u64::from(*rounds)).sum()
    }

    /// The scores of each of these, in their order: from the trial, where its best round was that one and its scores are
    /// still known, else from the same training again, one for all numbers of rounds.
    pub(super) fn scores(&mut self, wanted: &[Wanted]) -> Result<Vec<Vec<f64>>> {
        let mut found: BTreeMap<Wanted, Vec<f64>> = BTreeMap::new();
        let mut missing: BTreeMap<(u32, usize), BTreeSet<u32>> = BTreeMap::new();
        for one in wanted {
            let (fold, (index, rounds)) = *one;
            match self.known_scores(index, fold, rounds) {
                Some(scores) => drop(found.insert(*one, scores)),
                None => drop(missing.entry((index, fold)).or_default().insert(rounds)),
            }
        }
        let mut missing: Vec<((u32, usize), Vec<u32>)> =
            missing.into_iter().map(|(trial, rounds)| (trial, rounds.into_iter().collect())).collect();
        missing.sort_by_key(|((index, fold), _)| (Reverse(self.sizes[*fold]), *fold, *index));
        missing.iter().for_each(|((_, fold), _)| self.slots.announce(*fold));
        let again = crew::work(self.around.threads, &missing, |_, ((index, fold), rounds)| {
            let prepared = self.slots.get(*fold, &self.bench)?;
            let candidate = &self.candidates[*index as usize];
            let scores = self.bench.scores(&prepared, *index, candidate, *fold, rounds);
            self.slots.release(*fold);
            scores
        })?;
        for (((index, fold), rounds), scores) in missing.into_iter().zip(again) {
            found.extend(rounds.into_iter().map(|rounds| (fold, (index, rounds))).zip(scores));
        }
        Ok(wanted.iter().map(|one| found.get(one).cloned().unwrap_or_default()).collect())
    }

    fn known_scores(&self, index: u32, fold: usize, rounds: u32) -> Option<Vec<f64>> {
        let done = self.done.get(&(index, fold)).filter(|done| done.record.rounds == rounds)?;
        let known = done.scores.clone().or_else(|| self.around.ledger.scores(&done.record.key()));
        let expected = self.bench.folds[fold].valid.len() * self.bench.population.target.outputs();
        known.filter(|scores| scores.len() == expected)
    }

    /// Scores of folds with the rows that they are of, by row.
    pub(super) fn by_row(&self, scores: &[Vec<f64>], of: &[Wanted]) -> Scored {
        let pieces = of.iter().zip(scores);
        let pieces = pieces.map(|((fold, _), scores)| (&*self.bench.folds[*fold].valid, &**scores));
        Scored::gathered(pieces, self.bench.population.target.outputs())
    }
}
