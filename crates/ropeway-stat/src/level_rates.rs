//! How far the rates of the levels of one column lie apart, so that a level of one class alone can be told from the strongest
//! level of an honest column: where neighbours have nine rows in ten of a class, one has all of its few rows of it by chance.

use std::collections::BTreeMap;

use libm::{exp, lgamma, log};

/// Means of the beta distributions that are asked about, and how alike they make rows of one level: a correlation, in steps of as many
/// times.
const MEANS: usize = 24;
const ALIKE: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5];
/// How fast columns become rarer the more alike rows of one level are: few tell much.
const SELDOM: f64 = 5.0;

/// Rows of a class and all rows, of a level.
pub(crate) type Level = (usize, usize);

/// Beta distributions from which the rates of levels may come, each with its probability.
pub(crate) struct LevelRates(Vec<(f64, Beta)>);

#[derive(Clone, Copy)]
struct Beta {
    a: f64,
    b: f64,
}

impl Beta {
    /// The logarithm of the probability of so many of so many rows: the beta-binomial distribution (Skellam 1948).
    fn log_probability(self, (own, rows): Level) -> f64 {
        let Self { a, b } = self;
        let (own, rows) = (own as f64, rows as f64);
        let ways = lgamma(rows + 1.0) - lgamma(own + 1.0) - lgamma(rows - own + 1.0);
        let of = |a: f64, b: f64| lgamma(a) + lgamma(b) - lgamma(a + b);
        ways + of(own + a, rows - own + b) - of(a, b)
    }
}

impl LevelRates {
    /// What these levels make probable, none of which is of the class alone, nor of the other one where there are `two`: those that are
    /// were left aside, and that is taken into account.
    pub(crate) fn of(levels: impl Iterator<Item = Level>, two: bool) -> Self {
        // Words are many, and most of them are as frequent as others.
        let mut counts: BTreeMap<Level, f64> = BTreeMap::new();
        levels.for_each(|level| *counts.entry(level).or_default() += 1.0);
        let mean = |at: usize| (at as f64 + 0.5) / MEANS as f64;
        let betas = (0..MEANS).flat_map(|at| ALIKE.map(|alike| (mean(at), 1.0 / alike - 1.0)));
        let weighed = betas.map(|(mean, size)| {
            let beta = Beta { a: mean * size, b: (1.0 - mean) * size };
            let fits = |(level, count): (&Level, &f64)| {
                let aside = exp(beta.log_probability((level.1, level.1)));
                let other = if two { exp(beta.log_probability((0, level.1))) } else { 0.0 };
                count * (beta.log_probability(*level) - log((1.0 - aside - other).max(f64::MIN_POSITIVE)))
            };
            (counts.iter().map(fits).sum::<f64>() - SELDOM / (size + 1.0), beta)
        });
        let weighed: Vec<(f64, Beta)> = weighed.collect();
        let best = weighed.iter().map(|(fit, _)| *fit).fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = weighed.iter().map(|(fit, _)| exp(fit - best)).sum();
        Self(weighed.into_iter().map(|(fit, beta)| (exp(fit - best) / total, beta)).collect())
    }

    /// How probable it is that of the rows of a further level at least so many are of the class.
    pub(crate) fn at_least(&self, (own, rows): Level) -> f64 {
        let tail = |beta: &Beta| (own..=rows).map(|own| exp(beta.log_probability((own, rows)))).sum::<f64>();
        self.0.iter().filter(|(weight, _)| *weight > 1e-9).map(|(weight, beta)| weight * tail(beta)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For all of twenty it is B(22, 3) / B(2, 3), which is 24 / (22 * 23 * 24).
    #[test]
    fn the_probability_is_that_of_the_beta_binomial_distribution() {
        let beta = Beta { a: 2.0, b: 3.0 };
        let all = exp(beta.log_probability((20, 20)));
        assert!((all - 24.0 / (22.0 * 23.0 * 24.0)).abs() < 1e-12, "{all}");
        let total: f64 = (0..=20).map(|own| exp(beta.log_probability((own, 20)))).sum();
        assert!((total - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_level_is_improbable_where_others_are_alike_and_probable_where_they_are_spread() {
        let alike: Vec<Level> = (0..8).map(|at| (4 + at % 3, 30)).collect();
        assert!(LevelRates::of(alike.into_iter(), true).at_least((25, 25)) < 1e-6);
        let spread: Vec<Level> = (0..40).map(|at| (at * 24 / 39, 25)).collect();
        assert!(LevelRates::of(spread.into_iter(), true).at_least((25, 25)) > 0.02);
        let one = LevelRates::of([(150, 550), (200, 600)].into_iter(), true);
        assert!(one.at_least((50, 50)) < 0.001);
    }
}
