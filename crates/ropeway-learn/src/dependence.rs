//! Partial dependence (Friedman 2001, "Greedy function approximation: a gradient boosting machine", section 8.2): the mean answer
//! where a feature has one value in every row, and all other features stay as they are.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take;
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::answers::Answers;
use crate::feature_values::{levels, numbers};
use crate::{FittedModel, Labels, Population};

/// Most rows that are answered for each value, values of a number, and levels of a text.
const ROWS: usize = 500;
const VALUES: usize = 12;
const LEVELS: usize = 10;

/// How answers depend on a feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dependence {
    /// The feature.
    pub feature: String,
    /// Its values: numbers ascending, levels by their rows, then missing.
    pub points: Vec<DependencePoint>,
}

/// The mean answer where a feature has this value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DependencePoint {
    /// The value.
    pub at: At,
    /// The mean probability or number; of several classes one of each.
    pub answers: Vec<f64>,
}

/// A value of a feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// A number; an instant in seconds since 1970, a date in days since then.
    Number(f64),
    /// A text, or true and false.
    Level(String),
    /// No value.
    Missing,
}

/// How the answers of a model depend on these features, over at most 500 of the rows, evenly spread. Numbers are taken at
/// quantiles that occur, texts at their most frequent levels; of more than ten, those that come back.
///
/// # Errors
/// What the model cannot read.
pub fn dependence(
    model: &FittedModel,
    population: &Population,
    rows: &[u32],
    features: &[&str],
) -> Result<Vec<Dependence>> {
    let count = rows.len().min(ROWS);
    let chosen: Vec<u32> = (0..count).map(|i| rows[i * rows.len() / count]).collect();
    let labels = population.labels(&chosen);
    let batch = taken(&population.features, &UInt32Array::from(chosen))?;
    features.iter().map(|feature| of_feature(model, (&batch, &labels), feature)).collect()
}

fn of_feature(model: &FittedModel, (batch, labels): (&RecordBatch, &Labels), feature: &str) -> Result<Dependence> {
    let place = batch.schema().index_of(feature).map_err(arrow_defect)?;
    let mut points = Vec::new();
    for (at, row) in values(batch.column(place)) {
        let mut columns = batch.columns().to_vec();
        let same = UInt32Array::from(vec![row; batch.num_rows()]);
        columns[place] = take(&columns[place], &same, None).map_err(arrow_defect)?;
        let all_same = RecordBatch::try_new(Arc::clone(batch.schema_ref()), columns).map_err(arrow_defect)?;
        let raw = model.raw(&all_same, None)?;
        let answers = means(&model.output.answers(&raw, batch.num_rows()), labels);
        points.push(DependencePoint { at, answers });
    }
    Ok(Dependence { feature: feature.to_owned(), points })
}

/// The mean answer of rows, as much as they count; JSON has no number for what is none.
fn means(answers: &Answers, labels: &Labels) -> Vec<f64> {
    let rows = labels.len();
    let (all, outputs): (&[f64], usize) = match answers {
        Answers::Binary { probabilities, .. } => (probabilities, 1),
        Answers::Classes { probabilities, .. } => (probabilities, probabilities.len() / rows.max(1)),
        Answers::Number { values, .. } => (values, 1),
    };
    let of = |output: usize| all.iter().skip(output).step_by(outputs.max(1)).copied().collect::<Vec<f64>>();
    let mean = |output: usize| labels.mean(&of(output));
    (0..outputs).map(mean).map(|mean| if mean.is_finite() { mean } else { 0.0 }).collect()
}

/// Values of a column, each with a row that has it.
fn values(column: &ArrayRef) -> Vec<(At, u32)> {
    let missing = (0..column.len()).find(|row| column.is_null(*row)).map(|row| (At::Missing, row as u32));
    let found = match numbers(column) {
        Some(numbers) => of_numbers(numbers),
        None => of_levels(column),
    };
    found.into_iter().chain(missing).collect()
}

fn of_numbers(mut numbers: Vec<(f64, u32)>) -> Vec<(At, u32)> {
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut distinct = numbers.clone();
    distinct.dedup_by(|a, b| a.0 == b.0);
    if distinct.len() > VALUES {
        let last = numbers.len() - 1;
        distinct = (0..VALUES).map(|i| numbers[i * last / (VALUES - 1)]).collect();
        distinct.dedup_by(|a, b| a.0 == b.0);
    }
    distinct.into_iter().map(|(number, row)| (At::Number(number), row)).collect()
}

fn of_levels(column: &ArrayRef) -> Vec<(At, u32)> {
    let mut ranked: Vec<(String, Vec<u32>)> = levels(column).into_iter().collect();
    if ranked.len() > LEVELS {
        // Of so many, one that occurs once tells of its row alone: whole texts, names, numbers of orders.
        ranked.retain(|(_, rows)| rows.len() > 1);
    }
    ranked.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    ranked.into_iter().take(LEVELS).map(|(level, rows)| (At::Level(level), rows[0])).collect()
}

fn taken(batch: &RecordBatch, rows: &UInt32Array) -> Result<RecordBatch> {
    let columns = batch.columns().iter().map(|column| take(column, rows, None)).collect::<Result<Vec<_>, _>>();
    columns.and_then(|columns| RecordBatch::try_new(batch.schema(), columns)).map_err(arrow_defect)
}

fn arrow_defect(error: arrow::error::ArrowError) -> Problem {
    Problem::internal(format!("setting a feature: {error}"))
}

#[cfg(test)]
mod tests {
    use arrow::array::{BooleanArray, Date32Array, Float64Array, StringArray};

    use super::*;

    #[test]
    fn values_are_quantiles_or_levels_that_occur_and_missing_comes_last() {
        let of = |array: ArrayRef| values(&array);
        let few = of(Arc::new(Float64Array::from(vec![Some(2.0), None, Some(1.0), Some(2.0), Some(f64::NAN)])));
        assert_eq!(few, [(At::Number(1.0), 2), (At::Number(2.0), 0), (At::Missing, 1)]);
        let many = of(Arc::new(Float64Array::from_iter_values((0..1_000).map(f64::from))));
        assert_eq!((many.len(), &many[0].0, &many[11].0), (12, &At::Number(0.0), &At::Number(999.0)));
        let texts = of(Arc::new(StringArray::from(vec![Some("b"), Some("a"), None, Some("a")])));
        assert_eq!(texts, [(At::Level("a".into()), 1), (At::Level("b".into()), 0), (At::Missing, 2)]);
        let own = (0..20).map(|row| format!("review {row}")).chain(["ok".to_owned(), "ok".to_owned()]);
        assert_eq!(of(Arc::new(StringArray::from_iter_values(own))), [(At::Level("ok".into()), 20)]);
        assert_eq!(of(Arc::new(BooleanArray::from(vec![true, true]))), [(At::Level("true".into()), 0)]);
        assert_eq!(of(Arc::new(Date32Array::from(vec![Some(9)]))), [(At::Number(9.0), 0)]);
        assert!(of(Arc::new(Float64Array::from(Vec::<f64>::new()))).is_empty());
    }
}
