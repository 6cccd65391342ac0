//! From a population to LightGBM's bins, in blocks, so that no flat copy of the rows is ever held.

use ropeway_vocab::Result;

use super::lightgbm::{Dataset, DatasetBuilder};
use crate::population::Population;
use crate::recipe::{Recipe, RecipeKind};

/// Bins are made from at most this many training rows, evenly spread.
const SAMPLE: usize = 100_000;
/// Rows prepared at a time.
const BLOCK: usize = 8_192;

/// The training rows of a fold in bins, with the recipe that prepared them. All trials of the fold share it.
pub struct Binned {
    /// Fitted on the training rows.
    pub recipe: Recipe,
    /// How many scores a row has.
    pub outputs: usize,
    /// The training rows.
    pub train: Dataset,
    /// The validation rows in the same bins.
    pub valid: Option<Dataset>,
}

impl Binned {
    /// Fits the recipe on the training rows and makes at most `max_bin` bins a column of them; the validation rows follow
    /// both.
    ///
    /// # Errors
    /// What the recipe refuses, or what LightGBM says.
    pub fn new(population: &Population, train: &[u32], valid: Option<&[u32]>, max_bin: u32) -> Result<Self> {
        let features = &population.features;
        let recipe = Recipe::fit(RecipeKind::Boosted, features, train, &population.recipe)?;
        let sample: Vec<u32> = if train.len() <= SAMPLE {
            train.to_vec()
        } else {
            (0..SAMPLE).map(|i| train[i * train.len() / SAMPLE]).collect()
        };
        let builder = Dataset::training(&recipe.dense(features, Some(&sample))?, train.len(), max_bin)?;
        let train = filled(builder, &recipe, population, train)?;
        let valid = match valid {
            Some(rows) => Some(filled(train.beside(rows.len())?, &recipe, population, rows)?),
            None => None,
        };
        Ok(Self { recipe, outputs: population.target.outputs(), train, valid })
    }
}

fn filled(mut builder: DatasetBuilder, recipe: &Recipe, population: &Population, rows: &[u32]) -> Result<Dataset> {
    for block in rows.chunks(BLOCK) {
        builder.push(&recipe.dense(&population.features, Some(block))?)?;
    }
    let of = |values: &Vec<f64>| rows.iter().map(|row| values[*row as usize] as f32).collect::<Vec<f32>>();
    builder.finish(&of(&population.label), population.weight.as_ref().map(of).as_deref())
}
