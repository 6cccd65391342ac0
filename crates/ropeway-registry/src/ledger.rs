//! The ledger of looks: each scoring of one model on one holdout counts once, for ever. Every look makes the
//! holdout a little less unseen, so whoever shows a holdout figure shows this count with it.

use ropeway_store::SqlResult;
use ropeway_store::sqlx::{self, SqliteConnection};
use ropeway_vocab::{Digest, Result};

use crate::registry::Registry;
use crate::scorecard::{self, Scorecard};

/// A look, recorded now or earlier.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// How many different models were scored on this holdout so far, this one included.
    pub looks: u64,
    /// Whether it was the first look of this model at this holdout.
    pub new: bool,
    /// The figures as they were recorded first.
    pub figures: Scorecard,
}

impl Registry {
    /// Records that a model was scored on a holdout, before the figures are shown to anybody. The same model
    /// on the same holdout adds no look and returns the figures of the first.
    ///
    /// # Errors
    /// `Io`, `Busy`: then the figures must not be shown.
    pub async fn look(&self, model: &Digest, holdout: &Digest, figures: &Scorecard) -> Result<Look> {
        const DOING: &str = "recording a look at the holdout";
        let now = self.clock.now();
        self.store
            .write(async |tx| {
                let earlier = find(tx, model, holdout).await?;
                let new = earlier.is_none();
                let id = match earlier {
                    Some(id) => id,
                    None => {
                        let id = scorecard::insert(tx, figures).await?;
                        sqlx::query(
                            "INSERT INTO registry_look (holdout, model, looked, scorecard) VALUES (?, ?, ?, ?)",
                        )
                        .bind(holdout.to_string())
                        .bind(model.to_string())
                        .bind(now.micros())
                        .bind(id)
                        .execute(&mut *tx)
                        .await
                        .doing(DOING)?;
                        id
                    }
                };
                Ok(Look { looks: count(tx, holdout).await?, new, figures: scorecard::read(tx, id).await? })
            })
            .await
    }

    /// The look that a model took at a holdout, where it did.
    ///
    /// # Errors
    /// `Io`.
    pub async fn look_of(&self, model: &Digest, holdout: &Digest) -> Result<Option<Look>> {
        let mut db = self.read().await?;
        match find(&mut db, model, holdout).await? {
            Some(id) => {
                let figures = scorecard::read(&mut db, id).await?;
                Ok(Some(Look { looks: count(&mut db, holdout).await?, new: false, figures }))
            }
            None => Ok(None),
        }
    }

    /// How many different models were scored on a holdout.
    ///
    /// # Errors
    /// `Io`.
    pub async fn looks(&self, holdout: &Digest) -> Result<u64> {
        count(&mut *self.read().await?, holdout).await
    }
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
        Some(holdout) => Ok(Some(count(db, &holdout.parse()?).await?)),
        None => Ok(None),
    }
}

async fn find(db: &mut SqliteConnection, model: &Digest, holdout: &Digest) -> Result<Option<i64>> {
    sqlx::query_scalar("SELECT scorecard FROM registry_look WHERE holdout = ? AND model = ?")
        .bind(holdout.to_string())
        .bind(model.to_string())
        .fetch_optional(db)
        .await
        .doing("reading the looks at a holdout")
}

async fn count(db: &mut SqliteConnection, holdout: &Digest) -> Result<u64> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM registry_look WHERE holdout = ?")
        .bind(holdout.to_string())
        .fetch_one(db)
        .await
        .doing("counting the looks at a holdout")?;
    Ok(count.cast_unsigned())
}

#[cfg(test)]
mod tests {
    use ropeway_stat::{Estimate, Metric};

    use crate::registry::tests::registry;

    use super::*;

    fn figures(value: f64) -> Scorecard {
        [(Metric::RocAuc, Estimate { value, low: f64::NAN, high: f64::INFINITY })].into()
    }

    #[tokio::test]
    async fn the_same_model_on_the_same_holdout_is_one_look() {
        let (_folder, registry) = registry().await;
        let [a, b, holdout] = [b"a", b"b", b"h"].map(|bytes| Digest::of(bytes));
        assert_eq!(registry.looks(&holdout).await.unwrap(), 0);
        let first = registry.look(&a, &holdout, &figures(0.7)).await.unwrap();
        assert_eq!((first.looks, first.new), (1, true));
        let again = registry.look(&a, &holdout, &figures(0.9)).await.unwrap();
        assert_eq!((again.looks, again.new), (1, false));
        assert_eq!(again.figures[&Metric::RocAuc].value.to_bits(), 0.7_f64.to_bits());
        assert!(again.figures[&Metric::RocAuc].low.is_nan());
        assert_eq!(again.figures[&Metric::RocAuc].high, f64::INFINITY);
        assert_eq!(registry.look(&b, &holdout, &figures(0.8)).await.unwrap().looks, 2);
        assert_eq!(registry.looks(&holdout).await.unwrap(), 2);
        assert_eq!(registry.look(&a, &b, &figures(0.8)).await.unwrap().looks, 1);
        assert_eq!(registry.look_of(&a, &holdout).await.unwrap().unwrap().looks, 2);
        assert_eq!(registry.look_of(&holdout, &a).await.unwrap(), None);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn looks_at_the_same_time_are_all_counted_once() {
        let (_folder, registry) = registry().await;
        let holdout = Digest::of(b"h");
        let tasks: Vec<_> = (0..20_u8)
            .map(|i| {
                let registry = registry.clone();
                tokio::spawn(async move { registry.look(&Digest::of(&[i / 2]), &holdout, &figures(0.5)).await })
            })
            .collect();
        let mut new = 0;
        for task in tasks {
            new += u64::from(task.await.unwrap().unwrap().new);
        }
        assert_eq!((new, registry.looks(&holdout).await.unwrap()), (10, 10));
    }
}
