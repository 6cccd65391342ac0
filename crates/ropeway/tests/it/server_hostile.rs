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
pub fn raw(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

fn head(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    )
}

/// Reads to the end of the answer; a connection that the server resets ends it too.
pub fn answer(mut stream: TcpStream) -> String {
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
    server.get("/v1/models/%ff/predict").problem(405, "wrong-method", &["GET"]);
    for path in ["/v1/models/%ff/predict", "/v1/tables/a%C0b/rows"] {
        server.post_text(path, "{}").problem(400, "unreadable-path", &["UTF-8"]);
    }
    is_well(&server);
}

#[test]
fn a_method_that_a_route_does_not_have_is_told_with_those_that_it_has() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    for (method, path, allowed) in [
        ("GET", PREDICT, "POST"),
        ("PUT", ROWS, "POST"),
        ("POST", "/v1/models", "GET,HEAD"),
        ("DELETE", "/healthz", "GET,HEAD"),
        ("BREW", "/metrics", "GET,HEAD"),
    ] {
        let mut stream = raw(&server);
        stream.write_all(head(path, 0).replacen("POST", method, 1).as_bytes()).unwrap();
        let answer = answer(stream).to_lowercase();
        let allowed = format!("\r\nallow: {}\r\n", allowed.to_lowercase());
        assert!(answer.starts_with("http/1.1 405") && answer.contains(&allowed), "{answer}");
        assert!(answer.contains("application/problem+json") && answer.contains("wrong-method"), "{answer}");
    }
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
        ("[]", "sequence, expected an object"),
        ("[[{\"amount\": 1}], true]", "sequence, expected an object at line 1 column"),
        ("{\"rows\": []}", "unknown field `rows`"),
        ("{\"examples\": 5}", "line 1 column"),
        ("{\"examples\": [5]}", "line 1 column"),
        ("{\"examples\": [{\"amount\": NaN}]}", "`NaN` is no JSON: it has no NaN and no infinity (line 1 column"),
        ("{\"examples\": [{\"amount\": -Infinity}]}", "`-Infinity` is no JSON"),
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
fn a_key_that_stands_twice_in_one_object_is_refused_by_name() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let examples = r#"{"examples": [{"amount": 1}, {"amount": 1, "country": "DE", "amount": 2}]}"#;
    server.post_text(PREDICT, examples).problem(400, "malformed-body", &["`amount`", "twice", "line 1 column"]);
    let row = serde_json::Value::Object(shop::order(480)).to_string().replacen('{', "{\"id\": 481, ", 1);
    server.post_text(ROWS, &format!("{{\"rows\": [{row}]}}")).problem(400, "malformed-body", &["`id`", "twice"]);
    is_well(&server);
}

#[test]
fn wrong_columns_and_values_are_told_with_their_row() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let ask = |example: serde_json::Value| server.post(PREDICT, &json!({"examples": [{"country": "DE"}, example]}));
    ask(json!({"amuont": 1})).problem(422, "bad-row", &["row 1", "`amuont`", "did you mean `amount`?"]);
    ask(json!({"visit": 1})).problem(422, "bad-row", &["`visit`", "amount"]);
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
    let many = vec![json!({}); 100_001];
    server.post(ROWS, &json!({ "rows": many })).problem(413, "too-many-rows", &["100001", "100000"]);
    let help = folder.run(&["serve", "--help"]).expect(0).stdout;
    for limit in ["16 MiB", "10,000 examples", "100 with `\"explain\": true`", "100,000 rows", "10 seconds"] {
        assert!(help.contains(limit), "`{limit}` is not in\n{help}");
    }
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

#[test]
fn a_body_that_says_it_is_too_large_is_refused_before_it_comes() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    for path in [PREDICT, ROWS] {
        let mut stream = raw(&server);
        stream.write_all(head(path, 17 << 20).as_bytes()).unwrap();
        let answer = answer(stream);
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("large-body"), "{answer}");
        // A client that sends all before it reads has its answer too, not a connection that is reset.
        let body = " ".repeat(17 << 20);
        server.try_post(path, &body).unwrap().problem(413, "large-body", &["16 MiB"]);
    }
    is_well(&server);
}

#[test]
fn an_answer_before_the_body_closes_the_line_and_says_so() {
    let folder = shop::trained();
    folder.write("token", "0123456789abcdef0123\n");
    let server = Server::start(folder.path(), &["--token-file", "token"]);
    let nobody = "0123456789abcdef0123".replace('0', "x");
    for (method, path, status) in [("POST", PREDICT, "401"), ("POST", "/healthz", "405"), ("POST", "/nothing", "404")] {
        let mut stream = raw(&server);
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {nobody}\r\ncontent-length: 5");
        stream.write_all(format!("{head}\r\n\r\n").as_bytes()).unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
        stream.write_all(b"later").unwrap();
        assert_eq!(String::from_utf8_lossy(&first), format!("HTTP/1.1 {status}"));
        let rest = answer(stream).to_lowercase();
        assert!(rest.contains("\r\nconnection: close\r\n") && rest.contains("urn:ropeway:problem:"), "{rest}");
    }
}

#[test]
fn more_connections_than_it_may_have_do_not_end_it() {
    let folder = shop::trained();
    let server = Server::start_with_open_files(folder.path(), 64);
    let crowd: Vec<TcpStream> = (0..100).map(|_| raw(&server)).collect();
    drop(crowd);
    is_well(&server);
    // Clients that stay and ask nothing keep nobody out.
    for begun in ["", "GET / HT"] {
        let crowd: Vec<TcpStream> = (0..100).map(|_| raw(&server)).collect();
        crowd.iter().for_each(|mut stream| drop(stream.write_all(begun.as_bytes())));
        is_well(&server);
    }
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
    let told = answer(silent);
    assert!(told.starts_with("HTTP/1.1 408") && told.contains("application/problem+json"), "{told}");
    assert!(told.contains("slow-request") && told.contains("the head of the request"), "{told}");
    is_well(&server);
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
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(80_000));
    let headers = format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(200));
    for (garbage, code) in [
        (b"\x16\x03\x01\x02\x00\x01\x00".as_slice(), "malformed-request"),
        (b"GET / HTTP/9.9\r\n\r\n", "malformed-request"),
        (b"GET /\x01 HTTP/1.1\r\n\r\n", "malformed-request"),
        (&[0; 4096], "malformed-request"),
        (long.as_bytes(), "long-path"),
        (headers.as_bytes(), "large-head"),
    ] {
        // After a sound request on the same connection, too.
        for before in ["", "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"] {
            let mut stream = raw(&server);
            stream.write_all(&[before.as_bytes(), garbage].concat()).unwrap();
            let answer = answer(stream);
            let problem = &answer[answer.rfind("HTTP/1.1 ").unwrap()..];
            assert!(problem.starts_with("HTTP/1.1 4") && problem.contains("application/problem+json"), "{answer}");
            assert!(problem.contains(&format!("urn:ropeway:problem:{code}")), "{answer}");
        }
    }
    let mut endless = raw(&server);
    let _ = endless.write_all(&[b'a'; 1_000_000]);
    let _ = endless.shutdown(std::net::Shutdown::Write);
    let answer = answer(endless);
    assert!(answer.is_empty() || answer.contains("urn:ropeway:problem:"), "{answer}");
    is_well(&server);
}
