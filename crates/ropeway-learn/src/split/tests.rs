//! What a user relies on when examples are parted.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array};
use arrow::record_batch::RecordBatch;

use super::*;
use crate::settings::{FoldSettings, HoldoutSettings};

fn population(rows: usize) -> Population {
    let numbers: ArrayRef = Arc::new(Float64Array::from_iter_values((0..rows).map(|i| i as f64)));
    Population {
        features: RecordBatch::try_from_iter([("x", numbers)]).unwrap(),
        recipe: crate::settings::RecipeSettings::default(),
        target: Target::Binary,
        label: (0..rows).map(|i| f64::from(u8::from(i % 3 == 0))).collect(),
        at: None,
        weight: None,
        label_known: None,
        group: None,
        key_hash: (0..rows as u64).map(|i| i.wrapping_mul(0x1234_5678_9ABC_DEF1)).collect(),
    }
}

fn settings(by: SplitBy, share: f64, count: u32) -> SplitSettings {
    SplitSettings {
        holdout: HoldoutSettings { by: Some(by), share: Some(share), ..HoldoutSettings::default() },
        folds: FoldSettings { count, ..FoldSettings::default() },
        ..SplitSettings::default()
    }
}

fn share_of_positives(population: &Population, rows: &[u32]) -> f64 {
    population.positives(rows.iter().copied()) as f64 / rows.len() as f64
}

#[test]
fn the_latest_share_is_held_out_and_folds_expand() {
    let mut population = population(600);
    population.at = Some((0..600).collect());
    let split = split(&settings(SplitBy::Time, 0.2, 5), &population, 7).unwrap();
    assert_eq!(split.holdout, (480..600).collect::<Vec<u32>>());
    assert_eq!(split.train, (0..480).collect::<Vec<u32>>());
    let ends: Vec<(usize, u32, u32)> =
        split.folds.iter().map(|f| (f.train.len(), f.valid[0], *f.valid.last().unwrap())).collect();
    // As scikit-learn's TimeSeriesSplit(5) on 480 rows.
    assert_eq!(ends, [(80, 80, 159), (160, 160, 239), (240, 240, 319), (320, 320, 399), (400, 400, 479)]);
}

#[test]
fn labels_not_known_when_validation_begins_are_purged() {
    let mut population = population(600);
    population.at = Some((0..600).map(|i| i * 10).collect());
    // Known 25 later: at 4800 the labels of rows with at >= 4775 are unknown, that is rows 478 and 479. Row 477 is
    // known at 4795. Row 0 never becomes known; row 5 exactly when the holdout begins.
    let mut known: Vec<Option<i64>> = (0..600).map(|i| Some(i * 10 + 25)).collect();
    known[0] = None;
    known[5] = Some(4800);
    population.label_known = Some(known);
    let split = split(&settings(SplitBy::Time, 0.2, 4), &population, 7).unwrap();
    assert_eq!(split.purged, 4);
    for gone in [0, 5, 478, 479] {
        assert!(!split.train.contains(&gone), "{gone}");
    }
    assert!(split.train.contains(&477));
    for fold in &split.folds {
        let begins = i64::from(fold.valid[0]) * 10;
        assert!(fold.train.iter().all(|row| i64::from(*row) * 10 + 25 < begins));
        assert_eq!(fold.purged, 2);
    }
}

#[test]
fn only_what_is_parted_by_time_is_purged() {
    let mut population = population(600);
    population.at = Some((0..600).map(|i| i * 10).collect());
    population.label_known = Some((0..600).map(|i| Some(i * 10 + 25)).collect());
    let parted = |holdout: SplitBy, folds: SplitBy| {
        let mut settings = settings(holdout, 0.2, 4);
        settings.folds.by = Some(folds);
        let split = split(&settings, &population, 7).unwrap();
        (split.purged, split.folds.iter().map(|fold| fold.purged).collect::<Vec<_>>())
    };
    assert_eq!(parted(SplitBy::Time, SplitBy::Time), (2, vec![2; 4]));
    assert_eq!(parted(SplitBy::Time, SplitBy::Random), (2, vec![0; 4]));
    let (of_holdout, of_folds) = parted(SplitBy::Random, SplitBy::Time);
    assert!(of_holdout == 0 && of_folds.iter().sum::<u32>() > 0, "{of_folds:?}");
    assert!(of_folds.iter().all(|purged| *purged <= 2), "{of_folds:?}");
}

#[test]
fn equal_times_stay_together_and_in_any_order_of_rows() {
    let mut population = population(300);
    let times: Vec<i64> = (0..300).map(|i| (i * 7919) % 300 / 7).collect();
    population.at = Some(times.clone());
    let split = split(&settings(SplitBy::Time, 0.25, 3), &population, 7).unwrap();
    let latest = |rows: &[u32]| rows.iter().map(|r| times[*r as usize]).max().unwrap();
    let earliest = |rows: &[u32]| rows.iter().map(|r| times[*r as usize]).min().unwrap();
    assert!(latest(&split.train) < earliest(&split.holdout));
    for fold in &split.folds {
        assert!(latest(&fold.train) < earliest(&fold.valid));
    }
    let off = split.holdout.len().abs_diff(75);
    assert!(off <= 7, "{off}");
}

#[test]
fn random_parts_are_stratified_disjoint_and_complete() {
    let population = population(1000);
    let split = split(&settings(SplitBy::Random, 0.2, 5), &population, 7).unwrap();
    assert_eq!(split.holdout.len(), 200);
    let all: BTreeSet<u32> = split.holdout.iter().chain(&split.train).copied().collect();
    assert_eq!(all.len(), 1000);
    assert_eq!(split.validated(), split.train);
    for fold in &split.folds {
        assert!((share_of_positives(&population, &fold.valid) - 0.334).abs() < 0.01);
        assert_eq!(fold.train.len() + fold.valid.len(), split.train.len());
    }
    assert_ne!(split, super::split(&settings(SplitBy::Random, 0.2, 5), &population, 8).unwrap());
}

#[test]
fn a_random_part_depends_on_the_example_and_not_on_its_position() {
    let population = population(400);
    let mut reversed = population.clone();
    reversed.label.reverse();
    reversed.key_hash.reverse();
    let settings = settings(SplitBy::Random, 0.3, 4);
    let (one, two) = (split(&settings, &population, 7).unwrap(), split(&settings, &reversed, 7).unwrap());
    let mirrored: BTreeSet<u32> = two.holdout.iter().map(|row| 399 - row).collect();
    assert_eq!(one.holdout.iter().copied().collect::<BTreeSet<u32>>(), mirrored);
}

#[test]
fn groups_stay_whole() {
    let mut population = population(900);
    population.group = Some((0..900).map(|i| (i / 7) % 40).collect());
    let group = |rows: &[u32]| -> BTreeSet<u64> { rows.iter().map(|r| (u64::from(*r) / 7) % 40).collect() };
    let split = split(&settings(SplitBy::Group, 0.2, 5), &population, 7).unwrap();
    assert!(group(&split.holdout).is_disjoint(&group(&split.train)));
    assert!(split.holdout.len().abs_diff(180) < 30, "{}", split.holdout.len());
    for fold in &split.folds {
        assert!(group(&fold.train).is_disjoint(&group(&fold.valid)));
        assert!(fold.valid.len().abs_diff(split.train.len() / 5) < 30);
    }
}

#[test]
fn what_cannot_be_parted_is_refused_with_a_remedy() {
    let check = |population: &Population, settings: &SplitSettings, code: &str| {
        let problem = split(settings, population, 7).unwrap_err();
        assert_eq!(problem.code(), code, "{problem}");
        assert!(problem.advice().is_some(), "{problem}");
    };
    let plain = population(100);
    check(&plain, &settings(SplitBy::Time, 0.2, 5), "split");
    check(&plain, &settings(SplitBy::Group, 0.2, 5), "split-group");
    check(&plain, &settings(SplitBy::Random, 1.5, 5), "split");
    check(&plain, &settings(SplitBy::Random, f64::NAN, 5), "split");
    check(&plain, &settings(SplitBy::Random, 0.2, 1), "split");
    check(&population(6), &settings(SplitBy::Random, 0.2, 5), "too-few-rows");
    let mut one_class = plain.clone();
    one_class.label = vec![1.0; 100];
    check(&one_class, &settings(SplitBy::Random, 0.2, 5), "one-class");
    // Where a class has too few examples for any split, the remedy is more of them.
    let remedy = |positive: usize| {
        let mut rare = plain.clone();
        rare.label = (0..100).map(|row| f64::from(u8::from(row < positive))).collect();
        split(&settings(SplitBy::Random, 0.2, 5), &rare, 7).err().map(|problem| problem.advice().unwrap().to_owned())
    };
    assert!(
        remedy(1).unwrap().contains("label is true: there are 1 in all, and at least 6 are needed"),
        "{:?}",
        remedy(1)
    );
    assert!(
        remedy(5).unwrap().ends_with("2 folds need 3") && !remedy(2).unwrap().contains("2 folds"),
        "{:?}",
        remedy(5)
    );
    assert_eq!(remedy(super::least_of_class(5)), None, "the control");
    let mut late = plain.clone();
    late.at = Some((0..100).collect());
    late.label = (0..100).map(|i| f64::from(u8::from(i >= 90))).collect();
    check(&late, &settings(SplitBy::Time, 0.2, 5), "one-class");
    let mut same = plain.clone();
    same.at = Some(vec![5; 100]);
    check(&same, &settings(SplitBy::Time, 0.2, 5), "split");
    let mut few_groups = plain;
    few_groups.group = Some((0..100).map(|i| i / 7 % 3).collect());
    check(&few_groups, &settings(SplitBy::Group, 0.2, 5), "split-group");
}

#[test]
fn a_holdout_begins_where_it_is_said() {
    let population = timed(100);
    let mut settings = settings(SplitBy::Time, 0.2, 3);
    settings.holdout.share = None;
    settings.holdout.from = Some("1970-01-04".into());
    let split = split(&settings, &population, 7).unwrap();
    // A row an hour: the fourth day begins with row 72.
    assert_eq!(split.holdout, (72..100).collect::<Vec<u32>>());
    assert_eq!(split.train, (0..72).collect::<Vec<u32>>());
    let refused = |from: &str, share: Option<f64>, says: &str| {
        let mut settings = settings.clone();
        (settings.holdout.from, settings.holdout.share) = (Some(from.into()), share);
        let problem = super::split(&settings, &population, 7).unwrap_err();
        assert!(problem.to_string().contains(says), "{problem}");
    };
    refused("1970-03-01", None, "lie before 1970-03-01T00:00:00Z");
    refused("1970-01-01", None, "lie after");
    refused("last week", None, "no time");
    refused("1970-01-04", Some(0.2), "a `share` and a `from`");
}

#[test]
fn a_gap_and_a_window_leave_out_what_is_too_near_and_too_long_ago() {
    let population = timed(100);
    let mut settings = settings(SplitBy::Time, 0.2, 3);
    settings.holdout.gap = Some("5 hours".parse().unwrap());
    (settings.folds.gap, settings.folds.window) = (Some("2 hours".parse().unwrap()), Some("10 hours".parse().unwrap()));
    let split = split(&settings, &population, 7).unwrap();
    assert_eq!((split.holdout[0], *split.train.last().unwrap(), split.apart), (80, 74, 5));
    for fold in &split.folds {
        let begins = fold.valid[0];
        assert_eq!(fold.train, (begins - 12..begins - 2).collect::<Vec<u32>>());
        assert_eq!(fold.apart as usize, begins as usize - 10);
    }
    let random =
        SplitSettings { holdout: HoldoutSettings { by: Some(SplitBy::Random), ..settings.holdout }, ..settings };
    let problem = super::split(&random, &population, 7).unwrap_err();
    assert!(problem.to_string().contains("needs a split by time"), "{problem}");
}

/// A row an hour from 1970 on.
fn timed(rows: i64) -> Population {
    Population { at: Some((0..rows).map(|row| row * 3_600_000_000).collect()), ..population(rows as usize) }
}
