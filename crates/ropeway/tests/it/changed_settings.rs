//! Which steps a changed setting executes: those that read it, and none that do not. A key that forgot a setting would
//! show an answer of yesterday.

use serde_json::Value;

use crate::ropeway::Folder;
use crate::shop;

fn run(folder: &Folder, arguments: &[&str]) -> Value {
    folder.run(&[&["run", "--json", "--quiet"], arguments].concat()).expect(0).json()
}

fn state<'a>(report: &'a Value, step: &str) -> &'a str {
    let found = report["steps"].as_array().unwrap().iter().find(|found| found["name"] == step);
    found.unwrap_or_else(|| panic!("no step {step} in {report}"))["state"].as_str().unwrap()
}

/// Changes the project file, and expects these steps to be executed and those to be found; then puts it back and expects
/// all to be found.
#[track_caller]
fn changed(folder: &Folder, from: &str, to: &str, executed: &[&str], cached: &[&str]) {
    let sound = folder.read("ropeway.toml");
    folder.edit("ropeway.toml", from, to);
    let report = run(folder, &[]);
    for (steps, expected) in [(executed, "executed"), (cached, "cached")] {
        for step in steps {
            assert_eq!(state(&report, step), expected, "{step} after `{from}` became `{to}`");
        }
    }
    folder.write("ropeway.toml", &sound);
}

fn trained() -> Folder {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "learners = [\"linear\"]", "learners = [\"linear\", \"boosted\"]");
    folder.edit("ropeway.toml", "trials = 1", "trials = 1\n\n[learn.boosted]\nrounds = 5");
    run(&folder, &[]);
    folder
}

const LEARN: [&str; 3] = ["learn:baseline", "learn:linear", "learn:boosted"];

#[test]
fn settings_of_sources_tables_and_checks() {
    let folder = trained();
    let orders = "source:orders";
    let visits = "source:visits";
    changed(
        &folder,
        "known_after = \"1 hour\"",
        "known_after = \"2 hours\"",
        &[visits, "table:visits_daily"],
        &[orders],
    );
    changed(&folder, "placed + 7 *", "placed + 8 *", &[orders, "table:orders_clean"], &[visits, "table:visits_daily"]);
    changed(&folder, "key = [\"visit\"]", "key = [\"visit\"]\nnull = [\"FR\"]", &[visits], &[orders]);
    changed(&folder, "key = [\"visit\"]", "key = [\"visit\"]\ntypes = { visit = \"float\" }", &[visits], &[orders]);
    changed(&folder, "key = [\"visit\"]", "key = [\"visit\"]\nzone = \"Europe/Berlin\"", &[visits], &[orders]);
    changed(&folder, "amount >= 0", "amount >= -1", &["table:orders_clean", "package"], &[orders, "examples", "model"]);
    // The package carries examples, and these must not hold what is personal from now on.
    let personal = "key = [\"id\"]\npersonal = [\"country\"]";
    changed(&folder, "key = [\"id\"]", personal, &["package"], &["window:visits_30d"]);

    // The SQL of a table counts, and what stands on it.
    let sql = folder.read("tables/visits_daily.sql");
    folder.edit("tables/visits_daily.sql", "count(*)", "2 * count(*)");
    let report = run(&folder, &[]);
    for step in ["table:visits_daily", "window:visits_30d", "package"] {
        assert_eq!(state(&report, step), "executed", "{step}");
    }
    for step in [orders, visits, "examples", "window:orders_30d", "split"] {
        assert_eq!(state(&report, step), "cached", "{step}");
    }
    folder.write("tables/visits_daily.sql", &sql);

    // The contents of a file count, its name does not.
    folder.write("data/countries.csv", "country,zone\nDE,south\nFR,west\nCH,north\n");
    let report = run(&folder, &[]);
    for step in ["source:countries", "lookup:country", "learn:linear"] {
        assert_eq!(state(&report, step), "executed", "{step}");
    }
    for step in [orders, "window:visits_30d", "examples", "split", "learn:baseline"] {
        assert_eq!(state(&report, step), "cached", "{step}");
    }
    std::fs::rename(folder.path().join("data/visits.csv"), folder.path().join("data/seen.csv")).unwrap();
    folder.edit("ropeway.toml", "data/visits.csv", "data/seen.csv");
    assert!(run(&folder, &[])["steps"].as_array().unwrap().iter().all(|step| step["state"] == "cached"));
}

#[test]
fn settings_of_examples_and_features() {
    let folder = trained();
    let windows = ["window:returned_30d", "window:orders_30d", "window:visits_30d"];
    changed(
        &folder,
        "at = \"placed\"",
        "at = \"placed + INTERVAL '1 hour'\"",
        &["examples", windows[0]],
        &["table:orders_clean"],
    );
    changed(&folder, "label = \"returned\"", "label = \"NOT returned\"", &["examples", "split", LEARN[0]], &windows);
    changed(
        &folder,
        "\"amount\", \"country\"]\n\n[lookup",
        "\"country\", \"amount\"]\n\n[lookup",
        &["examples", LEARN[1]],
        &windows,
    );
    changed(
        &folder,
        "value = \"count(returned)\"",
        "value = \"count(amount)\"",
        &[windows[1]],
        &[windows[0], windows[2]],
    );
    changed(
        &folder,
        "value = \"sum(visits)\"",
        "value = \"sum(visits)\"\nwhere = \"visits > 4\"",
        &[windows[2]],
        &windows[..2],
    );
    changed(
        &folder,
        "over = \"30 days\"",
        "over = \"29 days\"",
        &[windows[0], "learn:linear"],
        &[windows[1], LEARN[0]],
    );
    changed(
        &folder,
        "amount > 50",
        "amount > 51",
        &["derive:large", LEARN[1], LEARN[2]],
        &[windows[0], "split", LEARN[0]],
    );
    let sampled = run(&folder, &["--sample", "60%"]);
    assert_eq!((state(&sampled, "examples"), state(&sampled, "source:orders")), ("executed", "cached"));
}

#[test]
fn settings_of_learning() {
    let folder = trained();
    changed(
        &folder,
        "share = 0.2",
        "share = 0.25",
        &["split", LEARN[0], LEARN[1], LEARN[2]],
        &["examples", "derive:large"],
    );
    changed(&folder, "count = 2", "count = 3", &["split", LEARN[0], LEARN[1], LEARN[2]], &["examples"]);
    changed(&folder, "folds = { by = \"time\"", "folds = { by = \"random\"", &["split", LEARN[1]], &["examples"]);
    changed(&folder, "seed = 7", "seed = 8", &["split", LEARN[1], LEARN[2]], &["source:orders", "examples"]);
    changed(&folder, "[learn]", "[learn]\nmetric = \"roc_auc\"", &LEARN, &["split"]);
    changed(&folder, "trials = 1", "trials = 2", &[LEARN[2]], &["split", LEARN[0], LEARN[1]]);
    changed(&folder, "rounds = 5", "rounds = 6", &[LEARN[2]], &[LEARN[0], LEARN[1]]);
    changed(
        &folder,
        "rounds = 5",
        "rounds = 5\n\n[learn.linear]\nstrength = [3.0]",
        &[LEARN[1]],
        &[LEARN[0], LEARN[2]],
    );
    changed(&folder, "name = \"shop\"", "name = \"corner-shop\"", &["package"], &["model", "importance"]);
    // What only says how things are called, judged or how fast they go executes nothing.
    for (from, to) in [
        ("seed = 7", "seed = 7\ngoal = \"Less waste\""),
        ("[learn]", "[[gate]]\nthat = \"validation.roc_auc.value > 0.0\"\n\n[learn]"),
        ("trials = 1", "trials = 1\nthreads = 1"),
    ] {
        let sound = folder.read("ropeway.toml");
        folder.edit("ropeway.toml", from, to);
        let report = run(&folder, &[]);
        assert!(report["steps"].as_array().unwrap().iter().all(|step| step["state"] == "cached"), "{to}: {report}");
        folder.write("ropeway.toml", &sound);
    }
}

#[test]
fn costs_of_errors_change_what_is_decided_and_not_what_is_searched() {
    let folder = trained();
    let before = run(&folder, &[]);
    let costs = |of: &Folder| {
        let costs = "[costs_of_error]\nfalse_negative = 3.0\nfalse_positive = 1.0\n\n[learn.tune]";
        of.edit("ropeway.toml", "[learn.tune]", costs);
    };
    costs(&folder);
    let after = run(&folder, &[]);
    for step in LEARN {
        assert_eq!(state(&after, step), "cached", "{step}");
        assert_eq!(state(&after, &step.replace("learn", "evaluate")), "executed", "{step}");
    }
    for step in ["model", "importance", "package"] {
        assert_eq!(state(&after, step), "executed", "{step}");
    }
    let threshold = |report: &Value| report["decision"]["threshold"].as_f64().unwrap();
    assert!(threshold(&after) < threshold(&before), "a miss costs three times as much: {after}");
    let cost = |report: &Value| report["leaderboard"][0]["validation"]["expected_cost"].clone();
    assert_ne!(cost(&after), cost(&before));

    let fresh = shop::folder();
    fresh.write("ropeway.toml", folder.read("ropeway.toml"));
    let fresh = run(&fresh, &[]);
    assert_eq!(after["model"]["digest"], fresh["model"]["digest"]);
    assert_ne!(after["model"]["digest"], before["model"]["digest"]);
    assert_eq!(after["leaderboard"], fresh["leaderboard"]);
}

#[test]
fn a_search_that_a_budget_of_minutes_cuts_says_so() {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "learners = [\"linear\"]", "learners = [\"boosted\"]");
    folder.edit("ropeway.toml", "trials = 1", "trials = 40\nminutes = 0.0001\n\n[learn.boosted]\nrounds = 5");
    let report = run(&folder, &[]);
    let found = report["findings"].as_array().unwrap().iter().find(|found| found["code"] == "search-cut");
    let found = found.unwrap_or_else(|| panic!("{}", report["findings"]));
    assert!(found["message"].as_str().unwrap().contains("ended the search of `boosted` after "), "{found}");
    assert_eq!(found["place"]["file"], "ropeway.toml");
    assert!(report["leaderboard"][0]["trials"].as_u64().unwrap() < 40);
    folder.edit("ropeway.toml", "minutes = 0.0001", "minutes = 60");
    let whole = run(&folder, &[]);
    assert!(whole["findings"].as_array().unwrap().iter().all(|found| found["code"] != "search-cut"), "{whole}");
    // A fit that ends within no time at all is not waited for.
    let folder = shop::folder();
    folder.edit("ropeway.toml", "trials = 1", "trials = 1\nminutes = 0.00000001");
    let report = run(&folder, &[]);
    let told = report["findings"].to_string();
    assert!(told.contains("let no trial of `linear` end"), "{told}");
}
