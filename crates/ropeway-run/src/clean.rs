//! `ropeway clean`: what lies in `.ropeway` and nothing refers to. Records stay: runs, versions, looks, arrivals and the blobs
//! that they stand for. Of what can be computed again, the results of the newest runs stay, and of those behind an alias.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ropeway_project::Project;
use ropeway_registry::Registry;
use ropeway_store::{Blobs, LeftBehind, Store};
use ropeway_vocab::{Digest, Instant, Problem, Result};
use serde::Serialize;

use crate::record::{Records, RunLine};
use crate::run::store_root;

/// What is to be cleaned.
#[derive(Debug, Clone, Copy)]
pub struct CleanOptions {
    /// How many of the newest runs keep what their steps made.
    pub runs: usize,
    /// Whether it is freed, and not only told.
    pub free: bool,
}

/// What a cleaning frees or would free.
#[derive(Debug, Clone, Serialize)]
pub struct CleanReport {
    /// Whether it was freed.
    pub freed: bool,
    /// The runs that keep what their steps made.
    pub kept_runs: Vec<String>,
    /// What goes, by kind.
    pub groups: Vec<CleanGroup>,
    /// Bytes on the disk, all together.
    pub bytes: u64,
}

/// What goes of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct CleanGroup {
    /// What it is.
    pub what: &'static str,
    /// How many files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Finds what nothing refers to, and frees it where that is wanted.
///
/// # Errors
/// `Busy` while a run has the project; what the disk or the record says.
pub async fn clean(project: &Project, options: CleanOptions) -> Result<CleanReport> {
    let root = store_root(project);
    if !root.is_dir() {
        return Ok(CleanReport { freed: options.free, kept_runs: Vec::new(), groups: Vec::new(), bytes: 0 });
    }
    let store = if options.free { Store::open(&root).await? } else { Store::open_to_read(&root).await? };
    store.closing(async |store| clean_in(store, options).await).await
}

async fn clean_in(store: &Store, options: CleanOptions) -> Result<CleanReport> {
    store.lock(Duration::ZERO).await?;
    let records = Records::open(store).await?;
    let kept = Kept::of(store, &records, options.runs).await?;
    let garbage = Garbage::find(store, &kept)?;
    if options.free {
        // The record forgets first: killed here, blobs are left that nothing refers to, which the next cleaning finds.
        records.forget_parts(&kept.strays).await?;
        garbage.free(store)?;
    }
    let groups = garbage.groups();
    let bytes = groups.iter().map(|group| group.bytes).sum();
    Ok(CleanReport { freed: options.free, kept_runs: kept.runs, groups, bytes })
}

/// What something refers to.
struct Kept {
    runs: Vec<String>,
    records: BTreeSet<Digest>,
    cache: BTreeSet<Digest>,
    /// Scores of searches that came to no end: those younger than the oldest run that is kept stay.
    unfinished: BTreeSet<Digest>,
    since: SystemTime,
    /// Keys of steps that no run has: commands beside runs made them.
    strays: BTreeSet<Digest>,
}

impl Kept {
    async fn of(store: &Store, records: &Records, newest: usize) -> Result<Self> {
        let registry = Registry::open(store).await?;
        let lines = records.runs().await?;
        let mut runs: BTreeSet<i64> = lines.iter().take(newest).filter_map(number).collect();
        let since = lines.iter().take(newest).map(|line| line.started).min();
        for model in registry.list().await? {
            let aliased = |version: &u64| model.versions.iter().find(|found| found.version == *version);
            let of_aliases = model.aliases.values().filter_map(aliased);
            runs.extend(of_aliases.filter_map(|version| version.run.strip_prefix('r')?.parse::<i64>().ok()));
        }
        let mut keys = BTreeSet::new();
        for run in &runs {
            keys.extend(records.keys_of(*run).await?);
        }
        let mut kept = Self {
            runs: runs.iter().rev().map(|run| format!("r{run}")).collect(),
            records: registry.blobs().await?,
            cache: BTreeSet::new(),
            unfinished: BTreeSet::new(),
            since: since.map_or(SystemTime::UNIX_EPOCH, system_time),
            strays: BTreeSet::new(),
        };
        kept.records.extend(records.reports().await?);
        for part in records.all_parts().await? {
            if !part.of_run {
                kept.strays.insert(part.key);
            } else if part.kept {
                kept.records.insert(part.blob);
            } else if keys.contains(&part.key) {
                kept.cache.insert(part.blob);
            }
        }
        for trial in records.all_trials().await? {
            if !trial.ended {
                kept.unfinished.insert(trial.scores);
            } else if keys.contains(&trial.key) {
                kept.cache.insert(trial.scores);
            }
        }
        Ok(kept)
    }
}

fn number(line: &RunLine) -> Option<i64> {
    line.run.strip_prefix('r')?.parse().ok()
}

fn system_time(instant: Instant) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(instant.micros().unsigned_abs())
}

/// What nothing refers to.
struct Garbage {
    cache: Vec<(Digest, u64)>,
    records: Vec<(Digest, u64)>,
    left: Vec<(Place, LeftBehind)>,
    packages: Vec<(PathBuf, u64)>,
}

/// In which folder of blobs something was left.
#[derive(Clone, Copy)]
enum Place {
    Records,
    Cache,
}

impl Place {
    fn of(self, store: &Store) -> &Blobs {
        match self {
            Self::Records => store.blobs(),
            Self::Cache => store.cache(),
        }
    }
}

impl Garbage {
    fn find(store: &Store, kept: &Kept) -> Result<Self> {
        let mut cache = Vec::new();
        for (digest, blob) in store.cache().list()? {
            let young = kept.unfinished.contains(&digest) && blob.written >= kept.since;
            if !young && !kept.cache.contains(&digest) {
                cache.push((digest, blob.bytes));
            }
        }
        let records = store.blobs().list()?.into_iter().filter(|(digest, _)| !kept.records.contains(digest));
        let records = records.map(|(digest, blob)| (digest, blob.bytes)).collect();
        let mut left = Vec::new();
        for place in [Place::Records, Place::Cache] {
            left.extend(place.of(store).left_behind()?.into_iter().map(|file| (place, file)));
        }
        let mut packages = Vec::new();
        half_packages(&store.root().join("models"), &mut packages);
        Ok(Self { cache, records, left, packages })
    }

    fn free(&self, store: &Store) -> Result<()> {
        self.cache.iter().try_for_each(|(digest, _)| store.cache().discard(digest))?;
        self.records.iter().try_for_each(|(digest, _)| store.blobs().discard(digest))?;
        self.left.iter().try_for_each(|(place, file)| place.of(store).remove_left(file))?;
        for (path, _) in &self.packages {
            let removed = std::fs::remove_file(path);
            removed.map_err(|error| Problem::io(format!("removing {}", path.display()), &error))?;
        }
        Ok(())
    }

    fn groups(&self) -> Vec<CleanGroup> {
        let group = |what: &'static str, bytes: &mut dyn Iterator<Item = u64>| {
            let (files, bytes) = bytes.fold((0, 0), |(files, sum), bytes| (files + 1, sum + bytes));
            CleanGroup { what, files, bytes }
        };
        let left = self.left.iter().map(|(_, file)| file.bytes);
        let all = [
            group(
                "results of steps that only older runs, or none, made",
                &mut self.cache.iter().map(|(_, bytes)| *bytes),
            ),
            group("records that no run and no version refers to", &mut self.records.iter().map(|(_, bytes)| *bytes)),
            group(
                "half of a file, left by a process that is gone",
                &mut left.chain(self.packages.iter().map(|(_, bytes)| *bytes)),
            ),
        ];
        all.into_iter().filter(|group| group.files > 0).collect()
    }
}

/// Packages that were cut off while they were written where people look for them. The lock says that no run writes one now.
fn half_packages(folder: &Path, found: &mut Vec<(PathBuf, u64)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            half_packages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "part") {
            found.push((path, entry.metadata().map_or(0, |metadata| metadata.len())));
        }
    }
}
