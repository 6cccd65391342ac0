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

#[test]
fn a_class_that_is_never_decided_for_is_told_until_costs_say_that_it_matters() {
    let shop = folder();
    // Of large orders two in ten are returned, of others none.
    let returned = "amount > 60 AND id * 7919 % 10 < 2 AS returned";
    shop.write("tables/orders_clean.sql", format!("SELECT id, placed, amount, country, {returned}\nFROM orders\n"));
    let run = || -> (Value, Vec<Value>) {
        let report = shop.run(&["run", "--json"]).expect(0).json();
        let found = report["findings"].as_array().unwrap().iter().filter(|found| found["code"] == "never-decided");
        (report["decision"].clone(), found.cloned().collect())
    };
    let (decision, found) = run();
    assert_eq!(decision["ideal_threshold"], 0.5, "{decision}");
    let [told] = found.as_slice() else { panic!("{found:?}") };
    let message = told["message"].as_str().unwrap();
    assert!(message.starts_with("no validated example is decided positive, though "), "{message}");
    assert!(told["remedy"].as_str().unwrap().contains("`false_negative = 10.0`"), "{told}");
    shop.run(&["why", "never-decided"]).expect(0);

    shop.edit("ropeway.toml", "[learn]", "[costs_of_error]\nfalse_negative = 9.0\n\n[learn]");
    let (decision, found) = run();
    assert_eq!((decision["ideal_threshold"].as_f64(), found.len()), (Some(0.1), 0), "{decision} {found:?}");
    // Now a needless call is as bad as it is cheap to make: none is left out.
    shop.edit("ropeway.toml", "false_negative = 9.0", "false_negative = 1e6");
    let (_, found) = run();
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.starts_with("every validated example is decided positive"), "{message}");
}
