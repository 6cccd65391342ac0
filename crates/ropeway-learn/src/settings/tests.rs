//! What a user relies on in the sections of the project file.

use super::*;

fn learn(json: &str) -> Result<LearnSettings, serde_json::Error> {
    serde_json::from_str(json)
}

#[test]
fn an_empty_section_is_the_default_and_is_sound() {
    let settings = learn("{}").unwrap();
    assert_eq!(settings, LearnSettings::default());
    settings.check().unwrap();
    assert_eq!(settings.all_learners(), [LearnerKind::Baseline, LearnerKind::Linear, LearnerKind::Boosted]);
    CostsOfError::default().check().unwrap();
}

#[test]
fn the_sketch_of_the_design_is_read() {
    let settings = learn(
        r#"{"task": "binary", "metric": "average_precision", "learners": ["linear", "boosted"],
            "tune": {"strategy": "halving", "trials": 20}, "boosted": {"num_leaves": [8, 64]}}"#,
    )
    .unwrap();
    assert_eq!(settings.boosted.num_leaves, IntegerRange(8, 64));
    let split: SplitSettings =
        serde_json::from_str(r#"{"holdout": {"by": "time", "share": 0.2}, "folds": {"by": "time", "count": 5}}"#)
            .unwrap();
    assert_eq!(split.resolved(true), (SplitBy::Time, SplitBy::Time));
    assert_eq!(SplitSettings::default().resolved(false), (SplitBy::Random, SplitBy::Random));
}

#[test]
fn an_unknown_key_is_an_error() {
    assert!(learn(r#"{"tune": {"trails": 20}}"#).unwrap_err().to_string().contains("trails"));
    assert!(serde_json::from_str::<CostsOfError>(r#"{"false_negatives": 5}"#).is_err());
}

#[test]
fn what_cannot_be_run_is_refused_with_a_remedy() {
    let check = |json: &str, names: &str| {
        let problem = learn(json).unwrap().check().unwrap_err();
        let advice = problem.advice().unwrap_or_default();
        assert!(!advice.is_empty() && format!("{} {advice}", problem.what()).contains(names), "{problem}");
    };
    check(r#"{"task": "regression", "metric": "roc_auc"}"#, "rmse, mae");
    check(r#"{"task": "multiclass", "metric": "roc_auc"}"#, "log_loss, accuracy");
    check(r#"{"task": "regression", "metric": "interval_width"}"#, "neither more nor less");
    check(r#"{"linear": {"loss": ["absolute"]}}"#, "huber");
    check(r#"{"tune": {"trials": 0}}"#, "[learn.tune]");
    check(r#"{"tune": {"minutes": -1.0}}"#, "minutes");
    check(r#"{"linear": {"strength": []}}"#, "strength");
    check(r#"{"linear": {"l1_ratio": [1.5]}}"#, "l1_ratio");
    check(r#"{"boosted": {"num_leaves": [1, 5]}}"#, "num_leaves");
    check(r#"{"boosted": {"learning_rate": [0.3, 0.1]}}"#, "learning_rate");
    let costs = |json: &str| serde_json::from_str::<CostsOfError>(json).unwrap();
    assert!(costs(r#"{"false_negative": -1.0}"#).check().is_err());
    assert!(costs(r#"{"false_negative": 0.0, "false_positive": 0.0}"#).check().is_err());
    assert!(costs(r#"{"under": 0.0, "over": 0.0}"#).check().is_err());
    assert!(costs(r#"{"matrix": {"storm": {"calm": -1.0}}}"#).check().is_err());
    let matrix = costs(r#"{"matrix": {"storm": {"calm": 10.0}}}"#);
    matrix.check().unwrap();
    let names = ["calm", "storm"].map(String::from);
    assert_eq!(matrix.classes(&names).unwrap().of(1, 0), 10.0);
    let problem = matrix.classes(&["calm".into(), "storms".into()]).unwrap_err();
    assert!(problem.to_string().contains("`storm`") && problem.advice().unwrap().contains("storms"), "{problem}");
}

#[test]
fn a_group_is_named_once() {
    let with = |holdout: &[&str], folds: &[&str]| SplitSettings {
        holdout: HoldoutSettings {
            by: Some(SplitBy::Group),
            group: holdout.iter().map(|s| (*s).to_owned()).collect(),
            ..HoldoutSettings::default()
        },
        folds: FoldSettings { group: folds.iter().map(|s| (*s).to_owned()).collect(), ..FoldSettings::default() },
        ..SplitSettings::default()
    };
    assert_eq!(with(&["customer"], &[]).group_columns().unwrap(), ["customer"]);
    assert_eq!(with(&[], &["customer"]).group_columns().unwrap(), ["customer"]);
    assert!(with(&[], &[]).group_columns().is_err());
    assert!(with(&["a"], &["b"]).group_columns().is_err());
    assert!(SplitSettings::default().group_columns().unwrap().is_empty());
    // Named for the whole split, it needs no `by`, and one that parts nothing is refused.
    let mut whole = SplitSettings { group: vec!["customer".into()], ..SplitSettings::default() };
    assert_eq!(whole.group_columns().unwrap(), ["customer"]);
    assert_eq!((whole.resolved(true), whole.check(true).is_ok()), ((SplitBy::Group, SplitBy::Group), true));
    whole.folds.group = vec!["shop".into()];
    assert!(whole.group_columns().is_err());
    whole.holdout.by = Some(SplitBy::Random);
    assert!(whole.check(true).is_err() && whole.group_columns().unwrap().is_empty());
}
