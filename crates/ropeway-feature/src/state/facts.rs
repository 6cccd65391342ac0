//! The rows of one table that lookups and windows refer to by number, kept so that values can be taken
//! from them and shown as evidence. Numbers never change; small batches are joined as they gather.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, TimestampMicrosecondArray, new_null_array};
use arrow::compute::{concat_batches, interleave};
use ropeway_table::Relation;
use ropeway_vocab::{ColumnType, KNOWN_AT, Kind, Problem, Result, TableSchema, Timing};

use crate::arrow_problem;
use crate::kernel::column;

/// Comparable bytes, end to end.
#[derive(Debug, Clone, Default)]
struct Order {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Order {
    fn of(&self, row: u32) -> &[u8] {
        let row = row as usize;
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.bytes[start..self.ends[row]]
    }
}

/// All rows of one table.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    schema: TableSchema,
    batches: Vec<RecordBatch>,
    /// The number of each batch's first row.
    starts: Vec<u32>,
    rows: u32,
    /// A missing value of each visible column.
    missing: Vec<ArrayRef>,
    /// The canonical order of each row as comparable bytes, where ties must be broken by it.
    order: Option<Order>,
}

impl Facts {
    /// No rows yet. `ordered` keeps what breaks ties between rows.
    pub(crate) fn new(schema: TableSchema, ordered: bool) -> Self {
        let missing = schema.columns.iter().map(|column| new_null_array(&column.ty.arrow(), 1)).collect();
        Self { schema, batches: Vec::new(), starts: Vec::new(), rows: 0, missing, order: ordered.then(Order::default) }
    }

    pub(crate) fn schema(&self) -> &TableSchema {
        &self.schema
    }

    pub(crate) fn len(&self) -> u32 {
        self.rows
    }

    /// The number that the next row gets, if `more` of them still fit.
    pub(crate) fn next(&self, more: usize) -> Result<u32> {
        let fits = u32::try_from(more).ok().and_then(|more| self.rows.checked_add(more)).is_some();
        if fits {
            return Ok(self.rows);
        }
        Err(Problem::new(Kind::TooLarge, "table-size", "a table has over 4,294,967,295 rows")
            .remedy("keep fewer: filter the table in SQL"))
    }

    /// Appends the rows of a relation.
    pub(crate) fn append(&mut self, relation: &Relation) -> Result<()> {
        let first = self.next(relation.rows())?;
        if let Some(order) = &mut self.order {
            let new = relation.order_bytes()?;
            for row in 0..new.len() {
                order.bytes.extend_from_slice(new.row(row));
                order.ends.push(order.bytes.len());
            }
        }
        if relation.rows() > 0 {
            self.starts.push(first);
            self.batches.push(relation.batch().clone());
        }
        self.rows = first + relation.rows() as u32;
        self.join_small()
    }

    /// Joins the last two batches while the later is at least half as long, so that there are never more
    /// than logarithmically many after many small posts.
    fn join_small(&mut self) -> Result<()> {
        while let [.., first, second] = self.batches.as_slice()
            && second.num_rows() * 2 >= first.num_rows()
            && first.num_rows() < 65_536
        {
            let joined = concat_batches(first.schema_ref(), [first, second]).map_err(arrow_problem)?;
            self.batches.truncate(self.batches.len() - 2);
            self.batches.push(joined);
            self.starts.pop();
        }
        Ok(())
    }

    /// The canonical order of two rows; their numbers where it is not kept.
    pub(crate) fn order(&self, a: u32, b: u32) -> Ordering {
        let canonical = self.order.as_ref().map_or(Ordering::Equal, |order| order.of(a).cmp(order.of(b)));
        canonical.then(a.cmp(&b))
    }

    fn place(&self, row: u32) -> (usize, usize) {
        let batch = self.starts.partition_point(|start| *start <= row).saturating_sub(1);
        (batch, (row - self.starts[batch]) as usize)
    }

    /// A column's values in the given rows, missing where there is no row.
    pub(crate) fn gather(&self, name: &str, ty: ColumnType, rows: &[Option<u32>]) -> Result<ArrayRef> {
        let known = self.schema.columns.iter().position(|column| column.name == name && column.ty == ty);
        let missing = known.map_or_else(|| new_null_array(&ty.arrow(), 1), |column| Arc::clone(&self.missing[column]));
        // One row, as a request has it, is a look at the batch that holds it.
        match rows {
            [None] => return Ok(missing),
            [Some(row)] => {
                let (batch, row) = self.place(*row);
                return Ok(column(&self.batches[batch], name)?.slice(row, 1));
            }
            _ => {}
        }
        let mut arrays = self.batches.iter().map(|batch| column(batch, name)).collect::<Result<Vec<_>>>()?;
        arrays.push(&missing);
        let nowhere = (self.batches.len(), 0);
        let places: Vec<_> = rows.iter().map(|row| row.map_or(nowhere, |row| self.place(row))).collect();
        let arrays: Vec<&dyn Array> = arrays.into_iter().map(AsRef::as_ref).collect();
        interleave(&arrays, &places).map_err(arrow_problem)
    }

    /// When a row became known, in microseconds.
    pub(crate) fn known_at(&self, row: u32) -> Result<Option<i64>> {
        if self.schema.timing != Timing::Timed {
            return Ok(None);
        }
        let (batch, row) = self.place(row);
        Ok(at(known_column(&self.batches[batch])?, row))
    }

    /// The rows as a batch, in the given order.
    pub(crate) fn rows(&self, rows: &[u32]) -> Result<RecordBatch> {
        let places: Vec<_> = rows.iter().map(|row| self.place(*row)).collect();
        let batches: Vec<&RecordBatch> = self.batches.iter().collect();
        arrow::compute::interleave_record_batch(&batches, &places).map_err(arrow_problem)
    }
}

/// The hidden known-at column of a timed table's batch.
pub(crate) fn known_column(batch: &RecordBatch) -> Result<&TimestampMicrosecondArray> {
    timestamps(column(batch, KNOWN_AT)?)
}

/// An array as timestamps.
pub(crate) fn timestamps(array: &ArrayRef) -> Result<&TimestampMicrosecondArray> {
    array
        .as_any()
        .downcast_ref()
        .ok_or_else(|| Problem::internal(format!("timestamps are needed, and they came as {}", array.data_type())))
}

/// A cell of a timestamp column.
pub(crate) fn at(times: &TimestampMicrosecondArray, row: usize) -> Option<i64> {
    times.is_valid(row).then(|| times.value(row))
}
