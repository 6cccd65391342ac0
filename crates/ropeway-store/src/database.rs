//! The metadata database: SQLite with a write-ahead log, every commit synced. One connection writes, under
//! `BEGIN IMMEDIATE`, so that a transaction that reads and then writes never meets a newer snapshot; others
//! read beside it and cannot write.

use std::path::Path;
use std::time::{Duration, Instant};

use ropeway_vocab::{Kind, Place, Problem, Result};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePoolOptions, SqliteSynchronous};

use crate::lock::ProjectLock;
use crate::sql::{SqlResult, is_busy};
use crate::transaction::WriteTransaction;

/// "RPWY": marks the file as a database of Ropeway.
const APPLICATION: i64 = 0x5250_5759;
/// The version of what the store itself keeps; components have their own versions.
const FORMAT: i64 = 1;
/// How long another process may hold the database before a command gives up.
const WAIT: Duration = Duration::from_secs(30);
const READERS: u32 = 4;
/// How long a log that comes and goes is waited for.
const WAIT_TO_READ: Duration = Duration::from_secs(2);

#[derive(Debug, Clone)]
pub(crate) struct Database {
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
}

impl Database {
    pub(crate) async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(WAIT);
        // Switching a new file to the write-ahead log does not wait for another process that does the same.
        let start = Instant::now();
        let writer = loop {
            let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
            match pool.acquire_timeout(2 * WAIT).connect_with(options.clone()).await.doing("opening the database") {
                Err(problem) if is_busy(&problem) && start.elapsed() < WAIT => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                opened => break opened?,
            }
        };
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(2 * WAIT)
            .connect_lazy_with(options.pragma("query_only", "ON"));
        let database = Self { writer, readers };
        database.recognise().await?;
        Ok(database)
    }

    /// Opens a database in a folder that this process may not write, and where needed what keeps others from writing it.
    ///
    /// SQLite reads a database with a write-ahead log in such a folder where the log and its index are there (another process
    /// has the database open, or was killed), and else only where it is told that nothing changes the files
    /// (<https://www.sqlite.org/wal.html#readonly>). Whoever writes holds the project's lock, so that a shared hold on it
    /// makes that true.
    pub(crate) async fn open_to_read(file: &Path) -> Result<(Self, Option<ProjectLock>)> {
        let root = file.parent().unwrap_or(Path::new("."));
        let beside = || ["db-wal", "db-shm"].map(|extension| file.with_extension(extension).exists());
        let start = Instant::now();
        loop {
            let found = beside();
            let opened = match Reading::of(found) {
                Reading::Shared => Self::reading(file, Reading::Shared).await.map(|database| (database, None)),
                reading => match ProjectLock::try_acquire_to_read(root) {
                    // What came or went before the lock was taken counts.
                    Ok(_) if beside() != found => continue,
                    Ok(lock) => Self::reading(file, reading).await.map(|database| (database, lock)),
                    Err(problem) => Err(problem),
                },
            };
            match opened {
                // The other process begins or ends just now, and the log comes or goes with it.
                Err(problem) if is_passing(&problem) && start.elapsed() < WAIT_TO_READ => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                opened => return opened,
            }
        }
    }

    async fn reading(file: &Path, reading: Reading) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let (options, connections) = match reading {
            Reading::Shared => (options, READERS),
            Reading::Settled => (options.immutable(true), READERS),
            // An index in memory is what exclusive locking has, here without locks in the file, which take the right to
            // write it (<https://www.sqlite.org/wal.html#noshm>). Another process may fold the log in meanwhile, so that a
            // later connection would find none.
            Reading::LogAlone => (options.locking_mode(SqliteLockingMode::Exclusive).vfs("unix-none"), 1),
        };
        // The first connection stays, and with it the log that the others read.
        let pool = SqlitePoolOptions::new().max_connections(connections).idle_timeout(None).max_lifetime(None);
        let opening = pool.acquire_timeout(2 * WAIT).connect_with(options.busy_timeout(WAIT)).await;
        let readers = opening.doing("opening the database for reading")?;
        let database = Self { writer: readers.clone(), readers };
        database.recognise().await?;
        Ok(database)
    }

    /// Makes a new file ours, and refuses files of others and of newer versions.
    async fn recognise(&self) -> Result<()> {
        const DOING: &str = "opening the database";
        let mark: (i64, i64) = sqlx::query_as("SELECT * FROM pragma_application_id, pragma_user_version")
            .fetch_one(&self.writer)
            .await
            .doing(DOING)?;
        if mark == (APPLICATION, FORMAT) {
            return Ok(());
        }
        let mut tx = WriteTransaction::begin(&self.writer).await?;
        let mark: (i64, i64) = sqlx::query_as("SELECT * FROM pragma_application_id, pragma_user_version")
            .fetch_one(&mut *tx)
            .await
            .doing(DOING)?;
        let tables: i64 =
            sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&mut *tx).await.doing(DOING)?;
        match mark {
            (APPLICATION, FORMAT) => Ok(()),
            (0, 0) if tables == 0 => {
                sqlx::raw_sql(
                    "CREATE TABLE migration (
                         component TEXT NOT NULL,
                         step INTEGER NOT NULL,
                         digest BLOB NOT NULL,
                         PRIMARY KEY (component, step)
                     ) STRICT;
                     PRAGMA application_id = 1380996953;
                     PRAGMA user_version = 1;",
                )
                .execute(&mut *tx)
                .await
                .doing(DOING)?;
                tx.commit().await
            }
            (APPLICATION, newer) => Err(newer_store(&format!("the database has format {newer}"))),
            _ => Err(Problem::new(Kind::Corrupt, "not-our-database", "the file is a database of another program")
                .at(Place::file(".ropeway/ropeway.db"))
                .remedy("move it away and run again")),
        }
    }
}

/// How a database is read that this process may not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// With others, by the index of its log that they share.
    Shared,
    /// With a log that was left without its index: a process was killed while it closed the database.
    LogAlone,
    /// Without a log.
    Settled,
}

impl Reading {
    /// By whether the log and its index are there.
    fn of([log, index]: [bool; 2]) -> Self {
        match (log, index) {
            (true, true) => Self::Shared,
            (true, false) => Self::LogAlone,
            (false, _) => Self::Settled,
        }
    }
}

/// A problem that another process makes when it begins or ends.
fn is_passing(problem: &Problem) -> bool {
    is_busy(problem) || problem.code() == "database-unopened"
}

/// The refusal of a database that a newer Ropeway wrote.
pub(crate) fn newer_store(what: &str) -> Problem {
    Problem::new(Kind::Corrupt, "newer-store", format!("{what}: a newer Ropeway wrote it"))
        .at(Place::file(".ropeway/ropeway.db"))
        .remedy("use that newer Ropeway here; an older one never changes what a newer one wrote")
}
