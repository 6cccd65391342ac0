//! Resolves `[lookup.*]`.

use ropeway_vocab::{ColumnType, Problem, Result, Timing};

use super::refusal::{known_later, not_timed};
use super::scope::Scope;
use super::step::{LookupStep, Taken};
use super::{FeatureSpec, Origin};
use crate::settings::LookupSettings;

pub(super) fn resolve(
    scope: &Scope<'_>,
    name: &str,
    settings: &LookupSettings,
) -> Result<(LookupStep, Vec<FeatureSpec>)> {
    let user = format!("[lookup.{name}]");
    let table = &settings.table;
    let schema = scope.schema(table, &user)?;
    if let Timing::Untimed(_) = schema.timing {
        return Err(not_timed(&user, table, schema, true));
    }
    if settings.take.is_empty() {
        return Err(Problem::invalid("empty-lookup", format!("{user} takes no column"))
            .remedy("name the columns to take: take = [\"...\"]"));
    }
    let timed = schema.timing == Timing::Timed;
    let exact = |column: &str| {
        known_later(
            format!("{user} looks exactly into `{table}`, whose `{column}` is not known at the example's time"),
            (scope.path_of)(table, column),
            "give the lookup an `as_of` column, so that it takes the newest row known by then, or use a window",
        )
    };
    let later = |name: &&str| timed && schema.column(name).is_some_and(|column| !column.known_ahead);
    if let (None, Some(column)) = (&settings.as_of, settings.take.iter().map(String::as_str).find(later)) {
        return Err(exact(column));
    }
    let on = scope.matches(&settings.on, schema, &format!("{user} on"))?;
    let as_of = as_of(scope, &user, settings)?;
    if let (None, Some(column)) = (&as_of, on.iter().map(|pair| pair.table.as_str()).find(later)) {
        return Err(exact(column));
    }
    let (mut take, mut specs) = (Vec::new(), Vec::new());
    for taken in &settings.take {
        let column = &schema.columns[schema.position(taken).map_err(|p| p.context(format!("{user} take")))?];
        let feature = format!("{name}_{taken}");
        let origin = Origin::Lookup { lookup: name.to_string(), table: table.clone(), column: taken.clone() };
        specs.push(FeatureSpec { name: feature.clone(), ty: column.ty, personal: column.personal, origin });
        take.push(Taken { feature, column: taken.clone(), ty: column.ty });
    }
    let step =
        LookupStep { name: name.to_string(), table: table.clone(), on, as_of, within: settings.within, take, timed };
    Ok((step, specs))
}

fn as_of(scope: &Scope<'_>, user: &str, settings: &LookupSettings) -> Result<Option<(String, ColumnType)>> {
    let Some(name) = &settings.as_of else {
        return match settings.within {
            None => Ok(None),
            Some(_) => Err(Problem::invalid("within-without-as-of", format!("{user} has `within` and no `as_of`"))
                .remedy("name the column with each row's time: as_of = \"...\"")),
        };
    };
    if scope.form.settings.examples.at.is_none() {
        return Err(Problem::invalid("no-time", format!("{user} has `as_of`, and examples have no time"))
            .remedy("give [examples] an `at`, or look up exactly"));
    }
    let schema = scope.schema(&settings.table, user)?;
    let column = &schema.columns[schema.position(name).map_err(|p| p.context(format!("{user} as_of")))?];
    if !matches!(column.ty, ColumnType::Timestamp | ColumnType::Date) {
        return Err(Problem::invalid("column-type", format!("{user}: as_of column `{name}` is {}", column.ty))
            .remedy("name a column that holds a timestamp or a date"));
    }
    Ok(Some((name.clone(), column.ty)))
}
