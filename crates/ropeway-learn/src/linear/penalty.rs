//! The elastic-net penalty of the linear learner (Zou, Hastie 2005).

use crate::candidate::LinearCandidate;

/// The two parts of the penalty; the intercept, the last coordinate (of each block), has none.
#[derive(Debug, Clone, Copy)]
pub struct Penalty {
    ridge: f64,
    lasso: f64,
    /// Coordinates of one intercept and its weights, where there are several of these.
    block: Option<usize>,
}

impl Penalty {
    /// The penalty of a candidate: its strength, shared between the parts.
    pub fn new(settings: &LinearCandidate) -> Self {
        let lasso = settings.strength * settings.l1_ratio;
        Self { ridge: settings.strength * (1.0 - settings.l1_ratio), lasso, block: None }
    }

    /// The same for several intercepts, each with so many coordinates.
    pub fn of_blocks(self, block: usize) -> Self {
        Self { block: Some(block), ..self }
    }

    /// Whether it has no L1 part, so that the objective is smooth.
    pub fn is_ridge(&self) -> bool {
        self.lasso == 0.0
    }

    /// Ridge and lasso of a coordinate.
    pub fn of(&self, coordinate: usize, size: usize) -> (f64, f64) {
        let block = self.block.unwrap_or(size);
        if (coordinate + 1).is_multiple_of(block) { (0.0, 0.0) } else { (self.ridge, self.lasso) }
    }

    /// What it adds to the loss.
    pub fn value(&self, at: &[f64]) -> f64 {
        let weights = at.chunks(self.block.unwrap_or(at.len())).flat_map(|block| &block[..block.len() - 1]);
        weights.map(|w| self.ridge / 2.0 * w * w + self.lasso * w.abs()).sum()
    }

    /// How far the coordinate is from its optimum: the least absolute subderivative.
    pub fn violation(&self, gradient: f64, weight: f64, coordinate: usize, size: usize) -> f64 {
        let (ridge, lasso) = self.of(coordinate, size);
        let slope = gradient + ridge * weight;
        if weight > 0.0 {
            (slope + lasso).abs()
        } else if weight < 0.0 {
            (slope - lasso).abs()
        } else {
            (slope.abs() - lasso).max(0.0)
        }
    }
}
