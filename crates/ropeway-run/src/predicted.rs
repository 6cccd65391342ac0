//! The columns that a prediction adds to a file: of two classes `probability` and `decision`; of several `predicted`,
//! its `probability`, and `probability_CLASS` for each; of a number `predicted` with the ends of its interval,
//! `predicted_low` and `predicted_high`, and the number to decide for, `decision`.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, StringArray};
use arrow::datatypes::DataType;
use ropeway_learn::{BinaryPrediction, ClassPrediction, FittedModel, NumberPrediction, Prediction, Task};
use ropeway_package::classes_of;

use crate::unscored::Why;

/// Their names and types.
pub(crate) fn columns(model: &FittedModel) -> Vec<(String, DataType)> {
    let float = |name: &str| (name.to_owned(), DataType::Float64);
    match model.output.task() {
        Task::Binary => vec![float("probability"), ("decision".to_owned(), DataType::Boolean)],
        Task::Multiclass => {
            let each = classes_of(model).iter().map(|class| float(&format!("probability_{class}")));
            [("predicted".to_owned(), DataType::Utf8), float("probability")].into_iter().chain(each).collect()
        }
        Task::Regression => ["predicted", "predicted_low", "predicted_high", "decision"].map(float).to_vec(),
    }
}

/// Their values, in the order of [`columns`]; missing where there is no prediction.
pub(crate) fn arrays(predictions: &[Result<Prediction, Why>], model: &FittedModel) -> Vec<ArrayRef> {
    let all = || predictions.iter().map(|prediction| prediction.as_ref().ok());
    match model.output.task() {
        Task::Binary => {
            let all = || all().map(|p| p.and_then(binary));
            let decisions = BooleanArray::from_iter(all().map(|p| Some(p?.decision)));
            vec![floats(all().map(|p| Some(p?.probability))), Arc::new(decisions)]
        }
        Task::Multiclass => {
            let (all, names) = (|| all().map(|p| p.and_then(classes)), classes_of(model));
            let name = |p: &ClassPrediction| names.get(p.class as usize).map_or("", String::as_str);
            let of = |class: usize| floats(all().map(move |p| p?.probabilities.get(class).copied()));
            let predicted = StringArray::from_iter(all().map(|p| Some(name(p?))));
            let probability = floats(all().map(|p| p.and_then(|p| p.probabilities.get(p.class as usize).copied())));
            [Arc::new(predicted) as ArrayRef, probability].into_iter().chain((0..names.len()).map(of)).collect()
        }
        Task::Regression => {
            let column = |of: fn(&NumberPrediction) -> f64| floats(all().map(|p| p.and_then(number).map(of)));
            vec![column(|p| p.value), column(|p| p.low), column(|p| p.high), column(|p| p.decision)]
        }
    }
}

fn floats(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(Float64Array::from_iter(values))
}

fn binary(prediction: &Prediction) -> Option<&BinaryPrediction> {
    if let Prediction::Binary(binary) = prediction { Some(binary) } else { None }
}

fn classes(prediction: &Prediction) -> Option<&ClassPrediction> {
    if let Prediction::Classes(classes) = prediction { Some(classes) } else { None }
}

fn number(prediction: &Prediction) -> Option<&NumberPrediction> {
    if let Prediction::Number(number) = prediction { Some(number) } else { None }
}
