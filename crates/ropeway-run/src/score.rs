//! The predictions of one batch of a file to score, row by row: a row that cannot be read, or on which an expression of the
//! project fails, costs itself and no other.

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use ropeway_learn::Prediction;
use ropeway_package::{Predictor, Seen, Unfamiliar, with_at};
use ropeway_source::StreamBatch;
use ropeway_vocab::{Instant, Result};

use crate::batch::arrow_defect;
use crate::unscored::Why;

/// What scores batches.
pub(crate) struct Scorer<'a> {
    pub(crate) predictor: &'a Predictor,
    pub(crate) seen: &'a Seen,
    /// The time of rows that have none.
    pub(crate) now: Instant,
}

/// What a batch is told.
pub(crate) struct Scored {
    /// One for each row: its prediction, or why it has none.
    pub(crate) rows: Vec<Result<Prediction, Why>>,
    /// What is unlike the training in those that have one.
    pub(crate) unfamiliar: Unfamiliar,
}

impl Scorer<'_> {
    /// Scores the rows of a batch.
    pub(crate) fn batch(&self, batch: &StreamBatch) -> Result<Scored> {
        let mut fits = vec![true; batch.rows.num_rows()];
        batch.unfit.iter().for_each(|(row, _)| fits[*row] = false);
        let readable = match batch.unfit.as_slice() {
            [] => batch.rows.clone(),
            _ => filter_record_batch(&batch.rows, &BooleanArray::from(fits.clone())).map_err(arrow_defect)?,
        };
        let timed = self.predictor.package().contents.plan.has_time();
        let examples = if timed { with_at(&readable, self.now)? } else { readable };
        let mut scored = self.rows(&examples)?;
        let mut answered = std::mem::take(&mut scored.rows).into_iter();
        let mut unfit = batch.unfit.iter();
        for fits in fits {
            let next = match fits {
                true => answered.next(),
                false => unfit.next().map(|(_, rejected)| {
                    let (column, reason) = (rejected.column.clone(), rejected.reason.clone());
                    Err(Why { column, reason, what: rejected.what() })
                }),
            };
            scored.rows.extend(next);
        }
        Ok(scored)
    }

    /// Scores rows that can be read. Where an expression fails, the halves are scored for themselves, down to the row on which
    /// it does: no row is scored otherwise than alone.
    fn rows(&self, examples: &RecordBatch) -> Result<Scored> {
        let problem = match self.predictor.answer_named(examples, &|_| String::new()) {
            Ok(answers) => {
                let unfamiliar = self.seen.look(&answers.features);
                return Ok(Scored { rows: answers.predictions.into_iter().map(Ok).collect(), unfamiliar });
            }
            Err(problem) => problem,
        };
        match examples.num_rows() {
            _ if problem.code() != "sql-run" => Err(problem),
            0 => Err(problem),
            1 => {
                let what = problem.what().trim_start_matches(": ");
                let remedy = problem.advice().map_or_else(String::new, |advice| format!(" ({advice})"));
                let why = Why { column: None, reason: what.to_owned(), what: format!("{what}{remedy}") };
                Ok(Scored { rows: vec![Err(why)], unfamiliar: Unfamiliar::default() })
            }
            rows => {
                let half = rows / 2;
                let mut scored = self.rows(&examples.slice(0, half))?;
                let rest = self.rows(&examples.slice(half, rows - half))?;
                scored.rows.extend(rest.rows);
                scored.unfamiliar.add(rest.unfamiliar);
                Ok(scored)
            }
        }
    }
}
