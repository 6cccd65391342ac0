//! The routes, who is let in to them, and what answers where there is none.

use std::sync::Arc;
use std::time::Instant as Stopwatch;

use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use ropeway_vocab::{Kind, Problem};
use serde_json::json;

use crate::app::App;
use crate::line::Unread;
use crate::problem::Answer;
use crate::{metrics, predict, rows};

/// All routes.
pub(crate) fn router(app: Arc<App>) -> Router {
    let guarded = Router::new()
        .route("/v1/models", get(models))
        .route("/v1/models/{name}/predict", post(predict::route))
        .route("/v1/tables/{source}/rows", post(rows::route))
        .route("/metrics", get(counters))
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&app), around));
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(|| async { "ok\n" }))
        .method_not_allowed_fallback(wrong_method)
        .merge(guarded)
        .fallback(unknown_route)
        .layer(DefaultBodyLimit::max(app.limits.body_bytes))
        .with_state(app)
}

async fn unknown_route(request: Request) -> Answer {
    Unread::of(request.extensions(), request.headers()).say();
    Answer(Problem::new(Kind::NotFound, "unknown-route", "there is no such route").remedy("see `ropeway serve --help`"))
}

/// Says that a route does not have a method; the header `Allow`, which axum adds, lists those that it has.
async fn wrong_method(request: Request) -> Answer {
    Unread::of(request.extensions(), request.headers()).say();
    let route = request.extensions().get::<MatchedPath>().map_or("this route", MatchedPath::as_str);
    let what = format!("{route} does not take {}", request.method());
    Answer(
        Problem::new(Kind::Usage, "wrong-method", what)
            .remedy("use a method that the header `Allow` of this answer lists"),
    )
}

/// Lets in, and counts.
async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Stopwatch::now();
    if let Err(problem) = app.guard.admit(&request) {
        Unread::of(request.extensions(), request.headers()).say();
        return Answer(problem).into_response();
    }
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    match route.as_deref() {
        Some("/v1/models/{name}/predict") => app.metrics.predict.count(status, started.elapsed()),
        Some("/v1/tables/{source}/rows") => app.metrics.rows.count(status, started.elapsed()),
        _ => {}
    }
    response
}

async fn models(State(app): State<Arc<App>>) -> Json<serde_json::Value> {
    let lines: Vec<_> = app.models.served.iter().map(|served| served.line()).collect();
    Json(json!({ "models": lines }))
}

async fn counters(State(app): State<Arc<App>>) -> ([(HeaderName, &'static str); 1], String) {
    let mut facts = Vec::new();
    for served in &app.models.served {
        let predictor = served.predictor();
        for table in predictor.state().tables() {
            facts.push((served.name.clone(), table.to_string(), predictor.state().rows(table)));
        }
    }
    ([(header::CONTENT_TYPE, metrics::MEDIA_TYPE)], app.metrics.text(&facts))
}
