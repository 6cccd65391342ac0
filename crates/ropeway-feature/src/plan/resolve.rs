//! From settings and schemas to a compiled plan: names, types, and whether each value is known ahead.

use std::collections::BTreeMap;
use std::sync::Arc;

use ropeway_table::RowExpr;
use ropeway_vocab::{AT, ColumnSpec, ColumnType, Kind, LABEL, Problem, Result, TableSchema, Timing, nearest};

use super::refusal::known_later;
use super::step::Match;
use super::{FeaturePlan, FeatureSpec, Form, Origin, derive, lookup, window};
use crate::examples::LABEL_KNOWN_AT;
use crate::settings::Matching;

/// The way from a column of a table to what makes it known later.
pub(super) type PathOf<'a> = &'a dyn Fn(&str, &str) -> Vec<String>;

/// What the sections of the settings are resolved against.
pub(super) struct Scope<'a> {
    pub(super) form: &'a Form,
    pub(super) path_of: PathOf<'a>,
    pub(super) request: &'a [ColumnSpec],
}

impl<'a> Scope<'a> {
    pub(super) fn schema(&self, table: &str, user: &str) -> Result<&'a TableSchema> {
        self.form.tables.get(table).ok_or_else(|| unknown_table(table, user, &self.form.tables))
    }

    pub(super) fn examples(&self) -> Result<&'a TableSchema> {
        self.schema(&self.form.settings.examples.table, "[examples]")
    }

    /// Whether what an example brings along must be known ahead: where there is time at all.
    fn has_time(&self) -> Result<bool> {
        Ok(self.form.settings.examples.at.is_some() || self.examples()?.timing == Timing::Timed)
    }

    /// A column of the examples' table that must be known at the example's time.
    fn ahead(&self, column: &ColumnSpec, what: &str, remedy: &str) -> Result<()> {
        if column.known_ahead || !self.has_time()? {
            return Ok(());
        }
        let table = &self.form.settings.examples.table;
        let path = (self.path_of)(table, &column.name);
        Err(known_later(format!("{what} `{}`, which is not known at the example's time", column.name), path, remedy))
    }

    /// Pairs columns of the example with columns of a table.
    pub(super) fn matches(&self, matching: &Matching, schema: &TableSchema, user: &str) -> Result<Vec<Match>> {
        let pair = |(example, table): (&str, &str)| {
            let ours = self.request_column(example, user)?;
            let theirs = &schema.columns[schema.position(table).map_err(|p| p.context(user))?];
            if ours.ty != theirs.ty {
                return Err(Problem::invalid(
                    "column-type",
                    format!(
                        "{user}: `{example}` is {} in the example and `{table}` is {} in the table",
                        ours.ty, theirs.ty
                    ),
                )
                .remedy("give both the same type: `types` of the source, or CAST in the SQL of the table"));
            }
            let personal = ours.personal || theirs.personal;
            Ok(Match { example: example.to_string(), table: table.to_string(), ty: ours.ty, personal })
        };
        matching.pairs().into_iter().map(pair).collect()
    }

    /// A request column, or the reason why the example does not have it.
    fn request_column(&self, name: &str, user: &str) -> Result<&'a ColumnSpec> {
        self.request.iter().find(|column| column.name == name).map_or_else(|| Err(self.not_there(name, user)), Ok)
    }

    /// Why an example does not have a column at its time.
    pub(super) fn not_there(&self, name: &str, user: &str) -> Problem {
        let column = match self.examples().map(|schema| schema.column(name)) {
            Err(problem) => return problem,
            Ok(column) => column,
        };
        let Some(column) = column else {
            let problem = Problem::invalid("unknown-column", format!("{user}: the example has no column `{name}`"));
            return match nearest(name, self.request.iter().map(|c| c.name.as_str())) {
                Some(near) => problem.remedy(format!("did you mean `{near}`?")),
                None => problem.remedy("use a request column, or add it to `request` of [examples]"),
            };
        };
        let remedy = "use it in the label, or let past facts speak through a window or an as-of lookup";
        match self.ahead(column, &format!("{user} reads"), remedy) {
            Err(problem) => problem,
            Ok(()) => Problem::invalid(
                "not-requested",
                format!("{user} reads `{name}`, which a request does not bring along"),
            )
            .remedy(format!("add \"{name}\" to `request` of [examples]")),
        }
    }
}

pub(super) fn unknown_table(table: &str, user: &str, tables: &BTreeMap<String, TableSchema>) -> Problem {
    let problem = Problem::invalid("unknown-table", format!("{user}: table `{table}` is not known"));
    match nearest(table, tables.keys().map(String::as_str)) {
        Some(near) => problem.remedy(format!("did you mean `{near}`?")),
        None => problem.remedy("declare it as [source.NAME] or [table.NAME]"),
    }
}

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
    Ok(FeaturePlan { features, key, request, at, label, lookups, windows, derived, form })
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

pub(super) fn reserved(name: &str, user: &str) -> Result<()> {
    if [AT, LABEL, LABEL_KNOWN_AT].contains(&name) || name.starts_with("__") {
        return Err(Problem::invalid("reserved-name", format!("{user}: the name `{name}` is reserved"))
            .remedy("give the column another name in the SQL of the table"));
    }
    Ok(())
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
    if !matches!(expression.ty(), ColumnType::Boolean | ColumnType::Integer | ColumnType::Float) {
        return Err(Problem::invalid("column-type", format!("[examples] label is {}", expression.ty()))
            .remedy("write a condition, for example arr_delay > 15, or a number that is 0 or 1"));
    }
    given_away(&expression, scope.request)?;
    Ok(expression)
}

/// A label that reads nothing but request columns is known before anything is learned, with and without time.
fn given_away(label: &RowExpr, request: &[ColumnSpec]) -> Result<()> {
    let read = label.columns();
    if read.is_empty() || !read.iter().all(|name| request.iter().any(|column| column.name == *name)) {
        return Ok(());
    }
    let list = read.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let what = format!("[examples] request names {list}, all that the label reads: the request is its own answer");
    Err(Problem::new(Kind::Refused, "answer-in-request", what)
        .remedy(format!("take {list} out of `request`: when the model is asked, nobody knows it")))
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
