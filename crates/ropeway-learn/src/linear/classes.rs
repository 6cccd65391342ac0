//! Multinomial logistic regression: one set of weights a class, all at once where they are few, else class by class in turn. With the others held, the loss
//! of one class is that of a logistic regression whose scores are told against what the others say (the partial Newton steps of
//! Friedman, Hastie, Tibshirani 2010, section 4); a line search lets each step lower the loss.

use ropeway_stat::log_sum_exp;
use ropeway_vocab::Result;

use super::curvature::{Curvature, Fit, curvature, gradient};
use super::loss::RowLoss;
use super::newton::{DECOMPOSE_UP_TO, Position, step, violation};
use super::penalty::Penalty;
use super::whole::{self, Classes};
use crate::encoded::Sparse;
use crate::labels::Labels;
use crate::stop::Stop;

/// Most passes over all classes.
const PASSES: u32 = 60;
/// Done when no derivative, divided by what the rows count together, is above this.
const TOLERANCE: f64 = 1e-5;

/// Intercept and weights of each class at the minimum. `labels` are numbers of classes; `offsets` are scores (`rows * classes`,
/// row by row) that come on top of what is fitted; `start` are the first intercepts.
///
/// # Errors
/// Cancellation.
pub fn minimise(
    rows: &Sparse,
    labels: &Labels,
    penalty: &Penalty,
    (start, offsets): (&[f64], Option<&[f64]>),
    stop: Stop<'_>,
) -> Result<Vec<(f64, Vec<f64>)>> {
    let classes = start.len();
    if (rows.width + 1) * classes <= DECOMPOSE_UP_TO {
        return whole::minimise(Classes { rows, labels, classes, stop }, penalty, start, offsets);
    }
    let of_class = |class: usize| labels.iter().map(|label| f64::from(*label == class as f64)).collect();
    let own: Vec<Labels> = (0..classes).map(|class| labels.with(of_class(class))).collect();
    let offset = |row: usize, class: usize| offsets.map_or(0.0, |offsets| offsets[row * classes + class]);
    // The scores of each class with their offsets.
    let mut positions: Vec<Position> = (0..classes)
        .map(|class| {
            let mut at = vec![0.0; rows.width + 1];
            at[rows.width] = start[class];
            Position { at, scores: (0..rows.rows).map(|row| start[class] + offset(row, class)).collect() }
        })
        .collect();
    let mut models: Vec<Option<Curvature>> = (0..classes).map(|_| None).collect();
    for pass in 0..PASSES {
        let mut greatest = 0.0f64;
        for class in 0..classes {
            let fit = Fit { rows, labels: &own[class], loss: RowLoss::Logistic, stop };
            let others = others(&positions, class, rows.rows);
            let against = |scores: &[f64]| -> Vec<f64> {
                scores.iter().zip(&others).map(|(score, others)| score - others).collect()
            };
            let from = Position { at: positions[class].at.clone(), scores: against(&positions[class].scores) };
            let model = model(fit, &from, &mut models[class], pass)?;
            let far = violation(&model.gradient, &from.at, penalty);
            greatest = greatest.max(far);
            let next = if far > 0.0 { step(fit, penalty, &from, model, far)? } else { None };
            if let Some(next) = next {
                let scores = next.scores.iter().zip(&others).map(|(score, others)| score + others).collect();
                positions[class] = Position { at: next.at, scores };
            }
        }
        if greatest <= TOLERANCE * labels.total() {
            break;
        }
    }
    Ok(positions.into_iter().map(Position::parts).collect())
}

/// The logarithm of the sum of what the other classes say, by row.
fn others(positions: &[Position], class: usize, rows: usize) -> Vec<f64> {
    let other = || positions.iter().enumerate().filter(|(other, _)| *other != class);
    (0..rows).map(|row| log_sum_exp(other().map(|(_, position)| position.scores[row]))).collect()
}

/// The quadratic model of a class. Curvatures change little after the first passes: a small one is kept and made again in the
/// passes 0, 1, 2, 4, 8, ...; the gradient is always that of the position.
fn model<'a>(fit: Fit<'_>, from: &Position, kept: &'a mut Option<Curvature>, pass: u32) -> Result<&'a Curvature> {
    match kept.take() {
        Some(model) if !pass.is_power_of_two() && from.at.len() <= DECOMPOSE_UP_TO => {
            Ok(kept.insert(Curvature { gradient: gradient(fit, &from.scores), ..model }))
        }
        _ => Ok(kept.insert(curvature(fit, &from.scores)?)),
    }
}
