//! Fits that turn scores into probabilities.

mod isotonic;
mod platt;

pub use isotonic::Isotonic;
pub use platt::Platt;

use ropeway_vocab::{Problem, Result};

/// Refuses lengths that differ, labels that are not 0 or 1, scores that are not finite and weights that
/// are negative or not finite; returns (weight of positives, weight of negatives).
fn checked(scores: &[f64], labels: &[f64], weights: Option<&[f64]>) -> Result<(f64, f64)> {
    if scores.len() != labels.len() || weights.is_some_and(|weights| weights.len() != scores.len()) {
        return Err(Problem::internal("scores, labels and weights of different lengths"));
    }
    if labels.iter().any(|label| *label != 0.0 && *label != 1.0) {
        return Err(Problem::invalid("label-not-binary", "a label is neither 0 nor 1"));
    }
    if scores.iter().any(|score| !score.is_finite()) {
        return Err(Problem::invalid("score-not-finite", "a score to calibrate is NaN or infinite"));
    }
    let weight = |i: usize| weights.map_or(1.0, |weights| weights[i]);
    if (0..scores.len()).any(|i| !weight(i).is_finite() || weight(i) < 0.0) {
        return Err(Problem::internal("a weight is negative or not finite"));
    }
    let of_class = |class: f64| (0..labels.len()).filter(|i| labels[*i] == class).map(weight).sum();
    Ok((of_class(1.0), of_class(0.0)))
}

fn one_class() -> Problem {
    Problem::invalid("one-class", "the labels to calibrate on have one class only")
        .remedy("calibration needs rows of both classes: use more rows, or switch it off")
}
