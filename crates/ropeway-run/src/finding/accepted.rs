//! Findings that a person looked at and found to be all right, as `[accept]` says.

use ropeway_project::Project;

use crate::report::FindingReport;

/// The others.
pub(super) fn open(project: &Project, mut findings: Vec<FindingReport>) -> Vec<FindingReport> {
    findings.retain(|finding| {
        let name = finding.column.as_deref().map(|column| column.split_once('.').map_or(column, |(_, name)| name));
        !name.is_some_and(|name| is_accepted(project, &finding.code, name))
    });
    findings
}

/// Whether a finding of this code is all right of a column.
pub(super) fn is_accepted(project: &Project, code: &str, column: &str) -> bool {
    project.settings.accept.get(code).is_some_and(|columns| columns.iter().any(|name| name == column))
}
