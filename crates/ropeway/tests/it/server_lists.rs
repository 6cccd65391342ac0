//! Columns of lists: a request may bring them as JSON has lists, and they are what a file spells.

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::served::Server;

/// A model of rows whose `tags` are lists that `spell` writes, in a file of this name.
fn trained(name: &str, row: impl Fn(usize, &[&str], bool) -> String) -> Folder {
    let folder = Folder::new();
    let tags = [&["x", "y"][..], &["y", "z"], &["z"], &["x", "z"], &["y"]];
    let head = if name.ends_with(".csv") { "id,tags,city,left\n" } else { "" };
    let rows = (0..200).map(|at| row(at, tags[at * 7_919 % 5], at * 7_919 % 5 % 2 == 0));
    folder.write(name, head.to_owned() + &rows.collect::<String>());
    folder.run(&["init", name, "--label", "left", "--name", "lists"]).expect(0);
    folder.edit("ropeway.toml", "trials = 20", "trials = 2");
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

fn ask(server: &Server, tags: &Value) -> Value {
    server.post("/v1/models/lists/predict", &json!({"examples": [{"tags": tags, "city": "Bern"}]})).json()
}

#[test]
fn a_json_list_is_read_as_the_file_spells_its_lists() {
    let city = |at: usize| ["Bern", "Wien"][at % 2];
    let folder = trained("data.csv", |at, tags, left| format!("{at},{},{},{left}\n", tags.join(";"), city(at)));
    let server = Server::start(folder.path(), &[]);
    for list in [&["x", "y"][..], &["z"]] {
        let (as_list, as_text) = (ask(&server, &json!(list)), ask(&server, &json!(list.join(";"))));
        assert_eq!(as_list, as_text);
        assert!(as_list["predictions"][0]["probability"].is_number(), "{as_list}");
    }
    assert_ne!(ask(&server, &json!(["z"])), ask(&server, &json!(["y"])), "the control");
    // What would be no list of the file, and a list where there are none.
    for (tags, city) in
        [(json!(["x;y"]), json!("Bern")), (json!([["x"]]), json!("Bern")), (json!("x"), json!(["Bern"]))]
    {
        let asked = json!({"examples": [{"tags": tags, "city": city}]});
        server.post("/v1/models/lists/predict", &asked).problem(422, "bad-row", &["is a list or an object"]);
    }
}

#[test]
fn lists_of_json_lines_are_asked_for_as_they_stand_there() {
    let row = |at: usize, tags: &[&str], left: bool| {
        let city = ["Bern", "Wien"][at % 2];
        format!("{}\n", json!({"id": at, "tags": tags, "city": city, "left": left}))
    };
    let folder = trained("data.jsonl", row);
    let server = Server::start(folder.path(), &[]);
    folder.write("new.jsonl", "{\"tags\": [\"x\", \"y\"], \"city\": \"Bern\"}\n");
    folder.run(&["predict", "lists", "--in", "new.jsonl", "--out", "out.jsonl"]).expect(0);
    let scored: Value = serde_json::from_str(folder.read("out.jsonl").trim()).unwrap();
    let answer = ask(&server, &json!(["x", "y"]));
    assert_eq!(answer["predictions"][0]["probability"], scored["probability"], "{answer}");
    assert!(answer["predictions"][0]["probability"].is_number(), "{answer}");
}
