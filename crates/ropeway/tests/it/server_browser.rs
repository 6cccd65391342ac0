//! A server without a token, and web pages in a browser on its machine: programs are answered, pages write nothing.

use std::io::Write;

use serde_json::json;

use crate::ropeway::Folder;
use crate::served::Server;
use crate::server_hostile::{answer, raw};
use crate::shop;

const ROWS: &str = "POST /v1/tables/orders/rows";
const PREDICT: &str = "POST /v1/models/shop/predict";
const FORM: &str = "content-type: application/x-www-form-urlencoded";

/// A server, and the next order that it would take.
struct Shop {
    _folder: Folder,
    server: Server,
    next: u32,
}

impl Shop {
    fn start(arguments: &[&str]) -> Self {
        let folder = shop::trained();
        folder.write("token", "0123456789abcdef0123\n");
        let server = Server::start(folder.path(), arguments);
        Self { _folder: folder, server, next: shop::ORDERS }
    }

    /// Sends one order, one example or no body with these headers, as they are.
    fn ask(&self, route: &str, headers: &[&str]) -> String {
        let body = match route {
            ROWS => json!({"rows": [shop::order(self.next)], "backfill": true}).to_string(),
            PREDICT => json!({"examples": [{"country": "DE"}]}).to_string(),
            _ => String::new(),
        };
        let lines: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let head = format!("{route} HTTP/1.1\r\n{lines}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
        let mut stream = raw(&self.server);
        stream.write_all((head + &body).as_bytes()).unwrap();
        answer(stream)
    }

    #[track_caller]
    fn refuses(&self, route: &str, headers: &[&str], status: u16, code: &str) {
        let answer = self.ask(route, headers);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{route} {headers:?}: {answer}");
        assert!(answer.contains("application/problem+json") && answer.contains("\"remedy\":"), "{answer}");
        assert!(answer.contains(&format!("urn:ropeway:problem:{code}\"")), "{answer}");
    }

    /// The order is taken, and was not before.
    #[track_caller]
    fn takes(&mut self, headers: &[&str]) {
        let answer = self.ask(ROWS, headers);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{headers:?}: {answer}");
        assert!(answer.ends_with("{\"acknowledged\":1,\"repeated\":0}"), "{headers:?}: {answer}");
        self.next += 1;
    }
}

#[test]
fn a_page_of_another_site_writes_nothing() {
    let mut shop = Shop::start(&[]);
    let own = shop.server.url.trim_start_matches("http://").to_owned();
    let host = format!("host: {own}");
    for sign in [
        "origin: https://evil.example",
        "origin: null",
        "origin: http://localhost:3000",
        "sec-fetch-site: cross-site",
        "sec-fetch-site: same-site",
    ] {
        for content_type in ["content-type: text/plain", FORM, "content-type: application/json", "accept: */*"] {
            shop.refuses(ROWS, &[&host, sign, content_type], 403, "cross-site");
        }
        shop.refuses(PREDICT, &[&host, sign, FORM], 403, "cross-site");
    }
    // A name whose owner lets it point to this machine: to the browser, page and server are one site.
    for route in [ROWS, PREDICT, "GET /metrics", "GET /v1/models"] {
        let page = ["host: evil.example:8080", "origin: http://evil.example:8080", "sec-fetch-site: same-origin"];
        shop.refuses(route, &page, 421, "foreign-host");
    }
    shop.takes(&[&host, "sec-fetch-site: none"]);
    shop.takes(&[&host, &format!("origin: http://{own}"), "sec-fetch-site: same-origin"]);
}

#[test]
fn programs_of_this_machine_are_answered_as_curl_asks() {
    let mut shop = Shop::start(&[]);
    // As `curl -d` sends it, by every name of this machine.
    for host in ["host: 127.0.0.1:8080", "host: localhost:8080", "host: [::1]:8080"] {
        shop.takes(&[host, "user-agent: curl/8", "accept: */*", FORM]);
    }
    shop.takes(&["host: localhost"]);
    for json in ["application/json; charset=utf-8", "Application/JSON", "application/vnd.shop+json"] {
        shop.takes(&["host: localhost", &format!("content-type: {json}")]);
    }
    assert!(shop.ask("GET /metrics", &["host: localhost"]).starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_body_that_says_it_is_no_json_is_refused() {
    let mut shop = Shop::start(&[]);
    for other in
        ["text/plain", "text/plain;charset=UTF-8", "multipart/form-data; boundary=x", "application/xml", "json"]
    {
        for route in [ROWS, PREDICT] {
            shop.refuses(route, &["host: localhost", &format!("content-type: {other}")], 415, "media-type");
        }
    }
    shop.takes(&["host: localhost"]);
}

#[test]
fn with_a_token_it_may_be_asked_by_any_name() {
    let mut shop = Shop::start(&["--token-file", "token"]);
    let host = "host: models.example";
    shop.refuses(ROWS, &[host, "origin: https://evil.example"], 401, "unauthorized");
    shop.takes(&[host, "authorization: Bearer 0123456789abcdef0123", "origin: https://desk.example"]);
}
