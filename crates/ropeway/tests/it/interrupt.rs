//! Ctrl-C: the run stops cleanly and says so in the record, and the next one ends as if nothing had happened.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::{Value, json};

use crate::ropeway::{Folder, signal};
use crate::served::Server;
use crate::shop::{PROJECT, folder, trained};

/// The shop with a search that takes a while.
pub fn slow() -> Folder {
    let shop = folder();
    let learn = "learners = [\"boosted\"]\n\n[learn.boosted]\nrounds = 800\n";
    let toml = PROJECT.replace("learners = [\"linear\"]\n", learn).replace("trials = 1", "trials = 30");
    shop.write("ropeway.toml", &toml);
    shop
}

/// Starts a run of [`slow`], and waits until it says that the baseline is done: the search comes next. What it says from then on
/// is still to be read.
#[track_caller]
pub fn searching(shop: &Folder, arguments: &[&str]) -> (Child, BufReader<ChildStderr>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ropeway"))
        .arg("run")
        .args(arguments)
        .current_dir(shop.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("  evaluate:baseline") {
        line.clear();
        assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "the run ended before its search");
    }
    (child, stderr)
}

/// Starts a run, sends it SIGINT when it says that the baseline is done (the search comes next), and gives its exit code,
/// what it said from then on, and the object that it printed.
fn interrupted(shop: &Folder) -> (Option<i32>, String, Value) {
    let (mut child, mut stderr) = searching(shop, &["--json"]);
    signal("INT", child.id());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    let mut told = String::new();
    child.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    (child.wait().unwrap().code(), rest, serde_json::from_str(told.lines().last().unwrap_or_default()).unwrap())
}

#[test]
fn an_interrupted_run_is_recorded_as_cancelled_and_the_next_one_ends_with_the_same_model() {
    let shop = slow();
    let (code, said, told) = interrupted(&shop);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!((&told["status"], &told["problem"]["code"]), (&json!("cancelled"), &json!("cancelled")), "{told}");
    assert!(said.contains("stopping at the next safe point") && said.contains("stopped[cancelled]"), "{said}");
    let runs = shop.run(&["runs", "--json"]).expect(0).json();
    assert_eq!(runs["runs"][0]["status"], told["status"]);
    let shown = shop.run(&["show", "--json"]).expect(0).json();
    // The signal came within the search, or at the door of it.
    for step in shown["steps"].as_array().unwrap() {
        let state = step["state"].as_str().unwrap();
        let expected = if step["name"] == "learn:boosted" { "cancelled" } else { "executed" };
        assert_eq!(state, expected, "{shown}");
    }

    let resumed = shop.run(&["run", "--json"]).expect(0).json();
    let states = resumed["steps"].as_array().unwrap();
    assert!(states.iter().all(|step| step["state"] == "executed" || step["state"] == "cached"), "{resumed}");
    let undisturbed = slow().run(&["run", "--json"]).expect(0).json();
    let digest = |report: &Value| report["model"]["digest"].clone();
    assert_eq!(digest(&resumed), digest(&undisturbed));
}

#[test]
fn a_server_that_was_started_not_to_hang_up_does_not() {
    let shop = trained();
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" serve --port 0", env!("CARGO_BIN_EXE_ropeway")]);
    let server = Server::launch(shop.path(), &mut command);
    signal("HUP", server.id());
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.interrupted(), Some(0));
}

#[test]
fn what_keeps_nothing_is_stopped_at_once() {
    let shop = trained();
    let product = "SELECT count(*) AS n FROM orders a CROSS JOIN orders b CROSS JOIN orders c CROSS JOIN orders d \
                   WHERE a.amount * b.amount > c.amount + d.amount";
    let mut child = Command::new(env!("CARGO_BIN_EXE_ropeway"))
        .args(["query", product])
        .current_dir(shop.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Once it listens for the signal.
    let listens = |id: u32| {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let caught = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigCgt:")?.trim(), 16).ok());
        caught.is_some_and(|mask| mask >> 1 & 1 == 1)
    };
    while !listens(child.id()) {
        assert!(child.try_wait().unwrap().is_none(), "the query ended by itself");
        std::thread::yield_now();
    }
    signal("INT", child.id());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{said}");
    assert!(said.contains("stopped[cancelled]"), "{said}");
}
