//! One table in every form in which people send tables: `init`, `check` and `run --final` without an edit, and the rows are
//! those of the plain file. Control: without the settings that `init` found they are not.

use serde_json::Value;

use crate::ropeway::Folder;
use crate::source_forms::{gzipped, zstandard};
use crate::spelled_sources::{workbook, zip};

const ROWS: u32 = 200;

/// A number that follows from a row and looks like none.
fn dice(row: u32, salt: u32) -> u32 {
    let mut x = (row + 1).wrapping_mul(0x9e37_79b9) ^ salt.wrapping_mul(0x85eb_ca6b);
    x = (x ^ (x >> 15)).wrapping_mul(0x2c1b_3c6d);
    x ^ (x >> 13)
}

/// An amount in hundredths.
fn cents(row: u32) -> u32 {
    1_000 + dice(row, 1) % 400_000
}

fn city(row: u32) -> &'static str {
    ["Zürich", "Köln", "Graz"][(dice(row, 2) % 3) as usize]
}

fn day(row: u32) -> u32 {
    1 + dice(row, 3) % 28
}

fn churned(row: u32) -> bool {
    cents(row) + dice(row, 4) % 150_000 > 270_000
}

/// A table of lines, `amount`, `joined` and `y` written as these say.
fn table(mark: &str, amount: fn(u32) -> String, joined: fn(u32) -> String, y: fn(bool) -> &'static str) -> String {
    let row =
        |row: u32| [row.to_string(), amount(row), city(row).into(), joined(row), y(churned(row)).into()].join(mark);
    let head = ["id", "amount", "city", "joined", "y"].join(mark);
    std::iter::once(head).chain((0..ROWS).map(row)).map(|line| line + "\n").collect()
}

fn point(row: u32) -> String {
    format!("{}.{:02}", cents(row) / 100, cents(row) % 100)
}

fn iso(row: u32) -> String {
    format!("2024-01-{:02}", day(row))
}

fn yes(y: bool) -> &'static str {
    if y { "yes" } else { "no" }
}

fn plain() -> String {
    table(",", point, iso, yes)
}

/// As in Germany.
fn german() -> String {
    let comma = |row| {
        let (whole, cents) = (cents(row) / 100, cents(row) % 100);
        if whole < 1_000 {
            format!("{whole},{cents:02}")
        } else {
            format!("{}.{:03},{cents:02}", whole / 1_000, whole % 1_000)
        }
    };
    table(";", comma, |row| format!("{:02}.01.2024", day(row)), |y| if y { "ja" } else { "nein" })
}

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// `init`, `check` and `run --final` of this file; what `init` and `run` said.
#[track_caller]
fn through(path: &str, files: &[(&str, &[u8])]) -> (Folder, Value, Value) {
    let folder = Folder::new();
    for (name, bytes) in files {
        folder.write(name, bytes);
    }
    let started = folder.run(&["init", path, "--label", "y", "--json"]).expect(0).json();
    folder.run(&["check"]).expect(0);
    let report = folder.run(&["run", "--final", "--json", "--quiet"]).expect(0).json();
    assert!(report["final"].is_object(), "{path}: the holdout was not opened");
    (folder, started, report)
}

/// The rows of the one table, as a CSV file.
#[track_caller]
fn rows(folder: &Folder) -> String {
    folder.run(&["table", "data_clean", "--personal", "--out", "rows.csv"]).expect(0);
    folder.read("rows.csv")
}

#[track_caller]
fn check(path: &str, files: &[(&str, &[u8])], expected: &str) -> Folder {
    let (folder, started, report) = through(path, files);
    assert_eq!((&started["rows"], &started["rejected"]), (&ROWS.into(), &0.into()), "{path}: {started}");
    assert_eq!(report["examples"]["rows"], ROWS, "{path}");
    let found = rows(&folder);
    let odd = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
    assert_eq!(odd, None, "{path}\n{}", folder.read("ropeway.toml"));
    assert_eq!(found.lines().count(), expected.lines().count(), "{path}");
    folder
}

fn expected() -> String {
    let (folder, ..) = through("data.csv", &[("data.csv", plain().as_bytes())]);
    let rows = rows(&folder);
    assert_eq!(rows.lines().count() as u32, ROWS + 1);
    rows
}

#[test]
fn delimiters_encodings_and_packing() {
    let (text, expected) = (plain(), expected());
    for (name, bytes) in [
        ("data.tsv", text.replace(',', "\t").into_bytes()),
        ("data.csv", text.replace(',', "\t").into_bytes()),
        ("data.txt", text.replace(',', "|").into_bytes()),
        ("data.csv", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("data.csv", [b"\xff\xfe", &wide(&text)[..]].concat()),
        ("data.csv", wide(&text)),
        ("data.csv", latin(&text)),
        ("data.csv.gz", gzipped(text.as_bytes())),
        ("data.csv.zst", zstandard(text.as_bytes())),
        ("data.zip", zip(&[("inner/table.csv", text.as_bytes()), ("README.md", b"#")])),
        ("it's Jürg's \"own\" folder/data.csv", text.clone().into_bytes()),
    ] {
        check(name, &[(name, &bytes)], &expected);
    }
    let (head, body) = text.split_once('\n').unwrap();
    let half = body.match_indices('\n').nth(ROWS as usize / 2).unwrap().0 + 1;
    let parts = [&body[..half], &body[half..]].map(|part| format!("{head}\n{part}"));
    check("data", &[("data/1.csv", parts[0].as_bytes()), ("data/2.csv", parts[1].as_bytes())], &expected);
}

#[test]
fn numbers_dates_and_lines_around_the_table() {
    let expected = expected();
    let text = german();
    let folder = check("data.csv", &[("data.csv", &latin(&text))], &expected);
    // Control: what `init` found is needed.
    let toml = folder.read("ropeway.toml");
    for setting in ["number = {", "dates = [", "encoding = \""] {
        let without: String =
            toml.lines().filter(|line| !line.starts_with(setting)).map(|line| format!("{line}\n")).collect();
        assert_ne!(without, toml, "{setting}");
        folder.write("ropeway.toml", without);
        let ended = folder.run(&["table", "data_clean", "--personal", "--out", "rows.csv"]);
        assert!(ended.code != 0 || folder.read("rows.csv") != expected, "{setting}");
    }
    let sum: u32 = (0..ROWS).map(cents).sum();
    let around = format!(
        "Kunden 2024\nStand: heute\n\n{}Summe;{},{:02};;;\nQuelle: wir\n",
        text.replacen("\n100;", "\n# zweite Seite\n100;", 1),
        sum / 100,
        sum % 100
    );
    let folder = check("data.csv", &[("data.csv", &latin(&around))], &expected);
    let toml = folder.read("ropeway.toml");
    for said in ["skip_lines = 3   # ", "comment = \"#\"   # ", "skip_footer = 2   # ", "delimiter = \";\"   # "] {
        assert!(toml.contains(said), "`{said}` is not in\n{toml}");
    }
    let money = |row: u32| {
        let (whole, cents) = (cents(row) / 100, cents(row) % 100);
        if whole < 1_000 {
            format!("${whole}.{cents:02}")
        } else {
            format!("\"${},{:03}.{cents:02}\"", whole / 1_000, whole % 1_000)
        }
    };
    let american = table(",", money, |row| format!("01/{:02}/2024", day(row)), yes);
    check("data.csv", &[("data.csv", american.as_bytes())], &expected);
}

#[test]
fn a_workbook_and_json_lines() {
    let expected = expected();
    check("data.xlsx", &[("data.xlsx", &workbook(&format!("Customers\n{}", plain())))], &expected);
    let line = |row: u32| {
        let y = if churned(row) { "yes" } else { "no" };
        format!(
            "{{\"id\": {row}, \"amount\": {}, \"city\": \"{}\", \"joined\": \"{}\", \"y\": \"{y}\"}}\n",
            point(row),
            city(row),
            iso(row)
        )
    };
    let lines: String = (0..ROWS).map(line).collect();
    check("data.jsonl", &[("data.jsonl", lines.as_bytes())], &expected);
}

#[test]
fn codes_counted_times_and_values_of_several_lines() {
    let mut text = String::from("plz,created_at,note,price,share,y\n");
    for row in 0..ROWS {
        let at = 1_704_067_200_123_u64 + u64::from(row) * 3_600_000;
        let amount = f64::from(cents(row)) / 100.0;
        let y = if churned(row) { "won" } else { "lost" };
        text += &format!(
            "{:05},{at},\"said \"\"{}\"\",\nthen left\",{amount:.2} €,{:.1}%,{y}\n",
            dice(row, 5) % 90 * 37,
            city(row),
            amount / 50.0
        );
    }
    let (folder, started, report) = through("data.csv", &[("data.csv", text.as_bytes())]);
    assert_eq!((&report["examples"]["rows"], &started["rejected"]), (&ROWS.into(), &0.into()));
    let types: Vec<&str> = started["columns"].as_array().unwrap().iter().map(|c| c["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["text", "timestamp", "text", "float", "float", "text"]);
    let toml = folder.read("ropeway.toml");
    for said in [
        "dates = [\"epoch_milliseconds\"]",
        "unit = [\"€\"]",
        "unit = [\"%\"]",
        "# plz: a number does not begin with 0",
    ] {
        assert!(toml.contains(said), "`{said}` is not in\n{toml}");
    }
    assert!(rows(&folder).contains("\"said \"\"Graz\"\",\nthen left\""));
}

/// Where the first rows bear two readings of a date, all rows decide.
#[test]
fn a_day_beyond_twelve_far_down_turns_the_order() {
    let text = |late: fn(u32) -> String| {
        let mut text = String::from("when,amount,y\n");
        for row in 0..30_000 {
            let when = if (22_000..26_000).contains(&row) {
                late(row)
            } else {
                format!("{:02}/{:02}/2024", 1 + dice(row, 6) % 12, 1 + dice(row, 7) % 12)
            };
            text += &format!("{when},{},{}\n", point(row), yes(churned(row)));
        }
        text
    };
    for (late, way) in [
        (
            (|row| format!("{:02}/{:02}/2024", 1 + dice(row, 6) % 12, 13 + dice(row, 7) % 15)) as fn(u32) -> String,
            "%m/%d/%Y",
        ),
        (|row| format!("{:02}/{:02}/2024", 13 + dice(row, 7) % 15, 1 + dice(row, 6) % 12), "%d/%m/%Y"),
    ] {
        let folder = Folder::new();
        folder.write("data.csv", text(late));
        let started = folder.run(&["init", "data.csv", "--label", "y", "--json"]).expect(0).json();
        assert_eq!(started["rejected"], 0, "{way}");
        let toml = folder.read("ropeway.toml");
        assert!(toml.contains(&format!("dates = [\"{way}\"]")), "{toml}");
        let said = folder.run(&["profile", "data.csv", "--label", "y", "--json"]).expect(0).json();
        assert_eq!((&said["rejected"], &said["settings"]["column"]["when"]["dates"][0]), (&0.into(), &way.into()));
    }
    // Both orders in one file: neither is right, and it stays text rather than losing rows.
    let both: fn(u32) -> String = |row| if row % 2 == 0 { "13/01/2024".into() } else { "01/13/2024".into() };
    let folder = Folder::new();
    folder.write("data.csv", text(both));
    let started = folder.run(&["init", "data.csv", "--label", "y", "--json"]).expect(0).json();
    assert_eq!((&started["rejected"], &started["columns"][0]["type"]), (&0.into(), &"text".into()), "{started}");
    assert!(started["notes"].to_string().contains("column `when` begins as date and does not stay so"), "{started}");
}

/// `init` and `profile` agree on what a file holds.
#[test]
fn init_and_profile_say_the_same() {
    let mut text = String::from("id,age,until,state,y\n");
    for row in 0..ROWS {
        let age = if row % 20 == 3 { -999 } else { 20 + (dice(row, 5) % 50) as i32 };
        let until = if row % 9 == 2 { "9999-12-31".to_owned() } else { iso(row) };
        text += &format!("{row},{age},{until},{},{}\n", ["?", "a", "b", "n/a"][(row % 4) as usize], yes(churned(row)));
    }
    let folder = Folder::new();
    folder.write("data.csv", text);
    let said = folder.run(&["profile", "data.csv", "--label", "y", "--json"]).expect(0).json();
    let started = folder.run(&["init", "data.csv", "--label", "y", "--json"]).expect(0).json();
    assert_eq!(said["findings"], started["findings"]);
    let sentinels: Vec<&Value> =
        said["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == "sentinel").collect();
    let values: Vec<(&str, u64)> = sentinels
        .iter()
        .flat_map(|finding| finding["values"].as_array().unwrap())
        .map(|value| (value["value"].as_str().unwrap(), value["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(values, [("-999", 10), ("9999-12-31", 22), ("?", 50), ("n/a", 50)]);
    for (column, missing) in [(1, 10), (2, 22), (3, 100)] {
        assert_eq!(said["columns"][column]["missing"], missing);
        assert_eq!(started["columns"][column]["missing"], missing);
    }
}

/// What stands for nothing is proposed from the beginning of a large file, and found where all rows alone show it.
#[test]
fn what_stands_for_nothing_far_down_is_found_and_a_sample_is_called_one() {
    let mut text = String::from("age,state,y\n");
    for row in 0..30_000_u32 {
        let age = if row % 1_000 == 7 { -999 } else { 20 + (dice(row, 5) % 50) as i32 };
        let state =
            if row >= 25_000 && row % 10 == 0 { "unknown" } else { ["a", "b", "c"][(dice(row, 6) % 3) as usize] };
        text += &format!("{age},{state},{}\n", yes(churned(row)));
    }
    let folder = Folder::new();
    folder.write("data.csv", text);
    let started = folder.run(&["init", "data.csv", "--label", "y", "--json"]).expect(0).json();
    let evidence = |column: &str| -> String {
        let all = started["findings"].as_array().unwrap().iter();
        let mut of = all.filter(|finding| finding["code"] == "sentinel" && finding["columns"][0] == column);
        of.next().unwrap()["evidence"].as_str().unwrap().to_owned()
    };
    let (age, state) = (evidence("age"), evidence("state"));
    assert!(age.starts_with("`-999` in 2") && age.contains(" of the 20000 looked at"), "{age}");
    assert!(state.starts_with("`unknown` in 500 rows stands"), "{state}");
    assert_eq!(started["columns"][0]["missing"], 30, "those beyond the sample are read as missing, too");
    let toml = folder.read("ropeway.toml");
    for said in ["told from the first 20,000 rows", "null = [\"\", \"-999\"]", "null = [\"\", \"unknown\"]"] {
        assert!(toml.contains(said), "`{said}` is not in\n{toml}");
    }
}
