//! What the time rule says no to before anything runs, each with the path it took and the remedy; and what
//! it cannot refuse but points out.

use ropeway_vocab::{Kind, Place, Problem, TableSchema, Timing};

/// Something that is not refused and yet should be known: it may bias the examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable and short.
    pub code: String,
    /// What was found.
    pub what: String,
    /// The table whose rows are chosen.
    pub table: String,
    /// The column that they are chosen by, behind its relation and a point; `None` where the SQL as a whole is meant.
    pub column: Option<String>,
    /// The check that chooses, by its number in the project from 0; `None` where filters and joins do.
    pub check: Option<usize>,
    /// Where in SQL, for what no column tells.
    pub place: Option<Place>,
    /// The way from the examples to the column, nearest first.
    pub path: Vec<String>,
    /// What could be done.
    pub remedy: String,
}

/// A value that is not known at the example's time where one is needed that is.
pub(super) fn known_later(what: impl Into<String>, path: Vec<String>, remedy: &str) -> Problem {
    let root = path.last().cloned().unwrap_or_default();
    if root.starts_with("known_at of ") {
        return Problem::new(Kind::Refused, "known-later", what).path(path).remedy(remedy);
    }
    let declared = match root.strip_prefix("rows of ") {
        Some(source) => format!(
            "what was known of `{source}` by then comes through a [lookup] with `as_of` or a [window]; if its rows belong to the plan, as those of a timetable do, so that it is known ahead of every \
             example which there are, set planned = true in [source.{source}]"
        ),
        None => format!(
            "if `{root}` does belong to the plan and is known ahead of every example, list it under known_ahead of its source"
        ),
    };
    Problem::new(Kind::Refused, "known-later", what).path(path).remedy(format!("{remedy}; {declared}"))
}

/// A table whose rows have no time where they need one.
pub(super) fn not_timed(user: &str, table: &str, schema: &TableSchema, also_static: bool) -> Problem {
    let (what, reason) = match &schema.timing {
        Timing::Untimed(reason) => ("neither static nor timed", reason.as_str()),
        Timing::Static => ("static: its rows have no time", ""),
        Timing::Timed => ("timed", ""),
    };
    let remedy = if also_static {
        "state when its rows become known (known_at, or time with known_after, at the source), or declare the source \
         static = true if it never changes"
    } else {
        "state when its rows become known: known_at, or time with known_after, at the source"
    };
    let colon = if reason.is_empty() { "" } else { ": " };
    Problem::new(Kind::Refused, "untimed", format!("{user}: table `{table}` is {what}{colon}{reason}")).remedy(remedy)
}
