//! The logged posts of a source beside the rows of its files: one list of rows, each with its arrival.

use std::path::Path;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use ropeway_source::Readings;
use ropeway_source::rows::coerce;
use ropeway_store::AppendLog;
use ropeway_table::SourceDef;
use ropeway_vocab::{Digest, DigestBuilder, Kind, Problem, Result};

use super::{KeyIndex, Post, Seen, log_path};

/// The rows of a source's files and posts.
#[derive(Debug, Default)]
pub struct Arrived {
    /// The rows of the files, then those posted that the files do not have.
    pub batches: Vec<RecordBatch>,
    /// One entry a row: when it arrived, in microseconds UTC; none for rows of files and backfills.
    pub arrivals: Vec<Option<i64>>,
    /// Rows taken from posts.
    pub posted: u64,
    /// Posted rows that the files hold with other content: the files' rows count.
    pub superseded: u64,
    /// The keys of all rows, where the source has a key.
    pub index: Option<KeyIndex>,
}

/// The logged posts of a source, oldest first, and the digest of the log.
///
/// # Errors
/// A log that is damaged, other than a torn end.
pub fn posts(store_root: &Path, source: &str) -> Result<(Vec<Post>, Digest)> {
    let path = log_path(store_root, source);
    let mut digest = DigestBuilder::new("posts/1");
    if !path.exists() {
        return Ok((Vec::new(), digest.finish()));
    }
    let records = AppendLog::read(&path)?.records;
    records.iter().for_each(|record| {
        digest.bytes(record);
    });
    let posts = records.iter().map(|record| Post::from_bytes(record)).collect::<Result<Vec<_>>>()?;
    Ok((posts, digest.finish()))
}

/// Joins the rows of files and posts. Rows of files have no arrival; the first arrival of a key wins; a posted row
/// that equals a row of a file is one with it.
///
/// # Errors
/// A logged row that no longer fits the source's columns.
pub fn merge(source: &str, definition: &SourceDef, files: Vec<RecordBatch>, posts: &[Post]) -> Result<Arrived> {
    let rows: usize = files.iter().map(RecordBatch::num_rows).sum();
    let mut arrived = Arrived { batches: files, arrivals: vec![None; rows], posted: 0, superseded: 0, index: None };
    if definition.settings.key.is_empty() {
        return match posts.is_empty() {
            true => Ok(arrived),
            false => Err(no_longer_fits(source, "it has posted rows and no key any more")),
        };
    }
    let mut index = KeyIndex::new(&definition.columns, &definition.settings.key)?;
    for batch in &arrived.batches {
        index.take(batch)?;
    }
    let readings = Readings::of(&definition.settings)?.or_iso();
    for post in posts {
        let batch = coerce(&post.rows, &definition.columns, &readings).map_err(|problems| {
            no_longer_fits(source, &problems.first().map(ToString::to_string).unwrap_or_default())
        })?;
        let seen = index.look(&batch)?;
        arrived.superseded += seen.iter().filter(|seen| **seen == Seen::Conflict).count() as u64;
        let new: BooleanArray = seen.iter().map(|seen| Some(*seen == Seen::New)).collect();
        let batch = filter_record_batch(&batch, &new).map_err(|error| Problem::internal(error.to_string()))?;
        if batch.num_rows() == 0 {
            continue;
        }
        index.take(&batch)?;
        let arrival = (!post.backfill).then(|| post.arrived.micros());
        arrived.arrivals.extend(std::iter::repeat_n(arrival, batch.num_rows()));
        arrived.posted += batch.num_rows() as u64;
        arrived.batches.push(batch);
    }
    arrived.index = Some(index);
    Ok(arrived)
}

fn no_longer_fits(source: &str, why: &str) -> Problem {
    Problem::new(Kind::Conflict, "posts-do-not-fit", format!("the posted rows of `{source}` do not fit it: {why}"))
        .remedy("undo the change of the source's columns, key or types in the project file")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, Int64Array};
    use ropeway_source::SourceSettings;
    use ropeway_vocab::{ColumnSpec, ColumnType, Instant, TableSchema, Timing};
    use serde_json::{Map, Value};

    use super::*;

    fn definition(key: &[&str]) -> SourceDef {
        let column = |name: &str, ty| ColumnSpec { name: name.into(), ty, known_ahead: false, personal: false };
        let mut settings = SourceSettings::of_file("");
        settings.key = key.iter().map(|name| (*name).to_string()).collect();
        let columns = vec![column("k", ColumnType::Integer), column("x", ColumnType::Float)];
        SourceDef { settings, columns, repeated: Vec::new() }
    }

    fn file(rows: &[(i64, f64)]) -> RecordBatch {
        let schema = TableSchema { columns: definition(&[]).columns, timing: Timing::Static, key: vec![] }.arrow();
        let keys = Int64Array::from_iter_values(rows.iter().map(|row| row.0));
        let values = Float64Array::from_iter_values(rows.iter().map(|row| row.1));
        RecordBatch::try_new(Arc::new(schema), vec![Arc::new(keys), Arc::new(values)]).unwrap()
    }

    fn post(at: i64, backfill: bool, rows: &str) -> Post {
        let rows: Vec<Map<String, Value>> = serde_json::from_str(rows).unwrap();
        Post::new(Instant::from_micros(at), backfill, rows)
    }

    #[test]
    fn files_come_first_and_the_first_arrival_of_a_key_wins() {
        let posts = [
            post(10, false, r#"[{"k": 1, "x": 0.5}, {"k": 2, "x": 9.0}, {"k": 3, "x": 3.0}]"#),
            post(20, true, r#"[{"k": 3, "x": 3.0}, {"k": 4, "x": 4.0}]"#),
        ];
        let arrived = merge("s", &definition(&["k"]), vec![file(&[(1, 0.5), (2, 2.0)])], &posts).unwrap();
        assert_eq!(arrived.arrivals, [None, None, Some(10), None], "two of files, one that arrived, one backfill");
        assert_eq!((arrived.posted, arrived.superseded), (2, 1), "key 2 differs from the file's row, which counts");
        assert_eq!(arrived.index.map(|index| index.len()), Some(4));
    }

    #[test]
    fn posts_that_no_longer_fit_are_a_conflict() {
        let posts = [post(10, false, r#"[{"k": 1, "y": 1}]"#)];
        let with_key = merge("s", &definition(&["k"]), vec![], &posts).unwrap_err();
        let without = merge("s", &definition(&[]), vec![], &posts).unwrap_err();
        assert_eq!((with_key.kind(), without.kind()), (Kind::Conflict, Kind::Conflict));
    }
}
