//! What a package holds, typed, and how it is put into sections and taken out again.

use std::collections::BTreeMap;
use std::io::Cursor;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use arrow::row::{RowConverter, SortField};
use ropeway_feature::FeaturePlan;
use ropeway_learn::{CandidateSettings, CostsOfError, FittedModel, Prediction};
use ropeway_table::{ColumnProfile, Definitions};
use ropeway_vocab::{Digest, Kind, Problem, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::container::Section;

/// What the model was made from: enough to make it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lineage {
    /// The digest of the logical content of each source.
    pub sources: BTreeMap<String, Digest>,
    /// The digest of the examples with all features.
    pub examples: Digest,
    /// The settings of the candidate that was fitted.
    pub candidate: CandidateSettings,
    /// Its rounds.
    pub rounds: u32,
    /// What errors cost: the threshold follows from it, and what the decisions of the model are worth.
    #[serde(default)]
    pub costs: CostsOfError,
    /// The project's seed.
    pub seed: u64,
    /// The share of examples, where it was made from a sample.
    pub sample: Option<f64>,
    /// The version of Ropeway that made it.
    pub ropeway: String,
}

/// Everything in a package. Nothing here says when, where or how fast it was made.
#[derive(Debug, Clone)]
pub struct Contents {
    /// The model's name.
    pub name: String,
    /// Sources, tables and checks, without paths of data.
    pub definitions: Definitions,
    /// Features of an example.
    pub plan: FeaturePlan,
    /// The fitted model.
    pub model: FittedModel,
    /// Profiles of the features on the training rows: what the model has seen.
    pub profile: Vec<ColumnProfile>,
    /// What it was made from.
    pub lineage: Lineage,
    /// A few examples with all features (and `at`), to prove on opening that scores are reproduced.
    pub examples: RecordBatch,
    /// What the model said of them when it was sealed.
    pub scores: Vec<Prediction>,
}

impl Contents {
    pub(crate) fn sections(&self) -> Result<Vec<Section>> {
        Ok(vec![
            json("name", &self.name)?,
            json("definitions", &self.definitions)?,
            json("features", &self.plan)?,
            json("model", &self.model)?,
            json("profile", &self.profile)?,
            json("lineage", &self.lineage)?,
            Section { name: "examples".into(), bytes: to_ipc(&self.examples)? },
            json("scores", &self.scores)?,
        ])
    }

    /// The first format that holds it: the second has models of logarithms, and words in more buckets than the first.
    pub(crate) fn format(&self) -> u32 {
        let first = self.model.fitted.transform().is_identity() && self.model.recipe.is_of_first_format();
        if first { 1 } else { 2 }
    }

    pub(crate) fn from_sections(sections: &[Section]) -> Result<Self> {
        Ok(Self {
            name: read(sections, "name")?,
            definitions: read(sections, "definitions")?,
            plan: read(sections, "features")?,
            model: read(sections, "model")?,
            profile: read(sections, "profile")?,
            lineage: read(sections, "lineage")?,
            examples: from_ipc(bytes(sections, "examples")?)?,
            scores: read(sections, "scores")?,
        })
    }
}

fn json<T: Serialize>(name: &str, value: &T) -> Result<Section> {
    let bytes = serde_json::to_vec(value)
        .map_err(|error| Problem::internal(format!("section `{name}` of the package cannot be written: {error}")))?;
    Ok(Section { name: name.into(), bytes })
}

fn bytes<'a>(sections: &'a [Section], name: &str) -> Result<&'a [u8]> {
    let section = sections.iter().find(|section| section.name == name);
    section.map(|section| section.bytes.as_slice()).ok_or_else(|| damaged(name, "it is not there"))
}

fn read<T: DeserializeOwned>(sections: &[Section], name: &str) -> Result<T> {
    serde_json::from_slice(bytes(sections, name)?).map_err(|error| damaged(name, &error.to_string()))
}

/// Equal batches give equal bytes, whatever lies in memory under their missing values.
fn to_ipc(batch: &RecordBatch) -> Result<Vec<u8>> {
    let written = canonical(batch).and_then(|batch| written(&batch));
    written.map_err(|error| Problem::internal(format!("examples cannot be written: {error}")))
}

/// The batch as it comes out of its values alone.
fn canonical(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let fields = batch.columns().iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let converter = RowConverter::new(fields)?;
    let rows = converter.convert_columns(batch.columns())?;
    RecordBatch::try_new(batch.schema(), converter.convert_rows(&rows)?)
}

fn written(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    StreamWriter::try_new(Vec::new(), &batch.schema()).and_then(|mut writer| {
        writer.write(batch)?;
        writer.into_inner()
    })
}

fn from_ipc(bytes: &[u8]) -> Result<RecordBatch> {
    let first = StreamReader::try_new(Cursor::new(bytes), None).and_then(|mut reader| reader.next().transpose());
    match first {
        Ok(Some(batch)) => Ok(batch),
        Ok(None) => Err(damaged("examples", "it holds none")),
        Err(error) => Err(damaged("examples", &error.to_string())),
    }
}

fn damaged(section: &str, why: &str) -> Problem {
    Problem::new(Kind::Corrupt, "altered-package", format!("section `{section}` of the package cannot be read: {why}"))
        .remedy("it may be from another version of ropeway; run the project again to make it anew")
}
