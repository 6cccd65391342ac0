//! `ropeway compare` and what a run says of the last one: what changed between two runs, and whether the figure moved.

mod moved;
mod pairs;

use std::collections::{BTreeMap, BTreeSet};

use ropeway_store::Store;
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::data::RelationRecord;
use crate::described::Described;
use crate::losses::Losses;
use crate::record::{Records, read_json};
use crate::report::RunReport;
use crate::shown::number;
use crate::step::Engine;

pub(crate) use moved::moved;
pub use moved::{Moved, Verdict};

/// What lies between two runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Comparison {
    /// The earlier run, or the one that was named first.
    pub before: String,
    /// The other one.
    pub after: String,
    /// Sources and tables whose rows are others.
    pub data: Vec<DataChange>,
    /// Features that came, went, or are computed otherwise; null where one of the runs does not say.
    pub features: Option<Vec<Change>>,
    /// Settings that came, went or changed, as they take effect; null where one of the runs does not say.
    pub settings: Option<Vec<Change>>,
    /// The figures of the best candidate on the folds, by metric.
    pub figures: Vec<FigureChange>,
    /// The metric by which candidates are ranked in the second run.
    pub metric: String,
    /// Whether the second one is better.
    pub moved: Moved,
}

/// A source or table whose rows are others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataChange {
    /// Its name.
    pub table: String,
    /// `source` or `table`.
    pub kind: String,
    /// Its snapshot in the first run; null where it had none.
    pub before: Option<Snapshot>,
    /// Its snapshot in the second run.
    pub after: Option<Snapshot>,
}

/// The contents of a source or table in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// How many rows it has.
    pub rows: u64,
    /// The digest of its logical content.
    pub digest: String,
}

/// Something that came, went or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its name or key.
    pub name: String,
    /// As it was; null where it was not there.
    pub before: Option<String>,
    /// As it is; null where it is no more.
    pub after: Option<String>,
}

/// A figure in both runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureChange {
    /// The metric.
    pub metric: String,
    /// In the first run.
    pub before: ropeway_stat::Estimate,
    /// In the second run.
    pub after: ropeway_stat::Estimate,
}

/// Compares two runs that ended with a report.
///
/// # Errors
/// There is no such run, or it came to no end.
pub async fn compare(store: &Store, before: &str, after: &str) -> Result<Comparison> {
    let records = Records::open(store).await?;
    let mut sides = Vec::new();
    for name in [before, after] {
        let (line, _, report) = records.run(Some(number(name)?)).await?;
        let report = report.ok_or_else(|| {
            let what = format!("run {} came to no end, so that there is nothing to compare", line.run);
            Problem::invalid("unfinished-run", what)
                .remedy("`ropeway runs` lists those that are done or refused by a gate")
        })?;
        sides.push(Side::of(store, &records, report).await?);
    }
    Ok(between(&sides[0], &sides[1]))
}

/// Says beside the report of a run that is about to end what lies between it and the last one.
pub(crate) async fn compared(engine: &Engine, id: i64, executed: Result<RunReport>) -> Result<RunReport> {
    let report = executed?;
    // A record of the past that cannot be read is no reason to throw away what was trained.
    let since_last = since_last(engine, id, &report).await.unwrap_or_else(|problem| {
        engine.progress.note(&format!("what changed since the last run cannot be told: {problem}"));
        None
    });
    Ok(RunReport { since_last, ..report })
}

/// None where it is the first.
async fn since_last(engine: &Engine, id: i64, report: &RunReport) -> Result<Option<Comparison>> {
    let (store, records) = (&engine.store, &engine.records);
    let Some(last) = records.before(id).await? else { return Ok(None) };
    let (_, _, Some(before)) = records.run(Some(last)).await? else { return Ok(None) };
    let before = Side::of(store, records, before).await?;
    let after = Side::of(store, records, report.clone()).await?;
    Ok(Some(between(&before, &after)))
}

/// A run with all that is compared of it.
struct Side {
    report: RunReport,
    described: Option<Described>,
    /// By name: whether it is a source, and its contents.
    relations: BTreeMap<String, (String, Snapshot)>,
    losses: Option<Losses>,
}

impl Side {
    async fn of(store: &Store, records: &Records, report: RunReport) -> Result<Self> {
        let run = number(&report.run)?;
        let described = match records.described(run).await? {
            Some(digest) => Some(read_json(&store.blobs().get(&digest)?)?),
            None => None,
        };
        let judged = report.leaderboard.first().map(|best| format!("evaluate:{}", best.candidate));
        let (mut relations, mut losses) = (BTreeMap::new(), None);
        for (name, key) in records.step_keys(run).await? {
            let relation = name.split_once(':').filter(|(kind, _)| matches!(*kind, "source" | "table"));
            if relation.is_none() && Some(&name) != judged.as_ref() {
                continue;
            }
            for part in records.parts(&key).await? {
                match (relation, part.name.as_str()) {
                    (Some((kind, name)), "record") => {
                        let record: RelationRecord = read_json(&store.blobs().get(&part.blob)?)?;
                        let snapshot = Snapshot { rows: record.rows, digest: record.digest.to_string() };
                        relations.insert(name.to_owned(), (kind.to_owned(), snapshot));
                    }
                    (None, "losses") => {
                        losses = store.cache().find(&part.blob)?.map(Losses::from_bytes).transpose()?;
                    }
                    _ => {}
                }
            }
        }
        Ok(Self { report, described, relations, losses })
    }
}

fn between(before: &Side, after: &Side) -> Comparison {
    let described = before.described.as_ref().zip(after.described.as_ref());
    Comparison {
        before: before.report.run.clone(),
        after: after.report.run.clone(),
        data: data(before, after),
        features: described.map(|(before, after)| changes(&before.features, &after.features)),
        settings: described.map(|(before, after)| changes(&before.settings, &after.settings)),
        figures: figures(&before.report, &after.report),
        metric: after.report.decision.ranked_by().name().to_owned(),
        moved: moved_between(before, after),
    }
}

fn moved_between(before: &Side, after: &Side) -> Moved {
    let label =
        |side: &Side| side.described.as_ref().map(|described| described.settings.get("examples.label").cloned());
    let (then, now) = (&before.report, &after.report);
    if then.sample != now.sample {
        let of = |report: &RunReport| report.sample.map_or("all".to_owned(), |share| format!("{}%", share * 100.0));
        return moved::not_comparable(format!(
            "they learned from other examples: {} of them in {}, {} in {}",
            of(then),
            then.run,
            of(now),
            now.run
        ));
    }
    let relabelled = label(before) != label(after);
    let (first, second) = (before.losses.as_ref(), after.losses.as_ref());
    moved((&then.run, first), (&now.run, second), (now.decision.ranked_by(), relabelled))
}

fn data(before: &Side, after: &Side) -> Vec<DataChange> {
    let names: BTreeSet<&String> = before.relations.keys().chain(after.relations.keys()).collect();
    let change = |name: &String| {
        let (then, now) = (before.relations.get(name), after.relations.get(name));
        let kind = now.or(then).map(|(kind, _)| kind.clone()).unwrap_or_default();
        let snapshot = |side: Option<&(String, Snapshot)>| side.map(|(_, snapshot)| snapshot.clone());
        let change = DataChange { table: name.clone(), kind, before: snapshot(then), after: snapshot(now) };
        (change.before != change.after).then_some(change)
    };
    names.into_iter().filter_map(change).collect()
}

/// What differs, in the order of names.
fn changes(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |name: &String| {
        let (then, now) = (before.get(name), after.get(name));
        (then != now).then(|| Change { name: name.clone(), before: then.cloned(), after: now.cloned() })
    };
    names.into_iter().filter_map(change).collect()
}

fn figures(before: &RunReport, after: &RunReport) -> Vec<FigureChange> {
    let best = |report: &RunReport| report.leaderboard.first().map(|best| best.validation.clone()).unwrap_or_default();
    let (then, now) = (best(before), best(after));
    let both = now.iter().filter_map(|(metric, after)| Some((metric, then.get(metric)?, after)));
    both.map(|(metric, before, after)| FigureChange { metric: metric.to_string(), before: *before, after: *after })
        .collect()
}
