//! `ropeway query`: what it refuses, what it hides and says so, and how it names what is hidden in tables.

use crate::ropeway::Folder;
use crate::shop;

fn answer(folder: &Folder, sql: &str) -> serde_json::Value {
    folder.run(&["query", sql, "--json"]).expect(0).json()
}

#[test]
fn functions_that_answer_differently_each_time_are_refused() {
    let folder = shop::folder();
    for (sql, function) in [("SELECT now()", "`now`"), ("SELECT id FROM orders WHERE placed < current_date", "date`")] {
        folder.fails(&["query", sql], 1, &["query:1:", function, "differently", "TIMESTAMP '"]);
    }
}

#[test]
fn labels_of_the_holdout_are_hidden_and_that_is_said() {
    let folder = shop::folder();
    let ended = folder.run(&["query", "SELECT label FROM examples", "--json"]).expect(0);
    let hidden = ended.json()["hidden_labels"].as_u64().unwrap();
    assert!(hidden > 50, "{hidden}");
    let ended = ended.says(&format!("labels of {hidden} holdout rows are hidden"));
    assert!(ended.stderr.contains("ropeway run --final"));
    let missing = answer(&folder, "SELECT count(*) AS n FROM examples WHERE label IS NULL");
    assert_eq!(missing["rows"][0]["n"], hidden);
    let written = folder.run(&["query", "SELECT * FROM examples", "--out", "all.csv", "--json"]).expect(0).json();
    assert_eq!(written["hidden_labels"], hidden);

    for sql in ["SELECT amount FROM examples", "SELECT * FROM orders"] {
        let ended = folder.run(&["query", sql, "--json"]).expect(0);
        assert_eq!(ended.json()["hidden_labels"], 0);
        assert!(!ended.stderr.contains("hidden"), "{}", ended.stderr);
    }
}

#[test]
fn an_expression_without_a_name_is_called_as_it_is_written() {
    let folder = shop::folder();
    let share = "avg(CASE WHEN o.returned THEN 1.0 ELSE 0 END)";
    let sql = format!(
        "SELECT o.country, {share}, 1, count(*) AS n, sum(amount) FROM orders o GROUP BY country HAVING count(*) > 0 ORDER BY {share}"
    );
    let said = answer(&folder, &sql);
    assert_eq!(said["columns"], serde_json::json!(["country", share, "1", "n", "sum(amount)"]));
    assert!(said["rows"][0][share].is_number(), "{said}");
    let none = answer(
        &folder,
        "SELECT max(amount), country FROM orders WHERE FALSE GROUP BY country UNION ALL SELECT 1.5, 'x' WHERE FALSE",
    );
    assert_eq!(none["columns"], serde_json::json!(["max(amount)", "country"]));
    // Two columns of one name stay two.
    let twice = answer(&folder, "SELECT country AS \"max(amount)\", max(amount) FROM orders GROUP BY country");
    assert_eq!(twice["columns"].as_array().unwrap().len(), 2);
    assert_ne!(twice["columns"][0], twice["columns"][1]);
}

#[test]
fn the_time_at_which_a_row_became_known_has_a_name_for_people() {
    let folder = shop::folder();
    let all = answer(&folder, "SELECT * FROM orders_clean ORDER BY id LIMIT 1");
    let columns = ["id", "placed", "amount", "country", "returned", "known_at"];
    assert_eq!(all["columns"], serde_json::json!(columns));
    assert_eq!(all["rows"][0]["known_at"], "2024-01-08T00:00:00Z");
    for name in ["known_at", "__known_at"] {
        let before = format!("{name} < TIMESTAMP '2024-01-09T00:00:00Z'");
        let count = answer(&folder, &format!("SELECT count(*) AS n FROM orders_clean WHERE {before}"));
        assert_eq!(count["rows"][0]["n"], 4);
    }
    assert!(!answer(&folder, "SELECT * FROM countries")["columns"].to_string().contains("known_at"));
}

#[test]
fn the_examples_are_known_to_a_query_that_misspells_them() {
    let folder = shop::folder();
    folder.fails(&["query", "SELECT * FROM exmaples"], 1, &["`exmaples`", "`examples`"]);
}
