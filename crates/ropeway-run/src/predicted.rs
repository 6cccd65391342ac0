//! The columns that a prediction adds to a file: of two classes `probability` and `decision`; of several `predicted`,
//! its `probability`, and `probability_CLASS` for each; of a number `predicted` with the ends of its interval,
//! `predicted_low` and `predicted_high`, and the number to decide for, `decision`.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, StringArray};
use arrow::datatypes::DataType;
use ropeway_learn::{BinaryPrediction, ClassPrediction, FittedModel, NumberPrediction, Prediction, Task};
use ropeway_package::classes_of;

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

/// Their values, in the order of [`columns`].
pub(crate) fn arrays(predictions: &[Prediction], model: &FittedModel) -> Vec<ArrayRef> {
    match model.output.task() {
        Task::Binary => {
            let all = || predictions.iter().filter_map(binary);
            let decisions = BooleanArray::from_iter(all().map(|p| Some(p.decision)));
            vec![floats(all().map(|p| p.probability)), Arc::new(decisions)]
        }
        Task::Multiclass => {
            let (all, names) = (|| predictions.iter().filter_map(classes), classes_of(model));
            let name = |p: &ClassPrediction| names.get(p.class as usize).map_or("", String::as_str);
            let of = |class: usize| floats(all().map(move |p| p.probabilities[class]));
            let predicted = StringArray::from_iter_values(all().map(name));
            let probability = floats(all().map(|p| p.probabilities[p.class as usize]));
            [Arc::new(predicted) as ArrayRef, probability].into_iter().chain((0..names.len()).map(of)).collect()
        }
        Task::Regression => {
            let column = |of: fn(&NumberPrediction) -> f64| floats(predictions.iter().filter_map(number).map(of));
            vec![column(|p| p.value), column(|p| p.low), column(|p| p.high), column(|p| p.decision)]
        }
    }
}

fn floats(values: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
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
