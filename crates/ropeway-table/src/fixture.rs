//! Small relations for the tests of this crate.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use ropeway_source::SourceSettings;
use ropeway_vocab::{ColumnSpec, ColumnType, Problem};

use crate::{CheckSettings, Definitions, Relation, SourceDef, TableDef, TablePlan, TableSettings};

/// An hour in microseconds.
pub(crate) const HOUR: i64 = 3_600_000_000;

pub(crate) fn column(name: &str, ty: ColumnType) -> ColumnSpec {
    ColumnSpec { name: name.to_string(), ty, known_ahead: false, personal: false }
}

pub(crate) fn source(columns: &[(&str, ColumnType)], change: impl FnOnce(&mut SourceSettings)) -> SourceDef {
    let mut settings = SourceSettings::of_file("");
    change(&mut settings);
    let columns = columns.iter().map(|(name, ty)| column(name, *ty)).collect();
    SourceDef { settings, columns, repeated: Vec::new() }
}

pub(crate) fn table(sql: &str) -> TableDef {
    let settings = TableSettings { sql: "tables/t.sql".to_string(), key: Vec::new(), known_at: None };
    TableDef { settings, sql_text: sql.to_string(), file: "tables/t.sql".to_string() }
}

/// Flights with outcomes, timed weather, static planes, and clicks of which nothing is said.
pub(crate) fn definitions(tables: &[(&str, &str)]) -> Definitions {
    use ColumnType::{Float, Integer, Text, Timestamp};
    let mut definitions = Definitions::default();
    let flights = source(
        &[
            ("id", Integer),
            ("carrier", Text),
            ("tailnum", Text),
            ("sched", Timestamp),
            ("dep_delay", Integer),
            ("air_time", Integer),
        ],
        |s| {
            s.key = vec!["id".to_string()];
            s.known_ahead = ["id", "carrier", "tailnum", "sched"].map(str::to_string).to_vec();
            s.planned = true;
            s.known_at = Some("sched + (dep_delay + air_time) * INTERVAL '1 minute'".to_string());
        },
    );
    let weather = source(&[("time", Timestamp), ("temp", Float)], |s| {
        s.time = Some("time".to_string());
        s.known_after = "1 hour".parse().ok();
    });
    let planes = source(&[("tailnum", Text), ("seats", Integer), ("owner", Text)], |s| {
        s.is_static = true;
        s.personal = vec!["owner".to_string()];
    });
    let clicks = source(&[("visitor", Text), ("page", Text)], |_| {});
    definitions.sources.insert("flights".to_string(), flights);
    definitions.sources.insert("weather".to_string(), weather);
    definitions.sources.insert("planes".to_string(), planes);
    definitions.sources.insert("clicks".to_string(), clicks);
    for (name, sql) in tables {
        definitions.tables.insert((*name).to_string(), table(sql));
    }
    definitions
}

pub(crate) fn plan(tables: &[(&str, &str)]) -> TablePlan {
    TablePlan::new(definitions(tables)).unwrap()
}

pub(crate) fn problem(tables: &[(&str, &str)]) -> Problem {
    TablePlan::new(definitions(tables)).unwrap_err()
}

/// The problem of one table's SQL.
pub(crate) fn refusal(sql: &str) -> Problem {
    problem(&[("t", sql)])
}

pub(crate) fn check(change: impl FnOnce(&mut CheckSettings)) -> CheckSettings {
    let mut settings = CheckSettings::of("flights");
    change(&mut settings);
    settings
}

pub(crate) fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

pub(crate) fn integers(values: &[Option<i64>]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

pub(crate) fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

pub(crate) fn floats(values: &[Option<f64>]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

pub(crate) fn hours(values: &[Option<i64>]) -> ArrayRef {
    let micros: Vec<Option<i64>> = values.iter().map(|hour| hour.map(|hour| hour * HOUR)).collect();
    Arc::new(TimestampMicrosecondArray::from(micros).with_timezone("UTC"))
}

/// Flight `i` of `n` is scheduled at hour `i`, known one hour later; every fifth was cancelled (its outcome is missing).
pub(crate) fn flights(n: i64) -> RecordBatch {
    let ids: Vec<i64> = (0..n).collect();
    let known = |i: &i64| i % 5 != 4;
    let carriers: Vec<Option<&str>> = ids.iter().map(|i| Some(["AA", "UA", "WN"][(i % 3) as usize])).collect();
    let tails: Vec<String> = ids.iter().map(|i| format!("N{}", i % 4)).collect();
    batch(vec![
        ("id", integers(&ids.iter().copied().map(Some).collect::<Vec<_>>())),
        ("carrier", texts(&carriers)),
        ("tailnum", texts(&tails.iter().map(|t| Some(t.as_str())).collect::<Vec<_>>())),
        ("sched", hours(&ids.iter().copied().map(Some).collect::<Vec<_>>())),
        ("dep_delay", integers(&ids.iter().map(|i| known(i).then_some(i % 7)).collect::<Vec<_>>())),
        ("air_time", integers(&ids.iter().map(|i| known(i).then_some(60 - i % 7)).collect::<Vec<_>>())),
    ])
}

pub(crate) fn sources() -> BTreeMap<String, Vec<RecordBatch>> {
    let weather = batch(vec![
        ("time", hours(&[Some(0), Some(1), Some(2), Some(30)])),
        ("temp", floats(&[Some(1.5), None, Some(f64::NAN), Some(-0.0)])),
    ]);
    let planes = batch(vec![
        ("tailnum", texts(&[Some("N0"), Some("N1"), Some("N2")])),
        ("seats", integers(&[Some(100), Some(150), None])),
        ("owner", texts(&[Some("Ann"), Some("Bob"), None])),
    ]);
    let clicks = batch(vec![("visitor", texts(&[Some("u")])), ("page", texts(&[Some("p")]))]);
    BTreeMap::from([
        ("flights".to_string(), vec![flights(10)]),
        ("weather".to_string(), vec![weather]),
        ("planes".to_string(), vec![planes]),
        ("clicks".to_string(), vec![clicks]),
    ])
}

pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap().block_on(future)
}

/// Every relation of a plan over [`sources`].
pub(crate) fn all(plan: &TablePlan) -> BTreeMap<String, Relation> {
    run(plan.all(sources(), false)).unwrap()
}

/// The known-at of a relation's rows in whole hours.
pub(crate) fn known_hours(relation: &Relation) -> Vec<Option<i64>> {
    relation.known_at().unwrap().iter().map(|known| known.map(|micros| micros / HOUR)).collect()
}
