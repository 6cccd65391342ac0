//! How well one feature alone tells the labels. One that does nearly as well as the whole model is often a column that is
//! filled in with the outcome or after it, which nobody can see from its values.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray, StringArray, UInt32Array};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Float64Type};
use ropeway_stat::{Metric, quantile_sorted};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use crate::Population;
use crate::evenly::evenly;
use crate::labels::Labels;
use crate::target::Target;
use crate::tune::measure::measure;

/// Most rows of either part that are looked at.
const MOST_ROWS: usize = 10_000;
/// Rows with which the mean label of a level, which may be rare, is drawn towards that of all.
const PRIOR: f64 = 10.0;
/// Ranges that the numbers of a feature are cut into, of about as many rows each, and the fewest rows of one.
const RANGES: usize = 100;
const RANGE_ROWS: usize = 10;

/// A feature, and how well it tells the labels by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alone {
    /// The feature.
    pub feature: String,
    /// Of two classes `roc_auc`, of several `macro_roc_auc` (each against the others), of numbers `r2`.
    pub metric: Metric,
    /// The figure.
    pub figure: f64,
}

/// The feature that tells the labels of `valid` best by itself: by the mean label that its level, or the range of its number,
/// has in `train`, and classes also by the size of the number, whichever tells more. Rows in which it is missing say nothing,
/// and a feature that is missing in most is left out.
///
/// # Errors
/// Defects only.
pub fn best_alone(population: &Population, train: &[u32], valid: &[u32]) -> Result<Option<Alone>> {
    let (train, valid) = (evenly(train, MOST_ROWS), evenly(valid, MOST_ROWS));
    let labels = [population.labels(&train), population.labels(&valid)];
    let (metric, classes) = match &population.target {
        Target::Binary => (Metric::RocAuc, vec![1.0]),
        Target::Classes(names) => (Metric::MacroRocAuc, (0..names.len()).map(|class| class as f64).collect()),
        Target::Number => (Metric::R2, Vec::new()),
    };
    let mut best: Option<Alone> = None;
    let features = &population.features;
    for (field, column) in features.schema().fields().iter().zip(features.columns()) {
        let values = Values::of(column, [&train, &valid])?;
        let figure = match metric {
            Metric::R2 => explained(&values, &labels)?,
            _ => ranked(&values, &labels, &classes)?,
        };
        if figure.is_finite() && best.as_ref().is_none_or(|best| figure > best.figure) {
            best = Some(Alone { feature: field.name().clone(), metric, figure });
        }
    }
    Ok(best)
}

/// A feature in rows to learn from and in rows to judge by.
struct Values {
    /// Its level or range in each row, by a number; none where it is missing.
    cells: [Vec<Option<usize>>; 2],
    /// How many of these there are.
    count: usize,
    /// Rows with which the mean label of one is drawn towards that of all.
    prior: f64,
    /// The numbers of the rows to judge by, where it has such.
    numbers: Option<Vec<Option<f64>>>,
}

impl Values {
    fn of(column: &ArrayRef, parts: [&[u32]; 2]) -> Result<Self> {
        let part = |rows: &[u32]| take(column, &UInt32Array::from(rows.to_vec()), None).map_err(defect);
        let [train, valid] = [part(parts[0])?, part(parts[1])?];
        if *column.data_type() == DataType::Utf8 {
            return Ok(Self::of_levels(train.as_string::<i32>(), valid.as_string::<i32>()));
        }
        Ok(Self::of_numbers(&numbers(&train)?, numbers(&valid)?))
    }

    fn of_levels(train: &StringArray, valid: &StringArray) -> Self {
        let mut known: HashMap<&str, usize> = HashMap::new();
        let of_train = train.iter().map(|level| {
            let next = known.len();
            level.map(|level| *known.entry(level).or_insert(next))
        });
        let of_train = of_train.collect();
        // One that no row to learn from has counts as what none has.
        let count = known.len() + 1;
        let of_valid = valid.iter().map(|level| level.map(|level| known.get(level).copied().unwrap_or(count - 1)));
        Self { cells: [of_train, of_valid.collect()], count, prior: PRIOR, numbers: None }
    }

    fn of_numbers(train: &[Option<f64>], valid: Vec<Option<f64>>) -> Self {
        let mut sorted: Vec<f64> = train.iter().flatten().copied().collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let ranges = (sorted.len() / RANGE_ROWS).clamp(1, RANGES);
        let edges: Vec<f64> =
            (1..ranges).filter_map(|at| quantile_sorted(&sorted, at as f64 / ranges as f64)).collect();
        let range = |value: &Option<f64>| value.map(|value| edges.partition_point(|edge| *edge < value));
        let cells = [train.iter().map(range).collect(), valid.iter().map(range).collect()];
        Self { cells, count: edges.len() + 1, prior: 0.0, numbers: Some(valid) }
    }

    /// The mean of a variable over the rows to learn from in the same cell, for each row to judge by that has a value.
    fn means(&self, variable: &Labels) -> Vec<Option<f64>> {
        let mean = variable.mean(variable);
        let mut sums = vec![(0.0, 0.0); self.count];
        for (row, cell) in self.cells[0].iter().enumerate() {
            if let Some(cell) = cell {
                sums[*cell].0 += variable.weight(row) * variable[row];
                sums[*cell].1 += variable.weight(row);
            }
        }
        let of = |cell: usize| match sums[cell] {
            (_, 0.0) => mean,
            (sum, rows) => (sum + self.prior * mean) / (rows + self.prior),
        };
        self.cells[1].iter().map(|cell| cell.map(of)).collect()
    }
}

/// Numbers, times and booleans as numbers.
fn numbers(column: &ArrayRef) -> Result<Vec<Option<f64>>> {
    let number = match column.data_type() {
        DataType::Date32 => cast(column, &DataType::Int32),
        DataType::Timestamp(..) => cast(column, &DataType::Int64),
        _ => Ok(ArrayRef::clone(column)),
    };
    let number = number.and_then(|number| cast(&number, &DataType::Float64)).map_err(defect)?;
    Ok(number.as_primitive::<Float64Type>().iter().map(|value| value.filter(|value| value.is_finite())).collect())
}

/// The mean, over the classes, of the area under the ROC curve of one against the others.
fn ranked(values: &Values, [train, valid]: &[Labels; 2], classes: &[f64]) -> Result<f64> {
    let mut areas = Vec::with_capacity(classes.len());
    for class in classes {
        let of_class =
            |labels: &Labels| labels.with(labels.iter().map(|label| f64::from(u8::from(label == class))).collect());
        let (train, valid) = (of_class(train), of_class(valid));
        let mut area = area(&values.means(&train), &valid)?;
        if let Some(numbers) = &values.numbers {
            let by_size = self::area(numbers, &valid)?;
            area = area.max(by_size.max(1.0 - by_size));
        }
        areas.push(area);
    }
    // A class that no row of this part has says nothing.
    areas.retain(|area| area.is_finite());
    Ok(areas.iter().sum::<f64>() / areas.len() as f64)
}

/// Rows that have a score; none where most have none.
fn scored(scores: &[Option<f64>], labels: &Labels) -> Option<(Vec<f64>, Labels)> {
    let there: Vec<usize> = (0..scores.len()).filter(|row| scores[*row].is_some()).collect();
    let scored = scores.iter().flatten().copied().collect();
    (!there.is_empty() && 2 * there.len() >= scores.len()).then(|| (scored, labels.part(&there)))
}

/// The ROC AUC of the rows that have a score.
fn area(scores: &[Option<f64>], labels: &Labels) -> Result<f64> {
    let measured = |(scores, labels): (Vec<f64>, Labels)| measure(Metric::RocAuc, &Target::Binary, &scores, &labels);
    scored(scores, labels).map_or(Ok(f64::NAN), measured)
}

/// The share of the variance of the labels of rows that have a value.
fn explained(values: &Values, [train, valid]: &[Labels; 2]) -> Result<f64> {
    let said = values.means(train);
    let measured = |(said, labels): (Vec<f64>, Labels)| measure(Metric::R2, &Target::Number, &said, &labels);
    scored(&said, valid).map_or(Ok(f64::NAN), measured)
}

fn defect(error: arrow::error::ArrowError) -> Problem {
    Problem::internal(format!("telling labels by one feature: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, Int64Array, RecordBatch};

    use super::*;

    fn of(feature: &str, metric: Metric, figure: f64) -> Alone {
        Alone { feature: feature.into(), metric, figure }
    }

    fn population<const N: usize>(columns: [(&str, ArrayRef); N], target: Target, label: Vec<f64>) -> Population {
        Population {
            features: RecordBatch::try_from_iter(columns).unwrap(),
            recipe: crate::settings::RecipeSettings::default(),
            target,
            at: None,
            weight: None,
            label_known: None,
            group: None,
            key_hash: vec![0; label.len()],
            label,
        }
    }

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
            let population = population(columns, Target::Binary, label.clone());
            let rows: Vec<u32> = (0..200).collect();
            best_alone(&population, &rows[..100], &rows[100..]).unwrap().unwrap()
        };
        assert_eq!(best("low", Arc::new(low)), of("low", Metric::RocAuc, 1.0));
        assert_eq!(best("level", Arc::new(level)), of("level", Metric::RocAuc, 1.0));
        let none = best("rare", Arc::new(rare));
        assert!(none.feature == "noise" && none.figure < 0.75, "{none:?}");
    }

    #[test]
    fn classes_are_told_by_a_code_that_no_order_helps_and_numbers_by_a_curve() {
        let place = |row: u64| row.wrapping_mul(2_654_435_761) >> 7;
        let rows: Vec<u32> = (0..4_000).collect();
        let floats = |of: &dyn Fn(u64) -> f64| Arc::new(Float64Array::from_iter_values((0..4_000).map(of))) as ArrayRef;
        let noise = floats(&|row| (place(row * 31 + 7) % 997) as f64);
        let best = |name: &str, column: ArrayRef, target: &Target, label: &dyn Fn(u64) -> f64| {
            let columns = [("noise", ArrayRef::clone(&noise)), (name, column)];
            let population = population(columns, target.clone(), (0..4_000).map(label).collect());
            best_alone(&population, &rows[..2_000], &rows[2_000..]).unwrap().unwrap()
        };
        let classes = Target::Classes(["a", "b", "c"].map(String::from).into());
        let class = |row: u64| (place(row) % 3) as f64;
        // The middle class lies outside: neither direction ranks it.
        let code = floats(&|row| [5.0, 9.0, 1.0][(place(row) % 3) as usize]);
        assert_eq!(best("code", code, &classes, &class), of("code", Metric::MacroRocAuc, 1.0));
        let curve = |row: u64| ((place(row) % 1_000) as f64 - 500.0).powi(2);
        let found = best("x", floats(&|row| (place(row) % 1_000) as f64), &Target::Number, &curve);
        assert!(found.feature == "x" && found.metric == Metric::R2 && found.figure > 0.95, "{found:?}");
        let nothing = floats(&|row| (place(row * 17 + 3) % 1_000) as f64);
        for (target, label, bound) in [(&classes, &class as &dyn Fn(u64) -> f64, 0.6), (&Target::Number, &curve, 0.1)] {
            let found = best("y", ArrayRef::clone(&nothing), target, label);
            assert!(found.figure < bound, "{found:?}");
        }
    }
}
