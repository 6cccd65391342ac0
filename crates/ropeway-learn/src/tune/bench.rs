//! One trial: a learner prepared for a fold, trained on its training rows and judged on its validation rows.

use std::sync::atomic::{AtomicBool, Ordering};

use ropeway_stat::{Costs, Metric, Ranked, seed_for, sigmoid};
use ropeway_vocab::{Problem, Result};

use crate::boosted::{Binned, Limits, Trees, Watch, fit_rounds, fit_watched};
use crate::candidate::CandidateSettings;
use crate::constant::Constant;
use crate::encoded::Sparse;
use crate::linear::Linear;
use crate::population::Population;
use crate::recipe::{Recipe, RecipeKind};
use crate::settings::{LearnSettings, LearnerKind};
use crate::split::Fold;

/// Rows whose trees are evaluated at a time.
const BLOCK: usize = 8_192;
/// Rounds between two looks at the metric: a look costs about a tenth of a round.
const EVERY: u32 = 3;
/// Metrics of decisions are compared at this probability: the threshold is chosen later, on all folds.
const THRESHOLD: f64 = 0.5;

/// What all trials need.
pub struct Bench<'a> {
    pub learner: LearnerKind,
    pub population: &'a Population,
    pub folds: &'a [Fold],
    pub settings: &'a LearnSettings,
    pub seed: u64,
    pub cancel: &'a AtomicBool,
}

/// A fold as the learner takes it, shared by its trials.
pub enum Prepared {
    /// The constant needs labels alone.
    Labels,
    /// Rows for logistic regression.
    Linear { train: Sparse, valid: Sparse },
    /// Rows in bins.
    Boosted(Box<Binned>),
}

impl Prepared {
    /// Whether it may stay in memory for the whole search.
    pub fn is_small(&self) -> bool {
        !matches!(self, Self::Linear { .. })
    }
}

/// The outcome of one trial.
pub struct Trained {
    pub value: Option<f64>,
    pub rounds: u32,
    pub rounds_trained: u32,
    /// Raw scores of the validation rows.
    pub scores: Vec<f64>,
}

impl Bench<'_> {
    /// Whether the search was asked to stop.
    pub fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// Fits the recipe on the training rows of a fold and prepares both parts.
    pub fn prepare(&self, fold: usize) -> Result<Prepared> {
        let Fold { train, valid, .. } = &self.folds[fold];
        let features = &self.population.features;
        Ok(match self.learner {
            LearnerKind::Baseline => Prepared::Labels,
            LearnerKind::Linear => {
                let recipe = Recipe::fit(RecipeKind::Linear, features, train)?;
                let (train, valid) = (recipe.sparse(features, Some(train))?, recipe.sparse(features, Some(valid))?);
                Prepared::Linear { train, valid }
            }
            LearnerKind::Boosted => {
                let max_bin = self.settings.boosted.max_bin;
                Prepared::Boosted(Box::new(Binned::new(self.population, train, Some(valid), max_bin)?))
            }
        })
    }

    /// Trains a candidate on a fold.
    pub fn train(
        &self,
        prepared: &Prepared,
        index: u32,
        candidate: &CandidateSettings,
        fold: usize,
    ) -> Result<Trained> {
        let Fold { train, valid, .. } = &self.folds[fold];
        let (scores, rounds, rounds_trained) = match (prepared, candidate) {
            (Prepared::Labels, CandidateSettings::Baseline) => {
                let constant = Constant::fit(&self.population.labels(train));
                (vec![constant.raw; valid.len()], 1, 1)
            }
            (Prepared::Linear { train: rows, valid }, CandidateSettings::Linear(settings)) => {
                let linear = Linear::fit(rows, &self.population.labels(train), settings);
                (linear.raw(valid), 1, 1)
            }
            (Prepared::Boosted(binned), CandidateSettings::Boosted(settings)) => {
                let labels = self.population.labels(valid);
                let boosted = &self.settings.boosted;
                let limits = Limits { rounds: boosted.rounds, patience: boosted.early_stopping, every: EVERY };
                let metric = self.settings.metric;
                let judge = |probabilities: &[f64]| {
                    let value = measure(metric, probabilities, &labels)?;
                    Ok(if metric.higher_is_better() { value } else { -value })
                };
                let watch = Watch { judge: &judge, stop: &|| self.cancelled() };
                let fitted = fit_watched(binned, settings, self.seed_of(index), limits, &watch)?;
                (self.tree_scores(binned, &fitted.trees, valid)?, fitted.rounds, fitted.trained)
            }
            _ => return Err(Problem::internal("a candidate met a fold prepared for another learner")),
        };
        let probabilities: Vec<f64> = scores.iter().map(|raw| sigmoid(*raw)).collect();
        let value = measure(self.settings.metric, &probabilities, &self.population.labels(valid))?;
        Ok(Trained { value: value.is_finite().then_some(value), rounds, rounds_trained, scores })
    }

    /// The raw scores of a fold's validation rows by a candidate after each of these numbers of rounds, which only boosting
    /// has.
    pub fn scores(
        &self,
        prepared: &Prepared,
        index: u32,
        candidate: &CandidateSettings,
        fold: usize,
        rounds: &[u32],
    ) -> Result<Vec<Vec<f64>>> {
        let (Prepared::Boosted(binned), CandidateSettings::Boosted(settings)) = (prepared, candidate) else {
            let scores = self.train(prepared, index, candidate, fold)?.scores;
            return Ok(vec![scores; rounds.len()]);
        };
        let most = rounds.iter().max().copied().unwrap_or_default();
        let trees = fit_rounds(binned, settings, self.seed_of(index), most, &|| self.cancelled())?;
        let valid = &self.folds[fold].valid;
        rounds.iter().map(|rounds| self.tree_scores(binned, &trees.first(*rounds as usize), valid)).collect()
    }

    fn tree_scores(&self, binned: &Binned, trees: &Trees, rows: &[u32]) -> Result<Vec<f64>> {
        let mut scores = Vec::with_capacity(rows.len());
        for block in rows.chunks(BLOCK) {
            scores.extend(trees.raw_all(&binned.recipe.dense(&self.population.features, Some(block))?));
        }
        Ok(scores)
    }

    /// The seed of a candidate in all folds, so that every fit of it draws its rows and columns in one sequence. LightGBM
    /// takes seeds of 31 bits.
    pub fn seed_of(&self, index: u32) -> u32 {
        (seed_for(self.seed, &["trial".into(), u64::from(index).into()]) >> 33) as u32
    }
}

/// The metric of the search; costs of error are equal here.
fn measure(metric: Metric, probabilities: &[f64], labels: &[f64]) -> Result<f64> {
    Ok(Ranked::new(probabilities, labels)?.measure(metric, THRESHOLD, Costs::default()))
}
