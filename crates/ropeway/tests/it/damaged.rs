//! Files of `.ropeway` that were damaged: what can be made again is made again, and what cannot is told.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::shop;

/// Every file below a folder, without those on their way there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else {
            found.push(entry);
        }
    }
    found.sort();
    found
}

/// Flips a bit in the middle of a file that has one.
fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes.iter_mut().skip(middle).take(1).for_each(|byte| *byte ^= 1);
    std::fs::write(path, bytes).unwrap();
}

fn states(report: &Value, state: &str) -> Vec<String> {
    let steps = report["steps"].as_array().unwrap().iter().filter(|step| step["state"] == state);
    steps.map(|step| step["name"].as_str().unwrap().to_string()).collect()
}

#[test]
fn a_damaged_cache_is_made_anew_and_said_to_be() {
    let shop = shop::trained();
    let cache = shop.path().join(".ropeway/cache");
    let digest = |report: &Value| report["model"]["digest"].clone();
    let before = shop.run(&["run", "--json"]).expect(0).json();
    assert!(states(&before, "executed").is_empty(), "{before}");
    let kept = files(&cache);
    assert!(kept.len() > 5, "{kept:?}");
    let damages: [fn(&Path); 3] = [
        flip,
        |path| std::fs::write(path, vec![0; std::fs::metadata(path).unwrap().len() as usize]).unwrap(),
        |path| std::fs::write(path, "").unwrap(),
    ];
    for damage in damages {
        kept.iter().for_each(|path| damage(path));
        let ended = shop.run(&["run", "--json"]).expect(0);
        let ended = ended.says("source:orders: what was kept of it in .ropeway/cache is damaged; it is made anew");
        let report = ended.json();
        assert_eq!(digest(&report), digest(&before));
        let executed = states(&report, "executed");
        for step in ["source:orders", "table:orders_clean", "examples", "window:returned_30d", "derive:large"] {
            assert!(executed.iter().any(|name| name == step), "{step} is not in {executed:?}");
        }
        assert!(!executed.iter().any(|name| name.starts_with("learn")), "records stay: {executed:?}");
    }
    let after = shop.run(&["run", "--json"]).expect(0).json();
    assert!(states(&after, "executed").is_empty(), "{after}");

    // One file alone, and another command.
    kept.iter().for_each(|path| flip(path));
    shop.run(&["query", "SELECT count(*) AS n FROM visits_daily"]).expect(0);
}

#[test]
fn a_damaged_record_is_told_with_its_file_and_what_to_do() {
    let shop = shop::trained();
    for path in files(&shop.path().join(".ropeway/blobs")) {
        flip(&path);
    }
    shop.fails(&["run"], 1, &["blob-damaged", ".ropeway/blobs/", "remove that file and `ropeway run` again"]);
}

#[test]
fn a_damaged_package_file_is_written_anew() {
    let shop = shop::trained();
    let before = shop.run(&["run", "--json"]).expect(0).json();
    let package = shop.path().join(before["model"]["package"].as_str().unwrap());
    let sound = std::fs::read(&package).unwrap();
    flip(&package);
    let ended = shop.run(&["run", "--json"]).expect(0).says("was not the package of version 1; it is written anew");
    assert_eq!(ended.json()["model"], before["model"]);
    assert!(std::fs::read(&package).unwrap() == sound);
}

#[test]
fn an_emptied_database_beside_its_records_is_no_new_start() {
    let shop = shop::trained();
    let database = shop.path().join(".ropeway/ropeway.db");
    let sound = std::fs::read(&database).unwrap();
    for name in ["ropeway.db-wal", "ropeway.db-shm"] {
        std::fs::remove_file(database.with_file_name(name)).ok();
    }
    let refused = |shop: &Folder, command: &[&str]| {
        let says = ["record-missing", ".ropeway/ropeway.db", "restore it from a backup", "remove .ropeway"];
        shop.fails(command, 1, &says);
    };
    for damage in [|path: &Path| std::fs::write(path, "").unwrap(), |path: &Path| std::fs::remove_file(path).unwrap()] {
        damage(&database);
        for command in [&["run"][..], &["models"], &["runs"], &["check", "--json"]] {
            if command[0] == "check" {
                assert_eq!(shop.run(command).expect(0).json()["project"], json!("shop"), "it needs no record");
            } else {
                refused(&shop, command);
            }
        }
    }
    std::fs::write(&database, sound).unwrap();
    assert_eq!(shop.run(&["run", "--json"]).expect(0).json()["run"], json!("r2"));
}
