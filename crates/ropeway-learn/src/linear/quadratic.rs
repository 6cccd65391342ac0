//! The quadratic model of a loss around a position, coordinate by coordinate: by the matrix of its second derivatives, or, where
//! there are more columns than rows, by the columns themselves, so that a coordinate is moved in as many operations as there are rows.

use super::cholesky::product;
use crate::encoded::Sparse;

/// Second derivatives of a sum of losses.
pub enum Bend {
    /// A full symmetric matrix, row by row.
    Matrix(Vec<f64>),
    /// The product of the columns with the curvature of each row.
    Columns(Columns),
}

/// Rows, column by column; the intercept is the last.
pub struct Columns {
    rows: usize,
    /// Those of numbers, one after the other.
    numbers: Vec<f64>,
    /// In which rows each other column is 1.
    ones: Vec<Vec<u32>>,
    /// The curvature of each row's loss.
    weights: Vec<f64>,
    /// The second derivative of each coordinate.
    curves: Vec<f64>,
}

impl Columns {
    /// Turns rows round.
    pub fn new(rows: &Sparse, weights: Vec<f64>) -> Self {
        let (count, width) = (rows.rows, rows.width);
        let mut numbers = vec![0.0; count * rows.numbers];
        let mut ones = vec![Vec::new(); width - rows.numbers];
        let mut curves = vec![0.0; width + 1];
        for (row, weight) in weights.iter().enumerate() {
            for (column, value) in rows.values(row).iter().enumerate() {
                numbers[column * count + row] = *value;
                curves[column] += weight * value * value;
            }
            for position in rows.active(row).iter().filter(|position| **position != Sparse::NONE) {
                ones[*position as usize - rows.numbers].push(row as u32);
                curves[*position as usize] += weight;
            }
            curves[width] += weight;
        }
        Self { rows: count, numbers, ones, weights, curves }
    }

    /// The values of a column of numbers.
    fn number(&self, column: usize) -> Option<&[f64]> {
        (column < self.first_of_ones()).then(|| &self.numbers[column * self.rows..(column + 1) * self.rows])
    }

    /// The rows in which a column is 1; none of the intercept, which is everywhere.
    fn ones(&self, column: usize) -> Option<&[u32]> {
        self.ones.get(column - self.first_of_ones()).map(Vec::as_slice)
    }

    /// The product of a column with what stands in `by_row`.
    fn sum(&self, column: usize, by_row: &[f64]) -> f64 {
        if let Some(values) = self.number(column) {
            product(values, by_row)
        } else if let Some(rows) = self.ones(column) {
            rows.iter().map(|row| by_row[*row as usize]).sum()
        } else {
            by_row.iter().sum()
        }
    }

    /// Adds so much of a column, weighted, to `by_row`.
    fn add(&self, column: usize, change: f64, by_row: &mut [f64]) {
        let each = by_row.iter_mut().zip(&self.weights);
        if let Some(values) = self.number(column) {
            each.zip(values).for_each(|((sum, weight), value)| *sum += change * weight * value);
        } else if let Some(rows) = self.ones(column) {
            rows.iter().for_each(|row| by_row[*row as usize] += change * self.weights[*row as usize]);
        } else {
            each.for_each(|(sum, weight)| *sum += change * weight);
        }
    }

    fn first_of_ones(&self) -> usize {
        self.curves.len() - 1 - self.ones.len()
    }
}

/// The slope of the model while coordinates move.
pub struct Slopes<'a> {
    bend: &'a Bend,
    gradient: &'a [f64],
    /// By coordinate the slope, or by row what the step adds to the slope of its loss.
    state: Vec<f64>,
}

impl<'a> Slopes<'a> {
    /// Before any step.
    pub fn new(bend: &'a Bend, gradient: &'a [f64]) -> Self {
        let state = match bend {
            Bend::Matrix(_) => gradient.to_vec(),
            Bend::Columns(columns) => vec![0.0; columns.rows],
        };
        Self { bend, gradient, state }
    }

    /// The second derivative of a coordinate.
    pub fn curve(&self, coordinate: usize) -> f64 {
        match self.bend {
            Bend::Matrix(matrix) => matrix[coordinate * self.gradient.len() + coordinate],
            Bend::Columns(columns) => columns.curves[coordinate],
        }
    }

    /// The first derivative.
    pub fn slope(&self, coordinate: usize) -> f64 {
        match self.bend {
            Bend::Matrix(_) => self.state[coordinate],
            Bend::Columns(columns) => self.gradient[coordinate] + columns.sum(coordinate, &self.state),
        }
    }

    /// Moves a coordinate.
    pub fn change(&mut self, coordinate: usize, by: f64) {
        match self.bend {
            Bend::Matrix(matrix) => {
                let size = self.gradient.len();
                let column = &matrix[coordinate * size..(coordinate + 1) * size];
                self.state.iter_mut().zip(column).for_each(|(slope, curve)| *slope += by * curve);
            }
            Bend::Columns(columns) => columns.add(coordinate, by, &mut self.state),
        }
    }
}
