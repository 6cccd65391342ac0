//! One suite that every learner passes, whatever columns it is given.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::calibration::calibrate;
use crate::importance::ImportanceSettings;
use crate::settings::SplitBy;
use crate::{
    BoostedCandidate, CandidateSettings, CostsOfError, Fitted, FittedModel, LinearCandidate, Population, blocks_for,
    evaluate, fit_final, importance,
};
use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use ropeway_stat::{Metric, Rng};

fn candidates() -> Vec<CandidateSettings> {
    vec![
        CandidateSettings::Baseline,
        CandidateSettings::Linear(LinearCandidate { strength: 1.0, l1_ratio: 0.0 }),
        CandidateSettings::Linear(LinearCandidate { strength: 2.0, l1_ratio: 0.5 }),
        CandidateSettings::Boosted(BoostedCandidate {
            learning_rate: 0.1,
            num_leaves: 15,
            min_data_in_leaf: 10,
            feature_fraction: 0.8,
            bagging_fraction: 0.8,
            lambda_l1: 0.01,
            lambda_l2: 0.01,
            max_bin: 63,
        }),
    ]
}

/// Rows with every type of column, a constant one and one that is all missing. `x` and `text` tell the label.
fn population(rows: usize) -> Population {
    let mut rng = Rng::new(1);
    let x: Vec<f64> = (0..rows).map(|_| rng.unit() * 2.0 - 1.0).collect();
    let level: Vec<usize> = (0..rows).map(|_| rng.index(5)).collect();
    let label: Vec<f64> = (0..rows)
        .map(|i| {
            let score = 3.0 * x[i] + if level[i] == 2 { 1.5 } else { -0.5 };
            f64::from(rng.unit() < 1.0 / (1.0 + (-score).exp()))
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
        label,
        at: Some(at),
        label_known: None,
        group: None,
        key_hash: (0..rows as u64).collect(),
    }
}

fn fit(candidate: &CandidateSettings, population: &Population, rows: &[u32]) -> FittedModel {
    let (recipe, fitted) = fit_final(candidate, (7, 20), population, rows, &AtomicBool::new(false)).unwrap();
    let model = FittedModel { recipe, fitted, calibration: None, threshold: 0.5 };
    model.check().unwrap();
    model
}

fn for_each_learner(check: impl Fn(&CandidateSettings, &Population, &FittedModel)) {
    let population = population(1_500);
    let train: Vec<u32> = (0..1_000).collect();
    for candidate in candidates() {
        let model = fit(&candidate, &population, &train);
        check(&candidate, &population, &model);
    }
}

fn bits(model: &FittedModel, batch: &RecordBatch) -> Vec<u64> {
    model.predict(batch).unwrap().iter().map(|p| p.raw.to_bits()).collect()
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
        for row in [0, 7, 1_234] {
            assert_eq!(bits(model, &population.features.slice(row, 1))[0], together[row], "{candidate:?}");
        }
        let chosen = model.raw(&population.features, Some(&[1_234, 7])).unwrap();
        assert_eq!(chosen.iter().map(|raw| raw.to_bits()).collect::<Vec<_>>(), [together[1_234], together[7]]);
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
                assert!(prediction.raw.is_finite(), "{candidate:?}");
                assert!(prediction.probability > 0.0 && prediction.probability < 1.0, "{candidate:?}");
            }
            contributions_sum(model, &batch);
        }
    });
}

fn contributions_sum(model: &FittedModel, batch: &RecordBatch) {
    let predictions = model.predict(batch).unwrap();
    for (contribution, prediction) in model.contributions(batch).unwrap().iter().zip(predictions) {
        assert_eq!(contribution.values.len(), batch.num_columns());
        let sum = contribution.bias + contribution.values.iter().sum::<f64>();
        assert!((sum - prediction.raw).abs() < 1e-9, "{sum} {}", prediction.raw);
    }
}

#[test]
fn contributions_sum_to_the_raw_score() {
    for_each_learner(|_, population, model| {
        contributions_sum(model, &population.features);
        let first = &model.contributions(&population.features.slice(0, 1)).unwrap()[0];
        // Columns that say nothing contribute nothing.
        assert_eq!((first.values[3], first.values[4], first.values[5]), (0.0, 0.0, 0.0));
    });
}

#[test]
fn a_learner_finds_what_there_is_to_find() {
    for_each_learner(|candidate, population, model| {
        let rows: Vec<u32> = (1_000..1_500).collect();
        let probabilities: Vec<f64> = model
            .raw(&population.features, Some(&rows))
            .unwrap()
            .into_iter()
            .map(|raw| model.decide(raw).probability)
            .collect();
        let blocks = blocks_for(population, &rows, SplitBy::Time);
        assert_eq!(blocks.as_ref().map(|b| b[b.len() - 1]), Some(49));
        let costs = CostsOfError::default();
        let labels = population.labels(&rows);
        let card = evaluate(&probabilities, &labels, (None, blocks.as_deref()), 0.5, &costs, (7, 1)).unwrap();
        let auc = card[&Metric::RocAuc];
        let expected = if *candidate == CandidateSettings::Baseline { 0.5..=0.5 } else { 0.8..=1.0 };
        assert!(
            expected.contains(&auc.value) && auc.low <= auc.value && auc.value <= auc.high,
            "{candidate:?} {auc:?}"
        );
    });
}

#[test]
fn importance_finds_the_features_that_matter() {
    for_each_learner(|candidate, population, model| {
        let rows: Vec<u32> = (0..1_500).collect();
        let settings = ImportanceSettings { metric: Metric::LogLoss, costs: CostsOfError::default(), repeats: 5 };
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
fn a_model_survives_its_record_and_an_altered_one_is_refused() {
    for_each_learner(|_, population, model| {
        let rows: Vec<u32> = (0..1_500).collect();
        let raw = model.raw(&population.features, Some(&rows)).unwrap();
        let choice = calibrate(&raw, &population.label, None, (7, 2)).unwrap();
        let model = FittedModel { calibration: choice.calibration, ..model.clone() };
        let json = serde_json::to_string(&model).unwrap();
        let back: FittedModel = serde_json::from_str(&json).unwrap();
        back.check().unwrap();
        assert_eq!(bits(&back, &population.features), bits(&model, &population.features));
        assert_eq!(back.predict(&population.features).unwrap(), model.predict(&population.features).unwrap());
        let wrong = FittedModel { threshold: f64::NAN, ..back };
        assert_eq!(wrong.check().unwrap_err().code(), "model-damaged");
        if let Fitted::Linear(mut linear) = wrong.fitted {
            linear.weights.pop();
            let wrong = FittedModel { fitted: Fitted::Linear(linear), threshold: 0.5, ..model };
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
    let population = population(12);
    for candidate in candidates() {
        let rows: Vec<u32> = (0..12).collect();
        let model = fit(&candidate, &population, &rows);
        assert!(model.predict(&population.features).unwrap().iter().all(|p| p.raw.is_finite()));
    }
}
