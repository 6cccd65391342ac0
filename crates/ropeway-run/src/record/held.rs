//! What the record stands for: the blobs that runs and steps refer to.

use std::collections::BTreeSet;

use ropeway_store::SqlResult;
use ropeway_store::sqlx;
use ropeway_vocab::{Digest, Result};

use super::Records;

const DOING: &str = "reading what the record refers to";

/// A part of a step, and whose it is.
pub(crate) struct HeldPart {
    pub key: Digest,
    pub blob: Digest,
    pub kept: bool,
    /// Whether any run has a step of this key.
    pub of_run: bool,
}

/// The scores of a trial.
pub(crate) struct HeldTrial {
    /// The key of its search.
    pub key: Digest,
    pub scores: Digest,
    /// Whether the search came to its end in any run.
    pub ended: bool,
}

impl Records {
    /// The reports of all runs, and what they were of.
    pub async fn reports(&self) -> Result<BTreeSet<Digest>> {
        let found: Vec<String> = sqlx::query_scalar(
            "SELECT report FROM run WHERE report IS NOT NULL UNION SELECT described FROM run WHERE described IS NOT NULL",
        )
            .fetch_all(self.store.pool())
            .await
            .doing(DOING)?;
        found.iter().map(|digest| digest.parse()).collect()
    }

    /// All parts of steps.
    pub async fn all_parts(&self) -> Result<Vec<HeldPart>> {
        let rows: Vec<(String, String, bool, bool)> =
            sqlx::query_as("SELECT key, blob, kept, EXISTS (SELECT 1 FROM step WHERE step.key = part.key) FROM part")
                .fetch_all(self.store.pool())
                .await
                .doing(DOING)?;
        let part = |(key, blob, kept, of_run): (String, String, bool, bool)| {
            Ok(HeldPart { key: key.parse()?, blob: blob.parse()?, kept, of_run })
        };
        rows.into_iter().map(part).collect()
    }

    /// The scores of all trials.
    pub async fn all_trials(&self) -> Result<Vec<HeldTrial>> {
        let rows: Vec<(String, String, bool)> = sqlx::query_as(
            "SELECT step, scores, EXISTS (SELECT 1 FROM step WHERE step.key = trial.step AND state IN ('executed', 'cached'))
             FROM trial",
        )
        .fetch_all(self.store.pool())
        .await
        .doing(DOING)?;
        let trial = |(key, scores, ended): (String, String, bool)| {
            Ok(HeldTrial { key: key.parse()?, scores: scores.parse()?, ended })
        };
        rows.into_iter().map(trial).collect()
    }

    /// The keys of all steps that a run went through.
    pub async fn keys_of(&self, run: i64) -> Result<Vec<Digest>> {
        let keys: Vec<String> = sqlx::query_scalar("SELECT key FROM step WHERE run = ?")
            .bind(run)
            .fetch_all(self.store.pool())
            .await
            .doing(DOING)?;
        keys.iter().map(|key| key.parse()).collect()
    }

    /// Forgets the parts of steps that belong to no run.
    pub async fn forget_parts(&self, keys: &BTreeSet<Digest>) -> Result<()> {
        self.store
            .write(async |tx| {
                for key in keys {
                    sqlx::query("DELETE FROM part WHERE key = ? AND key NOT IN (SELECT key FROM step)")
                        .bind(key.to_string())
                        .execute(&mut *tx)
                        .await
                        .doing("forgetting what a step made")?;
                }
                Ok(())
            })
            .await
    }
}
