//! The prediction time of examples that state none.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::{Field, Schema, TimestampMicrosecondType};
use ropeway_vocab::{AT, ColumnType, Instant, Problem, Result};

/// Examples with `now` where `at` is missing, or not there at all.
///
/// # Errors
/// None that a user can cause: `at` is a timestamp.
pub fn with_at(examples: &RecordBatch, now: Instant) -> Result<RecordBatch> {
    let schema = examples.schema();
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
    let mut columns: Vec<ArrayRef> = examples.columns().to_vec();
    match schema.column_with_name(AT) {
        Some((position, _)) => {
            let at = columns[position].as_primitive_opt::<TimestampMicrosecondType>();
            let at = at.ok_or_else(|| Problem::internal("`at` is not a timestamp"))?;
            if at.null_count() == 0 {
                return Ok(examples.clone());
            }
            columns[position] = instants(at.iter().map(|at| at.unwrap_or(now.micros())));
        }
        None => {
            fields.push(Arc::new(Field::new(AT, ColumnType::Timestamp.arrow(), true)));
            columns.push(instants(std::iter::repeat_n(now.micros(), examples.num_rows())));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(|error| Problem::internal(error.to_string()))
}

fn instants(micros: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC"))
}

#[cfg(test)]
mod tests {
    use arrow::array::Int64Array;

    use super::*;

    fn examples(at: Option<&[Option<i64>]>) -> RecordBatch {
        let mut columns: Vec<(&str, ArrayRef)> = vec![("x", Arc::new(Int64Array::from_iter_values([7, 8])))];
        if let Some(at) = at {
            let at = TimestampMicrosecondArray::from_iter(at.iter().copied()).with_timezone("UTC");
            columns.insert(0, (AT, Arc::new(at)));
        }
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
            .unwrap()
    }

    fn check(at: Option<&[Option<i64>]>, expect: [i64; 2]) {
        let filled = with_at(&examples(at), Instant::from_micros(5)).unwrap();
        let at = filled.column_by_name(AT).unwrap().as_primitive::<TimestampMicrosecondType>().clone();
        assert_eq!(at.values().as_ref(), expect);
        assert_eq!((at.null_count(), filled.num_columns()), (0, 2));
    }

    #[test]
    fn what_is_missing_is_now_and_the_rest_stays() {
        check(None, [5, 5]);
        check(Some(&[None, Some(3)]), [5, 3]);
        check(Some(&[Some(2), Some(3)]), [2, 3]);
    }
}
