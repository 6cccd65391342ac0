//! The record of runs, steps and trials: this crate's own tables in the store, each row typed.

mod described;
mod held;
mod migrations;
mod read;

use ropeway_learn::CandidateSettings;
use ropeway_learn::settings::LearnerKind;
use ropeway_learn::tune::{Decision, TrialKey, TrialRecord};
use ropeway_store::sqlx::{self, Row, SqliteConnection, sqlite::SqliteRow};
use ropeway_store::{SqlResult, Store};
use ropeway_vocab::{Digest, Instant, Kind, Problem, Result, Usage};
use serde::{Deserialize, Serialize};

use crate::report::StepReport;

/// A run as `ropeway runs` lists it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunLine {
    /// Its id, for `ropeway show`.
    pub run: String,
    /// When it began.
    pub started: Instant,
    /// When it ended, where it did.
    pub finished: Option<Instant>,
    /// `running`, `done`, `refused` (a gate, a check or the time rule said no), `failed`, `cancelled` or `interrupted`.
    pub status: String,
    /// Whether the holdout was opened.
    #[serde(rename = "final")]
    pub final_: bool,
    /// The share of examples, where it was a sample.
    pub sample: Option<f64>,
    /// What went wrong.
    pub problem: Option<String>,
}

/// A stored part of a finished step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartRow {
    pub name: String,
    pub blob: Digest,
    /// Whether it lies among the records; otherwise in the cache.
    pub kept: bool,
}

/// The tables of runs.
#[derive(Debug, Clone)]
pub(crate) struct Records {
    store: Store,
}

impl Records {
    pub async fn open(store: &Store) -> Result<Self> {
        store.migrate("run", migrations::STEPS).await?;
        Ok(Self { store: store.clone() })
    }

    pub async fn begin_run(&self, project: &str, now: Instant, final_: bool, sample: Option<f64>) -> Result<i64> {
        let platform = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
        self.store
            .write(async |tx| {
                // Only one run has the project's lock: an older one that says it is running was cut off.
                sqlx::query("UPDATE run SET status = 'interrupted' WHERE status = 'running'")
                    .execute(&mut *tx)
                    .await
                    .doing("recording that a run begins")?;
                sqlx::query(
                    "INSERT INTO run (project, started, status, final, sample, ropeway, platform)
                     VALUES (?, ?, 'running', ?, ?, ?, ?) RETURNING id",
                )
                .bind(project)
                .bind(now.micros())
                .bind(final_)
                .bind(sample)
                .bind(env!("CARGO_PKG_VERSION"))
                .bind(&platform)
                .fetch_one(&mut *tx)
                .await
                .map(|row| row.get(0))
                .doing("recording that a run begins")
            })
            .await
    }

    pub async fn end_run(
        &self,
        run: i64,
        now: Instant,
        status: &str,
        problem: Option<&str>,
        report: Option<&Digest>,
    ) -> Result<()> {
        self.store
            .write(async |tx| {
                sqlx::query("UPDATE run SET finished = ?, status = ?, problem = ?, report = ? WHERE id = ?")
                    .bind(now.micros())
                    .bind(status)
                    .bind(problem)
                    .bind(report.map(Digest::to_string))
                    .bind(run)
                    .execute(&mut *tx)
                    .await
                    .map(|_| ())
                    .doing("recording that a run ended")
            })
            .await
    }

    /// Records a step of a run; the parts of an executed one are there for later runs from now on.
    pub async fn end_step(
        &self,
        run: i64,
        position: u32,
        key: &Digest,
        step: &StepReport,
        parts: &[PartRow],
    ) -> Result<()> {
        self.store
            .write(async |tx| {
                sqlx::query("INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                    .bind(run)
                    .bind(position)
                    .bind(&step.name)
                    .bind(key.to_string())
                    .bind(&step.state)
                    .bind(step.cpu_s)
                    .bind(step.wall_s)
                    .bind(step.peak_mib)
                    .bind(step.bytes_read as i64)
                    .bind(step.bytes_written as i64)
                    .execute(&mut *tx)
                    .await
                    .doing("recording a step")?;
                insert_parts(tx, key, parts).await
            })
            .await
    }

    /// Records what a step made outside a run, for later commands to find.
    pub async fn keep_parts(&self, key: &Digest, parts: &[PartRow]) -> Result<()> {
        self.store.write(async |tx| insert_parts(tx, key, parts).await).await
    }

    /// The parts that an earlier run of the step with this key made; empty where there was none.
    pub async fn parts(&self, key: &Digest) -> Result<Vec<PartRow>> {
        let rows = sqlx::query("SELECT name, blob, kept FROM part WHERE key = ? ORDER BY name")
            .bind(key.to_string())
            .fetch_all(self.store.pool())
            .await
            .doing("looking for a finished step")?;
        rows.iter()
            .map(|row| Ok(PartRow { name: row.get(0), blob: row.get::<String, _>(1).parse()?, kept: row.get(2) }))
            .collect()
    }

    pub async fn trials(&self, step: &Digest) -> Result<Vec<(TrialRecord, Digest)>> {
        let rows = sqlx::query("SELECT * FROM trial WHERE step = ?")
            .bind(step.to_string())
            .fetch_all(self.store.pool())
            .await
            .doing("reading the trials")?;
        rows.iter().map(trial_of).collect()
    }

    /// Records a trial of a search that took `elapsed_s` seconds so far, those of processes before this one included.
    pub async fn record_trial(
        &self,
        step: &Digest,
        trial: &TrialRecord,
        scores: &Digest,
        elapsed_s: f64,
    ) -> Result<()> {
        self.store
            .write(async |tx| {
                sqlx::query("INSERT OR REPLACE INTO trial VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                    .bind(step.to_string())
                    .bind(trial.key().learner.name())
                    .bind(trial.index)
                    .bind(trial.fold)
                    .bind(trial.rung)
                    .bind(to_json(&trial.settings)?)
                    .bind(trial.rounds)
                    .bind(trial.rounds_trained)
                    .bind(trial.value)
                    .bind(trial.usage.cpu_s)
                    .bind(trial.usage.wall_s)
                    .bind(trial.usage.peak_mib)
                    .bind(scores.to_string())
                    .bind(elapsed_s)
                    .execute(&mut *tx)
                    .await
                    .map(|_| ())
                    .doing("recording a trial")
            })
            .await
    }

    /// The seconds that a search took up to its last finished trial, in all processes that worked on it.
    pub async fn elapsed(&self, step: &Digest) -> Result<f64> {
        sqlx::query_scalar("SELECT coalesce(max(elapsed_s), 0.0) FROM trial WHERE step = ?")
            .bind(step.to_string())
            .fetch_one(self.store.pool())
            .await
            .doing("reading the trials")
    }

    pub async fn decisions(&self, step: &Digest) -> Result<Vec<Decision>> {
        let rows = sqlx::query("SELECT learner, rung, skipped FROM decision WHERE step = ?")
            .bind(step.to_string())
            .fetch_all(self.store.pool())
            .await
            .doing("reading what the budget decided")?;
        rows.iter()
            .map(|row| {
                let skipped: Vec<TrialKey> = from_json(&row.get::<String, _>(2))?;
                Ok(Decision { learner: learner_of(&row.get::<String, _>(0))?, rung: row.get(1), skipped })
            })
            .collect()
    }

    pub async fn record_decision(&self, step: &Digest, decision: &Decision) -> Result<()> {
        self.store
            .write(async |tx| {
                sqlx::query("INSERT OR REPLACE INTO decision VALUES (?, ?, ?, ?)")
                    .bind(step.to_string())
                    .bind(decision.learner.name())
                    .bind(decision.rung)
                    .bind(to_json(&decision.skipped)?)
                    .execute(&mut *tx)
                    .await
                    .map(|_| ())
                    .doing("recording what the budget decided")
            })
            .await
    }
}

async fn insert_parts(tx: &mut SqliteConnection, key: &Digest, parts: &[PartRow]) -> Result<()> {
    for part in parts {
        sqlx::query("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)")
            .bind(key.to_string())
            .bind(&part.name)
            .bind(part.blob.to_string())
            .bind(part.kept)
            .execute(&mut *tx)
            .await
            .doing("recording what a step made")?;
    }
    Ok(())
}

fn trial_of(row: &SqliteRow) -> Result<(TrialRecord, Digest)> {
    let settings: CandidateSettings = from_json(&row.get::<String, _>("settings"))?;
    let usage =
        Usage { cpu_s: row.get("cpu_s"), wall_s: row.get("wall_s"), peak_mib: row.get("peak_mib"), ..Usage::default() };
    let record = TrialRecord {
        index: row.get("candidate"),
        fold: row.get("fold"),
        rung: row.get("rung"),
        settings,
        rounds: row.get("rounds"),
        rounds_trained: row.get("rounds_trained"),
        value: row.get("value"),
        usage,
    };
    Ok((record, row.get::<String, _>("scores").parse()?))
}

fn learner_of(name: &str) -> Result<LearnerKind> {
    from_json(&format!("\"{name}\""))
}

/// A typed record as the text that is stored.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Problem::internal(format!("a record cannot be written: {error}")))
}

fn from_json<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T> {
    read_json(text.as_bytes())
}

/// A typed record from stored bytes.
pub(crate) fn read_json<T: for<'a> Deserialize<'a>>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        Problem::new(Kind::Corrupt, "record-damaged", format!("a stored record cannot be read: {error}"))
            .remedy("it was written by another version of ropeway; run the project again")
    })
}
