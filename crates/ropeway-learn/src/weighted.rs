//! What weights do, whatever the task and the learner: a row of weight 2 counts as two equal rows.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, UInt32Array};
use arrow::compute::take;
use ropeway_stat::{ClassCosts, Rng};

use crate::output::{BinaryOutput, ClassOutput, NumberOutput};
use crate::settings::{NumberLoss, RecipeSettings, SplitBy, TargetTransform};
use crate::split::Fold;
use crate::tune::measure::said;
use crate::{
    BoostedCandidate, CandidateSettings, CostsOfError, FittedModel, Judging, LinearCandidate, Output, Population,
    Scored, Target, Task, evaluate, fit_final, judge,
};

const TASKS: [Task; 3] = [Task::Binary, Task::Multiclass, Task::Regression];

fn candidates(task: Task) -> Vec<CandidateSettings> {
    let of = |loss: NumberLoss| (task == Task::Regression).then_some(loss);
    let linear = |l1_ratio, loss| {
        CandidateSettings::Linear(LinearCandidate {
            strength: 2.0,
            l1_ratio,
            loss: of(loss),
            transform: TargetTransform::Identity,
            logarithms: false,
        })
    };
    let boosted = |loss| {
        CandidateSettings::Boosted(BoostedCandidate {
            learning_rate: 0.2,
            num_leaves: 7,
            min_data_in_leaf: 1,
            feature_fraction: 1.0,
            bagging_fraction: 1.0,
            lambda_l1: 0.0,
            lambda_l2: 1.0,
            max_bin: 63,
            loss: of(loss),
            transform: TargetTransform::Identity,
        })
    };
    let mut all = vec![CandidateSettings::Baseline, linear(0.0, NumberLoss::Squared), boosted(NumberLoss::Squared)];
    // Of absolute errors LightGBM takes a weighted median that lies elsewhere between two rows than that of repeated ones.
    all.push(linear(0.5, NumberLoss::Huber));
    if task == Task::Regression {
        let logarithms: Vec<CandidateSettings> = all[1..3]
            .iter()
            .map(|candidate| match candidate {
                CandidateSettings::Linear(of) => {
                    CandidateSettings::Linear(LinearCandidate { transform: TargetTransform::Log, ..*of })
                }
                CandidateSettings::Boosted(of) => {
                    CandidateSettings::Boosted(BoostedCandidate { transform: TargetTransform::Log1p, ..*of })
                }
                CandidateSettings::Baseline => CandidateSettings::Baseline,
            })
            .collect();
        all.extend(logarithms);
    }
    all
}

/// Rows on a coarse grid, of weights from 1 to 3. Those that count more have another truth.
fn population(rows: usize, task: Task) -> Population {
    let mut rng = Rng::new(3);
    let mut draw = |of: usize| -> Vec<f64> { (0..rows).map(|_| rng.index(of) as f64 / 4.0 - 1.0).collect() };
    let (x, y, weight) = (draw(9), draw(7), draw(3).into_iter().map(|third| (third + 1.0) * 4.0 + 1.0));
    let weight: Vec<f64> = weight.collect();
    let label = (0..rows).map(|row| {
        let score = if weight[row] > 1.0 { 2.0 * x[row] - y[row] } else { -x[row] };
        match task {
            Task::Binary => f64::from(rng.unit() < 1.0 / (1.0 + (-2.0 * score).exp())),
            Task::Multiclass => (score + 2.0 * rng.unit() + 0.5).clamp(0.0, 2.9).floor(),
            Task::Regression => 100.0 + 10.0 * score + rng.unit(),
        }
    });
    let label = label.collect();
    let flag: ArrayRef = Arc::new(BooleanArray::from_iter((0..rows).map(|row| Some(row % 3 == 0))));
    let columns: [(&str, ArrayRef); 3] =
        [("x", Arc::new(Float64Array::from(x))), ("y", Arc::new(Float64Array::from(y))), ("flag", flag)];
    Population {
        features: RecordBatch::try_from_iter(columns).unwrap(),
        recipe: RecipeSettings::default(),
        target: match task {
            Task::Binary => Target::Binary,
            Task::Multiclass => Target::Classes(["low", "middle", "high"].map(String::from).to_vec()),
            Task::Regression => Target::Number,
        },
        label,
        weight: Some(weight),
        at: None,
        label_known: None,
        group: None,
        key_hash: (0..rows as u64).collect(),
    }
}

fn taken(population: &Population, places: &[u32], weight: Option<Vec<f64>>) -> Population {
    let indices = UInt32Array::from(places.to_vec());
    let columns = population.features.columns().iter().map(|column| take(column, &indices, None).unwrap());
    let of = |values: &[f64]| places.iter().map(|place| values[*place as usize]).collect();
    Population {
        features: RecordBatch::try_new(population.features.schema(), columns.collect()).unwrap(),
        label: of(&population.label),
        weight,
        key_hash: (0..places.len() as u64).collect(),
        ..population.clone()
    }
}

fn repeated(population: &Population) -> Population {
    let weight = population.weight.as_ref().unwrap();
    let times = |row: usize| std::iter::repeat_n(row as u32, weight[row] as usize);
    taken(population, &(0..weight.len()).flat_map(times).collect::<Vec<_>>(), None)
}

fn all(population: &Population) -> Vec<u32> {
    (0..population.rows() as u32).collect()
}

/// What raw scores say, not calibrated.
pub(crate) fn plain(target: &Target) -> Output {
    match target {
        Target::Binary => Output::Binary(BinaryOutput { calibration: None, threshold: 0.5 }),
        Target::Classes(names) => Output::Classes(ClassOutput {
            classes: names.clone(),
            class_calibration: None,
            costs: ClassCosts::even(names.len()),
        }),
        Target::Number => {
            let costs = CostsOfError::default().number();
            let costs = (costs, TargetTransform::Identity);
            let residuals = crate::calibration::spread(&[0.0, 0.0], &vec![-1.0, 1.0].into(), None, costs, (7, 2))
                .unwrap()
                .residuals;
            Output::Number(NumberOutput { residuals })
        }
    }
}

/// Fitted on all rows, its output judged on their own scores: how good it is is nothing to what weights do.
fn fitted(candidate: &CandidateSettings, population: &Population) -> FittedModel {
    let (rows, cancel) = (all(population), AtomicBool::new(false));
    let as_found = (7, 15, population.target.task().metric());
    let (recipe, fitted) = fit_final(candidate, as_found, population, &rows, &cancel).unwrap();
    let output = plain(&population.target);
    let mut model = FittedModel { recipe, fitted, output };
    model.output = chosen(&model, population);
    model.check().unwrap();
    model
}

fn chosen(model: &FittedModel, population: &Population) -> Output {
    let rows = all(population);
    let raw = model.raw(&population.features, None).unwrap();
    let scored = Scored { rows: rows.clone(), raw };
    let folds = [Fold { train: vec![], valid: rows, purged: 0, apart: 0 }];
    let costs = CostsOfError { false_negative: 3.0, under: 2.0, ..CostsOfError::default() };
    let metric = population.target.task().metric();
    let folds = (folds.as_slice(), SplitBy::Random);
    let judging =
        Judging { population, folds, costs: &costs, metric, transform: TargetTransform::Identity, seed: 7, threads: 2 };
    judge(&scored, &scored, judging).unwrap().verdict.output
}

fn far(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn every_learner_learns_from_a_row_of_weight_two_what_it_learns_from_two_rows() {
    for task in TASKS {
        let weighted = population(900, task);
        let (repeated, ignored) = (repeated(&weighted), Population { weight: None, ..weighted.clone() });
        for candidate in candidates(task) {
            // The raw scores of several classes are told up to a constant: nothing penalises it.
            let raw =
                |of: &Population| said(&of.target, &fitted(&candidate, of).raw(&weighted.features, None).unwrap());
            let (found, expect, plain) = (raw(&weighted), raw(&repeated), raw(&ignored));
            let spread = expect.iter().copied().fold(0.0_f64, |most, raw| most.max(raw.abs())).max(1.0);
            assert!(far(&found, &expect) < 1e-6 * spread, "{task:?} {candidate:?}: {}", far(&found, &expect));
            // The control: without weights it learns something else.
            assert!(far(&found, &plain) > 1e-3, "{task:?} {candidate:?}");
        }
    }
}

#[test]
fn figures_and_counts_of_weighted_rows_are_those_of_repeated_ones() {
    let costs = CostsOfError { false_negative: 3.0, under: 2.0, ..CostsOfError::default() };
    for task in TASKS {
        let weighted = population(900, task);
        let (repeated, ignored) = (repeated(&weighted), Population { weight: None, ..weighted.clone() });
        let model = fitted(&candidates(task)[1], &weighted);
        let of = |population: &Population| {
            evaluate(&model, population, (&all(population), SplitBy::Random), &costs, (7, 2)).unwrap()
        };
        let (found, expect, plain) = (of(&weighted), of(&repeated), of(&ignored));
        let mut moved = 0;
        for (metric, estimate) in &expect.card {
            let value = found.card[metric].value;
            assert!((value - estimate.value).abs() <= 1e-9 * estimate.value.abs().max(1.0), "{metric} {value}");
            moved += usize::from((value - plain.card[metric].value).abs() > 1e-3);
        }
        assert!(moved > 5, "{task:?}: without weights most figures are others, and {moved} were");
        let (found, expect) = (serde_json::to_value(found.views).unwrap(), serde_json::to_value(expect.views).unwrap());
        let counts: &[&str] = match task {
            Task::Binary => &["/positives", "/confusion", "/cuts"],
            Task::Multiclass => &["/tally", "/cuts"],
            Task::Regression => &["/residuals/counts", "/grid/cells"],
        };
        assert_eq!(found["weight"].as_f64(), weighted.weight.as_ref().map(|weight| weight.iter().sum()));
        assert_eq!((found["rows"].as_u64(), expect["weight"].is_null()), (Some(900), true));
        for count in counts {
            let (found, expect) = (found.pointer(count).unwrap(), expect.pointer(count).unwrap());
            // The ends that are drawn are quantiles of rows, whatever these count.
            if task == Task::Regression {
                let sum = |of: &serde_json::Value| -> f64 {
                    let counts = of.as_array().unwrap().iter();
                    counts.map(|of| of.get(2).unwrap_or(of).as_f64().unwrap()).sum()
                };
                assert_eq!(sum(found), sum(expect), "{count}");
            } else {
                assert_eq!(found, expect, "{count}");
            }
        }
    }
}
