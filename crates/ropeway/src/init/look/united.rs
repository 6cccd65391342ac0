//! What all rows show of how single columns are to be read: spellings of one level that are read as one, and identifiers that
//! a tool wrote as numbers with decimals.

use ropeway_source::propose::Decision;
use ropeway_survey::{Counted, Finding, spelling_toml};
use ropeway_vocab::ColumnType;

use crate::init::look::reading::Reading;

impl Reading {
    /// Says so in the settings; what was found of spellings. Nothing where nothing changed.
    pub(super) fn unite(&mut self, counted: &Counted) -> Option<Vec<Finding>> {
        let found = counted.spellings();
        for finding in &found {
            let (Some(column), Some(text)) = (finding.columns.first(), finding.text) else { continue };
            self.settings.column.entry(column.clone()).or_default().text = Some(text);
            let why = format!("{}; {}", finding.evidence, finding.decision);
            self.decide(column, "column.text", spelling_toml(text), why, finding.rows);
        }
        let identifiers = counted.whole_identifiers();
        for column in &identifiers {
            self.settings.types.insert(column.clone(), ColumnType::Integer);
            let why = "it is called an identifier, and all of its numbers are whole, also where they have decimals";
            self.decide(column, "types", "\"integer\"".to_owned(), why.to_owned(), 0);
        }
        (!found.is_empty() || !identifiers.is_empty()).then_some(found)
    }

    fn decide(&mut self, column: &str, setting: &str, value: String, why: String, fit: u64) {
        let (setting, column) = (setting.to_owned(), Some(column.to_owned()));
        self.decisions.push(Decision {
            setting,
            column,
            value,
            why,
            fit,
            of: fit,
            other: None,
            words: Vec::new(),
            aloud: false,
        });
    }
}
