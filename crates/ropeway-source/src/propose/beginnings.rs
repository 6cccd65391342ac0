//! The values of several files of a source, as their beginnings have them: one file alone does not tell how others write numbers
//! and dates. What no reading of a column brings together is said.

use std::collections::BTreeMap;

use ropeway_vocab::Result;

use super::Decision;
use super::cells::{self, Cells, ROWS};
use super::columns::{What, is_called_code, look};
use super::missing::repeated;
use super::sample::Sample;
use super::shape::Shape;
use crate::file::found::SourceFile;
use crate::said::listed;
use crate::settings::{Format, Sheets, SourceSettings};
use crate::spec::SourceSpec;
use crate::value::missing::says_missing;

/// Files that are looked at: all of a small folder, else the first, the last and some between.
const FILES: usize = 8;
/// So many of a hundred values of a file have to be as its column is read.
const MOST: usize = 95;
/// Files that are named.
const NAMED: usize = 3;

/// The values of the columns of a source.
pub(super) struct Beginnings {
    /// Those of all files that were looked at.
    pub(super) all: Vec<Cells>,
    /// Rows of the files beside the first.
    pub(super) rows: u64,
    /// Those of each file with its name, where there are several.
    each: Vec<(String, Vec<Cells>)>,
}

impl Beginnings {
    /// Those of the first file, and of others as `cells` gives so many rows of them. What cannot be read is told where it is read.
    pub(super) fn of(
        first: Vec<Cells>,
        files: &[SourceFile],
        cells: impl Fn(&SourceFile, usize) -> Result<(Vec<Cells>, u64)>,
    ) -> Self {
        let others = others(files);
        let (mut all, mut rows, mut each) = (first, 0, Vec::new());
        if let (Some(first), false) = (files.first(), others.is_empty()) {
            each.push((first.name.clone(), all.clone()));
        }
        for file in &others {
            let Ok((own, count)) = cells(file, ROWS / others.len()) else { continue };
            rows += count;
            merge(&mut all, &own);
            each.push((file.name.clone(), own));
        }
        Self { all, rows, each }
    }

    /// Takes out of the columns of numbers and dates what stands for a missing value by its repetition alone; what that is, by column,
    /// with its rows.
    pub(super) fn set_aside(&mut self) -> BTreeMap<String, Vec<(String, u64)>> {
        let mut aside = BTreeMap::new();
        for cells in self.all.iter_mut().filter(|cells| !is_called_code(&cells.name)) {
            let found = repeated(cells);
            let others = cells.without(&found);
            if found.is_empty() || !matches!(look(&others, None), What::Numbers(_) | What::Dates(_)) {
                continue;
            }
            let own = self.each.iter_mut().flat_map(|(_, all)| all).filter(|own| own.name == cells.name);
            own.for_each(|own| *own = own.without(&found));
            *cells = others;
            aside.insert(cells.name.clone(), found);
        }
        aside
    }

    /// Says which files write the values of a column otherwise than it is read.
    pub(super) fn told(&self, column: &Cells, what: &What) -> Option<Decision> {
        let own = |(name, all): &'_ (String, Vec<Cells>)| {
            let cells = all.iter().find(|own| own.name == column.name)?;
            (cells.values.iter().any(|value| !says_missing(value))).then(|| (name.clone(), cells.clone()))
        };
        let each: Vec<(String, Cells)> = self.each.iter().filter_map(own).collect();
        let (differ, why) = match what.reads(column) {
            Some(reads) => (unread(&each, &reads), "is read as most files write it, and not so in"),
            None => (written(&each), "stays text, since no reading fits all of its files:"),
        };
        if differ.is_empty() {
            return None;
        }
        let shown = listed(differ.iter().cloned(), NAMED);
        let why = format!(
            "{why} {shown}: write them alike, or leave files out with `leave_out`, and give them a source of their own"
        );
        let (fit, of) = ((each.len() - differ.len()) as u64, each.len() as u64);
        Some(Decision { column: Some(column.name.clone()), ..Decision::file("", String::new(), why, fit, of) }.aloud())
    }
}

/// The files that are looked at beside the first.
fn others(files: &[SourceFile]) -> Vec<&SourceFile> {
    let count = files.len().min(FILES);
    (1..count).map(|at| &files[at * (files.len() - 1) / (count - 1)]).collect()
}

/// The values of so many rows of a file that has the shape of the first.
pub(super) fn cells(
    file: &SourceFile,
    format: Format,
    shape: &Shape,
    settings: &SourceSettings,
    rows: usize,
) -> Result<(Vec<Cells>, u64)> {
    match format {
        Format::Parquet => cells::of_types(settings, file, rows, &mut Vec::new()).map(|(cells, rows, _)| (cells, rows)),
        Format::Jsonl => Ok(cells::of_lines(&Sample::of(file, format, None)?, rows)),
        Format::Csv | Format::Xlsx => {
            let sample = Sample::of(file, format, settings.sheet.as_ref().and_then(Sheets::only))?;
            cells::of_text(&sample, shape, &SourceSpec::new("data", settings)?, file, rows, &mut Vec::new())
        }
    }
}

fn merge(all: &mut Vec<Cells>, more: &[Cells]) {
    let places: BTreeMap<String, usize> = all.iter().map(|own| own.name.clone()).zip(0..).collect();
    for cells in more {
        let Some(own) = places.get(&cells.name).and_then(|at| all.get_mut(*at)) else {
            all.push(cells.clone());
            continue;
        };
        own.values.extend(cells.values.iter().cloned());
        cells.numbers.iter().for_each(|(value, rows)| *own.numbers.entry(value.clone()).or_default() += rows);
        own.typed |= cells.typed;
    }
}

/// The files of whose values many are not read, each with the first of them.
fn unread(each: &[(String, Cells)], reads: &dyn Fn(&str) -> bool) -> Vec<String> {
    let own = |(name, cells): &(String, Cells)| {
        let values: Vec<&String> = cells.values.iter().filter(|value| !says_missing(value)).collect();
        let odd: Vec<&&String> = values.iter().filter(|value| !reads(value)).collect();
        let first = odd.first().filter(|_| (values.len() - odd.len()) * 100 < values.len() * MOST)?;
        Some(format!("`{name}` (`{first}`)"))
    };
    each.iter().filter_map(own).collect()
}

/// Of files each of which by itself is numbers or dates the first that is written in each way, with a value; nothing where one is
/// text, or all are written alike.
fn written(each: &[(String, Cells)]) -> Vec<String> {
    let mut ways: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (at, (name, cells)) in each.iter().enumerate() {
        let way = match look(cells, None) {
            What::Numbers(found) => format!("{:?}", found.spelling),
            What::Dates(found) => format!("{:?}", found.ways),
            _ => return Vec::new(),
        };
        // What stands around the digits tells most.
        let marks = |value: &&String| value.chars().filter(|c| !c.is_ascii_digit()).count();
        let value = cells.values.iter().filter(|value| !says_missing(value)).max_by_key(marks);
        ways.entry(way).or_insert_with(|| (at, format!("`{name}` (`{}`)", value.map_or("", String::as_str))));
    }
    let mut all: Vec<(usize, String)> = ways.into_values().collect();
    all.sort_unstable();
    if all.len() < 2 { Vec::new() } else { all.into_iter().map(|(_, told)| told).collect() }
}
