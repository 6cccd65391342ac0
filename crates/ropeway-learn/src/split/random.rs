//! Parting at random, stratified: every part has the population's share of each class to within one row.

use super::{Parts, place};
use crate::Population;

/// A random `share` of each class.
pub fn holdout(population: &Population, rows: &[u32], share: f64, seed: u64) -> Parts {
    let mut judge = Vec::new();
    for class in population.strata() {
        let shuffled = shuffled_class(population, rows, class, seed);
        let take = (share * shuffled.len() as f64).round() as usize;
        judge.extend_from_slice(&shuffled[..take.min(shuffled.len())]);
    }
    judge.sort_unstable();
    Parts { train: without(rows, &judge), judge }
}

/// `count` parts of each class, dealt in turn; each is judged by what is trained on the others.
pub fn folds(population: &Population, rows: &[u32], count: usize, seed: u64) -> Vec<Parts> {
    let seed = seed.wrapping_add(1);
    let mut dealt: Vec<Vec<u32>> = vec![Vec::new(); count];
    let mut turn = 0;
    for class in population.strata() {
        for row in shuffled_class(population, rows, class, seed) {
            dealt[turn % count].push(row);
            turn += 1;
        }
    }
    dealt
        .into_iter()
        .map(|mut judge| {
            judge.sort_unstable();
            Parts { train: without(rows, &judge), judge }
        })
        .collect()
}

fn shuffled_class(population: &Population, rows: &[u32], class: Option<f64>, seed: u64) -> Vec<u32> {
    let mut of_class: Vec<u32> =
        rows.iter().copied().filter(|row| class.is_none_or(|class| population.label[*row as usize] == class)).collect();
    of_class.sort_by_key(|row| (place(seed, population.key_hash[*row as usize]), *row));
    of_class
}

/// `rows` without `taken`, both ascending.
pub fn without(rows: &[u32], taken: &[u32]) -> Vec<u32> {
    rows.iter().copied().filter(|row| taken.binary_search(row).is_err()).collect()
}
