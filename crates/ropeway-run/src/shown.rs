//! `ropeway runs` and `ropeway show`: the record of earlier runs.

use ropeway_store::Store;
use ropeway_vocab::{Problem, Result};
use serde::Serialize;

use crate::record::{Records, RunLine};
use crate::report::{RunReport, StepReport};

/// One run, whole.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    /// Its line.
    #[serde(flatten)]
    pub line: RunLine,
    /// Its steps with what they used.
    pub steps: Vec<StepReport>,
    /// Its report, where it ended with one.
    pub report: Option<RunReport>,
}

/// All runs, newest first.
///
/// # Errors
/// A record that cannot be read.
pub async fn runs(store: &Store) -> Result<Vec<RunLine>> {
    Records::open(store).await?.runs().await
}

/// One run by its id (`r7` or `7`), or the newest.
///
/// # Errors
/// There is no such run.
pub async fn show(store: &Store, run: Option<&str>) -> Result<Shown> {
    let number = |text: &str| {
        text.strip_prefix('r').unwrap_or(text).parse::<i64>().map_err(|_| {
            Problem::invalid("run-id", format!("`{text}` is not the id of a run"))
                .remedy("write it as `ropeway runs` lists it, for example r7")
        })
    };
    let (line, steps, report) = Records::open(store).await?.run(run.map(number).transpose()?).await?;
    Ok(Shown { line, steps, report })
}
