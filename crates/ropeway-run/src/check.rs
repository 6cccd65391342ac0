//! `ropeway check`: all that can be known before any training, and the proof that no example sees the future.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use ropeway_feature::{FeatureSpec, Proof, Rule, prove};
use ropeway_project::Project;
use ropeway_source::SourceSettings;
use ropeway_table::{RowTimes, TablePlan};
use ropeway_vocab::{ColumnSpec, Result, Timing};
use serde::Serialize;

use crate::findings::{Counts, findings, tables_behind};
use crate::planned::Planned;
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
    /// The features of an example.
    pub features: Vec<FeatureSpec>,
    /// Sources that are assumed not to change.
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
        self.proof.as_ref().is_none_or(|proof| proof.differences.is_empty())
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
    let assumptions = statics.map(|source| format!("source `{}` does not change", source.name)).collect();
    let proof = match rule {
        Some(rule) => Some(make_proof(project, &planned, rule).await?),
        None => None,
    };
    let stated = project.settings.table.values().any(|table| table.known_at.is_some());
    let counts = if !planned.findings.is_empty() || (proof.is_none() && stated) {
        count(project, &planned).await?
    } else {
        Counts::default()
    };
    Ok(CheckReport {
        project: project.name().to_string(),
        features: planned.features.features().to_vec(),
        relations,
        assumptions,
        findings: findings(project, &planned, &counts)?,
        gates: planned.gates.into_iter().map(|gate| gate.that).collect(),
        proof,
    })
}

/// Makes the tables, and counts what findings cost. A table that states when its rows become known may state no earlier
/// time than its inputs have, which only their rows can say: the proof makes the tables for that, too.
async fn count(project: &Project, planned: &Planned) -> Result<Counts> {
    let plan = &planned.tables;
    let mut sources = read(project, plan)?;
    let mut relations = BTreeMap::new();
    let mut counts = Counts::default();
    for name in plan.order() {
        let relation = match sources.remove(name) {
            Some(batches) => plan.source(name, batches, RowTimes::Stated)?,
            None => plan.table(name, &relations).await?,
        };
        let checked = plan.checked(name, relation, &relations)?;
        if let Some(problem) = checked.stop() {
            return Err(problem);
        }
        relations.insert(name.clone(), checked.relation);
        counts.checks.insert(name.clone(), checked.outcomes);
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
    let of = |(name, settings): (&String, &SourceSettings)| {
        let definition = &plan.definitions().sources[name];
        let types = definition.columns.iter().map(|column| (column.name.clone(), column.ty)).collect();
        let settings = SourceSettings { types, ..settings.clone() };
        Ok((name.clone(), ropeway_source::read(name, &settings, &project.root)?.batches))
    };
    project.settings.source.iter().map(of).collect()
}

fn relations(plan: &TablePlan) -> Result<Vec<RelationReport>> {
    let of = |name: &String| {
        let schema = plan.schema(name)?;
        let kind = if plan.is_source(name) { "source" } else { "table" };
        Ok(RelationReport { name: name.clone(), kind, timing: schema.timing.clone(), columns: schema.columns.clone() })
    };
    plan.order().iter().map(of).collect()
}
