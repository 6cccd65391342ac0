//! The server: routes, limits, and the way from a project to an open port.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use axum::extract::{DefaultBodyLimit, FromRequestParts, MatchedPath, Path, Request, State};
use axum::http::request::Parts;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use ropeway_project::Project;
use ropeway_store::Store;
use ropeway_vocab::{Clock, Kind, Problem, Result, SystemClock};
use serde_json::json;
use tokio::net::TcpListener;

use crate::accept::accept;
use crate::guard::Guard;
use crate::ingest::Ingest;
use crate::limits::Limits;
use crate::line::Unread;
use crate::metrics::Metrics;
use crate::problem::Answer;
use crate::served::Models;
use crate::{predict, rows};

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The address to listen on; anything but loopback needs a token file.
    pub host: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// The file with the token that requests must bring.
    pub token_file: Option<PathBuf>,
    /// The one model to serve: a name, `NAME@VERSION`, `NAME@ALIAS` or a package file.
    pub model: Option<String>,
    /// What one request may cost.
    pub limits: Limits,
}

/// What the routes share.
pub(crate) struct App {
    pub models: Models,
    pub ingests: BTreeMap<String, Result<Arc<Ingest>>>,
    pub metrics: Metrics,
    pub clock: Arc<dyn Clock>,
    pub limits: Limits,
    guard: Guard,
}

/// Serves until `stop` is there. `ready` is called once, with the address and what should be known of the models, when
/// requests are answered.
///
/// # Errors
/// No model, sources that cannot be read, a port that is taken, an address beyond loopback without a token.
pub async fn serve(
    project: &Project,
    options: ServeOptions,
    ready: impl FnOnce(SocketAddr, &[String]) -> Result<()>,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let guard = Guard::new(options.host, options.token_file.as_deref())?;
    let store = Store::open(&project.root.join(".ropeway")).await?;
    let mut models = Models::load(project, &store, options.model.as_deref()).await?;
    let ingests = Ingest::all(&mut models, &store)?;
    let warnings: Vec<String> = models.served.iter().flat_map(|served| served.warnings.clone()).collect();
    let (metrics, clock, limits) = (Metrics::default(), Arc::new(SystemClock), options.limits);
    let app = App { models, ingests, metrics, clock, limits, guard };

    let address = SocketAddr::new(options.host, options.port);
    let failed = |error: std::io::Error| {
        Problem::io(format!("listening on {address}"), &error)
            .remedy("choose another port with --port, or 0 for a free one")
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?, &warnings)?;
    accept(listener, router(Arc::new(app)), limits, stop).await;
    store.close().await;
    Ok(())
}

fn router(app: Arc<App>) -> Router {
    let guarded = Router::new()
        .route("/v1/models", get(models))
        .route("/v1/models/{name}/predict", post(predict::route))
        .route("/v1/tables/{source}/rows", post(rows::route))
        .route("/metrics", get(metrics))
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

/// Lets in, and counts.
async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Stopwatch::now();
    if let Err(problem) = app.guard.admit(request.headers()) {
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

async fn metrics(State(app): State<Arc<App>>) -> String {
    let mut facts = Vec::new();
    for served in &app.models.served {
        let predictor = served.predictor();
        for table in predictor.state().tables() {
            facts.push((served.name.clone(), table.to_string(), predictor.state().rows(table)));
        }
    }
    app.metrics.text(&facts)
}
