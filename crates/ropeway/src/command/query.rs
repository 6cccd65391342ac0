//! `ropeway query "SELECT ..." [--out FILE]`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::json::WriterBuilder;
use arrow::json::writer::JsonArray;
use arrow::util::pretty::pretty_format_batches;
use ropeway_run::QueryAnswer;
use ropeway_vocab::{ColumnType, Problem, Result};
use serde_json::{Value, json};

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::during;
use crate::render::number::count;
use crate::render::problem::visible;
use crate::sections::load;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway query \"SELECT carrier, count(*) FROM flights_clean GROUP BY carrier ORDER BY 2 DESC\"
  ropeway query \"SELECT * FROM examples WHERE carrier = 'UA' LIMIT 5\"
  ropeway query \"SELECT * FROM examples\" --out examples.parquet

Every source and table is there under its name, and `examples` has key, `at`, request columns, features and label
(labels of the holdout are hidden). The time at which a row became known is its last column, known_at; where a table has
a column of this name itself, it is __known_at.")]
pub struct Args {
    /// One SELECT
    sql: String,
    /// Write all rows to a file, .csv, .jsonl or .parquet, instead of showing some
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many rows to show
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

/// Answers the query.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = load(&shared.project)?;
    let answer = during(output, "the tables of the query", ropeway_run::query(&project, &args.sql)).await;
    let answer = answer.map_err(|problem| project.located(problem))?;
    let QueryAnswer { batches, hidden_labels } = answer;
    if hidden_labels > 0 {
        let hidden = count(hidden_labels);
        output
            .note(&format!("labels of {hidden} holdout rows are hidden; only `ropeway run --final` opens the holdout"));
    }
    let total: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if let Some(out) = &args.out {
        write(out, &batches)?;
        let report = json!({ "rows": total, "out": out, "hidden_labels": hidden_labels });
        output.result(&report, |_| format!("{} rows written to {}\n", count(total as u64), out.display()))?;
        return Ok(Exit::Done);
    }
    let shown = first(&batches, args.limit);
    if output.json {
        let rows = as_json(&shown)?;
        let columns = columns(&shown);
        let report = json!({ "columns": columns, "rows": rows, "total": total, "hidden_labels": hidden_labels });
        output.line(&report.to_string())?;
    } else {
        let text = pretty_format_batches(&shown)
            .map_err(|error| Problem::internal(format!("showing the answer: {error}")))?
            .to_string();
        output.text(&format!("{}\n", visible(&text)))?;
        if total > args.limit {
            output.note(&format!(
                "{} of {} rows; --limit shows more, --out FILE writes all",
                count(args.limit as u64),
                count(total as u64)
            ));
        }
    }
    Ok(Exit::Done)
}

/// The first rows.
fn first(batches: &[RecordBatch], limit: usize) -> Vec<RecordBatch> {
    let mut left = limit;
    let mut shown = Vec::new();
    for batch in batches {
        let take = batch.num_rows().min(left);
        left -= take;
        if take > 0 || shown.is_empty() {
            shown.push(batch.slice(0, take));
        }
    }
    shown
}

fn columns(batches: &[RecordBatch]) -> Vec<String> {
    let names = |batch: &RecordBatch| batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    batches.first().map(names).unwrap_or_default()
}

fn as_json(batches: &[RecordBatch]) -> Result<Value> {
    let failed = |error: String| Problem::internal(format!("writing the answer as JSON: {error}"));
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, JsonArray>(Vec::new());
    let references: Vec<&RecordBatch> = batches.iter().collect();
    writer.write_batches(&references).and_then(|()| writer.finish()).map_err(|error| failed(error.to_string()))?;
    let bytes = writer.into_inner();
    if bytes.is_empty() {
        return Ok(json!([]));
    }
    serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))
}

fn write(path: &Path, batches: &[RecordBatch]) -> Result<()> {
    let Some(first) = batches.first() else { return Err(Problem::internal("an answer without columns")) };
    let fields: Vec<Field> = first
        .schema()
        .fields()
        .iter()
        .map(|field| {
            let ty = ColumnType::of_arrow(field.data_type()).unwrap_or(ColumnType::Text);
            Field::new(field.name(), ty.arrow(), true)
        })
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let mut writer = ropeway_source::write::Writer::create(path, Arc::clone(&schema))?;
    for batch in batches {
        writer.write(&logical(batch, &schema)?)?;
    }
    writer.finish().map(drop)
}

/// The batch with every column in the one Arrow type of its logical type, as files are written.
fn logical(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    batch
        .columns()
        .iter()
        .zip(schema.fields())
        .map(|(column, field)| cast(column, field.data_type()))
        .collect::<Result<Vec<_>, _>>()
        .and_then(|columns| RecordBatch::try_new(Arc::clone(schema), columns))
        .map_err(|error| {
            Problem::invalid("column-type", format!("the answer cannot be written to a file: {error}"))
                .remedy("cast the column in the query to a boolean, number, text, date or timestamp")
        })
}
