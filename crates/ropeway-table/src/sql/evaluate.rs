//! The value of a row expression, and what is said where it fails on a row. An expression has a value for rows together
//! exactly where it has one for each of them alone.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::compute::concat;
use datafusion::common::DataFusionError;
use ropeway_vocab::{Problem, Result};

use super::complain::Text;
use super::expression::RowExpr;

/// What a row is called in messages, by its place in the batch.
pub type RowName<'a> = &'a dyn Fn(usize) -> String;

/// A row on which an expression fails, and why.
type Failed = (usize, DataFusionError);

impl RowExpr {
    /// Its value for each row of a batch, which holds at least [`Self::columns`] in their types.
    ///
    /// # Errors
    /// A column is missing, or the expression fails on a value (a division by zero, a cast): the first such row is
    /// named by its place in the batch, from 0.
    pub fn eval(&self, batch: &RecordBatch) -> Result<ArrayRef> {
        self.eval_named(batch, &|row| format!("row {row}"))
    }

    /// The same; `name` says what to call the row on which it fails.
    ///
    /// # Errors
    /// As [`Self::eval`].
    pub fn eval_named(&self, batch: &RecordBatch, name: RowName<'_>) -> Result<ArrayRef> {
        let column = |field: &Arc<arrow::datatypes::Field>| {
            batch.column_by_name(field.name()).cloned().ok_or_else(|| {
                Problem::invalid("missing-column", format!("the rows have no column `{}`", field.name()))
                    .remedy(format!("`{}` reads it", self.sql))
            })
        };
        let columns = self.schema.fields().iter().map(column).collect::<Result<Vec<_>>>()?;
        self.eval_columns(columns, batch.num_rows(), name)
    }

    /// The same, from the values of [`Self::columns`] in their order, each of them `rows` long.
    ///
    /// # Errors
    /// As [`Self::eval`].
    pub fn eval_columns(&self, columns: Vec<ArrayRef>, rows: usize, name: RowName<'_>) -> Result<ArrayRef> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let input =
            RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options).map_err(|error| {
                Problem::invalid("column-type", error.to_string()).remedy("give the columns their declared types")
            })?;
        self.by_halves(&input, 0).map_err(|(row, error)| {
            let problem = Text { file: &self.file, sql: &self.sql }.failure(&error, self.personal);
            match rows {
                0 => problem.context(&self.file),
                _ => problem.context(format!("{}: {}", name(row), self.file)),
            }
        })
    }

    /// Where rows fail together, halves of them find the first that fails alone. Where none does, what failed was
    /// computed for the sake of other rows only (`x <> 0 AND 1 / x > 2` may divide in every row as soon as one needs it),
    /// and their values are those of each alone.
    fn by_halves(&self, input: &RecordBatch, first: usize) -> Result<ArrayRef, Failed> {
        let rows = input.num_rows();
        match self.physical.evaluate(input).and_then(|value| value.into_array(rows)) {
            Ok(value) => Ok(value),
            Err(error) if rows <= 1 => Err((first, error)),
            Err(_) => {
                let half = rows / 2;
                let front = self.by_halves(&input.slice(0, half), first)?;
                let back = self.by_halves(&input.slice(half, rows - half), first + half)?;
                concat(&[front.as_ref(), back.as_ref()]).map_err(|error| (first, error.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray, Int64Array};
    use arrow::datatypes::{Field, Int64Type, Schema};
    use ropeway_vocab::{ColumnSpec, ColumnType};

    use super::*;
    use crate::fixture::{column, flights};

    fn columns() -> Vec<ColumnSpec> {
        [("id", ColumnType::Integer), ("carrier", ColumnType::Text), ("dep_delay", ColumnType::Integer)]
            .map(|(n, t)| column(n, t))
            .to_vec()
    }

    fn integers(values: &[i64]) -> RecordBatch {
        let schema = Schema::new(vec![Field::new("id", ColumnType::Integer.arrow(), true)]);
        RecordBatch::try_new(Arc::new(schema), vec![Arc::new(Int64Array::from(values.to_vec()))]).unwrap()
    }

    fn problem(sql: &str, values: &[i64]) -> Problem {
        RowExpr::compile_in("[derive] share", sql, &columns()).unwrap().eval(&integers(values)).unwrap_err()
    }

    #[test]
    fn the_first_row_that_fails_is_named_with_the_remedy() {
        for (sql, value, remedy) in [
            ("100 / id", 0, "nullif(x, 0)"),
            ("100 % id", 0, "nullif(x, 0)"),
            ("id / -1", i64::MIN, "CAST(x AS DOUBLE)"),
            ("CAST(id AS INT)", i64::MAX, "TRY_CAST"),
            ("CAST(CASE WHEN id = 7 THEN 'seven' ELSE '1' END AS BIGINT)", 7, "TRY_CAST"),
        ] {
            let mut values: Vec<i64> = (1..7).chain(8..200).collect();
            values[131] = value;
            values[177] = value;
            let problem = problem(sql, &values);
            assert_eq!(problem.code(), "sql-run", "{problem}");
            assert!(problem.what().starts_with("row 131: [derive] share: "), "{problem}");
            assert!(problem.advice().unwrap().contains(remedy), "{problem}");
            assert_eq!(problem.place().map(|place| place.file.as_str()), Some("[derive] share"));
        }
    }

    #[test]
    fn rows_together_have_a_value_where_each_alone_has() {
        let expr = RowExpr::compile("id <> 0 AND 10 / id > 2", &columns()).unwrap();
        let values: Vec<i64> = (0..300).map(|i| i % 9).collect();
        let whole = expr.eval(&integers(&values)).unwrap();
        for (row, value) in values.iter().enumerate() {
            let alone = expr.eval(&integers(&[*value])).unwrap();
            assert_eq!(alone.as_boolean().value(0), whole.as_boolean().value(row), "{value}");
        }
    }

    #[test]
    fn no_rows_have_no_row_to_name() {
        let expr = RowExpr::compile("10 / id", &columns()).unwrap();
        assert_eq!(expr.eval(&integers(&[])).unwrap().as_primitive::<Int64Type>().len(), 0);
        let never = RowExpr::compile("1 / 0", &columns()).unwrap().eval(&integers(&[]));
        assert!(never.err().is_none_or(|problem| !problem.what().contains("row 0")));
    }

    #[test]
    fn a_failure_on_a_personal_value_does_not_quote_it() {
        let mut columns = columns();
        let message = |columns: &[ColumnSpec]| {
            RowExpr::compile("CAST(carrier AS INT)", columns).unwrap().eval(&flights(1)).unwrap_err().to_string()
        };
        assert!(message(&columns).contains("AA"));
        columns[1].personal = true;
        assert!(!message(&columns).contains("AA"));
    }
}
