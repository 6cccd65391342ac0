//! From a population to LightGBM's bins, in blocks, so that no flat copy of the rows is ever held.

use ropeway_stat::Metric;
use ropeway_vocab::{Problem, Result};

use super::lightgbm::{Dataset, DatasetBuilder};
use super::trees::Trees;
use crate::encoded::Encoded;
use crate::evenly::evenly;
use crate::fitted::Fitted;
use crate::population::Population;
use crate::recipe::{Recipe, RecipeKind};
use crate::settings::TargetTransform;
use crate::transformed::Transformed;

/// Bins are made from at most this many training rows, evenly spread.
const SAMPLE: usize = 100_000;
/// How logarithms are brought back follows from the residuals of at most this many training rows, evenly spread.
pub(crate) const RESIDUALS: usize = 20_000;
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
        let (first, others) =
            transforms.split_first().ok_or_else(|| Problem::internal("labels are learned as nothing"))?;
        let sample = recipe.dense(features, Some(&evenly(train, SAMPLE)))?;
        let builder = Dataset::training(&sample, train.len(), max_bin)?;
        let whole = filled(builder, &recipe, (population, *first), train)?;
        let valid = match valid {
            Some(rows) => Some(filled(whole.beside(rows.len())?, &recipe, (population, *first), rows)?),
            None => None,
        };
        // LightGBM keeps one label a row with its bins.
        let other =
            |transform: &TargetTransform| Ok((*transform, whole.relabelled(&labels(population, *transform, train))?));
        let mut trains = others.iter().map(other).collect::<Result<Vec<_>>>()?;
        trains.push((*first, whole));
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
        let rows = evenly(rows, RESIDUALS);
        Transformed::of(Fitted::of_trees(trees), as_learned, &population.labels(&rows), |fitted| {
            let mut said = Vec::with_capacity(rows.len());
            for block in rows.chunks(BLOCK) {
                let dense = self.recipe.dense(&population.features, Some(block))?;
                said.extend(fitted.raw(&Encoded::Dense(dense))?);
            }
            Ok(said)
        })
    }
}

/// The labels of rows on a scale.
fn labels(population: &Population, transform: TargetTransform, rows: &[u32]) -> Vec<f32> {
    rows.iter().map(|row| transform.forward(population.label[*row as usize]) as f32).collect()
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
    let of = |values: &Vec<f64>| rows.iter().map(|row| values[*row as usize] as f32).collect::<Vec<f32>>();
    builder.finish(&labels(population, transform, rows), population.weight.as_ref().map(of).as_deref())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
    use ropeway_stat::Rng;

    use super::*;
    use crate::boosted::fit_rounds;
    use crate::candidate::BoostedCandidate;
    use crate::settings::{Encode, NumberLoss, RecipeSettings, Steps};
    use crate::target::Target;

    /// Prices by size and town; towns have a column each, which LightGBM bundles.
    fn prices(rows: usize) -> Population {
        let mut rng = Rng::new(4);
        let town: Vec<usize> = (0..rows).map(|_| rng.index(40)).collect();
        let size: Vec<f64> = (0..rows).map(|_| rng.unit()).collect();
        let label =
            town.iter().zip(&size).map(|(town, size)| (3.0 + (town % 7) as f64 / 3.0 + 2.0 * size + rng.unit()).exp());
        let label: Vec<f64> = label.collect();
        let towns = StringArray::from_iter_values(town.iter().map(|town| format!("t{town}")));
        let columns: [(&str, ArrayRef); 2] = [("size", Arc::new(Float64Array::from(size))), ("town", Arc::new(towns))];
        let text = Steps { encode: Some(Encode::OneHot), ..Steps::default() };
        Population {
            features: RecordBatch::try_from_iter(columns).unwrap(),
            recipe: RecipeSettings { text, ..RecipeSettings::default() },
            target: Target::Number,
            label,
            at: None,
            weight: Some((0..rows).map(|row| (1 + row % 3) as f64).collect()),
            label_known: None,
            group: None,
            key_hash: vec![0; rows],
        }
    }

    #[test]
    fn what_labels_are_learned_as_beside_changes_no_tree() {
        let (population, train) = (prices(1_500), (0..1_500).collect::<Vec<u32>>());
        let all = [TargetTransform::Identity, TargetTransform::Log, TargetTransform::Log1p];
        let binned = |transforms: &[TargetTransform]| Binned::new(&population, &train, None, (63, transforms)).unwrap();
        let together = binned(&all);
        for transform in all {
            let candidate = BoostedCandidate {
                learning_rate: 0.13,
                num_leaves: 13,
                min_data_in_leaf: 7,
                feature_fraction: 0.8,
                bagging_fraction: 0.7,
                lambda_l1: 0.01,
                lambda_l2: 0.5,
                max_bin: 63,
                loss: Some(NumberLoss::Squared),
                transform,
            };
            let trees = |binned: &Binned| fit_rounds(binned, &candidate, 5, 25, &|| false).unwrap();
            assert_eq!(trees(&together), trees(&binned(&[transform])), "{transform:?}");
        }
    }
}
