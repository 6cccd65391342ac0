//! The proof holds for what the plan accepts, and catches a rule that is one microsecond too loose.

use ropeway_table::TablePlan;

use crate::plan::FeaturePlan;
use crate::rule::Rule;
use crate::scenario::{definitions, rows, settings, tables, wait};
use crate::{Proof, prove};

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

/// Windows over an aggregate, whose rows become known with the last fact of their group.
#[test]
fn the_future_changes_no_aggregate_of_the_past() {
    let hourly = "SELECT origin, date_trunc('hour', leaves) AS hour, count(*) AS trips, avg(load) AS load \
                  FROM trips GROUP BY origin, date_trunc('hour', leaves)";
    let tables = tables(&[("hourly", hourly)]);
    let mut settings = settings();
    settings.lookup.clear();
    settings.derive.clear();
    settings.window.retain(|name, _| name == "late");
    let window = serde_json::json!({ "table": "hourly", "by": ["origin"], "over": "1 day", "value": "max(load)" });
    settings.window.insert("busiest".into(), serde_json::from_value(window).unwrap());
    let lookup = serde_json::json!({ "table": "hourly", "on": ["origin"], "as_of": "hour", "take": ["trips", "load"] });
    settings.lookup.insert("hourly".into(), serde_json::from_value(lookup).unwrap());
    let (plan, _) = FeaturePlan::new(&settings, &tables).unwrap();
    let sources = rows(36, 400, false);
    let proof = wait(prove(&tables, &plan, &sources, 4, 1, Rule::STRICT)).unwrap();
    assert!(proof.holds() && proof.examples > 200, "{proof:#?}");
    assert!(proof.only_overwritten["trips"].contains("hourly"), "{:?}", proof.only_overwritten);
    let loose = wait(prove(&tables, &plan, &sources, 4, 1, Rule::LOOSENED_BY_ONE_MICROSECOND)).unwrap();
    assert!(!loose.holds());
}

/// Days that are known when they are over: what happens later does not happen in them.
#[test]
fn groups_that_state_when_they_are_complete_hold() {
    let daily = "SELECT origin, date_trunc('day', hour) AS day, avg(temp) AS temp, count(*) AS n FROM weather \
                 GROUP BY origin, date_trunc('day', hour)";
    let mut definitions = definitions(&[("daily", daily)]);
    definitions.tables["daily"].settings.known_at = Some("day + INTERVAL '25 hours'".to_string());
    let tables = TablePlan::new(definitions).unwrap();
    let mut settings = settings();
    let lookup = serde_json::json!({ "table": "daily", "on": ["origin"], "as_of": "day", "take": ["temp", "n"] });
    settings.lookup.insert("daily".into(), serde_json::from_value(lookup).unwrap());
    let (plan, _) = FeaturePlan::new(&settings, &tables).unwrap();
    let sources = rows(39, 400, false);
    for seed in 0..3 {
        let proof = wait(prove(&tables, &plan, &sources, 4, seed, Rule::STRICT)).unwrap();
        assert!(proof.holds() && proof.examples > 200, "{proof:#?}");
        let loose = wait(prove(&tables, &plan, &sources, 4, seed, Rule::LOOSENED_BY_ONE_MICROSECOND)).unwrap();
        assert!(!loose.holds());
    }
}

#[test]
fn examples_without_a_key_are_compared_by_what_they_bring_along() {
    let mut definitions = definitions(&[]);
    definitions.sources["trips"].settings.key.clear();
    let tables = TablePlan::new(definitions).unwrap();
    let (plan, _) = FeaturePlan::new(&settings(), &tables).unwrap();
    assert!(plan.key().is_empty());
    let proof = wait(prove(&tables, &plan, &rows(37, 400, true), 3, 1, Rule::STRICT)).unwrap();
    assert!(proof.holds() && proof.examples > 100, "{proof:#?}");
    assert!(proof.only_overwritten["trips"].contains("no key"), "{:?}", proof.only_overwritten);
}

#[test]
fn without_time_there_is_nothing_to_prove() {
    let tables = tables(&[]);
    let mut settings = settings();
    settings.examples.at = None;
    settings.window.clear();
    settings.derive.clear();
    settings.lookup.shift_remove("weather");
    let (plan, _) = FeaturePlan::new(&settings, &tables).unwrap();
    let problem = wait(prove(&tables, &plan, &rows(38, 20, false), 3, 1, Rule::STRICT)).unwrap_err();
    assert!(problem.advice().is_some_and(|advice| advice.contains("`at`")), "{problem}");
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

/// Trips without a note, whose table states that they are settled when they are over: notes come nine hours later, or are
/// those of a timetable.
fn quiet(planned: bool) -> Proof {
    let quiet = "SELECT t.origin, t.leaves, t.delay FROM trips t LEFT JOIN notes n \
                 ON n.trip = t.trip AND n.carrier = t.carrier AND n.leaves = t.leaves WHERE n.trip IS NULL";
    let mut definitions = definitions(&[("quiet", quiet)]);
    definitions.tables["quiet"].settings.known_at = Some("leaves + (delay + 30) * INTERVAL '1 minute'".to_string());
    let mut notes = definitions.sources["trips"].clone();
    notes.columns.iter_mut().for_each(|column| column.known_ahead = true);
    notes.settings.known_ahead = notes.columns.iter().map(|column| column.name.clone()).collect();
    notes.settings.known_at = Some("leaves + INTERVAL '9 hours'".to_string());
    notes.settings.planned = planned;
    definitions.sources.insert("notes".into(), notes);
    let tables = TablePlan::new(definitions).unwrap();
    let mut settings = settings();
    let window = serde_json::json!({ "table": "quiet", "by": ["origin"], "over": "9 days", "value": "count(*)" });
    settings.window.insert("quiet".into(), serde_json::from_value(window).unwrap());
    let (plan, _) = FeaturePlan::new(&settings, &tables).unwrap();
    let mut sources = rows(40, 400, false);
    let half = sources["trips"].iter().map(|batch| batch.slice(0, batch.num_rows() / 2)).collect();
    sources.insert("notes".into(), half);
    wait(prove(&tables, &plan, &sources, 8, 1, Rule::STRICT)).unwrap()
}

/// A time stated for rows that are there because no partner came: one that comes later takes them away again.
#[test]
fn rows_that_are_there_because_no_other_came_are_caught() {
    let proof = quiet(false);
    assert!(proof.none_added["notes"].contains("quiet"), "{:?}", proof.none_added);
    assert!(proof.differing > 0 && proof.differences.iter().all(|d| d.feature == "quiet"), "{:#?}", proof.differences);
    assert!(proof.unsettled.iter().all(|found| found.table == "quiet") && !proof.unsettled.is_empty(), "{proof:?}");
}

/// Of a timetable all rows are there from the beginning, so that a missing partner stays missing.
#[test]
fn rows_that_no_planned_row_stands_beside_are_settled() {
    let proof = quiet(true);
    assert!(proof.only_overwritten["notes"].contains("quiet"), "{:?}", proof.only_overwritten);
    assert!(proof.holds() && proof.untried.is_empty() && proof.examples > 200, "{:?}", proof.unsettled);
}

/// Before the first note is known there is none to divide by.
#[test]
fn sql_that_fails_without_later_rows_leaves_the_statement_open() {
    let shares = "SELECT t.carrier, t.leaves, 100 / n.n AS share FROM trips t CROSS JOIN (SELECT count(*) AS n FROM notes) n \
                  WHERE t.delay IS NOT NULL";
    for (known_at, open) in [("leaves + INTERVAL '900 days'", true), ("leaves - INTERVAL '30 days'", false)] {
        let mut definitions = definitions(&[("shares", shares)]);
        definitions.tables["shares"].settings.known_at = Some("leaves + INTERVAL '1000 days'".to_string());
        let mut notes = definitions.sources["trips"].clone();
        notes.columns.iter_mut().for_each(|column| column.known_ahead = true);
        notes.settings.known_ahead = notes.columns.iter().map(|column| column.name.clone()).collect();
        notes.settings.known_at = Some(known_at.to_string());
        definitions.sources.insert("notes".into(), notes);
        let tables = TablePlan::new(definitions).unwrap();
        let mut settings = settings();
        let window = serde_json::json!({ "table": "shares", "by": ["carrier"], "over": "9 days", "value": "count(*)" });
        settings.window.insert("shares".into(), serde_json::from_value(window).unwrap());
        let (plan, _) = FeaturePlan::new(&settings, &tables).unwrap();
        let mut sources = rows(42, 300, false);
        sources.insert("notes".into(), sources["trips"].clone());
        let proof = wait(prove(&tables, &plan, &sources, 4, 1, Rule::STRICT)).unwrap();
        let tried = proof.untried.iter().filter(|untried| untried.table == "shares").count();
        assert_eq!(tried, if open { proof.times.len() } else { 0 }, "{proof:?}");
        assert!(proof.untried.iter().all(|untried| untried.reason.contains("zero")), "{:?}", proof.untried);
    }
}

/// The last trip of a carrier is known to be the last when no other can come, whatever its table states; and whatever day it
/// is over says when it is over.
#[test]
fn a_time_that_a_table_states_is_held_against_the_rows_of_the_examples_own_source() {
    let last = "SELECT carrier, leaves, delay FROM trips QUALIFY row_number() OVER (PARTITION BY carrier ORDER BY leaves DESC, trip) = 1";
    let daily = "SELECT carrier, date_trunc('day', leaves) AS day, count(*) AS n, max(delay) AS delay FROM trips \
                 WHERE delay IS NOT NULL GROUP BY carrier, date_trunc('day', leaves)";
    for (name, sql, known_at, holds) in [
        ("last", last, "leaves + (delay + 30) * INTERVAL '1 minute'", false),
        ("daily", daily, "day + INTERVAL '60 days'", true),
    ] {
        let mut definitions = definitions(&[(name, sql)]);
        definitions.tables[name].settings.known_at = Some(known_at.to_string());
        let tables = TablePlan::new(definitions).unwrap();
        assert!(tables.rests_on_a_statement(name).unwrap());
        let mut settings = settings();
        let window = serde_json::json!({ "table": name, "by": ["carrier"], "over": "90 days", "value": "count(*)" });
        settings.window.insert("stated".into(), serde_json::from_value(window).unwrap());
        let (plan, _) = FeaturePlan::new(&settings, &tables).unwrap();
        let proof = wait(prove(&tables, &plan, &rows(41, 400, false), 4, 1, Rule::STRICT)).unwrap();
        assert_eq!(proof.holds(), holds, "{name}: {:?} {:?}", proof.unsettled, proof.differences);
        assert!(holds || proof.unsettled.iter().all(|found| found.table == name && found.rows > 0));
        assert_eq!(proof.unsettled.is_empty(), holds, "{name}");
    }
}
