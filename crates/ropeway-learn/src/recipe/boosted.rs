//! The recipe for trees: numbers as they are, dates as their parts, text as category codes.

use arrow::array::ArrayRef;
use ropeway_vocab::ColumnType;
use serde::{Deserialize, Serialize};

use super::column;
use super::date_part::DatePart;
use super::levels::Levels;
use crate::encoded::{Dense, OutputColumn};

/// Most category codes of a feature, with the one for rare levels: as many as fit LightGBM's usual 255 bins.
const MOST_LEVELS: usize = 253;
/// Infinities become this: LightGBM's own bound of thresholds.
const BOUND: f64 = 1e300;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Boolean, integer or float.
    Number,
    /// A part of a date or instant.
    Part(DatePart),
    /// Category codes; missing is NaN.
    Codes(Levels),
}

/// One step for each output column, with the position of its feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoostedRecipe {
    steps: Vec<(usize, Step)>,
}

impl BoostedRecipe {
    pub fn fit(features: &[(String, ColumnType)], columns: &[&ArrayRef], rows: &[u32]) -> (Self, Vec<OutputColumn>) {
        let mut steps = Vec::new();
        let mut outputs = Vec::new();
        let mut push = |feature: usize, name: String, step: Step| {
            outputs.push(OutputColumn { name, feature, categorical: matches!(step, Step::Codes(_)) });
            steps.push((feature, step));
        };
        for (feature, (name, ty)) in features.iter().enumerate() {
            match ty {
                ColumnType::Boolean | ColumnType::Integer | ColumnType::Float => {
                    push(feature, name.clone(), Step::Number);
                }
                ColumnType::Date | ColumnType::Timestamp => {
                    let instants = column::instants(columns[feature], Some(rows));
                    for part in DatePart::of(*ty) {
                        if varies(&instants, *part) {
                            push(feature, format!("{name} {}", part.name()), Step::Part(*part));
                        }
                    }
                }
                ColumnType::Text => {
                    let texts = column::texts(columns[feature], Some(rows));
                    let levels = Levels::fit(&texts, (rows.len() / 5_000).clamp(1, 10), MOST_LEVELS);
                    push(feature, name.clone(), Step::Codes(levels));
                }
            }
        }
        (Self { steps }, outputs)
    }

    /// Whether every step reads one of the features and makes one of the outputs.
    pub fn fits(&self, features: usize, outputs: usize) -> bool {
        self.steps.len() == outputs && self.steps.iter().all(|(feature, _)| *feature < features)
    }

    pub fn encode(&self, columns: &[&ArrayRef], rows: Option<&[u32]>, outputs: &[OutputColumn]) -> Dense {
        let count = rows.map_or_else(|| columns.first().map_or(0, |column| column.len()), <[u32]>::len);
        let encoded = self
            .steps
            .iter()
            .map(|(feature, step)| {
                let column = columns[*feature];
                match step {
                    Step::Number => {
                        let mut numbers = column::numbers(column, rows);
                        numbers.iter_mut().for_each(|number| *number = number.clamp(-BOUND, BOUND));
                        numbers
                    }
                    Step::Part(part) => column::instants(column, rows)
                        .into_iter()
                        .map(|instant| instant.map_or(f64::NAN, |instant| part.value(instant) as f64))
                        .collect(),
                    Step::Codes(levels) => column::texts(column, rows)
                        .into_iter()
                        .map(|text| text.and_then(|text| levels.code(text)).map_or(f64::NAN, |code| code as f64))
                        .collect(),
                }
            })
            .collect();
        let categorical = outputs.iter().map(|output| output.categorical).collect();
        Dense { rows: count, columns: encoded, categorical }
    }
}

/// Whether a part takes more than one value.
pub fn varies(instants: &[Option<i64>], part: DatePart) -> bool {
    let mut values = instants.iter().flatten().map(|instant| part.value(*instant));
    let first = values.next();
    values.any(|value| Some(value) != first)
}
