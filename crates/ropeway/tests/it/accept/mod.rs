//! The demonstrations of `make accept`: each drives the built binary over the flagship with a small search, and has a
//! control that must fail.

mod kill_and_cache;
mod messy;
mod no_future;
mod null_test;
mod why;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::ropeway::Folder;

/// A run over a share of the examples: a few seconds.
const RUN: [&str; 5] = ["run", "--sample", "5%", "--json", "--quiet"];

/// The flagship in a folder of its own, with a small search.
fn flights() -> Folder {
    let folder = Folder::new();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/flights");
    let parts = ["ropeway.toml", "tables", "data"].map(|part| example.join(part));
    assert!(Command::new("cp").arg("-R").args(parts).arg(folder.path()).status().unwrap().success());
    folder.edit("ropeway.toml", "trials = 20", "trials = 4");
    folder.edit("ropeway.toml", "count = 5", "count = 3");
    folder.edit("ropeway.toml", "[costs_of_error]", "[learn.boosted]\nrounds = 60\n\n[costs_of_error]");
    folder
}

/// The report of a run that is done.
#[track_caller]
fn run(folder: &Folder) -> Value {
    folder.run(&RUN).expect(0).json()
}

/// The digest of the run's model.
fn digest(report: &Value) -> String {
    report["model"]["digest"].as_str().unwrap().to_string()
}

/// The names of a run's steps that ended in this state.
pub fn steps(report: &Value, state: &str) -> Vec<String> {
    let steps = report["steps"].as_array().unwrap().iter().filter(|step| step["state"] == state);
    steps.map(|step| step["name"].as_str().unwrap().to_string()).collect()
}

/// The lines of a gzipped table in `data/`: its header, and its rows.
fn table(folder: &Folder, name: &str) -> (String, Vec<String>) {
    let file = folder.path().join(format!("data/{name}.csv.gz"));
    let output = Command::new("gzip").arg("-dc").arg(file).output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines().map(str::to_owned);
    (lines.next().unwrap(), lines.collect())
}

/// Lets a source be read from these lines instead.
fn replace_table(folder: &Folder, name: &str, header: &str, rows: &[String]) {
    folder.write(&format!("data/{name}.csv"), format!("{header}\n{}\n", rows.join("\n")));
    folder.edit("ropeway.toml", &format!("data/{name}.csv.gz"), &format!("data/{name}.csv"));
}
