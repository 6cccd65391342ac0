//! How the columns of an example are read, the same for a file to score, for a request and for a key that someone asks for.

use ropeway_source::{Readings, SourceSettings};
use ropeway_table::{RowExpr, TablePlan};
use ropeway_vocab::{AT, Result};

use crate::package::Package;

/// Each input column is read by the sources that it comes from, as they read it in their files; `at` by those of the columns
/// that it is computed from. Times may also be written as ISO 8601 writes them.
///
/// # Errors
/// Definitions that do not fit the features (a defect).
pub fn example_readings(package: &Package) -> Result<Readings> {
    let at = at_of(package)?;
    let mut all: Vec<(String, Vec<&str>)> = Vec::new();
    let columns = package.contents.plan.input_columns();
    for column in &columns {
        let from = match &at {
            Some(at) if column.name == AT => at.columns(),
            _ => vec![column.name.as_str()],
        };
        all.push((column.name.clone(), from));
    }
    let readings = of_columns(package, &all)?;
    // A file to score may have the column that `at` names in place of it.
    let Some(name) = package.contents.plan.at_name() else { return Ok(readings.or_iso()) };
    let (tables, table, key) = place(package)?;
    Ok(readings.with(name, &tables.read_by(table, &[name], &key)?)?.or_iso())
}

/// Each column of the key, by the same rules.
///
/// # Errors
/// As [`example_readings`].
pub fn key_readings(package: &Package) -> Result<Readings> {
    let key = package.contents.plan.key();
    let all: Vec<(String, Vec<&str>)> =
        key.iter().map(|column| (column.name.clone(), vec![column.name.as_str()])).collect();
    Ok(of_columns(package, &all)?.or_iso())
}

/// What computes `at` of the columns of the examples' table, where there is time.
pub(crate) fn at_of(package: &Package) -> Result<Option<RowExpr>> {
    let (tables, table, _) = place(package)?;
    let at = package.contents.plan.settings().examples.at.as_ref();
    at.map(|sql| RowExpr::compile_in("[examples] at", sql, &tables.schema(table)?.columns)).transpose()
}

/// The plan of the tables, that of the examples, and their key.
fn place(package: &Package) -> Result<(&TablePlan, &str, Vec<&str>)> {
    let plan = &package.contents.plan;
    Ok((package.tables()?, plan.examples_table(), plan.key().iter().map(|column| column.name.as_str()).collect()))
}

/// Columns by name, each with those of the examples' table that it comes from.
fn of_columns(package: &Package, columns: &[(String, Vec<&str>)]) -> Result<Readings> {
    let (tables, table, key) = place(package)?;
    let mut readings = Readings::of(&SourceSettings::of_file(""))?;
    for (name, from) in columns {
        readings = readings.with(name, &tables.read_by(table, from, &key)?)?;
        if !tables.passes_on(table, name) {
            readings = readings.text_as_is(name);
        }
    }
    Ok(readings)
}
