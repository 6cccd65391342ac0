//! The scorecard: every metric with its interval, drawn by blocks of time or by groups where the split is so.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_stat::{Costs, DEFAULT_RESAMPLES, Estimate, Metric, Ranked, intervals};
use ropeway_vocab::Result;

use crate::Population;
use crate::settings::{CostsOfError, SplitBy};

/// The measured quality of a candidate or model.
pub type Scorecard = BTreeMap<Metric, Estimate>;

/// How many blocks of time a bootstrap draws from.
const TIME_BLOCKS: usize = 50;

impl From<&CostsOfError> for Costs {
    fn from(costs: &CostsOfError) -> Self {
        Self { false_negative: costs.false_negative, false_positive: costs.false_positive }
    }
}

/// Every metric of these probabilities at the threshold, each with a bootstrap 95% interval over rows, or over
/// blocks (one number a row).
///
/// # Errors
/// Lengths that differ or a label that is neither 0 nor 1.
pub fn evaluate(
    probabilities: &[f64],
    labels: &[f64],
    blocks: Option<&[u32]>,
    threshold: f64,
    costs: &CostsOfError,
    seed: u64,
) -> Result<Scorecard> {
    let ranked = Ranked::with_blocks(probabilities, labels, blocks)?;
    Ok(intervals(&ranked, blocks, threshold, costs.into(), DEFAULT_RESAMPLES, seed))
}

/// The block of each of the rows, for a split of this kind: runs of time of about equal count (equal times in one),
/// or groups; none where rows are independent or there are too few blocks to draw from.
pub fn blocks_for(population: &Population, rows: &[u32], by: SplitBy) -> Option<Vec<u32>> {
    let values: Vec<u64> = match by {
        SplitBy::Random => return None,
        // Flipping the sign bit keeps the order of signed numbers.
        SplitBy::Time => {
            let at = population.at.as_ref()?;
            rows.iter().map(|row| (at[*row as usize] as u64) ^ (1 << 63)).collect()
        }
        SplitBy::Group => {
            let group = population.group.as_ref()?;
            rows.iter().map(|row| group[*row as usize]).collect()
        }
    };
    let mut sorted = values.clone();
    sorted.sort_unstable();
    let blocks: Vec<u32> = if by == SplitBy::Time {
        let rank = |value: &u64| sorted.partition_point(|known| known < value) * TIME_BLOCKS / sorted.len();
        values.iter().map(|value| rank(value) as u32).collect()
    } else {
        sorted.dedup();
        values.iter().map(|value| sorted.partition_point(|known| known < value) as u32).collect()
    };
    let distinct: BTreeSet<u32> = blocks.iter().copied().collect();
    (distinct.len() >= 2).then_some(blocks)
}
