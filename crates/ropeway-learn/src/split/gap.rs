//! Training rows too near to what they are judged by, or too long before it, are left out: a gap, and a window that slides.

use ropeway_vocab::Span;

use crate::Population;

/// The training rows that stay, and how many were left out: those in the gap before the earliest `at` of the part to judge by, and
/// those before the window that ends where the gap begins.
pub fn kept(
    population: &Population,
    train: Vec<u32>,
    judge: &[u32],
    (gap, window): (Option<Span>, Option<Span>),
) -> (Vec<u32>, u32) {
    let Some(at) = population.at.as_ref().filter(|_| gap.is_some() || window.is_some()) else { return (train, 0) };
    let time = |row: &u32| at[*row as usize];
    let Some(begins) = judge.iter().map(time).min() else { return (train, 0) };
    let end = gap.map_or(begins, |gap| begins.saturating_sub(gap.micros()));
    let start = window.map_or(i64::MIN, |window| end.saturating_sub(window.micros()));
    let before = train.len();
    let kept: Vec<u32> = train.into_iter().filter(|row| (start..end).contains(&time(row))).collect();
    let left_out = u32::try_from(before - kept.len()).unwrap_or(u32::MAX);
    (kept, left_out)
}
