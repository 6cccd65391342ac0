//! Checks: statements that must hold of a table. Settled here against schemas, applied in `apply`.

mod among;
mod apply;
mod bounds;
mod condition;
mod outcome;

use std::fmt::Write as _;

use ropeway_vocab::{ColumnType, Place, Problem, Result, TableSchema};

use self::bounds::Bounds;
use self::condition::Condition;
use crate::definitions::known_columns;
use crate::settings::{CheckSettings, Otherwise};
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
    /// Settles check number `index` (from 0) of the project. What is wrong with it has the place `[check.INDEX] key`.
    pub(crate) fn new<'a>(
        index: usize,
        settings: &CheckSettings,
        schema: &dyn Fn(&str) -> Result<&'a TableSchema>,
    ) -> Result<Self> {
        let own = schema(&settings.table).map_err(|problem| problem.context("a check"))?;
        let at = |key: &str| Place::file(format!("[check.{index}] {key}"));
        let stated = stated(settings);
        let [key] = stated[..] else {
            let (table, count) = (&settings.table, stated.len());
            let what = format!("a check of `{table}` states {count} conditions instead of one");
            return Err(Problem::invalid("check", what)
                .at(at(stated.last().unwrap_or(&"table")))
                .remedy("state exactly one of that, unique, not_null, in, matches, references, rows, fresh"));
        };
        let condition = condition(settings, own, schema).map_err(|problem| problem.or_at(|| at(key)))?;
        let share = settings.tolerated();
        if !(0.0..=1.0).contains(&share) {
            return Err(Problem::invalid("check", format!("`tolerate = {share}` is not a share"))
                .at(at("tolerate"))
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

    /// Whether it leaves failing rows out.
    pub(crate) fn rejects_rows(&self) -> bool {
        rejects(self.settings.otherwise) && !self.condition.is_whole()
    }

    /// The columns of its relation that decide which rows fail.
    pub(crate) fn columns(&self) -> Vec<String> {
        match &self.condition {
            Condition::That(expr) => expr.columns().into_iter().map(str::to_string).collect(),
            Condition::Unique(columns) | Condition::NotNull(columns) => columns.clone(),
            Condition::Matches(patterns) => patterns.iter().map(|(column, _)| column.clone()).collect(),
            Condition::References(reference) => reference.columns.clone(),
            Condition::Rows(_) | Condition::Fresh(_) => Vec::new(),
        }
    }

    /// Whether it holds rows against each other.
    pub(crate) fn is_unique(&self) -> bool {
        matches!(self.condition, Condition::Unique(_))
    }

    /// The relation and the columns whose values must be there.
    pub(crate) fn refers_to(&self) -> Option<(&str, &[String])> {
        self.settings.references.as_ref().map(|reference| (reference.table.as_str(), reference.targets()))
    }

    /// The check as people read it.
    pub(crate) fn text(&self) -> &str {
        &self.text
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

/// The keys of the conditions that a check states.
fn stated(settings: &CheckSettings) -> Vec<&'static str> {
    let all = [
        ("that", settings.that.is_some()),
        ("unique", settings.unique.is_some()),
        ("not_null", settings.not_null.is_some()),
        ("in", settings.among.is_some()),
        ("matches", settings.matches.is_some()),
        ("references", settings.references.is_some()),
        ("rows", settings.rows.is_some()),
        ("fresh", settings.fresh.is_some()),
    ];
    all.into_iter().filter_map(|(key, stated)| stated.then_some(key)).collect()
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
    if let Some(sql) = &settings.that {
        let expr = RowExpr::compile_in(&format!("check of `{table}`"), sql, &own.columns)?;
        return Ok(Condition::That(boolean(expr)?));
    }
    if let Some(names) = &settings.unique {
        return Ok(Condition::Unique(columns(names, "unique")?));
    }
    if let Some(names) = &settings.not_null {
        return Ok(Condition::NotNull(columns(names, "not_null")?));
    }
    if let Some(allowed) = &settings.among {
        columns(&allowed.keys().cloned().collect::<Vec<_>>(), "in")?;
        return Ok(Condition::That(boolean(among::condition(allowed, own)?)?));
    }
    if let Some(patterns) = &settings.matches {
        columns(&patterns.keys().cloned().collect::<Vec<_>>(), "matches")?;
        for (name, pattern) in patterns {
            matchable(own, name, pattern)?;
        }
        return Ok(Condition::Matches(
            patterns.iter().map(|(name, pattern)| (name.clone(), pattern.clone())).collect(),
        ));
    }
    if let Some(reference) = &settings.references {
        columns(&reference.columns, "references")?;
        let other = schema(&reference.table).map_err(|problem| problem.context(format!("a check of `{table}`")))?;
        let targets = reference.targets();
        known_columns(&other.columns, targets, &format!("`to` of a check of `{table}`"))?;
        same_types(own, &reference.columns, other, targets)?;
        return Ok(Condition::References(reference.clone()));
    }
    if let Some(bounds) = &settings.rows {
        return Ok(Condition::Rows(bounds.parse::<Bounds>()?));
    }
    if let Some(fresh) = &settings.fresh {
        known_columns(&own.columns, std::slice::from_ref(&fresh.column), &format!("`fresh` of a check of `{table}`"))?;
        let position = own.position(&fresh.column)?;
        if !matches!(own.columns[position].ty, ColumnType::Timestamp | ColumnType::Date) {
            return Err(Problem::invalid(
                "check",
                format!("`fresh` needs a time column; `{}` is a {}", fresh.column, own.columns[position].ty),
            )
            .remedy("name a timestamp or date column"));
        }
        return Ok(Condition::Fresh(fresh.clone()));
    }
    Err(Problem::internal("a check states no condition"))
}

fn boolean(expr: RowExpr) -> Result<RowExpr> {
    if expr.ty() == ColumnType::Boolean {
        return Ok(expr);
    }
    Err(Problem::invalid("check", format!("`{}` is a {}, not true or false", expr.sql(), expr.ty()))
        .remedy("write a comparison, for example distance > 0"))
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

/// Whether failing rows are left out.
fn rejects(otherwise: Otherwise) -> bool {
    otherwise == Otherwise::Reject
}

#[cfg(test)]
mod tests;
