//! All rows of a source.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::datatypes::FieldRef;
use indexmap::IndexSet;
use ropeway_vocab::{ColumnSpec, Digest, Problem, Result};
use serde::{Deserialize, Serialize};

use crate::batch::sheet::{Layout, internal};
use crate::batch::tally::{Rejected, Skipped, Tally, too_many};
use crate::discover::{discover, found, same_columns};
use crate::file::found::SourceFile;
use crate::format::names::lacking;
use crate::notice::Noticed;
use crate::reader::FileReader;
use crate::room::Room;
use crate::settings::{Columns, SourceSettings};
use crate::spec::SourceSpec;

/// A source, read: `rows_in == kept + rejected`, always.
#[derive(Debug, Clone)]
pub struct SourceRead {
    /// Its columns, in the order of its first file, or in that in which they were known.
    pub columns: Vec<ColumnSpec>,
    /// The rows kept, in the order of the files and their lines; none where they were given away as they came.
    pub batches: Vec<RecordBatch>,
    /// The first 10,000 rejected rows.
    pub quarantine: Vec<Rejected>,
    /// Rows in the files.
    pub rows_in: u64,
    /// Rows in the batches.
    pub kept: u64,
    /// Rows not taken.
    pub rejected: u64,
    /// Local times that daylight saving skips.
    pub zone_gaps: u64,
    /// Local times that daylight saving repeats.
    pub zone_overlaps: u64,
    /// Times that were cut to a microsecond, where the source says so.
    pub times_cut: u64,
    /// Lines and rows around the table that were left out as the source says; they are no rows.
    pub skipped: Skipped,
    /// Columns of Parquet files that are left out because no logical type holds them, with their types.
    pub left_out: Vec<String>,
    /// What should be known beside that.
    pub noticed: Vec<Noticed>,
    /// The files, in order.
    pub files: Vec<FileRead>,
    /// Bytes of the files on disk.
    pub bytes_read: u64,
}

/// A file as it was when read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRead {
    /// Its path, relative to the project.
    pub name: String,
    /// The digest of its bytes on disk.
    pub digest: Digest,
    /// Their number.
    pub bytes: u64,
}

/// Reads the source called `name`, its files under the folder `root`. Refused when a greater share of the rows than
/// `tolerate` is rejected.
pub fn read(name: &str, settings: &SourceSettings, root: &Path) -> Result<SourceRead> {
    let (read, refusal) = read_all(name, settings, root)?;
    refusal.map_or(Ok(read), Err)
}

/// Like [`read`], but gives what was read even when too much of it is rejected, beside the refusal.
pub fn read_all(name: &str, settings: &SourceSettings, root: &Path) -> Result<(SourceRead, Option<Problem>)> {
    let spec = SourceSpec::new(name, settings)?;
    let files = found(&spec, root)?;
    let columns = discover(&spec, &files)?.columns;
    let same = same(settings, &columns, &files[0]);
    kept(|take| read_files(&spec, &files, columns.clone(), &same, take))
}

/// Like [`read`], with columns that are known already: they are found by name wherever they stand in a file, what a file
/// has besides is not read, and one that lacks a column is a problem.
pub fn read_columns(name: &str, settings: &SourceSettings, columns: &[ColumnSpec], root: &Path) -> Result<SourceRead> {
    let (read, refusal) = read_all_columns(name, settings, columns, root)?;
    refusal.map_or(Ok(read), Err)
}

/// Reads the source called `name` batch by batch, in the order of its files and lines, and gives each batch to `take`: nothing
/// is kept, and reading ends where `take` says that it has enough. The rest of what [`read`] tells comes at the end, whatever
/// was rejected.
pub fn scan(
    name: &str,
    settings: &SourceSettings,
    root: &Path,
    take: &mut dyn FnMut(&[ColumnSpec], RecordBatch) -> Result<bool>,
) -> Result<SourceRead> {
    let spec = SourceSpec::new(name, settings)?;
    let files = found(&spec, root)?;
    let columns = discover(&spec, &files)?.columns;
    let same = same(settings, &columns, &files[0]);
    Ok(read_files(&spec, &files, columns.clone(), &same, take)?.0)
}

/// Like [`read_columns`], but gives what was read even when too much of it is rejected, beside the refusal.
pub fn read_all_columns(
    name: &str,
    settings: &SourceSettings,
    columns: &[ColumnSpec],
    root: &Path,
) -> Result<(SourceRead, Option<Problem>)> {
    let spec = SourceSpec::new(name, settings)?;
    let files = found(&spec, root)?;
    let all = |reader: &FileReader, file: &SourceFile| {
        let lacking = columns.iter().find(|column| !reader.names().contains(&column.name));
        let wanted: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let problem =
            |column: &ColumnSpec| reader.lacks(&[&column.name], &wanted).context(format_args!("source `{name}`"));
        // What all files together lack is told once they are read.
        let lacking = lacking.filter(|_| settings.columns == Columns::Same);
        lacking.map_or(Ok(()), |column| Err(problem(column).at(file.place())))
    };
    kept(|take| read_files(&spec, &files, columns.to_vec(), &all, take))
}

/// Whether a file has the columns of the first, where all files of a source have to.
fn same<'a>(
    settings: &'a SourceSettings,
    columns: &'a [ColumnSpec],
    first: &'a SourceFile,
) -> impl Fn(&FileReader, &SourceFile) -> Result<()> + 'a {
    move |reader, file| match settings.columns {
        Columns::Same => same_columns(columns, reader.names(), file, first),
        Columns::Union => Ok(()),
    }
}

/// What was read, with all its batches.
fn kept(
    read: impl FnOnce(&mut dyn FnMut(&[ColumnSpec], RecordBatch) -> Result<bool>) -> Result<(SourceRead, Option<Problem>)>,
) -> Result<(SourceRead, Option<Problem>)> {
    let (mut batches, mut room) = (Vec::new(), Room::default());
    let (mut source, refusal) = read(&mut |_, batch| {
        room.hold(&batch)?;
        batches.push(batch);
        Ok(true)
    })?;
    source.batches = batches;
    Ok((source, refusal))
}

/// The columns that a file has of those of its source, where some are missing.
fn own_layout(spec: &SourceSpec, layout: &Layout, names: &[String]) -> Option<Layout> {
    let has = |column: &&ColumnSpec| names.contains(&column.name);
    if layout.columns.iter().all(|column| has(&column)) {
        return None;
    }
    Some(Layout::new(layout.columns.iter().filter(has).cloned().collect(), &spec.readings))
}

/// The batch with all columns of the source: what the file lacks is missing in each of its rows.
fn widened(batch: &RecordBatch, layout: &Layout) -> Result<RecordBatch> {
    let of = |field: &FieldRef| {
        let own = batch.column_by_name(field.name()).cloned();
        own.unwrap_or_else(|| new_null_array(field.data_type(), batch.num_rows()))
    };
    let arrays: Vec<ArrayRef> = layout.schema.fields().iter().map(of).collect();
    let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(&layout.schema), arrays, &rows).map_err(internal)
}

/// Refuses what none of the files has, of which this is the last and these are the `names` of all.
fn has_all(reader: &FileReader, names: &IndexSet<String>, wanted: &[&str]) -> Result<()> {
    let Some(column) = wanted.iter().find(|column| !names.contains(**column)) else { return Ok(()) };
    let names: Vec<String> = names.iter().cloned().collect();
    Err(reader.unread(&[column]).unwrap_or_else(|| lacking(&names, &[column], wanted)))
}

/// Reads files as these columns and gives away their batches; `fits` says whether a file has them.
fn read_files(
    spec: &SourceSpec,
    files: &[SourceFile],
    columns: Vec<ColumnSpec>,
    fits: &dyn Fn(&FileReader, &SourceFile) -> Result<()>,
    take: &mut dyn FnMut(&[ColumnSpec], RecordBatch) -> Result<bool>,
) -> Result<(SourceRead, Option<Problem>)> {
    let layout = Layout::new(columns, &spec.readings);
    let mut tally = Tally::new(&layout.columns);
    let mut read = Vec::with_capacity(files.len());
    let wanted: Vec<&str> = layout.columns.iter().map(|column| column.name.as_str()).collect();
    let mut names: IndexSet<String> = IndexSet::new();
    let (mut left_out, mut noticed) = (Vec::new(), Vec::new());
    'files: for file in files {
        let mut reader = FileReader::open(spec, file)?;
        fits(&reader, file)?;
        if read.is_empty() {
            left_out = reader.left_out().iter().map(|(name, data_type)| format!("{name} ({data_type})")).collect();
        }
        for own in reader.noticed() {
            if !noticed.iter().any(|other: &Noticed| other.what == own.what) {
                noticed.push(own.clone());
            }
        }
        let own = own_layout(spec, &layout, reader.names());
        names.extend(reader.names().iter().cloned());
        if read.len() + 1 == files.len() {
            has_all(&reader, &names, &wanted)
                .map_err(|problem| problem.context(format_args!("source `{}`", spec.name)).at(file.place()))?;
        }
        while let Some(chunk) = reader.next(own.as_ref().unwrap_or(&layout), None, &mut tally)? {
            let batch = if own.is_some() { widened(&chunk.batch, &layout)? } else { chunk.batch };
            if batch.num_rows() > 0 && !take(&layout.columns, batch)? {
                break 'files;
            }
        }
        tally.skipped.add(reader.skipped());
        let (digest, bytes) = reader.finish()?;
        read.push(FileRead { name: file.name.clone(), digest, bytes });
    }
    noticed.extend(tally.noticed());
    let refusal = too_many(&spec.name, &tally, spec.settings.tolerate);
    let source = SourceRead {
        columns: layout.columns,
        batches: Vec::new(),
        rows_in: tally.rows_in,
        kept: tally.kept(),
        rejected: tally.rejected,
        zone_gaps: tally.zone.gaps,
        zone_overlaps: tally.zone.overlaps,
        times_cut: tally.zone.cut,
        skipped: tally.skipped,
        left_out,
        noticed,
        quarantine: tally.quarantine,
        bytes_read: read.iter().map(|file| file.bytes).sum(),
        files: read,
    };
    Ok((source, refusal))
}
