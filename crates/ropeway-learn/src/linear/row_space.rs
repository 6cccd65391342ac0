//! Far more columns than rows: a ridge leaves at 0 what no row has a part in, so that the weights of its optimum are sums of rows
//! (the representer theorem; Hastie, Tibshirani, "Efficient quadratic regularization for expression arrays", 2004). In an
//! orthonormal basis of these the problem is the same, with as many columns as there are rows: scores are scores, and the length
//! of weights is their length.

use ropeway_vocab::Result;

use super::cholesky::product;
use super::penalty::Penalty;
use crate::encoded::Sparse;
use crate::stop::Stop;

/// What is left of a row, as a share of it, where the others already say all of it: rounding.
const NOTHING: f64 = 1e-11;
/// Where less than this share of a row is left, what is left is not at right angles to the basis yet (Daniel, Gragg, Kaufman,
/// Stewart 1976): once more does.
const CANCELLED: f64 = 0.7;

/// The span of the rows.
pub struct RowSpace {
    /// Vectors of `width` entries, one after the other.
    basis: Vec<f64>,
    width: usize,
    /// The rows told by these vectors.
    pub rows: Sparse,
}

impl RowSpace {
    /// Of rows that have far more columns than there are of them, for a penalty that it holds for.
    ///
    /// # Errors
    /// Cancellation.
    pub fn where_it_pays(rows: &Sparse, penalty: &Penalty, stop: Stop<'_>) -> Result<Option<Self>> {
        if penalty.is_ridge() && rows.width >= 2 * rows.rows { Self::of(rows, stop).map(Some) } else { Ok(None) }
    }

    /// Gram's and Schmidt's way, modified, row by row.
    fn of(rows: &Sparse, stop: Stop<'_>) -> Result<Self> {
        let (width, mut basis, mut told) = (rows.width, Vec::new(), Vec::with_capacity(rows.rows));
        for row in 0..rows.rows {
            stop.go_on()?;
            let mut left = dense(rows, row);
            let (whole, mut by) = (length(&left), vec![0.0; basis.len() / width.max(1)]);
            let mut before = whole;
            let mut rest = before;
            for _ in 0..3 {
                for (vector, by) in basis.chunks_exact(width.max(1)).zip(&mut by) {
                    let part = product(vector, &left);
                    *by += part;
                    left.iter_mut().zip(vector).for_each(|(left, entry)| *left -= part * entry);
                }
                rest = length(&left);
                if rest > CANCELLED * before || rest <= NOTHING * whole {
                    break;
                }
                before = rest;
            }
            if rest > NOTHING * whole {
                basis.extend(left.iter().map(|entry| entry / rest));
                by.push(rest);
            }
            told.push(by);
        }
        let rank = basis.len() / width.max(1);
        let each = told.into_iter().flat_map(|mut by| {
            by.resize(rank, 0.0);
            by
        });
        let values = each.collect();
        let rows = Sparse { rows: rows.rows, width: rank, numbers: rank, groups: 0, values, active: Vec::new() };
        Ok(Self { basis, width, rows })
    }

    /// The weights of the columns, of those of the vectors.
    pub fn weights(&self, of_vectors: &[f64]) -> Vec<f64> {
        let mut weights = vec![0.0; self.width];
        for (vector, by) in self.basis.chunks_exact(self.width.max(1)).zip(of_vectors) {
            weights.iter_mut().zip(vector).for_each(|(weight, entry)| *weight += by * entry);
        }
        weights
    }
}

/// A row with all its zeros.
fn dense(rows: &Sparse, row: usize) -> Vec<f64> {
    let mut values = rows.values(row).to_vec();
    values.resize(rows.width, 0.0);
    let active = rows.active(row).iter().filter(|position| **position != Sparse::NONE);
    active.for_each(|position| values[*position as usize] = 1.0);
    values
}

fn length(vector: &[f64]) -> f64 {
    product(vector, vector).sqrt()
}
