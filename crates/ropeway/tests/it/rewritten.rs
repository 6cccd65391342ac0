//! Files of sources that are written anew after a model was made of them: their columns are found by name.

use serde_json::{Map, Value, json};

use crate::ropeway::Folder;
use crate::served::Server;
use crate::shop;

const ROWS: &str = "/v1/tables/orders/rows";

/// Writes the orders with these columns; one that no order has is 5 in each.
fn write(folder: &Folder, columns: &[&str]) {
    let mut text = columns.join(",") + "\n";
    for id in 0..shop::ORDERS {
        let order = shop::order(id);
        let of = |column: &&str| match order.get(*column) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => "5".to_string(),
        };
        text += &(columns.iter().map(of).collect::<Vec<_>>().join(",") + "\n");
    }
    folder.write("data/orders.csv", text);
}

fn examples() -> Vec<Value> {
    let of = |id: u32| json!({"amount": 20, "country": shop::order(id)["country"], "at": shop::placed(id)});
    (100..shop::ORDERS).step_by(37).map(of).collect()
}

fn answers(server: &Server) -> Value {
    server.post("/v1/models/shop/predict", &json!({"examples": examples()})).json()["predictions"].clone()
}

fn scored(folder: &Folder) -> String {
    folder.write("ask.jsonl", examples().iter().map(|example| example.to_string() + "\n").collect::<String>());
    folder.run(&["predict", "shop", "--in", "ask.jsonl", "--out", "out.jsonl"]).expect(0);
    folder.read("out.jsonl")
}

#[test]
fn columns_are_found_by_name_wherever_they_stand_and_more_of_them_are_not_read() {
    let folder = shop::trained();
    let (before, explained) = (scored(&folder), folder.run(&["explain", "shop", "--key", "300"]).expect(0).stdout);
    let server = Server::start(folder.path(), &[]);
    let answered = answers(&server);
    server.kill();
    for columns in [
        ["id", "placed", "amount", "country", "returned", "note"].as_slice(),
        &["note", "returned", "country", "amount", "placed", "id"],
        &["returned", "country", "id", "amount", "placed"],
    ] {
        write(&folder, columns);
        assert_eq!(scored(&folder), before, "{columns:?}");
        assert_eq!(folder.run(&["explain", "shop", "--key", "300"]).expect(0).stdout, explained, "{columns:?}");
        let server = Server::start(folder.path(), &[]);
        assert_eq!(answers(&server), answered, "{columns:?}");
        // The rows of the file are known, and those of another content are told.
        let mut rows: Vec<Map<String, Value>> = (470..shop::ORDERS).map(shop::order).collect();
        let answer = server.post(ROWS, &json!({"rows": rows, "backfill": true}));
        assert_eq!(answer.json(), json!({"acknowledged": 10, "repeated": 10}), "{columns:?}");
        rows[3].insert("amount".into(), json!(0.5));
        server.post(ROWS, &json!({"rows": rows, "backfill": true})).problem(409, "key-conflict", &["row 3", "473"]);
        assert_eq!(answers(&server), answered, "{columns:?}");
        server.kill();
    }
}

#[test]
fn columns_of_one_type_that_change_places_count_no_row_twice() {
    let folder = shop::folder();
    // The key is a text, as the country is.
    folder.edit("ropeway.toml", "known_at = ", "types = { id = \"text\" }\nknown_at = ");
    folder.run(&["run", "--quiet"]).expect(0);
    write(&folder, &["country", "placed", "amount", "id", "returned"]);
    let server = Server::start(folder.path(), &[]);
    let before = answers(&server);
    let rows: Vec<Map<String, Value>> = (0..shop::ORDERS).map(shop::order).collect();
    let answer = server.post(ROWS, &json!({"rows": rows, "backfill": true}));
    assert_eq!(answer.json(), json!({"acknowledged": shop::ORDERS, "repeated": shop::ORDERS}));
    assert_eq!(answers(&server), before);
    // A new key that some other column has is new.
    let mut row = shop::order(1);
    row.insert("id".into(), json!("FR"));
    let answer = server.post(ROWS, &json!({"rows": [row], "backfill": true}));
    assert_eq!(answer.json(), json!({"acknowledged": 1, "repeated": 0}));
}

#[test]
fn a_column_that_is_gone_is_named_with_its_file() {
    let folder = shop::trained();
    write(&folder, &["id", "placed", "amount", "country"]);
    folder.write("ask.jsonl", "{\"amount\": 1, \"country\": \"DE\"}\n");
    for command in [
        ["predict", "shop", "--in", "ask.jsonl", "--out", "out.jsonl"].as_slice(),
        &["explain", "shop", "--key", "3"],
        &["serve", "--port", "0"],
    ] {
        let says = ["source `orders`", "data/orders.csv", "`returned` is not there", "ropeway run"];
        let ended = folder.fails(command, 1, &says);
        assert!(!ended.stderr.contains("`types`"), "{}", ended.stderr);
    }
}
