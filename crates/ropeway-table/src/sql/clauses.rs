//! Clauses that the parser reads for the sake of other databases and the planner passes over: a table made without them
//! would not be what its SQL says.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Query, Select, SelectFlavor, Spanned, TableFactor, Visit, Visitor};
use datafusion::sql::sqlparser::tokenizer::Location;
use ropeway_vocab::Result;

use super::complain::Text;

/// Refuses what would be passed over.
///
/// # Errors
/// The first such clause, at its place where the parser tells it.
pub(super) fn refuse_ignored(query: &impl Visit, text: Text<'_>) -> Result<()> {
    let ControlFlow::Break((clause, at)) = query.visit(&mut Ignored) else { return Ok(()) };
    let what = format!("{clause} is not understood here, and would be passed over");
    Err(text
        .problem("unsupported-clause", what, at)
        .remedy("say the same with WHERE, JOIN, GROUP BY, ORDER BY, LIMIT or OVER, or take it out"))
}

struct Ignored;

/// The clause, and where what holds it begins.
type Found = (&'static str, Location);

fn first(found: &[(bool, &'static str)], at: Location) -> ControlFlow<Found> {
    match found.iter().find(|(there, _)| *there) {
        Some((_, clause)) => ControlFlow::Break((clause, at)),
        None => ControlFlow::Continue(()),
    }
}

impl Visitor for Ignored {
    type Break = Found;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<Found> {
        let found = [
            (!query.locks.is_empty(), "FOR UPDATE or FOR SHARE"),
            (query.for_clause.is_some(), "FOR XML, JSON or BROWSE"),
            (query.settings.is_some(), "SETTINGS"),
            (query.format_clause.is_some(), "FORMAT"),
        ];
        first(&found, query.span().start)
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<Found> {
        let found = [
            (!select.optimizer_hints.is_empty(), "an optimizer hint"),
            (select.select_modifiers.is_some(), "a modifier of SELECT"),
            (select.top.is_some(), "TOP"),
            (select.into.is_some(), "INTO"),
            (!select.lateral_views.is_empty(), "LATERAL VIEW"),
            (select.prewhere.is_some(), "PREWHERE"),
            (!select.connect_by.is_empty(), "CONNECT BY"),
            (!select.cluster_by.is_empty(), "CLUSTER BY"),
            (!select.distribute_by.is_empty(), "DISTRIBUTE BY"),
            (!select.sort_by.is_empty(), "SORT BY"),
            (select.value_table_mode.is_some(), "SELECT AS VALUE or AS STRUCT"),
            (select.exclude.is_some(), "EXCLUDE after the list"),
            (select.flavor != SelectFlavor::Standard, "FROM before SELECT"),
        ];
        first(&found, select.span().start)
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<Found> {
        let TableFactor::Table {
            with_hints, version, with_ordinality, partitions, json_path, sample, index_hints, ..
        } = factor
        else {
            return ControlFlow::Continue(());
        };
        let found = [
            (!with_hints.is_empty() || !index_hints.is_empty(), "a hint on a table"),
            (version.is_some(), "a version of a table"),
            (*with_ordinality, "WITH ORDINALITY"),
            (!partitions.is_empty(), "PARTITION of a table"),
            (json_path.is_some(), "a path into a table"),
            (sample.is_some(), "TABLESAMPLE"),
        ];
        first(&found, factor.span().start)
    }
}
