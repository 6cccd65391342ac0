//! A small project for tests: trips with outcomes, weather with a delay, planes that do not change; random
//! rows with ties, missing values, NaN, infinities and extremes.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::{Field, Schema};
use ropeway_source::SourceSettings;
use ropeway_stat::Rng;
use ropeway_table::{Definitions, Relation, RowTimes, SourceDef, TableDef, TablePlan, TableSettings};
use ropeway_vocab::{ColumnSpec, ColumnType};

use crate::kernel::{Value, to_array};
use crate::settings::FeatureSettings;

pub(crate) const MINUTE: i64 = 60_000_000;
const START: i64 = 1_370_000_000_000_000 / (60 * MINUTE) * (60 * MINUTE);

const TRIPS: [(&str, ColumnType); 9] = [
    ("leaves", ColumnType::Timestamp),
    ("carrier", ColumnType::Text),
    ("trip", ColumnType::Integer),
    ("origin", ColumnType::Text),
    ("tail", ColumnType::Text),
    ("distance", ColumnType::Integer),
    ("delay", ColumnType::Integer),
    ("load", ColumnType::Float),
    ("stamp", ColumnType::Integer),
];
const WEATHER: [(&str, ColumnType); 3] =
    [("hour", ColumnType::Timestamp), ("origin", ColumnType::Text), ("temp", ColumnType::Float)];
const PLANES: [(&str, ColumnType); 3] =
    [("tail", ColumnType::Text), ("seats", ColumnType::Integer), ("owner", ColumnType::Text)];

fn source(columns: &[(&str, ColumnType)], settings: serde_json::Value) -> SourceDef {
    let settings: SourceSettings = serde_json::from_value(settings).unwrap();
    let column = |(name, ty): &(&str, ColumnType)| ColumnSpec {
        name: (*name).to_string(),
        ty: *ty,
        known_ahead: settings.is_static || settings.known_ahead.iter().any(|known| known == name),
        personal: settings.personal.iter().any(|personal| personal == name),
    };
    SourceDef { columns: columns.iter().map(column).collect(), settings, repeated: Vec::new() }
}

/// The definitions, with further tables as (name, SQL).
pub(crate) fn definitions(more: &[(&str, &str)]) -> Definitions {
    let mut definitions = Definitions::default();
    let trips = serde_json::json!({
        "path": "trips.csv", "key": ["leaves", "carrier", "trip"],
        "known_ahead": ["leaves", "carrier", "trip", "origin", "tail", "distance"],
        "known_at": "leaves + (delay + 30) * INTERVAL '1 minute'" });
    let weather = serde_json::json!({ "path": "weather.csv", "time": "hour", "known_after": "1 hour" });
    let planes = serde_json::json!({ "path": "planes.csv", "static": true, "personal": ["owner"] });
    let logbook = serde_json::json!({ "path": "logbook.csv" });
    definitions.sources.insert("trips".into(), source(&TRIPS, trips));
    definitions.sources.insert("weather".into(), source(&WEATHER, weather));
    definitions.sources.insert("planes".into(), source(&PLANES, planes));
    definitions.sources.insert("logbook".into(), source(&PLANES, logbook));
    let clean = ("trips_clean", "SELECT *, leaves - INTERVAL '10 minutes' AS sched_at FROM trips");
    for (name, sql) in std::iter::once(&clean).chain(more) {
        let settings: TableSettings =
            serde_json::from_value(serde_json::json!({ "sql": format!("{name}.sql") })).unwrap();
        let table = TableDef { settings, sql_text: (*sql).to_string(), file: format!("tables/{name}.sql") };
        definitions.tables.insert((*name).to_string(), table);
    }
    definitions
}

pub(crate) fn tables(more: &[(&str, &str)]) -> TablePlan {
    TablePlan::new(definitions(more)).unwrap()
}

/// Settings that use every kind of feature.
pub(crate) fn settings() -> FeatureSettings {
    serde_json::from_value(serde_json::json!({
        "examples": { "table": "trips_clean", "at": "sched_at - INTERVAL '2 hours'", "label": "delay > 15",
                      "request": ["carrier", "origin", "tail", "distance", "sched_at"] },
        "lookup": {
            "weather": { "table": "weather", "on": ["origin"], "as_of": "hour", "within": "3 hours", "take": ["temp", "hour"] },
            "plane": { "table": "planes", "on": ["tail"], "take": ["seats"] } },
        "window": {
            "late": { "table": "trips_clean", "by": ["carrier"], "over": "1 day",
                      "value": "avg(CASE WHEN delay > 15 THEN 1.0 ELSE 0.0 END)" },
            "trips": { "table": "trips_clean", "by": ["carrier"], "over": "6 hours", "value": "count(*)" },
            "load_sum": { "table": "trips", "by": ["origin"], "over": "12 hours", "value": "sum(load)" },
            "load_avg": { "table": "trips", "by": [], "over": "3 hours", "value": "avg(load)", "where": "load < 10" },
            "load_dev": { "table": "trips", "by": ["origin"], "over": "1 day", "value": "stddev(load)" },
            "stamp_sum": { "table": "trips", "by": ["origin"], "over": "12 hours", "value": "sum(stamp)" },
            "stamp_avg": { "table": "trips", "by": ["carrier"], "over": "1 day", "value": "avg(stamp)" },
            "stamp_dev": { "table": "trips", "by": [], "over": "3 hours", "value": "stddev(stamp)" },
            "load_min": { "table": "trips", "by": ["origin"], "over": "1 day", "value": "min(load)" },
            "load_max": { "table": "trips", "by": ["origin"], "over": "5 hours", "value": "max(load) FILTER (WHERE distance > 300)" },
            "tails": { "table": "trips", "by": ["origin", "carrier"], "over": "2 days", "value": "count(DISTINCT tail)" },
            "last_tail": { "table": "trips", "by": { "origin": "origin" }, "over": "1 day", "value": "last(tail)" },
            "last_left": { "table": "trips", "by": ["tail"], "over": "1 day", "value": "max(leaves)" } },
        "derive": {
            "hour": "date_part('hour', sched_at)",
            "crowd": "load_sum / NULLIF(distance, 0) + hour",
            "wait": "date_part('epoch', sched_at) - date_part('epoch', at)" }
    }))
    .unwrap()
}

fn batch(columns: &[(&str, ColumnType)], rows: &[Vec<Option<Value>>]) -> RecordBatch {
    let fields: Vec<Field> = columns.iter().map(|(name, ty)| Field::new(*name, ty.arrow(), true)).collect();
    let array = |(i, (_, ty)): (usize, &(&str, ColumnType))| {
        to_array(*ty, &rows.iter().map(|row| row[i].clone()).collect::<Vec<_>>())
    };
    let arrays: Vec<ArrayRef> = columns.iter().enumerate().map(array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn text(value: String) -> Option<Value> {
    Some(Value::Text(value.into()))
}

/// Integers of all sizes, most of which no double holds.
fn stamp(trip: usize) -> Option<Value> {
    let near = trip as i64;
    let value = [i64::MAX - near, i64::MIN + near, (1 << 53) + near, near, -(1 << 60) - near * 3][trip * trip % 5];
    (trip % 17 != 3).then(|| Value::integer(value))
}

fn load(rng: &mut Rng) -> Option<Value> {
    let value = match rng.below(24) {
        0 => return None,
        1 => f64::NAN,
        2 => f64::INFINITY,
        3 => -1e300 * rng.unit(),
        4 => 1e300 * rng.unit(),
        5 => 1e-300 * rng.unit(),
        _ => rng.unit() * 20.0 - 5.0,
    };
    Some(Value::float(value))
}

/// Random rows of all sources: many ties in time, trips that never arrive, NaN only where `wild`.
pub(crate) fn rows(seed: u64, trips: usize, wild: bool) -> BTreeMap<String, Vec<RecordBatch>> {
    let mut rng = Rng::new(seed);
    let hours = (trips / 6) as u64 + 2;
    let mut trip_rows = Vec::new();
    for trip in 0..trips {
        let leaves = START + (rng.below(hours * 4) as i64) * 15 * MINUTE;
        let delay = (rng.below(12) > 0).then(|| Value::integer(rng.below(8) as i64 * 15 - 30));
        let load = if wild { load(&mut rng) } else { Some(Value::float(rng.below(40) as f64 / 4.0)) };
        trip_rows.push(vec![
            Some(Value::integer(leaves)),
            (rng.below(40) > 0).then(|| Value::Text(format!("C{}", rng.below(3)).into())),
            Some(Value::integer(trip as i64)),
            text(format!("O{}", rng.below(3))),
            if rng.below(15) > 0 { text(format!("T{}", rng.below(12))) } else { None },
            Some(Value::integer(rng.below(30) as i64 * 50)),
            delay,
            load,
            stamp(trip),
        ]);
    }
    let mut weather_rows = Vec::new();
    for hour in 0..hours as i64 {
        for origin in 0..3 {
            for _ in 0..rng.below(3) {
                let time = Some(Value::integer(START + hour * 60 * MINUTE));
                weather_rows.push(vec![
                    time,
                    text(format!("O{origin}")),
                    Some(Value::float(rng.below(300) as f64 / 10.0)),
                ]);
            }
        }
    }
    let plane_rows: Vec<Vec<Option<Value>>> = (0..10)
        .map(|i| vec![text(format!("T{i}")), Some(Value::integer(50 + i)), text(format!("Owner {i}"))])
        .collect();
    BTreeMap::from([
        ("trips".to_string(), vec![batch(&TRIPS, &trip_rows)]),
        ("weather".to_string(), vec![batch(&WEATHER, &weather_rows)]),
        ("planes".to_string(), vec![batch(&PLANES, &plane_rows)]),
        ("logbook".to_string(), vec![batch(&PLANES, &plane_rows)]),
    ])
}

/// The same rows in another order, in pieces of random length.
pub(crate) fn shuffled(
    sources: &BTreeMap<String, Vec<RecordBatch>>,
    rng: &mut Rng,
) -> BTreeMap<String, Vec<RecordBatch>> {
    let mut shuffle = |batches: &Vec<RecordBatch>| {
        let all = &batches[0];
        let mut order: Vec<u32> = (0..all.num_rows() as u32).collect();
        rng.shuffle(&mut order);
        let mut pieces = Vec::new();
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let (piece, more) = rest.split_at((1 + rng.index(50)).min(rest.len()));
            pieces.push(take_record_batch(all, &UInt32Array::from(piece.to_vec())).unwrap());
            rest = more;
        }
        pieces
    };
    sources.iter().map(|(name, batches)| (name.clone(), shuffle(batches))).collect()
}

/// Runs a future to its end.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// All tables without checks.
pub(crate) fn made(tables: &TablePlan, sources: &BTreeMap<String, Vec<RecordBatch>>) -> BTreeMap<String, Relation> {
    let raw = sources
        .iter()
        .map(|(name, batches)| (name.clone(), tables.source(name, batches.clone(), RowTimes::Stated).unwrap()));
    wait(tables.all_from(raw.collect(), true)).unwrap()
}
