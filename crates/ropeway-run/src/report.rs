//! What `ropeway run` reports: the object of `--json`, with exactly these names.

use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use ropeway_registry::Lost;
use ropeway_source::Skipped;
use ropeway_stat::{Estimate, Metric};
use ropeway_vocab::{Digest, Kind};
use serde::{Deserialize, Deserializer, Serialize};

use crate::class_figures::ClassesReport;
use crate::compare::{Comparison, Moved};
use crate::decision::DecisionReport;
use crate::weights::WeightReport;

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
    #[serde(deserialize_with = "stored_findings")]
    pub findings: Vec<FindingReport>,
    /// Columns by the code of a finding that `[accept]` says is all right, and that is not told; the first records do not say.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub accepted: IndexMap<String, Vec<String>>,
    /// Counts of examples.
    pub examples: ExampleReport,
    /// Candidates, best first.
    pub leaderboard: Vec<CandidateReport>,
    /// What the best candidate loses on each row against what the baseline does; null where the baseline is the best, or there is
    /// none; the first records do not say.
    #[serde(default)]
    pub against_baseline: Option<Moved>,
    /// The calibration and decision threshold of the model.
    pub decision: DecisionReport,
    /// How well each class is decided for, where there are several; the first records do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<ClassesReport>,
    /// Permutation importance on validation rows, greatest first.
    pub importance: Vec<ImportanceReport>,
    /// Holdout figures; null without `--final`.
    #[serde(rename = "final")]
    pub final_: Option<FinalReport>,
    /// The looks taken at the holdout so far; null without `--final`.
    pub looks: Option<LooksReport>,
    /// Gates; `passed` is null where a gate needs a final run that was not made.
    pub gates: Vec<GateReport>,
    /// The registered model.
    pub model: ModelReport,
    /// What changed since the last run that ended with a report, and whether the figure moved; null where there was none.
    #[serde(default)]
    pub since_last: Option<Comparison>,
    /// Where everything lies, relative to the project.
    pub places: BTreeMap<String, String>,
}

/// One step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepReport {
    /// Its name, for example `window:carrier_late_7d`.
    pub name: String,
    /// `executed`, `cached` or `failed`; `cancelled` where the user stopped the run in it.
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
    /// Lines and rows around the tables, which are no rows and were left out as the source says.
    #[serde(default, skip_serializing_if = "Skipped::none")]
    pub skipped: Skipped,
}

/// A check.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckReport {
    /// The table.
    pub table: String,
    /// What must hold.
    pub that: String,
    /// Rows that failed; of `unique` the rows beyond the first of each key.
    pub failed: u64,
    /// Rows tested.
    pub total: u64,
    /// `passed`, `rejected`, `warned` or `stopped`.
    pub verdict: String,
    /// What a check of the table as a whole (`rows`, `fresh`) found, which is one statement and none about each row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

/// Something that is not refused and yet should be known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingReport {
    /// Stable and short.
    pub code: String,
    /// What was found.
    pub message: String,
    /// The table that it is about.
    pub table: Option<String>,
    /// The column that it is about, behind its relation and a point.
    pub column: Option<String>,
    /// Where it stands.
    pub place: Option<FindingPlace>,
    /// The rows that it costs, where they were counted.
    pub rows: Option<FindingRows>,
    /// The keys that it is about, and their rows.
    pub keys: Option<FindingKeys>,
    /// The way to the column, nearest first.
    pub path: Vec<String>,
    /// What could be done.
    pub remedy: String,
}

impl fmt::Display for FindingReport {
    /// The message, and the rows where they were counted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.rows {
            Some(rows) => write!(f, " ({rows})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for FindingRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} rows are left out", self.left_out, self.of)
    }
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingPlace {
    /// The file, relative to the project.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
}

/// Rows that a filter, join or check leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRows {
    /// How many are left out.
    pub left_out: u64,
    /// Of how many.
    pub of: u64,
}

/// Keys that rows of different content have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingKeys {
    /// How many keys.
    pub shared: u64,
    /// How many rows have one of them.
    pub rows: u64,
    /// Of how many.
    pub of: u64,
}

/// Findings as they are stored: the first records kept their messages alone.
fn stored_findings<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<FindingReport>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Message(String),
        Whole(Box<FindingReport>),
    }
    let stored = Vec::<Stored>::deserialize(deserializer)?;
    let whole = |stored| match stored {
        Stored::Message(message) => FindingReport { message, ..FindingReport::default() },
        Stored::Whole(finding) => *finding,
    };
    Ok(stored.into_iter().map(whole).collect())
}

/// Counts of examples.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ExampleReport {
    /// All examples.
    pub rows: u64,
    /// Rows of their table that have no prediction time, and are no examples.
    #[serde(default)]
    pub without_at: u64,
    /// Those with a label.
    pub labelled: u64,
    /// Labelled examples to learn from, after the purge before the holdout.
    pub train: u64,
    /// Training examples purged before the holdout.
    pub purged: u64,
    /// Examples purged before each fold's validation part, all folds together.
    pub purged_in_folds: u64,
    /// Training examples left out by the gap before the holdout.
    #[serde(default)]
    pub apart: u64,
    /// Labelled examples of the holdout.
    pub holdout: u64,
    /// By what they count, where they do not count alike: figures, too, are then weighted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<WeightReport>,
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
    /// How many different models were scored on this holdout so far, this one included, and through other splits on
    /// holdouts that share rows with it.
    pub looks: u64,
    /// The figures.
    #[serde(flatten)]
    pub figures: BTreeMap<Metric, Estimate>,
}

/// The looks taken at a holdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LooksReport {
    /// All of them, as in `final`.
    pub total: u64,
    /// Those of them that were taken through another split, key or label, at holdouts that share rows with this one.
    pub through_another_split: u64,
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
    /// Set where it was the champion until this run: the gate that says no by now, and the version that took over.
    pub lost: Option<Lost>,
}

/// The status of a run that a problem ended: `refused` where a check or the time rule said no, as where a gate did.
pub const fn ended_as(kind: Kind) -> &'static str {
    match kind {
        Kind::Cancelled => "cancelled",
        Kind::Refused => "refused",
        _ => "failed",
    }
}

/// Where the page about a run lies, relative to the project.
pub fn page_of(run: &str) -> String {
    format!(".ropeway/reports/{run}.html")
}

/// The places of a run that ends with a page.
pub(crate) fn places_with_page(run: &str) -> BTreeMap<String, String> {
    let mut all = places();
    all.insert("report".into(), page_of(run));
    all
}

pub(crate) fn places() -> BTreeMap<String, String> {
    let places = [
        ("record", ".ropeway/ropeway.db and .ropeway/blobs"),
        ("cache", ".ropeway/cache (may be deleted at any time)"),
        ("arrivals", ".ropeway/arrivals"),
    ];
    places.map(|(what, place)| (what.to_string(), place.to_string())).into()
}
