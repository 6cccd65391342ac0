//! What a run was of: its settings and features, for comparisons.

use ropeway_store::SqlResult;
use ropeway_store::sqlx;
use ropeway_vocab::{Digest, Result};

use super::Records;

impl Records {
    /// Records what a run is of.
    pub async fn describe_run(&self, run: i64, described: &Digest) -> Result<()> {
        self.store
            .write(async |tx| {
                sqlx::query("UPDATE run SET described = ? WHERE id = ?")
                    .bind(described.to_string())
                    .bind(run)
                    .execute(&mut *tx)
                    .await
                    .map(|_| ())
                    .doing("recording what a run is of")
            })
            .await
    }

    /// The blob that says what a run was of; none of an older Ropeway's, and of one that ended before it was known.
    pub async fn described(&self, run: i64) -> Result<Option<Digest>> {
        let found: Option<Option<String>> = sqlx::query_scalar("SELECT described FROM run WHERE id = ?")
            .bind(run)
            .fetch_optional(self.store.pool())
            .await
            .doing("reading what a run was of")?;
        found.flatten().map(|digest| digest.parse()).transpose()
    }

    /// The newest run before this one that ended with a report: of the same share of the examples, where there is one.
    pub async fn before(&self, run: i64) -> Result<Option<i64>> {
        sqlx::query_scalar(
            "SELECT id FROM run WHERE id < ?1 AND report IS NOT NULL
             ORDER BY sample IS NOT (SELECT sample FROM run WHERE id = ?1), id DESC LIMIT 1",
        )
        .bind(run)
        .fetch_optional(self.store.pool())
        .await
        .doing("looking for the last run")
    }
}
