//! A project, planned: SQL, types, times and features resolved, settings found sound. What `check` reports and what every
//! other command stands on.

use ropeway_feature::{FeaturePlan, Finding, reserved};
use ropeway_learn::settings::SplitBy;
use ropeway_project::{Looked, Project};
use ropeway_registry::GateSettings;
use ropeway_source::{Noticed, TextByException};
use ropeway_table::{CARRYING, Definitions, TablePlan};
use ropeway_vocab::{Kind, Problem, Result, Timing, nearest};

use crate::finding::{check_columns, of_text};
use crate::report::FindingReport;

/// A project that could be run.
pub(crate) struct Planned {
    pub tables: TablePlan,
    pub features: FeaturePlan,
    pub findings: Vec<Finding>,
    pub gates: Vec<GateSettings>,
    /// Columns of sources that are text for the sake of a few values.
    pub exceptions: Vec<(String, TextByException)>,
    /// What else should be known of the files of each.
    pub noticed: Vec<(String, Noticed)>,
}

impl Planned {
    /// Plans a project; reads SQL files and the first rows of each source.
    pub fn new(project: &Project) -> Result<Self> {
        let settings = &project.settings;
        settings.recipe.check()?;
        settings.learn.check()?;
        settings.costs_of_error.check()?;
        settings.costs_of_error.check_task(settings.learn.task)?;
        let gates: Vec<GateSettings> = project.section("gate")?.unwrap_or_default();
        ropeway_registry::check_gates(&gates, settings.learn.task.metrics())?;
        let Looked { definitions, exceptions, noticed } = project.looked()?;
        let planned = plan(definitions).and_then(|tables| {
            let (features, findings) = FeaturePlan::new(&project.features(), &tables)?;
            Ok((tables, features, findings))
        });
        let (tables, features, findings) = planned.map_err(|problem| for_the_sake_of(problem, &exceptions))?;
        crate::labels::check_label(features.label_type(), settings.learn.task)
            .map_err(|problem| problem.or_at(|| project.place(&["examples", "label"])))?;
        let typed = features.features().iter().map(|feature| (feature.name.as_str(), feature.ty));
        settings.recipe.check_features(typed).map_err(|problem| project.locate(problem, &["recipe", "feature"]))?;
        group(project, &tables, &features)?;
        crate::weights::check(project, &tables, &features)?;
        labels_timed(project, &tables, &features)?;
        let planned = Self { tables, features, findings, gates, exceptions, noticed };
        check_columns(project, &planned)?;
        Ok(planned)
    }

    /// The tables that examples and features read.
    pub fn read_by_features(&self) -> Vec<String> {
        let steps = self.features.steps().into_iter().filter_map(|step| step.table);
        steps.chain([self.features.examples_table().to_owned()]).collect()
    }
}

/// Plans the tables alone.
pub(crate) fn tables(project: &Project) -> Result<TablePlan> {
    let Looked { definitions, exceptions, .. } = project.looked()?;
    plan(definitions).map_err(|problem| for_the_sake_of(problem, &exceptions))
}

fn plan(definitions: Definitions) -> Result<TablePlan> {
    let tables = TablePlan::new(definitions)?;
    tables.refuse_unlike_unions()?;
    Ok(tables)
}

/// A problem of types, with the columns that are text for the sake of a few values: they may be its cause.
fn for_the_sake_of(problem: Problem, exceptions: &[(String, TextByException)]) -> Problem {
    let about_text = ["Utf8", "text", "coerce"].iter().any(|word| problem.what().contains(word));
    if !about_text || exceptions.is_empty() {
        return problem;
    }
    let odd = exceptions.iter().map(|(source, exception)| {
        let FindingReport { message, remedy, .. } = of_text(source, exception);
        format!("{message}: {remedy}")
    });
    let odd = odd.collect::<Vec<_>>().join("; and ");
    let advice = problem.advice().map(|advice| format!("{advice}; or the cause is another: ")).unwrap_or_default();
    problem.remedy(format!("{advice}{odd}"))
}

/// Where labels are purged by the time at which they became known, there is such a time.
fn labels_timed(project: &Project, tables: &TablePlan, features: &FeaturePlan) -> Result<()> {
    let table = features.examples_table();
    let (holdout, folds) = project.settings.split.resolved(features.has_time());
    let Timing::Untimed(reason) = tables.timing(table)? else { return Ok(()) };
    if !features.has_time() || (holdout != SplitBy::Time && folds != SplitBy::Time) {
        return Ok(());
    }
    let what = format!(
        "[examples]: table `{table}` does not say when its labels become known, and [split] parts by time, which must leave \
         out labels that were not known yet: {reason}"
    );
    Err(Problem::new(Kind::Refused, "untimed", what).at(project.place(&["examples", "table"])).remedy(format!(
        "write its SQL with {CARRYING}, which carry the time of their inputs, and give its sources a known-at; or part by \
         group or at random"
    )))
}

/// The columns of the group are there when examples are split: columns of their table, or features.
fn group(project: &Project, tables: &TablePlan, features: &FeaturePlan) -> Result<()> {
    let table = features.examples_table();
    let columns = tables.schema(table)?.columns.iter().map(|column| &column.name);
    let of_features = features.features().iter().map(|feature| &feature.name);
    let mut known: Vec<&str> = Vec::new();
    for name in columns.chain(of_features) {
        // A request column is a feature, too; examples have a label and times of their own.
        if !known.contains(&name.as_str()) && reserved(name, "").is_ok() {
            known.push(name);
        }
    }
    for name in project.settings.split.group_columns()? {
        let place = || {
            let place = project.document.place_of_text(&["split"], name);
            place.unwrap_or_else(|| project.place(&["split"]))
        };
        reserved(name, "`group` of [split]").map_err(|problem| problem.at(place()))?;
        if known.contains(&name.as_str()) {
            continue;
        }
        let what = format!("`group` of [split] names `{name}`, which is no column of table `{table}` and no feature");
        let problem = Problem::invalid("unknown-column", what);
        let problem = match nearest(name, known.iter().copied()) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None => problem.remedy(format!("it may name {}", known.join(", "))),
        };
        return Err(problem.at(place()));
    }
    Ok(())
}
