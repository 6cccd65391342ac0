//! What is proposed for a file reads it: every row of a messy table comes back with its true values.

use std::path::Path;

use ropeway_source::propose::{Hint, Proposal, propose};
use ropeway_source::read_all;

use crate::folder::{Folder, columns, rejected, rows};

pub(crate) fn proposed(folder: &Folder, path: &str) -> Proposal {
    propose(Path::new(path), folder.root(), &Hint::default()).unwrap()
}

/// The rows that a proposal reads, of which none is lost.
#[track_caller]
fn reads(folder: &Folder, path: &str) -> (Proposal, Vec<String>, Vec<String>) {
    let proposal = proposed(folder, path);
    let (read, _) = read_all("s", &proposal.settings, folder.root()).unwrap();
    assert_eq!(rejected(&read), Vec::<String>::new(), "{proposal:#?}");
    (proposal, columns(&read), rows(&read.batches))
}

fn setting<'a>(proposal: &'a Proposal, setting: &str, column: Option<&str>) -> Vec<&'a str> {
    let of = proposal.decisions.iter().filter(|d| d.setting == setting && d.column.as_deref() == column);
    of.map(|decision| decision.value.as_str()).collect()
}

#[test]
fn a_clean_table_needs_nothing() {
    let folder = Folder::with("x.csv", "id,price,day,name\n1,1.5,2024-01-02,a\n2,2.5,2024-01-03,b\n");
    let (proposal, columns, _) = reads(&folder, "x.csv");
    assert_eq!(proposal.decisions, []);
    assert_eq!(proposal.settings, ropeway_source::SourceSettings::of_file("x.csv"));
    assert_eq!(columns, ["id:integer", "price:float", "day:date", "name:text"]);
    assert!(proposal.seen.whole);
}

/// Every defect in one file: its encoding, lines around the table, spellings of numbers, dates, booleans, missing values.
fn messy() -> Vec<u8> {
    let mut text = String::from("Verkäufe 2024\nStand: heute\n\nnr;plz;betrag;tag;anteil;alter;aktiv;bis\n");
    for row in 0..200 {
        let (day, month) = (row % 28 + 1, row % 12 + 1);
        let age = if row % 40 == 7 { -999 } else { 20 + row % 50 };
        let until = if row % 50 == 3 { "31.12.9999".into() } else { format!("{day:02}.{month:02}.2025") };
        let amount =
            if row % 60 == 9 { "n/a".into() } else { format!("{}.{:03},{:02} €", row % 9 + 1, row, row % 100) };
        let active = if row % 3 == 0 { "ja" } else { "nein" };
        text += &format!(
            "{row};{:05};{amount};{day:02}.{month:02}.2024;{},5 %;{age};{active};{until}\n",
            row * 7,
            row % 90
        );
        if row == 100 {
            text += "# zweite Hälfte\n";
        }
    }
    text += "Summe;;123.456,00 €;;;;;\nQuelle: wir\n";
    text.chars().map(|c| if c == '€' { 0x80 } else { u8::try_from(u32::from(c)).unwrap() }).collect()
}

#[test]
fn a_messy_table_is_read_with_its_true_values() {
    let folder = Folder::with("x.csv", messy());
    let (proposal, columns, rows) = reads(&folder, "x.csv");
    let settings = &proposal.settings;
    assert_eq!(settings.encoding.as_deref(), Some("windows-1252"));
    assert_eq!(settings.delimiter.as_deref(), Some(";"));
    assert_eq!((settings.skip_lines, settings.skip_footer, settings.comment.as_deref()), (3, 2, Some("#")));
    let types = [
        "nr:integer",
        "plz:text",
        "betrag:float",
        "tag:date",
        "anteil:float",
        "alter:integer",
        "aktiv:boolean",
        "bis:date",
    ];
    assert_eq!(columns, types, "{proposal:#?}");
    assert_eq!(rows.len(), 200);
    assert_eq!(rows[0], "0|00000|1000.0|2024-01-01|0.005|20|true|2025-01-01");
    assert_eq!(rows[3], "3|00021|4003.03|2024-04-04|0.035|23|true|∅");
    assert_eq!(rows[7], "7|00049|8007.07|2024-08-08|0.075|∅|false|2025-08-08");
    assert_eq!(rows[9], "9|00063|∅|2024-10-10|0.095|29|true|2025-10-10");
    assert_eq!(setting(&proposal, "column.null", Some("alter")), ["\"-999\""]);
    assert_eq!(setting(&proposal, "column.null", Some("bis")), ["\"31.12.9999\""]);
    assert_eq!(setting(&proposal, "null", None), ["\"n/a\""]);
    for decision in &proposal.decisions {
        assert!(!decision.why.is_empty() && decision.fit <= decision.of, "{decision:?}");
    }
}

#[test]
fn the_settings_of_a_proposal_survive_the_project_file() {
    let folder = Folder::with("x.csv", messy());
    let settings = proposed(&folder, "x.csv").settings;
    let text = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<ropeway_source::SourceSettings>(&text).unwrap(), settings);
}

#[test]
fn where_both_readings_fit_the_other_is_told() {
    let ambiguous = "d,n,x\n05/04/2024,1.234,a\n01/02/2024,2.345,b\n03/09/2024,3.456,c\n";
    let folder = Folder::with("x.csv", ambiguous);
    let proposal = proposed(&folder, "x.csv");
    let other = |name: &str| {
        let of = proposal
            .decisions
            .iter()
            .find(|decision| decision.column.as_deref() == Some(name) && decision.other.is_some());
        of.unwrap_or_else(|| panic!("{proposal:#?}")).other.clone().unwrap()
    };
    assert_eq!(other("d"), r#"["%m/%d/%Y"]"#);
    assert_eq!(other("n"), r#"{ decimal = ",", thousands = "." }"#);
    // A column beside it tells.
    let told = ambiguous
        .replace(",x\n", ",e\n")
        .replace(",a", ",01/31/2024")
        .replace(",b", ",02/28/2024")
        .replace(",c", ",01/01/2023");
    let proposal = proposed(&Folder::with("x.csv", told), "x.csv");
    assert_eq!(proposal.settings.column["d"].dates.as_deref(), Some(&["%m/%d/%Y".to_owned()][..]));
    let german = "n;m\n1.234;1,5\n2.345;2,75\n";
    let folder = Folder::with("x.csv", german);
    let (_, columns, rows) = reads(&folder, "x.csv");
    assert_eq!(
        (columns, rows),
        (vec!["n:integer".to_owned(), "m:float".to_owned()], vec!["1234|1.5".to_owned(), "2345|2.75".to_owned()])
    );
}

#[test]
fn delimiters_headers_and_single_columns() {
    let check = |name: &str, text: &str, expect: &[&str]| {
        let (_, columns, _) = reads(&Folder::with(name, text), name);
        assert_eq!(columns, expect, "{text}");
    };
    check("x.csv", "a|b\n1|2\n3|4\n", &["a:integer", "b:integer"]);
    check("x.csv", "a\tb\n1\t2,5\n3\t4,5\n", &["a:integer", "b:float"]);
    check("x.tsv", "a\tb\n1\t2\n", &["a:integer", "b:integer"]);
    check("x.csv", "a;b\n1,5;2,5\n3,5;4,5\n", &["a:float", "b:float"]);
    check("x.csv", "1,2024-01-01,x\n2,2024-01-02,y\n", &["column_1:integer", "column_2:date", "column_3:text"]);
    check("x.csv", "name,2023,2024\na,5,6\nb,7,8\n", &["name:text", "2023:integer", "2024:integer"]);
    check("x.csv", "c1,c2\n5,6\n7,8\n", &["c1:integer", "c2:integer"]);
    check("x.csv", "{\"a\": 1}\n{\"a\": 2}\n", &["a:integer"]);
    check("x.csv", "only\n1\n2\n", &["only:integer"]);
    check("x.csv", "#,name\n1,a\n2,b\n", &["#:integer", "name:text"]);
    check("x.csv", "a,b\n1,\"x\ny, z\"\n2,w\n", &["a:integer", "b:text"]);
}

#[test]
fn a_title_may_have_the_fields_of_the_table_and_the_last_row_a_line_break() {
    let check = |text: &str, skipped: usize, columns: &[&str]| {
        let (proposal, found, _) = reads(&Folder::with("x.csv", text), "x.csv");
        assert_eq!((proposal.settings.skip_lines, proposal.settings.skip_footer), (skipped, 0), "{text}");
        assert_eq!(found, columns, "{text}");
    };
    let abc = ["a:integer", "b:integer", "c:text"];
    check("Sales,,\n,,\na,b,c\n1,2,x\n3,4,y\n", 2, &abc);
    check("a,b,c\n,,x\n1,2,y\n", 0, &abc);
    let seven = ["a", "b", "c", "d", "e", "f", "g"].map(|name| format!("{name}:integer"));
    let seven: Vec<&str> = seven.iter().map(String::as_str).collect();
    check("Report,2024,,,,,\na,b,c,d,e,f,g\n1,2,3,4,5,6,7\n8,7,6,5,4,3,2\n", 1, &seven);
    // The first row of a table that has hardly any.
    check("a,b,c,d,e,f,g\n1,2,,,,,\n8,7,6,5,4,3,2\n", 0, &seven);
    check("a,b,c\n1,2,\"x\ny\"\n3,4,\"y\nand the rest of it\"\n", 0, &abc);
    check("a;b;c\n1;2;\"x, y,\nz\"\n3;4;\"y\nand, the, rest, of, it\"\n", 0, &abc);
}

#[test]
fn three_spellings_of_dates_and_a_mixture_of_types() {
    let mut text = String::from("d,mixed\n");
    for row in 0..60 {
        let (day, month) = (row % 28 + 1, row % 12 + 1);
        let date = match row % 3 {
            0 => format!("2024-{month:02}-{day:02}"),
            1 => format!("{day:02}.{month:02}.2024"),
            _ => format!("{month:02}/{day:02}/2024"),
        };
        let mixed = ["1", "true", "2024-01-01", "x", "1.5"][row % 5];
        text += &format!("{date},{mixed}\n");
    }
    let (proposal, columns, rows) = reads(&Folder::with("x.csv", text), "x.csv");
    assert_eq!(columns, ["d:date", "mixed:text"], "{proposal:#?}");
    assert_eq!(rows[1], "2024-02-02|true");
    assert_eq!(rows[2], "2024-03-03|2024-01-01");
}

#[test]
fn json_lines_and_files_of_any_name() {
    let text = "{\"n\": \"1,234.50\", \"t\": \"31/01/2024\", \"f\": \"yes\"}\n{\"n\": \"12\", \"t\": \"01/02/2024\", \"f\": \"no\"}\n";
    let (_, columns, rows) = reads(&Folder::with("x.jsonl", text), "x.jsonl");
    assert_eq!(columns, ["n:float", "t:date", "f:boolean"]);
    assert_eq!(rows, ["1234.5|2024-01-31|true", "12.0|2024-02-01|false"]);
    let (proposal, ..) = reads(&Folder::with("table", "a,b\n1,2\n"), "table");
    assert_eq!(setting(&proposal, "format", None), ["\"csv\""]);
}

#[test]
fn what_is_no_table_is_refused_and_nothing_panics() {
    for bytes in [
        &b""[..],
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"\n\n\n",
        b"\xff\xfe",
        b"a",
        b"\"",
        b",,,\n",
        b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    ] {
        let folder = Folder::with("x.csv", bytes);
        let _ = propose(Path::new("x.csv"), folder.root(), &Hint::default());
    }
    let mut state = 7_u64;
    let parts: [&[u8]; 16] = [
        b",",
        b";",
        b"\"",
        b"\n",
        b"\r\n",
        b"1",
        b"-",
        b".5",
        b"31.12.2024",
        b"\xc3\xa9",
        b"\xe9",
        b"#",
        b"%",
        "€".as_bytes(),
        b"x",
        b"Total",
    ];
    for _ in 0..1_000 {
        let mut text = Vec::new();
        for _ in 0..80 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.extend_from_slice(parts[(state >> 60) as usize]);
        }
        let folder = Folder::with("x.csv", text);
        if let Ok(proposal) = propose(Path::new("x.csv"), folder.root(), &Hint::default())
            && let Ok((read, _)) = read_all("s", &proposal.settings, folder.root())
        {
            assert_eq!(read.rows_in, read.kept + read.rejected);
        }
    }
}

#[test]
fn a_text_that_stands_again_and_again_among_numbers_or_days_is_a_missing_value() {
    for text in ["s/d", "NR", "TBD", "sin dato", "no consta"] {
        let row = |row: usize| {
            let (age, day) = (20 + row % 61, format!("2024-{:02}-{:02}", row % 12 + 1, row % 28 + 1));
            let (age, day) = (age.to_string(), day);
            match row % 25 {
                3 => format!("{row},{text},{day},{row}\n"),
                7 => format!("{row},{age},{text},{text}\n"),
                _ => format!("{row},{age},{day},{row}\n"),
            }
        };
        let folder = Folder::with("x.csv", format!("n,age,day,customer_id\n{}", (0..500).map(row).collect::<String>()));
        let (proposal, columns, rows) = reads(&folder, "x.csv");
        assert_eq!(columns, ["n:integer", "age:integer", "day:date", "customer_id:text"], "{proposal:#?}");
        assert_eq!(rows.len(), 500);
        let told = proposal.missing.iter().map(|missing| (missing.column.as_str(), missing.rows)).collect::<Vec<_>>();
        assert_eq!(told, [("age", 20), ("day", 20)]);
        assert!(proposal.decisions.iter().all(|decision| decision.aloud), "{proposal:#?}");
    }
}

#[test]
fn a_header_that_stands_again_between_the_rows_costs_itself_and_no_type() {
    let rows: String = (0..300).map(|row| format!("{row},D{},{}\n", row % 3, row + 1)).collect();
    let again = rows.replacen("\n150,", "\nno,depot,minutes\n150,", 1);
    let folder = Folder::with("x.csv", format!("no,depot,minutes\n{again}"));
    let proposal = proposed(&folder, "x.csv");
    let told = proposal.decisions.iter().find(|decision| decision.aloud).unwrap();
    assert!(told.why.starts_with("1 row repeats the header"), "{proposal:#?}");
    let (read, _) = read_all("s", &proposal.settings, folder.root()).unwrap();
    assert_eq!(columns(&read), ["no:integer", "depot:text", "minutes:integer"]);
    assert_eq!((read.kept, read.rejected), (300, 1));
    assert_eq!(read.quarantine[0].reason, "repeats the header");
    // In a file of one column it is a value.
    let folder = Folder::with("y.csv", "name\na\nname\nb\n");
    assert_eq!(reads(&folder, "y.csv").2, ["a", "name", "b"]);
}
