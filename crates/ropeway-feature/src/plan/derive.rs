//! Resolves `[derive]`: each expression may read any other feature, in whatever order they are written.

use std::sync::Arc;

use ropeway_table::RowExpr;
use ropeway_vocab::{AT, ColumnSpec, Kind, Problem, Result};

use super::scope::{Scope, reserved};
use super::step::{DeriveStep, Input};
use super::{FeatureSpec, Origin, at_column};

/// Compiles all derived features in an order in which each finds what it reads, and adds them to `features` in
/// the order of the settings.
pub(super) fn resolve(
    scope: &Scope<'_>,
    features: &mut Vec<FeatureSpec>,
    has_at: bool,
) -> Result<Vec<Arc<DeriveStep>>> {
    let settings = &scope.form.settings.derive;
    let mut pending: Vec<(&str, &str)> = settings.iter().map(|(name, sql)| (name.as_str(), sql.as_str())).collect();
    let mut known = features.clone();
    let mut compiled = Vec::new();
    while !pending.is_empty() {
        let (mut rest, mut problems) = (Vec::new(), Vec::new());
        for (name, sql) in &pending {
            match compile(scope, &known, has_at, name, sql) {
                Ok((expression, spec)) => {
                    compiled.push((*name, expression));
                    known.push(spec);
                }
                Err(problem) if problem.kind() == Kind::Refused => return Err(problem),
                Err(problem) => {
                    rest.push((*name, *sql));
                    problems.push(problem);
                }
            }
        }
        if rest.len() == pending.len() {
            return Err(stuck(&rest, problems));
        }
        pending = rest;
    }
    let place = |name: &str| settings.get_index_of(name);
    let mut derived = known.split_off(features.len());
    derived.sort_by_key(|spec| place(&spec.name));
    features.extend(derived);
    compiled.into_iter().map(|(name, expression)| step(features, name, expression).map(Arc::new)).collect()
}

/// A derived feature with the places of all that it reads.
fn step(features: &[FeatureSpec], name: &str, expression: RowExpr) -> Result<DeriveStep> {
    let place = |name: &str| {
        let found = features.iter().position(|spec| spec.name == name);
        found.ok_or_else(|| Problem::internal(format!("there is no feature `{name}`")))
    };
    let input = |name: &str| if name == AT { Ok(Input::At) } else { place(name).map(Input::Feature) };
    let inputs = expression.columns().into_iter().map(input).collect::<Result<Vec<_>>>()?;
    Ok(DeriveStep { name: name.to_string(), place: place(name)?, inputs, expression })
}

/// The first problem that is not merely about another derived feature that cannot be computed either.
fn stuck(pending: &[(&str, &str)], problems: Vec<Problem>) -> Problem {
    let waits = |problem: &Problem| pending.iter().any(|(name, _)| problem.what().contains(&format!("`{name}`")));
    let mut circle = None;
    for problem in problems {
        if !waits(&problem) {
            return problem;
        }
        circle = circle.or(Some(problem));
    }
    let names: Vec<&str> = pending.iter().map(|(name, _)| *name).collect();
    let problem =
        Problem::invalid("derive-cycle", format!("[derive]: {} read one another in a circle", names.join(", ")));
    let problem = match circle.as_ref().and_then(Problem::place) {
        Some(place) => problem.at(place.clone()),
        None => problem,
    };
    problem.remedy("write one of them without the others")
}

fn compile(
    scope: &Scope<'_>,
    before: &[FeatureSpec],
    has_at: bool,
    name: &str,
    sql: &str,
) -> Result<(RowExpr, FeatureSpec)> {
    let user = format!("[derive] {name}");
    reserved(name, &user)?;
    let mut columns: Vec<ColumnSpec> = before
        .iter()
        .map(|f| ColumnSpec { name: f.name.clone(), ty: f.ty, known_ahead: true, personal: f.personal })
        .chain(has_at.then(at_column))
        .collect();
    let available = columns.len();
    // Also what the example does not have, so that using it is refused with the reason rather than unknown.
    let derive = &scope.form.settings.derive;
    let others = scope.examples()?.columns.iter();
    let others = others.filter(|c| !derive.contains_key(&c.name) && !columns.iter().any(|known| known.name == c.name));
    let others: Vec<ColumnSpec> = others.cloned().collect();
    columns.extend(others);
    let expression = RowExpr::compile_in(&user, sql, &columns)?;
    let read = |name: &str| columns[..available].iter().find(|column| column.name == name);
    for column in expression.columns() {
        if read(column).is_none() {
            return Err(scope.not_there(column, &user));
        }
    }
    let inputs: Vec<String> = expression.columns().into_iter().map(str::to_string).collect();
    let personal = inputs.iter().filter_map(|input| read(input)).any(|column| column.personal);
    let spec =
        FeatureSpec { name: name.to_string(), ty: expression.ty(), personal, origin: Origin::Derived { inputs } };
    Ok((expression, spec))
}
