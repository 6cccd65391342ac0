//! The `[learn]` section.

use std::sync::LazyLock;

use ropeway_stat::Metric;
use ropeway_vocab::{Problem, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::{BoostedSettings, LinearSettings, TargetTransform, Task, TuneSettings, out_of_range};

/// A family of learners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LearnerKind {
    /// The share of each class, or the middle of the labels, always. Runs whether named or not.
    Baseline,
    /// Logistic regression, of several classes multinomial, or least squares; with an L1, L2 or elastic-net penalty.
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
    /// The kind of label.
    pub task: Task,
    /// The metric that decides between candidates. Left out: `average_precision` of two classes, `log_loss` of several, `rmse`
    /// of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "metric_of")]
    #[schemars(schema_with = "metric_schema")]
    pub metric: Option<Metric>,
    /// The column of the example table that says how much each example counts, in fits and in figures: one of weight 2 counts as
    /// two equal examples, one of weight 0 not at all. It is no feature unless it is listed as one, may be known as late as
    /// the label, and is not asked for when answers are. Left out: each example counts once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// What numbers are learned as, with `task = "regression"`: `identity`, `log` or `log1p`. Of several the search takes the one
    /// that the metric prefers on rows that were not learned from. Where it is a logarithm, what is predicted is brought back before
    /// anything is measured: for `rmse` and what else asks for a mean by Duan's smearing, for `mae` and medians as it is.
    /// Default: `["identity"]`.
    #[serde(skip_serializing_if = "is_identity")]
    pub target_transform: Vec<TargetTransform>,
    /// The learners to try; the baseline always runs.
    pub learners: Vec<LearnerKind>,
    /// How settings are searched.
    pub tune: TuneSettings,
    /// The settings tried for `linear`.
    pub linear: LinearSettings,
    /// The ranges searched for `boosted`.
    pub boosted: BoostedSettings,
}

fn is_identity(transforms: &Vec<TargetTransform>) -> bool {
    *transforms == [TargetTransform::Identity]
}

impl Default for LearnSettings {
    fn default() -> Self {
        Self {
            task: Task::Binary,
            metric: None,
            weight: None,
            target_transform: vec![TargetTransform::Identity],
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

    /// The metric that decides between candidates.
    pub fn metric(&self) -> Metric {
        self.metric.unwrap_or(self.task.metric())
    }

    /// What numbers are learned as, each once; labels of classes are learned as they are.
    pub fn transforms(&self) -> Vec<TargetTransform> {
        let mut all = Vec::new();
        for transform in self.target_transform.iter().filter(|_| self.task == Task::Regression) {
            if !all.contains(transform) {
                all.push(*transform);
            }
        }
        if all.is_empty() { vec![TargetTransform::Identity] } else { all }
    }

    fn check_transforms(&self) -> Result<()> {
        if self.target_transform.is_empty() {
            let remedy = "name one or more of \"identity\", \"log\" and \"log1p\"";
            return Err(out_of_range("[learn] target_transform", remedy));
        }
        if self.task == Task::Regression || is_identity(&self.target_transform) {
            return Ok(());
        }
        let what = format!("`target_transform` of [learn] is of numbers, and a {} label is none", self.task.name());
        Err(Problem::invalid("target-transform", what)
            .remedy("take the key out, or state task = \"regression\" if the label is a number"))
    }

    /// Refuses what cannot be run.
    ///
    /// # Errors
    /// A metric of another task, or a number out of its range, with the key and the remedy.
    pub fn check(&self) -> Result<()> {
        self.task.check_metric(self.metric())?;
        self.check_transforms()?;
        self.tune.check()?;
        self.linear.check()?;
        self.boosted.check()
    }
}

/// The metrics by which candidates can be chosen.
static JUDGING: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| Metric::all().filter(|metric| metric.judges()).map(Metric::name).collect());

/// A metric; of an unknown one those are told that can be chosen.
fn metric_of<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Metric>, D::Error> {
    let Some(name) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let known = Metric::all().find(|metric| metric.name() == name);
    known.map(Some).ok_or_else(|| D::Error::unknown_variant(&name, &JUDGING))
}

fn metric_schema(_: &mut SchemaGenerator) -> Schema {
    let names = &*JUDGING;
    json_schema!({ "type": "string", "enum": names })
}
