//! Demonstration 4, Null test: where labels are shuffled there is nothing to learn, the intervals cover chance and the
//! gate says no. Control: with the labels restored the same gate passes. The order of rows and the names of columns
//! change no figure; control: shuffled labels change them.

use ropeway_stat::Rng;
use serde_json::{Value, json};

use super::{digest, flights, replace_table, run, table};
use crate::ropeway::{Ended, Folder};

/// The place of `arr_delay` in flights.csv.
const ARR_DELAY: usize = 8;
const GATE: &str = "holdout.roc_auc.low >= 0.55";

/// The flagship with a gate that chance does not pass.
fn gated() -> Folder {
    let folder = flights();
    folder.edit("ropeway.toml", "holdout.average_precision.low >= 0.40", GATE);
    folder
}

/// Opens the holdout of a sample.
fn final_run(folder: &Folder) -> Ended {
    folder.run(&["run", "--final", "--sample", "5%", "--json", "--quiet"])
}

/// Permutes `arr_delay` among the flights that have one.
fn shuffle_labels(folder: &Folder) {
    let (header, rows) = table(folder, "flights");
    assert_eq!(header.split(',').nth(ARR_DELAY), Some("arr_delay"));
    let mut rows: Vec<Vec<&str>> = rows.iter().map(|row| row.split(',').collect()).collect();
    let landed: Vec<usize> = (0..rows.len()).filter(|row| rows[*row][ARR_DELAY] != "NA").collect();
    let mut delays: Vec<&str> = landed.iter().map(|row| rows[*row][ARR_DELAY]).collect();
    Rng::new(7).shuffle(&mut delays);
    for (row, delay) in landed.into_iter().zip(delays) {
        rows[row][ARR_DELAY] = delay;
    }
    let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    replace_table(folder, "flights", &header, &rows);
}

/// An interval as (low, high).
fn interval(estimate: &Value) -> (f64, f64) {
    (estimate["low"].as_f64().unwrap(), estimate["high"].as_f64().unwrap())
}

fn covers_chance(estimate: &Value) -> bool {
    let (low, high) = interval(estimate);
    low <= 0.5 && 0.5 <= high
}

#[test]
fn shuffled_labels_give_chance_and_a_gate_that_says_no() {
    let folder = gated();
    let sound = folder.read("ropeway.toml");
    shuffle_labels(&folder);
    let ended = final_run(&folder).expect(3);
    let shuffled = ended.json();
    assert_eq!(
        (&shuffled["status"], &shuffled["gates"]),
        (&json!("refused"), &json!([{"that": GATE, "passed": false}]))
    );
    assert_eq!(shuffled["model"]["champion"], false);
    assert!(covers_chance(&shuffled["final"]["roc_auc"]), "{}", shuffled["final"]["roc_auc"]);
    for candidate in shuffled["leaderboard"].as_array().unwrap() {
        assert!(covers_chance(&candidate["validation"]["roc_auc"]), "{candidate}");
    }

    // Control: restored, it passes.
    folder.write("ropeway.toml", &sound);
    let restored = final_run(&folder).expect(0).json();
    assert_eq!((&restored["status"], &restored["gates"]), (&json!("done"), &json!([{"that": GATE, "passed": true}])));
    assert!(!covers_chance(&restored["final"]["roc_auc"]), "{}", restored["final"]["roc_auc"]);
    assert_ne!(digest(&restored), digest(&shuffled));
}

/// All figures of a run.
fn figures(report: &Value) -> Value {
    json!([report["leaderboard"], report["final"], report["examples"], report["decision"], report["gates"]])
}

/// Puts the rows of three sources in another order.
fn permute_rows(folder: &Folder) {
    let mut rng = Rng::new(11);
    for name in ["flights", "weather", "planes"] {
        let (header, mut rows) = table(folder, name);
        rng.shuffle(&mut rows);
        replace_table(folder, name, &header, &rows);
    }
}

/// The columns of flights under other names; sorted by name they stand in another order.
const RENAMED: [(&str, &str); 9] = [
    ("dep_delay", "left_late"),
    ("arr_delay", "came_late"),
    ("carrier", "operator"),
    ("flight", "number"),
    ("tailnum", "airframe"),
    ("origin", "leaves"),
    ("dest", "bound_for"),
    ("distance", "miles"),
    ("time_hour", "hour_utc"),
];

/// Renames whole words outside of the names of tables, files and features.
fn renamed(text: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::new();
    for piece in text.split_inclusive(|c| !word(c)) {
        let name = piece.trim_end_matches(|c| !word(c));
        let new = RENAMED.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| new);
        out.push_str(new);
        out.push_str(&piece[name.len()..]);
    }
    out
}

/// Renames columns of flights, in the file, the SQL and the project file; the other sources keep theirs.
fn rename_columns(folder: &Folder) {
    let (header, rows) = table(folder, "flights");
    replace_table(folder, "flights", &renamed(&header), &rows);
    let sql = folder.read("tables/flights_clean.sql");
    folder.write("tables/flights_clean.sql", renamed(&sql).replace("sched_at", "planned_at"));
    let toml = renamed(&folder.read("ropeway.toml")).replace("sched_at", "planned_at");
    folder.write("ropeway.toml", &toml);
    for (from, to) in [
        ("number-delays", "flight-delays"),
        (
            "key = [\"leaves\", \"hour_utc\"]\ntime = \"hour_utc\"",
            "key = [\"origin\", \"time_hour\"]\ntime = \"time_hour\"",
        ),
        ("to = [\"operator\"]", "to = [\"carrier\"]"),
        ("on = [\"leaves\"]\nas_of = \"hour_utc\"", "on = { leaves = \"origin\" }\nas_of = \"time_hour\""),
        ("on = [\"airframe\"]", "on = { airframe = \"tailnum\" }"),
    ] {
        folder.edit("ropeway.toml", from, to);
    }
}

#[test]
fn the_order_of_rows_and_the_names_of_columns_change_no_figure() {
    let folder = gated();
    let plain = final_run(&folder).expect(0).json();

    let permuted = gated();
    permute_rows(&permuted);
    let report = final_run(&permuted).expect(0).json();
    assert_eq!((figures(&report), digest(&report)), (figures(&plain), digest(&plain)), "permuted rows");

    let other_names = gated();
    rename_columns(&other_names);
    let report = final_run(&other_names).expect(0).json();
    assert_eq!(figures(&report), figures(&plain), "renamed columns");

    // Control: other labels are other figures.
    shuffle_labels(&folder);
    assert_ne!(figures(&run(&folder))[0], figures(&plain)[0]);
}
