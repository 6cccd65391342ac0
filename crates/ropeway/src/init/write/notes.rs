//! The notes that go with a new project.

use std::fmt::Write;

use crate::init::decide::columns::{ColumnChoice, Use};
use crate::init::decide::split::Split;
use crate::init::quoted::one_line;
use crate::init::write::Plan;
use crate::render::number::count;
use crate::render::paint::Paint;
use crate::render::survey::findings;
use crate::render::table::Table;

impl Plan<'_> {
    /// The notes that go with the project.
    pub fn notes_file(&self, notes: &[String]) -> String {
        let label = self.label;
        let mut out = format!(
            "# {}\n\nStarted with `ropeway init` from `{}`: {} rows, {} of them quarantined.\n\n## Decisions to look at\n\n",
            self.names.project,
            self.looked.settings.path,
            count(self.looked.rows),
            count(self.looked.survey.rejected)
        );
        let _ = writeln!(out, "- Label: `{}`; {}.", label.sql, label.why);
        if let (Some(positives), Some(negatives)) = (label.positives, label.negatives) {
            let share = positives as f64 / (positives + negatives).max(1) as f64 * 100.0;
            let _ = writeln!(
                out,
                "  {} positive and {} negative rows ({share:.1}% positive), {} without a label.",
                count(positives),
                count(negatives),
                count(label.missing)
            );
        }
        match self.key {
            [] => out.push_str("- No column identifies a row. If one should, name it as `key` of the source.\n"),
            key => {
                let _ = writeln!(out, "- `{}` identifies a row and is no feature.", key.join("`, `"));
            }
        }
        for column in self.of(Use::LeftOut) {
            let _ = writeln!(out, "- Left out: `{}`: {}.", one_line(&column.name), column.why);
        }
        for note in notes {
            let _ = writeln!(out, "- {}.", one_line(note));
        }
        let but = match self.columns.iter().filter(|column| column.is_suspect_left_out()).count() {
            0 => "the label",
            _ => "the label and the suspects left out",
        };
        let _ = writeln!(
            out,
            "- All columns but {but} are declared `known_ahead`. A column that is filled in only after the outcome\n  \
             would make the model look better than it is."
        );
        if !matches!(self.split, Split::Time { .. }) {
            out.push_str(
                "- The project has no time yet. With a time column, add `at` to `[examples]`, split `by = \"time\"`, and\n  \
                 windows and as-of lookups become possible.\n",
            );
            self.dates().iter().for_each(|date| out.push_str(&format!("- {date}.\n")));
        }
        out.push_str("\n## Found\n\n```");
        out.push_str(&findings(&self.looked.survey.findings, Paint::PLAIN));
        out.push_str("```\n\n## Columns\n\n```\n");
        let mut table = Table::new(&ColumnChoice::HEADS);
        self.columns.iter().for_each(|column| table.row(column.cells()));
        out.push_str(&table.render(0));
        out.push_str("```\n");
        out
    }
}
