//! From files to features: what everything was made from.

use ropeway_run::Recorded;

use super::importance::origin_of;
use crate::Section;
use crate::html::{Html, code, paragraph};
use crate::number::{bytes, count};
use crate::table::{Table, details};

/// Files of one source that are listed.
const FILES: usize = 50;
/// Features that are listed.
const FEATURES: usize = 500;

/// The section.
pub fn section(run: &Recorded) -> Section {
    let mut files = Table::new(&["source", "file", ">bytes", "digest"]);
    for relation in &run.relations {
        let Some((_, of_source)) = &relation.source else { continue };
        for file in of_source.iter().take(FILES) {
            files.html([
                code(&relation.name),
                code(&file.name),
                Html::of(bytes(file.bytes)),
                code(file.digest.short()),
            ]);
        }
        if of_source.len() > FILES {
            files.row([relation.name.clone(), format!("and {} more files", of_source.len() - FILES)]);
        }
    }
    let mut body = Html::new().tag("h3", &[], Html::of("Files")).add(files.render("Files of the sources"));
    for table in run.relations.iter().filter(|relation| relation.sql.is_some()) {
        let title = format!("Table {}: {} rows, digest {}", table.name, count(table.rows), table.digest.short());
        let sql = Html::new().tag("code", &[], Html::of(table.sql.as_deref().unwrap_or_default().trim()));
        body = body.add(details(&title, Html::new().tag("pre", &[], sql)));
    }
    if !run.features.is_empty() {
        let mut features = Table::new(&["feature", "~from"]);
        let listed = run.features.iter().take(FEATURES);
        listed.for_each(|feature| features.html([code(&feature.name), Html::of(origin_of(feature))]));
        if let Some(more) = run.features.len().checked_sub(FEATURES).filter(|more| *more > 0) {
            features.row([format!("and {more} more")]);
        }
        let table = run.examples_table.as_deref().unwrap_or("the examples");
        let says = format!("{} features of each row of {table}.", run.features.len());
        body = body.tag("h3", &[], Html::of("Features")).add(paragraph("soft", says));
        body = body.add(details("Features and where they come from", features.render("Features")));
    }
    Section { id: "lineage", title: "Lineage", body }
}
