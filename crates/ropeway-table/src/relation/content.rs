//! Digests of content: of one row, and of a whole relation. The encoding is Ropeway's own and versioned, so that
//! a digest outlives any release of Arrow.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use ropeway_vocab::{ColumnType, Digest, DigestBuilder, KNOWN_AT, TableSchema};

use super::{timed, visible};

/// Below this many rows a second thread does not pay.
const PARALLEL_ROWS: usize = 16_384;

/// A column, down to what its values are.
enum Cells<'a> {
    Boolean(&'a BooleanArray),
    Eight(&'a ArrayRef, &'a [i64]),
    Float(&'a ArrayRef, &'a [f64]),
    Four(&'a ArrayRef, &'a [i32]),
    Text(&'a arrow::array::StringArray),
    Unknown,
}

impl<'a> Cells<'a> {
    fn of(array: &'a ArrayRef) -> Self {
        if let Some(values) = array.as_boolean_opt() {
            Self::Boolean(values)
        } else if let Some(values) = array.as_primitive_opt::<Int64Type>() {
            Self::Eight(array, values.values())
        } else if let Some(values) = array.as_primitive_opt::<TimestampMicrosecondType>() {
            Self::Eight(array, values.values())
        } else if let Some(values) = array.as_primitive_opt::<Float64Type>() {
            Self::Float(array, values.values())
        } else if let Some(values) = array.as_primitive_opt::<Date32Type>() {
            Self::Four(array, values.values())
        } else if let Some(values) = array.as_string_opt::<i32>() {
            Self::Text(values)
        } else {
            Self::Unknown
        }
    }

    /// Appends a value: 0 for missing, else 1 and the value's bytes, little-endian; text with its length in front.
    fn write(&self, row: usize, out: &mut Vec<u8>) {
        let missing = match self {
            Self::Boolean(array) => array.is_null(row),
            Self::Eight(array, _) | Self::Float(array, _) | Self::Four(array, _) => array.is_null(row),
            Self::Text(array) => array.is_null(row),
            Self::Unknown => true,
        };
        if missing {
            out.push(0);
            return;
        }
        out.push(1);
        match self {
            Self::Boolean(array) => out.push(u8::from(array.value(row))),
            Self::Eight(_, values) => out.extend_from_slice(&values[row].to_le_bytes()),
            Self::Float(_, values) => out.extend_from_slice(&values[row].to_bits().to_le_bytes()),
            Self::Four(_, values) => out.extend_from_slice(&values[row].to_le_bytes()),
            Self::Text(array) => {
                let text = array.value(row).as_bytes();
                out.extend_from_slice(&(text.len() as u32).to_le_bytes());
                out.extend_from_slice(text);
            }
            Self::Unknown => {}
        }
    }
}

/// Visits the encoded content of some rows: values of the visible columns.
pub(super) fn encode_rows(
    schema: &TableSchema,
    batch: &RecordBatch,
    rows: impl Iterator<Item = usize>,
    mut visit: impl FnMut(usize, &[u8]),
) {
    let cells: Vec<Cells<'_>> = batch.columns()[..visible(schema)].iter().map(Cells::of).collect();
    let mut buffer = Vec::with_capacity(256);
    for row in rows {
        buffer.clear();
        cells.iter().for_each(|cell| cell.write(row, &mut buffer));
        visit(row, &buffer);
    }
}

/// The first 128 bits of the BLAKE3 digest of one row's encoded content.
pub(super) fn row_digest(encoded: &[u8]) -> u128 {
    let mut first = [0; 16];
    first.copy_from_slice(&blake3::hash(encoded).as_bytes()[..16]);
    u128::from_be_bytes(first)
}

/// [`row_digest`] of every row, on two threads where there are many.
pub(super) fn row_digests(schema: &TableSchema, batch: &RecordBatch) -> Vec<u128> {
    let rows = batch.num_rows();
    let mut digests = vec![0_u128; rows];
    let piece = if rows < PARALLEL_ROWS { rows.max(1) } else { rows.div_ceil(2) };
    std::thread::scope(|scope| {
        for (index, part) in digests.chunks_mut(piece).enumerate() {
            let mut fill = move || {
                let start = index * piece;
                let range = start..start + part.len();
                encode_rows(schema, batch, range, |row, bytes| part[row - start] = row_digest(bytes));
            };
            if rows < PARALLEL_ROWS {
                fill();
            } else {
                scope.spawn(fill);
            }
        }
    });
    digests
}

/// The digest of a relation: names and types of the columns, and each column's values in row order.
pub(super) fn relation_digest(schema: &TableSchema, batch: &RecordBatch) -> Digest {
    let columns: Vec<&ArrayRef> = batch.columns().iter().collect();
    let mut parts = vec![Digest::from_bytes([0; 32]); columns.len()];
    let work: Vec<(usize, &ArrayRef, &mut Digest)> =
        columns.iter().zip(parts.iter_mut()).enumerate().map(|(i, (column, part))| (i, *column, part)).collect();
    if batch.num_rows() < PARALLEL_ROWS {
        work.into_iter().for_each(|(_, column, part)| *part = column_digest(column));
    } else {
        let (even, odd): (Vec<_>, Vec<_>) = work.into_iter().partition(|(i, ..)| i % 2 == 0);
        std::thread::scope(|scope| {
            scope.spawn(move || even.into_iter().for_each(|(_, column, part)| *part = column_digest(column)));
            odd.into_iter().for_each(|(_, column, part)| *part = column_digest(column));
        });
    }
    let mut builder = DigestBuilder::new("relation/1");
    builder.number(batch.num_rows() as u64).number(visible(schema) as u64);
    for (column, part) in schema.columns.iter().zip(&parts) {
        builder.text(&column.name).text(column.ty.name()).digest(part);
    }
    if timed(schema) {
        builder.text(KNOWN_AT).text(ColumnType::Timestamp.name());
        if let Some(part) = parts.get(visible(schema)) {
            builder.digest(part);
        }
    }
    builder.finish()
}

/// The digest of one column: a byte a row for missing, then the values; the slots of missing ones count as zero.
pub fn column_digest(array: &ArrayRef) -> Digest {
    let mut hasher = blake3::Hasher::new();
    let rows = array.len();
    let present: Vec<u8> = if array.null_count() == 0 {
        vec![1; rows]
    } else {
        (0..rows).map(|row| u8::from(array.is_valid(row))).collect()
    };
    hasher.update(&present);
    let mut bytes: Vec<u8> = Vec::with_capacity(rows * 8);
    match Cells::of(array) {
        Cells::Boolean(values) => {
            bytes.extend((0..rows).map(|row| u8::from(values.is_valid(row) && values.value(row))))
        }
        Cells::Eight(_, values) => {
            bytes.extend(values.iter().zip(&present).flat_map(|(v, p)| if *p == 1 { v.to_le_bytes() } else { [0; 8] }));
        }
        Cells::Float(_, values) => {
            let bits = |v: &f64, p: &u8| if *p == 1 { v.to_bits().to_le_bytes() } else { [0; 8] };
            bytes.extend(values.iter().zip(&present).flat_map(|(v, p)| bits(v, p)));
        }
        Cells::Four(_, values) => {
            bytes.extend(values.iter().zip(&present).flat_map(|(v, p)| if *p == 1 { v.to_le_bytes() } else { [0; 4] }));
        }
        Cells::Text(values) => {
            for row in 0..rows {
                let text = if values.is_valid(row) { values.value(row) } else { "" };
                bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
        }
        Cells::Unknown => {}
    }
    hasher.update(&bytes);
    Digest::from_bytes(*hasher.finalize().as_bytes())
}
