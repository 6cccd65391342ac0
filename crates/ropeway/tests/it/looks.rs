//! Looks at the holdout add up over splits whose holdouts share rows.

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::shop::{PROJECT, folder};

const FIFTH: &str = "{ by = \"time\", share = 0.2 }";

/// Opens the holdout with this way to draw it, and gives all looks and those through another split.
fn look(shop: &Folder, holdout: &str) -> (Value, Value) {
    shop.write("ropeway.toml", PROJECT.replace("{ by = \"time\", share = 0.2 }", holdout));
    let report = shop.run(&["run", "--final", "--json"]).expect(0).json();
    assert_eq!(report["final"]["looks"], report["looks"]["total"]);
    (report["looks"]["total"].clone(), report["looks"]["through_another_split"].clone())
}

#[test]
fn another_split_does_not_make_a_holdout_unseen() {
    let shop = folder();
    let (fifth, tenth) = (FIFTH, "{ by = \"time\", share = 0.1 }");
    assert_eq!(look(&shop, fifth), (json!(1), json!(0)));
    assert_eq!(look(&shop, fifth), (json!(1), json!(0)), "the same model at the same holdout is one look");
    assert_eq!(look(&shop, tenth), (json!(2), json!(1)));
    assert_eq!(look(&shop, "{ by = \"random\", share = 0.2 }"), (json!(3), json!(2)));
    let page = shop.run(&["show"]).expect(0).stdout;
    assert!(page.contains("Holdout (looks: 3, 2 of them through another split, key or label)"), "{page}");
    assert_eq!(look(&shop, fifth), (json!(3), json!(2)), "they count for the holdout that was opened first, too");
    let models = shop.run(&["models"]).expect(0).stdout;
    assert!(models.contains("(looks: 3)"), "{models}");
    assert_eq!(shop.run(&["run", "--json"]).expect(0).json()["looks"], Value::Null);
}

#[test]
fn another_key_or_a_label_turned_round_does_not_make_a_holdout_unseen() {
    let shop = folder();
    let project = |from: &str, to: &str| {
        assert!(PROJECT.contains(from));
        shop.write("ropeway.toml", PROJECT.replace(from, to));
        shop.run(&["run", "--final", "--json"]).expect(0).json()["looks"].clone()
    };
    assert_eq!(project("share = 0.2", "share = 0.2"), json!({"total": 1, "through_another_split": 0}));
    let key = project("label = \"returned\"", "key = [\"id\", \"country\"]\nlabel = \"returned\"");
    assert_eq!(key, json!({"total": 2, "through_another_split": 1}));
    let turned = project("label = \"returned\"", "label = \"NOT returned\"");
    assert_eq!(turned, json!({"total": 3, "through_another_split": 2}));
    // Orders that were not there before were looked at by nobody.
    let later = shop.read("data/orders.csv").replace("2024-0", "2025-0");
    let ids: Vec<String> =
        later.lines().enumerate().map(|(row, line)| if row == 0 { line.into() } else { format!("9{line}") }).collect();
    shop.write("data/orders.csv", ids.join("\n") + "\n");
    assert_eq!(project("share = 0.2", "share = 0.2"), json!({"total": 1, "through_another_split": 0}));
}

#[test]
fn a_column_that_is_computed_anew_does_not_make_a_holdout_without_a_key_unseen() {
    let shop = folder();
    shop.edit("ropeway.toml", "path = \"data/orders.csv\"\nkey = [\"id\"]", "path = \"data/orders.csv\"");
    shop.edit("ropeway.toml", "\"id\", \"placed\"", "\"placed\"");
    let sql = |amount: &str| {
        shop.write(
            "tables/orders_clean.sql",
            format!("SELECT placed, {amount} AS amount, country, returned FROM orders"),
        );
        shop.run(&["run", "--final", "--json"]).expect(0).json()["looks"]["total"].clone()
    };
    assert_eq!(
        (sql("amount"), sql("amount * 2"), sql("amount + 1"), sql("amount * 2")),
        (json!(1), json!(2), json!(3), json!(3))
    );
    // Orders that were not there before are another matter.
    shop.write("data/orders.csv", shop.read("data/orders.csv").replace("2024-0", "2025-0"));
    assert_eq!(sql("amount * 3"), json!(1));
}
