//! What an earlier version wrote must always load: a project with its database, blobs, package and log of posted rows as
//! format 1 wrote them. Every new format adds a sample beside it; none is ever changed.
//!
//! Where a format has changed, raise `NEWEST` and run the test: it writes the missing sample, and fails until that is there.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::served::Server;
use crate::shop;

/// The number of the newest sample.
const NEWEST: u32 = 1;

fn sample(number: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/samples/project-{number}.tar.gz"))
}

fn tar(arguments: &[&str], folder: &Folder) {
    assert!(Command::new("tar").args(arguments).current_dir(folder.path()).status().unwrap().success());
}

/// Examples whose windows reach into the posted rows.
fn examples() -> String {
    let example = |id: u32| json!({"id": id, "amount": id % 90, "country": "DE", "at": "2024-05-09T00:00:00Z"});
    (0..40).map(|id| format!("{}\n", example(id))).collect()
}

fn write_sample(file: &Path) {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "[\"linear\"]", "[\"linear\", \"boosted\"]");
    folder.run(&["run", "--final", "--quiet"]).expect(0);
    folder.edit("ropeway.toml", "[\"linear\", \"boosted\"]", "[\"boosted\"]");
    folder.run(&["run", "--final", "--quiet"]).expect(0);
    let server = Server::start(folder.path(), &[]);
    let rows: Vec<Value> = (480..500).map(|id| Value::Object(shop::order(id))).collect();
    server.post("/v1/tables/orders/rows", &json!({"rows": rows, "backfill": true})).json();
    server.kill();
    folder.write("examples.jsonl", examples());
    for version in ["1", "2"] {
        let (model, out) = (format!("shop@{version}"), format!("scored{version}.jsonl"));
        folder.run(&["predict", &model, "--in", "examples.jsonl", "--out", &out]).expect(0);
    }
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let leave_out = ["--exclude=.ropeway/cache", "--exclude=.ropeway/lock"];
    tar(&[&["-czf", file.to_str().unwrap()], &leave_out[..], &["."]].concat(), &folder);
}

#[test]
fn projects_of_every_format_so_far_load_and_give_their_scores() {
    if !sample(NEWEST).exists() {
        write_sample(&sample(NEWEST));
        panic!("{} is written: look at it, commit it, and run again", sample(NEWEST).display());
    }
    for number in 1..=NEWEST {
        let folder = Folder::new();
        tar(&["-xzf", sample(number).to_str().unwrap()], &folder);
        for version in ["1", "2"] {
            let model = format!("shop@{version}");
            folder.run(&["predict", &model, "--in", "examples.jsonl", "--out", "again.jsonl"]).expect(0);
            // The first formats are older than the column that says why a row is not scored.
            let scored = |file: &str| folder.read(file).replace(",\"not_scored\":null", "");
            assert_eq!(scored("again.jsonl"), scored(&format!("scored{version}.jsonl")), "format {number}");
            let shown = folder.run(&["show", &format!("r{version}"), "--json"]).expect(0).json();
            assert_eq!(shown["status"], "done", "format {number}");
        }
        let runs = folder.run(&["runs", "--json"]).expect(0).json();
        assert_eq!(runs["runs"].as_array().map(Vec::len), Some(2), "format {number}: {runs}");
        // Posted rows are part of the next run, and looks go on being counted.
        let report = folder.run(&["run", "--final", "--json"]).expect(0).json();
        assert_eq!(report["sources"]["orders"]["arrived"], 20, "format {number}");
        assert!(report["final"]["looks"].as_u64() >= Some(2), "format {number}: {}", report["final"]);
    }
}
