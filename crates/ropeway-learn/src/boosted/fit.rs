//! Training: a given number of rounds, or watched on a validation fold with early stopping on our own metric.

use ropeway_vocab::{Problem, Result};

use super::data::Binned;
use super::lightgbm::Booster;
use super::trees::Trees;
use crate::candidate::BoostedCandidate;
use crate::stop::{Stop, cancelled};

/// When a watched training ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most rounds trained.
    pub rounds: u32,
    /// Rounds without a better value after which it stops.
    pub patience: u32,
    /// The metric is computed every so many rounds.
    pub every: u32,
}

/// Gives the probabilities or numbers of training rows after the trees so far.
pub type Training<'a> = &'a dyn Fn() -> Result<Vec<f64>>;

/// What a watched training asks of its caller.
pub struct Watch<'a> {
    /// The value of validation probabilities or numbers, row by row; higher is better. A value that is not a number never is the best.
    /// What it calls gives those of the training rows.
    pub judge: &'a dyn Fn(&mut Vec<f64>, Training<'_>) -> Result<f64>,
    /// Asked every round.
    pub stop: Stop<'a>,
    /// Asked with every look at the metric, once there were as many rounds as the patience is; `true` ends the training as it is.
    pub enough: &'a dyn Fn() -> bool,
}

/// The outcome of a watched training.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The trees of the best round, those of each output.
    pub trees: Vec<Trees>,
    /// That round, counted from 1.
    pub rounds: u32,
    /// Rounds trained in all.
    pub trained: u32,
    /// The judge's value at the best round.
    pub value: f64,
}

/// Trains with an eye on the validation rows of `binned`, and keeps the best round.
///
/// # Errors
/// No validation rows (a defect), that it was stopped, or what LightGBM says.
pub fn fit_watched(
    binned: &Binned,
    candidate: &BoostedCandidate,
    seed: u32,
    limits: Limits,
    watch: &Watch<'_>,
) -> Result<Watched> {
    let Some(valid) = &binned.valid else {
        return Err(Problem::internal("a watched training needs validation rows"));
    };
    let train = binned.train(candidate.transform)?;
    let mut booster = Booster::new(train, Some(valid), binned.outputs, (candidate, seed))?;
    let (mut best, mut best_round, mut trained) = (f64::NEG_INFINITY, 0, 0);
    let every = limits.every.min(limits.patience).max(1);
    let mut probabilities = Vec::new();
    while trained < limits.rounds {
        watch.stop.go_on()?;
        let grew = booster.update()?;
        trained += u32::from(grew);
        // The first round is judged too, so that there always is a best one.
        if trained > 1 && !trained.is_multiple_of(every) && grew && trained < limits.rounds {
            continue;
        }
        booster.validation(&mut probabilities)?;
        let value = (watch.judge)(&mut probabilities, &|| booster.training())?;
        if value > best {
            (best, best_round) = (value, trained);
        }
        let enough = trained >= limits.patience && (watch.enough)();
        if !grew || enough || trained.saturating_sub(best_round) >= limits.patience {
            break;
        }
    }
    // Without any split LightGBM keeps one constant tree, which counts as a round.
    let rounds = best_round.max(1);
    let trees = Trees::of_outputs(&booster.text(rounds)?)?;
    Ok(Watched { trees, rounds, trained, value: best })
}

/// Trains the trees of a candidate whose best number of rounds is known: with the same rows and seed, the trees that
/// [`fit_watched`] gives where it finds that number. Fewer come out where no split improves anything any more.
///
/// # Errors
/// Cancellation, or what LightGBM says.
pub fn fit_rounds(
    binned: &Binned,
    candidate: &BoostedCandidate,
    seed: u32,
    rounds: u32,
    stop: &dyn Fn() -> bool,
) -> Result<Vec<Trees>> {
    let train = binned.train(candidate.transform)?;
    let mut booster = Booster::new(train, None, binned.outputs, (candidate, seed))?;
    for _ in 0..rounds {
        if stop() {
            return Err(cancelled());
        }
        if !booster.update()? {
            break;
        }
    }
    Trees::of_outputs(&booster.text(rounds)?)
}
