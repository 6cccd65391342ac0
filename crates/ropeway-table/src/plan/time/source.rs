//! Rows of a source: when each became known, and their canonical order.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::{Date32Type, TimestampMicrosecondType};
use ropeway_source::{Coercion, SourceSettings};
use ropeway_vocab::{ColumnSpec, ColumnType, KNOWN_AT, Kind, Problem, Result, Span, TableSchema, Timing};

use crate::plan::{Kind as RelationKind, TablePlan};
use crate::sql::RowExpr;
use crate::{Relation, row_name};

/// How the rows of a source come by their known-at.
#[derive(Debug, Clone)]
pub(in crate::plan) enum SourceTime {
    /// It has none: static or untimed.
    Without,
    /// An expression over its columns, in which a date is an instant.
    Of(Box<TimeOf>),
}

/// When rows of a source become known.
#[derive(Debug, Clone)]
pub(in crate::plan) struct TimeOf {
    /// Over its columns; one that holds dates stands for the first instants of these days where the source declares a zone.
    pub(in crate::plan) expr: RowExpr,
    /// How much later.
    pub(in crate::plan) after: Span,
    /// The declared zone.
    zone: Option<Coercion>,
}

impl TimeOf {
    fn new(
        name: &str,
        what: &str,
        (sql, after): (&str, Span),
        settings: &SourceSettings,
        columns: &[ColumnSpec],
    ) -> Result<Self> {
        let zone = settings.zone.is_some().then(|| Coercion::of(settings)).transpose()?;
        let mut columns = columns.to_vec();
        for column in columns.iter_mut().filter(|column| zone.is_some() && column.ty == ColumnType::Date) {
            column.ty = ColumnType::Timestamp;
        }
        let expr = RowExpr::compile_in(&format!("{what} of source `{name}`"), sql, &columns)?;
        Ok(Self { expr: instant(expr, what)?, after, zone })
    }

    /// The instants of the rows, without what comes after.
    fn of(&self, schema: &TableSchema, batch: &RecordBatch) -> Result<TimestampMicrosecondArray> {
        let Some(zone) = &self.zone else { return instants(&self.expr, schema, batch) };
        let mut schema = schema.clone();
        let mut columns = batch.columns().to_vec();
        for (position, field) in batch.schema_ref().fields().iter().enumerate() {
            if let Some(days) = columns[position].as_primitive_opt::<Date32Type>() {
                let begins = days.iter().map(|day| day.and_then(|day| zone.midnight(day)));
                let begins: TimestampMicrosecondArray = begins.collect();
                columns[position] = Arc::new(begins.with_timezone("UTC"));
                let of_field = schema.columns.iter_mut().find(|column| column.name == *field.name());
                of_field.into_iter().for_each(|column| column.ty = ColumnType::Timestamp);
            }
        }
        let names = batch.schema_ref().fields().iter().map(|field| field.name().clone());
        let batch =
            RecordBatch::try_from_iter_with_nullable(names.zip(columns).map(|(name, column)| (name, column, true)));
        instants(&self.expr, &schema, &batch.map_err(|error| Problem::internal(error.to_string()))?)
    }
}

/// Where the known-at of given rows comes from, in microseconds UTC, one entry a row over all batches.
#[derive(Debug, Clone, Default)]
pub enum RowTimes {
    /// From the rows themselves.
    #[default]
    Stated,
    /// From the rows, but not before their arrival where there is one.
    Arrivals(Vec<Option<i64>>),
    /// From here alone: what the rows state is not looked at. Missing means never visible.
    Exact(Vec<Option<i64>>),
}

/// The timing of a source, and how its rows come by it.
pub(in crate::plan) fn source_time(
    name: &str,
    settings: &SourceSettings,
    columns: &[ColumnSpec],
) -> Result<(Timing, SourceTime)> {
    let contradiction = |what: &str, remedy: &str| {
        Err(Problem::invalid("source-time", format!("source `{name}` {what}")).remedy(remedy))
    };
    if settings.is_static {
        if settings.known_at.is_some() || settings.known_after.is_some() {
            return contradiction(
                "is static and states when rows became known",
                "keep either `static` or `known_at` / `known_after`",
            );
        }
        return Ok((Timing::Static, SourceTime::Without));
    }
    if let Some(sql) = &settings.known_at {
        if settings.known_after.is_some() {
            return contradiction("states both `known_at` and `known_after`", "keep one of them");
        }
        let time = TimeOf::new(name, "known_at", (sql, Span::from_micros(0)), settings, columns)?;
        return Ok((Timing::Timed, SourceTime::Of(Box::new(time))));
    }
    match (&settings.time, settings.known_after) {
        (Some(time), Some(after)) => {
            crate::definitions::known_columns(
                columns,
                std::slice::from_ref(time),
                &format!("`time` of source `{name}`"),
            )?;
            let quoted = format!("\"{}\"", time.replace('"', "\"\""));
            let time = TimeOf::new(name, "time", (&quoted, after), settings, columns)?;
            Ok((Timing::Timed, SourceTime::Of(Box::new(time))))
        }
        (None, Some(_)) => contradiction(
            "has `known_after` but no `time`",
            "name the column that holds the time of the event as `time`",
        ),
        (Some(_), None) => Ok((
            Timing::Untimed(format!(
                "source `{name}` has `time` but does not say how long after it rows are known (`known_after`)"
            )),
            SourceTime::Without,
        )),
        (None, None) => Ok((
            Timing::Untimed(format!(
                "source `{name}` says neither `known_at`, nor `time` with `known_after`, nor `static = true`"
            )),
            SourceTime::Without,
        )),
    }
}

/// An expression that comes to an instant.
pub(in crate::plan) fn instant(expr: RowExpr, what: &str) -> Result<RowExpr> {
    match expr.ty() {
        ColumnType::Timestamp | ColumnType::Date => Ok(expr),
        other => {
            Err(Problem::invalid("known-at-type", format!("`{what}` is a {other}, not an instant: {}", expr.sql()))
                .remedy("write an expression that comes to a timestamp"))
        }
    }
}

/// The value of an expression as instants; a date counts from its midnight UTC.
pub(in crate::plan) fn instants(
    expr: &RowExpr,
    schema: &TableSchema,
    batch: &RecordBatch,
) -> Result<TimestampMicrosecondArray> {
    let value = expr.eval_named(batch, &|row| row_name(schema, batch, row))?;
    let value: ArrayRef = if expr.ty() == ColumnType::Date {
        arrow::compute::cast(&value, &ColumnType::Timestamp.arrow()).map_err(|e| Problem::internal(e.to_string()))?
    } else {
        value
    };
    value
        .as_primitive_opt::<TimestampMicrosecondType>()
        .cloned()
        .ok_or_else(|| Problem::internal(format!("`{}` did not come to instants", expr.sql())))
}

impl TablePlan {
    /// Makes the relation of a source: adds each row's known-at, and brings rows into canonical order. Where the source
    /// has a key, rows of equal key and content become one, the one known first ([`Relation::collapsed`] counts
    /// them); different rows under one key stay, and a `unique` check decides.
    ///
    /// # Errors
    /// There is no such source, a batch has other columns than the source, or its known-at expression fails on a value.
    pub fn source(&self, name: &str, batches: Vec<RecordBatch>, times: RowTimes) -> Result<Relation> {
        let planned = self.relation(name)?;
        let RelationKind::Source(time) = &planned.kind else {
            return Err(Problem::invalid("not-a-source", format!("`{name}` is a table made by SQL"))
                .remedy("give rows to the source that it reads"));
        };
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        let given = match &times {
            RowTimes::Stated => rows,
            RowTimes::Arrivals(all) | RowTimes::Exact(all) => all.len(),
        };
        if given != rows {
            return Err(Problem::internal(format!("{given} times for {rows} rows of `{name}`")));
        }
        if planned.schema.timing != Timing::Timed {
            return Relation::collapsing(planned.schema.clone(), &batches);
        }
        let mut start = 0;
        let batches = batches
            .iter()
            .map(|batch| {
                let known = known_at(time, &planned.schema, batch, &times, start)?;
                start += batch.num_rows();
                with_known_at(&planned.schema, batch, known)
            })
            .collect::<Result<Vec<_>>>()?;
        Relation::collapsing(planned.schema.clone(), &batches)
    }
}

/// The known-at of the rows of one batch, which begins at row `start` of all.
fn known_at(
    time: &SourceTime,
    schema: &TableSchema,
    batch: &RecordBatch,
    times: &RowTimes,
    start: usize,
) -> Result<TimestampMicrosecondArray> {
    let range = start..start + batch.num_rows();
    if let RowTimes::Exact(exact) = times {
        return Ok(TimestampMicrosecondArray::from(exact[range].to_vec()).with_timezone("UTC"));
    }
    let SourceTime::Of(time) = time else {
        return Err(Problem::internal("a source without time has no known-at"));
    };
    let stated = time.of(schema, batch)?;
    let after = time.after.micros();
    let later = |row: usize| {
        let stated = if stated.is_null(row) { None } else { Some(stated.value(row).saturating_add(after)) };
        match times {
            RowTimes::Arrivals(arrivals) => {
                stated.map(|at| arrivals[start + row].map_or(at, |arrival| at.max(arrival)))
            }
            _ => stated,
        }
    };
    let known: TimestampMicrosecondArray = (0..batch.num_rows()).map(later).collect();
    Ok(known.with_timezone("UTC"))
}

/// A batch of the visible columns with the hidden one behind.
pub(in crate::plan) fn with_known_at(
    schema: &TableSchema,
    batch: &RecordBatch,
    known: TimestampMicrosecondArray,
) -> Result<RecordBatch> {
    let mut columns = schema
        .columns
        .iter()
        .map(|column| {
            batch.column_by_name(&column.name).cloned().ok_or_else(|| {
                Problem::new(Kind::Invalid, "missing-column", format!("the rows have no column `{}`", column.name))
                    .remedy("give the rows all columns of their source")
            })
        })
        .collect::<Result<Vec<_>>>()?;
    columns.push(Arc::new(known));
    let fields: Vec<arrow::datatypes::Field> = schema
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .chain([KNOWN_AT])
        .zip(&columns)
        .map(|(name, column)| arrow::datatypes::Field::new(name, column.data_type().clone(), true))
        .collect();
    RecordBatch::try_new(Arc::new(arrow::datatypes::Schema::new(fields)), columns)
        .map_err(|error| Problem::internal(error.to_string()))
}
