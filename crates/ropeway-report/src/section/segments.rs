//! Where the model is at its worst.

use ropeway_learn::segments::Within;
use ropeway_run::Recorded;
use ropeway_vocab::ColumnType;

use crate::Section;
use crate::chart::Ruler;
use crate::html::{Html, code, paragraph};
use crate::number::{amount, count, day, estimate, figure};
use crate::table::Table;

/// The section.
pub fn section(run: &Recorded) -> Section {
    let body = run.segments.as_ref().filter(|found| !found.worst.is_empty()).map_or_else(Html::new, |found| {
        let ruler = Ruler::new(found.worst.iter().map(|segment| &segment.figure), Some(found.all));
        let mut table = Table::new(&["feature", "~where it is", "", ">figure", ">rows"]);
        for segment in &found.worst {
            let ty = run.features.iter().find(|feature| feature.name == segment.feature).map(|feature| feature.ty);
            table.html([
                code(&segment.feature),
                Html::of(within(&segment.within, ty)),
                ruler.estimate(&segment.figure),
                Html::of(estimate(&segment.figure)),
                Html::of(count(segment.rows)),
            ]);
        }
        table.html([Html::new(), Html::new(), ruler.axis(), Html::new(), Html::new()]);
        let says = format!(
            "The {} of {} segments with the worst {} on {} validation rows of the last fold, where all of them have {} (dashed). The \
             worst of many is worse than it is: some of this is chance. A segment whose labels are mostly of one kind has another \
             figure for that alone.",
            found.worst.len(),
            found.compared,
            run.metric.name(),
            count(found.rows),
            figure(found.all)
        );
        paragraph("soft", says).add(table.render("Worst segments"))
    });
    Section { id: "segments", title: "Where it is at its worst", body }
}

fn within(within: &Within, ty: Option<ColumnType>) -> String {
    let number = |number: f64| match ty {
        Some(ColumnType::Date) => day(number * 86_400.0),
        Some(ColumnType::Timestamp) => day(number),
        _ => amount(number),
    };
    match within {
        Within::Between(low, high) if low == high => number(*low),
        Within::Between(low, high) => format!("{} to {}", number(*low), number(*high)),
        Within::Level(level) if level.is_empty() => "(empty)".into(),
        Within::Level(level) => level.clone(),
        Within::Missing => "(missing)".into(),
    }
}
