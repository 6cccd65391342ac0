//! What `ropeway init` makes of an identifier whose rows stand in the file twice, and of columns that tell the label.

use std::fmt::Write as _;

use serde_json::Value;

use crate::ropeway::Folder;

const ROWS: usize = 200;

/// Customers, then some of them again, as `again` writes them.
fn folder(again: impl Fn(usize) -> String) -> Folder {
    let mut text = String::from("customer_id,age,country,churned,reason\n");
    (0..ROWS).for_each(|row| text.push_str(&line(row)));
    (0..5).for_each(|row| text.push_str(&again(row)));
    let folder = Folder::new();
    folder.write("customers.csv", text);
    folder
}

fn line(row: usize) -> String {
    let churned = row * 7 % 5 < 2;
    let (age, country) = (20 + row * 13 % 50, ["DE", "FR", "CH"][row % 3]);
    let mut line = String::new();
    let _ = writeln!(line, "C{row:04},{age},{country},{churned},{}", if churned { "moved" } else { "" });
    line
}

fn finding(folder: &Folder, code: &str, arguments: &[&str]) -> Vec<Value> {
    let started =
        folder.run(&[&["init", "customers.csv", "--label", "churned", "--json"], arguments].concat()).expect(0);
    let findings = started.json()["findings"].as_array().cloned().unwrap_or_default();
    findings.into_iter().filter(|finding| finding["code"] == code).collect()
}

#[test]
fn whole_rows_that_repeat_leave_the_identifier_a_key_of_the_table() {
    let folder = folder(line);
    let found = finding(&folder, "duplicate-keys", &["--name", "churn", "--drop-suspects"]);
    assert!(found[0]["decision"].to_string().contains("identifies a row once"), "{found:?}");
    let toml = folder.read("ropeway.toml");
    let table = toml.split("[table.customers_clean]").nth(1).unwrap();
    assert!(table.contains("\nkey = [\"customer_id\"]") && table.contains("unique = [\"customer_id\"]"), "{toml}");
    let report = folder.run(&["run", "--json"]).json();
    let why = folder.run(&["explain", "churn", "--key", "C0007", "--json"]).expect(0).json();
    assert_eq!(why["threshold"], report["decision"]["threshold"], "{why}");
    assert!(why["threshold"].is_f64());
    let page = folder.run(&["explain", "churn", "--key", "C0007"]).expect(0).stdout;
    assert!(page.contains("(positive is from "), "{page}");
}

#[test]
fn rows_that_differ_under_one_identifier_leave_no_key() {
    let folder = folder(|row| line(row).replace(",DE,", ",AT,").replace(",FR,", ",AT,").replace(",CH,", ",AT,"));
    let found = finding(&folder, "duplicate-keys", &["--name", "churn"]);
    assert!(found[0]["decision"].to_string().contains("not a key as it is"), "{found:?}");
    let toml = folder.read("ropeway.toml");
    assert!(!toml.contains("\nkey = "), "{toml}");
}

#[test]
fn suspects_are_named_first_and_said_to_be_left_out_where_they_are() {
    let folder = folder(line);
    let page = folder.run(&["init", "customers.csv", "--label", "churned"]).expect(0).stdout;
    assert!(page.contains("Look at `reason`, `age`"), "{page}");
    let found = finding(&self::folder(line), "leak-missing", &["--drop-suspects"]);
    assert_eq!(found[0]["decision"], "left out of `request`");
    let found = finding(&self::folder(line), "leak-missing", &[]);
    assert!(found[0]["decision"].to_string().contains("stays"), "{found:?}");
}
