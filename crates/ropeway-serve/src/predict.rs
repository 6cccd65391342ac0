//! `POST /v1/models/{name}/predict`: examples in, predictions out, in order.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use ropeway_package::{Explanation, with_at};
use ropeway_source::rows::{RowProblem, coerce};
use ropeway_vocab::{Instant, Kind, Problem, Result};
use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::problem::Answer;
use crate::row::Row;
use crate::served::Served;
use crate::server::{App, Name};

/// Examples in one request.
const MOST_EXAMPLES: usize = 10_000;
/// Explained examples in one request.
const MOST_EXPLAINED: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    examples: Vec<Row>,
    #[serde(default)]
    explain: bool,
}

/// The answer.
#[derive(Serialize)]
pub(crate) struct Response {
    model: String,
    version: Option<u64>,
    digest: String,
    predictions: Vec<Prediction>,
}

#[derive(Serialize)]
struct Prediction {
    probability: f64,
    decision: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation>,
}

pub(crate) async fn route(
    State(app): State<Arc<App>>,
    Name(name): Name,
    Body(bytes): Body,
) -> Result<Json<Response>, Answer> {
    let served = app.models.find(&name)?;
    let request: Request = serde_json::from_slice(&bytes).map_err(|error| malformed(&error, "examples"))?;
    let response = answer(served, request, app.clock.now())?;
    app.metrics.predictions.fetch_add(response.predictions.len() as u64, Ordering::Relaxed);
    Ok(Json(response))
}

fn answer(served: &Served, request: Request, now: Instant) -> Result<Response> {
    let most = if request.explain { MOST_EXPLAINED } else { MOST_EXAMPLES };
    if request.examples.len() > most {
        let what = format!("{} examples in one request, and {most} are the most", request.examples.len());
        return Err(Problem::new(Kind::TooLarge, "too-many-examples", what).remedy("send them in several requests"));
    }
    let plan = &served.package.contents.plan;
    let columns = plan.input_columns();
    let rows = coerce(&Row::all(request.examples), &columns, &served.coercion)
        .map_err(|problems| RowProblem::together(&problems))?;
    let examples = if plan.has_time() { with_at(&rows, now)? } else { rows };
    let predictor = served.predictor();
    let answers = predictor.answer(&examples)?;
    let mut predictions = Vec::with_capacity(answers.predictions.len());
    for (row, prediction) in answers.predictions.iter().enumerate() {
        let explanation = request.explain.then(|| predictor.explain(&examples, row)).transpose()?;
        predictions.push(Prediction {
            probability: prediction.probability,
            decision: prediction.decision,
            explanation,
        });
    }
    let digest = served.package.digest.to_string();
    Ok(Response { model: served.name.clone(), version: served.version, digest, predictions })
}

/// What serde says of a body, in words for whoever sent it.
pub(crate) fn malformed(error: &serde_json::Error, member: &str) -> Problem {
    let what = format!("the body is not the JSON that is needed: {error}");
    let remedy = format!("send {{\"{member}\": [{{\"column\": value, ...}}]}}");
    Problem::new(Kind::Usage, "malformed-body", what).remedy(remedy)
}
