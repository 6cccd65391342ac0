//! The canonical order of rows.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow::compute::take;
use arrow::row::{RowConverter, Rows, SortField};
use ropeway_vocab::{Kind, Problem, Result, TableSchema};

use super::content::{encode_rows, row_digest, row_digests};
use super::known_keys;

/// Rows in canonical order.
pub(super) fn sort(schema: &TableSchema, batch: RecordBatch) -> Result<RecordBatch> {
    if u32::try_from(batch.num_rows()).is_err() {
        return Err(Problem::new(Kind::TooLarge, "table-size", "a table of more than 4,294,967,295 rows")
            .remedy("split it, or aggregate it at its source"));
    }
    let order = if schema.key.is_empty() { by_content(schema, &batch) } else { by_key(schema, &batch)? };
    match order {
        None => Ok(batch),
        Some(order) => reorder(&batch, order),
    }
}

/// The comparable bytes of the key columns.
pub(super) fn key_rows(schema: &TableSchema, batch: &RecordBatch) -> Result<Rows> {
    let columns = schema
        .key
        .iter()
        .map(|name| Ok(Arc::clone(batch.column(schema.position(name)?))))
        .collect::<Result<Vec<ArrayRef>>>()?;
    let fields = columns.iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let defect = |error: arrow::error::ArrowError| Problem::internal(error.to_string());
    let converter = RowConverter::new(fields).map_err(defect)?;
    converter.convert_columns(&columns).map_err(defect)
}

/// The order by content; nothing where the rows stand so already.
fn by_content(schema: &TableSchema, batch: &RecordBatch) -> Option<Vec<u32>> {
    let digests = row_digests(schema, batch);
    let known = known_keys(schema, batch);
    let key = |row: usize| (digests[row], known[row]);
    if (1..batch.num_rows()).all(|row| key(row - 1) <= key(row)) {
        return None;
    }
    let mut order: Vec<(u128, i64, u32)> =
        (0..batch.num_rows()).map(|row| (digests[row], known[row], row as u32)).collect();
    order.sort_unstable();
    Some(order.into_iter().map(|(_, _, row)| row).collect())
}

/// The order by key, then content; nothing where the rows stand so already.
fn by_key(schema: &TableSchema, batch: &RecordBatch) -> Result<Option<Vec<u32>>> {
    let rows = key_rows(schema, batch)?;
    let count = batch.num_rows();
    let bytes = |row: usize| rows.row(row);
    if (1..count).all(|row| bytes(row - 1) < bytes(row)) {
        return Ok(None);
    }
    let mut order: Vec<(u128, u32)> = (0..count).map(|row| (prefix(bytes(row).data()), row as u32)).collect();
    order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| bytes(a.1 as usize).cmp(&bytes(b.1 as usize))));
    let mut order: Vec<u32> = order.into_iter().map(|(_, row)| row).collect();
    let known = known_keys(schema, batch);
    let mut start = 0;
    while start < count {
        let key = bytes(order[start] as usize);
        let length = order[start..].iter().take_while(|row| bytes(**row as usize) == key).count();
        if length > 1 {
            order_equals(schema, batch, &known, &mut order[start..start + length]);
        }
        start += length;
    }
    Ok(Some(order))
}

/// Orders rows of one key by content, then known-at.
fn order_equals(schema: &TableSchema, batch: &RecordBatch, known: &[i64], rows: &mut [u32]) {
    let mut keyed: Vec<(u128, i64, u32)> = Vec::with_capacity(rows.len());
    encode_rows(schema, batch, rows.iter().map(|row| *row as usize), |row, bytes| {
        keyed.push((row_digest(bytes), known[row], row as u32));
    });
    keyed.sort_unstable();
    rows.iter_mut().zip(keyed).for_each(|(slot, (_, _, row))| *slot = row);
}

/// The first 16 bytes, big-endian, so that they compare as the bytes do.
fn prefix(bytes: &[u8]) -> u128 {
    let mut first = [0; 16];
    let length = bytes.len().min(16);
    first[..length].copy_from_slice(&bytes[..length]);
    u128::from_be_bytes(first)
}

fn reorder(batch: &RecordBatch, order: Vec<u32>) -> Result<RecordBatch> {
    let rows = order.len();
    let order = UInt32Array::from(order);
    let defect = |error: arrow::error::ArrowError| Problem::internal(error.to_string());
    let all: Vec<&ArrayRef> = batch.columns().iter().collect();
    let (first, second) = all.split_at(all.len() / 2);
    let gather =
        |part: &[&ArrayRef]| part.iter().map(|column| take(column, &order, None)).collect::<Result<Vec<_>, _>>();
    let (front, back) = std::thread::scope(|scope| {
        let worker = scope.spawn(|| gather(first));
        let back = gather(second);
        (worker.join(), back)
    });
    let mut columns = front.map_err(|_| Problem::internal("a sorting thread failed"))?.map_err(defect)?;
    columns.extend(back.map_err(defect)?);
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(batch.schema(), columns, &options).map_err(defect)
}

/// For rows in canonical order: false for each row whose key and content equal those of the row before. Nothing
/// where there is no such row.
pub(super) fn first_of_equals(schema: &TableSchema, batch: &RecordBatch) -> Result<Option<BooleanArray>> {
    let rows = key_rows(schema, batch)?;
    let mut keep = vec![true; batch.num_rows()];
    let mut found = false;
    for (row, keep) in keep.iter_mut().enumerate().skip(1) {
        if rows.row(row - 1).cmp(&rows.row(row)) != Ordering::Equal {
            continue;
        }
        let mut pair: Vec<Vec<u8>> = Vec::with_capacity(2);
        encode_rows(schema, batch, [row - 1, row].into_iter(), |_, bytes| pair.push(bytes.to_vec()));
        if pair[0] == pair[1] {
            *keep = false;
            found = true;
        }
    }
    Ok(found.then(|| BooleanArray::from(keep)))
}
