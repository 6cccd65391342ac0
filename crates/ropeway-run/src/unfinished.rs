//! What is known of a run that a problem ended: the object of `--json` with all its names, empty where nothing was
//! reached. It is put together from the record, which holds every finished step.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use ropeway_project::Project;
use ropeway_vocab::{Digest, Problem, Result};
use serde::{Deserialize, Serialize};

use crate::compare::Comparison;
use crate::data::{RelationRecord, check_report};
use crate::decision::DecisionReport;
use crate::features::ExamplesRecord;
use crate::learning::{Judged, candidate_report, ranked};
use crate::population::{SplitRecord, example_report};
use crate::report::{
    CandidateReport, CheckReport, ExampleReport, FinalReport, FindingReport, GateReport, ImportanceReport, LooksReport,
    ModelReport, SourceReport, StepReport, ended_as, places,
};
use crate::step::Engine;

/// A run that a problem ended.
#[derive(Debug)]
pub struct Stopped {
    /// What ended it.
    pub problem: Problem,
    /// What is known of it.
    pub report: Box<Unfinished>,
}

/// The report of such a run. Its names are those of [`RunReport`](crate::RunReport).
#[derive(Debug, Clone, Serialize)]
pub struct Unfinished {
    /// The run's id; null where the problem came before a run began.
    pub run: Option<String>,
    /// `refused` where a check or the time rule said no, `cancelled` where the user did, else `failed`.
    pub status: &'static str,
    /// Seconds on the wall clock.
    pub wall_s: f64,
    /// The share of examples taken, where the run was a sample.
    pub sample: Option<f64>,
    /// Its steps, the last of them failed or cancelled.
    pub steps: Vec<StepReport>,
    /// Rows of each source that was read.
    pub sources: IndexMap<String, SourceReport>,
    /// Checks of the sources and tables that were made.
    pub checks: Vec<CheckReport>,
    /// None: they are told while the run goes on.
    pub findings: Vec<FindingReport>,
    /// Counts of examples, once they are split.
    pub examples: Option<ExampleReport>,
    /// Candidates that were judged, best first.
    pub leaderboard: Vec<CandidateReport>,
    /// Null: no model was chosen.
    pub decision: Option<DecisionReport>,
    /// None: no model was chosen.
    pub importance: Vec<ImportanceReport>,
    /// Null: a look at the holdout ends a run.
    #[serde(rename = "final")]
    pub final_: Option<FinalReport>,
    /// Null, as `final`.
    pub looks: Option<LooksReport>,
    /// None: no gate was asked.
    pub gates: Vec<GateReport>,
    /// Null: nothing was registered.
    pub model: Option<ModelReport>,
    /// Null: there is no figure to compare.
    pub since_last: Option<Comparison>,
    /// Where everything lies, relative to the project.
    pub places: BTreeMap<String, String>,
}

impl Unfinished {
    /// Of a run that did not begin.
    pub fn before(problem: &Problem) -> Self {
        Self {
            run: None,
            status: ended_as(problem.kind()),
            wall_s: 0.0,
            sample: None,
            steps: Vec::new(),
            sources: IndexMap::new(),
            checks: Vec::new(),
            findings: Vec::new(),
            examples: None,
            leaderboard: Vec::new(),
            decision: None,
            importance: Vec::new(),
            final_: None,
            looks: None,
            gates: Vec::new(),
            model: None,
            since_last: None,
            places: places(),
        }
    }

    /// Of run `id`, from its record.
    pub(crate) async fn of(engine: &Engine, project: &Project, id: i64, problem: &Problem) -> Self {
        let mut report = Self { run: Some(format!("r{id}")), steps: engine.steps(), ..Self::before(problem) };
        // The problem that ended the run is the one to tell, also where the record cannot be read either.
        let _ = report.fill(engine, project, id).await;
        report
    }

    async fn fill(&mut self, engine: &Engine, project: &Project, id: i64) -> Result<()> {
        let keys: BTreeMap<String, Digest> = engine.records.step_keys(id).await?.into_iter().collect();
        let ended = Ended { engine, keys };
        for name in project.settings.source.keys() {
            let found: Option<RelationRecord> = ended.part(&format!("source:{name}"), "record").await?;
            self.checks.extend(found.iter().flat_map(|record| &record.checks).map(check_report));
            if let Some(source) = found.and_then(|record| record.source) {
                self.sources.insert(name.clone(), source.rows);
            }
        }
        for name in project.settings.table.keys() {
            let found: Option<RelationRecord> = ended.part(&format!("table:{name}"), "record").await?;
            self.checks.extend(found.iter().flat_map(|record| &record.checks).map(check_report));
        }
        let examples: Option<ExamplesRecord> = ended.part("examples", "record").await?;
        let split: Option<SplitRecord> = ended.part("split", "record").await?;
        let weight = project.settings.learn.weight.as_deref();
        self.examples = examples.zip(split).map(|(examples, split)| example_report(&examples, &split, weight));
        let mut judged = Vec::new();
        for learner in project.settings.learn.all_learners() {
            let outcome = ended.part(&format!("learn:{}", learner.name()), "outcome").await?;
            let evaluated = format!("evaluate:{}", learner.name());
            let (verdict, views) = (ended.part(&evaluated, "verdict").await?, ended.part(&evaluated, "views").await?);
            if let (Some(outcome), Some(verdict), Some(views)) = (outcome, verdict, views) {
                let none = Digest::of(&[]);
                judged.push(Judged { outcome, verdict, views, losses: none, digest: none });
            }
        }
        self.leaderboard = ranked(judged, project.settings.learn.metric()).iter().map(candidate_report).collect();
        Ok(())
    }
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        let report = Box::new(Unfinished::before(&problem));
        Self { problem, report }
    }
}

/// The finished steps of a run by name.
struct Ended<'a> {
    engine: &'a Engine,
    keys: BTreeMap<String, Digest>,
}

impl Ended<'_> {
    /// A part that a step kept, where the run came to that step.
    async fn part<T: for<'a> Deserialize<'a>>(&self, step: &str, name: &str) -> Result<Option<T>> {
        match self.keys.get(step) {
            Some(key) => self.engine.records.kept(key, name).await,
            None => Ok(None),
        }
    }
}
