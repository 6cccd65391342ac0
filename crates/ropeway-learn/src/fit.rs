//! The final fit of a chosen candidate: recipe and learner on all given rows.

use std::sync::atomic::{AtomicBool, Ordering};

use ropeway_stat::seed_for;
use ropeway_vocab::Result;

use crate::boosted::{Binned, Bins, Known, fit_rounds};
use crate::candidate::CandidateSettings;
use crate::constant::Constant;
use crate::fitted::Fitted;
use crate::linear::Linear;
use crate::population::Population;
use crate::recipe::{Recipe, RecipeKind};

/// Fits the recipe and the learner of a candidate on the rows. What is `known` of the rounds is read by boosted
/// candidates alone.
///
/// # Errors
/// What the recipe refuses, what LightGBM says, or cancellation.
pub fn fit_final(
    candidate: &CandidateSettings,
    known: Known,
    population: &Population,
    rows: &[u32],
    seed: u64,
    cancel: &AtomicBool,
) -> Result<(Recipe, Fitted)> {
    let features = &population.features;
    match candidate {
        CandidateSettings::Baseline => {
            let recipe = Recipe::fit(RecipeKind::Baseline, features, rows)?;
            Ok((recipe, Fitted::Constant(Constant::fit(&population.labels(rows)))))
        }
        CandidateSettings::Linear(settings) => {
            let recipe = Recipe::fit(RecipeKind::Linear, features, rows)?;
            let linear = Linear::fit(&recipe.sparse(features, Some(rows))?, &population.labels(rows), settings);
            Ok((recipe, Fitted::Linear(linear)))
        }
        CandidateSettings::Boosted(settings) => {
            // LightGBM takes seeds of 31 bits.
            let seed = (seed_for(seed, &["final".into()]) >> 33) as u32;
            let binned = Binned::new(population, rows, None, Bins { max_bin: settings.max_bin, seed })?;
            let trees = fit_rounds(&binned, settings, seed, known, &|| cancel.load(Ordering::Relaxed))?;
            Ok((binned.recipe, Fitted::Boosted(trees)))
        }
    }
}
