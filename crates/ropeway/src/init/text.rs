//! The text of the new project's files.

use std::fmt::Write;

use ropeway_project::toml_key;
use ropeway_source::Finer;

use super::columns::{ColumnChoice, Use};
use super::identifier::{Names, one_line, sql_name, toml_list, toml_text};
use super::label::LabelChoice;
use super::survey::Survey;
use crate::render::number::count;
use crate::render::table::Table;

/// All that the files say.
pub struct Plan<'a> {
    pub names: &'a Names,
    pub survey: &'a Survey,
    pub label: &'a LabelChoice,
    pub columns: &'a [ColumnChoice],
    pub key: &'a [String],
}

impl Plan<'_> {
    fn of(&self, used: Use) -> impl Iterator<Item = &ColumnChoice> {
        self.columns.iter().filter(move |column| column.used == used)
    }

    /// `ropeway.toml`.
    pub fn project_file(&self) -> String {
        let mut out = String::new();
        self.head(&mut out);
        self.source(&mut out);
        let table = &self.names.table;
        let _ = write!(
            out,
            "[table.{table}]\nsql = {}\n\n\
             # A check holds of every row, or the row is rejected; `otherwise` may also be \"warn\" or \"stop\".\n",
            toml_text(&self.names.sql_file())
        );
        match self.key {
            [] => {
                let _ = writeln!(out, "# [[check]]\n# table = \"{table}\"\n# that = \"amount >= 0\"\n");
            }
            key => {
                let called = self.columns.iter().filter(|column| key.contains(&column.name));
                let key = toml_list(called.map(|column| column.called.as_str()));
                let _ = writeln!(out, "[[check]]\ntable = \"{table}\"\nunique = {key}\notherwise = \"stop\"\n");
            }
        }
        self.examples(&mut out);
        let _ = write!(
            out,
            "[split]\nholdout = {{ by = \"random\", share = 0.2 }}   # opened by `ropeway run --final`, every look counted\n\
             folds = {{ by = \"random\", count = 5 }}\n\n\
             [learn]\ntask = \"binary\"\nmetric = \"average_precision\"\nlearners = [\"linear\", \"boosted\"]\n\
             [learn.tune]\nstrategy = \"halving\"\ntrials = 20\n\n\
             # What a wrong decision costs, in any one unit; the decision threshold follows from it.\n\
             [costs_of_error]\nfalse_negative = 1.0\nfalse_positive = 1.0\n\n\
             # A model whose gates hold becomes the champion; else `ropeway run` ends with exit code 3.\n\
             # Validation chose the model, so that its figures are a little too good; the holdout, which `ropeway run --final`\n\
             # opens, chose nothing.\n\
             [[gate]]\nthat = \"validation.roc_auc.low > 0.5\"        # better than chance, as far as validation tells\n\
             [[gate]]\nthat = \"holdout.roc_auc.low > 0.5\"           # better than chance, beyond doubt\n"
        );
        out
    }

    fn head(&self, out: &mut String) {
        let goal = format!("Predict whether {} holds", self.label.sql);
        let _ = write!(
            out,
            "# Written by `ropeway init`. `ropeway check` says what is wrong before anything is trained, and\n\
             # `ropeway schema` prints the JSON Schema with which editors complete this file.\n\n\
             [project]\nname = {}\ngoal = {}\nseed = 1\n\n",
            toml_text(&self.names.project),
            toml_text(&goal)
        );
    }

    fn source(&self, out: &mut String) {
        let settings = &self.survey.settings;
        let _ = writeln!(out, "[source.{}]\npath = {}", self.names.source, toml_text(&settings.path));
        if let Some(delimiter) = &settings.delimiter {
            let _ =
                writeln!(out, "delimiter = {}   # it cuts the header and the first rows alike", toml_text(delimiter));
        }
        if settings.null.len() > 1 {
            let _ = writeln!(out, "null = {}", toml_list(settings.null.iter().map(String::as_str)));
        }
        if settings.finer == Finer::Cut {
            out.push_str("finer = \"cut\"   # times finer than a microsecond are cut to it, not rejected\n");
        }
        if settings.tolerate > 0.01 {
            let _ = writeln!(out, "tolerate = {}   # share of rows that may be quarantined", settings.tolerate);
        }
        if !self.key.is_empty() {
            let _ = writeln!(out, "key = {}", toml_list(self.key.iter().map(String::as_str)));
        }
        let personal: Vec<&str> =
            self.columns.iter().filter(|column| column.personal).map(|column| column.name.as_str()).collect();
        if !personal.is_empty() {
            let _ = writeln!(out, "personal = {}   # masked in logs, quarantine and reports", toml_list(personal));
        }
        let ahead = self.columns.iter().filter(|column| column.used != Use::Label).map(|column| column.name.as_str());
        let _ = writeln!(
            out,
            "# Known before the outcome, as far as `init` can tell: everything but the label. Take out whatever is\n\
             # known only afterwards, here and in `request`; in a project with time it is then refused by any way.\n\
             known_ahead = {}",
            toml_list(ahead)
        );
        if !settings.types.is_empty() {
            let _ = writeln!(out, "[source.{}.types]", self.names.source);
            for (name, ty) in &settings.types {
                let why = self.survey.but_for.get(name).map_or_else(String::new, |why| format!("   # {why}"));
                let _ = writeln!(out, "{} = \"{ty}\"{why}", toml_key(name));
            }
        }
        out.push('\n');
    }

    fn examples(&self, out: &mut String) {
        let _ = write!(
            out,
            "[examples]\ntable = \"{}\"\n\
             # {}.\n\
             label = {}\n\
             request = {}\n",
            self.names.table,
            self.label.why.replace('\n', " "),
            toml_text(&self.label.sql),
            toml_list(self.of(Use::Feature).map(|column| column.called.as_str()))
        );
        for column in self.of(Use::LeftOut) {
            let _ = writeln!(out, "# left out: {} {}", one_line(&column.name), column.why);
        }
        out.push('\n');
    }

    /// The SQL of the one table.
    pub fn sql_file(&self) -> String {
        let expressions: Vec<String> = self.columns.iter().map(expression).collect();
        let width = expressions.iter().map(|text| text.chars().count()).max().unwrap_or(0);
        let mut out = String::from(
            "-- The place to clean and compute columns. Order and names are yours; every row of the\n-- result is an example.\nSELECT\n",
        );
        for (index, (column, name)) in self.columns.iter().zip(&expressions).enumerate() {
            let comma = if index + 1 < self.columns.len() { "," } else { " " };
            let gap = " ".repeat(width.saturating_sub(name.chars().count()));
            let missing =
                if column.missing == 0 { String::new() } else { format!(", {} missing", count(column.missing)) };
            let taken = if column.called == column.name {
                String::new()
            } else {
                format!("; examples and predictions have a column `{}` themselves", column.name)
            };
            let (ty, distinct) = (column.ty, count(column.distinct));
            let _ = writeln!(out, "  {name}{comma}{gap}  -- {ty}, {distinct} different{missing}{taken}");
        }
        let _ = writeln!(out, "FROM {}", self.names.source);
        out
    }

    /// The notes that go with the project.
    pub fn notes_file(&self, notes: &[String]) -> String {
        let label = self.label;
        let mut out = format!(
            "# {}\n\nStarted with `ropeway init` from `{}`: {} rows, {} of them quarantined.\n\n## Decisions to look at\n\n",
            self.names.project,
            self.survey.settings.path,
            count(self.survey.rows),
            count(self.survey.rejected)
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
            let _ = writeln!(out, "- Left out: `{}` {}.", one_line(&column.name), column.why);
        }
        for note in notes {
            let _ = writeln!(out, "- {}.", one_line(note));
        }
        out.push_str(
            "- All columns but the label are declared `known_ahead`. A column that is filled in only after the outcome\n  \
             would make the model look better than it is.\n\
             - The project has no time yet. With a time column, add `at` to `[examples]`, split `by = \"time\"`, and\n  \
             windows and as-of lookups become possible.\n\n## Columns\n\n```\n",
        );
        let mut table = Table::new(&ColumnChoice::HEADS);
        self.columns.iter().for_each(|column| table.row(column.cells()));
        out.push_str(&table.render(0));
        out.push_str("```\n");
        out
    }
}

/// A column as the table selects it.
fn expression(column: &ColumnChoice) -> String {
    let name = sql_name(&column.name);
    if column.called == column.name { name } else { format!("{name} AS {}", sql_name(&column.called)) }
}
