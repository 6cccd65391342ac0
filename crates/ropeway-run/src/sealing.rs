//! The step that seals the package, and the examples it carries to prove itself with.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray, UInt32Array, new_null_array};
use arrow::compute::take_record_batch;
use ropeway_feature::{FeaturePlan, StepKind};
use ropeway_learn::FittedModel;
use ropeway_learn::tune::SearchOutcome;
use ropeway_package::{Contents, Lineage, Package};
use ropeway_table::profile_columns;
use ropeway_vocab::{AT, ColumnSpec, Problem, Result, without_mails};

use crate::batch::{arrow_defect, batch_of};
use crate::data::Data;
use crate::learning::{LearnInputs, Load};
use crate::population::Learnable;
use crate::record::to_json;
use crate::step::{Engine, Finished, Made, key};

/// How many examples a package carries.
const EXAMPLES: usize = 32;

/// What a package is sealed from.
pub(crate) struct Sealed<'a> {
    pub name: &'a str,
    pub data: &'a Data,
    pub plan: &'a FeaturePlan,
    pub outcome: &'a SearchOutcome,
    pub sample: Option<f64>,
}

/// Seals the model into a package.
pub(crate) async fn package_step(
    engine: &Engine,
    inputs: LearnInputs<'_>,
    sealed: Sealed<'_>,
    model: &Finished,
    load: Load<'_>,
) -> Result<Finished> {
    let mut builder = key("package");
    builder.text(sealed.name).digest(&model.digest("model")?).digest(&inputs.examples).number(inputs.seed);
    builder.text(&to_json(inputs.costs)?);
    builder.text(&sealed.sample.map_or_else(String::new, |share| share.to_string()));
    for name in sealed.data.plan.order() {
        builder.text(name).text(sealed.data.plan.normalized(name)?);
        for check in sealed.data.plan.normalized_checks(name)? {
            builder.text(&check);
        }
    }
    // What is sealed and decides nothing that was computed: how `at` is read, what a key is called, which contents there were.
    builder.text(&to_json(sealed.plan.settings())?);
    for source in sealed.data.plan.definitions().sources.keys() {
        builder.digest(&sealed.data.record(source)?.digest);
    }
    for step in sealed.plan.steps() {
        builder.digest(&step.digest);
    }
    let work = async || {
        let learnable = load()?;
        let contents = contents(&sealed, inputs, model.value("model")?, &learnable)?;
        let (package, bytes) = Package::seal(contents)?;
        Made::default().kept_bytes("package", bytes).kept("digest", &package.digest)
    };
    engine.step("package", builder.finish(), work).await
}

fn contents(
    sealed: &Sealed<'_>,
    inputs: LearnInputs<'_>,
    model: FittedModel,
    learnable: &Learnable,
) -> Result<Contents> {
    let plan = sealed.plan.clone();
    let definitions = sealed.data.plan.definitions().without_paths();
    let sources = definitions.sources.keys().map(|name| Ok((name.clone(), sealed.data.record(name)?.digest)));
    let lineage = Lineage {
        sources: sources.collect::<Result<_>>()?,
        examples: inputs.examples,
        candidate: sealed.outcome.settings.clone(),
        rounds: sealed.outcome.rounds,
        costs: inputs.costs.clone(),
        seed: inputs.seed,
        sample: sealed.sample,
        ropeway: env!("CARGO_PKG_VERSION").into(),
    };
    let columns: Vec<ColumnSpec> = plan.features().iter().map(column_of).collect();
    let train = UInt32Array::from(learnable.split.train.clone());
    let trained = take_record_batch(&learnable.population.features, &train).map_err(arrow_defect)?;
    let profile = profile_columns(&columns, &trained);
    let examples = examples(&plan, learnable)?;
    let scores = model.predict(&examples)?;
    Ok(Contents { name: sealed.name.into(), definitions, plan, model, profile, lineage, examples, scores })
}

fn column_of(feature: &ropeway_feature::FeatureSpec) -> ColumnSpec {
    let (name, ty, personal) = (feature.name.clone(), feature.ty, feature.personal);
    ColumnSpec { name, ty, known_ahead: true, personal }
}

/// The column without the mail addresses in its texts.
fn masked(column: &ArrayRef) -> ArrayRef {
    let Some(texts) = column.as_string_opt::<i32>() else { return Arc::clone(column) };
    Arc::new(texts.iter().map(|text| text.map(without_mails)).collect::<StringArray>())
}

/// Training examples, evenly spread, with all features and `at`. What is personal is left out (missing) before derived
/// features are computed and scores are made: a package carries no row about a person.
fn examples(plan: &FeaturePlan, learnable: &Learnable) -> Result<RecordBatch> {
    let train = &learnable.split.train;
    let count = train.len().min(EXAMPLES);
    let rows = UInt32Array::from_iter_values((0..count).map(|i| train[i * train.len() / count]));
    let features = take_record_batch(&learnable.population.features, &rows).map_err(arrow_defect)?;
    let mut columns: Vec<(String, ArrayRef)> = Vec::new();
    if let Some(at) = &learnable.population.at {
        let at = arrow::array::TimestampMicrosecondArray::from_iter_values(
            rows.values().iter().map(|row| at[*row as usize]),
        );
        columns.push((AT.into(), Arc::new(at.with_timezone("UTC"))));
    }
    for feature in plan.features() {
        let column = features.column_by_name(&feature.name).ok_or_else(|| Problem::internal("a feature is missing"))?;
        let column = if feature.personal { new_null_array(column.data_type(), count) } else { masked(column) };
        columns.push((feature.name.clone(), column));
    }
    for step in plan.steps().iter().filter(|step| step.kind == StepKind::Derive) {
        let derived = plan.derive(&step.name, &batch_of(count, columns.clone())?)?;
        for (name, column) in &mut columns {
            if *name == step.name {
                *column = Arc::clone(derived.column(0));
            }
        }
    }
    batch_of(count, columns)
}

/// Writes the package where people look for it; the blob in the store is the record.
pub(crate) fn write_package(engine: &Engine, name: &str, version: u64, bytes: &[u8]) -> Result<String> {
    let relative = format!("models/{name}/{version}/{name}.ropeway");
    let path = engine.store.root().join(&relative);
    let failed = |error: std::io::Error| Problem::io(format!("writing the package .ropeway/{relative}"), &error);
    match std::fs::read(&path) {
        Ok(there) if there == bytes => return Ok(format!(".ropeway/{relative}")),
        Ok(_) => engine
            .progress
            .note(&format!(".ropeway/{relative} was not the package of version {version}; it is written anew")),
        Err(_) => {}
    }
    let folder = path.parent().ok_or_else(|| Problem::internal("a package has no folder"))?;
    std::fs::create_dir_all(folder).map_err(failed)?;
    let half = path.with_extension("part");
    std::fs::write(&half, bytes).map_err(failed)?;
    std::fs::File::open(&half).and_then(|file| file.sync_all()).map_err(failed)?;
    std::fs::rename(&half, &path).map_err(failed)?;
    Ok(format!(".ropeway/{relative}"))
}
