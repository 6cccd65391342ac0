//! The quality of predicted numbers.

use ropeway_vocab::{Problem, Result};

use super::by_error::ByError;
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
    labels: Vec<f64>,
    /// What the sums of a resample are made of, a row beside the next: read once, in order.
    terms: Vec<Terms>,
    by_error: ByError,
    /// Whether no label is negative, so that logarithms are defined.
    logarithms: bool,
    valid: bool,
}

/// What a row adds to each sum, each time that it counts.
type Terms = [f64; 8];
/// Where they stand.
const ERROR: usize = 0;
const LABEL: usize = 1;
const RELATIVE: usize = 2;
/// The squared difference of log(1 + x).
const LOG: usize = 3;
const PINBALL: usize = 4;
const COVERED: usize = 5;
const WIDTH: usize = 6;
const COST: usize = 7;

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
        let mut ranked: Vec<(f64, u32)> = said.values.iter().copied().zip(0..count).collect();
        ranked.sort_unstable_by(|(value, a), (other, b)| {
            value
                .total_cmp(other)
                .then_with(|| labels[*a as usize].total_cmp(&labels[*b as usize]))
                .then_with(|| block(*a).cmp(&block(*b)))
                .then_with(|| weight(*a).total_cmp(&weight(*b)))
                .then_with(|| a.cmp(b))
        });
        let order: Vec<u32> = ranked.into_iter().map(|(_, row)| row).collect();
        let logarithms = !labels.iter().any(|label| *label < 0.0);
        let terms_of = |row: &u32| {
            let row = *row as usize;
            let (value, label, (low, high)) = (said.values[row], labels[row], (said.low[row], said.high[row]));
            let mut terms = [0.0; 8];
            terms[ERROR] = value - label;
            terms[LABEL] = label;
            terms[RELATIVE] = relative_error(value, label);
            terms[LOG] = if logarithms { (value.max(0.0).ln_1p() - label.ln_1p()).powi(2) } else { f64::NAN };
            terms[PINBALL] = pinball_of_interval(label, (low, high));
            terms[COVERED] = f64::from(low <= label && label <= high);
            terms[WIDTH] = high - low;
            terms[COST] = costs.of(said.decisions[row] - label);
            terms
        };
        let terms: Vec<Terms> = order.iter().map(terms_of).collect();
        let valid = said.values.iter().chain(labels).all(|value| value.is_finite());
        let errors: Vec<f64> = terms.iter().map(|terms| terms[ERROR].abs()).collect();
        let by_error = ByError::new(&errors, said.weights.is_none());
        let labels = terms.iter().map(|terms| terms[LABEL]).collect();
        Ok(Self { order, labels, terms, by_error, logarithms, valid })
    }

    /// The sums of all terms, each times the count of its row, of the squared and of the absolute errors, and of the counts; each in
    /// the order of the places.
    fn sums(&self, times: impl Fn(usize) -> f64, mut counted: impl FnMut(usize, f64)) -> Sums {
        // As the sums of the standard library begin.
        let mut sums = Sums { terms: [-0.0; 8], squared: -0.0, absolute: -0.0, rows: -0.0 };
        for (place, terms) in self.terms.iter().enumerate() {
            let count = times(place);
            sums.terms.iter_mut().zip(terms).for_each(|(sum, term)| *sum += count * term);
            sums.squared += count * terms[ERROR].powi(2);
            sums.absolute += count * terms[ERROR].abs();
            sums.rows += count;
            counted(place, count);
        }
        sums
    }

    fn figures_of(&self, times: impl Fn(usize) -> f64 + Copy) -> Vec<f64> {
        let mut buckets = self.by_error.buckets();
        let sums = self.sums(times, |place, count| self.by_error.count(&mut buckets, place, count));
        let rows = sums.rows;
        if !self.valid || rows == 0.0 {
            return vec![f64::NAN; Metric::REGRESSION.len()];
        }
        let mean = |term: usize| sums.terms[term] / rows;
        let (squared, label) = (sums.squared / rows, mean(LABEL));
        let squares = self.labels.iter().enumerate().map(|(place, own)| times(place) * (own - label).powi(2));
        let variance = squares.sum::<f64>() / rows;
        let of = |metric: Metric| match metric {
            Metric::Rmse => squared.sqrt(),
            Metric::Mae => sums.absolute / rows,
            Metric::R2 if variance > 0.0 => 1.0 - squared / variance,
            Metric::MedianAbsoluteError => {
                let error = |place: u32| self.terms[place as usize][ERROR].abs();
                self.by_error.median(&buckets, error, times, rows)
            }
            Metric::Mape => mean(RELATIVE),
            Metric::Rmsle if self.logarithms => mean(LOG).sqrt(),
            Metric::MeanError => mean(ERROR),
            Metric::Pinball => mean(PINBALL),
            Metric::IntervalCoverage => mean(COVERED),
            Metric::IntervalWidth => mean(WIDTH),
            Metric::ExpectedCost => mean(COST),
            _ => f64::NAN,
        };
        Metric::REGRESSION.into_iter().map(of).collect()
    }
}

/// What [`NumberRows::sums`] finds.
struct Sums {
    terms: Terms,
    squared: f64,
    absolute: f64,
    rows: f64,
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
        match times {
            Some(times) => self.figures_of(|place| times[place]),
            None => self.figures_of(|_| 1.0),
        }
    }
}

#[cfg(test)]
mod tests;
