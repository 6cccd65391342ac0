//! Aliases: names that point to a version and may be moved. Every move is a row, and the newest row counts,
//! so that the history is the record itself.

use ropeway_store::SqlResult;
use ropeway_store::sqlx::{self, SqliteConnection};
use ropeway_vocab::{Instant, Kind, Problem, Result};

use crate::outcome::all_passed;
use crate::registry::{CHAMPION, Registry, names, not_found, unknown_model};
use crate::version::{self, AliasChange};
use crate::{GateOutcome, name};

const READ: &str = "reading the aliases";

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
                .doing(READ)?;
        let change = |(alias, version, changed, why): Move| AliasChange {
            alias,
            version: version.map(i64::cast_unsigned),
            changed: Instant::from_micros(changed),
            why,
        };
        Ok(rows.into_iter().map(change).collect())
    }
}

fn may_be_champion(model: &str, version: u64, sample: bool, gates: &[GateOutcome]) -> Result<()> {
    let refuse = |why: String, remedy: &str| {
        let what = format!("version {version} of `{model}` cannot be champion: {why}");
        Err(Problem::new(Kind::Refused, "not-champion", what).remedy(remedy))
    };
    if sample {
        return refuse("it learned from a sample".into(), "run without `--sample`");
    }
    if let Some(failed) = gates.iter().find(|gate| gate.passed == Some(false)) {
        return refuse(format!("its gate `{}` failed", failed.that), "choose a version whose gates passed");
    }
    match gates.iter().find(|gate| gate.passed.is_none()) {
        Some(open) => {
            refuse(format!("its gate `{}` is open", open.that), "open the holdout with `ropeway run --final`")
        }
        None => Ok(()),
    }
}

/// Moves an alias, unless it is there already.
pub(crate) async fn point(
    tx: &mut SqliteConnection,
    model: i64,
    alias: &str,
    version: u64,
    now: Instant,
) -> Result<()> {
    if target(tx, model, alias).await? == Some(version) {
        return Ok(());
    }
    record(tx, model, alias, Some(version), None, now).await
}

/// Takes `champion` from a version, for the reason `why`. The version that was champion last before it, is no sample and
/// has passed all its gates takes over; where there is none, nobody is champion.
pub(crate) async fn fall_back(
    tx: &mut SqliteConnection,
    model: i64,
    from: u64,
    why: &str,
    now: Instant,
) -> Result<Option<u64>> {
    let earlier: Vec<i64> = sqlx::query_scalar(
        "SELECT version FROM registry_alias_move WHERE model = ? AND alias = ? AND version <> ? ORDER BY id DESC",
    )
    .bind(model)
    .bind(CHAMPION)
    .bind(from.cast_signed())
    .fetch_all(&mut *tx)
    .await
    .doing(READ)?;
    let mut heir = None;
    for number in earlier.into_iter().map(i64::cast_unsigned) {
        let found = version::read(tx, model, number).await?;
        if !found.sample && all_passed(&found.gates) {
            heir = Some(number);
            break;
        }
    }
    record(tx, model, CHAMPION, heir, Some(why), now).await?;
    Ok(heir)
}

async fn record(
    tx: &mut SqliteConnection,
    model: i64,
    alias: &str,
    version: Option<u64>,
    why: Option<&str>,
    now: Instant,
) -> Result<()> {
    sqlx::query("INSERT INTO registry_alias_move (model, alias, version, changed, why) VALUES (?, ?, ?, ?, ?)")
        .bind(model)
        .bind(alias)
        .bind(version.map(u64::cast_signed))
        .bind(now.micros())
        .bind(why)
        .execute(tx)
        .await
        .doing("moving an alias")?;
    Ok(())
}

/// The version an alias points to.
pub(crate) async fn target(db: &mut SqliteConnection, model: i64, alias: &str) -> Result<Option<u64>> {
    Ok(all(db, model).await?.into_iter().find(|(known, _)| known == alias).map(|(_, version)| version))
}

/// All aliases of a model, sorted, each with the version it points to.
pub(crate) async fn all(db: &mut SqliteConnection, model: i64) -> Result<Vec<(String, u64)>> {
    // With max(), SQLite takes the other columns from the row that has it:
    // <https://www.sqlite.org/lang_select.html#bareagg>.
    let rows: Vec<(String, Option<i64>, i64)> = sqlx::query_as(
        "SELECT alias, version, max(id) FROM registry_alias_move WHERE model = ? GROUP BY alias ORDER BY alias",
    )
    .bind(model)
    .fetch_all(db)
    .await
    .doing(READ)?;
    Ok(rows.into_iter().filter_map(|(alias, version, _)| Some((alias, version?.cast_unsigned()))).collect())
}

/// The models that have an alias, each with the version it points to.
pub(crate) async fn models_with(db: &mut SqliteConnection, alias: &str) -> Result<Vec<(i64, u64)>> {
    let rows: Vec<(i64, Option<i64>, i64)> =
        sqlx::query_as("SELECT model, version, max(id) FROM registry_alias_move WHERE alias = ? GROUP BY model")
            .bind(alias)
            .fetch_all(db)
            .await
            .doing(READ)?;
    Ok(rows.into_iter().filter_map(|(model, version, _)| Some((model, version?.cast_unsigned()))).collect())
}
