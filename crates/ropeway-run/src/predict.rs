//! `ropeway predict`: scores a file, batch by batch, in constant memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{ArrayRef, AsArray, BooleanArray, Float64Array, RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimestampMicrosecondType};
use ropeway_learn::Prediction;
use ropeway_package::{Package, Predictor, Relations};
use ropeway_project::Project;
use ropeway_registry::Registry;
use ropeway_source::write::Writer;
use ropeway_source::{SourceSettings, Wanted, open_stream};
use ropeway_store::Store;
use ropeway_vocab::{AT, Clock, ColumnSpec, Digest, Instant, Kind, Place, Problem, Result, SystemClock};
use serde::Serialize;

use crate::features::{arrow_defect, batch_of};
use crate::progress::Progress;
use crate::run::store_root;

const PROBABILITY: &str = "probability";
const DECISION: &str = "decision";

/// What to score.
pub struct PredictOptions {
    /// A name, `NAME@VERSION`, `NAME@ALIAS`, or a package file.
    pub model: String,
    /// The examples.
    pub input: PathBuf,
    /// Where to write them with their scores.
    pub output: PathBuf,
    /// Who watches.
    pub progress: Arc<dyn Progress>,
    /// Set to stop.
    pub cancel: Arc<AtomicBool>,
}

/// What was scored.
#[derive(Debug, Clone, Serialize)]
pub struct PredictReport {
    /// Rows read and written.
    pub rows: u64,
    /// The model's name.
    pub model: String,
    /// Its version, where it is registered.
    pub version: Option<u64>,
    /// Its digest.
    pub digest: Digest,
    /// Seconds on the wall clock.
    pub wall_s: f64,
}

/// A model that was asked for, opened.
pub(crate) struct Chosen {
    pub package: Arc<Package>,
    pub version: Option<u64>,
}

/// Opens a package file, or finds a version in the registry.
pub(crate) async fn choose(store: &Store, model: &str) -> Result<Chosen> {
    if model.ends_with(".ropeway") || model.contains('/') {
        return Ok(Chosen { package: Arc::new(Package::open_file(Path::new(model))?), version: None });
    }
    let found = Registry::open(store).await?.resolve(model).await?;
    let package = Package::open(&store.blobs().get(&found.package)?)?;
    if package.digest != found.digest {
        return Err(Problem::new(
            Kind::Corrupt,
            "wrong-package",
            "the stored package is not the one that was registered",
        )
        .remedy("run the project again to make it anew"));
    }
    Ok(Chosen { package: Arc::new(package), version: Some(found.version) })
}

/// The relations behind a package's features, from the project's sources and posts as they are now.
pub(crate) async fn relations(project: &Project, package: &Package) -> Result<Relations> {
    let paths = project.settings.source.iter().map(|(name, source)| (name.clone(), source.path.clone())).collect();
    Relations::load(package, &project.root, &paths, &store_root(project)).await
}

/// Scores the rows of a file. Keeps its rows, their order and their columns, and adds `probability` and `decision`. A
/// missing `at` is now.
///
/// # Errors
/// An unknown model, a file that lacks a column or holds a value that does not fit, with its line.
pub async fn predict(project: &Project, options: PredictOptions) -> Result<PredictReport> {
    let started = std::time::Instant::now();
    let store = Store::open(&store_root(project)).await?;
    let chosen = choose(&store, &options.model).await?;
    let contents = &chosen.package.contents;
    let settings = reading(&chosen.package);
    let wanted: Vec<Wanted> = contents.plan.input_columns().into_iter().map(wanted).collect();
    // The file is opened before the state is built: a wrong one is said at once.
    let stream = open_stream(&options.input, &settings, &wanted)?;
    let schema = output_schema(&stream.original_schema(), &options.input)?;
    let mut writer = Writer::create(&options.output, Arc::clone(&schema))?;

    options.progress.step_started("state");
    let relations = relations(project, &chosen.package).await?;
    let predictor = Predictor::new(Arc::clone(&chosen.package), &relations.by_name)?;
    drop(relations);
    options.progress.step_finished("state", "executed", started.elapsed().as_secs_f64());

    let now = SystemClock.now();
    let mut rows = 0;
    for batch in stream {
        if options.cancel.load(Ordering::Relaxed) {
            return Err(Problem::new(Kind::Cancelled, "cancelled", "stopped on request").remedy("nothing was written"));
        }
        let batch = batch?;
        let inputs = with_at(&batch.rows, contents.plan.has_time().then_some(now))?;
        let answers = predictor.answer(&inputs)?;
        writer.write(&output(&schema, &batch.original, &answers.predictions)?)?;
        rows += batch.original.num_rows() as u64;
        options.progress.advance("predict", rows, 0);
    }
    writer.finish()?;
    store.close().await;
    Ok(PredictReport {
        rows,
        model: contents.name.clone(),
        version: chosen.version,
        digest: chosen.package.digest,
        wall_s: started.elapsed().as_secs_f64(),
    })
}

fn wanted(column: ColumnSpec) -> Wanted {
    let required = column.name != AT;
    Wanted { name: column.name, ty: column.ty, required, personal: column.personal }
}

/// Files to score spell missing values and local times as the sources do that the examples come from.
fn reading(package: &Package) -> SourceSettings {
    let mut settings = SourceSettings::of_file("");
    for source in package.contents.definitions.sources.values() {
        for null in &source.settings.null {
            if !settings.null.contains(null) {
                settings.null.push(null.clone());
            }
        }
        if settings.zone.is_none() {
            settings.zone.clone_from(&source.settings.zone);
        }
    }
    settings
}

/// Fills in `now` where `at` is missing or not there at all.
pub(crate) fn with_at(rows: &RecordBatch, now: Option<Instant>) -> Result<RecordBatch> {
    let Some(now) = now else { return Ok(rows.clone()) };
    let mut columns: Vec<(String, ArrayRef)> = Vec::with_capacity(rows.num_columns() + 1);
    for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
        if field.name() != AT {
            columns.push((field.name().clone(), Arc::clone(column)));
        }
    }
    let at: TimestampMicrosecondArray = match rows.column_by_name(AT) {
        Some(column) => {
            let column = column.as_primitive_opt::<TimestampMicrosecondType>();
            let column = column.ok_or_else(|| Problem::internal("`at` is not a timestamp"))?;
            column.iter().map(|at| Some(at.unwrap_or(now.micros()))).collect()
        }
        None => std::iter::repeat_n(Some(now.micros()), rows.num_rows()).collect(),
    };
    columns.push((AT.into(), Arc::new(at.with_timezone("UTC"))));
    batch_of(rows.num_rows(), columns)
}

fn output_schema(original: &SchemaRef, input: &Path) -> Result<SchemaRef> {
    let mut fields: Vec<Arc<Field>> = original.fields().iter().cloned().collect();
    for (name, ty) in [(PROBABILITY, DataType::Float64), (DECISION, DataType::Boolean)] {
        if original.column_with_name(name).is_some() {
            return Err(Problem::invalid("column-taken", format!("the file has a column `{name}` already"))
                .at(Place::file(input.display().to_string()))
                .remedy("rename it: the prediction takes this name"));
        }
        fields.push(Arc::new(Field::new(name, ty, false)));
    }
    Ok(Arc::new(Schema::new(fields)))
}

fn output(schema: &SchemaRef, original: &RecordBatch, predictions: &[Prediction]) -> Result<RecordBatch> {
    let mut columns = original.columns().to_vec();
    columns.push(Arc::new(Float64Array::from_iter_values(predictions.iter().map(|p| p.probability))));
    columns.push(Arc::new(BooleanArray::from_iter(predictions.iter().map(|p| Some(p.decision)))));
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(arrow_defect)
}
