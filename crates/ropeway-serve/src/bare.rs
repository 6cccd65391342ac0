//! What never became a request (a malformed head, one that is too long) is answered by the HTTP library, with a bare
//! status. Here that answer gets its problem details.

use axum::http::StatusCode;
use ropeway_vocab::{Kind, Problem};

use crate::problem::{MEDIA_TYPE, details};

const EMPTY: &str = "content-length: 0\r\n";
/// The bare answer to a head that does not come to its end, to which the HTTP library gives none.
pub(crate) const SLOW_HEAD: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// The whole answer in place of a bare one; nothing where it is no bare error. Errors of the routes always have a body.
pub(crate) fn in_place_of(written: &[u8]) -> Option<Vec<u8>> {
    let status = written.strip_prefix(b"HTTP/1.1 ").filter(|rest| rest.starts_with(b"4"))?.get(..3)?;
    let status = StatusCode::from_bytes(status).ok()?;
    let head = std::str::from_utf8(written).ok().filter(|head| head.ends_with("\r\n\r\n"))?;
    let (before, after) = head.split_once(EMPTY)?;
    let body = details(&problem(status), status);
    let length = body.len();
    let head = format!("{before}content-type: {MEDIA_TYPE}\r\ncontent-length: {length}\r\n{after}");
    Some([head.into_bytes(), body].concat())
}

fn problem(status: StatusCode) -> Problem {
    let (code, what, remedy) = match status {
        StatusCode::URI_TOO_LONG => ("long-path", "the path is too long", "send values in the body"),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            ("large-head", "the head of the request is too large", "send fewer and shorter headers")
        }
        StatusCode::REQUEST_TIMEOUT => {
            ("slow-request", "the head of the request did not arrive in time", "send the whole request at once")
        }
        _ => (
            "malformed-request",
            "this is no HTTP request that can be understood",
            "send HTTP/1.1, and write what is special in the path percent-encoded",
        ),
    };
    Problem::new(Kind::Usage, code, what).remedy(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, expect: Option<&str>) {
        let whole = in_place_of(written.as_bytes()).map(|whole| String::from_utf8(whole).unwrap());
        assert_eq!(whole.is_some(), expect.is_some(), "{whole:?}");
        let Some((head, body)) = whole.as_deref().and_then(|whole| whole.split_once("\r\n\r\n")) else { return };
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())) && head.ends_with("date: x"), "{head}");
        assert!(head.contains("application/problem+json") && body.contains(expect.unwrap()), "{body}");
    }

    #[test]
    fn only_a_bare_error_is_replaced() {
        let answer =
            |status: &str, length: u8| format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\ndate: x\r\n\r\n");
        check(&answer("400 Bad Request", 0), Some("malformed-request"));
        check(&answer("431 Request Header Fields Too Large", 0), Some("large-head"));
        check(&answer("414 URI Too Long", 0), Some("long-path"));
        let slow = in_place_of(SLOW_HEAD).map(|whole| String::from_utf8(whole).unwrap()).unwrap();
        assert!(
            slow.contains("\r\nconnection: close\r\n") && slow.contains("urn:ropeway:problem:slow-request"),
            "{slow}"
        );
        check(&answer("404 Not Found", 7), None);
        check(&answer("200 OK", 0), None);
        check("HTTP/1.1 4", None);
        check("{\"a\": 1}", None);
    }
}
