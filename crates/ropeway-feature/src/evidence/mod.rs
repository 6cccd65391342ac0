//! Why a feature has its value: the facts behind it, and the SQL that shows exactly those facts.

mod hidden;

use arrow::array::RecordBatch;
use ropeway_table::{SHOWN_KNOWN_AT, row_json};
use ropeway_vocab::{AT, ColumnType, Instant, KNOWN_AT, Problem, Result};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use self::hidden::Hidden;
use crate::kernel::{Reader, column};
use crate::plan::{FeaturePlan, FeatureSpec, LookupStep, Origin, WindowStep};
use crate::rule::{Rule, earliest};
use crate::show;
use crate::state::{Facts, KeyedState, at, timestamps};

/// The most facts that are shown for one feature.
const SHOWN: usize = 1000;

/// One row of a table behind a feature.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceFact {
    /// When it became known; none for a row of a static table.
    pub known_at: Option<Instant>,
    /// What a window aggregates of it; none for lookups and `count(*)`.
    pub value: Option<Json>,
    /// Its visible columns; personal ones are masked.
    pub row: Map<String, Json>,
}

/// A feature with what stands behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureEvidence {
    /// The feature.
    pub feature: String,
    /// Its value; masked where it is personal. NaN and infinities are text.
    pub value: Json,
    /// What a derived feature reads.
    pub inputs: Vec<String>,
    /// The facts behind a window, oldest first, or the row behind a lookup: the first 1,000.
    pub facts: Vec<EvidenceFact>,
    /// How many facts there are.
    pub total: u64,
    /// The SQL for `ropeway query` that shows exactly these facts. A personal value in its condition is read from one of
    /// the facts, found by its key; where that cannot be, `?` stands for it. None for request columns and derived
    /// features.
    pub sql: Option<String>,
    /// The columns of the table whose personal values `?` stands for in `sql`, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// Whether `sql` reads a personal column, so that `ropeway query` needs `--personal`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub personal: bool,
}

impl FeaturePlan {
    /// What stands behind each feature of the only row of `example`, which has [`FeaturePlan::input_columns`].
    pub fn evidence(&self, state: &KeyedState, example: &RecordBatch, rule: Rule) -> Result<Vec<FeatureEvidence>> {
        if example.num_rows() != 1 {
            return Err(Problem::internal(format!("evidence of {} examples at once", example.num_rows())));
        }
        let features = self.compute(state, example, rule)?;
        let time = if self.has_time() { at(timestamps(column(example, AT)?)?, 0) } else { None };
        let looked = Looked { plan: self, state, example, time, rule };
        self.features().iter().map(|spec| looked.evidence(spec, &features)).collect()
    }
}

struct Looked<'a> {
    plan: &'a FeaturePlan,
    state: &'a KeyedState,
    example: &'a RecordBatch,
    /// The example's time in microseconds.
    time: Option<i64>,
    rule: Rule,
}

impl Looked<'_> {
    fn evidence(&self, spec: &FeatureSpec, features: &RecordBatch) -> Result<FeatureEvidence> {
        let value = Reader::new(column(features, &spec.name)?, spec.ty)?.get(0);
        let mut evidence = FeatureEvidence {
            feature: spec.name.clone(),
            value: show::json(value.as_ref(), spec.ty, spec.personal),
            inputs: Vec::new(),
            facts: Vec::new(),
            total: 0,
            sql: None,
            left_out: Vec::new(),
            personal: false,
        };
        match &spec.origin {
            Origin::Request => {}
            Origin::Derived { inputs } => evidence.inputs.clone_from(inputs),
            Origin::Lookup { lookup, .. } => {
                let found = self.state.lookup(lookup)?;
                let at = self.example.column_by_name(AT).filter(|_| self.plan.has_time());
                let found_row = found.find_one(self.example, at.map(timestamps).transpose()?, self.rule)?;
                let rows: Vec<u32> = found_row.into_iter().map(|(row, _)| row).collect();
                let tied = found_row.filter(|(_, tied)| *tied).map(|(row, _)| row);
                (evidence.facts, evidence.total) = self.facts(&found.step().table, &rows, None)?;
                let mut hidden = Hidden::new(&found.step().table, self.state, rows.first())?;
                let step = found.step();
                evidence.sql = Some(self.lookup_sql(step, tied, &mut hidden)?);
                let facts = self.state.facts(&step.table)?;
                let ordered = step.as_of.iter().flat_map(|(as_of, _)| facts.schema().key.iter().chain([as_of]));
                evidence.personal = hidden.used || any_personal(facts, ordered.map(String::as_str));
                evidence.left_out = hidden.left_out;
            }
            Origin::Window { .. } => {
                let window = self.state.window(&spec.name)?;
                let rows = match self.time {
                    Some(time) => window.seen(self.example, 0, time, self.rule)?,
                    None => &[],
                };
                (evidence.facts, evidence.total) = self.facts(&window.step().table, rows, Some(window.step()))?;
                let mut hidden = Hidden::new(&window.step().table, self.state, rows.first())?;
                let step = window.step();
                evidence.sql = Some(self.window_sql(step, &mut hidden)?);
                let read = step.filters.iter().chain(&step.argument).flat_map(|expression| expression.columns());
                evidence.personal = hidden.used || any_personal(self.state.facts(&step.table)?, read);
                evidence.left_out = hidden.left_out;
            }
        }
        Ok(evidence)
    }

    fn facts(&self, table: &str, rows: &[u32], window: Option<&WindowStep>) -> Result<(Vec<EvidenceFact>, u64)> {
        if rows.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let facts = self.state.facts(table)?;
        let shown = &rows[..rows.len().min(SHOWN)];
        let batch = facts.rows(shown)?;
        let argument = window.and_then(|step| step.argument.as_ref());
        let mask = argument.is_some_and(|argument| any_personal(facts, argument.columns()));
        let values = argument.map(|argument| Ok((argument.eval(&batch)?, argument.ty()))).transpose()?;
        let reader = values.as_ref().map(|(array, ty)| Ok((Reader::new(array, *ty)?, *ty))).transpose()?;
        let mut shown_facts = Vec::new();
        for (i, row) in shown.iter().enumerate() {
            shown_facts.push(EvidenceFact {
                known_at: facts.known_at(*row)?.map(Instant::from_micros),
                value: reader.as_ref().map(|(reader, ty)| show::json(reader.get(i).as_ref(), *ty, mask)),
                row: row_json(facts.schema(), &batch, i, true),
            });
        }
        Ok((shown_facts, rows.len() as u64))
    }

    /// The conditions that the key of the example sets.
    fn key_sql<'n>(
        &self,
        pairs: impl IntoIterator<Item = (&'n str, &'n str, ColumnType, bool)>,
        hidden: &mut Hidden,
    ) -> Result<Vec<String>> {
        let condition = |(ours, theirs, ty, personal): (&str, &str, ColumnType, bool)| {
            let value = Reader::new(column(self.example, ours)?, ty)?.equality().get(0);
            Ok(match value {
                None => "FALSE".to_string(),
                Some(_) if personal => hidden.condition(theirs),
                Some(value) => format!("{} = {}", show::identifier(theirs), show::literal(&value, ty)),
            })
        };
        pairs.into_iter().map(condition).collect()
    }

    fn known_sql(&self, known_at: &str, conditions: &mut Vec<String>) {
        match self.time {
            Some(time) => conditions.push(format!("{known_at} < {}", show::timestamp(time))),
            None => conditions.push("FALSE".to_string()),
        }
    }

    fn window_sql(&self, step: &WindowStep, hidden: &mut Hidden) -> Result<String> {
        let pairs = step.by.iter().map(|p| (p.example.as_str(), p.table.as_str(), p.ty, p.personal));
        let mut conditions = self.key_sql(pairs, hidden)?;
        let known_at = known_at(self.state.facts(&step.table)?);
        self.known_sql(known_at, &mut conditions);
        if let Some(time) = self.time {
            conditions.push(format!("{known_at} >= {}", show::timestamp(earliest(time, step.over))));
        }
        conditions.extend(step.filters.iter().map(|filter| grouped(filter.sql())));
        let mut value = String::new();
        if let Some(argument) = &step.argument {
            let argument = grouped(argument.sql());
            conditions.push(format!("{argument} IS NOT NULL"));
            value = format!(", {argument} AS window_value");
        }
        Ok(format!(
            "SELECT *{value} FROM {} WHERE {} ORDER BY {known_at}",
            show::identifier(&step.table),
            conditions.join(" AND ")
        ))
    }

    /// Ties are broken by the table's key; where it has none, by its content, which SQL cannot order by: there the
    /// `tied` row itself is asked for.
    fn lookup_sql(&self, step: &LookupStep, tied: Option<u32>, hidden: &mut Hidden) -> Result<String> {
        let pairs = step.on.iter().map(|p| (p.example.as_str(), p.table.as_str(), p.ty, p.personal));
        let mut conditions = self.key_sql(pairs, hidden)?;
        let table = show::identifier(&step.table);
        let Some((as_of, ty)) = &step.as_of else {
            return Ok(format!("SELECT * FROM {table} WHERE {}", conditions.join(" AND ")));
        };
        let column = show::identifier(as_of);
        let moment = if *ty == ColumnType::Date { format!("CAST({column} AS TIMESTAMP)") } else { column.clone() };
        if let Some(time) = self.time {
            conditions.push(format!("{moment} <= {}", show::timestamp(time)));
            if let Some(within) = step.within {
                conditions.push(format!("{moment} >= {}", show::timestamp(earliest(time, within))));
            }
        }
        let mut order = format!("{column} DESC");
        let facts = self.state.facts(&step.table)?;
        if step.timed {
            let known_at = known_at(facts);
            self.known_sql(known_at, &mut conditions);
            order = format!("{order}, {known_at} DESC");
        }
        for key in &facts.schema().key {
            order = format!("{order}, {} DESC NULLS LAST", show::identifier(key));
        }
        if let Some(row) = tied.filter(|_| facts.schema().key.is_empty()) {
            conditions.extend(row_sql(facts, row)?);
        }
        Ok(format!("SELECT * FROM {table} WHERE {} ORDER BY {order} LIMIT 1", conditions.join(" AND ")))
    }
}

fn any_personal<'n>(facts: &Facts, names: impl IntoIterator<Item = &'n str>) -> bool {
    names.into_iter().any(|name| facts.schema().column(name).is_some_and(|column| column.personal))
}

/// An expression of the project in brackets. A comment at its end must not swallow what follows.
fn grouped(sql: &str) -> String {
    if sql.contains("--") { format!("({sql}\n)") } else { format!("({sql})") }
}

/// What a query calls the known-at of a table: `known_at`, unless the table has a column of this name itself.
fn known_at(facts: &Facts) -> &'static str {
    if facts.schema().column(SHOWN_KNOWN_AT).is_some() { KNOWN_AT } else { SHOWN_KNOWN_AT }
}

/// Conditions that a row's visible columns meet, personal ones aside.
fn row_sql(facts: &Facts, row: u32) -> Result<Vec<String>> {
    let batch = facts.rows(&[row])?;
    let columns = facts.schema().columns.iter().filter(|spec| !spec.personal);
    columns
        .map(|spec| {
            let value = Reader::new(column(&batch, &spec.name)?, spec.ty)?.get(0);
            let name = show::identifier(&spec.name);
            Ok(match value {
                None => format!("{name} IS NULL"),
                Some(value) => format!("{name} = {}", show::literal(&value, spec.ty)),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
