//! Rows that come through one of several branches.

use std::collections::BTreeSet;

use datafusion::logical_expr::Union;

use super::Walk;
use super::dep::{Deps, ROWS, add};
use super::flow::Flow;
use super::origin::{Cell, Identity, Paired, View};

impl Walk<'_> {
    /// Each column depends on what it depends on in any branch, seen from the first side of that. What tells which branch a
    /// row came through (a constant, what was read beside the first side, and any column where branches are made of the same
    /// rows, of which there are then several) also on what the branches leave out.
    pub(super) fn union(&self, union: &Union, outer: &Deps) -> Flow {
        let branches: Vec<Flow> = union.inputs.iter().map(|input| self.flow(input, outer)).collect();
        let is_static = branches.iter().all(|branch| branch.is_static);
        let (mut files, mut repeated, mut identity) = (BTreeSet::new(), false, Some(Identity::new()));
        let mut all = Flow { is_static, ..Flow::default() };
        let mut chosen = Deps::new();
        for branch in &branches {
            let makes = branch.makes.iter().filter(|source| is_static || !self.known.is_static(source));
            let of_branch: BTreeSet<String> = makes.map(|source| self.known.file(source)).collect();
            repeated |= !files.is_disjoint(&of_branch);
            files.extend(of_branch);
            all.makes.extend(branch.makes.iter().cloned());
            add(&mut all.rows, &branch.rows);
            add(&mut all.equal, &branch.equal);
            add(&mut chosen, &branch.paired.chosen_by(&[], &[]));
            for origin in &branch.paired.first {
                match (&mut identity, branch.paired.identity.get(origin)) {
                    (Some(identity), Some(by)) => identity.extend(by.iter().cloned()),
                    _ => identity = None,
                }
            }
        }
        let (own, beside) = (self.origins.fresh(!repeated, !is_static), self.origins.fresh(false, !is_static));
        // A view of a branch is made of all its conditions: once, and not for each column.
        let views: Vec<(&Flow, View)> = branches.iter().map(|branch| (branch, branch.paired.settled())).collect();
        let cell = |position: usize| {
            let mut cell = Cell::default();
            for (branch, view) in &views {
                let Some(of) = branch.paired.columns.get(position) else { continue };
                add(&mut cell.deps, &view.of(of));
                let is_own = !of.origins.is_disjoint(&branch.paired.first) || of.origins.is_empty();
                let is_beside = !of.origins.is_subset(&branch.paired.first);
                cell.origins.extend(is_own.then_some(own));
                cell.origins.extend(is_beside.then_some(beside));
                if repeated || is_beside || of.deps.is_empty() {
                    add(&mut cell.deps, &chosen);
                }
            }
            cell
        };
        let columns = (0..union.schema.fields().len()).map(cell).collect();
        let exist = all.rows.iter().filter(|((_, column), _)| column == ROWS);
        let exist: Deps = exist.map(|(key, dep)| (key.clone(), dep.clone())).collect();
        all.paired = Paired::of_one(columns, own, (exist, chosen), identity);
        all
    }
}
