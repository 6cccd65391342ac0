//! `ropeway predict`: what is written beside what was read, packages away from their project, and what is said of a
//! version that is no champion.

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::{people, shop};

/// The people with a boolean among the request's columns, and with a model.
pub fn people() -> Folder {
    let folder = people::project(people::sound());
    folder.edit("tables/people_clean.sql", "gone\n", "gone, age > 40 AS older\n");
    folder.edit("ropeway.toml", "\"joined\"]\n\n[derive]", "\"joined\", \"older\"]\n\n[derive]");
    folder.edit("ropeway.toml", "learners = [\"linear\", \"boosted\"]", "learners = [\"linear\"]");
    folder
}

/// Puts the package of a run into another folder.
fn package(report: &Value, from: &Folder, to: &Folder) {
    let path = from.path().join(report["model"]["package"].as_str().unwrap());
    to.write("model.ropeway", std::fs::read(path).unwrap());
}

fn lines(folder: &Folder, name: &str) -> Vec<Value> {
    folder.read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn from_csv_to_json_lines_numbers_and_booleans_of_the_request_become_such() {
    let folder = people();
    let report = folder.run(&["run", "--json"]).expect(0).json();
    folder.write("new.csv", "name,age,city,joined,older,zip\nAda,40,Bern,2024-01-02,true,007\n2,,Wien,,,\n");
    folder.run(&["predict", "people", "--in", "new.csv", "--out", "out.jsonl"]).expect(0);
    let mut scored = lines(&folder, "out.jsonl");
    let probability = scored[0]["probability"].clone();
    for line in &mut scored {
        let line = line.as_object_mut().unwrap();
        assert!(line.remove("probability").unwrap().is_number() && line.remove("decision").unwrap().is_boolean());
        assert_eq!(line.remove("not_scored"), Some(Value::Null));
    }
    let first = json!({"name": "Ada", "age": 40, "city": "Bern", "joined": "2024-01-02", "older": true, "zip": "007"});
    let second = json!({"name": "2", "age": null, "city": "Wien", "joined": null, "older": null, "zip": null});
    assert_eq!(scored, [first, second]);

    // The package alone gives the same, wherever it lies, and leaves nothing behind.
    let elsewhere = Folder::new();
    package(&report, &folder, &elsewhere);
    elsewhere.write("new.csv", folder.read("new.csv"));
    let ended = elsewhere.run(&["predict", "model.ropeway", "--in", "new.csv", "--out", "out.jsonl", "--json"]);
    assert_eq!(ended.expect(0).json()["digest"], report["model"]["digest"]);
    assert_eq!(lines(&elsewhere, "out.jsonl")[0]["probability"], probability);
    assert!(!elsewhere.path().join(".ropeway").exists());
    let named = ["-C", "nowhere", "predict", "model.ropeway", "--in", "new.csv", "--out", "x.csv"];
    elsewhere.fails(&named, 1, &["nowhere"]);

    let sound = r#"{"age": 1, "city": "Bern", "joined": "2024-01-02", "older": true}"#;
    for (text, line) in [(&sound[1..], 1), (&format!("\n\n{sound}}}\n"), 3)] {
        folder.write("bad.jsonl", text);
        let command = ["predict", "people", "--in", "bad.jsonl", "--out", "out.jsonl"];
        folder.fails(&command, 1, &[&format!("bad.jsonl:{line}"), "JSON object"]);
    }
}

#[test]
fn a_package_whose_features_need_tables_says_which_are_missing() {
    let folder = shop::folder();
    let report = folder.run(&["run", "--json"]).expect(0).json();
    let elsewhere = Folder::new();
    package(&report, &folder, &elsewhere);
    elsewhere.write("new.csv", "amount,country\n3,DE\n");
    let command = ["predict", "model.ropeway", "--in", "new.csv", "--out", "out.csv"];
    let says = ["countries, orders_clean, visits_daily", "sources countries, orders, visits", "-C DIR"];
    elsewhere.fails(&command, 1, &says);
    assert!(!elsewhere.path().join("out.csv").exists());
    let home = folder.path().display().to_string();
    elsewhere.run(&[&["-C", home.as_str()], command.as_slice()].concat()).expect(0);
}

#[test]
fn a_name_that_stands_for_no_champion_says_why() {
    let folder = people();
    let gate = "validation.average_precision.low > 0.9999";
    folder.write("ropeway.toml", format!("{}\n[[gate]]\nthat = \"{gate}\"\n", folder.read("ropeway.toml")));
    folder.run(&["run"]).expect(3);
    folder.write("new.csv", "age,city,joined,older\n40,Bern,2024-01-02,true\n");
    let predict =
        |model: &str| folder.run(&["predict", model, "--in", "new.csv", "--out", "out.csv", "--json"]).expect(0);
    let ended = predict("people").says("warning: `people` has no champion").says(gate);
    assert_eq!(ended.json()["warnings"].as_array().unwrap().len(), 1);
    let ended = predict("people@1");
    assert_eq!(ended.json()["warnings"], json!([]));
    assert!(!ended.stderr.contains("champion"), "{}", ended.stderr);
    let server = crate::served::Server::start(folder.path(), &[]);
    let models = server.get("/v1/models").json();
    assert!(models["models"][0]["warnings"][0].as_str().unwrap().contains(gate), "{models}");
}

#[test]
fn rows_without_a_time_are_scored_as_of_now_and_that_is_said() {
    let folder = shop::folder();
    folder.run(&["run", "--quiet"]).expect(0);
    let warnings = |text: &str| {
        folder.write("new.csv", text);
        let ended = folder.run(&["predict", "shop", "--in", "new.csv", "--out", "out.csv", "--json"]).expect(0);
        ended.json()["warnings"].clone()
    };
    let all = warnings("amount,country\n3,DE\n4,FR\n");
    assert!(all[0].as_str().unwrap().starts_with("no row has an `at`: they are scored as of now, 20"), "{all}");
    let one = warnings("amount,country,at\n3,DE,2024-04-01T00:00:00Z\n4,FR,\n");
    assert!(one[0].as_str().unwrap().starts_with("1 of 2 rows have no `at`"), "{one}");
    assert_eq!(warnings("amount,country,at\n3,DE,2024-04-01T00:00:00Z\n"), json!([]));
}

#[test]
fn a_file_is_not_written_over_itself() {
    let folder = people();
    folder.run(&["run", "--quiet"]).expect(0);
    let text = "age,city,joined,older\n40,Bern,2024-01-02,true\n";
    folder.write("new.csv", text);
    folder.fails(&["predict", "people", "--in", "new.csv", "--out", "./new.csv"], 1, &["new.csv", "to write"]);
    assert_eq!(folder.read("new.csv"), text);
}
