//! What the registry knows of a version, and what a run hands over to make one.

mod rows;

use std::collections::BTreeMap;

use ropeway_vocab::{Digest, Instant};
use serde::{Deserialize, Serialize};

use crate::{GateOutcome, Scorecard};

pub(crate) use rows::{add_holdout, find_digest, insert, numbers, read, set_gates};

/// What a run hands over.
#[derive(Debug, Clone, PartialEq)]
pub struct NewVersion {
    /// The run that made it.
    pub run: String,
    /// The digest of the package's content: the version's identity.
    pub digest: Digest,
    /// The blob that holds the package file.
    pub package: Digest,
    /// Figures on out-of-fold predictions.
    pub validation: Scorecard,
    /// Figures on the holdout, where it was opened.
    pub holdout: Option<Scorecard>,
    /// How the gates ended.
    pub gates: Vec<GateOutcome>,
    /// Whether it learned from a sample: then it cannot become champion.
    pub sample: bool,
    /// What it was made from.
    pub lineage: Lineage,
}

/// What a model was made from, down to each file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    /// Each source by name.
    pub sources: BTreeMap<String, SourceLineage>,
    /// The project's seed.
    pub seed: u64,
    /// The version of Ropeway that made it.
    pub ropeway: String,
    /// The platform it was made on: bits are promised for each platform on its own.
    pub platform: String,
}

/// What a source was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLineage {
    /// The digest of its logical content, rows that arrived by post included.
    pub content: Digest,
    /// Its files in the order they were read.
    pub files: Vec<FileLineage>,
}

/// A file of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLineage {
    /// Its name, relative to the project.
    pub name: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// How many bytes it has.
    pub bytes: u64,
}

/// What came of registering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Registered {
    /// The version's number, from 1.
    pub version: u64,
    /// Whether it was not there before.
    pub new: bool,
    /// Whether it is the champion now.
    pub champion: bool,
    /// Set where it was the champion until now and a gate says no by now.
    pub lost: Option<Lost>,
}

/// How a version lost `champion`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// The gate that says no.
    pub gate: String,
    /// The earlier champion that took over; `None` where no version could.
    pub heir: Option<u64>,
}

/// A registered version.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Version {
    /// The model's name.
    pub model: String,
    /// Its number, from 1.
    pub version: u64,
    /// The run that made it first.
    pub run: String,
    /// The digest of the package's content.
    pub digest: Digest,
    /// The blob that holds the package file.
    pub package: Digest,
    /// Whether it learned from a sample.
    pub sample: bool,
    /// When it was registered first.
    pub registered: Instant,
    /// The aliases that point to it, sorted.
    pub aliases: Vec<String>,
    /// Figures on out-of-fold predictions.
    pub validation: Scorecard,
    /// Figures on the holdout, where it was opened.
    pub holdout: Option<Scorecard>,
    /// How many different models were scored on that holdout so far, by the ledger of looks; to be shown
    /// wherever one of its figures is shown. `None` where this digest never took a look.
    pub looks: Option<u64>,
    /// How the gates ended when it was last registered.
    pub gates: Vec<GateOutcome>,
    /// What it was made from.
    pub lineage: Lineage,
}

/// A named model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// Each alias with the version it points to.
    pub aliases: BTreeMap<String, u64>,
}

/// A change of an alias.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AliasChange {
    /// The alias.
    pub alias: String,
    /// The version it pointed to from then on; `None` where it pointed to none.
    pub version: Option<u64>,
    /// When.
    pub changed: Instant,
    /// Why it was taken from the version before, where that lost it.
    pub why: Option<String>,
}
