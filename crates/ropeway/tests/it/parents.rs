//! Rows that a check holds against another table, and rows of that table, over HTTP.

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::served::{Answer, Server};
use crate::shop;

const CHECK: &str = r#"
[[check]]
table = "orders"
references = { columns = ["country"], table = "PARENT", to = ["country"] }
otherwise = "stop"
"#;

/// The shop with a key for countries, and orders held against them or against a table of them.
fn shop_with(parent: &str, sql: Option<&str>) -> Folder {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "data/countries.csv\"", "data/countries.csv\"\nkey = [\"country\"]");
    let mut project = folder.read("ropeway.toml") + &CHECK.replace("PARENT", parent);
    if let Some(sql) = sql {
        project += &format!("\n[table.{parent}]\nsql = \"tables/parent.sql\"\n");
        folder.write("tables/parent.sql", sql);
    }
    folder.write("ropeway.toml", project);
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

fn order(server: &Server, id: u32, country: &str) -> Answer {
    let mut order = shop::order(id);
    order.insert("country".into(), json!(country));
    server.post("/v1/tables/orders/rows", &json!({"rows": [order], "backfill": true}))
}

fn country(server: &Server, country: &str) -> Answer {
    let row = json!({"country": country, "zone": "south"});
    server.post("/v1/tables/countries/rows", &json!({"rows": [row], "backfill": true}))
}

fn taken(repeated: u64) -> Value {
    json!({"acknowledged": 1, "repeated": repeated})
}

#[test]
fn posted_rows_of_the_parent_count_at_once() {
    let folder = shop_with("countries", None);
    let server = Server::start(folder.path(), &[]);
    order(&server, 480, "IT").problem(422, "check-failed", &["references", "IT"]);
    assert_eq!(country(&server, "IT").json(), taken(0));
    assert_eq!(order(&server, 480, "IT").json(), taken(0));
    assert_eq!((country(&server, "IT").json(), order(&server, 480, "IT").json()), (taken(1), taken(1)));
    order(&server, 481, "ES").problem(422, "check-failed", &["ES"]);
    assert_eq!(country(&server, "ES").json(), taken(0));
    server.kill();
    let server = Server::start(folder.path(), &[]);
    assert_eq!(order(&server, 481, "ES").json(), taken(0));
    server.kill();
    folder.run(&["run", "--quiet"]).expect(0);
}

#[test]
fn so_do_those_of_a_table_that_they_pass_through() {
    let folder =
        shop_with("southern", Some("SELECT country FROM countries WHERE zone IN ('south', 'north', 'west')\n"));
    let server = Server::start(folder.path(), &[]);
    order(&server, 480, "IT").problem(422, "check-failed", &["references", "IT"]);
    assert_eq!(country(&server, "IT").json(), taken(0));
    assert_eq!(order(&server, 480, "IT").json(), taken(0));
}

#[test]
fn rows_of_a_source_that_the_parent_adds_up_are_refused() {
    let folder = shop_with("counted", Some("SELECT country, count(*) AS n\nFROM countries\nGROUP BY country\n"));
    let server = Server::start(folder.path(), &[]);
    country(&server, "IT").problem(422, "not-row-wise", &["`countries`", "`counted`", "tables/parent.sql:3"]);
    assert_eq!(order(&server, 480, "DE").json(), taken(0));
}
