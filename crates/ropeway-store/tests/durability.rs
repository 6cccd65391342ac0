//! Nothing acknowledged is lost: children of this test binary are killed with SIGKILL in the midst of
//! appending, committing and storing, and what they had acknowledged on stdout is looked for afterwards.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking, and so may what it calls")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ropeway_store::{AppendLog, Encoding, LockMode, ProjectLock, SqlResult, Store, sqlx};
use ropeway_vocab::{Digest, Kind, Result};

const TASK: &str = "ROPEWAY_TEST_CHILD";
const PLACE: &str = "ROPEWAY_TEST_PLACE";
const TABLE: &[&str] = &["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"];

/// Starts this binary again to do `task` in `place`, for ever.
fn start(task: &str, place: &Path) -> (Child, impl Iterator<Item = String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(TASK, task)
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(std::result::Result::ok);
    // The test harness prints lines of its own, and may put its words in front of the first of ours.
    (child, lines.filter_map(|line| line.split_once("ack ").map(|(_, said)| said.to_owned())))
}

/// Lets the child acknowledge `count` things, kills it, and returns all that it acknowledged.
fn kill_after(count: usize, task: &str, place: &Path) -> Vec<String> {
    let (mut child, mut lines) = start(task, place);
    let mut said: Vec<String> = lines.by_ref().take(count).collect();
    child.kill().unwrap();
    said.extend(lines);
    child.wait().unwrap();
    assert!(said.len() >= count);
    said
}

fn acknowledge(what: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ack {what}").unwrap();
    out.flush().unwrap();
}

/// Not a test of its own: what the killed children do. Without the environment of a child it does nothing.
#[tokio::test]
async fn child() {
    let (Ok(task), Some(place)) = (std::env::var(TASK), std::env::var_os(PLACE)) else { return };
    let place = Path::new(&place);
    match task.as_str() {
        "append" => append(place),
        "commit" => commit(place).await,
        "put" => put(place).await,
        "lock" => {
            let _lock = ProjectLock::acquire(place, Duration::ZERO).await.unwrap();
            acknowledge(std::process::id());
            std::thread::park();
        }
        other => unreachable!("unknown task {other}"),
    }
}

fn append(place: &Path) {
    let (log, recovered) = AppendLog::open(&place.join("facts.log")).unwrap();
    let first = recovered.records.len();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let log = &log;
            scope.spawn(move || {
                for i in 0.. {
                    let record = format!("{first} {writer} {i} {}", "x".repeat(i % 700));
                    log.append_blocking(record.clone().into_bytes()).unwrap();
                    acknowledge(record);
                }
            });
        }
    });
}

async fn commit(place: &Path) {
    let store = Store::open(place).await.unwrap();
    store.migrate("note", TABLE).await.unwrap();
    for number in 0_u32.. {
        let text = format!("{} {number}", std::process::id());
        // Two rows a transaction: both or neither must be found.
        let written: Result<()> = store
            .write(async |tx| {
                for _ in 0..2 {
                    let insert = sqlx::query("INSERT INTO note (text) VALUES (?)").bind(&text);
                    insert.execute(&mut *tx).await.doing("adding")?;
                }
                Ok(())
            })
            .await;
        written.unwrap();
        acknowledge(text);
    }
}

async fn put(place: &Path) {
    let store = Store::open(place).await.unwrap();
    for i in 0_u32.. {
        let bytes = [std::process::id().to_le_bytes(), i.to_le_bytes()].concat().repeat(1_000);
        let encoding = if i % 2 == 0 { Encoding::Plain } else { Encoding::Zstd };
        acknowledge(store.blobs().put(&bytes, encoding).unwrap());
    }
}

#[test]
fn records_acknowledged_by_the_log_survive_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeSet::new();
    for round in 0..8 {
        acknowledged.extend(kill_after(20 + 37 * round, "append", folder.path()));
        let (log, recovered) = AppendLog::open(&folder.path().join("facts.log")).unwrap();
        drop(log);
        let kept: Vec<String> =
            recovered.records.into_iter().map(|record| String::from_utf8(record).unwrap()).collect();
        let distinct: BTreeSet<String> = kept.iter().cloned().collect();
        assert_eq!(distinct.len(), kept.len(), "a record is kept twice");
        assert_eq!(acknowledged.difference(&distinct).count(), 0, "round {round} lost records");
    }
}

/// What the store kept, after checking that each transaction is whole.
async fn kept_notes(root: &Path) -> BTreeSet<String> {
    let store = Store::open(root).await.unwrap();
    let kept: Vec<(String, i64)> =
        sqlx::query_as("SELECT text, count(*) FROM note GROUP BY text").fetch_all(store.pool()).await.unwrap();
    store.close().await;
    assert!(kept.iter().all(|(_, count)| *count == 2));
    kept.into_iter().map(|(text, _)| text).collect()
}

#[tokio::test]
async fn committed_transactions_survive_kill_9_whole() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join(".ropeway");
    let mut acknowledged = BTreeSet::new();
    for round in 0..4 {
        acknowledged.extend(kill_after(5 + 7 * round, "commit", &root));
        assert_eq!(acknowledged.difference(&kept_notes(&root).await).count(), 0, "round {round} lost commits");
    }
}

#[tokio::test]
async fn two_processes_commit_side_by_side_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join(".ropeway");
    let mut acknowledged = BTreeSet::new();
    std::thread::scope(|scope| {
        let children: Vec<_> = (0..2).map(|_| scope.spawn(|| kill_after(30, "commit", &root))).collect();
        children.into_iter().for_each(|child| acknowledged.extend(child.join().unwrap()));
    });
    assert_eq!(acknowledged.difference(&kept_notes(&root).await).count(), 0);
}

#[tokio::test]
async fn blobs_survive_kill_9_and_none_is_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join(".ropeway");
    for round in 0..4 {
        let said = kill_after(5 + 11 * round, "put", &root);
        let store = Store::open(&root).await.unwrap();
        for digest in said {
            assert!(store.blobs().get(&digest.parse::<Digest>().unwrap()).is_ok());
        }
        for shard in std::fs::read_dir(root.join("blobs")).unwrap().flatten() {
            for blob in std::fs::read_dir(shard.path()).unwrap().flatten() {
                let name = blob.file_name().into_string().unwrap();
                if let Ok(digest) = name.trim_end_matches(".zst").parse::<Digest>() {
                    assert!(store.blobs().get(&digest).is_ok(), "{name}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_lock_of_a_killed_process_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, mut lines) = start("lock", folder.path());
    let id = lines.next().unwrap();
    let problem = ProjectLock::try_acquire(folder.path(), LockMode::Exclusive).unwrap_err();
    assert_eq!(problem.kind(), Kind::Busy);
    assert!(problem.to_string().contains(&format!("process {id} is at work")), "{problem}");
    child.kill().unwrap();
    child.wait().unwrap();
    ProjectLock::acquire(folder.path(), Duration::ZERO).await.unwrap();
}

#[test]
fn a_log_that_another_process_writes_can_be_read_but_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("facts.log");
    // The child's stdout stays open here, so that it goes on until it is killed.
    let (mut child, mut lines) = start("append", folder.path());
    let said: Vec<String> = lines.by_ref().take(100).collect();
    let kept: BTreeSet<Vec<u8>> = AppendLog::read(&path).unwrap().records.into_iter().collect();
    assert!(said.iter().all(|record| kept.contains(record.as_bytes())));
    assert_eq!(AppendLog::open(&path).unwrap_err().kind(), Kind::Busy);
    child.kill().unwrap();
    child.wait().unwrap();
    drop(lines);
    AppendLog::open(&path).unwrap();
}
