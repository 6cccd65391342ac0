//! Problems as HTTP answers: problem details by RFC 9457, and the one place where kinds become statuses.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ropeway_vocab::{Kind, Problem};
use serde::Serialize;

/// The media type of problem details.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// A problem on its way to a client.
pub(crate) struct Answer(pub Problem);

/// The body.
#[derive(Serialize)]
struct Details<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'a str>,
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

/// The status of a kind of problem.
pub(crate) const fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Usage => StatusCode::BAD_REQUEST,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Invalid | Kind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Busy | Kind::Cancelled => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Corrupt | Kind::Io | Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The problem as problem details.
pub(crate) fn details(problem: &Problem, status: StatusCode) -> Vec<u8> {
    let details = Details {
        r#type: format!("urn:ropeway:problem:{}", problem.code()),
        title: status.canonical_reason().unwrap_or("problem"),
        status: status.as_u16(),
        detail: problem.what(),
        instance: problem.place().map(ToString::to_string),
        remedy: problem.advice(),
    };
    serde_json::to_vec(&details).unwrap_or_default()
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let problem = &self.0;
        let status = match problem.code() {
            "unauthorized" => StatusCode::UNAUTHORIZED,
            "slow-request" => StatusCode::REQUEST_TIMEOUT,
            "wrong-method" => StatusCode::METHOD_NOT_ALLOWED,
            "media-type" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "foreign-host" => StatusCode::MISDIRECTED_REQUEST,
            "cross-site" => StatusCode::FORBIDDEN,
            _ => status(problem.kind()),
        };
        let mut response = (status, details(problem, status)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
