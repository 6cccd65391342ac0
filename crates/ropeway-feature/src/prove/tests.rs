//! The proof holds for what the plan accepts, and catches a rule that is one microsecond too loose.

use crate::plan::FeaturePlan;
use crate::prove;
use crate::rule::Rule;
use crate::scenario::{rows, settings, tables, wait};

#[test]
fn the_future_changes_nothing() {
    let tables = tables(&[]);
    let (plan, _) = FeaturePlan::new(&settings(), &tables).unwrap();
    let proof = wait(prove(&tables, &plan, &rows(31, 500, true), 6, 1, Rule::STRICT)).unwrap();
    assert!(proof.holds(), "{:#?}", proof.differences);
    assert!(proof.times.len() >= 4 && proof.examples > 500 && proof.values > 10_000, "{proof:?}");
    assert!(proof.overwritten > 100 && proof.added > 100 && proof.removed > 20, "{proof:?}");
    assert!(proof.only_overwritten.is_empty(), "{proof:?}");
}

#[test]
fn a_rule_loosened_by_a_microsecond_is_caught() {
    let tables = tables(&[]);
    let (plan, _) = FeaturePlan::new(&settings(), &tables).unwrap();
    for seed in 0..4 {
        let rule = Rule::LOOSENED_BY_ONE_MICROSECOND;
        let proof = wait(prove(&tables, &plan, &rows(32 + seed, 500, false), 4, seed, rule)).unwrap();
        assert!(!proof.holds(), "seed {seed}");
        let windows = ["late", "trips", "load_sum", "load_avg", "tails"];
        assert!(proof.differences.iter().any(|d| windows.contains(&d.feature.as_str())), "{:#?}", proof.differences);
    }
}

#[test]
fn examples_chosen_by_their_outcome_are_caught() {
    let tables = tables(&[("flown", "SELECT * FROM trips_clean WHERE delay IS NOT NULL")]);
    let mut settings = settings();
    settings.examples.table = "flown".into();
    let (plan, findings) = FeaturePlan::new(&settings, &tables).unwrap();
    assert_eq!(findings.len(), 1);
    let proof = wait(prove(&tables, &plan, &rows(33, 300, false), 3, 1, Rule::STRICT)).unwrap();
    assert!(proof.differences.iter().any(|difference| difference.feature == "(example)"), "{proof:#?}");
}
