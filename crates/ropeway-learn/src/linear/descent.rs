//! The step of one Newton iteration by coordinate descent on its quadratic model, for penalties with an L1 part and
//! for matrices too large to decompose (Friedman, Hastie, Tibshirani 2010, "Regularization Paths for Generalized
//! Linear Models via Coordinate Descent", with the curvature matrix kept as in their covariance updates).

use ropeway_vocab::Result;

use super::curvature::Curvature;
use super::penalty::Penalty;
use super::quadratic::Slopes;
use crate::stop::Stop;

/// Most passes over all coordinates.
const PASSES: usize = 2_000;

/// A step that has come to its tolerance, or, where the passes did not do, as far as they came.
type Descended = std::result::Result<Vec<f64>, Vec<f64>>;

/// The step that minimises the quadratic model plus the penalty; `tolerance` bounds the last pass's greatest change
/// of the model's gradient.
///
/// # Errors
/// Cancellation.
pub fn step(model: &Curvature, at: &[f64], penalty: &Penalty, tolerance: f64, stop: Stop<'_>) -> Result<Vec<f64>> {
    Ok(within(model, at, penalty, (tolerance, PASSES), stop)?.unwrap_or_else(|unfinished| unfinished))
}

/// The same in so many passes at most. With an L1 part most weights are 0 and stay there: between two passes over all
/// coordinates those that are not go on alone until they have come to rest.
///
/// # Errors
/// Cancellation.
pub fn within(
    model: &Curvature,
    at: &[f64],
    penalty: &Penalty,
    (tolerance, passes): (f64, usize),
    stop: Stop<'_>,
) -> Result<Descended> {
    let mut slopes = Slopes::new(&model.bend, &model.gradient);
    let mut step = vec![0.0; model.size];
    let mut all = true;
    for _ in 0..passes {
        stop.go_on()?;
        let mut greatest = 0.0f64;
        for (j, from) in at.iter().enumerate() {
            let present = from + step[j];
            if all || present != 0.0 {
                let change = moved(&slopes, j, present, penalty.of(j, model.size));
                if change != 0.0 {
                    step[j] += change;
                    slopes.change(j, change);
                    greatest = greatest.max(change.abs() * (slopes.curve(j) + penalty.of(j, model.size).0));
                }
            }
        }
        match (greatest <= tolerance, all) {
            (true, true) => return Ok(Ok(step)),
            (done, _) => all = done || penalty.is_ridge(),
        }
    }
    Ok(Err(step))
}

/// By how much a coordinate moves to the minimum along itself.
fn moved(slopes: &Slopes<'_>, coordinate: usize, present: f64, (ridge, lasso): (f64, f64)) -> f64 {
    let curve = slopes.curve(coordinate);
    if curve + ridge <= 0.0 {
        return 0.0;
    }
    soften(curve * present - slopes.slope(coordinate), lasso) / (curve + ridge) - present
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
