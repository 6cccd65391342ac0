//! Rows of totals in a folder of which not every file has one: a number of rows to skip would take a true row of the others,
//! so that these rows are told by what they begin with.

use std::path::Path;

use ropeway_vocab::Result;

use super::Decision;
use super::sample::Sample;
use super::shape::{Shape, quoted, shape};
use super::totals::{Ending, ending};
use crate::discover::found;
use crate::file::found::SourceFile;
use crate::said::{listed, plural};
use crate::settings::{Format, Sheets, SourceSettings};
use crate::spec::SourceSpec;

/// Files whose ends are looked at; of more, these.
const FILES: usize = 2_000;
/// The same of packed files, of which all has to be unpacked for that.
const PACKED_FILES: usize = 50;
/// Files that are named.
const NAMED: usize = 3;

/// The ends of files.
struct Ends<'a> {
    with: Vec<(&'a SourceFile, Ending)>,
    without: Vec<&'a SourceFile>,
    /// Whether no file was left out.
    all: bool,
}

/// Holds the end of the first file, which was found to have the shape, against those of the others.
pub(super) fn settle(
    files: &[SourceFile],
    format: Format,
    first: &Sample,
    shape: &mut Shape,
    settings: &mut SourceSettings,
    decisions: &mut Vec<Decision>,
) -> Result<()> {
    if files.len() < 2 {
        return Ok(());
    }
    let ends = ends(files, format, settings.sheet.as_ref().and_then(Sheets::only), first, shape)?;
    let alike = ends.without.is_empty() && ends.with.iter().all(|(_, end)| end.rows() == shape.footer);
    if ends.with.is_empty() || alike && ends.all {
        return Ok(());
    }
    decisions.retain(|decision| decision.setting != "skip_footer");
    (shape.footer, settings.skip_footer) = (0, 0);
    let begins: Vec<Option<&str>> = ends.with.iter().map(|(_, end)| end.begins.as_deref()).collect();
    let one = begins.first().copied().flatten().filter(|one| begins.iter().all(|other| *other == Some(*one)));
    let (with, of) = (ends.with.len() as u64, (ends.with.len() + ends.without.len()) as u64);
    let differ = format!("{with} of {} end in such a row, and {} in none", plural(of, "file"), list(&ends.without));
    match one.filter(|_| settings.comment.is_none()) {
        Some(one) => {
            settings.comment = Some(one.to_owned());
            let told = ends.with.first().map(|(_, end)| end.told()).unwrap_or_default();
            let why = format!("the row of totals is passed over by how it begins: {told}; {differ}");
            decisions.push(Decision::file("comment", quoted(one), why, with, of));
        }
        None => {
            let told = ends.with.iter().take(NAMED).map(|(file, end)| format!("`{}`: {}", file.name, end.told()));
            let why = format!(
                "LOOK at the last rows, which are read as rows of the table: {}; {differ}: leave them out with WHERE in the SQL of the table",
                told.collect::<Vec<_>>().join("; ")
            );
            decisions.push(Decision::file("", String::new(), why, with, of).aloud());
        }
    }
    Ok(())
}

/// Of a source that skips rows at the end of each file: what is to be known where some of its files end in such rows and others
/// do not, so that these lose true rows.
///
/// # Errors
/// A file that cannot be read.
pub fn uneven_footers(settings: &SourceSettings, root: &Path) -> Result<Option<String>> {
    if settings.skip_footer == 0 {
        return Ok(None);
    }
    let spec = SourceSpec::new("data", settings)?;
    let files = found(&spec, root)?;
    let Some(first) = files.first().filter(|_| files.len() > 1) else { return Ok(None) };
    let format = spec.format_of(first).unwrap_or(Format::Csv);
    if !matches!(format, Format::Csv | Format::Xlsx) {
        return Ok(None);
    }
    let sample = Sample::of(first, format, settings.sheet.as_ref().and_then(Sheets::only))?;
    let shape = shape(&sample, &first.name, format == Format::Xlsx, &mut Vec::new());
    let ends = ends(&files, format, settings.sheet.as_ref().and_then(Sheets::only), &sample, &shape)?;
    let some = !ends.with.is_empty() && !ends.without.is_empty();
    Ok(some.then(|| {
        let (with, of) = (ends.with.len(), plural((ends.with.len() + ends.without.len()) as u64, "file"));
        format!("{with} of {of} end in a row of totals, and {} in none", list(&ends.without))
    }))
}

fn ends<'a>(
    files: &'a [SourceFile],
    format: Format,
    sheet: Option<&str>,
    first: &Sample,
    shape: &Shape,
) -> Result<Ends<'a>> {
    let mut ends = Ends { with: Vec::new(), without: Vec::new(), all: true };
    let mut packed = 0;
    for (at, file) in files.iter().enumerate() {
        let own = file.part.is_some() || ["gz", "zst", "zip"].iter().any(|end| file.name.ends_with(end));
        packed += usize::from(own);
        if at >= FILES || packed > PACKED_FILES {
            ends.all = false;
            break;
        }
        let end = match at {
            0 => ending(first, shape),
            _ => {
                let sample = Sample::of(file, format, sheet)?;
                ending(&sample, &shape.with_width_of(&sample))
            }
        };
        match end {
            Some(end) => ends.with.push((file, end)),
            None => ends.without.push(file),
        }
    }
    Ok(ends)
}

fn list(files: &[&SourceFile]) -> String {
    if files.is_empty() {
        return "no other".to_owned();
    }
    listed(files.iter().map(|file| format!("`{}`", file.name)), NAMED)
}
