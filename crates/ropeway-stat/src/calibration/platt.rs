//! Platt scaling: a logistic curve through the scores.

use ropeway_vocab::Result;
use serde::{Deserialize, Serialize};

use super::{checked, one_class};
use crate::logistic::{sigmoid, sigmoid_and_softplus};

/// `probability = 1 / (1 + exp(-(a * score + b)))`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Platt {
    /// Slope.
    pub a: f64,
    /// Intercept.
    pub b: f64,
}

const STEPS: usize = 100;
const RIDGE: f64 = 1e-12;

impl Platt {
    /// The most likely curve for the targets `(n+ + 1) / (n+ + 2)` and `1 / (n- + 2)` of Platt,
    /// "Probabilistic outputs for support vector machines" (1999), by Newton's method with backtracking
    /// as in Lin, Lin and Weng, "A note on Platt's probabilistic outputs" (2007).
    ///
    /// # Errors
    /// One class only, scores that are not finite, labels that are not 0 or 1.
    pub fn fit(scores: &[f64], labels: &[f64], weights: Option<&[f64]>) -> Result<Self> {
        let (positives, negatives) = checked(scores, labels, weights)?;
        if positives == 0.0 || negatives == 0.0 {
            return Err(one_class());
        }
        // Newton's steps do not change under scaling, but its sums do not overflow then.
        let scale = scores.iter().fold(0.0_f64, |max, score| max.max(score.abs()));
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let rows = Rows {
            scores: scores.iter().map(|score| score / scale).collect(),
            labels,
            weights,
            high: (positives + 1.0) / (positives + 2.0),
            low: 1.0 / (negatives + 2.0),
        };
        let mut at = Self { a: 0.0, b: ((positives + 1.0) / (negatives + 1.0)).ln() };
        let mut model = rows.model(at);
        for _ in 0..STEPS {
            let Model { loss, gradient, hessian } = model;
            if gradient.0.abs() < 1e-10 && gradient.1.abs() < 1e-10 {
                break;
            }
            let determinant = hessian.0 * hessian.2 - hessian.1 * hessian.1;
            let step = (
                (hessian.2 * gradient.0 - hessian.1 * gradient.1) / determinant,
                (hessian.0 * gradient.1 - hessian.1 * gradient.0) / determinant,
            );
            let along = gradient.0 * step.0 + gradient.1 * step.1;
            // A step that is too small to move changes no loss, and no smaller one does.
            let moved = (0..50)
                .map(|i| 0.5_f64.powi(i))
                .map(|size| (size, Self { a: at.a - size * step.0, b: at.b - size * step.1 }))
                .take_while(|(_, next)| *next != at)
                .map(|(size, next)| (size, next, rows.model(next)))
                .find(|(size, _, next)| next.loss < loss - 1e-4 * size * along);
            // No step improves any more: as near as doubles get.
            let Some((_, next, there)) = moved else { break };
            (at, model) = (next, there);
        }
        Ok(Self { a: at.a / scale, b: at.b })
    }

    /// The probability at `score`.
    pub fn apply(&self, score: f64) -> f64 {
        sigmoid(self.a * score + self.b)
    }
}

struct Rows<'a> {
    scores: Vec<f64>,
    labels: &'a [f64],
    weights: Option<&'a [f64]>,
    high: f64,
    low: f64,
}

impl Rows<'_> {
    /// (score, target, weight) of each row.
    fn each(&self) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
        self.scores.iter().zip(self.labels).enumerate().map(|(i, (score, label))| {
            let target = if *label == 1.0 { self.high } else { self.low };
            (*score, target, self.weights.map_or(1.0, |weights| weights[i]))
        })
    }

    /// The cross entropy with its derivatives. What is thrown away of a step that is not taken is little beside exponentials.
    fn model(&self, at: Platt) -> Model {
        // As the sums of the standard library begin.
        let (mut loss, mut gradient, mut hessian) = (-0.0, (0.0, 0.0), (RIDGE, 0.0, RIDGE));
        for (score, target, weight) in self.each() {
            let x = at.a * score + at.b;
            let (p, softplus) = sigmoid_and_softplus(x);
            loss += weight * (softplus - x * target);
            let (first, second) = (weight * (p - target), weight * p * (1.0 - p));
            gradient = (gradient.0 + first * score, gradient.1 + first);
            hessian = (hessian.0 + second * score * score, hessian.1 + second * score, hessian.2 + second);
        }
        Model { loss, gradient, hessian }
    }
}

/// The loss at a place, and the parabola that it is near to.
#[derive(Clone, Copy)]
struct Model {
    loss: f64,
    /// By (a, b).
    gradient: (f64, f64),
    /// By (aa, ab, bb).
    hessian: (f64, f64, f64),
}

#[cfg(test)]
mod tests {
    use super::Platt;

    /// scikit-learn 1.9.1 (numpy 2.4.6), `sklearn.calibration._sigmoid_calibration`, signs turned.
    #[test]
    fn gives_the_recorded_values_of_scikit_learn() {
        let x = [-2.0, -1.3, -0.4, -0.1, 0.2, 0.6, 1.1, 1.9, 2.4, 3.0];
        let y = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0];
        let fitted = Platt::fit(&x, &y, None).unwrap();
        assert!((fitted.a - RECORDED.0).abs() < 1e-4 && (fitted.b - RECORDED.1).abs() < 1e-4, "{fitted:?}");
    }

    const RECORDED: (f64, f64) = (0.705_227_286_967_934_8, -0.378_692_979_555_935_7);

    #[test]
    fn separable_and_constant_scores_stay_finite() {
        let labels = [0.0, 0.0, 1.0, 1.0];
        let fitted = Platt::fit(&[1.0, 2.0, 3.0, 4.0], &labels, None).unwrap();
        assert!(fitted.a > 0.0 && fitted.a.is_finite() && fitted.apply(4.0) > 0.5);
        let flat = Platt::fit(&[7.0; 4], &labels, None).unwrap();
        assert!((flat.apply(7.0) - 0.5).abs() < 1e-6, "{flat:?}");
        let far = Platt::fit(&[-1e300, -1e299, 1e299, 1e300], &labels, None).unwrap();
        assert!(far.apply(1e300) > 0.5 && far.apply(-1e300) < 0.5);
        assert_eq!(Platt::fit(&[1.0], &[1.0], None).unwrap_err().code(), "one-class");
    }

    #[test]
    fn a_weight_is_worth_that_many_rows_apart_from_nothing_else() {
        let (x, y) = ([0.0, 1.0, 2.0, 3.0, 1.0], [0.0, 1.0, 0.0, 1.0, 1.0]);
        let weighted = Platt::fit(&x[..4], &y[..4], Some(&[1.0, 2.0, 1.0, 1.0])).unwrap();
        let repeated = Platt::fit(&x, &y, None).unwrap();
        assert!((weighted.a - repeated.a).abs() < 1e-9 && (weighted.b - repeated.b).abs() < 1e-9);
    }
}
