//! How raw scores of a run's model become answers, as its report tells.

use ropeway_learn::Task;
use ropeway_learn::settings::TargetTransform;
use ropeway_stat::Metric;
use serde::{Deserialize, Serialize};

/// Calibration and threshold.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecisionReport {
    /// What was learned.
    #[serde(default)]
    pub task: Task,
    /// The metric that candidates were ranked by; the first records do not say.
    #[serde(default)]
    pub metric: Option<Metric>,
    /// Of two classes `none`, `platt` or `isotonic`; of several `none`, `temperature` or `dirichlet`; of a number
    /// `residuals`, or `scaled_residuals` where larger numbers have wider intervals; with `log_` where residuals are those of
    /// logarithms.
    pub calibration: String,
    /// What the best candidate learned of labels.
    #[serde(default, skip_serializing_if = "TargetTransform::is_identity")]
    pub target_transform: TargetTransform,
    /// Of two classes: probabilities at or above it are decided positive.
    pub threshold: Option<f64>,
    /// Of two classes: the threshold that is best for exact probabilities. Another one is decided by only where the validated
    /// rows cost less there, beyond chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ideal_threshold: Option<f64>,
    /// The names of several classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
}

impl DecisionReport {
    /// Where positive begins and why, of two classes: the end of a sentence that tells the threshold.
    pub fn why_there(&self) -> String {
        match (self.threshold, self.ideal_threshold) {
            (Some(threshold), Some(ideal)) if threshold != ideal => format!(
                "where errors cost least on the validated rows ({ideal:.3} would be best for exact probabilities, and costs more \
                 there than chance explains)"
            ),
            (_, Some(_)) => "which is best for these costs of errors".into(),
            _ => "where errors cost least".into(),
        }
    }

    /// What stands between the learner and its answers, in words.
    pub fn between(&self) -> String {
        let learned = match self.target_transform {
            TargetTransform::Identity => "",
            TargetTransform::Log => "; learned as log(label), and brought back",
            TargetTransform::Log1p => "; learned as log(1 + label), and brought back",
        };
        format!("{}{learned}", self.calibration)
    }

    /// The metric that candidates were ranked by; of a record that does not say, its task's.
    pub fn ranked_by(&self) -> Metric {
        self.metric.unwrap_or(self.task.metric())
    }
}
