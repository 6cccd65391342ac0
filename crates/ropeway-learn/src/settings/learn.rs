//! The `[learn]` section.

use ropeway_stat::Metric;
use ropeway_vocab::{Problem, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{BoostedSettings, LinearSettings, TuneSettings};

/// What is learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A label of two classes.
    #[default]
    Binary,
    /// A label of several classes (follows later).
    Multiclass,
    /// A number (follows later).
    Regression,
}

/// A family of learners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LearnerKind {
    /// The share of positives, always. Runs whether named or not.
    Baseline,
    /// Logistic regression with an L1, L2 or elastic-net penalty.
    Linear,
    /// Gradient-boosted trees.
    Boosted,
}

impl LearnerKind {
    /// Its name in the project file and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Linear => "linear",
            Self::Boosted => "boosted",
        }
    }
}

/// What to learn, how it is judged and which candidates are tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LearnSettings {
    /// The kind of label; so far `binary`.
    pub task: Task,
    /// The metric that decides between candidates.
    #[schemars(schema_with = "metric_schema")]
    pub metric: Metric,
    /// The learners to try; the baseline always runs.
    pub learners: Vec<LearnerKind>,
    /// How settings are searched.
    pub tune: TuneSettings,
    /// The settings tried for `linear`.
    pub linear: LinearSettings,
    /// The ranges searched for `boosted`.
    pub boosted: BoostedSettings,
}

impl Default for LearnSettings {
    fn default() -> Self {
        Self {
            task: Task::Binary,
            metric: Metric::AveragePrecision,
            learners: vec![LearnerKind::Linear, LearnerKind::Boosted],
            tune: TuneSettings::default(),
            linear: LinearSettings::default(),
            boosted: BoostedSettings::default(),
        }
    }
}

impl LearnSettings {
    /// The learners to run: the baseline, then those named, each once, in the order of the file.
    pub fn all_learners(&self) -> Vec<LearnerKind> {
        let mut all = vec![LearnerKind::Baseline];
        for learner in &self.learners {
            if !all.contains(learner) {
                all.push(*learner);
            }
        }
        all
    }

    /// Refuses what cannot be run.
    ///
    /// # Errors
    /// A task that follows later, or a number out of its range, with the key and the remedy.
    pub fn check(&self) -> Result<()> {
        if self.task != Task::Binary {
            let name = if self.task == Task::Multiclass { "multiclass" } else { "regression" };
            return Err(Problem::invalid("task", format!("`[learn] task = \"{name}\"` follows later"))
                .remedy("use task = \"binary\" with a label that is true or false"));
        }
        self.tune.check()?;
        self.linear.check()?;
        self.boosted.check()
    }
}

fn metric_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "enum": [
            "average_precision", "roc_auc", "log_loss", "brier", "calibration_error", "accuracy", "precision",
            "recall", "f1", "mcc", "expected_cost"
        ]
    })
}
