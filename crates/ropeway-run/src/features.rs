//! The steps of examples and features: each lookup, window and derived feature is a step of its own, found by what it
//! reads: its meaning, the columns of its examples, and its table.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use ropeway_feature::{Beside, Examples, FeaturePlan, FeatureStep, KeyedState, LABEL_KNOWN_AT, Rule, StepKind};
use ropeway_vocab::{AT, Digest, LABEL, Problem, Result, WEIGHT};
use serde::{Deserialize, Serialize};

use crate::batch::{arrow_defect, batch_of};
use crate::data::Data;
use crate::snapshot::{from_parquet, to_parquet, typed_digest};
use crate::step::{Engine, Finished, Made, key};

/// The version of how rows are told to belong together.
const GROUPED: &str = "group/2";

/// What is recorded of the examples beside their rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ExamplesRecord {
    pub rows: u64,
    pub labelled: u64,
    /// Those with a label and weight 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub weightless: u64,
    /// Rows of the table without a prediction time.
    pub without_at: u64,
    pub columns: BTreeMap<String, Digest>,
}

/// A feature step and where its columns are.
struct Part {
    outputs: Vec<String>,
    finished: Finished,
    digests: BTreeMap<String, Digest>,
}

/// Examples with all their features, loaded when something reads them.
pub(crate) struct Featured {
    pub plan: FeaturePlan,
    pub record: ExamplesRecord,
    examples: Finished,
    loaded: Option<RecordBatch>,
    parts: Vec<Part>,
    /// Whether weights show something about a person.
    pub weight_personal: bool,
    /// Columns that examples have for the sake of the split alone.
    pub only_grouping: Vec<String>,
}

impl Featured {
    /// Makes the examples and every feature.
    pub async fn make(engine: &Engine, data: &mut Data, plan: FeaturePlan, taken: Taken<'_>) -> Result<Self> {
        let (examples, record, loaded) = examples(engine, data, &plan, taken).await?;
        let weight_personal = taken.beside.weight.is_some_and(|column| plan.is_personal(column));
        let only_grouping = plan.only_grouping(taken.beside.group).cloned().collect();
        let mut featured = Self { plan, record, examples, loaded, parts: Vec::new(), weight_personal, only_grouping };
        for step in featured.plan.steps() {
            let part = featured.step(engine, data, &step).await?;
            featured.parts.push(part);
        }
        Ok(featured)
    }

    async fn step(&mut self, engine: &Engine, data: &mut Data, step: &FeatureStep) -> Result<Part> {
        let mut builder = key("feature");
        builder.digest(&step.digest).number(self.record.rows);
        for input in &step.inputs {
            builder.text(input).digest(&self.digest_of(input)?);
        }
        if let Some(table) = &step.table {
            builder.digest(&data.record(table)?.digest);
        }
        let key = builder.finish();
        let name = format!("{}:{}", step.kind.name(), step.name);
        let finished = match engine.found(&name, &key).await? {
            Some(finished) => finished,
            None => {
                let inputs = self.inputs(&step.inputs)?;
                let examples = self.examples()?.batch;
                let table = step.table.iter().map(|table| Ok((table.clone(), data.relation(table)?)));
                let tables = table.collect::<Result<BTreeMap<_, _>>>()?;
                let plan = &self.plan;
                let called = |row: usize| plan.example_name(&examples, row);
                let work = async || {
                    let state = match step.kind {
                        StepKind::Lookup => KeyedState::of_lookup(plan, &step.name, &tables)?,
                        StepKind::Window => KeyedState::of_window(plan, &step.name, &tables)?,
                        StepKind::Derive => KeyedState::default(),
                    };
                    let batch = plan.compute_step((step.kind, &step.name), &state, &inputs, Rule::STRICT, &called)?;
                    Made::default().cached("columns", to_parquet(&batch)?).kept("digests", &column_digests(&batch))
                };
                engine.step(&name, key, work).await?
            }
        };
        let digests = finished.value("digests")?;
        Ok(Part { outputs: step.outputs.clone(), finished, digests })
    }

    fn digest_of(&self, column: &str) -> Result<Digest> {
        let of_parts = self.parts.iter().find_map(|part| part.digests.get(column));
        let found = of_parts.or_else(|| self.record.columns.get(column));
        found.copied().ok_or_else(|| Problem::internal(format!("nothing makes the column `{column}`")))
    }

    /// The examples without features: key, `at`, request columns, label with its weight, and when it became known.
    pub fn examples(&mut self) -> Result<Examples> {
        let batch = match &self.loaded {
            Some(batch) => batch.clone(),
            None => self.loaded.insert(from_parquet(self.examples.bytes("rows")?)?).clone(),
        };
        Ok(Examples { batch, without_at: self.record.without_at })
    }

    fn inputs(&mut self, names: &[String]) -> Result<RecordBatch> {
        let examples = self.examples()?.batch;
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            columns.push((name.clone(), self.column(&examples, name)?));
        }
        batch_of(examples.num_rows(), columns)
    }

    /// A feature, or a column of the examples.
    fn column(&self, examples: &RecordBatch, name: &str) -> Result<ArrayRef> {
        if let Some(part) = self.parts.iter().find(|part| part.outputs.iter().any(|output| output == name)) {
            let batch = from_parquet(part.finished.bytes("columns")?)?;
            let column = batch.column_by_name(name).cloned();
            return column.ok_or_else(|| Problem::internal(format!("a step did not make `{name}`")));
        }
        let column = examples.column_by_name(name).cloned();
        column.ok_or_else(|| Problem::internal(format!("examples have no column `{name}`")))
    }

    /// Gives back the memory of the examples; they are read again when something needs them.
    pub fn forget_rows(&mut self) {
        self.loaded = None;
    }

    /// All features of all examples, in the order of the plan.
    pub fn features(&mut self) -> Result<RecordBatch> {
        let names: Vec<String> = self.plan.features().iter().map(|feature| feature.name.clone()).collect();
        let examples = self.examples()?.batch;
        let mut columns: BTreeMap<String, ArrayRef> = BTreeMap::new();
        for part in &self.parts {
            let batch = from_parquet(part.finished.bytes("columns")?)?;
            for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
                columns.insert(field.name().clone(), Arc::clone(column));
            }
        }
        let mut ordered = Vec::with_capacity(names.len());
        for name in names {
            let column = match columns.remove(&name) {
                Some(column) => column,
                None => self.column(&examples, &name)?,
            };
            ordered.push((name, column));
        }
        batch_of(examples.num_rows(), ordered)
    }

    /// The digest of what a split reads: key, `at`, the label with its time and weight, and the columns of the group.
    pub fn split_digest(&self, group: &[String]) -> Result<Digest> {
        let names = self.plan.key().iter().map(|column| column.name.as_str());
        let own = names.chain([AT, LABEL, LABEL_KNOWN_AT, WEIGHT]).filter_map(|name| self.record.columns.get(name));
        // A group that nothing makes is reported by the step itself.
        let group = group.iter().map(|name| self.digest_of(name).ok()).collect::<Vec<_>>();
        Ok(split_columns(self.record.rows, own, &group))
    }

    /// The digest of the examples with all features, labels and times: what learning stands on.
    pub fn digest(&self) -> Result<Digest> {
        let mut builder = key("population");
        builder.number(self.record.rows);
        for feature in self.plan.features() {
            builder.text(&feature.name).text(feature.ty.name()).digest(&self.digest_of(&feature.name)?);
        }
        for (name, digest) in &self.record.columns {
            if !self.plan.key().iter().any(|column| &column.name == name) {
                builder.text(name).digest(digest);
            }
        }
        Ok(builder.finish())
    }
}

/// The digest of so many rows of columns and of those of a group.
fn split_columns<'a>(rows: u64, own: impl Iterator<Item = &'a Digest>, group: &[Option<Digest>]) -> Digest {
    let mut builder = key("split-columns");
    builder.number(rows);
    own.for_each(|digest| {
        builder.digest(digest);
    });
    if !group.is_empty() {
        builder.text(GROUPED);
    }
    for column in group {
        builder.text(&column.map_or_else(String::new, |digest| digest.to_string()));
    }
    builder.finish()
}

/// Takes about this share of the examples, by their key and the seed; facts are never sampled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub share: f64,
    pub seed: u64,
}

/// Which examples are taken of their table, and what they count by.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Taken<'a> {
    pub sample: Option<Sample>,
    /// The columns that say how much each counts and to which group it belongs.
    pub beside: Beside<'a>,
}

/// All examples of a project, with their weights and groups where it names some.
pub(crate) fn all(project: &ropeway_project::Project) -> Result<Taken<'_>> {
    let (weight, group) = (project.settings.learn.weight.as_deref(), project.settings.split.group_columns()?);
    Ok(Taken { sample: None, beside: Beside { weight, group } })
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

async fn examples(
    engine: &Engine,
    data: &mut Data,
    plan: &FeaturePlan,
    Taken { sample, beside }: Taken<'_>,
) -> Result<(Finished, ExamplesRecord, Option<RecordBatch>)> {
    let table = plan.examples_table().to_string();
    let mut builder = key("examples");
    let settings = &plan.settings().examples;
    builder.digest(&data.record(&table)?.digest).text(&settings.label).text(settings.at.as_deref().unwrap_or(""));
    settings.request.iter().for_each(|column| {
        builder.text(column);
    });
    plan.key().iter().for_each(|column| {
        builder.text("key").text(&column.name);
    });
    if let Some(sample) = sample {
        builder.text(&sample.share.to_string()).number(sample.seed);
    }
    if let Some(weight) = beside.weight {
        builder.text("weight").text(weight);
    }
    plan.only_grouping(beside.group).for_each(|column| {
        builder.text("group").text(column);
    });
    let key = builder.finish();
    if let Some(finished) = engine.found("examples", &key).await? {
        let record = finished.value("record")?;
        return Ok((finished, record, None));
    }
    let relation = data.relation(&table)?;
    let mut loaded = None;
    let work = async || {
        let mut examples = plan.examples_beside(&relation, beside)?;
        if let Some(sample) = sample {
            examples.batch = sampled(&examples, plan, sample)?;
        }
        if examples.without_at > 0 {
            engine.progress.note(&format!("examples: {} rows have no `at` and are left out", examples.without_at));
        }
        let labels = examples.labels()?;
        let labelled = labels.len() - labels.null_count();
        let record = ExamplesRecord {
            rows: examples.rows() as u64,
            labelled: labelled as u64,
            weightless: (labelled - examples.counted()?.true_count()) as u64,
            without_at: examples.without_at,
            columns: column_digests(&examples.batch),
        };
        let made = Made::default().cached("rows", to_parquet(&examples.batch)?).kept("record", &record)?;
        loaded = Some(examples.batch);
        Ok(made)
    };
    let finished = engine.step("examples", key, work).await?;
    let record = finished.value("record")?;
    Ok((finished, record, loaded))
}

fn sampled(examples: &Examples, plan: &FeaturePlan, sample: Sample) -> Result<RecordBatch> {
    let hashes = examples.key_hashes(plan)?;
    let keep = hashes.iter().map(|hash| {
        let seed = ropeway_stat::seed_for(sample.seed, &["sample".into(), (*hash).into()]);
        // The upper 53 bits are uniform in [0, 1).
        Some(((seed >> 11) as f64) / ((1_u64 << 53) as f64) < sample.share)
    });
    filter_record_batch(&examples.batch, &keep.collect::<BooleanArray>()).map_err(arrow_defect)
}

fn column_digests(batch: &RecordBatch) -> BTreeMap<String, Digest> {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    columns.map(|(field, column)| (field.name().clone(), typed_digest(column))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_rows_are_grouped_is_in_the_key_of_a_split_by_group_and_of_no_other() {
        let (own, group) = (Digest::of(b"label"), Digest::of(b"household"));
        let mut before = key("split-columns");
        before.number(400).digest(&own);
        assert_eq!(split_columns(400, [&own].into_iter(), &[]), before.finish(), "as it always was");
        let mut before = key("split-columns");
        before.number(400).digest(&own).text(&group.to_string());
        assert_ne!(split_columns(400, [&own].into_iter(), &[Some(group)]), before.finish());
    }
}
