//! Makes a feature plan over the tables of a project, with all that the time rule refuses.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_table::{CheckSettings, OpenTime, Otherwise, ROWS, RowExpr, TablePlan};
use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result, TableSchema, Timing};

use super::refusal::{Finding, known_later};
use super::resolve::resolve;
use super::scope::unknown_table;
use super::{FeaturePlan, Form, answer};
use crate::settings::{FeatureSettings, LookupSettings};

impl FeaturePlan {
    /// Resolves the settings over the tables. Refused, each with its path and remedy, is everything that would let
    /// an example see what is not known at its time: request columns, derived features, keys, `at` and exact
    /// lookups that reach a later-known column; windows over tables without time; lookups into tables that are
    /// neither static nor timed. Findings are what cannot be refused: filters and joins of the examples' own table
    /// that read a later-known column.
    pub fn new(settings: &FeatureSettings, tables: &TablePlan) -> Result<(Self, Vec<Finding>)> {
        let mut settings = settings.clone();
        let mut schemas: BTreeMap<String, TableSchema> = BTreeMap::new();
        for (user, table) in used(&settings) {
            if !tables.has(&table) {
                let all = tables.order().iter().map(|name| Ok((name.clone(), tables.schema(name)?.clone())));
                return Err(unknown_table(&table, &user, &all.collect::<Result<_>>()?));
            }
            schemas.insert(table.clone(), tables.schema(&table)?.clone());
        }
        if settings.examples.key.is_empty() {
            settings.examples.key = default_key(&settings.examples.table, tables)?;
        }
        let found_by = found_by(&settings, tables)?;
        let mut before = BTreeSet::new();
        for (table, by) in &found_by {
            let (seen, once) = (tables.schema_by(table, by)?, before.insert(table));
            let columns = schemas.get_mut(table).into_iter().flat_map(|schema| &mut schema.columns);
            columns.zip(seen.columns).for_each(|(column, seen)| {
                column.known_ahead = seen.known_ahead && (once || column.known_ahead);
            });
        }
        let path_of = |table: &str, column: &str| later_path(tables, &found_by, table, column);
        let plan = resolve(Form { settings, tables: schemas }, &path_of)?;
        for (name, lookup) in &plan.form.settings.lookup {
            exact_rows_known(tables, name, lookup)?;
            reference_known(tables, &format!("[lookup.{name}]"), &lookup.table)?;
        }
        for (name, window) in &plan.form.settings.window {
            reference_known(tables, &format!("[window.{name}]"), &window.table)?;
        }
        local_dates(&plan, tables)?;
        answer::refused(&plan, tables)?;
        let findings = findings(&plan, tables)?;
        Ok((plan, findings))
    }
}

/// A date has no zone: as a prediction time it would be a midnight in UTC, where its source says that days begin elsewhere.
fn local_dates(plan: &FeaturePlan, tables: &TablePlan) -> Result<()> {
    let table = plan.examples_table();
    for name in plan.at().into_iter().flat_map(RowExpr::columns) {
        for dep in tables.lineage(table, name, &[])?.values {
            let Some(source) = tables.definitions().sources.get(&dep.source) else { continue };
            let date = |columns: &[ColumnSpec], name: &str| {
                columns.iter().any(|column| column.name == name && column.ty == ColumnType::Date)
            };
            let is_date = date(&source.columns, &dep.column) || date(&tables.schema(table)?.columns, name);
            if let Some(zone) = source.settings.zone.as_ref().filter(|zone| is_date && *zone != "UTC") {
                let what = format!(
                    "[examples] at reads `{name}`, which stems as a date from `{}` of source `{}` with zone = \"{zone}\": a date has no \
                     zone, and its midnight in UTC is another instant",
                    dep.column, dep.source
                );
                return Err(Problem::invalid("date-without-zone", what).remedy(format!(
                    "read it as a timestamp, which is its midnight there: types = {{ {} = \"timestamp\" }} in [source.{}]",
                    dep.column, dep.source
                )));
            }
        }
    }
    Ok(())
}

/// Every table that the settings name, and where.
fn used(settings: &FeatureSettings) -> Vec<(String, String)> {
    let lookups = settings.lookup.iter().map(|(name, lookup)| (format!("[lookup.{name}]"), lookup.table.clone()));
    let windows = settings.window.iter().map(|(name, window)| (format!("[window.{name}]"), window.table.clone()));
    let examples = ("[examples]".to_string(), settings.examples.table.clone());
    std::iter::once(examples).chain(lookups).chain(windows).collect()
}

/// The key of the table, else that of the first source it is made from whose key columns it all has.
fn default_key(table: &str, tables: &TablePlan) -> Result<Vec<String>> {
    let schema = tables.schema(table)?;
    if !schema.key.is_empty() {
        return Ok(schema.key.clone());
    }
    for source in tables.upstream(table)? {
        let key = &tables.schema(&source)?.key;
        if tables.is_source(&source) && !key.is_empty() && key.iter().all(|name| schema.column(name).is_some()) {
            return Ok(key.clone());
        }
    }
    Ok(Vec::new())
}

/// The tables whose rows stand for something at any time, and the columns by which each is found: the examples by their
/// key, what is looked up exactly by what it is matched on. Columns that do not exist are told of elsewhere.
fn found_by(settings: &FeatureSettings, tables: &TablePlan) -> Result<Vec<(String, Vec<String>)>> {
    let examples = (settings.examples.table.clone(), settings.examples.key.clone());
    let exact = settings.lookup.values().filter(|lookup| lookup.as_of.is_none());
    let exact = exact.map(|lookup| (lookup.table.clone(), lookup.on.columns_of_table()));
    let mut all = Vec::new();
    for (table, mut by) in std::iter::once(examples).chain(exact) {
        let schema = tables.schema(&table)?;
        by.retain(|column| schema.column(column).is_some());
        all.push((table, by));
    }
    Ok(all)
}

/// The way from a column to the first later-known source column that it depends on.
fn later_path(tables: &TablePlan, found_by: &[(String, Vec<String>)], table: &str, column: &str) -> Vec<String> {
    let later = found_by.iter().filter(|(of, _)| of == table).find_map(|(_, by)| {
        let values = tables.lineage(table, column, by).unwrap_or_default().values.into_iter();
        // A column says more than that there are rows.
        values.filter(|dep| !dep.known_ahead).min_by_key(|dep| dep.column == ROWS)
    });
    later.map_or_else(|| vec![format!("{table}.{column}")], |dep| dep.path)
}

/// An exact lookup into a timed table sees rows of any time, so that their existence must be known ahead, too.
fn exact_rows_known(tables: &TablePlan, name: &str, lookup: &LookupSettings) -> Result<()> {
    if lookup.as_of.is_some() || *tables.timing(&lookup.table)? != Timing::Timed {
        return Ok(());
    }
    let later = tables.later_known_rows(&lookup.table, &lookup.on.columns_of_table(), &[])?.into_iter().next();
    let (what, dep) = match (later, tables.rows_to_come(&lookup.table)?) {
        (Some(dep), _) => {
            (format!("whose rows depend on `{}.{}`, not known at the example's time", dep.source, dep.column), dep)
        }
        (None, Some(dep)) => (
            format!(
                "made of rows of `{}` of which it is not known at the example's time whether they will come",
                dep.source
            ),
            dep,
        ),
        (None, None) => return Ok(()),
    };
    Err(known_later(
        format!("[lookup.{name}] looks exactly into `{}`, {what}", lookup.table),
        dep.path,
        "give the lookup an `as_of` column, or filter by columns that are known ahead",
    ))
}

/// Rows that a check holds against another relation do not have its time: whatever counts them or looks into them would
/// see what that relation holds at other times.
fn reference_known(tables: &TablePlan, user: &str, table: &str) -> Result<()> {
    match tables.later_reference(table)? {
        None => Ok(()),
        Some(dep) => Err(known_later(
            format!(
                "{user} reads `{table}`, where a check rejects rows by what another table holds, which depends on `{}.{}`, \
                 not known at the example's time",
                dep.source, dep.column
            ),
            dep.path,
            "let the check warn or stop, or join in SQL, which carries the time",
        )),
    }
}

fn findings(plan: &FeaturePlan, tables: &TablePlan) -> Result<Vec<Finding>> {
    let table = plan.examples_table();
    if !plan.has_time() && *tables.timing(table)? != Timing::Timed {
        return Ok(Vec::new());
    }
    let finding = |dep: ropeway_table::Dep| Finding {
        code: "later-known-rows".to_string(),
        what: match dep.column.as_str() {
            ROWS => format!(
                "which rows of `{table}` are examples depends on which rows of `{}` there will be, not known at the example's time",
                dep.source
            ),
            column => format!(
                "which rows of `{table}` are examples depends on `{}.{column}`, not known at the example's time",
                dep.source
            ),
        },
        table: table.to_string(),
        column: Some(format!("{}.{}", dep.source, dep.column)),
        check: None,
        place: None,
        path: dep.path,
        remedy:
            "leave the rows in and let the label be missing instead: rows without a label are counted, not trained on"
                .to_string(),
    };
    let at: Vec<String> = plan.at().into_iter().flat_map(RowExpr::columns).map(str::to_string).collect();
    let by_sql = tables.later_known_rows(table, &plan.key_names(), &at)?.into_iter().filter(|dep| !dep.by_check);
    let mut all: Vec<Finding> = by_sql.map(finding).collect();
    for name in tables.upstream(table)? {
        all.extend(rejecting_checks(tables, &name)?);
    }
    all.extend(open_times(plan, tables)?);
    Ok(all)
}

/// Tables whose rows have a time that rests on what never happens. Neither is refused: what can be known is right, and what
/// it does not show is told.
fn open_times(plan: &FeaturePlan, tables: &TablePlan) -> Result<Vec<Finding>> {
    let mut used = BTreeSet::from([plan.examples_table().to_string()]);
    used.extend(plan.tables().into_iter().map(str::to_string));
    let upstream = used.iter().map(|table| tables.upstream(table)).collect::<Result<Vec<_>>>()?;
    let used: BTreeSet<String> = upstream.into_iter().flatten().collect();
    let mut found = Vec::new();
    for table in tables.order().iter().filter(|table| used.contains(*table)) {
        let Some(open) = tables.open_time(table)? else { continue };
        let (code, place, what, remedy) = match open {
            OpenTime::Join(place) => (
                "open-join",
                place,
                format!(
                    "rows of `{table}` that find no partner are known at no time, so that no window, timed lookup or training \
                     label sees them: that no partner comes is known only when none can come any more"
                ),
                "state `known_at` of the table, the time by which a partner must have come, or use an inner join",
            ),
            OpenTime::Group(place) => (
                "open-group",
                place,
                format!(
                    "a group of `{table}` is known with the latest of its rows: that it can be seen says that no later row joins it"
                ),
                "state `known_at` of the table, the time by which a group is complete (the end of its day), or aggregate in \
                 a [window], which counts only what was known; `ropeway check --prove` shows whether it matters",
            ),
            OpenTime::Frame(place) => (
                "open-frame",
                place,
                format!(
                    "a row of `{table}` is known with the latest of the rows that its OVER reads: that it can be seen says that no \
                     other comes between them; one that counts off later rows which are not there is known at no time"
                ),
                "state `known_at` of the table, the time by which all these rows must have come, or aggregate in a [window], which \
                 counts only what was known",
            ),
        };
        found.push(Finding {
            code: code.to_string(),
            what,
            table: table.clone(),
            column: None,
            check: None,
            place: Some(place),
            path: Vec::new(),
            remedy: remedy.to_string(),
        });
    }
    Ok(found)
}

/// The code of the finding that a `unique` check chooses by time; it stands only where rows are rejected.
pub const FIRST_KNOWN_KEPT: &str = "first-known-kept";

/// Checks that leave rows out by values known only later: they choose examples as a filter would.
fn rejecting_checks(tables: &TablePlan, table: &str) -> Result<Vec<Finding>> {
    let (mut found, timing) = (Vec::new(), tables.timing(table)?);
    let rejects = |(_, check): &(usize, &CheckSettings)| check.table == table && check.otherwise == Otherwise::Reject;
    for (index, check) in tables.definitions().checks.iter().enumerate().filter(rejects) {
        let finding = |what: String, column: String, path: Vec<String>| Finding {
            code: "later-known-check".to_string(),
            what,
            table: table.to_string(),
            column: Some(column),
            check: Some(index),
            place: None,
            path,
            remedy: "let it warn or stop instead of reject, or check only what is known ahead".to_string(),
        };
        if let Some(columns) = check.unique.as_ref().filter(|_| *timing == Timing::Timed) {
            let list: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
            let what = format!(
                "a check of `{table}` keeps, of rows that are equal in {}, the one that becomes known first: which one that is, is \
                 not known at the example's time",
                list.join(", ")
            );
            found.push(Finding {
                code: FIRST_KNOWN_KEPT.to_string(),
                remedy: "leave one row of each in the data, chosen by what is known ahead".to_string(),
                ..finding(what, format!("{table}.known_at"), Vec::new())
            });
        }
        let (columns, referred) = tables.read_by_check(index);
        for column in columns {
            let deps = tables.lineage(table, &column, &[])?.values;
            let Some(dep) = deps.into_iter().find(|dep| !dep.known_ahead) else { continue };
            let what = format!("a check of `{table}` rejects rows by `{column}`, not known at the example's time");
            found.push(finding(what, format!("{table}.{column}"), dep.path));
        }
        let other = check.references.as_ref().map_or("", |reference| reference.table.as_str());
        for dep in referred.into_iter().filter(|dep| !dep.known_ahead) {
            let column = format!("{}.{}", dep.source, dep.column);
            let what = format!(
                "a check of `{table}` rejects rows that `{other}` does not have, which depends on `{column}`, not known at the \
                 example's time"
            );
            found.push(finding(what, column, dep.path));
        }
    }
    Ok(found)
}
