//! The scorecard: every metric with its interval, drawn by blocks of time or by groups where the split is so.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_stat::{DEFAULT_RESAMPLES, Draws, Estimate, Measured, Metric, intervals};

use crate::Population;
use crate::settings::SplitBy;

/// The measured quality of a candidate or model.
pub type Scorecard = BTreeMap<Metric, Estimate>;

/// How many blocks of time a bootstrap draws from.
const TIME_BLOCKS: usize = 50;

/// Every metric of these rows, each with a bootstrap 95% interval over rows, or over blocks (one number a row). The number of
/// threads changes nothing but the time.
pub fn scorecard(measured: &dyn Measured, blocks: Option<&[u32]>, (seed, threads): (u64, usize)) -> Scorecard {
    intervals(measured, blocks, Draws { resamples: DEFAULT_RESAMPLES, seed, threads })
}

/// The block of each of the rows, for a split of this kind: runs of time of about equal count (equal times in one),
/// or groups; none where rows are independent or there are too few blocks to draw from.
pub fn blocks_for(population: &Population, rows: &[u32], by: SplitBy) -> Option<Vec<u32>> {
    blocks(population, rows, by).filter(|blocks| count(blocks) >= 2)
}

/// How many blocks there are of the rows; none where rows are independent.
pub fn block_count(population: &Population, rows: &[u32], by: SplitBy) -> Option<usize> {
    blocks(population, rows, by).map(|blocks| count(&blocks))
}

fn count(blocks: &[u32]) -> usize {
    blocks.iter().collect::<BTreeSet<_>>().len()
}

fn blocks(population: &Population, rows: &[u32], by: SplitBy) -> Option<Vec<u32>> {
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
    if by == SplitBy::Group {
        sorted.dedup();
        return Some(values.iter().map(|value| sorted.partition_point(|known| known < value) as u32).collect());
    }
    // A row is in block `i` or later where as many rows are earlier than it as all blocks before have: where it is later than
    // the last of these.
    let rows = sorted.len();
    let ends: Vec<u64> = (1..TIME_BLOCKS)
        .filter_map(|block| sorted.get((block * rows).div_ceil(TIME_BLOCKS).checked_sub(1)?))
        .copied()
        .collect();
    Some(values.iter().map(|value| ends.partition_point(|end| end < value) as u32).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array};
    use arrow::record_batch::RecordBatch;

    use super::*;
    use crate::answers::Answers;
    use crate::settings::CostsOfError;
    use crate::target::Target;

    fn evaluated(probabilities: &[f64], labels: &[f64], blocks: Option<&[u32]>, costs: &CostsOfError) -> Scorecard {
        let (raw, probabilities) = (probabilities.to_vec(), probabilities.to_vec());
        let answers = Answers::Binary { raw, probabilities, threshold: 0.5 };
        scorecard(answers.measured(&labels.to_vec().into(), costs, (None, blocks)).unwrap().as_ref(), blocks, (7, 1))
    }

    /// Three thousand rows, later ones later, thirty at a time; of a hundred groups.
    fn population() -> Population {
        let column: ArrayRef = Arc::new(Float64Array::from(vec![0.0; 3_000]));
        Population {
            features: RecordBatch::try_from_iter([("x", column)]).unwrap(),
            recipe: crate::settings::RecipeSettings::default(),
            target: Target::Binary,
            label: (0..3_000).map(|row| f64::from(u8::from(row % 3 == 0))).collect(),
            at: Some((0..3_000).map(|row| row / 30 - 50).collect()),
            weight: None,
            label_known: None,
            group: Some((0..3_000).map(|row| u64::MAX - row % 100).collect()),
            key_hash: vec![0; 3_000],
        }
    }

    #[test]
    fn blocks_are_runs_of_time_or_whole_groups() {
        let (population, rows) = (population(), (300..2_700).collect::<Vec<u32>>());
        assert_eq!(blocks_for(&population, &rows, SplitBy::Random), None);
        let by_time = blocks_for(&population, &rows, SplitBy::Time).unwrap();
        assert!(by_time.is_sorted(), "earlier rows are in earlier blocks, before and after 1970");
        for pair in rows.iter().zip(&by_time).collect::<Vec<_>>().windows(2) {
            assert!(pair[0].0 / 30 != pair[1].0 / 30 || pair[0].1 == pair[1].1, "equal times are in one block");
        }
        let size = |block: u32| by_time.iter().filter(|found| **found == block).count();
        assert!((0..50).all(|block| (30..=60).contains(&size(block))), "{by_time:?}");
        let by_group = blocks_for(&population, &rows, SplitBy::Group).unwrap();
        for (i, row) in rows.iter().enumerate().skip(100) {
            assert_eq!(by_group[i], by_group[i - 100], "row {row}");
        }
        assert_eq!(by_group.iter().collect::<BTreeSet<_>>().len(), 100);
        let one_time = Population { at: Some(vec![7; 3_000]), ..population };
        assert_eq!(blocks_for(&one_time, &rows, SplitBy::Time), None, "one block cannot be drawn from");
    }

    #[test]
    fn intervals_are_as_wide_as_the_blocks_differ() {
        // All sixty rows of a block have one outcome: fifty are known, not three thousand.
        let population = population();
        let rows: Vec<u32> = (0..3_000).collect();
        let labels: Vec<f64> = rows.iter().map(|row| f64::from(u8::from(row / 60 * 7 % 10 < 4))).collect();
        let accuracy = |blocks: Option<&[u32]>| {
            let card = evaluated(&vec![0.9; 3_000], &labels, blocks, &CostsOfError::default());
            card[&Metric::Accuracy].high - card[&Metric::Accuracy].low
        };
        let blocks = blocks_for(&population, &rows, SplitBy::Time);
        let (alone, together) = (accuracy(None), accuracy(blocks.as_deref()));
        assert!(together > 5.0 * alone, "{together} by block, {alone} by row");
    }

    #[test]
    fn each_error_costs_what_the_project_says() {
        // One positive is missed and three negatives are called, of eight.
        let labels = [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let probabilities = [0.9, 0.1, 0.8, 0.8, 0.8, 0.2, 0.2, 0.2];
        let costs = CostsOfError { false_negative: 10.0, false_positive: 2.0, ..CostsOfError::default() };
        let card = evaluated(&probabilities, &labels, None, &costs);
        assert_eq!(card[&Metric::ExpectedCost].value, 2.0);
    }
}
