//! What a caller is told of one example: its prediction, by the names of the classes.

use indexmap::IndexMap;
use ropeway_learn::{FittedModel, Output, Prediction};
use serde::Serialize;

/// A prediction as it is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// Of two classes.
    Binary {
        /// The calibrated probability of a positive label.
        probability: f64,
        /// Whether it reaches the threshold.
        decision: bool,
    },
    /// Of several classes.
    Class {
        /// The class decided for.
        class: String,
        /// Its calibrated probability.
        probability: f64,
        /// The probability of each class.
        probabilities: IndexMap<String, f64>,
    },
    /// A number.
    Number {
        /// The predicted number.
        value: f64,
        /// The lower end of its 90% interval.
        low: f64,
        /// The upper end.
        high: f64,
        /// The number to decide for, where too little and too much cost differently.
        #[serde(skip_serializing_if = "Option::is_none")]
        decision: Option<f64>,
    },
}

impl Answer {
    /// A prediction of this model, as it is told.
    pub fn of(prediction: &Prediction, model: &FittedModel) -> Self {
        match prediction {
            Prediction::Binary(binary) => Self::Binary { probability: binary.probability, decision: binary.decision },
            Prediction::Classes(classes) => {
                let names = classes_of(model);
                let class = classes.class as usize;
                Self::Class {
                    class: names.get(class).cloned().unwrap_or_default(),
                    probability: classes.probabilities.get(class).copied().unwrap_or(f64::NAN),
                    probabilities: names.iter().cloned().zip(classes.probabilities.iter().copied()).collect(),
                }
            }
            Prediction::Number(number) => Self::Number {
                value: number.value,
                low: number.low,
                high: number.high,
                decision: (number.decision.to_bits() != number.value.to_bits()).then_some(number.decision),
            },
        }
    }
}

/// The names of a model's classes; none where it has not several.
pub fn classes_of(model: &FittedModel) -> &[String] {
    match &model.output {
        Output::Classes(classes) => &classes.classes,
        Output::Binary(_) | Output::Number(_) => &[],
    }
}
