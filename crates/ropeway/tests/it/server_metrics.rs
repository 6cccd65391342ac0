//! `/metrics` is read by a small parser of the text exposition format, version 0.0.4, which is strict.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::served::Server;
use crate::shop;

/// The samples of one family by name and labels.
#[derive(Debug, Default)]
struct Family {
    kind: String,
    samples: Vec<(String, BTreeMap<String, String>, f64)>,
}

/// All families. Each has one HELP, then one TYPE, then its samples, which stand nowhere else.
fn families(text: &str) -> BTreeMap<String, Family> {
    assert!(text.ends_with('\n'));
    let mut all: BTreeMap<String, Family> = BTreeMap::new();
    let mut current = String::new();
    let mut seen = BTreeSet::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap();
            assert!(!words.is_empty() && all.insert(name.into(), Family::default()).is_none(), "{line}");
            current = name.into();
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            let family = all.get_mut(name).unwrap();
            assert!(name == current && family.kind.is_empty() && family.samples.is_empty(), "{line}");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            family.kind = kind.into();
        } else {
            let (name, labels, value) = sample(line);
            let family = all.get_mut(&current).unwrap();
            let suffixes: &[&str] = if family.kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
            assert!(suffixes.iter().any(|suffix| format!("{current}{suffix}") == name), "{line} after {current}");
            assert!(seen.insert((name.clone(), labels.clone())), "twice: {line}");
            family.samples.push((name, labels, value));
        }
    }
    assert!(all.values().all(|family| !family.kind.is_empty()), "{all:?}");
    all
}

fn sample(line: &str) -> (String, BTreeMap<String, String>, f64) {
    let end = line.find(['{', ' ']).unwrap();
    let (name, mut rest) = line.split_at(end);
    assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{line}");
    let mut labels = BTreeMap::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner;
        while !rest.starts_with('}') {
            let (label, after) = rest.split_once("=\"").unwrap();
            let (value, after) = unescaped(after);
            assert!(labels.insert(label.to_owned(), value).is_none(), "{line}");
            rest = after.strip_prefix(',').unwrap_or(after);
        }
        rest = &rest[1..];
    }
    (name.into(), labels, rest.strip_prefix(' ').unwrap().parse().unwrap())
}

/// The value of a label up to its closing quote, and what follows.
fn unescaped(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next().unwrap() {
            '"' => return (value, chars.as_str()),
            '\\' => value.push(match chars.next().unwrap() {
                'n' => '\n',
                c @ ('\\' | '"') => c,
                other => panic!("an escape that is none: {other}"),
            }),
            c => value.push(c),
        }
    }
}

#[test]
fn metrics_are_what_scrapers_read() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    server.post("/v1/models/shop/predict", &json!({"examples": [{"country": "DE"}, {}]})).json();
    server.post("/v1/models/shop/predict", &json!({"rows": []})).problem(400, "malformed-body", &[]);
    server.post("/v1/tables/orders/rows", &json!({"rows": [shop::order(480), shop::order(3)]})).json();
    let scraped = server.get("/metrics");
    assert_eq!((scraped.status, &*scraped.media_type), (200, "text/plain; version=0.0.4; charset=utf-8"));
    let families = families(&scraped.body);

    let value = |family: &str, labels: &[(&str, &str)]| {
        let is_it = |found: &BTreeMap<String, String>| {
            found.len() == labels.len()
                && labels.iter().all(|(name, value)| found.get(*name).is_some_and(|v| v == value))
        };
        families[family].samples.iter().find(|(_, found, _)| is_it(found)).unwrap().2
    };
    let requests = |route, outcome| value("ropeway_requests_total", &[("route", route), ("outcome", outcome)]);
    assert_eq!((requests("predict", "ok"), requests("predict", "refused"), requests("rows", "ok")), (1.0, 1.0, 1.0));
    assert_eq!(value("ropeway_predictions_total", &[]), 2.0);
    assert_eq!((value("ropeway_rows_acknowledged_total", &[]), value("ropeway_rows_repeated_total", &[])), (2.0, 1.0));
    assert_eq!(value("ropeway_state_rows", &[("model", "shop"), ("table", "orders_clean")]), 481.0);

    let seconds = &families["ropeway_request_seconds"];
    assert_eq!(seconds.kind, "histogram");
    for (route, count) in [("predict", 2.0), ("rows", 1.0)] {
        let of = |suffix: &str| {
            let name = format!("ropeway_request_seconds_{suffix}");
            let samples =
                seconds.samples.iter().filter(move |(found, labels, _)| *found == name && labels["route"] == route);
            samples.map(|(_, labels, value)| (labels.get("le").cloned(), *value)).collect::<Vec<_>>()
        };
        let buckets = of("bucket");
        let bound = |at: usize| buckets[at].0.as_deref().unwrap().parse::<f64>().unwrap();
        assert!((1..buckets.len()).all(|at| bound(at - 1) < bound(at) && buckets[at - 1].1 <= buckets[at].1));
        assert_eq!(buckets.last().unwrap(), &(Some("+Inf".to_owned()), count));
        assert_eq!((of("count"), of("sum").len()), (vec![(None, count)], 1));
    }
}
