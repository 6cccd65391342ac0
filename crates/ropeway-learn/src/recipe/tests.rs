//! What a user relies on in a recipe: fitted on training rows only, and nothing that comes later makes it fail.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
};

use super::*;
use crate::settings::{Clip, Dates, Encode, Filler, Impute, Scale, Steps};

fn batch(rows: usize) -> RecordBatch {
    let floats: ArrayRef =
        Arc::new(Float64Array::from_iter((0..rows).map(|i| (i % 5 != 0).then(|| (i * 37 % 101) as f64))));
    let integers: ArrayRef = Arc::new(Int64Array::from_iter_values((0..rows as i64).map(|i| i % 17)));
    let booleans: ArrayRef = Arc::new(BooleanArray::from_iter((0..rows).map(|i| Some(i % 3 == 0))));
    let texts: ArrayRef = Arc::new(StringArray::from_iter(
        (0..rows).map(|i| (i % 11 != 0).then(|| if i % 97 == 1 { format!("rare{i}") } else { format!("c{}", i % 4) })),
    ));
    let dates: ArrayRef = Arc::new(Date32Array::from_iter_values((0..rows as i32).map(|i| 15_000 + i % 400)));
    let instants: ArrayRef = Arc::new(
        TimestampMicrosecondArray::from_iter_values((0..rows as i64).map(|i| i * 977 * 60_000_000))
            .with_timezone("UTC"),
    );
    RecordBatch::try_from_iter_with_nullable([
        ("float", floats, true),
        ("integer", integers, true),
        ("boolean", booleans, true),
        ("text", texts, true),
        ("date", dates, true),
        ("instant", instants, true),
    ])
    .unwrap()
}

/// The same columns, all missing.
fn all_missing(batch: &RecordBatch) -> RecordBatch {
    let columns = batch.columns().iter().map(|c| arrow::array::new_null_array(c.data_type(), c.len())).collect();
    RecordBatch::try_new(batch.schema(), columns).unwrap()
}

fn unseen(batch: &RecordBatch) -> RecordBatch {
    let mut columns = batch.columns().to_vec();
    let rows = batch.num_rows();
    columns[0] = Arc::new(Float64Array::from_iter_values((0..rows).map(|i| [f64::INFINITY, f64::NEG_INFINITY][i % 2])));
    columns[1] = Arc::new(Int64Array::from(vec![i64::MAX; rows]));
    columns[3] = Arc::new(StringArray::from(vec!["never seen"; rows]));
    columns[4] = Arc::new(Date32Array::from(vec![i32::MAX; rows]));
    columns[5] = Arc::new(TimestampMicrosecondArray::from(vec![i64::MIN; rows]).with_timezone("UTC"));
    RecordBatch::try_new(batch.schema(), columns).unwrap()
}

fn usual() -> RecipeSettings {
    RecipeSettings::default()
}

fn all(rows: usize) -> Vec<u32> {
    (0..rows as u32).collect()
}

#[test]
fn only_training_rows_are_looked_at() {
    let batch = batch(2_000);
    let train = all(1_000);
    let altered = {
        let (known, odd) = (batch.slice(0, 1_000), unseen(&batch.slice(1_000, 1_000)));
        arrow::compute::concat_batches(&batch.schema(), &[known, odd]).unwrap()
    };
    for kind in [RecipeKind::Baseline, RecipeKind::Linear, RecipeKind::Boosted] {
        assert_eq!(
            Recipe::fit(kind, &batch, (&train, None), &usual()).unwrap(),
            Recipe::fit(kind, &altered, (&train, None), &usual()).unwrap()
        );
    }
}

#[test]
fn what_is_missing_or_never_seen_is_prepared() {
    let batch = batch(2_000);
    for odd in [all_missing(&batch), unseen(&batch)] {
        let linear = Recipe::fit(RecipeKind::Linear, &batch, (&all(2_000), None), &usual()).unwrap();
        let sparse = linear.sparse(&odd, None).unwrap();
        assert!(sparse.values.iter().all(|value| value.is_finite()));
        assert!(sparse.active.iter().all(|p| *p == Sparse::NONE || (*p as usize) < sparse.width));
        let boosted = Recipe::fit(RecipeKind::Boosted, &batch, (&all(2_000), None), &usual()).unwrap();
        let dense = boosted.dense(&odd, None).unwrap();
        assert!(dense.columns.iter().flatten().all(|value| !value.is_infinite()));
        // And a recipe can be fitted on such rows.
        for kind in [RecipeKind::Linear, RecipeKind::Boosted] {
            let recipe = Recipe::fit(kind, &odd, (&all(2_000), None), &usual()).unwrap();
            recipe.check().unwrap();
            assert_eq!(recipe.encode(&batch, None).unwrap().rows(), 2_000);
        }
    }
}

#[test]
fn linear_columns_are_standardised_with_indicators_and_pooled_levels() {
    let batch = batch(2_000);
    let recipe = Recipe::fit(RecipeKind::Linear, &batch, (&all(2_000), None), &usual()).unwrap();
    recipe.check().unwrap();
    let names: Vec<&str> = recipe.outputs().iter().map(|output| output.name.as_str()).collect();
    for name in ["float", "float missing", "text = c1", "text rare", "text missing", "instant hour = 3", "date year"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    assert!(!names.contains(&"integer missing") && !names.contains(&"text = rare1"));
    let sparse = recipe.sparse(&batch, None).unwrap();
    for (slot, name) in names.iter().enumerate().take(sparse.numbers) {
        let values: Vec<f64> = (0..sparse.rows).map(|row| sparse.values(row)[slot]).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64;
        assert!(mean.abs() < 1e-9 && (variance - 1.0).abs() < 1e-9, "{name}: {mean} {variance}");
    }
    assert!(recipe.outputs().iter().all(|output| output.feature < 6));
}

#[test]
fn trees_get_values_as_they_are_and_codes_for_text() {
    let batch = batch(2_000);
    let recipe = Recipe::fit(RecipeKind::Boosted, &batch, (&all(2_000), None), &usual()).unwrap();
    recipe.check().unwrap();
    let dense = recipe.dense(&batch, Some(&[0, 1, 2, 13])).unwrap();
    assert!(dense.columns[0][0].is_nan());
    assert_eq!((dense.columns[0][1], dense.columns[1][3], dense.columns[2][0]), (37.0, 13.0, 1.0));
    let text = recipe.outputs().iter().position(|output| output.name == "text").unwrap();
    assert!(dense.categorical[text]);
    assert!(dense.columns[text][0].is_nan());
    let seen = dense.columns[text][2];
    let one = recipe.dense(&unseen(&batch), Some(&[0])).unwrap();
    assert_ne!(one.columns[text][0], seen);
}

#[test]
fn features_are_found_by_name_and_a_missing_one_is_named() {
    let batch = batch(500);
    let recipe = Recipe::fit(RecipeKind::Linear, &batch, (&all(500), None), &usual()).unwrap();
    let reversed = batch.project(&[5, 4, 3, 2, 1, 0]).unwrap();
    assert_eq!(recipe.sparse(&batch, None).unwrap(), recipe.sparse(&reversed, None).unwrap());
    let problem = recipe.sparse(&batch.project(&[0, 1, 2]).unwrap(), None).unwrap_err();
    assert_eq!(problem.code(), "missing-feature");
    assert!(problem.what().contains("`text`"), "{problem}");
    let as_text: ArrayRef = Arc::new(StringArray::from(vec!["1"; 500]));
    let mut columns = batch.columns().to_vec();
    columns[0] = as_text;
    let named =
        batch.schema().fields().iter().zip(columns).map(|(f, c)| (f.name().clone(), c, true)).collect::<Vec<_>>();
    let mistyped = RecordBatch::try_from_iter_with_nullable(named).unwrap();
    assert_eq!(recipe.sparse(&mistyped, None).unwrap_err().code(), "feature-type");
}

#[test]
fn a_recipe_survives_its_record_and_an_altered_one_is_refused() {
    let batch = batch(800);
    for kind in [RecipeKind::Baseline, RecipeKind::Linear, RecipeKind::Boosted] {
        let recipe = Recipe::fit(kind, &batch, (&all(800), None), &usual()).unwrap();
        let json = serde_json::to_string(&recipe).unwrap();
        assert_eq!(serde_json::from_str::<Recipe>(&json).unwrap(), recipe);
        if kind != RecipeKind::Baseline {
            let mut altered: serde_json::Value = serde_json::from_str(&json).unwrap();
            altered["features"].as_array_mut().unwrap().truncate(1);
            let altered: Recipe = serde_json::from_value(altered).unwrap();
            assert_eq!(altered.check().unwrap_err().code(), "model-damaged");
        }
    }
}

/// Each way to encode a text, with cyclic dates and numbers filled, clipped and scaled.
fn each_encoding() -> Vec<RecipeSettings> {
    let encodings = [Encode::OneHot, Encode::Ordinal, Encode::Frequency, Encode::Hashing, Encode::Words];
    let settings = encodings.map(|encode| RecipeSettings {
        number: Steps {
            impute: Some(Impute::Mode),
            clip: Some(Clip::Iqr(1.5)),
            scale: Some(Scale::Robust),
            ..Steps::default()
        },
        text: Steps { encode: Some(encode), buckets: Some(16), ..Steps::default() },
        date: Steps { dates: Some(Dates::Cyclic), ..Steps::default() },
        feature: [(
            "float".to_owned(),
            Steps { impute: Some(Impute::Constant(Filler::Number(-1.0))), ..Steps::default() },
        )]
        .into(),
    });
    settings.into()
}

#[test]
fn every_step_survives_bytes_and_meets_what_was_never_seen() {
    let batch = batch(2_000);
    for settings in each_encoding() {
        settings.check().unwrap();
        for kind in [RecipeKind::Linear, RecipeKind::Boosted] {
            let recipe = Recipe::fit(kind, &batch, (&all(2_000), None), &settings).unwrap();
            recipe.check().unwrap();
            let again: Recipe = serde_json::from_str(&serde_json::to_string(&recipe).unwrap()).unwrap();
            assert_eq!(again, recipe);
            assert!(!recipe.learned().is_empty());
            for odd in [&batch, &unseen(&batch), &all_missing(&batch)] {
                let encoded = again.encode(odd, None).unwrap();
                assert_eq!(encoded.rows(), 2_000);
                match encoded {
                    Encoded::Sparse(sparse) => {
                        assert_eq!(sparse.width, recipe.outputs().len());
                        assert!(sparse.values.iter().all(|value| value.is_finite()), "{settings:?}");
                    }
                    Encoded::Dense(dense) => {
                        assert_eq!(dense.columns.len(), recipe.outputs().len());
                        assert!(dense.columns.iter().all(|column| column.len() == 2_000));
                        assert!(dense.columns.iter().flatten().all(|value| !value.is_infinite()), "{settings:?}");
                    }
                    Encoded::Nothing(_) => unreachable!(),
                }
            }
        }
    }
}

#[test]
fn a_step_of_one_feature_goes_before_that_of_its_kind() {
    let batch = batch(2_000);
    let settings = RecipeSettings {
        number: Steps { impute: Some(Impute::Mean), ..Steps::default() },
        feature: [(
            "float".to_owned(),
            Steps { impute: Some(Impute::Constant(Filler::Number(-7.0))), ..Steps::default() },
        )]
        .into(),
        ..RecipeSettings::default()
    };
    let recipe = Recipe::fit(RecipeKind::Boosted, &batch, (&all(2_000), None), &settings).unwrap();
    let dense = recipe.dense(&all_missing(&batch), Some(&[0])).unwrap();
    let mean = (0..2_000).map(|i| f64::from(i % 17)).sum::<f64>() / 2_000.0;
    assert_eq!(dense.columns[0], [-7.0]);
    assert!((dense.columns[1][0] - mean).abs() < 1e-9, "{:?}", dense.columns[1]);
}

#[test]
fn steps_of_another_kind_and_of_no_feature_are_refused() {
    let words = Steps { encode: Some(Encode::Words), ..Steps::default() };
    let of_number = RecipeSettings { number: words.clone(), ..RecipeSettings::default() };
    assert_eq!(of_number.check().unwrap_err().code(), "recipe-step");
    let of =
        |name: &str| RecipeSettings { feature: [(name.to_owned(), words.clone())].into(), ..RecipeSettings::default() };
    let features = [("text", ColumnType::Text), ("float", ColumnType::Float)];
    of("text").check_features(features.into_iter()).unwrap();
    assert_eq!(of("float").check_features(features.into_iter()).unwrap_err().code(), "recipe-step");
    let unknown = of("txt").check_features(features.into_iter()).unwrap_err();
    assert_eq!((unknown.code(), unknown.advice()), ("unknown-feature", Some("did you mean `text`?")));
    let words_of_all = RecipeSettings { text: words.clone(), ..RecipeSettings::default() };
    let fewer = |buckets: u32| RecipeSettings {
        feature: [("text".to_owned(), Steps { buckets: Some(buckets), ..Steps::default() })].into(),
        ..words_of_all.clone()
    };
    fewer(1_000).check().unwrap();
    assert_eq!(fewer(4_097).check().unwrap_err().code(), "out-of-range");
    let many = Steps { encode: Some(Encode::Hashing), buckets: Some(254), ..Steps::default() };
    assert_eq!(RecipeSettings { text: many, ..RecipeSettings::default() }.check().unwrap_err().code(), "out-of-range");
}

/// Texts of many words, of which each stands in many of them.
fn notes(columns: usize) -> RecordBatch {
    let note = |column: usize| -> ArrayRef {
        let words =
            |row: usize| (0..6).map(|at| format!("w{}", (row * 7 + at * 131 + column) % 900)).collect::<Vec<_>>();
        Arc::new(StringArray::from_iter_values((0..2_000).map(|row| words(row).join(" "))))
    };
    RecordBatch::try_from_iter((0..columns).map(|column| (format!("note{column}"), note(column)))).unwrap()
}

#[test]
fn words_of_several_texts_have_no_more_columns_together_than_those_of_one() {
    let text = Steps { encode: Some(Encode::Words), ..Steps::default() };
    let settings = RecipeSettings { text: text.clone(), ..RecipeSettings::default() };
    for (kind, most) in [(RecipeKind::Linear, 512), (RecipeKind::Boosted, 1_024)] {
        let columns = |texts: usize, settings: &RecipeSettings| {
            let recipe = Recipe::fit(kind, &notes(texts), (&all(2_000), None), settings).unwrap();
            (recipe.outputs().len(), recipe.is_of_first_format())
        };
        let one = columns(1, &settings);
        assert!(one.0 > 500 && one.0 <= most && !one.1, "{kind:?} {one:?}");
        let four = columns(4, &settings);
        assert!(four.0 > most / 2 && four.0 <= most && !four.1, "{kind:?} {four:?}");
        // As many buckets as are asked for all have a column, and earlier builds know them.
        let asked = RecipeSettings { text: Steps { buckets: Some(800), ..text.clone() }, ..RecipeSettings::default() };
        let two = columns(2, &asked);
        assert!(two.0 > 1_000 && two.1, "{kind:?} {two:?}");
        let plain = columns(1, &RecipeSettings::default());
        assert!(plain.1, "{kind:?}");
    }
    assert_eq!(settings.words_without_buckets([("a", ColumnType::Text), ("b", ColumnType::Float)].into_iter()), 1);
}

#[test]
fn logarithms_of_far_skewed_numbers_survive_bytes_and_hold_what_was_never_seen() {
    let sizes: Vec<f64> = (0..2_000).map(|row| (f64::from(row % 97) / 8.0).exp2() + f64::from(row % 7)).collect();
    let even: Vec<f64> = (0..2_000).map(|row| f64::from(row % 89)).collect();
    let columns: [(&str, ArrayRef); 3] = [
        ("size", Arc::new(Float64Array::from(sizes.clone()))),
        ("even", Arc::new(Float64Array::from(even))),
        ("said", Arc::new(Float64Array::from(sizes.iter().map(|size| size.powi(2)).collect::<Vec<f64>>()))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let scale = Steps { scale: Some(Scale::Robust), ..Steps::default() };
    let settings = RecipeSettings { feature: [("said".to_owned(), scale)].into(), ..RecipeSettings::default() };
    let fit = |kind: RecipeKind| Recipe::fit(kind, &batch, (&all(2_000), None), &settings).unwrap();
    let (plain, logarithms) = (fit(RecipeKind::Linear), fit(RecipeKind::LinearOfLogarithms));
    assert_eq!((plain.kind(), logarithms.kind()), (RecipeKind::Linear, RecipeKind::LinearOfLogarithms));
    assert!(plain.is_of_first_format() && !logarithms.is_of_first_format());
    let again: Recipe = serde_json::from_str(&serde_json::to_string(&logarithms).unwrap()).unwrap();
    again.check().unwrap();
    assert_eq!(again, logarithms);
    let differs = |feature: &str| {
        let of = |recipe: &Recipe| recipe.learned().into_iter().find(|step| step.feature == feature).unwrap();
        of(&plain) != of(&logarithms)
    };
    // A scale that is set holds.
    assert_eq!(["size", "even", "said"].map(differs), [true, false, false]);
    let odd = RecordBatch::try_from_iter(
        ["size", "even", "said"]
            .map(|name| (name, Arc::new(Float64Array::from(vec![Some(-5.0), None, Some(f64::MAX)])) as ArrayRef)),
    );
    let odd = odd.unwrap();
    let encoded = again.sparse(&odd, None).unwrap();
    assert!(encoded.values.iter().all(|value| value.is_finite()), "{encoded:?}");
}
