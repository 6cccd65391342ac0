//! Real tables: the counts that their publishers state.

use std::path::PathBuf;

use ropeway_source::{SourceRead, SourceSettings, read};

use crate::folder::columns;

/// The folder of shared data, where this checkout has it.
fn shared(file: &str) -> Option<(PathBuf, SourceSettings)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !root.join(file).is_file() {
        eprintln!("skipped: {} is not there", root.join(file).display());
        return None;
    }
    Some((root, SourceSettings { null: vec!["NA".into()], ..SourceSettings::of_file(file) }))
}

fn counted(file: &str, rows: u64, width: usize) -> Option<SourceRead> {
    let (root, settings) = shared(file)?;
    let read = read("s", &settings, &root).unwrap();
    assert_eq!((read.rows_in, read.kept, read.columns.len()), (rows, rows, width), "{file}");
    Some(read)
}

fn missing(read: &SourceRead, column: &str) -> usize {
    read.batches.iter().map(|batch| batch.column_by_name(column).unwrap().null_count()).sum()
}

#[test]
fn flights_in_full() {
    let Some(read) = counted("nycflights13/flights.csv.gz", 336_776, 19) else { return };
    assert_eq!(
        columns(&read).join(" "),
        "year:integer month:integer day:integer dep_time:integer sched_dep_time:integer \
        dep_delay:integer arr_time:integer sched_arr_time:integer arr_delay:integer carrier:text flight:integer tailnum:text \
        origin:text dest:text air_time:integer distance:integer hour:integer minute:integer time_hour:timestamp"
    );
    assert_eq!(
        (missing(&read, "arr_delay"), missing(&read, "dep_delay"), missing(&read, "tailnum")),
        (9_430, 8_255, 2_512)
    );
    assert_eq!(read.files[0].name, "nycflights13/flights.csv.gz");
}

#[test]
fn the_other_tables_of_flights() {
    if let Some(weather) = counted("nycflights13/weather.csv.gz", 26_115, 15) {
        assert!(columns(&weather).contains(&"time_hour:timestamp".to_owned()));
        assert!(columns(&weather).contains(&"temp:float".to_owned()));
    }
    counted("nycflights13/planes.csv.gz", 3_322, 9);
    counted("nycflights13/airports.csv.gz", 1_458, 8);
    counted("nycflights13/airlines.csv.gz", 16, 2);
}

#[test]
fn parquet_tables() {
    for (file, rows, width) in [
        ("online_retail.parquet", 1_067_371, 8),
        ("cdnow.parquet", 69_659, 4),
        ("lending_club.parquet", 9_857, 23),
        ("covid_testing.parquet", 15_524, 17),
        ("credit_scoring.parquet", 4_454, 14),
        ("diamonds.parquet", 53_940, 10),
        ("ames.parquet", 2_930, 74),
        ("traffic_volume.parquet", 48_204, 9),
        ("beijing_pm.parquet", 43_824, 13),
        ("storms.parquet", 19_537, 13),
        ("fine_foods_text.parquet", 5_000, 4),
        ("flights3m.parquet", 3_000_000, 5),
    ] {
        if let Some(read) = counted(file, rows, width) {
            assert!(read.left_out.is_empty(), "{file}: {:?}", read.left_out);
            eprintln!("{file}: {}", columns(&read).join(" "));
        }
    }
}
