//! `ropeway check`: all that can be known before any training, and the proof that no example sees the future.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use ropeway_feature::{FeatureSpec, Proof, Rule, prove};
use ropeway_project::Project;
use ropeway_source::{SourceRead, SourceSettings};
use ropeway_table::{RowTimes, TablePlan};
use ropeway_vocab::{ColumnSpec, Result, Timing};
use serde::Serialize;

use crate::data::Shared;
use crate::finding::{Counts, Pair, findings, footers, of_first_rows, pairs, tables_behind};
use crate::opened::needed;
use crate::planned::Planned;
use crate::recorded::NO_TIME;
use crate::report::FindingReport;

/// At how many times the proof is made.
const TIMES: usize = 5;

/// What a project is, before any training.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// The project's name.
    pub project: String,
    /// Sources and tables in the order in which they are made.
    pub relations: Vec<RelationReport>,
    /// Whether examples have a time, so that there is something to prove.
    pub time: bool,
    /// The features of an example.
    pub features: Vec<FeatureSpec>,
    /// The column that says how much each example counts; left out where each counts once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// Sources that are assumed not to change, and tables whose rows are assumed to be settled when they say.
    pub assumptions: Vec<String>,
    /// What is not refused and yet should be known.
    pub findings: Vec<FindingReport>,
    /// The gates.
    pub gates: Vec<String>,
    /// The proof, where it was asked for.
    pub proof: Option<Proof>,
}

/// A source or table.
#[derive(Debug, Clone, Serialize)]
pub struct RelationReport {
    /// Its name.
    pub name: String,
    /// `source` or `table`.
    pub kind: &'static str,
    /// `static`, `timed`, or why not.
    pub timing: Timing,
    /// Its columns.
    pub columns: Vec<ColumnSpec>,
}

impl CheckReport {
    /// Whether nothing speaks against the project: without a proof always, with one when it found no difference.
    pub fn holds(&self) -> bool {
        self.proof.as_ref().is_none_or(Proof::holds)
    }
}

/// Checks a project; with `proof`, makes the experiment too.
///
/// # Errors
/// The first thing that cannot be: in the project file, SQL, types or times.
pub async fn check(project: &Project, proof: bool) -> Result<CheckReport> {
    check_with(project, proof.then_some(Rule::STRICT)).await
}

/// The same with the rule of time that the proof tests: the control hands in a wrong one.
///
/// # Errors
/// As [`check`].
pub async fn check_with(project: &Project, rule: Option<Rule>) -> Result<CheckReport> {
    let planned = Planned::new(project)?;
    let relations = relations(&planned.tables)?;
    let statics = relations.iter().filter(|relation| relation.kind == "source" && relation.timing == Timing::Static);
    let time = planned.features.has_time();
    let mut assumptions: Vec<String> = if time { Vec::new() } else { vec![NO_TIME.to_owned()] };
    assumptions.extend(statics.map(|source| format!("source `{}` does not change", source.name)));
    for table in &relations {
        if planned.tables.rests_on_a_statement(&table.name)? {
            assumptions.push(format!(
                "rows of table `{}` are settled by the known_at that it states; `ropeway check --prove` holds that against the data",
                table.name
            ));
        }
    }
    let proof = match rule {
        Some(rule) => Some(make_proof(project, &planned, rule).await?),
        None => None,
    };
    let stated = project.settings.table.values().any(|table| table.known_at.is_some());
    let all = !planned.findings.is_empty() || (proof.is_none() && stated);
    let pairs = pairs(&planned.tables);
    let names = if all { planned.tables.order().to_vec() } else { compared(&planned.tables, &pairs)? };
    let counts = count(project, &planned, &names, &pairs).await?;
    let found = [of_first_rows(project, &planned)?, findings(project, &planned, &counts)?].concat();
    Ok(CheckReport {
        project: project.name().to_string(),
        weight: project.settings.learn.weight.clone(),
        features: planned.features.features().to_vec(),
        time,
        relations,
        assumptions,
        findings: found,
        gates: planned.gates.into_iter().map(|gate| gate.that).collect(),
        proof,
    })
}

/// The sources with a key, those that could be copies of others, and what their checks stand on.
fn compared(plan: &TablePlan, pairs: &[Pair]) -> Result<Vec<String>> {
    let sources = plan.definitions().sources.iter();
    let mut wanted: Vec<String> =
        sources.filter(|(_, source)| !source.settings.key.is_empty()).map(|(name, _)| name.clone()).collect();
    wanted.extend(pairs.iter().flat_map(|pair| [pair.copy.clone(), pair.original.clone()]));
    needed(plan, &wanted)
}

/// Makes these sources and tables, counts what findings cost, and refuses copies that give outcomes away. A table that
/// states when its rows become known may state no earlier time than its inputs have, which only their rows can say: the
/// proof makes the tables for that, too.
async fn count(project: &Project, planned: &Planned, names: &[String], pairs: &[Pair]) -> Result<Counts> {
    let plan = &planned.tables;
    let mut relations = BTreeMap::new();
    let mut counts = Counts::default();
    for (name, settings) in &project.settings.source {
        counts.noticed.entry(name.clone()).or_default().extend(footers(settings, &project.root));
    }
    for name in names {
        let relation = match project.settings.source.get(name) {
            Some(settings) => {
                let read = source(project, plan, name, settings)?;
                counts.noticed.entry(name.clone()).or_default().extend(read.noticed);
                plan.source(name, read.batches, RowTimes::Stated)?
            }
            None => plan.table(name, &relations).await?,
        };
        let checked = plan.checked(name, relation, &relations)?;
        if let Some(problem) = checked.stop() {
            return Err(problem);
        }
        if let Some(keys) = checked.relation.shared_keys()?.filter(|_| plan.is_source(name)) {
            counts.shared.insert(name.clone(), Shared { keys, of: checked.relation.rows() as u64 });
        }
        relations.insert(name.clone(), checked.relation);
        counts.checks.insert(name.clone(), checked.outcomes);
    }
    for pair in pairs {
        pair.check(project, &relations[&pair.copy], &relations[&pair.original])?;
    }
    if !planned.findings.is_empty() {
        for name in tables_behind(planned)? {
            counts.left_out.insert(name.clone(), plan.left_out(&name, &relations).await?);
        }
    }
    Ok(counts)
}

async fn make_proof(project: &Project, planned: &Planned, rule: Rule) -> Result<Proof> {
    let sources = read(project, &planned.tables)?;
    prove(&planned.tables, &planned.features, &sources, TIMES, project.seed(), rule).await
}

/// The rows of every source.
fn read(project: &Project, plan: &TablePlan) -> Result<BTreeMap<String, Vec<RecordBatch>>> {
    let of = |(name, settings): (&String, _)| Ok((name.clone(), rows(project, plan, name, settings)?));
    project.settings.source.iter().map(of).collect()
}

/// The rows of a source's files.
fn rows(project: &Project, plan: &TablePlan, name: &str, settings: &SourceSettings) -> Result<Vec<RecordBatch>> {
    Ok(source(project, plan, name, settings)?.batches)
}

fn source(project: &Project, plan: &TablePlan, name: &str, settings: &SourceSettings) -> Result<SourceRead> {
    let columns = &plan.definitions().sources[name].columns;
    ropeway_source::read_columns(name, settings, columns, &project.root)
}

fn relations(plan: &TablePlan) -> Result<Vec<RelationReport>> {
    let of = |name: &String| {
        let schema = plan.schema(name)?;
        let kind = if plan.is_source(name) { "source" } else { "table" };
        Ok(RelationReport { name: name.clone(), kind, timing: schema.timing.clone(), columns: schema.columns.clone() })
    };
    plan.order().iter().map(of).collect()
}
