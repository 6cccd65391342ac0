//! Labels, and how much each of them counts.

use std::ops::Deref;
use std::sync::Arc;

use ropeway_stat::weighted_mean;

/// The labels of rows, as their target has them, with a weight each where the project names some: a row of weight 2 counts as two
/// equal rows do. To whatever asks for labels alone it is a slice of them; copies of it are views of the same numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    values: Arc<Vec<f64>>,
    /// Above 0; each row counts once if `None`.
    weights: Option<Arc<[f64]>>,
}

impl Deref for Labels {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.values
    }
}

impl From<Vec<f64>> for Labels {
    fn from(values: Vec<f64>) -> Self {
        Self { values: Arc::new(values), weights: None }
    }
}

impl Labels {
    /// Labels with as many weights.
    pub fn weighted(values: Vec<f64>, weights: Option<Vec<f64>>) -> Self {
        Self { values: Arc::new(values), weights: weights.map(Arc::from) }
    }

    /// Other labels of the same rows.
    pub fn with(&self, values: Vec<f64>) -> Self {
        Self { values: Arc::new(values), weights: self.weights.clone() }
    }

    /// The labels of some of the rows, by their places.
    pub fn part(&self, places: &[usize]) -> Self {
        let of = |values: &[f64]| -> Vec<f64> { places.iter().map(|place| values[*place]).collect() };
        Self::weighted(of(&self.values), self.weights.as_deref().map(of))
    }

    /// The weights, where there are some.
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// How much a row counts.
    #[inline]
    pub fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }

    /// How much all rows count together: their number, or the sum of their weights.
    pub fn total(&self) -> f64 {
        self.weights.as_ref().map_or(self.values.len() as f64, |weights| weights.iter().sum())
    }

    /// The mean of one number a row, as much as rows count; 0 of none.
    pub fn mean(&self, of: &[f64]) -> f64 {
        if of.is_empty() { 0.0 } else { weighted_mean(of.iter().copied(), self.weights()) }
    }

    /// How much the rows with this label count.
    pub fn total_of(&self, label: f64) -> f64 {
        let own = self.values.iter().enumerate().filter(|(_, value)| **value == label);
        own.map(|(row, _)| self.weight(row)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::Labels;

    #[test]
    fn weights_follow_their_rows() {
        let labels = Labels::weighted(vec![1.0, 0.0, 1.0], Some(vec![2.0, 0.5, 4.0]));
        assert_eq!((labels.len(), labels.total(), labels.total_of(1.0)), (3, 6.5, 6.0));
        let part = labels.part(&[2, 1]);
        assert_eq!((&part[..], part.weights()), (&[1.0, 0.0][..], Some(&[4.0, 0.5][..])));
        assert_eq!(part.with(vec![9.0, 0.0]).mean(&[9.0, 0.0]), 8.0);
        let plain = Labels::from(vec![1.0, 0.0, 1.0]);
        assert_eq!(
            (plain.total(), plain.weight(1), plain.mean(&[3.0, 0.0, 0.0]), plain.weights()),
            (3.0, 1.0, 1.0, None)
        );
    }
}
