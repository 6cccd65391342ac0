//! How examples are parted, as far as it shows from outside: `query` gives no label of the holdout, and the report counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;

use crate::people::{PROJECT, gone, project};
use crate::ropeway::Folder;
use crate::shop;

/// People in households of one to seven, which lie scattered over the file; their ids do not tell who belongs together.
fn households() -> String {
    let mut text = String::from("id,age,city,joined,household,gone\n");
    for id in 0..400_u32 {
        let household = id * id % 97 % 60;
        let (age, city) = (18 + id * 13 % 70, ["Bern", "Wien", "Graz"][id as usize % 3]);
        let _ = writeln!(text, "{id},{age},{city},2024-01-{:02},h{household},{}", 1 + id % 28, gone(id));
    }
    text
}

fn by_household(holdout: &str, folds: &str) -> Folder {
    let folder = project(households());
    folder.write("ropeway.toml", PROJECT.replace("\"joined\"]\n\n[table", "\"joined\", \"household\"]\n\n[table"));
    folder.write("tables/people_clean.sql", "SELECT id, age, city, joined, household, gone\nFROM people\n");
    folder.edit(
        "ropeway.toml",
        "\"city\", \"joined\"]\n\n[derive]",
        "\"city\", \"joined\", \"household\"]\n\n[derive]",
    );
    folder.edit("ropeway.toml", "holdout = { by = \"random\", share = 0.2 }", &format!("holdout = {holdout}"));
    folder.edit("ropeway.toml", "folds = { by = \"random\", count = 2 }", &format!("folds = {folds}"));
    folder.edit("ropeway.toml", "[\"linear\", \"boosted\"]", "[\"linear\"]");
    folder
}

/// The rows of a query.
fn rows(folder: &Folder, sql: &str) -> Vec<Value> {
    let told = folder.run(&["query", sql, "--limit", "1000", "--json", "--personal"]).expect(0).json();
    told["rows"].as_array().unwrap().clone()
}

/// Which households have members whose labels are shown, and which have some whose labels are not.
fn sides(folder: &Folder) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut learned, mut held) = (BTreeSet::new(), BTreeSet::new());
    for row in rows(folder, "SELECT household, label FROM examples") {
        let side = if row["label"].is_null() { &mut held } else { &mut learned };
        side.insert(row["household"].as_str().unwrap_or("null").to_owned());
    }
    (learned, held)
}

#[test]
fn no_group_is_on_both_sides() {
    let group = "{ by = \"group\", group = [\"household\"], share = 0.2 }";
    let folder = by_household(group, "{ by = \"group\", count = 3 }");
    let report = folder.run(&["run", "--json", "--quiet"]).expect(0).json();
    let examples = &report["examples"];
    let count = |name: &str| examples[name].as_u64().unwrap();
    assert_eq!((count("rows"), count("labelled"), count("purged"), count("purged_in_folds")), (400, 400, 0, 0));
    assert_eq!(count("train") + count("holdout"), 400);
    assert!(count("holdout").abs_diff(80) <= 16, "{examples}");

    let (learned, held) = sides(&folder);
    assert!(learned.len() > 10 && held.len() > 3, "{learned:?} {held:?}");
    assert!(learned.is_disjoint(&held), "{:?}", learned.intersection(&held));
    let hidden = rows(&folder, "SELECT count(*) AS n FROM examples WHERE label IS NULL");
    assert_eq!(hidden[0]["n"].as_u64(), Some(count("holdout")));

    // Control: at random, households are torn apart.
    let random = by_household("{ by = \"random\", share = 0.2 }", "{ by = \"random\", count = 3 }");
    let (learned, held) = sides(&random);
    assert!(!learned.is_disjoint(&held));
}

/// A household that is no feature and no key, and missing for some.
fn kept_for_the_split(split: &str) -> Folder {
    let alone = |line: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if cells[0].ends_with('7') {
            cells[4] = "";
        }
        cells.join(",") + "\n"
    };
    let folder = project(households().lines().map(alone).collect::<String>());
    folder.write("tables/people_clean.sql", "SELECT id, age, city, joined, household, gone\nFROM people\n");
    folder.edit(
        "ropeway.toml",
        "\"joined\"]\n\n[table",
        "\"joined\", \"household\"]\npersonal = [\"household\"]\n\n[table",
    );
    folder.edit("ropeway.toml", "holdout = { by = \"random\", share = 0.2 }", split);
    folder.edit("ropeway.toml", "folds = { by = \"random\", count = 2 }", "folds = { count = 2 }");
    folder.edit("ropeway.toml", "[\"linear\", \"boosted\"]", "[\"linear\"]");
    folder
}

#[test]
fn a_group_may_be_any_column_of_the_table_and_is_no_feature() {
    let folder = kept_for_the_split("group = [\"household\"]\nholdout = { share = 0.2 }");
    folder.run(&["check"]).expect(0);
    let report = folder.run(&["run", "--json", "--quiet"]).expect(0).json();
    folder.fails(&["query", "SELECT household FROM examples"], 1, &["`household` is personal and left out"]);
    let (mut learned, mut held) = sides(&folder);
    // Those without a household are groups of their own, not one.
    assert!(learned.remove("null") && held.remove("null"));
    assert!(learned.len() > 10 && held.len() > 3 && learned.is_disjoint(&held), "{learned:?} {held:?}");
    assert!(!report["features"].to_string().contains("household"), "{}", report["features"]);
    let shown = folder.run(&["show"]).expect(0).stdout;
    assert!(!shown.contains("household"), "{shown}");
    // Whoever asks for a prediction need not know it.
    folder.write("ask.csv", "id,age,city,joined\n1,30,Bern,2024-01-02\n");
    folder.run(&["predict", "people", "--in", "ask.csv", "--out", "told.csv"]).expect(0);
    // A second run finds all; another group makes the split anew.
    folder.run(&["run", "--quiet"]).expect(0);
    folder.edit("ropeway.toml", "group = [\"household\"]", "group = [\"city\", \"household\"]");
    folder.run(&["run", "--quiet"]).expect(0);

    // Controls: at random, households are torn apart; a group that nothing is parted by is refused.
    let (learned, held) =
        sides(&kept_for_the_split("holdout = { by = \"group\", share = 0.2, group = [\"id\", \"household\"] }"));
    assert!(!learned.is_disjoint(&held));
    let none = kept_for_the_split("group = [\"household\"]\nholdout = { by = \"random\", share = 0.2 }");
    none.fails(&["check"], 1, &["names a `group`", "ropeway.toml:"]);
}

#[test]
fn a_group_that_cannot_be_is_refused_with_what_to_do() {
    let refused = |holdout: &str, folds: &str, says: &[&str]| {
        by_household(holdout, folds).fails(&["run"], 1, says);
    };
    let folds = "{ count = 3 }";
    refused("{ by = \"group\" }", folds, &["names no group", "group = ["]);
    refused("{ by = \"group\", group = [\"hosuehold\"] }", folds, &["`hosuehold`", "ropeway.toml:22"]);
    refused("{ by = \"group\", group = [\"city\"] }", "{ count = 5 }", &["groups", "count"]);
    refused("{ by = \"time\" }", folds, &["time", "`at`"]);
    // Examples have these columns of their own, whatever the table calls its.
    for name in ["label_known_at", "label", "at", "__weight"] {
        let folder = by_household(&format!("{{ by = \"group\", group = [\"{name}\"] }}"), folds);
        folder.write("tables/people_clean.sql", "SELECT id, age, city, joined, household, gone, household AS label_known_at, household AS label, household AS at\nFROM people\n");
        folder.fails(&["check"], 1, &[&format!("the name `{name}` is reserved"), "ropeway.toml:22", "another name"]);
    }
}

#[test]
fn the_latest_orders_are_held_out_and_labels_that_come_too_late_are_purged() {
    let folder = shop::folder();
    let report = folder.run(&["run", "--json", "--quiet"]).expect(0).json();
    // Four orders a day; whether one is returned is known a week later. The last 96 are held out: of those before, the
    // 28 of the last week are not known then. Each fold loses its last week in the same way.
    let expected = [("labelled", 480), ("holdout", 96), ("purged", 28), ("train", 356), ("purged_in_folds", 56)];
    for (name, count) in expected {
        assert_eq!(report["examples"][name], count, "{name} of {}", report["examples"]);
    }
    let sides = rows(
        &folder,
        "SELECT label IS NULL AS held, count(*) AS n, min(at) AS first, max(at) AS last FROM examples GROUP BY 1",
    );
    let side: BTreeMap<bool, &Value> = sides.iter().map(|row| (row["held"].as_bool().unwrap(), row)).collect();
    assert_eq!((&side[&true]["n"], &side[&false]["n"]), (&96.into(), &384.into()));
    let time = |held: bool, which: &str| side[&held][which].as_str().unwrap().to_owned();
    assert!(time(false, "last") < time(true, "first"), "{sides:?}");

    // Known at once, nothing is purged; known a day later, four before the holdout are.
    folder.edit("ropeway.toml", "placed + 7 * INTERVAL '1 day'", "placed + 1 * INTERVAL '1 day'");
    let report = folder.run(&["run", "--json", "--quiet"]).expect(0).json();
    assert_eq!((&report["examples"]["purged"], &report["examples"]["purged_in_folds"]), (&4.into(), &8.into()));
}

#[test]
fn a_sample_that_is_too_small_is_told_as_such() {
    let folder = shop::folder();
    for share in ["0.0001%", "0.1%", "1%"] {
        let says = format!("`--sample` takes {share} of the examples: take more of them");
        folder.fails(&["run", "--sample", share], 1, &[&says, "With all: "]);
    }
}

#[test]
fn rows_without_a_prediction_time_are_counted() {
    let shop = shop::folder();
    let sql = "SELECT id, CASE WHEN id % 40 <> 7 THEN placed END AS placed, amount, country, returned\nFROM orders\n";
    shop.write("tables/orders_clean.sql", sql);
    let ended = shop.run(&["run", "--json"]).expect(0).json();
    assert_eq!((&ended["examples"]["rows"], &ended["examples"]["without_at"]), (&468.into(), &12.into()));
    assert!(shop.run(&["show"]).expect(0).stdout.contains("12 rows have no `at` and are no examples"));
}

#[test]
fn a_constant_ranks_by_chance() {
    let report = shop::folder().run(&["run", "--json"]).expect(0).json();
    let baseline = report["leaderboard"].as_array().unwrap().iter().find(|one| one["candidate"] == "baseline").unwrap();
    assert_eq!(baseline["validation"]["roc_auc"], serde_json::json!({"value": 0.5, "low": 0.5, "high": 0.5}));
}

#[test]
fn a_constant_ranks_by_chance_where_calibration_helps_it() {
    // Returns become frequent with time, so that the constants of the folds differ and calibration pulls them together.
    let shop = shop::folder();
    let sql = "SELECT id, placed, amount, country, id * 7919 % 700 < id AS returned\nFROM orders\n";
    shop.write("tables/orders_clean.sql", sql);
    shop.edit("ropeway.toml", "count = 2", "count = 4");
    let report = shop.run(&["run", "--json"]).expect(0).json();
    let baseline = report["leaderboard"].as_array().unwrap().iter().find(|one| one["candidate"] == "baseline").unwrap();
    assert_eq!(baseline["validation"]["roc_auc"], serde_json::json!({"value": 0.5, "low": 0.5, "high": 0.5}));
}
