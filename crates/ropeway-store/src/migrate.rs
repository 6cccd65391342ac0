//! Forward-only migrations, each component its own. A component lists all its steps, oldest first; a step
//! that was ever released is never changed. The database keeps the digest of each step it has taken, so
//! that a changed step is found rather than half-applied.

use ropeway_vocab::{Digest, Kind, Place, Problem, Result};
use sqlx::SqlitePool;

use crate::database::newer_store;
use crate::sql::SqlResult;
use crate::transaction::WriteTransaction;

const READ: &str = "SELECT digest FROM migration WHERE component = ? ORDER BY step";

pub(crate) async fn migrate(writer: &SqlitePool, component: &str, steps: &[&'static str]) -> Result<()> {
    let doing = format!("preparing the tables of {component}");
    let taken: Vec<Vec<u8>> = sqlx::query_scalar(READ).bind(component).fetch_all(writer).await.doing(&doing)?;
    if compare(component, &taken, steps)?.is_empty() {
        return Ok(());
    }
    // Another process may have taken the steps in between, so they are read again under the write lock.
    let mut tx = WriteTransaction::begin(writer).await?;
    let taken: Vec<Vec<u8>> = sqlx::query_scalar(READ).bind(component).fetch_all(&mut *tx).await.doing(&doing)?;
    for (step, sql) in (taken.len() + 1..).zip(compare(component, &taken, steps)?) {
        sqlx::raw_sql(*sql).execute(&mut *tx).await.doing(&doing)?;
        sqlx::query("INSERT INTO migration (component, step, digest) VALUES (?, ?, ?)")
            .bind(component)
            .bind(i64::try_from(step).unwrap_or(i64::MAX))
            .bind(&Digest::of(sql.as_bytes()).as_bytes()[..])
            .execute(&mut *tx)
            .await
            .doing(&doing)?;
    }
    tx.commit().await
}

/// The steps that are still to take.
fn compare<'a>(component: &str, taken: &[Vec<u8>], steps: &'a [&'static str]) -> Result<&'a [&'static str]> {
    if taken.len() > steps.len() {
        let what =
            format!("the records of {component} are at step {}, this Ropeway knows {}", taken.len(), steps.len());
        return Err(newer_store(&what));
    }
    let changed =
        taken.iter().zip(steps).position(|(taken, step)| taken[..] != Digest::of(step.as_bytes()).as_bytes()[..]);
    match changed {
        None => Ok(&steps[taken.len()..]),
        Some(index) => {
            let what = format!("the records of {component} were made by another build (step {} differs)", index + 1);
            Err(Problem::new(Kind::Corrupt, "other-store", what)
                .at(Place::file(".ropeway/ropeway.db"))
                .remedy("use the Ropeway that made them, or move the .ropeway folder away and run again"))
        }
    }
}
