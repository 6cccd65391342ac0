//! How to come to the same model again.

use ropeway_run::Recorded;

use crate::Section;
use crate::html::{Html, code, paragraph};
use crate::table::Table;

/// The section.
pub fn section(run: &Recorded) -> Section {
    let (report, model) = (&run.report, &run.report.model);
    let mut command = "ropeway run".to_owned();
    if run.line.final_ {
        command.push_str(" --final");
    }
    if let Some(share) = report.sample {
        command.push_str(&format!(" --sample {share}"));
    }
    let commands = format!("{command}\nropeway show {run} --json\nropeway report {run}", run = run.line.run);
    let mut table = Table::new(&["what", "~value"]);
    let mut says = |what: &str, value: String| table.html([Html::of(what), code(value)]);
    says("model", format!("{}@{}{}", model.name, model.version, if model.champion { ", the champion" } else { "" }));
    says("package", model.package.clone());
    says("digest of the package", model.digest.to_string());
    if let Some(lineage) = &run.lineage {
        says("ropeway", lineage.ropeway.clone());
        says("seed", lineage.seed.to_string());
        says("candidate", serde_json::to_string(&lineage.candidate).unwrap_or_default());
        says("rounds", lineage.rounds.to_string());
        says("digest of the examples", lineage.examples.to_string());
        for (source, digest) in &lineage.sources {
            says(&format!("content of source {source}"), digest.to_string());
        }
    }
    let explained =
        "The same sources, project file, version and seed give the same package, bit for bit: the digest says so.";
    let pre = Html::new().tag("pre", &[], Html::new().tag("code", &[], Html::of(commands)));
    let body = paragraph("", explained).add(pre).add(table.render("What the model was made from"));
    Section { id: "reproduce", title: "To make it again", body }
}
