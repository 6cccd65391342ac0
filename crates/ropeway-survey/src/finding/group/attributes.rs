//! Whether what is alike in the rows of one group tells their labels: trims of a car differ in price by their power, and a new trim is
//! told by it as well; of what makes one patient ill, sex and year of birth tell little, and a new patient is another.

use super::pair::variable;
use crate::measure::{Grouped, Target};
use crate::seen::{Seen, number};

/// Groups that are held against each other at most.
const GROUPS: usize = 400;

/// A group: its rows, and the mean of each label in them with the variance that chance leaves of it.
struct Group {
    rows: Vec<usize>,
    means: Vec<(f64, f64)>,
}

/// The share of what differs between the labels of groups that is gone where groups with the most similar values of these columns are
/// compared: 1 where they tell it, 0 where they have nothing to do with it. None where there are too few groups to say.
pub(super) fn told_by(seen: &Seen<'_>, grouped: &Grouped, columns: &[&str], target: &Target) -> Option<f64> {
    let groups = groups(grouped, &labels(target));
    if groups.len() < super::CATEGORIES || columns.is_empty() {
        return None;
    }
    let places: Vec<Vec<f64>> = columns.iter().filter_map(|name| places(seen, name, &groups)).collect();
    let apart = |a: usize, b: usize| -> f64 { places.iter().map(|of| (of[a] - of[b]).abs().min(1.0)).sum() };
    let differ = |a: usize, b: usize| -> f64 {
        groups[a].means.iter().zip(&groups[b].means).map(|(a, b)| (a.0 - b.0).powi(2) - a.1 - b.1).sum()
    };
    let (mut nearest, mut any) = (0.0, 0.0);
    for a in 0..groups.len() {
        let others = (0..groups.len()).filter(|b| *b != a);
        any += others.clone().map(|b| differ(a, b)).sum::<f64>() / (groups.len() - 1) as f64;
        let least = others.clone().map(|b| apart(a, b)).fold(f64::INFINITY, f64::min);
        let near: Vec<usize> = others.filter(|b| apart(a, *b) <= least).collect();
        nearest += near.iter().map(|b| differ(a, *b)).sum::<f64>() / near.len() as f64;
    }
    (any > 0.0).then(|| 1.0 - nearest / any)
}

/// Labels as numbers: of classes, whether a row is of each.
fn labels(target: &Target) -> Vec<Vec<Option<f64>>> {
    match target {
        Target::Numbers(of) => vec![of.clone()],
        Target::Classes(of, names) => (0..names.len())
            .map(|class| of.iter().map(|own| own.map(|own| f64::from(u8::from(own == class)))).collect())
            .collect(),
    }
}

/// The first groups of two rows with a label or more.
fn groups(grouped: &Grouped, labels: &[Vec<Option<f64>>]) -> Vec<Group> {
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); grouped.groups];
    for (row, group) in grouped.of.iter().enumerate() {
        if let Some(group) = group.filter(|_| labels.iter().all(|of| of[row].is_some())) {
            rows[group].push(row);
        }
    }
    let group = |rows: Vec<usize>| {
        let count = rows.len() as f64;
        let mean = |of: &Vec<Option<f64>>| {
            let values: Vec<f64> = rows.iter().filter_map(|row| of[*row]).collect();
            let mean = values.iter().sum::<f64>() / count;
            let squares = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
            (mean, squares / (count - 1.0) / count)
        };
        let means = labels.iter().map(mean).collect();
        Group { rows, means }
    };
    rows.into_iter().filter(|rows| rows.len() >= 2).take(GROUPS).map(group).collect()
}

/// Where each group stands among them by a column, from 0 to 1; levels that are not the same are 1 apart.
fn places(seen: &Seen<'_>, name: &str, groups: &[Group]) -> Option<Vec<f64>> {
    let column = seen.column(name)?;
    let cells = seen.first(column);
    if let Target::Classes(..) = variable(seen, column) {
        let mut levels: Vec<u64> = groups.iter().map(|group| cells[group.rows[0]]).collect();
        let own = levels.clone();
        levels.sort_unstable();
        levels.dedup();
        return Some(own.iter().map(|cell| levels.partition_point(|level| level < cell) as f64).collect());
    }
    let mean = |group: &Group| {
        let values: Vec<f64> = group.rows.iter().filter_map(|row| number(cells[*row])).collect();
        values.iter().sum::<f64>() / values.len().max(1) as f64
    };
    let means: Vec<f64> = groups.iter().map(mean).collect();
    let mut sorted = means.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    Some(means.iter().map(|mean| sorted.partition_point(|x| x < mean) as f64 / groups.len() as f64).collect())
}
