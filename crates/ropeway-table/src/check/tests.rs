//! What each kind of check counts, leaves out and stops.

use std::collections::BTreeMap;
use std::sync::Arc;

use ropeway_vocab::{FixedClock, Instant};

use crate::fixture::{HOUR, batch, check, definitions, integers, run, sources, texts};
use crate::{CheckSettings, Checked, Fresh, Literal, Otherwise, Reference, RowTimes, TablePlan, Verdict};

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_string()).collect()
}

/// The ten flights after one check, at hour 10.
fn after(settings: CheckSettings) -> Checked {
    let table = settings.table.clone();
    let mut definitions = definitions(&[]);
    definitions.checks.push(settings);
    let plan = TablePlan::new(definitions).unwrap().with_clock(Arc::new(FixedClock(Instant::from_micros(10 * HOUR))));
    let made: BTreeMap<_, _> = sources()
        .into_iter()
        .map(|(name, batches)| (name.clone(), plan.source(&name, batches, RowTimes::Stated).unwrap()))
        .collect();
    plan.checked(&table, made[&table].clone(), &made).unwrap()
}

/// How many rows fail, and how it ends.
fn ends(settings: CheckSettings, failed: u64, verdict: Verdict) {
    let checked = after(settings);
    let outcome = &checked.outcomes[0];
    assert_eq!((outcome.failed, outcome.verdict), (failed, verdict), "{outcome:?}");
    let left =
        if verdict == Verdict::Rejected || (verdict == Verdict::Stopped && outcome.otherwise == Otherwise::Reject) {
            outcome.total - failed
        } else {
            outcome.total
        };
    assert!(checked.relation.rows() as u64 == left || outcome.failed == outcome.total, "{outcome:?}");
    assert_eq!(checked.stop().is_some(), verdict == Verdict::Stopped);
}

#[test]
fn a_condition_rejects_warns_or_stops() {
    let that = |otherwise, tolerate| {
        check(|c| {
            c.that = Some("dep_delay < 6".to_string());
            c.otherwise = otherwise;
            c.tolerate = tolerate;
        })
    };
    // Of flights 0 to 9 only number 6 has a delay of 6; the missing ones pass.
    ends(that(Otherwise::Reject, Some(0.1)), 1, Verdict::Rejected);
    ends(that(Otherwise::Reject, None), 1, Verdict::Stopped);
    ends(that(Otherwise::Warn, None), 1, Verdict::Warned);
    ends(that(Otherwise::Stop, None), 1, Verdict::Stopped);
    ends(that(Otherwise::Stop, Some(0.1)), 1, Verdict::Warned);
    let stopped = after(that(Otherwise::Stop, None)).stop().unwrap();
    assert!(stopped.to_string().contains("1 of 10 rows (10.000%, tolerated 0.000%)"), "{stopped}");
}

#[test]
fn every_kind_counts_what_fails() {
    let warn = |change: &dyn Fn(&mut CheckSettings)| {
        check(|c| {
            c.otherwise = Otherwise::Warn;
            change(c);
        })
    };
    ends(warn(&|c| c.unique = Some(owned(&["carrier"]))), 7, Verdict::Warned);
    ends(warn(&|c| c.unique = Some(owned(&["id", "carrier"]))), 0, Verdict::Passed);
    ends(warn(&|c| c.not_null = Some(owned(&["id", "dep_delay"]))), 2, Verdict::Warned);
    let among = |column: &str, values: &[Literal]| Some([(column.to_string(), values.to_vec())].into_iter().collect());
    ends(
        warn(&|c| c.among = among("carrier", &[Literal::Text("AA".into()), Literal::Text("U'A".into())])),
        6,
        Verdict::Warned,
    );
    ends(warn(&|c| c.among = among("dep_delay", &[Literal::Integer(0), Literal::Float(1.0)])), 4, Verdict::Warned);
    let matches = |pattern: &str| Some([("tailnum".to_string(), pattern.to_string())].into_iter().collect());
    ends(warn(&|c| c.matches = matches("^N[0-2]$")), 2, Verdict::Warned);
    let reference = Reference { columns: owned(&["tailnum"]), table: "planes".to_string(), to: Vec::new() };
    ends(warn(&|c| c.references = Some(reference.clone())), 2, Verdict::Warned);
    ends(warn(&|c| c.rows = Some("between 1 and 9".into())), 10, Verdict::Warned);
    ends(check(|c| c.rows = Some(">= 11".into())), 10, Verdict::Stopped);
    ends(check(|c| c.rows = Some("10".into())), 0, Verdict::Passed);
    let fresh = |within: &str| Some(Fresh { column: "sched".to_string(), within: within.parse().unwrap() });
    ends(check(|c| c.fresh = fresh("1 hour")), 0, Verdict::Passed);
    ends(check(|c| c.fresh = fresh("59 minutes")), 10, Verdict::Stopped);
}

#[test]
fn a_check_of_the_whole_table_says_what_it_found() {
    let says = |settings: CheckSettings, expected: &str| {
        let problem = after(settings).stop().unwrap();
        assert!(problem.what().ends_with(expected), "{problem}");
    };
    let within = "59 minutes".parse().unwrap();
    let fresh = check(|c| c.fresh = Some(Fresh { column: "sched".into(), within }));
    says(fresh, "`fresh sched within 59 minutes`: the newest `sched` of 10 rows is 1970-01-01T09:00:00Z");
    says(check(|c| c.rows = Some(">= 11".into())), "`rows >= 11`: there are 10 rows");
}

#[test]
fn later_checks_see_what_earlier_ones_left() {
    let mut definitions = definitions(&[("t", "SELECT id, dep_delay FROM flights")]);
    let on = |sql: &str| {
        check(|c| {
            c.table = "t".to_string();
            c.that = Some(sql.to_string());
            c.tolerate = Some(1.0);
        })
    };
    definitions.checks = vec![on("id <> 3"), on("id > 4"), on("id >= 0")];
    let plan = TablePlan::new(definitions).unwrap();
    let made = run(plan.all(sources(), false)).unwrap();
    assert_eq!(made["t"].rows(), 5);
    assert_eq!(run(plan.all(sources(), true)).unwrap()["t"].rows(), 10, "bypassed");
}

#[test]
fn rejected_rows_are_shown_with_personal_values_masked() {
    let checked = after(check(|c| {
        c.table = "planes".to_string();
        c.that = Some("seats > 120".to_string());
        c.tolerate = Some(1.0);
    }));
    assert_eq!(checked.rejected.len(), 1);
    let expected = serde_json::json!({"tailnum": "N0", "seats": 100, "owner": "***"});
    assert_eq!(serde_json::Value::Object(checked.rejected[0].row.clone()), expected);
}

#[test]
fn a_unique_check_keeps_one_row_of_a_key() {
    let mut definitions = definitions(&[]);
    definitions.checks.push(check(|c| {
        c.table = "planes".to_string();
        c.unique = Some(owned(&["tailnum"]));
        c.tolerate = Some(1.0);
    }));
    let plan = TablePlan::new(definitions).unwrap();
    let rows = batch(vec![
        ("tailnum", texts(&[Some("A"), Some("A"), None, None])),
        ("seats", integers(&[Some(1), Some(2), Some(3), Some(3)])),
        ("owner", texts(&[None; 4])),
    ]);
    let relation = plan.source("planes", vec![rows], RowTimes::Stated).unwrap();
    let checked = plan.checked("planes", relation, &BTreeMap::new()).unwrap();
    assert_eq!((checked.relation.rows(), checked.outcomes[0].failed), (3, 1));
}

#[test]
fn unique_counts_the_rows_beyond_the_first_of_each_key() {
    let counted = |otherwise: Otherwise| {
        let mut definitions = definitions(&[]);
        definitions.checks.push(check(|c| {
            c.table = "planes".to_string();
            c.unique = Some(owned(&["tailnum", "seats"]));
            c.otherwise = otherwise;
            c.tolerate = Some(1.0);
        }));
        let plan = TablePlan::new(definitions).unwrap();
        // Three rows of one key, two of another, one alone, and two whose key is not whole.
        let tails = [Some("A"), Some("A"), Some("A"), Some("B"), Some("B"), Some("A"), None, None];
        let seats = [Some(1), Some(1), Some(1), Some(1), Some(1), Some(2), Some(1), Some(1)];
        let rows = batch(vec![("tailnum", texts(&tails)), ("seats", integers(&seats)), ("owner", texts(&[None; 8]))]);
        let relation = plan.source("planes", vec![rows], RowTimes::Stated).unwrap();
        let checked = plan.checked("planes", relation, &BTreeMap::new()).unwrap();
        let outcome = &checked.outcomes[0];
        (outcome.failed, outcome.total, checked.rejected.len(), checked.relation.rows())
    };
    assert_eq!(counted(Otherwise::Warn), (3, 8, 3, 8));
    assert_eq!(counted(Otherwise::Reject), (3, 8, 3, 5));
}

#[test]
fn a_check_of_a_source_may_refer_to_another_source() {
    let mut definitions = definitions(&[("t", "SELECT id, tailnum FROM flights")]);
    let reference = Reference { columns: owned(&["tailnum"]), table: "planes".to_string(), to: Vec::new() };
    definitions.checks.push(check(|c| {
        c.references = Some(reference.clone());
        c.tolerate = Some(0.5);
    }));
    let plan = TablePlan::new(definitions).unwrap();
    assert_eq!(plan.referenced("flights").unwrap(), ["planes"]);
    let position = |name: &str| plan.order().iter().position(|n| n == name).unwrap();
    assert!(position("planes") < position("flights") && position("flights") < position("t"));
    assert_eq!(run(plan.all(sources(), false)).unwrap()["t"].rows(), 8);
}
