//! How the columns of an example are read, the same for a file to score and for a request.

use ropeway_source::{Readings, SourceSettings};
use ropeway_table::RowExpr;
use ropeway_vocab::{AT, Result};

use crate::package::Package;

/// Each input column is read by the sources that it comes from, as they read it in their files; `at` by those of the columns
/// that it is computed from. Times may also be written as ISO 8601 writes them.
///
/// # Errors
/// Definitions that do not fit the features (a defect).
pub fn example_readings(package: &Package) -> Result<Readings> {
    let (plan, tables) = (&package.contents.plan, package.tables()?);
    let (table, settings) = (plan.examples_table(), &plan.settings().examples);
    let key: Vec<&str> = plan.key().iter().map(|column| column.name.as_str()).collect();
    let at = settings.at.as_ref().map(|sql| RowExpr::compile_in("[examples] at", sql, &tables.schema(table)?.columns));
    let at = at.transpose()?;
    let mut readings = Readings::of(&SourceSettings::of_file(""))?;
    for column in plan.input_columns() {
        let from = match &at {
            Some(at) if column.name == AT => at.columns(),
            _ => vec![column.name.as_str()],
        };
        readings = readings.with(&column.name, &tables.read_by(table, &from, &key)?)?;
        if !tables.passes_on(table, &column.name) {
            readings = readings.text_as_is(&column.name);
        }
    }
    // A file to score may have the column that `at` names in place of it.
    if let Some(name) = plan.at_name() {
        readings = readings.with(name, &tables.read_by(table, &[name], &key)?)?;
    }
    Ok(readings.or_iso())
}
