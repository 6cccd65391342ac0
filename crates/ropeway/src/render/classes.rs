//! The table of classes at the end of a run.

use ropeway_run::RunReport;

use super::number::{count, figure};
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
        let wrong = class.decided.iter().filter(|(name, _)| **name != class.class).max_by_key(|(_, rows)| **rows);
        table.row([
            class.class.clone(),
            count(class.rows),
            figure(class.precision),
            figure(class.recall),
            figure(class.f1),
            wrong.map_or_else(String::new, |(name, rows)| format!("{name} ({})", count(*rows))),
        ]);
    }
    section(&format!("Classes ({of})"), paint, &table.render(2))
}
