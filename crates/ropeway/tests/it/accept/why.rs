//! Demonstration 5, Why: the contributions of an explained flight sum to its score, and every window and lookup is
//! recomputed from the facts that the printed query shows. Controls: a contribution changed by a millionth, a fact left
//! out, and the facts that became known since, each of which must be noticed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{flights, run};
use crate::ropeway::Folder;

/// The windows of the project with how each aggregates, and the lookups with what they take.
const WINDOWS: [(&str, &str); 4] =
    [("carrier_late_7d", "avg"), ("origin_late_6h", "avg"), ("dest_late_7d", "avg"), ("origin_landed_2h", "count")];
const LOOKUPS: [&str; 2] = ["weather_", "plane_"];

fn query(folder: &Folder, sql: &str) -> Vec<Value> {
    let answer = folder.run(&["query", sql, "--limit", "1000000", "--json"]).expect(0).json();
    let rows = answer["rows"].as_array().unwrap().clone();
    assert_eq!(answer["total"], rows.len());
    rows
}

/// Keys of flights: busy and quiet ones, of the last weeks and of the first days, one without weather.
fn keys(folder: &Folder, most: usize) -> Vec<String> {
    let choices = [
        "origin_landed_2h > 8 AND weather_temp IS NOT NULL AND plane_seats IS NOT NULL ORDER BY at DESC",
        "origin_landed_2h = 0 AND carrier_late_7d > 0 ORDER BY at DESC",
        "weather_temp IS NULL AND origin_landed_2h > 0 ORDER BY at",
    ];
    let key = |choice: &&str| {
        let found = query(folder, &format!("SELECT time_hour, carrier, flight FROM examples WHERE {choice} LIMIT 1"));
        let text = |name: &str| found[0][name].as_str().map_or_else(|| found[0][name].to_string(), str::to_owned);
        ["time_hour", "carrier", "flight"].map(text).join(",")
    };
    choices.iter().take(most).map(key).collect()
}

fn explain(folder: &Folder, key: &str) -> Value {
    folder.run(&["explain", "flight-delays", "--key", key, "--json"]).expect(0).json()
}

/// How far bias and contributions are from the score.
fn gap(why: &Value) -> f64 {
    let contributions = why["features"].as_array().unwrap().iter().map(|part| part["contribution"].as_f64().unwrap());
    (why["bias"].as_f64().unwrap() + contributions.sum::<f64>() - why["raw"].as_f64().unwrap()).abs()
}

/// A window's value over these facts. Sums of zeros and ones are exact, so that the mean has one right answer.
fn aggregate(function: &str, facts: &[Value]) -> Option<f64> {
    let values: Vec<f64> = facts.iter().filter_map(|fact| fact["window_value"].as_f64()).collect();
    match function {
        "count" => Some(values.len() as f64),
        _ if values.is_empty() => None,
        _ => Some(values.iter().sum::<f64>() / values.len() as f64),
    }
}

/// Recomputes a window from its facts; gives how many there were.
fn window(folder: &Folder, part: &Value, function: &str, at: &str) -> usize {
    let (value, sql) = (part["value"].as_f64(), part["sql"].as_str().unwrap());
    let facts = query(folder, sql);
    let bits = |value: Option<f64>| value.map(f64::to_bits);
    assert_eq!(bits(aggregate(function, &facts)), bits(value), "{}: {sql}", part["feature"]);
    assert_eq!(part["total"], facts.len());
    // The facts of the explanation are those of the query, and all were known before.
    let shown = part["facts"].as_array().unwrap();
    assert_eq!(shown.len(), facts.len().min(1000));
    let identity = |row: &Value| ["time_hour", "carrier", "flight", "arr_delay"].map(|name| row[name].to_string());
    let of_query: BTreeSet<_> = facts.iter().map(identity).collect();
    assert!(
        shown.iter().all(|fact| of_query.contains(&identity(&fact["row"])) && fact["known_at"].as_str() < Some(at))
    );

    // Controls: without its first late or landed flight, and with all that became known since, the value is another.
    if let Some(first) = facts.iter().position(|fact| fact["window_value"] != 0.0) {
        let without = [&facts[..first], &facts[first + 1..]].concat();
        assert_ne!(bits(aggregate(function, &without)), bits(value), "{}", part["feature"]);
    }
    facts.len()
}

fn lookup(folder: &Folder, part: &Value, column: &str) {
    let rows = query(folder, part["sql"].as_str().unwrap());
    assert_eq!(part["total"], rows.len());
    match rows.as_slice() {
        [] => assert!(part["value"].is_null(), "{part}"),
        [row] => assert_eq!(row[column], part["value"], "{part}"),
        more => panic!("{} rows behind {}", more.len(), part["feature"]),
    }
}

/// Explains flights of a model; every window, and the first of each lookup's features, is recomputed.
fn explained(folder: &Folder, flights: usize) {
    let (mut facts, mut windows) = (0, 0);
    for key in keys(folder, flights) {
        let mut why = explain(folder, &key);
        assert!(gap(&why) <= 1e-9, "{key}: {}", gap(&why));
        let at = why["at"].as_str().unwrap().to_string();
        let parts = why["features"].as_array().unwrap();
        for (name, function) in WINDOWS {
            let part = parts.iter().find(|part| part["feature"] == name).unwrap();
            facts += window(folder, part, function, &at);
            windows += 1;
        }
        for prefix in LOOKUPS {
            let name = |part: &Value| part["feature"].as_str().unwrap().strip_prefix(prefix).map(str::to_owned);
            let part = parts.iter().find(|part| name(part).is_some_and(|_| !part["sql"].is_null())).unwrap();
            lookup(folder, part, &name(part).unwrap());
        }
        // Control: a contribution that is off by a millionth is noticed.
        let first = why["features"][0]["contribution"].as_f64().unwrap();
        why["features"][0]["contribution"] = (first + 1e-6).into();
        assert!(gap(&why) > 1e-9);
    }
    assert!(windows == 4 * flights && facts > 500 * flights, "{facts} facts behind {windows} windows");
}

#[test]
fn contributions_sum_to_the_score_and_windows_follow_from_the_facts_shown() {
    let folder = flights();
    folder.edit("ropeway.toml", "learners = [\"linear\", \"boosted\"]", "learners = [\"boosted\"]");
    run(&folder);
    explained(&folder, 3);

    // Control: with what became known since, the count of landed flights is another.
    let why = explain(&folder, &keys(&folder, 1)[0]);
    let part = why["features"].as_array().unwrap().iter().find(|part| part["feature"] == "origin_landed_2h").unwrap();
    let at = format!("known_at < TIMESTAMP '{}'", why["at"].as_str().unwrap());
    let sql = part["sql"].as_str().unwrap();
    assert!(sql.contains(&at), "{sql}");
    assert!(query(&folder, &sql.replace(&at, "TRUE")).len() as f64 > part["value"].as_f64().unwrap());
}

#[test]
fn a_linear_model_is_explained_too() {
    let folder = flights();
    folder.edit("ropeway.toml", "learners = [\"linear\", \"boosted\"]", "learners = [\"linear\"]");
    run(&folder);
    explained(&folder, 1);
}
