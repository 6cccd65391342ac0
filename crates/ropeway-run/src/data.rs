//! The steps of sources and tables: each found finished or made, its rows loaded when something reads them.

mod counts;
mod noticed;

use std::collections::BTreeMap;
use std::path::Path;

use indexmap::IndexMap;
use ropeway_package::SourceNow;
use ropeway_package::arrival::posts;
use ropeway_source::{FileRead, Noticed, SourceRead, SourceSettings};
use ropeway_table::{Account, CheckOutcome, Checked, ColumnProfile, Relation, SharedKeys, TablePlan, Verdict, profile};
use ropeway_vocab::{Clock, Digest, Problem, Result, SystemClock, TableSchema};
use serde::{Deserialize, Serialize};

use crate::finding::footers;
use crate::report::{CheckReport, SourceReport};
use crate::step::{Engine, Finished, Made, key};
use crate::told::{tell, tell_source};

/// Keys that different rows of a source share, and of how many rows.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub keys: SharedKeys,
    pub of: u64,
}

/// What is recorded of a relation beside its rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RelationRecord {
    /// The digest of its logical content.
    pub digest: Digest,
    pub rows: u64,
    /// Rows that were equal to another under one key.
    pub collapsed: u64,
    pub checks: Vec<CheckOutcome>,
    /// Keys that rows of different content have, after the checks; looked for in sources.
    pub shared: Option<SharedKeys>,
    /// Only of a source.
    pub source: Option<SourceRecord>,
    /// How a table's rows come of those of its inputs, before its checks; the first records do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
}

impl RelationRecord {
    fn of(checked: &Checked, source: Option<SourceRecord>) -> Result<Self> {
        let relation = &checked.relation;
        Ok(Self {
            digest: relation.digest(),
            rows: relation.rows() as u64,
            collapsed: relation.collapsed(),
            checks: checked.outcomes.clone(),
            shared: if source.is_some() { relation.shared_keys()? } else { None },
            source,
            account: None,
        })
    }
}

/// What is recorded of a source.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SourceRecord {
    pub rows: SourceReport,
    pub superseded: u64,
    pub zone_gaps: u64,
    pub zone_overlaps: u64,
    #[serde(default)]
    pub times_cut: u64,
    #[serde(default)]
    pub noticed: Vec<Noticed>,
    pub files: Vec<FileRead>,
}

/// A relation whose rows are read when they are needed.
struct LazyRelation {
    schema: TableSchema,
    record: RelationRecord,
    finished: Finished,
    loaded: Option<Relation>,
}

/// All relations of a project.
pub(crate) struct Data {
    pub plan: TablePlan,
    relations: BTreeMap<String, LazyRelation>,
}

impl Data {
    /// Makes every relation.
    pub async fn make(
        engine: &Engine,
        plan: TablePlan,
        root: &Path,
        settings: &IndexMap<String, SourceSettings>,
    ) -> Result<Self> {
        let all = plan.order().to_vec();
        Self::make_these(engine, plan, root, settings, &all).await
    }

    /// Makes these relations, which stand in the order in which they can be made, with all that they need among them.
    pub async fn make_these(
        engine: &Engine,
        plan: TablePlan,
        root: &Path,
        settings: &IndexMap<String, SourceSettings>,
        names: &[String],
    ) -> Result<Self> {
        let mut data = Self { plan, relations: BTreeMap::new() };
        for name in names {
            let made = match settings.get(name) {
                Some(settings) => data.source(engine, name, settings, root).await?,
                None => data.table(engine, name).await?,
            };
            data.relations.insert(name.clone(), made);
        }
        Ok(data)
    }

    async fn source(
        &mut self,
        engine: &Engine,
        name: &str,
        settings: &SourceSettings,
        root: &Path,
    ) -> Result<LazyRelation> {
        let files = ropeway_source::fingerprint(name, settings, root)?;
        let (posts, posts_digest) = posts(engine.store.root(), name)?;
        let mut builder = key("source");
        builder.text(name).text(self.plan.normalized(name)?).digest(&posts_digest);
        files.iter().for_each(|file| {
            builder.digest(&file.digest);
        });
        if noticed::may_be(settings, &files) {
            builder.text(noticed::VERSION);
        }
        self.key_of_checks(&mut builder, name)?;
        let others = self.referenced(name)?;
        let mut loaded = None;
        let plan = &self.plan;
        let work = async || {
            let (now, refusal) = SourceNow::read_all(plan, name, settings, root, &posts)?;
            let SourceNow { relation, read, arrived } = now;
            let checked = checked(plan, name, relation, &others, refusal.is_some())?;
            tell(engine, name, &checked);
            let mut source = source_record(&read, arrived.posted, arrived.superseded);
            source.noticed.extend(footers(settings, root));
            let record = RelationRecord::of(&checked, Some(source))?;
            tell_source(engine, name, &record);
            let made = made(&record, &checked, refusal)?.kept("quarantine", &read.quarantine)?.read(read.bytes_read);
            loaded = Some(checked.relation);
            Ok(made)
        };
        let finished = engine.step(&format!("source:{name}"), builder.finish(), work).await?;
        self.lazy(name, finished, loaded)
    }

    async fn table(&mut self, engine: &Engine, name: &str) -> Result<LazyRelation> {
        let mut builder = key("table");
        builder.text(name).text(self.plan.normalized(name)?);
        let inputs = self.plan.inputs(name)?.to_vec();
        for input in &inputs {
            builder.text(input).digest(&self.record(input)?.digest);
        }
        self.key_of_checks(&mut builder, name)?;
        let key = builder.finish();
        let step = format!("table:{name}");
        if let Some(finished) = engine.found(&step, &key).await? {
            return self.lazy(name, finished, None);
        }
        let inputs = self.relations_of(&inputs)?;
        let others = self.referenced(name)?;
        let mut loaded = None;
        let plan = &self.plan;
        let work = async || {
            let relation = plan.table(name, &inputs).await?;
            let account = plan.account(name, &inputs, relation.rows() as u64).await?;
            let checked = plan.checked(name, relation, &others)?;
            tell(engine, name, &checked);
            let record = RelationRecord { account: Some(account), ..RelationRecord::of(&checked, None)? };
            let made = made(&record, &checked, None)?;
            loaded = Some(checked.relation);
            Ok(made)
        };
        let finished = engine.step(&step, key, work).await?;
        self.lazy(name, finished, loaded)
    }

    fn key_of_checks(&self, builder: &mut ropeway_vocab::DigestBuilder, name: &str) -> Result<()> {
        for check in self.plan.normalized_checks(name)? {
            builder.text(&check);
        }
        // Age is measured by the clock: such a check is made anew every hour.
        let ages = self.plan.definitions().checks.iter().any(|check| check.table == name && check.fresh.is_some());
        if ages {
            builder.number(SystemClock.now().micros().unsigned_abs() / 3_600_000_000);
        }
        for other in self.plan.referenced(name)? {
            builder.digest(&self.record(&other)?.digest);
        }
        Ok(())
    }

    fn referenced(&mut self, name: &str) -> Result<BTreeMap<String, Relation>> {
        let names = self.plan.referenced(name)?;
        self.relations_of(&names)
    }

    fn lazy(&self, name: &str, finished: Finished, loaded: Option<Relation>) -> Result<LazyRelation> {
        let record = finished.value("record")?;
        Ok(LazyRelation { schema: self.plan.schema(name)?.clone(), record, finished, loaded })
    }

    /// What is recorded of a relation.
    pub fn record(&self, name: &str) -> Result<&RelationRecord> {
        self.relations.get(name).map(|relation| &relation.record).ok_or_else(|| not_made(name))
    }

    /// The rows of a relation; they share memory with what is held here.
    pub fn relation(&mut self, name: &str) -> Result<Relation> {
        let lazy = self.relations.get_mut(name).ok_or_else(|| not_made(name))?;
        if let Some(relation) = &lazy.loaded {
            return Ok(relation.clone());
        }
        let relation = Relation::from_parquet(lazy.finished.bytes("rows")?, lazy.schema.clone())?;
        lazy.loaded = Some(relation.clone());
        Ok(relation)
    }

    /// What the columns of a relation look like: as recorded where the same columns are personal still.
    pub fn profile(&mut self, name: &str) -> Result<Vec<ColumnProfile>> {
        let lazy = self.relations.get(name).ok_or_else(|| not_made(name))?;
        let recorded: Vec<ColumnProfile> = lazy.finished.value("profile")?;
        let personal = |column: &ColumnProfile| lazy.schema.column(&column.name).is_none_or(|spec| spec.personal);
        if recorded.iter().all(|column| column.values.is_none() == personal(column)) {
            return Ok(recorded);
        }
        Ok(profile(&self.relation(name)?))
    }

    /// Several relations by name.
    pub fn relations_of<S: AsRef<str>>(&mut self, names: &[S]) -> Result<BTreeMap<String, Relation>> {
        names.iter().map(|name| Ok((name.as_ref().to_string(), self.relation(name.as_ref())?))).collect()
    }

    /// Gives back the memory of all rows; they are read again when something needs them.
    pub fn forget_rows(&mut self) {
        self.relations.values_mut().for_each(|relation| relation.loaded = None);
    }
}

/// What is kept of a relation; of one that ends the run, what shows why.
fn made(record: &RelationRecord, checked: &Checked, refusal: Option<Problem>) -> Result<Made> {
    let profiles: Vec<ColumnProfile> = profile(&checked.relation);
    let made =
        Made::default().kept("record", record)?.kept("profile", &profiles)?.kept("rejected", &checked.rejected)?;
    match refusal.or_else(|| checked.stop()) {
        Some(problem) => Ok(made.refused(problem)),
        None => Ok(made.cached("rows", checked.relation.to_parquet()?)),
    }
}

/// The rows of a source after its checks. Where too much of it is rejected that is what is told, and not what fails on the rest.
fn checked(
    plan: &TablePlan,
    name: &str,
    relation: Relation,
    others: &BTreeMap<String, Relation>,
    refused: bool,
) -> Result<Checked> {
    if !refused {
        return plan.checked(name, relation, others);
    }
    let unchecked = Checked { relation: relation.clone(), outcomes: Vec::new(), rejected: Vec::new() };
    if relation.rows() == 0 {
        return Ok(unchecked);
    }
    Ok(plan.checked(name, relation, others).unwrap_or(unchecked))
}

fn source_record(read: &SourceRead, posted: u64, superseded: u64) -> SourceRecord {
    let rows = SourceReport {
        rows_in: read.rows_in,
        kept: read.kept,
        quarantined: read.rejected,
        arrived: posted,
        skipped: read.skipped,
    };
    SourceRecord {
        rows,
        superseded,
        zone_gaps: read.zone_gaps,
        zone_overlaps: read.zone_overlaps,
        times_cut: read.times_cut,
        noticed: read.noticed.clone(),
        files: read.files.clone(),
    }
}

pub(crate) fn check_report(outcome: &CheckOutcome) -> CheckReport {
    CheckReport {
        table: outcome.table.clone(),
        that: outcome.check.clone(),
        failed: outcome.failed,
        total: outcome.total,
        verdict: verdict_name(outcome.verdict).to_string(),
        found: outcome.found.clone(),
    }
}

const fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Rejected => "rejected",
        Verdict::Warned => "warned",
        Verdict::Stopped => "stopped",
    }
}

fn not_made(name: &str) -> Problem {
    Problem::internal(format!("`{name}` was read before it was made"))
}
