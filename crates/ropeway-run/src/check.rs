//! `ropeway check`: all that can be known before any training, and the proof that no example sees the future.

use std::collections::BTreeMap;

use ropeway_feature::{FeatureSpec, Finding, Proof, Rule, prove};
use ropeway_project::Project;
use ropeway_table::TablePlan;
use ropeway_vocab::{ColumnSpec, Result, Timing};
use serde::Serialize;

use crate::planned::Planned;

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
    pub findings: Vec<Finding>,
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
    Ok(CheckReport {
        project: project.name().to_string(),
        features: planned.features.features().to_vec(),
        relations,
        assumptions,
        findings: planned.findings,
        gates: planned.gates.into_iter().map(|gate| gate.that).collect(),
        proof,
    })
}

async fn make_proof(project: &Project, planned: &Planned, rule: Rule) -> Result<Proof> {
    let mut sources = BTreeMap::new();
    for (name, settings) in &project.settings.source {
        let definition = &planned.tables.definitions().sources[name];
        let types = definition.columns.iter().map(|column| (column.name.clone(), column.ty)).collect();
        let settings = ropeway_source::SourceSettings { types, ..settings.clone() };
        sources.insert(name.clone(), ropeway_source::read(name, &settings, &project.root)?.batches);
    }
    prove(&planned.tables, &planned.features, &sources, TIMES, project.seed(), rule).await
}

fn relations(plan: &TablePlan) -> Result<Vec<RelationReport>> {
    let of = |name: &String| {
        let schema = plan.schema(name)?;
        let kind = if plan.is_source(name) { "source" } else { "table" };
        Ok(RelationReport { name: name.clone(), kind, timing: schema.timing.clone(), columns: schema.columns.clone() })
    };
    plan.order().iter().map(of).collect()
}
