//! How a file is to be read: as its beginning proposes, and as reading all of it corrects.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ropeway_source::propose::{Decision, Hint, Missing, Proposal, propose};
use ropeway_source::{Finer, SourceRead, SourceSettings, inferred};
use ropeway_survey::{names_identifier, names_person};
use ropeway_vocab::{ColumnType, Result};

use crate::init::quoted::one_line;
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
    /// What is read as missing.
    pub missing: Vec<Missing>,
    /// How many rows that rests on, where these are not all.
    pub sampled: Option<u64>,
}

/// Looks at the beginning and the end of `file`, a path relative to `root`.
///
/// # Errors
/// Whatever reading these rows finds.
pub fn reading(root: &Path, file: &str, hint: &Hint<'_>) -> Result<Reading> {
    let Proposal { mut settings, decisions, missing, seen } = propose(Path::new(file), root, hint)?;
    settings.tolerate = 1.0;
    settings.finer = Finer::Cut;
    let declared = but_for_a_few(root, &mut settings)?;
    let sampled = (!seen.whole).then_some(seen.rows);
    Ok(Reading { settings, declared, decisions, missing, sampled })
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
    format!(
        "rows with something else there are quarantined, {rows} of {all}: {values} (`null = [...]` of the column reads such as missing)"
    )
}

/// A value in a length that a comment can bear.
fn short(value: &str) -> String {
    let cut = if value.chars().count() > 40 { "…" } else { "" };
    one_line(&value.chars().take(40).collect::<String>()) + cut
}

/// About how many rows each column costs.
fn costs(data: &SourceRead) -> BTreeMap<String, u64> {
    let mut rows: BTreeMap<String, u64> = BTreeMap::new();
    for column in data.quarantine.iter().filter_map(|rejected| rejected.column.as_ref()) {
        *rows.entry(column.clone()).or_default() += 1;
    }
    let scale = data.rejected as f64 / data.quarantine.len().max(1) as f64;
    rows.values_mut().for_each(|count| *count = (*count as f64 * scale).round() as u64);
    rows
}

impl Reading {
    /// Mends what all rows show to be wrong: a column that may be read in two ways is read in the other one where that
    /// costs less, and one that costs many rows gets a wider type. `turned` are the columns read in the other way, with
    /// what the first one cost. Returns whether anything changed.
    pub(super) fn mend(
        &mut self,
        data: &SourceRead,
        turned: &mut BTreeMap<String, u64>,
        notes: &mut Vec<String>,
    ) -> bool {
        let mut changed = false;
        for (name, cost) in costs(data) {
            let other = self.decisions.iter_mut().find(|d| d.column.as_ref() == Some(&name) && d.other.is_some());
            let Some(decision) = other else {
                changed |= self.widen(&name, cost, data, notes);
                continue;
            };
            let why = match turned.get(&name) {
                None => format!("{cost} rows do not fit `{}`, which was as likely by the first ones", decision.value),
                Some(before) if cost > *before => back(&decision.value, cost, *before),
                Some(_) => {
                    changed |= self.widen(&name, cost, data, notes);
                    continue;
                }
            };
            changed |= turn(decision, &mut self.settings, why);
            if turned.insert(name, cost).is_some() {
                decision.other = None;
            }
        }
        changed
    }

    /// Gives a wider type to a column that costs many rows; one that was given its type for the most of its values may cost
    /// more.
    fn widen(&mut self, name: &str, cost: u64, data: &SourceRead, notes: &mut Vec<String>) -> bool {
        let share = cost as f64 / data.rows_in.max(1) as f64;
        let Some(column) = data.columns.iter().find(|column| column.name == name) else { return false };
        let wider = match (column.ty, self.settings.types.get(name)) {
            (ColumnType::Text, _) => return false,
            (ColumnType::Integer, None) => ColumnType::Float,
            _ => ColumnType::Text,
        };
        if share <= if self.declared.contains(name) { UNDO_ABOVE } else { WIDEN_ABOVE } {
            return false;
        }
        notes.push(format!("column `{name}` begins as {} and does not stay so: it is read as {wider}", column.ty));
        self.settings.types.insert(name.to_owned(), wider);
        if wider == ColumnType::Text {
            self.settings.column.shift_remove(name);
            self.decisions.retain(|decision| decision.column.as_deref() != Some(name));
        }
        true
    }
}

/// Why a column is read in the first way again, after all rows were read in the other one.
fn back(other: &str, cost: u64, before: u64) -> String {
    let (cost, before) = (count(cost), count(before));
    format!(
        "all rows were tried both ways: values that do not fit `{other}`: {cost}; that do not fit what is set here: {before}"
    )
}

/// Reads a column in the other way that it may be read in.
fn turn(decision: &mut Decision, settings: &mut SourceSettings, why: String) -> bool {
    let (Some(name), Some(other)) = (&decision.column, decision.other.clone()) else { return false };
    let Ok(mut told) = format!("other = {other}").parse::<toml::Table>() else { return false };
    let Some(value) = told.remove("other") else { return false };
    let column = settings.column.entry(name.clone()).or_default();
    match decision.setting.as_str() {
        "column.dates" => column.dates = value.try_into().ok(),
        _ => column.number = value.try_into().ok(),
    }
    if decision.setting.is_empty() {
        decision.setting = "column.number".to_owned();
    }
    decision.other = Some(std::mem::replace(&mut decision.value, other));
    decision.why = why;
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_readings_cost_is_told_in_words() {
        let why = back("{unit=[\"km\"]}", 1_731, 1);
        assert_eq!(
            why,
            "all rows were tried both ways: values that do not fit `{unit=[\"km\"]}`: 1,731; that do not fit what is set here: 1"
        );
    }
}
