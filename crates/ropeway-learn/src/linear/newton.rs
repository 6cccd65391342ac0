//! Minimising a penalised loss: proximal Newton with a line search (Lee, Sun, Saunders 2014). A step solves the penalised
//! quadratic model, by decomposition where the penalty is ridge alone, else by coordinate descent.

use ropeway_vocab::Result;

use super::curvature::{Curvature, Fit, curvature, loss};
use super::penalty::Penalty;
use super::quadratic::Bend;
use super::{cholesky, descent, dot};
use crate::stop::Stop;

/// Most steps.
const STEPS: usize = 100;
/// Done when no coordinate's derivative, divided by what the rows count together, is above this.
const TOLERANCE: f64 = 1e-9;
/// Beyond this many coordinates coordinate descent is tried before a decomposition.
pub const DECOMPOSE_UP_TO: usize = 800;

/// Where the search for the minimum stands.
#[derive(Debug, Clone)]
pub struct Position {
    /// The weights, and last the intercept.
    pub at: Vec<f64>,
    /// The score of each row there.
    pub scores: Vec<f64>,
}

impl Position {
    /// No weight, and an intercept.
    pub fn constant(fit: Fit<'_>, intercept: f64) -> Self {
        let mut at = vec![0.0; fit.rows.width + 1];
        at[fit.rows.width] = intercept;
        Self { at, scores: vec![intercept; fit.rows.rows] }
    }

    /// Intercept and weights.
    pub fn parts(mut self) -> (f64, Vec<f64>) {
        let intercept = self.at.pop().unwrap_or(0.0);
        (intercept, self.at)
    }
}

/// The minimum, sought from a position.
///
/// # Errors
/// Cancellation.
pub fn minimise(fit: Fit<'_>, penalty: &Penalty, from: Position) -> Result<Position> {
    minimise_each(penalty, from, |_| Some(fit))
}

/// The minimum of a loss that follows from where the search stands; it ends where there is none.
///
/// # Errors
/// Cancellation.
pub fn minimise_each<'a>(
    penalty: &Penalty,
    mut from: Position,
    loss_at: impl Fn(&Position) -> Option<Fit<'a>>,
) -> Result<Position> {
    for _ in 0..STEPS {
        let Some(fit) = loss_at(&from) else { break };
        let model = curvature(fit, &from.scores)?;
        let violation = violation(&model.gradient, &from.at, penalty);
        if violation <= TOLERANCE * count(fit) {
            break;
        }
        let Some(next) = step(fit, penalty, &from, &model, violation)? else { break };
        from = next;
    }
    Ok(from)
}

/// How far the position is from the optimum: its greatest subderivative.
pub fn violation(gradient: &[f64], at: &[f64], penalty: &Penalty) -> f64 {
    let size = at.len();
    (0..size).map(|j| penalty.violation(gradient[j], at[j], j, size)).fold(0.0f64, f64::max)
}

/// One step by a quadratic model of the loss; none where no step lowers the objective, which is the end.
///
/// # Errors
/// Cancellation.
pub fn step(
    fit: Fit<'_>,
    penalty: &Penalty,
    from: &Position,
    model: &Curvature,
    violation: f64,
) -> Result<Option<Position>> {
    let size = model.size;
    let tolerance = (violation * 1e-4).min(TOLERANCE * count(fit));
    let direction = direction(model, &from.at, penalty, (tolerance, fit.stop))?;
    let rows = 0..fit.rows.rows;
    let along: Vec<f64> = rows.map(|row| dot(fit.rows, row, &direction) + direction[size - 1]).collect();
    Ok(halved(from, &direction, &along, |position| loss(fit, &position.scores) + penalty.value(&position.at)))
}

fn count(fit: Fit<'_>) -> f64 {
    if fit.rows.rows == 0 { 1.0 } else { fit.labels.total() }
}

/// The step to the minimum of the penalised quadratic model.
///
/// # Errors
/// Cancellation.
pub fn direction(
    model: &Curvature,
    at: &[f64],
    penalty: &Penalty,
    (tolerance, stop): (f64, Stop<'_>),
) -> Result<Vec<f64>> {
    let size = model.size;
    if let (true, Bend::Matrix(hessian)) = (penalty.is_ridge(), &model.bend) {
        // A decomposition costs as much as a third of `size` passes. Columns that hang together little need fewer; where codes
        // stand beside their names, thousands of passes would not do.
        if size > DECOMPOSE_UP_TO
            && let Ok(step) = descent::within(model, at, penalty, (tolerance, size / 10), stop)?
        {
            return Ok(step);
        }
        // A trace of ridge keeps collinear columns apart; it bends the way, not the goal.
        let scale = (0..size).map(|j| hessian[j * size + j]).fold(0.0f64, f64::max);
        for trace in [1e-12, 1e-8, 1e-4] {
            let mut matrix = hessian.clone();
            for j in 0..size {
                matrix[j * size + j] += penalty.of(j, size).0 + trace * scale;
            }
            let right: Vec<f64> = (0..size).map(|j| -(model.gradient[j] + penalty.of(j, size).0 * at[j])).collect();
            if let Some(step) = cholesky::solve(&mut matrix, &right, stop)? {
                return Ok(step);
            }
        }
    }
    descent::step(model, at, penalty, tolerance, stop)
}

/// The first of the steps 1, 1/2, 1/4, ... that lowers the objective.
pub fn halved(
    from: &Position,
    direction: &[f64],
    along: &[f64],
    objective: impl Fn(&Position) -> f64,
) -> Option<Position> {
    let moved = |from: &[f64], by: &[f64], step: f64| -> Vec<f64> {
        from.iter().zip(by).map(|(from, by)| from + step * by).collect()
    };
    let value = objective(from);
    let mut step = 1.0;
    for _ in 0..40 {
        let next = Position { at: moved(&from.at, direction, step), scores: moved(&from.scores, along, step) };
        let next_value = objective(&next);
        // At the very end a step is worth less than the rounding of the sum; it is still taken once.
        if next_value < value || (step == 1.0 && (next_value - value).abs() <= 1e-13 * value.abs()) {
            return Some(next);
        }
        step /= 2.0;
    }
    None
}
