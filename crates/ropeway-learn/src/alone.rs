//! How well one feature alone ranks the labels. One that does nearly as well as the whole model is often a column that is
//! filled in with the outcome or after it, which nobody can see from its values.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Float64Type};
use ropeway_stat::Metric;
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::Population;
use crate::labels::Labels;
use crate::target::Target;
use crate::tune::measure::measure;

/// Most rows of either part that are looked at.
const MOST_ROWS: usize = 10_000;
/// Rows with which the mean label of a level is drawn towards that of all.
const PRIOR: f64 = 10.0;

/// A feature, and the ROC AUC of its values alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alone {
    /// The feature.
    pub feature: String,
    /// Of the greater values before the smaller ones or the other way round, whichever ranks better.
    pub roc_auc: f64,
}

/// The feature that ranks the labels of `valid` best by itself, of two classes: numbers and times by their size, texts by the mean label of
/// their level in `train`. Rows in which it is missing say nothing, and a feature that is missing in most is left out.
///
/// # Errors
/// Defects only.
pub fn best_alone(population: &Population, train: &[u32], valid: &[u32]) -> Result<Option<Alone>> {
    if population.target != Target::Binary {
        return Ok(None);
    }
    let (train, valid) = (spread(train), spread(valid));
    let labels = [population.labels(&train), population.labels(&valid)];
    let mut best: Option<Alone> = None;
    let features = &population.features;
    for (field, column) in features.schema().fields().iter().zip(features.columns()) {
        let scores = match column.data_type() {
            DataType::Utf8 => by_level(&part(column, &train)?, &labels[0], &part(column, &valid)?),
            _ => by_size(&part(column, &valid)?)?,
        };
        let roc_auc = ranks(&scores, &labels[1])?;
        if roc_auc.is_finite() && best.as_ref().is_none_or(|best| roc_auc > best.roc_auc) {
            best = Some(Alone { feature: field.name().clone(), roc_auc });
        }
    }
    Ok(best)
}

/// At most so many rows, evenly spread.
fn spread(rows: &[u32]) -> Vec<u32> {
    let count = rows.len().min(MOST_ROWS);
    (0..count).map(|i| rows[i * rows.len() / count]).collect()
}

fn part(column: &ArrayRef, rows: &[u32]) -> Result<ArrayRef> {
    take(column, &arrow::array::UInt32Array::from(rows.to_vec()), None).map_err(defect)
}

fn by_size(column: &ArrayRef) -> Result<Vec<Option<f64>>> {
    let number = match column.data_type() {
        DataType::Date32 => cast(column, &DataType::Int32),
        DataType::Timestamp(..) => cast(column, &DataType::Int64),
        _ => Ok(ArrayRef::clone(column)),
    };
    let number = number.and_then(|number| cast(&number, &DataType::Float64)).map_err(defect)?;
    Ok(number.as_primitive::<Float64Type>().iter().map(|value| value.filter(|value| value.is_finite())).collect())
}

fn by_level(train: &ArrayRef, labels: &Labels, valid: &ArrayRef) -> Vec<Option<f64>> {
    let mean = labels.mean(labels);
    let mut levels: HashMap<&str, (f64, f64)> = HashMap::new();
    for (row, (level, label)) in train.as_string::<i32>().iter().zip(labels.iter()).enumerate() {
        if let Some(level) = level {
            let (positives, rows) = levels.entry(level).or_default();
            *positives += labels.weight(row) * label;
            *rows += labels.weight(row);
        }
    }
    let of = |level: &str| {
        let (positives, rows) = levels.get(level).copied().unwrap_or_default();
        (positives + PRIOR * mean) / (rows + PRIOR)
    };
    valid.as_string::<i32>().iter().map(|level| level.map(of)).collect()
}

/// The ROC AUC of the rows that have a score, in the better direction; not a number where most have none.
fn ranks(scores: &[Option<f64>], labels: &Labels) -> Result<f64> {
    let there: Vec<usize> = (0..scores.len()).filter(|row| scores[*row].is_some()).collect();
    if there.is_empty() || 2 * there.len() < scores.len() {
        return Ok(f64::NAN);
    }
    let (scores, labels): (Vec<f64>, Labels) = (scores.iter().flatten().copied().collect(), labels.part(&there));
    let area = measure(Metric::RocAuc, &Target::Binary, &scores, &labels)?;
    Ok(area.max(1.0 - area))
}

fn defect(error: arrow::error::ArrowError) -> Problem {
    Problem::internal(format!("ranking by one feature: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, Int64Array, RecordBatch, StringArray};

    use super::*;

    #[test]
    fn finds_what_gives_the_label_away_in_either_direction_and_by_level() {
        let label: Vec<f64> = (0..200).map(|row| f64::from(row % 7 == 0)).collect();
        let noise = Arc::new(Int64Array::from_iter_values((0..200).map(|row| row * 37 % 101))) as ArrayRef;
        let low = Float64Array::from_iter(
            label
                .iter()
                .enumerate()
                .map(|(row, label)| (row % 5 != 0).then_some(if *label > 0.0 { -1.0 } else { row as f64 })),
        );
        let level =
            StringArray::from_iter_values(label.iter().map(|label| if *label > 0.0 { "closed" } else { "open" }));
        let rare = Float64Array::from_iter(label.iter().enumerate().map(|(row, label)| (row < 90).then_some(*label)));
        let best = |name: &str, column: ArrayRef| {
            let columns = [("noise", ArrayRef::clone(&noise)), (name, column)];
            let population = Population {
                features: RecordBatch::try_from_iter(columns).unwrap(),
                recipe: crate::settings::RecipeSettings::default(),
                target: Target::Binary,
                label: label.clone(),
                at: None,
                weight: None,
                label_known: None,
                group: None,
                key_hash: vec![0; 200],
            };
            let rows: Vec<u32> = (0..200).collect();
            best_alone(&population, &rows[..100], &rows[100..]).unwrap().unwrap()
        };
        assert_eq!(best("low", Arc::new(low)), Alone { feature: "low".into(), roc_auc: 1.0 });
        assert_eq!(best("level", Arc::new(level)), Alone { feature: "level".into(), roc_auc: 1.0 });
        let none = best("rare", Arc::new(rare));
        assert!(none.feature == "noise" && none.roc_auc < 0.75, "{none:?}");
    }
}
