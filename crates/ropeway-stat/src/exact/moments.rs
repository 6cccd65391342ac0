//! Count, sum and sum of squares, exact; mean, variance and deviation rounded once from them.

use super::natural::Natural;
use super::sum::ExactSum;

/// The exact moments of a set of numbers. Two sets can be merged, and one taken away from the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moments {
    /// How many values, NaN and infinities included.
    pub count: u64,
    /// Their sum.
    pub sum: ExactSum,
    /// The sum of their squares.
    pub squares: ExactSum,
}

impl Moments {
    /// No values.
    pub const fn new() -> Self {
        Self { count: 0, sum: ExactSum::new(), squares: ExactSum::new() }
    }

    /// Adds `value`.
    #[inline]
    pub fn add(&mut self, value: f64) {
        self.count = self.count.wrapping_add(1);
        self.sum.add(value);
        self.squares.add_product(value, value);
    }

    /// Adds an integer as it is: beyond 2^53, too, where the nearest double is another number.
    #[inline]
    pub fn add_integer(&mut self, value: i64) {
        self.count = self.count.wrapping_add(1);
        self.sum.add_integer(value);
        self.squares.add_square(value);
    }

    /// Adds all values of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.count = self.count.wrapping_add(other.count);
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// Takes away all values of `other`, which must have been added before.
    pub fn subtract(&mut self, other: &Self) {
        self.count = self.count.wrapping_sub(other.count);
        self.sum.subtract(&other.sum);
        self.squares.subtract(&other.squares);
    }

    /// The mean, correctly rounded from the exact quotient. `None` without values; NaN with a NaN or both
    /// infinities, infinite with one.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum.mean(self.count))
    }

    /// The sample variance, `(n * sum of squares - sum^2) / (n * (n - 1))` evaluated exactly and rounded
    /// once. NaN with any NaN, `None` with fewer than two values, NaN with an infinite one among them.
    pub fn variance_sample(&self) -> Option<f64> {
        self.variance(1, 64).map(|variance| variance.map_or(f64::NAN, |v| v.round(false)))
    }

    /// The variance of a population, `(n * sum of squares - sum^2) / n^2` evaluated exactly and rounded once. `None`
    /// without values; NaN when a value is not finite.
    pub fn variance_population(&self) -> Option<f64> {
        self.variance(0, 64).map(|variance| variance.map_or(f64::NAN, |v| v.round(false)))
    }

    /// The sample standard deviation: the root of the exact variance, correctly rounded, also where the
    /// variance itself is beyond the range of doubles. `None` and NaN as for the variance.
    pub fn stddev_sample(&self) -> Option<f64> {
        self.variance(1, 130).map(|variance| variance.map_or(f64::NAN, |v| v.root()))
    }

    /// The standard deviation of a population: the root of its exact variance, correctly rounded.
    pub fn stddev_population(&self) -> Option<f64> {
        self.variance(0, 130).map(|variance| variance.map_or(f64::NAN, |v| v.root()))
    }

    /// The squared deviations over the count less `lost` degrees of freedom, with so many bits.
    fn variance(&self, lost: u64, bits: i64) -> Option<Option<Natural>> {
        // Any NaN gives NaN, also where it is alone; a single infinity is one value, as any other.
        let nan = || self.squares.special().is_some_and(f64::is_nan);
        if self.count <= lost {
            return nan().then_some(None);
        }
        if self.sum.special().is_some() || self.squares.special().is_some() {
            return Some(None);
        }
        let (_, sum) = self.sum.magnitude();
        let (_, squares) = self.squares.magnitude();
        let numerator = squares.times(self.count).minus(sum.square());
        Some(numerator.map(|n| if n.is_zero() { n } else { n.divided(&[self.count, self.count - lost], bits) }))
    }
}

impl Extend<f64> for Moments {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.add(value));
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Self::new();
        moments.extend(values);
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::Moments;

    #[test]
    fn few_values() {
        assert_eq!(Moments::new().mean(), None);
        let one: Moments = [3.5].into_iter().collect();
        assert_eq!((one.mean(), one.variance_sample(), one.stddev_sample()), (Some(3.5), None, None));
        let two: Moments = [1.0, 3.0].into_iter().collect();
        assert_eq!((two.mean(), two.variance_sample()), (Some(2.0), Some(2.0)));
        assert_eq!(two.stddev_sample(), Some(2.0_f64.sqrt()));
        assert_eq!(Moments::new().variance_population(), None);
        assert_eq!((one.variance_population(), one.stddev_population()), (Some(0.0), Some(0.0)));
        assert_eq!((two.variance_population(), two.stddev_population()), (Some(1.0), Some(1.0)));
    }

    #[test]
    fn any_nan_gives_nan_also_where_it_is_alone() {
        let mut moments: Moments = [f64::NAN].into_iter().collect();
        let all = |moments: &Moments| {
            [
                moments.stddev_sample(),
                moments.variance_sample(),
                moments.stddev_population(),
                moments.variance_population(),
            ]
        };
        assert!(all(&moments).iter().all(|figure| figure.is_some_and(f64::is_nan)));
        moments.subtract(&[f64::NAN].into_iter().collect());
        assert_eq!(all(&moments), [None; 4]);
        assert_eq!([f64::INFINITY].into_iter().collect::<Moments>().stddev_sample(), None);
    }

    #[test]
    fn equal_values_have_no_deviation_whatever_their_size() {
        for value in [0.1, 1e-300, 1e300, -7.3e11, f64::from_bits(1), f64::MAX] {
            let moments: Moments = std::iter::repeat_n(value, 1000).collect();
            assert_eq!(moments.mean(), Some(value));
            assert_eq!((moments.variance_sample(), moments.stddev_sample()), (Some(0.0), Some(0.0)));
        }
    }

    #[test]
    fn deviations_survive_where_variances_overflow_or_vanish() {
        let large: Moments = [1e300, 3e300].into_iter().collect();
        assert_eq!(large.variance_sample(), Some(f64::INFINITY));
        assert!((large.stddev_sample().unwrap() / 1e300 - 2.0_f64.sqrt()).abs() < 1e-15);
        let small: Moments = [1e-300, 3e-300].into_iter().collect();
        assert_eq!(small.variance_sample(), Some(0.0));
        assert!((small.stddev_sample().unwrap() / 1e-300 - 2.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn what_is_not_finite_gives_nan_until_it_is_taken_away() {
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut moments: Moments = [1.0, odd, 2.0].into_iter().collect();
            assert!(moments.stddev_sample().unwrap().is_nan());
            moments.subtract(&[odd].into_iter().collect());
            assert_eq!(moments, [2.0, 1.0].into_iter().collect());
            assert_eq!(moments.variance_sample(), Some(0.5));
        }
    }
}
