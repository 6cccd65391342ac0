//! What the first bytes of a file say that it is, where it is no text.

use ropeway_vocab::{Problem, Result};

use crate::file::encoding;

/// The first bytes of what is often taken for a table, what it is, and what to do.
const KNOWN: [(&[u8], &str, &str); 18] = [
    (b"PAR1", "a Parquet file", "name it `.parquet`, or say `format = \"parquet\"` at the source"),
    (
        b"PK\x03\x04",
        "a spreadsheet or a ZIP archive",
        "name it `.xlsx`, or say `format = \"xlsx\"` at the source; unpack an archive inside another",
    ),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Excel workbook of the old kind (.xls), or another Office file",
        "save the sheet as .xlsx or as CSV",
    ),
    (b"SQLite format 3\0", "an SQLite database", "write the table to CSV or Parquet first"),
    (b"ARROW1", "an Arrow file", "write it as Parquet"),
    (b"ORC", "an ORC file", "write it as Parquet"),
    (b"Obj\x01", "an Avro file", "write it as Parquet"),
    (b"\x89HDF", "an HDF5 file", "write the table to Parquet or CSV first"),
    (b"\x93NUMPY", "a NumPy array", "write it as Parquet or CSV"),
    (b"%PDF-", "a PDF document", "the table in it is to be saved as CSV first"),
    (b"\x89PNG", "a PNG picture", "name the file that holds the table"),
    (b"\xff\xd8\xff", "a JPEG picture", "name the file that holds the table"),
    (b"GIF8", "a GIF picture", "name the file that holds the table"),
    (b"\x7fELF", "a program", "name the file that holds the table"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it, or pack it as gzip, Zstandard or ZIP"),
    (b"Rar!", "a RAR archive", "unpack it, or pack it as gzip, Zstandard or ZIP"),
    (b"BZh", "packed with bzip2", "unpack it, or pack it as gzip, Zstandard or ZIP"),
    (b"\xfd7zXZ", "packed with xz", "unpack it, or pack it as gzip, Zstandard or ZIP"),
];

/// Of so many of the first bytes one may be a control character that no text has.
const ONE_IN: usize = 20;
/// Fewer are slips, each of which costs its row.
const FEW: usize = 16;

/// Refuses the first bytes of what is no text. `stated` says that the source declares its encoding, or a mark tells it.
pub(crate) fn refuse_other(front: &[u8], stated: bool) -> Result<()> {
    let refuse = |code, what: String, remedy: &str| Err(Problem::invalid(code, what).remedy(remedy));
    if front.is_empty() {
        return refuse(
            "empty-file",
            "the file is empty".to_owned(),
            "put the data into it, or take it out of the source",
        );
    }
    for (magic, what, remedy) in KNOWN {
        // Some marks are words: a header may begin with one.
        let word = magic.iter().all(|byte| matches!(byte, b' '..=b'~')) && !front.iter().any(|byte| *byte < 9);
        if front.starts_with(magic) && (!word || matches!(magic, b"PAR1" | b"%PDF-")) {
            return refuse("wrong-format", format!("this is {what}"), remedy);
        }
    }
    let start: String = front.iter().take(64).map(|byte| byte.to_ascii_lowercase() as char).collect();
    if start.trim_start().starts_with("<!doctype html") || start.trim_start().starts_with("<html") {
        let remedy = "was the file fetched while not signed in, or from a page about it? fetch the data itself";
        return refuse("wrong-format", "this is a web page".to_owned(), remedy);
    }
    if stated {
        return Ok(());
    }
    if let Some(name) = encoding::sixteen(front) {
        let remedy = format!("say `encoding = \"{name}\"` at the source");
        return refuse("not-utf8", "the file is encoded in UTF-16, without a byte order mark".to_owned(), &remedy);
    }
    if !has_controls(front) {
        return Ok(());
    }
    refuse(
        "binary-file",
        "this is no text: it holds control characters that no table has".to_owned(),
        "name the file that holds the table, in a format that is read: CSV, JSON lines, Parquet or Excel",
    )
}

fn has_controls(front: &[u8]) -> bool {
    let controls = front.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    controls >= FEW && controls * ONE_IN > front.len()
}
