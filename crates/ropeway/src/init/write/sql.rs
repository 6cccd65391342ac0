//! The SQL of the one table.

use std::fmt::Write;

use ropeway_survey::Code;

use crate::init::decide::columns::ColumnChoice;
use crate::init::decide::label::literal;
use crate::init::look::unread;
use crate::init::quoted::sql_name;
use crate::init::write::Plan;
use crate::render::number::count;

impl Plan<'_> {
    /// The file.
    pub fn sql_file(&self) -> String {
        self.select(
            "-- The place to clean and compute columns. Order and names are yours; every row of the\n-- result is an example.\n",
        )
    }

    /// The columns of the source below these lines.
    pub(super) fn select(&self, head: &str) -> String {
        let expressions: Vec<String> = self.columns.iter().map(|column| self.expression(column)).collect();
        let width = expressions.iter().map(|text| text.chars().count()).max().unwrap_or(0).min(60);
        let mut out = head.to_owned();
        let repeats = self.looked.survey.repeats;
        if repeats.are_copies() {
            let about = if repeats.exact { "" } else { "about " };
            let rows = count(repeats.rows);
            let _ = writeln!(
                out,
                "-- DISTINCT leaves out {about}{rows} rows that repeat another one in every column: such a row must not be\n\
                 -- on both sides of a split. Take it away where equal rows are different things."
            );
            out.push_str("SELECT DISTINCT\n");
        } else {
            out.push_str("SELECT\n");
        }
        for (index, (column, name)) in self.columns.iter().zip(&expressions).enumerate() {
            let comma = if index + 1 < self.columns.len() { "," } else { " " };
            let gap = " ".repeat(width.saturating_sub(name.chars().count()));
            let _ = writeln!(out, "  {name}{comma}{gap}  -- {}", self.remark(column));
        }
        let _ = writeln!(out, "FROM {}", self.names.source);
        out
    }

    /// A column as the table selects it: sentinels that the source cannot read as missing become so here.
    fn expression(&self, column: &ColumnChoice) -> String {
        let name = sql_name(&column.name);
        let sentinels = self.sentinels(column);
        let cleaned = sentinels.iter().fold(column.form.clone().unwrap_or_else(|| name.clone()), |inner, value| {
            format!("NULLIF({inner}, {})", literal(column.ty, value))
        });
        if column.called == column.name && cleaned == name {
            name
        } else {
            format!("{cleaned} AS {}", sql_name(&column.called))
        }
    }

    fn sentinels(&self, column: &ColumnChoice) -> Vec<String> {
        let found = self.looked.survey.found_of(Code::Sentinel, &column.name);
        found.map(|finding| unread(finding, &self.looked.settings)).unwrap_or_default()
    }

    fn remark(&self, column: &ColumnChoice) -> String {
        let missing = if column.missing == 0 { String::new() } else { format!(", {} missing", count(column.missing)) };
        let taken = if column.called == column.name {
            String::new()
        } else {
            format!("; examples and predictions have a column `{}` themselves", column.name)
        };
        let sentinel = match self.sentinels(column).len() {
            0 => String::new(),
            _ => "; what stands for a missing value becomes one".into(),
        };
        let own = self.looked.settings.column.get(&column.name);
        let united = match own.and_then(|own| own.text) {
            Some(_) => "; its spellings are read as one (`text` in ropeway.toml)",
            None => "",
        };
        let formed = if column.form.is_some() { "; written as where it is looked up" } else { "" };
        format!("{}, {} different{missing}{formed}{united}{sentinel}{taken}", column.ty, count(column.distinct))
    }
}
