//! What a file to score itself shows to be no part of its table: lines above it, rows between its rows and beneath them.

use std::path::Path;

use ropeway_vocab::Result;

use super::sample::Sample;
use super::shape::{Shape, shape};
use super::single_quotes::may_have;
use super::subtotals::subtotals;
use super::totals::ending;
use crate::file::archive::expanded;
use crate::file::found::SourceFile;
use crate::settings::Format;

/// What lies around the table of a file, and between its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// Lines above the table.
    pub skip_lines: usize,
    /// Whether its fields may stand in single quotes, where those of its sources do.
    pub single_quotes: bool,
    /// Rows at its end.
    pub footer: Option<Footer>,
    /// Rows of subtotals.
    pub inside: Option<Inside>,
}

/// Rows at the end of a file that are no part of its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footer {
    /// How many.
    pub rows: usize,
    /// Why, for each of them: completes a sentence. A label of totals and a sum are shown, other values are not.
    pub why: String,
    /// What the only one begins with, where that is a label: sources may pass over such rows as comments.
    pub begins: Option<String>,
}

/// Rows of subtotals between the others that can be passed over as comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// What they begin with, and no other row does.
    pub begins: String,
    /// Which they are, and why: a sentence without its full stop.
    pub why: String,
}

/// What lies around the table of the file `path`, in a workbook in this sheet or the first with a table.
///
/// # Errors
/// A file that cannot be read, one that is no table.
pub fn around(path: &Path, sheet: Option<&str>) -> Result<Around> {
    let files = expanded(SourceFile::at(path, None))?;
    let [file] = files.as_slice() else { return Ok(Around::default()) };
    let format = Format::of_name(&file.name).unwrap_or(Format::Csv);
    if !matches!(format, Format::Csv | Format::Xlsx) {
        return Ok(Around::default());
    }
    let sample = Sample::of(file, format, sheet)?;
    let shape = shape(&sample, &file.name, format == Format::Xlsx, &mut Vec::new());
    let footer = ending(&sample, &shape);
    let inside = subtotals(&sample, &Shape { comment: None, ..shape.clone() });
    Ok(Around {
        skip_lines: shape.skip_lines,
        single_quotes: sample.single_quotes.is_some() || may_have(&sample.head),
        footer: footer.map(|end| Footer { rows: end.rows(), why: end.shown(), begins: end.begins }),
        inside: inside.and_then(|found| Some(Inside { why: found.told(), begins: found.begins? })),
    })
}
