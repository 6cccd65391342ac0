//! What the plan accepts, refuses and says.

use ropeway_table::TablePlan;
use ropeway_vocab::{Kind, Problem};

use super::{FeaturePlan, Origin, StepKind};
use crate::scenario::{definitions, settings, tables};
use crate::settings::FeatureSettings;

fn plan(settings: &FeatureSettings, more: &[(&str, &str)]) -> Result<FeaturePlan, Problem> {
    FeaturePlan::new(settings, &tables(more)).map(|(plan, _)| plan)
}

fn changed(pointer: &str, value: serde_json::Value) -> FeatureSettings {
    let mut json = serde_json::to_value(settings()).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    json.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(key.to_string(), value);
    serde_json::from_value(json).unwrap()
}

/// The change is refused or invalid, and the problem says all of this.
fn refused(settings: &FeatureSettings, more: &[(&str, &str)], kind: Kind, says: &[&str]) {
    let problem = plan(settings, more).unwrap_err();
    let text = problem.to_string();
    assert_eq!(problem.kind(), kind, "{text}");
    for part in says {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
    assert!(problem.advice().is_some(), "no remedy: {text}");
}

#[test]
fn features_come_in_the_order_of_the_settings() {
    let plan = plan(&settings(), &[]).unwrap();
    let names: Vec<&str> = plan.features().iter().map(|feature| feature.name.as_str()).collect();
    assert_eq!(
        names.join(" "),
        "carrier origin tail distance sched_at plane_seats weather_temp weather_hour last_left last_tail late load_avg load_dev \
         load_max load_min load_sum stamp_avg stamp_dev stamp_sum tails trips crowd hour wait"
    );
    let key: Vec<&str> = plan.key().iter().map(|column| column.name.as_str()).collect();
    assert_eq!(key, ["leaves", "carrier", "trip"]);
    let crowd = plan.features().iter().find(|feature| feature.name == "crowd").unwrap();
    assert!(matches!(&crowd.origin, Origin::Derived { inputs } if inputs.len() == 3), "{:?}", crowd.origin);
    assert_eq!(plan.tables(), ["planes", "trips", "trips_clean", "weather"]);
}

#[test]
fn a_label_that_the_request_determines_is_refused() {
    let with = |label: &str| {
        let mut settings = settings();
        settings.examples.label = label.into();
        settings
    };
    for label in
        ["distance > 100", "CASE WHEN Distance > 15 THEN 1 ELSE 0 END", "carrier = 'delay' AND \"distance\" > 1"]
    {
        refused(&with(label), &[], Kind::Refused, &["its own answer", "`distance`"]);
    }
    for label in ["delay > 15", "delay > distance", "true"] {
        assert!(plan(&with(label), &[]).is_ok(), "{label}");
    }
}

#[test]
fn a_later_known_request_column_is_refused() {
    let request =
        changed("/examples/request", serde_json::json!(["carrier", "origin", "tail", "distance", "sched_at", "delay"]));
    refused(&request, &[], Kind::Refused, &["`delay`", "trips.delay", "known_ahead"]);
}

#[test]
fn a_later_known_column_in_derive_is_refused() {
    refused(
        &changed("/derive/slow", "delay * 2".into()),
        &[],
        Kind::Refused,
        &["[derive] slow", "`delay`", "trips.delay"],
    );
}

#[test]
fn a_later_known_column_under_another_name_two_tables_deep_is_refused() {
    let more = [
        ("a", "SELECT *, delay + 1 AS slip FROM trips_clean"),
        ("b", "SELECT leaves, carrier, trip, origin, tail, distance, sched_at, delay, slip AS hunch FROM a"),
    ];
    let mut settings = changed("/examples/table", "b".into());
    settings.examples.request.push("hunch".into());
    refused(&settings, &more, Kind::Refused, &["`hunch`", "b.hunch", "a.slip", "trips.delay"]);
}

#[test]
fn an_exact_lookup_into_outcomes_is_refused_and_into_the_plan_is_not() {
    let lookup = |take: &str| {
        let on = serde_json::json!({ "tail": "tail" });
        changed("/lookup/own", serde_json::json!({ "table": "trips_clean", "on": on, "take": [take] }))
    };
    refused(&lookup("delay"), &[], Kind::Refused, &["[lookup.own]", "`delay`", "as_of"]);
    // Which trips there will be is part of the plan where the source says so.
    refused(&lookup("distance"), &[], Kind::Refused, &["rows of `trips`", "planned = true in [source.trips]"]);
    let mut planned = definitions(&[]);
    planned.sources.get_mut("trips").unwrap().settings.planned = true;
    assert!(FeaturePlan::new(&lookup("distance"), &TablePlan::new(planned).unwrap()).is_ok());
}

#[test]
fn a_prediction_time_by_dates_of_another_zone_is_refused() {
    let mut zoned = definitions(&[("t", "SELECT *, CAST(leaves AS DATE) AS day FROM trips_clean")]);
    let at = |at: &str| {
        let mut settings = changed("/examples/table", "t".into());
        settings.examples.at = Some(at.to_string());
        settings
    };
    let made = |settings: FeatureSettings, zoned: &ropeway_table::Definitions| {
        FeaturePlan::new(&settings, &TablePlan::new(zoned.clone()).unwrap())
    };
    assert!(made(at("day"), &zoned).is_ok());
    zoned.sources.get_mut("trips").unwrap().settings.zone = Some("Asia/Tokyo".to_string());
    let problem = made(at("day + INTERVAL '2 hours'"), &zoned).unwrap_err();
    assert_eq!(problem.code(), "date-without-zone");
    assert!(problem.advice().unwrap().contains("types = { leaves = \"timestamp\" }"), "{problem}");
    assert!(made(at("sched_at"), &zoned).is_ok());
}

#[test]
fn an_exact_lookup_into_rows_chosen_by_outcomes_is_refused() {
    let more = [("punctual", "SELECT tail, distance FROM trips WHERE delay < 5")];
    let lookup = serde_json::json!({ "table": "punctual", "on": ["tail"], "take": ["distance"] });
    refused(&changed("/lookup/own", lookup), &more, Kind::Refused, &["[lookup.own]", "trips.delay"]);
}

#[test]
fn tables_without_time_are_refused() {
    let lookup = serde_json::json!({ "table": "logbook", "on": ["tail"], "take": ["seats"] });
    refused(&changed("/lookup/book", lookup), &[], Kind::Refused, &["neither static nor timed", "static = true"]);
    let window = serde_json::json!({ "table": "planes", "by": ["tail"], "over": "1 day", "value": "count(*)" });
    refused(&changed("/window/w", window), &[], Kind::Refused, &["[window.w]", "static"]);
    let mut timeless = settings();
    timeless.examples.at = None;
    refused(&timeless, &[], Kind::Invalid, &["no time"]);
}

#[test]
fn a_prediction_time_taken_from_the_outcome_is_refused() {
    let at = changed("/examples/at", "leaves + delay * INTERVAL '1 minute'".into());
    refused(&at, &[], Kind::Refused, &["[examples] at", "trips.delay"]);
}

#[test]
fn slips_are_named_with_the_nearest() {
    refused(&changed("/examples/table", "trips_claen".into()), &[], Kind::Invalid, &["trips_clean"]);
    refused(&changed("/examples/request", serde_json::json!(["carier"])), &[], Kind::Invalid, &["`carrier`"]);
    let by = changed("/window/late/by", serde_json::json!(["carier"]));
    refused(&by, &[], Kind::Invalid, &["[window.late] by", "`carrier`"]);
    refused(&changed("/window/late/value", "averag(delay)".into()), &[], Kind::Invalid, &["[window.late]"]);
    let variance = changed("/window/late/value", "var_samp(delay)".into());
    refused(&variance, &[], Kind::Invalid, &["cannot compute `var_samp`", "stddev, the root of the variance"]);
    refused(&changed("/window/late/value", "avg(dely)".into()), &[], Kind::Invalid, &["[window.late] value", "delay"]);
    refused(&changed("/window/late/value", "avg(tail)".into()), &[], Kind::Invalid, &["numbers"]);
    let take = changed("/lookup/plane/take", serde_json::json!(["seat"]));
    refused(&take, &[], Kind::Invalid, &["[lookup.plane]", "`seats`"]);
    refused(&changed("/derive/x", "trip + 1".into()), &[], Kind::Invalid, &["trip", "request"]);
    refused(&changed("/derive/x", "nothing + 1".into()), &[], Kind::Invalid, &["nothing"]);
}

#[test]
fn names_and_types_must_fit() {
    refused(&changed("/derive/late", "1".into()), &[], Kind::Invalid, &["two features are named `late`", "window"]);
    refused(&changed("/derive/plane_seats", "1".into()), &[], Kind::Invalid, &["plane_seats", "[lookup.plane]"]);
    let on = changed("/lookup/plane/on", serde_json::json!({ "distance": "tail" }));
    refused(&on, &[], Kind::Invalid, &["integer", "text"]);
    refused(&changed("/examples/label", "leaves".into()), &[], Kind::Invalid, &["label"]);
    refused(&changed("/lookup/weather/as_of", "temp".into()), &[], Kind::Invalid, &["as_of"]);
    refused(&changed("/window/late/where", "delay".into()), &[], Kind::Invalid, &["where"]);
}

#[test]
fn derived_features_may_stand_in_any_order_and_not_in_a_circle() {
    let order = |derive: serde_json::Value| plan(&changed("/derive", derive), &[]);
    let plan = order(serde_json::json!({ "a": "b + 1", "b": "c * 2", "c": "distance" })).unwrap();
    let names: Vec<&str> = plan.features().iter().rev().take(3).map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["c", "b", "a"]);
    let circle = order(serde_json::json!({ "a": "b + 1", "b": "a * 2" })).unwrap_err();
    assert!(circle.to_string().contains("circle"), "{circle}");
    let slip = order(serde_json::json!({ "a": "b + 1", "b": "distanc * 2" })).unwrap_err();
    assert!(slip.to_string().contains("`distance`"), "{slip}");
}

#[test]
fn filters_on_outcomes_are_findings() {
    let more = [("flown", "SELECT * FROM trips_clean WHERE delay IS NOT NULL")];
    let (_, findings) = FeaturePlan::new(&changed("/examples/table", "flown".into()), &tables(&more)).unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].what.contains("trips.delay"), "{findings:?}");
    let (_, none) = FeaturePlan::new(&settings(), &tables(&[])).unwrap();
    assert!(none.is_empty(), "{none:?}");
}

#[test]
fn checks_that_reject_by_outcomes_are_findings() {
    let found = |otherwise: &str| {
        let mut definitions = definitions(&[]);
        let check = serde_json::json!({ "table": "trips_clean", "that": "delay > 15", "otherwise": otherwise });
        definitions.checks.push(serde_json::from_value(check).unwrap());
        FeaturePlan::new(&settings(), &TablePlan::new(definitions).unwrap()).unwrap().1
    };
    let findings = found("reject");
    assert!(findings.iter().any(|f| f.code == "later-known-check" && f.what.contains("`delay`")), "{findings:?}");
    assert!(found("warn").is_empty());
}

#[test]
fn a_plan_travels_as_text() {
    let plan = plan(&settings(), &[]).unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    let back: FeaturePlan = serde_json::from_str(&text).unwrap();
    assert_eq!(back.features(), plan.features());
    assert_eq!(back.steps(), plan.steps());
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
    let forged = text.replace("\"request\":[", "\"request\":[\"delay\",");
    assert!(serde_json::from_str::<FeaturePlan>(&forged).is_err(), "a package cannot smuggle an outcome in");
}

#[test]
fn digests_follow_the_meaning_and_not_the_spelling() {
    let digest =
        |settings: &FeatureSettings, name| plan(settings, &[]).unwrap().digest_of(StepKind::Window, name).unwrap();
    let base = digest(&settings(), "load_sum");
    assert_eq!(base, digest(&changed("/window/load_sum/value", "SUM( load ) -- all".into()), "load_sum"));
    assert_ne!(base, digest(&changed("/window/load_sum/value", "sum(distance)".into()), "load_sum"));
    assert_ne!(base, digest(&changed("/window/load_sum/over", "13 hours".into()), "load_sum"));
    assert_eq!(base, digest(&changed("/window/late/over", "13 hours".into()), "load_sum"));
}

#[test]
fn a_project_without_time_has_exact_lookups_and_derived_features() {
    let mut json = serde_json::to_value(settings()).unwrap();
    json["examples"] =
        serde_json::json!({ "table": "logbook", "label": "owner = 'Ann'", "request": ["tail", "seats"] });
    json["lookup"].as_object_mut().unwrap().remove("weather");
    json["window"] = serde_json::json!({});
    json["derive"] = serde_json::json!({ "double": "seats * 2" });
    let plan = plan(&serde_json::from_value(json).unwrap(), &[]).unwrap();
    assert!(!plan.has_time());
    assert_eq!(plan.input_columns().len(), 2);
}

/// What is refused of a project without time, with more tables.
fn without_time(examples: &serde_json::Value, lookup: &serde_json::Value, more: &[(&str, &str)]) -> Option<Problem> {
    let json = serde_json::json!({ "examples": examples, "lookup": lookup });
    plan(&serde_json::from_value(json).unwrap(), more).err()
}

#[test]
fn without_time_a_copy_of_the_answer_is_refused_by_its_lineage() {
    let copies = [
        ("copy", "SELECT *, owner AS holder FROM planes"),
        ("hidden", "SELECT *, upper(owner) || cast(seats AS text) AS holder FROM planes"),
        ("group", "SELECT seats, max(owner) AS holder FROM planes GROUP BY seats"),
    ];
    let none = serde_json::json!({});
    let examples = |table: &str, request: &[&str]| serde_json::json!({ "table": table, "label": "owner = 'Ann'", "request": request });
    assert!(without_time(&examples("copy", &["tail", "seats"]), &none, &copies).is_none());
    for table in ["copy", "hidden"] {
        let problem = without_time(&examples(table, &["tail", "holder"]), &none, &copies).unwrap();
        assert_eq!(problem.code(), "answer-in-request", "{problem}");
        assert!(problem.to_string().contains("`holder`, computed from `planes.owner`"), "{problem}");
    }
    let lookup =
        |table: &str, on: &str, take: &str| serde_json::json!({ "l": { "table": table, "on": [on], "take": [take] } });
    for (table, on, take) in [("planes", "tail", "owner"), ("group", "seats", "holder")] {
        let examples = examples("planes", &["tail", "seats"]);
        let problem = without_time(&examples, &lookup(table, on, take), &copies).unwrap();
        assert_eq!(problem.code(), "answer-in-lookup", "{problem}");
    }
    let plain = examples("planes", &["tail", "seats"]);
    assert!(without_time(&plain, &lookup("planes", "tail", "seats"), &copies).is_none());
    // What comes next is not given away by what is there.
    let next = [("next", "SELECT *, lead(seats) OVER (ORDER BY tail) AS next_seats FROM planes")];
    let of_next = serde_json::json!({ "table": "next", "label": "next_seats > 100", "request": ["tail", "seats"] });
    assert!(without_time(&of_next, &none, &next).is_none());
}
