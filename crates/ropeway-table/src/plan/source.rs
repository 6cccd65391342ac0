//! Plans a source: its columns with their labels, its time, its lineage.

use ropeway_vocab::{ColumnSpec, Problem, Result, TableSchema};

use super::lineage::{Deps, Paired, RelationLineage};
use super::time::{SourceTime, source_time};
use super::{Dep, Kind, Planned, ROWS};
use crate::definitions::{SourceDef, known_columns};

pub(super) fn plan_source(name: &str, source: &SourceDef) -> Result<Planned> {
    let settings = &source.settings;
    let mut columns = source.columns.clone();
    for column in &columns {
        if column.name.starts_with("__") {
            return Err(Problem::invalid("reserved-name", format!("source `{name}` has a column `{}`", column.name))
                .remedy("names that begin with two underscores are hidden columns: rename it in the file"));
        }
    }
    for (what, names) in
        [("key", &settings.key), ("known_ahead", &settings.known_ahead), ("personal", &settings.personal)]
    {
        known_columns(&columns, names, &format!("`{what}` of source `{name}`"))?;
    }
    for column in &mut columns {
        column.known_ahead = settings.is_static || settings.known_ahead.contains(&column.name);
        column.personal = settings.personal.contains(&column.name);
    }
    let (timing, time) = source_time(name, settings, &columns)?;
    let dep = |column: &str, known_ahead: bool| Dep {
        source: name.to_string(),
        column: column.to_string(),
        known_ahead,
        by_check: false,
        by_reference: false,
        path: vec![if column == ROWS { format!("rows of {name}") } else { format!("{name}.{column}") }],
    };
    let one = |dep: Dep| Deps::from([((dep.source.clone(), dep.column.clone()), dep)]);
    let columns_of = columns.iter().map(|column| one(dep(&column.name, column.known_ahead))).collect();
    let rows = one(dep(ROWS, settings.is_static || settings.planned));
    let identity = settings.key.iter().map(|column| (name.to_string(), column.clone())).collect();
    let lineage = RelationLineage {
        paired: Paired::of_source(columns_of, rows.clone(), (identity, !settings.is_static)),
        rows,
        equal: Deps::new(),
        file: file_of(settings),
        makes: [name.to_string()].into(),
    };
    let normalized = normalized_source(settings, &columns, &time);
    let schema = TableSchema { columns, timing, key: settings.key.clone() };
    Ok(Planned { schema, inputs: Vec::new(), lineage, normalized, kind: Kind::Source(time) })
}

/// What tells the rows of a source from those of another: two sheets of one workbook are two files.
fn file_of(settings: &ropeway_source::SourceSettings) -> String {
    let path = settings.path.trim_start_matches("./");
    settings.sheet.as_ref().map_or_else(|| path.to_string(), |sheets| format!("{path} ({})", sheets.each().join(", ")))
}

/// The settings of a source that decide its rows' meaning, without its path.
fn normalized_source(settings: &ropeway_source::SourceSettings, columns: &[ColumnSpec], time: &SourceTime) -> String {
    let known = match time {
        SourceTime::Without => String::new(),
        SourceTime::Of(time) => format!("{} + {}", time.expr.normalized(), time.after),
    };
    let reading = ropeway_source::SourceSettings { known_at: None, ..settings.without_path() };
    let reading = serde_json::to_string(&reading).unwrap_or_default();
    let columns: Vec<String> = columns.iter().map(|column| format!("{} {}", column.name, column.ty)).collect();
    format!("source {reading}\ncolumns {}\nknown at {known}", columns.join(", "))
}
