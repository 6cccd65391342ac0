//! Training labels that were not yet known when validation begins are purged.

use crate::Population;
use crate::settings::SplitBy;

/// The training rows that stay, and how many were purged. Only a split by time has a moment at which validation
/// begins: the earliest `at` of the part to judge by. A label counts as known strictly before that, and a label
/// without a known-at never does.
pub fn purge(population: &Population, by: SplitBy, train: Vec<u32>, judge: &[u32]) -> (Vec<u32>, u32) {
    let (SplitBy::Time, Some(at), Some(known)) = (by, &population.at, &population.label_known) else {
        return (train, 0);
    };
    let Some(begins) = judge.iter().map(|row| at[*row as usize]).min() else { return (train, 0) };
    let before = train.len();
    let kept: Vec<u32> =
        train.into_iter().filter(|row| known[*row as usize].is_some_and(|known| known < begins)).collect();
    let purged = u32::try_from(before - kept.len()).unwrap_or(u32::MAX);
    (kept, purged)
}
