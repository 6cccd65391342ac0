//! Columns of Parquet that other formats have no type for: what is nested, and numbers beyond those of other formats.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use ropeway_vocab::ColumnType;

use crate::folder::{Folder, columns, file, rows};
use crate::formats::parquet;

#[test]
fn what_is_nested_in_parquet_is_the_json_that_it_is_in_json_lines() {
    use arrow::array::{ListBuilder, StringBuilder, StructArray};
    use arrow::datatypes::{DataType, Field};

    let mut tags = ListBuilder::new(StringBuilder::new());
    tags.append_value([Some("a"), None, Some("\"b\"")]);
    tags.append_null();
    tags.append_value(Vec::<Option<&str>>::new());
    let size = StructArray::from(vec![
        (
            Arc::new(Field::new("wide", DataType::Float64, true)),
            Arc::new(Float64Array::from(vec![Some(1.5), Some(2.0), None])) as ArrayRef,
        ),
        (
            Arc::new(Field::new("of", DataType::Utf8, true)),
            Arc::new(StringArray::from(vec!["x", "y", "z"])) as ArrayRef,
        ),
    ]);
    let folder = parquet(vec![("tags", Arc::new(tags.finish()) as ArrayRef), ("size", Arc::new(size))]);
    let lines = "{\"tags\":[\"a\",null,\"\\\"b\\\"\"],\"size\":{\"wide\":1.5,\"of\":\"x\"}}\n\
                 {\"tags\":null,\"size\":{\"wide\":2.0,\"of\":\"y\"}}\n{\"tags\":[],\"size\":{\"wide\":null,\"of\":\"z\"}}\n";
    std::fs::write(folder.path("x.jsonl"), lines).unwrap();
    let (nested, spelled) = (folder.read_all(&file("x.parquet")), folder.read_all(&file("x.jsonl")));
    assert_eq!(columns(&nested), ["tags:text", "size:text"]);
    assert_eq!((columns(&nested), rows(&nested.batches)), (columns(&spelled), rows(&spelled.batches)));
    assert!(rows(&nested.batches)[0].starts_with("[\"a\",null,"), "{:?}", rows(&nested.batches));
}

#[test]
fn unsigned_numbers_beyond_63_bits_keep_their_digits_as_text_and_others_stay_numbers() {
    use arrow::array::UInt64Array;
    use parquet::file::properties::{EnabledStatistics, WriterProperties};

    let batch = RecordBatch::try_from_iter(vec![
        ("hash", Arc::new(UInt64Array::from(vec![u64::MAX, 7])) as ArrayRef),
        ("count", Arc::new(UInt64Array::from(vec![i64::MAX as u64, 7])) as ArrayRef),
    ])
    .unwrap();
    for statistics in [EnabledStatistics::Page, EnabledStatistics::None] {
        let settings = WriterProperties::builder().set_statistics_enabled(statistics).build();
        let mut bytes = Vec::new();
        let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), Some(settings)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let folder = Folder::with("x.parquet", bytes);
        let read = folder.read_all(&file("x.parquet"));
        assert_eq!(columns(&read), ["hash:text", "count:integer"]);
        assert_eq!(rows(&read.batches), ["18446744073709551615|9223372036854775807", "7|7"]);
        assert!(read.noticed.len() == 1 && read.noticed[0].what.starts_with("`hash` holds"), "{:?}", read.noticed);
        let mut settings = file("x.parquet");
        settings.types.insert("hash".into(), ColumnType::Float);
        assert_eq!(rows(&folder.read_all(&settings).batches)[0], "1.8446744073709552e19|9223372036854775807");
    }
}
