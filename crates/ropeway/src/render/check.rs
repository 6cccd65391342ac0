//! What `ropeway check` prints: relations with their times, features with their origins, what deserves a look, and
//! the proof.

use ropeway_feature::{Origin, Proof, Unsettled, Untried};
use ropeway_run::CheckReport;
use ropeway_run::report::FindingReport;
use ropeway_vocab::Timing;

use super::number::count;
use super::paint::Paint;
use super::table::Table;

/// Differences shown of a proof that failed.
const DIFFERENCES: usize = 10;

/// The page.
pub fn page(report: &CheckReport, paint: Paint) -> String {
    let mut out = format!("{}\n\n{}\n", paint.strong(&report.project), paint.strong("Sources and tables"));
    out.push_str(&relations(report));
    out.push_str(&format!("\n{}\n", paint.strong("Features")));
    out.push_str(&features(report));
    if let Some(weight) = &report.weight {
        out.push_str(&format!("  each example counts as much as `{weight}` says, in fits and in figures\n"));
    }
    if !report.assumptions.is_empty() {
        out.push_str(&format!("\n{}\n", paint.strong("Assumptions")));
        for assumption in &report.assumptions {
            out.push_str(&format!("  {assumption}\n"));
        }
    }
    for finding in &report.findings {
        out.push('\n');
        out.push_str(&self::finding(finding, paint));
    }
    if !report.gates.is_empty() {
        out.push_str(&format!("\n{}\n", paint.strong("Gates")));
        for gate in &report.gates {
            out.push_str(&format!("  {gate}\n"));
        }
    }
    out.push('\n');
    match &report.proof {
        Some(proof) => out.push_str(&self::proof(proof, paint)),
        None => out.push_str(&format!(
            "{} Nothing speaks against this project. {}`ropeway run` trains.\n",
            paint.good("ok"),
            // Without time there is no before and after to make an experiment of.
            if report.time { "`ropeway check --prove` makes the experiment, " } else { "" }
        )),
    }
    out
}

fn relations(report: &CheckReport) -> String {
    let mut table = Table::new(&["name", "", ">columns", ">known ahead", "time"]);
    let mut told: Vec<(&str, &str)> = Vec::new();
    for relation in &report.relations {
        let ahead = relation.columns.iter().filter(|column| column.known_ahead).count();
        let time = match &relation.timing {
            Timing::Static => "static: assumed not to change".to_owned(),
            Timing::Timed => "timed: every row has its known-at".to_owned(),
            // A table says again what the relation says that it is made of.
            Timing::Untimed(reason) => match told.iter().find(|(_, told)| reason.ends_with(told)) {
                Some((from, _)) => format!("untimed, as `{from}` is"),
                None => {
                    told.push((&relation.name, reason));
                    format!("untimed: {reason}")
                }
            },
        };
        table.row([
            relation.name.clone(),
            relation.kind.to_owned(),
            relation.columns.len().to_string(),
            ahead.to_string(),
            time,
        ]);
    }
    table.render(2)
}

fn features(report: &CheckReport) -> String {
    let mut table = Table::new(&["name", "type", "from"]);
    for feature in &report.features {
        table.row([feature.name.clone(), feature.ty.to_string(), origin(&feature.origin)]);
    }
    table.render(2)
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Request => "the request".into(),
        Origin::Lookup { lookup, table, column } => format!("lookup {lookup}: {column} of {table}"),
        Origin::Window { table, aggregate } => format!("window: {} over {table}", aggregate.name()),
        Origin::Derived { inputs } => format!("derived from {}", inputs.join(", ")),
    }
}

fn finding(finding: &FindingReport, paint: Paint) -> String {
    let mut out = format!("{} {}\n", paint.warn(&format!("finding[{}]:", finding.code)), finding.message);
    if let Some(place) = &finding.place {
        let line = place.line.map_or_else(String::new, |line| format!(":{line}"));
        out.push_str(&format!(" {} {}{line}\n", paint.dim("-->"), place.file));
    }
    for (index, step) in finding.path.iter().enumerate() {
        let lead = if index == 0 { "= by way of:" } else { "         <-" };
        out.push_str(&format!("  {} {step}\n", paint.dim(lead)));
    }
    if let Some(rows) = &finding.rows {
        out.push_str(&format!("  {} {rows}\n", paint.dim("= rows:")));
    }
    if !finding.remedy.is_empty() {
        out.push_str(&format!("  {} {}\n", paint.dim("= remedy:"), finding.remedy));
    }
    out
}

/// What the experiment did and found.
fn proof(proof: &Proof, paint: Paint) -> String {
    let did = format!(
        "At {} times all that became known later was changed ({} rows overwritten, {} facts added, {} removed); {} \
         examples and {} values were compared",
        proof.times.len(),
        count(proof.overwritten),
        count(proof.added),
        count(proof.removed),
        count(proof.examples),
        count(proof.values)
    );
    let mut out = format!("{}\n  {did}:\n", paint.strong("Proof that nothing comes from the future"));
    if proof.differing == 0 {
        out.push_str(&format!("  {} not one differs.\n", paint.good("ok")));
    } else {
        out.push_str(&format!("  {} {} values differ.\n", paint.bad("refuted:"), count(proof.differing)));
        let mut table = Table::new(&["from", "example at", "key", "value of", "before", "after"]);
        for difference in proof.differences.iter().take(DIFFERENCES) {
            table.row([
                difference.time.to_string(),
                difference.at.map_or_else(String::new, |at| at.to_string()),
                difference.key.clone(),
                difference.feature.clone(),
                difference.before.clone(),
                difference.after.clone(),
            ]);
        }
        out.push_str(&table.render(4));
    }
    if proof.differences.iter().any(|difference| difference.feature == "label") {
        out.push_str(
            "  labels that count what comes later must say by when in their SQL (... AND r.at <= o.at + INTERVAL '12 days'); what \
             says which\n  row another belongs to (a foreign key) is known with it, and stands under known_ahead of its source\n",
        );
    }
    for Unsettled { table, time, rows } in &proof.unsettled {
        out.push_str(&format!(
            "  {} table `{table}` states a known_at by which its rows are not settled: of those known before {time}, {} are \
             others without what becomes known later\n",
            paint.bad("refuted:"),
            count(*rows)
        ));
    }
    for Untried { table, time, reason } in &proof.untried {
        out.push_str(&format!(
            "  {} whether the known_at of table `{table}` holds at {time} could not be tried: its SQL fails without what becomes \
             known later: {reason}\n",
            paint.warn("open:")
        ));
    }
    for (source, reason) in &proof.only_overwritten {
        out.push_str(&format!("  of `{source}` facts were only overwritten, none added or removed: {reason}\n"));
    }
    for (source, reason) in &proof.none_added {
        out.push_str(&format!("  of `{source}` facts were overwritten and removed, none added: {reason}\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_rows_have_no_time_is_told_once_and_no_experiment_is_promised_without_time() {
        let untimed = |name: &str, kind, reason: &str| ropeway_run::RelationReport {
            name: name.into(),
            kind,
            timing: Timing::Untimed(reason.into()),
            columns: Vec::new(),
        };
        let mut report = CheckReport {
            project: "p".into(),
            relations: vec![
                untimed("m", "source", "source `m` says nothing"),
                untimed("t", "table", "`m`: source `m` says nothing"),
            ],
            time: false,
            features: Vec::new(),
            weight: None,
            assumptions: Vec::new(),
            findings: Vec::new(),
            gates: Vec::new(),
            proof: None,
        };
        let text = page(&report, Paint::PLAIN);
        assert_eq!(text.matches("says nothing").count(), 1, "{text}");
        assert!(text.contains("untimed, as `m` is") && !text.contains("--prove"), "{text}");
        report.time = true;
        assert!(page(&report, Paint::PLAIN).contains("`ropeway check --prove` makes the experiment"), "the control");
    }
}
