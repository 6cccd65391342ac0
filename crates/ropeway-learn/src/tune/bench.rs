//! One trial: a learner prepared for a fold, trained on its training rows and judged on its validation rows.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use ropeway_stat::seed_for;
use ropeway_vocab::{Problem, Result};

use crate::boosted::{Binned, Limits, RESIDUALS, Training, Trees, Watch, fit_rounds, fit_watched};
use crate::candidate::CandidateSettings;
use crate::constant;
use crate::encoded::{Encoded, Sparse};
use crate::evenly::evenly;
use crate::linear;
use crate::population::Population;
use crate::recipe::{Recipe, RecipeKind};
use crate::settings::{LearnSettings, LearnerKind, TargetTransform};
use crate::split::Fold;
use crate::stop::Stop;
use crate::tune::measure;

/// Rows whose trees are evaluated at a time.
const BLOCK: usize = 8_192;
/// Rounds between two looks at the metric: a look costs about a tenth of a round.
const EVERY: u32 = 3;

/// What all trials need.
pub struct Bench<'a> {
    pub learner: LearnerKind,
    pub population: &'a Population,
    pub folds: &'a [Fold],
    pub settings: &'a LearnSettings,
    pub seed: u64,
    pub cancel: &'a AtomicBool,
    /// Whether some candidates learn numbers as their logarithms.
    pub logarithms: bool,
}

/// A fold as the learner takes it, shared by its trials.
pub enum Prepared {
    /// The constant needs labels alone.
    Labels,
    /// Rows for linear models, once for each way in which candidates have them prepared.
    Linear(Vec<ForLinear>),
    /// Rows in bins.
    Boosted(Box<Binned>),
}

/// A fold as linear models take it.
pub struct ForLinear {
    kind: RecipeKind,
    train: Sparse,
    valid: Encoded,
}

impl Prepared {
    /// Whether it may stay in memory for the whole search.
    pub fn is_small(&self) -> bool {
        !matches!(self, Self::Linear(_))
    }
}

/// When a trial ends that would train on.
#[derive(Clone, Copy)]
pub struct Until<'a> {
    /// Most rounds trained, beside those of the settings.
    pub rounds: u32,
    /// Whether it ends as it is, where it has come far enough to say something: rounds of boosting.
    pub enough: &'a dyn Fn() -> bool,
    /// From when on it is given up.
    pub end: Option<Instant>,
}

impl Until<'_> {
    /// By its settings alone.
    pub const SETTINGS: Until<'static> = Until { rounds: u32::MAX, enough: &|| false, end: None };
}

/// The outcome of one trial.
pub struct Trained {
    pub value: Option<f64>,
    pub rounds: u32,
    pub rounds_trained: u32,
    /// Raw scores of the validation rows, row by row.
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
                let of = |kind: &RecipeKind| -> Result<ForLinear> {
                    let recipe = Recipe::of(*kind, self.population, train)?;
                    let (train, valid) = (recipe.sparse(features, Some(train))?, recipe.sparse(features, Some(valid))?);
                    Ok(ForLinear { kind: *kind, train, valid: Encoded::Sparse(valid) })
                };
                let kinds = [RecipeKind::Linear, RecipeKind::LinearOfLogarithms];
                let kinds = &kinds[..if self.logarithms { 2 } else { 1 }];
                Prepared::Linear(kinds.iter().map(of).collect::<Result<_>>()?)
            }
            LearnerKind::Boosted => {
                let as_learned = (self.settings.boosted.max_bin, &*self.settings.transforms());
                Prepared::Boosted(Box::new(Binned::new(self.population, train, Some(valid), as_learned)?))
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
        until: Until<'_>,
    ) -> Result<Trained> {
        let Fold { train, valid, .. } = &self.folds[fold];
        let target = &self.population.target;
        let stop = Stop::asked(self.cancel).by(until.end);
        let (scores, rounds, rounds_trained) = match (prepared, candidate) {
            (Prepared::Labels, CandidateSettings::Baseline) => {
                let constant = constant::fit(&self.population.labels(train), target, self.settings.metric());
                (constant.raw(&Encoded::Nothing(valid.len()))?, 1, 1)
            }
            (Prepared::Linear(kinds), CandidateSettings::Linear(settings)) => {
                let own = kinds.iter().find(|own| own.kind == settings.recipe());
                let ForLinear { train: rows, valid, .. } =
                    own.ok_or_else(|| Problem::internal("a fold was prepared for other candidates"))?;
                let (labels, metric) = (self.population.labels(train), self.settings.metric());
                let fitted = linear::fit_as(rows, &labels, (target, metric), settings, stop)?;
                (fitted.raw(valid)?, 1, 1)
            }
            (Prepared::Boosted(binned), CandidateSettings::Boosted(settings)) => {
                let labels = self.population.labels(valid);
                let boosted = &self.settings.boosted;
                let rounds = boosted.rounds.min(until.rounds);
                let limits = Limits { rounds, patience: boosted.early_stopping, every: EVERY };
                let metric = self.settings.metric();
                let transform = settings.transform;
                // The rows from whose residuals what is said in the end is brought back, too.
                let learned = transform.labels(&self.population.labels(&evenly(train, RESIDUALS)));
                let judge = |said: &mut Vec<f64>, training: Training<'_>| {
                    if !transform.is_identity() {
                        let asks = transform.asks_for_shift(metric);
                        let training = if asks { evenly(&training()?, RESIDUALS) } else { Vec::new() };
                        let shift = if asks { transform.shift(metric, &training, &learned) } else { 0.0 };
                        said.iter_mut().for_each(|said| *said = transform.inverse(*said + shift));
                    }
                    let value = measure::measure(metric, target, said, &labels)?;
                    Ok(if metric.higher_is_better() { value } else { -value })
                };
                let watch = Watch { judge: &judge, stop, enough: until.enough };
                let fitted = fit_watched(binned, settings, self.seed_of(index), limits, &watch)?;
                let scores = self.tree_scores(binned, fitted.trees, transform, fold)?;
                (scores, fitted.rounds, fitted.trained)
            }
            _ => return Err(Problem::internal("a candidate met a fold prepared for another learner")),
        };
        let said = measure::said(target, &scores);
        let value = measure::measure(self.settings.metric(), target, &said, &self.population.labels(valid))?;
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
            let scores = self.train(prepared, index, candidate, fold, Until::SETTINGS)?.scores;
            return Ok(vec![scores; rounds.len()]);
        };
        let most = rounds.iter().max().copied().unwrap_or_default();
        let trees = fit_rounds(binned, settings, self.seed_of(index), most, &|| self.cancelled())?;
        let first = |rounds: u32| -> Vec<Trees> { trees.iter().map(|trees| trees.first(rounds as usize)).collect() };
        rounds.iter().map(|rounds| self.tree_scores(binned, first(*rounds), settings.transform, fold)).collect()
    }

    fn tree_scores(
        &self,
        binned: &Binned,
        trees: Vec<Trees>,
        transform: TargetTransform,
        fold: usize,
    ) -> Result<Vec<f64>> {
        let Fold { train, valid, .. } = &self.folds[fold];
        let as_learned = (transform, self.settings.metric());
        let fitted = binned.brought_back(trees, as_learned, self.population, train)?;
        let mut scores = Vec::with_capacity(valid.len() * fitted.outputs());
        for block in valid.chunks(BLOCK) {
            let dense = binned.recipe.dense(&self.population.features, Some(block))?;
            scores.extend(fitted.raw(&Encoded::Dense(dense))?);
        }
        Ok(scores)
    }

    /// The seed of a candidate in all folds, so that every fit of it draws its rows and columns in one sequence. LightGBM
    /// takes seeds of 31 bits.
    pub fn seed_of(&self, index: u32) -> u32 {
        (seed_for(self.seed, &["trial".into(), u64::from(index).into()]) >> 33) as u32
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};

    use super::*;
    use crate::settings::RecipeSettings;
    use crate::target::Target;

    const ROWS: u32 = 400;

    /// Rows of a number and a text, of which those from 300 on look otherwise.
    fn population(later: f64, level: &str) -> Population {
        let rows = 0..ROWS;
        let number = Float64Array::from_iter_values(
            rows.clone().map(|row| f64::from(row % 37) * if row < 300 { 1.0 } else { later }),
        );
        let level = StringArray::from_iter_values(
            rows.clone().map(|row| if row < 300 { ["a", "b"][row as usize % 2] } else { level }),
        );
        let columns = [("number", Arc::new(number) as ArrayRef), ("level", Arc::new(level) as ArrayRef)];
        Population {
            features: RecordBatch::try_from_iter(columns).unwrap(),
            recipe: RecipeSettings::default(),
            target: Target::Binary,
            label: rows.map(|row| f64::from(row % 3 == 0)).collect(),
            at: None,
            weight: None,
            label_known: None,
            group: None,
            key_hash: vec![0; ROWS as usize],
        }
    }

    #[test]
    fn what_a_fold_validates_on_does_not_change_what_its_training_rows_are_prepared_as() {
        let folds = [Fold { train: (0..300).collect(), valid: (300..ROWS).collect(), purged: 0, apart: 0 }];
        let settings = LearnSettings::default();
        for learner in [LearnerKind::Linear, LearnerKind::Boosted] {
            let trained = |population: Population| {
                let (folds, cancel) = (&folds, AtomicBool::new(false));
                let bench = Bench {
                    learner,
                    population: &population,
                    folds,
                    settings: &settings,
                    seed: 1,
                    cancel: &cancel,
                    logarithms: true,
                };
                match bench.prepare(0).unwrap() {
                    Prepared::Linear(kinds) => kinds.iter().map(|own| format!("{:?}", own.train)).collect(),
                    Prepared::Boosted(binned) => format!("{:?}", binned.recipe),
                    Prepared::Labels => String::new(),
                }
            };
            let usual = trained(population(1.0, "a"));
            assert!(usual.len() > 20, "{usual}");
            assert_eq!(usual, trained(population(1e6, "never seen")), "{learner:?}");
        }
    }
}
