//! Relations as the sources and the posts of a project have them now: a run, a server and a prediction read them alike.

use std::collections::BTreeMap;
use std::path::Path;

use ropeway_source::{SourceRead, SourceSettings};
use ropeway_table::{Relation, RowTimes, TablePlan};
use ropeway_vocab::{Problem, Result};

use crate::arrival::{Arrived, KeyIndex, Post, merge, posts};
use crate::package::Package;

/// The relations that a package's features stand on, as the sources and posts of a project have them now.
#[derive(Debug)]
pub struct Relations {
    /// Every relation by name.
    pub by_name: BTreeMap<String, Relation>,
    /// The keys known of each source that has a key.
    pub keys: BTreeMap<String, KeyIndex>,
}

impl Relations {
    /// Reads the sources (where the project says they lie, as the package says how) and the posts of the store, and makes
    /// every relation.
    ///
    /// # Errors
    /// A source that the project does not have or that cannot be read, SQL that fails, a check that stops.
    pub async fn load(
        package: &Package,
        project: &Path,
        paths: &BTreeMap<String, String>,
        store_root: &Path,
    ) -> Result<Self> {
        let plan = package.tables()?;
        let mut sources = BTreeMap::new();
        let mut keys = BTreeMap::new();
        for (name, definition) in &package.contents.definitions.sources {
            let path = paths.get(name).ok_or_else(|| {
                Problem::invalid(
                    "missing-source",
                    format!("the package reads the source `{name}`, which the project does not have"),
                )
                .remedy(format!("add [source.{name}] with its path to the project file"))
            })?;
            let settings = SourceSettings { path: path.clone(), ..definition.settings.clone() };
            let (posts, _) = posts(store_root, name)?;
            let now = SourceNow::read(plan, name, &settings, project, &posts).map_err(changed)?;
            sources.insert(name.clone(), now.relation);
            keys.extend(now.arrived.index.map(|index| (name.clone(), index)));
        }
        let by_name = plan.all_from(sources, false).await?;
        Ok(Self { by_name, keys })
    }
}

/// A model made before the columns of a source changed needs them as they were.
fn changed(problem: Problem) -> Problem {
    match (problem.code(), problem.advice().map(str::to_owned)) {
        ("missing-column" | "column-type", Some(advice)) => {
            problem.remedy(format!("{advice}; `ropeway run` makes a model of the columns that there are"))
        }
        _ => problem,
    }
}

/// A source as it is now.
#[derive(Debug)]
pub struct SourceNow {
    /// Its rows.
    pub relation: Relation,
    /// What came of reading its files; the rows are taken out.
    pub read: SourceRead,
    /// What came of its posts; the rows are taken out.
    pub arrived: Arrived,
}

impl SourceNow {
    /// Reads a source's files as `settings` say, with the columns of the plan: they are found by name, and their types are
    /// not inferred again. Joins its posts.
    ///
    /// # Errors
    /// Files that cannot be read, posts that no longer fit.
    pub fn read(
        plan: &TablePlan,
        name: &str,
        settings: &SourceSettings,
        project: &Path,
        posts: &[Post],
    ) -> Result<Self> {
        let (now, refusal) = Self::read_all(plan, name, settings, project, posts)?;
        refusal.map_or(Ok(now), Err)
    }

    /// Like [`Self::read`], but gives what was read even when too much of it is rejected, beside the refusal; without rows,
    /// where those that are left fail.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_all(
        plan: &TablePlan,
        name: &str,
        settings: &SourceSettings,
        project: &Path,
        posts: &[Post],
    ) -> Result<(Self, Option<Problem>)> {
        let definition = &plan.definitions().sources[name];
        let (mut read, refusal) = ropeway_source::read_all_columns(name, settings, &definition.columns, project)?;
        let batches = std::mem::take(&mut read.batches);
        let joined = merge(name, definition, batches, posts).and_then(|mut arrived| {
            let times = RowTimes::Arrivals(std::mem::take(&mut arrived.arrivals));
            Ok((plan.source(name, std::mem::take(&mut arrived.batches), times)?, arrived))
        });
        let (relation, arrived) = match joined {
            // What is wrong with the rows that are left is no news while most are missing.
            Err(_) if refusal.is_some() => (Relation::empty(plan.schema(name)?.clone()), Arrived::default()),
            joined => joined?,
        };
        Ok((Self { relation, read, arrived }, refusal))
    }
}
