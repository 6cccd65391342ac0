//! A project folder that this user may only read: what writes nothing works on the record that is there, everything else
//! says what may not be written and what to do, and leaves nothing half done.

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::full_disk::Small;
use crate::people::{project, sound};
use crate::ropeway::{Ended, Folder};
use crate::served::Server;
use crate::{interrupt, shop};

/// A user who owns nothing.
const NOBODY: u32 = 65_534;

/// Gives all below a folder to everybody to read, and takes or gives the right to write.
fn permit(folder: &Path, write: bool) {
    let mode = |path: &Path| {
        let of_folder = if path.is_dir() { 0o555 } else { 0o444 };
        of_folder | if write { 0o200 } else { 0 }
    };
    if folder.is_dir() {
        std::fs::set_permissions(folder, Permissions::from_mode(mode(folder) | 0o200)).unwrap();
        std::fs::read_dir(folder).unwrap().for_each(|entry| permit(&entry.unwrap().path(), write));
    }
    std::fs::set_permissions(folder, Permissions::from_mode(mode(folder))).unwrap();
}

/// Runs as a user whom permissions hold back: root runs as another one, from a copy that this one may read.
struct Reader {
    binary: PathBuf,
    is_root: bool,
    place: Folder,
}

impl Reader {
    fn new() -> Self {
        let place = Folder::new();
        let is_root = std::fs::metadata(place.path()).unwrap().uid() == 0;
        let mut binary = PathBuf::from(env!("CARGO_BIN_EXE_ropeway"));
        if is_root {
            let copy = place.path().join("ropeway");
            std::fs::copy(&binary, &copy).unwrap();
            std::fs::set_permissions(&copy, Permissions::from_mode(0o755)).unwrap();
            std::fs::set_permissions(place.path(), Permissions::from_mode(0o755)).unwrap();
            binary = copy;
        }
        Self { binary, is_root, place }
    }

    fn command(&self, folder: &Folder, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(folder.path()).env("NO_COLOR", "1");
        if self.is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    fn run(&self, folder: &Folder, arguments: &[&str]) -> Ended {
        let output = self.command(folder, arguments).output().unwrap();
        Ended {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A folder that this user may write.
    fn place(&self, name: &str) -> PathBuf {
        let place = self.place.path().join(name);
        std::fs::create_dir(&place).unwrap();
        std::fs::set_permissions(&place, Permissions::from_mode(0o777)).unwrap();
        place
    }

    #[track_caller]
    fn is_refused(&self, folder: &Folder, arguments: &[&str]) {
        let ended = self.run(folder, arguments).expect(1);
        for text in [".ropeway", "ermission denied", "remedy: give this user the right"] {
            assert!(ended.stderr.contains(text), "{arguments:?}: {}", ended.stderr);
        }
    }
}

/// Every file below a folder, with when it was written last.
fn files(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.insert(path.clone(), std::fs::metadata(&path).unwrap().modified().unwrap());
        }
    }
    all
}

#[test]
fn a_project_folder_that_may_only_be_read() {
    let folder = project(sound());
    let reader = Reader::new();
    permit(folder.path(), false);
    reader.run(&folder, &["check"]).expect(0);
    let commands: [&[&str]; 5] = [&["run"], &["runs"], &["models"], &["query", "SELECT 1"], &["serve", "--port", "0"]];
    commands.iter().for_each(|command| reader.is_refused(&folder, command));
    assert!(!folder.path().join(".ropeway").exists());
    permit(folder.path(), true);
}

/// What is asked of a record, and answers the same to everybody.
const QUESTIONS: [&[&str]; 6] = [
    &["runs", "--json"],
    &["models", "--json"],
    &["show", "--json"],
    &["explain", "shop", "--key", "7", "--json"],
    &["query", "SELECT id, amount, returned_30d FROM examples ORDER BY id LIMIT 40", "--json"],
    &["query", "SELECT count(*) AS visits FROM visits", "--json"],
];

#[test]
fn no_command_leaves_a_log_beside_the_record() {
    let shop = shop::trained();
    let logs =
        || files(&shop.path().join(".ropeway")).into_keys().filter(|path| path.ends_with("ropeway.db-wal")).count();
    assert_eq!(logs(), 0, "run");
    let others: [&[&str]; 5] = [
        &["show", "r99"],
        &["report", "--out", "page.html"],
        &["table", "orders", "--head", "2"],
        &["examples", "--head", "2"],
        &["clean"],
    ];
    for question in QUESTIONS.iter().chain(&others) {
        shop.run(question);
        assert_eq!(logs(), 0, "{question:?}");
    }
}

#[test]
fn the_record_of_another_user_is_read_and_not_changed() {
    let shop = shop::trained();
    let reader = Reader::new();
    shop.write("asked.jsonl", "{\"amount\": 20.5, \"country\": \"DE\", \"at\": \"2024-04-01T00:00:00Z\"}\n");
    shop.run(&["predict", "shop", "--in", "asked.jsonl", "--out", "told.jsonl"]).expect(0);
    let told: Value = serde_json::from_str(&shop.read("told.jsonl")).unwrap();
    let answers = QUESTIONS.map(|question| shop.run(question).expect(0).stdout);

    permit(shop.path(), false);
    let before = files(shop.path());
    for (question, answer) in QUESTIONS.iter().zip(&answers) {
        assert_eq!(&reader.run(&shop, question).expect(0).stdout, answer, "{question:?}");
    }
    let out = reader.place("out").join("told.jsonl");
    reader.run(&shop, &["predict", "shop", "--in", "asked.jsonl", "--out", out.to_str().unwrap()]).expect(0);
    assert_eq!(std::fs::read_to_string(out).unwrap(), shop.read("told.jsonl"));

    let server = Server::launch(shop.path(), &mut reader.command(&shop, &["serve", "--port", "0"]));
    let asked: Value = serde_json::from_str(&shop.read("asked.jsonl")).unwrap();
    let answer = server.post("/v1/models/shop/predict", &json!({ "examples": [asked] })).json();
    assert_eq!(answer["predictions"][0]["probability"], told["probability"]);
    let rows = server.post("/v1/tables/orders/rows", &json!({ "rows": [shop::order(shop::ORDERS)] }));
    rows.problem(422, "read-only", &["`orders`", "ermission denied"]);
    reader.is_refused(&shop, &["run"]);
    assert_eq!(files(shop.path()), before);

    // Whoever may write is not kept from it, the server of the other one is up.
    permit(shop.path(), true);
    let again = shop.run(&["run", "--json", "--quiet"]).expect(0).json();
    assert!(again["steps"].as_array().unwrap().iter().all(|step| step["state"] == "cached"), "{again}");
}

#[test]
fn a_record_on_a_read_only_file_system_answers_and_makes_what_it_lacks_in_memory() {
    let folder = project(sound());
    let Some(small) = Small::mount(&folder) else {
        println!("skipped: mounting a small file system needs root");
        return;
    };
    folder.run(&["run", "--quiet"]).expect(0);
    small.make_read_only();
    let count = "SELECT count(*) AS n FROM people_clean";
    for question in [&["runs"][..], &["models"], &["show"], &["query", count]] {
        folder.run(question).expect(0);
    }
    folder.run(&["predict", "people", "--in", "data/people.csv", "--out", "told.csv"]).expect(0);
    folder.fails(&["run"], 1, &["ead-only file system", ".ropeway"]);
    folder.edit("tables/people_clean.sql", "FROM people", "FROM people WHERE id < 17");
    assert!(folder.run(&["query", count]).expect(0).stdout.contains("17"), "no step of a run made that");
}

#[test]
fn a_record_is_read_while_a_run_of_another_user_writes_it_and_after_one_was_killed() {
    let shop = interrupt::slow();
    let reader = Reader::new();
    if !reader.is_root {
        println!("skipped: only root may write what another user may not");
        return;
    }
    let mut run = Command::new(env!("CARGO_BIN_EXE_ropeway"))
        .arg("run")
        .current_dir(shop.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(run.stderr.take().unwrap()).lines();
    lines.find(|line| line.as_ref().unwrap().contains("  evaluate:baseline")).unwrap().unwrap();
    permit(shop.path(), false);
    let status = || reader.run(&shop, &["runs", "--json"]).expect(0).json()["runs"][0]["status"].clone();
    let steps = || reader.run(&shop, &["show", "--json"]).expect(0).json()["steps"].as_array().unwrap().len();
    assert_eq!(status(), "running");
    assert!(steps() > 5);

    // What the run had committed when it was killed lies in the log beside the database.
    run.kill().unwrap();
    run.wait().unwrap();
    let left = shop.path().join(".ropeway/ropeway.db-wal");
    assert!(std::fs::metadata(&left).unwrap().len() > 0);
    assert_eq!(status(), "running");
    assert!(steps() > 5);
    reader.run(&shop, &["query", "SELECT count(*) AS n FROM orders"]).expect(0);

    // One that was killed while it closed the record leaves the log without its index, which SQLite removes first.
    std::fs::remove_file(shop.path().join(".ropeway/ropeway.db-shm")).unwrap();
    assert_eq!(status(), "running");
    assert!(steps() > 5);
    permit(shop.path(), true);
    shop.run(&["runs"]).expect(0);
}
