//! The order in which relations can be made: what one reads comes before it.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_vocab::{Problem, Result};

use crate::Definitions;
use crate::sql::{Allow, Statement, Text, read_query};

/// Reads the SQL of every table; every relation that it names exists.
pub(super) fn read_all(definitions: &Definitions) -> Result<BTreeMap<String, Statement>> {
    let mut statements = BTreeMap::new();
    for (name, table) in &definitions.tables {
        let text = Text { file: &table.file, sql: &table.sql_text };
        let statement = read_query(text, Allow::Visible)?;
        for (relation, at) in &statement.relations {
            if !definitions.names().any(|known| known == relation) {
                return Err(definitions.unknown(relation).at(text.place(*at)));
            }
        }
        statements.insert(name.clone(), statement);
    }
    Ok(statements)
}

/// All relations in an order in which each comes after what it reads and what its checks refer to: sources first, then
/// as written where that is free.
pub(super) fn in_order(definitions: &Definitions, statements: &BTreeMap<String, Statement>) -> Result<Vec<String>> {
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, statement) in statements {
        needs.insert(name, statement.relations.keys().map(String::as_str).collect());
    }
    for check in &definitions.checks {
        if let Some(reference) = check.references.as_ref().filter(|reference| reference.table != check.table) {
            needs.entry(&check.table).or_default().insert(&reference.table);
        }
    }
    let mut order: Vec<String> = Vec::new();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let names: Vec<&str> = definitions.names().collect();
    while order.len() < names.len() {
        let ready = names.iter().find(|name| {
            let open = needs
                .get(*name)
                .is_some_and(|needs| needs.iter().any(|need| names.contains(need) && !done.contains(need)));
            !done.contains(*name) && !open
        });
        match ready {
            Some(name) => {
                done.insert(name);
                order.push((*name).to_string());
            }
            None => return Err(cycle(definitions, statements, &names, &needs, &done)),
        }
    }
    Ok(order)
}

/// The problem of tables that need each other.
fn cycle(
    definitions: &Definitions,
    statements: &BTreeMap<String, Statement>,
    names: &[&str],
    needs: &BTreeMap<&str, BTreeSet<&str>>,
    done: &BTreeSet<&str>,
) -> Problem {
    let next = |name: &str| needs.get(name).and_then(|needs| needs.iter().find(|need| !done.contains(*need)).copied());
    let mut path: Vec<&str> = Vec::new();
    let mut at = names.iter().find(|name| !done.contains(*name)).copied();
    while let Some(name) = at.filter(|name| !path.contains(name)) {
        path.push(name);
        at = next(name);
    }
    let from = at.and_then(|name| path.iter().position(|seen| *seen == name)).unwrap_or(0);
    let mut ring: Vec<String> = path[from..].iter().map(|name| (*name).to_string()).collect();
    ring.extend(ring.first().cloned());
    let problem = Problem::invalid("cycle", format!("tables need each other in a circle: {}", ring.join(" -> ")))
        .remedy("take one of these references out");
    let place = ring.windows(2).find_map(|pair| {
        let table = definitions.tables.get(&pair[0])?;
        let at = statements.get(&pair[0])?.relations.get(&pair[1])?;
        Some(Text { file: &table.file, sql: &table.sql_text }.place(*at))
    });
    place.map_or(problem.clone(), |place| problem.at(place))
}
