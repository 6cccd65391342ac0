//! Fits that are judged on rows that they did not see: each part of the rows by what is fitted on the others.

use ropeway_stat::Rng;

use crate::labels::Labels;

/// Parts of the cross-fit.
pub(super) const PARTS: usize = 5;

/// The part of each row: contiguous runs of blocks, or random.
pub(super) fn parts(rows: usize, blocks: Option<&[u32]>, seed: u64) -> Vec<usize> {
    if let Some(blocks) = blocks {
        let mut names = blocks.to_vec();
        names.sort_unstable();
        names.dedup();
        if names.len() >= PARTS {
            return blocks.iter().map(|b| names.partition_point(|name| name < b) * PARTS / names.len()).collect();
        }
    }
    let mut rng = Rng::new(seed);
    (0..rows).map(|_| rng.index(PARTS)).collect()
}

/// Whether the mean falls from `before` to `after` by more than a standard error of the paired difference. With weights it is
/// the error of a weighted mean of rows that are independent, which does not depend on what the weights sum up to.
pub(super) fn helps(before: &[f64], after: &[f64], labels: &Labels) -> bool {
    let gains: Vec<f64> = before.iter().zip(after).map(|(before, after)| before - after).collect();
    let gain = labels.mean(&gains);
    let squares: Vec<f64> = gains.iter().enumerate().map(|(row, g)| labels.weight(row) * (g - gain).powi(2)).collect();
    !gains.is_empty() && gain > (labels.mean(&squares) / labels.total()).sqrt()
}
