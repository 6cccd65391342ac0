//! Training rows and how much each of them counts: a row of weight 2 counts as two equal rows, in all that a recipe learns.

use std::borrow::Cow;

/// The weights of values, one each; each counts once if `None`.
pub type Weights<'a> = Option<&'a [f64]>;

/// Training rows with their weights.
#[derive(Debug, Clone)]
pub struct Counted<'a> {
    /// The rows.
    pub rows: &'a [u32],
    weights: Option<Cow<'a, [f64]>>,
}

impl<'a> Counted<'a> {
    /// Rows with the weights of all rows. Weights that sum up to less than there are rows are scaled to as many: a level that is
    /// there twice is there twice, whatever unit weights have.
    pub fn new(rows: &'a [u32], of_all: Weights<'_>) -> Self {
        let weights = of_all.map(|weights| {
            let mut own: Vec<f64> = rows.iter().map(|row| weights[*row as usize]).collect();
            let (count, total) = (rows.len() as f64, own.iter().sum::<f64>());
            if total > 0.0 && total < count {
                own.iter_mut().for_each(|weight| *weight *= count / total);
            }
            Cow::Owned(own)
        });
        Self { rows, weights }
    }

    /// One for each row.
    pub fn weights(&self) -> Weights<'_> {
        self.weights.as_deref()
    }

    /// How much a row counts, by its place.
    pub fn of(&self, place: usize) -> f64 {
        of(self.weights(), place)
    }

    /// How much all count.
    pub fn total(&self) -> f64 {
        self.weights.as_ref().map_or(self.rows.len() as f64, |weights| weights.iter().sum())
    }
}

/// How much the value at a place counts.
pub fn of(weights: Weights<'_>, place: usize) -> f64 {
    weights.map_or(1.0, |weights| weights[place])
}

/// Mean and population deviation.
pub fn mean_and_deviation(values: &[f64], weights: Weights<'_>) -> (f64, f64) {
    let total = weights.map_or(values.len() as f64, |weights| weights.iter().sum());
    // Divided first: the sum of large numbers may be too large.
    let mean = |of_value: &dyn Fn(f64) -> f64| -> f64 {
        values.iter().enumerate().map(|(place, value)| of(weights, place) / total * of_value(*value)).sum()
    };
    let middle = mean(&|value| value);
    (middle, mean(&|value| (value - middle).powi(2)).sqrt())
}

/// The order statistics at these places of all values, counted from 0 to 1 less than they count.
pub fn ranked(values: &[f64], weights: &[f64], places: [f64; 2]) -> Option<[f64; 2]> {
    let mut rows: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).collect();
    rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let last = rows.last()?.0;
    Some(places.map(|place| {
        let mut seen = 0.0;
        let found = rows.iter().find(|(_, weight)| {
            seen += weight;
            seen > place
        });
        found.map_or(last, |(value, _)| *value)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::number::{Number, NumberSteps};
    use crate::settings::{Clip, Filler, Impute, Scale};

    #[test]
    fn whatever_is_learned_of_a_number_two_rows_are_learned_as_one_of_weight_two() {
        let values = [3.0, -1.5, f64::NAN, 7.25, 3.0, 100.0, 0.5, 2.0, 3.5, 8.0, -9.0];
        let weights: Vec<f64> = (0..values.len()).map(|place| (1 + place % 3) as f64).collect();
        let repeated: Vec<f64> = values
            .iter()
            .zip(&weights)
            .flat_map(|(value, weight)| std::iter::repeat_n(*value, *weight as usize))
            .collect();
        let mut moved = 0;
        for impute in [Impute::Median, Impute::Mean, Impute::Mode, Impute::Constant(Filler::Number(2.0))] {
            for clip in [Clip::None, Clip::Quantile(0.15), Clip::Iqr(0.5), Clip::ZScore(1.0)] {
                for scale in [Scale::None, Scale::Standard, Scale::Robust, Scale::MinMax] {
                    let fit = |values: &[f64], weights| {
                        Number::fit(values, weights, NumberSteps { impute: impute.clone(), clip, scale }).unwrap()
                    };
                    let (found, expect) = (fit(&values, Some(&weights)), fit(&repeated, None));
                    let plain = fit(&values, None);
                    for value in values {
                        let off = (found.apply(value) - expect.apply(value)).abs();
                        assert!(off < 1e-12 * value.abs().max(1.0), "{impute:?} {clip:?} {scale:?} {value}: {off}");
                        moved += usize::from((found.apply(value) - plain.apply(value)).abs() > 1e-6);
                    }
                }
            }
        }
        assert!(moved > 300, "the control: without weights most is learned otherwise, and {moved} was");
    }

    #[test]
    fn small_weights_count_as_rows_do() {
        let counted = Counted::new(&[0, 2], Some(&[0.001, 9.0, 0.003]));
        assert_eq!((counted.total(), counted.of(0), counted.of(1)), (2.0, 0.5, 1.5));
        let plain = Counted::new(&[0, 2], None);
        assert_eq!((plain.total(), plain.of(1)), (2.0, 1.0));
    }
}
