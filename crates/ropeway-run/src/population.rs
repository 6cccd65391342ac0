//! What is learned from: the labelled examples with their features, and how they are split. Made when a learning step
//! has to be executed; a run in which nothing changed never loads them.

use arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, UInt64Array};
use arrow::compute::{filter, filter_record_batch};
use arrow::row::{RowConverter, SortField};
use ropeway_learn::settings::SplitBy;
use ropeway_learn::{Population, RecipeSettings, Split, SplitSettings, Target, Task, block_count, split};
use ropeway_project::Project;
use ropeway_registry::Holdout;
use ropeway_stat::seed_for;
use ropeway_vocab::{Digest, DigestBuilder, Problem, Result};
use serde::{Deserialize, Serialize};

use crate::batch::arrow_defect;
use crate::features::{ExamplesRecord, Featured};
use crate::finding::NearZero;
use crate::held_out;
use crate::report::ExampleReport;
use crate::step::{Engine, Made, key};
use crate::weights::{SplitWeights, WeightReport, weights};

/// What is recorded of a split.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SplitRecord {
    pub train: u64,
    pub purged: u64,
    pub purged_in_folds: u64,
    /// Left out of training by the gap before the holdout.
    #[serde(default)]
    pub apart: u64,
    pub holdout: u64,
    /// What both count, where examples have weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<SplitWeights>,
    pub train_classes: Classes,
    pub holdout_classes: Classes,
    /// Labels that mape cannot divide by; none of a split that was recorded before they were counted.
    #[serde(default)]
    pub near_zero: NearZero,
    /// The blocks from which intervals are drawn of the validation figures and of those of the holdout, where rows are not
    /// independent.
    pub blocks: (Option<u64>, Option<u64>),
    /// The identity of the holdout: its examples and their labels, whatever the features.
    pub holdout_digest: Digest,
    /// The identity of the whole split.
    pub digest: Digest,
}

/// Rows of each class by its name; of a label that is a number none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Classes(pub Vec<(String, u64)>);

impl Classes {
    pub fn of(population: &Population, rows: &[u32]) -> Self {
        let names: Vec<String> = match &population.target {
            Target::Binary => vec!["negative".into(), "positive".into()],
            Target::Classes(names) => names.clone(),
            Target::Number => return Self(Vec::new()),
        };
        let mut counts = vec![0; names.len()];
        rows.iter().for_each(|row| counts[population.label[*row as usize] as usize] += 1);
        Self(names.into_iter().zip(counts).collect())
    }
}

/// What is told of the examples and how they are split.
pub(crate) fn example_report(examples: &ExamplesRecord, split: &SplitRecord, weight: Option<&str>) -> ExampleReport {
    let of = |(column, split): (&str, SplitWeights)| WeightReport {
        column: column.to_owned(),
        zero: examples.weightless,
        train: split.train,
        holdout: split.holdout,
    };
    ExampleReport {
        rows: examples.rows,
        without_at: examples.without_at,
        labelled: examples.labelled,
        train: split.train,
        purged: split.purged,
        purged_in_folds: split.purged_in_folds,
        apart: split.apart,
        holdout: split.holdout,
        weight: weight.zip(split.weight).map(of),
    }
}

/// The settings by which examples become a population.
#[derive(Clone, Copy)]
pub(crate) struct Drawing<'a> {
    pub split: &'a SplitSettings,
    pub task: Task,
    pub recipe: &'a RecipeSettings,
}

impl<'a> Drawing<'a> {
    /// Those of a project.
    pub fn of(project: &'a Project) -> Self {
        let settings = &project.settings;
        Self { split: &settings.split, task: settings.learn.task, recipe: &settings.recipe }
    }
}

/// The population and its split.
pub(crate) struct Learnable {
    pub population: Population,
    /// A number for what each row holds (its `at` and request columns), whatever its key; none where nothing is asked.
    pub contents: Option<Vec<u64>>,
    pub split: Split,
    /// By what holdout and folds are drawn.
    pub by: (SplitBy, SplitBy),
    /// Features that say something about a person: none of their values is kept.
    pub personal: Vec<String>,
}

/// A split that was found or made.
pub(crate) struct Drawn {
    pub record: SplitRecord,
    /// The holdout, for the ledger of looks.
    pub holdout: Holdout,
    /// The population, where it had to be made for it.
    pub made: Option<Learnable>,
}

/// Draws holdout and folds. `sources` are the contents that the examples are made of.
pub(crate) async fn split_step(
    engine: &Engine,
    featured: &mut Featured,
    drawing: Drawing<'_>,
    seed: u64,
    sources: &[Digest],
) -> Result<Drawn> {
    let Drawing { split: settings, task, .. } = drawing;
    let mut builder = key("split");
    let read = featured.split_digest(settings.group_columns()?)?;
    builder.text(&crate::record::to_json(settings)?).text(task.name()).digest(&read).number(seed);
    for source in sources {
        builder.digest(source);
    }
    let key = builder.finish();
    let mut made = None;
    let finished = match engine.found("split", &key).await? {
        Some(finished) => finished,
        None => {
            let work = async || {
                let learnable = learnable(featured, drawing, seed)?;
                let record = record(&learnable)?;
                let rows = ropeway_registry::holdout_rows(held_out::rows(featured, &learnable, sources));
                made = Some(learnable);
                Ok(Made::default().kept("record", &record)?.kept_bytes("holdout", rows))
            };
            engine.step("split", key, work).await?
        }
    };
    let record: SplitRecord = finished.value("record")?;
    let holdout = Holdout { digest: record.holdout_digest, rows: finished.digest("holdout")? };
    Ok(Drawn { record, holdout, made })
}

/// Loads the labelled examples and splits them.
pub(crate) fn learnable(featured: &mut Featured, drawing: Drawing<'_>, seed: u64) -> Result<Learnable> {
    let settings = drawing.split;
    let population = population(featured, drawing)?;
    let contents = contents(featured)?;
    featured.forget_rows();
    let by = settings.resolved(population.at.is_some());
    let split = split(settings, &population, seed_for(seed, &["split".into()]))?;
    let personal = featured.plan.features().iter().filter(|feature| feature.personal);
    let personal = personal.map(|feature| feature.name.clone()).collect();
    Ok(Learnable { population, contents, split, by, personal })
}

/// What each labelled example holds, as a number.
fn contents(featured: &mut Featured) -> Result<Option<Vec<u64>>> {
    let examples = featured.examples()?;
    let counted = examples.counted()?;
    let labelled = |hashes: Vec<u64>| {
        hashes.into_iter().enumerate().filter(|(row, _)| counted.value(*row)).map(|(_, hash)| hash).collect()
    };
    Ok(examples.request_hashes(&featured.plan)?.map(labelled))
}

fn population(featured: &mut Featured, Drawing { split: settings, task, recipe }: Drawing<'_>) -> Result<Population> {
    let examples = featured.examples()?;
    let labels = examples.labels()?;
    let labelled = examples.counted()?;
    let kept = |array: &dyn Array| filter(array, &labelled).map_err(arrow_defect);
    let hashes = UInt64Array::from(examples.key_hashes(&featured.plan)?);
    let at = match examples.at() {
        Some(at) => Some(micros(&kept(at)?)?.into_iter().flatten().collect::<Vec<i64>>()),
        None => None,
    };
    let known = examples.label_known_at()?;
    // A static table says of no label when it became known: then nothing can be purged. Of a timed one, a label whose time is
    // missing is never known.
    let says = featured.plan.labels_timed();
    let features = featured.features()?;
    let key_hash: Vec<u64> =
        hashes.iter().zip(&labelled).filter(|(_, keep)| *keep == Some(true)).filter_map(|(h, _)| h).collect();
    let columns = [&examples.batch, &features];
    let group = group(columns, settings.group_columns()?, (&labelled, &key_hash))?;
    let weight = weights(&examples, featured, &labelled)?;
    let (target, label) = crate::labels::labels(&kept(labels)?, featured.plan.label_type(), task)?;
    Ok(Population {
        features: filter_record_batch(&features, &labelled).map_err(arrow_defect)?,
        recipe: recipe.clone(),
        target,
        label,
        weight,
        label_known: (at.is_some() && says).then(|| micros(&kept(known)?)).transpose()?,
        at,
        group,
        key_hash,
    })
}

fn micros(array: &ArrayRef) -> Result<Vec<Option<i64>>> {
    use arrow::array::AsArray;
    let array = array.as_primitive_opt::<arrow::datatypes::TimestampMicrosecondType>();
    Ok(array.ok_or_else(|| Problem::internal("times are not timestamps"))?.iter().collect())
}

/// A number for the group of each labelled example, from columns of the examples or features. One that names no group at all
/// is a group of its own.
fn group(
    [examples, features]: [&RecordBatch; 2],
    names: &[String],
    (labelled, key_hash): (&BooleanArray, &[u64]),
) -> Result<Option<Vec<u64>>> {
    if names.is_empty() {
        return Ok(None);
    }
    let column = |name: &String| {
        let found = examples.column_by_name(name).or_else(|| features.column_by_name(name));
        let column = found.ok_or_else(|| Problem::internal(format!("examples have no column `{name}`")))?;
        filter(column, labelled).map_err(arrow_defect)
    };
    let columns = names.iter().map(column).collect::<Result<Vec<ArrayRef>>>()?;
    let fields = columns.iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let rows =
        RowConverter::new(fields).and_then(|converter| converter.convert_columns(&columns)).map_err(arrow_defect)?;
    let hash = |(at, row): (usize, arrow::row::Row<'_>)| {
        if columns.iter().all(|column| column.is_null(at)) {
            return key_hash[at];
        }
        let digest = Digest::of(row.as_ref());
        digest.as_bytes().iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
    };
    Ok(Some(rows.iter().enumerate().map(hash).collect()))
}

fn record(learnable: &Learnable) -> Result<SplitRecord> {
    let Learnable { population, split, .. } = learnable;
    let mut whole = DigestBuilder::new("split/1");
    let mut rows = |rows: &[u32]| {
        whole.bytes(&rows.iter().flat_map(|row| row.to_le_bytes()).collect::<Vec<u8>>());
    };
    rows(&split.holdout);
    rows(&split.train);
    for fold in &split.folds {
        rows(&fold.train);
        rows(&fold.valid);
    }
    let count = |rows: &[u32]| rows.len() as u64;
    let blocks = |rows: &[u32], by| block_count(population, rows, by).map(|blocks| blocks as u64);
    Ok(SplitRecord {
        train: count(&split.train),
        purged: u64::from(split.purged),
        apart: u64::from(split.apart),
        purged_in_folds: split.folds.iter().map(|fold| u64::from(fold.purged)).sum(),
        holdout: count(&split.holdout),
        weight: SplitWeights::of(population, split),
        holdout_digest: held_out::identity(population, &split.holdout),
        train_classes: Classes::of(population, &split.train),
        holdout_classes: Classes::of(population, &split.holdout),
        near_zero: NearZero::of(population, split),
        blocks: (blocks(&split.validated(), learnable.by.1), blocks(&split.holdout, learnable.by.0)),
        digest: whole.finish(),
    })
}
