//! How well one column alone tells the label: its values, or ranges of its numbers, learn from one half of the rows and are
//! judged on the other, and the other way round, so that a column of names does not tell what it merely remembers.

use std::collections::HashMap;

use super::Target;
use super::rank::{pearson, ranks, roc_auc, spearman};
use crate::hash::of_bits;
use crate::seen::number;
use crate::tally::MISSING;

/// Ranges that the numbers of a column are cut into.
const RANGES: usize = 128;
/// The share by balanced accuracy from which several classes are held against each other pair by pair.
const CLASSES_TOLD: f64 = 0.8;

/// How well a column tells the label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Told {
    /// From 0 for nothing to 1 for everything: balanced accuracy above that of chance, over the rest, or the area under the ROC
    /// curve so; the share of the variance.
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

/// How often each class has each value, in either half of the rows.
struct Shares<'a> {
    bins: Vec<u64>,
    of: &'a [Option<usize>],
    seen: [HashMap<u64, Vec<f64>>; 2],
    totals: Vec<[f64; 2]>,
}

impl<'a> Shares<'a> {
    fn new(bins: Vec<u64>, of: &'a [Option<usize>], count: usize) -> Self {
        let mut shares = Self { bins, of, seen: Default::default(), totals: vec![[0.0_f64; 2]; count] };
        for (row, class) in of.iter().enumerate() {
            let Some(class) = *class else { continue };
            let counts = shares.seen[half(row)].entry(shares.bins[row]).or_insert_with(|| vec![0.0; count]);
            counts[class] += 1.0;
            shares.totals[class][half(row)] += 1.0;
        }
        shares
    }

    /// Classes of which a half has hardly a row say nothing.
    fn judged(&self) -> Vec<usize> {
        (0..self.totals.len()).filter(|class| self.totals[*class].iter().all(|rows| *rows >= 5.0)).collect()
    }

    /// The share of each class that has the value of this row in the other half: rows of rare classes count as much as those of
    /// frequent ones. None where no row there has it.
    fn of_row(&self, row: usize) -> Option<impl Fn(usize) -> f64> {
        let other = 1 - half(row);
        let counts = self.seen[other].get(&self.bins[row])?;
        Some(move |class: usize| counts[class] / self.totals[class][other])
    }

    /// The mean share of each class that is told right.
    fn balanced_accuracy(&self, judged: &[usize]) -> f64 {
        let mut right = vec![0.0; self.totals.len()];
        for (row, class) in self.of.iter().enumerate() {
            let Some((class, share)) = class.filter(|class| judged.contains(class)).zip(self.of_row(row)) else {
                continue;
            };
            let guess = judged.iter().copied().max_by(|a, b| share(*a).total_cmp(&share(*b)));
            right[class] += f64::from(u8::from(guess == Some(class)));
        }
        let recall = |class: &usize| right[*class] / (self.totals[*class][0] + self.totals[*class][1]);
        judged.iter().map(recall).sum::<f64>() / judged.len() as f64
    }

    /// The area under the ROC curve of one class against another.
    fn roc_auc(&self, negative: usize, positive: usize) -> Option<f64> {
        let rows = self.of.iter().enumerate().filter_map(|(row, class)| Some((row, (*class)?)));
        let rows = rows.filter(|(_, class)| [negative, positive].contains(class));
        let scored = rows.map(|(row, class)| {
            let score = self.of_row(row).and_then(|share| {
                let (a, b) = (share(negative), share(positive));
                (a + b > 0.0).then(|| b / (a + b))
            });
            (score.unwrap_or(0.5), class == positive)
        });
        let (scores, positive): (Vec<f64>, Vec<bool>) = scored.unzip();
        roc_auc(&scores, &positive)
    }

    /// The area under the ROC curve of most classes against the other that is hardest to tell from them: the median, since one
    /// pair that a column cannot tell apart makes the others no less told, and a class that lies far off makes no honest feature
    /// of the rest a suspect.
    fn hardest(&self, judged: &[usize]) -> Option<f64> {
        let mut hardest = vec![1.0_f64; self.totals.len()];
        for (at, a) in judged.iter().enumerate() {
            for b in &judged[at + 1..] {
                let area = self.roc_auc(*a, *b)?;
                [a, b].into_iter().for_each(|class| hardest[*class] = hardest[*class].min(area));
            }
        }
        let mut hardest: Vec<f64> = judged.iter().map(|class| hardest[*class]).collect();
        hardest.sort_unstable_by(f64::total_cmp);
        hardest.get((hardest.len() - 1) / 2).copied()
    }
}

fn classes(cells: &[u64], numeric: bool, of: &[Option<usize>], count: usize) -> Option<Told> {
    let shares = Shares::new(bins(cells, numeric), of, count);
    let judged = shares.judged();
    if judged.len() < 2 {
        return None;
    }
    let balanced = shares.balanced_accuracy(&judged);
    let chance = 1.0 / judged.len() as f64;
    let share = ((balanced - chance) / (1.0 - chance)).max(0.0);
    let two = judged.len() == 2;
    // Pairs take long, and most columns tell nothing near to all.
    let area = if two || share >= CLASSES_TOLD { shares.hardest(&judged) } else { None };
    let told = area.map_or(share, |area| share.max(2.0 * area - 1.0));
    match area.filter(|_| two) {
        Some(area) => Some(Told { share: told, figure: area, name: "ROC AUC" }),
        None => Some(Told { share: told, figure: balanced, name: "balanced accuracy" }),
    }
}

/// A few far rows, such as sums between the others, carry nearly all of the variance, so that it has to be told of ranks, too.
fn numbers(cells: &[u64], numeric: bool, of: &[Option<f64>]) -> Option<Told> {
    let (rows, labels): (Vec<usize>, Vec<f64>) =
        of.iter().enumerate().filter_map(|(row, x)| Some((row, (*x)?))).unzip();
    if rows.len() < 40 {
        return None;
    }
    let bins = bins(cells, numeric);
    let explained = |labels: &[f64]| explained(&bins, &rows, labels);
    let (mut share, mut of_ranks, mut straight) = (explained(&labels), explained(&ranks(&labels)), 0.0_f64);
    if numeric {
        let pairs: Vec<(f64, f64)> =
            rows.iter().zip(&labels).filter_map(|(row, x)| Some((number(cells[*row])?, *x))).collect();
        if pairs.len() * 10 >= labels.len() * 9 {
            let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let squared = |correlation: Option<f64>| correlation.map_or(0.0, |r| r * r);
            straight = squared(spearman(&a, &b));
            (share, of_ranks) = (share.max(squared(pearson(&a, &b))), of_ranks.max(straight));
        }
    }
    let share = share.min(of_ranks).max(straight).max(0.0);
    Some(Told { share, figure: share, name: "R2" })
}

/// The share of the variance of labels that is explained in these rows, where those of each half are told by the other.
fn explained(bins: &[u64], rows: &[usize], labels: &[f64]) -> f64 {
    let mut seen: [HashMap<u64, (f64, f64)>; 2] = Default::default();
    let mut all = [(0.0, 0.0); 2];
    for (row, x) in rows.iter().zip(labels) {
        for sum in [seen[half(*row)].entry(bins[*row]).or_default(), &mut all[half(*row)]] {
            sum.0 += x;
            sum.1 += 1.0;
        }
    }
    let mean = labels.iter().sum::<f64>() / labels.len() as f64;
    let (mut left, mut total) = (0.0, 0.0);
    for (row, x) in rows.iter().zip(labels) {
        let other = 1 - half(*row);
        let (sum, rows) = seen[other].get(&bins[*row]).copied().unwrap_or(all[other]);
        left += (x - sum / f64::max(rows, 1.0)).powi(2);
        total += (x - mean).powi(2);
    }
    if total > 0.0 { 1.0 - left / total } else { 0.0 }
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

    /// Rows of three classes, each done by one of five of its own or, one row in twenty, by somebody else, as in two.
    #[test]
    fn several_classes_are_told_as_surely_as_two() {
        let class = |row: usize| (of_bits(row as u64 * 31 + 5) % 3) as usize;
        let who = |row: usize, classes: u64| match of_bits(row as u64 + 77) % 20 {
            0 => 99,
            _ => class(row) as u64 % classes * 10 + of_bits(row as u64 + 7) % 5,
        };
        let cells = |classes: u64| (0..3_000).map(|row| who(row, classes)).collect::<Vec<_>>();
        let of = |classes: usize| (0..3_000).map(|row| Some(class(row) % classes)).collect::<Vec<_>>();
        let names = |classes: usize| ["a", "b", "c"][..classes].iter().map(|name| (*name).to_owned()).collect();
        for classes in [2, 3] {
            let told = tells(&cells(classes as u64), false, &Target::Classes(of(classes), names(classes))).unwrap();
            assert!(told.share > 0.99 && told.figure > 0.95, "{told:?}");
        }
    }

    /// As petals are: one class lies apart, and the two others overlap.
    #[test]
    fn an_honest_measure_does_not_tell_all_of_several_classes() {
        let class = |row: usize| (of_bits(row as u64 * 31 + 5) % 3) as usize;
        let noise =
            |row: usize| (0..12).map(|at| (of_bits(row as u64 * 16 + at) % 1_000) as f64 / 1e3).sum::<f64>() - 6.0;
        let cells: Vec<u64> = (0..3_000).map(|row| ([0.0, 8.0, 10.8][class(row)] + noise(row)).to_bits()).collect();
        let of = (0..3_000).map(|row| Some(class(row))).collect();
        let told = tells(&cells, true, &Target::Classes(of, ["a", "b", "c"].map(String::from).into())).unwrap();
        assert!(told.share < 0.97 && told.figure > 0.9, "{told:?}");
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

    /// Ten sums between 1,200 rows: of the depot, which is `sum` there, and of the quantity.
    #[test]
    fn a_handful_of_far_rows_tells_nothing_and_a_copy_of_a_skewed_label_tells_all() {
        let sum = |row: usize| row % 121 == 120;
        let noise = |row: usize, salt: u64| (of_bits(row as u64 * 31 + salt) % 1_000) as f64;
        let quantity = |row: usize| if sum(row) { 60_000.0 + noise(row, 1) } else { noise(row, 2) };
        let minutes = |row: usize| if sum(row) { 90_000.0 + noise(row, 1) } else { noise(row, 3) + quantity(row) };
        let target = Target::Numbers((0..1_210).map(|row| Some(minutes(row))).collect());
        let depots: Vec<u64> = (0..1_210).map(|row| if sum(row) { 9 } else { of_bits(row as u64) % 5 }).collect();
        assert!(tells(&depots, false, &target).unwrap().share < 0.5);
        let quantities: Vec<u64> = (0..1_210).map(|row| quantity(row).to_bits()).collect();
        assert!(tells(&quantities, true, &target).unwrap().share < 0.7);
        let copy: Vec<u64> = (0..1_210).map(|row| (minutes(row) * 0.1).to_bits()).collect();
        assert!(tells(&copy, true, &target).unwrap().share > 0.99);
        // An amount that is 0 but in a hundred rows.
        let amount = |row: usize| if row.is_multiple_of(12) { (noise(row, 4) / 100.0).exp() } else { 0.0 };
        let target = Target::Numbers((0..1_200).map(|row| Some(amount(row))).collect());
        let cells: Vec<u64> = (0..1_200).map(|row| (amount(row) * 1.2).to_bits()).collect();
        assert!(tells(&cells, true, &target).unwrap().share > 0.99);
    }
}
