//! From raw scores to an answer: calibrated, with what is uncertain about it, and decided by what errors cost.

use ropeway_stat::{ClassCosts, Measured, softmax};
use ropeway_vocab::Result;
use serde::{Deserialize, Serialize};

use crate::answers::Answers;
use crate::calibration::{Calibration, ClassCalibration, Residuals, probability};
use crate::corrupt::corrupt;
use crate::prediction::{BinaryPrediction, ClassPrediction, NumberPrediction, Prediction};
use crate::settings::Task;

/// How raw scores become an answer, by the kind of label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Output {
    /// Of two classes.
    Binary(BinaryOutput),
    /// Of several classes.
    Classes(ClassOutput),
    /// A number.
    Number(NumberOutput),
}

/// Two classes: one raw score, the log-odds of the positive one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinaryOutput {
    /// The calibration, where one helps.
    pub calibration: Option<Calibration>,
    /// Decided positive from this probability on.
    pub threshold: f64,
}

/// Several classes: one raw score each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassOutput {
    /// Their names.
    pub classes: Vec<String>,
    /// The calibration, where one helps.
    pub class_calibration: Option<ClassCalibration>,
    /// What errors cost.
    pub costs: ClassCosts,
}

/// A number: one raw score, the number itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberOutput {
    /// How far labels lie from predictions.
    pub residuals: Residuals,
}

impl Output {
    /// How many raw scores a row has.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Binary(_) | Self::Number(_) => 1,
            Self::Classes(output) => output.classes.len(),
        }
    }

    /// The task that it answers.
    pub const fn task(&self) -> Task {
        match self {
            Self::Binary(_) => Task::Binary,
            Self::Classes(_) => Task::Multiclass,
            Self::Number(_) => Task::Regression,
        }
    }

    /// How raw scores are calibrated, in one word.
    pub fn calibration(&self) -> &'static str {
        match self {
            Self::Binary(BinaryOutput { calibration: Some(Calibration::Platt(_)), .. }) => "platt",
            Self::Binary(BinaryOutput { calibration: Some(Calibration::Isotonic(_)), .. }) => "isotonic",
            Self::Classes(ClassOutput { class_calibration: Some(calibration), .. }) => calibration.name(),
            Self::Number(NumberOutput { residuals }) => {
                match (residuals.transform.is_identity(), residuals.usual.is_some()) {
                    (true, true) => "scaled_residuals",
                    (true, false) => "residuals",
                    (false, true) => "scaled_log_residuals",
                    (false, false) => "log_residuals",
                }
            }
            Self::Binary(_) | Self::Classes(_) => "none",
        }
    }

    /// The answer of the raw scores of one row.
    pub fn decide(&self, raw: &[f64]) -> Prediction {
        let first = raw.first().copied().unwrap_or(f64::NAN);
        match self {
            Self::Binary(output) => {
                let probability = probability(output.calibration.as_ref(), first);
                let decision = probability >= output.threshold;
                Prediction::Binary(BinaryPrediction { raw: first, probability, decision })
            }
            Self::Classes(output) => {
                let probabilities = match &output.class_calibration {
                    Some(calibration) => calibration.apply(raw),
                    None => {
                        let mut probabilities = raw.to_vec();
                        softmax(&mut probabilities);
                        probabilities
                    }
                };
                let class = output.costs.decide(&probabilities) as u32;
                Prediction::Classes(ClassPrediction { raw: raw.to_vec(), probabilities, class })
            }
            Self::Number(NumberOutput { residuals }) => {
                let (low, high) = residuals.around(first);
                Prediction::Number(NumberPrediction { value: first, low, high, decision: residuals.decide(first) })
            }
        }
    }

    /// The answers of rows with their labels, ready to be measured. `raw` are the scores of all rows; `folds` has the fold of each
    /// row where several models gave them, `blocks` what rows are drawn by.
    ///
    /// # Errors
    /// Lengths that differ, or a label of another task (defects).
    pub fn measured(
        &self,
        raw: &[f64],
        labels: &crate::Labels,
        costs: &crate::CostsOfError,
        (folds, blocks): (Option<&[u32]>, Option<&[u32]>),
    ) -> Result<Box<dyn Measured>> {
        self.answers(raw, labels.len()).measured(labels, costs, (folds, blocks))
    }

    /// The answers of rows; `raw` are the scores of all of them.
    pub fn answers(&self, raw: &[f64], rows: usize) -> Answers {
        let mut answers = Answers::of(self, rows);
        raw.chunks(self.outputs().max(1)).for_each(|raw| answers.push(&self.decide(raw)));
        answers
    }

    /// Refuses what no fit makes.
    ///
    /// # Errors
    /// Stored bytes that were altered.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Binary(output) => {
                if output.threshold.is_nan() {
                    return Err(corrupt("its threshold is not a number"));
                }
                output.calibration.as_ref().map_or(Ok(()), Calibration::check)
            }
            Self::Classes(output) => {
                let count = output.classes.len();
                if count < 2 || output.costs.classes() != count || !output.costs.holds() {
                    return Err(corrupt("its classes and their costs do not fit together"));
                }
                output.class_calibration.as_ref().map_or(Ok(()), |calibration| calibration.check(count))
            }
            Self::Number(output) => output.residuals.check(),
        }
    }
}
