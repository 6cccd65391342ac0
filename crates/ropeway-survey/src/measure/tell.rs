//! How well one column alone tells the label: its values, or ranges of its numbers, learn from one half of the rows and are
//! judged on the other, and the other way round, so that a column of names does not tell what it merely remembers.

use std::collections::HashMap;

use super::Target;
use super::rank::{pearson, roc_auc, spearman};
use crate::hash::of_bits;
use crate::seen::number;
use crate::tally::MISSING;

/// Ranges that the numbers of a column are cut into.
const RANGES: usize = 128;

/// How well a column tells the label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Told {
    /// From 0 for nothing to 1 for everything: balanced accuracy above that of chance, over the rest; the share of the
    /// variance.
    pub(crate) share: f64,
    /// The figure that people know: area under the ROC curve of two classes, balanced accuracy of more, R2 of numbers.
    pub(crate) figure: f64,
    /// Its name.
    pub(crate) name: &'static str,
}

/// How well the cells of a column tell the label; none where there are too few rows to say.
pub(crate) fn tells(cells: &[u64], numeric: bool, target: &Target) -> Option<Told> {
    match target {
        Target::Classes(of, names) => classes(cells, numeric, of, names.len()),
        Target::Numbers(of) => numbers(cells, numeric, of),
    }
}

/// The bin of each cell: its value, or a range of about as many rows as any other. A missing value is one, too.
fn bins(cells: &[u64], numeric: bool) -> Vec<u64> {
    if !numeric {
        return cells.to_vec();
    }
    let mut sorted: Vec<f64> = cells.iter().filter_map(|cell| number(*cell)).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let ranges = RANGES.min(sorted.len() / 20).max(2);
    let mut edges: Vec<f64> = (1..ranges).filter_map(|at| sorted.get(at * sorted.len() / ranges).copied()).collect();
    edges.dedup();
    cells
        .iter()
        .map(|cell| number(*cell).map_or(MISSING, |x| edges.partition_point(|edge| *edge <= x) as u64))
        .collect()
}

fn half(row: usize) -> usize {
    (of_bits(row as u64) & 1) as usize
}

fn classes(cells: &[u64], numeric: bool, of: &[Option<usize>], count: usize) -> Option<Told> {
    let bins = bins(cells, numeric);
    let mut seen: [HashMap<u64, Vec<f64>>; 2] = Default::default();
    let mut totals = vec![[0.0_f64; 2]; count];
    for (row, class) in of.iter().enumerate() {
        let Some(class) = *class else { continue };
        let counts = seen[half(row)].entry(bins[row]).or_insert_with(|| vec![0.0; count]);
        counts[class] += 1.0;
        totals[class][half(row)] += 1.0;
    }
    // Classes of which a half has hardly a row say nothing.
    let judged: Vec<usize> = (0..count).filter(|class| totals[*class].iter().all(|rows| *rows >= 5.0)).collect();
    if judged.len() < 2 {
        return None;
    }
    let (mut right, mut scores, mut positive) = (vec![0.0; count], Vec::new(), Vec::new());
    for (row, class) in of.iter().enumerate() {
        let Some(class) = class.filter(|class| judged.contains(class)) else { continue };
        let other = 1 - half(row);
        let known = seen[other].get(&bins[row]);
        // The share of each class that has this value: rows of rare classes count as much as those of frequent ones.
        let share = |class: usize| known.map_or(0.0, |counts| counts[class] / totals[class][other]);
        let guess = judged.iter().copied().max_by(|a, b| share(*a).total_cmp(&share(*b)));
        right[class] += f64::from(u8::from(known.is_some() && guess == Some(class)));
        if judged.len() == 2 {
            let (a, b) = (share(judged[0]), share(judged[1]));
            scores.push(if a + b > 0.0 { b / (a + b) } else { 0.5 });
            positive.push(class == judged[1]);
        }
    }
    let recall = |class: &usize| right[*class] / (totals[*class][0] + totals[*class][1]);
    let balanced = judged.iter().map(recall).sum::<f64>() / judged.len() as f64;
    let chance = 1.0 / judged.len() as f64;
    let share = ((balanced - chance) / (1.0 - chance)).max(0.0);
    match roc_auc(&scores, &positive) {
        Some(auc) => Some(Told { share: share.max(2.0 * auc - 1.0), figure: auc, name: "ROC AUC" }),
        None => Some(Told { share, figure: balanced, name: "balanced accuracy" }),
    }
}

fn numbers(cells: &[u64], numeric: bool, of: &[Option<f64>]) -> Option<Told> {
    let labelled: Vec<(usize, f64)> = of.iter().enumerate().filter_map(|(row, x)| Some((row, (*x)?))).collect();
    if labelled.len() < 40 {
        return None;
    }
    let bins = bins(cells, numeric);
    let mut seen: [HashMap<u64, (f64, f64)>; 2] = Default::default();
    let mut all = [(0.0, 0.0); 2];
    for (row, x) in &labelled {
        for sum in [seen[half(*row)].entry(bins[*row]).or_default(), &mut all[half(*row)]] {
            sum.0 += x;
            sum.1 += 1.0;
        }
    }
    let mean = labelled.iter().map(|(_, x)| x).sum::<f64>() / labelled.len() as f64;
    let (mut left, mut total) = (0.0, 0.0);
    for (row, x) in &labelled {
        let other = 1 - half(*row);
        let (sum, rows) = seen[other].get(&bins[*row]).copied().unwrap_or(all[other]);
        left += (x - sum / f64::max(rows, 1.0)).powi(2);
        total += (x - mean).powi(2);
    }
    let mut share = if total > 0.0 { 1.0 - left / total } else { 0.0 };
    if numeric {
        let pairs: Vec<(f64, f64)> = labelled.iter().filter_map(|(row, x)| Some((number(cells[*row])?, *x))).collect();
        if pairs.len() * 10 >= labelled.len() * 9 {
            let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            share = [pearson(&a, &b), spearman(&a, &b)].into_iter().flatten().fold(share, |best, r| best.max(r * r));
        }
    }
    Some(Told { share: share.max(0.0), figure: share.max(0.0), name: "R2" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(of: impl Fn(usize) -> bool, rows: usize) -> Target {
        Target::Classes((0..rows).map(|row| Some(usize::from(of(row)))).collect(), vec!["no".into(), "yes".into()])
    }

    #[test]
    fn a_column_that_knows_tells_all_and_names_of_rows_tell_nothing() {
        let coin = |row: usize| of_bits(row as u64 * 31 + 5).is_multiple_of(3);
        let target = two(coin, 2_000);
        let knows: Vec<u64> = (0..2_000).map(|row| (f64::from(u8::from(coin(row))) + 3.0).to_bits()).collect();
        assert_eq!(tells(&knows, true, &target).unwrap().share, 1.0);
        let names: Vec<u64> = (0..2_000).collect();
        assert!(tells(&names, false, &target).unwrap().share < 0.05);
        let noise: Vec<u64> = (0..2_000).map(|row| (of_bits(row + 99) as f64).to_bits()).collect();
        assert!(tells(&noise, true, &target).unwrap().share < 0.1);
        assert!(tells(&knows[..12], true, &two(coin, 12)).is_none());
    }

    #[test]
    fn numbers_are_told_by_a_curve_and_not_by_noise() {
        let x = |row: usize| (of_bits(row as u64) % 10_000) as f64;
        let target = Target::Numbers((0..4_000).map(|row| Some((x(row) - 5_000.0).powi(2))).collect());
        let cells: Vec<u64> = (0..4_000).map(|row| x(row).to_bits()).collect();
        assert!(tells(&cells, true, &target).unwrap().share > 0.98);
        let noise: Vec<u64> = (0..4_000).map(|row| x(row + 7_777).to_bits()).collect();
        assert!(tells(&noise, true, &target).unwrap().share < 0.05);
    }
}
