//! Behaviour of boosted trees as a whole, against LightGBM's own answers.

use ropeway_stat::Rng;

use super::lightgbm::{Booster, Dataset};
use super::trees::Trees;
use crate::candidate::BoostedCandidate;
use crate::encoded::Dense;
use crate::fitted::interleaved;
use crate::settings::{NumberLoss, TargetTransform};

pub(super) const CANDIDATE: BoostedCandidate = BoostedCandidate {
    learning_rate: 0.13,
    num_leaves: 31,
    min_data_in_leaf: 5,
    feature_fraction: 0.8,
    bagging_fraction: 0.7,
    lambda_l1: 0.01,
    lambda_l2: 0.5,
    max_bin: 63,
    loss: None,
    transform: TargetTransform::Identity,
};

/// Numbers with ties, zeros, tiny values and missing ones, two columns of categories with missing ones, one constant.
pub(super) fn random_rows(rows: usize, seed: u64) -> (Dense, Vec<f32>) {
    let mut rng = Rng::new(seed);
    let mut columns = vec![Vec::new(); 7];
    let mut label = Vec::new();
    for _ in 0..rows {
        let number = 4.0 * rng.unit() - 2.0;
        let coarse = rng.below(5) as f64 - 2.0;
        let missing = if rng.below(3) == 0 { f64::NAN } else { 10.0 * rng.unit() };
        let tiny = [0.0, -0.0, 1e-36, -1e-36, 1e-30, 3.5][rng.index(6)];
        let category = if rng.below(10) == 0 { f64::NAN } else { rng.below(70) as f64 };
        let few = rng.below(4) as f64;
        for (column, value) in columns.iter_mut().zip([number, coarse, missing, tiny, category, few, 7.0]) {
            column.push(value);
        }
        let effect =
            number * coarse + if missing.is_nan() { 1.0 } else { 0.1 * missing } + (category % 7.0 - 3.0).max(-1.0);
        label.push(f32::from(u8::from(rng.unit() < 1.0 / (1.0 + (-effect).exp()))));
    }
    let categorical = vec![false, false, false, false, true, true, false];
    (Dense { rows, columns, categorical }, label)
}

fn trained<'a>(dataset: &'a Dataset, rounds: u32) -> Booster<'a> {
    let mut booster = Booster::new(dataset, None, 1, (&CANDIDATE, 7)).unwrap();
    for _ in 0..rounds {
        assert!(booster.update().unwrap());
    }
    booster
}

fn dataset(rows: &Dense, label: &[f32]) -> Dataset {
    let mut builder = Dataset::training(rows, rows.rows, CANDIDATE.max_bin).unwrap();
    // In two pieces, as blocks come.
    let cut = rows.rows / 3;
    for part in [0..cut, cut..rows.rows] {
        let columns = rows.columns.iter().map(|column| column[part.clone()].to_vec()).collect();
        builder.push(&Dense { rows: part.len(), columns, categorical: rows.categorical.clone() }).unwrap();
    }
    builder.finish(label, None).unwrap()
}

/// Rows that training never saw: other categories, values out of range, infinities, halves of categories.
fn odd_rows() -> Dense {
    let values = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        1e-36,
        -1e-36,
        1e300,
        -3.0,
        -0.5,
        0.5,
        2.5,
        69.0,
        70.0,
        1e9,
        3e9,
        -1e12,
    ];
    let rows = values.len() * values.len();
    let column = |c: usize| {
        (0..rows)
            .map(|row| values[(row / if c.is_multiple_of(2) { values.len() } else { 1 } + c) % values.len()])
            .collect()
    };
    Dense { rows, columns: (0..7).map(column).collect(), categorical: vec![false; 7] }
}

#[test]
fn scores_have_the_bits_of_lightgbm() {
    let (rows, label) = random_rows(3_000, 1);
    let dataset = dataset(&rows, &label);
    let booster = trained(&dataset, 60);
    for rounds in [1, 7, 60] {
        let trees = Trees::from_lightgbm_text(&booster.text(rounds).unwrap()).unwrap();
        assert_eq!(trees.count(), rounds as usize);
        for rows in [&rows, &random_rows(500, 2).0, &odd_rows()] {
            let (ours, theirs) = (trees.raw_all(rows), booster.raw(rows, rounds).unwrap());
            let mut buffer = Vec::new();
            for row in 0..rows.rows {
                rows.row(row, &mut buffer);
                assert_eq!(ours[row].to_bits(), theirs[row].to_bits(), "row {row}: {buffer:?}");
                assert_eq!(ours[row].to_bits(), trees.raw(&buffer).to_bits(), "row {row} alone");
            }
        }
    }
}

#[test]
fn scores_of_several_classes_and_of_numbers_have_the_bits_of_lightgbm() {
    let (rows, label) = random_rows(2_000, 9);
    let by = |label: Vec<f32>, outputs: usize, loss: Option<NumberLoss>| {
        let dataset = dataset(&rows, &label);
        let mut booster = Booster::new(&dataset, None, outputs, (&BoostedCandidate { loss, ..CANDIDATE }, 7)).unwrap();
        (0..15).for_each(|_| assert!(booster.update().unwrap()));
        let trees = Trees::of_outputs(&booster.text(15).unwrap()).unwrap();
        assert_eq!(trees.len(), outputs);
        for rows in [&rows, &odd_rows()] {
            let each: Vec<Vec<f64>> = trees.iter().map(|trees| trees.raw_all(rows)).collect();
            let (ours, theirs) = (interleaved(&each, rows.rows), booster.raw(rows, 15).unwrap());
            let differing = ours.iter().zip(&theirs).filter(|(a, b)| a.to_bits() != b.to_bits()).count();
            assert_eq!((ours.len(), differing), (rows.rows * outputs, 0), "{loss:?}");
        }
    };
    let classes = rows.columns[5].iter().zip(&label).map(|(few, label)| (*few as f32 + label).min(3.0));
    by(classes.collect(), 4, None);
    let numbers: Vec<f32> =
        rows.columns[0].iter().zip(&label).map(|(x, label)| 1000.0 + 10.0 * *x as f32 + label).collect();
    for loss in [NumberLoss::Squared, NumberLoss::Absolute, NumberLoss::Relative] {
        by(numbers.clone(), 1, Some(loss));
    }
}

#[test]
fn validation_probabilities_of_several_classes_stand_row_by_row() {
    let (rows, _) = random_rows(900, 9);
    let label: Vec<f32> = rows.columns[5].iter().map(|few| *few as f32).collect();
    let dataset = dataset(&rows, &label);
    let mut booster = Booster::new(&dataset, Some(&dataset), 4, (&CANDIDATE, 7)).unwrap();
    (0..10).for_each(|_| assert!(booster.update().unwrap()));
    let mut found = Vec::new();
    booster.validation(&mut found).unwrap();
    let mut expect = booster.raw(&rows, 10).unwrap();
    expect.chunks_mut(4).for_each(ropeway_stat::softmax);
    assert!(found.len() == 3_600 && found.iter().zip(&expect).all(|(a, b)| (a - b).abs() < 1e-12));
}

#[test]
fn contributions_sum_to_the_score() {
    let (rows, label) = random_rows(2_000, 3);
    let dataset = dataset(&rows, &label);
    let booster = trained(&dataset, 80);
    let one = Trees::from_lightgbm_text(&booster.text(80).unwrap()).unwrap();
    let other = Trees::from_lightgbm_text(&booster.text(30).unwrap()).unwrap();
    // As packages of earlier versions hold them.
    let both = Trees::new(one.columns(), [one.boosters.clone(), other.boosters].concat()).unwrap();
    let mut buffer = Vec::new();
    for rows in [&rows, &odd_rows()] {
        for row in (0..rows.rows).step_by(17) {
            rows.row(row, &mut buffer);
            for trees in [&one, &both] {
                let values = trees.shap(&buffer);
                let sum: f64 = values.iter().sum();
                assert!((sum - trees.raw(&buffer)).abs() < 1e-12, "row {row}: {sum} and {}", trees.raw(&buffer));
                assert_eq!(values.len(), 8);
                assert_eq!(values[6], 0.0, "the constant column contributes nothing");
            }
        }
    }
}

#[test]
fn contributions_are_those_of_all_subsets() {
    let (rows, label) = random_rows(800, 4);
    let dataset = dataset(&rows, &label);
    let trees = Trees::from_lightgbm_text(&trained(&dataset, 10).text(10).unwrap()).unwrap();
    let mut buffer = Vec::new();
    for row in [0, 1, 2, 500] {
        rows.row(row, &mut buffer);
        let values = trees.shap(&buffer);
        for (column, value) in values[..7].iter().enumerate() {
            let expect = by_subsets(&trees, &buffer, column);
            assert!((value - expect).abs() < 1e-12, "row {row}, column {column}: {value} and {expect}");
        }
    }
}

/// The definition: over all subsets of the other columns, the gain from knowing the column.
fn by_subsets(trees: &Trees, row: &[f64], column: usize) -> f64 {
    let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
    let others: Vec<usize> = (0..7).filter(|other| *other != column).collect();
    let gain = |subset: u32| {
        let known: Vec<bool> = (0..7)
            .map(|c| others.iter().position(|other| *other == c).is_some_and(|bit| subset >> bit & 1 == 1))
            .collect();
        let mut with = known.clone();
        with[column] = true;
        let size = subset.count_ones();
        factorial(size) * factorial(6 - size) / factorial(7)
            * (expected(trees, row, &with) - expected(trees, row, &known))
    };
    (0..1 << others.len()).map(gain).sum()
}

/// The score where only some columns are known: at other splits both sides count by their training rows.
fn expected(trees: &Trees, row: &[f64], known: &[bool]) -> f64 {
    fn walk(tree: &super::tree::Tree, child: i32, row: &[f64], known: &[bool]) -> (f64, f64) {
        let Ok(split) = usize::try_from(child) else {
            let leaf = super::tree::leaf_of(child);
            return (tree.leaves[leaf], f64::from(tree.cover[leaf]));
        };
        let node = &tree.nodes[split];
        let (left, right) = (walk(tree, node.sides[0], row, known), walk(tree, node.sides[1], row, known));
        let cover = left.1 + right.1;
        let value = match (known[node.feature as usize], tree.goes_left(node, row[node.feature as usize])) {
            (true, true) => left.0,
            (true, false) => right.0,
            (false, _) => (left.0 * left.1 + right.0 * right.1) / cover,
        };
        (value, cover)
    }
    trees.boosters[0]
        .iter()
        .map(|tree| if tree.nodes.is_empty() { tree.leaves[0] } else { walk(tree, 0, row, known).0 })
        .sum()
}

#[test]
fn stored_trees_come_back_and_damaged_ones_do_not() {
    let (rows, label) = random_rows(600, 5);
    let dataset = dataset(&rows, &label);
    let trees = Trees::from_lightgbm_text(&trained(&dataset, 40).text(40).unwrap()).unwrap();
    let json = serde_json::to_string(&trees).unwrap();
    assert_eq!(serde_json::from_str::<Trees>(&json).unwrap(), trees);

    let damage = |path: &[&str], at: usize, value: serde_json::Value| {
        let mut json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let tree = json["boosters"][0].as_array().unwrap().iter().position(|tree| !tree["words"].is_null()).unwrap();
        let mut part = &mut json["boosters"][0][tree];
        for key in path {
            part = &mut part[*key];
        }
        part[at] = value;
        serde_json::from_value::<Trees>(json).unwrap_err().to_string()
    };
    for (key, value) in [
        ("left", serde_json::json!(0)),
        ("left", serde_json::json!(1_000_000)),
        ("right", serde_json::json!(-1_000_000)),
        ("right", serde_json::json!(i32::MIN)),
        ("feature", serde_json::json!(7)),
        ("cover", serde_json::json!(0)),
        ("words", serde_json::json!(-1)),
        ("leaves", serde_json::Value::Null),
    ] {
        assert!(!damage(&[key], 0, value).is_empty(), "{key}");
    }
    assert!(serde_json::from_str::<Trees>(r#"{"columns":3,"boosters":[]}"#).is_err());
}

#[test]
fn text_that_is_not_as_expected_is_refused_with_its_line() {
    let (rows, label) = random_rows(600, 6);
    let dataset = dataset(&rows, &label);
    let text = trained(&dataset, 3).text(3).unwrap();
    let check = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let problem = Trees::from_lightgbm_text(&text.replacen(from, to, 1)).unwrap_err();
        assert!(problem.place().is_some_and(|place| place.line.is_some()), "{problem}");
    };
    check("version=v4", "version=v5");
    check("num_class=1", "num_class=3");
    check("sigmoid:1", "sigmoid:2");
    check("Tree=1\n", "Tree=2\n");
    check("is_linear=0", "is_linear=1");
    check("num_leaves=", "num_leaves=9");
    check("split_feature=", "split_feature=99 ");
    check("left_child=", "left_child=x ");
    check("leaf_value=", "leaf_value=nan ");
    check("shrinkage=", "surprise=");
    check("end of trees", "Tree=3");
    for length in (0..text.find("end of trees").unwrap()).step_by(97) {
        assert!(Trees::from_lightgbm_text(&text[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn a_label_that_nothing_explains_gives_one_constant_tree() {
    let rows = Dense { rows: 50, columns: vec![vec![1.0; 50]], categorical: vec![false] };
    let label: Vec<f32> = (0..50).map(|row| f32::from(u8::from(row % 5 == 0))).collect();
    let mut builder = Dataset::training(&rows, 50, 255).unwrap();
    builder.push(&rows).unwrap();
    let dataset = builder.finish(&label, None).unwrap();
    let mut booster = Booster::new(&dataset, Some(&dataset), 1, (&CANDIDATE, 7)).unwrap();
    assert!(!booster.update().unwrap());
    let trees = Trees::from_lightgbm_text(&booster.text(1).unwrap()).unwrap();
    assert!((trees.raw(&[1.0]) - (0.2_f64 / 0.8).ln()).abs() < 1e-6);
    assert_eq!(trees.shap(&[1.0]), [0.0, trees.raw(&[1.0])]);
    let mut probabilities = Vec::new();
    booster.validation(&mut probabilities).unwrap();
    assert!(probabilities.iter().all(|p| (p - 0.2).abs() < 1e-6));
}

#[test]
fn what_does_not_fit_is_a_problem_and_no_crash() {
    let (rows, label) = random_rows(100, 7);
    let nothing = Dense { rows: 0, columns: vec![], categorical: vec![] };
    assert!(Dataset::training(&nothing, 0, 255).is_err());
    let mut builder = Dataset::training(&rows, 100, 255).unwrap();
    assert!(builder.push(&nothing).is_err());
    builder.push(&rows).unwrap();
    assert!(builder.push(&rows).is_err());
    assert!(builder.finish(&label[..99], None).is_err());
}
