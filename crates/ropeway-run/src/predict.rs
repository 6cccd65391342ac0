//! `ropeway predict`: scores a file, batch by batch, in constant memory.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, FieldRef, Schema, SchemaRef};
use ropeway_learn::{FittedModel, Prediction};
use ropeway_package::{Contents, Package, Predictor, example_readings, with_at};
use ropeway_project::Project;
use ropeway_source::propose::{is_utf8, propose};
use ropeway_source::write::Writer;
use ropeway_source::{Format, SourceSettings, Stream, StreamBatch, Wanted, open_stream_as};
use ropeway_vocab::{AT, Clock, ColumnSpec, ColumnType, Digest, Instant, Kind, Place, Problem, Result, SystemClock};
use serde::Serialize;

use crate::batch::arrow_defect;
use crate::chosen::Chosen;
use crate::file_at;
use crate::predicted;
use crate::progress::Progress;

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
    /// What should be known of it: that it is not the champion, though its name stands for it; that rows have no time.
    pub warnings: Vec<String>,
    /// Seconds on the wall clock.
    pub wall_s: f64,
}

/// Scores the rows of a file. Keeps its rows, their order and their columns, and adds the prediction. A missing `at` is now. Only a package file whose features read no table is scored without a project.
///
/// # Errors
/// An unknown model, a file that lacks a column or holds a value that does not fit, with its line.
pub async fn predict(project: Option<&Project>, options: PredictOptions) -> Result<PredictReport> {
    let started = std::time::Instant::now();
    let chosen = Chosen::find(project, &options.model).await?;
    chosen.check_project(project)?;
    let contents = &chosen.package.contents;
    // The file is opened before the state is built: a wrong one is said at once.
    let mut stream = opened(&options.input, &chosen.package)?;
    let same = |path: &Path| std::fs::canonicalize(path).ok();
    if same(&options.input).is_some_and(|input| same(&options.output) == Some(input)) {
        let what = format!("{} is the file to read and the file to write", options.output.display());
        return Err(Problem::invalid("same-file", what).remedy("name another file after --out"));
    }
    let at = file_at::named(&contents.plan, &stream);
    let schema = written(&stream, &contents.model, &options)?;
    let mut writer = Writer::create(&options.output, Arc::clone(&schema))?;

    options.progress.step_started("state");
    let predictor = chosen.predictor(project).await?;
    options.progress.step_finished("state", "executed", started.elapsed().as_secs_f64());

    let now = SystemClock.now();
    let (mut rows, mut without_at) = (0, 0);
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    loop {
        if options.cancel.load(Ordering::Relaxed) {
            return Err(Problem::new(Kind::Cancelled, "cancelled", "stopped on request").remedy("nothing was written"));
        }
        let timed = |batch: Result<StreamBatch>| match (&at, batch?) {
            (Some(name), batch) => Ok(StreamBatch { rows: file_at::with(&batch.rows, name, &contents.plan)?, ..batch }),
            (None, batch) => Ok(batch),
        };
        let batches = stream.by_ref().take(cores).map(timed).collect::<Result<Vec<_>>>()?;
        if batches.is_empty() {
            break;
        }
        for (batch, predictions) in batches.iter().zip(side_by_side(&predictor, &batches, rows, now)?) {
            writer.write(&with(&predictions, &contents.model, batch, &schema)?)?;
            rows += batch.original.num_rows() as u64;
            without_at += missing_at(&batch.rows);
            options.progress.advance("predict", rows, 0);
        }
    }
    writer.finish()?;
    let mut warnings = chosen.warnings.clone();
    warnings.extend(at.map(|name| format!("the prediction time of a row is its `{name}`, as `at` of [examples] says")));
    if contents.plan.has_time() && without_at > 0 {
        let of = if without_at == rows { "no row has".into() } else { format!("{without_at} of {rows} rows have no") };
        let of = if without_at == rows { format!("{of} an `at`") } else { format!("{of} `at`") };
        warnings.push(format!(
            "{of}: they are scored as of now, {now}, with what is known by now; a column `at` says another time"
        ));
    }
    Ok(PredictReport {
        rows,
        model: contents.name.clone(),
        version: chosen.version,
        digest: chosen.package.digest,
        warnings,
        wall_s: started.elapsed().as_secs_f64(),
    })
}

/// How many rows have no prediction time.
fn missing_at(rows: &RecordBatch) -> u64 {
    rows.column_by_name(AT).map_or(rows.num_rows(), |at| at.null_count()) as u64
}

/// The predictions of each batch, one thread a batch. `before` rows of the file have been predicted for.
fn side_by_side(
    predictor: &Predictor,
    batches: &[StreamBatch],
    before: u64,
    now: Instant,
) -> Result<Vec<Vec<Prediction>>> {
    let one = |batch: &StreamBatch, before: u64| -> Result<Vec<Prediction>> {
        let timed = predictor.package().contents.plan.has_time();
        let examples = if timed { with_at(&batch.rows, now)? } else { batch.rows.clone() };
        let name = |row: usize| format!("row {} of the file", before + row as u64 + 1);
        Ok(predictor.answer_named(&examples, &name)?.predictions)
    };
    std::thread::scope(|scope| {
        let starts = batches.iter().scan(before, |start, batch| {
            let this = *start;
            *start += batch.original.num_rows() as u64;
            Some((batch, this))
        });
        let hands: Vec<_> = starts.map(|(batch, start)| scope.spawn(move || one(batch, start))).collect();
        let ended = |_| Problem::internal("a thread ended early");
        hands.into_iter().map(|hand| hand.join().map_err(ended)?).collect()
    })
}

fn wanted(column: ColumnSpec) -> Wanted {
    let required = column.name != AT;
    Wanted { name: column.name, ty: column.ty, required, personal: column.personal }
}

/// Opens the file by its name's delimiter or, where columns are missing so, by one of the sources', or in all the form of
/// one. A file that is not in UTF-8 is in the encoding of the sources. Every key of JSON lines is a column of the output,
/// wherever it first stands.
fn opened(input: &Path, package: &Package) -> Result<Stream> {
    let Contents { plan, definitions, .. } = &package.contents;
    let mut wanted: Vec<Wanted> = plan.input_columns().into_iter().map(wanted).collect();
    if let Some(name) = plan.at_name().filter(|name| wanted.iter().all(|column| column.name != *name)) {
        let personal = plan.is_personal(name);
        wanted.push(Wanted { name: name.to_owned(), ty: ColumnType::Timestamp, required: false, personal });
    }
    let readings = example_readings(package)?;
    let sources = || definitions.sources.values().map(|source| &source.settings);
    let mut settings = SourceSettings { infer_rows: usize::MAX, ..SourceSettings::of_file("") };
    let declared = sources().find_map(|source| source.encoding.clone());
    if declared.is_some() && !is_utf8(input) {
        settings.encoding = declared;
    }
    let open = |settings: &SourceSettings| open_stream_as(input, settings, &wanted, &readings);
    open(&settings).or_else(|problem| {
        let mut delimiters = sources().filter_map(|source| source.delimiter.as_ref());
        let with = |delimiter: &String| SourceSettings { delimiter: Some(delimiter.clone()), ..settings.clone() };
        let found = delimiters.find_map(|delimiter| open(&with(delimiter)).ok());
        found.or_else(|| sources().find_map(|source| open(&in_form_of(source, &settings, input)).ok())).ok_or(problem)
    })
}

/// The form of a source, with no more rows left out at the end than this file itself says are no part of the table.
fn in_form_of(source: &SourceSettings, settings: &SourceSettings, input: &Path) -> SourceSettings {
    let mut form = settings.in_form_of(source);
    if form.skip_footer > 0
        && let Ok(own) = propose(input, Path::new(""))
    {
        form.skip_footer = form.skip_footer.min(own.settings.skip_footer);
    }
    form
}

/// What is written: all columns as they were read, which the writer knows how to keep, and the prediction. Numbers that are spelled
/// as only their source spells them (`27,39 €`) become numbers in JSON lines.
fn written(stream: &Stream, model: &FittedModel, options: &PredictOptions) -> Result<SchemaRef> {
    let original = stream.original_schema();
    let mut fields: Vec<FieldRef> = original.fields().to_vec();
    if Format::of_name(&options.output.to_string_lossy()) == Some(Format::Jsonl) {
        for column in stream.spelled_as_their_source() {
            let place = original.index_of(&column.name).map_err(arrow_defect)?;
            fields[place] = Arc::new(Field::new(&column.name, column.ty.arrow(), true));
        }
    }
    for (name, ty) in predicted::columns(model) {
        if original.column_with_name(&name).is_some() {
            return Err(Problem::invalid("column-taken", format!("the file has a column `{name}` already"))
                .at(Place::file(options.input.display().to_string()))
                .remedy("rename it: the prediction takes this name"));
        }
        fields.push(Arc::new(Field::new(name, ty, false)));
    }
    Ok(Arc::new(Schema::new(fields)))
}

/// Rows with their predictions.
fn with(
    predictions: &[Prediction],
    model: &FittedModel,
    batch: &StreamBatch,
    schema: &SchemaRef,
) -> Result<RecordBatch> {
    let mut columns: Vec<ArrayRef> = batch.original.columns().to_vec();
    for (column, field) in columns.iter_mut().zip(schema.fields()) {
        let typed = batch.rows.column_by_name(field.name());
        if let Some(typed) = typed.filter(|_| column.data_type() != field.data_type()) {
            *column = Arc::clone(typed);
        }
    }
    columns.extend(predicted::arrays(predictions, model));
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(arrow_defect)
}
