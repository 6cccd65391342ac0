//! What the error of one row costs while weights are fitted, and its derivatives by the row's score.

use ropeway_stat::{sigmoid, softplus};

/// The least curvature of a row, so that a row that is certain still has some.
const LEAST: f64 = 1e-12;

/// A loss of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RowLoss {
    /// The log loss of a label of 0 or 1.
    Logistic,
    /// Half the squared error.
    Squared,
    /// Half the squared error up to this distance, beyond it as much a unit as there (Huber, "Robust Estimation of a Location
    /// Parameter", 1964).
    Huber(f64),
}

impl RowLoss {
    /// What it costs.
    pub fn value(self, score: f64, label: f64) -> f64 {
        match self {
            Self::Logistic => softplus(if label > 0.5 { -score } else { score }),
            Self::Squared => (score - label).powi(2) / 2.0,
            Self::Huber(far) => {
                let distance = (score - label).abs();
                if distance <= far { distance.powi(2) / 2.0 } else { far * (distance - far / 2.0) }
            }
        }
    }

    /// Its first derivative.
    pub fn slope(self, score: f64, label: f64) -> f64 {
        match self {
            Self::Logistic => sigmoid(score) - label,
            Self::Squared => score - label,
            Self::Huber(far) => (score - label).clamp(-far, far),
        }
    }

    /// Its second derivative. Far from the label Huber's loss has none: there it is that of the parabola that touches it from
    /// above, which a step can trust.
    pub fn curve(self, score: f64, label: f64) -> f64 {
        match self {
            Self::Logistic => {
                let probability = sigmoid(score);
                (probability * (1.0 - probability)).max(LEAST)
            }
            Self::Squared => 1.0,
            Self::Huber(far) => (far / (score - label).abs()).min(1.0),
        }
    }
}
