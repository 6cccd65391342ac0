//! Rows as people and programs get them: some on the terminal or as JSON, where what is personal is masked, or all in a file,
//! which leaves personal columns out unless they are asked for.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::json::WriterBuilder;
use arrow::json::writer::JsonArray;
use arrow::util::pretty::pretty_format_batches;
use ropeway_vocab::{ColumnType, Problem, Result, nearest, without_mails};
use serde_json::{Value, json};

use crate::render::problem::visible;

/// What stands where a personal value would.
const MASK: &str = "***";

/// The first rows.
pub fn first(batches: &[RecordBatch], limit: usize) -> Vec<RecordBatch> {
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

/// The names of the columns.
pub fn columns(batches: &[RecordBatch]) -> Vec<String> {
    let names = |batch: &RecordBatch| batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    batches.first().map(names).unwrap_or_default()
}

/// The rows as JSON objects.
pub fn as_json(batches: &[RecordBatch]) -> Result<Value> {
    let failed = |error: String| Problem::internal(format!("writing rows as JSON: {error}"));
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, JsonArray>(Vec::new());
    let references: Vec<&RecordBatch> = batches.iter().collect();
    writer.write_batches(&references).and_then(|()| writer.finish()).map_err(|error| failed(error.to_string()))?;
    let bytes = writer.into_inner();
    if bytes.is_empty() {
        return Ok(json!([]));
    }
    serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))
}

/// The rows as a table of text.
pub fn as_text(batches: &[RecordBatch]) -> Result<String> {
    let text = pretty_format_batches(batches).map_err(|error| Problem::internal(format!("showing rows: {error}")))?;
    Ok(format!("{}\n", visible(&text.to_string())))
}

/// Writes all rows to a file, in the format that its name says.
pub fn write(path: &Path, batches: &[RecordBatch]) -> Result<()> {
    let Some(first) = batches.first() else { return Err(Problem::internal("rows without columns")) };
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
            Problem::invalid("column-type", format!("the rows cannot be written to a file: {error}"))
                .remedy("cast the column in SQL to a boolean, number, text, date or timestamp")
        })
}

/// The batch with a mask for each value that is there in these columns, and for each mail address in the texts of others.
pub fn masked(batch: &RecordBatch, personal: &[String]) -> Result<RecordBatch> {
    let mask = |column: &ArrayRef| -> ArrayRef {
        Arc::new((0..column.len()).map(|row| column.is_valid(row).then_some(MASK)).collect::<StringArray>())
    };
    let mails = |column: &ArrayRef| -> ArrayRef {
        let Some(texts) = column.as_string_opt::<i32>() else { return Arc::clone(column) };
        Arc::new(texts.iter().map(|text| text.map(without_mails)).collect::<StringArray>())
    };
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).map(|(field, column)| {
        let column = if personal.contains(field.name()) { mask(column) } else { mails(column) };
        (Field::new(field.name(), column.data_type().clone(), true), column)
    });
    let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = columns.unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(|error| Problem::internal(error.to_string()))
}

/// These columns of the batch in this order; all where none is named.
pub fn only(batch: &RecordBatch, names: &[String]) -> Result<RecordBatch> {
    if names.is_empty() {
        return Ok(batch.clone());
    }
    let schema = batch.schema();
    let known: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let position = |name: &String| {
        known.iter().position(|known| known == name).ok_or_else(|| {
            let problem = Problem::invalid("unknown-column", format!("there is no column `{name}`"));
            match nearest(name, known.iter().copied()) {
                Some(near) => problem.remedy(format!("did you mean `{near}`?")),
                None => problem.remedy(format!("its columns: {}", known.join(", "))),
            }
        })
    };
    let positions = names.iter().map(position).collect::<Result<Vec<usize>>>()?;
    batch.project(&positions).map_err(|error| Problem::internal(error.to_string()))
}

/// The batch without these columns.
pub fn without(batch: &RecordBatch, personal: &[String]) -> Result<RecordBatch> {
    let schema = batch.schema();
    let kept: Vec<usize> = (0..batch.num_columns()).filter(|at| !personal.contains(schema.field(*at).name())).collect();
    batch.project(&kept).map_err(|error| Problem::internal(error.to_string()))
}
