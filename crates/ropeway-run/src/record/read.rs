//! What is asked of the record of earlier runs.

use ropeway_store::SqlResult;
use ropeway_store::sqlx::{self, Row, sqlite::SqliteRow};
use ropeway_vocab::{Digest, Instant, Kind, Problem, Result};

use serde::Deserialize;

use super::{Records, RunLine, read_json};
use crate::report::{RunReport, StepReport};

impl Records {
    /// All runs, newest first.
    pub async fn runs(&self) -> Result<Vec<RunLine>> {
        let rows =
            sqlx::query("SELECT id, started, finished, status, final, sample, problem FROM run ORDER BY id DESC")
                .fetch_all(self.store.pool())
                .await
                .doing("reading the runs")?;
        Ok(rows.iter().map(line_of).collect())
    }

    /// One run, its steps, and its report where it ended with one. `None` takes the newest.
    pub async fn run(&self, id: Option<i64>) -> Result<(RunLine, Vec<StepReport>, Option<RunReport>)> {
        let row = sqlx::query(
            "SELECT id, started, finished, status, final, sample, problem, report FROM run
             WHERE ? IS NULL OR id = ? ORDER BY id DESC LIMIT 1",
        )
        .bind(id)
        .bind(id)
        .fetch_optional(self.store.pool())
        .await
        .doing("reading a run")?
        .ok_or_else(|| match id {
            Some(id) => Problem::new(Kind::NotFound, "unknown-run", format!("there is no run `r{id}`"))
                .remedy("`ropeway runs` lists them"),
            None => {
                Problem::new(Kind::NotFound, "unknown-run", "there is no run yet").remedy("start with `ropeway run`")
            }
        })?;
        let steps = sqlx::query("SELECT * FROM step WHERE run = ? ORDER BY position")
            .bind(row.get::<i64, _>(0))
            .fetch_all(self.store.pool())
            .await
            .doing("reading the steps of a run")?;
        let report = match row.get::<Option<String>, _>(7) {
            Some(digest) => Some(read_json(&self.store.blobs().get(&digest.parse()?)?)?),
            None => None,
        };
        Ok((line_of(&row), steps.iter().map(step_of).collect(), report))
    }

    /// What the step with this key kept under a name, where it kept that.
    pub async fn kept<T: for<'a> Deserialize<'a>>(&self, key: &Digest, name: &str) -> Result<Option<T>> {
        self.kept_bytes(key, name).await?.map(|bytes| read_json(&bytes)).transpose()
    }

    /// The same as bytes.
    pub async fn kept_bytes(&self, key: &Digest, name: &str) -> Result<Option<Vec<u8>>> {
        let parts = self.parts(key).await?;
        let found = parts.iter().find(|part| part.name == name && part.kept);
        found.map(|part| self.store.blobs().get(&part.blob)).transpose()
    }

    /// The keys of a run's steps by name, without those that came to no end.
    pub async fn step_keys(&self, run: i64) -> Result<Vec<(String, Digest)>> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT name, key FROM step WHERE run = ? AND (state IN ('executed', 'cached') OR key IN (SELECT key FROM part)) \
             ORDER BY position",
        )
        .bind(run)
        .fetch_all(self.store.pool())
        .await
        .doing("reading the steps of a run")?;
        rows.into_iter().map(|(name, key)| Ok((name, key.parse()?))).collect()
    }
}

fn line_of(row: &SqliteRow) -> RunLine {
    RunLine {
        run: format!("r{}", row.get::<i64, _>(0)),
        started: Instant::from_micros(row.get(1)),
        finished: row.get::<Option<i64>, _>(2).map(Instant::from_micros),
        status: row.get(3),
        final_: row.get(4),
        sample: row.get(5),
        problem: row.get(6),
    }
}

fn step_of(row: &SqliteRow) -> StepReport {
    StepReport {
        name: row.get("name"),
        state: row.get("state"),
        wall_s: row.get("wall_s"),
        cpu_s: row.get("cpu_s"),
        peak_mib: row.get("peak_mib"),
        bytes_read: row.get::<i64, _>("bytes_read") as u64,
        bytes_written: row.get::<i64, _>("bytes_written") as u64,
    }
}
