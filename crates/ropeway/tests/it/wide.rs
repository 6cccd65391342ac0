//! A table of thousands of columns and few rows: from the file to a model, a page that a browser opens, and an end when asked to.

use std::fmt::Write;
use std::io::Read;

use ropeway_stat::Rng;
use serde_json::{Value, json};

use crate::interrupt::searching;
use crate::ropeway::{Folder, signal};

const ROWS: usize = 100;

/// Every column says a little of which rows are even. That is the label or, for a control, the label agrees with it in exactly half
/// of the rows of either kind.
fn table(columns: usize, told: bool) -> String {
    let mut rng = Rng::new(3);
    let even: Vec<bool> = (0..ROWS).map(|row| row % 2 == 0).collect();
    let written = if told { even.clone() } else { (0..ROWS).map(|row| row % 4 < 2).collect() };
    let names: Vec<String> = (0..columns).map(|column| format!("c{column}")).collect();
    let mut text = format!("{},bought\n", names.join(","));
    for (even, written) in even.iter().zip(&written) {
        for _ in 0..columns {
            let noise = rng.unit() + rng.unit() - 1.0;
            let _ = write!(text, "{:.3},", noise + if *even { 0.03 } else { -0.03 });
        }
        let _ = writeln!(text, "{written}");
    }
    text
}

fn project(columns: usize, told: bool) -> Folder {
    let folder = Folder::new();
    folder.write("wide.csv", table(columns, told));
    folder.run(&["init", "wide.csv", "--label", "bought"]).expect(0);
    folder.edit("ropeway.toml", "learners = [\"linear\", \"boosted\"]", "learners = [\"linear\"]");
    folder
}

fn low(report: &Value) -> f64 {
    let linear = report["leaderboard"].as_array().unwrap().iter().find(|one| one["candidate"] == json!("linear"));
    linear.unwrap()["validation"]["roc_auc"]["low"].as_f64().unwrap()
}

#[test]
fn five_thousand_columns_are_learned_from_also_after_an_interruption() {
    let folder = project(5_000, true);
    let (mut child, mut stderr) = searching(&folder, &["--final", "--json"]);
    signal("INT", child.id());
    let (mut said, mut told) = (String::new(), String::new());
    stderr.read_to_string(&mut said).unwrap();
    child.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{said}");
    let stopped: Value = serde_json::from_str(told.lines().last().unwrap_or_default()).unwrap();
    assert_eq!((&stopped["status"], &stopped["problem"]["code"]), (&json!("cancelled"), &json!("cancelled")), "{said}");

    let report = folder.run(&["run", "--final", "--json"]).expect(0).json();
    let steps = report["steps"].as_array().unwrap();
    let state = |name: &str| steps.iter().find(|step| step["name"] == json!(name)).unwrap()["state"].clone();
    assert_eq!((state("learn:baseline"), state("learn:linear")), (json!("cached"), json!("executed")));
    assert!(low(&report) > 0.7, "{}", report["leaderboard"]);
    let page = folder.path().join(".ropeway/reports").join(format!("{}.html", report["run"].as_str().unwrap()));
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.len() < 3_000_000 && page.contains("4700 more features"), "{}", page.len());
}

#[test]
fn a_thousand_columns_that_say_nothing_are_told_from_those_that_do() {
    let folder = project(1_000, false);
    let report = folder.run(&["run", "--json"]).expect(3).json();
    assert!(low(&report) < 0.5, "{}", report["leaderboard"]);
}
