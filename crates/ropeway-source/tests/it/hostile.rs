//! Bad input: every file says what is wrong with it, where, and what to do; nothing is lost in silence.

use ropeway_source::{SourceSettings, infer};
use ropeway_vocab::Kind;

use crate::folder::{Folder, columns, file, gz, rejected, rows};

/// The source cannot be read, and the problem says why.
pub fn refused(folder: &Folder, settings: &SourceSettings, kind: Kind, code: &str, says: &[&str]) {
    let problem = folder.read(settings).unwrap_err();
    assert_eq!((problem.kind(), problem.code()), (kind, code), "{problem}");
    assert!(problem.advice().is_some(), "no remedy: {problem}");
    for part in says {
        assert!(problem.to_string().contains(part), "`{part}` is not in: {problem}");
    }
}

#[test]
fn a_missing_file_names_itself() {
    refused(&Folder::new(), &file("data/x.csv"), Kind::NotFound, "io", &["data/x.csv", "check the path"]);
}

#[test]
fn a_folder_without_a_table_is_refused() {
    let folder = Folder::with("data/x.md", "a\n1\n");
    refused(&folder, &file("data"), Kind::Invalid, "is-folder", &["`data`", "data/*.csv"]);
    refused(&folder, &file("data/"), Kind::Invalid, "is-folder", &["data/*.csv"]);
}

#[test]
fn an_empty_file_is_told_for_every_format() {
    for name in ["x.csv", "x.jsonl", "x.parquet"] {
        refused(&Folder::with(name, ""), &file(name), Kind::Invalid, "empty-file", &[name]);
    }
    refused(&Folder::with("x.csv", "\n\r\n"), &file("x.csv"), Kind::Invalid, "empty-file", &["line ends"]);
    refused(&Folder::with("x.csv.gz", gz(b"")), &file("x.csv.gz"), Kind::Invalid, "empty-file", &["x.csv.gz"]);
    refused(&Folder::with("x.jsonl", "\n\n"), &file("x.jsonl"), Kind::Invalid, "no-rows", &["x.jsonl"]);
}

#[test]
fn a_header_without_rows_is_told_unless_all_types_are_said() {
    let folder = Folder::with("x.csv", "a,b\n");
    refused(&folder, &file("x.csv"), Kind::Invalid, "no-rows", &["x.csv", "columns and no rows", "`types`"]);
    let mut settings = file("x.csv");
    settings.types.insert("a".into(), ropeway_vocab::ColumnType::Integer);
    settings.types.insert("b".into(), ropeway_vocab::ColumnType::Date);
    let read = folder.read(&settings).unwrap();
    assert_eq!((columns(&read), read.rows_in), (vec!["a:integer".to_owned(), "b:date".to_owned()], 0));
}

#[test]
fn two_columns_of_one_name_are_two_and_told_with_their_places() {
    let folder = Folder::with("x.csv", "a,b, a,,column_4\n1,2,3,4,5\n");
    let read = folder.read(&file("x.csv")).unwrap();
    let names: Vec<&str> = read.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "a_2", "column_4", "column_4_2"]);
    let noticed = &read.noticed[0];
    assert_eq!((noticed.code.as_str(), noticed.file.as_str(), noticed.line), ("repeated-column", "x.csv", Some(1)));
    assert!(noticed.what.contains("column 3 `a` is read as `a_2`"), "{}", noticed.what);
    let folder = Folder::with("x.jsonl", "{\"a\": 1}\n{\"a\": 1, \"a\": 2}\n");
    let mut settings = file("x.jsonl");
    settings.tolerate = 1.0;
    assert_eq!(
        rejected(&folder.read(&settings).unwrap()),
        ["2 - is not a JSON object: the key `a` stands twice (character 16)"]
    );
}

#[test]
fn mixed_line_ends_lose_no_row_and_no_line_number() {
    let folder = Folder::with("x.csv", "a,b\r\n1,2\n3,4\r5,6\n\n\r\n7,x\n9,10");
    let mut settings = file("x.csv");
    settings.types.insert("b".into(), ropeway_vocab::ColumnType::Integer);
    let read = folder.read_all(&settings);
    assert_eq!(rows(&read.batches), ["1|2", "3|4", "5|6", "9|10"]);
    assert_eq!(rejected(&read), ["7 b is not an integer"]);
}

#[test]
fn invalid_utf_8_costs_its_row() {
    let folder = Folder::with("x.csv", b"a,b\n1,ok\n2,caf\xe9\n3,\xc3\n4,\xc3,\n5,ok\n");
    let read = folder.read_all(&file("x.csv"));
    assert_eq!(rows(&read.batches), ["1|ok", "5|ok"]);
    assert_eq!(
        rejected(&read),
        ["3 b is not valid UTF-8", "4 b is not valid UTF-8", "5 - has 3 fields where 2 are needed"]
    );
    assert_eq!(read.quarantine[0].value, "caf\u{fffd}");
    // Two halves of one character in two fields are not valid, though their bytes together are.
    let read = Folder::with("x.csv", b"a,b\n\"x\",y\n\xc3,\xa9\n").read_all(&file("x.csv"));
    assert_eq!((rows(&read.batches), rejected(&read)), (vec!["x|y".into()], vec!["3 a is not valid UTF-8".into()]));
    let folder = Folder::with("x.csv", b"a,caf\xe9\n1,2\n");
    refused(&folder, &file("x.csv"), Kind::Invalid, "not-utf8", &["x.csv:1", "column 2"]);
    let folder = Folder::with("x.jsonl", b"{\"a\": 1}\n{\"a\": \"\xe9\"}\n");
    assert_eq!(rejected(&folder.read_all(&file("x.jsonl"))), ["2 - is not valid UTF-8"]);
}

#[test]
fn a_field_of_ten_megabytes_costs_its_row() {
    let big = "x".repeat(10 << 20);
    let folder = Folder::with("x.csv", format!("a,b\n1,p\n2,\"{big}\"\n3,{big}\n4,q\n"));
    let read = folder.read_all(&file("x.csv"));
    assert_eq!(rows(&read.batches), ["1|p", "4|q"]);
    assert_eq!(read.rejected, 2);
    let reason = &read.quarantine[0].reason;
    assert!(
        reason.contains("column `b`") && reason.contains("line 3") && reason.contains("max_record_bytes"),
        "{reason}"
    );
    let mut settings = file("x.csv");
    settings.max_record_bytes = 11 << 20;
    assert_eq!(folder.read(&settings).unwrap().kept, 4, "the limit can be raised");
    let folder = Folder::with("x.jsonl", format!("{{\"a\": 1}}\n{{\"a\": \"{big}\"}}\n{{\"a\": 3}}\n"));
    let read = folder.read_all(&file("x.jsonl"));
    assert_eq!((rows(&read.batches), read.rejected), (vec!["1".to_owned(), "3".to_owned()], 1));
}

#[test]
fn an_unclosed_quote_stops_and_names_the_line_that_opens_it() {
    let folder = Folder::with("x.csv", "a,b\n1,\"fine\n still\"\n2,\"open\n3,x\n4,y\n");
    refused(&folder, &file("x.csv"), Kind::Invalid, "unclosed-quote", &["x.csv:4", "quote = \"\""]);
    let long = format!("a,b\n1,\"{}", "x,y\n".repeat(600_000));
    refused(&Folder::with("x.csv", long), &file("x.csv"), Kind::Invalid, "unclosed-quote", &["x.csv:2"]);
    let mut settings = file("x.csv");
    settings.quote = String::new();
    assert_eq!(folder.read_all(&settings).rows_in, 5, "without quotes every line is a row");
}

#[test]
fn a_quote_that_swallows_rows_shows_how_far_it_runs() {
    let folder = Folder::with("x.csv", "a,b\n1,\"open\n2,x\n3,\"y\n4,z\n");
    let read = folder.read_all(&file("x.csv"));
    assert_eq!(rejected(&read), Vec::<String>::new(), "the quote is closed by the next one: that is one value");
    let folder = Folder::with("x.csv", "a,b\n\"1,open\n2,x\n3\",y,z\n4,w\n");
    assert_eq!(
        rejected(&folder.read_all(&file("x.csv"))),
        ["2 - has 3 fields where 2 are needed; it runs to line 4: is a closing quote missing?"]
    );
}

#[test]
fn ragged_rows_cost_themselves() {
    let folder = Folder::with("x.csv", "a,b,c\n1,2,3\n1,2\n1,2,3,4\n5,6,7\n");
    let read = folder.read_all(&file("x.csv"));
    assert_eq!(rows(&read.batches), ["1|2|3", "5|6|7"]);
    assert_eq!(rejected(&read), ["3 - has 2 fields where 3 are needed", "4 - has 4 fields where 3 are needed"]);
    assert_eq!(read.quarantine[0].value, "1,2");
}

#[test]
fn an_all_missing_column_is_text_without_values() {
    let read = Folder::with("x.csv", "a,b\n1,\n2,\n").read(&file("x.csv")).unwrap();
    assert_eq!(
        (columns(&read), rows(&read.batches)),
        (vec!["a:integer".into(), "b:text".into()], vec!["1|∅".into(), "2|∅".into()])
    );
    let read = Folder::with("x.jsonl", "{\"a\": 1, \"b\": null}\n{\"a\": 2}\n").read(&file("x.jsonl")).unwrap();
    assert_eq!(rows(&read.batches), ["1|∅", "2|∅"]);
}

#[test]
fn infinite_numbers_are_floats_and_numbers_beyond_the_range_are_not() {
    let folder = Folder::with("x.csv", "a,b\n1.5,1\ninf,2\n-Infinity,3\nNaN,4\n1e999,5\n2,99999999999999999999\n");
    let mut settings = file("x.csv");
    settings.types.insert("b".into(), ropeway_vocab::ColumnType::Integer);
    let read = folder.read_all(&settings);
    assert_eq!(rows(&read.batches), ["1.5|1", "inf|2", "-inf|3", "NaN|4"]);
    assert_eq!(rejected(&read), ["6 a is out of the range of floats", "7 b is out of the range of 64-bit integers"]);
}

#[test]
fn dates_out_of_range_cost_their_row_and_not_their_column() {
    let folder = Folder::with(
        "x.csv",
        "d,t\n2013-02-28,2013-01-01 10:00\n2013-02-30,2013-01-01\n2013-02-01,2013-01-01 25:00\n0000-01-01,\n",
    );
    let read = folder.read_all(&file("x.csv"));
    assert_eq!(columns(&read), ["d:date", "t:timestamp"]);
    assert_eq!(
        rejected(&read),
        [
            "3 d is not on the calendar or clock",
            "4 t is not on the calendar or clock",
            "5 d is not on the calendar or clock"
        ]
    );
}

#[test]
fn daylight_saving_is_handled_as_declared_and_counted() {
    let text = "t\n2013-03-10 02:30:00\n2013-11-03 01:30:00\n2013-07-01 00:00:00\n";
    let folder = Folder::with("x.csv", text);
    let mut settings = file("x.csv");
    settings.zone = Some("America/New_York".into());
    let read = folder.read(&settings).unwrap();
    assert_eq!(rows(&read.batches), ["2013-03-10T07:30:00Z", "2013-11-03T05:30:00Z", "2013-07-01T04:00:00Z"]);
    assert_eq!((read.zone_gaps, read.zone_overlaps), (1, 1));
    settings.gap = ropeway_source::Gap::Reject;
    settings.overlap = ropeway_source::Overlap::Reject;
    let read = folder.read_all(&settings);
    assert_eq!((read.kept, read.zone_gaps, read.zone_overlaps), (1, 1, 1));
    assert!(rejected(&read)[0].contains("does not exist in its zone"));
    settings.zone = Some("America/New_Yrok".into());
    refused(&folder, &settings, Kind::Invalid, "unknown-zone", &["did you mean `America/New_York`?"]);
}

#[test]
fn nul_bytes_cost_their_row() {
    let folder = Folder::with("x.csv", b"a,b\n1,x\0y\n2,z\n\0,3\n");
    let read = folder.read_all(&file("x.csv"));
    assert_eq!(
        (rows(&read.batches), rejected(&read)),
        (vec!["2|z".into()], vec!["2 b contains a NUL byte".into(), "4 a contains a NUL byte".into()])
    );
    let folder = Folder::with("x.jsonl", "{\"a\": \"x\"}\n{\"a\": \"x\\u0000\"}\n");
    assert_eq!(rejected(&folder.read_all(&file("x.jsonl"))), ["2 a contains a NUL byte"]);
}

#[test]
fn a_truncated_or_damaged_gz_is_corrupt() {
    let whole = gz("a,b\n1,2\n".repeat(10_000).as_bytes());
    for stored in [&whole[..whole.len() / 2], &whole[..whole.len() - 4]] {
        let folder = Folder::with("x.csv.gz", stored);
        refused(
            &folder,
            &file("x.csv.gz"),
            Kind::Corrupt,
            "damaged-file",
            &["x.csv.gz", "ends too early", "fetch the file again"],
        );
    }
}

#[test]
fn a_glob_without_files_and_one_with_other_columns() {
    let folder = Folder::with("a.csv", "x,y\n1,2\n").and("b.csv", "y,x\n3,4\n").and("c.csv", "x,z\n5,6\n");
    refused(&folder, &file("*.tsv"), Kind::NotFound, "no-files", &["`*.tsv`"]);
    refused(
        &folder,
        &file("*.csv"),
        Kind::Invalid,
        "different-columns",
        &["c.csv", "a.csv", "lacks `y`", "has `z` besides"],
    );
    assert!(infer("s", &file("*.csv"), folder.root()).is_err());
    let read = folder.read(&file("[ab].csv")).unwrap();
    assert_eq!(rows(&read.batches), ["1|2", "4|3"], "columns go by name, not by place");
    assert_eq!(read.files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["a.csv", "b.csv"]);
}

#[test]
fn too_great_a_share_of_rejected_rows_stops_with_the_first_reasons() {
    let text = format!("id,n\n{}x,1\ny,2\n", (0..98).map(|i| format!("{i},0\n")).collect::<String>());
    let folder = Folder::with("x.csv", text);
    let mut settings = file("x.csv");
    settings.infer_rows = 10;
    refused(
        &folder,
        &settings,
        Kind::Refused,
        "too-many-rejected",
        &["2 of 100 rows", "x.csv:100", "`x` is not an integer", "tolerate"],
    );
    settings.tolerate = 0.02;
    assert_eq!(folder.read(&settings).unwrap().rejected, 2);
}

#[test]
fn personal_values_do_not_reach_the_quarantine() {
    let folder = Folder::with("x.csv", "name,age\nAda,x\nBob\n7,1\n");
    let mut settings = file("x.csv");
    settings.personal = vec!["name".into(), "age".into()];
    settings.types.insert("age".into(), ropeway_vocab::ColumnType::Integer);
    let read = folder.read_all(&settings);
    assert_eq!(read.quarantine.iter().map(|row| row.value.as_str()).collect::<Vec<_>>(), ["***", "***"]);
    let problem = folder.read(&settings).unwrap_err().to_string();
    assert!(!problem.contains("Ada") && !problem.contains("Bob"), "{problem}");
}

#[test]
fn malformed_json_costs_its_row_with_its_place() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let text = format!("{{\"a\": 1}}\n{{\"a\": }}\n[1]\n{{\"a\": {deep}}}\n{{\"b\": 2, \"c\": 3}}\n{{\"a\": 2}}");
    let folder = Folder::with("x.jsonl", text);
    let mut settings = file("x.jsonl");
    settings.infer_rows = 1;
    let read = folder.read_all(&settings);
    assert_eq!(rows(&read.batches), ["1", "2"]);
    let told = rejected(&read);
    assert_eq!(told[0], "2 - is not a JSON object: expected value (character 7)");
    assert!(told[1].starts_with("3 - is not a JSON object: invalid type: sequence"), "{told:?}");
    assert!(told[2].starts_with("4 a is nested too deeply"), "{told:?}");
    assert!(told[3].starts_with("5 - has the key `b`, which none of the first 1 rows has"), "{told:?}");
    refused(
        &Folder::with("x.jsonl", "[{\"a\": 1}]"),
        &file("x.jsonl"),
        Kind::Invalid,
        "wrong-format",
        &["JSON array", "jq"],
    );
}

#[test]
fn a_damaged_parquet_file_is_corrupt() {
    let folder = Folder::with("x.parquet", "a,b\n1,2\nthis is no Parquet file");
    refused(&folder, &file("x.parquet"), Kind::Corrupt, "damaged-file", &["x.parquet"]);
    let folder = Folder::with("x.dat", "a\n1\n");
    refused(&folder, &file("x.dat"), Kind::Invalid, "unknown-format", &["format = \"csv\""]);
}

#[test]
fn a_column_that_the_settings_name_must_be_there() {
    let folder = Folder::with("x.csv", "alpha,beta\n1,2\n");
    let check = |change: &dyn Fn(&mut SourceSettings)| {
        let mut settings = file("x.csv");
        change(&mut settings);
        refused(&folder, &settings, Kind::Invalid, "unknown-column", &["x.csv", "did you mean `alpha`?"]);
    };
    check(&|s| s.key = vec!["alpa".into()]);
    check(&|s| s.known_ahead = vec!["alpa".into()]);
    check(&|s| s.personal = vec!["alpa".into()]);
    check(&|s| s.time = Some("alpa".into()));
    check(&|s| {
        s.types.insert("alpa".into(), ropeway_vocab::ColumnType::Text);
    });
    let mut settings = file("x.csv");
    settings.time = Some("alpha".into());
    refused(&folder, &settings, Kind::Invalid, "time-type", &["`alpha`, which is integer", "types.alpha"]);
}

#[test]
fn reserved_and_binary_column_names_are_refused() {
    let check = |text: &str, code: &str| {
        refused(&Folder::with("x.csv", text), &file("x.csv"), Kind::Invalid, code, &["x.csv:1"])
    };
    check("a,__known_at\n1,2\n", "reserved-name");
    check("a,b\u{1}\n1,2\n", "column-name");
}
