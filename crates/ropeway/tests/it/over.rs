//! Window functions of SQL carry the time of the rows that they read, so that labels made with them are purged.

use serde_json::Value;

use crate::ropeway::Folder;
use crate::shop::{PROJECT, folder};

/// The shop with this SQL for the table of its examples, and this label.
fn shop(sql: &str, label: &str) -> Folder {
    let shop = folder();
    shop.write("tables/orders_clean.sql", sql);
    // Without the window over daily groups, whose open time `check --prove` refutes.
    let (before, rest) = PROJECT.split_once("[window.visits_30d]").unwrap();
    let project = format!("{before}[derive]{}", rest.split_once("[derive]").unwrap().1);
    shop.write("ropeway.toml", project.replace("label = \"returned\"", &format!("label = \"{label}\"")));
    shop
}

fn examples(shop: &Folder) -> Value {
    shop.run(&["run", "--json"]).expect(0).json()["examples"].clone()
}

#[test]
fn a_label_of_the_next_row_is_purged_until_that_is_known() {
    // Orders come every six hours, of each country every eighteen, and an outcome is known a week later: 28 rows.
    let own = shop("SELECT id, placed, amount, country, returned\nFROM orders\nWHERE id < 477", "returned");
    let (own, sql) =
        (examples(&own), "SELECT *, lead(returned) OVER (PARTITION BY country ORDER BY placed) AS next\nFROM orders");
    assert_eq!((&own["labelled"], &own["purged"]), (&477.into(), &28.into()), "{own}");
    let next = shop(sql, "next");
    let of_next = examples(&next);
    assert_eq!(of_next["labelled"], 477, "the last order of each country has no next one: {of_next}");
    assert_eq!(of_next["purged"], 31, "three orders later: {of_next}");
    let proof = next.run(&["check", "--prove"]).expect(0).stdout;
    assert!(proof.contains("values were compared"), "{proof}");
    let findings = next.run(&["check", "--json"]).expect(0).json()["findings"].clone();
    let codes: Vec<&str> = findings.as_array().unwrap().iter().filter_map(|found| found["code"].as_str()).collect();
    assert!(codes.contains(&"open-frame"), "{codes:?}");
}

#[test]
fn labels_that_are_never_known_are_no_labels_to_learn_from() {
    let many = "SELECT *, count(*) OVER (PARTITION BY country ORDER BY placed ROWS BETWEEN 1 FOLLOWING AND 500 FOLLOWING) % 2 = 0 \
                AS many\nFROM orders";
    let says = ["labels-not-known", "none of its", "was known", "state `known_at`"];
    shop(many, "many").fails(&["run"], 1, &says[1..]);
    // In the next thirty days somebody of the country buys again: known thirty days later, and the week of an outcome.
    let soon = "SELECT *, count(*) OVER (PARTITION BY country ORDER BY placed RANGE BETWEEN CURRENT ROW AND INTERVAL '1 day' \
                FOLLOWING) % 2 = 0 AS soon\nFROM orders WHERE id < 477";
    let of_soon = examples(&shop(soon, "returned AND soon"));
    assert_eq!((&of_soon["labelled"], &of_soon["purged"]), (&477.into(), &32.into()), "{of_soon}");
}

#[test]
fn labels_without_a_time_cannot_be_parted_by_time() {
    let shop = shop("SELECT id, placed, amount, country, returned\nFROM orders\nORDER BY id\nLIMIT 400", "returned");
    let project = shop.read("ropeway.toml");
    // Nothing else that needs a time stands on the table.
    let (before, rest) = project.split_once("[window.returned_30d]").unwrap();
    shop.write("ropeway.toml", format!("{before}[derive]{}", rest.split_once("[derive]").unwrap().1));
    let says = ["does not say when its labels become known", "LIMIT", "ropeway.toml:", "part by group or at random"];
    shop.fails(&["check"], 3, &says);
    shop.edit("ropeway.toml", "holdout = { by = \"time\", share = 0.2 }", "holdout = { by = \"random\", share = 0.2 }");
    shop.edit("ropeway.toml", "folds = { by = \"time\", count = 2 }", "folds = { by = \"random\", count = 2 }");
    shop.run(&["check"]).expect(0);
}
