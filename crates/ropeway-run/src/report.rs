//! What `ropeway run` reports: the object of `--json`, with exactly these names.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use ropeway_stat::{Estimate, Metric};
use ropeway_vocab::Digest;
use serde::{Deserialize, Serialize};

/// The end of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunReport {
    /// The run's id, for `ropeway show`.
    pub run: String,
    /// `done`, or `refused` when a gate said no.
    pub status: String,
    /// Seconds on the wall clock.
    pub wall_s: f64,
    /// The share of examples taken, where the run was a sample.
    pub sample: Option<f64>,
    /// Every step in order.
    pub steps: Vec<StepReport>,
    /// Rows of each source.
    pub sources: IndexMap<String, SourceReport>,
    /// Checks and how they ended.
    pub checks: Vec<CheckReport>,
    /// Filters and joins that read what is known only later, and other findings.
    pub findings: Vec<String>,
    /// Counts of examples.
    pub examples: ExampleReport,
    /// Candidates, best first.
    pub leaderboard: Vec<CandidateReport>,
    /// The calibration and decision threshold of the model.
    pub decision: DecisionReport,
    /// Permutation importance on validation rows, greatest first.
    pub importance: Vec<ImportanceReport>,
    /// Holdout figures; null without `--final`.
    #[serde(rename = "final")]
    pub final_: Option<FinalReport>,
    /// Gates; `passed` is null where a gate needs a final run that was not made.
    pub gates: Vec<GateReport>,
    /// The registered model.
    pub model: ModelReport,
    /// Where everything lies, relative to the project.
    pub places: BTreeMap<String, String>,
}

/// One step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepReport {
    /// Its name, for example `window:carrier_late_7d`.
    pub name: String,
    /// `executed`, `cached` or `failed`.
    pub state: String,
    /// Seconds on the wall clock.
    pub wall_s: f64,
    /// Processor seconds.
    pub cpu_s: f64,
    /// Peak resident memory in MiB.
    pub peak_mib: f64,
    /// Bytes read.
    pub bytes_read: u64,
    /// Bytes written.
    pub bytes_written: u64,
}

/// Rows of a source: `rows_in = kept + quarantined`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SourceReport {
    /// Rows in the files.
    pub rows_in: u64,
    /// Rows kept.
    pub kept: u64,
    /// Rows rejected.
    pub quarantined: u64,
    /// Rows that arrived by the rows route and are part of this run.
    pub arrived: u64,
}

/// A check.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckReport {
    /// The table.
    pub table: String,
    /// What must hold.
    pub that: String,
    /// Rows that failed.
    pub failed: u64,
    /// Rows tested.
    pub total: u64,
    /// `passed`, `rejected`, `warned` or `stopped`.
    pub verdict: String,
}

/// Counts of examples.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ExampleReport {
    /// All examples.
    pub rows: u64,
    /// Those with a label.
    pub labelled: u64,
    /// Labelled examples to learn from, after the purge before the holdout.
    pub train: u64,
    /// Training examples purged before the holdout.
    pub purged: u64,
    /// Examples purged before each fold's validation part, all folds together.
    pub purged_in_folds: u64,
    /// Labelled examples of the holdout.
    pub holdout: u64,
}

/// A candidate of the leaderboard.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CandidateReport {
    /// The learner's name.
    pub candidate: String,
    /// Settings tried.
    pub trials: u64,
    /// Boosting rounds or solver passes trained in all.
    pub rounds: u64,
    /// Validation figures on out-of-fold predictions.
    pub validation: BTreeMap<Metric, Estimate>,
}

/// Calibration and threshold.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecisionReport {
    /// `none`, `platt` or `isotonic`.
    pub calibration: String,
    /// Probabilities at or above it are decided positive.
    pub threshold: f64,
}

/// Permutation importance of a feature: the fall of the metric when the feature is shuffled.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportanceReport {
    /// The feature.
    pub feature: String,
    /// The mean fall, with its interval.
    #[serde(flatten)]
    pub fall: Estimate,
}

/// Holdout figures, with the number of looks taken at this holdout.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FinalReport {
    /// How many different models were scored on this holdout so far, this one included.
    pub looks: u64,
    /// The figures.
    #[serde(flatten)]
    pub figures: BTreeMap<Metric, Estimate>,
}

/// A gate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GateReport {
    /// What must hold.
    pub that: String,
    /// Whether it does; null where it needs a final run.
    pub passed: Option<bool>,
}

/// The registered model.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ModelReport {
    /// Its name, the project's.
    pub name: String,
    /// Its version.
    pub version: u64,
    /// The digest of the package's content.
    pub digest: Digest,
    /// The package file, relative to the project.
    pub package: String,
    /// Whether this version is the champion.
    pub champion: bool,
}
