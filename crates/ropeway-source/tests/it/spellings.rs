//! Tables as people write them: other encodings, lines around the table, numbers and dates in other spellings, containers.
//! Each holds the rows of the plain table beside it, and a control shows that the setting does it.

use std::io::Write;

use ropeway_source::{SourceRead, SourceSettings};
use ropeway_vocab::Kind;

use crate::folder::{Folder, columns, gz, rejected, rows};

/// The settings that a project file would have, as JSON.
fn settings(json: &str) -> SourceSettings {
    serde_json::from_str(json).unwrap()
}

fn read(name: &str, bytes: impl AsRef<[u8]>, more: &str) -> SourceRead {
    let comma = if more.is_empty() { "" } else { ", " };
    Folder::with(name, bytes).read(&settings(&format!("{{\"path\": \"{name}\"{comma}{more}}}"))).unwrap()
}

fn wide(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn a_table_in_any_encoding_has_the_rows_of_the_one_in_utf_8() {
    let text = "größe,straße\n1,Zürich €\n2,\"a\nb\"\n";
    let expected = rows(&read("x.csv", text, "").batches);
    let western: Vec<u8> =
        text.chars().map(|c| if c == '€' { 0x80 } else { u8::try_from(u32::from(c)).unwrap() }).collect();
    let check = |bytes: &[u8], more: &str| {
        let read = read("x.csv", bytes, more);
        assert_eq!(
            (rows(&read.batches), columns(&read)),
            (expected.clone(), vec!["größe:integer".into(), "straße:text".into()])
        );
    };
    check(&western, r#""encoding": "windows-1252""#);
    check(&gz(&western), r#""encoding": "cp1252""#);
    check(&wide(text, u16::to_le_bytes), r#""encoding": "utf-16le""#);
    check(&wide(text, u16::to_be_bytes), r#""encoding": "UTF-16BE""#);
    check(&wide(&format!("\u{feff}{text}"), u16::to_le_bytes), "");
    check(&wide(&format!("\u{feff}{text}"), u16::to_be_bytes), r#""encoding": "windows-1252""#);
    check(format!("\u{feff}{text}").as_bytes(), "");
    let lines = "{\"größe\": 1, \"straße\": \"Zürich\"}\n";
    let lines: Vec<u8> = lines.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(rows(&read("x.jsonl", lines, r#""encoding": "latin1""#).batches), ["1|Zürich"]);
}

#[test]
fn what_is_no_utf_8_says_which_encoding_to_state() {
    let problem = Folder::with("x.csv", b"gr\xf6\xdfe\n1\n").read(&settings(r#"{"path": "x.csv"}"#)).unwrap_err();
    assert!(problem.advice().unwrap().contains("encoding = \"windows-1252\""), "{problem}");
    let problem = Folder::with("x.csv", b"ort\nZ\xfcrich\n").read(&settings(r#"{"path": "x.csv"}"#)).unwrap_err();
    assert!(problem.advice().unwrap().contains("encoding = \"windows-1252\""), "{problem}");
    let problem = Folder::with("x.csv", wide("a,b\n1,2\n", u16::to_le_bytes))
        .read(&settings(r#"{"path": "x.csv"}"#))
        .unwrap_err();
    assert!(problem.advice().unwrap().contains("encoding = \"utf-16le\""), "{problem}");
    let odd = read("x.csv", b"a,b\n1,\x82\xa0\n2,\x81 \n", r#""encoding": "shift_jis", "tolerate": 1"#);
    assert_eq!(rows(&odd.batches), ["1|あ"]);
    assert_eq!(rejected(&odd), ["3 b holds bytes that are no text in the encoding of the file"]);
}

#[test]
fn lines_around_the_table_are_counted_and_are_no_rows() {
    let text = "Sales of \"2024\nmade by hand\n\n#units: t\nday,t\n2024-01-01,5\n# strike\n2024-01-02,7\nTotal,12\nSource: us\n";
    let more = r##""skip_lines": 3, "comment": "#", "skip_footer": 2"##;
    for (name, bytes) in [("x.csv", text.as_bytes().to_vec()), ("x.csv.gz", gz(text.as_bytes()))] {
        let read = read(name, bytes, more);
        assert_eq!(columns(&read), ["day:date", "t:integer"]);
        assert_eq!(rows(&read.batches), ["2024-01-01|5", "2024-01-02|7"]);
        let skipped = (read.skipped.above, read.skipped.comments, read.skipped.footer);
        assert_eq!((skipped, read.rows_in, read.rejected), ((3, 2, 2), 2, 0));
    }
    let problem = Folder::with("x.csv", text).read(&settings(r#"{"path": "x.csv"}"#)).unwrap_err();
    assert_eq!(problem.code(), "too-many-rejected", "the control");
    let lines =
        read("x.jsonl", "// made\n// by\n{\"a\": 1}\n// hand\n{\"a\": 2}\n", r#""comment": "//", "skip_lines": 1"#);
    assert_eq!((rows(&lines.batches), lines.skipped.all()), (vec!["1".into(), "2".into()], 3));
}

#[test]
fn a_footer_may_be_longer_than_the_table_and_every_batch_knows_its_end() {
    let read_footer = |rows: usize, footer: usize| {
        let text = format!("a\n{}", (0..rows).map(|row| format!("{row}\n")).collect::<String>());
        let folder = Folder::with("x.csv", text);
        folder.read(&settings(&format!(r#"{{"path": "x.csv", "skip_footer": {footer}, "types": {{"a": "integer"}}}}"#)))
    };
    assert_eq!(read_footer(3, 5).unwrap().kept, 0);
    for rows in [65_536, 65_537, 131_072] {
        let read = read_footer(rows, 2).unwrap();
        assert_eq!((read.kept, read.skipped.footer), (rows as u64 - 2, 2));
    }
}

#[test]
fn numbers_follow_their_spelling_or_cost_their_row() {
    let text = "art;preis;anteil;alter\nA;1.234,50 €;12,5 %;30\nB;-3 €;0%;-999\nC;7.5;3%;31\nD;1,2,3;4%;5\n";
    let more = r#""delimiter": ";", "number": {"decimal": ",", "thousands": "."}, "tolerate": 1,
        "types": {"preis": "float", "anteil": "float"},
        "column": {"preis": {"number": {"decimal": ",", "thousands": ".", "unit": ["€"]}},
                   "anteil": {"number": {"decimal": ",", "unit": ["%"]}}, "alter": {"null": ["-999"]}}"#;
    let read_so = read("x.csv", text, more);
    assert_eq!(rows(&read_so.batches), ["A|1234.5|0.125|30", "B|-3.0|0.0|∅"]);
    let reason = "is not a number as `number` says that they are written: expected as in `1.234,5 €`";
    assert_eq!(rejected(&read_so), [format!("4 preis {reason}"), format!("5 preis {reason}")]);
    let plain = read("x.csv", text, r#""delimiter": ";""#);
    assert_eq!(columns(&plain), ["art:text", "preis:text", "anteil:text", "alter:integer"], "the control");
}

#[test]
fn types_are_inferred_by_the_spelling_that_is_declared() {
    let text = "a;b;c\n1.234;1,5;01.234\n5.678;2;00501\n";
    let read = read("x.csv", text, r#""delimiter": ";", "number": {"decimal": ",", "thousands": "."}"#);
    assert_eq!(columns(&read), ["a:integer", "b:float", "c:text"]);
    assert_eq!(rows(&read.batches), ["1234|1.5|01.234", "5678|2.0|00501"]);
}

#[test]
fn dates_follow_their_spellings_or_cost_their_row() {
    let text = "d,t,e\n31.12.2024,3/4/24 1:05 PM,1704067200\n2024-01-02,3/5/24 12:00 AM,1704067201\n02/28/2024,3/6/24 11:59 PM,0\n30.02.2024,3/6/24 11:59 PM,0\n";
    let more = r#""zone": "America/New_York", "tolerate": 1, "column": {
        "d": {"dates": ["%d.%m.%Y", "iso", "%m/%d/%Y"]}, "t": {"dates": ["%m/%d/%y %I:%M %p"]}, "e": {"dates": ["epoch_seconds"]}}"#;
    let read_so = read("x.csv", text, more);
    assert_eq!(columns(&read_so), ["d:date", "t:timestamp", "e:timestamp"]);
    assert_eq!(rows(&read_so.batches)[0], "2024-12-31|2024-03-04T18:05:00Z|2024-01-01T00:00:00Z");
    let forms = "`%d.%m.%Y`, as in `03.11.2025`, or YYYY-MM-DD, as in `2025-11-03`, or `%m/%d/%Y`, as in `11/03/2025`";
    assert_eq!(rejected(&read_so), [format!("5 d is not on the calendar or clock: expected {forms}")]);
    assert_eq!(columns(&read("x.csv", text, "")), ["d:text", "t:text", "e:integer"], "the control");
    let more = r#""types": {"e": "timestamp"}, "column": {"e": {"dates": ["epoch_milliseconds"]}}"#;
    let lines = read("x.jsonl", "{\"e\": 1704067200000}\n{\"e\": \"1704067200001\"}\n", more);
    assert_eq!(rows(&lines.batches), ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.001Z"]);
    let more = r#""types": {"e": "date"}, "column": {"e": {"dates": ["%Y%m%d"]}}"#;
    let lines = read("x.jsonl", "{\"e\": 20240101}\n{\"e\": \"20241231\"}\n", more);
    assert_eq!(rows(&lines.batches), ["2024-01-01", "2024-12-31"]);
}

#[test]
fn settings_that_cannot_be_are_refused_with_a_remedy() {
    let check = |name: &str, more: &str, says: &str| {
        let problem =
            Folder::with(name, "a\n1\n").read(&settings(&format!(r#"{{"path": "{name}", {more}}}"#))).unwrap_err();
        assert!(problem.to_string().contains(says) && problem.advice().is_some(), "{problem}");
    };
    check("x.csv", r#""encoding": "utf-9""#, "utf-9");
    check("x.csv", r#""comment": """#, "comment");
    check("x.csv", r#""dates": ["%d.%m"]"#, "%d.%m");
    check("x.csv", r#""column": {"b": {"null": ["x"]}}"#, "`column` names the column `b`");
    check("x.csv", r#""sheet": "a""#, "`sheet` means nothing");
    check("x.jsonl", r#""skip_footer": 1"#, "`skip_footer` means nothing");
    assert!(serde_json::from_str::<SourceSettings>(r#"{"path": "a", "number": {"decimal": ";"}}"#).is_err());
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn an_archive_of_equal_tables_and_a_folder_of_them_are_one_source() {
    let tables: [(&str, &[u8]); 3] = [("b/2.csv", b"a,b\n3,y\n"), ("b/1.csv", b"a,b\n1,x\n"), ("README.txt", b"hello")];
    let read = read("x.zip", zipped(&tables), "");
    assert_eq!(rows(&read.batches), ["1|x", "3|y"]);
    assert_eq!(
        read.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
        ["x.zip/b/1.csv", "x.zip/b/2.csv"]
    );
    let folder =
        Folder::with("data/1.csv", "a,b\n1,x\n").and("data/2.csv.gz", gz(b"a,b\n3,y\n")).and("data/.x.csv", "no");
    let source = settings(r#"{"path": "data"}"#);
    let of_folder = folder.read(&source).unwrap();
    assert_eq!(rows(&of_folder.batches), ["1|x", "3|y"]);
    assert_eq!(ropeway_source::fingerprint("s", &source, folder.root()).unwrap(), of_folder.files);
    let zip = Folder::with("x.zip", zipped(&tables));
    let source = settings(r#"{"path": "x.zip"}"#);
    assert_eq!(ropeway_source::fingerprint("s", &source, zip.root()).unwrap(), read.files);
    let unlike = Folder::with("data/1.csv", "a\n1\n").and("data/2.csv", "b\n1\n");
    assert_eq!(unlike.read(&settings(r#"{"path": "data"}"#)).unwrap_err().code(), "different-columns");
}

#[test]
fn a_zip_bomb_and_a_damaged_archive_are_refused() {
    let check = |bytes: &[u8], kind: Kind, code: &str| {
        let problem = Folder::with("x.zip", bytes).read(&settings(r#"{"path": "x.zip"}"#)).unwrap_err();
        assert_eq!((problem.kind(), problem.code()), (kind, code), "{problem}");
    };
    let mut bomb = b"a\n".to_vec();
    bomb.resize(100 << 20, b'0');
    check(&zipped(&[("x.csv", &bomb)]), Kind::Refused, "unpacks-too-far");
    let mut damaged = zipped(&[("x.csv", "a,b\n1,2\n3,4\n".repeat(99).as_bytes())]);
    damaged[45] ^= 0x55;
    check(&damaged, Kind::Corrupt, "damaged-file");
    check(&zipped(&[("inner.zip", &zipped(&[("x.csv", b"a\n1\n")]))]), Kind::Invalid, "archive");
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_told_at_once() {
    let check = |name: &str, bytes: &[u8], code: &str| {
        let problem = Folder::with(name, bytes).read(&settings(&format!(r#"{{"path": "{name}"}}"#))).unwrap_err();
        assert_eq!(problem.code(), code, "{problem}");
        assert!(problem.advice().is_some(), "{problem}");
    };
    let noise: Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    check("x.csv", &noise, "binary-file");
    check("x.jsonl", &noise, "binary-file");
    check("x.csv", &[b"\x89PNG\r\n\x1a\n", &noise[..]].concat(), "wrong-format");
    check("x.csv", b"<!DOCTYPE html>\n<html><body>Please sign in</body></html>\n", "wrong-format");
    check("x.csv", b"{\"a\": 1}\n", "wrong-format");
    check("x.xlsx", b"a,b\n1,2\n", "wrong-format");
    check("x.zip", b"a,b\n1,2\n", "unknown-format");
}

#[test]
fn odd_names_of_files_and_columns_are_kept() {
    let long = "n".repeat(500);
    let names = ["a.b", "say \"\"hi\"\"", "😀", "select", "Größe in m²", &long, "tab\\t", "'x'"];
    let header = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    let path = "da ta/it's \"ünï\".csv";
    let folder = Folder::with(path, format!("{header}\n1,2,3,4,5,6,7,8\n"));
    let read = folder.read(&SourceSettings::of_file(path)).unwrap();
    let told: Vec<&str> = read.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(told, names.map(|name| name.replace("\"\"", "\"")));
    assert_eq!(rows(&read.batches), ["1|2|3|4|5|6|7|8"]);
}

#[test]
fn five_thousand_columns_and_one_column_are_read() {
    let header = (0..5_000).map(|at| format!("c{at}")).collect::<Vec<_>>().join(",");
    let row = vec!["1"; 5_000].join(",");
    let wide = read("x.csv", format!("{header}\n{row}\n{row}\n"), "");
    assert_eq!((wide.columns.len(), wide.kept), (5_000, 2));
    let one = read("x.csv", "only\n1\n2\n", "");
    assert_eq!(rows(&one.batches), ["1", "2"]);
}
