//! `ropeway serve` from outside: what it answers, what it takes, and that nothing acknowledged is lost.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::ropeway::{Folder, signal};
use crate::served::Server;
use crate::shop;

const PREDICT: &str = "/v1/models/shop/predict";
const ROWS: &str = "/v1/tables/orders/rows";

/// Examples all over the year, and what they are asked at.
fn examples() -> Vec<Value> {
    let example = |id: u32| {
        let order = shop::order(id);
        json!({"amount": order["amount"], "country": order["country"], "at": shop::placed(id)})
    };
    (0..480).step_by(13).map(example).collect()
}

fn probabilities(answer: &Value) -> Vec<u64> {
    let of = |prediction: &Value| prediction["probability"].as_f64().unwrap().to_bits();
    answer["predictions"].as_array().unwrap().iter().map(of).collect()
}

fn asked(server: &Server, examples: &[Value]) -> Vec<u64> {
    probabilities(&server.post(PREDICT, &json!({ "examples": examples })).json())
}

fn rows(ids: std::ops::Range<u32>) -> Vec<Map<String, Value>> {
    ids.map(shop::order).collect()
}

/// Posts rows as history and expects the two counts.
#[track_caller]
fn posted(server: &Server, rows: &[Map<String, Value>], acknowledged: u64, repeated: u64) {
    let answer = server.post(ROWS, &json!({"rows": rows, "backfill": true})).json();
    assert_eq!(answer, json!({"acknowledged": acknowledged, "repeated": repeated}));
}

/// An example that sees every order of the last weeks.
fn late() -> Vec<Value> {
    ["DE", "FR", "CH"].map(|country| json!({"amount": 20, "country": country, "at": "2024-05-09T00:00:00Z"})).to_vec()
}

fn batch(folder: &Folder, examples: &[Value]) -> Vec<u64> {
    let lines: Vec<String> = examples.iter().map(Value::to_string).collect();
    folder.write("examples.jsonl", lines.join("\n"));
    folder.run(&["predict", "shop", "--in", "examples.jsonl", "--out", "scored.jsonl"]).expect(0);
    let scored = folder.read("scored.jsonl");
    let scored = scored.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    scored.map(|line| line["probability"].as_f64().unwrap().to_bits()).collect()
}

#[test]
fn answers_are_those_of_batch_prediction() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let examples = examples();
    let whole = server.post(PREDICT, &json!({ "examples": examples })).json();
    assert_eq!(whole["model"], "shop");
    assert_eq!(whole["version"], 1);
    assert_eq!(probabilities(&whole), batch(&folder, &examples));
    let alone: Vec<u64> = examples.iter().flat_map(|example| asked(&server, std::slice::from_ref(example))).collect();
    assert_eq!(alone, probabilities(&whole), "alone or together, an example gets the same answer");
    assert!(alone.iter().any(|probability| *probability != alone[0]));

    let models = server.get("/v1/models").json();
    assert_eq!(models["models"][0]["model"], "shop");
    assert_eq!(models["models"][0]["digest"], whole["digest"]);
    for path in ["/healthz", "/readyz"] {
        assert_eq!((server.get(path).status, server.get(path).body.trim()), (200, "ok"));
    }
    let metrics = server.get("/metrics").body;
    let count = examples.len() * 2;
    for line in [format!("ropeway_predictions_total {count}"), state(shop::ORDERS)] {
        assert!(metrics.lines().any(|found| found == line), "`{line}` is not in\n{metrics}");
    }
}

fn state(orders: u32) -> String {
    format!("ropeway_state_rows{{model=\"shop\",table=\"orders_clean\"}} {orders}")
}

#[test]
fn without_a_time_it_is_now_and_unseen_values_are_answered() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &["--model", "shop@1"]);
    let unseen = [json!({"amount": null, "country": "XX"}), json!({}), json!({"country": "DE", "at": null})];
    assert_eq!(asked(&server, &unseen).len(), 3);
    assert_eq!(asked(&server, &[]).len(), 0);
    // Today nothing of 2024 is within 30 days.
    let now = server.post(PREDICT, &json!({"examples": [{"country": "DE"}], "explain": true})).json();
    let features = now["predictions"][0]["explanation"]["features"].as_array().unwrap().clone();
    let value = |name: &str| features.iter().find(|feature| feature["feature"] == name).unwrap()["value"].clone();
    assert_eq!(
        (value("orders_30d"), value("returned_30d"), value("country_zone")),
        (json!(0), Value::Null, json!("north"))
    );
}

#[test]
fn an_explanation_sums_to_the_score_and_shows_the_facts() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let examples = &examples()[20..23];
    let answer = server.post(PREDICT, &json!({"examples": examples, "explain": true})).json();
    for prediction in answer["predictions"].as_array().unwrap() {
        let why = &prediction["explanation"];
        let features = why["features"].as_array().unwrap();
        let sum: f64 = features.iter().map(|feature| feature["contribution"].as_f64().unwrap()).sum();
        assert!((why["bias"].as_f64().unwrap() + sum - why["raw"].as_f64().unwrap()).abs() <= 1e-9);
        assert_eq!(why["probability"], prediction["probability"]);
        let window = features.iter().find(|feature| feature["feature"] == "orders_30d").unwrap();
        assert_eq!(window["value"], window["total"]);
        assert_eq!(window["facts"].as_array().unwrap().len() as u64, window["total"].as_u64().unwrap());
        let shown = folder.run(&["query", window["sql"].as_str().unwrap(), "--json"]).expect(0).json();
        assert_eq!(shown["total"], window["total"], "the printed query shows the same facts");
    }
}

#[test]
fn rows_are_taken_once_and_seen_at_once() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let before = asked(&server, &late());
    posted(&server, &rows(480..490), 10, 0);
    let after = asked(&server, &late());
    assert_ne!(before, after, "the new facts are in the windows");
    let twice = [rows(485..495), rows(490..492)].concat();
    posted(&server, &twice, 12, 7);
    posted(&server, &rows(470..495), 25, 25);
    assert!(server.get("/metrics").body.contains(&state(495)));

    // The first arrival of a key wins; a post is taken whole or not at all.
    let mut other = rows(494..498);
    other[0].insert("returned".into(), json!(null));
    let answer = server.post(ROWS, &json!({"rows": other, "backfill": true}));
    answer.problem(409, "key-conflict", &["row 0", "`orders`", r#"{\"id\":494}"#, "nothing of the request was taken"]);
    posted(&server, &rows(495..498), 3, 0);

    // Rows that are no history count from their arrival: examples of the past do not see them.
    let seen = asked(&server, &late());
    let answer = server.post(ROWS, &json!({"rows": rows(498..500)})).json();
    assert_eq!(answer, json!({"acknowledged": 2, "repeated": 0}));
    assert_eq!(asked(&server, &late()), seen);
    assert!(server.get("/metrics").body.contains(&state(500)));
}

#[test]
fn a_row_that_does_not_fit_is_refused_with_all_others() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let refused = |change: &dyn Fn(&mut Map<String, Value>), code: &str, says: &[&str]| {
        let mut rows = rows(480..483);
        change(&mut rows[1]);
        server.post(ROWS, &json!({ "rows": rows })).problem(422, code, says);
    };
    refused(&|row| drop(row.insert("amount".into(), json!("much"))), "bad-row", &["row 1", "`amount`", "`much`"]);
    refused(&|row| drop(row.insert("placed".into(), json!("2024-02-30T00:00:00Z"))), "bad-row", &["`placed`"]);
    refused(&|row| drop(row.insert("cuontry".into(), json!("DE"))), "bad-row", &["did you mean `country`?"]);
    refused(&|row| drop(row.insert("amount".into(), json!(-5))), "check-failed", &["row 1", "amount >= 0", "481"]);
    posted(&server, &rows(480..483), 3, 0);
    // The first of those that fail is named by its place among all, repeated rows too.
    let mut more = rows(481..490);
    for row in [8, 5, 6] {
        more[row].insert("amount".into(), json!(-5));
    }
    server.post(ROWS, &json!({ "rows": more })).problem(422, "check-failed", &["row 5: ", "486"]);
    posted(&server, &rows(480..490), 10, 3);
}

#[test]
fn a_personal_key_is_not_told() {
    let folder = shop::folder();
    folder.edit("ropeway.toml", "key = [\"id\"]", "key = [\"id\"]\npersonal = [\"id\"]");
    folder.run(&["run", "--quiet"]).expect(0);
    let server = Server::start(folder.path(), &[]);
    let mut row = rows(470..471);
    row[0].insert("amount".into(), json!(0.5));
    let answer = server.post(ROWS, &json!({ "rows": row }));
    assert!(!answer.body.contains("470"), "{}", answer.body);
    answer.problem(409, "key-conflict", &["row 0", r#"{\"id\":\"***\"}"#]);
}

#[test]
fn what_was_acknowledged_survives_a_kill_and_is_in_the_next_run() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    posted(&server, &rows(480..500), 20, 0);
    assert_eq!(server.post(ROWS, &json!({"rows": rows(500..503)})).json()["acknowledged"], 3);
    let answers = asked(&server, &late());
    server.kill();

    let server = Server::start(folder.path(), &[]);
    assert_eq!(asked(&server, &late()), answers);
    posted(&server, &rows(480..503), 23, 23);
    assert!(server.get("/metrics").body.contains(&state(503)));
    folder.run(&["serve", "--port", "0"]).expect(1).says("orders.log").says("other server");
    assert_eq!(batch(&folder, &late()), answers, "batch prediction sees them too");

    let report = folder.run(&["run", "--json"]).expect(0).json();
    assert_eq!(report["sources"]["orders"]["rows_in"], shop::ORDERS);
    assert_eq!(report["sources"]["orders"]["arrived"], 23);
    assert_eq!(report["examples"]["rows"], 503);
    let count = folder.run(&["query", "SELECT count(*) AS n FROM orders WHERE id >= 480", "--json"]).expect(0).json();
    assert_eq!(count["rows"][0]["n"], 23);
}

#[test]
fn many_clients_and_a_kill_lose_nothing_and_double_nothing() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    // Each of four clients posts every row, in an order of its own, and keeps what was acknowledged.
    let client = |number: u32| {
        let ids = (0..60).map(move |step| shop::ORDERS + (step * 7 + number * 15) % 60);
        let taken = ids.map_while(|id| {
            let body = json!({"rows": rows(id..id + 1), "backfill": true}).to_string();
            let answer = server.try_post(ROWS, &body).ok()?.json();
            Some((id, answer["repeated"] == 0))
        });
        taken.collect::<Vec<(u32, bool)>>()
    };
    let acknowledged: Vec<(u32, bool)> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4).map(|number| scope.spawn(move || client(number))).collect();
        let killer = scope.spawn(|| {
            // Somewhere in the middle: when a part of the rows is counted.
            let new = |line: &str| line.strip_prefix("ropeway_rows_acknowledged_total ")?.parse::<u32>().ok();
            while server.get("/metrics").body.lines().find_map(new).is_some_and(|count| count < 100) {}
            signal("KILL", server.id());
        });
        killer.join().unwrap();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    let mut ids: Vec<u32> = acknowledged.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert!(acknowledged.len() >= 100);
    assert!(acknowledged.iter().filter(|(_, new)| *new).count() <= ids.len(), "a row was new twice");
    drop(server);
    let server = Server::start(folder.path(), &[]);
    for id in &ids {
        posted(&server, &rows(*id..*id + 1), 1, 1);
    }
    server.post(ROWS, &json!({"rows": rows(shop::ORDERS..shop::ORDERS + 60), "backfill": true})).json();
    assert!(server.get("/metrics").body.contains(&state(shop::ORDERS + 60)));
}

#[test]
fn a_torn_end_of_the_log_loses_only_what_was_not_acknowledged() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    posted(&server, &rows(480..485), 5, 0);
    let answers = asked(&server, &late());
    server.kill();
    let log = folder.path().join(".ropeway/arrivals/orders.log");
    let mut bytes = std::fs::read(&log).unwrap();
    bytes.extend([200, 0, 0, 0, 1, 2, 3]);
    std::fs::write(&log, bytes).unwrap();
    let server = Server::start(folder.path(), &[]);
    assert_eq!(asked(&server, &late()), answers);
    posted(&server, &rows(480..486), 6, 5);
    server.kill();

    // Damage before the end is something else: nothing is served from a log that lies.
    let mut bytes = std::fs::read(&log).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&log, bytes).unwrap();
    folder.run(&["serve", "--port", "0"]).expect(1).says("orders.log").says("remedy");
}

#[test]
fn rows_of_a_source_that_is_aggregated_are_refused_with_the_line_that_does_it() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let visit = json!({"rows": [{"visit": 9999, "seen": "2024-04-30T00:00:00Z", "country": "DE"}]});
    let answer = server.post("/v1/tables/visits/rows", &visit);
    answer.problem(422, "not-row-wise", &["`visits`", "`visits_daily`", "tables/visits_daily.sql:3"]);
    let answer = server.post("/v1/tables/countries/rows", &json!({"rows": []}));
    answer.problem(422, "no-key", &["`countries`", "key"]);
    posted(&server, &rows(480..482), 2, 0);
}

#[test]
fn it_does_not_start_without_a_model_or_open_to_others_without_a_token() {
    let folder = shop::folder();
    folder.run(&["serve", "--port", "0"]).expect(1).says("no model yet").says("ropeway run");
    let folder = shop::trained();
    folder.run(&["serve", "--port", "0", "--model", "shpo"]).expect(1).says("`shpo`").says("`shop`");
    folder.run(&["serve", "--port", "0", "--host", "0.0.0.0"]).expect(3).says("0.0.0.0").says("--token-file");
    folder.run(&["serve", "--port", "0", "--token-file", "nowhere"]).expect(1).says("nowhere");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    folder.run(&["serve", "--port", &port]).expect(1).says(&port).says("--port");
}

#[test]
fn with_a_token_file_only_the_token_opens() {
    let folder = shop::trained();
    folder.write("token", "0123456789abcdef0123\n");
    let server = Server::start(folder.path(), &["--token-file", "token"]);
    assert_eq!(server.get("/healthz").status, 200);
    for path in ["/v1/models", "/metrics"] {
        server.get(path).problem(401, "unauthorized", &["Authorization: Bearer"]);
    }
    let body = json!({ "examples": late() });
    let server = server.with_token("0123456789abcdef012x");
    server.post(PREDICT, &body).problem(401, "unauthorized", &[]);
    server.post(ROWS, &json!({"rows": rows(480..481)})).problem(401, "unauthorized", &[]);
    let server = server.with_token("0123456789abcdef0123");
    assert_eq!(server.post(PREDICT, &body).json()["predictions"].as_array().unwrap().len(), 3);
    posted(&server, &rows(480..481), 1, 0);
}

#[test]
fn ctrl_c_ends_it_cleanly() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    posted(&server, &rows(480..481), 1, 0);
    assert_eq!(server.interrupted(), Some(0));
    assert!(Path::new(&folder.path().join(".ropeway/arrivals/orders.log")).exists());
}
