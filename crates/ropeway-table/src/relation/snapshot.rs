//! Snapshots as Parquet bytes: equal bytes for equal relations with one version of the writer.

use arrow::array::RecordBatch;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use ropeway_vocab::{Kind, Problem, Result};

/// Rows read at a time.
const READ_ROWS: usize = 65_536;

pub(super) fn write(batch: &RecordBatch) -> Result<Vec<u8>> {
    let defect = |error: parquet::errors::ParquetError| Problem::internal(format!("writing a snapshot: {error}"));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_created_by("ropeway".to_string())
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).map_err(defect)?;
    writer.write(batch).map_err(defect)?;
    writer.close().map_err(defect)?;
    Ok(bytes)
}

pub(super) fn read(bytes: Vec<u8>) -> Result<Vec<RecordBatch>> {
    let damaged = |error: &dyn std::fmt::Display| {
        Problem::new(Kind::Corrupt, "snapshot-damaged", format!("a stored snapshot cannot be read: {error}"))
            .remedy("delete .ropeway/cache and run again")
    };
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes))
        .and_then(|builder| builder.with_batch_size(READ_ROWS).build())
        .map_err(|error| damaged(&error))?;
    reader.map(|batch| batch.map_err(|error| damaged(&error))).collect()
}
