//! Minimising the penalised log loss: proximal Newton with a line search (Lee, Sun, Saunders 2014). A step solves
//! the penalised quadratic model, by decomposition where the penalty is ridge alone, else by coordinate descent.

use super::curvature::{curvature, loss};
use super::penalty::Penalty;
use super::{cholesky, descent, dot};
use crate::candidate::LinearCandidate;
use crate::encoded::Sparse;

/// Most steps.
const STEPS: usize = 100;
/// Done when no coordinate's derivative, divided by the number of rows, is above this.
const TOLERANCE: f64 = 1e-9;
/// Beyond this many coordinates a decomposition costs more than coordinate descent.
const DECOMPOSE_UP_TO: usize = 800;

/// Intercept and weights at the minimum.
pub fn minimise(rows: &Sparse, labels: &[f64], settings: &LinearCandidate) -> (f64, Vec<f64>) {
    let penalty = Penalty::new(settings);
    let size = rows.width + 1;
    let count = rows.rows.max(1) as f64;
    let mut at = vec![0.0; size];
    at[size - 1] = crate::constant::Constant::fit(labels).raw;
    let mut scores = vec![at[size - 1]; rows.rows];
    let mut value = loss(&scores, labels) + penalty.value(&at);
    for _ in 0..STEPS {
        let model = curvature(rows, &scores, labels);
        let violation = (0..size).map(|j| penalty.violation(model.gradient[j], at[j], j, size)).fold(0.0f64, f64::max);
        if violation <= TOLERANCE * count {
            break;
        }
        let direction = direction(&model, &at, &penalty, (violation * 1e-4).min(TOLERANCE * count));
        let along: Vec<f64> = (0..rows.rows).map(|row| dot(rows, row, &direction) + direction[size - 1]).collect();
        let Some((next, next_scores, next_value)) = search(&at, &scores, &direction, &along, labels, &penalty, value)
        else {
            break;
        };
        (at, scores, value) = (next, next_scores, next_value);
    }
    let intercept = at[size - 1];
    at.truncate(size - 1);
    (intercept, at)
}

fn direction(model: &super::curvature::Curvature, at: &[f64], penalty: &Penalty, tolerance: f64) -> Vec<f64> {
    let size = model.size;
    if penalty.is_ridge() && size <= DECOMPOSE_UP_TO {
        // A trace of ridge keeps collinear columns apart; it bends the way, not the goal.
        let scale = (0..size).map(|j| model.hessian[j * size + j]).fold(0.0f64, f64::max);
        for trace in [1e-12, 1e-8, 1e-4] {
            let mut matrix = model.hessian.clone();
            for j in 0..size {
                matrix[j * size + j] += penalty.of(j, size).0 + trace * scale;
            }
            let right: Vec<f64> = (0..size).map(|j| -(model.gradient[j] + penalty.of(j, size).0 * at[j])).collect();
            if let Some(step) = cholesky::solve(&mut matrix, &right) {
                return step;
            }
        }
    }
    descent::step(model, at, penalty, tolerance)
}

/// The first of the steps 1, 1/2, 1/4, ... that lowers the objective; none where no step does, which is the end.
fn search(
    at: &[f64],
    scores: &[f64],
    direction: &[f64],
    along: &[f64],
    labels: &[f64],
    penalty: &Penalty,
    value: f64,
) -> Option<(Vec<f64>, Vec<f64>, f64)> {
    let moved = |from: &[f64], by: &[f64], step: f64| -> Vec<f64> {
        from.iter().zip(by).map(|(from, by)| from + step * by).collect()
    };
    let mut step = 1.0;
    for _ in 0..40 {
        let next = moved(at, direction, step);
        let next_scores = moved(scores, along, step);
        let next_value = loss(&next_scores, labels) + penalty.value(&next);
        // At the very end a step is worth less than the rounding of the sum; it is still taken once.
        if next_value < value || (step == 1.0 && (next_value - value).abs() <= 1e-13 * value.abs()) {
            return Some((next, next_scores, next_value));
        }
        step /= 2.0;
    }
    None
}
