//! Every format and packing gives the same rows; what is written reads back to the same bits.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Date64Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int64Array, RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray, TimestampNanosecondArray,
    TimestampSecondArray, UInt64Array,
};
use arrow::datatypes::Int32Type;
use ropeway_source::write::Writer;
use ropeway_source::{Finer, SourceSettings};
use ropeway_vocab::ColumnType;

use crate::folder::{Folder, columns, file, gz, rejected, rows};

fn awkward() -> RecordBatch {
    let floats =
        vec![Some(0.1), Some(-0.0), Some(f64::INFINITY), Some(f64::NEG_INFINITY), Some(5e-324), Some(1.797e308), None];
    let texts = vec![Some("plain"), Some(""), Some("a,b\n\"q\"\r\n"), Some(" spaced "), Some("é🚡"), Some("NA"), None];
    let times = vec![
        Some(0),
        Some(-1),
        Some(1_385_917_200_000_000),
        Some(951_868_799_500_000),
        None,
        Some(1),
        Some(253_402_300_799_999_999),
    ];
    RecordBatch::try_from_iter(vec![
        ("b", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, None, None, None, None])) as ArrayRef),
        (
            "i",
            Arc::new(Int64Array::from(vec![Some(i64::MIN), Some(i64::MAX), None, Some(0), Some(1), Some(2), Some(3)])),
        ),
        ("f", Arc::new(Float64Array::from(floats))),
        ("s", Arc::new(StringArray::from(texts))),
        ("d", Arc::new(Date32Array::from(vec![Some(-719_162), Some(0), Some(2_932_896), None, None, None, Some(-1)]))),
        ("t", Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC"))),
    ])
    .unwrap()
}

#[test]
fn what_is_written_reads_back_to_the_same_bits() {
    let batch = awkward();
    for name in ["x.csv", "x.jsonl", "x.parquet"] {
        let folder = Folder::new();
        let mut writer = Writer::create(&folder.path(name), batch.schema()).unwrap();
        writer.write(&batch.slice(0, 3)).unwrap();
        writer.write(&batch.slice(3, 4)).unwrap();
        assert_eq!(writer.finish().unwrap(), 7);
        let mut settings = file(name);
        // CSV cannot tell an empty text from a missing one once it is read.
        settings.null = if name == "x.csv" { vec![String::new()] } else { vec![] };
        for column in batch.schema().fields() {
            settings.types.insert(column.name().clone(), ColumnType::of_arrow(column.data_type()).unwrap());
        }
        let read = folder.read(&settings).unwrap();
        let mut want = rows(std::slice::from_ref(&batch));
        if name == "x.csv" {
            want[1] = want[1].replace("||", "|∅|");
        }
        assert_eq!(rows(&read.batches), want, "{name}");
        let floats = |batch: &RecordBatch| -> Vec<Option<u64>> {
            let column = batch.column_by_name("f").unwrap();
            column.as_any().downcast_ref::<Float64Array>().unwrap().iter().map(|v| v.map(f64::to_bits)).collect()
        };
        assert_eq!(floats(&read.batches[0]), floats(&batch), "{name}");
    }
}

#[test]
fn nan_survives_every_format() {
    let batch =
        RecordBatch::try_from_iter(vec![("f", Arc::new(Float64Array::from(vec![f64::NAN, 1.0])) as ArrayRef)]).unwrap();
    for name in ["x.csv", "x.jsonl", "x.parquet"] {
        let folder = Folder::new();
        let mut writer = Writer::create(&folder.path(name), batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        let mut settings = file(name);
        settings.types.insert("f".into(), ColumnType::Float);
        assert_eq!(rows(&folder.read(&settings).unwrap().batches), ["NaN", "1.0"], "{name}");
    }
}

#[test]
fn a_file_appears_when_it_is_whole_and_an_abandoned_one_leaves_nothing() {
    let (folder, batch) = (Folder::with("x.csv", "old\n1\n"), awkward());
    let mut writer = Writer::create(&folder.path("x.csv"), batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    drop(writer);
    assert_eq!(std::fs::read_to_string(folder.path("x.csv")).unwrap(), "old\n1\n");
    assert_eq!(std::fs::read_dir(folder.root()).unwrap().count(), 1);
    let problem = Writer::create(&folder.path("no/such/x.csv"), batch.schema()).err().unwrap();
    assert!(problem.to_string().contains("no/such/x.csv") && problem.advice().is_some(), "{problem}");
    assert!(Writer::create(&folder.path("x.xls"), batch.schema()).is_err());
    assert!(Writer::create(folder.root(), batch.schema()).is_err());
}

#[test]
fn packings_and_the_byte_order_mark_do_not_show() {
    let text = "\u{feff}a,b\n1,\"x\ny\"\n2,z\n";
    let plain = Folder::with("x.csv", text).read(&file("x.csv")).unwrap();
    assert_eq!(columns(&plain), ["a:integer", "b:text"]);
    let packed = [
        ("x.csv.gz", gz(text.as_bytes())),
        ("x.csv.zst", zstd::encode_all(text.as_bytes(), 0).unwrap()),
        ("y.csv", gz(text.as_bytes())),
    ];
    for (name, bytes) in packed {
        let read = Folder::with(name, &bytes).read(&file(name)).unwrap();
        assert_eq!(rows(&read.batches), rows(&plain.batches), "{name}");
        assert_eq!(
            (read.files[0].bytes, read.files[0].digest),
            (bytes.len() as u64, ropeway_vocab::Digest::of(&bytes))
        );
    }
}

#[test]
fn other_delimiters_and_quotes() {
    let check = |name: &str, text: &str, delimiter: Option<&str>, quote: &str| {
        let mut settings = file(name);
        settings.delimiter = delimiter.map(str::to_owned);
        settings.quote = quote.to_owned();
        assert_eq!(rows(&Folder::with(name, text).read(&settings).unwrap().batches), ["1|x;\ty"], "{name}");
    };
    check("x.csv", "a;b\n1;\"x;\ty\"\n", Some(";"), "\"");
    check("x.tsv", "a\tb\n1\t\"x;\ty\"\n", None, "\"");
    check("x.csv", "a\tb\n1\t'x;\ty'\n", Some("tab"), "'");
    check("x.csv", "a|b\n1|x;\ty\n", Some("|"), "");
}

pub fn parquet(columns: Vec<(&str, ArrayRef)>) -> Folder {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let folder = Folder::new();
    let out = std::fs::File::create(folder.path("x.parquet")).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    folder
}

#[test]
fn parquet_columns_of_every_width_become_the_logical_types() {
    let folder = parquet(vec![
        ("u", Arc::new(UInt64Array::from(vec![1, 2])) as ArrayRef),
        ("f", Arc::new(Float32Array::from(vec![1.5, -2.0]))),
        ("d", Arc::new(Decimal128Array::from(vec![123, 456]).with_precision_and_scale(5, 2).unwrap())),
        ("e", Arc::new(Date64Array::from(vec![0, 86_400_000]))),
        ("t", Arc::new(TimestampSecondArray::from(vec![0, 1]).with_timezone("Europe/Zurich"))),
        ("v", Arc::new(StringViewArray::from(vec!["x", "y"]))),
        ("c", Arc::new(["p", "p"].into_iter().collect::<DictionaryArray<Int32Type>>())),
    ]);
    let read = folder.read(&file("x.parquet")).unwrap();
    assert_eq!(columns(&read), ["u:integer", "f:float", "d:float", "e:date", "t:timestamp", "v:text", "c:text"]);
    assert_eq!(
        rows(&read.batches),
        ["1|1.5|1.23|1970-01-01|1970-01-01T00:00:00Z|x|p", "2|-2.0|4.56|1970-01-02|1970-01-01T00:00:01Z|y|p"]
    );
}

#[test]
fn a_decimal_is_the_double_that_its_digits_spell() {
    let digits: Vec<i128> = (1..2_000).map(|n| 123_456_789_012_345_678_901_234_567 * n + 7).collect();
    let decimals = Decimal128Array::from(digits).with_precision_and_scale(38, 25).unwrap();
    let read = parquet(vec![("d", Arc::new(decimals.clone()) as ArrayRef)]).read(&file("x.parquet")).unwrap();
    let column = read.batches[0].column(0).as_any().downcast_ref::<Float64Array>().unwrap();
    for (row, value) in column.iter().enumerate() {
        assert_eq!(value, decimals.value_as_string(row).parse().ok(), "{}", decimals.value_as_string(row));
    }
}

#[test]
fn parquet_values_that_do_not_fit_cost_their_row() {
    let folder = parquet(vec![
        ("u", Arc::new(UInt64Array::from(vec![Some(1), Some(u64::MAX), None, Some(4), Some(5)])) as ArrayRef),
        ("n", Arc::new(TimestampNanosecondArray::from(vec![1_000, 2_000, 3_000, 4_001, 5_000]))),
        ("d", Arc::new(Date32Array::from(vec![0, 0, 0, 0, i32::MAX]))),
    ]);
    let mut settings = file("x.parquet");
    settings.types.insert("u".into(), ColumnType::Integer);
    let read = folder.read_all(&settings);
    assert_eq!(rows(&read.batches).len(), 2);
    assert_eq!(
        rejected(&read),
        [
            "2 u is out of the range of 64-bit integers",
            "4 n is finer than a microsecond",
            "5 d is out of the years 0001 to 9999"
        ]
    );
    assert_eq!(read.quarantine[0].value, u64::MAX.to_string());
}

#[test]
fn times_finer_than_a_microsecond_are_cut_where_the_source_says_so() {
    let csv = Folder::with(
        "x.csv",
        "t\n1969-12-31T23:59:59.9999999Z\n2024-01-01T00:00:00.123456789Z\n2024-01-01T00:00:00Z\n",
    );
    let nanos = TimestampNanosecondArray::from(vec![-100, 1_704_067_200_123_456_789, 1_704_067_200_000_000_000]);
    let parquet = parquet(vec![("t", Arc::new(nanos) as ArrayRef)]);
    let cut = ["1969-12-31T23:59:59.999999Z", "2024-01-01T00:00:00.123456Z", "2024-01-01T00:00:00Z"];
    for (folder, name) in [(&csv, "x.csv"), (&parquet, "x.parquet")] {
        let problem = folder.read(&file(name)).unwrap_err();
        assert!(problem.advice().unwrap().contains("`finer = \"cut\"`"), "{problem}");
        let read = folder.read(&SourceSettings { finer: Finer::Cut, ..file(name) }).unwrap();
        assert_eq!((read.rejected, rows(&read.batches)), (0, cut.map(str::to_owned).to_vec()), "{name}");
        assert_eq!(read.times_cut, 2, "{name}");
    }
}

#[test]
fn parquet_follows_declared_types_and_zones_as_csv_does() {
    let folder = parquet(vec![
        ("s", Arc::new(StringArray::from(vec!["2013-01-01 00:00", "2013-07-01 00:00", "soon"])) as ArrayRef),
        ("l", Arc::new(TimestampMicrosecondArray::from(vec![0, 0, 0]))),
        ("i", Arc::new(Int64Array::from(vec![0, 1, 2]))),
        ("d", Arc::new(Date32Array::from(vec![0, 0, 0]))),
    ]);
    let mut settings = file("x.parquet");
    settings.zone = Some("America/New_York".into());
    for (name, ty) in [("s", ColumnType::Timestamp), ("i", ColumnType::Text), ("d", ColumnType::Timestamp)] {
        settings.types.insert(name.into(), ty);
    }
    let read = folder.read_all(&settings);
    assert_eq!(
        rows(&read.batches),
        [
            "2013-01-01T05:00:00Z|1970-01-01T05:00:00Z|0|1970-01-01T05:00:00Z",
            "2013-07-01T04:00:00Z|1970-01-01T05:00:00Z|1|1970-01-01T05:00:00Z"
        ]
    );
    assert_eq!(read.rejected, 1);
}

#[test]
fn parquet_columns_that_no_type_holds_are_left_out_and_told() {
    let bytes = arrow::array::BinaryArray::from(vec![&b"x"[..]]);
    let folder = parquet(vec![("a", Arc::new(Int64Array::from(vec![1])) as ArrayRef), ("l", Arc::new(bytes))]);
    let read = folder.read(&file("x.parquet")).unwrap();
    assert_eq!((columns(&read), read.left_out.len()), (vec!["a:integer".to_owned()], 1));
    assert!(read.left_out[0].starts_with("l ("), "{:?}", read.left_out);
}

#[test]
fn row_numbers_that_pandas_wrote_are_left_out() {
    let numbers = || Arc::new(Int64Array::from(vec![7, 9])) as ArrayRef;
    let folder = parquet(vec![("a", numbers()), ("__index_level_0__", numbers())]);
    let read = folder.read(&file("x.parquet")).unwrap();
    assert_eq!((columns(&read), read.rows_in, read.left_out.len()), (vec!["a:integer".to_owned()], 2, 0));
    assert!(parquet(vec![("a", numbers()), ("__index", numbers())]).read(&file("x.parquet")).is_err());
}

#[test]
fn a_flipped_or_cut_parquet_file_is_told_or_reads_never_ends_the_process() {
    let values: Vec<i64> = (0..2_000).collect();
    let folder = parquet(vec![
        ("a", Arc::new(Int64Array::from(values)) as ArrayRef),
        ("s", Arc::new(StringArray::from(vec!["x"; 2_000]))),
    ]);
    let whole = std::fs::read(folder.path("x.parquet")).unwrap();
    for step in 0..whole.len().min(400) {
        let at = step * whole.len() / whole.len().min(400);
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(folder.path("x.parquet"), &bytes).unwrap();
        let _ = folder.read(&file("x.parquet"));
        std::fs::write(folder.path("x.parquet"), &whole[..at]).unwrap();
        assert!(folder.read(&file("x.parquet")).is_err());
    }
}

#[test]
fn two_columns_of_one_name_in_parquet_keep_their_values_apart() {
    use arrow::datatypes::{DataType, Field, Schema};

    let fields = ["a", "b", "a"].map(|name| Field::new(name, DataType::Int64, true));
    let schema = Arc::new(Schema::new(fields.to_vec()));
    let column = |from: i64| Arc::new(Int64Array::from(vec![from, from + 1])) as ArrayRef;
    let batch = RecordBatch::try_new(Arc::clone(&schema), vec![column(1), column(10), column(100)]).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, schema, None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let folder = Folder::with("x.parquet", bytes);
    let read = folder.read_all(&file("x.parquet"));
    assert_eq!(columns(&read), ["a:integer", "b:integer", "a_2:integer"]);
    assert_eq!(rows(&read.batches), ["1|10|100", "2|11|101"]);
    assert!(read.noticed[0].what.contains("column 3 `a` is read as `a_2`"), "{:?}", read.noticed);
}
