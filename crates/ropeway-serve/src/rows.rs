//! `POST /v1/tables/{source}/rows`: new facts in, acknowledged when they are on disk.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use ropeway_vocab::{Kind, Problem, Result, nearest};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::body::Body;
use crate::name::Name;
use crate::problem::Answer;
use crate::row::Row;

/// Rows in one request.
const MOST_ROWS: usize = 100_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    rows: Vec<Row>,
    #[serde(default)]
    backfill: bool,
}

/// The answer. `acknowledged` counts repeated rows too.
#[derive(Serialize)]
pub(crate) struct Response {
    acknowledged: u64,
    repeated: u64,
}

pub(crate) async fn route(
    State(app): State<Arc<App>>,
    Name(source): Name,
    body: Body,
) -> Result<Json<Response>, Answer> {
    let ingest = match app.ingests.get(&source) {
        Some(Ok(ingest)) => Arc::clone(ingest),
        Some(Err(problem)) => return Err(problem.clone().into()),
        None => return Err(unknown(&app, &source).into()),
    };
    let request: Request = body.json("rows")?;
    if request.rows.len() > MOST_ROWS {
        let what = format!("{} rows in one request, and {MOST_ROWS} are the most", request.rows.len());
        return Err(Problem::new(Kind::TooLarge, "too-many-rows", what).remedy("send them in several requests").into());
    }
    // On a task of its own: a client that goes away must not leave its rows on the disk and in no window.
    let now = app.clock.now();
    let taking = tokio::spawn(async move { ingest.take(Row::all(request.rows), request.backfill, now).await });
    let taken = taking.await.map_err(|error| Problem::internal(format!("taking rows: {error}")))??;
    app.metrics.acknowledged.fetch_add(taken.acknowledged, Ordering::Relaxed);
    app.metrics.repeated.fetch_add(taken.repeated, Ordering::Relaxed);
    Ok(Json(Response { acknowledged: taken.acknowledged, repeated: taken.repeated }))
}

fn unknown(app: &App, source: &str) -> Problem {
    let problem = Problem::new(Kind::NotFound, "unknown-source", format!("there is no source `{source}`"));
    match nearest(source, app.ingests.keys().map(String::as_str)) {
        Some(near) => problem.remedy(format!("did you mean `{near}`?")),
        None => {
            let known: Vec<&str> = app.ingests.keys().map(String::as_str).collect();
            problem.remedy(format!("rows go to sources, not to tables; known sources: {}", known.join(", ")))
        }
    }
}
