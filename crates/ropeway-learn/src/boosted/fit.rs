//! Training: a given number of rounds, or watched on a validation fold with early stopping on our own metric.

use ropeway_vocab::{Kind, Problem, Result};

use super::data::Binned;
use super::lightgbm::Booster;
use super::trees::Trees;
use crate::candidate::BoostedCandidate;
use crate::tune::crew;

/// What a fit of a known number of rounds may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// One booster with the step of the candidate: what a trial trains.
    Trial,
    /// Twice the rounds at half the step, and the mean of two boosters with different seeds, side by side. Both lower
    /// the variance that a single booster's samples of rows and columns leave, where a trial has no time for it.
    Final,
}

impl Effort {
    /// How many times the rounds, with so much smaller steps.
    fn slower(self) -> u32 {
        match self {
            Self::Trial => 1,
            Self::Final => 2,
        }
    }

    /// How many boosters.
    fn members(self) -> u32 {
        match self {
            Self::Trial => 1,
            Self::Final => 2,
        }
    }
}

/// How trees are trained whose number is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Rounds that were best in trials.
    pub rounds: u32,
    /// What it may cost.
    pub effort: Effort,
    /// Boosters trained side by side; they change nothing but the time. Each is trained by one thread.
    pub threads: usize,
}

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

/// What a watched training asks of its caller.
pub struct Watch<'a> {
    /// The value of validation probabilities; higher is better. A value that is not a number never is the best.
    pub judge: &'a dyn Fn(&[f64]) -> Result<f64>,
    /// Asked every round; `true` ends the training as cancelled.
    pub stop: &'a dyn Fn() -> bool,
}

/// The outcome of a watched training.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The trees of the best round.
    pub trees: Trees,
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
/// No validation rows (a defect), cancellation, or what LightGBM says.
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
    let mut booster = Booster::new(&binned.train, Some(valid), candidate, seed)?;
    let (mut best, mut best_round, mut trained) = (f64::NEG_INFINITY, 0, 0);
    let every = limits.every.min(limits.patience).max(1);
    let mut probabilities = Vec::new();
    while trained < limits.rounds {
        if (watch.stop)() {
            return Err(cancelled());
        }
        let grew = booster.update()?;
        trained += u32::from(grew);
        // The first round is judged too, so that there always is a best one.
        if trained > 1 && !trained.is_multiple_of(every) && grew && trained < limits.rounds {
            continue;
        }
        booster.validation(&mut probabilities)?;
        let value = (watch.judge)(&probabilities)?;
        if value > best {
            (best, best_round) = (value, trained);
        }
        if !grew || trained.saturating_sub(best_round) >= limits.patience {
            break;
        }
    }
    // Without any split LightGBM keeps one constant tree, which counts as a round.
    let rounds = best_round.max(1);
    let trees = Trees::from_lightgbm_text(&booster.text(rounds)?)?;
    Ok(Watched { trees, rounds, trained, value: best })
}

/// Trains the trees of a candidate whose best number of rounds is known, with the effort asked for. Fewer trees come out
/// where no split improves anything any more.
///
/// # Errors
/// Cancellation, or what LightGBM says.
pub fn fit_rounds(
    binned: &Binned,
    candidate: &BoostedCandidate,
    seed: u32,
    known: Known,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Trees> {
    let Known { rounds, effort, threads } = known;
    let slower = BoostedCandidate { learning_rate: candidate.learning_rate / f64::from(effort.slower()), ..*candidate };
    let rounds = rounds.max(1).saturating_mul(effort.slower());
    let seeds: Vec<u32> = (0..effort.members()).map(|member| seed.wrapping_add(member) & (u32::MAX >> 1)).collect();
    let members = crew::work(threads, &seeds, |_, seed| {
        let mut booster = Booster::new(&binned.train, None, &slower, *seed)?;
        for _ in 0..rounds {
            if stop() {
                return Err(cancelled());
            }
            if !booster.update()? {
                break;
            }
        }
        Trees::from_lightgbm_text(&booster.text(rounds)?)
    })?;
    Trees::mean(members)
}

/// The problem of work that was asked to stop.
pub(crate) fn cancelled() -> Problem {
    Problem::new(Kind::Cancelled, "cancelled", "training was asked to stop")
        .remedy("run again: finished trials are kept")
}
