//! The registry itself: registering versions, finding them, listing them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use ropeway_store::sqlx::{self, Sqlite, SqliteConnection, Transaction};
use ropeway_store::{SqlResult, Store};
use ropeway_vocab::{Clock, Digest, Instant, Kind, Problem, Result, SystemClock, nearest};

use crate::alias::CHAMPION;
use crate::name::Which;
use crate::version::{Lost, Model, NewVersion, Registered, Version};
use crate::{GateOutcome, alias, champion, name, outcome, tables, version};

/// The registry of a store; clones share it.
#[derive(Clone)]
pub struct Registry {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Registry {
    /// Opens the registry, making its tables where they are not there yet.
    ///
    /// # Errors
    /// `Corrupt` when a newer Ropeway made them; `Io`.
    pub async fn open(store: &Store) -> Result<Self> {
        Self::open_with(store, Arc::new(SystemClock)).await
    }

    /// The same with another clock.
    ///
    /// # Errors
    /// As [`Registry::open`].
    pub async fn open_with(store: &Store, clock: Arc<dyn Clock>) -> Result<Self> {
        store.migrate("registry", tables::STEPS).await?;
        Ok(Self { store: store.clone(), clock })
    }

    /// Registers a version of the model called `name`, in one transaction. The same digest again is the same
    /// version: its gates are those of now, and its holdout figures are added where it had none. A version
    /// whose gates all passed becomes champion, unless it is a sample; a champion of which a gate says no by now
    /// gives the alias back to the champion before it.
    ///
    /// # Errors
    /// `Invalid` for a name that cannot be one; `Conflict` when a digest is registered once as a sample and
    /// once not; `Io`, `Busy`.
    pub async fn register(&self, name: &str, new: NewVersion) -> Result<Registered> {
        name::check("a model", name)?;
        let now = self.clock.now();
        self.store
            .write(async |tx| {
                let model = model_id(tx, name).await?;
                let (id, number, is_new) = match version::find_digest(tx, model, &new.digest).await? {
                    Some((id, number, sample)) if sample == new.sample => (id, number, false),
                    Some((_, number, _)) => return Err(sample_conflict(name, number)),
                    None => {
                        let (id, number) = version::insert(tx, model, &new, now).await?;
                        (id, number, true)
                    }
                };
                version::set_gates(tx, id, &new.gates).await?;
                if let Some(holdout) = &new.holdout {
                    version::add_holdout(tx, id, holdout).await?;
                }
                if outcome::all_passed(&new.gates) && !new.sample {
                    alias::point(tx, model, CHAMPION, number, now).await?;
                }
                let champion = alias::target(tx, model, CHAMPION).await? == Some(number);
                let lost = match new.gates.iter().find(|gate| gate.passed == Some(false)) {
                    Some(gate) if champion => Some(dethrone(tx, model, number, gate, now).await?),
                    _ => None,
                };
                Ok(Registered { version: number, new: is_new, champion: champion && lost.is_none(), lost })
            })
            .await
    }

    /// Finds a version: `flights` is its champion, else its newest; `flights@3` its third; `flights@champion`
    /// what that alias points to; and `champion` alone the one model that has this alias, where no model is
    /// called so.
    ///
    /// # Errors
    /// `NotFound`, with what is known instead.
    pub async fn resolve(&self, reference: &str) -> Result<Version> {
        let (name, which) = name::parse(reference)?;
        let mut db = self.read().await?;
        let names = names(&mut db).await?;
        let Some((model, name)) = names.iter().find(|(_, known)| known == name) else {
            if which == Which::Best
                && let [(model, number)] = alias::models_with(&mut db, name).await?[..]
            {
                return version::read(&mut db, model, number).await;
            }
            return Err(unknown_model(name, &names));
        };
        let (model, versions) = (*model, version::numbers(&mut db, *model).await?);
        let number = match which {
            Which::Version(number) => versions.contains(&number).then_some(number).ok_or_else(|| {
                let newest = versions.last().copied().unwrap_or_default();
                not_found("unknown-version", format!("model `{name}` has no version {number}"))
                    .remedy(format!("its versions are 1 to {newest}; `ropeway models` lists them"))
            })?,
            Which::Alias(alias) => match alias::target(&mut db, model, &alias).await? {
                Some(number) => number,
                None => return Err(unknown_alias(name, &alias, &alias::all(&mut db, model).await?)),
            },
            Which::Best => match alias::target(&mut db, model, CHAMPION).await? {
                Some(number) => number,
                None => versions.last().copied().ok_or_else(|| unknown_model(name, &names))?,
            },
        };
        version::read(&mut db, model, number).await
    }

    /// All models by name, with their versions, oldest first.
    ///
    /// # Errors
    /// `Io`, or `Corrupt` for a damaged record.
    pub async fn list(&self) -> Result<Vec<Model>> {
        let mut db = self.read().await?;
        let mut models = Vec::new();
        for (model, name) in names(&mut db).await? {
            let mut versions = Vec::new();
            for number in version::numbers(&mut db, model).await? {
                versions.push(version::read(&mut db, model, number).await?);
            }
            models.push(Model { name, versions, aliases: alias::all(&mut db, model).await?.into_iter().collect() });
        }
        Ok(models)
    }

    /// The blobs that versions and holdouts stand for.
    ///
    /// # Errors
    /// `Io`, or `Corrupt` for a damaged record.
    pub async fn blobs(&self) -> Result<BTreeSet<Digest>> {
        let found: Vec<String> =
            sqlx::query_scalar("SELECT package FROM registry_version UNION SELECT rows FROM registry_holdout")
                .fetch_all(self.store.pool())
                .await
                .doing("reading the registry")?;
        found.iter().map(|digest| digest.parse()).collect()
    }

    /// A transaction that reads one state of the records, whatever is written meanwhile.
    pub(crate) async fn read(&self) -> Result<Transaction<'static, Sqlite>> {
        self.store.pool().begin().await.doing("reading the registry")
    }
}

/// A champion of which a gate says no gives the alias back.
async fn dethrone(
    tx: &mut SqliteConnection,
    model: i64,
    number: u64,
    gate: &GateOutcome,
    now: Instant,
) -> Result<Lost> {
    let why = format!("the gate `{}` says no of version {number}", gate.that);
    let heir = champion::fall_back(tx, model, number, &why, now).await?;
    Ok(Lost { gate: gate.that.clone(), heir })
}

/// The id of a model, made where it is new.
async fn model_id(tx: &mut SqliteConnection, name: &str) -> Result<i64> {
    sqlx::query("INSERT INTO registry_model (name) VALUES (?) ON CONFLICT DO NOTHING")
        .bind(name)
        .execute(&mut *tx)
        .await
        .doing("registering a model")?;
    let id = sqlx::query_scalar("SELECT id FROM registry_model WHERE name = ?").bind(name);
    id.fetch_one(tx).await.doing("registering a model")
}

/// All models by name, with their ids.
pub(crate) async fn names(db: &mut SqliteConnection) -> Result<Vec<(i64, String)>> {
    sqlx::query_as("SELECT id, name FROM registry_model ORDER BY name").fetch_all(db).await.doing("reading the models")
}

pub(crate) fn not_found(code: &'static str, what: String) -> Problem {
    Problem::new(Kind::NotFound, code, what)
}

pub(crate) fn unknown_model(name: &str, names: &[(i64, String)]) -> Problem {
    let problem = not_found("unknown-model", format!("there is no model `{name}`"));
    match nearest(name, names.iter().map(|(_, known)| known.as_str())) {
        Some(near) => problem.remedy(format!("did you mean `{near}`?")),
        None if names.is_empty() => problem.remedy("`ropeway run` makes the first one"),
        None => problem.remedy("`ropeway models` lists them"),
    }
}

fn unknown_alias(name: &str, alias: &str, aliases: &[(String, u64)]) -> Problem {
    let problem = not_found("unknown-alias", format!("model `{name}` has no alias `{alias}`"));
    match nearest(alias, aliases.iter().map(|(known, _)| known.as_str())) {
        Some(near) => problem.remedy(format!("did you mean `{name}@{near}`?")),
        None if alias == CHAMPION => {
            problem.remedy("a version becomes champion when its gates pass; see `ropeway show`")
        }
        None => problem.remedy("`ropeway models` lists versions and aliases"),
    }
}

fn sample_conflict(name: &str, version: u64) -> Problem {
    let what =
        format!("version {version} of `{name}` is registered with the same digest, but not both are of a sample");
    Problem::new(Kind::Conflict, "sample-conflict", what)
        .remedy("this is a defect of Ropeway: the mark of a sample belongs into the package; please report it")
}

#[cfg(test)]
pub(crate) mod tests;
