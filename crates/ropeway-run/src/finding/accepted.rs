//! Findings that a person looked at and found to be all right, as `[accept]` says.

use ropeway_project::Project;
use ropeway_vocab::{Problem, Result, nearest};

use crate::planned::Planned;
use crate::report::{FindingPlace, FindingReport};

/// The others.
pub(super) fn open(project: &Project, mut findings: Vec<FindingReport>) -> Vec<FindingReport> {
    findings.retain(|finding| {
        let name = finding.column.as_deref().map(|column| column.split_once('.').map_or(column, |(_, name)| name));
        !name.is_some_and(|name| is_accepted(project, &finding.code, name))
    });
    findings
}

/// Whether a finding of this code is all right of a column. Whether a feature is known when a prediction is asked for was answered
/// where any leak of it was accepted, so that learning does not ask again.
pub(super) fn is_accepted(project: &Project, code: &str, column: &str) -> bool {
    let named = |columns: &[String]| columns.iter().any(|name| name == column);
    let asks_again = code == "feature-tells-all";
    project.settings.accept.iter().any(|(own, columns)| {
        let answers = own == code || asks_again && own.starts_with("leak-");
        answers && named(columns)
    })
}

/// Every column that a finding may be of.
fn columns<'a>(project: &'a Project, planned: &'a Planned) -> Result<Vec<&'a str>> {
    let mut all: Vec<&str> = vec!["label"];
    for table in planned.tables.order() {
        all.extend(planned.tables.schema(table)?.columns.iter().map(|column| column.name.as_str()));
    }
    all.extend(planned.features.features().iter().map(|feature| feature.name.as_str()));
    all.extend(project.settings.source.values().filter_map(|source| source.time.as_deref()));
    Ok(all)
}

/// What is accepted of columns that are not there, by code.
fn absent<'a>(project: &'a Project, known: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let of_code =
        |(code, columns): (&'a String, &'a Vec<String>)| columns.iter().map(|name| (code.as_str(), name.as_str()));
    project.settings.accept.iter().flat_map(of_code).filter(|(_, name)| !known.contains(name))
}

/// Refuses a column that is misspelled: it would accept nothing, without a word.
pub(crate) fn check_columns(project: &Project, planned: &Planned) -> Result<()> {
    let known = columns(project, planned)?;
    for (code, name) in absent(project, &known) {
        if let Some(near) = nearest(name, known.iter().copied()) {
            let what = format!("`{code}` of [accept] names `{name}`, which no source, table or feature is called");
            let problem = Problem::invalid("unknown-column", what).remedy(format!("did you mean `{near}`?"));
            return Err(problem.at(project.place(&["accept", code])));
        }
    }
    Ok(())
}

/// Columns that are called like none that is there: they may have left with an earlier file.
pub(super) fn accepts_nothing(project: &Project, planned: &Planned) -> Result<Vec<FindingReport>> {
    let known = columns(project, planned)?;
    let report = |(code, name): (&str, &str)| {
        let place = project.place(&["accept", code]);
        FindingReport {
            code: "accepts-nothing".into(),
            message: format!("`{code}` of [accept] names `{name}`, which no source, table or feature is called"),
            place: Some(FindingPlace { file: place.file, line: place.line }),
            remedy: "take it out where the column has left; else write the column as the file does".into(),
            ..FindingReport::default()
        }
    };
    Ok(absent(project, &known).map(report).collect())
}
