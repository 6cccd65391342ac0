//! A table as people send it: in an old encoding, with a title, comments and totals around it, with numbers, dates and
//! booleans as they are written by hand, as a workbook, in an archive, in a folder. Each gives the rows and the model of
//! the plain CSV, and files to score may be written so, too.

use serde_json::Value;

use crate::people::{ROWS, age, gone, project};
use crate::ropeway::Folder;
use crate::source_forms::{rows, run};

/// What the project file has to say of the messy file.
const SAID: &str = r##"key = ["id"]
encoding = "windows-1252"
skip_lines = 3
comment = "#"
skip_footer = 2
delimiter = ";"
number = { decimal = ",", thousands = "." }
types = { gone = "boolean" }

[source.people.column.age]
null = ["-999"]
number = { decimal = ",", thousands = ".", unit = ["€"] }

[source.people.column.joined]
dates = ["%d.%m.%Y", "iso"]
"##;

fn city(id: u32) -> &'static str {
    ["Zürich", "Köln", "Graz"][id as usize % 3]
}

fn missing(id: u32) -> bool {
    id % 50 == 7
}

/// The plain table; ages are multiplied to have thousands and decimals.
fn plain() -> String {
    let mut text = String::from("id,age,city,joined,gone\n");
    for id in 0..ROWS {
        let age = if missing(id) { String::new() } else { format!("{}.5", age(id).parse::<u32>().unwrap() * 100) };
        text += &format!("{id},{age},{},2024-01-{:02},{}\n", city(id), 1 + id % 28, gone(id));
    }
    text
}

/// The same by hand.
fn messy() -> Vec<u8> {
    let mut text = String::from("Kunden; \"Stand\nheute\n\nid;age;city;joined;gone\n");
    for id in 0..ROWS {
        let hundreds = age(id).parse::<u32>().unwrap() * 100;
        let age = match (missing(id), hundreds / 1_000) {
            (true, _) => "-999".to_owned(),
            (_, 0) => format!("{hundreds},5"),
            (_, thousands) => format!("{thousands}.{:03},50 €", hundreds % 1_000),
        };
        let day = 1 + id % 28;
        let joined = if id % 5 == 0 { format!("2024-01-{day:02}") } else { format!("{day:02}.01.2024") };
        let gone = if gone(id) == "true" { "ja" } else { "nein" };
        text += &format!("{id};{age};{};{joined};{gone}\n", city(id));
        if id == 99 {
            text += "# Seite 2\n";
        }
    }
    text += "Summe;1.234.567,00 €;;;\nQuelle: wir\n";
    text.chars().map(|c| if c == '€' { 0x80 } else { u8::try_from(u32::from(c)).unwrap() }).collect()
}

fn over(path: &str, bytes: &[u8]) -> Folder {
    let folder = project("");
    std::fs::remove_file(folder.path().join("data/people.csv")).unwrap();
    folder.write(path, bytes);
    folder.edit("ropeway.toml", "[\"linear\", \"boosted\"]", "[\"linear\"]");
    folder
}

#[test]
fn a_file_as_people_write_it_gives_the_model_of_the_plain_one() {
    let reference = over("data/people.csv", plain().as_bytes());
    let other = over("data/people.csv", &messy());
    other.fails(&["check"], 1, &["`key` names the column `id`, which is not there"]);
    other.edit("ropeway.toml", "key = [\"id\"]\n", SAID);
    other.edit("ropeway.toml", "known_ahead = [\"id\", \"age\", \"city\", \"joined\"]\n", "");
    other.edit("ropeway.toml", "encoding = ", "known_ahead = [\"id\", \"age\", \"city\", \"joined\"]\nencoding = ");
    other.run(&["run"]).expect(0).says("3 lines above it, 1 comments, 2 rows at its end");
    assert_eq!(rows(&other), rows(&reference));
    let skipped = &run(&other)["sources"]["people"]["skipped"];
    assert_eq!(*skipped, serde_json::json!({ "above": 3, "comments": 1, "footer": 2 }));
    assert_eq!(run(&other)["leaderboard"], run(&reference)["leaderboard"]);

    // What is scored is read as the source is.
    other.write("new.csv", messy());
    other.run(&["predict", "people", "--in", "new.csv", "--out", "one.jsonl"]).expect(0);
    reference.write("new.csv", plain());
    reference.run(&["predict", "people", "--in", "new.csv", "--out", "two.jsonl"]).expect(0);
    let scores = |text: String| -> Vec<Value> {
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["probability"].clone()).collect()
    };
    assert_eq!(scores(other.read("one.jsonl")), scores(reference.read("two.jsonl")));
}

/// A ZIP archive whose members are stored (APPNOTE 4.3).
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut all, mut central) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let at = u32::try_from(all.len()).unwrap();
        let size = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let mut about = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x58];
        about.extend(crc(bytes).to_le_bytes());
        about.extend([size, size].concat());
        about.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        about.extend([0, 0]);
        all.extend([b"PK\x03\x04", &about[..], name.as_bytes(), bytes].concat());
        central.extend([b"PK\x01\x02\x14\x00", &about[..], &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let (start, size) = (u32::try_from(all.len()).unwrap(), u32::try_from(central.len()).unwrap());
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0", &count[..], &count, &size.to_le_bytes(), &start.to_le_bytes(), &[0, 0]].concat();
    [all, central, end].concat()
}

/// CRC-32 of ISO 3309.
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// A workbook with a cover sheet, and the table on its second one: days are days, numbers are numbers.
pub fn workbook(table: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut rows = String::new();
    for (row, line) in table.lines().enumerate() {
        let cells = line.split(',').enumerate().map(|(column, value)| {
            let at = format!("{}{}", char::from(b'C' + u8::try_from(column).unwrap()), row + 3);
            match value.strip_prefix("2024-01-") {
                _ if value.is_empty() => String::new(),
                Some(day) => format!(r#"<c r="{at}" s="1"><v>{}</v></c>"#, 45_291 + day.parse::<u32>().unwrap()),
                None if value == "true" || value == "false" => {
                    format!(r#"<c r="{at}" t="b"><v>{}</v></c>"#, u8::from(value == "true"))
                }
                None if value.parse::<f64>().is_ok() => format!(r#"<c r="{at}"><v>{value}</v></c>"#),
                None => format!(r#"<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>"#),
            }
        });
        rows += &format!(r#"<row r="{}">{}</row>"#, row + 3, cells.collect::<String>());
    }
    let relations = |all: &[(&str, &str)]| {
        let each = |(index, (kind, target)): (usize, &(&str, &str))| {
            format!(r#"<Relationship Id="r{index}" Type="{office}/{kind}" Target="{target}"/>"#)
        };
        let all: String = all.iter().enumerate().map(each).collect();
        format!(r#"<Relationships xmlns="{package}">{all}</Relationships>"#)
    };
    let sheet = |rows: &str| format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#);
    let cover = sheet(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Cover</t></is></c></row>"#);
    let book = format!(
        r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Cover" sheetId="1" r:id="r0"/><sheet name="People" sheetId="2" r:id="r1"/></sheets></workbook>"#
    );
    let styles = format!(
        r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
    );
    let targets = [("worksheet", "worksheets/1.xml"), ("worksheet", "worksheets/2.xml"), ("styles", "styles.xml")];
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")]).as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations(&targets).as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/1.xml", cover.as_bytes()),
        ("xl/worksheets/2.xml", sheet(&rows).as_bytes()),
    ])
}

#[test]
fn an_archive_a_folder_and_a_workbook_give_the_model_of_the_plain_file() {
    let text = plain();
    let reference = over("data/people.csv", text.as_bytes());
    let (expected, expected_rows) = (run(&reference), rows(&reference));
    let (header, body) = text.split_once('\n').unwrap();
    let half = body.match_indices('\n').nth(ROWS as usize / 2).unwrap().0 + 1;
    let parts = [format!("{header}\n{}", &body[..half]), format!("{header}\n{}", &body[half..])];
    let packed = zip(&[("a.csv", parts[0].as_bytes()), ("b.csv", parts[1].as_bytes()), ("README.md", b"#")]);
    let check = |path: &str, files: &[(&str, &[u8])]| {
        let folder = over(files[0].0, files[0].1);
        for (name, bytes) in &files[1..] {
            folder.write(name, bytes);
        }
        folder.edit("ropeway.toml", "data/people.csv", path);
        assert_eq!(rows(&folder), expected_rows, "{path}");
        let found = run(&folder);
        assert_eq!(found["model"]["digest"], expected["model"]["digest"], "{path}");
    };
    check("data/people.zip", &[("data/people.zip", &packed)]);
    check("data/parts", &[("data/parts/1.csv", parts[0].as_bytes()), ("data/parts/2.csv", parts[1].as_bytes())]);
    check("data/my people.xlsx", &[("data/my people.xlsx", &workbook(&text))]);
}

#[test]
fn what_is_no_table_is_told_and_nothing_is_made_of_it() {
    let noise: Vec<u8> = (0..50_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    over("data/people.csv", &noise).fails(&["check"], 1, &["data/people.csv", "this is no text"]);
    over("data/people.csv", &workbook(&plain())).fails(&["check"], 1, &["spreadsheet", "`.xlsx`"]);
    over("data/people.csv", b"id,age,city,joined,gone,gr\xf6\xdfe\n").fails(
        &["run"],
        1,
        &["encoding = \"windows-1252\""],
    );
}
