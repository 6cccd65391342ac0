//! Conditions on personal values in the printed SQL: it runs and shows the facts, and says the value to nobody.

use ropeway_vocab::Result;

use crate::kernel::{Reader, column};
use crate::show;
use crate::state::KeyedState;

/// How a query comes by the personal values that its facts share.
pub(super) struct Hidden {
    table: String,
    /// The condition that finds one of the facts by its key, where there is one and the key is not personal.
    fact: Option<String>,
    /// The columns whose values are left out.
    pub(super) left_out: Vec<String>,
    /// Whether a condition reads a personal column.
    pub(super) used: bool,
}

impl Hidden {
    /// For facts of a table, `row` among them.
    pub(super) fn new(table: &str, state: &KeyedState, row: Option<&u32>) -> Result<Self> {
        let fact = match row {
            Some(row) => by_key(table, state, *row)?,
            None => None,
        };
        Ok(Self { table: table.to_string(), fact, left_out: Vec::new(), used: false })
    }

    /// The condition that a column has the value that it has in the fact.
    pub(super) fn condition(&mut self, name: &str) -> String {
        let column = show::identifier(name);
        self.used = true;
        match &self.fact {
            Some(fact) => {
                let table = show::identifier(&self.table);
                format!("{column} = (SELECT {column} FROM {table} WHERE {fact})")
            }
            None => {
                self.left_out.push(name.to_string());
                let said = column.replace("*/", "* /");
                format!("{column} = ? /* put the value of {said} here: it is personal */")
            }
        }
    }
}

/// The conditions that find a row by its key; none where the table has no key, or one that is personal or missing.
fn by_key(table: &str, state: &KeyedState, row: u32) -> Result<Option<String>> {
    let facts = state.facts(table)?;
    let batch = facts.rows(&[row])?;
    let mut conditions = Vec::new();
    for name in &facts.schema().key {
        let Some(spec) = facts.schema().column(name).filter(|spec| !spec.personal) else { return Ok(None) };
        let Some(value) = Reader::new(column(&batch, name)?, spec.ty)?.get(0) else { return Ok(None) };
        conditions.push(format!("{} = {}", show::identifier(name), show::literal(&value, spec.ty)));
    }
    Ok((!conditions.is_empty()).then(|| conditions.join(" AND ")))
}
