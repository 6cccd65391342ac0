//! `ropeway predict`: scores a file, batch by batch, in constant memory.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{Array, ArrayRef, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use ropeway_feature::FeaturePlan;
use ropeway_learn::{FittedModel, Prediction};
use ropeway_package::{OutOfRange, Seen, Unfamiliar};
use ropeway_project::Project;
use ropeway_source::write::Writer;
use ropeway_source::{Format, Stream, StreamBatch, told_apart};
use ropeway_vocab::{AT, Clock, ColumnSpec, Digest, Instant, Kind, Problem, Result, SystemClock};
use serde::Serialize;

use crate::absent;
use crate::batch::arrow_defect;
use crate::chosen::Chosen;
use crate::file_at;
use crate::predicted;
use crate::progress::Progress;
use crate::score::{Scored, Scorer};
use crate::to_score::{ToScore, opened};
use crate::unscored::{Unscored, Why};

/// The column that says why a row is not scored: always there, so that what reads the output finds one schema.
const NOT_SCORED: &str = "not_scored";

/// What to score.
pub struct PredictOptions {
    /// A name, `NAME@VERSION`, `NAME@ALIAS`, or a package file.
    pub model: String,
    /// The examples.
    pub input: PathBuf,
    /// The sheet of a workbook; by default the one with the columns of the model.
    pub sheet: Option<String>,
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
    /// Rows with a prediction.
    pub scored: u64,
    /// The other rows, and why.
    pub not_scored: Unscored,
    /// The model's name.
    pub model: String,
    /// Its version, where it is registered.
    pub version: Option<u64>,
    /// Its digest.
    pub digest: Digest,
    /// The sheet that was read, where the file is a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Numbers that lie outside their range in training, by feature, those of most rows first.
    pub out_of_range: Vec<OutOfRange>,
    /// What should be known of it: that it is not the champion, though its name stands for it; that rows have no time; that values are unlike those of the training.
    pub warnings: Vec<String>,
    /// Seconds on the wall clock.
    pub wall_s: f64,
}

/// Scores the rows of a file. Keeps its rows, their order and their columns, and adds the prediction, or why there is none: a row
/// that cannot be read costs itself. A missing `at` is now. Only a package file whose features read no table is scored without a project.
///
/// # Errors
/// An unknown model, a file that lacks a column.
pub async fn predict(project: Option<&Project>, options: PredictOptions) -> Result<PredictReport> {
    let started = std::time::Instant::now();
    let chosen = Chosen::find(project, &options.model).await?;
    chosen.check_project(project)?;
    let contents = &chosen.package.contents;
    // The file is opened before the state is built: a wrong one is said at once.
    let ToScore { mut stream, sheet, absent, warnings: left_out } =
        opened(&options.input, options.sheet.as_deref(), &chosen.package)?;
    differ(&options)?;
    let at = file_at::named(&contents.plan, &stream);
    let (schema, typed, renamed) = written(&stream, &contents.model, &options)?;
    let mut writer = Writer::create(&options.output, Arc::clone(&schema))?;

    options.progress.step_started("state");
    let predictor = chosen.predictor(project).await?;
    options.progress.step_finished("state", "executed", started.elapsed().as_secs_f64());

    let now = SystemClock.now();
    let (mut rows, mut without_at) = (0, 0);
    let seen = Seen::of(contents);
    let counted = if stream.format() == Format::Parquet { "row" } else { "line" };
    let (mut unscored, mut unfamiliar) = (Unscored::none(counted), Unfamiliar::default());
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    loop {
        go_on(&options)?;
        let whole = |batch: Result<StreamBatch>| whole(batch?, at.as_deref(), &absent, &contents.plan);
        let batches = stream.by_ref().take(cores).map(whole).collect::<Result<Vec<_>>>()?;
        if batches.is_empty() {
            break;
        }
        let scorer = Scorer { predictor: &predictor, seen: &seen, now };
        for (batch, scored) in batches.iter().zip(side_by_side(&scorer, &batches)?) {
            let why = reasons(batch, &scored, &mut unscored);
            writer.write(&with(&scored.rows, why, &contents.model, batch, (&schema, &typed))?)?;
            rows += batch.original.num_rows() as u64;
            without_at += missing_at(batch, &scored);
            unfamiliar.add(scored.unfamiliar);
            options.progress.advance("predict", rows, 0);
        }
    }
    writer.finish()?;
    let mut warnings = chosen.warnings.clone();
    warnings.extend(left_out.into_iter().chain(renamed));
    warnings.extend(at.map(|name| format!("the prediction time of a row is its `{name}`, as `at` of [examples] says")));
    let scored = rows - unscored.rows;
    warnings.extend(untimed(without_at, scored, now).filter(|_| contents.plan.has_time()));
    warnings.extend(seen.warnings(&unfamiliar));
    Ok(PredictReport {
        rows,
        scored,
        not_scored: unscored.ordered(),
        model: contents.name.clone(),
        version: chosen.version,
        digest: chosen.package.digest,
        sheet,
        out_of_range: seen.out_of_range(&unfamiliar),
        warnings,
        wall_s: started.elapsed().as_secs_f64(),
    })
}

/// The batch with the column that is its `at`, and those that the file lacks.
fn whole(batch: StreamBatch, at: Option<&str>, absent: &[ColumnSpec], plan: &FeaturePlan) -> Result<StreamBatch> {
    let timed = match at {
        Some(name) => file_at::with(&batch.rows, name, plan)?,
        None => batch.rows,
    };
    Ok(StreamBatch { rows: absent::with(&timed, absent)?, ..batch })
}

/// Ends the work where that is asked for.
fn go_on(options: &PredictOptions) -> Result<()> {
    if options.cancel.load(Ordering::Relaxed) {
        return Err(Problem::new(Kind::Cancelled, "cancelled", "stopped on request").remedy("nothing was written"));
    }
    Ok(())
}

/// Refuses to write over the file that is read.
fn differ(options: &PredictOptions) -> Result<()> {
    let same = |path: &Path| std::fs::canonicalize(path).ok();
    if same(&options.input).is_none_or(|input| same(&options.output) != Some(input)) {
        return Ok(());
    }
    let what = format!("{} is the file to read and the file to write", options.output.display());
    Err(Problem::invalid("same-file", what).remedy("name another file after --out"))
}

/// What to say of rows that are scored without a time of their own.
fn untimed(without: u64, scored: u64, now: Instant) -> Option<String> {
    let of = match without {
        0 => return None,
        all if all == scored => "no row has an `at`".to_owned(),
        some => format!("{some} of {scored} rows have no `at`"),
    };
    Some(format!("{of}: they are scored as of now, {now}, with what is known by now; a column `at` says another time"))
}

/// How many of the rows that are scored have no prediction time.
fn missing_at(batch: &StreamBatch, scored: &Scored) -> u64 {
    let at = batch.rows.column_by_name(AT);
    let without = |row: usize| at.is_none_or(|at| at.is_null(row));
    scored.rows.iter().enumerate().filter(|(row, scored)| scored.is_ok() && without(*row)).count() as u64
}

/// The predictions of each batch, one thread a batch.
fn side_by_side(scorer: &Scorer<'_>, batches: &[StreamBatch]) -> Result<Vec<Scored>> {
    std::thread::scope(|scope| {
        let hands: Vec<_> = batches.iter().map(|batch| scope.spawn(move || scorer.batch(batch))).collect();
        let ended = |_| Problem::internal("a thread ended early");
        hands.into_iter().map(|hand| hand.join().map_err(ended)?).collect()
    })
}

/// Why each row is not scored, with its place; nothing where it is.
fn reasons(batch: &StreamBatch, scored: &Scored, unscored: &mut Unscored) -> StringArray {
    let mut told = StringBuilder::new();
    for (line, row) in batch.lines.iter().zip(&scored.rows) {
        match row {
            Ok(_) => told.append_null(),
            Err(why) => told.append_value(unscored.add(*line, why)),
        }
    }
    told.finish()
}

/// The columns that are written, by which of those that are read, and what is to be said of their names.
type Written = (SchemaRef, Vec<Option<usize>>, Vec<String>);

/// What is written: all columns as they were read, which the writer knows how to keep, and the prediction. Numbers that are spelled
/// as only their source spells them (`27,39 €`) become numbers in JSON lines; percentages stay as they are spelled. For each
/// column of the file also the one that is read from it, where that is written in its place; and what is to be said of names of
/// the prediction that columns of the file have.
fn written(stream: &Stream, model: &FittedModel, options: &PredictOptions) -> Result<Written> {
    let original = stream.original_schema();
    let mut fields: Vec<FieldRef> = original.fields().to_vec();
    let mut typed = vec![None; fields.len()];
    if Format::of_name(&options.output.to_string_lossy()) == Some(Format::Jsonl) {
        for (from, field) in stream.spelled_as_their_source() {
            let place = original.index_of(field.name()).map_err(arrow_defect)?;
            (fields[place], typed[place]) = (Arc::new(field), Some(from));
        }
    }
    let (added, types): (Vec<String>, Vec<DataType>) =
        predicted::columns(model).into_iter().chain([(NOT_SCORED.to_owned(), DataType::Utf8)]).unzip();
    let own = fields.iter().map(|field| field.name().clone());
    let names = told_apart(own.chain(added.iter().cloned()).collect()).split_off(fields.len());
    let differ = added.iter().zip(&names).filter(|(usual, name)| usual != name);
    let told = |(usual, name)| format!("the file has a column `{usual}`: what is predicted is called `{name}`");
    let renamed = differ.map(told).collect();
    fields.extend(names.into_iter().zip(types).map(|(name, ty)| Arc::new(Field::new(name, ty, true))));
    Ok((Arc::new(Schema::new(fields)), typed, renamed))
}

/// Rows with their predictions.
fn with(
    predictions: &[Result<Prediction, Why>],
    why: StringArray,
    model: &FittedModel,
    batch: &StreamBatch,
    (schema, typed): (&SchemaRef, &[Option<usize>]),
) -> Result<RecordBatch> {
    let mut columns: Vec<ArrayRef> = batch.original.columns().to_vec();
    for ((column, field), from) in columns.iter_mut().zip(schema.fields()).zip(typed) {
        if let Some(from) = from.filter(|_| column.data_type() != field.data_type()) {
            *column = Arc::clone(batch.rows.column(from));
        }
    }
    columns.extend(predicted::arrays(predictions, model));
    columns.push(Arc::new(why));
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(arrow_defect)
}
