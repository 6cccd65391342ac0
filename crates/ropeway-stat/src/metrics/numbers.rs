//! The quality of predicted numbers.

use ropeway_vocab::{Problem, Result};

use super::measured::Measured;
use super::weighted::weighted_mean;
use super::{Metric, NumberCosts};

/// The ends of the interval that a number is told with: 5% of labels are to lie below it, 5% above.
pub const INTERVAL: [f64; 2] = [0.05, 0.95];

/// What was said of each row.
#[derive(Debug, Clone, Copy)]
pub struct Numbers<'a> {
    /// The predictions.
    pub values: &'a [f64],
    /// What is decided for: differs from the prediction where errors on either side cost differently.
    pub decisions: &'a [f64],
    /// Lower ends of the 90% intervals.
    pub low: &'a [f64],
    /// Upper ends.
    pub high: &'a [f64],
    /// The weight of each row, where they have some.
    pub weights: Option<&'a [f64]>,
}

/// Rows of predicted numbers with their labels, in ascending order of prediction.
#[derive(Debug, Clone)]
pub struct NumberRows {
    order: Vec<u32>,
    values: Vec<f64>,
    labels: Vec<f64>,
    errors: Vec<f64>,
    /// Places by ascending absolute error.
    by_error: Vec<u32>,
    costs: Vec<f64>,
    pinball: Vec<f64>,
    covered: Vec<bool>,
    widths: Vec<f64>,
    valid: bool,
}

impl NumberRows {
    /// `blocks` has one number a row: equal rows are drawn apart where they are of another block.
    ///
    /// # Errors
    /// Lengths that differ, or more than 2^32 - 1 rows. What is not a number is no error: every figure is then NaN.
    pub fn new(said: Numbers<'_>, labels: &[f64], blocks: Option<&[u32]>, costs: NumberCosts) -> Result<Self> {
        let rows = labels.len();
        let fits = [said.values, said.decisions, said.low, said.high].iter().all(|column| column.len() == rows)
            && blocks.is_none_or(|blocks| blocks.len() == rows)
            && said.weights.is_none_or(|weights| weights.len() == rows);
        let (true, Ok(count)) = (fits, u32::try_from(rows)) else {
            return Err(Problem::internal(format!("{} predictions for {rows} labels", said.values.len())));
        };
        let block = |row: u32| blocks.map_or(0, |blocks| blocks[row as usize]);
        let weight = |row: u32| said.weights.map_or(1.0, |weights| weights[row as usize]);
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_unstable_by(|a, b| {
            let (i, j) = (*a as usize, *b as usize);
            said.values[i]
                .total_cmp(&said.values[j])
                .then_with(|| labels[i].total_cmp(&labels[j]))
                .then_with(|| block(*a).cmp(&block(*b)))
                .then_with(|| weight(*a).total_cmp(&weight(*b)))
                .then_with(|| a.cmp(b))
        });
        let at = |column: &[f64]| -> Vec<f64> { order.iter().map(|row| column[*row as usize]).collect() };
        let (values, labels) = (at(said.values), at(labels));
        let (decisions, low, high) = (at(said.decisions), at(said.low), at(said.high));
        let errors: Vec<f64> = values.iter().zip(&labels).map(|(value, label)| value - label).collect();
        let mut by_error: Vec<u32> = (0..count).collect();
        by_error
            .sort_unstable_by(|a, b| errors[*a as usize].abs().total_cmp(&errors[*b as usize].abs()).then(a.cmp(b)));
        let ends = || labels.iter().zip(low.iter().zip(&high));
        let valid = values.iter().chain(&labels).all(|value| value.is_finite());
        Ok(Self {
            costs: decisions.iter().zip(&labels).map(|(decided, label)| costs.of(decided - label)).collect(),
            pinball: ends().map(|(label, (low, high))| pinball_of_interval(*label, (*low, *high))).collect(),
            covered: ends().map(|(label, (low, high))| low <= label && label <= high).collect(),
            widths: low.iter().zip(&high).map(|(low, high)| high - low).collect(),
            order,
            values,
            labels,
            errors,
            by_error,
            valid,
        })
    }

    /// The median of the absolute errors: midway between the middle two where there are two.
    fn median_error(&self, times: impl Fn(usize) -> f64, rows: f64) -> f64 {
        let (mut seen, mut lower) = (0.0, None);
        for place in &self.by_error {
            let place = *place as usize;
            let count = times(place);
            if count == 0.0 {
                continue;
            }
            let error = self.errors[place].abs();
            if let Some(lower) = lower {
                return f64::midpoint(lower, error);
            }
            seen += count;
            if 2.0 * seen > rows {
                return error;
            }
            if 2.0 * seen == rows {
                lower = Some(error);
            }
        }
        f64::NAN
    }

    /// Root mean squared difference of log(1 + x).
    fn log_error(&self, times: impl Fn(usize) -> f64, rows: f64) -> f64 {
        if self.labels.iter().any(|label| *label < 0.0) {
            return f64::NAN;
        }
        let square = |place: usize| (self.values[place].max(0.0).ln_1p() - self.labels[place].ln_1p()).powi(2);
        ((0..self.values.len()).map(|place| times(place) * square(place)).sum::<f64>() / rows).sqrt()
    }
}

/// A figure that is a sum over rows, of rows in any order; none for other metrics.
pub fn plain_error(metric: Metric, values: &[f64], labels: &[f64], weights: Option<&[f64]>) -> Option<f64> {
    let mean = |of: &dyn Fn(f64, f64) -> f64| {
        weighted_mean(values.iter().zip(labels).map(|(value, label)| of(*value, *label)), weights)
    };
    match metric {
        Metric::Rmse => Some(mean(&|value, label| (value - label).powi(2)).sqrt()),
        Metric::Mae => Some(mean(&|value, label| (value - label).abs())),
        Metric::Mape => Some(mean(&relative_error)),
        _ => None,
    }
}

/// An error as a share of the label.
pub fn relative_error(value: f64, label: f64) -> f64 {
    (value - label).abs() / label.abs().max(f64::EPSILON)
}

/// Koenker and Bassett's loss of a quantile that a label lies so far above.
pub fn pinball(above: f64, quantile: f64) -> f64 {
    (quantile * above).max((quantile - 1.0) * above)
}

/// The mean of both ends' losses.
pub fn pinball_of_interval(label: f64, (low, high): (f64, f64)) -> f64 {
    f64::midpoint(pinball(label - low, INTERVAL[0]), pinball(label - high, INTERVAL[1]))
}

impl Measured for NumberRows {
    fn order(&self) -> &[u32] {
        &self.order
    }

    fn metrics(&self) -> &'static [Metric] {
        &Metric::REGRESSION
    }

    fn figures(&self, times: Option<&[f64]>) -> Vec<f64> {
        let times = |place: usize| times.map_or(1.0, |times| times[place]);
        let count = self.values.len();
        let rows: f64 = (0..count).map(times).sum();
        if !self.valid || rows == 0.0 {
            return vec![f64::NAN; Metric::REGRESSION.len()];
        }
        let mean = |of: &dyn Fn(usize) -> f64| (0..count).map(|place| times(place) * of(place)).sum::<f64>() / rows;
        let squared = mean(&|place| self.errors[place].powi(2));
        let label = mean(&|place| self.labels[place]);
        let variance = mean(&|place| (self.labels[place] - label).powi(2));
        let of = |metric: Metric| match metric {
            Metric::Rmse => squared.sqrt(),
            Metric::Mae => mean(&|place| self.errors[place].abs()),
            Metric::R2 if variance > 0.0 => 1.0 - squared / variance,
            Metric::MedianAbsoluteError => self.median_error(times, rows),
            Metric::Mape => mean(&|place| relative_error(self.values[place], self.labels[place])),
            Metric::Rmsle => self.log_error(times, rows),
            Metric::MeanError => mean(&|place| self.errors[place]),
            Metric::Pinball => mean(&|place| self.pinball[place]),
            Metric::IntervalCoverage => mean(&|place| f64::from(self.covered[place])),
            Metric::IntervalWidth => mean(&|place| self.widths[place]),
            Metric::ExpectedCost => mean(&|place| self.costs[place]),
            _ => f64::NAN,
        };
        Metric::REGRESSION.into_iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests;
