//! From settings and schemas to a compiled plan: names, types, and whether each value is known ahead.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use ropeway_table::RowExpr;
use ropeway_vocab::{AT, ColumnSpec, ColumnType, Problem, Result};

use super::scope::{PathOf, Scope, reserved};
use super::{FeaturePlan, FeatureSpec, Form, Origin, derive, lookup, window};

/// Compiles the whole plan.
pub(super) fn resolve(form: Form, path_of: PathOf<'_>) -> Result<FeaturePlan> {
    let settings = &form.settings;
    let bare = Scope { form: &form, path_of, request: &[] };
    let request = request_columns(&bare)?;
    let scope = Scope { request: &request, ..bare };
    let key = key_columns(&scope)?;
    let at = prediction_time(&scope)?;
    let label = label(&scope)?;
    let mut features: Vec<FeatureSpec> = request
        .iter()
        .map(|c| FeatureSpec { name: c.name.clone(), ty: c.ty, personal: c.personal, origin: Origin::Request })
        .collect();
    let (mut lookups, mut windows) = (Vec::new(), Vec::new());
    for (name, settings) in &settings.lookup {
        let (step, specs) = lookup::resolve(&scope, name, settings)?;
        lookups.push(Arc::new(step));
        features.extend(specs);
    }
    for (name, settings) in &settings.window {
        let (step, spec) = window::resolve(&scope, name, settings)?;
        windows.push(Arc::new(step));
        features.push(spec);
    }
    let derived = derive::resolve(&scope, &mut features, at.is_some())?;
    distinct_names(&features)?;
    let fields: Vec<Field> = features.iter().map(|spec| Field::new(&spec.name, spec.ty.arrow(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    Ok(FeaturePlan { features, schema, key, request, at, label, lookups, windows, derived, form })
}

fn request_columns(scope: &Scope<'_>) -> Result<Vec<ColumnSpec>> {
    let schema = scope.examples()?;
    let settings = &scope.form.settings.examples;
    let mut columns: Vec<ColumnSpec> = Vec::new();
    for name in &settings.request {
        let column = &schema.columns[schema.position(name).map_err(|p| p.context("[examples] request"))?];
        reserved(name, "[examples] request")?;
        let remedy = "take it out of `request`: at that time nobody knows it. Past values may speak through a window";
        scope.ahead(column, "[examples] request names", remedy)?;
        if columns.iter().any(|c| c.name == *name) {
            return Err(Problem::invalid("duplicate-feature", format!("[examples] request names `{name}` twice"))
                .remedy("name it once"));
        }
        columns.push(column.clone());
    }
    Ok(columns)
}

fn key_columns(scope: &Scope<'_>) -> Result<Vec<ColumnSpec>> {
    let schema = scope.examples()?;
    let settings = &scope.form.settings.examples;
    let column = |name: &String| {
        let column = &schema.columns[schema.position(name).map_err(|p| p.context("[examples] key"))?];
        if !(name == AT && settings.at.as_deref().is_some_and(|at| at.trim() == AT)) {
            reserved(name, "[examples] key")?;
        }
        scope.ahead(column, "[examples] key names", "identify examples by columns that are known ahead")?;
        Ok(column.clone())
    };
    settings.key.iter().map(column).collect()
}

fn prediction_time(scope: &Scope<'_>) -> Result<Option<RowExpr>> {
    let Some(sql) = &scope.form.settings.examples.at else { return Ok(None) };
    let schema = scope.examples()?;
    let expression = RowExpr::compile_in("[examples] at", sql, &schema.columns)?;
    if !matches!(expression.ty(), ColumnType::Timestamp | ColumnType::Date) {
        return Err(Problem::invalid("column-type", format!("[examples] at is {}, not a time", expression.ty()))
            .remedy("write an expression that gives a timestamp, for example sched_at - INTERVAL '2 hours'"));
    }
    for name in expression.columns() {
        let column = &schema.columns[schema.position(name)?];
        scope.ahead(
            column,
            "[examples] at reads",
            "take the prediction time from the plan, not from what came of it",
        )?;
    }
    Ok(Some(expression))
}

fn label(scope: &Scope<'_>) -> Result<RowExpr> {
    let expression =
        RowExpr::compile_in("[examples] label", &scope.form.settings.examples.label, &scope.examples()?.columns)?;
    if matches!(expression.ty(), ColumnType::Timestamp | ColumnType::Date) {
        return Err(Problem::invalid("column-type", format!("[examples] label is {}", expression.ty())).remedy(
            "write a condition, for example arr_delay > 15, a number, for example the days until then, or a text",
        ));
    }
    Ok(expression)
}

fn distinct_names(features: &[FeatureSpec]) -> Result<()> {
    let mut seen: BTreeMap<&str, &Origin> = BTreeMap::new();
    for feature in features {
        if let Some(first) = seen.insert(&feature.name, &feature.origin) {
            return Err(Problem::invalid(
                "duplicate-feature",
                format!(
                    "two features are named `{}`: {} and {}",
                    feature.name,
                    describe(first),
                    describe(&feature.origin)
                ),
            )
            .remedy("rename one of them"));
        }
    }
    Ok(())
}

fn describe(origin: &Origin) -> String {
    match origin {
        Origin::Request => "a request column".to_string(),
        Origin::Lookup { lookup, column, .. } => format!("`{column}` of [lookup.{lookup}]"),
        Origin::Window { table, .. } => format!("a window over `{table}`"),
        Origin::Derived { .. } => "an expression of [derive]".to_string(),
    }
}
