//! Gauss-Legendre quadrature on [0, 1]: exact for polynomials, which is how Shapley weights are summed without
//! cancellation.

/// Points and weights.
#[derive(Debug, Clone)]
pub(super) struct Quadrature {
    pub points: Vec<f64>,
    pub weights: Vec<f64>,
}

impl Quadrature {
    /// `count` points, exact for polynomials of degree up to `2 * count - 1`. The points are the roots of the
    /// Legendre polynomial, found by Newton's method from Tricomi's first guess (Abramowitz and Stegun, 22.16.6
    /// and 25.4.29).
    pub fn new(count: usize) -> Self {
        let count = count.max(1);
        let (mut points, mut weights) = (vec![0.0; count], vec![0.0; count]);
        for i in 0..count.div_ceil(2) {
            let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (count as f64 + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (value, derivative) = legendre(count, x);
                let step = value / derivative;
                slope = derivative;
                x -= step;
                if step.abs() <= 1e-16 {
                    break;
                }
            }
            let weight = 1.0 / ((1.0 - x * x) * slope * slope);
            (points[i], points[count - 1 - i]) = ((1.0 - x) / 2.0, f64::midpoint(1.0, x));
            (weights[i], weights[count - 1 - i]) = (weight, weight);
        }
        Self { points, weights }
    }
}

/// The Legendre polynomial of a degree, and its derivative, at `x` (Bonnet's recursion).
fn legendre(degree: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for k in 2..=degree {
        let k = k as f64;
        (before, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k);
    }
    (value, degree as f64 * (x * value - before) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::Quadrature;

    #[test]
    fn integrates_powers_exactly() {
        for count in [1, 2, 3, 7, 16, 40] {
            let rule = Quadrature::new(count);
            for power in 0..2 * count {
                let sum: f64 = rule.points.iter().zip(&rule.weights).map(|(x, w)| w * x.powi(power as i32)).sum();
                let exact = 1.0 / (power as f64 + 1.0);
                assert!((sum - exact).abs() < 1e-14, "{count} points, power {power}: {sum} and {exact}");
            }
        }
    }
}
