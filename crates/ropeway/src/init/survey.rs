//! Reads the whole table once or a few times and says what is in each column. Finds the delimiter, the spellings of
//! a missing value and the columns whose type changes after the first rows.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use arrow::array::{Array, RecordBatch};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use ropeway_source::{SourceRead, SourceSettings, infer, read};
use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result};

/// How people write a missing value in a text file.
const MISSING: [&str; 14] =
    ["NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "none", "NaN", "nan", "?", "-", "missing", "unknown"];
/// Values of a column are counted one by one up to this many different ones.
const COUNTED: usize = 10_000;
/// A column whose inferred type costs more than this share of the rows gets a wider one.
const WIDEN_ABOVE: f64 = 0.01;

/// A table that was looked at.
#[derive(Debug, Clone)]
pub struct Survey {
    /// How it is to be read.
    pub settings: SourceSettings,
    /// Every column.
    pub columns: Vec<Column>,
    /// Rows read, rejected ones included.
    pub rows: u64,
    /// Rows that do not fit.
    pub rejected: u64,
    /// What was found on the way.
    pub notes: Vec<String>,
}

/// A column and what is in it.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: ColumnType,
    /// Rows without a value.
    pub missing: u64,
    /// Different values.
    pub distinct: u64,
    /// Each value with its count, where there are no more than 10,000 different ones.
    pub counts: Option<BTreeMap<String, u64>>,
}

impl Survey {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Rows that fit.
    pub fn kept(&self) -> u64 {
        self.rows.saturating_sub(self.rejected)
    }
}

/// Looks at `file`, a path relative to `root`.
///
/// # Errors
/// Whatever reading the file finds; no row that fits; no column.
pub fn survey(root: &Path, file: &str) -> Result<Survey> {
    let mut notes = Vec::new();
    let mut settings = SourceSettings { tolerate: 1.0, ..SourceSettings::of_file(file) };
    delimiter(root, &mut settings, &mut notes)?;
    let mut data = read("data", &settings, root)?;
    if missing_spellings(root, &mut settings, &data, &mut notes)? {
        data = read("data", &settings, root)?;
    }
    if times_as_text(&mut settings, &data, &mut notes)? {
        data = read("data", &settings, root)?;
    }
    for _ in 0..3 {
        if !widen(&mut settings, &data, &mut notes) {
            break;
        }
        data = read("data", &settings, root)?;
    }
    for column in &data.left_out {
        notes.push(format!("column {column} has a type that no table can hold and is left out"));
    }
    if data.kept == 0 {
        let problem = Problem::invalid("no-rows", format!("{file} has no row to learn from"));
        return Err(match data.quarantine.first() {
            Some(first) => problem.remedy(format!("every row was rejected, the first because: {}", first.reason)),
            None => problem.remedy("a header alone is not enough; check that this is the right file"),
        });
    }
    let columns = count(&data.columns, &data.batches)?;
    let defaults = SourceSettings::of_file(file);
    settings.tolerate = defaults.tolerate;
    let share = data.rejected as f64 / data.rows_in.max(1) as f64;
    if share > settings.tolerate {
        settings.tolerate = (share * 100.0).ceil() / 100.0;
        notes.push(format!(
            "{} of {} rows do not fit and will be quarantined; `tolerate` was set to {}",
            data.rejected, data.rows_in, settings.tolerate
        ));
    }
    Ok(Survey { settings, columns, rows: data.rows_in, rejected: data.rejected, notes })
}

/// One column whose name holds another delimiter is a table with that delimiter.
fn delimiter(root: &Path, settings: &mut SourceSettings, notes: &mut Vec<String>) -> Result<()> {
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
fn missing_spellings(
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
            let texts = batch.column(index).as_any().downcast_ref::<arrow::array::StringArray>();
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
fn times_as_text(settings: &mut SourceSettings, data: &SourceRead, notes: &mut Vec<String>) -> Result<bool> {
    let mut changed = false;
    for (index, column) in data.columns.iter().enumerate().filter(|(_, column)| column.ty == ColumnType::Text) {
        let Some(batch) = data.batches.first() else { return Ok(false) };
        let texts = batch.column(index).as_any().downcast_ref::<arrow::array::StringArray>();
        let texts = texts.ok_or_else(|| Problem::internal("a text column does not hold text"))?;
        let mut seen = texts.iter().flatten().take(COUNTED).peekable();
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
fn widen(settings: &mut SourceSettings, data: &SourceRead, notes: &mut Vec<String>) -> bool {
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

/// Counts the values of every column.
fn count(columns: &[ColumnSpec], batches: &[RecordBatch]) -> Result<Vec<Column>> {
    let mut all = Vec::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        let mut missing = 0_u64;
        let mut hashes: HashSet<u64> = HashSet::new();
        let mut counts: Option<BTreeMap<String, u64>> = Some(BTreeMap::new());
        for batch in batches {
            let array = batch.column(index);
            let options = FormatOptions::default();
            let format = ArrayFormatter::try_new(array.as_ref(), &options)
                .map_err(|error| Problem::internal(format!("showing column `{}`: {error}", column.name)))?;
            for row in 0..array.len() {
                if array.is_null(row) {
                    missing += 1;
                    continue;
                }
                let text = format.value(row).to_string();
                let mut hasher = DefaultHasher::new();
                text.hash(&mut hasher);
                hashes.insert(hasher.finish());
                if let Some(map) = &mut counts {
                    *map.entry(text).or_default() += 1;
                    if map.len() > COUNTED {
                        counts = None;
                    }
                }
            }
        }
        all.push(Column { name: column.name.clone(), ty: column.ty, missing, distinct: hashes.len() as u64, counts });
    }
    Ok(all)
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
