//! Batches as the bytes that are kept between steps: Parquet, equal for equal batches.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchReader};
use arrow::compute::concat_batches;
use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use arrow::ipc::writer::StreamWriter;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use ropeway_vocab::{Digest, Kind, Problem, Result};

/// A batch as Parquet.
pub(crate) fn to_parquet(batch: &RecordBatch) -> Result<Vec<u8>> {
    let level = ZstdLevel::try_new(1).map_err(|error| Problem::internal(error.to_string()))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by("ropeway".into())
        .build();
    let mut bytes = Vec::new();
    ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))
        .and_then(|mut writer| {
            writer.write(batch)?;
            writer.close()
        })
        .map_err(|error| Problem::internal(format!("a snapshot cannot be written: {error}")))?;
    Ok(bytes)
}

/// The batch in Parquet bytes that [`to_parquet`] made.
pub(crate) fn from_parquet(bytes: Vec<u8>) -> Result<RecordBatch> {
    let damaged = |error: String| {
        Problem::new(Kind::Corrupt, "snapshot-damaged", format!("a snapshot cannot be read: {error}"))
            .remedy("delete .ropeway/cache and run again: no record is in it")
    };
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes))
        .and_then(|builder| builder.with_batch_size(1 << 20).build())
        .map_err(|error| damaged(error.to_string()))?;
    let schema = RecordBatchReader::schema(&reader);
    let batches = reader.collect::<Result<Vec<_>, ArrowError>>().map_err(|error| damaged(error.to_string()))?;
    concat_batches(&schema, &batches).map_err(|error| damaged(error.to_string()))
}

/// The digest of one column's type and values, in their order.
pub(crate) fn column_digest(field: &arrow::datatypes::Field, column: &ArrayRef) -> Result<Digest> {
    let anonymous = field.clone().with_name("v").with_metadata(std::collections::HashMap::new());
    let schema = Arc::new(Schema::new(vec![anonymous]));
    let written = RecordBatch::try_new(Arc::clone(&schema), vec![Arc::clone(column)]).and_then(|batch| {
        let mut writer = StreamWriter::try_new(Vec::new(), &schema)?;
        writer.write(&batch)?;
        writer.into_inner()
    });
    written.map(|bytes| Digest::of(&bytes)).map_err(|error| Problem::internal(format!("digest of a column: {error}")))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, StringArray};
    use arrow::datatypes::{DataType, Field};

    use super::*;

    fn batch() -> RecordBatch {
        let fields = vec![Field::new("x", DataType::Float64, true), Field::new("s", DataType::Utf8, true)];
        let x = Float64Array::from(vec![Some(f64::NAN), None, Some(-0.0)]);
        let s = StringArray::from(vec![Some("a"), Some(""), None]);
        RecordBatch::try_new(Arc::new(Schema::new(fields)), vec![Arc::new(x), Arc::new(s)]).unwrap()
    }

    #[test]
    fn parquet_keeps_every_bit() {
        let (once, twice) = (to_parquet(&batch()).unwrap(), to_parquet(&batch()).unwrap());
        assert_eq!(once, twice, "equal batches give equal bytes");
        let back = from_parquet(once).unwrap();
        assert_eq!(back.column(0).to_data(), batch().column(0).to_data());
        assert_eq!(back.column(1).to_data(), batch().column(1).to_data());
        assert_eq!(from_parquet(b"not parquet".to_vec()).unwrap_err().kind(), Kind::Corrupt);
    }

    #[test]
    fn a_column_digest_follows_values_and_not_names() {
        let field = |name: &str| Field::new(name, DataType::Float64, true);
        let column = |values: Vec<f64>| -> ArrayRef { Arc::new(Float64Array::from(values)) };
        let digest = |name: &str, values: Vec<f64>| column_digest(&field(name), &column(values)).unwrap();
        assert_eq!(digest("a", vec![1.0, 2.0]), digest("b", vec![1.0, 2.0]));
        assert_ne!(digest("a", vec![1.0, 2.0]), digest("a", vec![2.0, 1.0]));
    }
}
