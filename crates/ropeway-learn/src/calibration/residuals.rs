//! How far labels lie from predicted numbers: an interval that holds nine of ten, from the residuals of rows that the model did
//! not see (split conformal prediction: Lei and others, "Distribution-Free Predictive Inference for Regression", 2018). Where
//! larger numbers are missed by more, residuals are told in units of what is usual there.

use ropeway_stat::{INTERVAL, NumberCosts, pinball, quantile};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use super::cross::{PARTS, helps, parts};
use crate::corrupt::corrupt;

/// Stretches of predictions whose usual residual is told apart, and the fewest rows of each.
const STRETCHES: usize = 10;
const LEAST: usize = 20;

/// How far labels lie from predictions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Residuals {
    /// What nineteen of twenty residuals (label minus prediction) are above, in units of the usual one.
    pub low: f64,
    /// What nineteen of twenty are below.
    pub high: f64,
    /// The residual to decide for, where too little and too much cost differently.
    pub shift: f64,
    /// The usual residual by prediction; everywhere 1 if none.
    pub usual: Option<Usual>,
}

/// The usual absolute residual: straight between points, level beyond them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    values: Vec<f64>,
    residuals: Vec<f64>,
}

impl Usual {
    fn fit(values: &[f64], labels: &[f64]) -> Option<Self> {
        let mut pairs: Vec<(f64, f64)> = values.iter().zip(labels).map(|(v, label)| (*v, (label - v).abs())).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let length = pairs.len() / STRETCHES;
        if length < LEAST {
            return None;
        }
        let least = pairs.iter().map(|pair| pair.1).sum::<f64>() / pairs.len() as f64 * 1e-3;
        let mut made = Self { values: Vec::new(), residuals: Vec::new() };
        for stretch in 0..STRETCHES {
            let part = &pairs[pairs.len() * stretch / STRETCHES..pairs.len() * (stretch + 1) / STRETCHES];
            let mean = |of: fn(&(f64, f64)) -> f64| part.iter().map(of).sum::<f64>() / part.len() as f64;
            let (value, residual) = (mean(|pair| pair.0), mean(|pair| pair.1).max(least));
            if made.values.last().is_none_or(|last| value > *last) {
                made.values.push(value);
                made.residuals.push(residual);
            }
        }
        made.holds().then_some(made)
    }

    fn at(&self, value: f64) -> f64 {
        let after = self.values.partition_point(|known| *known <= value);
        if after == 0 || after == self.values.len() {
            return self.residuals[after.min(self.residuals.len() - 1)];
        }
        let (x0, x1) = (self.values[after - 1], self.values[after]);
        let (y0, y1) = (self.residuals[after - 1], self.residuals[after]);
        y0 + (y1 - y0) * ((value - x0) / (x1 - x0))
    }

    fn holds(&self) -> bool {
        self.values.len() == self.residuals.len()
            && self.values.len() > 1
            && self.values.iter().all(|value| value.is_finite())
            && self.values.is_sorted_by(|a, b| a < b)
            && self.residuals.iter().all(|residual| *residual > 0.0 && residual.is_finite())
    }
}

impl Residuals {
    fn fit(values: &[f64], labels: &[f64], costs: NumberCosts, scaled: bool) -> Option<Self> {
        let usual = if scaled { Some(Usual::fit(values, labels)?) } else { None };
        let unit = |value: f64| usual.as_ref().map_or(1.0, |usual| usual.at(value));
        let mut residuals: Vec<f64> =
            values.iter().zip(labels).map(|(value, label)| (label - value) / unit(*value)).collect();
        residuals.sort_by(f64::total_cmp);
        let last = residuals.len().checked_sub(1)?;
        let rank = |quantile: f64| (residuals.len() as f64 + 1.0) * quantile;
        let low = (rank(INTERVAL[0]).floor() as usize).saturating_sub(1).min(last);
        let high = (rank(INTERVAL[1]).ceil() as usize).saturating_sub(1).min(last);
        let shift = if costs.under == costs.over { Some(0.0) } else { quantile(&residuals, costs.quantile()) };
        Some(Self { low: residuals[low], high: residuals[high], shift: shift?, usual })
    }

    fn unit(&self, value: f64) -> f64 {
        self.usual.as_ref().map_or(1.0, |usual| usual.at(value))
    }

    /// The ends of the interval around a prediction.
    pub fn around(&self, value: f64) -> (f64, f64) {
        let unit = self.unit(value);
        (value + self.low * unit, value + self.high * unit)
    }

    /// The number to decide for.
    pub fn decide(&self, value: f64) -> f64 {
        if self.shift == 0.0 { value } else { value + self.shift * self.unit(value) }
    }

    /// Refuses what no fit makes.
    ///
    /// # Errors
    /// Stored bytes that were altered.
    pub fn check(&self) -> Result<()> {
        let finite = [self.low, self.high, self.shift].iter().all(|value| value.is_finite());
        let holds = finite && self.low <= self.high && self.usual.as_ref().is_none_or(Usual::holds);
        if holds { Ok(()) } else { Err(corrupt("its interval is none")) }
    }
}

/// What was chosen.
#[derive(Debug, Clone)]
pub struct ResidualsChoice {
    /// From the residuals of all rows.
    pub residuals: Residuals,
    /// For each row, from those of the other parts.
    pub cross_fitted: Vec<Residuals>,
    /// Which of `cross_fitted` is for a row.
    pub part: Vec<usize>,
}

/// Chooses between residuals as they are and in units of the usual one, by the pinball loss of the interval on rows that it was not
/// fitted on, as calibrations of classes are chosen.
///
/// # Errors
/// No rows, or lengths that differ (defects).
pub fn spread(
    values: &[f64],
    labels: &[f64],
    blocks: Option<&[u32]>,
    costs: NumberCosts,
    seed: u64,
) -> Result<ResidualsChoice> {
    if values.len() != labels.len() || blocks.is_some_and(|blocks| blocks.len() != values.len()) {
        return Err(Problem::internal("predictions and labels differ in length"));
    }
    let part = parts(values.len(), blocks, seed);
    let fitted = |scaled: bool| -> Option<Vec<Residuals>> {
        let without = |left_out: Option<usize>| {
            let kept = |of: &[f64]| -> Vec<f64> {
                of.iter().zip(&part).filter(|(_, part)| Some(**part) != left_out).map(|(value, _)| *value).collect()
            };
            let fit = Residuals::fit(&kept(values), &kept(labels), costs, scaled);
            // Few rows may all lie in one part.
            fit.or_else(|| Residuals::fit(values, labels, costs, scaled))
        };
        (0..PARTS).map(Some).chain([None]).map(without).collect()
    };
    let losses = |fitted: &[Residuals]| -> Vec<f64> {
        let of = |((value, label), part): ((&f64, &f64), &usize)| {
            let (low, high) = fitted[*part].around(*value);
            pinball(label - low, INTERVAL[0]) + pinball(label - high, INTERVAL[1])
        };
        values.iter().zip(labels).zip(&part).map(of).collect()
    };
    let plain = fitted(false).ok_or_else(|| Problem::internal("there are no predictions to tell residuals of"))?;
    let chosen = match fitted(true) {
        Some(scaled) if helps(&losses(&plain), &losses(&scaled)) => scaled,
        _ => plain,
    };
    Ok(ResidualsChoice { residuals: chosen[PARTS].clone(), cross_fitted: chosen, part })
}

#[cfg(test)]
mod tests {
    use ropeway_stat::Rng;

    use super::*;

    fn drawn(rows: usize, seed: u64, spread: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<f64>) {
        let mut rng = Rng::new(seed);
        let values: Vec<f64> = (0..rows).map(|_| rng.unit() * 100.0).collect();
        let labels = values.iter().map(|value| value + (rng.unit() + rng.unit() - 1.0) * spread(*value)).collect();
        (values, labels)
    }

    fn covered(residuals: &Residuals, (values, labels): &(Vec<f64>, Vec<f64>), of: impl Fn(f64) -> bool) -> f64 {
        let rows: Vec<usize> = (0..values.len()).filter(|row| of(values[*row])).collect();
        let within = rows.iter().filter(|row| {
            let (low, high) = residuals.around(values[**row]);
            low <= labels[**row] && labels[**row] <= high
        });
        within.count() as f64 / rows.len() as f64
    }

    #[test]
    fn nine_of_ten_new_rows_lie_within() {
        let (values, labels) = drawn(2_000, 3, |_| 10.0);
        let choice = spread(&values, &labels, None, NumberCosts::default(), 7).unwrap();
        assert_eq!((choice.residuals.usual.as_ref(), choice.residuals.decide(3.0)), (None, 3.0));
        let share = covered(&choice.residuals, &drawn(4_000, 4, |_| 10.0), |_| true);
        assert!((share - 0.9).abs() < 0.02, "{share}");
    }

    #[test]
    fn where_large_numbers_are_missed_by_more_the_interval_widens_with_them() {
        let wide = |value: f64| 1.0 + value / 2.0;
        let (values, labels) = drawn(4_000, 3, wide);
        let choice = spread(&values, &labels, None, NumberCosts::default(), 7).unwrap();
        let new = drawn(8_000, 4, wide);
        for part in [0.0..30.0, 30.0..70.0, 70.0..100.0] {
            let share = covered(&choice.residuals, &new, |value| part.contains(&value));
            assert!((share - 0.9).abs() < 0.05, "{part:?}: {share}");
        }
        // The control: residuals as they are hold too many of the small and too few of the large.
        let plain = Residuals::fit(&values, &labels, NumberCosts::default(), false).unwrap();
        assert!(covered(&plain, &new, |value| value > 70.0) < 0.85);
    }

    #[test]
    fn the_decision_leans_to_the_cheap_side() {
        let (values, labels) = drawn(2_000, 3, |_| 10.0);
        let dear = NumberCosts { under: 9.0, over: 1.0 };
        let residuals = spread(&values, &labels, None, dear, 7).unwrap().residuals;
        let above = drawn(4_000, 4, |_| 10.0);
        let enough = above.0.iter().zip(&above.1).filter(|(value, label)| residuals.decide(**value) >= **label);
        assert!((enough.count() as f64 / 4_000.0 - 0.9).abs() < 0.02);
    }

    #[test]
    fn few_rows_have_an_interval_too_and_an_altered_one_is_refused() {
        let choice = spread(&[1.0, 2.0], &[1.5, 1.0], None, NumberCosts::default(), 7).unwrap();
        assert!(choice.residuals.low <= choice.residuals.high && choice.residuals.check().is_ok());
        assert!(spread(&[], &[], None, NumberCosts::default(), 7).is_err());
        assert!(Residuals { low: 2.0, high: 1.0, ..choice.residuals }.check().is_err());
    }
}
