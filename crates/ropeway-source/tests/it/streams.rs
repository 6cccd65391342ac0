//! Reading for prediction: batch by batch, every row of the input in its place, as it was read.

use ropeway_source::write::Writer;
use ropeway_source::{Format, SourceSettings, StreamBatch, Wanted, open_stream};
use ropeway_vocab::{ColumnType, Problem};

use crate::folder::{Folder, rows};

fn wanted(name: &str, ty: ColumnType, required: bool) -> Wanted {
    Wanted { name: name.into(), called: None, ty, required, personal: false }
}

fn stream(folder: &Folder, name: &str, wanted: &[Wanted]) -> Result<Vec<StreamBatch>, Problem> {
    let mut settings = SourceSettings::of_file("");
    settings.null = vec!["NA".into(), String::new()];
    open_stream(&folder.path(name), &settings, wanted)?.collect()
}

#[test]
fn the_wanted_columns_are_typed_and_all_are_kept_as_read() {
    let folder = Folder::with("x.csv", "id,extra,delay\n007,\"a,b\",1.50\n8,,NA\n");
    let asked = [
        wanted("delay", ColumnType::Float, true),
        wanted("id", ColumnType::Integer, true),
        wanted("at", ColumnType::Timestamp, false),
    ];
    let batches = stream(&folder, "x.csv", &asked).unwrap();
    assert_eq!(rows(&[batches[0].rows.clone()]), ["1.5|7", "∅|8"]);
    assert_eq!(rows(&[batches[0].original.clone()]), ["007|\"a,b\"|1.50", "8|∅|NA"]);
}

#[test]
fn what_is_read_is_written_again_as_it_was() {
    let check = |name: &str, text: &str| {
        let folder = Folder::with(name, text);
        let mut read = open_stream(&folder.path(name), &SourceSettings::of_file(""), &[]).unwrap();
        let out = folder.path(&format!("out.{name}"));
        let mut writer = Writer::create(&out, read.original_schema()).unwrap();
        read.by_ref().for_each(|batch| writer.write(&batch.unwrap().original).unwrap());
        writer.finish().unwrap();
        assert_eq!(std::fs::read_to_string(out).unwrap(), text);
    };
    check("x.csv", "id,name\n007,\"a \"\"b\"\"\"\n\"8\",NA\n,\n\"\",\"a\"b\n\"a\n\",+1\n");
    check("x.tsv", "id\tname\n007\ta,b\n\"8,\"\t\"\"\n");
    check("x.jsonl", "{\"a\":1,\"b\":{\"x\":[1,null]}}\n{\"a\":null}\n{\"a\":1.5,\"b\":\"é\"}\n");
}

#[test]
fn json_lines_turn_into_csv_and_parquet_as_plain_text() {
    let folder = Folder::with("x.jsonl", "{\"a\":1,\"b\":\"x,y\"}\n{\"b\":null}\n");
    for name in ["out.csv", "out.parquet"] {
        let mut read = open_stream(&folder.path("x.jsonl"), &SourceSettings::of_file(""), &[]).unwrap();
        assert_eq!(read.format(), Format::Jsonl);
        let mut writer = Writer::create(&folder.path(name), read.original_schema()).unwrap();
        read.by_ref().for_each(|batch| writer.write(&batch.unwrap().original).unwrap());
        writer.finish().unwrap();
        assert_eq!(rows(&folder.read(&SourceSettings::of_file(name)).unwrap().batches), ["1|x,y", "∅|∅"], "{name}");
    }
}

#[test]
fn a_row_that_does_not_fit_keeps_its_place_and_is_told_with_its_line() {
    let folder = Folder::with("x.csv", "id,delay\n1,2\n2,late\n3\n\"4\",\"5\"\nÿ,7\n6,7,8\n");
    let told = |wanted: &[Wanted]| {
        let batch = stream(&folder, "x.csv", wanted).unwrap().remove(0);
        let told: Vec<String> = batch.unfit.iter().map(|(row, why)| format!("{row} {why}")).collect();
        (rows(&[batch.rows]), rows(&[batch.original]), batch.lines, told)
    };
    let (typed, original, lines, unfit) = told(&[wanted("delay", ColumnType::Float, true)]);
    assert_eq!(typed, ["2.0", "∅", "∅", "5.0", "7.0", "∅"]);
    assert_eq!(original, ["1|2", "2|late", "3|∅", "\"4\"|\"5\"", "ÿ|7", "6|7"]);
    assert_eq!(lines, [2, 3, 4, 5, 6, 7]);
    let delay = "1 x.csv:3: column `delay`: `late` is not a number";
    assert!(unfit.len() == 3 && unfit[0].ends_with(&delay[2..]), "{unfit:?}");
    assert!(
        unfit[1].contains("x.csv:4: the row has 1 field where 2") && unfit[2].contains("has 3 fields"),
        "{unfit:?}"
    );
    let (typed, _, _, unfit) = told(&[wanted("id", ColumnType::Float, true)]);
    assert_eq!((typed.len(), unfit.len()), (6, 3), "what nobody reads does not matter: {unfit:?}");
    let (.., unfit) = told(&[Wanted { personal: true, ..wanted("delay", ColumnType::Float, true) }]);
    assert!(unfit[0].contains("***") && !unfit[0].contains("late"), "{unfit:?}");
}

#[test]
fn misspelled_names_come_before_delimiters() {
    let check = |text: &str, missing: &[&str], says: &[&str], never: &[&str]| {
        let folder = Folder::with("x.csv", text);
        let all: Vec<Wanted> = ["id", "delay", "carrier"].map(|name| wanted(name, ColumnType::Text, true)).into();
        let problem = stream(&folder, "x.csv", &all).unwrap_err();
        let advice = problem.advice().unwrap();
        assert_eq!(problem.code(), "missing-column", "{problem}");
        missing.iter().for_each(|name| assert!(problem.what().contains(&format!("`{name}`")), "{problem}"));
        says.iter().for_each(|text| assert!(advice.contains(text), "{advice}"));
        never.iter().for_each(|text| assert!(!format!("{}{advice}", problem.what()).contains(text), "{advice}"));
    };
    for mark in [",", ";", "\t", "|"] {
        let of = |text: &str| text.replace(',', mark);
        check(
            &of("id,dealy,carrier\n1,2,x\n"),
            &["delay"],
            &["rename `dealy` to `delay`", "id, dealy"],
            &["delimiter"],
        );
        check(&of("id,dealy,carier\n1,2,x\n"), &["delay", "carrier"], &["`carier` to `carrier`"], &["delimiter"]);
    }
    check("car,delay\n1,2\n", &["id", "carrier"], &["the columns of the file are"], &["rename `delay`"]);
}

#[test]
fn a_delimiter_that_nobody_named_is_found_where_all_columns_are_there() {
    for mark in [";", "\t", "|"] {
        let folder = Folder::with("x.csv", "id,delay\n1,2\n3,4\n".replace(',', mark));
        let batches = stream(&folder, "x.csv", &[wanted("delay", ColumnType::Float, true)]).unwrap();
        assert_eq!(rows(&[batches[0].rows.clone()]), ["2.0", "4.0"], "{mark}");
    }
}

#[test]
fn a_column_that_is_needed_and_not_there_is_named_with_the_nearest() {
    let folder = Folder::with("x.csv", "id,delay\n1,2\n");
    let problem = stream(&folder, "x.csv", &[wanted("dealy", ColumnType::Float, true)]).unwrap_err();
    assert!(problem.to_string().contains("`dealy`") && problem.to_string().contains("`delay`"), "{problem}");
}

#[test]
fn a_column_that_no_type_holds_is_not_called_missing() {
    let bytes = arrow::array::BinaryArray::from(vec![&b"x"[..]]);
    let columns: [(&str, arrow::array::ArrayRef); 2] =
        [("a", std::sync::Arc::new(arrow::array::Int64Array::from(vec![1]))), ("l", std::sync::Arc::new(bytes))];
    let batch = arrow::array::RecordBatch::try_from_iter(columns).unwrap();
    let folder = Folder::new();
    let mut writer = Writer::create(&folder.path("x.parquet"), batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    let problem = stream(&folder, "x.parquet", &[wanted("l", ColumnType::Float, true)]).unwrap_err();
    assert!(problem.to_string().contains("the column `l` is Binary"), "{problem}");
}

#[test]
fn a_header_alone_gives_no_rows_and_no_problem() {
    let folder = Folder::with("x.csv", "id,delay\n");
    assert!(stream(&folder, "x.csv", &[wanted("id", ColumnType::Integer, true)]).unwrap().is_empty());
}

#[test]
fn a_long_file_comes_in_batches_and_keeps_its_order() {
    let text: String = std::iter::once("n\n".to_owned()).chain((0..150_000).map(|n| format!("{n}\n"))).collect();
    let batches = stream(&Folder::with("x.csv", text), "x.csv", &[wanted("n", ColumnType::Integer, true)]).unwrap();
    assert_eq!(batches.iter().map(|batch| batch.rows.num_rows()).collect::<Vec<_>>(), [65_536, 65_536, 18_928]);
    assert!(batches.iter().all(|batch| batch.rows.num_rows() == batch.original.num_rows()));
    assert_eq!(rows(&[batches[2].rows.clone()])[18_927], "149999");
}
