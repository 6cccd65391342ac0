//! Whether rows that were brought together two by two are alike, against rows that chance brings together.

use super::Target;
use super::alike_rows::match_rate;
use super::rank::ranks;
use crate::hash::of_bits;

/// Pairs from which chance is asked, and the most that are looked at.
const ENOUGH: usize = 10;
const MOST: usize = 2_000;
/// Tables in which chance pairs as many rows: what none of them reaches comes by chance once in a thousand tables.
const DRAWS: u64 = 999;
/// How much less the labels of a pair differ than chance has it, so that it matters.
const ALIKE: f64 = 0.2;

/// How much more alike the labels of these pairs are than those of pairs that chance makes of all rows: 1 where they are equal,
/// 0 where they are as chance has it. None where chance makes as much of it, by a permutation test that ends early (Besag and
/// Clifford, 1991).
pub(crate) fn alike(pairs: &[(usize, usize)], target: &Target) -> Option<f64> {
    let (values, classes) = values(target);
    let differ = |a: f64, b: f64| if classes { f64::from(u8::from(a != b)) } else { (a - b).powi(2) };
    let both = pairs.iter().filter_map(|(a, b)| Some(differ((*values.get(*a)?)?, (*values.get(*b)?)?)));
    let own: Vec<f64> = both.take(MOST).collect();
    if own.len() < ENOUGH {
        return None;
    }
    let seen: f64 = own.iter().sum();
    let all: Vec<f64> = values.iter().flatten().copied().collect();
    let mut by_chance = 0.0;
    let mut place = 0;
    let mut any = || {
        place += 1;
        all[(of_bits(place) % all.len() as u64) as usize]
    };
    for _ in 0..DRAWS {
        let drawn: f64 = own.iter().map(|_| differ(any(), any())).sum();
        if drawn <= seen {
            return None;
        }
        by_chance += drawn;
    }
    let alike = 1.0 - seen * DRAWS as f64 / by_chance;
    (alike >= ALIKE).then_some(alike)
}

/// Labels by their class, or by their rank: far outliers are no more than large.
fn values(target: &Target) -> (Vec<Option<f64>>, bool) {
    match target {
        Target::Classes(of, _) => (of.iter().map(|class| class.map(|class| class as f64)).collect(), true),
        Target::Numbers(of) => {
            let known: Vec<f64> = of.iter().flatten().copied().collect();
            let mut ranks = ranks(&known).into_iter();
            (of.iter().map(|number| number.and_then(|_| ranks.next())).collect(), false)
        }
    }
}

/// In how many of these columns most pairs are equal where chance leaves them different, and how many could show it.
pub(crate) fn equal_columns(pairs: &[(usize, usize)], columns: &[&[u64]]) -> (usize, usize) {
    let (mut equal, mut of) = (0, 0);
    for cells in columns {
        let chance = match_rate(cells.iter().copied());
        if chance > 0.9 || pairs.is_empty() {
            continue;
        }
        of += 1;
        let count = pairs.iter().filter(|(a, b)| cells[*a] == cells[*b]).count() as f64;
        let all = pairs.len() as f64;
        let beyond = (count - all * chance) / (all * chance * (1.0 - chance)).sqrt().max(1.0);
        equal += usize::from(count / all >= chance + 0.5 * (1.0 - chance) && beyond >= 4.0);
    }
    (equal, of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_that_are_equal_are_told_from_those_of_chance() {
        let label = |row: u64| of_bits(row) % 3;
        let classes = |of: &dyn Fn(usize) -> u64| {
            Target::Classes(
                (0..400).map(|row| Some(of(row) as usize)).collect(),
                vec!["a".into(), "b".into(), "c".into()],
            )
        };
        let pairs: Vec<(usize, usize)> = (0..30).map(|row| (row * 2, row * 2 + 1)).collect();
        let same = classes(&|row| label(row as u64 / 2));
        assert!(alike(&pairs, &same).is_some_and(|alike| alike == 1.0));
        assert_eq!(alike(&pairs[..9], &same), None, "too few");
        assert_eq!(alike(&pairs, &classes(&|row| label(row as u64))), None);
        let numbers = |of: &dyn Fn(u64) -> u64| {
            Target::Numbers((0..400).map(|row| Some((of_bits(of(row)) % 10_000) as f64)).collect())
        };
        assert!(alike(&pairs, &numbers(&|row| row / 2)).is_some());
        assert_eq!(alike(&pairs, &numbers(&|row| row)), None);
    }

    #[test]
    fn columns_that_are_equal_within_pairs_are_counted() {
        let pairs: Vec<(usize, usize)> = (0..30).map(|row| (row * 2, row * 2 + 1)).collect();
        let own: Vec<u64> = (0..400).map(|row| of_bits(row / 2) % 9).collect();
        let any: Vec<u64> = (0..400).map(|row| of_bits(row) % 9).collect();
        let one = vec![7; 400];
        assert_eq!(equal_columns(&pairs, &[&own, &any, &one]), (1, 2));
    }
}
