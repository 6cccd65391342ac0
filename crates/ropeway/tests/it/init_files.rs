//! What files are: those of a folder of which not all end alike, globs, arrays and objects of JSON, names of people.

use std::fmt::Write as _;

use crate::profile::dice;
use crate::ropeway::{Ended, Folder};

/// A month of claims, the last row of which may be their total.
fn claims(month: u64, total: Option<&str>) -> String {
    let mut text = String::from("claim_id,kind,amount,fraud\n");
    let mut sum = 0;
    for row in 0..40 {
        let (number, amount) = (month * 100 + row, 10 + dice(month * 100 + row, 1) % 900);
        sum += amount;
        let fraud = if dice(number, 2).is_multiple_of(3) { "yes" } else { "no" };
        let _ = writeln!(
            text,
            "CL{number:05},{},{amount},{fraud}",
            ["fire", "theft", "glass"][(dice(number, 4) % 3) as usize]
        );
    }
    if let Some(label) = total {
        let _ = writeln!(text, "{label},,{sum},");
    }
    text
}

fn folder(totals: [Option<&str>; 3]) -> Folder {
    let folder = Folder::new();
    for (month, total) in (1..).zip(totals) {
        folder.write(&format!("claims/2024-0{month}.csv"), claims(month, total));
    }
    folder
}

#[test]
fn a_row_of_totals_in_some_files_of_a_folder_takes_no_true_row_of_the_others() {
    let rows = |folder: &Folder| {
        folder.run(&["profile", "claims", "--label", "fraud", "--json"]).expect(0).json()["rows"].clone()
    };
    let total = Some("Total");
    for totals in [[total, None, total], [None, total, total], [None, None, total], [total; 3], [None; 3]] {
        assert_eq!(rows(&folder(totals)), 120, "{totals:?}");
    }
    let some = folder([total, None, total]);
    some.run(&["init", "claims", "--label", "fraud", "--name", "p"]).expect(0);
    let toml = some.read("ropeway.toml");
    assert!(toml.contains("comment = \"Total,\"") && !toml.contains("skip_footer"), "{toml}");
    assert!(toml.contains("2 of 3 files end in such a row, and `claims/2024-02.csv` in none"), "{toml}");
    assert!(toml.contains("unique = [\"claim_id\"]"), "{toml}");
    let counted = some.run(&["query", "SELECT count(*) AS n FROM claims_clean", "--json"]).expect(0);
    assert!(counted.stdout.contains("120"), "{}", counted.stdout);
    let all = folder([total; 3]);
    all.run(&["init", "claims", "--label", "fraud", "--name", "p"]).expect(0);
    assert!(all.read("ropeway.toml").contains("skip_footer = 1"));
}

#[test]
fn a_project_that_skips_a_row_of_each_file_is_told_where_that_takes_a_true_one() {
    let total = Some("Total");
    for (totals, told) in [([total; 3], false), ([total, None, total], true), ([None, total, None], true)] {
        let folder = folder([total; 3]);
        folder.run(&["init", "claims", "--label", "fraud", "--name", "p"]).expect(0);
        for (month, total) in (1..).zip(totals) {
            folder.write(&format!("claims/2024-0{month}.csv"), claims(month, total));
        }
        let found = folder.run(&["check", "--json"]).expect(0).json()["findings"].to_string();
        assert_eq!(found.contains("uneven-footer"), told, "{found}");
        assert!(!told || found.contains("claims/2024-0") && found.contains("in none"), "{found}");
    }
}

#[test]
fn rows_of_totals_that_are_called_differently_are_named_with_their_files() {
    let folder = folder([Some("Total"), None, Some("Summe")]);
    let said = folder.run(&["profile", "claims", "--label", "fraud"]).expect(0).stdout;
    for part in
        ["LOOK at the last rows", "`claims/2024-01.csv`: `Total` labels it", "`claims/2024-03.csv`: `Summe`", "WHERE"]
    {
        assert!(said.contains(part), "`{part}`: {said}");
    }
    assert!(said.contains("122 rows"), "no row is lost: {said}");
}

#[test]
fn a_glob_is_the_files_it_matches_from_where_the_process_is() {
    let folder = folder([None; 3]);
    let page = |pattern: &str| folder.run(&["profile", pattern, "--json"]);
    assert_eq!(page("claims/2024-0*.csv").expect(0).json()["rows"], 120);
    assert_eq!(page("claims/2024-0[12].csv").expect(0).json()["rows"], 80);
    assert!(page("claims/2025-*.csv").expect(1).stdout.contains("no-files"));
    folder.run(&["init", "claims/2024-0*.csv", "--label", "fraud", "--name", "p"]).expect(0);
    assert_eq!(page("claims/2024-0*.csv").expect(0).json()["rows"], 120, "in a project, too");
}

#[test]
fn an_array_of_json_is_told_and_objects_are_no_lists() {
    let folder = Folder::new();
    folder.write("a.json", "[{\"a\": 1}, {\"a\": 2}]\n");
    folder.write("b.json", "[\n  {\"a\": 1},\n  {\"a\": 2}\n]\n");
    for name in ["a.json", "b.json"] {
        folder.fails(&["profile", name], 1, &["this is a JSON array", "one object a line"]);
    }
    let line = |row: u64| {
        let (plan, tags) = (["s", "m"][(row % 2) as usize], ["x|y", "y|z", "z|x", "x|z", "y|x"][(row % 5) as usize]);
        let seats = row % 9;
        format!(
            "{{\"a\":{row},\"plan\":{{\"name\":\"{plan}\",\"seats\":{seats}}},\"tags\":\"{tags}\",\"left\":{}}}\n",
            dice(row, 1) % 2
        )
    };
    folder.write("o.jsonl", (0..200).map(line).collect::<String>());
    let said = folder.run(&["profile", "o.jsonl", "--label", "left", "--json"]).expect(0).json();
    let found: Vec<String> = said["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{} {}", finding["code"].as_str().unwrap(), finding["columns"][0].as_str().unwrap()))
        .collect();
    assert!(found.contains(&"object plan".to_owned()) && found.contains(&"list tags".to_owned()), "{found:?}");
    assert!(!found.contains(&"list plan".to_owned()), "{found:?}");
}

fn personal(name: &str, value: impl Fn(u64) -> String) -> bool {
    let folder = Folder::new();
    let mut text = format!("n;{name}\n");
    (0..120).for_each(|row| {
        let _ = writeln!(text, "{};{}", dice(row, 1) % 50, value(row));
    });
    folder.write("d.csv", text);
    let said = folder.run(&["profile", "d.csv", "--json"]).expect(0).json();
    said["findings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|finding| finding["code"] == "personal" && finding["columns"][0] == name)
}

#[test]
fn people_are_found_by_their_names_whatever_the_column_is_called() {
    let pick = |of: &[&str], row: u64, salt: u64| of[(dice(row, salt) % of.len() as u64) as usize].to_owned();
    let given = ["Anna", "Peter", "Sabine", "Jürgen", "María", "Jean-Luc", "Giulia", "Emma", "Wei", "Xiomara"];
    let family = ["Schmidt", "Müller", "García", "Rossi", "Smith", "Dubois", "de Vries", "Silva"];
    for name in ["Ansprechpartner", "Kontakt", "Contact person", "x"] {
        assert!(personal(name, |row| format!("{} {}", pick(&given, row, 2), pick(&family, row, 3))), "{name}");
    }
    assert!(personal("Kunde", |row| format!("{}, {}", pick(&family, row, 3), pick(&given, row, 2))));
    let others: [&[&str]; 5] = [
        &[
            "San Francisco",
            "New York",
            "Los Angeles",
            "Santa Maria",
            "Saint Paul",
            "Baton Rouge",
            "Fort Wayne",
            "Virginia Beach",
        ],
        &["Blue Chair", "Oak Table", "Desk Lamp", "Wool Carpet", "Glass Shelf", "Rose Vase", "Iron Stool"],
        &[
            "Charles Schwab Corp",
            "Morgan Stanley",
            "Wells Fargo",
            "Thomas Cook Ltd",
            "Johnson Controls",
            "General Electric",
            "Best Buy",
        ],
        &["Martin Luther Street", "Abbey Road", "Victoria Avenue", "Park Lane", "Fifth Avenue", "James Street"],
        &["North West", "South East", "Very Good", "Quite Bad", "Not Known", "Middle Way"],
    ];
    for of in others {
        assert!(!personal("Wert", |row| pick(of, row, 7)), "{of:?}");
        assert!(
            !personal("name", |row| format!("{} {}", pick(of, row, 7), ["East", "Group", "Two"][(row % 3) as usize])),
            "{of:?}"
        );
    }
}

#[test]
fn names_of_projects_are_checked_when_asked_for_and_made_readable_when_not() {
    let folder = Folder::new();
    folder.write(
        "ünï/d.csv",
        (0..60).fold(String::from("a,b\n"), |text, row| format!("{text}{},{}\n", row % 7, row % 2)),
    );
    let init = |more: &[&str]| -> Ended {
        folder.run(&[&["init", "ünï/d.csv", "--label", "b", "-C", "ünï"], more].concat())
    };
    let ended = init(&["--name", "My Model!"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("`My Model!` cannot be the name") && !ended.stderr.contains("defect"),
        "{}",
        ended.stderr
    );
    init(&[]).expect(0);
    assert!(folder.read("ünï/ropeway.toml").contains("name = \"ueni\""));
}
