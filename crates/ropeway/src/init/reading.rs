//! How a file is to be read: as its beginning proposes, and as reading all of it corrects.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ropeway_source::propose::{Decision, Proposal, propose};
use ropeway_source::{Finer, SourceRead, SourceSettings, inferred};
use ropeway_survey::{names_identifier, names_person};
use ropeway_vocab::{ColumnType, Result};

use super::identifier::one_line;
use crate::render::number::count;

/// A column whose inferred type costs more than this share of the rows gets a wider one.
const WIDEN_ABOVE: f64 = 0.01;
/// The same for a type that was given in spite of a few values.
const UNDO_ABOVE: f64 = 0.05;
/// Values that a comment shows.
const SHOWN: usize = 3;

/// How a file is to be read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The settings of the source.
    pub settings: SourceSettings,
    /// Columns that have the type of nearly all their values.
    pub declared: BTreeSet<String>,
    /// What was decided, and why.
    pub decisions: Vec<Decision>,
}

impl Reading {
    /// The decisions in sentences.
    pub fn notes(&self) -> Vec<String> {
        let note = |decision: &Decision| {
            let Decision { setting, column, value, why, .. } = decision;
            let what = if setting.is_empty() { String::new() } else { format!("`{setting} = {value}`, since ") };
            match column {
                Some(column) => format!("column `{column}`: {what}{why}"),
                None => format!("{what}{why}"),
            }
        };
        self.decisions.iter().map(note).collect()
    }
}

/// Looks at the beginning and the end of `file`, a path relative to `root`.
///
/// # Errors
/// Whatever reading these rows finds.
pub fn reading(root: &Path, file: &str) -> Result<Reading> {
    let Proposal { mut settings, decisions, .. } = propose(Path::new(file), root)?;
    settings.tolerate = 1.0;
    settings.finer = Finer::Cut;
    let declared = but_for_a_few(root, &mut settings)?;
    Ok(Reading { settings, declared, decisions })
}

/// Gives columns that are text for the sake of a few values the type of all others; returns their names. People's
/// columns and identifiers stay as they are: a letter in one of them is no slip.
pub(super) fn but_for_a_few(root: &Path, settings: &mut SourceSettings) -> Result<BTreeSet<String>> {
    let found = inferred("data", settings, root)?.exceptions;
    let meant = found.into_iter().filter(|found| !names_person(&found.column) && !names_identifier(&found.column));
    let declared = meant.map(|found| {
        settings.types.insert(found.column.clone(), found.ty);
        found.column
    });
    Ok(declared.collect())
}

/// Times were cut to microseconds so far: that is said where there were such, and not asked for elsewhere.
pub(super) fn cut_where_needed(settings: &mut SourceSettings, data: &SourceRead, notes: &mut Vec<String>) {
    if data.times_cut == 0 {
        settings.finer = Finer::Reject;
        return;
    }
    notes.push(format!(
        "{} times are finer than a microsecond: they are cut to it (`finer` of the source)",
        count(data.times_cut)
    ));
}

/// What is to be said of a column that is read as the type of nearly all its values.
pub(super) fn left_behind(name: &str, data: &SourceRead) -> String {
    let of_column = data.quarantine.iter().filter(|rejected| rejected.column.as_deref() == Some(name));
    let mut values: Vec<String> = Vec::new();
    let mut rows = 0_u64;
    for rejected in of_column {
        rows += 1;
        let value = format!("`{}`", short(&rejected.value));
        if values.len() <= SHOWN && !values.contains(&value) {
            values.push(if values.len() == SHOWN { "...".to_owned() } else { value });
        }
    }
    let (rows, all, values) = (count(rows), count(data.rows_in), values.join(", "));
    format!("rows with something else there are quarantined, {rows} of {all}: {values}")
}

/// A value in a length that a comment can bear.
fn short(value: &str) -> String {
    let cut = if value.chars().count() > 40 { "…" } else { "" };
    one_line(&value.chars().take(40).collect::<String>()) + cut
}

/// Gives a wider type to columns that cost many rows: those `declared` for the most of their values may cost more.
/// Returns whether anything changed.
pub(super) fn widen(
    settings: &mut SourceSettings,
    data: &SourceRead,
    declared: &BTreeSet<String>,
    notes: &mut Vec<String>,
) -> bool {
    if data.rejected == 0 || data.quarantine.is_empty() {
        return false;
    }
    let mut by_column: BTreeMap<&str, u64> = BTreeMap::new();
    for rejected in &data.quarantine {
        if let Some(column) = &rejected.column {
            *by_column.entry(column).or_default() += 1;
        }
    }
    let scale = data.rejected as f64 / data.quarantine.len() as f64;
    let mut changed = false;
    for (name, count) in by_column {
        let share = count as f64 * scale / data.rows_in.max(1) as f64;
        let Some(column) = data.columns.iter().find(|column| column.name == name) else { continue };
        let wider = match (column.ty, settings.types.get(name)) {
            (ColumnType::Text, _) => continue,
            (ColumnType::Integer | ColumnType::Boolean, None) => ColumnType::Float,
            _ => ColumnType::Text,
        };
        if share > if declared.contains(name) { UNDO_ABOVE } else { WIDEN_ABOVE } {
            notes.push(format!("column `{name}` begins as {} and does not stay so: it is read as {wider}", column.ty));
            settings.types.insert(name.to_owned(), wider);
            changed = true;
        }
    }
    changed
}
