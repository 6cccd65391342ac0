//! The object of `ropeway run --json` where the run came to no end: all its names are there, with what was reached.

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::shop;

/// Every name of the object, and those that hold the problem.
const NAMES: [&str; 12] = [
    "run",
    "status",
    "wall_s",
    "steps",
    "sources",
    "examples",
    "leaderboard",
    "final",
    "gates",
    "model",
    "problem",
    "problems",
];

/// Runs a shop that fails, and gives its object, which `runs` and `show` agree with.
fn stopped(shop: &Folder, code: i32, status: &str, failed: &str) -> Value {
    let report = shop.run(&["run", "--json"]).expect(code).json();
    for name in NAMES {
        assert!(report.get(name).is_some(), "`{name}` is not in {report}");
    }
    assert_eq!((&report["status"], &report["model"], &report["final"]), (&json!(status), &Value::Null, &Value::Null));
    assert_eq!(report["gates"], json!([]));
    assert!(report["wall_s"].as_f64().unwrap() > 0.0);
    let steps = report["steps"].as_array().unwrap();
    let state = |state: &str| -> Vec<&str> {
        steps.iter().filter(|step| step["state"] == state).map(|step| step["name"].as_str().unwrap()).collect()
    };
    assert_eq!(state("failed"), [failed], "{report}");
    let runs = shop.run(&["runs", "--json"]).expect(0).json();
    assert_eq!((&runs["runs"][0]["run"], &runs["runs"][0]["status"]), (&report["run"], &json!(status)));
    let shown = shop.run(&["show", "--json"]).expect(0).json();
    assert_eq!((&shown["status"], &shown["steps"]), (&json!(status), &report["steps"]));
    report
}

#[test]
fn a_check_that_stops_a_run_leaves_a_report_with_all_names() {
    let shop = shop::folder();
    shop.edit("ropeway.toml", "that = \"amount >= 0\"", "that = \"amount >= 1000\"");
    let report = stopped(&shop, 3, "refused", "table:orders_clean");
    assert_eq!(report["run"], json!("r1"));
    assert_eq!(report["problem"]["code"], json!("check-stopped"));
    let message = report["problem"].to_string();
    assert!(message.contains(" of 480 rows (") && message.contains("the first: {"), "{message}");
    assert_eq!(report["sources"]["orders"]["kept"], json!(shop::ORDERS), "{report}");
    assert_eq!((&report["examples"], &report["leaderboard"]), (&Value::Null, &json!([])));
}

#[test]
fn a_step_that_fails_leaves_a_report_with_all_names() {
    let shop = shop::folder();
    shop.edit("ropeway.toml", "large = \"amount > 50\"", "large = \"10 / CAST(amount - amount AS BIGINT) > 50\"");
    let report = stopped(&shop, 1, "failed", "derive:large");
    assert_eq!(report["sources"].as_object().unwrap().len(), 3, "{report}");
}

#[test]
fn a_project_that_cannot_begin_leaves_a_report_with_all_names() {
    let shop = shop::folder();
    shop.edit("ropeway.toml", "seed = 7", "sede = 7");
    let report = shop.run(&["run", "--json"]).expect(1).json();
    for name in NAMES {
        assert!(report.get(name).is_some(), "`{name}` is not in {report}");
    }
    assert_eq!((&report["run"], &report["status"], &report["steps"]), (&Value::Null, &json!("failed"), &json!([])));
    assert_eq!(report["problem"]["code"], json!("unknown-key"));
}

#[test]
fn a_command_line_that_is_wrong_has_all_names_too() {
    let shop = shop::folder();
    let report = shop.run(&["--json", "run", "--sample", "lots"]).expect(2).json();
    for name in NAMES {
        assert!(report.get(name).is_some(), "`{name}` is not in {report}");
    }
    assert_eq!((&report["run"], &report["problem"]["code"]), (&Value::Null, &json!("usage")));
    // Other commands have other names.
    assert_eq!(shop.run(&["show", "run", "--wrong", "--json"]).expect(2).json().get("leaderboard"), None);
}
