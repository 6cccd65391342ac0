//! Isotonic regression by pooling adjacent violators.

use ropeway_vocab::Result;
use serde::{Deserialize, Serialize};

use super::{checked, one_class};

/// A non-decreasing piecewise linear function through the pooled means; constant beyond its ends. As
/// scikit-learn's `IsotonicRegression(out_of_bounds="clip")`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Isotonic {
    /// Scores, strictly ascending.
    pub scores: Vec<f64>,
    /// The probability at each, not descending.
    pub values: Vec<f64>,
}

struct Pool {
    first: usize,
    last: usize,
    sum: f64,
    weight: f64,
}

impl Isotonic {
    /// The least-squares fit (Ayer and others 1955). Equal scores are averaged first, so the order of the rows
    /// does not matter beyond rounding; sort canonically for equal bits.
    ///
    /// # Errors
    /// One class only, scores that are not finite, labels that are not 0 or 1.
    pub fn fit(scores: &[f64], labels: &[f64], weights: Option<&[f64]>) -> Result<Self> {
        let (positives, negatives) = checked(scores, labels, weights)?;
        if positives == 0.0 || negatives == 0.0 {
            return Err(one_class());
        }
        let weight = |i: usize| weights.map_or(1.0, |weights| weights[i]);
        let mut ranked: Vec<(f64, usize)> =
            (0..scores.len()).filter(|i| weight(*i) > 0.0).map(|i| (scores[i], i)).collect();
        ranked.sort_unstable_by(|(score, a), (other, b)| {
            let of_equal = || labels[*a].total_cmp(&labels[*b]).then(weight(*a).total_cmp(&weight(*b))).then(a.cmp(b));
            score.total_cmp(other).then_with(of_equal)
        });
        let order: Vec<usize> = ranked.into_iter().map(|(_, row)| row).collect();
        let mut distinct = Vec::new();
        let mut pools: Vec<Pool> = Vec::new();
        for tied in order.chunk_by(|a, b| scores[*a] == scores[*b]) {
            let at = distinct.len();
            distinct.push(scores[tied[0]]);
            let total = tied.iter().map(|i| weight(*i)).sum();
            let sum = tied.iter().map(|i| weight(*i) * labels[*i]).sum();
            pools.push(Pool { first: at, last: at, sum, weight: total });
            while let [.., before, last] = &mut pools[..]
                && before.sum * last.weight >= last.sum * before.weight
            {
                before.last = last.last;
                before.sum += last.sum;
                before.weight += last.weight;
                pools.pop();
            }
        }
        let mut fitted = Self { scores: Vec::new(), values: Vec::new() };
        for pool in &pools {
            let value = (pool.sum / pool.weight).clamp(0.0, 1.0);
            fitted.push(distinct[pool.first], value);
            if pool.last > pool.first {
                fitted.push(distinct[pool.last], value);
            }
        }
        Ok(fitted)
    }

    fn push(&mut self, score: f64, value: f64) {
        // Rounding must not make a pool's mean fall below the one before.
        let value = self.values.last().map_or(value, |last| value.max(*last));
        self.scores.push(score);
        self.values.push(value);
    }

    /// The probability at `score`; NaN at NaN.
    pub fn apply(&self, score: f64) -> f64 {
        let (Some(first), Some(last)) = (self.values.first(), self.values.last()) else { return f64::NAN };
        if score.is_nan() {
            return f64::NAN;
        }
        let after = self.scores.partition_point(|known| *known <= score);
        if after == 0 {
            return *first;
        }
        let (Some(x1), Some(y1)) = (self.scores.get(after), self.values.get(after)) else { return *last };
        let (x0, y0) = (self.scores[after - 1], self.values[after - 1]);
        let share = (score - x0) / (x1 - x0);
        (y0 + (y1 - y0) * share).clamp(y0, *y1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Isotonic;

    /// scikit-learn 1.9.1 (numpy 2.4.6):
    /// `IsotonicRegression(out_of_bounds="clip").fit(x, y, w).predict(q)`.
    #[test]
    fn gives_the_recorded_values_of_scikit_learn() {
        let x = [0.1, 0.4, 0.35, 0.8, 0.4, 0.2, 0.9, 0.55, 0.7, 0.3];
        let y = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0];
        let w = [1.0, 2.0, 1.0, 1.0, 3.0, 0.5, 1.0, 2.0, 1.0, 1.5];
        let check = |weights: Option<&[f64]>, expect: &[f64]| {
            let fitted = Isotonic::fit(&x, &y, weights).unwrap();
            for (q, expect) in [-1.0, 0.15, 0.25, 0.5, 0.6, 0.65, 0.85, 2.0].into_iter().zip(expect) {
                assert!((fitted.apply(q) - expect).abs() < 1e-12, "{q}: {} {expect}", fitted.apply(q));
            }
        };
        check(None, &RECORDED);
        check(Some(&w), &RECORDED_WEIGHTED);
    }

    const RECORDED: [f64; 8] = [0.0, 1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 5.0 / 9.0, 7.0 / 9.0, 1.0, 1.0];
    const RECORDED_WEIGHTED: [f64; 8] = [
        0.0,
        0.083_333_333_333_333_3,
        0.166_666_666_666_666_66,
        0.285_714_285_714_285_7,
        0.523_809_523_809_523_6,
        0.761_904_761_904_761_9,
        1.0,
        1.0,
    ];

    #[test]
    fn one_class_is_refused() {
        assert_eq!(Isotonic::fit(&[0.1, 0.2], &[1.0, 1.0], None).unwrap_err().code(), "one-class");
        assert_eq!(Isotonic::fit(&[0.1, f64::NAN], &[1.0, 0.0], None).unwrap_err().code(), "score-not-finite");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn never_falls_and_keeps_the_mean(rows in prop::collection::vec((0..30_i32, any::<bool>()), 2..80)) {
            let scores: Vec<f64> = rows.iter().map(|(s, _)| f64::from(*s) / 7.0).collect();
            let labels: Vec<f64> = rows.iter().map(|(_, l)| f64::from(*l)).collect();
            let Ok(fitted) = Isotonic::fit(&scores, &labels, None) else { return Ok(()) };
            prop_assert!(fitted.scores.is_sorted_by(|a, b| a < b) && fitted.values.is_sorted());
            let total: f64 = scores.iter().map(|s| fitted.apply(*s)).sum();
            prop_assert!((total - labels.iter().sum::<f64>()).abs() < 1e-9);
        }
    }
}
