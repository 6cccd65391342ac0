//! How good the answers are, drawn: of the winner in validation, and on the holdout where it was opened.

use ropeway_learn::Views;
use ropeway_run::Recorded;

use super::{binary, classes, numbers};
use crate::Section;
use crate::html::{Html, paragraph};
use crate::number::{count, counted, estimate, ordinal};
use crate::table::{Table, details};

/// The section.
pub fn section(run: &Recorded) -> Section {
    let mut body = Html::new();
    if let Some((candidate, views)) = run.views.first() {
        let says = format!(
            "The answers of {candidate} to {} rows of the folds that it had not seen, all folds together and calibrated without the \
             row's part.",
            count(views.rows())
        );
        body = body.tag("h3", &[], Html::of("Validation")).add(paragraph("soft", says)).add(drawn(views));
    }
    body = body.add(holdout(run));
    Section { id: "evaluation", title: "How good the answers are", body }
}

fn holdout(run: &Recorded) -> Html {
    let Some(final_) = &run.report.final_ else { return Html::new() };
    let looks = match run.report.looks.map_or(0, |looks| looks.through_another_split) {
        0 => format!("This was the {} look at this holdout.", ordinal(final_.looks)),
        some => format!(
            "Looks at this holdout so far: {}, {some} of them through another split, key or label.",
            final_.looks
        ),
    };
    let mut table = Table::new(&["figure", ">value [95% interval]"]);
    for metric in run.report.decision.task.metrics() {
        if let Some(found) = final_.figures.get(metric) {
            table.row([metric.name().to_owned(), estimate(found)]);
        }
    }
    let figures = details("All figures of the holdout", table.render("Figures of the holdout"));
    let head = Html::new().tag("h3", &[], Html::of("Holdout")).add(paragraph("", looks)).add(figures);
    run.held_out.as_ref().map_or(head.clone(), |views| head.add(drawn(views)))
}

fn drawn(views: &Views) -> Html {
    let weights = views.weight().map_or_else(Html::new, |weight| {
        let says = format!(
            "Rows count by their weight, in figures and charts: {} rows, the sum of whose weights is {}; where rows are counted below, \
             it is in weights.",
            count(views.rows()),
            counted(weight)
        );
        paragraph("note", says)
    });
    weights.add(match views {
        Views::Binary(views) => binary::charts(views),
        Views::Multiclass(views) => classes::charts(views),
        Views::Regression(views) => numbers::charts(views),
    })
}
