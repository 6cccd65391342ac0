//! Expressions of the project that fail on a value: what is said names the expression, the row and the remedy, and a
//! posted row that would fail in a window is refused before it is kept.

use serde_json::{Map, Value, json};

use crate::ropeway::Folder;
use crate::served::Server;
use crate::shop;

/// Fails where the amount is 37 and a bit: order 1 is one.
const SHARE: &str = "100 / (CAST(amount AS BIGINT) - 37)";
/// Fails for no order of the file.
const RARE: &str = "100 / (CAST(amount AS BIGINT) - 1000)";

/// The shop, with one line of its project file changed.
fn shop_with(from: &str, to: &str) -> Folder {
    let folder = shop::folder();
    folder.edit("ropeway.toml", from, to);
    folder
}

#[test]
fn a_run_names_the_expression_the_key_and_the_remedy() {
    let window = "value = \"count(returned)\"";
    let cases = [
        ("large = \"amount > 50\"", format!("share = \"{SHARE}\""), "[derive] share"),
        (window, format!("value = \"sum({SHARE})\""), "[window.orders_30d] value"),
        (window, format!("{window}\nwhere = \"{SHARE} > 3\""), "[window.orders_30d] where"),
        ("label = \"returned\"", format!("label = \"returned AND {SHARE} > -9999\""), "[examples] label"),
        ("at = \"placed\"", format!("at = \"placed + {SHARE} * INTERVAL '1 second'\""), "[examples] at"),
        ("amount >= 0", format!("{SHARE} > -9999"), "check of `orders_clean`"),
    ];
    for (from, to, names) in cases {
        let folder = shop_with(from, &to);
        folder.fails(&["run"], 1, &["the row {", "\"id\":", names, "Divide by zero", "nullif(x, 0)"]);
    }
    // Examples are named by the key of the source that they are made from, and by nothing else.
    let folder = shop_with("large = \"amount > 50\"", &format!("share = \"{SHARE}\""));
    let ended = folder.fails(&["run"], 1, &["[derive] share: "]);
    let failing = (0..shop::ORDERS).filter(|id| id * 37 % 101 == 37);
    let named = |id: u32| ended.stderr.contains(&format!("the row {{\"id\":{id}}}: "));
    assert_eq!(failing.filter(|id| named(*id)).count(), 1, "{}", ended.stderr);
}

#[test]
fn what_is_personal_is_not_shown() {
    let folder = shop_with("key = [\"id\"]", "key = [\"id\"]\npersonal = [\"country\"]");
    folder.edit("ropeway.toml", "amount >= 0", "CAST(country AS BIGINT) > 0");
    let ended = folder.fails(&["run"], 1, &["check of `orders_clean`", "withheld", "\"country\":\"***\"", "TRY_CAST"]);
    for country in ["DE", "FR", "CH"] {
        assert!(!ended.stderr.contains(&format!("\"{country}\"")) && !ended.stderr.contains(&format!("'{country}'")));
    }
}

#[test]
fn requests_and_files_name_the_example() {
    let folder = shop_with("large = \"amount > 50\"", &format!("share = \"{RARE}\""));
    folder.run(&["run", "--quiet"]).expect(0);
    let server = Server::start(folder.path(), &[]);
    let example = |amount: f64| json!({"amount": amount, "country": "DE", "at": "2024-04-09T00:00:00Z"});
    let ask = |amounts: &[f64]| {
        let examples: Vec<Value> = amounts.iter().copied().map(example).collect();
        server.post("/v1/models/shop/predict", &json!({"examples": examples}))
    };
    let says = ["row 2: [derive] share: ", "Divide by zero", "nullif(x, 0)"];
    ask(&[3.0, 4.0, 1000.2, 5.0, 1000.9]).problem(422, "sql-run", &says);
    assert_eq!(ask(&[3.0, 4.0]).json()["predictions"].as_array().map(Vec::len), Some(2));

    folder.write("new.csv", "amount,country\n3,DE\n4,FR\n1000.5,DE\n7,CH\n");
    let command = ["predict", "shop", "--in", "new.csv", "--out", "out.csv"];
    folder.fails(&command, 3, &["1 of 4 rows", "line 4: [derive] share: ", "Divide by zero", "nullif(x, 0)"]);
    let scored = folder.read("out.csv");
    let empty = scored.lines().filter(|line| line.contains(",,,\"line 4: [derive] share")).count();
    assert_eq!((empty, scored.lines().count()), (1, 5), "{scored}");
}

#[test]
fn a_posted_row_that_fails_in_a_window_is_refused_before_it_is_kept() {
    let folder = shop_with("value = \"count(returned)\"", &format!("value = \"sum({RARE})\""));
    folder.run(&["run", "--quiet"]).expect(0);
    let order = |id: u32, amount: f64| -> Map<String, Value> {
        let mut order = shop::order(id);
        order.insert("amount".into(), json!(amount));
        order
    };
    let server = Server::start(folder.path(), &[]);
    let post = |rows: &[Map<String, Value>]| server.post("/v1/tables/orders/rows", &json!({"rows": rows}));
    let says = ["row 1: the row {", "id\\\":501", "[window.orders_30d] value", "nullif(x, 0)"];
    post(&[order(500, 1.0), order(501, 1000.2), order(502, 1.0)]).problem(422, "sql-run", &says);
    // Nothing of it was taken, so that the same keys may come with other content, and the next start gets past it.
    let taken = post(&[order(500, 2.0), order(501, 2.0)]).json();
    assert_eq!((&taken["acknowledged"], &taken["repeated"]), (&json!(2), &json!(0)));
    server.kill();
    let server = Server::start(folder.path(), &[]);
    let again = server.post("/v1/tables/orders/rows", &json!({"rows": [order(501, 2.0)]})).json();
    assert_eq!(again["repeated"], json!(1));
}

#[test]
fn integers_beyond_their_type_are_an_error_and_do_not_wrap_around() {
    // 1024 times this is the first that 64 bits do not hold.
    let folder = shop_with("large = \"amount > 50\"", "huge = \"CAST(amount AS BIGINT) * 9007199254740992\"");
    folder.run(&["run", "--quiet"]).expect(0);
    let says = ["[derive] huge: ", "1024 * 9007199254740992", "beyond the range", "CAST(x AS DOUBLE)"];
    let server = Server::start(folder.path(), &[]);
    let example = |amount: f64| json!({"amount": amount, "country": "DE", "at": "2024-04-09T00:00:00Z"});
    for explain in [false, true] {
        let ask = |amounts: [f64; 2]| {
            let body = json!({"examples": amounts.map(example), "explain": explain});
            server.post("/v1/models/shop/predict", &body)
        };
        ask([1023.0, 1024.0]).problem(422, "sql-run", &says);
        assert_eq!(ask([1023.0, 1022.0]).json()["predictions"].as_array().map(Vec::len), Some(2));
    }
    folder.write("new.csv", "amount,country\n1023,DE\n1024,FR\n");
    folder.fails(&["predict", "shop", "--in", "new.csv", "--out", "out.csv"], 3, &says);

    let sql = folder.read("tables/orders_clean.sql");
    folder.write("tables/orders_clean.sql", sql.replacen("\nFROM", ",\n  id * 9223372036854775807 AS far\nFROM", 1));
    let line = 1 + folder.read("tables/orders_clean.sql").lines().position(|line| line.contains("AS far")).unwrap();
    let place = format!("tables/orders_clean.sql:{line}:3");
    folder.fails(&["run"], 1, &[&place, "data: 2 * 9223372036854775807", "beyond the range", "CAST(x AS DOUBLE)"]);
    folder.write("tables/orders_clean.sql", sql);
    let query = "SELECT max(id) FILTER (WHERE id + 9223372036854775807 > 0) AS v FROM orders";
    folder.fails(&["query", query], 1, &["query:1:30", "beyond the range"]);
}
