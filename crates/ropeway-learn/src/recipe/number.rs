//! The preparation of one number: impute, clip, scale.

use serde::{Deserialize, Serialize};

use super::clip::bounds;
use super::counted::Weights;
use super::impute::fill;
use super::scale::centre_and_spread;
use super::skewed;
use crate::settings::{Clip, Impute, Scale, Steps};

/// Far beyond every training value, in units of their size: numbers that are not clipped are held within it, so that none
/// overflows.
const FAR: f64 = 1.0e60;

/// The steps of a number, each of them said.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberSteps {
    /// What stands for a missing one.
    pub impute: Impute,
    /// Between which bounds it is held.
    pub clip: Clip,
    /// In which units it is learned.
    pub scale: Scale,
    /// Whether it is learned as its logarithm where it is far skewed.
    pub logarithm: bool,
}

impl NumberSteps {
    /// Those that are set, and for the others what linear models need: the median, 0.1% to 99.9% of the training rows, standardised.
    pub fn for_linear(steps: &Steps) -> Self {
        Self {
            impute: steps.impute.clone().unwrap_or(Impute::Median),
            clip: steps.clip.unwrap_or(Clip::Quantile(0.001)),
            scale: steps.scale.unwrap_or(Scale::Standard),
            logarithm: false,
        }
    }

    /// Those that are set; the others change nothing.
    pub fn for_trees(steps: &Steps) -> Self {
        Self {
            impute: steps.impute.clone().unwrap_or(Impute::Median),
            clip: steps.clip.unwrap_or(Clip::None),
            scale: steps.scale.unwrap_or(Scale::None),
            logarithm: false,
        }
    }
}

/// A value that stands for missing ones, bounds, and the units of what is learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// What missing becomes.
    #[serde(rename = "median")]
    fill: f64,
    low: f64,
    high: f64,
    /// What 1 is added to a multiple of before the logarithm is taken; none where a value is learned as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logarithm_of: Option<f64>,
    /// A power of two, so that dividing by it is exact and nothing overflows.
    unit: f64,
    /// The centre in units.
    #[serde(rename = "mean")]
    centre: f64,
    /// The spread in units.
    #[serde(rename = "deviation")]
    spread: f64,
}

impl Number {
    /// Fits on training values with their weights, NaN where missing; none where the values do not vary.
    pub fn fit(values: &[f64], weights: Weights<'_>, steps: NumberSteps) -> Option<Self> {
        let known = |place: &usize| values[*place].is_finite();
        let mut finite: Vec<f64> = (0..values.len()).filter(known).map(|place| values[place]).collect();
        let own: Option<Vec<f64>> =
            weights.map(|weights| (0..values.len()).filter(known).map(|place| weights[place]).collect());
        let own = own.as_deref();
        if finite.is_empty() {
            return None;
        }
        let fill = fill(&steps.impute, &mut finite, own);
        let held = bounds(steps.clip, &mut finite, own);
        let (least, most) = held.or_else(|| bounds(Clip::Quantile(0.0), &mut finite, own))?;
        if least == most {
            return None;
        }
        let kept: Vec<f64> = finite.iter().map(|value| value.clamp(least, most)).collect();
        let logarithm_of = if steps.logarithm { skewed::unit(&kept, own) } else { None };
        let unit = if logarithm_of.is_some() { 1.0 } else { power_of_two_above(least.abs().max(most.abs())) };
        let far = (unit * FAR).min(f64::MAX);
        let (low, high) = held.unwrap_or((-far, far));
        let mut number = Self { fill, low, high, logarithm_of, unit, centre: 0.0, spread: 1.0 };
        let scaled: Vec<f64> = values.iter().map(|value| number.in_units(*value)).collect();
        (number.centre, number.spread) = match steps.scale {
            // Dividing by it gives the value back.
            Scale::None => (0.0, 1.0 / unit),
            scale => centre_and_spread(scale, &scaled, weights)?,
        };
        number.is_sound().then_some(number)
    }

    /// What is learned of a value; a missing one is filled.
    pub fn apply(&self, value: f64) -> f64 {
        (self.in_units(value) - self.centre) / self.spread
    }

    /// The unit of the logarithm, where that is learned.
    pub fn logarithm_of(&self) -> Option<f64> {
        self.logarithm_of
    }

    /// What stands for a missing value, the bounds where it is clipped, and centre and spread.
    pub fn learned(&self) -> (f64, Option<(f64, f64)>, (f64, f64)) {
        let far = (self.unit * FAR).min(f64::MAX);
        let clipped = (self.low, self.high) != (-far, far);
        (self.fill, clipped.then_some((self.low, self.high)), (self.centre * self.unit, self.spread * self.unit))
    }

    /// Whether it is what a fit makes.
    pub fn is_sound(&self) -> bool {
        let all = [self.fill, self.low, self.high, self.unit, self.centre, self.spread];
        let logarithm = self.logarithm_of.is_none_or(|of| of > 0.0 && of.is_finite() && self.unit == 1.0);
        let positive = self.unit > 0.0 && self.spread > 0.0;
        all.iter().all(|value| value.is_finite()) && self.low < self.high && positive && logarithm
    }

    fn in_units(&self, value: f64) -> f64 {
        let value = if value.is_nan() { self.fill } else { value };
        let value = value.clamp(self.low, self.high);
        self.logarithm_of.map_or(value / self.unit, |of| skewed::logarithm(value, of))
    }
}

/// The smallest power of two that is not below `value` where there is one, else the greatest one.
fn power_of_two_above(value: f64) -> f64 {
    let mut unit = 1.0;
    while unit < value && unit < f64::MAX / 4.0 {
        unit *= 2.0;
    }
    while unit / 2.0 >= value && unit > f64::MIN_POSITIVE {
        unit /= 2.0;
    }
    unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Filler;

    fn fit(values: &[f64]) -> Option<Number> {
        Number::fit(values, None, NumberSteps::for_linear(&Steps::default()))
    }

    #[test]
    fn missing_is_the_median_and_extremes_are_clipped() {
        let mut values: Vec<f64> = (0..10_001).map(f64::from).collect();
        values.push(f64::NAN);
        let number = fit(&values).unwrap();
        assert_eq!(number.apply(f64::NAN), number.apply(5000.0));
        assert_eq!(number.apply(f64::INFINITY), number.apply(9990.0));
        assert_eq!(number.apply(-1e300), number.apply(10.0));
        let mean: f64 = values.iter().map(|v| number.apply(*v)).sum::<f64>() / values.len() as f64;
        assert!(mean.abs() < 1e-12);
    }

    #[test]
    fn what_does_not_vary_is_left_out() {
        assert_eq!(fit(&[]), None);
        assert_eq!(fit(&[f64::NAN, f64::NAN]), None);
        assert_eq!(fit(&[f64::INFINITY, f64::NAN]), None);
        assert_eq!(fit(&[3.0, 3.0, f64::NAN]), None);
    }

    #[test]
    fn the_greatest_and_smallest_doubles_stay_finite() {
        for scale in [1.7e308, 1e300, 1e-300, 5e-324] {
            let values = [-scale, 0.0, scale, scale / 2.0];
            if let Some(number) = fit(&values) {
                assert!(values.iter().all(|v| number.apply(*v).is_finite()), "{scale}");
            }
        }
    }

    #[test]
    fn a_rare_value_that_clipping_would_hide_is_kept() {
        let mut values = vec![0.0; 10_000];
        values[17] = 5.0;
        assert!(fit(&values).unwrap().apply(5.0) > 1.0);
    }

    /// Values of scikit-learn 1.9.1: `SimpleImputer`, then `StandardScaler`, `RobustScaler` or `MinMaxScaler`.
    #[test]
    fn filled_and_scaled_as_scikit_learn_does() {
        let none = f64::NAN;
        let values = [3.0, -1.5, none, 7.25, 3.0, 100.0, 0.5, none, 2.0, 3.5];
        let check = |impute: Impute, scale: Scale, expected: [f64; 3]| {
            let steps = NumberSteps { impute, clip: Clip::None, scale, logarithm: false };
            let number = Number::fit(&values, None, steps.clone()).unwrap();
            let found = [-1.5, none, 100.0].map(|value| number.apply(value));
            let near = found.iter().zip(&expected).all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs().max(1.0));
            assert!(near, "{steps:?}: {found:?}, {expected:?}");
        };
        let by_median = [-0.4737977341026139, -0.32013360412338776, 2.992182086539931];
        check(Impute::Median, Scale::Standard, by_median);
        check(Impute::Mode, Scale::Standard, by_median);
        check(Impute::Median, Scale::Robust, [-4.0, 0.0, 86.22222222222223]);
        check(Impute::Median, Scale::MinMax, [0.0, 0.04433497536945813, 1.0]);
        check(Impute::Mean, Scale::Standard, [-0.5610654091734083, 0.0, 2.9501878644204838]);
        check(Impute::Mean, Scale::Robust, [-0.44804716285924834, 1.081798084008843, 9.126013264554164]);
        check(Impute::Mean, Scale::MinMax, [0.0, 0.1597906403940887, 1.0]);
        check(
            Impute::Constant(Filler::Number(-4.0)),
            Scale::Standard,
            [-0.41776869087548696, -0.5014898714116567, 2.9813112388930043],
        );
        check(
            Impute::Constant(Filler::Number(-4.0)),
            Scale::Robust,
            [-0.9142857142857143, -1.4857142857142858, 22.285714285714285],
        );
        check(Impute::Constant(Filler::Number(-4.0)), Scale::MinMax, [0.02403846153846154, 0.0, 1.0]);
        check(Impute::Median, Scale::None, [-1.5, 3.0, 100.0]);
    }

    /// Fences of numpy 2's quantiles and deviations.
    #[test]
    fn clipped_at_quantiles_fences_and_scores() {
        let values = [3.0, -1.5, 7.25, 3.0, 100.0, 0.5, 2.0, 3.5];
        let learned = |clip: Clip| {
            let steps = NumberSteps { impute: Impute::Median, clip, scale: Scale::None, logarithm: false };
            Number::fit(&values, None, steps).unwrap().learned().1
        };
        let near = |found: Option<(f64, f64)>, low: f64, high: f64| {
            let found = found.unwrap();
            assert!((found.0 - low).abs() < 1e-9 && (found.1 - high).abs() < 1e-9, "{found:?}");
        };
        near(learned(Clip::Iqr(1.5)), -2.59375, 8.65625);
        near(learned(Clip::ZScore(2.0)), -49.91939542319419, 79.35689542319419);
        near(learned(Clip::Quantile(0.2)), 0.5, 7.25);
        assert_eq!(learned(Clip::None), None);
        let steps = NumberSteps { impute: Impute::Median, clip: Clip::Iqr(1.5), scale: Scale::None, logarithm: false };
        assert_eq!(Number::fit(&values, None, steps.clone()).unwrap().apply(100.0), 8.65625);
        let steps = NumberSteps { clip: Clip::None, ..steps };
        assert_eq!(
            Number::fit(&values, None, steps.clone()).unwrap().apply(1e12),
            1e12,
            "what training never had is not held back"
        );
    }
}
