//! Training rows and how much each of them counts: a row of weight 2 counts as two equal rows, in all that a recipe learns.

use ropeway_stat::{Grain, as_counts};

/// The weights of values, one each; each counts once if `None`.
pub type Weights<'a> = Option<&'a [f64]>;

/// Training rows with their weights.
#[derive(Debug, Clone)]
pub struct Counted<'a> {
    /// The rows.
    pub rows: &'a [u32],
    weights: Option<Vec<f64>>,
    total: f64,
}

impl<'a> Counted<'a> {
    /// Rows with the weights of all rows, as counts: a level that is there twice is there twice, whatever unit weights have.
    pub fn new(rows: &'a [u32], of_all: Weights<'_>) -> Self {
        let own = |weights: &[f64]| as_counts(rows.iter().map(|row| weights[*row as usize]).collect());
        let weights = of_all.map(own);
        let sum = weights.as_ref().map_or(rows.len() as f64, |weights| weights.iter().sum());
        Self { rows, weights, total: Grain::of(sum).rounded(sum) }
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
        self.total
    }

    /// How much some of them count together, by the sum of their weights.
    pub fn told(&self, sum: f64) -> f64 {
        Grain::of(self.total).rounded(sum)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::frequency::Shares;
    use crate::recipe::levels::Levels;
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
                for (scale, logarithm) in [Scale::None, Scale::Standard, Scale::Robust, Scale::MinMax]
                    .map(|scale| (scale, false))
                    .into_iter()
                    .chain([(Scale::Standard, true)])
                {
                    let fit = |values: &[f64], weights| {
                        let impute = impute.clone();
                        Number::fit(values, weights, NumberSteps { impute, clip, scale, logarithm }).unwrap()
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
    fn rounding_of_scaled_weights_decides_nothing() {
        // Three rows of a level, of which each counts a third, are one row; ten of a tenth and more besides are as many.
        let rows: Vec<u32> = (0..12).collect();
        let texts: Vec<Option<&str>> = ["a", "a", "a", "b", "c", "c", "c", "c", "c", "c", "c", "d"].map(Some).to_vec();
        for unit in [1.0, 0.1, 1.0 / 3.0, 1e-7, 1.0 / 49.0] {
            let third = |row: &u32| {
                if *row < 3 {
                    unit / 3.0
                } else if *row == 3 {
                    3.0 * unit
                } else {
                    unit
                }
            };
            let weights: Vec<f64> = rows.iter().map(third).collect();
            let counted = Counted::new(&rows, Some(&weights));
            assert_eq!(counted.told(counted.weights().unwrap().iter().sum()), 12.0, "{unit}");
            let shares = Shares::fit(&texts, &counted);
            assert_eq!((shares.of("a"), shares.of("d"), shares.of("b")), (0.0, 0.0, 0.25), "{unit}");
            let names = |least: f64| Levels::fit(&texts, counted.weights(), (least, 9)).names().to_vec();
            assert_eq!(
                (names(1.0), names(3.0)),
                (["a", "b", "c", "d"].map(String::from).to_vec(), vec!["b".to_owned(), "c".to_owned()]),
                "{unit}"
            );
        }
    }

    #[test]
    fn small_weights_count_as_rows_do() {
        let counted = Counted::new(&[0, 2], Some(&[0.001, 9.0, 0.003]));
        assert_eq!((counted.total(), counted.of(0), counted.of(1)), (2.0, 0.5, 1.5));
        let plain = Counted::new(&[0, 2], None);
        assert_eq!((plain.total(), plain.of(1)), (2.0, 1.0));
    }
}
