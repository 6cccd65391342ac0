//! How a file is to be read, found out from what is in it: its delimiter, the spellings of a missing value, times
//! written as text, and columns whose type changes after the first rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use arrow::array::{RecordBatch, StringArray};
use ropeway_source::{SourceRead, SourceSettings, infer};
use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result};

/// How people write a missing value in a text file.
const MISSING: [&str; 14] =
    ["NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "none", "NaN", "nan", "?", "-", "missing", "unknown"];
/// How many values of a text column are looked at to tell times.
const LOOKED_AT: usize = 10_000;
/// A column whose inferred type costs more than this share of the rows gets a wider one.
const WIDEN_ABOVE: f64 = 0.01;

/// One column whose name holds another delimiter is a table with that delimiter.
pub(super) fn delimiter(root: &Path, settings: &mut SourceSettings, notes: &mut Vec<String>) -> Result<()> {
    let columns = infer("data", settings, root)?;
    let [only] = columns.as_slice() else { return Ok(()) };
    for (mark, name) in [(';', ";"), ('\t', "tab"), ('|', "|")] {
        if only.name.contains(mark) {
            let with = SourceSettings { delimiter: Some(name.to_owned()), ..settings.clone() };
            if infer("data", &with, root).is_ok_and(|columns| columns.len() > 1) {
                notes.push(format!("fields are separated by `{name}`"));
                *settings = with;
                return Ok(());
            }
        }
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
    let inferred = infer("data", &with(&all), root)?;
    let changed = |name: &str| {
        let now = inferred.iter().find(|column| column.name == name).map(|column| column.ty);
        now.is_some_and(|ty| ty != ColumnType::Text)
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
                if let Some(spelling) = MISSING.iter().find(|spelling| **spelling == text) {
                    seen.entry(column.name.as_str()).or_default().insert(spelling);
                }
            }
        }
    }
    Ok(seen)
}

/// Text columns of which every seen value is written as a date or time: files with types of their own may hold times
/// as text.
pub(super) fn times_as_text(settings: &mut SourceSettings, data: &SourceRead, notes: &mut Vec<String>) -> Result<bool> {
    let mut changed = false;
    for (index, column) in data.columns.iter().enumerate().filter(|(_, column)| column.ty == ColumnType::Text) {
        let Some(batch) = data.batches.first() else { return Ok(false) };
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
        changed = true;
    }
    Ok(changed)
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

/// Gives a wider type to columns that cost many rows. Returns whether anything changed.
pub(super) fn widen(settings: &mut SourceSettings, data: &SourceRead, notes: &mut Vec<String>) -> bool {
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
        if share > WIDEN_ABOVE {
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
