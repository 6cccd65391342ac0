//! The proof that no feature sees the future, by experiment: at several times T, all that becomes known at T
//! or later is overwritten with garbage, such facts are added and removed, examples are rebuilt, and those
//! with `at <= T` must be the same bits.

mod compare;
mod freedom;
mod garble;
mod statement;

use std::collections::BTreeMap;

use arrow::array::{BooleanArray, RecordBatch, TimestampMicrosecondArray};
use arrow::compute::filter_record_batch;
use ropeway_stat::Rng;
use ropeway_table::{Relation, RowTimes, SourceDef, TablePlan};
use ropeway_vocab::{Instant, Problem, Result, Timing};
use serde::Serialize;

use crate::arrow_problem;
use crate::examples::Examples;
use crate::plan::FeaturePlan;
use crate::rule::Rule;
use crate::state::at;

use self::compare::Comparison;
use self::freedom::Freedom;
use self::garble::{Events, Garbage, Garbler};
use self::statement::{Held, held};
pub use self::statement::{Unsettled, Untried};

/// A value of an example that changed although only the future did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The time from which on the future was overwritten.
    pub time: Instant,
    /// The example's own time, where it has one.
    pub at: Option<Instant>,
    /// Its key; personal values are masked.
    pub key: String,
    /// The feature, or `at`, `label`, or `(example)` when the example itself came or went.
    pub feature: String,
    /// Its value in the world as it is.
    pub before: String,
    /// Its value in the world with another future.
    pub after: String,
}

/// What the experiment did and found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Proof {
    /// The times tried.
    pub times: Vec<Instant>,
    /// Examples compared, over all times.
    pub examples: u64,
    /// Values compared: `at`, features, and labels known before T.
    pub values: u64,
    /// Rows overwritten, over all times.
    pub overwritten: u64,
    /// Facts added, over all times.
    pub added: u64,
    /// Facts removed, over all times.
    pub removed: u64,
    /// Sources whose facts were only overwritten, with the reason why none were added or removed.
    pub only_overwritten: BTreeMap<String, String>,
    /// Sources of which facts were overwritten and removed, with the reason why none were added.
    pub none_added: BTreeMap<String, String>,
    /// Tables that state a known-at by which their rows are not settled.
    pub unsettled: Vec<Unsettled>,
    /// Where what a table states could not be held against the data: nothing is said of it then.
    pub untried: Vec<Untried>,
    /// How many values differ.
    pub differing: u64,
    /// The first hundred of them.
    pub differences: Vec<Difference>,
}

impl Proof {
    /// Whether nothing differs, and what tables state holds.
    pub fn holds(&self) -> bool {
        self.differing == 0 && self.unsettled.is_empty()
    }
}

/// A world: its tables, and the features of its examples.
struct World {
    tables: BTreeMap<String, Relation>,
    examples: Examples,
}

/// Runs the experiment at `times` times chosen by `seed`. `sources` are the rows as read. `rule` is the rule
/// under test: [`Rule::STRICT`] but for the control. Checks apply to the sources as they are; nothing made
/// from garbage is checked.
pub async fn prove(
    tables: &TablePlan,
    features: &FeaturePlan,
    sources: &BTreeMap<String, Vec<RecordBatch>>,
    times: usize,
    seed: u64,
    rule: Rule,
) -> Result<Proof> {
    if !features.has_time() {
        return Err(Problem::invalid("no-time", "there is nothing to prove: examples have no time")
            .remedy("give [examples] an `at`, so that there is a before and an after"));
    }
    let mut raw = BTreeMap::new();
    for (name, batches) in sources {
        raw.insert(name.clone(), tables.source(name, batches.clone(), RowTimes::Stated)?);
    }
    let mut checked = tables.all_from(raw, false).await?;
    checked
        .retain(|name, _| tables.is_source(name) || *tables.timing(name).unwrap_or(&Timing::Timed) == Timing::Static);
    let base = world(tables, features, &checked).await?;
    let known = compare::features(features, &base.examples, &base.tables, rule)?;
    let keys = compare::identities(features, &base.examples.batch)?;
    let freedoms = freedom::freedoms(tables, features, &checked, &keys)?;
    let (events, stated) = (events(tables), statement::stated(tables));
    let (only_overwritten, none_added) = limits(&freedoms);
    let mut proof = Proof { only_overwritten, none_added, ..Proof::default() };
    let mut rng = Rng::new(seed);
    for moment in moments(&base, &checked, times, &mut rng) {
        proof.times.push(Instant::from_micros(moment));
        let Held { unsettled, untried } = held(tables, &stated, &checked, &base.tables, moment).await?;
        proof.unsettled.extend(unsettled);
        proof.untried.extend(untried);
        let garbler = Garbler::new(features, (&freedoms, &events), &base.examples, &keys, moment);
        let (changed, added) = match another(tables, features, &checked, &garbler, Garbage::Wild, &mut rng).await {
            Ok((world, counts)) => count(&mut proof, world, counts),
            // Garbage that SQL chokes on proves nothing: the same future, wiped out.
            Err(_) => {
                let tame = another(tables, features, &checked, &garbler, Garbage::Missing, &mut rng).await;
                let (world, counts) = tame
                    .map_err(|p| p.context(format!("with another future from {} on", Instant::from_micros(moment))))?;
                count(&mut proof, world, counts)
            }
        };
        let before = until(&base.examples, moment)?;
        let settled = until(&changed.examples, moment)?;
        let batch = filter_record_batch(&changed.examples.batch, &settled).map_err(arrow_problem)?;
        let now = Examples { batch, without_at: 0 };
        let after = compare::features(features, &now, &changed.tables, rule)?;
        Comparison { plan: features, moment, added: &added }.compare(
            (&base.examples, &known, &before),
            (&now, &after),
            &mut proof,
        )?;
    }
    Ok(proof)
}

/// Sources that say when their rows happened: by `time`, or by a column that `known_at` names.
fn events(tables: &TablePlan) -> Events {
    let event = |source: &SourceDef| match (&source.settings.time, &source.settings.known_at) {
        (_, Some(sql)) => {
            let column = source.columns.iter().find(|column| column.name == sql.trim().trim_matches('"'))?;
            Some((column.name.clone(), 0))
        }
        (Some(time), None) => Some((time.clone(), source.settings.known_after?.micros())),
        (None, None) => None,
    };
    let sources = &tables.definitions().sources;
    sources.iter().filter_map(|(name, source)| Some((name.clone(), event(source)?))).collect()
}

async fn world(tables: &TablePlan, features: &FeaturePlan, given: &BTreeMap<String, Relation>) -> Result<World> {
    let sources = given.iter().filter(|(name, _)| tables.is_source(name)).map(|(n, r)| (n.clone(), r.clone()));
    let mut made = tables.all_from(sources.collect(), true).await?;
    // Static tables do not change with the future: they stay as their checks left them.
    made.extend(given.iter().filter(|(name, _)| !tables.is_source(name)).map(|(n, r)| (n.clone(), r.clone())));
    let table = made
        .get(features.examples_table())
        .ok_or_else(|| Problem::internal(format!("table `{}` was not made", features.examples_table())))?;
    let examples = features.examples(table)?;
    Ok(World { tables: made, examples })
}

async fn another(
    tables: &TablePlan,
    features: &FeaturePlan,
    given: &BTreeMap<String, Relation>,
    garbler: &Garbler<'_>,
    garbage: Garbage,
    rng: &mut Rng,
) -> Result<(World, garble::Counts)> {
    let (changed, counts) = garbler.garble(given, garbage, rng)?;
    Ok((world(tables, features, &changed).await?, counts))
}

/// The reasons why facts of sources could neither come nor go, and why they could only go.
fn limits(freedoms: &BTreeMap<String, Freedom>) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let (mut only_overwritten, mut none_added) = (BTreeMap::new(), BTreeMap::new());
    for (name, freedom) in freedoms {
        match freedom {
            Freedom::Fixed(reason) => only_overwritten.insert(name.clone(), reason.clone()),
            Freedom::Missing(reason) => none_added.insert(name.clone(), reason.clone()),
            Freedom::Free | Freedom::Examples(_) => None,
        };
    }
    (only_overwritten, none_added)
}

fn count(proof: &mut Proof, world: World, counts: garble::Counts) -> (World, compare::KeySet) {
    proof.overwritten += counts.overwritten;
    proof.added += counts.added;
    proof.removed += counts.removed;
    (world, counts.added_keys)
}

/// The times to try: those of examples and those of facts by turns, and first of all one that is both.
fn moments(world: &World, sources: &BTreeMap<String, Relation>, times: usize, rng: &mut Rng) -> Vec<i64> {
    let list =
        |array: &TimestampMicrosecondArray| (0..array.len()).filter_map(|row| at(array, row)).collect::<Vec<_>>();
    let mut ats = world.examples.at().map(list).unwrap_or_default();
    ats.sort_unstable();
    ats.dedup();
    let (Some(first), Some(last)) = (ats.first().copied(), ats.last().copied()) else { return Vec::new() };
    let mut facts: Vec<i64> = sources.values().filter_map(Relation::known_at).flat_map(list).collect();
    facts.retain(|known_at| (first..=last).contains(known_at));
    facts.sort_unstable();
    facts.dedup();
    let both: Vec<i64> = ats.iter().copied().filter(|at| facts.binary_search(at).is_ok()).collect();
    let pick = |from: &[i64], turn: usize, rng: &mut Rng| {
        // Spread over the span: the turn's own share of it, at random within.
        let (low, high) =
            (from.len() * turn / times, (from.len() * (turn + 1) / times).max(from.len() * turn / times + 1));
        from.get(low + rng.index(high - low)).or(from.last()).copied()
    };
    let mut chosen: Vec<i64> = Vec::new();
    for turn in 0..times {
        let from = match turn % 3 {
            0 if !both.is_empty() => &both,
            1 if !facts.is_empty() => &facts,
            _ => &ats,
        };
        chosen.extend(pick(from, turn, rng));
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// Which examples have `at <= moment`.
fn until(examples: &Examples, moment: i64) -> Result<BooleanArray> {
    let ats = examples.at().ok_or_else(|| Problem::internal("examples without time"))?;
    Ok((0..ats.len()).map(|row| Some(at(ats, row).is_some_and(|at| at <= moment))).collect())
}

#[cfg(test)]
mod tests;
