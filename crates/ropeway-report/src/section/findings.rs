//! What the figures stand on without proof, what was found, and what the checks said.

use ropeway_run::Recorded;
use ropeway_run::report::FindingReport;

use crate::Section;
use crate::html::{Html, code, paragraph};
use crate::number::count;
use crate::table::Table;

/// The section.
pub fn section(run: &Recorded) -> Section {
    let mut body = Html::new().tag("h3", &[], Html::of("Assumptions"));
    body = match run.assumptions.as_slice() {
        [] => body.add(paragraph(
            "",
            "None: no source is said to be static, and no table to be settled by a `known_at` of its own.",
        )),
        some => {
            let items = some.iter().fold(Html::new(), |list, item| list.tag("li", &[], Html::of(item)));
            body.tag("ul", &[], items)
        }
    };
    body = body.tag("h3", &[], Html::of("Findings"));
    body = match run.report.findings.as_slice() {
        [] => body.add(paragraph("", "This run found nothing that it warns of. What `ropeway init` or `ropeway check` found is not repeated here.")),
        some => body.add(findings(some)),
    };
    let body = body.add(accepted(run)).add(checks(run));
    Section { id: "findings", title: "Assumptions and findings", body }
}

/// What `[accept]` of the project file silences: somebody has looked at it, and a reader may want to look again.
fn accepted(run: &Recorded) -> Html {
    let all = run.report.accepted.iter().flat_map(|(of, columns)| columns.iter().map(move |column| (of, column)));
    let mut table = Table::new(&["finding", "column"]);
    all.for_each(|(of, column)| table.html([code(of), code(column)]));
    if run.report.accepted.values().all(Vec::is_empty) {
        return Html::new();
    }
    let why = "The project file says under `[accept]` that these are all right, so that they are told neither by `ropeway check` nor here.";
    Html::new().tag("h3", &[], Html::of("Accepted")).add(paragraph("", why)).add(table.render("Accepted findings"))
}

fn findings(all: &[FindingReport]) -> Html {
    let mut table = Table::new(&["code", "~what", "where", "~what could be done"]);
    for finding in all {
        let place = finding.place.as_ref().map(|place| match place.line {
            Some(line) => format!("{}:{line}", place.file),
            None => place.file.clone(),
        });
        let place = place.or_else(|| finding.column.clone()).or_else(|| finding.table.clone()).unwrap_or_default();
        table.html([code(&finding.code), Html::of(finding), Html::of(place), Html::of(&finding.remedy)]);
    }
    table.render("Findings")
}

fn checks(run: &Recorded) -> Html {
    if run.report.checks.is_empty() {
        return Html::new();
    }
    let mut table = Table::new(&["table", "~must hold", ">failed", ">of", "verdict"]);
    for check in &run.report.checks {
        // A check of the table as a whole fails in no row of its own.
        let (failed, of) = match &check.found {
            Some(_) => (Html::new(), Html::of("the table")),
            None => (Html::of(count(check.failed)), Html::of(count(check.total))),
        };
        let that = match &check.found {
            Some(found) => code(&check.that).add(Html::of(format!(": {found}"))),
            None => code(&check.that),
        };
        table.html([code(&check.table), that, failed, of, Html::of(&check.verdict)]);
    }
    Html::new().tag("h3", &[], Html::of("Checks")).add(table.render("Checks"))
}
