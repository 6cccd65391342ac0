//! Demonstration 3, Kill and cache: runs killed at random moments go on where they were and end with one model, which
//! threads do not change either; what has not changed is not executed again; a damaged package is refused. Controls:
//! another seed is another model, a kept step or trial that was made again would be noticed, and the sound package opens.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ropeway_package::Package;
use ropeway_stat::Rng;
use ropeway_store::{Store, sqlx};
use ropeway_vocab::Kind;
use serde_json::Value;

use super::{RUN, digest, flights, run, steps};
use crate::ropeway::Folder;

const KILLS: u32 = 10;

/// Starts a run and kills it with SIGKILL after a while; says whether it was still running then.
fn killed(folder: &Folder, after: Duration) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ropeway"))
        .args(RUN)
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap().signal() == Some(9)
}

/// What is finished by the record: steps by name, and trials with the seconds that they took.
#[derive(Default)]
struct Finished {
    steps: BTreeSet<String>,
    trials: BTreeMap<String, f64>,
}

/// Reads what the record says is finished.
fn finished(folder: &Folder) -> Finished {
    let mut finished = Finished::default();
    if !folder.path().join(".ropeway/ropeway.db").exists() {
        return finished;
    }
    for line in folder.run(&["runs", "--limit", "1000", "--json"]).expect(0).json()["runs"].as_array().unwrap() {
        let shown = folder.run(&["show", line["run"].as_str().unwrap(), "--json"]).expect(0).json();
        assert_ne!(line["status"], "failed", "{shown}");
        finished.steps.extend(steps(&shown, "executed"));
    }
    finished.trials = trials(folder);
    finished
}

/// The trials of the record, each with the seconds that it took: one that is trained again takes others.
fn trials(folder: &Folder) -> BTreeMap<String, f64> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&folder.path().join(".ropeway")).await.unwrap();
        let sql = "SELECT step || ' ' || learner || ' ' || candidate || ' ' || fold, wall_s FROM trial";
        // A run that was killed early has no such table yet.
        let rows: Vec<(String, f64)> = sqlx::query_as(sql).fetch_all(store.pool()).await.unwrap_or_default();
        store.close().await;
        rows.into_iter().collect()
    })
}

/// Kills ten runs, each going on from the last, and more where the machine is so busy that none of them came to a
/// trial; then lets one end. One that ends before its kill starts anew.
fn after_ten_kills(folder: &Folder, whole: Duration, expected: &str) {
    let mut rng = Rng::new(7);
    let (mut kills, mut seen, mut resumed_trials) = (0, Finished::default(), 0);
    while kills < KILLS || (resumed_trials == 0 && kills < 4 * KILLS) {
        let patience = f64::from(1 + kills / KILLS);
        if killed(folder, whole.mul_f64(patience * (0.02 + 0.38 * rng.unit()))) {
            kills += 1;
            let now = finished(folder);
            assert!(now.steps.is_superset(&seen.steps), "a finished step is not in the record after kill {kills}");
            for (trial, seconds) in &seen.trials {
                assert_eq!(now.trials.get(trial), Some(seconds), "{trial} was trained again after kill {kills}");
            }
            resumed_trials += usize::from(!now.trials.is_empty());
            seen = now;
        } else {
            assert_eq!(digest(&run(folder)), expected);
            std::fs::remove_dir_all(folder.path().join(".ropeway")).unwrap();
            seen = Finished::default();
        }
    }
    let end = run(folder);
    assert_eq!(digest(&end), expected, "after {kills} kills");
    let again: BTreeSet<String> = steps(&end, "executed").into_iter().collect();
    assert!(again.is_disjoint(&seen.steps), "{again:?} were executed again");
    assert_eq!(end["status"], "done");
    let of_kept = trials(folder);
    assert!(seen.trials.iter().all(|(trial, seconds)| of_kept.get(trial) == Some(seconds)));
    assert!(resumed_trials > 0, "no kill came after a trial");
}

#[test]
fn ten_kills_at_random_moments_end_with_the_model_of_an_undisturbed_run() {
    let folder = flights();
    let begun = Instant::now();
    let expected = digest(&run(&folder));
    let whole = begun.elapsed();
    std::fs::remove_dir_all(folder.path().join(".ropeway")).unwrap();
    after_ten_kills(&folder, whole, &expected);
}

#[test]
fn one_thread_and_two_end_with_one_model() {
    let folder = flights();
    let [one, two] = ["1", "2"].map(|threads| {
        let report = folder.run(&[&RUN[..], &["--threads", threads]].concat()).expect(0).json();
        assert_eq!(steps(&report, "cached"), Vec::<String>::new());
        std::fs::remove_dir_all(folder.path().join(".ropeway")).unwrap();
        report
    });
    assert_eq!(digest(&one), digest(&two));
    for part in ["leaderboard", "importance", "examples", "decision"] {
        assert_eq!(one[part], two[part], "{part}");
    }

    // Control: digests tell models apart.
    folder.edit("ropeway.toml", "seed = 7", "seed = 8");
    assert_ne!(digest(&run(&folder)), digest(&one));
}

/// The steps that a changed `origin_late_6h` stands under.
const ABOVE_THE_WINDOW: [&str; 8] = [
    "window:origin_late_6h",
    "learn:linear",
    "evaluate:linear",
    "learn:boosted",
    "evaluate:boosted",
    "model",
    "importance",
    "package",
];

#[test]
fn only_what_changed_is_executed() {
    let folder = flights();
    let first = run(&folder);
    assert!(steps(&first, "cached").is_empty());
    let all = steps(&first, "executed");

    let unchanged = run(&folder);
    assert_eq!((steps(&unchanged, "cached"), steps(&unchanged, "executed")), (all.clone(), vec![]));
    assert_eq!((digest(&unchanged), &unchanged["leaderboard"]), (digest(&first), &first["leaderboard"]));

    folder.edit("tables/flights_clean.sql", "SELECT\n  *,", "-- Another comment.\nSELECT /* all of it */\n    *,");
    let comment = run(&folder);
    assert_eq!((steps(&comment, "cached"), steps(&comment, "executed")), (all.clone(), vec![]));
    assert_eq!(digest(&comment), digest(&first));

    folder.edit("ropeway.toml", "over = \"6 hours\"", "over = \"5 hours\"");
    let window = run(&folder);
    assert_eq!(steps(&window, "executed"), ABOVE_THE_WINDOW);
    let below: Vec<String> = all.iter().filter(|name| !ABOVE_THE_WINDOW.contains(&name.as_str())).cloned().collect();
    assert_eq!(steps(&window, "cached"), below);
    assert_ne!(digest(&window), digest(&first));

    // Back again, all is there; and without the cache, no record is lost and the model is the same.
    folder.edit("ropeway.toml", "over = \"5 hours\"", "over = \"6 hours\"");
    assert_eq!(steps(&run(&folder), "executed"), Vec::<String>::new());
    let (runs, models) = (records(&folder, "runs"), records(&folder, "models"));
    std::fs::remove_dir_all(folder.path().join(".ropeway/cache")).unwrap();
    assert_eq!((records(&folder, "runs"), records(&folder, "models")), (runs, models));
    let rebuilt = run(&folder);
    assert_eq!((digest(&rebuilt), &rebuilt["leaderboard"]), (digest(&first), &first["leaderboard"]));
    assert_eq!(steps(&rebuilt, "failed"), Vec::<String>::new());
}

fn records(folder: &Folder, command: &str) -> Value {
    folder.run(&[command, "--json"]).expect(0).json()
}

/// Opens the bytes as `ropeway predict FILE` does.
fn predict(folder: &Folder, bytes: &[u8]) -> crate::ropeway::Ended {
    std::fs::write(folder.path().join("damaged.ropeway"), bytes).unwrap();
    folder.run(&["predict", "damaged.ropeway", "--in", "asked.jsonl", "--out", "told.jsonl", "--quiet"])
}

#[test]
fn a_damaged_package_is_refused() {
    let folder = flights();
    folder.edit("ropeway.toml", "trials = 4", "trials = 2");
    let package = run(&folder)["model"]["package"].as_str().unwrap().to_string();
    let sound = std::fs::read(folder.path().join(package)).unwrap();
    let asked = "SELECT carrier, origin, dest, tailnum, distance, sched_at, at FROM examples ORDER BY at LIMIT 20";
    folder.run(&["query", asked, "--out", "asked.jsonl"]).expect(0);

    // Control: the sound one opens and answers.
    Package::open(&sound).unwrap();
    predict(&folder, &sound).expect(0);
    assert_eq!(folder.read("told.jsonl").lines().count(), 20);
    std::fs::remove_file(folder.path().join("told.jsonl")).unwrap();

    let mut rng = Rng::new(7);
    let refuse = |bytes: &[u8], through_binary: bool, what: &str| {
        let problem = Package::open(bytes).expect_err(what);
        assert!(problem.kind() == Kind::Corrupt && problem.advice().is_some(), "{what}: {problem}");
        if through_binary {
            predict(&folder, bytes).expect(1).says(problem.what()).says("damaged.ropeway").says("remedy: ");
            assert!(!folder.path().join("told.jsonl").exists(), "{what}");
        }
    };
    for flip in 0..200 {
        let mut bytes = sound.clone();
        let place = rng.index(sound.len());
        bytes[place] ^= 1 << rng.index(8);
        refuse(&bytes, flip % 40 == 0, &format!("a flipped bit in byte {place}"));
    }
    for cut in 0..20 {
        let length = rng.index(sound.len());
        refuse(&sound[..length], cut % 5 == 0, &format!("the first {length} bytes"));
    }
    let mut newer = sound;
    newer[8] += 1;
    refuse(&newer, true, "a newer format");
}
