//! The bytes of a request's body, within the limits of size and time.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use ropeway_vocab::{Kind, Problem, Result};
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::json;
use crate::line::Unread;
use crate::problem::Answer;

/// A body that was read whole.
pub(crate) struct Body(Bytes);

impl Body {
    /// The body as JSON; `member` is the list that it should have, for the remedy.
    pub fn json<T: DeserializeOwned>(&self, member: &str) -> Result<T> {
        json::read(&self.0, member)
    }
}

impl FromRequest<Arc<App>> for Body {
    type Rejection = Answer;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Answer> {
        let limits = app.limits;
        let unread = Unread::of(request.extensions(), request.headers());
        let refused = |problem: Problem| {
            unread.say();
            Answer(problem)
        };
        if !is_json(request.headers()) {
            let what = "the header `Content-Type` of the request says that its body is not JSON";
            let problem = Problem::new(Kind::Usage, "media-type", what);
            return Err(refused(problem.remedy("send the header `Content-Type: application/json`, or leave it out")));
        }
        if announced(request.headers()).is_some_and(|bytes| bytes > limits.body_bytes as u64) {
            return Err(refused(too_large(limits.body_bytes)));
        }
        match tokio::time::timeout(limits.body_time, Bytes::from_request(request, app)).await {
            Err(_) => {
                let what = format!("the body did not arrive within {} seconds", limits.body_time.as_secs());
                Err(refused(Problem::new(Kind::Usage, "slow-request", what).remedy("send the whole body at once")))
            }
            Ok(Ok(bytes)) => Ok(Self(bytes)),
            Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(refused(too_large(limits.body_bytes)))
            }
            Ok(Err(rejection)) => {
                let what = format!("the body cannot be read: {}", rejection.body_text());
                Err(refused(Problem::new(Kind::Usage, "unreadable-body", what).remedy("send it again")))
            }
        }
    }
}

/// Whether the body is, as far as the client says, JSON. `curl -d` calls every body a form.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(said) = headers.get(header::CONTENT_TYPE) else { return true };
    let said = said.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match said.strip_prefix("application/") {
        Some(of) => of == "json" || of.ends_with("+json") || of == "x-www-form-urlencoded",
        None => false,
    }
}

/// How many bytes the client says that it sends.
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

fn too_large(most: usize) -> Problem {
    let what = format!("the body is larger than {} MiB", most >> 20);
    Problem::new(Kind::TooLarge, "large-body", what).remedy("send it in several requests")
}
