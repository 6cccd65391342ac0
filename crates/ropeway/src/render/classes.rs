//! The table of classes at the end of a run.

use ropeway_run::RunReport;

use super::number::{counted, figure};
use super::paint::Paint;
use super::summary::section;
use super::table::Table;

/// How well each class is decided for: on the holdout where that was opened, else in validation.
pub fn page(report: &RunReport, paint: Paint) -> String {
    let Some(classes) = &report.classes else { return String::new() };
    let (figures, of) = match classes.holdout.as_slice() {
        [] => (&classes.validation, "validation"),
        _ => (&classes.holdout, "holdout"),
    };
    let mut table = Table::new(&["class", ">rows", ">precision", ">recall", ">f1", "most often taken for"]);
    for class in figures {
        let others = class.decided.iter().filter(|(name, _)| **name != class.class);
        let wrong = others.max_by(|a, b| a.1.total_cmp(b.1));
        table.row([
            class.class.clone(),
            counted(class.rows),
            figure(class.precision),
            figure(class.recall),
            figure(class.f1),
            wrong.map_or_else(String::new, |(name, rows)| format!("{name} ({})", counted(*rows))),
        ]);
    }
    section(&format!("Classes ({of})"), paint, &table.render(2))
}
