//! The parts of the project's files that a lookup has: its source, its table with a check, itself, its SQL.

use std::fmt::Write;

use crate::init::decide::columns::Use;
use crate::init::decide::lookup::{Lookup, LookupChoice};
use crate::init::quoted::{one_line, sql_name, toml_list, toml_text};
use crate::init::write::Plan;

impl Lookup {
    /// Its source, its table and a check that it stays what it is.
    pub fn source(&self, plan: &Plan<'_>, out: &mut String) {
        let (source, table) = (&self.names.source, &self.names.table);
        let _ = write!(
            out,
            "[source.{source}]\npath = {}\nkey = {}\n\
             # One row a key, taken as never changing. If it changes, say `time` and `known_after` instead of `static`, and\n\
             # `as_of` at the lookup: else it tells of later times.\nstatic = true\n",
            toml_text(&self.looked.settings.path),
            toml_list(self.choice.key.iter().map(String::as_str)),
        );
        let own = self.plan(plan);
        own.of_file(out);
        own.tolerance(out);
        own.personal(out);
        own.of_columns(out);
        let _ = write!(
            out,
            "\n[table.{table}]\nsql = {}\n\n[[check]]\ntable = \"{table}\"\nunique = {}\notherwise = \"stop\"\n\n",
            toml_text(&self.names.sql_file()),
            toml_list(self.called_key()),
        );
    }

    /// The lookup itself.
    pub fn section(&self, out: &mut String) {
        let LookupChoice { column, take, .. } = &self.choice;
        let pairs: Vec<(&str, &str)> = column.iter().map(String::as_str).zip(self.called_key()).collect();
        let on = if pairs.iter().all(|(column, key)| column == key) {
            toml_list(column.iter().map(String::as_str))
        } else {
            let pair =
                |(column, key): &(&str, &str)| format!("{} = {}", ropeway_project::toml_key(column), toml_text(key));
            format!("{{ {} }}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        };
        let _ = writeln!(out, "# {}; the others get no value.", one_line(&self.choice.why()));
        for column in self.columns.iter().filter(|column| column.used == Use::LeftOut) {
            let _ = writeln!(out, "# left out: {}: {}", one_line(&column.name), one_line(&column.why));
        }
        let take = toml_list(take.iter().map(String::as_str));
        let (source, table) = (&self.names.source, &self.names.table);
        let _ = writeln!(out, "[lookup.{source}]\ntable = \"{table}\"\non = {on}\ntake = {take}\n");
    }

    /// Its SQL.
    pub fn sql_file(&self, plan: &Plan<'_>) -> String {
        let key = self.called_key().map(sql_name).collect::<Vec<_>>().join(", ");
        self.plan(plan).select(&format!(
            "-- What the lookup `{}` takes its columns from: one row for each {key}.\n",
            self.names.source
        ))
    }

    /// What its table calls the columns of the key, in the order of those that they are found by.
    fn called_key(&self) -> impl Iterator<Item = &str> {
        let called = |key: &String| self.columns.iter().find(|column| column.name == *key);
        self.choice.key.iter().filter_map(called).map(|column| column.called.as_str())
    }

    fn plan<'a>(&'a self, plan: &Plan<'a>) -> Plan<'a> {
        Plan {
            names: &self.names,
            looked: &self.looked,
            columns: &self.columns,
            key: &self.choice.key,
            lookups: &[],
            ..*plan
        }
    }
}
