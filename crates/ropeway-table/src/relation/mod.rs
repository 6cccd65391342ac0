//! A relation: the rows of a source or table with their schema, always in canonical order.

mod canonical;
mod content;
mod order;
mod repeated_keys;
mod snapshot;

use std::sync::{Arc, OnceLock};

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, RecordBatch, RecordBatchOptions, TimestampMicrosecondArray,
};
use arrow::compute::{concat_batches, filter_record_batch};
use arrow::datatypes::TimestampMicrosecondType;
use ropeway_vocab::{Digest, KNOWN_AT, Kind, Problem, Result, TableSchema, Timing};

pub use content::column_digest;
pub use order::OrderBytes;
pub use repeated_keys::SharedKeys;

/// The rows of a source or table.
///
/// Rows stand in canonical order: by the declared key ascending, missing first; rows of equal key, and all rows
/// where no key is declared, by the digest of their content (the values of the visible columns), then by known-at.
/// The order depends neither on the order of the input nor on partitions nor on the names of columns.
#[derive(Debug, Clone)]
pub struct Relation {
    schema: TableSchema,
    batch: RecordBatch,
    collapsed: u64,
    digest: Arc<OnceLock<Digest>>,
}

impl Relation {
    /// Brings rows into canonical order. The batches have the columns of `schema.arrow()`: the visible ones and,
    /// where the table is timed, the hidden known-at.
    ///
    /// # Errors
    /// A batch has other columns or types, or the text of one column is larger than 2 GiB.
    pub fn new(schema: TableSchema, batches: &[RecordBatch]) -> Result<Self> {
        let batch = gather(&schema, batches)?;
        let batch = canonical::sort(&schema, batch)?;
        Ok(Self::in_order(schema, batch, 0))
    }

    /// A relation without rows.
    pub fn empty(schema: TableSchema) -> Self {
        let batch = RecordBatch::new_empty(Arc::new(schema.arrow()));
        Self::in_order(schema, batch, 0)
    }

    /// Rows that are known to stand in canonical order.
    fn in_order(schema: TableSchema, batch: RecordBatch, collapsed: u64) -> Self {
        Self { schema, batch, collapsed, digest: Arc::default() }
    }

    /// Like [`Self::new`], and rows of equal key and equal content become one: the one known first. Their number
    /// is [`Self::collapsed`].
    pub(crate) fn collapsing(schema: TableSchema, batches: &[RecordBatch]) -> Result<Self> {
        let relation = Self::new(schema, batches)?;
        if relation.schema.key.is_empty() {
            return Ok(relation);
        }
        let Some(keep) = canonical::first_of_equals(&relation.schema, &relation.batch)? else {
            return Ok(relation);
        };
        let collapsed = keep.false_count() as u64;
        let kept = relation.filter(&keep)?;
        Ok(Self { collapsed, ..kept })
    }

    /// These rows and those of another relation of the same schema.
    ///
    /// # Errors
    /// It has other columns, or the text of one column is larger than 2 GiB.
    pub fn with(&self, more: &Self) -> Result<Self> {
        let all = Self::new(self.schema.clone(), &[self.batch.clone(), more.batch.clone()])?;
        Ok(Self { collapsed: self.collapsed, ..all })
    }

    /// Its schema.
    pub fn schema(&self) -> &TableSchema {
        &self.schema
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// How many rows of a source were left out because an equal row of the same key stands already.
    pub fn collapsed(&self) -> u64 {
        self.collapsed
    }

    /// All rows in canonical order: visible columns, then the hidden known-at if timed.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// All rows as one batch (cheap: columns are shared).
    pub fn concat(&self) -> RecordBatch {
        self.batch.clone()
    }

    /// The values of a visible column.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn column(&self, name: &str) -> Result<&ArrayRef> {
        let position = self.schema.position(name)?;
        Ok(self.batch.column(position))
    }

    /// The hidden known-at in microseconds UTC, where the relation is timed. Missing means never visible.
    pub fn known_at(&self) -> Option<&TimestampMicrosecondArray> {
        known_of(&self.batch)
    }

    /// The rows for which `keep` is true, in the same order.
    ///
    /// # Errors
    /// `keep` has another length.
    pub fn filter(&self, keep: &BooleanArray) -> Result<Self> {
        let batch = filter_record_batch(&self.batch, keep).map_err(|e| Problem::internal(e.to_string()))?;
        Ok(Self::in_order(self.schema.clone(), batch, self.collapsed))
    }

    /// The same rows in the same order without the columns that are personal.
    ///
    /// # Errors
    /// Defects.
    pub fn without_personal(&self) -> Result<Self> {
        let mut schema = self.schema.clone();
        schema.columns.retain(|column| !column.personal);
        schema.key.retain(|key| schema.columns.iter().any(|column| column.name == *key));
        let columns = self.schema.columns.iter().enumerate();
        let kept = columns.filter(|(_, column)| !column.personal).map(|(place, _)| place);
        let kept: Vec<usize> = kept.chain(visible(&self.schema)..self.batch.num_columns()).collect();
        let batch = self.batch.project(&kept).map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Self::in_order(schema, batch, self.collapsed))
    }

    /// The digest of its logical content: schema, and values in canonical order. The same for any partitioning and any
    /// order of the input; computed once.
    pub fn digest(&self) -> Digest {
        *self.digest.get_or_init(|| content::relation_digest(&self.schema, &self.batch))
    }

    /// For each row, bytes that compare as the canonical order does (known-at aside), also between relations of one
    /// schema.
    ///
    /// # Errors
    /// Only a defect: key columns have been checked.
    pub fn order_bytes(&self) -> Result<OrderBytes> {
        order::order_bytes(&self.schema, &self.batch)
    }

    /// The rows as Parquet bytes, equal for equal relations.
    ///
    /// # Errors
    /// The writer fails.
    pub fn to_parquet(&self) -> Result<Vec<u8>> {
        snapshot::write(&self.batch)
    }

    /// Reads what [`Self::to_parquet`] wrote.
    ///
    /// # Errors
    /// The bytes are damaged or hold other columns than the schema says.
    pub fn from_parquet(bytes: Vec<u8>, schema: TableSchema) -> Result<Self> {
        let batches = snapshot::read(bytes)?;
        let batch = gather(&schema, &batches).map_err(|problem| {
            Problem::new(
                Kind::Corrupt,
                "snapshot-damaged",
                format!("a stored snapshot does not fit its schema: {}", problem.what()),
            )
            .remedy("delete .ropeway/cache and run again")
        })?;
        Ok(Self::in_order(schema, batch, 0))
    }
}

/// One batch of exactly the columns of the schema.
fn gather(schema: &TableSchema, batches: &[RecordBatch]) -> Result<RecordBatch> {
    let target = Arc::new(schema.arrow());
    let fitted = batches
        .iter()
        .map(|batch| {
            let columns = target
                .fields()
                .iter()
                .map(|field| {
                    let column = batch.column_by_name(field.name()).ok_or_else(|| {
                        Problem::invalid("missing-column", format!("the rows have no column `{}`", field.name()))
                            .remedy("give the rows all columns of their table")
                    })?;
                    if column.data_type() == field.data_type() {
                        Ok(Arc::clone(column))
                    } else {
                        Err(Problem::invalid(
                            "column-type",
                            format!(
                                "column `{}` holds {} where {} is declared",
                                field.name(),
                                column.data_type(),
                                field.data_type()
                            ),
                        )
                        .remedy("give the column its declared type"))
                    }
                })
                .collect::<Result<Vec<_>>>()?;
            let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            RecordBatch::try_new_with_options(Arc::clone(&target), columns, &options)
                .map_err(|e| Problem::internal(e.to_string()))
        })
        .collect::<Result<Vec<_>>>()?;
    match fitted.as_slice() {
        [] => Ok(RecordBatch::new_empty(target)),
        [only] => Ok(only.clone()),
        many => concat_batches(&target, many).map_err(|error| {
            Problem::new(
                Kind::TooLarge,
                "table-size",
                format!("the table does not fit in memory as one piece: {error}"),
            )
            .remedy("select fewer columns or rows: the text of one column may take 2 GiB")
        }),
    }
}

/// The number of visible columns.
fn visible(schema: &TableSchema) -> usize {
    schema.columns.len()
}

/// Whether the hidden column is there.
fn timed(schema: &TableSchema) -> bool {
    schema.timing == Timing::Timed
}

/// The hidden known-at of a batch.
pub(crate) fn known_of(batch: &RecordBatch) -> Option<&TimestampMicrosecondArray> {
    batch.column_by_name(KNOWN_AT).and_then(|array| array.as_primitive_opt::<TimestampMicrosecondType>())
}

/// The known-at of a batch as sort keys: missing last.
fn known_keys(schema: &TableSchema, batch: &RecordBatch) -> Vec<i64> {
    let known = if timed(schema) { batch.column_by_name(KNOWN_AT) } else { None };
    match known.and_then(|array| array.as_primitive_opt::<TimestampMicrosecondType>()) {
        Some(array) => (0..array.len()).map(|i| if array.is_null(i) { i64::MAX } else { array.value(i) }).collect(),
        None => vec![0; batch.num_rows()],
    }
}

#[cfg(test)]
mod tests;
