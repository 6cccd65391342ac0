//! `ropeway explain`: one example of the project, found by its key, and why it has its score.

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use ropeway_package::{Contents, Explanation, Predictor, key_readings, with_at};
use ropeway_project::Project;
use ropeway_vocab::{AT, Digest, Instant, Kind, Problem, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::asked_key::{as_read, asked_key};
use crate::batch::arrow_defect;
use crate::chosen::{Chosen, relations};
use crate::planned::Planned;

/// What to explain.
#[derive(Debug, Clone)]
pub struct ExplainOptions {
    /// A name, `NAME@VERSION`, `NAME@ALIAS`, or a package file.
    pub model: String,
    /// The values of the key's columns: in their order, separated by commas, or as `COLUMN=VALUE`.
    pub key: String,
    /// The prediction time, where it is not the example's own.
    pub at: Option<Instant>,
    /// Of several classes the one whose score is explained; by default the one decided for.
    pub class: Option<String>,
}

/// An explained example.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainReport {
    /// The model's name.
    pub model: String,
    /// Its version, where it is registered.
    pub version: Option<u64>,
    /// Its digest.
    pub digest: Digest,
    /// What should be known of it: that it is not the champion, though its name stands for it.
    pub warnings: Vec<String>,
    /// The key of the example.
    pub key: Map<String, Value>,
    /// The prediction time.
    pub at: Option<Instant>,
    /// Why it has its score.
    #[serde(flatten)]
    pub explanation: Explanation,
}

/// Explains one example.
///
/// # Errors
/// An unknown model, a key that is not one, or that no example has.
pub async fn explain(project: &Project, options: ExplainOptions) -> Result<ExplainReport> {
    let chosen = Chosen::find(Some(project), &options.model).await?;
    let relations = relations(project, &chosen.package).await?;
    let contents = &chosen.package.contents;
    let plan = &contents.plan;
    let table = &relations.by_name[plan.examples_table()];
    let examples = plan.examples(table)?.batch;
    if plan.key().is_empty() {
        return Err(without_key(project, contents));
    }
    let wanted = asked_key(&options.key, plan.key())?;
    let read = as_read(&wanted, plan.key(), &key_readings(&chosen.package)?);
    let rows = find(&examples, &wanted, &read)?;
    let (row, several) = one_of(&examples, &rows, options.at)?;
    let mut example = examples.slice(row, 1);
    if let Some(at) = options.at {
        let position = example.schema().index_of(AT).map_err(|_| {
            Problem::invalid("no-time", "the examples of this model have no prediction time").remedy("leave --at out")
        })?;
        example.remove_column(position);
        example = with_at(&example, at)?;
    }
    let predictor = Predictor::new(chosen.package.clone(), &relations.by_name)?;
    let explanation = predictor.explain(&example, 0, options.class.as_deref())?;
    Ok(ExplainReport {
        model: contents.name.clone(),
        version: chosen.version,
        digest: chosen.package.digest,
        warnings: chosen.warnings.into_iter().chain(several).collect(),
        key: wanted.into_iter().map(|(name, value)| (name, Value::String(value))).collect(),
        at: at_of(&example)?,
        explanation,
    })
}

fn at_of(example: &RecordBatch) -> Result<Option<Instant>> {
    use arrow::array::AsArray;
    let Some(column) = example.column_by_name(AT) else { return Ok(None) };
    let column = column.as_primitive_opt::<arrow::datatypes::TimestampMicrosecondType>();
    let column = column.ok_or_else(|| Problem::internal("`at` is not a timestamp"))?;
    Ok(column.is_valid(0).then(|| Instant::from_micros(column.value(0))))
}

/// The problem that a model knows no key of its examples: a model keeps what the project said when it was made.
fn without_key(project: &Project, contents: &Contents) -> Problem {
    let now = Planned::new(project).map(|planned| planned.features.key().to_vec()).unwrap_or_default();
    let names: Vec<String> = now.iter().map(|column| format!("`{}`", column.name)).collect();
    if names.is_empty() {
        return Problem::invalid("bad-key", "the examples have no key")
            .remedy("declare `key` in `[examples]` or at its source, and make a model with it by `ropeway run`");
    }
    let what = format!("this model was made before the key was declared ({}), and does not know it", names.join(", "));
    Problem::invalid("bad-key", what).remedy(format!(
        "`ropeway run` makes a version that knows the key; where that does not become champion, name it: `ropeway explain \
         {}@VERSION`",
        contents.name
    ))
}

/// The example that is meant of those with the key: the one of this time, else the first; and what is to be known where there
/// are several.
fn one_of(examples: &RecordBatch, rows: &[usize], at: Option<Instant>) -> Result<(usize, Option<String>)> {
    let first = rows.first().copied().ok_or_else(|| Problem::internal("no example was found"))?;
    if rows.len() == 1 {
        return Ok((first, None));
    }
    let mut of_time = Vec::new();
    for row in rows {
        if at.is_some() && at_of(&examples.slice(*row, 1))? == at {
            of_time.push(*row);
        }
    }
    if let [row] = of_time.as_slice() {
        return Ok((*row, None));
    }
    let how = match at_of(&examples.slice(first, 1))? {
        Some(time) => format!("explained is the first, of {time}; `--at` with the time of another names that one"),
        None => "explained is the first".to_owned(),
    };
    let what = format!(
        "{} examples have this key: {how}; the key that tells them apart belongs under `key` of [examples]",
        rows.len()
    );
    Ok((first, Some(what)))
}

/// The examples with the key; at least one. `read` are its values as the sources read them, where they could be.
fn find(examples: &RecordBatch, wanted: &[(String, String)], read: &[Option<ArrayRef>]) -> Result<Vec<usize>> {
    let options = FormatOptions::default().with_timestamp_tz_format(Some("%Y-%m-%dT%H:%M:%S%.fZ"));
    let mut rows: Vec<usize> = (0..examples.num_rows()).collect();
    for ((name, value), read) in wanted.iter().zip(read) {
        let column = examples.column_by_name(name).ok_or_else(|| Problem::internal(format!("no column `{name}`")))?;
        let shown = |column: &ArrayRef| -> Result<Vec<String>> {
            let formatter = ArrayFormatter::try_new(column.as_ref(), &options).map_err(arrow_defect)?;
            Ok((0..column.len()).map(|row| formatter.value(row).to_string()).collect())
        };
        let meant = match read {
            Some(read) => shown(read)?.pop(),
            None => None,
        };
        let all = shown(column)?;
        rows.retain(|row| all[*row] == *value || meant.as_ref() == Some(&all[*row]));
    }
    if rows.is_empty() {
        let key: Vec<String> = wanted.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let what = format!("no example has the key {}", key.join(", "));
        return Err(Problem::new(Kind::NotFound, "unknown-example", what)
            .remedy("look for it with `ropeway query \"SELECT * FROM examples ...\"`"));
    }
    Ok(rows)
}
