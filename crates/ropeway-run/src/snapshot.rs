//! Batches as the bytes that are kept between steps: Parquet, equal for equal batches.

use arrow::array::{ArrayRef, RecordBatch, RecordBatchReader};
use arrow::compute::concat_batches;
use arrow::error::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use ropeway_table::column_digest;
use ropeway_vocab::{Digest, DigestBuilder, Kind, Problem, Result};

/// A batch as Parquet.
pub(crate) fn to_parquet(batch: &RecordBatch) -> Result<Vec<u8>> {
    let level = ZstdLevel::try_new(1).map_err(|error| Problem::internal(error.to_string()))?;
    let properties =
        WriterProperties::builder().set_compression(Compression::ZSTD(level)).set_created_by("ropeway".into()).build();
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

/// The digest of one column's type and values, in their order. It does not see what lies in memory under a missing value,
/// which differs between a column that was computed and the same one read again.
pub(crate) fn typed_digest(column: &ArrayRef) -> Digest {
    DigestBuilder::new("column/2").text(&column.data_type().to_string()).digest(&column_digest(column)).finish()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, StringArray};
    use arrow::buffer::NullBuffer;
    use arrow::datatypes::{DataType, Field, Schema};

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
    fn a_column_digest_follows_values() {
        let digest = |values: Vec<f64>| typed_digest(&(Arc::new(Float64Array::from(values)) as ArrayRef));
        assert_eq!(digest(vec![1.0, 2.0]), digest(vec![1.0, 2.0]));
        assert_ne!(digest(vec![1.0, 2.0]), digest(vec![2.0, 1.0]));
        assert_ne!(digest(vec![0.0]), digest(vec![-0.0]));
    }

    #[test]
    fn a_column_digest_does_not_see_what_lies_under_a_missing_value() {
        let with = |under: f64| -> ArrayRef {
            let valid = NullBuffer::from(vec![true, false]);
            Arc::new(Float64Array::new(vec![1.0, under].into(), Some(valid)))
        };
        let batch = RecordBatch::try_from_iter([("x", with(7.0))]).unwrap();
        let again = from_parquet(to_parquet(&batch).unwrap()).unwrap();
        assert_eq!(typed_digest(&with(7.0)), typed_digest(again.column(0)));
        let all: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
        let said: ArrayRef = Arc::new(Float64Array::new(vec![1.0].into(), Some(NullBuffer::new_valid(1))));
        assert_eq!(typed_digest(&all), typed_digest(&said));
        let texts = |values: Vec<Option<&str>>| typed_digest(&(Arc::new(StringArray::from(values)) as ArrayRef));
        assert_ne!(texts(vec![Some("ab"), Some("c")]), texts(vec![Some("a"), Some("bc")]));
        assert_ne!(texts(vec![None]), texts(vec![Some("")]));
    }
}
