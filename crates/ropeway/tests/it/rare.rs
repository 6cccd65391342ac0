//! A class with few rows: no interval says how little they say, so that a finding does.

use serde_json::Value;

use crate::shop::folder;

/// The findings of a run of the shop where one order in so many is returned.
fn found(one_in: u32) -> Vec<Value> {
    let shop = folder();
    let returned = format!("SELECT id, placed, amount, country, id % {one_in} = 0 AS returned\nFROM orders\n");
    shop.write("tables/orders_clean.sql", returned);
    let report = shop.run(&["run", "--json"]).expect(0).json();
    let findings = report["findings"].as_array().into_iter().flatten();
    findings.filter(|finding| finding["code"] == "rare-class").cloned().collect()
}

#[test]
fn a_class_that_is_missing_in_parts_of_the_rows_ends_no_run() {
    let shop = folder();
    shop.edit("ropeway.toml", "[learn]", "[learn]\nmetric = \"roc_auc\"");
    for one_in in [30, 60] {
        let returned = format!("SELECT id, placed, amount, country, id % {one_in} = 0 AS returned\nFROM orders\n");
        shop.write("tables/orders_clean.sql", returned);
        let report = shop.run(&["run", "--json"]).expect(0).json();
        assert_eq!(shop.run(&["run", "--json"]).expect(0).json()["importance"], report["importance"]);
    }
}

#[test]
fn few_rows_of_a_class_are_told_for_training_and_holdout() {
    // 96 of 480 orders are held out.
    let messages = |one_in| found(one_in).iter().map(|found| found["message"].to_string()).collect::<Vec<_>>();
    let few = messages(10);
    assert_eq!(few.len(), 1, "{few:?}");
    assert!(few[0].contains("the holdout has 9 positive examples"), "{few:?}");
    let fewer = messages(30);
    assert!(fewer[0].contains("the rows to learn from have 1") && fewer[0].contains("validation"), "{fewer:?}");
    assert!(fewer[1].contains("the holdout has 3 positive examples"), "{fewer:?}");
    assert_eq!(found(3), [] as [Value; 0]);
}

#[test]
fn few_groups_are_told() {
    let shop = folder();
    shop.edit(
        "ropeway.toml",
        "holdout = { by = \"time\", share = 0.2 }",
        "holdout = { by = \"group\", group = [\"country\"], share = 0.3 }",
    );
    let report = shop.run(&["run", "--json"]).expect(0).json();
    let found: Vec<&Value> =
        report["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == "few-blocks").collect();
    assert_eq!(found.len(), 1, "{report}");
    assert!(found[0]["message"].to_string().contains("the rows of the holdout are of 1 group"), "{found:?}");
}
