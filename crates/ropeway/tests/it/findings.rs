//! Findings: what is not refused and yet should be known, as objects that programs can read, with what they cost.

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::served::Server;
use crate::shop::{ORDERS, PROJECT, folder, order, orders, placed, trained};

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

/// The findings of a report, without the one of the shop itself: that its visits are counted by day.
fn told(report: &Value) -> Value {
    let all = report["findings"].as_array().unwrap();
    all.iter().filter(|finding| finding["code"] != "open-group").cloned().collect()
}

#[test]
fn a_finding_says_where_it_is_and_how_many_rows_it_costs() {
    let shop = biased();
    let found = told(&shop.run(&["check", "--json"]).expect(0).json());
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
    let found = told(&shop.run(&["check", "--json"]).expect(0).json());
    let report = shop.run(&["run", "--json"]).expect(0).says("rows are left out)").json();
    let of_check = |report: &Value| {
        let found = told(report).as_array().unwrap().clone();
        // That a class is rare is known of examples that were made.
        found.into_iter().filter(|found| found["code"] != "rare-class").collect::<Value>()
    };
    assert_eq!(of_check(&report), found);
    // A line more in the SQL moves the place, and executes nothing.
    let sql = shop.read("tables/orders_clean.sql");
    shop.write("tables/orders_clean.sql", format!("-- the shop's orders\n{sql}"));
    let again = shop.run(&["run", "--json"]).expect(0).json();
    let executed = |step: &&Value| step["state"] == "executed";
    assert_eq!(again["steps"].as_array().unwrap().iter().find(executed), None);
    assert_eq!(told(&again)[0]["place"]["line"], 5);
    assert_eq!(told(&again)[0]["rows"], found[0]["rows"]);
    assert!(shop.run(&["show"]).expect(0).stdout.contains("rows are left out"));
}

#[test]
fn each_step_tells_its_own_rows() {
    let shop = biased();
    let sql = "SELECT id, placed, amount, country, returned\n\
               FROM (\n  SELECT * FROM orders WHERE returned IS NOT NULL\n) o\n\
               WHERE NOT returned OR id >= 100\n";
    shop.write("tables/orders_clean.sql", sql);
    let found = told(&shop.run(&["check", "--json"]).expect(0).json());
    let all = (0..ORDERS).filter(|id| spoiled(*id)).count();
    let back = (0..100).filter(|id| !spoiled(*id) && order(*id)["returned"] == true).count();
    let expected =
        [(3, json!({ "left_out": all, "of": ORDERS })), (5, json!({ "left_out": back, "of": ORDERS as usize - all }))];
    for (step, (line, rows)) in expected.into_iter().enumerate() {
        assert_eq!(
            (&found[step]["code"], &found[step]["column"]),
            (&json!("later-known-rows"), &json!("orders.returned"))
        );
        assert_eq!((&found[step]["place"]["line"], &found[step]["rows"]), (&json!(line), &rows), "{found}");
    }

    // Each order stands beside all visits of its country: what the filter takes away are pairs, and no orders.
    let pairs = "SELECT o.id, placed, amount, o.country, returned\nFROM orders o\n\
                 JOIN visits v ON v.country = o.country\n\
                 WHERE returned IS NOT NULL\n";
    shop.write("tables/orders_clean.sql", pairs);
    let found = told(&shop.run(&["check", "--json"]).expect(0).json());
    let step = found.as_array().unwrap().iter().find(|finding| finding["column"] == "orders.returned").unwrap();
    assert_eq!((&step["code"], &step["place"]["line"]), (&json!("later-known-rows"), &json!(4)), "{found}");
    assert_eq!(step["rows"], Value::Null);
}

#[test]
fn a_text_about_people_among_the_features_is_pointed_out() {
    let shop = folder();
    assert_eq!(told(&shop.run(&["check", "--json"]).expect(0).json()), json!([]));
    shop.write("ropeway.toml", PROJECT.replacen("key = [\"id\"]", "key = [\"id\"]\npersonal = [\"country\"]", 1));
    let found = told(&shop.run(&["check", "--json"]).expect(0).json());
    let line = 1 + shop.read("ropeway.toml").lines().position(|line| line.starts_with("request")).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!((&found[0]["code"], &found[0]["column"]), (&json!("personal-levels"), &json!("orders_clean.country")));
    assert_eq!(found[0]["place"], json!({ "file": "ropeway.toml", "line": line }));
}

/// The orders, of which some stand twice: one as it was, two with another amount.
fn twice() -> String {
    let all = orders();
    let again = |id: u32| all.lines().nth(id as usize + 1).unwrap().to_string();
    let dearer = |id: u32| {
        let amount = order(id)["amount"].to_string();
        again(id).replace(&format!(",{amount},"), &format!(",1{amount},"))
    };
    format!("{all}{}\n{}\n{}\n", again(3), dearer(5), dearer(8))
}

#[test]
fn different_rows_of_one_key_are_a_finding_and_equal_ones_are_told_as_one() {
    let shop = folder();
    shop.write("data/orders.csv", twice());
    let found = told(&shop.run(&["check", "--json"]).expect(0).json());
    let finding = &found[0];
    assert_eq!((&finding["code"], &finding["table"]), (&json!("key-conflict"), &json!("orders")), "{found}");
    assert_eq!(finding["keys"], json!({ "shared": 2, "rows": 4, "of": ORDERS + 2 }));
    assert_eq!(finding["place"], json!({ "file": "ropeway.toml", "line": 7 }));
    let says = |finding: &Value, part: &str| finding["message"].as_str().unwrap().contains(part);
    assert!(says(finding, "`orders` (id)") && says(finding, "(id=5) differ in amount"), "{finding}");
    assert!(finding["remedy"].as_str().unwrap().contains("unique = [\"id\"]"), "{finding}");
    assert_eq!(found.as_array().unwrap().len(), 1);

    let ended = shop.run(&["run", "--json"]).expect(0).says("1 of them equal another row under the key and count once");
    assert_eq!(told(&ended.says("finding[key-conflict]: 2 keys of source `orders`").json()), found);
    assert!(shop.run(&["show"]).expect(0).stdout.contains("2 keys of source `orders`"));
    assert_eq!(told(&shop.run(&["run", "--json"]).expect(0).json()), found, "the record knows it, too");

    // A check decides which rows stay; and equal rows alone are no finding.
    let check = "[[check]]\ntable = \"orders\"\nunique = [\"id\"]\n\n[examples]";
    shop.write("ropeway.toml", PROJECT.replace("[examples]", check));
    let codes =
        |found: &Value| found.as_array().unwrap().iter().map(|finding| finding["code"].clone()).collect::<Vec<_>>();
    assert!(!codes(&shop.run(&["run", "--json"]).expect(0).json()["findings"]).contains(&json!("key-conflict")));
    shop.write("ropeway.toml", PROJECT);
    shop.write("data/orders.csv", format!("{}{}\n", orders(), orders().lines().nth(4).unwrap()));
    assert_eq!(told(&shop.run(&["check", "--json"]).expect(0).json()), json!([]));
}

#[test]
fn a_shared_key_of_people_is_told_without_its_values() {
    let shop = folder();
    shop.write("data/orders.csv", twice());
    shop.write("ropeway.toml", PROJECT.replacen("key = [\"id\"]", "key = [\"id\"]\npersonal = [\"id\"]", 1));
    let page = shop.run(&["check"]).expect(0).stdout;
    assert!(page.contains("(id=***) differ in amount") && !page.contains("id=5"), "{page}");
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

/// Adds a static source, and expects it to be refused as a copy that gives `orders.returned` away; or else, accepted.
#[track_caller]
fn with_static(shop: &Folder, path: &str, is_copy: bool) {
    shop.write("ropeway.toml", format!("{PROJECT}\n[source.again]\npath = \"{path}\"\nstatic = true\n"));
    if !is_copy {
        assert_eq!(told(&shop.run(&["check", "--json"]).expect(0).json()), json!([]), "{path}");
        shop.run(&["run", "--quiet"]).expect(0);
        return;
    }
    let line = format!("ropeway.toml:{}", 1 + PROJECT.lines().count() + 2);
    for command in ["check", "run"] {
        shop.fails(&[command], 3, &["static-copy", "`again`", "`orders.returned`", &line, "known_ahead"]);
    }
}

#[test]
fn a_static_copy_in_another_format_or_of_some_columns_and_rows_is_refused() {
    let shop = folder();
    let query = |sql: &str, path: &str| shop.run(&["query", sql, "--out", path]).expect(0);
    query("SELECT * FROM orders", "data/all.parquet");
    query("SELECT id, returned AS back FROM orders WHERE id >= 300 AND id % 2 = 0", "data/some.jsonl");
    query("SELECT CAST(id AS DOUBLE) AS id, returned FROM orders", "data/floats.parquet");
    query("SELECT placed, amount, returned FROM orders", "data/keyless.csv");
    for copy in ["all.parquet", "some.jsonl", "floats.parquet", "keyless.csv"] {
        with_static(&shop, &format!("data/{copy}"), true);
    }
}

#[test]
fn what_is_known_ahead_or_merely_resembles_an_outcome_may_be_static() {
    let shop = folder();
    let query = |sql: &str, path: &str| shop.run(&["query", sql, "--out", path]).expect(0);
    query("SELECT id, amount, country FROM orders", "data/ahead.parquet");
    query("SELECT id, returned OR id % 10 = 0 AS likely FROM orders", "data/likely.csv");
    query("SELECT country, max(CAST(returned AS INT)) = 1 AS ever FROM orders GROUP BY country", "data/ever.csv");
    query("SELECT id, id % 2 = 0 AS even FROM orders", "data/even.csv");
    query("SELECT id + 1 AS id, returned FROM orders", "data/shifted.csv");
    query("SELECT id AS number, country FROM orders", "data/numbers.parquet");
    // Few enough to agree by chance.
    query("SELECT id, returned FROM orders ORDER BY id LIMIT 6", "data/few.csv");
    for dimension in
        ["ahead.parquet", "likely.csv", "ever.csv", "even.csv", "shifted.csv", "numbers.parquet", "few.csv"]
    {
        with_static(&shop, &format!("data/{dimension}"), false);
    }
}

#[test]
fn posted_rows_that_files_contradict_are_pointed_out() {
    let shop = trained();
    let server = Server::start(shop.path(), &[]);
    let posted = order(ORDERS);
    server.post("/v1/tables/orders/rows", &json!({ "rows": [posted], "backfill": true })).json();
    server.kill();
    let none = told(&shop.run(&["run", "--json"]).expect(0).json());
    assert_eq!(none, json!([]), "no file says otherwise");
    let file = shop.read("data/orders.csv");
    shop.write("data/orders.csv", format!("{file}{ORDERS},{},7.5,DE,false\n", placed(ORDERS)));
    let found = told(&shop.run(&["run", "--json"]).expect(0).json());
    assert_eq!((&found[0]["code"], &found[0]["table"]), (&json!("posts-superseded"), &json!("orders")), "{found}");
    assert!(found[0]["message"].as_str().unwrap().contains("1 posted row of source `orders`"), "{found}");
}

#[test]
fn a_check_of_the_whole_table_is_summed_up_as_one_statement() {
    let shop = crate::shop::folder();
    let that = "that = \"amount >= 0\"";
    let fresh =
        "\n\n[[check]]\ntable = \"orders\"\nfresh = { column = \"placed\", within = \"1 day\" }\notherwise = \"warn\"";
    shop.edit("ropeway.toml", that, &format!("that = \"amount >= 30\"\ntolerate = 1.0{fresh}"));
    let page = shop.run(&["run"]).expect(0).stdout;
    assert!(page.contains("orders: fresh placed within 1 day does not hold: the newest `placed` of"), "{page}");
    assert!(!page.contains("within 1 day failed in") && page.contains("0 of 2 checks hold; the others:"), "{page}");
    // The control: a check of each row counts them.
    assert!(page.contains("orders_clean: amount >= 30 failed in "), "{page}");
    shop.run(&["report", "--out", "report.html"]).expect(0);
    assert!(shop.read("report.html").contains(": the newest `placed` of"));
}
