//! What the sections of the settings are resolved against: the tables, the columns that a request brings along, and the
//! names that nobody may take.

use std::collections::BTreeMap;

use ropeway_vocab::{AT, ColumnSpec, LABEL, Problem, Result, TableSchema, Timing, nearest};

use super::Form;
use super::refusal::known_later;
use super::step::Match;
use crate::settings::Matching;

/// The column of examples that says when the label became known (missing: never).
pub const LABEL_KNOWN_AT: &str = "label_known_at";

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
    pub(super) fn ahead(&self, column: &ColumnSpec, what: &str, remedy: &str) -> Result<()> {
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

/// Refuses a name of a column that is one of our own; `user` says where it stands.
///
/// # Errors
/// The code `reserved-name`.
pub fn reserved(name: &str, user: &str) -> Result<()> {
    if [AT, LABEL, LABEL_KNOWN_AT].contains(&name) || name.starts_with("__") {
        return Err(Problem::invalid("reserved-name", format!("{user}: the name `{name}` is reserved"))
            .remedy("give the column another name in the SQL of the table"));
    }
    Ok(())
}
