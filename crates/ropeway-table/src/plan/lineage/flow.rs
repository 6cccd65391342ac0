//! What lineage knows of the rows of a plan.

use std::collections::BTreeSet;

use datafusion::logical_expr::{Join, JoinType};

use super::dep::{Deps, add};
use super::origin::{Cell, Condition, Origins, Paired};

/// What is known of a plan's rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    /// Its columns and what pairs them.
    pub(super) paired: Paired,
    /// What decides which rows there are.
    pub(super) rows: Deps,
    /// What makes rows equal, of which one stays: besides, it decides how many rows there are.
    pub(super) equal: Deps,
    /// The sources whose rows make its rows; not those that an outer join only adds to them.
    pub(super) makes: BTreeSet<String>,
    /// Whether it stems from static tables alone.
    pub(super) is_static: bool,
    /// What its rows are ordered by.
    pub(super) order: Option<Cell>,
}

impl Flow {
    /// What all columns depend on.
    pub(super) fn columns(&self) -> Deps {
        let mut deps = Deps::new();
        self.paired.columns.iter().for_each(|cell| add(&mut deps, &cell.deps));
        deps
    }

    /// What decides how many rows there are.
    pub(super) fn count(&self) -> Deps {
        let mut deps = self.rows.clone();
        add(&mut deps, &self.equal);
        deps
    }

    /// Reads every column from all origins that has none.
    fn belongs(&mut self) {
        let all = self.paired.origins();
        let bare = self.paired.columns.iter_mut().filter(|cell| cell.origins.is_empty());
        bare.for_each(|cell| cell.origins.clone_from(&all));
    }

    /// Takes a condition into account.
    pub(super) fn meets(&mut self, condition: Condition) {
        add(&mut self.rows, &condition.of.deps);
        self.paired.conditions.push(condition);
    }

    /// The rows of a join with another side.
    pub(super) fn beside(mut self, mut right: Self, join: &Join, condition: Condition) -> Self {
        // Whether a side that may be missing is there shows in all its columns, and in a literal.
        if matches!(join.join_type, JoinType::Right | JoinType::Full) {
            self.belongs();
        }
        if matches!(join.join_type, JoinType::Left | JoinType::Full) {
            right.belongs();
        }
        let left = self;
        let (of_left, of_right) = (left.paired.origins(), right.paired.origins());
        let (mut columns, mut makes) = (Vec::new(), BTreeSet::new());
        if !matches!(join.join_type, JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark) {
            columns.extend(left.paired.columns);
        }
        if !matches!(join.join_type, JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark) {
            columns.extend(right.paired.columns);
        }
        if join.join_type != JoinType::Right {
            makes.extend(left.makes);
        }
        if !matches!(join.join_type, JoinType::Left | JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark) {
            makes.extend(right.makes);
        }
        let of_right_alone = join.join_type == JoinType::Right && !right.is_static;
        let first =
            if of_right_alone || (left.is_static && !right.is_static) { right.paired.first } else { left.paired.first };
        let (keeps_left, keeps_right) = (
            matches!(join.join_type, JoinType::Left | JoinType::Full),
            matches!(join.join_type, JoinType::Right | JoinType::Full),
        );
        let of_side = |conditions: Vec<Condition>, optional: bool, others: &Origins| -> Vec<Condition> {
            let conditions = conditions.into_iter();
            conditions.map(|one| if optional { one.of_optional(others) } else { one }).collect()
        };
        let mut conditions = of_side(left.paired.conditions, keeps_right, &of_right);
        conditions.extend(of_side(right.paired.conditions, keeps_left, &of_left));
        let identity = left.paired.identity.into_iter().chain(right.paired.identity).collect();
        let (mut rows, mut equal) = (left.rows, left.equal);
        add(&mut rows, &right.rows);
        add(&mut equal, &right.equal);
        let is_static = left.is_static && right.is_static;
        let mut flow = Flow {
            paired: Paired { columns, conditions, first, identity },
            rows,
            equal,
            makes,
            is_static,
            order: None,
        };
        flow.meets(condition);
        // The mark of a mark join.
        let mark = Cell { deps: flow.rows.clone(), origins: flow.paired.origins() };
        flow.paired.columns.resize(join.schema.fields().len(), mark);
        flow
    }
}
