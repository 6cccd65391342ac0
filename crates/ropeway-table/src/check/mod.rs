//! Checks: statements that must hold of a table. Settled here against schemas, applied in `apply`.

mod apply;
mod bounds;
mod condition;
mod outcome;

use std::fmt::Write as _;

use ropeway_vocab::{ColumnType, Problem, Result, TableSchema, nearest};

use self::bounds::Bounds;
use self::condition::Condition;
use crate::definitions::known_columns;
use crate::settings::{CheckSettings, Literal, Otherwise};
use crate::sql::RowExpr;

pub use outcome::{CheckOutcome, Checked, RejectedRow, Verdict};

/// A check whose columns and expressions are known to exist.
#[derive(Clone)]
pub(crate) struct Check {
    settings: CheckSettings,
    condition: Condition,
    text: String,
}

impl Check {
    /// Settles a check.
    pub(crate) fn new<'a>(settings: &CheckSettings, schema: &dyn Fn(&str) -> Result<&'a TableSchema>) -> Result<Self> {
        let own = schema(&settings.table).map_err(|problem| problem.context("a check"))?;
        let condition = condition(settings, own, schema)?;
        let share = settings.tolerated();
        if !(0.0..=1.0).contains(&share) {
            return Err(Problem::invalid("check", format!("`tolerate = {share}` is not a share"))
                .remedy("write a number from 0 to 1, for example 0.01"));
        }
        let text = text(settings);
        Ok(Self { settings: settings.clone(), condition, text })
    }

    /// The relation that it is about.
    pub(crate) fn table(&self) -> &str {
        &self.settings.table
    }

    /// The relation that it refers to.
    pub(crate) fn reference(&self) -> Option<&str> {
        self.settings.references.as_ref().map(|reference| reference.table.as_str())
    }

    /// Its meaning as text.
    pub(crate) fn normalized(&self) -> String {
        let condition = match &self.condition {
            Condition::That(expr) => expr.normalized(),
            _ => &self.text,
        };
        format!("{condition} otherwise {:?} tolerate {}", self.settings.otherwise, self.settings.tolerated())
    }
}

/// The one condition that a check states.
fn condition<'a>(
    settings: &CheckSettings,
    own: &TableSchema,
    schema: &dyn Fn(&str) -> Result<&'a TableSchema>,
) -> Result<Condition> {
    let table = &settings.table;
    let columns = |names: &[String], what: &str| -> Result<Vec<String>> {
        if names.is_empty() {
            return Err(Problem::invalid("check", format!("`{what}` of a check of `{table}` names no column"))
                .remedy("name at least one column"));
        }
        known_columns(&own.columns, names, &format!("`{what}` of a check of `{table}`"))?;
        Ok(names.to_vec())
    };
    let mut found = Vec::new();
    if let Some(sql) = &settings.that {
        found.push(Condition::That(boolean(RowExpr::compile_in(&format!("check of `{table}`"), sql, &own.columns)?)?));
    }
    if let Some(names) = &settings.unique {
        found.push(Condition::Unique(columns(names, "unique")?));
    }
    if let Some(names) = &settings.not_null {
        found.push(Condition::NotNull(columns(names, "not_null")?));
    }
    if let Some(allowed) = &settings.among {
        let sql: Vec<String> = allowed.iter().map(|(name, values)| among_sql(name, values)).collect();
        columns(&allowed.keys().cloned().collect::<Vec<_>>(), "in")?;
        found.push(Condition::That(boolean(RowExpr::compile_in("in", &sql.join(" AND "), &own.columns)?)?));
    }
    if let Some(patterns) = &settings.matches {
        columns(&patterns.keys().cloned().collect::<Vec<_>>(), "matches")?;
        for (name, pattern) in patterns {
            matchable(own, name, pattern)?;
        }
        found
            .push(Condition::Matches(patterns.iter().map(|(name, pattern)| (name.clone(), pattern.clone())).collect()));
    }
    if let Some(reference) = &settings.references {
        columns(&reference.columns, "references")?;
        let other = schema(&reference.table).map_err(|problem| problem.context(format!("a check of `{table}`")))?;
        let targets = reference.targets();
        known_columns(&other.columns, targets, &format!("`to` of a check of `{table}`"))?;
        same_types(own, &reference.columns, other, targets)?;
        found.push(Condition::References(reference.clone()));
    }
    if let Some(bounds) = &settings.rows {
        found.push(Condition::Rows(bounds.parse::<Bounds>()?));
    }
    if let Some(fresh) = &settings.fresh {
        let position = own.position(&fresh.column)?;
        if !matches!(own.columns[position].ty, ColumnType::Timestamp | ColumnType::Date) {
            return Err(Problem::invalid(
                "check",
                format!("`fresh` needs a time column; `{}` is a {}", fresh.column, own.columns[position].ty),
            )
            .remedy("name a timestamp or date column"));
        }
        found.push(Condition::Fresh(fresh.clone()));
    }
    match (found.len(), found.pop()) {
        (1, Some(only)) => Ok(only),
        (count, _) => {
            Err(Problem::invalid("check", format!("a check of `{table}` states {count} conditions instead of one"))
                .remedy("state exactly one of that, unique, not_null, in, matches, references, rows, fresh"))
        }
    }
}

fn boolean(expr: RowExpr) -> Result<RowExpr> {
    if expr.ty() == ColumnType::Boolean {
        return Ok(expr);
    }
    Err(Problem::invalid("check", format!("`{}` is a {}, not true or false", expr.sql(), expr.ty()))
        .remedy("write a comparison, for example distance > 0"))
}

/// `"name" IN (values)`.
fn among_sql(name: &str, values: &[Literal]) -> String {
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

fn matchable(own: &TableSchema, name: &str, pattern: &str) -> Result<()> {
    let position = own.position(name)?;
    if own.columns[position].ty != ColumnType::Text {
        return Err(Problem::invalid(
            "check",
            format!("`matches` needs a text column; `{name}` is a {}", own.columns[position].ty),
        )
        .remedy("check numbers with `that`"));
    }
    let probe = arrow::array::StringArray::from(vec![""]);
    arrow::compute::regexp_is_match_scalar(&probe, pattern, None).map(|_| ()).map_err(|error| {
        Problem::invalid("check", format!("`{pattern}` is not a regular expression: {error}"))
            .remedy("write it in the syntax of Rust's regex crate; anchor it with ^ and $")
    })
}

fn same_types(own: &TableSchema, columns: &[String], other: &TableSchema, targets: &[String]) -> Result<()> {
    if columns.len() != targets.len() {
        return Err(Problem::invalid("check", format!("{} columns cannot refer to {}", columns.len(), targets.len()))
            .remedy("name as many columns in `to` as in `columns`"));
    }
    for (column, target) in columns.iter().zip(targets) {
        let (from, to) = (own.columns[own.position(column)?].ty, other.columns[other.position(target)?].ty);
        if from != to {
            return Err(Problem::invalid(
                "check",
                format!("`{column}` is a {from} and `{target}` a {to}: they are never equal"),
            )
            .remedy("give both the same type, for example with `types` of the source"));
        }
    }
    Ok(())
}

/// A check as people read it.
fn text(settings: &CheckSettings) -> String {
    let mut text = String::new();
    let list = |names: &[String]| names.join(", ");
    if let Some(sql) = &settings.that {
        text.push_str(sql);
    } else if let Some(names) = &settings.unique {
        let _ = write!(text, "unique ({})", list(names));
    } else if let Some(names) = &settings.not_null {
        let _ = write!(text, "not_null ({})", list(names));
    } else if let Some(allowed) = &settings.among {
        let parts: Vec<String> = allowed
            .iter()
            .map(|(name, values)| {
                format!("{name} in ({})", values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
            })
            .collect();
        text.push_str(&parts.join(" and "));
    } else if let Some(patterns) = &settings.matches {
        let parts: Vec<String> = patterns.iter().map(|(name, pattern)| format!("{name} matches '{pattern}'")).collect();
        text.push_str(&parts.join(" and "));
    } else if let Some(reference) = &settings.references {
        let _ = write!(
            text,
            "({}) references {} ({})",
            list(&reference.columns),
            reference.table,
            list(reference.targets())
        );
    } else if let Some(rows) = &settings.rows {
        let _ = write!(text, "rows {rows}");
    } else if let Some(fresh) = &settings.fresh {
        let _ = write!(text, "fresh {} within {}", fresh.column, fresh.within);
    }
    text
}

/// What an unknown word in `rows` was meant to be.
fn near_word(word: &str) -> Option<&'static str> {
    nearest(word, ["between", "and"])
}

/// Whether failing rows are left out.
fn rejects(otherwise: Otherwise) -> bool {
    otherwise == Otherwise::Reject
}

#[cfg(test)]
mod tests;
