//! Scorecards in the database: one row a metric, numbers as numbers. SQLite keeps NaN as null.

use std::collections::BTreeMap;

use ropeway_stat::{Estimate, Metric};
use ropeway_store::SqlResult;
use ropeway_store::sqlx::{self, SqliteConnection};
use ropeway_vocab::Result;

/// The measured quality of a candidate: each metric with its interval.
pub type Scorecard = BTreeMap<Metric, Estimate>;

/// Metric, value, low and high of a row.
type Figure = (String, Option<f64>, Option<f64>, Option<f64>);

/// Inserts a scorecard and returns its id.
pub(crate) async fn insert(tx: &mut SqliteConnection, scorecard: &Scorecard) -> Result<i64> {
    let id: i64 = sqlx::query_scalar("INSERT INTO registry_scorecard DEFAULT VALUES RETURNING id")
        .fetch_one(&mut *tx)
        .await
        .doing("recording a scorecard")?;
    for (metric, estimate) in scorecard {
        sqlx::query("INSERT INTO registry_figure (scorecard, metric, value, low, high) VALUES (?, ?, ?, ?, ?)")
            .bind(id)
            .bind(metric.name())
            .bind(number(estimate.value))
            .bind(number(estimate.low))
            .bind(number(estimate.high))
            .execute(&mut *tx)
            .await
            .doing("recording a scorecard")?;
    }
    Ok(id)
}

/// Reads a scorecard.
pub(crate) async fn read(db: &mut SqliteConnection, id: i64) -> Result<Scorecard> {
    let rows: Vec<Figure> = sqlx::query_as("SELECT metric, value, low, high FROM registry_figure WHERE scorecard = ?")
        .bind(id)
        .fetch_all(db)
        .await
        .doing("reading a scorecard")?;
    let figure = |figure: Option<f64>| figure.unwrap_or(f64::NAN);
    rows.into_iter()
        .map(|(metric, value, low, high)| {
            Ok((metric.parse()?, Estimate { value: figure(value), low: figure(low), high: figure(high) }))
        })
        .collect()
}

fn number(figure: f64) -> Option<f64> {
    (!figure.is_nan()).then_some(figure)
}
