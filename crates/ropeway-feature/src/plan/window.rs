//! Resolves `[window.*]`.

use ropeway_table::{AggregateCall, RowExpr, parse_aggregate};
use ropeway_vocab::{ColumnType, Problem, Result, TableSchema, Timing, nearest};

use super::refusal::not_timed;
use super::scope::Scope;
use super::step::WindowStep;
use super::{FeatureSpec, Origin};
use crate::kernel::Aggregate;
use crate::settings::WindowSettings;

const FUNCTIONS: [(&str, Aggregate); 10] = [
    ("count", Aggregate::Count),
    ("sum", Aggregate::Sum),
    ("avg", Aggregate::Avg),
    ("mean", Aggregate::Avg),
    ("min", Aggregate::Min),
    ("max", Aggregate::Max),
    ("stddev", Aggregate::Stddev),
    ("stddev_samp", Aggregate::Stddev),
    ("last", Aggregate::Last),
    ("last_value", Aggregate::Last),
];

pub(super) fn resolve(scope: &Scope<'_>, name: &str, settings: &WindowSettings) -> Result<(WindowStep, FeatureSpec)> {
    let user = format!("[window.{name}]");
    let table = &settings.table;
    let schema = scope.schema(table, &user)?;
    if schema.timing != Timing::Timed {
        return Err(not_timed(&user, table, schema, false));
    }
    if scope.form.settings.examples.at.is_none() {
        return Err(Problem::invalid("no-time", format!("{user}: a window needs a time to look back from"))
            .remedy("give [examples] an `at`"));
    }
    let by = scope.matches(&settings.by, schema, &format!("{user} by"))?;
    let call = parse_aggregate(&settings.value).map_err(|problem| problem.context(&user))?;
    let aggregate = aggregate(&user, &call)?;
    let argument = match &call.argument {
        Some(sql) => Some(argument(&user, sql, schema, aggregate)?),
        None => None,
    };
    let filters = settings.filter.iter().chain(&call.filter).map(|sql| filter(&user, sql, schema));
    let filters = filters.collect::<Result<Vec<_>>>()?;
    let ty = aggregate.result(argument.as_ref().map_or(ColumnType::Integer, RowExpr::ty));
    let shows = matches!(aggregate, Aggregate::Min | Aggregate::Max | Aggregate::Last);
    let read = argument.iter().flat_map(RowExpr::columns);
    let personal = shows && read.filter_map(|column| schema.column(column)).any(|column| column.personal);
    let origin = Origin::Window { table: table.clone(), aggregate };
    let spec = FeatureSpec { name: name.to_string(), ty, personal, origin };
    let step = WindowStep {
        name: name.to_string(),
        table: table.clone(),
        by,
        over: settings.over,
        aggregate,
        argument,
        filters,
        ty,
    };
    Ok((step, spec))
}

fn aggregate(user: &str, call: &AggregateCall) -> Result<Aggregate> {
    let found = FUNCTIONS.iter().find(|(name, _)| *name == call.function).map(|(_, aggregate)| *aggregate);
    let Some(found) = found else {
        let problem = Problem::invalid("aggregate", format!("{user}: a window cannot compute `{}`", call.function));
        if call.function.starts_with("var") {
            return Err(problem.remedy("use stddev, the root of the variance"));
        }
        return Err(match nearest(&call.function, FUNCTIONS.iter().map(|(name, _)| *name)) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None => problem.remedy("use count, count(DISTINCT ..), sum, avg, min, max, stddev or last"),
        });
    };
    match (found, call.distinct) {
        (found, false) => Ok(found),
        (Aggregate::Count, true) if call.argument.is_some() => Ok(Aggregate::CountDistinct),
        (found, true) => Err(Problem::invalid("aggregate", format!("{user}: {} takes no DISTINCT", found.name()))
            .remedy("only count(DISTINCT ..) is over different values")),
    }
}

fn argument(user: &str, sql: &str, schema: &TableSchema, aggregate: Aggregate) -> Result<RowExpr> {
    let expression = RowExpr::compile_in(&format!("{user} value"), sql, &schema.columns)?;
    if aggregate.needs_numbers() && !matches!(expression.ty(), ColumnType::Integer | ColumnType::Float) {
        let what = format!("{user}: {} needs numbers, and `{sql}` is {}", aggregate.name(), expression.ty());
        return Err(Problem::invalid("column-type", what)
            .remedy("turn it into a number, for example CASE WHEN condition THEN 1.0 ELSE 0.0 END"));
    }
    Ok(expression)
}

fn filter(user: &str, sql: &str, schema: &TableSchema) -> Result<RowExpr> {
    let expression = RowExpr::compile_in(&format!("{user} where"), sql, &schema.columns)?;
    if expression.ty() != ColumnType::Boolean {
        return Err(Problem::invalid("column-type", format!("{user}: `where` is {}", expression.ty()))
            .remedy("write a condition that is true or false"));
    }
    Ok(expression)
}
