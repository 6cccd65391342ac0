//! Value, gradient and curvature of a loss over all rows. The intercept is the last coordinate.

use ropeway_vocab::Result;

use super::loss::RowLoss;
use super::quadratic::{Bend, Columns};
use crate::encoded::Sparse;
use crate::labels::Labels;
use crate::stop::Stop;

/// What is fitted: rows with their labels and weights, and what errors cost.
#[derive(Clone, Copy)]
pub struct Fit<'a> {
    pub rows: &'a Sparse,
    pub labels: &'a Labels,
    pub loss: RowLoss,
    /// Set to stop.
    pub stop: Stop<'a>,
}

/// First and second derivatives of the sum of losses.
pub struct Curvature {
    /// One entry a coordinate.
    pub gradient: Vec<f64>,
    pub bend: Bend,
    /// Coordinates: output columns and the intercept.
    pub size: usize,
}

/// The sum of losses at the scores.
pub fn loss(fit: Fit<'_>, scores: &[f64]) -> f64 {
    let of = |(row, (score, label)): (usize, (&f64, &f64))| fit.labels.weight(row) * fit.loss.value(*score, *label);
    scores.iter().zip(fit.labels.iter()).enumerate().map(of).sum()
}

/// The gradient alone.
pub fn gradient(fit: Fit<'_>, scores: &[f64]) -> Vec<f64> {
    let Fit { rows, labels, loss, .. } = fit;
    let size = rows.width + 1;
    let mut gradient = vec![0.0; size];
    for (row, (score, label)) in scores.iter().zip(labels.iter()).enumerate() {
        let residual = labels.weight(row) * loss.slope(*score, *label);
        for (sum, value) in gradient.iter_mut().zip(rows.values(row)) {
            *sum += residual * value;
        }
        for position in rows.active(row).iter().filter(|position| **position != Sparse::NONE) {
            gradient[*position as usize] += residual;
        }
        gradient[size - 1] += residual;
    }
    gradient
}

/// Gradient and curvature at the scores of all rows.
///
/// # Errors
/// Cancellation.
pub fn curvature(fit: Fit<'_>, scores: &[f64]) -> Result<Curvature> {
    let Fit { rows, labels, loss, .. } = fit;
    let bend = if rows.width > rows.rows {
        let weight = |(row, (score, label)): (usize, (&f64, &f64))| labels.weight(row) * loss.curve(*score, *label);
        Bend::Columns(Columns::new(rows, scores.iter().zip(labels.iter()).enumerate().map(weight).collect()))
    } else {
        Bend::Matrix(hessian(fit, scores)?)
    };
    Ok(Curvature { gradient: gradient(fit, scores), bend, size: rows.width + 1 })
}

fn hessian(fit: Fit<'_>, scores: &[f64]) -> Result<Vec<f64>> {
    let Fit { rows, labels, loss, stop } = fit;
    let size = rows.width + 1;
    let mut hessian = vec![0.0; size * size];
    // Numbers and the intercept meet in every row: their block is kept apart, small enough for the first cache.
    let block = rows.numbers + 1;
    let mut dense = vec![0.0; block * block];
    let mut values = vec![1.0; block];
    let mut active: Vec<usize> = Vec::with_capacity(rows.groups);
    for (row, (score, label)) in scores.iter().zip(labels.iter()).enumerate() {
        stop.go_on()?;
        let weight = labels.weight(row) * loss.curve(*score, *label);
        values[..rows.numbers].copy_from_slice(rows.values(row));
        for a in 0..block {
            let scaled = weight * values[a];
            let line = &mut dense[a * block..a * block + a + 1];
            line.iter_mut().zip(&values[..=a]).for_each(|(sum, value)| *sum += scaled * value);
        }
        active.clear();
        active.extend(rows.active(row).iter().filter(|position| **position != Sparse::NONE).map(|p| *p as usize));
        for (i, position) in active.iter().enumerate() {
            let line = &mut hessian[position * size..(position + 1) * size];
            line[..rows.numbers].iter_mut().zip(&values).for_each(|(sum, value)| *sum += weight * value);
            for other in &active[..=i] {
                line[*other] += weight;
            }
            line[size - 1] += weight;
        }
    }
    place(&mut hessian, &dense, rows.numbers, size);
    Ok(hessian)
}

/// Puts the block of numbers and intercept in its place and fills the other triangle. What was summed up lies below
/// the diagonal for groups and numbers (groups come after numbers, and a later group after an earlier one), and
/// right of it for a group with the intercept.
fn place(hessian: &mut [f64], dense: &[f64], numbers: usize, size: usize) {
    let block = numbers + 1;
    let at = |i: usize| if i == numbers { size - 1 } else { i };
    for a in 0..block {
        for b in 0..=a {
            hessian[at(a) * size + at(b)] = dense[a * block + b];
        }
    }
    for a in 0..size - 1 {
        if a >= numbers {
            hessian[(size - 1) * size + a] = hessian[a * size + size - 1];
        }
        for b in 0..a {
            hessian[b * size + a] = hessian[a * size + b];
        }
    }
    for b in 0..size - 1 {
        hessian[b * size + size - 1] = hessian[(size - 1) * size + b];
    }
}
