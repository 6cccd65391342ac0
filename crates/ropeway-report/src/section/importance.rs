//! What the model leans on: the fall of the metric when a feature is shuffled, with its interval.

use ropeway_feature::{FeatureSpec, Origin};
use ropeway_run::Recorded;

use crate::Section;
use crate::chart::Ruler;
use crate::html::{Html, code, paragraph};
use crate::number::{estimate, figure};
use crate::table::{Table, details};

/// Features shown at once, and most that are told at all: of thousands the rest would make the page heavy and say nothing.
const SHOWN: usize = 20;
const TOLD: usize = 300;

/// The section.
pub fn section(run: &Recorded) -> Section {
    let all = &run.report.importance;
    if all.is_empty() {
        return Section { id: "importance", title: "What the model leans on", body: Html::new() };
    }
    let ruler = Ruler::new(all.iter().map(|feature| &feature.fall), Some(0.0));
    let part = |features: &[ropeway_run::report::ImportanceReport]| {
        let mut table = Table::new(&["feature", "", ">fall", "~from"]);
        for found in features {
            let origin = run.features.iter().find(|known| known.name == found.feature);
            table.html([
                code(&found.feature),
                ruler.estimate(&found.fall),
                Html::of(estimate(&found.fall)),
                Html::of(origin.map(origin_of).unwrap_or_default()),
            ]);
        }
        table.html([Html::new(), ruler.axis(), Html::new(), Html::new()]);
        table.render("Importance of features")
    };
    let says = format!(
        "How much worse {} gets on validation rows of the last fold when a feature is shuffled there, for a model that had not seen \
         them. The rows are dealt into five parts, each shuffled and measured by itself: the mean of the five with its 95% \
         interval (Student's t), which covers the choice of rows as well as the shuffling. Where the interval holds zero, \
         five parts do not tell the feature from one that says nothing.",
        run.metric.name()
    );
    let mut body = paragraph("soft", says).add(part(&all[..all.len().min(SHOWN)]));
    if all.len() > SHOWN {
        let told = &all[SHOWN..all.len().min(TOLD)];
        body = body.add(details(&format!("And {} more features", told.len()), part(told)));
    }
    if let Some(rest) = all.get(TOLD).map(|next| (all.len() - TOLD, &next.fall)) {
        let says = format!(
            "And {} more features whose fall is {} at most: all are in `ropeway show --json`.",
            rest.0,
            figure(rest.1.value)
        );
        body = body.add(paragraph("note", says));
    }
    Section { id: "importance", title: "What the model leans on", body }
}

/// Where a feature comes from, in words.
pub fn origin_of(feature: &FeatureSpec) -> String {
    match &feature.origin {
        Origin::Request => "request".into(),
        Origin::Lookup { lookup, table, column } => format!("lookup {lookup}: {table}.{column}"),
        Origin::Window { table, .. } => format!("window over {table}"),
        Origin::Derived { inputs } => format!("derived from {}", inputs.join(", ")),
    }
}
