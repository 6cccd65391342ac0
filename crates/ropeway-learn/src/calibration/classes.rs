//! Calibration of several classes: one temperature for all of them (Guo and others, "On Calibration of Modern Neural Networks",
//! 2017), or a linear map of their log-probabilities (Kull and others, "Beyond temperature scaling: Obtaining well-calibrated
//! multiclass probabilities with Dirichlet calibration", 2019), whichever has the lowest cross-fitted log loss, if any helps.

use std::sync::atomic::AtomicBool;

use ropeway_stat::{log_sum_exp, softmax};
use ropeway_vocab::{Problem, Result};
use serde::{Deserialize, Serialize};

use super::cross::{PARTS, helps, parts};
use crate::candidate::LinearCandidate;
use crate::corrupt::corrupt;
use crate::encoded::Sparse;
use crate::labels::Labels;
use crate::linear::{classes::minimise, penalty::Penalty};
use crate::settings::TargetTransform;
use crate::stop::Stop;
use crate::tune::crew;

/// Fewest rows; below, nothing is fitted.
const LEAST: usize = 200;
/// Fewest rows of each class for a linear map, and most classes.
const LEAST_OF_CLASS: usize = 20;
const MOST_CLASSES: usize = 20;
/// Penalty of a linear map a row: what it says beyond the probabilities themselves is drawn towards nothing.
const RIDGE: f64 = 1e-3;
/// A constant says one thing in each fold. What says no more different things than this has nothing to be mapped.
const CONSTANT: usize = 20;
/// Temperatures that are looked at.
const SCALES: [f64; 2] = [0.02, 50.0];

/// A fitted calibration of several classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassCalibration {
    /// All raw scores are multiplied by it: the inverse of a temperature.
    Temperature(f64),
    /// Added to the log-probability of each class: an intercept, and weights of the log-probabilities of all.
    Dirichlet { intercepts: Vec<f64>, weights: Vec<Vec<f64>> },
}

impl ClassCalibration {
    /// Its name in reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Temperature(_) => "temperature",
            Self::Dirichlet { .. } => "dirichlet",
        }
    }

    /// The probabilities of the raw scores of one row.
    pub fn apply(&self, raw: &[f64]) -> Vec<f64> {
        let mut scores: Vec<f64> = match self {
            Self::Temperature(scale) => raw.iter().map(|raw| raw * scale).collect(),
            Self::Dirichlet { intercepts, weights } => {
                let logs = logs(raw);
                let added = |weights: &[f64]| weights.iter().zip(&logs).map(|(w, log)| w * log).sum::<f64>();
                let of = intercepts.iter().zip(weights).zip(&logs);
                of.map(|((intercept, weights), log)| log + intercept + added(weights)).collect()
            }
        };
        softmax(&mut scores);
        scores
    }

    /// Refuses what no fit makes.
    ///
    /// # Errors
    /// Stored bytes that were altered.
    pub fn check(&self, classes: usize) -> Result<()> {
        let finite = |values: &[f64]| values.len() == classes && values.iter().all(|value| value.is_finite());
        let holds = match self {
            Self::Temperature(scale) => *scale > 0.0 && scale.is_finite(),
            Self::Dirichlet { intercepts, weights } => {
                finite(intercepts) && weights.len() == classes && weights.iter().all(|weights| finite(weights))
            }
        };
        if holds { Ok(()) } else { Err(corrupt("its calibration does not fit its classes")) }
    }
}

/// Log-probabilities, held above the least that training can tell from nothing.
fn logs(raw: &[f64]) -> Vec<f64> {
    let sum = log_sum_exp(raw.iter().copied());
    raw.iter().map(|raw| (raw - sum).max(-30.0)).collect()
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassCalibrationChoice {
    /// The calibration fitted on all rows; none where none helps.
    pub calibration: Option<ClassCalibration>,
    /// The probabilities of each row by the chosen method, fitted without the row's part; `rows * classes`, row by row.
    pub cross_fitted: Vec<f64>,
}

/// Chooses a calibration for raw scores out of fold (`rows * classes`, row by row) and labels that are numbers of classes, as
/// [`calibrate`](super::calibrate) does for two.
///
/// # Errors
/// Lengths that differ, or a raw score that is not finite (defects).
pub fn calibrate_classes(
    raw: &[f64],
    labels: &Labels,
    classes: usize,
    blocks: Option<&[u32]>,
    (seed, threads): (u64, usize),
) -> Result<ClassCalibrationChoice> {
    if raw.len() != labels.len() * classes || raw.iter().any(|score| !score.is_finite()) {
        return Err(Problem::internal("scores and labels to calibrate on do not fit together"));
    }
    let mut plain = raw.to_vec();
    plain.chunks_mut(classes).for_each(softmax);
    let mut best = class_losses(&plain, labels, classes);
    let mut choice = ClassCalibrationChoice { calibration: None, cross_fitted: plain };
    if labels.len() < LEAST || is_constant(raw, classes) {
        return Ok(choice);
    }
    let part = parts(labels.len(), blocks, seed);
    let fits: Vec<(bool, Option<usize>)> =
        [false, true].iter().flat_map(|map| (0..PARTS).map(Some).chain([None]).map(|out| (*map, out))).collect();
    let fitted = crew::work(threads, &fits, |_, (map, left_out)| {
        let kept: Vec<usize> = (0..labels.len()).filter(|row| Some(part[*row]) != *left_out).collect();
        let raw: Vec<f64> =
            kept.iter().flat_map(|row| raw[row * classes..(row + 1) * classes].iter().copied()).collect();
        let labels = labels.part(&kept);
        Ok(if *map { dirichlet(&raw, &labels, classes) } else { temperature(&raw, &labels, classes) })
    })?;
    for fitted in fitted.chunks(PARTS + 1) {
        let Some(fitted) = fitted.iter().cloned().collect::<Option<Vec<ClassCalibration>>>() else { continue };
        let cross_fitted: Vec<f64> =
            raw.chunks(classes).zip(&part).flat_map(|(raw, part)| fitted[*part].apply(raw)).collect();
        let of_method = class_losses(&cross_fitted, labels, classes);
        if helps(&best, &of_method, labels) {
            best = of_method;
            choice = ClassCalibrationChoice { calibration: fitted.last().cloned(), cross_fitted };
        }
    }
    Ok(choice)
}

/// Whether few different things are said of all rows.
fn is_constant(raw: &[f64], classes: usize) -> bool {
    let mut said: Vec<&[f64]> = Vec::new();
    for row in raw.chunks(classes) {
        if !said.contains(&row) {
            said.push(row);
        }
        if said.len() > CONSTANT {
            return false;
        }
    }
    true
}

/// The log loss of each row in nats; probabilities are `rows * classes`, row by row.
pub fn class_losses(probabilities: &[f64], labels: &[f64], classes: usize) -> Vec<f64> {
    let of = |(row, label): (&[f64], &f64)| -row[*label as usize].clamp(f64::EPSILON, 1.0).ln();
    probabilities.chunks(classes).zip(labels).map(of).collect()
}

/// The scale with the lowest mean log loss, which is convex in it: the root of its derivative, by bisection.
fn temperature(raw: &[f64], labels: &Labels, classes: usize) -> Option<ClassCalibration> {
    let slope = |scale: f64| {
        let mut probabilities = vec![0.0; classes];
        let of = |(raw, label): (&[f64], &f64)| {
            probabilities.iter_mut().zip(raw).for_each(|(p, raw)| *p = raw * scale);
            softmax(&mut probabilities);
            probabilities.iter().zip(raw).map(|(p, raw)| p * raw).sum::<f64>() - raw[*label as usize]
        };
        labels.mean(&raw.chunks(classes).zip(labels.iter()).map(of).collect::<Vec<_>>())
    };
    let [mut low, mut high] = SCALES;
    if slope(low) >= 0.0 || slope(high) <= 0.0 {
        return None;
    }
    for _ in 0..40 {
        let middle = (low * high).sqrt();
        if slope(middle) < 0.0 { low = middle } else { high = middle }
    }
    Some(ClassCalibration::Temperature((low * high).sqrt()))
}

/// A linear map of log-probabilities on top of themselves, penalised.
fn dirichlet(raw: &[f64], labels: &Labels, classes: usize) -> Option<ClassCalibration> {
    let rare = |class: usize| labels.iter().filter(|label| **label == class as f64).count() < LEAST_OF_CLASS;
    if classes > MOST_CLASSES || (0..classes).any(rare) {
        return None;
    }
    let values: Vec<f64> = raw.chunks(classes).flat_map(logs).collect();
    let rows = Sparse {
        rows: labels.len(),
        width: classes,
        numbers: classes,
        groups: 0,
        values: values.clone(),
        active: vec![],
    };
    let settings = LinearCandidate {
        strength: RIDGE * labels.total(),
        l1_ratio: 0.0,
        loss: None,
        transform: TargetTransform::Identity,
        logarithms: false,
    };
    let start = (&*vec![0.0; classes], Some(&*values));
    let found = minimise(&rows, labels, &Penalty::new(&settings), start, Stop::asked(&AtomicBool::new(false))).ok()?;
    let (intercepts, weights) = found.into_iter().unzip();
    let fitted = ClassCalibration::Dirichlet { intercepts, weights };
    fitted.check(classes).is_ok().then_some(fitted)
}

#[cfg(test)]
mod tests {
    use ropeway_stat::Rng;

    use super::*;

    /// Raw scores of three classes whose true probabilities are those of `truth`.
    fn drawn(rows: usize, truth: impl Fn(&[f64]) -> Vec<f64>) -> (Vec<f64>, Labels) {
        let mut rng = Rng::new(5);
        let (mut raw, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let row: Vec<f64> = (0..3).map(|_| rng.unit() * 6.0 - 3.0).collect();
            let mut chances = truth(&row);
            softmax(&mut chances);
            let at = rng.unit();
            labels.push(if at < chances[0] { 0.0 } else { 1.0 + f64::from(at >= chances[0] + chances[1]) });
            raw.extend(row);
        }
        (raw, labels.into())
    }

    #[test]
    fn scores_that_are_calibrated_are_left_alone() {
        let (raw, labels) = drawn(4_000, <[f64]>::to_vec);
        assert_eq!(calibrate_classes(&raw, &labels, 3, None, (7, 2)).unwrap().calibration, None);
        assert_eq!(
            calibrate_classes(&raw[..300], &labels[..100].to_vec().into(), 3, None, (7, 2)).unwrap().calibration,
            None
        );
        // The constant of each of five folds, far from the shares of the classes.
        let constant: Vec<f64> = (0..4_000).flat_map(|row| [5.0 + f64::from(row % 5), 0.0, 0.0]).collect();
        assert_eq!(calibrate_classes(&constant, &labels, 3, None, (7, 2)).unwrap().calibration, None);
    }

    #[test]
    fn overconfident_scores_get_a_temperature() {
        let (raw, labels) = drawn(4_000, |raw| raw.iter().map(|raw| 0.4 * raw).collect());
        let choice = calibrate_classes(&raw, &labels, 3, None, (7, 2)).unwrap();
        let Some(ClassCalibration::Temperature(scale)) = choice.calibration else { panic!("{choice:?}") };
        assert!((scale - 0.4).abs() < 0.03, "{scale}");
    }

    #[test]
    fn one_class_that_is_said_too_often_gets_a_linear_map_that_takes_it_back() {
        let (raw, labels) = drawn(6_000, |raw| vec![raw[0] - 1.5, raw[1], raw[2] + 0.3 * raw[1]]);
        let choice = calibrate_classes(&raw, &labels, 3, None, (7, 2)).unwrap();
        let calibration = choice.calibration.unwrap();
        assert_eq!(calibration.name(), "dirichlet");
        let row = [0.5, -0.5, 1.0];
        let mut truth = [row[0] - 1.5, row[1], row[2] + 0.3 * row[1]];
        softmax(&mut truth);
        for (said, truth) in calibration.apply(&row).iter().zip(truth) {
            assert!((said - truth).abs() < 0.03, "{said} {truth}");
        }
        assert!(calibration.check(3).is_ok() && calibration.check(4).is_err());
    }
}
