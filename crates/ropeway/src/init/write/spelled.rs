//! The part of the project file that says how a file spells its values, each setting with the evidence for it.

use std::fmt::Write;

use ropeway_project::toml_key;
use ropeway_survey::{Code, spelling_toml};

use crate::init::quoted::{one_line, toml_list, toml_text};
use crate::init::write::Plan;
use crate::render::number::count;

impl Plan<'_> {
    /// What is true of the whole file.
    pub(super) fn of_file(&self, out: &mut String) {
        if let Some(rows) = self.looked.sampled {
            let rows = count(rows);
            let _ = writeln!(
                out,
                "# How values are spelled, and counts of it, were told from the first {rows} rows and the last ones."
            );
        }
        let of_file = self.looked.decisions.iter().filter(|decision| decision.column.is_none());
        let (null, others): (Vec<_>, Vec<_>) = of_file.partition(|decision| decision.setting == "null");
        for decision in others {
            if decision.setting.is_empty() {
                let _ = writeln!(out, "# {}", one_line(&decision.why));
            } else {
                let _ = writeln!(out, "{} = {}   # {}", decision.setting, decision.value, one_line(&decision.why));
            }
        }
        if !null.is_empty() {
            null.iter().for_each(|decision| {
                let _ = writeln!(out, "# {}", one_line(&decision.why));
            });
            let _ = writeln!(out, "null = {}", toml_list(self.looked.settings.null.iter().map(String::as_str)));
        }
    }

    /// What is true of single columns.
    pub(super) fn of_columns(&self, out: &mut String) {
        let source = &self.names.source;
        let settings = &self.looked.settings;
        let why = |column: &str, setting: &str| -> Option<String> {
            let own =
                self.looked.decisions.iter().filter(|d| d.column.as_deref() == Some(column) && d.setting == setting);
            let all: Vec<String> = own.map(|decision| one_line(&decision.why)).collect();
            (!all.is_empty()).then(|| all.join("; "))
        };
        let told = self.looked.decisions.iter().filter(|decision| decision.setting.is_empty());
        for decision in told {
            if let Some(column) = &decision.column {
                let _ = writeln!(out, "# {}: {}", one_line(column), one_line(&decision.why));
            }
        }
        // What stays apart, and how it is brought together.
        for finding in self.looked.survey.found(Code::Spellings).filter(|finding| finding.text.is_none()) {
            let column = finding.columns.first().map_or("", String::as_str);
            let said = one_line(&format!("{column}: {}; they {}", finding.evidence, finding.decision));
            let _ = writeln!(out, "# {said}");
        }
        if !settings.types.is_empty() {
            let _ = writeln!(out, "[source.{source}.types]");
            for (name, ty) in &settings.types {
                let why = self.looked.but_for.get(name).cloned().or_else(|| why(name, "types"));
                let why = why.map_or_else(String::new, |why| format!("   # {why}"));
                let _ = writeln!(out, "{} = \"{ty}\"{why}", toml_key(name));
            }
        }
        for (name, reading) in &settings.column {
            let _ = writeln!(out, "[source.{source}.column.{}]", toml_key(name));
            for (setting, value) in [
                ("number", reading.number.as_ref().and_then(|_| self.value_of(name, "column.number"))),
                ("dates", reading.dates.as_ref().and_then(|_| self.value_of(name, "column.dates"))),
                ("text", reading.text.map(spelling_toml)),
                ("null", reading.null.as_ref().map(|null| toml_list(null.iter().map(String::as_str)))),
            ] {
                let Some(value) = value else { continue };
                let mut said: Vec<String> = why(name, &format!("column.{setting}")).into_iter().collect();
                if setting == "null" {
                    said.extend(self.seen_in_all_rows(name));
                }
                let said = said.join("; ");
                let _ = writeln!(out, "# {said}\n{setting} = {value}");
            }
        }
    }

    /// The spellings of a missing value that all rows together show, and their beginning did not.
    fn seen_in_all_rows(&self, column: &str) -> Option<String> {
        let found = self.looked.survey.found_of(Code::Sentinel, column)?;
        let told = |value: &str| self.looked.decisions.iter().any(|decision| decision.value == toml_text(value));
        let more: Vec<String> = found
            .values
            .iter()
            .filter(|found| !told(&found.value))
            .map(|found| format!("`{}` stands in {} rows", one_line(&found.value), found.count))
            .collect();
        (!more.is_empty()).then(|| more.join("; "))
    }

    fn value_of(&self, column: &str, setting: &str) -> Option<String> {
        let mut own =
            self.looked.decisions.iter().filter(|d| d.column.as_deref() == Some(column) && d.setting == setting);
        own.next().map(|decision| decision.value.clone())
    }
}
