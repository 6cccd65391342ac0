//! Looks at the whole table once: how it is to be read, then what it holds.

use std::collections::BTreeMap;
use std::path::Path;

use ropeway_source::SourceSettings;
use ropeway_source::propose::Decision;
use ropeway_survey::{Ask, Code, Survey};
use ropeway_vocab::{ColumnType, Problem, Result};

use super::reading::{Reading, cut_where_needed, left_behind, reading, widen};
use super::words::called;
use crate::render::number::count;

/// Cells after which no more of a table is read: what was seen by then decides, within ten seconds.
const CELLS: u64 = 40_000_000;

/// A table that was looked at.
#[derive(Debug, Clone)]
pub struct Looked {
    /// How it is to be read.
    pub settings: SourceSettings,
    /// Why it is to be read so.
    pub decisions: Vec<Decision>,
    /// What each column is called in the table: as in the file, but for names that are taken.
    pub called: Vec<String>,
    /// Columns that have the type of nearly all their values, and what becomes of the others.
    pub but_for: BTreeMap<String, String>,
    /// Rows read, rejected ones included.
    pub rows: u64,
    /// What was found on the way.
    pub notes: Vec<String>,
    /// What it holds.
    pub survey: Survey,
}

impl Looked {
    /// What the table calls a column of the file.
    pub fn called<'a>(&'a self, name: &'a str) -> &'a str {
        let at = self.survey.columns.iter().position(|column| column.name == name);
        at.and_then(|at| self.called.get(at)).map_or(name, String::as_str)
    }
}

/// Looks at `file`, a path relative to `root`.
///
/// # Errors
/// Whatever reading the file finds; no row that fits; a label that is not there or cannot be learned.
pub fn look(root: &Path, file: &str, ask: &Ask<'_>) -> Result<Looked> {
    let Reading { mut settings, declared, decisions } = reading(root, file)?;
    let mut notes = Vec::new();
    let ask = Ask { cells: Some(CELLS), ..*ask };
    let survey = |settings: &SourceSettings| {
        ropeway_survey::survey("data", settings, root, &ask).map_err(|problem| match problem.code() {
            "no-rows" => problem.context(file),
            _ => problem,
        })
    };
    let (mut found, mut read) = survey(&settings)?;
    for _ in 0..2 {
        if !widen(&mut settings, &read, &declared, &mut notes) {
            break;
        }
        (found, read) = survey(&settings)?;
    }
    cut_where_needed(&mut settings, &read, &mut notes);
    for column in &read.left_out {
        notes.push(format!("column {column} has a type that no table can hold and is left out"));
    }
    if !found.whole {
        let rows = count(found.rows);
        notes.push(format!("the table is large: what is said here was found in its first {rows} rows"));
    }
    let kept = |name: &&String| settings.types.get(*name).is_some_and(|ty| *ty != ColumnType::Text);
    let but_for: BTreeMap<String, String> =
        declared.iter().filter(kept).map(|name| (name.clone(), left_behind(name, &read))).collect();
    notes.extend(
        but_for.iter().map(|(name, why)| format!("column `{name}` is read as {}: {why}", settings.types[name])),
    );
    sentinels(&found, &mut settings);
    tolerate(&mut settings, &read, &mut notes);
    let called = called(found.columns.iter().map(|column| column.name.as_str()));
    Ok(Looked { settings, decisions, called, but_for, rows: read.rows_in, notes, survey: found })
}

/// Sentinels become spellings of a missing value of their column, so that rows to predict for are read so, too. Those of
/// doubles and instants, which a file may spell in several ways, are left to the table's SQL.
fn sentinels(found: &Survey, settings: &mut SourceSettings) {
    for finding in found.found(Code::Sentinel) {
        let Some(column) = finding.columns.first() else { continue };
        let ty = found.column(column).map(|column| column.ty);
        if !matches!(ty, Some(ColumnType::Text | ColumnType::Integer | ColumnType::Date)) {
            continue;
        }
        let usual = settings.null.clone();
        let null = settings.column.entry(column.clone()).or_default().null.get_or_insert(usual);
        null.extend(finding.values.iter().map(|found| found.value.clone()));
    }
}

fn tolerate(settings: &mut SourceSettings, read: &ropeway_source::SourceRead, notes: &mut Vec<String>) {
    settings.tolerate = SourceSettings::of_file("").tolerate;
    let share = read.rejected as f64 / read.rows_in.max(1) as f64;
    if share > settings.tolerate {
        settings.tolerate = (share * 100.0).ceil() / 100.0;
        notes.push(format!(
            "{} of {} rows do not fit and will be quarantined; `tolerate` was set to {}",
            read.rejected, read.rows_in, settings.tolerate
        ));
    }
}

/// The problem that no label was named and none can be proposed.
pub fn no_label(looked: &Looked) -> Problem {
    let names: Vec<&str> = looked.survey.columns.iter().map(|column| column.name.as_str()).collect();
    Problem::invalid("no-label", "no column looks like a label")
        .remedy(format!("name one with `--label COLUMN`; the columns are {}", names.join(", ")))
}
