//! The answer for one row.

use serde::{Deserialize, Serialize};

/// The answer for one row, by the kind of label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Prediction {
    /// Of two classes.
    Binary(BinaryPrediction),
    /// Of several classes.
    Classes(ClassPrediction),
    /// A number.
    Number(NumberPrediction),
}

/// The answer of a model of two classes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BinaryPrediction {
    /// The uncalibrated log-odds.
    pub raw: f64,
    /// The calibrated probability of a positive label.
    pub probability: f64,
    /// Whether the probability is at least the threshold.
    pub decision: bool,
}

/// The answer of a model of several classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassPrediction {
    /// Of each class the uncalibrated logarithm of its probability, up to a constant.
    pub raw: Vec<f64>,
    /// The calibrated probability of each class.
    pub probabilities: Vec<f64>,
    /// The position of the class decided for: the one with the lowest expected cost.
    pub class: u32,
}

/// The answer of a model of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NumberPrediction {
    /// The predicted number.
    pub value: f64,
    /// The lower end of its 90% interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The number to decide for: the cheapest, where too little and too much cost differently; else the predicted one.
    pub decision: f64,
}

impl Prediction {
    /// The raw scores that it came from, and that contributions sum to.
    pub fn raw(&self) -> &[f64] {
        match self {
            Self::Binary(binary) => std::slice::from_ref(&binary.raw),
            Self::Classes(classes) => &classes.raw,
            Self::Number(number) => std::slice::from_ref(&number.value),
        }
    }
}
