//! `ropeway compare` and what a run says of the last one: what changed, and whether the figure really moved.

use ropeway_store::{Store, sqlx};
use serde_json::{Value, json};

use crate::people::{PROJECT, age, gone, project, sound, table};
use crate::ropeway::Folder;
use crate::shop;

fn run(folder: &Folder) -> Value {
    folder.run(&["run", "--json"]).expect(0).json()
}

fn compare(folder: &Folder, before: &str, after: &str) -> Value {
    folder.run(&["compare", before, after, "--json"]).expect(0).json()
}

/// The names of what came, went or changed.
fn names(changes: &Value) -> Vec<(&str, bool, bool)> {
    let change = |change: &'_ Value| (change["before"].is_null(), change["after"].is_null());
    let all = changes.as_array().unwrap().iter();
    all.map(|found| (found["name"].as_str().unwrap(), !change(found).0, !change(found).1)).collect()
}

/// People of whom the old leave: a model that may not see their age knows nothing.
fn people(request: &str) -> Folder {
    // Of the id nothing tells the age.
    let age = |id: u32| 18 + (id.wrapping_mul(2_654_435_761) >> 16) % 70;
    let folder = project(table(|id| age(id).to_string(), |id| (age(id) > 50).to_string()));
    let toml = PROJECT.replacen("request = [\"age\", \"city\", \"joined\"]", request, 1);
    let toml = toml.replacen("[derive]\nold = \"age > 60\"\n\n", "", 1);
    folder.write("ropeway.toml", toml);
    folder
}

#[test]
fn the_first_run_has_nothing_before_it_and_an_unchanged_one_is_the_same() {
    let folder = shop::folder();
    assert_eq!(run(&folder)["since_last"], Value::Null);
    let again = run(&folder)["since_last"].clone();
    assert_eq!((&again["before"], &again["after"]), (&json!("r1"), &json!("r2")));
    for part in ["data", "features", "settings"] {
        assert_eq!(again[part], json!([]), "{part}");
    }
    assert_eq!((&again["moved"]["verdict"], &again["moved"]["difference"]["value"]), (&json!("same"), &json!(0.0)));
    let page = folder.run(&["run"]).expect(0).stdout;
    assert!(page.contains("Since the last run (r2)\n  nothing was changed\n"), "{page}");
    // The record keeps it.
    assert_eq!(folder.run(&["show", "r2", "--json"]).expect(0).json()["report"]["since_last"], again);
}

#[test]
fn a_feature_that_tells_the_label_moves_the_figure_and_noise_does_not() {
    let folder = people("request = [\"city\", \"joined\"]");
    run(&folder);
    folder.write("ropeway.toml", people("request = [\"age\", \"city\", \"joined\"]").read("ropeway.toml"));
    let better = run(&folder)["since_last"].clone();
    assert_eq!(names(&better["features"]), [("age", false, true)]);
    assert_eq!(names(&better["settings"]), [("examples.request", true, true)]);
    assert_eq!(better["data"], json!([]));
    let moved = &better["moved"];
    assert_eq!((&moved["verdict"], &moved["measure"]), (&json!("better"), &json!("log_loss")), "{moved}");
    let (then, now) = (moved["before"].as_f64().unwrap(), moved["after"].as_f64().unwrap());
    assert!((now - then - moved["difference"]["value"].as_f64().unwrap()).abs() < 1e-12);
    assert!(moved["difference"]["high"].as_f64().unwrap() < 0.0 && now < then);
    // The mean of the losses is the figure that the leaderboard shows.
    let figure =
        better["figures"].as_array().unwrap().iter().find(|found| found["metric"] == "log_loss").unwrap().clone();
    assert!((figure["after"]["value"].as_f64().unwrap() - now).abs() < 1e-9, "{figure} {moved}");

    // Turned round it is worse; and the control, a feature of noise alone, is not told apart.
    assert_eq!(compare(&folder, "r2", "r1")["moved"]["verdict"], "worse");
    folder.write("ropeway.toml", people("request = [\"city\", \"joined\"]").read("ropeway.toml"));
    run(&folder);
    assert_eq!(compare(&folder, "r1", "r3")["moved"]["verdict"], "same");
    folder.edit("ropeway.toml", "[split]", "[derive]\nnoise = \"id * 7919 % 101\"\n\n[split]");
    folder.edit("ropeway.toml", "request = [", "request = [\"id\", ");
    let noise = run(&folder)["since_last"].clone();
    assert_ne!(noise["moved"]["verdict"], "better", "{noise}");
    let page = folder.run(&["compare", "r1", "r2"]).expect(0).stdout;
    for part in [
        "From r1 to r2",
        "features  + age",
        "examples.request",
        "average_precision (ranks by it)",
        "better: log_loss of",
    ] {
        assert!(page.contains(part), "`{part}` is not in:\n{page}");
    }
}

#[test]
fn changed_data_and_settings_are_named_and_the_examples_of_both_are_compared() {
    let folder = shop::folder();
    run(&folder);
    // An order of the middle of the time, under an id of its own.
    let mut more = shop::order(200);
    more.insert("id".into(), json!(shop::ORDERS));
    let line = ["id", "placed", "amount", "country", "returned"].map(|name| more[name].to_string().replace('"', ""));
    folder.write("data/orders.csv", format!("{}{}\n", shop::orders(), line.join(",")));
    folder.edit("ropeway.toml", "trials = 1", "trials = 2");
    folder.edit("ropeway.toml", "over = \"30 days\"", "over = \"20 days\"");
    let since = run(&folder)["since_last"].clone();
    let data: Vec<(&str, u64, u64)> = since["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            let rows = |side: &str| change[side]["rows"].as_u64().unwrap();
            assert_ne!(change["before"]["digest"], change["after"]["digest"]);
            (change["table"].as_str().unwrap(), rows("before"), rows("after"))
        })
        .collect();
    assert_eq!(data, [("orders", 480, 481), ("orders_clean", 480, 481)]);
    assert_eq!(
        names(&since["settings"]),
        [("learn.tune.trials", true, true), ("window.returned_30d.over", true, true)]
    );
    assert_eq!(names(&since["features"]), [("returned_30d", true, true)]);
    let moved = &since["moved"];
    assert_ne!(moved["verdict"], "not_comparable", "{moved}");
    let pairing = moved["pairing"].as_str().unwrap();
    assert!(pairing.starts_with("paired by key; left out are "), "{moved}");
    assert!(moved["examples"].as_u64().unwrap() > 100, "{moved}");
    // A comment in SQL changes nothing; another question does.
    folder.edit("tables/orders_clean.sql", "SELECT", "-- All of it.\nSELECT");
    assert_eq!(run(&folder)["since_last"]["settings"], json!([]));
    folder.edit("tables/orders_clean.sql", "returned\n", "returned, 1 AS one\n");
    assert_eq!(names(&run(&folder)["since_last"]["settings"]), [("table.orders_clean SQL", true, true)]);
}

#[test]
fn other_folds_and_labels_are_told_and_cleaned_scores_are_not_comparable() {
    let folder = project(sound());
    run(&folder);
    folder.edit("ropeway.toml", "seed = 7", "seed = 8");
    let moved = run(&folder)["since_last"]["moved"].clone();
    let pairing = moved["pairing"].as_str().unwrap();
    assert!(pairing.contains("each is answered by models that had not seen it and learned from other rows"), "{moved}");
    assert_eq!(moved["verdict"], "not_told_apart", "{moved}");
    folder.edit("ropeway.toml", "seed = 8", "seed = 7");
    // The same people and folds, of whom one has another label.
    folder.write("data/people.csv", table(age, |id| if id == 7 { (gone(7) != "true").to_string() } else { gone(id) }));
    run(&folder);
    let labels = compare(&folder, "r1", "r3")["moved"].clone();
    let said = labels["pairing"].as_str().unwrap();
    assert!(
        said.contains("another label") || said.contains("left out are ") || said.contains("had not seen"),
        "{said}"
    );
    // A label of another meaning is another question.
    folder.edit("ropeway.toml", "label = \"gone\"", "label = \"gone and id % 2 = 0\"");
    let other = run(&folder)["since_last"]["moved"].clone();
    assert!(other["why_not"].as_str().unwrap().contains("labels are defined otherwise"), "{other}");
    folder.run(&["clean", "--runs", "1", "--yes"]).expect(0);
    let cleaned = compare(&folder, "r1", "r3");
    assert!(cleaned["moved"]["why_not"].as_str().unwrap().contains("lost in r1 is not in the cache"), "{cleaned}");
    assert_eq!(cleaned["figures"].as_array().unwrap().len(), 11, "figures are on record all the same");
}

#[test]
fn a_key_that_came_and_a_row_that_went_leave_the_others_to_be_compared() {
    let folder = project(sound());
    folder.edit("ropeway.toml", "key = [\"id\"]\n", "");
    let keyless = folder.read("ropeway.toml");
    run(&folder);
    folder.write("ropeway.toml", PROJECT);
    let keyed = run(&folder)["since_last"]["moved"].clone();
    assert_ne!(keyed["verdict"], "not_comparable", "{keyed}");
    assert!(keyed["pairing"].as_str().unwrap().starts_with("paired by what they hold, since their keys"), "{keyed}");
    assert!(keyed["examples"].as_u64().unwrap() > 40, "{keyed}");
    // One row less, of a table with a key and of one without.
    let one_less: String =
        sound().lines().filter(|line| !line.starts_with("7,")).map(|line| format!("{line}\n")).collect();
    folder.write("data/people.csv", one_less);
    let less = run(&folder)["since_last"]["moved"].clone();
    assert!(less["pairing"].as_str().unwrap().starts_with("paired by key; left out are "), "{less}");
    folder.write("ropeway.toml", keyless);
    run(&folder);
    let less = compare(&folder, "r1", "r4")["moved"].clone();
    assert!(less["pairing"].as_str().unwrap().contains("left out are "), "{less}");
    assert!(less["examples"].as_u64().unwrap() > 40, "{less}");
    let page = folder.run(&["compare", "r1", "r4"]).expect(0).stdout;
    assert!(page.contains("paired by key; left out are "), "{page}");
}

#[test]
fn runs_that_came_to_no_end_or_do_not_exist_are_refused() {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "that = \"amount >= 0\"", "that = \"amount >= 30\"");
    folder.run(&["run", "--quiet"]).expect(3);
    folder.write("ropeway.toml", shop::PROJECT);
    assert_eq!(run(&folder)["since_last"], Value::Null, "a run without a figure is no last run");
    folder.fails(&["compare", "r1", "r2"], 1, &["unfinished-run", "r1"]);
    folder.fails(&["compare", "r2", "r9"], 1, &["unknown-run", "`r9`"]);
    folder.fails(&["compare", "r2", "newest"], 1, &["run-id"]);
}

#[test]
fn a_run_is_compared_with_the_last_one_of_its_kind() {
    let folder = shop::folder();
    run(&folder);
    let sample = folder.run(&["run", "--sample", "80%", "--json"]).expect(0).json()["since_last"].clone();
    assert_eq!((&sample["before"], &sample["moved"]["verdict"]), (&json!("r1"), &json!("not_comparable")));
    assert!(sample["moved"]["why_not"].as_str().unwrap().contains("other examples"), "{sample}");
    let whole = run(&folder)["since_last"].clone();
    assert_eq!((&whole["before"], &whole["moved"]["verdict"]), (&json!("r1"), &json!("same")));
    let sample = folder.run(&["run", "--sample", "80%", "--json"]).expect(0).json()["since_last"].clone();
    assert_eq!((&sample["before"], &sample["moved"]["verdict"]), (&json!("r2"), &json!("same")));
}

#[test]
fn a_last_run_that_cannot_be_read_ends_no_run() {
    let folder = shop::folder();
    run(&folder);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let digest: String = runtime.block_on(async {
        let store = Store::open(&folder.path().join(".ropeway")).await.unwrap();
        let digest = sqlx::query_scalar("SELECT report FROM run").fetch_one(store.pool()).await.unwrap();
        store.close().await;
        digest
    });
    std::fs::remove_file(folder.path().join(format!(".ropeway/blobs/{}/{digest}.zst", &digest[..2]))).unwrap();
    let ended = folder.run(&["run", "--json"]).expect(0).says("what changed since the last run cannot be told");
    assert_eq!((&ended.json()["status"], &ended.json()["since_last"]), (&json!("done"), &Value::Null));
}
