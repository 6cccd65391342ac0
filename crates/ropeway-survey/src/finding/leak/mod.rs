//! Suspected leaks, measured before anything trains: columns that tell the label as only somebody can who knows it.

mod alone;
mod between;
mod later;
mod missing;
mod order;
mod separates;

pub(super) use self::between::Order;
pub(super) use self::later::names_afterwards;
use super::Finding;
use super::label::LabelSurvey;
use crate::measure::{Grouped, Target};
use crate::seen::{Column, Seen};

/// What every leak is measured against.
pub(super) struct Known<'a> {
    pub(super) label: &'a LabelSurvey,
    pub(super) target: Target,
    /// The numbers that many rows have, where the label is a number.
    pub(super) frequent: Vec<f64>,
    /// The column that is the time of the rows.
    pub(super) at: Option<&'a str>,
    /// The group of each row, where rows belong together: they are alike, and count as one where chance is asked.
    pub(super) groups: Option<Grouped>,
}

impl Known<'_> {
    /// The class of each row, and what classes are called; none where the label is a number.
    fn classes(&self) -> Option<(&[Option<usize>], &[String])> {
        match &self.target {
            Target::Classes(of, names) => Some((of, names)),
            Target::Numbers(_) => None,
        }
    }
}

/// What a person has to decide of a suspect.
pub(super) const LOOK: &str =
    "stays, since only you know whether it is there when a prediction is asked for; `--drop-suspects` leaves it out";

/// A look at one column.
type Look = fn(&Seen<'_>, &Column<'_>, &Known<'_>) -> Option<Finding>;

/// All suspects. The first suspicion of a column counts. What names a group tells what the group's other rows
/// are, and that is what the split by groups is for.
pub(super) fn find(seen: &Seen<'_>, label: &LabelSurvey, group: Option<&Finding>, at: Option<&str>) -> Vec<Finding> {
    let Some(column) = seen.column(&label.column) else { return Vec::new() };
    let names = |group: &Finding| group.columns.iter().map(|name| Some(seen.spread(seen.column(name)?))).collect();
    let groups = group.and_then(names).map(|cells: Vec<&[u64]>| Grouped::by(&cells));
    let target = label.target(column, seen.spread(column));
    let known = Known { label, frequent: alone::frequent(&target), target, at, groups };
    let of_column: [Look; 6] = [missing::find, separates::find, between::find, order::find, later::find, alone::level];
    let others = seen.columns.iter().filter(|column| column.name != label.column && column.distinct > 0);
    let of_group =
        |column: &Column<'_>| group.is_some_and(|group| group.columns.iter().any(|name| name == column.name));
    let others = others.filter(|column| !of_group(column));
    let mut found: Vec<Finding> =
        others.filter_map(|column| of_column.iter().find_map(|find| find(seen, column, &known))).collect();
    found.extend(between::remarks(seen, &label.column, at, &found));
    found
}
