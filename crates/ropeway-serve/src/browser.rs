//! A server without a token trusts whoever reaches loopback, and every web page in a browser of this machine does. What
//! such a page asks is told apart by what browsers say of it, which pages cannot change.

use std::net::IpAddr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, Request, header};
use ropeway_vocab::{Kind, Problem, Result};

/// Where a request comes from, seen from the server: `none` stands for the user, who typed the address.
const OWN_SITES: [&[u8]; 2] = [b"same-origin", b"none"];

/// Lets a request pass, or says that a web page stands behind it. A name that its owner lets point to loopback is
/// refused on every route: to the browser, a page under that name and this server are one site. A page of another site
/// cannot read what is answered, so it is refused where something is written or worked out for it.
pub(crate) fn admit<B>(request: &Request<B>) -> Result<()> {
    let mut hosts: Vec<&[u8]> = request.headers().get_all(header::HOST).iter().map(AsRef::as_ref).collect();
    hosts.extend(request.uri().authority().map(|authority| authority.as_str().as_bytes()));
    if !hosts.iter().all(|host| is_here(host)) {
        let what = "the request is for another host, and this server without a token answers for this machine alone";
        return Err(Problem::new(Kind::Refused, "foreign-host", what)
            .remedy("ask by 127.0.0.1 or localhost, or start `ropeway serve` with --token-file"));
    }
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    if !reads && !is_of_this_site(request.headers(), &hosts) {
        let what = "the request comes from a web page of another site, and this server has no token";
        return Err(Problem::new(Kind::Refused, "cross-site", what)
            .remedy("ask from a program, or start `ropeway serve` with --token-file and send the token"));
    }
    Ok(())
}

/// Whether it is an address, or the name that is never looked up elsewhere.
fn is_here(host: &[u8]) -> bool {
    let Ok(authority) = Authority::try_from(host) else { return false };
    let name = authority.host();
    let address = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    address.parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost")
}

fn is_of_this_site(headers: &HeaderMap, hosts: &[&[u8]]) -> bool {
    let own = |origin: &[u8]| {
        let host = origin.strip_prefix(b"http://").or_else(|| origin.strip_prefix(b"https://"));
        host.is_some_and(|host| hosts.iter().any(|own| own.eq_ignore_ascii_case(host)))
    };
    headers.get_all(header::ORIGIN).iter().all(|origin| own(origin.as_bytes()))
        && headers.get_all("sec-fetch-site").iter().all(|site| OWN_SITES.contains(&site.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code with which a request with this method and these headers is refused.
    #[track_caller]
    fn check(method: &str, headers: &[(&str, &str)], refused: Option<&str>) {
        let mut request = Request::builder().method(method).uri("/v1/tables/orders/rows");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let problem = admit(&request.body(()).unwrap()).err();
        assert_eq!(problem.as_ref().map(Problem::code), refused, "{method} {headers:?}");
    }

    #[test]
    fn only_this_machine_is_asked_for() {
        for host in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "192.168.1.7"] {
            check("POST", &[("host", host)], None);
        }
        for host in ["evil.example", "localhost.evil.example:8080", "127.0.0.1.evil.example", "", "[::1", "a b", "é"] {
            check("GET", &[("host", host)], Some("foreign-host"));
        }
        check("POST", &[("host", "127.0.0.1"), ("host", "evil.example")], Some("foreign-host"));
        check("POST", &[], None);
    }

    #[test]
    fn pages_of_other_sites_write_nothing() {
        let host = ("host", "localhost:8080");
        for origin in ["https://evil.example", "null", "http://localhost:3000", "http://localhost:80801", ""] {
            check("POST", &[host, ("origin", origin)], Some("cross-site"));
            check("GET", &[host, ("origin", origin)], None);
        }
        for site in ["cross-site", "same-site"] {
            check("POST", &[host, ("sec-fetch-site", site)], Some("cross-site"));
        }
        check("POST", &[host, ("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin")], None);
        check("POST", &[("origin", "http://localhost:8080")], Some("cross-site"));
    }

    #[test]
    fn an_address_in_the_first_line_counts_too() {
        let request = Request::builder().uri("http://evil.example/metrics").header("host", "localhost");
        assert_eq!(admit(&request.body(()).unwrap()).unwrap_err().code(), "foreign-host");
    }
}
