//! Parting by group: all rows of a group stay in one part.

use std::collections::BTreeMap;

use ropeway_vocab::{Problem, Result};

use super::random::without;
use super::{Parts, place};

/// Whole groups in random order until they hold about `share` of the rows.
pub fn holdout(group: &[u64], rows: &[u32], share: f64, seed: u64) -> Result<Parts> {
    let mut groups = collect(group, rows);
    enough(groups.len(), 2)?;
    groups.sort_by_key(|(id, _)| (place(seed, *id), *id));
    let wanted = share * rows.len() as f64;
    let mut judge: Vec<u32> = Vec::new();
    let last = groups.len() - 1;
    for (_, members) in &groups[..last] {
        let (without, with) = (judge.len() as f64, (judge.len() + members.len()) as f64);
        if !judge.is_empty() && (wanted - without).abs() <= (with - wanted).abs() {
            break;
        }
        judge.extend_from_slice(members);
        if judge.len() as f64 >= wanted {
            break;
        }
    }
    judge.sort_unstable();
    Ok(Parts { train: without(rows, &judge), judge })
}

/// `count` parts of about equal size: the largest group first, each to the part that is smallest so far.
pub fn folds(group: &[u64], rows: &[u32], count: usize, seed: u64) -> Result<Vec<Parts>> {
    let mut groups = collect(group, rows);
    enough(groups.len(), count)?;
    let seed = seed.wrapping_add(1);
    groups.sort_by_key(|(id, members)| (std::cmp::Reverse(members.len()), place(seed, *id), *id));
    let mut parts: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (_, members) in groups {
        if let Some(smallest) = parts.iter_mut().min_by_key(|part| part.len()) {
            smallest.extend_from_slice(&members);
        }
    }
    Ok(parts
        .into_iter()
        .map(|mut judge| {
            judge.sort_unstable();
            Parts { train: without(rows, &judge), judge }
        })
        .collect())
}

fn collect(group: &[u64], rows: &[u32]) -> Vec<(u64, Vec<u32>)> {
    let mut groups: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for row in rows {
        groups.entry(group[*row as usize]).or_default().push(*row);
    }
    groups.into_iter().collect()
}

fn enough(groups: usize, needed: usize) -> Result<()> {
    if groups >= needed {
        return Ok(());
    }
    Err(Problem::invalid("split-group", format!("{groups} different groups are too few for {needed} parts by group"))
        .remedy("lower `count` of `[split] folds`, name a finer `group`, or use by = \"random\""))
}
