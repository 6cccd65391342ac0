//! The step of one Newton iteration by coordinate descent on its quadratic model, for penalties with an L1 part and
//! for matrices too large to decompose (Friedman, Hastie, Tibshirani 2010, "Regularization Paths for Generalized
//! Linear Models via Coordinate Descent", with the curvature matrix kept as in their covariance updates).

use super::curvature::Curvature;
use super::penalty::Penalty;

/// Most passes over all coordinates.
const PASSES: usize = 2_000;

/// The step that minimises the quadratic model plus the penalty; `tolerance` bounds the last pass's greatest change
/// of the model's gradient.
pub fn step(model: &Curvature, at: &[f64], penalty: &Penalty, tolerance: f64) -> Vec<f64> {
    within(model, at, penalty, tolerance, PASSES).unwrap_or_else(|unfinished| unfinished)
}

/// The same in so many passes at most; where they do not do, as far as they came.
pub fn within(
    model: &Curvature,
    at: &[f64],
    penalty: &Penalty,
    tolerance: f64,
    passes: usize,
) -> Result<Vec<f64>, Vec<f64>> {
    let size = model.size;
    let mut step = vec![0.0; size];
    // The model's gradient at the present step.
    let mut slope = model.gradient.clone();
    for _ in 0..passes {
        let mut greatest = 0.0f64;
        for (j, from) in at.iter().enumerate() {
            let curve = model.hessian[j * size + j];
            let (ridge, lasso) = penalty.of(j, size);
            if curve + ridge <= 0.0 {
                continue;
            }
            let present = from + step[j];
            let target = soften(curve * present - slope[j], lasso) / (curve + ridge);
            let change = target - present;
            if change == 0.0 {
                continue;
            }
            step[j] += change;
            let column = &model.hessian[j * size..(j + 1) * size];
            slope.iter_mut().zip(column).for_each(|(slope, curve)| *slope += change * curve);
            greatest = greatest.max(change.abs() * (curve + ridge));
        }
        if greatest <= tolerance {
            return Ok(step);
        }
    }
    Err(step)
}

/// Moves a number towards 0 by `by`, at most to 0.
fn soften(value: f64, by: f64) -> f64 {
    if value > by {
        value - by
    } else if value < -by {
        value + by
    } else {
        0.0
    }
}
