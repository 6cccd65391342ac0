//! Whether rows that share a value belong together.

use std::collections::HashMap;

use super::Target;
use crate::tally::MISSING;

/// Rows by a value, or by several together.
#[derive(Debug, Clone)]
pub(crate) struct Grouped {
    /// The group of each row; none where a value is missing.
    pub(crate) of: Vec<Option<usize>>,
    pub(crate) groups: usize,
    /// Runs of rows of one group that stand next to each other.
    pub(crate) runs: usize,
    /// Neighbours of one group, as a share of all, and how many there would be in a shuffled table.
    pub(crate) together: f64,
    pub(crate) by_chance: f64,
    /// Rows beyond the first of each group.
    pub(crate) again: usize,
}

impl Grouped {
    /// Rows of one group, each with the one of it before.
    pub(crate) fn pairs(&self) -> Vec<(usize, usize)> {
        let mut before: Vec<Option<usize>> = vec![None; self.groups];
        let with = |(row, group): (usize, &Option<usize>)| Some((before[(*group)?].replace(row)?, row));
        self.of.iter().enumerate().filter_map(with).collect()
    }

    /// Three standard errors of the correlation of what is alike in no way, in groups of about this size.
    pub(crate) fn chance(&self) -> f64 {
        let rows = self.of.iter().flatten().count() as f64;
        let more = (rows * (rows / self.groups.max(1) as f64 - 1.0)).max(1.0);
        3.0 * (2.0 / more).sqrt()
    }

    /// By the cells of these columns.
    pub(crate) fn by(columns: &[&[u64]]) -> Self {
        let rows = columns.first().map_or(0, |cells| cells.len());
        let mut places: HashMap<Vec<u64>, usize> = HashMap::new();
        let mut of = Vec::with_capacity(rows);
        for row in 0..rows {
            let key: Vec<u64> = columns.iter().map(|cells| cells[row]).collect();
            if key.contains(&MISSING) {
                of.push(None);
                continue;
            }
            let next = places.len();
            of.push(Some(*places.entry(key).or_insert(next)));
        }
        let mut sizes = vec![0_usize; places.len()];
        of.iter().flatten().for_each(|group| sizes[*group] += 1);
        let known = sizes.iter().sum::<usize>();
        let pairs = rows.saturating_sub(1).max(1) as f64;
        let alike = of.windows(2).filter(|pair| pair[0].is_some() && pair[0] == pair[1]).count();
        let square: f64 = sizes.iter().map(|size| (*size as f64 / known.max(1) as f64).powi(2)).sum();
        let runs = known - alike.min(known);
        Self {
            of,
            groups: sizes.len(),
            runs,
            together: alike as f64 / pairs,
            by_chance: square,
            again: known - sizes.len(),
        }
    }
}

/// The intra-class correlation of what is left of a variable once the means of two groupings were taken out of it: how much more
/// alike rows of both are than each alone makes them.
pub(crate) fn beyond_both(both: &Grouped, each: [&Grouped; 2], target: &Target) -> Option<f64> {
    let left = |values: Vec<Option<f64>>| {
        let mut rows: Vec<(usize, f64)> =
            values.iter().enumerate().filter_map(|(row, x)| both.of[row].and(*x).map(|x| (row, x))).collect();
        for grouped in each.iter().cycle().take(6) {
            let mut sums = vec![(0.0, 0.0); grouped.groups];
            for (group, x) in rows.iter().filter_map(|(row, x)| Some((grouped.of[*row]?, x))) {
                sums[group].0 += x;
                sums[group].1 += 1.0;
            }
            for (row, x) in &mut rows {
                *x -= grouped.of[*row].map_or(0.0, |group| sums[group].0 / sums[group].1);
            }
        }
        rows.into_iter().filter_map(|(row, x)| Some((both.of[row]?, x))).collect::<Vec<_>>()
    };
    let variables: Vec<Vec<(usize, f64)>> = match target {
        Target::Numbers(of) => vec![left(of.clone())],
        Target::Classes(of, names) => (0..names.len())
            .map(|class| left(of.iter().map(|own| own.map(|own| f64::from(u8::from(own == class)))).collect()))
            .collect(),
    };
    correlation(both.groups, &variables)
}

/// The intra-class correlation of the label, ICC(1) of Shrout and Fleiss (1979) for groups of unequal size (Donner, 1986): how
/// much more alike the labels of one group are than those of different ones. For classes, of their indicators together.
pub(crate) fn intra_class(groups: &Grouped, target: &Target) -> Option<f64> {
    match target {
        Target::Numbers(of) => {
            let rows = groups.of.iter().zip(of).filter_map(|(group, x)| Some(((*group)?, (*x)?)));
            correlation(groups.groups, &[rows.collect()])
        }
        Target::Classes(of, names) => {
            let indicators = (0..names.len()).map(|class| {
                let rows = groups.of.iter().zip(of).filter_map(|(group, own)| Some(((*group)?, (*own)?)));
                rows.map(|(group, own)| (group, f64::from(u8::from(own == class)))).collect()
            });
            correlation(groups.groups, &indicators.collect::<Vec<_>>())
        }
    }
}

fn correlation(groups: usize, variables: &[Vec<(usize, f64)>]) -> Option<f64> {
    let (mut between, mut within, mut size) = (0.0, 0.0, 1.0);
    for rows in variables {
        let mut sums = vec![(0.0_f64, 0.0_f64); groups];
        for (group, x) in rows {
            sums[*group].0 += x;
            sums[*group].1 += 1.0;
        }
        // A row that is alone in its group says nothing of how alike groups are, and much where it is extreme.
        let rows: Vec<&(usize, f64)> = rows.iter().filter(|(group, _)| sums[*group].1 >= 2.0).collect();
        let all = rows.len() as f64;
        let mean = rows.iter().map(|(_, x)| x).sum::<f64>() / all;
        let used = sums.iter().filter(|(_, rows)| *rows >= 2.0);
        let count = used.clone().count() as f64;
        if count < 2.0 || all <= count {
            return None;
        }
        size = (all - used.clone().map(|(_, rows)| rows * rows).sum::<f64>() / all) / (count - 1.0);
        between += used.map(|(sum, rows)| rows * (sum / rows - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let off = |(group, x): &(usize, f64)| (x - sums[*group].0 / sums[*group].1).powi(2);
        within += rows.iter().copied().map(off).sum::<f64>() / (all - count);
    }
    let icc = (between - within) / (between + (size - 1.0) * within);
    icc.is_finite().then_some(icc)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shrout and Fleiss's table of six targets and four judges, for which they print an ICC(1,1) of .17.
    #[test]
    fn the_correlation_is_that_of_the_paper() {
        let table = [
            [9.0, 2.0, 5.0, 8.0],
            [6.0, 1.0, 3.0, 2.0],
            [8.0, 4.0, 6.0, 8.0],
            [7.0, 1.0, 2.0, 6.0],
            [10.0, 5.0, 6.0, 9.0],
            [6.0, 2.0, 4.0, 7.0],
        ];
        let cells: Vec<u64> = (0..24).map(|row| row / 4).collect();
        let target = Target::Numbers(table.iter().flatten().map(|x| Some(*x)).collect());
        let found = intra_class(&Grouped::by(&[&cells]), &target).unwrap();
        assert!((found - 0.165_742).abs() < 1e-6, "{found}");
    }

    #[test]
    fn groups_and_their_neighbours_are_counted() {
        let groups = Grouped::by(&[&[1, 1, 2, 2, 1, MISSING], &[7, 7, 7, 7, 7, 7]]);
        assert_eq!((groups.groups, groups.runs, groups.again), (2, 3, 3));
        assert_eq!(groups.together, 0.4);
    }
}
