//! The levels of a column of which nearly all rows are of one class, and which of them an honest column hardly has.

use std::collections::BTreeMap;

use crate::level_rates::LevelRates;
use crate::one_class::{ENOUGH, EXCEPTIONS, HONEST};

/// Most levels of a column that are looked at closely, those of most rows first.
const LEVELS: usize = 16;
/// From so many classes on a label has names for its classes that are coarser, as zones are of neighbourhoods, where the classes
/// tell so much of the levels, by Goodman and Kruskal's lambda (1954).
const COARSER: (usize, f64) = (10, 0.5);

/// A level of which nearly all rows are of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelOfClass<L> {
    /// The level.
    pub level: L,
    /// How probable such a level is among the others of its column, were it as honest as these.
    pub chance: f64,
}

/// The levels of a column of which nearly all rows are of one of `classes`, and that are not what a column has whose other levels are
/// spread as these are, those of most rows first, from the class and the level of each row; and how many levels have enough rows to
/// be looked at.
pub fn levels_of_one_class<L: Ord>(
    rows: impl Iterator<Item = (usize, L)>,
    classes: usize,
) -> (Vec<LevelOfClass<L>>, usize) {
    let mut counts: BTreeMap<L, Vec<usize>> = BTreeMap::new();
    rows.for_each(|(class, level)| counts.entry(level).or_insert_with(|| vec![0; classes])[class] += 1);
    if is_coarser(counts.values(), classes) {
        return (Vec::new(), 0);
    }
    let mut all = vec![0; classes];
    counts.values().for_each(|of| all.iter_mut().zip(of).for_each(|(all, rows)| *all += rows));
    let counted = counts.into_iter().filter(|(_, of)| of.iter().sum::<usize>() >= ENOUGH);
    let (levels, counted): (Vec<L>, Vec<Vec<usize>>) = counted.unzip();
    let mut rates: BTreeMap<usize, LevelRates> = BTreeMap::new();
    let mut found: Vec<(LevelOfClass<L>, usize)> = Vec::new();
    for (level, of) in levels.into_iter().zip(&counted) {
        let rows: usize = of.iter().sum();
        let Some(class) = (0..classes).find(|class| is_of(of, *class)) else { continue };
        let rates = rates.entry(class).or_insert_with(|| rates_of_others(&counted, &all, class));
        let chance = rates.at_least((of[class], rows)) * counted.len() as f64;
        if chance <= HONEST {
            found.push((LevelOfClass { level, chance }, rows));
        }
    }
    found.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    (found.into_iter().map(|(level, _)| level).take(LEVELS).collect(), counted.len())
}

/// Whether nearly all rows of a level, of which there are so many of each class, are of this one.
fn is_of(level: &[usize], class: usize) -> bool {
    let rows: usize = level.iter().sum();
    (rows - level[class]) as f64 <= EXCEPTIONS * rows as f64
}

/// How far the rates of a class lie apart in the levels that are not of one class alone; all rows together are one of them, since there may
/// be no other.
fn rates_of_others(levels: &[Vec<usize>], all: &[usize], class: usize) -> LevelRates {
    let others = levels.iter().map(Vec::as_slice).filter(|of| !(0..all.len()).any(|class| is_of(of, class)));
    LevelRates::of(others.chain([all]).map(|of| (of[class], of.iter().sum())), all.len() == 2)
}

/// Whether levels, of each of which there are so many rows of each class, are a coarser name of many classes: each class is mostly of
/// one level, and a level that is of one class alone says no more than that it is so.
fn is_coarser<'a>(levels: impl Iterator<Item = &'a Vec<usize>>, classes: usize) -> bool {
    let (mut largest, mut all, mut of_class) = (0, 0, vec![0; classes]);
    for level in levels {
        let rows: usize = level.iter().sum();
        (largest, all) = (largest.max(rows), all + rows);
        of_class.iter_mut().zip(level).for_each(|(most, rows)| *most = (*most).max(*rows));
    }
    let told = of_class.iter().sum::<usize>();
    let there = of_class.iter().filter(|rows| **rows >= ENOUGH).count();
    there >= COARSER.0 && (told - largest.min(told)) as f64 >= COARSER.1 * (all - largest) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quarters of a town, most of them of one zone, and one alone of a zone of its own; and an office of one colour.
    #[test]
    fn a_coarser_name_of_many_classes_has_no_level_of_one_class_alone() {
        let quarter = |row: usize| row % 10;
        let zone = |row: usize| match (quarter(row), row % 7) {
            (0, _) => "village",
            (1..=5, 1..) | (_, 0) => "low",
            _ => "high",
        };
        let (levels, _) = levels_of_one_class((0..4_000).map(|row| (quarter(row), zone(row))), 10);
        assert_eq!(levels, []);
        let office =
            |row: usize| if quarter(row) == 0 && row.is_multiple_of(7) { "village" } else { ["n", "s"][row / 10 % 2] };
        let (levels, _) = levels_of_one_class((0..4_000).map(|row| (quarter(row), office(row))), 10);
        assert_eq!(levels.iter().map(|of| of.level).collect::<Vec<_>>(), ["village"]);
    }

    /// Levels of 25 rows each, with so many rows of the second of two classes, and 2,000 rows without one.
    fn of(own: impl Fn(usize) -> usize) -> Vec<usize> {
        let rows = (0..40).flat_map(|level| {
            let own = own(level);
            (0..25).map(move |row| (usize::from(row < own), level))
        });
        levels_of_one_class(rows, 2).0.into_iter().map(|of| of.level).collect()
    }

    #[test]
    fn the_strongest_of_levels_that_are_spread_is_no_leak_and_one_that_stands_alone_is() {
        assert_eq!(of(|level| (level * 27 / 40).min(25)), [0_usize; 0]);
        assert_eq!(of(|level| if level == 3 { 25 } else { 5 + level % 5 }), [3]);
        // Half of them tell the class but for one row in twenty, as a good feature may.
        assert_eq!(of(|level| if level % 2 == 0 { [25, 24, 24, 23, 24][level % 5] } else { level % 3 }), [0_usize; 0]);
        // Reasons that only one class has, beside those of both.
        assert_eq!(of(|level| if level < 3 { 25 } else { 3 + level % 5 }), [0, 1, 2]);
    }
}
