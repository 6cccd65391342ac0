//! A project that was changed gives what the same project gives in a fresh folder, whatever is found of the time before.

use serde_json::Value;

use crate::ropeway::Folder;
use crate::shop;

const BOOSTED: &str = "learners = [\"linear\", \"boosted\"]";

fn folder(changes: &[(&str, &str, &str)]) -> Folder {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "learners = [\"linear\"]", BOOSTED);
    folder.edit("ropeway.toml", "trials = 1", "trials = 1\n\n[learn.boosted]\nrounds = 5");
    folder.edit(
        "ropeway.toml",
        "large = \"amount > 50\"",
        "large = \"amount / (2 * 3) - (1 - amount) > 50\"\nq = \"amount * 2\"",
    );
    folder.edit("tables/orders_clean.sql", "SELECT", "SELECT amount - (7 - amount) AS twice,");
    for (file, from, to) in changes {
        folder.edit(file, from, to);
    }
    folder
}

fn run(folder: &Folder) -> Value {
    folder.run(&["run", "--final", "--json", "--quiet"]).expect(0).json()
}

/// Makes the changes one after the other in one folder, each time as in a fresh one, and gives the last report.
fn like_fresh(changes: &[(&str, &str, &str)]) -> Value {
    let changed = folder(&[]);
    let before = run(&changed);
    let mut last = before.clone();
    for (index, (file, from, to)) in changes.iter().enumerate() {
        changed.edit(file, from, to);
        last = run(&changed);
        let fresh = run(&folder(&changes[..=index]));
        for part in ["leaderboard", "importance", "examples"] {
            assert_eq!(last[part], fresh[part], "{part} after `{from}` became `{to}`");
        }
        assert_eq!(last["model"]["digest"], fresh["model"]["digest"], "`{from}` became `{to}`");
        let figures = |report: &Value| report["final"]["expected_cost"].clone();
        assert_eq!(figures(&last), figures(&fresh), "`{from}` became `{to}`");
        assert_ne!(last["model"]["digest"], before["model"]["digest"], "`{from}` became `{to}`");
    }
    last
}

#[test]
fn features_that_take_each_others_name() {
    let toml = "ropeway.toml";
    like_fresh(&[
        (
            toml,
            "large = \"amount / (2 * 3) - (1 - amount) > 50\"\nq = ",
            "q = \"amount / (2 * 3) - (1 - amount) > 50\"\nlarge = ",
        ),
        (toml, "[window.returned_30d]", "[window.returned_of_30d]"),
        (toml, "value = \"count(returned)\"", "value = \"count(amount)\"\nwhere = \"amount - (1 - amount) > 3\""),
    ]);
}

#[test]
fn parentheses_alone() {
    let (toml, sql) = ("ropeway.toml", "tables/orders_clean.sql");
    like_fresh(&[
        (toml, "amount / (2 * 3) - (1 - amount)", "amount / 2 * 3 - (1 - amount)"),
        (sql, "amount - (7 - amount) AS twice", "amount - 7 - amount AS twice"),
        (toml, "that = \"amount >= 0\"", "that = \"amount - (amount - 30) >= amount\"\ntolerate = 1.0"),
        (toml, "amount - (amount - 30) >= amount", "amount - amount - 30 >= amount - 2000"),
        (toml, "placed + 7 * INTERVAL '1 day'", "placed + (9 - (3 - 1)) * INTERVAL '1 day'"),
        (toml, "9 - (3 - 1)", "9 - 3 - 1"),
    ]);
}

#[test]
fn what_the_package_says_and_nothing_computes() {
    let toml = "ropeway.toml";
    like_fresh(&[
        (toml, "at = \"placed\"", "at = \"placed + INTERVAL '0 hours'\""),
        (toml, "label = \"returned\"", "label = \"returned = true\""),
        ("data/countries.csv", "CH,south", "CH,south\nXX,nowhere"),
    ]);
}

#[test]
fn costs_in_proportion() {
    let cost = |report: &Value| report["final"]["expected_cost"]["value"].as_f64().unwrap();
    let costs = |of: u32| format!("[costs_of_error]\nfalse_negative = {of}.0\nfalse_positive = {of}.0\n\n[learn.tune]");
    let (one, ten) = (costs(1), costs(10));
    let changed = folder(&[("ropeway.toml", "[learn.tune]", &one)]);
    let before = run(&changed);
    changed.edit("ropeway.toml", &one, &ten);
    let after = run(&changed);
    assert!((cost(&after) - 10.0 * cost(&before)).abs() < 1e-9, "{} and {}", cost(&after), cost(&before));
    let gate = format!("[[gate]]\nthat = \"holdout.expected_cost.value < {}\"\n\n[learn.tune]", 2.0 * cost(&before));
    changed.edit("ropeway.toml", "[learn.tune]", &gate);
    changed.run(&["run", "--final"]).expect(3);
}
