//! What is not refused and yet should be known, with its place and the rows that it costs: filters, joins and checks that
//! choose rows by what is known only later, keys that different rows share, and values of people that a model would hold.

mod accepted;
mod biased;
mod copies;
mod cut;
mod keys;
mod near_zero;
mod never;
mod noticed;
mod odd;
mod perfect;
mod rare;
mod scale;
mod suspects;
mod telling;
mod uneven;

use std::collections::BTreeMap;

use ropeway_feature::{FIRST_KNOWN_KEPT, FeatureSpec, Finding, Origin};
use ropeway_learn::Filled;
use ropeway_project::Project;
use ropeway_source::Noticed;
use ropeway_table::{CheckOutcome, LeftOut, TablePlan};
use ropeway_vocab::{ColumnType, Place, Result};

pub(crate) use self::accepted::check_columns;
use self::biased::biased;
pub(crate) use self::copies::{Pair, copies_step, pairs};
use self::cut::cut;
use self::keys::{of_keys, of_posts};
pub(crate) use self::near_zero::NearZero;
use self::never::never_decided;
pub(crate) use self::noticed::footers;
pub(crate) use self::odd::of_text;
use self::perfect::nearly_perfect;
use self::telling::{code_of, telling};
use self::uneven::uneven;
use crate::data::{Data, Shared};
use crate::learning::Suspects;
use crate::planned::Planned;
use crate::population::SplitRecord;
use crate::report::{FindingPlace, FindingReport, FindingRows};
use crate::run::Learned;
use crate::step::{Engine, Made, key};

/// What is told of how examples are parted.
pub(crate) fn of_split(project: &Project, split: &SplitRecord) -> Vec<FindingReport> {
    let scale = scale::far(split, project.settings.learn.weight.as_deref());
    let near_zero = near_zero::near_zero(split).into_iter().collect();
    accepted::open(project, [rare::rare(split), rare::few_blocks(split), scale, near_zero].concat())
}

/// What was counted of rows, by table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// Of each of a table's choosers, in their order.
    pub left_out: BTreeMap<String, Vec<LeftOut>>,
    /// Of each of a table's checks, in their order.
    pub checks: BTreeMap<String, Vec<CheckOutcome>>,
    /// Of each source in which different rows share a key.
    pub shared: BTreeMap<String, Shared>,
    /// Posted rows of each source that its files have with other content.
    pub superseded: BTreeMap<String, u64>,
    /// What was noticed where the files of each source were read.
    pub noticed: BTreeMap<String, Vec<Noticed>>,
}

/// What learning shows: of the best candidate, and of searches that were cut.
pub(crate) fn of_learning(project: &Project, learned: &Learned) -> Vec<FindingReport> {
    let Learned { judged, suspects, against_baseline, .. } = learned;
    let metric = project.settings.learn.metric();
    let open = |filled: &&Filled| !accepted::is_accepted(project, code_of(filled), &filled.feature);
    let suspects =
        Suspects { alone: suspects.alone.clone(), filled: suspects.filled.iter().filter(open).cloned().collect() };
    let told = telling(&judged[0], &suspects, &project.settings.examples.label);
    // What was asked of one feature is not asked of all.
    let perfect = told.is_empty().then(|| nearly_perfect(&judged[0])).flatten();
    let of_best = never_decided(judged, metric, against_baseline.as_ref())
        .into_iter()
        .chain(uneven(judged))
        .chain(biased(judged, metric))
        .chain(perfect);
    accepted::open(project, told.into_iter().chain(of_best).chain(cut(project, judged)).collect())
}

/// What the project's first rows make suspect, and nobody accepted; and what was accepted of columns that are not there.
pub(crate) fn of_first_rows(project: &Project, planned: &Planned) -> Result<Vec<FindingReport>> {
    let suspects = accepted::open(project, suspects::suspects(project, planned));
    Ok([suspects, accepted::accepts_nothing(project, planned)?].concat())
}

/// The tables whose filters and joins decide which rows are examples.
pub(crate) fn tables_behind(planned: &Planned) -> Result<Vec<String>> {
    let upstream = planned.tables.upstream(planned.features.examples_table())?;
    Ok(upstream.into_iter().filter(|name| !planned.tables.is_source(name)).collect())
}

/// The findings of a run; rows are counted in a step of its own, which there is only where something was found.
pub(crate) async fn findings_step(
    engine: &Engine,
    project: &Project,
    planned: &Planned,
    data: &mut Data,
) -> Result<Vec<FindingReport>> {
    let counts = Counts {
        shared: data.shared_keys(),
        superseded: data.superseded(),
        noticed: data.noticed(),
        ..Counts::default()
    };
    if planned.findings.is_empty() {
        return findings(project, planned, &counts);
    }
    let tables = tables_behind(planned)?;
    let mut builder = key("findings");
    // Not their paths, which name lines: a comment in SQL changes no count.
    planned.findings.iter().for_each(|finding| {
        builder.text(&finding.code).text(finding.column.as_deref().unwrap_or_default());
    });
    for name in &tables {
        builder.text(name).text(planned.tables.normalized(name)?);
        for input in planned.tables.inputs(name)? {
            builder.text(input).digest(&data.record(input)?.digest);
        }
    }
    let key = builder.finish();
    let left_out = match engine.found("findings", &key).await? {
        Some(finished) => finished.value("left_out")?,
        None => {
            let work = async || {
                let mut left_out = BTreeMap::new();
                for name in &tables {
                    let inputs = data.relations_of(planned.tables.inputs(name)?)?;
                    left_out.insert(name.clone(), planned.tables.left_out(name, &inputs).await?);
                }
                Made::default().kept("left_out", &left_out)
            };
            engine.step("findings", key, work).await?.value("left_out")?
        }
    };
    let mut checks = BTreeMap::new();
    for name in planned.tables.order() {
        checks.insert(name.clone(), data.record(name)?.checks.clone());
    }
    findings(project, planned, &Counts { left_out, checks, ..counts })
}

/// The findings with what was counted.
pub(crate) fn findings(project: &Project, planned: &Planned, counts: &Counts) -> Result<Vec<FindingReport>> {
    let mut all = Vec::new();
    for finding in &planned.findings {
        match (finding.check, &finding.column) {
            (Some(index), _) => all.extend(of_check(project, &planned.tables, finding, index, counts)),
            (None, Some(column)) => all.extend(of_rows(planned, finding, column, counts)?),
            (None, None) => all.push(report(finding, &finding.table, finding.place.clone(), None)),
        }
    }
    all.extend(counts.shared.iter().map(|(source, shared)| of_keys(project, source, shared)));
    all.extend(counts.superseded.iter().map(|(source, rows)| of_posts(project, source, *rows)));
    // What the plan saw of the first rows, reading all of them may have seen again.
    let mut noticed: Vec<(&String, &Noticed)> =
        planned.noticed.iter().map(|(source, noticed)| (source, noticed)).collect();
    let read = counts.noticed.iter().flat_map(|(source, all)| all.iter().map(move |noticed| (source, noticed)));
    noticed.extend(
        read.filter(|(source, own)| !planned.noticed.iter().any(|(of, other)| of == *source && other.what == own.what)),
    );
    all.extend(noticed.into_iter().map(|(source, noticed)| noticed::of_file(project, source, noticed)));
    all.extend(planned.exceptions.iter().map(|(source, exception)| of_text(source, exception)));
    all.extend(planned.features.features().iter().filter_map(|feature| of_levels(project, feature)));
    Ok(accepted::open(project, all))
}

fn report(finding: &Finding, table: &str, place: Option<Place>, rows: Option<FindingRows>) -> FindingReport {
    FindingReport {
        code: finding.code.clone(),
        message: finding.what.clone(),
        table: Some(table.to_string()),
        column: finding.column.clone(),
        place: place.map(|place| FindingPlace { file: place.file, line: place.line }),
        rows,
        path: finding.path.clone(),
        remedy: finding.remedy.clone(),
        ..FindingReport::default()
    }
}

/// Each filter or join that reads the column, with the rows that it leaves out. They do not add up: a join in between
/// may make several rows of one, and branches of a UNION have rows of their own.
fn of_rows(planned: &Planned, finding: &Finding, column: &str, counts: &Counts) -> Result<Vec<FindingReport>> {
    let mut all = Vec::new();
    for name in tables_behind(planned)? {
        let counted = counts.left_out.get(&name).cloned().unwrap_or_default();
        for (index, chooser) in planned.tables.choosers(&name)?.into_iter().enumerate() {
            if format!("{}.{}", chooser.source, chooser.column) == column {
                let rows = counted.get(index).copied().flatten();
                let rows = rows.map(|(left_out, of)| FindingRows { left_out, of });
                all.push(report(finding, &name, Some(chooser.place), rows));
            }
        }
    }
    if all.is_empty() {
        all.push(report(finding, &finding.table, None, None));
    }
    Ok(all)
}

fn of_check(
    project: &Project,
    tables: &TablePlan,
    finding: &Finding,
    index: usize,
    counts: &Counts,
) -> Option<FindingReport> {
    let checks = &tables.definitions().checks;
    let before = checks.iter().take(index).filter(|check| check.table == finding.table).count();
    let outcome = counts.checks.get(&finding.table).and_then(|outcomes| outcomes.get(before));
    let rows = outcome.map(|outcome| FindingRows { left_out: outcome.failed, of: outcome.total });
    if finding.code == FIRST_KNOWN_KEPT && outcome.is_none_or(|outcome| outcome.failed == 0) {
        return None;
    }
    let place = project.place(&["check", &index.to_string()]);
    Some(report(finding, &finding.table, Some(place), rows))
}

/// A text feature about people: a learner that tells its levels apart keeps them in the model as they are.
fn of_levels(project: &Project, feature: &FeatureSpec) -> Option<FindingReport> {
    if !feature.personal || feature.ty != ColumnType::Text {
        return None;
    }
    let name = &feature.name;
    let nth = |names: &[String], wanted: &str| names.iter().position(|name| name == wanted).unwrap_or(0).to_string();
    let settings = &project.settings;
    let (place, column) = match &feature.origin {
        Origin::Request => {
            let index = nth(&settings.examples.request, name);
            let column = format!("{}.{name}", settings.examples.table);
            (project.place(&["examples", "request", &index]), column)
        }
        Origin::Lookup { lookup, table, column } => {
            let index = settings.lookup.get(lookup).map_or_else(String::new, |lookup| nth(&lookup.take, column));
            (project.place(&["lookup", lookup, "take", &index]), format!("{table}.{column}"))
        }
        Origin::Window { .. } => (project.place(&["window", name]), name.clone()),
        Origin::Derived { .. } => (project.place(&["derive", name]), name.clone()),
    };
    let table = column.split_once('.').map(|(table, _)| table.to_string());
    Some(FindingReport {
        code: "personal-levels".to_string(),
        message: format!(
            "the feature `{name}` is a text about people: its levels would stand in the package as they are"
        ),
        table,
        column: Some(column),
        place: Some(FindingPlace { file: place.file, line: place.line }),
        remedy:
            "drop the feature, or derive a number or a yes or no from it in the SQL of its table (a length, whether \
                 it is there) and ask for that alone"
                .to_string(),
        ..FindingReport::default()
    })
}
