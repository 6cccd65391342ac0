//! From raw scores to probabilities: nothing, Platt's curve or an isotonic curve, whichever has the lowest
//! cross-fitted log loss on out-of-fold scores. A curve always keeps the order of the scores, so that calibration
//! changes no ranking metric.

mod classes;
mod cross;
mod curve;
mod residuals;

use ropeway_stat::{Isotonic, Platt, sigmoid};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

pub use classes::{ClassCalibration, calibrate_classes, class_losses};
pub use curve::Curve;
pub use residuals::{Residuals, ResidualsChoice, spread};

use cross::{PARTS, helps, parts};

use crate::labels::Labels;
use crate::tune::crew;

/// Fewest rows of each class for Platt's curve, which has two parameters; below, nothing is fitted.
const LEAST: usize = 10;
/// The same for a curve of any shape.
const LEAST_OF_ANY_SHAPE: usize = 50;

/// A fitted calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibration {
    /// A logistic curve over the raw score.
    Platt(Platt),
    /// A rising curve through the pooled means.
    Isotonic(Curve),
}

impl Calibration {
    /// The probability of a raw score.
    pub fn apply(&self, raw: f64) -> f64 {
        match self {
            Self::Platt(platt) => sigmoid(platt.a * raw + platt.b),
            Self::Isotonic(curve) => curve.apply(raw),
        }
    }

    /// Refuses what no fit makes: a curve that falls, or numbers that are not finite.
    ///
    /// # Errors
    /// Stored bytes that were altered.
    pub fn check(&self) -> Result<()> {
        let holds = match self {
            Self::Platt(platt) => platt.a > 0.0 && platt.a.is_finite() && platt.b.is_finite(),
            Self::Isotonic(curve) => curve.rises(),
        };
        if holds { Ok(()) } else { Err(crate::corrupt::corrupt("its calibration does not rise")) }
    }
}

/// The probability of a raw score, calibrated or not.
pub fn probability(calibration: Option<&Calibration>, raw: f64) -> f64 {
    calibration.map_or_else(|| sigmoid(raw), |calibration| calibration.apply(raw))
}

/// A way to calibrate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The raw score's own probability.
    None,
    /// See [`Calibration::Platt`].
    Platt,
    /// See [`Calibration::Isotonic`].
    Isotonic,
}

/// What was chosen, and the evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibrationChoice {
    /// The calibration fitted on all rows; none where none helps.
    pub calibration: Option<Calibration>,
    /// The cross-fitted mean log loss of each method that could be fitted.
    pub log_loss: Vec<(Method, f64)>,
    /// The probability of each row by the chosen method, fitted without the row's part.
    pub cross_fitted: Vec<f64>,
}

/// Chooses a calibration for out-of-fold raw scores (log-odds) and labels of 0 and 1.
///
/// A curve is taken where it lowers the log loss by more than one standard error of the difference; isotonic must
/// beat Platt by the same. With `blocks` (one number a row) whole blocks are left out in turn, else random rows. The number of
/// threads changes nothing but the time.
///
/// # Errors
/// Lengths that differ (a defect), or a raw score that is not finite.
pub fn calibrate(
    raw: &[f64],
    labels: &Labels,
    blocks: Option<&[u32]>,
    (seed, threads): (u64, usize),
) -> Result<CalibrationChoice> {
    if raw.len() != labels.len() || blocks.is_some_and(|blocks| blocks.len() != raw.len()) {
        return Err(Problem::internal("scores, labels and blocks to calibrate on differ in length"));
    }
    if raw.iter().any(|score| !score.is_finite()) {
        return Err(Problem::internal("a raw score to calibrate on is not finite"));
    }
    let plain: Vec<f64> = raw.iter().map(|score| sigmoid(*score)).collect();
    let none = losses(&plain, labels);
    let mut choice = CalibrationChoice {
        calibration: None,
        log_loss: vec![(Method::None, labels.mean(&none))],
        cross_fitted: plain,
    };
    let positives = labels.iter().filter(|label| **label == 1.0).count();
    let rarer = positives.min(labels.len() - positives);
    if rarer < LEAST || raw.iter().all(|score| *score == raw[0]) {
        return Ok(choice);
    }
    let part = parts(raw.len(), blocks, seed);
    let methods = [Method::Platt, Method::Isotonic];
    let methods = if rarer < LEAST_OF_ANY_SHAPE { &methods[..1] } else { &methods };
    let fits: Vec<(Method, Option<usize>)> = methods
        .iter()
        .flat_map(|method| (0..PARTS).map(Some).chain([None]).map(|left_out| (*method, left_out)))
        .collect();
    let fitted = crew::work(threads, &fits, |_, (method, left_out)| {
        let kept: Vec<usize> = (0..raw.len()).filter(|row| Some(part[*row]) != *left_out).collect();
        let scores: Vec<f64> = kept.iter().map(|row| raw[*row]).collect();
        Ok(fit(*method, &scores, &labels.part(&kept)))
    })?;
    let mut best = none;
    for (method, fitted) in methods.iter().zip(fitted.chunks(PARTS + 1)) {
        let Some(fitted) = fitted.iter().cloned().collect::<Option<Vec<Calibration>>>() else { continue };
        let cross_fitted: Vec<f64> = raw.iter().zip(&part).map(|(raw, part)| fitted[*part].apply(*raw)).collect();
        let of_method = losses(&cross_fitted, labels);
        choice.log_loss.push((*method, labels.mean(&of_method)));
        if helps(&best, &of_method, labels) {
            best = of_method;
            choice.calibration = fitted.last().cloned();
            choice.cross_fitted = cross_fitted;
        }
    }
    Ok(choice)
}

/// One fit; none where it would not keep the order of the scores or cannot be made.
fn fit(method: Method, raw: &[f64], labels: &Labels) -> Option<Calibration> {
    let weights = labels.weights();
    let fitted = match method {
        Method::None => return None,
        Method::Platt => Calibration::Platt(Platt::fit(raw, labels, weights).ok()?),
        Method::Isotonic => {
            Calibration::Isotonic(Curve::new(&Isotonic::fit(raw, labels, weights).ok()?, labels.total())?)
        }
    };
    fitted.check().is_ok().then_some(fitted)
}

/// The log loss of each row in nats.
pub fn losses(probabilities: &[f64], labels: &[f64]) -> Vec<f64> {
    let of = |(probability, label): (&f64, &f64)| {
        let of_label = if *label == 1.0 { *probability } else { 1.0 - probability };
        -of_label.clamp(f64::EPSILON, 1.0).ln()
    };
    probabilities.iter().zip(labels).map(of).collect()
}

#[cfg(test)]
mod tests {
    use ropeway_stat::Rng;

    use super::*;

    /// Raw scores whose true probability is `truth(raw)`.
    fn drawn(rows: usize, truth: impl Fn(f64) -> f64) -> (Vec<f64>, Labels) {
        let mut rng = Rng::new(5);
        let raw: Vec<f64> = (0..rows).map(|_| rng.unit() * 8.0 - 4.0).collect();
        let labels: Vec<f64> = raw.iter().map(|raw| f64::from(rng.unit() < truth(*raw))).collect();
        (raw, labels.into())
    }

    #[test]
    fn scores_that_are_calibrated_are_left_alone() {
        let (raw, labels) = drawn(4_000, sigmoid);
        let choice = calibrate(&raw, &labels, None, (7, 2)).unwrap();
        assert_eq!(choice.calibration, None);
        assert_eq!(choice.log_loss.len(), 3);
        assert_eq!(choice.cross_fitted[0], sigmoid(raw[0]));
    }

    #[test]
    fn overconfident_scores_get_a_logistic_curve() {
        let (raw, labels) = drawn(4_000, |raw| sigmoid(0.4 * raw - 1.0));
        let blocks: Vec<u32> = (0..4_000).map(|i| i / 100).collect();
        let Some(Calibration::Platt(platt)) = calibrate(&raw, &labels, Some(&blocks), (7, 2)).unwrap().calibration
        else {
            panic!("not Platt")
        };
        assert!((platt.a - 0.4).abs() < 0.05 && (platt.b + 1.0).abs() < 0.1, "{platt:?}");
    }

    #[test]
    fn a_dozen_positives_do_for_a_logistic_curve_where_scores_are_far_off() {
        // A strong penalty on few rows: the order is good, and no probability is above 5%.
        let raw: Vec<f64> = (0..500).map(|row| -3.4 + 0.4 * ((f64::from(row) + 0.5) / 500.0 * 2.0 - 1.0)).collect();
        let labels = |every: usize| -> Labels {
            (0..500).map(|row| f64::from(row >= 440 && row % every == 0)).collect::<Vec<f64>>().into()
        };
        let choice = calibrate(&raw, &labels(4), None, (7, 1)).unwrap();
        assert!(matches!(choice.calibration, Some(Calibration::Platt(_))), "{choice:?}");
        assert!(probability(choice.calibration.as_ref(), raw[499]) > 0.2);
        // Eight are too few to say so.
        assert_eq!(calibrate(&raw, &labels(8), None, (7, 1)).unwrap().calibration, None);
    }

    #[test]
    fn a_bent_relation_gets_an_isotonic_curve_that_keeps_the_order() {
        let (raw, labels) = drawn(20_000, |raw| if raw > 1.0 { 0.9 } else { 0.2 });
        let choice = calibrate(&raw, &labels, None, (7, 2)).unwrap();
        assert!(matches!(choice.calibration, Some(Calibration::Isotonic(_))), "{:?}", choice.log_loss);
        let calibration = choice.calibration.as_ref();
        assert!((probability(calibration, 3.0) - 0.9).abs() < 0.03);
        let mut last = 0.0;
        for step in -1_000..1_000 {
            let p = probability(calibration, f64::from(step) / 100.0);
            assert!(p > last && p < 1.0, "{step}: {p} after {last}");
            last = p;
        }
    }

    #[test]
    fn few_rows_and_constant_scores_are_left_alone() {
        for (raw, labels) in
            [(vec![0.5; 30], vec![1.0; 30]), (vec![0.5; 300], [0.0, 1.0].repeat(150)), (vec![], vec![])]
        {
            assert_eq!(calibrate(&raw, &labels.into(), None, (7, 2)).unwrap().calibration, None);
        }
        assert!(calibrate(&[f64::NAN], &vec![1.0].into(), None, (7, 2)).is_err());
    }

    #[test]
    fn rows_that_count_more_bend_the_curve_and_a_weight_of_two_is_two_rows() {
        // Every other row is drawn by another truth.
        let (raw, plain) = drawn(4_000, sigmoid);
        let (_, other) = drawn(4_000, |raw| sigmoid(0.4 * raw - 1.0));
        let mixed: Vec<f64> = (0..4_000).map(|row| if row % 2 == 0 { plain[row] } else { other[row] }).collect();
        let weights = (0..4_000).map(|row| if row % 2 == 0 { 0.001 } else { 1.0 }).collect();
        let fitted = |labels: &Labels| calibrate(&raw, labels, None, (7, 2)).unwrap();
        let Some(Calibration::Platt(platt)) = fitted(&Labels::weighted(mixed, Some(weights))).calibration else {
            panic!("not Platt")
        };
        assert!((platt.a - 0.4).abs() < 0.05 && (platt.b + 1.0).abs() < 0.25, "{platt:?}");
        // Each twice, or each with weight 2: what is fitted on all rows is the same curve.
        let doubled = Labels::weighted(other.to_vec(), Some(vec![2.0; 4_000]));
        let twice = |values: &[f64]| values.iter().chain(values).copied().collect::<Vec<f64>>();
        let weighted = fit(Method::Platt, &raw, &doubled);
        let repeated = fit(Method::Platt, &twice(&raw), &twice(&other).into());
        let (Some(Calibration::Platt(a)), Some(Calibration::Platt(b))) = (weighted, repeated) else { panic!() };
        assert!((a.a - b.a).abs() < 1e-7 && (a.b - b.b).abs() < 1e-7, "{a:?} {b:?}");
    }
}
