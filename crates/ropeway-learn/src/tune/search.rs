//! The search: candidates meet folds rung by rung, the best one is finished on all folds, and its scores of rows
//! that it was not trained on are handed on.

use ropeway_vocab::Result;

use super::around::Around;
use super::bench::Bench;
use super::outcome::SearchOutcome;
use super::race::Race;
use crate::population::Population;
use crate::recipe::{Recipe, RecipeKind};
use crate::settings::{LearnSettings, LearnerKind, TargetTransform};
use crate::split::Split;

/// Searches the candidates of a learner. The outcome does not depend on the number of threads, nor on what a ledger
/// already held; with a budget of minutes it depends on the decisions that the ledger keeps.
///
/// # Errors
/// Labels that cannot be learned as the settings say, cancellation, what a recipe refuses, or what LightGBM says.
pub fn search(
    learner: LearnerKind,
    population: &Population,
    split: &Split,
    settings: &LearnSettings,
    seed: u64,
    around: Around<'_>,
) -> Result<SearchOutcome> {
    if learner != LearnerKind::Baseline {
        settings.transforms().into_iter().try_for_each(|transform| transform.check_labels(&population.label))?;
    }
    let logarithms = learner == LearnerKind::Linear && takes_logarithms(population, &split.train, settings)?;
    let bench = Bench { learner, population, folds: &split.folds, settings, seed, cancel: around.cancel, logarithms };
    Race::new(bench, around).run()
}

/// Whether a model of the label's logarithm may be better with logarithms of features: where it is asked for, and some are far
/// skewed.
fn takes_logarithms(population: &Population, rows: &[u32], settings: &LearnSettings) -> Result<bool> {
    if settings.transforms().iter().all(TargetTransform::is_identity) {
        return Ok(false);
    }
    Ok(Recipe::of(RecipeKind::LinearOfLogarithms, population, rows)?.kind() == RecipeKind::LinearOfLogarithms)
}
