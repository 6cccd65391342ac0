//! The ledger of looks: each scoring of one model on one holdout counts once, for ever. Every look makes the
//! holdout a little less unseen, so whoever shows a holdout figure shows this count with it.

use ropeway_store::SqlResult;
use ropeway_store::sqlx::{self, SqliteConnection};
use ropeway_vocab::{Digest, Result};

use crate::holdout::{self, Holdout};
use crate::registry::Registry;
use crate::scorecard::{self, Scorecard};

/// A look, recorded now or earlier.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// How many different models were scored on this holdout so far, this one included, and through other splits on
    /// holdouts that share rows with it.
    pub looks: u64,
    /// How many of these looks were taken through another split, key or label.
    pub elsewhere: u64,
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
    pub async fn look(&self, model: &Digest, holdout: &Holdout, figures: &Scorecard) -> Result<Look> {
        const DOING: &str = "recording a look at the holdout";
        let now = self.clock.now();
        self.store
            .write(async |tx| {
                holdout::keep(tx, self.store.blobs(), holdout).await?;
                let holdout = &holdout.digest;
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
                look(tx, holdout, id, new).await
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
            Some(id) => look(&mut db, holdout, id, false).await.map(Some),
            None => Ok(None),
        }
    }

    /// How many different models were scored on a holdout, and on others that share rows with it.
    ///
    /// # Errors
    /// `Io`.
    pub async fn looks(&self, holdout: &Digest) -> Result<u64> {
        let (here, elsewhere) = holdout::looks(&mut *self.read().await?, holdout).await?;
        Ok(here + elsewhere)
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

/// A look with its scorecard and the counts of now.
async fn look(db: &mut SqliteConnection, holdout: &Digest, scorecard: i64, new: bool) -> Result<Look> {
    let (here, elsewhere) = holdout::looks(db, holdout).await?;
    Ok(Look { looks: here + elsewhere, elsewhere, new, figures: scorecard::read(db, scorecard).await? })
}

#[cfg(test)]
mod tests {
    use ropeway_stat::{Estimate, Metric};

    use crate::registry::tests::{holdout, registry};

    use super::*;

    fn figures(value: f64) -> Scorecard {
        [(Metric::RocAuc, Estimate { value, low: f64::NAN, high: f64::INFINITY })].into()
    }

    #[tokio::test]
    async fn the_same_model_on_the_same_holdout_is_one_look() {
        let (_folder, registry) = registry().await;
        let [a, b] = [b"a", b"b"].map(|bytes| Digest::of(bytes));
        let holdout = holdout(&registry, b"h", &[1, 2]);
        assert_eq!(registry.looks(&holdout.digest).await.unwrap(), 0);
        let first = registry.look(&a, &holdout, &figures(0.7)).await.unwrap();
        assert_eq!((first.looks, first.new), (1, true));
        let again = registry.look(&a, &holdout, &figures(0.9)).await.unwrap();
        assert_eq!((again.looks, again.new), (1, false));
        assert_eq!(again.figures[&Metric::RocAuc].value.to_bits(), 0.7_f64.to_bits());
        assert!(again.figures[&Metric::RocAuc].low.is_nan());
        assert_eq!(again.figures[&Metric::RocAuc].high, f64::INFINITY);
        assert_eq!(registry.look(&b, &holdout, &figures(0.8)).await.unwrap().looks, 2);
        assert_eq!(registry.looks(&holdout.digest).await.unwrap(), 2);
        assert_eq!(registry.look_of(&a, &holdout.digest).await.unwrap().unwrap().looks, 2);
        assert_eq!(registry.look_of(&holdout.digest, &a).await.unwrap(), None);
    }

    #[tokio::test]
    async fn looks_through_another_split_count_where_rows_are_shared() {
        let (_folder, registry) = registry().await;
        let [a, b, c] = [b"a", b"b", b"c"].map(|bytes| Digest::of(bytes));
        let first = holdout(&registry, b"first", &[1, 2, 3]);
        let second = holdout(&registry, b"second", &[3, 4]);
        let apart = holdout(&registry, b"apart", &[7, 8]);
        registry.look(&a, &first, &figures(0.7)).await.unwrap();
        registry.look(&b, &first, &figures(0.7)).await.unwrap();
        let look = registry.look(&c, &second, &figures(0.7)).await.unwrap();
        assert_eq!((look.looks, look.elsewhere), (3, 2), "two were taken at the row that both have");
        let look = registry.look(&c, &apart, &figures(0.7)).await.unwrap();
        assert_eq!((look.looks, look.elsewhere), (1, 0));
        let look = registry.look_of(&a, &first.digest).await.unwrap().unwrap();
        assert_eq!((look.looks, look.elsewhere), (3, 1), "a later look counts for the earlier holdout, too");
        assert_eq!(registry.looks(&first.digest).await.unwrap(), 3);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn looks_at_the_same_time_are_all_counted_once() {
        let (_folder, registry) = registry().await;
        let holdout = holdout(&registry, b"h", &[1]);
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
        assert_eq!((new, registry.looks(&holdout.digest).await.unwrap()), (10, 10));
    }
}
