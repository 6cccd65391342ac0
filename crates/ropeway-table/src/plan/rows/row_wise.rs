//! Whether new rows of a source pass through a table one by one, so that the rows route can compute them.

use datafusion::logical_expr::{JoinType, LogicalPlan};
use ropeway_vocab::{Place, Timing};

use crate::plan::time::{TimingOf, node_word, subqueries, timing};
use crate::sql::Text;

/// Whether a table computes each new row of a source on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowWise {
    /// It does: projection, filter, `UNION ALL`, join to a static table.
    Yes,
    /// It does not.
    No {
        /// What stands in the way.
        reason: String,
        /// Where it stands.
        place: Box<Place>,
    },
}

impl RowWise {
    /// Whether it is.
    pub fn is_yes(&self) -> bool {
        *self == Self::Yes
    }
}

/// What the walk needs to know.
pub(crate) struct Rows<'a> {
    /// The timing of a relation.
    pub(crate) timing: &'a TimingOf<'a>,
    /// Whether rows of a relation stem from the new rows.
    pub(crate) live: &'a dyn Fn(&str) -> bool,
    /// The SQL of the plan.
    pub(crate) text: Text<'a>,
}

impl Rows<'_> {
    /// Whether any scan below reads live rows.
    pub(crate) fn touches(&self, plan: &LogicalPlan) -> bool {
        touches(plan, self.live)
    }

    /// Whether a plan is row-wise for the live rows.
    pub(crate) fn check(&self, plan: &LogicalPlan) -> RowWise {
        if !self.touches(plan) {
            return RowWise::Yes;
        }
        let inputs = plan.inputs();
        let no = |reason: String, words: &[&str]| RowWise::No { reason, place: Box::new(self.text.word(words)) };
        if subqueries(plan).iter().any(|sub| self.touches(sub) || timing(sub, self.timing) != Timing::Static) {
            return no("a subquery looks at rows that change".to_string(), &["exists", "in", "any", "select"]);
        }
        match plan {
            LogicalPlan::TableScan(_) => RowWise::Yes,
            LogicalPlan::Projection(_)
            | LogicalPlan::Filter(_)
            | LogicalPlan::SubqueryAlias(_)
            | LogicalPlan::Union(_) => self.inputs(&inputs),
            LogicalPlan::Sort(sort) if sort.fetch.is_none() => self.inputs(&inputs),
            LogicalPlan::Join(join) => {
                let (left, right) = (self.touches(&join.left), self.touches(&join.right));
                if left && right {
                    return no("new rows are joined with each other".to_string(), &["join", "from"]);
                }
                let (other, kept) = if left {
                    let kept = [JoinType::Inner, JoinType::Left, JoinType::LeftSemi, JoinType::LeftAnti];
                    (&join.right, kept)
                } else {
                    let kept = [JoinType::Inner, JoinType::Right, JoinType::RightSemi, JoinType::RightAnti];
                    (&join.left, kept)
                };
                if timing(other, self.timing) != Timing::Static {
                    return no("it joins a table that is not static".to_string(), &["join", "from"]);
                }
                if !kept.contains(&join.join_type) {
                    let kind = join.join_type.to_string().to_uppercase();
                    let reason = format!("a {kind} JOIN also gives rows of the other side");
                    return no(reason, &["full", "left", "right", "join"]);
                }
                self.inputs(&inputs)
            }
            LogicalPlan::Aggregate(_) => no(
                "it aggregates over many rows".to_string(),
                &["group", "having", "count", "sum", "avg", "min", "max"],
            ),
            other => match node_word(other) {
                Some((what, words)) => no(format!("{what} looks at many rows"), words),
                None => no(format!("this step looks at many rows: {}", other.display()), &[]),
            },
        }
    }

    fn inputs(&self, inputs: &[&LogicalPlan]) -> RowWise {
        inputs.iter().map(|input| self.check(input)).find(|found| !found.is_yes()).unwrap_or(RowWise::Yes)
    }
}

/// Whether any scan below, subqueries included, reads live rows.
pub(crate) fn touches(plan: &LogicalPlan, live: &dyn Fn(&str) -> bool) -> bool {
    let here = matches!(plan, LogicalPlan::TableScan(scan) if live(scan.table_name.table()));
    here || plan.inputs().into_iter().any(|input| touches(input, live))
        || subqueries(plan).iter().any(|sub| touches(sub, live))
}
