//! Makes the plan: sources, then tables in the order of their references, then checks.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::common::{Column, TableReference};
use datafusion::logical_expr::logical_plan::builder::LogicalTableSource;
use datafusion::logical_expr::{LogicalPlan, TableScanBuilder};
use indexmap::IndexMap;
use ropeway_vocab::{ColumnSpec, ColumnType, Place, Problem, Result, SystemClock, TableSchema, Timing};

use super::lineage::{Deps, Known, Paired, RelationLineage, add, chosen, trace};
use super::order::{in_order, read_all};
use super::source::plan_source;
use super::time::{CARRYING, Carrier, TimingOf, finish, instant, timing};
use super::{Dep, Kind, Planned, TablePart, TablePlan};
use crate::Definitions;
use crate::check::Check;
use crate::definitions::{TableDef, known_columns};
use crate::sql::{Catalog, RowExpr, Statement, Text, analyzed, duplicate_column, logical_type};

impl TablePlan {
    /// Plans all relations.
    ///
    /// # Errors
    /// Everything that can be known without data: SQL that is no SELECT, unknown tables, columns and functions,
    /// functions that answer differently each time, cycles, types that no column can hold, times that contradict each
    /// other, checks of columns that do not exist, SQL that the engine cannot execute. SQL problems show file, line and column.
    pub fn new(definitions: Definitions) -> Result<Self> {
        definitions.check_names()?;
        let statements = read_all(&definitions)?;
        let order = in_order(&definitions, &statements)?;
        let mut relations: IndexMap<String, Planned> = IndexMap::new();
        for (name, source) in &definitions.sources {
            relations.insert(name.clone(), plan_source(name, source)?);
        }
        let mut checks: Vec<(usize, Check)> = Vec::new();
        for name in &order {
            if let (Some(table), Some(statement)) = (definitions.tables.get(name), statements.get(name)) {
                let planned = plan_table(name, table, statement, &relations)?;
                relations.insert(name.clone(), planned);
            }
            for (index, settings) in definitions.checks.iter().enumerate().filter(|(_, check)| check.table == *name) {
                let schema = |name: &str| {
                    relations.get(name).map(|relation| &relation.schema).ok_or_else(|| definitions.unknown(name))
                };
                let check = Check::new(index, settings, &schema)?;
                if let Some(chosen) = chosen(&check, name, &relations)
                    && let Some(relation) = relations.get_mut(name)
                {
                    add(&mut relation.lineage.rows, &chosen.of.deps);
                    relation.lineage.paired.conditions.push(chosen);
                }
                checks.push((index, check));
            }
        }
        if let Some(stray) = definitions.checks.iter().find(|check| !relations.contains_key(&check.table)) {
            return Err(definitions.unknown(&stray.table).context("a check"));
        }
        checks.sort_by_key(|(index, _)| *index);
        let checks = checks.into_iter().map(|(_, check)| check).collect();
        let partitions = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            definitions,
            relations,
            order,
            checks,
            clock: Arc::new(SystemClock),
            partitions,
            session: Arc::default(),
        })
    }
}

/// What planning a table asks about the relations before it.
pub(super) struct Before<'a>(pub(super) &'a IndexMap<String, Planned>);

impl Known for Before<'_> {
    fn lineage(&self, relation: &str) -> RelationLineage {
        self.0.get(relation).map(|planned| planned.lineage.clone()).unwrap_or_default()
    }

    fn file(&self, source: &str) -> String {
        let file = self.0.get(source).map(|planned| planned.lineage.file.clone());
        file.filter(|file| !file.is_empty()).unwrap_or_else(|| source.to_string())
    }

    fn is_static(&self, relation: &str) -> bool {
        self.0.get(relation).is_some_and(|planned| planned.schema.timing == Timing::Static)
    }
}

/// The schema of visible columns.
fn visible_schema(schema: &TableSchema) -> arrow::datatypes::SchemaRef {
    let visible = TableSchema { timing: Timing::Static, ..schema.clone() };
    Arc::new(visible.arrow())
}

fn plan_table(
    name: &str,
    table: &TableDef,
    statement: &Statement,
    before: &IndexMap<String, Planned>,
) -> Result<Planned> {
    let text = Text { file: &table.file, sql: &table.sql_text };
    let mut catalog = Catalog::default();
    for (relation, planned) in before {
        catalog.add(relation, visible_schema(&planned.schema));
    }
    let logical = statement.plan(&catalog, text)?;
    let settled = analyzed(logical.clone()).map_err(|error| text.complaint(&error))?;
    let outputs = outputs(&logical, &settled, statement, text)?;
    let timing_of =
        |relation: &str| before.get(relation).map_or(Timing::Static, |planned| planned.schema.timing.clone());
    let carried = timing(&logical, &timing_of);
    let carries = carried == Timing::Timed;
    let stated = table.settings.known_at.is_some();
    let executable = executable(&logical, &outputs, (carries, stated), before, &timing_of);
    let executable = super::physical::executable(text, executable)?;
    let lineage = name_lineage(name, table, statement, &outputs, trace(&logical, &Before(before)));
    let columns = labelled(&outputs, &lineage.paired, &table.settings.key, before);
    known_columns(&columns, &table.settings.key, &format!("`key` of table `{name}`"))?;
    let (timing, stated) = stated_time(name, table, carried, &columns)?;
    // A plan is printed without the parentheses of its expressions.
    let key = table.settings.key.join(", ");
    let mut normalized = format!("{}\nas {}\nkey {key}", logical.display_indent(), text.spelled());
    if let Some(expr) = &stated {
        normalized.push_str(&format!("\nknown at {}", expr.normalized()));
    }
    let inputs = statement.relations.keys().cloned().collect();
    let part =
        TablePart { logical, executable, carries, stated, file: table.file.clone(), sql: table.sql_text.clone() };
    let schema = TableSchema { columns, timing, key: table.settings.key.clone() };
    Ok(Planned { schema, inputs, lineage, normalized, kind: Kind::Table(Box::new(part)) })
}

/// An output column of a plan: where it is found, its name, its logical type.
type Output = (Column, String, ColumnType);

fn outputs(plan: &LogicalPlan, settled: &LogicalPlan, statement: &Statement, text: Text<'_>) -> Result<Vec<Output>> {
    let mut seen = BTreeSet::new();
    let place = |name: &str| statement.line(name).map(|line| Place::at_line(text.file, text.sql, line, 1));
    plan.schema()
        .iter()
        .zip(settled.schema().fields())
        .map(|((qualifier, field), typed)| {
            let name = field.name().clone();
            let at = |problem: Problem| match place(&name) {
                Some(place) => problem.at(place),
                None => problem.at(text.whole()),
            };
            if !seen.insert(name.clone()) {
                return Err(at(duplicate_column(&name)));
            }
            let ty = logical_type(typed.data_type(), text, &format!("column `{name}`")).map_err(at)?;
            Ok((Column::new(qualifier.cloned(), &name), name, ty))
        })
        .collect()
}

/// The plan that is executed: with known-at where it carries one, for a table that states a time of its own or not.
fn executable(
    logical: &LogicalPlan,
    outputs: &[Output],
    (carries, stated): (bool, bool),
    before: &IndexMap<String, Planned>,
    timing_of: &TimingOf<'_>,
) -> datafusion::common::Result<LogicalPlan> {
    if !carries {
        return finish(logical.clone(), outputs, None);
    }
    let scan = |relation: &str| {
        let schema =
            before.get(relation).map(|planned| planned.schema.arrow()).unwrap_or_else(arrow::datatypes::Schema::empty);
        TableScanBuilder::new(TableReference::bare(relation), Arc::new(LogicalTableSource::new(Arc::new(schema))))
            .build()
    };
    let mut carrier = Carrier { timing: timing_of, scan: &scan, stated, made: 0 };
    let (plan, hidden) = carrier.carry(logical)?;
    finish(plan, outputs, hidden)
}

/// Puts the table's own step in front of each path.
fn name_lineage(
    name: &str,
    table: &TableDef,
    statement: &Statement,
    outputs: &[Output],
    mut lineage: RelationLineage,
) -> RelationLineage {
    let rows = format!("rows of {name} ({})", table.file);
    let of_columns = outputs.iter().map(|(_, column, _)| {
        let line = statement.line(column).map(|line| format!(":{line}")).unwrap_or_default();
        format!("{name}.{column} ({}{line})", table.file)
    });
    for (deps, step) in lineage.each().zip(of_columns.chain(std::iter::repeat(rows))) {
        deps.values_mut().for_each(|dep| dep.path.insert(0, step.clone()));
    }
    lineage
}

/// Output columns with their labels from lineage: known ahead if all they depend on is, personal if any of it is.
fn labelled(
    outputs: &[Output],
    lineage: &Paired,
    key: &[String],
    before: &IndexMap<String, Planned>,
) -> Vec<ColumnSpec> {
    let personal = |dep: &Dep| {
        before
            .get(&dep.source)
            .and_then(|planned| planned.schema.column(&dep.column))
            .is_some_and(|column| column.personal)
    };
    let key: Vec<usize> = key.iter().filter_map(|key| outputs.iter().position(|(_, name, _)| name == key)).collect();
    let spec = |((_, name, ty), deps): (&Output, Deps)| ColumnSpec {
        name: name.clone(),
        ty: *ty,
        known_ahead: deps.values().all(|dep| dep.known_ahead),
        personal: deps.values().any(personal),
    };
    outputs.iter().zip(lineage.seen_from(&key)).map(spec).collect()
}

/// The timing of a table that may state a later time.
fn stated_time(
    name: &str,
    table: &TableDef,
    carried: Timing,
    columns: &[ColumnSpec],
) -> Result<(Timing, Option<RowExpr>)> {
    let Some(sql) = &table.settings.known_at else {
        return Ok((carried, None));
    };
    if let Timing::Untimed(reason) = &carried {
        return Err(Problem::invalid(
            "known-at-unfounded",
            format!("table `{name}` states a known-at, but its inputs carry none that it could be held against"),
        )
        .path(vec![format!("{name} ({})", table.file), reason.clone()])
        .remedy(format!("write the SQL with {CARRYING}, and give its sources a known-at")));
    }
    let expr = instant(RowExpr::compile_in(&format!("known_at of table `{name}`"), sql, columns)?, "known_at")?;
    Ok((Timing::Timed, Some(expr)))
}
