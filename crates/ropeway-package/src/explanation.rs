//! Why: each feature of one example with its value, the facts behind it, and what it contributed to the score.

use arrow::array::RecordBatch;
use ropeway_feature::{FeatureEvidence, Rule};
use ropeway_learn::settings::TargetTransform;
use ropeway_learn::{Output, Prediction};
use ropeway_vocab::{Kind, Problem, Result, nearest};
use serde::Serialize;

use crate::answer::{Answer, classes_of};
use crate::predictor::Predictor;

/// One feature of an explanation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedFeature {
    /// Its value and the facts behind it.
    #[serde(flatten)]
    pub evidence: FeatureEvidence,
    /// What it adds to the raw score.
    pub contribution: f64,
}

/// Why an example has its score. `bias` and all contributions sum to `raw` within 1e-9.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The raw score that is explained: the uncalibrated log-odds, the uncalibrated log-probability of a class up to a
    /// constant, or the predicted number, on `scale` where there is one.
    pub raw: f64,
    /// The scale of raw score, bias and contributions where it is not that of the answer: `log` or `log1p` of the number. What
    /// is added there multiplies the number (or 1 + the number).
    #[serde(skip_serializing_if = "TargetTransform::is_identity")]
    pub scale: TargetTransform,
    /// The prediction.
    #[serde(flatten)]
    pub answer: Answer,
    /// Of two classes: from this probability on it is decided positive. It is where errors cost least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// What stands between the raw score and the answer, as the run's report names it: `platt`, `isotonic`, ... or `none`.
    pub calibration: &'static str,
    /// Of several classes the one whose score is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<String>,
    /// The score of the average training row.
    pub bias: f64,
    /// The features, greatest absolute contribution first.
    pub features: Vec<ExplainedFeature>,
}

impl Predictor {
    /// Explains the example in row `row` of a batch that has the plan's input columns: of several classes the score of
    /// `class`, or else of the one decided for.
    ///
    /// # Errors
    /// As [`Predictor::answer`]; a class that the model does not have; contributions that do not sum to the score (a defect).
    pub fn explain(&self, examples: &RecordBatch, row: usize, class: Option<&str>) -> Result<Explanation> {
        let example = examples.slice(row, 1);
        let plan = &self.package().contents.plan;
        let answers = self.answer_named(&example, &|row| plan.example_name(&example, row))?;
        let model = &self.package().contents.model;
        let Some(prediction) = answers.predictions.first() else {
            return Err(Problem::internal("an example got no prediction"));
        };
        let output = output_of(prediction, classes_of(model), class)?;
        let raw = prediction.raw().get(output).copied().unwrap_or(f64::NAN);
        let contributions = model.contributions(&answers.features, |_| output)?;
        let parts = contributions.into_iter().next().ok_or_else(|| Problem::internal("an example has no score"))?;
        let sum = parts.bias + parts.values.iter().sum::<f64>();
        let scale = model.fitted.transform();
        if (scale.inverse(sum) - raw).abs() > 1e-9 * raw.abs().max(1.0) {
            return Err(Problem::internal(format!("contributions sum to {sum} and the score is {raw}")));
        }
        let evidence = plan.evidence(self.state(), &example, Rule::STRICT)?;
        let names: Vec<&str> = model.features().iter().map(|(name, _)| name.as_str()).collect();
        let contribution = |feature: &str| {
            names.iter().position(|name| *name == feature).map_or(0.0, |position| parts.values[position])
        };
        let mut features: Vec<ExplainedFeature> = evidence
            .into_iter()
            .map(|evidence| ExplainedFeature { contribution: contribution(&evidence.feature), evidence })
            .collect();
        features.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        let explained = classes_of(model).get(output).cloned();
        let threshold = match &model.output {
            Output::Binary(output) => Some(output.threshold),
            Output::Classes(_) | Output::Number(_) => None,
        };
        Ok(Explanation {
            raw: if scale.is_identity() { raw } else { sum },
            scale,
            answer: Answer::of(prediction, model),
            threshold,
            calibration: model.output.calibration(),
            explained,
            bias: parts.bias,
            features,
        })
    }
}

/// Which raw score is explained.
fn output_of(prediction: &Prediction, names: &[String], class: Option<&str>) -> Result<usize> {
    match (prediction, class) {
        (Prediction::Classes(classes), None) => Ok(classes.class as usize),
        (_, None) => Ok(0),
        (_, Some(class)) => names.iter().position(|name| name == class).ok_or_else(|| {
            let problem = Problem::new(Kind::NotFound, "unknown-class", format!("the model has no class `{class}`"));
            match nearest(class, names.iter().map(String::as_str)) {
                Some(near) => problem.remedy(format!("did you mean `{near}`?")),
                None if names.is_empty() => problem.remedy("it has no classes to choose from: leave the class out"),
                None => problem.remedy(format!("its classes are {}", names.join(", "))),
            }
        }),
    }
}
