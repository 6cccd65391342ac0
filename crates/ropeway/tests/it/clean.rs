//! `ropeway clean`: it frees what nothing refers to, and nothing else, whatever happens meanwhile.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::accept::steps;
use crate::interrupt::{searching, slow};
use crate::ropeway::{Folder, signal};
use crate::shop;

/// The files below a folder with their bytes.
fn files(folder: &Path, found: &mut BTreeMap<PathBuf, u64>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if let Ok(metadata) = entry.metadata() {
            found.insert(path, metadata.len());
        }
    }
}

/// What lies in the store, without the database.
fn stored(folder: &Folder) -> BTreeMap<PathBuf, u64> {
    let mut found = BTreeMap::new();
    for part in ["blobs", "cache", "models"] {
        files(&folder.path().join(".ropeway").join(part), &mut found);
    }
    found
}

fn bytes(folder: &Folder) -> u64 {
    stored(folder).values().sum()
}

#[track_caller]
fn json(folder: &Folder, command: &[&str]) -> Value {
    folder.run(&[command, &["--json"]].concat()).expect(0).json()
}

/// Everything that is on record of the first run and its model.
fn record(folder: &Folder) -> Vec<Value> {
    let of_profile = json(folder, &["show", "r1", "--profile", "orders_clean"]);
    vec![json(folder, &["runs"]), json(folder, &["models"]), json(folder, &["show", "r1"]), of_profile]
}

/// A shop that was run with a window of 30 days, and then with one of 20.
fn changed() -> Folder {
    let folder = shop::trained();
    folder.edit("ropeway.toml", "over = \"30 days\"", "over = \"20 days\"");
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

#[test]
fn results_of_older_runs_are_freed_and_all_records_stay() {
    let folder = changed();
    let (before, on_record) = (bytes(&folder), record(&folder));
    assert_eq!(json(&folder, &["clean", "--runs", "2"])["groups"], json!([]), "nothing is left over after two runs");

    let told = json(&folder, &["clean", "--runs", "1"]);
    assert_eq!((&told["freed"], &told["kept_runs"]), (&json!(false), &json!(["r2"])));
    assert_eq!(bytes(&folder), before, "nothing goes before --yes");
    let page = folder.run(&["clean", "--runs", "1"]).expect(0).says("--yes");
    assert!(page.stdout.contains("can be freed; what the steps of r2 made stays"), "{}", page.stdout);
    let freed = json(&folder, &["clean", "--runs", "1", "--yes"]);
    assert_eq!((&freed["freed"], &freed["bytes"]), (&json!(true), &told["bytes"]));
    assert!(told["bytes"].as_u64().unwrap() > 0);
    assert_eq!(before - bytes(&folder), told["bytes"], "as much as it said");
    assert_eq!(json(&folder, &["clean", "--runs", "1"])["bytes"], 0);

    // Nothing that is referred to is lost: the record, both versions, and what the newest run made.
    assert_eq!(record(&folder), on_record);
    folder.write("new.csv", "id,placed,amount,country,at\n900,2024-05-01T00:00:00Z,5,DE,2024-05-01T00:00:00Z\n");
    for model in ["shop@1", "shop@2"] {
        folder.run(&["predict", model, "--in", "new.csv", "--out", "scored.csv"]).expect(0);
    }
    let again = json(&folder, &["run"]);
    assert_eq!(steps(&again, "executed"), Vec::<String>::new());
    // The control: what only the first run stood on is made anew, and comes to the same model.
    folder.edit("ropeway.toml", "over = \"20 days\"", "over = \"30 days\"");
    let back = json(&folder, &["run"]);
    assert!(steps(&back, "executed").contains(&"window:returned_30d".to_owned()), "{back}");
    assert_eq!(back["model"]["version"], 1);
}

#[test]
fn what_stands_behind_an_alias_stays() {
    let folder = shop::folder();
    let gates = "[[gate]]\nthat = \"validation.roc_auc.value >= 0.0\"\n";
    folder.write("ropeway.toml", format!("{}\n{gates}", folder.read("ropeway.toml")));
    assert_eq!(json(&folder, &["run"])["model"]["champion"], true);
    // A newer run that does not become champion.
    folder.edit("ropeway.toml", "over = \"30 days\"", "over = \"20 days\"");
    folder.edit("ropeway.toml", ">= 0.0", ">= 1.1");
    folder.run(&["run", "--quiet"]).expect(3);
    assert_eq!(json(&folder, &["clean", "--runs", "1", "--yes"])["kept_runs"], json!(["r2", "r1"]));
    folder.edit("ropeway.toml", "over = \"20 days\"", "over = \"30 days\"");
    folder.edit("ropeway.toml", ">= 1.1", ">= 0.0");
    assert_eq!(steps(&json(&folder, &["run"]), "executed"), Vec::<String>::new());
}

/// Leaves behind what killed processes leave: blobs that no record names, halves of files.
fn leftovers(folder: &Folder, blobs: usize) -> u64 {
    let mut left = 0;
    let mut leave = |name: &str, bytes: &[u8]| {
        folder.write(name, bytes);
        left += bytes.len() as u64;
    };
    for number in 0..blobs {
        let bytes = format!("nothing refers to blob {number}");
        let digest = ropeway_vocab::Digest::of(bytes.as_bytes()).to_string();
        let part = if number.is_multiple_of(2) { "blobs" } else { "cache" };
        leave(&format!(".ropeway/{part}/{}/{digest}", &digest[..2]), bytes.as_bytes());
    }
    leave(".ropeway/blobs/tmp/4294967295-3", b"half a blob");
    leave(".ropeway/models/shop/1/shop.part", b"half a package");
    left
}

#[test]
fn leftovers_of_killed_processes_are_freed_and_other_files_are_not_touched() {
    let folder = shop::trained();
    // What `table` made of a table that is no more is nobody's either.
    folder.write("tables/one.sql", "SELECT id FROM orders WHERE id < 9\n");
    folder.edit(
        "ropeway.toml",
        "[table.visits_daily]",
        "[table.one]\nsql = \"tables/one.sql\"\n\n[table.visits_daily]",
    );
    folder.run(&["table", "one", "--quiet"]).expect(0);
    folder.write("ropeway.toml", shop::PROJECT);
    let of_table = json(&folder, &["clean"])["bytes"].as_u64().unwrap();
    assert!(of_table > 0);

    let left = leftovers(&folder, 6);
    let own = [".ropeway/blobs/ab/notes.txt", ".ropeway/cache/readme", ".ropeway/models/shop/notes.md"];
    for name in own {
        folder.write(name, "a person's own");
    }
    assert_eq!(json(&folder, &["clean", "--yes"])["bytes"], of_table + left);
    for name in own {
        assert_eq!(folder.read(name), "a person's own");
    }
    assert_eq!(steps(&json(&folder, &["run"]), "executed"), Vec::<String>::new());
}

#[test]
fn a_run_that_is_going_on_is_left_alone() {
    let folder = slow();
    let (mut run, mut stderr) = searching(&folder, &[]);
    // Held still, so that it cannot end before it was asked.
    signal("STOP", run.id());
    let before = stored(&folder);
    for command in [&["clean"][..], &["clean", "--runs", "0", "--yes"]] {
        folder.fails(command, 1, &["project-busy", &format!("process {}", run.id())]);
    }
    assert_eq!(stored(&folder), before);
    signal("CONT", run.id());
    signal("INT", run.id());
    std::io::copy(&mut stderr, &mut std::io::sink()).unwrap();
    run.wait().unwrap();
    folder.run(&["clean", "--yes"]).expect(0);
}

#[test]
fn a_cleaning_that_is_killed_loses_nothing_and_the_next_one_ends_it() {
    let folder = changed();
    let on_record = record(&folder);
    leftovers(&folder, 4_000);
    let all = stored(&folder).len();
    let mut clean = Command::new(env!("CARGO_BIN_EXE_ropeway"))
        .args(["clean", "--runs", "1", "--yes", "--quiet"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // Killed as soon as a file is gone, or at its end where that was quicker.
    while stored(&folder).len() == all && clean.try_wait().unwrap().is_none() {}
    clean.kill().unwrap();
    clean.wait().unwrap();
    assert_eq!(record(&folder), on_record);
    assert_eq!(steps(&json(&folder, &["run"]), "executed"), Vec::<String>::new());
    folder.run(&["clean", "--runs", "1", "--yes"]).expect(0);
    let left: Vec<PathBuf> = stored(&folder).into_keys().filter(|path| path.extension().is_none()).collect();
    let nothing = |path: &PathBuf| std::fs::read(path).unwrap().starts_with(b"nothing refers");
    assert!(!left.iter().any(nothing), "{left:?}");
}

#[test]
fn trials_of_a_search_that_was_cut_off_stay() {
    let folder = slow();
    folder.edit("ropeway.toml", "rounds = 800", "rounds = 4000");
    let (mut run, _stderr) = searching(&folder, &["--threads", "1"]);
    // Three trials more, whole: what is half written is on its way.
    let whole = || stored(&folder).into_keys().filter(|path| !path.to_string_lossy().contains("cache/tmp/"));
    let before = whole().count();
    while whole().count() < before + 3 && run.try_wait().unwrap().is_none() {}
    run.kill().unwrap();
    run.wait().unwrap();
    let cached: Vec<PathBuf> = whole().collect();
    assert!(cached.len() >= before + 3, "{} files, then {}", before, cached.len());
    folder.run(&["clean", "--yes"]).expect(0);
    // All that the next run goes on from; of the trial that was cut off there may be scores that no record names.
    let gone: Vec<&PathBuf> = cached.iter().filter(|path| !path.exists()).collect();
    assert!(gone.len() <= 1, "{gone:?}");
}

#[test]
fn where_nothing_was_run_there_is_nothing_to_free() {
    let folder = shop::folder();
    let page = folder.run(&["clean", "--yes"]).expect(0).stdout;
    assert!(page.contains("nothing to free"), "{page}");
    assert!(!folder.path().join(".ropeway").exists());
}
