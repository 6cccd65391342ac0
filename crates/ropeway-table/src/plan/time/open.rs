//! Rows whose time rests on what never happens: that no partner comes in an outer join, that no later row joins a group.

use datafusion::logical_expr::{JoinType, LogicalPlan};
use ropeway_vocab::{Place, Result, Timing};

use super::{TimingOf, timing};
use crate::plan::{Kind, TablePlan};

/// Where the time of a table's rows is open, unless the table states one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenTime {
    /// An outer join with a side that becomes known over time: a row without a partner is never known.
    Join(Place),
    /// Groups of rows that become known over time: a group is known with the latest of its rows.
    Group(Place),
    /// A window function over rows that become known over time: a row is known with the latest that it reads.
    Frame(Place),
}

impl TablePlan {
    /// Whether the time of a table's rows is open in its own SQL, and where.
    ///
    /// # Errors
    /// There is no such relation.
    pub fn open_time(&self, table: &str) -> Result<Option<OpenTime>> {
        let Kind::Table(part) = &self.relation(table)?.kind else { return Ok(None) };
        if !part.carries || part.stated.is_some() {
            return Ok(None);
        }
        let of = |name: &str| self.timing(name).cloned().unwrap_or(Timing::Static);
        Ok(found(&part.logical, &of).map(|(open, words)| open(part.text().word(words))))
    }

    /// Whether a table states the time of rows whose own would be open.
    ///
    /// # Errors
    /// There is no such relation.
    pub fn rests_on_a_statement(&self, table: &str) -> Result<bool> {
        let Kind::Table(part) = &self.relation(table)?.kind else { return Ok(false) };
        let of = |name: &str| self.timing(name).cloned().unwrap_or(Timing::Static);
        Ok(part.carries && part.stated.is_some() && found(&part.logical, &of).is_some())
    }
}

/// What is open, and the words of SQL that make it so.
type Found = (fn(Place) -> OpenTime, &'static [&'static str]);

fn found(plan: &LogicalPlan, of: &TimingOf<'_>) -> Option<Found> {
    let timed = |plan: &LogicalPlan| timing(plan, of) != Timing::Static;
    match plan {
        LogicalPlan::Join(join) => {
            let (left, right) = (timed(&join.left), timed(&join.right));
            let open = match join.join_type {
                JoinType::Left => right,
                JoinType::Right => left,
                JoinType::Full => left || right,
                _ => false,
            };
            if open {
                return Some((OpenTime::Join, &["left", "right", "full", "join"]));
            }
        }
        LogicalPlan::Aggregate(aggregate) if timed(&aggregate.input) => {
            return Some((OpenTime::Group, &["group", "count", "sum", "avg", "min", "max"]));
        }
        LogicalPlan::Window(window) if timed(&window.input) => return Some((OpenTime::Frame, &["over"])),
        _ => {}
    }
    plan.inputs().into_iter().find_map(|input| found(input, of))
}
