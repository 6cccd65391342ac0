//! A table, surveyed.

use std::path::Path;

use ropeway_source::propose::Missing;
use ropeway_source::{SourceRead, SourceSettings};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::column::ColumnSurvey;
use crate::finding::label::{LabelSurvey, Task, label};
use crate::finding::{Code, Finding, findings, spellings, whole_identifiers};
use crate::repeats::Repeats;
use crate::scan::{Scanned, scan};
use crate::seen::Seen;

/// What is asked of a survey.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ask<'a> {
    /// The column to predict; one is proposed where none is named.
    pub label: Option<&'a str>,
    /// The column of the time of the rows, where the user says so.
    pub at: Option<&'a str>,
    /// How the label is to be taken.
    pub wish: Wish<'a>,
    /// What is read as missing, and in how many rows, as the proposal of how to read the file has it.
    pub missing: &'a [Missing],
    /// The rows that these were counted in, where they are not all.
    pub looked_at: Option<u64>,
}

/// How a label is to be taken, where the user says so.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Wish<'a> {
    /// Nothing was said.
    #[default]
    Nothing,
    /// This value is positive, all others are negative.
    Positive(&'a str),
    /// Numbers above this one are positive.
    Above(f64),
    /// As this task.
    Task(Task),
}

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// Rows that were read and fit.
    pub rows: u64,
    /// Rows that do not fit their columns and are counted nowhere else.
    pub rejected: u64,
    /// Whether the whole table was read; else its first rows.
    pub whole: bool,
    /// So many rows stand for all where rows are held against each other (leaks, copies, groups): all where nothing stands
    /// here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<u64>,
    /// Rows that repeat an earlier one.
    pub repeats: Repeats,
    /// The columns in the order of the table.
    pub columns: Vec<ColumnSurvey>,
    /// The label, where there is one.
    pub label: Option<LabelSurvey>,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
}

impl Survey {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&ColumnSurvey> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// What was found of this sort.
    pub fn found(&self, code: Code) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.code == code)
    }

    /// What was found of a column alone.
    pub fn found_of(&self, code: Code, column: &str) -> Option<&Finding> {
        self.found(code).find(|finding| finding.columns.first().is_some_and(|name| name == column))
    }

    /// Whether each row has its own value of this column, once rows that repeat another one in every column are left out.
    pub fn is_key_of_different_rows(&self, column: &str) -> bool {
        let again = self.found_of(Code::DuplicateKeys, column).map_or(0, |finding| finding.rows);
        let complete = self.column(column).is_some_and(|column| column.missing == 0);
        self.whole && complete && self.repeats.are_all(again)
    }
}

/// A table whose rows were counted.
#[derive(Debug, Clone)]
pub struct Counted {
    scanned: Scanned,
}

/// Reads the source called `name` under `root` once, and no more than about so many cells of it, where not all are wanted.
///
/// # Errors
/// Whatever reading finds; no row that fits.
pub fn count(name: &str, settings: &SourceSettings, root: &Path, cells: Option<u64>) -> Result<Counted> {
    let mut scanned = scan(name, settings, root, cells.unwrap_or(u64::MAX))?;
    if scanned.rows == 0 {
        let problem = Problem::invalid("no-rows", format!("{} has no row to look at", settings.path));
        return Err(match scanned.read.quarantine.first() {
            Some(first) => problem.remedy(format!("every row was rejected, the first because: {}", first.reason)),
            None => problem.remedy("a header alone is not enough; check that this is the right file"),
        });
    }
    scanned.repeats = scanned.repeats.weighed(&scanned.spread, scanned.rows);
    Ok(Counted { scanned })
}

impl Counted {
    /// What its reader says of it, without rows.
    pub fn read(&self) -> &SourceRead {
        &self.scanned.read
    }

    /// Columns whose levels differ by case or blanks alone, and are clearly the same; how each is read as one stands in the
    /// finding.
    pub fn spellings(&self) -> Vec<Finding> {
        spellings(&Seen::of(&self.scanned))
    }

    /// Columns of numbers with decimals that are whole, and called identifiers.
    pub fn whole_identifiers(&self) -> Vec<String> {
        whole_identifiers(&Seen::of(&self.scanned))
    }

    /// What it holds.
    ///
    /// # Errors
    /// A label that is not there, or that nothing can be learned from.
    pub fn survey(&self, ask: &Ask<'_>) -> Result<Survey> {
        let scanned = &self.scanned;
        let seen = Seen::of(scanned);
        let label = label(&seen, ask)?;
        let found = findings(&seen, label.as_ref(), ask);
        let drawn = scanned.spread.rows.len() as u64;
        let mut columns: Vec<ColumnSurvey> = scanned
            .tallies
            .iter()
            .zip(&scanned.spread.cells)
            .map(|(tally, cells)| ColumnSurvey::of(tally, scanned.rows, cells))
            .collect();
        for finding in found.iter().filter(|finding| finding.code == Code::Personal) {
            columns.iter_mut().filter(|column| finding.columns.contains(&column.name)).for_each(ColumnSurvey::hide);
        }
        Ok(Survey {
            rows: scanned.rows,
            rejected: scanned.read.rejected,
            whole: scanned.whole,
            drawn: (drawn < scanned.rows).then_some(drawn),
            repeats: scanned.repeats,
            columns,
            label,
            findings: found,
        })
    }
}
