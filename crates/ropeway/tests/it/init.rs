//! `ropeway init`: from a file to a project that checks, without overwriting or leaving anything out silently.

use crate::ropeway::Folder;

/// A file of so many rows below its head.
fn table(head: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    let lines: Vec<String> = std::iter::once(head.to_owned()).chain((0..rows).map(row)).collect();
    lines.join("\n") + "\n"
}

/// Customers with a column of every kind.
fn customers(rows: usize) -> String {
    table("customer_id,Age,country,empty,same,e_mail,Signed Up,churned", rows, |row| {
        let age = if row % 10 == 3 { "NA".to_owned() } else { (20 + row * 13 % 50).to_string() };
        let country = ["DE", "FR", "\"C,H\""][row % 3];
        let churned = if row * 7 % 5 == 0 { "yes" } else { "no" };
        let day = 1 + row % 28;
        format!("{row},{age},{country},,x,u{row}@example.org,2024-01-{day:02},{churned}")
    })
}

#[test]
fn a_table_becomes_a_project_that_checks() {
    let folder = Folder::new();
    folder.write("data/customers.csv", customers(200));
    let started = folder.run(&["init", "data/customers.csv", "--label", "churned", "--name", "churn"]).expect(0);
    for text in ["ropeway check", "customer_id", "left out", "The label is churned", "ropeway.toml"] {
        assert!(started.stdout.contains(text), "`{text}` is not in:\n{}", started.stdout);
    }
    let toml = folder.read("ropeway.toml");
    for text in [
        "null = [\"\", \"NA\"]",
        "key = [\"customer_id\"]",
        "personal = [\"e_mail\"]",
        "request = [\"Age\", \"country\", \"Signed Up\"]",
    ] {
        assert!(toml.contains(text), "`{text}` is not in:\n{toml}");
    }
    assert!(toml.contains("# left out: empty: no row has a value"), "{toml}");
    assert!(folder.read("NOTES.md").contains("Left out: `same`: every row has `x`"));
    assert!(folder.read("tables/customers_clean.sql").contains("\"Signed Up\""));
    assert_eq!(folder.read(".gitignore"), "/.ropeway/\n");
    folder.run(&["check"]).expect(0);
}

#[test]
fn every_column_is_accounted_for() {
    let folder = Folder::new();
    folder.write("customers.csv", customers(200));
    let started = folder.run(&["init", "customers.csv", "--label", "churned", "--json"]).expect(0).json();
    let columns = started["columns"].as_array().unwrap();
    assert_eq!(columns.len(), 8);
    for column in columns {
        let used = column["use"].as_str().unwrap();
        assert!(used == "feature" || !column["why"].as_str().unwrap().is_empty(), "{column}");
    }
    assert_eq!(started["rows"], 200);
    assert_eq!(started["label"]["sql"], "churned");
    assert_eq!(started["label"]["positives"], 40);
}

#[test]
fn nothing_is_overwritten() {
    let folder = Folder::new();
    folder.write("customers.csv", customers(60));
    for file in ["ropeway.toml", "NOTES.md", "tables/customers_clean.sql"] {
        let folder = Folder::new();
        folder.write("customers.csv", customers(60));
        folder.write(file, "mine");
        folder.run(&["init", "customers.csv", "--label", "churned"]).expect(1).says(file).says("never overwrites");
        assert_eq!(folder.read(file), "mine");
        assert!(file == "ropeway.toml" || !folder.path().join("ropeway.toml").exists());
    }
}

#[test]
fn a_label_of_more_than_two_values_can_be_made_two() {
    let folder = Folder::new();
    let trip = |row: usize| format!("{},{},{}", row % 11, ["ok", "late", "lost"][row % 3], row % 40);
    folder.write("trips.csv", table("x,status,delay", 120, trip));
    folder.run(&["init", "trips.csv", "--label", "statsu"]).expect(1).says("did you mean `status`?");
    folder
        .run(&["init", "trips.csv", "--label", "status", "--positive", "lots"])
        .expect(1)
        .says("did you mean `lost`?");
    folder
        .run(&["init", "trips.csv", "--label", "status", "--task", "regression"])
        .expect(1)
        .says("a number is needed");
    folder.run(&["init", "trips.csv", "--label", "delay", "--above", "99"]).expect(1).says("no row has a `delay`");
    assert!(!folder.path().join("ropeway.toml").exists());
    folder.run(&["init", "trips.csv", "--label", "delay", "--above", "15"]).expect(0);
    assert!(folder.read("ropeway.toml").contains("label = \"delay > 15\""));
    folder.run(&["check"]).expect(0);
}

#[test]
fn the_values_of_a_label_are_told_as_the_file_spells_them() {
    for (words, told) in [(["no", "yes"], "`no` (80), `yes` (40)"), (["false", "true"], "`false` (80), `true` (40)")] {
        let folder = Folder::new();
        folder.write(
            "trips.csv",
            table("x,gone", 120, |row| format!("{},{}", row % 11, words[usize::from(row % 3 == 0)])),
        );
        let ended = folder.run(&["init", "trips.csv", "--label", "gone", "--positive", "maybe"]).expect(1);
        ended.says("the label `gone` is never `maybe`").says(told);
    }
}

#[test]
fn a_number_of_many_values_can_be_made_two() {
    let folder = Folder::new();
    let diamond = |row: usize| format!("{},{}", row % 17, 1_000_000 + row * 7_919 % 12_001);
    folder.write("diamonds.csv", table("carat,price", 12_001, diamond));
    let init = ["init", "diamonds.csv", "--label", "price"];
    let started = folder.run(&[&init[..], &["--above", "1006000", "--json"]].concat()).expect(0).json();
    assert_eq!((&started["rows"], &started["label"]["positives"]), (&12_001.into(), &6_000.into()));
    folder.run(&["check"]).expect(0);
}

#[test]
fn identifiers_and_texts_that_hardly_repeat_are_no_features() {
    let folder = Folder::new();
    let test = |row: usize| {
        let review = if row < 10 { "good".to_owned() } else { format!("number {row} was fine") };
        let result = ["negative", "positive"][usize::from(row.is_multiple_of(3))];
        format!("{},{},{review},{result}", 1000 + row % 150, row % 7)
    };
    folder.write("tests.csv", table("subject_id,clinic_id,review,result", 200, test));
    folder.run(&["init", "tests.csv", "--label", "result"]).expect(0);
    let toml = folder.read("ropeway.toml");
    for text in [
        "request = [\"clinic_id\", \"review\"]",
        "# left out: subject_id: names the group by which rows are split",
        "review_words = ",
        "label = \"result = 'positive'\"",
    ] {
        assert!(toml.contains(text), "`{text}` is not in\n{toml}");
    }
    folder.run(&["check"]).expect(0);
}

#[test]
fn other_formats_and_delimiters() {
    let folder = Folder::new();
    let rows = |of: &dyn Fn(u32) -> String| (0..40).map(of).collect::<String>();
    folder.write("a.csv", format!("x;y\n{}", rows(&|row| format!("{};{}\n", row * 7 % 41, row % 2 == 0))));
    folder.run(&["init", "a.csv", "--label", "y", "-C", "a"]).expect(0);
    assert!(folder.read("a/ropeway.toml").contains("delimiter = \";\""));
    assert!(folder.read("a/ropeway.toml").contains("path = \"../a.csv\""));
    folder.write("b.jsonl", rows(&|row| format!("{{\"x\": {}.5, \"y\": {}}}\n", row * 7 % 41, row % 2)));
    folder.run(&["init", "b.jsonl", "--label", "y", "-C", "b"]).expect(0);
    assert!(folder.read("b/ropeway.toml").contains("label = \"y = 1\""));
    let day = |row: u32| format!("2024-{:02}-{:02} 09:00:00", 1 + row / 20, 1 + row % 20);
    folder.write("c.jsonl", rows(&|row| format!("{{\"t\": \"{}\", \"y\": {}}}\n", day(row), row * 5 % 3 % 2)));
    let times = folder.run(&["init", "c.jsonl", "--label", "y", "-C", "c", "--json"]).expect(0).json();
    assert_eq!(times["columns"][0]["type"], "timestamp", "{times}");
    folder.run(&["check", "-C", "c"]).expect(0);
}

#[test]
fn bad_files_say_what_is_wrong_and_leave_nothing_behind() {
    let folder = Folder::new();
    let label = ["--label", "y"];
    let init = |file: &str| folder.run(&[&["init", file], label.as_slice()].concat());
    init("nowhere.csv").expect(1).says("nowhere.csv");
    folder.write("empty.csv", "");
    init("empty.csv").expect(1).says("empty.csv");
    folder.write("header.csv", "x,y\n");
    init("header.csv").expect(1).says("header.csv");
    folder.write("folder.csv/x", "");
    init("folder.csv").expect(1).says("folder.csv");
    folder.write("twice.csv", "y,y\n1,0\n");
    init("twice.csv").expect(1).says("`y`");
    folder.write("one.csv", "x,y\n1,1\n2,1\n");
    init("one.csv").expect(1).says("both outcomes are needed");
    folder.write("none.csv", "x,y\n1,\n2,\n");
    init("none.csv").expect(1).says("missing in every row");
    assert!(!folder.path().join("ropeway.toml").exists() && !folder.path().join("tables").exists());
}
