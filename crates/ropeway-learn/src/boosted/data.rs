//! From a population to LightGBM's bins, in blocks, so that no flat copy of the rows is ever held.

use ropeway_stat::Metric;
use ropeway_vocab::{Problem, Result};

use super::lightgbm::{Dataset, DatasetBuilder};
use super::trees::Trees;
use crate::encoded::Encoded;
use crate::fitted::Fitted;
use crate::population::Population;
use crate::recipe::{Recipe, RecipeKind};
use crate::settings::TargetTransform;
use crate::transformed::Transformed;

/// Bins are made from at most this many training rows, evenly spread.
const SAMPLE: usize = 100_000;
/// How logarithms are brought back follows from the residuals of at most this many training rows, evenly spread.
const RESIDUALS: usize = 20_000;
/// Rows prepared at a time.
const BLOCK: usize = 8_192;

/// The training rows of a fold in bins, with the recipe that prepared them. All trials of the fold share it.
pub struct Binned {
    /// Fitted on the training rows.
    pub recipe: Recipe,
    /// How many scores a row has.
    pub outputs: usize,
    /// The training rows with their labels, once for each of what these are learned as.
    trains: Vec<(TargetTransform, Dataset)>,
    /// The validation rows in the same bins.
    pub valid: Option<Dataset>,
}

impl Binned {
    /// Fits the recipe on the training rows and makes at most `max_bin` bins a column of them; the validation rows follow
    /// both. Labels are learned as each of `transforms`.
    ///
    /// # Errors
    /// What the recipe refuses, or what LightGBM says.
    pub fn new(
        population: &Population,
        train: &[u32],
        valid: Option<&[u32]>,
        (max_bin, transforms): (u32, &[TargetTransform]),
    ) -> Result<Self> {
        let features = &population.features;
        let recipe = Recipe::of(RecipeKind::Boosted, population, train)?;
        let first = Dataset::training(&recipe.dense(features, Some(&sampled(train, SAMPLE)))?, train.len(), max_bin)?;
        let mut trains: Vec<(TargetTransform, Dataset)> = Vec::new();
        let mut first = Some(first);
        for transform in transforms {
            // LightGBM keeps one label a row with its bins, which all of them have in common.
            let builder = match (first.take(), trains.first()) {
                (None, Some((_, known))) => known.beside(train.len())?,
                (Some(first), _) => first,
                (None, None) => return Err(Problem::internal("labels are learned as nothing")),
            };
            trains.push((*transform, filled(builder, &recipe, (population, *transform), train)?));
        }
        let valid = match (valid, trains.first()) {
            (Some(rows), Some((transform, train))) => {
                Some(filled(train.beside(rows.len())?, &recipe, (population, *transform), rows)?)
            }
            _ => None,
        };
        Ok(Self { recipe, outputs: population.target.outputs(), trains, valid })
    }

    /// The training rows with their labels as a candidate learns them.
    ///
    /// # Errors
    /// Labels that were not prepared so (a defect).
    pub fn train(&self, transform: TargetTransform) -> Result<&Dataset> {
        let found = self.trains.iter().find(|(known, _)| *known == transform);
        found.map(|(_, train)| train).ok_or_else(|| Problem::internal("labels were prepared for another candidate"))
    }

    /// Trees that were trained on these rows, brought back to the scale of labels.
    ///
    /// # Errors
    /// Rows that cannot be prepared (a defect).
    pub fn brought_back(
        &self,
        trees: Vec<Trees>,
        as_learned: (TargetTransform, Metric),
        population: &Population,
        rows: &[u32],
    ) -> Result<Fitted> {
        let rows = sampled(rows, RESIDUALS);
        Transformed::of(Fitted::of_trees(trees), as_learned, population.labels(&rows), |fitted| {
            let mut said = Vec::with_capacity(rows.len());
            for block in rows.chunks(BLOCK) {
                let dense = self.recipe.dense(&population.features, Some(block))?;
                said.extend(fitted.raw(&Encoded::Dense(dense))?);
            }
            Ok(said)
        })
    }
}

/// At most so many of the rows, evenly spread.
fn sampled(rows: &[u32], most: usize) -> Vec<u32> {
    if rows.len() <= most {
        return rows.to_vec();
    }
    (0..most).map(|i| rows[i * rows.len() / most]).collect()
}

fn filled(
    mut builder: DatasetBuilder,
    recipe: &Recipe,
    (population, transform): (&Population, TargetTransform),
    rows: &[u32],
) -> Result<Dataset> {
    for block in rows.chunks(BLOCK) {
        builder.push(&recipe.dense(&population.features, Some(block))?)?;
    }
    let labels: Vec<f32> = rows.iter().map(|row| transform.forward(population.label[*row as usize]) as f32).collect();
    let of = |values: &Vec<f64>| rows.iter().map(|row| values[*row as usize] as f32).collect::<Vec<f32>>();
    builder.finish(&labels, population.weight.as_ref().map(of).as_deref())
}
