//! The text of the new project's files.

mod dates;
pub mod folder;
mod learn;
mod lists;
mod lookup;
mod notes;
mod spelled;
mod sql;

use std::collections::BTreeSet;
use std::fmt::Write;

use ropeway_source::Finer;
use ropeway_survey::{Code, LabelSurvey, Task};

use crate::init::decide::columns::{ColumnChoice, Use};
use crate::init::decide::label::LabelChoice;
use crate::init::decide::lookup::Lookup;
use crate::init::decide::split::Split;
use crate::init::look::Looked;
use crate::init::names::free;
use crate::init::names::{Names, plain};
use crate::init::quoted::{one_line, sql_name, toml_list, toml_text};
use crate::init::write::dates::Derived;

/// All that the files say.
pub struct Plan<'a> {
    pub names: &'a Names,
    pub looked: &'a Looked,
    pub label: &'a LabelChoice,
    pub label_survey: &'a LabelSurvey,
    pub columns: &'a [ColumnChoice],
    pub key: &'a [String],
    pub split: &'a Split,
    pub goal: Option<&'a str>,
    pub lookups: &'a [Lookup],
}

impl Plan<'_> {
    pub(super) fn of(&self, used: Use) -> impl Iterator<Item = &ColumnChoice> {
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
            "[table.{table}]\nsql = {}\n{}\n\
             # A check holds of every row, or the row is rejected; `otherwise` may also be \"warn\" or \"stop\".\n",
            toml_text(&self.names.sql_file()),
            if self.key_of_source() { String::new() } else { self.table_key() }
        );
        match self.key {
            [] => {
                let _ = writeln!(out, "# [[check]]\n# table = \"{table}\"\n# that = \"amount >= 0\"\n");
            }
            key => {
                let key = self.called(key);
                let _ = writeln!(out, "[[check]]\ntable = \"{table}\"\nunique = {key}\notherwise = \"stop\"\n");
            }
        }
        self.lookups.iter().for_each(|lookup| lookup.source(self, &mut out));
        self.examples(&mut out);
        self.lookups.iter().for_each(|lookup| lookup.section(&mut out));
        self.derive(&mut out);
        self.recipe(&mut out);
        self.recipe_of_lists(&mut out);
        self.split(&mut out);
        self.learn(&mut out);
        out
    }

    /// These columns by the names that they have in the table.
    fn called(&self, key: &[String]) -> String {
        let called = self.columns.iter().filter(|column| key.contains(&column.name));
        toml_list(called.map(|column| column.called.as_str()))
    }

    /// Whether the key holds of the file as it is; else the table has it, which leaves out rows that repeat another one.
    fn key_of_source(&self) -> bool {
        self.key.is_empty() || !self.looked.survey.repeats.are_copies()
    }

    fn table_key(&self) -> String {
        format!("key = {}   # of the file it is none: some rows stand there twice\n", self.called(self.key))
    }

    fn head(&self, out: &mut String) {
        let label = &self.label.sql;
        let goal = match (self.goal, self.label.task) {
            (Some(goal), _) => goal.to_owned(),
            (None, Task::Binary) => match (&self.label_survey.positive, self.label_survey.above) {
                (Some(positive), None) => format!("Predict whether {} is {positive}", self.label.column),
                _ => format!("Predict whether {label}"),
            },
            (None, _) => format!("Predict {}", self.label.column),
        };
        let _ = write!(
            out,
            "# Written by `ropeway init`. `ropeway check` says what is wrong before anything is trained, and\n\
             # `ropeway schema` prints the JSON Schema with which editors complete this file.\n\n\
             [project]\nname = {}\ngoal = {}\nseed = 1\n\n",
            toml_text(&self.names.project),
            toml_text(&goal)
        );
    }

    /// What is done about values that do not fit.
    pub(super) fn tolerance(&self, out: &mut String) {
        let settings = &self.looked.settings;
        if settings.finer == Finer::Cut {
            out.push_str("finer = \"cut\"   # times finer than a microsecond are cut to it, not rejected\n");
        }
        if settings.tolerate > 0.01 {
            let _ = writeln!(out, "tolerate = {}   # share of rows that may be quarantined", settings.tolerate);
        }
    }

    /// The columns that are about people.
    pub(super) fn personal(&self, out: &mut String) {
        let personal: Vec<&str> =
            self.columns.iter().filter(|column| column.personal).map(|column| column.name.as_str()).collect();
        if !personal.is_empty() {
            let _ = writeln!(out, "personal = {}   # masked in logs, quarantine and reports", toml_list(personal));
        }
    }

    fn source(&self, out: &mut String) {
        let settings = &self.looked.settings;
        let _ = writeln!(out, "[source.{}]\npath = {}", self.names.source, toml_text(&settings.path));
        self.of_file(out);
        self.tolerance(out);
        if !self.key.is_empty() && self.key_of_source() {
            let _ = writeln!(out, "key = {}", toml_list(self.key.iter().map(String::as_str)));
        }
        self.personal(out);
        let ahead = self.columns.iter().filter(|column| column.is_known_ahead()).map(|column| column.name.as_str());
        let _ = writeln!(
            out,
            "# Known before the outcome, as far as `init` can tell: everything but the label{}. Take out whatever is\n\
             # known only afterwards, here and in `request`; in a project with time it is then refused by any way.\n\
             known_ahead = {}",
            if self.columns.iter().any(ColumnChoice::is_suspect_left_out) { " and the suspects left out" } else { "" },
            toml_list(ahead)
        );
        if let Split::Time { at, columns, known_at, .. } = self.split {
            match (known_at, columns.as_slice()) {
                (Some(known_at), _) => {
                    let _ = writeln!(
                        out,
                        "# When the columns of a row became known that are not `known_ahead`: this column is missing exactly where the\n\
                         # label is, so that both come together.\nknown_at = {}",
                        toml_text(known_at)
                    );
                }
                (None, [time]) => {
                    let _ = writeln!(
                        out,
                        "# When a row happened, and so when its other columns became known.\ntime = {}",
                        toml_text(time)
                    );
                    out.push_str("known_after = \"0 seconds\"   # the label is known later? say so: \"3 days\"\n");
                }
                (None, _) => {
                    let _ = writeln!(
                        out,
                        "# When the columns of a row became known that are not `known_ahead`: the label.\nknown_at = {}",
                        toml_text(at)
                    );
                }
            }
        }
        self.of_columns(out);
        out.push('\n');
    }

    fn examples(&self, out: &mut String) {
        let _ = writeln!(out, "[examples]\ntable = \"{}\"", self.names.table);
        if let Split::Time { at, columns, .. } = self.split {
            let at = columns
                .first()
                .filter(|_| columns.len() == 1)
                .map_or_else(|| at.clone(), |name| sql_name(self.looked.called(name)));
            let _ = writeln!(out, "at = {}   # when a prediction is asked for", toml_text(&at));
        }
        let _ = write!(
            out,
            "# {}.\nlabel = {}\nrequest = {}\n",
            one_line(&self.label.why),
            toml_text(&self.label.sql),
            toml_list(self.of(Use::Feature).map(|column| column.called.as_str()))
        );
        for column in self.columns.iter().filter(|column| matches!(column.used, Use::LeftOut | Use::Group)) {
            let _ = writeln!(out, "# left out: {}: {}", one_line(&column.name), one_line(&column.why));
        }
        for column in self.of(Use::Feature).filter(|column| column.why.is_empty()) {
            for code in [Code::DatedLater, Code::PersonalText, Code::MaybePersonal, Code::NearCopy] {
                let Some(said) = self.looked.survey.found_of(code, &column.name) else { continue };
                let _ =
                    writeln!(out, "# {}: {}; it {}", one_line(&column.name), one_line(&said.evidence), said.decision);
            }
        }
        for column in self.of(Use::Feature).filter(|column| !column.why.is_empty()) {
            let asked = self.lookups.iter().any(|lookup| lookup.choice.column.contains(&column.called));
            if asked && !column.why.starts_with("SUSPECT") {
                let _ = writeln!(out, "# {}: {}", one_line(&column.name), one_line(&column.why));
                continue;
            }
            let _ = writeln!(
                out,
                "# {}: {} (`ropeway init --drop-suspects` leaves it out)",
                one_line(&column.name),
                one_line(&column.why)
            );
        }
        out.push('\n');
    }

    /// Columns that follow from others: of dates, and what can be counted of a text.
    fn derive(&self, out: &mut String) {
        let mut lines: Vec<Derived> = Vec::new();
        let mut taken: BTreeSet<String> = self.columns.iter().map(|column| column.called.to_lowercase()).collect();
        let mut take = |derived: Derived| {
            let name = free(&derived.name, &mut taken);
            lines.push(Derived { name, ..derived });
        };
        self.of_dates().into_iter().for_each(&mut take);
        let mut derive = |name: String, sql: String| take(Derived { name, sql, suspects: Vec::new() });
        for column in self.of(Use::Feature).filter(|column| column.sentences) {
            let (name, stem) = (sql_name(&column.called), plain(&column.called, '_', "text"));
            derive(format!("{stem}_length"), format!("character_length({name})"));
            derive(
                format!("{stem}_words"),
                format!("character_length({name}) - character_length(replace({name}, ' ', '')) + 1"),
            );
        }
        self.of_lists().into_iter().for_each(|(name, sql)| derive(name, sql));
        if lines.is_empty() {
            return;
        }
        out.push_str("# Features that are computed from those of the request, and from `at`.\n[derive]\n");
        for Derived { name, sql, suspects } in lines {
            if !suspects.is_empty() {
                let of = one_line(&suspects.join("`, `"));
                let _ = writeln!(
                    out,
                    "# SUSPECT, as `{of}` is: take it out with it (`ropeway init --drop-suspects` does)."
                );
            }
            let _ = writeln!(out, "{name} = {}", toml_text(&sql));
        }
        out.push('\n');
    }

    /// Free text is learned from by its words.
    fn recipe(&self, out: &mut String) {
        for column in self.of(Use::Feature).filter(|column| column.sentences) {
            let _ = write!(
                out,
                "# Free text is learned from by its words, which fall into buckets by their hash; take this out for whole texts.\n\
                 [recipe.feature.{}]\nencode = \"words\"\n\n",
                toml_text(&column.called)
            );
        }
    }
}
