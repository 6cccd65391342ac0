//! Values as strangers write them: codes without their zeros, lists in cells, booleans of other languages, counts of seconds, a
//! stray quote, totals at the end of some files. Each is read for what it means, and what was decided is said. Controls: the same
//! without what makes it odd, or without the setting.

use crate::ropeway::Folder;
use crate::strangers::{ROWS, codes, dice, plain, said, started, table, written};

#[test]
fn codes_without_their_zeros_find_the_row_they_mean() {
    let folder = Folder::new();
    let zip = |row: u64| 400 + dice(row, 5) % 60 * 11;
    folder.write("visits.csv", table(0..ROWS, ",zip_code", |row| format!(",{:05}", zip(row))));
    let places: String = (0..60_u64).map(|at| format!("{},{}\n", 400 + at * 11, dice(at, 7) % 90)).collect();
    folder.write("places.csv", format!("zip_code,people\n{places}"));
    let begun = started(&folder, &["visits.csv", "places.csv"]);
    said(&begun["lookups"], "lpad(CAST(zip_code AS VARCHAR), 5, '0')");
    said(&begun["notes"], "100.0% of the rows find their `zip_code`");
    folder.run(&["run", "--final", "--quiet"]).expect(0);
    // Control: without it no row finds any.
    folder.edit("tables/places_clean.sql", "lpad(CAST(zip_code AS VARCHAR), 5, '0')", "CAST(zip_code AS VARCHAR)");
    folder.run(&["check"]).expect(0);
    let people = |folder: &Folder| {
        folder.run(&["examples", "--out", "x.csv"]).expect(0);
        let text = folder.read("x.csv");
        let at = text.lines().next().unwrap().split(',').position(|name| name == "places_people").unwrap();
        text.lines().skip(1).filter(|line| !line.split(',').nth(at).unwrap().is_empty()).count()
    };
    assert_eq!(people(&folder), 0);
    folder.edit("tables/places_clean.sql", "CAST(zip_code AS VARCHAR)", "lpad(CAST(zip_code AS VARCHAR), 5, '0')");
    assert!(people(&folder) > 50);
    // Codes in several forms are told, with the share.
    let mixed = Folder::new();
    mixed.write(
        "visits.csv",
        table(
            0..ROWS,
            ",zip_code",
            |row| if row % 2 == 0 { format!(",{:05}", zip(row)) } else { format!(",0{}", zip(row)) },
        ),
    );
    mixed.write("places.csv", format!("zip_code,people\n{places}"));
    said(&started(&mixed, &["visits.csv", "places.csv"])["notes"], "were it not for leading zeros");
}

#[test]
fn lists_in_cells_are_learned_from_by_their_items() {
    let items = |row: u64| (0..1 + dice(row, 3) % 3).map(move |at| dice(row, 10 + at) % 6 + 1).collect::<Vec<u64>>();
    let joined = |row: u64, mark: &str| items(row).iter().map(u64::to_string).collect::<Vec<_>>().join(mark);
    let check = |cell: &dyn Fn(u64) -> String, has: &str| {
        let folder = Folder::new();
        folder.write("data.csv", table(0..ROWS, ",tags", |row| format!(",\"{}\"", cell(row))));
        let begun = started(&folder, &["data.csv"]);
        said(&begun["findings"], "learned from by the number of its items");
        written(&folder, "tags_items = ");
        written(&folder, &format!("tags_has_{has} = "));
        folder.run(&["run", "--quiet"]).expect(0);
        folder.run(&["examples", "--out", "x.csv"]).expect(0);
        let text = folder.read("x.csv");
        let head: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let count = head.iter().position(|name| *name == "tags_items").unwrap();
        assert!(text.lines().count() > 50, "{text}");
        let counts: std::collections::BTreeSet<&str> =
            text.lines().skip(1).map(|line| line.rsplit(',').nth(head.len() - 1 - count).unwrap()).collect();
        assert!(counts.iter().all(|count| ["1", "2", "3", "1.0", "2.0", "3.0"].contains(count)), "{counts:?}");
    };
    check(&|row| format!("[{}]", joined(row, ", ")), "3");
    check(&|row| format!("{{{}}}", joined(row, ",")), "3");
    check(&|row| joined(row, "|"), "3");
    check(&|row| format!("['{}']", joined(row, "', '").replace('3', "hip hop")), "hip_hop");
    // As many numbers in each row are these numbers.
    let folder = Folder::new();
    let place = |row: u64| format!(",\"({}.5, -{}.25)\"", dice(row, 3) % 90, dice(row, 4) % 180);
    folder.write("data.csv", table(0..ROWS, ",place", place));
    said(&started(&folder, &["data.csv"])["findings"], "learned from by each of the 2 numbers");
    folder.run(&["run", "--quiet"]).expect(0);
    folder.run(&["query", "SELECT place FROM data_clean WHERE id = 7", "--out", "one.csv"]).expect(0);
    written(&folder, "place_2 = \"\"\"TRY_CAST(split_part(");
    // Control: a remark in brackets is no list.
    let folder = Folder::new();
    folder.write("data.csv", table(0..ROWS, ",tags", |row| format!(",(kind {})", dice(row, 3) % 9)));
    assert!(!started(&folder, &["data.csv"])["findings"].to_string().contains("of its items"));
}

#[test]
fn yes_and_no_are_booleans_in_the_languages_of_their_writers() {
    let pairs = [
        ("sì", "no"),
        ("tak", "nie"),
        ("ja", "nee"),
        ("Ja", "Nej"),
        ("ja", "nei"),
        ("kyllä", "ei"),
        ("sim", "não"),
        ("evet", "hayır"),
        ("ano", "ne"),
        ("igen", "nem"),
        ("y", "n"),
        ("T", "F"),
        ("on", "off"),
        ("✓", "✗"),
    ];
    let folder = Folder::new();
    let head: String = (0..pairs.len()).map(|at| format!(",b{at}")).collect();
    let word =
        |row: u64, at: usize| if dice(row, 20 + at as u64).is_multiple_of(3) { pairs[at].0 } else { pairs[at].1 };
    let text = table(0..ROWS, &(head + ",other"), |row| {
        let own: String = (0..pairs.len()).map(|at| format!(",{}", word(row, at))).collect();
        own + if dice(row, 90).is_multiple_of(2) { ",on" } else { ",no" }
    });
    folder.write("data.csv", text);
    let begun = started(&folder, &["data.csv"]);
    let ty = |name: &str| {
        let all = begun["columns"].as_array().unwrap();
        all.iter().find(|column| column["name"] == name).unwrap()["type"].as_str().unwrap().to_owned()
    };
    for (at, pair) in pairs.iter().enumerate() {
        assert_eq!(ty(&format!("b{at}")), "boolean", "{pair:?}");
    }
    // Control: the yes of one pair and the no of another are none.
    assert_eq!(ty("other"), "text");
    folder.run(&["query", "SELECT count(*) AS n FROM data_clean WHERE b1", "--out", "n.csv"]).expect(0);
    let yes = (0..ROWS).filter(|row| word(*row, 1) == "tak").count();
    assert_eq!(folder.read("n.csv").lines().nth(1), Some(yes.to_string().as_str()));
}

#[test]
fn counts_of_seconds_are_times_where_the_values_tell() {
    let folder = Folder::new();
    let text = table(0..ROWS, ",a,b,c,customer_id", |row| {
        let second = 1_672_531_200 + dice(row, 4) % 30_000_000;
        let id = 1_672_531_200_000 + dice(row, 6) % 30_000_000_000;
        format!(",{},{},{second},{id}", second * 1_000 + 7, second / 60 * 60)
    });
    folder.write("data.csv", text);
    let begun = started(&folder, &["data.csv"]);
    let ty = |name: &str| {
        let all = begun["columns"].as_array().unwrap();
        all.iter().find(|column| column["name"] == name).unwrap()["type"].as_str().unwrap().to_owned()
    };
    assert_eq!([ty("a"), ty("b"), ty("c"), ty("customer_id")], ["timestamp", "timestamp", "integer", "integer"]);
    written(&folder, "epoch_milliseconds");
    said(&begun["notes"], "column `c`: stays a number, though it may count seconds since 1970 (they lie in 2023)");
    assert!(!begun["notes"].to_string().contains("customer_id"), "{}", begun["notes"]);
}

#[test]
fn lines_that_a_stray_quote_swallowed_are_told_with_their_numbers() {
    let folder = Folder::new();
    let text = table(0..ROWS, ",name", |row| format!(",part {}", row % 9));
    // A quote opens on line 12 and closes on line 14: the lines between are rows.
    let lines: Vec<&str> = text.lines().collect();
    let mut stray: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    stray[11] = stray[11].replace(",part", ",\"part");
    stray[13] = stray[13].replace(",part 3", ",part 3\"");
    folder.write("data.csv", stray.join("\n") + "\n");
    let begun = started(&folder, &["data.csv"]);
    assert_eq!(begun["rows"], ROWS - 2);
    said(&begun["notes"], "stand 2 lines that have the fields of a row, and are lost as rows: data.csv:13 to 14");
    let report = folder.run(&["run", "--json", "--quiet"]).expect(0).json();
    said(&report["findings"], "swallowed-lines");
    // Also where nothing is read anew.
    said(&folder.run(&["run", "--json", "--quiet"]).expect(0).json()["findings"], "data.csv:13 to 14");
    // Control: a text of several lines is no row.
    let honest = Folder::new();
    let text = table(0..ROWS, ",name", |row| format!(",\"part {}\nsecond line, with more\nand a third\"", row % 9));
    honest.write("data.csv", text);
    let begun = started(&honest, &["data.csv"]);
    assert_eq!(begun["rows"], ROWS);
    assert!(!begun["notes"].to_string().contains("fields of a row"));
}

#[test]
fn ends_of_files_are_held_against_each_other_where_they_are_read() {
    let folder = Folder::new();
    let total = "Total,60000,\n";
    folder.write("data/1.csv", plain(0..80) + total);
    folder.write("data/2.csv", plain(80..160) + total);
    started(&folder, &["data"]);
    written(&folder, "skip_footer = 1");
    assert!(!codes(&folder).contains(&"uneven-footer".to_owned()));
    // Control: all ends alike. Then one has none.
    let told = || folder.run(&["run", "--json", "--quiet"]).expect(0).json()["findings"].to_string();
    assert!(!told().contains("uneven-footer"));
    folder.write("data/2.csv", plain(80..160));
    assert!(codes(&folder).contains(&"uneven-footer".to_owned()));
    assert!(told().contains("uneven-footer"));
    assert!(told().contains("uneven-footer"), "also where no file changed");
}
