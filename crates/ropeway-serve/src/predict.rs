//! `POST /v1/models/{name}/predict`: examples in, predictions out, in order.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use ropeway_package::{Explanation, with_at};
use ropeway_source::rows::{RowProblem, coerce};
use ropeway_vocab::{AT, ColumnSpec, Instant, Kind, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::app::App;
use crate::body::Body;
use crate::name::Name;
use crate::problem::Answer;
use crate::row::Row;
use crate::served::Served;

/// Examples in one request.
const MOST_EXAMPLES: usize = 10_000;
/// Examples of a short request.
const MOST_AT_ONCE: usize = 16;
/// Explained examples in one request.
const MOST_EXPLAINED: usize = 100;
/// Columns that a warning names.
const MOST_NAMED: usize = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    examples: Vec<Row>,
    #[serde(default)]
    explain: bool,
}

impl Request {
    /// Whether it takes no longer than telling the runtime that this thread is busy; while a longer one is worked on,
    /// another thread answers everybody else.
    fn is_short(&self) -> bool {
        !self.explain && self.examples.len() <= MOST_AT_ONCE
    }
}

/// The answer.
#[derive(Serialize)]
pub(crate) struct Response {
    model: String,
    version: Option<u64>,
    digest: String,
    predictions: Vec<Prediction>,
    /// What is unlike the rows of the training; nothing where nothing is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct Prediction {
    #[serde(flatten)]
    answer: ropeway_package::Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation>,
}

pub(crate) async fn route(State(app): State<Arc<App>>, Name(name): Name, body: Body) -> Result<Json<Response>, Answer> {
    let served = app.models.find(&name)?;
    let request: Request = body.json("examples")?;
    let now = app.clock.now();
    let response = if request.is_short() {
        answer(served, request, now)?
    } else {
        tokio::task::block_in_place(|| answer(served, request, now))?
    };
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
    let mut asked = Row::all(request.examples);
    served.unread.leave_out(&mut asked);
    served.lists.spell(&mut asked);
    let rows = coerce(&asked, &columns, &served.readings).map_err(|problems| RowProblem::together(&problems))?;
    let examples = if plan.has_time() { with_at(&rows, now)? } else { rows };
    let predictor = served.predictor();
    let answers = predictor.answer(&examples)?;
    let mut predictions = Vec::with_capacity(answers.predictions.len());
    for (row, prediction) in answers.predictions.iter().enumerate() {
        let explanation = request.explain.then(|| predictor.explain(&examples, row, None)).transpose()?;
        let answer = ropeway_package::Answer::of(prediction, &served.package.contents.model);
        predictions.push(Prediction { answer, explanation });
    }
    let digest = served.package.digest.to_string();
    let mut warnings: Vec<String> = left_out(&asked, &columns).into_iter().collect();
    warnings.extend(served.seen.warnings(&served.seen.look(&answers.features)));
    Ok(Response { model: served.name.clone(), version: served.version, digest, predictions, warnings })
}

/// Which columns examples do not name; without a time they are asked for as of now.
fn left_out(asked: &[Map<String, Value>], columns: &[ColumnSpec]) -> Option<String> {
    let named = columns.iter().filter(|column| column.name != AT);
    if asked.iter().all(|example| example.len() >= columns.len()) {
        return None;
    }
    let lacking = named.filter_map(|column| {
        let count = asked.iter().filter(|example| !example.contains_key(&column.name)).count();
        (count > 0).then(|| format!("`{}` ({count} of {})", column.name, asked.len()))
    });
    let all: Vec<String> = lacking.collect();
    let more = match all.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let first = all.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
    (!all.is_empty()).then(|| format!("left out of the examples: {first}{more}"))
}
