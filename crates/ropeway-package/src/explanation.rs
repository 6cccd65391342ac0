//! Why: each feature of one example with its value, the facts behind it, and what it contributed to the score.

use arrow::array::RecordBatch;
use ropeway_feature::{FeatureEvidence, Rule};
use ropeway_vocab::{Problem, Result};
use serde::Serialize;

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
    /// The uncalibrated log-odds.
    pub raw: f64,
    /// The calibrated probability.
    pub probability: f64,
    /// Whether the probability reaches the threshold.
    pub decision: bool,
    /// The score of the average training row.
    pub bias: f64,
    /// The features, greatest absolute contribution first.
    pub features: Vec<ExplainedFeature>,
}

impl Predictor {
    /// Explains the example in row `row` of a batch that has the plan's input columns.
    ///
    /// # Errors
    /// As [`Predictor::answer`]; contributions that do not sum to the score (a defect).
    pub fn explain(&self, examples: &RecordBatch, row: usize) -> Result<Explanation> {
        let example = examples.slice(row, 1);
        let plan = &self.package().contents.plan;
        let answers = self.answer_named(&example, &|row| plan.example_name(&example, row))?;
        let contributions = self.package().contents.model.contributions(&answers.features)?;
        let (Some(prediction), Some(parts)) = (answers.predictions.first(), contributions.into_iter().next()) else {
            return Err(Problem::internal("an example got no prediction"));
        };
        let sum = parts.bias + parts.values.iter().sum::<f64>();
        if (sum - prediction.raw).abs() > 1e-9 * prediction.raw.abs().max(1.0) {
            return Err(Problem::internal(format!("contributions sum to {sum} and the score is {}", prediction.raw)));
        }
        let evidence = plan.evidence(self.state(), &example, Rule::STRICT)?;
        let names: Vec<&str> = self.package().contents.model.features().iter().map(|(name, _)| name.as_str()).collect();
        let contribution = |feature: &str| {
            names.iter().position(|name| *name == feature).map_or(0.0, |position| parts.values[position])
        };
        let mut features: Vec<ExplainedFeature> = evidence
            .into_iter()
            .map(|evidence| ExplainedFeature { contribution: contribution(&evidence.feature), evidence })
            .collect();
        features.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        let (raw, probability, decision) = (prediction.raw, prediction.probability, prediction.decision);
        Ok(Explanation { raw, probability, decision, bias: parts.bias, features })
    }
}
