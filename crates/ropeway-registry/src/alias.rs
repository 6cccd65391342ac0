//! The rows of aliases: names that point to a version and may be moved. Every move is a row, and the newest row counts,
//! so that the history is the record itself.

use ropeway_store::SqlResult;
use ropeway_store::sqlx::{self, SqliteConnection};
use ropeway_vocab::{Instant, Result};

/// The alias of the version that answers when a model is asked for by its bare name.
pub const CHAMPION: &str = "champion";

const READ: &str = "reading the aliases";

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

/// Writes a move.
pub(crate) async fn record(
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
