//! Labels that the features give away. Without time nothing separates what was known from what was to be learned, so that
//! lineage alone can tell; and a label that is computed from the request alone is known before anything is learned.

use std::collections::BTreeSet;

use ropeway_table::TablePlan;
use ropeway_vocab::{Kind, Problem, Result};

use super::FeaturePlan;
use super::refusal::known_later;

/// What nobody knows when the model is asked.
///
/// # Errors
/// Request columns that are together computed from all that the label is computed from; without time also a request or key
/// column that its source does not list under `known_ahead`, where it lists any, and a lookup that takes such an answer.
pub(super) fn refused(plan: &FeaturePlan, tables: &TablePlan) -> Result<()> {
    let (table, key) = (plan.examples_table(), plan.key_names());
    let mut answer = BTreeSet::new();
    for column in plan.label().columns() {
        answer.extend(stems_from(tables, table, (column, &key))?);
    }
    let mut asked = BTreeSet::new();
    let mut telling = Vec::new();
    for column in plan.request() {
        let stems = stems_from(tables, table, (&column.name, &key))?;
        if !stems.is_disjoint(&answer) {
            telling.push(format!("`{}`", column.name));
        }
        asked.extend(stems);
    }
    let list: Vec<String> = answer.iter().map(|(source, column)| format!("`{source}.{column}`")).collect();
    let list = list.join(", ");
    if !answer.is_empty() && answer.is_subset(&asked) {
        let telling = telling.join(", ");
        let what = format!(
            "[examples] request names {telling}, computed from {list}, all that the label is: the request is its own answer"
        );
        return Err(Problem::new(Kind::Refused, "answer-in-request", what)
            .remedy(format!("take {telling} out of `request`: when the model is asked, nobody knows it")));
    }
    if plan.has_time() {
        return Ok(());
    }
    known_ahead(plan, tables)?;
    if answer.is_empty() { Ok(()) } else { in_lookup(plan, tables, &answer, &list) }
}

fn known_ahead(plan: &FeaturePlan, tables: &TablePlan) -> Result<()> {
    let request = plan.request().iter().map(|column| (column, "request"));
    let key = plan.key_names();
    for (column, list) in request.chain(plan.key().iter().map(|column| (column, "key"))) {
        let deps = tables.lineage(plan.examples_table(), &column.name, &key)?.values;
        let later = deps.into_iter().find(|dep| !dep.known_ahead && lists_known_ahead(tables, &dep.source));
        if let Some(dep) = later {
            let what = format!("[examples] {list} names `{}`, which is not known at the example's time", column.name);
            return Err(known_later(what, dep.path, "take it out: when the model is asked, nobody knows it"));
        }
    }
    Ok(())
}

fn in_lookup(plan: &FeaturePlan, tables: &TablePlan, answer: &BTreeSet<Stem>, list: &str) -> Result<()> {
    for lookup in plan.lookups() {
        let by: Vec<String> = lookup.on.iter().map(|pair| pair.table.clone()).collect();
        for taken in &lookup.take {
            if answer.is_subset(&stems_from(tables, &lookup.table, (&taken.column, &by))?) {
                let what = format!(
                    "[lookup.{}] takes `{}` of `{}`, computed from {list}, all that the label is: an example finds its \
                     own answer there",
                    lookup.name, taken.column, lookup.table
                );
                return Err(Problem::new(Kind::Refused, "answer-in-lookup", what).remedy(
                    "take it out, or give the project time (`at` of [examples], known_at of the source) and look up or count \
                     what was known before",
                ));
            }
        }
    }
    Ok(())
}

fn lists_known_ahead(tables: &TablePlan, source: &str) -> bool {
    tables.definitions().sources.get(source).is_some_and(|source| !source.settings.known_ahead.is_empty())
}

/// A source and a column of it.
type Stem = (String, String);

/// What constants stem from, in place of a column.
const BRANCH: &str = "a constant of each branch";

/// The source columns that a column's value is computed from, in rows that are found by others. The rows of a source count
/// as one where the value looks beyond its own: what comes next of a column is no answer to the column itself.
fn stems_from(tables: &TablePlan, table: &str, (column, by): (&str, &[String])) -> Result<BTreeSet<Stem>> {
    let deps = tables.lineage(table, column, by)?.values;
    if deps.is_empty() {
        // A constant says nothing, unless branches of a union have one each: then it says which of them a row is of.
        return Ok(BTreeSet::from([(table.to_string(), BRANCH.to_string())]));
    }
    Ok(deps.into_iter().map(|dep| (first_of_file(tables, dep.source), dep.column)).collect())
}

/// The first source that reads the files of this one: under two names they say the same.
fn first_of_file(tables: &TablePlan, source: String) -> String {
    let own = tables.file(&source);
    tables.definitions().sources.keys().find(|name| tables.file(name) == own).cloned().unwrap_or(source)
}
