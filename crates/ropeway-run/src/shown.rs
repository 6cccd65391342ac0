//! `ropeway runs` and `ropeway show`: the record of earlier runs, and of the rows that they left out.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_package::Package;
use ropeway_project::Project;
use ropeway_source::Rejected;
use ropeway_store::Store;
use ropeway_table::{ColumnProfile, RejectedRow};
use ropeway_vocab::{Digest, Kind, Problem, Result, nearest};
use serde::{Deserialize, Serialize};

use crate::data::{RelationRecord, check_report};
use crate::record::{Records, RunLine};
use crate::report::{CheckReport, RunReport, StepReport};

/// Rows of one source that are shown with a run.
const SHOWN: usize = 10;
/// What stands where a personal value would.
const MASK: &str = "***";

/// One run, whole.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    /// Its line.
    #[serde(flatten)]
    pub line: RunLine,
    /// Its steps with what they used.
    pub steps: Vec<StepReport>,
    /// Its report, where it ended with one.
    pub report: Option<RunReport>,
    /// The checks of the sources and tables that it made, also where it ended without a report.
    pub checks: Vec<CheckReport>,
    /// The rows that each source could not take; sources that took all are left out.
    pub quarantine: BTreeMap<String, Quarantine>,
    /// Rows that checks found wanting, by source or table: 20 of each check at most.
    pub rejected: BTreeMap<String, Vec<RejectedRow>>,
}

/// Rows that a source could not take.
#[derive(Debug, Clone, Serialize)]
pub struct Quarantine {
    /// How many there are.
    pub total: u64,
    /// How many of them are on record, with their value and reason.
    pub recorded: u64,
    /// The first of them, or all that are on record.
    pub rows: Vec<Rejected>,
}

/// What the columns of a source or table looked like in a run.
#[derive(Debug, Clone, Serialize)]
pub struct TableProfile {
    /// The run.
    pub run: String,
    /// The source or table.
    pub table: String,
    /// Its columns in order.
    pub columns: Vec<ColumnProfile>,
}

/// All runs, newest first.
///
/// # Errors
/// A record that cannot be read.
pub async fn runs(store: &Store) -> Result<Vec<RunLine>> {
    Records::open(store).await?.runs().await
}

/// One run by its id (`r7` or `7`), or the newest.
///
/// # Errors
/// There is no such run.
pub async fn show(project: &Project, store: &Store, run: Option<&str>) -> Result<Shown> {
    let earlier = Earlier::find(project, store, run).await?;
    let (mut checks, mut quarantine, mut rejected) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for name in earlier.relations.keys() {
        let mut found = earlier.quarantine(name).await?;
        found.rows.truncate(SHOWN);
        if found.total > 0 {
            quarantine.insert(name.clone(), found);
        }
        let record: Option<RelationRecord> = earlier.part(name, "record").await?;
        checks.extend(record.iter().flat_map(|record| &record.checks).map(check_report));
        let rows = earlier.rejected(name).await?;
        if !rows.is_empty() {
            rejected.insert(name.clone(), rows);
        }
    }
    let Earlier { line, steps, report, .. } = earlier;
    Ok(Shown { line, steps, report, checks, quarantine, rejected })
}

/// All rows on record that a source could not take in a run.
///
/// # Errors
/// There is no such run, or it did not read that source.
pub async fn quarantine(project: &Project, store: &Store, run: Option<&str>, source: &str) -> Result<Quarantine> {
    let earlier = Earlier::find(project, store, run).await?;
    earlier.known(source)?;
    earlier.quarantine(source).await
}

/// The profile of a source or table in a run.
///
/// # Errors
/// There is no such run, or it did not make that table.
pub async fn table_profile(project: &Project, store: &Store, run: Option<&str>, table: &str) -> Result<TableProfile> {
    let earlier = Earlier::find(project, store, run).await?;
    earlier.known(table)?;
    let columns = earlier.profile(table).await?;
    Ok(TableProfile { run: earlier.line.run, table: table.to_string(), columns })
}

/// A run on record, and what its steps kept of each relation.
pub(crate) struct Earlier {
    pub records: Records,
    pub line: RunLine,
    pub steps: Vec<StepReport>,
    pub report: Option<RunReport>,
    /// The key of each step.
    pub keys: BTreeMap<String, Digest>,
    /// The key of the step of each source and table.
    relations: BTreeMap<String, Digest>,
    /// Columns that are personal by now: what was recorded before they were is masked when it is shown.
    pub personal: BTreeSet<String>,
}

impl Earlier {
    pub async fn find(project: &Project, store: &Store, run: Option<&str>) -> Result<Self> {
        let records = Records::open(store).await?;
        let (line, steps, report) = records.run(run.map(number).transpose()?).await?;
        let keys: BTreeMap<String, Digest> = records.step_keys(number(&line.run)?).await?.into_iter().collect();
        let relation = |(name, key): (&String, &Digest)| {
            let name = name.strip_prefix("source:").or_else(|| name.strip_prefix("table:"))?;
            Some((name.to_string(), *key))
        };
        let relations = keys.iter().filter_map(relation).collect();
        let personal = project.settings.source.values().flat_map(|source| source.personal.iter().cloned()).collect();
        Ok(Self { records, line, steps, report, keys, relations, personal })
    }

    /// The model that it made, where it came to one.
    pub async fn package(&self) -> Result<Option<Package>> {
        let Some(key) = self.keys.get("package") else { return Ok(None) };
        self.records.kept_bytes(key, "package").await?.map(|bytes| Package::open(&bytes)).transpose()
    }

    /// The names of its sources and tables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.relations.keys().map(String::as_str)
    }

    fn known(&self, name: &str) -> Result<()> {
        if self.relations.contains_key(name) {
            return Ok(());
        }
        let what = format!("run {} made no source or table `{name}`", self.line.run);
        let problem = Problem::new(Kind::NotFound, "unknown-table", what);
        let names: Vec<&str> = self.relations.keys().map(String::as_str).collect();
        Err(match nearest(name, names.iter().copied()) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None if names.is_empty() => problem.remedy("it ended before it read anything; `ropeway runs` lists others"),
            None => problem.remedy(format!("it made {}", names.join(", "))),
        })
    }

    /// What the step of a relation kept under a name, where it kept that.
    pub async fn part<T: for<'a> Deserialize<'a>>(&self, relation: &str, name: &str) -> Result<Option<T>> {
        match self.relations.get(relation) {
            Some(key) => self.records.kept(key, name).await,
            None => Ok(None),
        }
    }

    pub async fn quarantine(&self, name: &str) -> Result<Quarantine> {
        let mut rows: Vec<Rejected> = self.part(name, "quarantine").await?.unwrap_or_default();
        for row in &mut rows {
            let personal = match &row.column {
                Some(column) => self.personal.contains(column),
                None => !self.personal.is_empty(),
            };
            if personal {
                row.value = MASK.to_string();
            }
        }
        let record: Option<RelationRecord> = self.part(name, "record").await?;
        let counted = record.and_then(|record| record.source).map(|source| source.rows.quarantined);
        let recorded = rows.len() as u64;
        Ok(Quarantine { total: counted.unwrap_or(recorded), recorded, rows })
    }

    async fn rejected(&self, name: &str) -> Result<Vec<RejectedRow>> {
        let mut rows: Vec<RejectedRow> = self.part(name, "rejected").await?.unwrap_or_default();
        for (column, value) in rows.iter_mut().flat_map(|row| &mut row.row) {
            if self.personal.contains(column) && !value.is_null() {
                *value = MASK.into();
            }
        }
        Ok(rows)
    }

    pub async fn profile(&self, name: &str) -> Result<Vec<ColumnProfile>> {
        let mut columns: Vec<ColumnProfile> = self.part(name, "profile").await?.unwrap_or_default();
        for column in columns.iter_mut().filter(|column| self.personal.contains(&column.name)) {
            column.values = None;
        }
        Ok(columns)
    }
}

/// The number of a run by its id.
pub(crate) fn number(text: &str) -> Result<i64> {
    text.strip_prefix('r').unwrap_or(text).parse().map_err(|_| {
        Problem::invalid("run-id", format!("`{text}` is not the id of a run"))
            .remedy("write it as `ropeway runs` lists it, for example r7")
    })
}
