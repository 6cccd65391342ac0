//! Versions in the database.

use std::collections::BTreeMap;

use ropeway_store::SqlResult;
use ropeway_store::sqlx::{self, Row, SqliteConnection};
use ropeway_vocab::{Digest, Instant, Result};

use crate::version::{FileLineage, Lineage, NewVersion, SourceLineage, Version};
use crate::{GateOutcome, Scorecard, alias, holdout, scorecard};

const REGISTER: &str = "registering a version";
const READ: &str = "reading a version";

/// The id, number and sample mark of the version with that digest.
pub(crate) async fn find_digest(
    tx: &mut SqliteConnection,
    model: i64,
    digest: &Digest,
) -> Result<Option<(i64, u64, bool)>> {
    let found: Option<(i64, i64, bool)> =
        sqlx::query_as("SELECT id, version, sample FROM registry_version WHERE model = ? AND digest = ?")
            .bind(model)
            .bind(digest.to_string())
            .fetch_optional(tx)
            .await
            .doing(REGISTER)?;
    Ok(found.map(|(id, number, sample)| (id, number.cast_unsigned(), sample)))
}

/// Inserts a version behind the newest and returns its id and number.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    model: i64,
    new: &NewVersion,
    now: Instant,
) -> Result<(i64, u64)> {
    let validation = scorecard::insert(tx, &new.validation).await?;
    let (id, number): (i64, i64) = sqlx::query_as(
        "INSERT INTO registry_version (model, version, run, digest, package, sample, registered, validation,
                                       seed, ropeway, platform)
         SELECT ?1, 1 + (SELECT coalesce(max(version), 0) FROM registry_version WHERE model = ?1),
                ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
         RETURNING id, version",
    )
    .bind(model)
    .bind(&new.run)
    .bind(new.digest.to_string())
    .bind(new.package.to_string())
    .bind(new.sample)
    .bind(now.micros())
    .bind(validation)
    .bind(new.lineage.seed.cast_signed())
    .bind(&new.lineage.ropeway)
    .bind(&new.lineage.platform)
    .fetch_one(&mut *tx)
    .await
    .doing(REGISTER)?;
    for (name, source) in &new.lineage.sources {
        insert_source(tx, id, name, source).await?;
    }
    Ok((id, number.cast_unsigned()))
}

async fn insert_source(tx: &mut SqliteConnection, version: i64, name: &str, source: &SourceLineage) -> Result<()> {
    sqlx::query("INSERT INTO registry_source (version, source, content) VALUES (?, ?, ?)")
        .bind(version)
        .bind(name)
        .bind(source.content.to_string())
        .execute(&mut *tx)
        .await
        .doing(REGISTER)?;
    for (position, file) in (0_i64..).zip(&source.files) {
        sqlx::query(
            "INSERT INTO registry_file (version, source, position, name, digest, bytes) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(version)
        .bind(name)
        .bind(position)
        .bind(&file.name)
        .bind(file.digest.to_string())
        .bind(file.bytes.cast_signed())
        .execute(&mut *tx)
        .await
        .doing(REGISTER)?;
    }
    Ok(())
}

/// Adds holdout figures to a version that has none; figures that are there stay.
pub(crate) async fn add_holdout(tx: &mut SqliteConnection, version: i64, holdout: &Scorecard) -> Result<()> {
    let opened: bool = sqlx::query_scalar("SELECT holdout IS NOT NULL FROM registry_version WHERE id = ?")
        .bind(version)
        .fetch_one(&mut *tx)
        .await
        .doing(REGISTER)?;
    if opened {
        return Ok(());
    }
    let holdout = scorecard::insert(tx, holdout).await?;
    sqlx::query("UPDATE registry_version SET holdout = ? WHERE id = ?")
        .bind(holdout)
        .bind(version)
        .execute(tx)
        .await
        .doing(REGISTER)?;
    Ok(())
}

/// Replaces the outcomes of a version's gates. A gate that was not opened this time keeps what it said when it was: the
/// package is the same, and so is its holdout.
pub(crate) async fn set_gates(tx: &mut SqliteConnection, version: i64, new: &[GateOutcome]) -> Result<()> {
    const DOING: &str = "recording the gates";
    let before = gates(tx, version).await?;
    let said = |gate: &GateOutcome| {
        let earlier = before.iter().find(|earlier| gate.passed.is_none() && earlier.that == gate.that);
        earlier.unwrap_or(gate).clone()
    };
    let gates: Vec<GateOutcome> = new.iter().map(said).collect();
    let old = sqlx::query("DELETE FROM registry_gate WHERE version = ?").bind(version);
    old.execute(&mut *tx).await.doing(DOING)?;
    for (position, gate) in (0_i64..).zip(&gates) {
        sqlx::query("INSERT INTO registry_gate (version, position, that, passed, measured) VALUES (?, ?, ?, ?, ?)")
            .bind(version)
            .bind(position)
            .bind(&gate.that)
            .bind(gate.passed)
            .bind(gate.measured.filter(|measured| !measured.is_nan()))
            .execute(&mut *tx)
            .await
            .doing(DOING)?;
    }
    Ok(())
}

/// The numbers of a model's versions, oldest first.
pub(crate) async fn numbers(db: &mut SqliteConnection, model: i64) -> Result<Vec<u64>> {
    let numbers: Vec<i64> = sqlx::query_scalar("SELECT version FROM registry_version WHERE model = ? ORDER BY version")
        .bind(model)
        .fetch_all(db)
        .await
        .doing(READ)?;
    Ok(numbers.into_iter().map(i64::cast_unsigned).collect())
}

/// A version with all that is recorded of it.
pub(crate) async fn read(db: &mut SqliteConnection, model: i64, number: u64) -> Result<Version> {
    let row = sqlx::query(
        "SELECT v.*, m.name FROM registry_version v JOIN registry_model m ON m.id = v.model
         WHERE v.model = ? AND v.version = ?",
    )
    .bind(model)
    .bind(number.cast_signed())
    .fetch_one(&mut *db)
    .await
    .doing(READ)?;
    let id: i64 = row.try_get("id").doing(READ)?;
    let text = |column: &str| row.try_get::<String, _>(column).doing(READ);
    let whole = |column: &str| row.try_get::<i64, _>(column).doing(READ);
    let holdout = match row.try_get::<Option<i64>, _>("holdout").doing(READ)? {
        Some(card) => Some(scorecard::read(db, card).await?),
        None => None,
    };
    let digest: Digest = text("digest")?.parse()?;
    let aliases = alias::all(db, model).await?.into_iter().filter(|(_, target)| *target == number);
    let lineage = Lineage {
        sources: sources(db, id).await?,
        seed: whole("seed")?.cast_unsigned(),
        ropeway: text("ropeway")?,
        platform: text("platform")?,
    };
    Ok(Version {
        model: text("name")?,
        version: number,
        run: text("run")?,
        digest,
        package: text("package")?.parse()?,
        sample: row.try_get("sample").doing(READ)?,
        registered: Instant::from_micros(whole("registered")?),
        aliases: aliases.map(|(alias, _)| alias).collect(),
        validation: scorecard::read(db, whole("validation")?).await?,
        holdout,
        looks: holdout::looks_with(db, &digest).await?,
        gates: gates(db, id).await?,
        lineage,
    })
}

/// How a version's gates ended, in their order.
async fn gates(db: &mut SqliteConnection, version: i64) -> Result<Vec<GateOutcome>> {
    let rows: Vec<(String, Option<bool>, Option<f64>)> =
        sqlx::query_as("SELECT that, passed, measured FROM registry_gate WHERE version = ? ORDER BY position")
            .bind(version)
            .fetch_all(db)
            .await
            .doing("reading the gates")?;
    Ok(rows.into_iter().map(|(that, passed, measured)| GateOutcome { that, passed, measured }).collect())
}

async fn sources(db: &mut SqliteConnection, version: i64) -> Result<BTreeMap<String, SourceLineage>> {
    const DOING: &str = "reading the lineage";
    let rows: Vec<(String, String)> = sqlx::query_as("SELECT source, content FROM registry_source WHERE version = ?")
        .bind(version)
        .fetch_all(&mut *db)
        .await
        .doing(DOING)?;
    let mut sources = BTreeMap::new();
    for (source, content) in rows {
        sources.insert(source, SourceLineage { content: content.parse()?, files: Vec::new() });
    }
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT source, name, digest, bytes FROM registry_file WHERE version = ? ORDER BY source, position",
    )
    .bind(version)
    .fetch_all(db)
    .await
    .doing(DOING)?;
    for (source, name, digest, bytes) in rows {
        if let Some(source) = sources.get_mut(&source) {
            source.files.push(FileLineage { name, digest: digest.parse()?, bytes: bytes.cast_unsigned() });
        }
    }
    Ok(sources)
}
