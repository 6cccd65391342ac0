//! LightGBM's own scores against ours on every holdout row of the flagship, bit for bit: its features hold numbers with
//! missing values, zeros, instants and categories, some of which training never saw.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use ropeway_learn::boosted::{Binned, Booster, Trees};
use ropeway_learn::output::{BinaryOutput, Output};
use ropeway_learn::settings::{BoostedSettings, FloatRange, IntegerRange, TargetTransform};
use ropeway_learn::{BoostedCandidate, Dense, Fitted, FittedModel};
use ropeway_project::{Project, SectionSpec};
use ropeway_registry::GateSettings;
use ropeway_store::Store;

use crate::data::Data;
use crate::features::Featured;
use crate::planned::Planned;
use crate::population::{Drawing, Learnable, learnable};
use crate::progress::Silent;
use crate::record::Records;
use crate::step::Engine;

/// Trees that are trained.
const ROUNDS: u32 = 80;
/// LightGBM's seed.
const SEED: u32 = 7;
/// Fewest rows that are worth the name of a holdout of flights: a fifth of 327,346 labelled ones is 65,469.
const MANY: usize = 60_000;

/// A folder that goes with the test.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn flights() -> Project {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/flights");
    Project::load_with(&root, &[SectionSpec::list::<GateSettings>("gate")]).unwrap()
}

/// The labelled flights with their features and split, as a run makes them; nothing is written into the project.
async fn population(project: &Project) -> Learnable {
    let scratch = Scratch(std::env::temp_dir().join(format!("ropeway-lightgbm-scores-{}", std::process::id())));
    let store = Store::open(&scratch.0).await.unwrap();
    let records = Records::open(&store).await.unwrap();
    let engine = Engine::new(store, records, Arc::new(Silent), Arc::new(AtomicBool::new(false)), None);
    let planned = Planned::new(project).unwrap();
    let mut data = Data::make(&engine, planned.tables, &project.root, &project.settings.source).await.unwrap();
    let mut featured =
        Featured::make(&engine, &mut data, planned.features, crate::features::Taken::default()).await.unwrap();
    let made = learnable(&mut featured, Drawing::of(project), project.seed()).unwrap();
    engine.store.close().await;
    made
}

/// The middle of the project's ranges.
fn candidate(settings: &BoostedSettings) -> BoostedCandidate {
    let middle = |FloatRange(low, high): FloatRange| (low * high).sqrt();
    let whole = |IntegerRange(low, high): IntegerRange| (f64::from(low) * f64::from(high)).sqrt() as u32;
    BoostedCandidate {
        learning_rate: middle(settings.learning_rate),
        num_leaves: whole(settings.num_leaves),
        min_data_in_leaf: whole(settings.min_data_in_leaf),
        feature_fraction: middle(settings.feature_fraction),
        bagging_fraction: middle(settings.bagging_fraction),
        lambda_l1: middle(settings.lambda_l1),
        lambda_l2: middle(settings.lambda_l2),
        max_bin: settings.max_bin,
        loss: None,
        transform: TargetTransform::Identity,
    }
}

/// What a booster wrote, and what it says of the rows itself.
struct Trained {
    text: String,
    theirs: Vec<f64>,
}

fn trained(binned: &Binned, candidate: &BoostedCandidate, rows: &Dense) -> Trained {
    let mut booster = Booster::new(binned.train(candidate.transform).unwrap(), None, 1, (candidate, SEED)).unwrap();
    for _ in 0..ROUNDS {
        assert!(booster.update().unwrap());
    }
    Trained { text: booster.text(ROUNDS).unwrap(), theirs: booster.raw(rows, ROUNDS).unwrap() }
}

/// How many rows differ in any bit.
fn differing(ours: &[f64], theirs: &[f64]) -> usize {
    assert_eq!(ours.len(), theirs.len());
    ours.iter().zip(theirs).filter(|(ours, theirs)| ours.to_bits() != theirs.to_bits()).count()
}

/// The trees with one threshold of the first one moved up to the next value that any of the rows has there, which at
/// least one row then takes the other way.
fn one_threshold_moved(trees: &Trees, rows: &Dense) -> Trees {
    let mut json = serde_json::to_value(trees).unwrap();
    let tree = &mut json["boosters"][0][0];
    let split = tree["test"].as_array().unwrap().iter().position(|test| test == "number").unwrap();
    let column = tree["feature"][split].as_u64().unwrap() as usize;
    let threshold = tree["threshold"][split].as_f64().unwrap();
    let above = rows.columns[column].iter().copied().filter(|value| *value > threshold).fold(f64::INFINITY, f64::min);
    assert!(above.is_finite(), "no row lies above the threshold");
    tree["threshold"][split] = above.into();
    serde_json::from_value(json).unwrap()
}

#[test]
fn every_holdout_row_of_flights_scores_as_lightgbm_scores_it() {
    let project = flights();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let Learnable { population, split, .. } = runtime.block_on(population(&project));
    let candidate = candidate(&project.settings.learn.boosted);
    let binned = Binned::new(&population, &split.train, None, (candidate.max_bin, &[candidate.transform])).unwrap();
    let rows = binned.recipe.dense(&population.features, Some(&split.holdout)).unwrap();
    assert!(rows.rows > MANY && rows.rows == split.holdout.len(), "{} rows are not the holdout", rows.rows);
    let holds = |categorical: bool, missing: bool| {
        let of_kind = rows.columns.iter().zip(&rows.categorical).filter(|(_, is)| **is == categorical);
        of_kind.flat_map(|(column, _)| column).filter(|value| value.is_nan() == missing).count()
    };
    let kinds = [holds(false, false), holds(false, true), holds(true, false), holds(true, true)];
    assert!(kinds.iter().all(|count| *count > 1_000), "numbers, missing ones, categories, missing ones: {kinds:?}");

    let booster = trained(&binned, &candidate, &rows);
    let trees = Trees::from_lightgbm_text(&booster.text).unwrap();
    assert_eq!(trees.count(), ROUNDS as usize);
    assert_eq!(differing(&trees.raw_all(&rows), &booster.theirs), 0, "of {} rows", rows.rows);
    // Control: one threshold of one tree is noticed.
    let moved = one_threshold_moved(&trees, &rows);
    assert!(differing(&moved.raw_all(&rows), &booster.theirs) > 0);
    // And by the way that a sealed model is asked.
    let fitted = Fitted::Boosted(trees);
    let model = FittedModel {
        recipe: binned.recipe,
        fitted,
        output: Output::Binary(BinaryOutput { calibration: None, threshold: 0.5 }),
    };
    let ours = model.raw(&population.features, Some(&split.holdout)).unwrap();
    assert_eq!(differing(&ours, &booster.theirs), 0, "of {} rows", rows.rows);
    println!("{} rows compared: no bit differs", rows.rows);
}
