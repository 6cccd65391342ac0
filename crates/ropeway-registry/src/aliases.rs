//! Aliases as a user moves them, and the history of their moves.

use ropeway_store::SqlResult;
use ropeway_store::sqlx;
use ropeway_vocab::{Instant, Result};

use crate::alias::{CHAMPION, point};
use crate::champion::may_be_champion;
use crate::name;
use crate::registry::{Registry, names, not_found, unknown_model};
use crate::version::{self, AliasChange};

/// Alias, version, when and why of a move.
type Move = (String, Option<i64>, i64, Option<String>);

impl Registry {
    /// Points an alias of a model to one of its versions. `champion` may point only to a version whose gates
    /// all passed and that is not of a sample: so a model is rolled back to an earlier champion.
    ///
    /// # Errors
    /// `NotFound` for an unknown model or version, `Refused` for a champion that may not be one, `Invalid`
    /// for a name that cannot be one.
    pub async fn set_alias(&self, model: &str, alias: &str, version: u64) -> Result<()> {
        name::check("an alias", alias)?;
        let now = self.clock.now();
        self.store
            .write(async |tx| {
                let names = names(tx).await?;
                let Some((id, _)) = names.iter().find(|(_, known)| known == model) else {
                    return Err(unknown_model(model, &names));
                };
                if !version::numbers(tx, *id).await?.contains(&version) {
                    let what = format!("model `{model}` has no version {version}");
                    return Err(not_found("unknown-version", what).remedy("`ropeway models` lists them"));
                }
                if alias == CHAMPION {
                    let found = version::read(tx, *id, version).await?;
                    may_be_champion(model, version, found.sample, &found.gates)?;
                }
                point(tx, *id, alias, version, now).await
            })
            .await
    }

    /// Every move of a model's aliases, oldest first.
    ///
    /// # Errors
    /// `NotFound` for an unknown model; `Io`.
    pub async fn alias_history(&self, model: &str) -> Result<Vec<AliasChange>> {
        let mut db = self.read().await?;
        let names = names(&mut db).await?;
        let Some((id, _)) = names.iter().find(|(_, known)| known == model) else {
            return Err(unknown_model(model, &names));
        };
        let rows: Vec<Move> =
            sqlx::query_as("SELECT alias, version, changed, why FROM registry_alias_move WHERE model = ? ORDER BY id")
                .bind(id)
                .fetch_all(&mut *db)
                .await
                .doing("reading the aliases")?;
        let change = |(alias, version, changed, why): Move| AliasChange {
            alias,
            version: version.map(i64::cast_unsigned),
            changed: Instant::from_micros(changed),
            why,
        };
        Ok(rows.into_iter().map(change).collect())
    }
}
