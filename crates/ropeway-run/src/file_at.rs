//! The prediction time of the rows of a file: its column `at` or, where it has none, the column that `at` of [examples] names,
//! as the files of the sources have it.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::datatypes::{Field, Schema};
use ropeway_feature::FeaturePlan;
use ropeway_source::Stream;
use ropeway_vocab::{AT, ColumnType, Result};

use crate::batch::arrow_defect;

/// The column of a file that stands for `at`; none where it has one, where `at` is computed, or where there is no time.
pub(crate) fn named(plan: &FeaturePlan, stream: &Stream) -> Option<String> {
    let name = plan.at_name()?;
    let has = |name: &str| stream.columns().iter().any(|column| column.name == name);
    (!has(AT) && has(name)).then(|| name.to_owned())
}

/// The rows with that column as their `at`.
pub(crate) fn with(rows: &RecordBatch, name: &str, plan: &FeaturePlan) -> Result<RecordBatch> {
    let schema = rows.schema();
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
    let mut columns = rows.columns().to_vec();
    let place = schema.index_of(name).map_err(arrow_defect)?;
    let at = cast(&columns[place], &ColumnType::Timestamp.arrow()).map_err(arrow_defect)?;
    let field = Arc::new(Field::new(AT, ColumnType::Timestamp.arrow(), true));
    if plan.input_columns().iter().any(|column| column.name == name) {
        fields.push(field);
        columns.push(at);
    } else {
        (fields[place], columns[place]) = (field, at);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(arrow_defect)
}
