//! The final fit of a chosen candidate: recipe and learner on all given rows.

use std::sync::atomic::{AtomicBool, Ordering};

use ropeway_stat::Metric;
use ropeway_vocab::Result;

use crate::boosted::{Binned, fit_rounds};
use crate::candidate::CandidateSettings;
use crate::constant;
use crate::fitted::Fitted;
use crate::linear;
use crate::population::Population;
use crate::recipe::{Recipe, RecipeKind};
use crate::stop::Stop;

/// Fits the recipe and the learner of a candidate on the rows, exactly as its scores out of fold were made: calibration
/// and threshold, which stand on these, hold for this model's scores, too. Seed and rounds are those of the search, which
/// boosted candidates alone read; what decides says what the baseline is, and how logarithms are brought back.
///
/// # Errors
/// What the recipe refuses, what LightGBM says, or cancellation.
pub fn fit_final(
    candidate: &CandidateSettings,
    (seed, rounds, metric): (u32, u32, Metric),
    population: &Population,
    rows: &[u32],
    cancel: &AtomicBool,
) -> Result<(Recipe, Fitted)> {
    let features = &population.features;
    match candidate {
        CandidateSettings::Baseline => {
            let recipe = Recipe::of(RecipeKind::Baseline, population, rows)?;
            Ok((recipe, constant::fit(&population.labels(rows), &population.target, metric)))
        }
        CandidateSettings::Linear(settings) => {
            let recipe = Recipe::of(settings.recipe(), population, rows)?;
            let sparse = recipe.sparse(features, Some(rows))?;
            let labels = population.labels(rows);
            let fitted = linear::fit_as(&sparse, &labels, (&population.target, metric), settings, Stop::asked(cancel))?;
            Ok((recipe, fitted))
        }
        CandidateSettings::Boosted(settings) => {
            let binned = Binned::new(population, rows, None, (settings.max_bin, &[settings.transform]))?;
            let trees = fit_rounds(&binned, settings, seed, rounds, &|| cancel.load(Ordering::Relaxed))?;
            let fitted = binned.brought_back(trees, (settings.transform, metric), population, rows)?;
            Ok((binned.recipe, fitted))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, AsArray, Float64Array, RecordBatch, StringArray};
    use ropeway_stat::Rng;

    use super::*;
    use crate::output::{BinaryOutput, Output};
    use crate::settings::{FloatRange, IntegerRange, LearnSettings, LearnerKind, TargetTransform, Task};
    use crate::split::{Fold, Split};
    use crate::target::Target;
    use crate::tune::{Around, MemoryLedger, SearchOutcome, TuneEvent, search};
    use crate::{FittedModel, Prediction, calibrate};

    const TRAIN: u32 = 3_000;
    const ALL: u32 = 6_000;
    const FOLDS: u32 = 3;

    /// Of the red rows six in ten are positive, of the others two; five columns say nothing.
    fn population() -> Population {
        let mut rng = Rng::new(11);
        let color: Vec<&str> = (0..ALL).map(|_| ["red", "green", "blue"][rng.index(3)]).collect();
        let label = color.iter().map(|c| f64::from(rng.unit() < if *c == "red" { 0.6 } else { 0.2 })).collect();
        let mut columns: Vec<(String, ArrayRef, bool)> =
            vec![("color".into(), Arc::new(StringArray::from(color)), true)];
        for i in 0..5 {
            let noise = Float64Array::from_iter_values((0..ALL).map(|_| rng.unit()));
            columns.push((format!("noise {i}"), Arc::new(noise), true));
        }
        Population {
            features: RecordBatch::try_from_iter_with_nullable(columns).unwrap(),
            recipe: crate::settings::RecipeSettings::default(),
            target: Target::Binary,
            label,
            at: None,
            weight: None,
            label_known: None,
            group: None,
            key_hash: (0..u64::from(ALL)).collect(),
        }
    }

    fn split() -> Split {
        let fold = |k| Fold {
            train: (0..TRAIN).filter(|row| row % FOLDS != k).collect(),
            valid: (0..TRAIN).filter(|row| row % FOLDS == k).collect(),
            purged: 0,
            apart: 0,
        };
        Split {
            holdout: vec![],
            train: (0..TRAIN).collect(),
            purged: 0,
            apart: 0,
            folds: (0..FOLDS).map(fold).collect(),
        }
    }

    /// The same rows with a price.
    fn prices() -> Population {
        let (of, mut rng) = (population(), Rng::new(12));
        let label = of.label.iter().map(|label| (3.0 + 2.0 * label + rng.unit()).exp()).collect();
        Population { target: Target::Number, label, ..of }
    }

    /// Few rounds, and half the columns and rows for each of them: what a tree says depends on which.
    fn searched(population: &Population, seed: u64) -> SearchOutcome {
        let mut settings = LearnSettings::default();
        settings.tune.trials = 4;
        if population.target == Target::Number {
            (settings.task, settings.target_transform) = (Task::Regression, vec![TargetTransform::Log]);
        }
        settings.boosted.rounds = 8;
        settings.boosted.min_data_in_leaf = IntegerRange(150, 150);
        settings.boosted.num_leaves = IntegerRange(4, 4);
        settings.boosted.learning_rate = FloatRange(0.2, 0.2);
        settings.boosted.feature_fraction = FloatRange(0.5, 0.5);
        settings.boosted.bagging_fraction = FloatRange(0.5, 0.5);
        let (ledger, cancel, progress) = (MemoryLedger::default(), AtomicBool::new(false), |_: TuneEvent| {});
        let around = Around { threads: 2, ledger: &ledger, progress: &progress, cancel: &cancel };
        search(LearnerKind::Boosted, population, &split(), &settings, seed, around).unwrap()
    }

    fn fitted(found: &SearchOutcome, population: &Population, rows: &[u32]) -> FittedModel {
        let metric = population.target.task().metric();
        let (cancel, as_found) = (AtomicBool::new(false), (found.seed, found.rounds, metric));
        let (recipe, fitted) = fit_final(&found.settings, as_found, population, rows, &cancel).unwrap();
        FittedModel { recipe, fitted, output: Output::Binary(BinaryOutput { calibration: None, threshold: 0.5 }) }
    }

    #[test]
    fn the_final_fit_on_the_rows_of_a_fold_gives_its_scores_out_of_fold() {
        let mut uneven = 0;
        for seed in 0..8 {
            let population = if seed < 4 { population() } else { prices() };
            let found = searched(&population, seed);
            let of_winner = found.trials.iter().filter(|trial| trial.settings == found.settings);
            uneven += of_winner.filter(|trial| trial.rounds != found.rounds).count();
            for (number, fold) in (0..).zip(split().folds) {
                let model = fitted(&found, &population, &fold.train);
                let again = model.raw(&population.features, Some(&fold.valid)).unwrap();
                let pairs = found.out_of_fold.rows.iter().zip(&found.out_of_fold.raw);
                let of_fold = pairs.filter(|(row, _)| *row % FOLDS == number);
                let theirs: Vec<f64> = of_fold.map(|(_, raw)| *raw).collect();
                assert_eq!(again.len(), theirs.len());
                let differing = again.iter().zip(&theirs).filter(|(a, b)| a.to_bits() != b.to_bits()).count();
                assert_eq!(differing, 0, "seed {seed}, fold {number}");
            }
        }
        assert!(uneven > 0, "no fold had another best round than all together");
    }

    #[test]
    fn probabilities_of_the_final_model_are_frequencies_of_rows_that_nothing_saw() {
        let population = population();
        let color = population.features.column(0).as_string::<i32>();
        for seed in 0..8 {
            let found = searched(&population, seed);
            let (rows, raw) = (found.out_of_fold.rows.clone(), found.out_of_fold.raw.clone());
            let choice = calibrate(&raw, &population.labels(&rows), None, (seed, 2)).unwrap();
            let model = fitted(&found, &population, &split().train);
            let output = BinaryOutput { calibration: choice.calibration, threshold: 0.5 };
            let model = FittedModel { output: Output::Binary(output), ..model };
            let predicted = model.predict(&population.features).unwrap();
            for red in [true, false] {
                let rows = (TRAIN as usize..ALL as usize).filter(|row| (color.value(*row) == "red") == red);
                let probability = |row: usize| match &predicted[row] {
                    Prediction::Binary(binary) => binary.probability,
                    other => panic!("{other:?}"),
                };
                let pairs: Vec<(f64, f64)> = rows.map(|row| (probability(row), population.label[row])).collect();
                let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
                let (said, happened) = (mean(|pair| pair.0), mean(|pair| pair.1));
                assert!((said - happened).abs() < 0.05, "seed {seed}, red {red}: {said} and {happened}");
            }
        }
    }
}
