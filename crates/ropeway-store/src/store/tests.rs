//! What a user of the store would miss: commits that last, refusals that explain, and one writer at a time.

use ropeway_vocab::Kind;

use super::*;
use crate::faulty::FaultyDisk;
use crate::{Encoding, SqlResult};

const NOTES: &[&str] = &["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"];

async fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join(".ropeway")).await.unwrap();
    store.migrate("note", NOTES).await.unwrap();
    (folder, store)
}

async fn add(store: &Store, text: &str) -> Result<()> {
    store
        .write(async |tx| {
            sqlx::query("INSERT INTO note (text) VALUES (?)").bind(text).execute(tx).await.doing("adding")?;
            Ok(())
        })
        .await
}

async fn count(store: &Store) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM note").fetch_one(store.pool()).await.unwrap()
}

#[tokio::test]
async fn keeps_what_was_committed_and_nothing_else() {
    let (folder, store) = store().await;
    add(&store, "one").await.unwrap();
    let refused: Result<()> = store
        .write(async |tx| {
            sqlx::query("INSERT INTO note (text) VALUES ('two')").execute(&mut *tx).await.doing("adding")?;
            Err(Problem::invalid("no", "changed my mind"))
        })
        .await;
    assert_eq!(refused.unwrap_err().code(), "no");
    drop(store.begin().await.unwrap());
    assert_eq!(count(&store).await, 1);
    store.close().await;
    let again = Store::open(&folder.path().join(".ropeway")).await.unwrap();
    again.migrate("note", NOTES).await.unwrap();
    assert_eq!(count(&again).await, 1);
}

#[tokio::test]
async fn is_as_durable_as_the_design_says() {
    let (_folder, store) = store().await;
    for pool in [&store.database.writer, store.pool()] {
        let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.unwrap();
        let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(pool).await.unwrap();
        assert_eq!((journal.as_str(), synchronous), ("wal", 2));
    }
}

#[tokio::test]
async fn a_log_without_its_index_is_read_and_nothing_is_written() {
    let (folder, store) = store().await;
    add(&store, "in the log").await.unwrap();
    let left = folder.path().join("left");
    std::fs::create_dir(&left).unwrap();
    for name in [DATABASE, "ropeway.db-wal"] {
        std::fs::copy(store.root().join(name), left.join(name)).unwrap();
    }
    let (read, _lock) = Database::open_to_read(&left.join(DATABASE)).await.unwrap();
    let text: String = sqlx::query_scalar("SELECT text FROM note").fetch_one(&read.readers).await.unwrap();
    assert_eq!(text, "in the log");
    let written = sqlx::query("INSERT INTO note (text) VALUES ('x')").execute(&read.writer).await;
    assert_eq!(written.doing("writing").unwrap_err().code(), "database-read-only");
    read.readers.close().await;
    assert_eq!(std::fs::read_dir(&left).unwrap().count(), 2);
}

#[tokio::test]
async fn readers_cannot_write() {
    let (_folder, store) = store().await;
    let written = sqlx::query("INSERT INTO note (text) VALUES ('x')").execute(store.pool()).await;
    assert_eq!(written.doing("writing").unwrap_err().kind(), Kind::Io);
}

#[tokio::test]
async fn a_contradiction_is_a_conflict() {
    let (_folder, store) = store().await;
    add(&store, "one").await.unwrap();
    assert_eq!(add(&store, "one").await.unwrap_err().kind(), Kind::Conflict);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_of_many_tasks_take_turns() {
    let (folder, store) = store().await;
    let other = Store::open(&folder.path().join(".ropeway")).await.unwrap();
    let tasks: Vec<_> = (0..20)
        .map(|i| {
            let store = if i % 2 == 0 { store.clone() } else { other.clone() };
            // Reading and then writing in one transaction, in two pools: none may meet a newer snapshot.
            tokio::spawn(async move {
                store
                    .write(async |tx| {
                        let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM note")
                            .fetch_one(&mut *tx)
                            .await
                            .doing("counting")?;
                        let text = format!("{i} saw {seen}");
                        sqlx::query("INSERT INTO note (text) VALUES (?)")
                            .bind(text)
                            .execute(tx)
                            .await
                            .doing("adding")?;
                        Ok(seen)
                    })
                    .await
            })
        })
        .collect();
    let mut seen = Vec::new();
    for task in tasks {
        seen.push(task.await.unwrap().unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..20).collect::<Vec<i64>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_may_make_the_same_store_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join(".ropeway");
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let root = root.clone();
            tokio::spawn(async move { Store::open(&root).await?.migrate("note", NOTES).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn migrations_go_forward_only() {
    let (_folder, store) = store().await;
    add(&store, "one").await.unwrap();
    let two = &[NOTES[0], "ALTER TABLE note ADD COLUMN stars INTEGER NOT NULL DEFAULT 3;"];
    store.migrate("note", two).await.unwrap();
    store.migrate("note", two).await.unwrap();
    let stars: i64 = sqlx::query_scalar("SELECT stars FROM note").fetch_one(store.pool()).await.unwrap();
    assert_eq!(stars, 3);
    let problem = store.migrate("note", NOTES).await.unwrap_err();
    assert_eq!((problem.kind(), problem.code()), (Kind::Corrupt, "newer-store"));
    let problem = store.migrate("note", &["CREATE TABLE other (id INTEGER);", two[1]]).await.unwrap_err();
    assert_eq!((problem.kind(), problem.code()), (Kind::Corrupt, "other-store"));
    store.migrate("another", &["CREATE TABLE other (id INTEGER);"]).await.unwrap();
}

#[tokio::test]
async fn a_failing_migration_leaves_nothing() {
    let (_folder, store) = store().await;
    let steps = &["CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);"];
    assert!(store.migrate("half", steps).await.is_err());
    store.migrate("half", &["CREATE TABLE half (id INTEGER);"]).await.unwrap();
}

async fn refused(prepare: impl AsyncFnOnce(&Path)) -> Problem {
    let (folder, store) = store().await;
    store.close().await;
    prepare(&folder.path().join(".ropeway/ropeway.db")).await;
    Store::open(&folder.path().join(".ropeway")).await.unwrap_err()
}

async fn alter(file: &Path, sql: &'static str) {
    let pool = SqlitePool::connect(&format!("sqlite://{}?mode=rwc", file.display())).await.unwrap();
    sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    pool.close().await;
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let problem = refused(async |file| alter(file, "PRAGMA user_version = 2").await).await;
    assert_eq!((problem.kind(), problem.code()), (Kind::Corrupt, "newer-store"));
    assert!(problem.to_string().contains("format 2"), "{problem}");
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let problem = refused(async |file| {
        std::fs::remove_file(file).unwrap();
        alter(file, "CREATE TABLE theirs (id INTEGER)").await;
    })
    .await;
    assert_eq!((problem.kind(), problem.code()), (Kind::Corrupt, "not-our-database"));
}

#[tokio::test]
async fn a_damaged_database_is_refused() {
    for damage in [b"this is no database at all".repeat(100), vec![0xff; 5_000]] {
        let problem = refused(async |file| std::fs::write(file, &damage).unwrap()).await;
        assert_eq!((problem.kind(), problem.code()), (Kind::Corrupt, "database-damaged"));
        assert!(problem.to_string().contains(".ropeway/ropeway.db"), "{problem}");
    }
}

#[tokio::test]
async fn damage_inside_is_reported_when_it_is_read() {
    let (folder, store) = store().await;
    for i in 0..200 {
        add(&store, &format!("{i} {}", "x".repeat(200))).await.unwrap();
    }
    store.close().await;
    let file = folder.path().join(".ropeway/ropeway.db");
    let mut bytes = std::fs::read(&file).unwrap();
    assert!(bytes.len() > 40_000);
    bytes[12_288..].fill(0x5a);
    std::fs::write(&file, bytes).unwrap();
    let store = Store::open(&folder.path().join(".ropeway")).await.unwrap();
    let read = sqlx::query("SELECT * FROM note ORDER BY text").fetch_all(store.pool()).await;
    assert_eq!(read.doing("reading").unwrap_err().kind(), Kind::Corrupt);
}

#[tokio::test]
async fn a_full_disk_says_so_and_keeps_what_was_committed() {
    let (_folder, store) = store().await;
    add(&store, "one").await.unwrap();
    sqlx::query("PRAGMA max_page_count = 8").execute(&store.database.writer).await.unwrap();
    let problem = add(&store, &"x".repeat(100_000)).await.unwrap_err();
    assert_eq!((problem.kind(), problem.code()), (Kind::Io, "disk-full"));
    sqlx::query("PRAGMA max_page_count = 100000").execute(&store.database.writer).await.unwrap();
    add(&store, "two").await.unwrap();
    assert_eq!(count(&store).await, 2);
}

#[tokio::test]
async fn a_place_where_nothing_can_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::default();
    disk.make_read_only();
    let problem = Store::open_on(&folder.path().join(".ropeway"), Arc::new(disk)).await.unwrap_err();
    assert!(problem.to_string().contains(".ropeway"), "{problem}");
    assert!(problem.advice().unwrap().contains("read-only"), "{problem}");

    // Here even root cannot make a folder.
    let problem = Store::open(Path::new("/proc/.ropeway")).await.unwrap_err();
    assert!(matches!(problem.kind(), Kind::Io | Kind::NotFound), "{problem}");

    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let problem = Store::open(&file.join(".ropeway")).await.unwrap_err();
    assert_eq!(problem.kind(), Kind::Io);
}

#[tokio::test]
async fn deleting_the_cache_loses_no_record() {
    let (folder, store) = store().await;
    let record = store.blobs().put(b"record", Encoding::Zstd).unwrap();
    let cached = store.cache().put(b"cached", Encoding::Zstd).unwrap();
    assert_eq!(store.cache().find(&cached).unwrap().unwrap(), b"cached");
    std::fs::remove_dir_all(folder.path().join(".ropeway/cache")).unwrap();
    assert_eq!(store.cache().find(&cached).unwrap(), None);
    assert_eq!(store.blobs().get(&record).unwrap(), b"record");
    store.cache().put(b"cached", Encoding::Plain).unwrap();
    assert_eq!(store.cache().get(&cached).unwrap(), b"cached");
}

#[tokio::test]
async fn nothing_in_it_holds_an_absolute_path_so_it_can_be_moved() {
    let (folder, store) = store().await;
    add(&store, "one").await.unwrap();
    let blob = store.blobs().put(b"record", Encoding::Plain).unwrap();
    store.close().await;
    let moved = folder.path().join("elsewhere");
    std::fs::rename(folder.path().join(".ropeway"), &moved).unwrap();
    let store = Store::open(&moved).await.unwrap();
    assert_eq!(count(&store).await, 1);
    assert_eq!(store.blobs().get(&blob).unwrap(), b"record");
}

#[tokio::test]
async fn a_write_can_run_in_a_task_of_its_own() {
    let (_folder, store) = store().await;
    let task = store.clone();
    tokio::spawn(async move { add(&task, "one").await }).await.unwrap().unwrap();
    let waiting = store.begin().await.unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(50), store.begin()).await.is_err());
    drop(waiting);
    add(&store, "two").await.unwrap();
    assert_eq!(count(&store).await, 2);
}
