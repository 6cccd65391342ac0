//! One suite that every learner passes with every kind of label, whatever columns it is given.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::importance::ImportanceSettings;
use crate::settings::{NumberLoss, SplitBy, TargetTransform};
use crate::split::Fold;
use crate::weighted::plain;
use crate::{
    BoostedCandidate, CandidateSettings, CostsOfError, Fitted, FittedModel, Judging, LinearCandidate, Population,
    Prediction, Scored, Target, Task, block_count, dependence, evaluate, fit_final, importance, judge,
};
use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use ropeway_stat::{Metric, Rng};

fn candidates(task: Task) -> Vec<CandidateSettings> {
    let loss = |loss: NumberLoss| (task == Task::Regression).then_some(loss);
    let linear = |strength, l1_ratio, of, transform| {
        CandidateSettings::Linear(LinearCandidate { strength, l1_ratio, loss: loss(of), transform, logarithms: false })
    };
    let boosted = |transform| {
        CandidateSettings::Boosted(BoostedCandidate {
            learning_rate: 0.1,
            num_leaves: 15,
            min_data_in_leaf: 10,
            feature_fraction: 0.8,
            bagging_fraction: 0.8,
            lambda_l1: 0.01,
            lambda_l2: 0.01,
            max_bin: 63,
            loss: loss(NumberLoss::Squared),
            transform,
        })
    };
    let mut all = vec![
        CandidateSettings::Baseline,
        linear(1.0, 0.0, NumberLoss::Squared, TargetTransform::Identity),
        linear(2.0, 0.5, NumberLoss::Huber, TargetTransform::Identity),
        boosted(TargetTransform::Identity),
    ];
    if task == Task::Regression {
        all.push(boosted(TargetTransform::Log));
        all.push(linear(1.0, 0.0, NumberLoss::Squared, TargetTransform::Log1p));
    }
    all
}

/// Rows with every type of column, a constant one and one that is all missing. `x` and `text` tell the label.
fn population(rows: usize, task: Task) -> Population {
    let mut rng = Rng::new(1);
    let x: Vec<f64> = (0..rows).map(|_| rng.unit() * 2.0 - 1.0).collect();
    let level: Vec<usize> = (0..rows).map(|_| rng.index(5)).collect();
    let label: Vec<f64> = (0..rows)
        .map(|i| {
            let score = 3.0 * x[i] + if level[i] == 2 { 1.5 } else { -0.5 };
            match task {
                Task::Binary => f64::from(rng.unit() < 1.0 / (1.0 + (-score).exp())),
                Task::Multiclass => (score + 2.0 * rng.unit() + 0.5).clamp(0.0, 2.9).floor(),
                Task::Regression => 100.0 + 10.0 * score + rng.unit(),
            }
        })
        .collect();
    let known: Vec<Option<f64>> = x.iter().map(|x| (rng.unit() > 0.1).then_some(*x)).collect();
    let text: Vec<Option<String>> = level.iter().map(|l| (rng.unit() > 0.05).then(|| format!("level {l}"))).collect();
    let at: Vec<i64> = (0..rows as i64).map(|i| i * 3_600_000_000).collect();
    let columns: [(&str, ArrayRef, bool); 8] = [
        ("x", Arc::new(Float64Array::from(known)), true),
        ("noise", Arc::new(Float64Array::from_iter_values((0..rows).map(|_| rng.unit()))), true),
        ("text", Arc::new(StringArray::from(text)), true),
        ("constant", Arc::new(Int64Array::from(vec![7; rows])), true),
        ("all_missing", Arc::new(Float64Array::from(vec![None; rows])), true),
        ("no_text", Arc::new(StringArray::from(vec![None::<&str>; rows])), true),
        ("flag", Arc::new(BooleanArray::from_iter((0..rows).map(|i| Some(i % 2 == 0)))), true),
        ("instant", Arc::new(TimestampMicrosecondArray::from(at.clone()).with_timezone("UTC")), true),
    ];
    Population {
        features: RecordBatch::try_from_iter_with_nullable(columns).unwrap(),
        recipe: crate::settings::RecipeSettings::default(),
        target: match task {
            Task::Binary => Target::Binary,
            Task::Multiclass => Target::Classes(["low", "middle", "high"].map(String::from).to_vec()),
            Task::Regression => Target::Number,
        },
        label,
        at: Some(at),
        weight: None,
        label_known: None,
        group: None,
        key_hash: (0..rows as u64).collect(),
    }
}

fn fit(candidate: &CandidateSettings, population: &Population, rows: &[u32]) -> FittedModel {
    let as_found = (7, 20, population.target.task().metric());
    let (recipe, fitted) = fit_final(candidate, as_found, population, rows, &AtomicBool::new(false)).unwrap();
    let model = FittedModel { recipe, fitted, output: plain(&population.target) };
    model.check().unwrap();
    model
}

const TASKS: [Task; 3] = [Task::Binary, Task::Multiclass, Task::Regression];

fn for_each_learner(check: impl Fn(&CandidateSettings, &Population, &FittedModel)) {
    for task in TASKS {
        let population = population(1_500, task);
        let train: Vec<u32> = (0..1_000).collect();
        for candidate in candidates(task) {
            let model = fit(&candidate, &population, &train);
            check(&candidate, &population, &model);
        }
    }
}

fn bits(model: &FittedModel, batch: &RecordBatch) -> Vec<u64> {
    model.raw(batch, None).unwrap().iter().map(|raw| raw.to_bits()).collect()
}

#[test]
fn the_same_rows_and_seed_give_the_same_model() {
    for_each_learner(|candidate, population, model| {
        let again = fit(candidate, population, &(0..1_000).collect::<Vec<u32>>());
        assert_eq!(*model, again);
    });
}

#[test]
fn one_row_alone_and_among_others_has_the_same_bits() {
    for_each_learner(|candidate, population, model| {
        let together = bits(model, &population.features);
        let outputs = population.target.outputs();
        let of = |row: usize| together[row * outputs..(row + 1) * outputs].to_vec();
        for row in [0, 7, 1_234] {
            assert_eq!(bits(model, &population.features.slice(row, 1)), of(row), "{candidate:?}");
        }
        let chosen = model.raw(&population.features, Some(&[1_234, 7])).unwrap();
        assert_eq!(chosen.iter().map(|raw| raw.to_bits()).collect::<Vec<_>>(), [of(1_234), of(7)].concat());
        assert!(model.predict(&population.features.slice(0, 0)).unwrap().is_empty());
    });
}

#[test]
fn what_is_missing_or_never_seen_is_predicted() {
    for_each_learner(|candidate, population, model| {
        let schema = population.features.schema();
        let missing: Vec<ArrayRef> =
            schema.fields().iter().map(|f| arrow::array::new_null_array(f.data_type(), 2)).collect();
        let mut unseen = missing.clone();
        unseen[0] = Arc::new(Float64Array::from(vec![f64::INFINITY, f64::NAN]));
        unseen[2] = Arc::new(StringArray::from(vec!["never seen", ""]));
        unseen[3] = Arc::new(Int64Array::from(vec![i64::MIN, i64::MAX]));
        unseen[5] = Arc::new(StringArray::from(vec!["never", "seen"]));
        for columns in [missing, unseen] {
            let batch = RecordBatch::try_new(schema.clone(), columns).unwrap();
            for prediction in model.predict(&batch).unwrap() {
                assert!(prediction.raw().iter().all(|raw| raw.is_finite()), "{candidate:?}");
                let within = |p: f64| p > 0.0 && p < 1.0;
                assert!(
                    match &prediction {
                        Prediction::Binary(binary) => within(binary.probability),
                        Prediction::Classes(classes) => classes.probabilities.iter().all(|p| within(*p)),
                        Prediction::Number(number) => number.low <= number.high,
                    },
                    "{candidate:?} {prediction:?}"
                );
            }
            contributions_sum(model, &batch);
        }
    });
}

fn contributions_sum(model: &FittedModel, batch: &RecordBatch) {
    let predictions = model.predict(batch).unwrap();
    for output in 0..model.output.outputs() {
        let contributions = model.contributions(batch, |_| output).unwrap();
        for (contribution, prediction) in contributions.iter().zip(&predictions) {
            assert_eq!(contribution.values.len(), batch.num_columns());
            let sum = contribution.bias + contribution.values.iter().sum::<f64>();
            let (sum, raw) = (model.fitted.transform().inverse(sum), prediction.raw()[output]);
            assert!((sum - raw).abs() < 1e-9 * raw.abs().max(1.0), "{sum} {raw}");
        }
    }
    assert!(
        batch.num_rows() == 0 || model.output.outputs() == 1 || model.contributions(batch, |_| 9).is_err(),
        "there is no such score"
    );
}

#[test]
fn contributions_sum_to_the_raw_score() {
    for_each_learner(|_, population, model| {
        contributions_sum(model, &population.features);
        let first = &model.contributions(&population.features.slice(0, 1), |_| 0).unwrap()[0];
        // Columns that say nothing contribute nothing.
        assert_eq!((first.values[3], first.values[4], first.values[5]), (0.0, 0.0, 0.0));
    });
}

/// The ranking figure of a task, and what it is without information.
fn figure(task: Task) -> (Metric, f64) {
    match task {
        Task::Binary => (Metric::RocAuc, 0.5),
        Task::Multiclass => (Metric::MacroRocAuc, 0.5),
        Task::Regression => (Metric::R2, 0.0),
    }
}

#[test]
fn a_learner_finds_what_there_is_to_find() {
    for_each_learner(|candidate, population, model| {
        let rows: Vec<u32> = (1_000..1_500).collect();
        assert_eq!(block_count(population, &rows, SplitBy::Time), Some(50));
        let costs = CostsOfError::default();
        let card = evaluate(model, population, (&rows, SplitBy::Time), &costs, (7, 1)).unwrap().card;
        let task = population.target.task();
        assert_eq!(card.len(), task.metrics().len());
        let (metric, nothing) = figure(task);
        let found = card[&metric];
        let expected =
            if *candidate == CandidateSettings::Baseline { nothing - 0.01..=nothing } else { nothing + 0.3..=1.0 };
        assert!(
            expected.contains(&found.value) && found.low <= found.value && found.value <= found.high,
            "{candidate:?} {found:?}"
        );
    });
}

#[test]
fn scores_out_of_fold_become_answers_that_can_be_trusted() {
    for_each_learner(|candidate, population, model| {
        let rows: Vec<u32> = (0..1_500).collect();
        let raw = model.raw(&population.features, Some(&rows)).unwrap();
        let scored = Scored { rows: rows.clone(), raw };
        let part = |k: u32| rows.iter().copied().filter(|row| row % 3 == k).collect();
        let fold = |k: u32| Fold { train: vec![], valid: part(k), purged: 0, apart: 0 };
        let folds: Vec<Fold> = (0..3).map(fold).collect();
        let costs = CostsOfError::default();
        let metric = population.target.task().metric();
        let folds = (folds.as_slice(), SplitBy::Random);
        let judging =
            Judging { population, folds, costs: &costs, metric, transform: candidate.transform(), seed: 7, threads: 2 };
        let judgement = judge(&scored, &scored, judging).unwrap();
        assert_eq!((judgement.losses[0].1.len(), judgement.folds.len()), (1_500, 1_500));
        let verdict = judgement.verdict;
        let task = population.target.task();
        assert_eq!(verdict.validation.keys().len(), task.metrics().len(), "{}", verdict.output.calibration());
        let model = FittedModel { output: verdict.output, ..model.clone() };
        model.check().unwrap();
        if task == Task::Regression {
            let covered = verdict.validation[&Metric::IntervalCoverage].value;
            assert!((covered - 0.9).abs() < 0.03, "{candidate:?}: {covered}");
        } else {
            let error = verdict.validation[&Metric::CalibrationError].value;
            assert!(error < 0.1, "{candidate:?}: {error}");
        }
        let one = judge(&scored, &scored, Judging { threads: 1, ..judging }).unwrap();
        assert_eq!(one.verdict.validation, verdict.validation, "any number of threads");
    });
}

#[test]
fn importance_finds_the_features_that_matter() {
    for_each_learner(|candidate, population, model| {
        let rows: Vec<u32> = (0..1_500).collect();
        let metric = if population.target == Target::Number { Metric::Rmse } else { Metric::LogLoss };
        let settings = ImportanceSettings { metric, costs: CostsOfError::default(), repeats: 5 };
        let found = importance(model, population, &rows, &settings, (7, 1)).unwrap();
        assert_eq!(found.len(), 8);
        if *candidate == CandidateSettings::Baseline {
            assert!(found.iter().all(|f| f.value == 0.0 && f.low == 0.0 && f.high == 0.0));
        } else {
            assert_eq!((found[0].feature.as_str(), found[1].feature.as_str()), ("x", "text"), "{found:?}");
            assert!(found[0].low > 0.0, "{found:?}");
            let constant = found.iter().find(|f| f.feature == "constant").unwrap();
            assert_eq!((constant.value, constant.low), (0.0, 0.0));
        }
        assert_eq!(found, importance(model, population, &rows, &settings, (7, 3)).unwrap(), "any number of threads");
        assert!(importance(model, population, &rows[..3], &settings, (7, 1)).unwrap().is_empty());
    });
}

#[test]
fn answers_depend_on_what_labels_do_and_not_on_a_constant() {
    for_each_learner(|candidate, population, model| {
        let found = dependence(model, population, &Vec::from_iter(1_000..1_500), &["x", "constant"]).unwrap();
        let last = |feature: usize, point: usize| *found[feature].points[point].answers.last().unwrap();
        assert_eq!(last(0, 11) > last(0, 0), *candidate != CandidateSettings::Baseline, "{candidate:?}");
        let off = model.predict(&population.features.slice(1_000, 500)).unwrap().into_iter().map(|said| match said {
            Prediction::Binary(binary) => binary.probability - last(1, 0),
            Prediction::Classes(classes) => classes.probabilities[2] - last(1, 0),
            Prediction::Number(number) => number.value - last(1, 0),
        });
        assert!(off.sum::<f64>().abs() < 1e-6, "{candidate:?}");
    });
}

#[test]
fn a_model_survives_its_record_and_an_altered_one_is_refused() {
    for_each_learner(|_, population, model| {
        let json = serde_json::to_string(&model).unwrap();
        let back: FittedModel = serde_json::from_str(&json).unwrap();
        back.check().unwrap();
        assert_eq!(back, *model);
        assert_eq!(back.predict(&population.features).unwrap(), model.predict(&population.features).unwrap());
        let other = if population.target == Target::Binary { Task::Multiclass } else { Task::Binary };
        let mut wrong = FittedModel { output: plain(&self::population(10, other).target), ..back.clone() };
        if population.target == Target::Number {
            wrong.output = plain(&Target::Classes(vec!["one".into(), "two".into()]));
        }
        assert_eq!(wrong.check().unwrap_err().code(), "model-damaged");
        if let Fitted::Linear(mut linear) = back.fitted.clone() {
            linear.weights.pop();
            let wrong = FittedModel { fitted: Fitted::Linear(linear), ..back };
            assert_eq!(wrong.check().unwrap_err().code(), "model-damaged");
        }
    });
}

#[test]
fn features_are_found_by_name() {
    for_each_learner(|candidate, population, model| {
        let reversed: Vec<usize> = (0..population.features.num_columns()).rev().collect();
        let batch = population.features.project(&reversed).unwrap();
        assert_eq!(bits(model, &batch), bits(model, &population.features));
        let lacking = population.features.project(&[0]).unwrap();
        let expected = *candidate == CandidateSettings::Baseline;
        assert_eq!(model.predict(&lacking).is_ok(), expected);
    });
}

#[test]
fn tiny_populations_are_fitted() {
    for task in TASKS {
        let population = population(12, task);
        for candidate in candidates(task) {
            let rows: Vec<u32> = (0..12).collect();
            let model = fit(&candidate, &population, &rows);
            assert!(model.raw(&population.features, None).unwrap().iter().all(|raw| raw.is_finite()));
        }
    }
}
