//! Findings: what is not refused and yet should be known, as objects that programs can read, with what they cost.

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::shop::{ORDERS, PROJECT, folder, order, orders};

/// Of every sixth order it is not known whether it was returned.
fn spoiled(id: u32) -> bool {
    id % 6 == 5
}

/// The shop, its examples chosen by outcomes: in a filter and in a check.
fn biased() -> Folder {
    let shop = folder();
    let line = |(at, line): (usize, &str)| match at.checked_sub(1) {
        Some(id) if spoiled(id as u32) => format!("{},\n", line.rsplit_once(',').unwrap().0),
        _ => format!("{line}\n"),
    };
    shop.write("data/orders.csv", orders().lines().enumerate().map(line).collect::<String>());
    shop.write(
        "tables/orders_clean.sql",
        "SELECT id, placed, amount, country, returned\nFROM orders\nWHERE amount >= 0\n  AND returned IS NOT NULL\n",
    );
    let check =
        "\n[[check]]\ntable = \"orders_clean\"\nthat = \"returned OR amount < 90\"\ntolerate = 1.0\n\n[examples]";
    shop.write("ropeway.toml", PROJECT.replace("\n[examples]", check));
    shop
}

#[test]
fn a_finding_says_where_it_is_and_how_many_rows_it_costs() {
    let shop = biased();
    let found = shop.run(&["check", "--json"]).expect(0).json()["findings"].clone();
    let all = (0..ORDERS).filter(|id| spoiled(*id)).count();
    assert_eq!((&found[0]["code"], &found[0]["table"]), (&json!("later-known-rows"), &json!("orders_clean")));
    assert_eq!(found[0]["column"], "orders.returned");
    assert_eq!(found[0]["place"], json!({ "file": "tables/orders_clean.sql", "line": 4 }));
    assert_eq!(found[0]["rows"], json!({ "left_out": all, "of": ORDERS }));
    assert!(found[0]["message"].as_str().unwrap().contains("`orders.returned`"), "{found}");

    let dear = |id: &u32| {
        let order = order(*id);
        !spoiled(*id) && order["returned"] == false && order["amount"].as_f64().unwrap() >= 90.0
    };
    let rejected = (0..ORDERS).filter(dear).count();
    assert!(rejected > 0);
    assert_eq!(
        (&found[1]["code"], &found[1]["column"]),
        (&json!("later-known-check"), &json!("orders_clean.returned"))
    );
    let line = 1 + shop.read("ropeway.toml").lines().position(|line| line.starts_with("that = \"returned")).unwrap();
    assert_eq!(found[1]["place"]["file"], "ropeway.toml");
    assert!((line - 2..=line).any(|line| found[1]["place"]["line"] == line), "{found}");
    assert_eq!(found[1]["rows"], json!({ "left_out": rejected, "of": ORDERS as usize - all }));
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");

    let page = shop.run(&["check"]).expect(0).stdout;
    assert!(page.contains("--> tables/orders_clean.sql:4"), "{page}");
    assert!(page.contains(&format!("= rows: {all} of {ORDERS} rows are left out")), "{page}");
}

#[test]
fn a_run_reports_the_findings_of_the_check_and_counts_once() {
    let shop = biased();
    let found = shop.run(&["check", "--json"]).expect(0).json()["findings"].clone();
    let report = shop.run(&["run", "--json"]).expect(0).says("rows are left out)").json();
    assert_eq!(report["findings"], found);
    // A line more in the SQL moves the place, and executes nothing.
    let sql = shop.read("tables/orders_clean.sql");
    shop.write("tables/orders_clean.sql", format!("-- the shop's orders\n{sql}"));
    let again = shop.run(&["run", "--json"]).expect(0).json();
    let executed = |step: &&Value| step["state"] == "executed";
    assert_eq!(again["steps"].as_array().unwrap().iter().find(executed), None);
    assert_eq!(again["findings"][0]["place"]["line"], 5);
    assert_eq!(again["findings"][0]["rows"], found[0]["rows"]);
    assert!(shop.run(&["show"]).expect(0).stdout.contains("rows are left out"));
}

#[test]
fn a_text_about_people_among_the_features_is_pointed_out() {
    let shop = folder();
    assert_eq!(shop.run(&["check", "--json"]).expect(0).json()["findings"], json!([]));
    shop.write("ropeway.toml", PROJECT.replacen("key = [\"id\"]", "key = [\"id\"]\npersonal = [\"country\"]", 1));
    let found = shop.run(&["check", "--json"]).expect(0).json()["findings"].clone();
    let line = 1 + shop.read("ropeway.toml").lines().position(|line| line.starts_with("request")).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!((&found[0]["code"], &found[0]["column"]), (&json!("personal-levels"), &json!("orders_clean.country")));
    assert_eq!(found[0]["place"], json!({ "file": "ropeway.toml", "line": line }));
}

#[test]
fn a_static_copy_of_facts_is_refused_and_facts_read_twice_are_not() {
    let shop = folder();
    let again = |source: &str| shop.write("ropeway.toml", format!("{PROJECT}\n[source.again]\n{source}\n"));
    again("path = \"data/or*.csv\"\nstatic = true");
    for command in ["check", "run"] {
        shop.fails(&[command], 3, &["static-copy", "`again`", "`orders`", "ropeway.toml:6:8", "static = true"]);
    }
    again("path = \"data/or*.csv\"\nknown_at = \"placed + 8 * INTERVAL '1 day'\"");
    shop.run(&["check"]).expect(0);
}
