//! The flagship's tables over its real files, where they are there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use ropeway_source::SourceSettings;
use ropeway_vocab::Timing;

use crate::fixture::{check, run, table};
use crate::{Definitions, RowTimes, SourceDef, TablePlan, profile};

/// The folder of the example's data, if this checkout has it.
fn data() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/flights/data");
    folder.join("flights.csv.gz").exists().then_some(folder)
}

fn settings(file: &str, change: impl FnOnce(&mut SourceSettings)) -> SourceSettings {
    let mut settings = SourceSettings::of_file(file);
    settings.null = vec!["NA".to_string()];
    change(&mut settings);
    settings
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_string()).collect()
}

/// The sources and the table of the example, with the rows that were read.
fn definitions(folder: &Path) -> (Definitions, BTreeMap<String, Vec<RecordBatch>>) {
    let flights = settings("flights.csv.gz", |s| {
        s.key = owned(&["time_hour", "carrier", "flight"]);
        s.known_ahead = owned(&["time_hour", "minute", "carrier", "flight", "origin", "dest", "tailnum", "distance"]);
        s.known_at = Some("time_hour + (minute + dep_delay + air_time + 30) * INTERVAL '1 minute'".to_string());
    });
    let weather = settings("weather.csv.gz", |s| {
        s.time = Some("time_hour".to_string());
        s.known_after = "1 hour".parse().ok();
    });
    let planes = settings("planes.csv.gz", |s| s.is_static = true);
    let mut definitions = Definitions::default();
    let mut read = BTreeMap::new();
    for (name, settings) in [("flights", flights), ("weather", weather), ("planes", planes)] {
        let found = ropeway_source::read(name, &settings, folder).unwrap();
        definitions
            .sources
            .insert(name.to_string(), SourceDef { settings, columns: found.columns, repeated: Vec::new() });
        read.insert(name.to_string(), found.batches);
    }
    let mut clean = table("SELECT *, time_hour + minute * INTERVAL '1 minute' AS sched_at FROM flights");
    clean.settings.key = owned(&["time_hour", "carrier", "flight"]);
    definitions.tables.insert("flights_clean".to_string(), clean);
    definitions.checks.push(check(|c| {
        c.table = "flights_clean".to_string();
        c.that = Some("distance BETWEEN 1 AND 6000".to_string());
    }));
    (definitions, read)
}

#[test]
fn the_flights_example_builds_with_its_times_and_digest() {
    let Some(folder) = data() else { return };
    let (definitions, read) = definitions(&folder);
    let read_flights = read["flights"][0].clone();
    let mut clock = Clock::start();
    let plan = TablePlan::new(definitions).unwrap();
    clock.lap("plan");
    let made: BTreeMap<_, _> = read
        .into_iter()
        .map(|(name, batches)| (name.clone(), plan.source(&name, batches, RowTimes::Stated).unwrap()))
        .collect();
    clock.lap("sources in canonical order");
    let flights = run(plan.table("flights_clean", &made)).unwrap();
    clock.lap("flights_clean");
    let digest = flights.digest();
    clock.lap("digest");
    let checked = plan.checked("flights_clean", flights.clone(), &made).unwrap();
    clock.lap("check");
    assert_eq!((checked.relation.rows(), plan.timing("flights_clean").unwrap()), (336_776, &Timing::Timed));
    assert!(plan.row_wise("flights_clean", "flights").unwrap().is_yes());
    let ahead = |name: &str| plan.schema("flights_clean").unwrap().column(name).unwrap().known_ahead;
    assert!(ahead("sched_at") && !ahead("dep_delay"));
    let bytes = flights.to_parquet().unwrap();
    clock.lap("to_parquet");
    let back = crate::Relation::from_parquet(bytes, flights.schema().clone()).unwrap();
    clock.lap("from_parquet");
    assert_eq!(back.digest(), digest);
    assert_eq!(profile(&flights).len(), 20);
    clock.lap("digest, profile");
    let (one, thousand) = (read_flights.slice(7, 1), read_flights.slice(0, 1_000));
    clock.lap("-");
    (0..10).for_each(|_| drop(run(plan.push("flights", one.clone(), RowTimes::Stated, &made)).unwrap()));
    clock.lap("10 pushes of a row");
    assert_eq!(run(plan.push("flights", thousand, RowTimes::Stated, &made)).unwrap()["flights_clean"].rows(), 1_000);
    clock.lap("a push of 1,000 rows");
    let seven = plan.with_partitions(7);
    assert_eq!(run(seven.table("flights_clean", &made)).unwrap().digest(), digest);
    clock.lap("with 7 partitions");
}

/// Prints how long each part took.
struct Clock(std::time::Instant);

impl Clock {
    fn start() -> Self {
        Self(std::time::Instant::now())
    }

    fn lap(&mut self, what: &str) {
        println!("{what}: {:.0} ms", self.0.elapsed().as_secs_f64() * 1e3);
        self.0 = std::time::Instant::now();
    }
}
