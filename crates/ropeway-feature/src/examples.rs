//! Examples: key, prediction time, request columns and label of each row to learn from.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, RecordBatch, TimestampMicrosecondArray};
use arrow::compute::{cast, filter_record_batch, is_not_null};
use arrow::datatypes::{Field, Float64Type, Schema, TimestampMicrosecondType};
use ropeway_table::{Relation, row_name};
use ropeway_vocab::{AT, ColumnSpec, ColumnType, DigestBuilder, KNOWN_AT, LABEL, Problem, Result, WEIGHT};

use crate::arrow_problem;
use crate::kernel::{Reader, column};
use crate::plan::{FeaturePlan, LABEL_KNOWN_AT};

/// Rows to learn from, in the canonical order of their table.
#[derive(Debug, Clone)]
pub struct Examples {
    /// Key columns, then `at` where there is time, then the other request columns, then `label` (a text where it is one, else
    /// a float; missing where not known), its weight where there are some, what else names its group, and `label_known_at`.
    pub batch: RecordBatch,
    /// Rows of the table left out because their `at` is missing.
    pub without_at: u64,
}

impl Examples {
    /// The number of examples.
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// Prediction times in microseconds UTC; none in a project without time.
    pub fn at(&self) -> Option<&TimestampMicrosecondArray> {
        self.batch.column_by_name(AT).and_then(|array| array.as_primitive_opt::<TimestampMicrosecondType>())
    }

    /// Labels, floats or texts; missing where not known.
    pub fn labels(&self) -> Result<&ArrayRef> {
        column(&self.batch, LABEL)
    }

    /// How much each example counts, a float; none where each counts once.
    pub fn weights(&self) -> Option<&ArrayRef> {
        self.batch.column_by_name(WEIGHT)
    }

    /// Which examples are learned from or measured on: those whose label is known and whose weight is not 0.
    pub fn counted(&self) -> Result<BooleanArray> {
        let labels = self.labels()?;
        let weights = self.weights().and_then(|weights| weights.as_primitive_opt::<Float64Type>());
        // A weight that is missing is no reason to leave an example out, but to say so.
        let zero = |row: usize| weights.is_some_and(|weights| weights.is_valid(row) && weights.value(row) == 0.0);
        Ok((0..self.rows()).map(|row| Some(labels.is_valid(row) && !zero(row))).collect())
    }

    /// When each label became known, in microseconds UTC; missing means never, or that nobody says.
    pub fn label_known_at(&self) -> Result<&TimestampMicrosecondArray> {
        column(&self.batch, LABEL_KNOWN_AT)?
            .as_primitive_opt::<TimestampMicrosecondType>()
            .ok_or_else(|| Problem::internal("the times of labels are not timestamps"))
    }

    /// A number for each example that depends on the values of its key alone (of its request columns and `at`
    /// where it has no key): for samples and splits that do not depend on the order of rows or names.
    pub fn key_hashes(&self, plan: &FeaturePlan) -> Result<Vec<u64>> {
        let inputs = plan.input_columns();
        let columns = if plan.key().is_empty() { &inputs } else { plan.key() };
        self.hashes("example-key/1", columns)
    }

    /// A number for each example that depends on the values of its request columns and `at` alone, whatever its key; none
    /// where nothing is asked.
    pub fn request_hashes(&self, plan: &FeaturePlan) -> Result<Option<Vec<u64>>> {
        match plan.request() {
            [] => Ok(None),
            _ => self.hashes("example-request/1", &plan.input_columns()).map(Some),
        }
    }

    fn hashes(&self, kind: &str, columns: &[ColumnSpec]) -> Result<Vec<u64>> {
        let readers = readers(&self.batch, columns)?;
        let mut bytes = Vec::new();
        let hash = |row: usize| {
            let mut digest = DigestBuilder::new(kind);
            for reader in &readers {
                bytes.clear();
                let there = reader.key_bytes(row, &mut bytes);
                digest.number(u64::from(there)).bytes(&bytes);
            }
            let digest = digest.finish();
            digest.as_bytes().iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
        };
        Ok((0..self.rows()).map(hash).collect())
    }
}

/// Columns of the table of examples that are neither key nor request and yet serve something.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// How much each example counts.
    pub weight: Option<&'a str>,
    /// What names the group by which examples are split.
    pub group: &'a [String],
}

pub(crate) fn readers<'a>(batch: &'a RecordBatch, columns: &[ColumnSpec]) -> Result<Vec<Reader<'a>>> {
    columns.iter().map(|spec| Reader::new(column(batch, &spec.name)?, spec.ty)).collect()
}

impl FeaturePlan {
    /// The examples among the rows of their table. Rows whose `at` is missing are left out and counted.
    pub fn examples(&self, table: &Relation) -> Result<Examples> {
        self.examples_beside(table, Beside::default())
    }

    /// The columns of a group that examples have for its sake alone: neither key, nor request, nor feature.
    pub fn only_grouping<'a>(&self, group: &'a [String]) -> impl Iterator<Item = &'a String> {
        let own: Vec<&str> = self.key().iter().chain(self.request()).map(|column| column.name.as_str()).collect();
        let features: Vec<&str> = self.features().iter().map(|feature| feature.name.as_str()).collect();
        group.iter().filter(move |name| {
            name.as_str() != AT && !own.contains(&name.as_str()) && !features.contains(&name.as_str())
        })
    }

    /// The same with columns of their table that serve something else.
    pub fn examples_beside(&self, table: &Relation, beside: Beside<'_>) -> Result<Examples> {
        let rows = table.batch();
        let name = |row: usize| match self.key() {
            [] => row_name(table.schema(), rows, row),
            _ => self.example_name(rows, row),
        };
        let (mut fields, mut arrays): (Vec<Field>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
        let mut add = |name: &str, ty: ColumnType, array: ArrayRef| {
            if !fields.iter().any(|field| field.name() == name) {
                fields.push(Field::new(name, ty.arrow(), true));
                arrays.push(array);
            }
        };
        for spec in self.key() {
            add(&spec.name, spec.ty, Arc::clone(column(rows, &spec.name)?));
        }
        if let Some(at) = self.at() {
            let at = cast(&at.eval_named(rows, &name)?, &ColumnType::Timestamp.arrow()).map_err(arrow_problem)?;
            add(AT, ColumnType::Timestamp, at);
        }
        for spec in self.request() {
            add(&spec.name, spec.ty, Arc::clone(column(rows, &spec.name)?));
        }
        let label = self.label().eval_named(rows, &name)?;
        match stored_label_type(self.label_type()) {
            ColumnType::Text => add(LABEL, ColumnType::Text, label),
            _ => add(LABEL, ColumnType::Float, number(&label)?),
        }
        if let Some(weight) = beside.weight {
            add(WEIGHT, ColumnType::Float, number(column(rows, weight)?)?);
        }
        for name in self.only_grouping(beside.group) {
            let values = column(rows, name)?;
            let ty = table.schema().column(name).map(|spec| spec.ty);
            let ty = ty.ok_or_else(|| Problem::internal(format!("the table of examples has no column `{name}`")))?;
            add(name, ty, Arc::clone(values));
        }
        let known = match rows.column_by_name(KNOWN_AT) {
            Some(known) => Arc::clone(known),
            None => arrow::array::new_null_array(&ColumnType::Timestamp.arrow(), rows.num_rows()),
        };
        add(LABEL_KNOWN_AT, ColumnType::Timestamp, known);
        let all = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(arrow_problem)?;
        let Some(at) = all.column_by_name(AT).filter(|at| self.has_time() && at.null_count() > 0) else {
            return Ok(Examples { batch: all, without_at: 0 });
        };
        let keep: BooleanArray = is_not_null(at).map_err(arrow_problem)?;
        let batch = filter_record_batch(&all, &keep).map_err(arrow_problem)?;
        Ok(Examples { without_at: (all.num_rows() - batch.num_rows()) as u64, batch })
    }
}

/// As what labels of a type stand among the examples.
pub(crate) fn stored_label_type(of: ColumnType) -> ColumnType {
    if of == ColumnType::Text { of } else { ColumnType::Float }
}

/// A label as a float: true is 1, NaN is missing.
fn number(array: &ArrayRef) -> Result<ArrayRef> {
    let floats = cast(array, &ColumnType::Float.arrow()).map_err(arrow_problem)?;
    let floats = floats.as_primitive_opt::<Float64Type>().ok_or_else(|| Problem::internal("a label is no number"))?;
    Ok(Arc::new(floats.iter().map(|v| v.filter(|v| !v.is_nan())).collect::<Float64Array>()))
}
