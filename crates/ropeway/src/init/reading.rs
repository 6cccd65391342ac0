//! How a file is to be read, found out from what is in it: its delimiter, the spellings of a missing value, times
//! written as text, and columns whose type changes after the first rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use arrow::array::{RecordBatch, StringArray};
use ropeway_source::{
    Finer, Inferred, OtherDelimiter, SourceRead, SourceSettings, USUAL_MISSING, inferred, other_delimiter, scan,
};
use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result};

use super::identifier::one_line;
use crate::render::number::count;
use ropeway_survey::{names_identifier, names_person};

/// How many values of a text column are looked at to tell times.
const LOOKED_AT: usize = 10_000;
/// Cells of the first rows that are looked at.
const CELLS: usize = 2_000_000;
/// A column whose inferred type costs more than this share of the rows gets a wider one.
const WIDEN_ABOVE: f64 = 0.01;
/// The same for a type that was given in spite of a few values.
const UNDO_ABOVE: f64 = 0.05;
/// Values that a comment shows.
const SHOWN: usize = 3;

/// How a file is to be read, by what its first rows tell.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The settings of the source.
    pub settings: SourceSettings,
    /// Columns that have the type of nearly all their values.
    pub declared: BTreeSet<String>,
    /// What was decided, and why.
    pub notes: Vec<String>,
}

/// Looks at the first rows of `file`, a path relative to `root`.
///
/// # Errors
/// Whatever reading these rows finds.
pub fn reading(root: &Path, file: &str) -> Result<Reading> {
    let mut notes = Vec::new();
    let mut settings = SourceSettings { tolerate: 1.0, finer: Finer::Cut, ..SourceSettings::of_file(file) };
    delimiter(root, &mut settings, &mut notes)?;
    let mut data = first_rows(root, &settings)?;
    if missing_spellings(root, &mut settings, &data, &mut notes)? {
        data = first_rows(root, &settings)?;
    }
    times_as_text(&mut settings, &data, &mut notes)?;
    let declared = but_for_a_few(root, &mut settings)?;
    Ok(Reading { settings, declared, notes })
}

fn first_rows(root: &Path, settings: &SourceSettings) -> Result<SourceRead> {
    let (mut batches, mut cells): (Vec<RecordBatch>, usize) = (Vec::new(), 0);
    let mut read = scan("data", settings, root, &mut |columns, batch| {
        cells += batch.num_rows() * columns.len();
        batches.push(batch);
        Ok(cells < CELLS)
    })?;
    read.batches = batches;
    Ok(read)
}

/// The delimiter, where it is another one than the file's name tells.
pub(super) fn delimiter(root: &Path, settings: &mut SourceSettings, notes: &mut Vec<String>) -> Result<()> {
    if let Some(OtherDelimiter { setting, called, columns }) = other_delimiter("data", settings, root)? {
        notes.push(format!("the {columns} columns are separated by {called}"));
        settings.delimiter = Some(setting.to_owned());
    }
    Ok(())
}

/// Spellings of a missing value that keep a column of numbers or times from being one.
pub(super) fn missing_spellings(
    root: &Path,
    settings: &mut SourceSettings,
    data: &SourceRead,
    notes: &mut Vec<String>,
) -> Result<bool> {
    let seen = spellings(&data.columns, &data.batches)?;
    let all: BTreeSet<&str> = seen.values().flatten().copied().collect();
    if all.is_empty() {
        return Ok(false);
    }
    let with = |spellings: &BTreeSet<&str>| {
        let null = [""].into_iter().chain(spellings.iter().copied()).map(str::to_owned).collect();
        SourceSettings { null, ..settings.clone() }
    };
    let Inferred { columns, exceptions } = inferred("data", &with(&all), root)?;
    let changed = |name: &str| {
        let now = columns.iter().find(|column| column.name == name).map(|column| column.ty);
        now.is_some_and(|ty| ty != ColumnType::Text) || exceptions.iter().any(|exception| exception.column == name)
    };
    let needed: BTreeSet<&str> =
        seen.iter().filter(|(name, _)| changed(name)).flat_map(|(_, spellings)| spellings).copied().collect();
    if needed.is_empty() {
        return Ok(false);
    }
    let list = needed.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ");
    notes.push(format!("{list} in the file counts as missing, in every column"));
    *settings = with(&needed);
    Ok(true)
}

/// For each text column, the spellings of a missing value that occur in it.
fn spellings<'a>(
    columns: &'a [ColumnSpec],
    batches: &[RecordBatch],
) -> Result<BTreeMap<&'a str, BTreeSet<&'static str>>> {
    let mut seen: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for (index, column) in columns.iter().enumerate().filter(|(_, column)| column.ty == ColumnType::Text) {
        for batch in batches {
            let texts = batch.column(index).as_any().downcast_ref::<StringArray>();
            let texts = texts.ok_or_else(|| Problem::internal("a text column does not hold text"))?;
            for text in texts.iter().flatten() {
                if let Some(spelling) = USUAL_MISSING.iter().find(|spelling| **spelling == text) {
                    seen.entry(column.name.as_str()).or_default().insert(spelling);
                }
            }
        }
    }
    Ok(seen)
}

/// Text columns of which every seen value is written as a date or time: files with types of their own may hold times
/// as text.
fn times_as_text(settings: &mut SourceSettings, data: &SourceRead, notes: &mut Vec<String>) -> Result<()> {
    for (index, column) in data.columns.iter().enumerate().filter(|(_, column)| column.ty == ColumnType::Text) {
        let Some(batch) = data.batches.first() else { return Ok(()) };
        let texts = batch.column(index).as_any().downcast_ref::<StringArray>();
        let texts = texts.ok_or_else(|| Problem::internal("a text column does not hold text"))?;
        let mut seen = texts.iter().flatten().take(LOOKED_AT).peekable();
        if seen.peek().is_none() {
            continue;
        }
        let mut shapes = seen.map(time_shape);
        let Some(ty) = shapes.next().flatten().filter(|ty| shapes.all(|shape| shape == Some(*ty))) else { continue };
        notes.push(format!("column `{}` holds times as text: it is read as {ty}", column.name));
        settings.types.insert(column.name.clone(), ty);
    }
    Ok(())
}

/// Whether a text is written like `2012-10-02`, or `2012-10-02 09:00`, and more.
fn time_shape(text: &str) -> Option<ColumnType> {
    let digits = |from: usize, to: usize| text.as_bytes().get(from..to)?.iter().all(u8::is_ascii_digit).then_some(());
    digits(0, 4).and(digits(5, 7)).and(digits(8, 10))?;
    let mark = |at: usize| text.as_bytes().get(at).copied();
    match (mark(4), mark(7), mark(10), mark(13)) {
        (Some(b'-'), Some(b'-'), None, None) => Some(ColumnType::Date),
        (Some(b'-'), Some(b'-'), Some(b' ' | b'T'), Some(b':')) => {
            digits(11, 13).and(digits(14, 16)).map(|()| ColumnType::Timestamp)
        }
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_how_they_are_written() {
        let check = |text: &str, ty| assert_eq!(time_shape(text), ty, "{text}");
        check("2012-10-02", Some(ColumnType::Date));
        check("2012-10-02 09:00:00", Some(ColumnType::Timestamp));
        check("2012-10-02T09:00Z", Some(ColumnType::Timestamp));
        check("2012-10-02 later", None);
        check("2012/10/02", None);
        check("10-02-2012", None);
        check("", None);
    }
}
