//! Parquet columns of every kind, written as text: whole, to the last digit.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, Date32Array, Decimal128Array, Decimal256Array, DictionaryArray, FixedSizeListArray,
    Float32Array, Int64Array, LargeListArray, LargeStringArray, ListArray, MapBuilder, RecordBatch, StringArray,
    StringBuilder, StructArray, Time32SecondArray, Time64MicrosecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, i256};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::data_type::{Int96, Int96Type};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use ropeway_source::write::Writer;
use ropeway_source::{SourceSettings, open_stream};
use ropeway_vocab::Problem;

use crate::folder::{Folder, file, rows};

/// The columns from a Parquet file into one of this name, as text.
fn passed(columns: Vec<(&str, ArrayRef)>, to: &str) -> Result<String, Problem> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true))).unwrap();
    let folder = Folder::new();
    for (from, to) in [("", "x.parquet"), ("x.parquet", to)] {
        let mut writer;
        if from.is_empty() {
            writer = Writer::create(&folder.path(to), batch.schema())?;
            writer.write(&batch)?;
        } else {
            let stream = open_stream(&folder.path(from), &SourceSettings::of_file(""), &[])?;
            writer = Writer::create(&folder.path(to), stream.original_schema())?;
            for batch in stream {
                writer.write(&batch?.original)?;
            }
        }
        writer.finish()?;
    }
    if to.ends_with(".parquet") {
        let file = std::fs::File::open(folder.path(to)).unwrap();
        let batches = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
        return Ok(format!("{:?}", batches.map(Result::unwrap).collect::<Vec<_>>()));
    }
    Ok(std::fs::read_to_string(folder.path(to)).unwrap())
}

/// A value and a missing one of a column `v`, as JSON lines and as CSV.
#[track_caller]
fn check(column: impl arrow::array::Array + 'static, json: &str, csv: &str) {
    let column: ArrayRef = Arc::new(column);
    let id: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let columns = || vec![("id", Arc::clone(&id)), ("v", Arc::clone(&column))];
    let want = format!("{{\"id\":1,\"v\":{json}}}\n{{\"id\":2,\"v\":null}}\n");
    assert_eq!(passed(columns(), "out.jsonl").unwrap(), want);
    assert_eq!(passed(columns(), "out.csv").unwrap(), format!("id,v\n1,{csv}\n2,\n"));
    let batch = RecordBatch::try_from_iter_with_nullable(columns().into_iter().map(|(n, a)| (n, a, true))).unwrap();
    assert_eq!(passed(columns(), "out.parquet").unwrap(), format!("{:?}", [batch]));
}

#[test]
fn numbers_keep_every_digit() {
    check(UInt64Array::from(vec![Some(u64::MAX), None]), "18446744073709551615", "18446744073709551615");
    let decimal = |value, precision, scale| {
        Decimal128Array::from(vec![Some(value), None]).with_precision_and_scale(precision, scale).unwrap()
    };
    check(decimal(110, 10, 2), "1.10", "1.10");
    check(decimal(-5, 10, 3), "-0.005", "-0.005");
    let long = "12345678901234567890123456.789012345678";
    check(decimal(12_345_678_901_234_567_890_123_456_789_012_345_678, 38, 12), long, long);
    let longest = Decimal256Array::from(vec![Some(i256::from_i128(7)), None]).with_precision_and_scale(50, 4).unwrap();
    check(longest, "0.0007", "0.0007");
    let values: ArrayRef = Arc::new(decimal(110, 10, 2).slice(0, 1));
    let keys = arrow::array::Int32Array::from(vec![Some(0), None]);
    check(DictionaryArray::<Int32Type>::try_new(keys, values).unwrap(), "1.10", "1.10");
    check(Float32Array::from(vec![Some(f32::NAN), None]), "\"NaN\"", "NaN");
}

#[test]
fn times_keep_their_last_digit_and_gain_no_zone() {
    let nanos = TimestampNanosecondArray::from(vec![Some(1_357_034_400_123_456_789), None]);
    check(nanos.clone(), "\"2013-01-01T10:00:00.123456789\"", "2013-01-01T10:00:00.123456789");
    check(nanos.with_timezone("UTC"), "\"2013-01-01T10:00:00.123456789Z\"", "2013-01-01T10:00:00.123456789Z");
    let millis = TimestampMillisecondArray::from(vec![Some(1_357_034_400_120), None]);
    check(millis.with_timezone("Europe/Zurich"), "\"2013-01-01T10:00:00.120Z\"", "2013-01-01T10:00:00.120Z");
    let micros = TimestampMicrosecondArray::from(vec![Some(-1), None]);
    check(micros.clone(), "\"1969-12-31T23:59:59.999999\"", "1969-12-31T23:59:59.999999");
    check(micros.with_timezone("no/such"), "\"1969-12-31T23:59:59.999999Z\"", "1969-12-31T23:59:59.999999Z");
    check(Date32Array::from(vec![Some(-719_162), None]), "\"0001-01-01\"", "0001-01-01");
    check(Time32SecondArray::from(vec![Some(36_001), None]), "\"10:00:01\"", "10:00:01");
    check(Time64MicrosecondArray::from(vec![Some(36_000_000_001), None]), "\"10:00:00.000001\"", "10:00:00.000001");
    // A time that no calendar shows is said, and not made missing.
    let beyond: ArrayRef = Arc::new(TimestampSecondArray::from(vec![i64::MAX]).with_timezone("UTC"));
    let problem = passed(vec![("v", beyond)], "out.csv").unwrap_err();
    assert!(problem.to_string().contains("column `v`") && problem.advice().is_some(), "{problem}");
}

#[test]
fn texts_and_bytes() {
    check(LargeStringArray::from(vec![Some("a,\"b\""), None]), r#""a,\"b\"""#, "\"a,\"\"b\"\"\"");
    check(StringArray::from(vec![Some(""), None]), "\"\"", "\"\"");
    check(BinaryArray::from(vec![Some(&b"\x01\xff"[..]), None]), "\"01ff\"", "01ff");
}

#[test]
fn what_is_nested_is_json() {
    let numbers = vec![Some(vec![Some(1), None, Some(9_007_199_254_740_993)]), None];
    let (json, csv) = ("[1,null,9007199254740993]", "\"[1,null,9007199254740993]\"");
    check(ListArray::from_iter_primitive::<Int64Type, _, _>(numbers.clone()), json, csv);
    check(LargeListArray::from_iter_primitive::<Int64Type, _, _>(numbers.clone()), json, csv);
    check(FixedSizeListArray::from_iter_primitive::<Int64Type, _, _>(numbers, 3), json, csv);
    let fields = vec![Field::new("a b", DataType::Utf8, true), Field::new("n", DataType::Decimal128(5, 1), true)];
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec![Some("é\""), None])),
        Arc::new(Decimal128Array::from(vec![Some(15), None]).with_precision_and_scale(5, 1).unwrap()),
    ];
    let member = StructArray::new(fields.into(), columns, Some(vec![true, false].into()));
    check(member, r#"{"a b":"é\"","n":1.5}"#, r#""{""a b"":""é\"""",""n"":1.5}""#);
    let mut map = MapBuilder::new(None, StringBuilder::new(), arrow::array::Int64Builder::new());
    map.keys().append_value("k");
    map.values().append_value(7);
    map.append(true).unwrap();
    map.append(false).unwrap();
    check(map.finish(), r#"{"k":7}"#, r#""{""k"":7}""#);
}

#[test]
fn a_last_day_in_96_bits_is_not_turned_into_another() {
    let folder = Folder::new();
    let schema = parse_message_type("message m { optional int96 t; }").unwrap();
    let out = std::fs::File::create(folder.path("x.parquet")).unwrap();
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    // 9999-12-31 and 1970-01-01 by their Julian days, the latter one microsecond after midnight.
    let values = [(0, 5_373_484), (1_000, 2_440_588)].map(|(nanos, day)| Int96::from(vec![nanos, 0, day]));
    column.typed::<Int96Type>().write_batch(&values, Some(&[1, 1]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    let read = folder.read(&file("x.parquet")).unwrap();
    assert_eq!(rows(&read.batches), ["9999-12-31T00:00:00Z", "1970-01-01T00:00:00.000001Z"]);
}
