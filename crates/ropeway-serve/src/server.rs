//! The server: routes, limits, and the way from a project to an open port.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use ropeway_project::Project;
use ropeway_store::Store;
use ropeway_vocab::{Clock, Kind, Problem, Result, SystemClock};
use serde_json::json;
use tokio::net::TcpListener;

use crate::guard::Guard;
use crate::ingest::Ingest;
use crate::metrics::Metrics;
use crate::problem::Answer;
use crate::served::Models;
use crate::{predict, rows};

/// The largest body.
const MOST_BYTES: usize = 16 << 20;
/// How long a client may take to send its body.
const SLOWEST: Duration = Duration::from_secs(10);

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
}

/// What the routes share.
pub(crate) struct App {
    pub models: Models,
    pub ingests: BTreeMap<String, Result<Arc<Ingest>>>,
    pub metrics: Metrics,
    pub clock: Arc<dyn Clock>,
    guard: Guard,
}

/// Serves until `stop` is there. `ready` is called once with the address, when requests are answered.
///
/// # Errors
/// No model, sources that cannot be read, a port that is taken, an address beyond loopback without a token.
pub async fn serve(
    project: &Project,
    options: ServeOptions,
    ready: impl FnOnce(SocketAddr) -> Result<()>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let guard = Guard::new(options.host, options.token_file.as_deref())?;
    let store = Store::open(&project.root.join(".ropeway")).await?;
    let mut models = Models::load(project, &store, options.model.as_deref()).await?;
    let ingests = Ingest::all(&mut models, &store)?;
    let app = App { models, ingests, metrics: Metrics::default(), clock: Arc::new(SystemClock), guard };

    let address = SocketAddr::new(options.host, options.port);
    let failed = |error: std::io::Error| {
        Problem::io(format!("listening on {address}"), &error)
            .remedy("choose another port with --port, or 0 for a free one")
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?)?;
    axum::serve(listener, router(Arc::new(app)))
        .with_graceful_shutdown(stop)
        .await
        .map_err(|error| Problem::io("serving", &error))?;
    store.close().await;
    Ok(())
}

fn router(app: Arc<App>) -> Router {
    let guarded = Router::new()
        .route("/v1/models", get(models))
        .route("/v1/models/{name}/predict", post(predict::route))
        .route("/v1/tables/{source}/rows", post(rows::route))
        .route("/metrics", get(metrics))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), around));
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(|| async { "ok\n" }))
        .merge(guarded)
        .fallback(|| async {
            Answer(
                Problem::new(Kind::NotFound, "unknown-route", "there is no such route")
                    .remedy("see `ropeway serve --help`"),
            )
        })
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(app)
}

/// Lets in, and counts.
async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Stopwatch::now();
    if let Err(problem) = app.guard.admit(request.headers()) {
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

/// The bytes of a body, within the limits of size and time.
pub(crate) struct Body(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Answer;

    async fn from_request(request: Request, state: &S) -> Result<Self, Answer> {
        let too_slow = || {
            let what = format!("the body did not arrive within {} seconds", SLOWEST.as_secs());
            Problem::new(Kind::Usage, "slow-request", what).remedy("send the whole body at once")
        };
        match tokio::time::timeout(SLOWEST, Bytes::from_request(request, state)).await {
            Err(_) => Err(too_slow().into()),
            Ok(Ok(bytes)) => Ok(Self(bytes)),
            Ok(Err(rejection)) if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
                let what = format!("the body is larger than {} MiB", MOST_BYTES >> 20);
                Err(Problem::new(Kind::TooLarge, "large-body", what).remedy("send it in several requests").into())
            }
            Ok(Err(rejection)) => {
                let what = format!("the body cannot be read: {}", rejection.body_text());
                Err(Problem::new(Kind::Usage, "unreadable-body", what).remedy("send it again").into())
            }
        }
    }
}
