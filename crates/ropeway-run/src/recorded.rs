//! All that is on record of a run that ended with a report: what a page about it tells.

use std::collections::BTreeMap;

use ropeway_feature::{FeatureSpec, Origin};
use ropeway_learn::tune::TrialRecord;
use ropeway_learn::{CandidateSettings, Dependence, Segments, Views};
use ropeway_package::Lineage;
use ropeway_project::Project;
use ropeway_source::FileRead;
use ropeway_stat::Metric;
use ropeway_store::Store;
use ropeway_table::{Account, ColumnProfile, Definitions};
use ropeway_vocab::{Digest, Kind, Problem, Result};
use serde::Deserialize;

use crate::data::RelationRecord;
use crate::population::SplitRecord;
use crate::record::RunLine;
use crate::report::{RunReport, SourceReport};
use crate::shown::Earlier;

/// A run that ended with a report, and what its steps kept.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its line.
    pub line: RunLine,
    /// Its report.
    pub report: RunReport,
    /// What the project is for, as its file says by now.
    pub goal: Option<String>,
    /// The metric that candidates were ranked by.
    pub metric: Metric,
    /// Its sources, then its tables.
    pub relations: Vec<RecordedRelation>,
    /// The table that examples are rows of.
    pub examples_table: Option<String>,
    /// The features of an example.
    pub features: Vec<FeatureSpec>,
    /// What nobody can check: statements of the project that the figures stand on.
    pub assumptions: Vec<String>,
    /// What was tried, by learner.
    pub searches: Vec<RecordedSearch>,
    /// What is drawn of each candidate's answers out of fold, best first.
    pub views: Vec<(String, Views)>,
    /// The same of the model on the holdout, where it was opened.
    pub held_out: Option<Views>,
    /// How answers depend on the leading features; nothing of what is personal by now.
    pub dependence: Vec<Dependence>,
    /// Where the model is at its worst; nothing of what is personal by now.
    pub segments: Option<Segments>,
    /// Training rows and held-out rows of each class.
    pub classes: Vec<ClassRows>,
    /// What the model was made from.
    pub lineage: Option<Lineage>,
}

/// A source or table of a run.
#[derive(Debug, Clone)]
pub struct RecordedRelation {
    /// Its name.
    pub name: String,
    /// Rows that it has.
    pub rows: u64,
    /// Rows that were equal to another under one key.
    pub collapsed: u64,
    /// The digest of its content.
    pub digest: Digest,
    /// Its columns; nothing of the values of personal ones.
    pub columns: Vec<ColumnProfile>,
    /// Of a source its rows and files.
    pub source: Option<(SourceReport, Vec<FileRead>)>,
    /// Of a table its SQL.
    pub sql: Option<String>,
    /// How a table's rows come of those of its inputs, before its checks.
    pub account: Option<Account>,
    /// Why rows are in quarantine, the most frequent reason first; of rows on record.
    pub reasons: Vec<Reason>,
}

/// Why rows of a source are in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The column, where one value was the reason.
    pub column: Option<String>,
    /// What was wrong.
    pub reason: String,
    /// Rows on record with this reason.
    pub rows: u64,
}

/// What the search of a learner tried.
#[derive(Debug, Clone)]
pub struct RecordedSearch {
    /// The learner.
    pub learner: String,
    /// Its trials by candidate and fold.
    pub trials: Vec<TrialRecord>,
    /// What the model was fitted with, where it is of this learner.
    pub chosen: Option<CandidateSettings>,
}

/// Rows of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassRows {
    /// Its name.
    pub class: String,
    /// Rows to learn from.
    pub train: u64,
    /// Rows held out.
    pub holdout: u64,
}

/// What is on record of a run by its id, or of the newest.
///
/// # Errors
/// There is no such run, or it came to no end that could be reported.
pub async fn recorded(project: &Project, store: &Store, run: Option<&str>) -> Result<Recorded> {
    let mut earlier = Earlier::find(project, store, run).await?;
    let report = earlier.report.take().ok_or_else(|| {
        let what = format!("run {} ended as {}, without a model to report on", earlier.line.run, earlier.line.status);
        Problem::new(Kind::NotFound, "run-without-report", what)
            .remedy(format!("`ropeway show {}` shows how far it came", earlier.line.run))
    })?;
    let package = earlier.package().await?;
    let contents = package.as_ref().map(|package| &package.contents);
    let (candidate, mut views, mut searches) = (contents.map(|c| &c.lineage.candidate), Vec::new(), Vec::new());
    for judged in report.leaderboard.iter().map(|candidate| &candidate.candidate) {
        if let Some(found) = kept(&earlier, &format!("evaluate:{judged}"), "views").await? {
            views.push((judged.clone(), found));
        }
        let Some(key) = earlier.keys.get(&format!("learn:{judged}")) else { continue };
        let mut trials: Vec<TrialRecord> =
            earlier.records.trials(key).await?.into_iter().map(|(trial, _)| trial).collect();
        trials.sort_by_key(|trial| (trial.index, trial.fold));
        let chosen = candidate.filter(|candidate| candidate.learner().name() == judged).cloned();
        searches.push(RecordedSearch { learner: judged.clone(), trials, chosen });
    }
    let held_out = if report.final_.is_some() { kept(&earlier, "final", "views").await? } else { None };
    let features = contents.map(|contents| contents.plan.features().to_vec()).unwrap_or_default();
    let dependence: Option<Vec<Dependence>> = kept(&earlier, "importance", "dependence").await?;
    let mut segments: Option<Segments> = kept(&earlier, "importance", "segments").await?;
    let personal = |name: &str| {
        let feature = features.iter().find(|feature| feature.name == name);
        feature.is_none_or(|feature| feature.personal || is_personal(project, feature))
    };
    let dependence = dependence.unwrap_or_default().into_iter().filter(|found| !personal(&found.feature)).collect();
    segments.iter_mut().for_each(|found| found.worst.retain(|segment| !personal(&segment.feature)));
    let split: Option<SplitRecord> = kept(&earlier, "split", "record").await?;
    Ok(Recorded {
        goal: project.settings.project.goal.clone(),
        metric: report.decision.ranked_by(),
        relations: relations(&earlier, contents.map(|contents| &contents.definitions)).await?,
        examples_table: contents.map(|contents| contents.plan.examples_table().to_owned()),
        features,
        dependence,
        segments,
        assumptions: contents
            .map(|contents| assumptions(&contents.definitions, contents.plan.has_time()))
            .unwrap_or_default(),
        searches,
        views,
        held_out,
        classes: split.map(|split| classes(&split)).unwrap_or_default(),
        lineage: contents.map(|contents| contents.lineage.clone()),
        line: earlier.line,
        report,
    })
}

/// Whether the column that a feature takes its values from is personal by now.
fn is_personal(project: &Project, feature: &FeatureSpec) -> bool {
    let column = match &feature.origin {
        Origin::Lookup { column, .. } => column,
        Origin::Request | Origin::Window { .. } | Origin::Derived { .. } => &feature.name,
    };
    project.settings.source.values().any(|source| source.personal.contains(column))
}

async fn kept<T: for<'a> Deserialize<'a>>(earlier: &Earlier, step: &str, name: &str) -> Result<Option<T>> {
    match earlier.keys.get(step) {
        Some(key) => earlier.records.kept(key, name).await,
        None => Ok(None),
    }
}

async fn relations(earlier: &Earlier, definitions: Option<&Definitions>) -> Result<Vec<RecordedRelation>> {
    let names: Vec<String> = match definitions {
        Some(definitions) => definitions.names().map(str::to_owned).collect(),
        None => earlier.names().map(str::to_owned).collect(),
    };
    let mut relations = Vec::new();
    for name in names {
        let Some(record): Option<RelationRecord> = earlier.part(&name, "record").await? else { continue };
        let quarantine = earlier.quarantine(&name).await?;
        let mut counts: BTreeMap<(Option<String>, String), u64> = BTreeMap::new();
        for row in quarantine.rows {
            *counts.entry((row.column, row.reason)).or_default() += 1;
        }
        let mut reasons: Vec<Reason> =
            counts.into_iter().map(|((column, reason), rows)| Reason { column, reason, rows }).collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.rows));
        relations.push(RecordedRelation {
            rows: record.rows,
            collapsed: record.collapsed,
            digest: record.digest,
            columns: earlier.profile(&name).await?,
            account: record.account,
            source: record.source.map(|source| (source.rows, source.files)),
            sql: definitions.and_then(|all| all.tables.get(&name)).map(|table| table.sql_text.clone()),
            reasons,
            name,
        });
    }
    Ok(relations)
}

/// What a project without time takes for granted.
pub(crate) const NO_TIME: &str = "the project has no time ([examples] says no `at`): whatever a request holds is taken as known when it is \
                                  asked, and nothing can check that no column was filled in later";

/// What the definitions state and no step can refute.
fn assumptions(definitions: &Definitions, time: bool) -> Vec<String> {
    let sources = definitions.sources.iter().filter(|(_, source)| source.settings.is_static);
    let mut all: Vec<String> = if time { Vec::new() } else { vec![NO_TIME.to_owned()] };
    all.extend(sources.map(|(name, _)| format!("source `{name}` is static: its rows do not change with time")));
    let stated = definitions.tables.iter().filter(|(_, table)| table.settings.known_at.is_some());
    all.extend(stated.map(|(name, _)| {
        format!(
            "rows of table `{name}` are settled by the known_at that it states; `ropeway check --prove` holds that against \
             the data"
        )
    }));
    all
}

fn classes(split: &SplitRecord) -> Vec<ClassRows> {
    let held = split.holdout_classes.0.iter().map(|(_, rows)| *rows);
    let both = split.train_classes.0.iter().zip(held);
    both.map(|((class, train), holdout)| ClassRows { class: class.clone(), train: *train, holdout }).collect()
}
