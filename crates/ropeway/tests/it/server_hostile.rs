//! What a server must bear: bodies that are no JSON, are too large, too deep or too slow, and names that do not exist.
//! Each is answered with what is wrong and what to do, and the server goes on.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::served::Server;
use crate::shop;

const PREDICT: &str = "/v1/models/shop/predict";
const ROWS: &str = "/v1/tables/orders/rows";

/// The server still answers.
#[track_caller]
fn is_well(server: &Server) {
    let answer = server.post(PREDICT, &json!({"examples": [{"amount": 3, "country": "DE"}]})).json();
    assert_eq!(answer["predictions"].as_array().unwrap().len(), 1);
}

/// A connection that sends what no HTTP library would.
fn raw(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

fn head(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    )
}

/// Reads to the end of the answer; a connection that the server resets ends it too.
fn answer(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return String::from_utf8_lossy(&bytes).into_owned(),
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    }
}

#[test]
fn names_that_do_not_exist_are_told_with_the_nearest() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let examples = json!({ "examples": [] });
    server.post("/v1/models/shpo/predict", &examples).problem(
        404,
        "unknown-model",
        &["`shpo`", "did you mean `shop`?"],
    );
    let rows = json!({ "rows": [] });
    server.post("/v1/tables/ordres/rows", &rows).problem(404, "unknown-source", &["did you mean `orders`?"]);
    let table = server.post("/v1/tables/orders_clean/rows", &rows);
    table.problem(404, "unknown-source", &["`orders_clean`", "orders"]);
    server.get("/v1/modles").problem(404, "unknown-route", &[]);
    let wrong = server.get(PREDICT);
    assert_eq!(wrong.status, 405, "{wrong:?}");
    is_well(&server);
}

#[test]
fn malformed_bodies_are_told_with_their_place() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let deep = format!("{{\"examples\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_value = format!("{{\"examples\": [{{\"amount\": {}1{}}}]}}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    for (body, says) in [
        ("", "EOF"),
        ("{\"examples\": [", "line 1 column 14"),
        ("not json", "line 1"),
        ("[]", "examples"),
        ("{\"rows\": []}", "unknown field `rows`"),
        ("{\"examples\": 5}", "line 1 column"),
        ("{\"examples\": [5]}", "line 1 column"),
        ("{\"examples\": [{\"amount\": NaN}]}", "line 1 column"),
        ("{\"examples\": [{\"amount\": Infinity}]}", "line 1 column"),
        ("{\"examples\": [{\"amount\": 1e999}]}", "out of range"),
        (&deep, "line 1 column"),
        (&deep_value, "recursion limit"),
    ] {
        server.post_text(PREDICT, body).problem(400, "malformed-body", &[says, "examples"]);
        let rows = server.post_text(ROWS, &body.replace("\"rows\"", "\"rwos\"").replace("examples", "rows"));
        rows.problem(400, "malformed-body", &["rows"]);
        is_well(&server);
    }
}

#[test]
fn wrong_columns_and_values_are_told_with_their_row() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let ask = |example: serde_json::Value| server.post(PREDICT, &json!({"examples": [{"country": "DE"}, example]}));
    ask(json!({"amuont": 1})).problem(422, "bad-row", &["row 1", "`amuont`", "did you mean `amount`?"]);
    ask(json!({"returned": true})).problem(422, "bad-row", &["`returned`", "amount"]);
    ask(json!({"amount": "NaN"})).problem(422, "bad-row", &["row 1", "`amount`", "`NaN`"]);
    ask(json!({"amount": "inf"})).problem(422, "bad-row", &["`amount`"]);
    ask(json!({"amount": [1]})).problem(422, "bad-row", &["`amount`"]);
    ask(json!({"country": {"code": "DE"}})).problem(422, "bad-row", &["`country`"]);
    ask(json!({"at": "yesterday"})).problem(422, "bad-row", &["`at`", "`yesterday`"]);
    ask(json!({"at": "2024-13-01T00:00:00Z"})).problem(422, "bad-row", &["`at`"]);
    is_well(&server);
}

#[test]
fn too_much_at_once_is_refused_with_the_limit() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let many = vec![json!({}); 10_001];
    server.post(PREDICT, &json!({ "examples": many })).problem(413, "too-many-examples", &["10001", "10000"]);
    let explained = json!({"examples": vec![json!({}); 101], "explain": true});
    server.post(PREDICT, &explained).problem(413, "too-many-examples", &["101", "100"]);
    is_well(&server);
}

#[test]
fn a_body_of_100_megabytes_is_refused_and_costs_the_server_nothing() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let piece = vec![b' '; 1 << 20];
    for path in [PREDICT, ROWS] {
        let mut stream = raw(&server);
        stream.write_all(head(path, 100 << 20).as_bytes()).unwrap();
        let mut sent = 0;
        while sent < 100 && stream.write_all(&piece).is_ok() {
            sent += 1;
        }
        let answer = answer(stream);
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("16 MiB"), "{sent} MB sent: {answer}");
        // The same without a length that says so: the limit holds while it is read.
        let mut stream = raw(&server);
        let head = head(path, 0).replace("content-length: 0", "transfer-encoding: chunked");
        stream.write_all(head.as_bytes()).unwrap();
        let chunk = [b"100000\r\n".as_slice(), &piece, b"\r\n"].concat();
        while stream.write_all(&chunk).is_ok() && sent < 300 {
            sent += 1;
        }
        assert!(sent < 300, "the server reads on and on");
    }
    assert!(peak_mib(&server) < 700, "{} MiB", peak_mib(&server));
    is_well(&server);
}

/// The server's peak resident memory.
fn peak_mib(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[test]
fn slow_clients_are_sent_away_and_hinder_nobody() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let slow: Vec<TcpStream> = [PREDICT, ROWS, PREDICT, ROWS]
        .iter()
        .map(|path| {
            let mut stream = raw(&server);
            stream.write_all(head(path, 100).as_bytes()).unwrap();
            stream.write_all(b"{\"exa").unwrap();
            stream
        })
        .collect();
    // One that does not even finish its head, and one that goes away in the middle.
    let mut silent = raw(&server);
    silent.write_all(b"POST /v1/models").unwrap();
    let mut gone = raw(&server);
    gone.write_all(head(ROWS, 1000).as_bytes()).unwrap();
    drop(gone);
    is_well(&server);
    let row = json!({"rows": [shop::order(480)]});
    assert_eq!(server.post(ROWS, &row).json(), json!({"acknowledged": 1, "repeated": 0}));
    for stream in slow {
        let answer = answer(stream);
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("slow-request"), "{answer}");
    }
    is_well(&server);
    drop(silent);
}

#[test]
fn a_client_that_goes_away_before_the_answer_leaves_its_rows_whole() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let ids = shop::ORDERS..shop::ORDERS + 40;
    for id in ids.clone() {
        let body = json!({"rows": [shop::order(id)], "backfill": true}).to_string();
        let mut stream = raw(&server);
        stream.write_all((head(ROWS, body.len()) + &body).as_bytes()).unwrap();
        drop(stream);
        // Sent again, it is acknowledged, whether the first was taken or not; then it must count.
        assert_eq!(server.post_text(ROWS, &body).json()["acknowledged"], 1);
    }
    let state = format!("table=\"orders_clean\"}} {}", ids.end);
    let metrics = server.get("/metrics").body;
    assert!(metrics.contains(&state), "`{state}` is not in\n{metrics}");
}

#[test]
fn what_is_no_http_is_turned_away() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    for garbage in [b"\x16\x03\x01\x02\x00\x01\x00".as_slice(), b"GET / HTTP/9.9\r\n\r\n", &[0; 4096], &[b'a'; 200_000]]
    {
        let mut stream = raw(&server);
        let _ = stream.write_all(garbage);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let answer = answer(stream);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    is_well(&server);
}
