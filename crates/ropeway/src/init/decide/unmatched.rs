//! Why rows of the table find nothing in another file: what was tried, with its counts, and what to do.

use ropeway_survey::ColumnSurvey;
use ropeway_vocab::ColumnType;

use crate::init::decide::columns::ColumnChoice;
use crate::init::decide::lookup::Main;
use crate::init::decide::matched::{Near, named_alike};
use crate::init::look::Looked;
use crate::render::number::count;

/// Columns that are named.
const NAMED: usize = 3;

/// The reason, as the end of a sentence.
pub(super) fn why(main: &Main<'_>, looked: &Looked, file: &str, near: Option<Near<'_>>) -> String {
    let source = &main.names.source;
    let alike = |key: &&ColumnSurvey| main.columns.iter().find(|own| named_alike(own, key, file));
    let shared: Vec<(&ColumnChoice, &ColumnSurvey)> =
        looked.survey.columns.iter().filter_map(|key| Some((alike(&key)?, key))).collect();
    if let Some((_, day)) = shared.iter().find(|(own, key)| is_time(own.ty) && is_time(key.ty)) {
        return format!(
            "no column, and no two or three that are called as in `{source}`, tell its rows apart and are found there; where `{0}` does, \
             its rows are known then, and an as-of lookup (`as_of = \"{0}\"`) takes the latest of before",
            day.name
        );
    }
    if let Some(near) = near.filter(|near| near.named() || shared.is_empty()) {
        return too_few(&near);
    }
    if shared.is_empty() {
        let keys = looked.survey.columns.iter().map(|key| format!("`{}`", key.name)).take(NAMED);
        return format!(
            "no column of `{source}` holds the values by which its rows are told apart, nor is one called as a column of it ({}): where two mean \
             the same, give them one name in `columns` of a source or in the SQL of a table",
            keys.collect::<Vec<_>>().join(", ")
        );
    }
    let reasons: Vec<String> = shared.iter().take(NAMED).map(|(own, key)| no_key(main, own, key)).collect();
    let together = if shared.len() > 1 { ", nor do two or three together make a key that most rows find" } else { "" };
    format!("{}{together}", reasons.join("; "))
}

fn too_few(near: &Near<'_>) -> String {
    let Near { column, key, found, of, least, twice } = near;
    let (own, by) = (&column.name, &key.name);
    if *twice {
        return format!("spellings of `{own}` are read as one, and then `{by}` no longer tells its rows apart");
    }
    let share = 100.0 * *found as f64 / (*of).max(1) as f64;
    if !near.named() {
        return format!(
            "{share:.1}% of the rows would find their `{own}` in it by `{by}`, {} of {}, but numbers match by chance and these columns are called \
             differently: where both mean the same, give them one name in `columns` of a source or in the file",
            count(*found),
            count(*of)
        );
    }
    format!(
        "only {share:.1}% of the rows find their `{own}` in it by `{by}`, {} of {}, where {least}% have to: look whether both are written alike",
        count(*found),
        count(*of)
    )
}

/// Why a column of the file that is called as one of the table is no key of it.
fn no_key(main: &Main<'_>, own: &ColumnChoice, key: &ColumnSurvey) -> String {
    let name = &key.name;
    let rows = count(key.rows);
    if own.name == main.label {
        return format!("`{name}` is called as the label");
    }
    if key.missing > 0 {
        return format!("`{name}` is no key of it, missing in {} of {rows} rows", count(key.missing));
    }
    if !matches!(key.ty, ColumnType::Integer | ColumnType::Text) {
        return format!("`{name}` is no key of it, since nothing is found by a {}", key.ty);
    }
    if key.distinct < key.rows {
        return format!(
            "`{name}` is no key of it, with {} different values in {rows} rows, so that a row would find several: make it one row a value in the SQL \
             of a table",
            count(key.distinct)
        );
    }
    format!("`{name}` is {} in it and {} in `{}`", key.ty, own.ty, main.names.source)
}

fn is_time(ty: ColumnType) -> bool {
    matches!(ty, ColumnType::Date | ColumnType::Timestamp)
}
