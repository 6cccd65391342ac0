//! Which holdouts share rows: another split of the same examples, another key or another label makes another holdout, and
//! yet the rows that both have were looked at through either.

use ropeway_store::sqlx::{self, SqliteConnection};
use ropeway_store::{Blobs, SqlResult};
use ropeway_vocab::{Digest, Result};

/// Rows of a holdout that are kept, those with the lowest numbers: of two holdouts of any size those that share more than
/// a few rows in a hundred thousand are found, and no list is longer than a megabyte.
const MOST: usize = 1 << 17;

/// A holdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holdout {
    /// Its identity.
    pub digest: Digest,
    /// The blob that [`holdout_rows`] made of its rows.
    pub rows: Digest,
}

/// The rows of a holdout as they are kept. A row is a few numbers that any holdout gives it: digests of its key, and of
/// what is asked of it.
pub fn holdout_rows(mut rows: Vec<u64>) -> Vec<u8> {
    rows.sort_unstable();
    rows.dedup();
    rows.truncate(MOST);
    rows.into_iter().flat_map(u64::to_le_bytes).collect()
}

/// Whether two lists that [`holdout_rows`] made have a row in common.
fn share(left: &[u8], right: &[u8]) -> bool {
    let rows = |bytes: &[u8]| bytes.as_chunks::<8>().0.iter().map(|row| u64::from_le_bytes(*row)).collect::<Vec<u64>>();
    let (left, right) = (rows(left), rows(right));
    left.iter().any(|row| right.binary_search(row).is_ok())
}

/// Keeps a holdout that is new, and with which of the known ones it shares rows.
pub(crate) async fn keep(tx: &mut SqliteConnection, blobs: &Blobs, holdout: &Holdout) -> Result<()> {
    const DOING: &str = "recording a holdout";
    let known: Vec<(String, String)> =
        sqlx::query_as("SELECT holdout, rows FROM registry_holdout").fetch_all(&mut *tx).await.doing(DOING)?;
    let digest = holdout.digest.to_string();
    if known.iter().any(|(known, _)| *known == digest) {
        return Ok(());
    }
    sqlx::query("INSERT INTO registry_holdout (holdout, rows) VALUES (?, ?)")
        .bind(&digest)
        .bind(holdout.rows.to_string())
        .execute(&mut *tx)
        .await
        .doing(DOING)?;
    let own = blobs.get(&holdout.rows)?;
    for (other, rows) in known {
        if share(&own, &blobs.get(&rows.parse()?)?) {
            sqlx::query("INSERT INTO registry_overlap (holdout, other) VALUES (?1, ?2), (?2, ?1)")
                .bind(&digest)
                .bind(&other)
                .execute(&mut *tx)
                .await
                .doing(DOING)?;
        }
    }
    Ok(())
}

/// How many looks were taken at a holdout, and how many at others that share rows with it.
pub(crate) async fn looks(db: &mut SqliteConnection, holdout: &Digest) -> Result<(u64, u64)> {
    let counts: (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM registry_look WHERE holdout = ?1),
                (SELECT count(*) FROM registry_look JOIN registry_overlap ON registry_look.holdout = other
                 WHERE registry_overlap.holdout = ?1)",
    )
    .bind(holdout.to_string())
    .fetch_one(db)
    .await
    .doing("counting the looks at a holdout")?;
    Ok((counts.0.cast_unsigned(), counts.1.cast_unsigned()))
}

/// The looks at the holdout that this model looked at last.
pub(crate) async fn looks_with(db: &mut SqliteConnection, model: &Digest) -> Result<Option<u64>> {
    let holdout: Option<String> =
        sqlx::query_scalar("SELECT holdout FROM registry_look WHERE model = ? ORDER BY id DESC LIMIT 1")
            .bind(model.to_string())
            .fetch_optional(&mut *db)
            .await
            .doing("reading the looks at a holdout")?;
    match holdout {
        Some(holdout) => {
            let (here, elsewhere) = looks(db, &holdout.parse()?).await?;
            Ok(Some(here + elsewhere))
        }
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_common_are_found_in_any_order() {
        let shares = |left: &[u64], right: &[u64]| share(&holdout_rows(left.to_vec()), &holdout_rows(right.to_vec()));
        assert!(shares(&[9, 1, 5], &[7, 9]));
        assert!(!shares(&[9, 1, 5], &[7, 8]));
        assert!(!shares(&[], &[7]));
        // Too many to keep all of them: what is kept of two halves that share a tenth still meets.
        let spread =
            |from: u64, to: u64| (from..to).map(|row| row.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect::<Vec<_>>();
        assert!(shares(&spread(0, 300_000), &spread(270_000, 570_000)));
        assert!(!shares(&spread(0, 300_000), &spread(300_000, 600_000)));
        assert_eq!(holdout_rows(spread(0, 300_000)).len(), 8 * MOST);
    }
}
