//! Reads the whole table, once or a few times until it is known how, and says what is in each column.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use ropeway_source::{Finer, SourceSettings, read};
use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result};

use super::reading::{
    but_for_a_few, cut_where_needed, delimiter, left_behind, missing_spellings, times_as_text, widen,
};
use super::words::called;

/// Values of a column are counted one by one up to this many different ones.
const COUNTED: usize = 10_000;

/// A table that was looked at.
#[derive(Debug, Clone)]
pub struct Survey {
    /// How it is to be read.
    pub settings: SourceSettings,
    /// Every column.
    pub columns: Vec<Column>,
    /// Columns that have the type of nearly all their values, and what becomes of the others.
    pub but_for: BTreeMap<String, String>,
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
    /// What the table calls it: the same, but for names that are taken.
    pub called: String,
    /// Its type.
    pub ty: ColumnType,
    /// Rows without a value.
    pub missing: u64,
    /// Different values.
    pub distinct: u64,
    /// Each value with its count, where there are no more than 10,000 different ones.
    pub counts: Option<BTreeMap<String, u64>>,
    /// The median of numbers of which there are too many different ones to count.
    pub median: Option<f64>,
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
    let mut settings = SourceSettings { tolerate: 1.0, finer: Finer::Cut, ..SourceSettings::of_file(file) };
    delimiter(root, &mut settings, &mut notes)?;
    let mut data = read("data", &settings, root)?;
    if missing_spellings(root, &mut settings, &data, &mut notes)? {
        data = read("data", &settings, root)?;
    }
    if times_as_text(&mut settings, &data, &mut notes)? {
        data = read("data", &settings, root)?;
    }
    let declared = but_for_a_few(root, &mut settings)?;
    if !declared.is_empty() {
        data = read("data", &settings, root)?;
    }
    for _ in 0..3 {
        if !widen(&mut settings, &data, &declared, &mut notes) {
            break;
        }
        data = read("data", &settings, root)?;
    }
    cut_where_needed(&mut settings, &data, &mut notes);
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
    let kept = |name: &&String| settings.types.get(*name).is_some_and(|ty| *ty != ColumnType::Text);
    let but_for: BTreeMap<String, String> =
        declared.iter().filter(kept).map(|name| (name.clone(), left_behind(name, &data))).collect();
    notes.extend(
        but_for.iter().map(|(name, why)| format!("column `{name}` is read as {}: {why}", settings.types[name])),
    );
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
    Ok(Survey { settings, columns, but_for, rows: data.rows_in, rejected: data.rejected, notes })
}

/// Counts the values of every column.
fn count(columns: &[ColumnSpec], batches: &[RecordBatch]) -> Result<Vec<Column>> {
    let mut all = Vec::with_capacity(columns.len());
    let mut called = called(columns.iter().map(|column| column.name.as_str())).into_iter();
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
        let median = if counts.is_none() { median(index, column.ty, batches) } else { None };
        let (name, ty, distinct) = (column.name.clone(), column.ty, hashes.len() as u64);
        let called = called.next().unwrap_or_else(|| name.clone());
        all.push(Column { name, called, ty, missing, distinct, counts, median });
    }
    Ok(all)
}

/// The middle one of a column's finite numbers.
fn median(index: usize, ty: ColumnType, batches: &[RecordBatch]) -> Option<f64> {
    if !matches!(ty, ColumnType::Integer | ColumnType::Float) {
        return None;
    }
    let mut numbers: Vec<f64> = Vec::new();
    for batch in batches {
        let floats = cast(batch.column(index), &DataType::Float64).ok()?;
        numbers.extend(floats.as_primitive::<Float64Type>().iter().flatten().filter(|number| number.is_finite()));
    }
    let middle = numbers.len() / 2;
    (middle < numbers.len()).then(|| *numbers.select_nth_unstable_by(middle, f64::total_cmp).1)
}
