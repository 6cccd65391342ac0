//! The name of a model or a source in a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use ropeway_vocab::{Kind, Problem, Result};

use crate::line::Unread;
use crate::problem::Answer;

/// The name in a path, decoded.
pub(crate) struct Name(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Answer> {
        let name = Path::<String>::from_request_parts(parts, state).await;
        name.map(|Path(name)| Self(name)).map_err(|rejection| {
            Unread::of(&parts.extensions, &parts.headers).say();
            let what = format!("the path cannot be read: {}", rejection.body_text());
            Answer(Problem::new(Kind::Usage, "unreadable-path", what).remedy("write the name as percent-encoded UTF-8"))
        })
    }
}
