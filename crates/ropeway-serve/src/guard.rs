//! Who may ask: every program on loopback without a token file, holders of the token with one.

use std::net::IpAddr;
use std::path::Path;

use axum::http::{Request, header};
use ropeway_vocab::{Digest, Kind, Place, Problem, Result};

use crate::browser;

/// The shortest token that is taken.
const SHORTEST: usize = 16;

/// What a request must bring. Tokens are compared by digest, so that the time it takes tells nothing of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard(Option<Digest>);

impl Guard {
    /// Reads the token; refuses to listen beyond loopback without one.
    pub fn new(host: IpAddr, token_file: Option<&Path>) -> Result<Self> {
        let Some(path) = token_file else {
            if host.is_loopback() {
                return Ok(Self(None));
            }
            let what = format!("listening on {host} lets others in, and no token file is given");
            return Err(Problem::new(Kind::Refused, "no-token", what)
                .remedy("give --token-file FILE with a secret of 16 characters or more, or listen on 127.0.0.1"));
        };
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| Problem::io(format!("reading {shown}"), &error))?;
        let token = text.trim();
        if token.len() < SHORTEST {
            return Err(Problem::invalid("short-token", "the token is shorter than 16 characters")
                .at(Place::file(shown))
                .remedy("write a long random text into the file"));
        }
        Ok(Self(Some(Digest::of(token.as_bytes()))))
    }

    /// Lets a request pass, or says why not.
    pub fn admit<B>(&self, request: &Request<B>) -> Result<()> {
        let Some(expected) = self.0 else { return browser::admit(request) };
        let brought = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = brought.and_then(|value| value.strip_prefix("Bearer "));
        match token {
            Some(token) if Digest::of(token.trim().as_bytes()) == expected => Ok(()),
            _ => Err(Problem::new(Kind::Refused, "unauthorized", "the request brings no valid token")
                .remedy("send the header `Authorization: Bearer TOKEN`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_loopback_needs_a_token() {
        assert!(Guard::new("127.0.0.1".parse().unwrap(), None).is_ok());
        assert_eq!(Guard::new("0.0.0.0".parse().unwrap(), None).unwrap_err().code(), "no-token");
    }

    #[test]
    fn only_the_token_opens() {
        let guard = Guard(Some(Digest::of(b"0123456789abcdef")));
        let with = |value: &str| {
            let request = Request::builder().header(header::AUTHORIZATION, value).header(header::HOST, "far.example");
            guard.admit(&request.body(()).unwrap()).is_ok()
        };
        assert!(with("Bearer 0123456789abcdef"));
        assert!(!with("Bearer 0123456789abcdeF") && !with("0123456789abcdef"));
        assert!(guard.admit(&Request::new(())).is_err());
    }
}
