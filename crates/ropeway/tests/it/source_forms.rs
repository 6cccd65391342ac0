//! One table in every form that a source takes: packed, with a byte order mark, in several files behind a glob, with
//! another delimiter, as JSON lines, as Parquet. Each gives the rows of the plain CSV, and its model where the project
//! file says nothing else.

use std::process::Command;

use serde_json::Value;

use crate::people::{ROWS, project, sound};
use crate::ropeway::Folder;

/// The plain CSV: one of the cities holds a line break, a delimiter of either kind and quotes.
fn plain() -> String {
    let text = sound().replace("Wien", "\"Wien;\nalt, \"\"Mitte\"\"\"");
    assert!(text.lines().count() > ROWS as usize + 1);
    text
}

/// The project over this file instead of `data/people.csv`, with a quick search.
fn over(path: &str, files: &[(&str, &[u8])]) -> Folder {
    let folder = project("");
    std::fs::remove_file(folder.path().join("data/people.csv")).unwrap();
    for (name, bytes) in files {
        folder.write(&format!("data/{name}"), bytes);
    }
    folder.edit("ropeway.toml", "data/people.csv", path);
    folder.edit("ropeway.toml", "[\"linear\", \"boosted\"]", "[\"linear\"]");
    folder
}

/// All rows of the source as one text.
pub fn rows(folder: &Folder) -> String {
    folder.run(&["query", "SELECT * FROM people ORDER BY id", "--out", "rows.jsonl"]).expect(0);
    folder.read("rows.jsonl")
}

/// The report of a run that lost no row.
pub fn run(folder: &Folder) -> Value {
    let report = folder.run(&["run", "--json", "--quiet"]).expect(0).json();
    assert_eq!(report["sources"]["people"]["rows_in"], ROWS);
    assert_eq!(report["sources"]["people"]["quarantined"], 0);
    report
}

/// Expects the rows and the model of the plain CSV.
#[track_caller]
fn same(path: &str, files: &[(&str, &[u8])]) {
    let text = plain();
    let reference = over("data/people.csv", &[("people.csv", text.as_bytes())]);
    let other = over(path, files);
    assert_eq!(rows(&other), rows(&reference), "{path}");
    let (expected, found) = (run(&reference), run(&other));
    assert_eq!(found["model"]["digest"], expected["model"]["digest"], "{path}");
    assert_eq!(found["leaderboard"], expected["leaderboard"], "{path}");
}

pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let folder = Folder::new();
    let file = folder.write("x", bytes);
    let output = Command::new("gzip").args(["-c"]).arg(file).output().unwrap();
    assert!(output.status.success());
    output.stdout
}

/// A Zstandard frame of raw blocks (RFC 8878, 3.1.1): one segment, its size in four bytes.
pub fn zstandard(bytes: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0xa0];
    frame.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_le_bytes());
    let mut blocks = bytes.chunks(1000).peekable();
    while let Some(block) = blocks.next() {
        let header = u32::try_from(block.len()).unwrap() << 3 | u32::from(blocks.peek().is_none());
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.extend_from_slice(block);
    }
    frame
}

/// The plain CSV as `ropeway query --out` writes it in another format.
fn written(name: &str) -> Vec<u8> {
    let folder = over("data/people.csv", &[("people.csv", plain().as_bytes())]);
    folder.run(&["query", "SELECT * FROM people ORDER BY id DESC", "--out", name]).expect(0);
    std::fs::read(folder.path().join(name)).unwrap()
}

#[test]
fn packed_files() {
    let text = plain();
    same("data/people.csv.gz", &[("people.csv.gz", &gzipped(text.as_bytes()))]);
    same("data/people.csv.zst", &[("people.csv.zst", &zstandard(text.as_bytes()))]);
}

#[test]
fn a_byte_order_mark_and_the_line_ends_of_windows() {
    let text = plain();
    same("data/people.csv", &[("people.csv", format!("\u{feff}{text}").as_bytes())]);
    // A line break within quotes is data, and stays as it is.
    let ends = sound().replace('\n', "\r\n").replace("Wien", "\"Wien;\nalt, \"\"Mitte\"\"\"");
    same("data/people.csv", &[("people.csv", ends.as_bytes())]);
}

/// The header and the records of the plain CSV; no record but a city of two lines has a line break.
fn records() -> (String, Vec<String>) {
    let text = plain();
    let (header, rest) = text.split_once('\n').unwrap();
    let mut records: Vec<String> = Vec::new();
    for line in rest.lines() {
        match records.last_mut() {
            Some(last) if last.matches('"').count() % 2 == 1 => last.push_str(&format!("\n{line}")),
            _ => records.push(line.to_owned()),
        }
    }
    assert_eq!(records.len(), ROWS as usize);
    (header.to_owned(), records)
}

#[test]
fn several_files_behind_a_glob_each_with_its_header() {
    let (header, records) = records();
    let part = |rows: &[String]| format!("{header}\n{}\n", rows.join("\n")).into_bytes();
    // The first file by name holds the last rows; one is packed, one is empty but for its header.
    let (last, first, packed) = (part(&records[200..]), part(&records[..90]), gzipped(&part(&records[90..200])));
    let empty = format!("{header}\n").into_bytes();
    let files: [(&str, &[u8]); 5] = [
        ("people-0.csv", &last),
        ("people-1.csv", &first),
        ("people-2.csv.gz", &packed),
        ("people-3.csv", &empty),
        ("notes.txt", b"not one of them"),
    ];
    same("data/people-*", &files);
    let without_empty: Vec<(&str, &[u8])> = files.iter().copied().filter(|(name, _)| *name != "people-3.csv").collect();
    same("data/people-*", &without_empty);
}

#[test]
fn other_delimiters() {
    let (header, records) = records();
    let table = |delimiter: &str| {
        let line = |record: &String| {
            // The only commas that are data stand within quotes.
            let parts = record.split('"').enumerate();
            let swapped =
                parts.map(|(i, part)| if i % 2 == 0 { part.replace(',', delimiter) } else { part.to_owned() });
            swapped.collect::<Vec<_>>().join("\"")
        };
        let lines: Vec<String> = std::iter::once(&header).chain(&records).map(line).collect();
        lines.join("\n") + "\n"
    };
    same("data/people.tsv", &[("people.tsv", table("\t").as_bytes())]);

    // A delimiter that the project file names is part of its definitions, and so of the model's digest.
    let reference = over("data/people.csv", &[("people.csv", plain().as_bytes())]);
    let other = over("data/people.csv", &[("people.csv", table(";").as_bytes())]);
    other.fails(&["check"], 1, &["data/people.csv:1", "5 between semicolons", "`delimiter = \";\"`"]);
    other.edit("ropeway.toml", "key = [\"id\"]", "key = [\"id\"]\ndelimiter = \";\"");
    assert_eq!(rows(&other), rows(&reference));
    assert_eq!(run(&other)["leaderboard"], run(&reference)["leaderboard"]);

    // Files to score may have the sources' delimiter, or that of their name.
    other.write("new.csv", plain());
    for (file, out) in [("data/people.csv", "one.jsonl"), ("new.csv", "two.jsonl")] {
        other.run(&["predict", "people", "--in", file, "--out", out]).expect(0);
    }
    assert_eq!(other.read("one.jsonl"), other.read("two.jsonl"));
}

#[test]
fn json_lines_and_parquet() {
    same("data/people.jsonl", &[("people.jsonl", &written("people.jsonl"))]);
    same("data/people.jsonl.gz", &[("people.jsonl.gz", &gzipped(&written("people.jsonl")))]);
    same("data/people.parquet", &[("people.parquet", &written("people.parquet"))]);
}
