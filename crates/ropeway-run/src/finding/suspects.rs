//! What `ropeway init` would suspect of the project as it stands: columns that may tell the label, columns about people that are
//! not declared so, rows that belong together and are split at random. Whoever opens a project that another one started is
//! told, too. It is found anew in the first rows, so that a changed file or request has its own.

use ropeway_project::Project;
use ropeway_survey::{Ask, Code, Finding, Survey, count};
use ropeway_vocab::Place;

use crate::planned::Planned;
use crate::report::{FindingPlace, FindingReport};

/// Cells that are read of the source of the label, and of each other one, in which people alone are looked for.
const CELLS: u64 = 2_000_000;
const CELLS_OF_OTHERS: u64 = 200_000;

/// All of them, the gravest first within a source. What cannot be read is told by whoever reads it whole.
pub(super) fn suspects(project: &Project, planned: &Planned) -> Vec<FindingReport> {
    let label = label(planned);
    let mut all = Vec::new();
    for (source, settings) in &project.settings.source {
        let own = label.filter(|(of, _)| of == source).map(|(_, column)| column);
        let cells = if own.is_some() { CELLS } else { CELLS_OF_OTHERS };
        let Ok(counted) = count(source, settings, &project.root, Some(cells)) else { continue };
        let ask = Ask { label: own, at: settings.time.as_deref(), ..Ask::default() };
        let labelled = own.and_then(|_| counted.survey(&ask).ok());
        let of_label = labelled.is_some();
        let Some(survey) = labelled.or_else(|| counted.survey(&Ask::default()).ok()) else { continue };
        let suspect = Suspect { project, planned, source, survey: &survey };
        all.extend(survey.findings.iter().filter_map(|finding| match finding.code {
            Code::Personal => suspect.person(finding),
            Code::Group if of_label => suspect.group(finding),
            code if of_label && code.is_leak() => suspect.leak(finding),
            _ => None,
        }));
    }
    all
}

/// The source and its column that labels are made of, where it is one.
fn label(planned: &Planned) -> Option<(&str, &str)> {
    let columns = planned.features.label_columns();
    let [column] = columns.as_slice() else { return None };
    planned.tables.passed_from(planned.features.examples_table(), column)
}

struct Suspect<'a> {
    project: &'a Project,
    planned: &'a Planned,
    source: &'a str,
    survey: &'a Survey,
}

impl Suspect<'_> {
    /// A column that is asked for and may tell the label.
    fn leak(&self, finding: &Finding) -> Option<FindingReport> {
        let (table, from) = (self.planned.features.examples_table(), (self.source, finding.columns.first()?.as_str()));
        let request = &self.project.settings.examples.request;
        let place = request.iter().position(|name| self.planned.tables.passed_from(table, name) == Some(from))?;
        let place = self.project.place(&["examples", "request", &place.to_string()]);
        let do_this = "if it is filled in with the outcome or later, take it out of `request` of [examples] and out of \
                       `known_ahead`; if it is known when a prediction is asked for";
        Some(self.report(finding, place, do_this))
    }

    /// A column about people that is not declared so.
    fn person(&self, finding: &Finding) -> Option<FindingReport> {
        let declared = &self.project.settings.source[self.source].personal;
        finding.columns.first().filter(|name| !declared.contains(name))?;
        let place = self.project.place(&["source", self.source]);
        Some(self.report(
            finding,
            place,
            "name it under `personal` of the source, so that no value of it is shown; if it is about nobody",
        ))
    }

    /// Rows that belong together, where nothing keeps them on one side of the split and no time parts them.
    fn group(&self, finding: &Finding) -> Option<FindingReport> {
        let split = &self.project.settings.split;
        let kept = [&split.group, &split.holdout.group, &split.folds.group].iter().any(|group| !group.is_empty());
        (!kept && !self.planned.features.has_time()).then(|| {
            let do_this = "name it as `group` of [split], so that rows of one group stand on one side; if new rows are of groups that \
                           are known by then";
            self.report(finding, self.project.place(&["split"]), do_this)
        })
    }

    fn report(&self, finding: &Finding, place: Place, do_this: &str) -> FindingReport {
        let code = finding.code.name();
        let column = finding.columns.first().map_or("", String::as_str);
        let names = finding.columns.join("` and `");
        let rows = if self.survey.whole { String::new() } else { format!(", of the first {} rows", self.survey.rows) };
        FindingReport {
            message: format!("`{names}` of source `{}`: {}{rows}", self.source, finding.evidence),
            column: Some(format!("{}.{column}", self.source)),
            place: Some(FindingPlace { file: place.file, line: place.line }),
            remedy: format!("{do_this}, say so under [accept]: {code} = [{column:?}]"),
            code,
            ..FindingReport::default()
        }
    }
}
