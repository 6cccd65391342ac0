//! `in` of a check: the values that a column may have, which must be of its type.

use arrow::array::{RecordBatch, new_null_array};
use indexmap::IndexMap;
use ropeway_vocab::{ColumnType, Problem, Result, TableSchema};

use crate::settings::Literal;
use crate::sql::RowExpr;

/// The condition as an expression; its columns are known to exist.
pub(super) fn condition(allowed: &IndexMap<String, Vec<Literal>>, own: &TableSchema) -> Result<RowExpr> {
    for (name, values) in allowed {
        let ty = own.columns[own.position(name)?].ty;
        for value in values {
            if !fits(ty, value) || (is_time(ty) && !is_read(name, value, own)?) {
                let what = format!("`in` allows {value} in `{name}`, which is a {ty}: no row has it");
                return Err(Problem::invalid("check", what).remedy(spelling(ty)));
            }
        }
    }
    let sql: Vec<String> = allowed.iter().map(|(name, values)| sql(name, values)).collect();
    RowExpr::compile_in("in", &sql.join(" AND "), &own.columns)
}

/// Whether a column of that type can have the value. Times are written as text, and SQL reads them.
fn fits(ty: ColumnType, value: &Literal) -> bool {
    match ty {
        ColumnType::Boolean => matches!(value, Literal::Boolean(_)),
        ColumnType::Integer | ColumnType::Float => matches!(value, Literal::Integer(_) | Literal::Float(_)),
        ColumnType::Text | ColumnType::Date | ColumnType::Timestamp => matches!(value, Literal::Text(_)),
    }
}

const fn is_time(ty: ColumnType) -> bool {
    matches!(ty, ColumnType::Date | ColumnType::Timestamp)
}

/// Whether SQL can hold the value against the column at all: what it cannot read as a time fails in any row, also in one
/// without values.
fn is_read(name: &str, value: &Literal, own: &TableSchema) -> Result<bool> {
    let expr = RowExpr::compile_in("in", &sql(name, std::slice::from_ref(value)), &own.columns)?;
    let nothing = own.columns.iter().map(|column| (&column.name, new_null_array(&column.ty.arrow(), 1)));
    let nothing = RecordBatch::try_from_iter_with_nullable(nothing.map(|(name, values)| (name, values, true)));
    let nothing = nothing.map_err(|error| Problem::internal(format!("a row without values: {error}")))?;
    Ok(expr.eval(&nothing).is_ok())
}

fn spelling(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Boolean => "write true and false without quotes",
        ColumnType::Integer | ColumnType::Float => "write numbers without quotes, for example [1, 2]",
        ColumnType::Text => "write texts in quotes, for example [\"1\", \"2\"]",
        ColumnType::Date => "write days in quotes, for example [\"2013-01-31\"]",
        ColumnType::Timestamp => "write times in quotes, for example [\"2013-01-31T12:00:00Z\"]",
    }
}

/// `"name" IN (values)`.
fn sql(name: &str, values: &[Literal]) -> String {
    let name = name.replace('"', "\"\"");
    let values: Vec<String> = values
        .iter()
        .map(|value| match value {
            Literal::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Literal::Float(number) => format!("CAST('{number:?}' AS DOUBLE)"),
            other => other.to_string(),
        })
        .collect();
    if values.is_empty() { format!("\"{name}\" IS NULL") } else { format!("\"{name}\" IN ({})", values.join(", ")) }
}
