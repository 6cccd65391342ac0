//! Whether two models that were measured on the same rows differ: the mean of the paired differences of their losses.

use crate::bootstrap::{Draws, Estimate};
use crate::quantile::quantile_sorted;
use crate::rng::Rng;

/// The mean of `after - before`, row by row, with its 95% percentile interval (Efron 1979) over rows, or over whole blocks
/// (one number a row) where rows are not independent. Pairing takes out what is hard about a row for both.
///
/// Lengths that differ, or no rows, give NaN.
pub fn paired_difference(before: &[f64], after: &[f64], blocks: Option<&[u32]>, draws: Draws) -> Estimate {
    let nothing = Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN };
    let fits = before.len() == after.len() && blocks.is_none_or(|blocks| blocks.len() == before.len());
    if !fits || before.is_empty() {
        return nothing;
    }
    let differences = before.iter().zip(after).map(|(before, after)| after - before);
    let units = match blocks {
        None => differences.map(|difference| (difference, 1.0)).collect(),
        Some(blocks) => by_block(differences, blocks),
    };
    let mean = |sum: f64, rows: f64| sum / rows;
    let (sum, rows) = units.iter().fold((0.0, 0.0), |(sum, rows), unit| (sum + unit.0, rows + unit.1));
    let mut rng = Rng::new(draws.seed);
    let mut means: Vec<f64> = (0..draws.resamples)
        .map(|_| {
            let drawn = (0..units.len()).map(|_| units[rng.index(units.len())]);
            let (sum, rows) = drawn.fold((0.0, 0.0), |(sum, rows), unit| (sum + unit.0, rows + unit.1));
            mean(sum, rows)
        })
        .collect();
    means.sort_unstable_by(f64::total_cmp);
    let at = |p| quantile_sorted(&means, p).unwrap_or(f64::NAN);
    Estimate { value: mean(sum, rows), low: at(0.025), high: at(0.975) }
}

/// The sum of the differences and the number of rows of each block, in the order of their names.
fn by_block(differences: impl Iterator<Item = f64>, blocks: &[u32]) -> Vec<(f64, f64)> {
    let mut units = std::collections::BTreeMap::<u32, (f64, f64)>::new();
    for (difference, block) in differences.zip(blocks) {
        let unit = units.entry(*block).or_default();
        *unit = (unit.0 + difference, unit.1 + 1.0);
    }
    units.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: Draws = Draws { resamples: 400, seed: 7, threads: 1 };

    /// Losses of a hard and an easy half, and the same with noise, all of one block noisy alike where `together`.
    fn losses(seed: u64, shift: f64, together: bool) -> (Vec<f64>, Vec<f64>, Vec<u32>) {
        let mut rng = Rng::new(seed);
        let mut noise = 0.0;
        let (mut before, mut after, mut blocks) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..600_u32 {
            if !together || row.is_multiple_of(20) {
                noise = rng.unit() - 0.5;
            }
            let loss = if row.is_multiple_of(2) { 3.0 } else { 0.1 };
            before.push(loss);
            after.push(loss + shift + 0.2 * noise);
            blocks.push(row / 20);
        }
        (before, after, blocks)
    }

    #[test]
    fn the_interval_holds_the_true_difference_in_most_draws() {
        for together in [false, true] {
            let held = |by_block: bool| {
                let holds = |seed: &u64| {
                    let (before, after, blocks) = losses(*seed, 0.01, together);
                    let blocks = by_block.then_some(blocks.as_slice());
                    let found = paired_difference(&before, &after, blocks, Draws { seed: *seed, ..DRAWS });
                    assert!(found.low <= found.value && found.value <= found.high);
                    found.low <= 0.01 && 0.01 <= found.high
                };
                (0..200).filter(holds).count()
            };
            assert!((176..=200).contains(&held(true)), "{} of 200 by block", held(true));
            // The control: rows that belong together are taken for independent, and the interval is far too narrow.
            assert_eq!(held(false) < 120, together, "{} of 200 by row", held(false));
        }
    }

    #[test]
    fn pairing_sees_what_is_small_beside_the_losses_themselves() {
        let (before, after, _) = losses(1, -0.03, false);
        let found = paired_difference(&before, &after, None, DRAWS);
        assert!(found.high < 0.0 && found.high - found.low < 0.02, "{found:?}");
        assert_eq!(found, paired_difference(&before, &after, None, DRAWS));
        let same = paired_difference(&before, &before, None, DRAWS);
        assert_eq!((same.value, same.low, same.high), (0.0, 0.0, 0.0));
        assert!(paired_difference(&before, &after[1..], None, DRAWS).value.is_nan());
        assert!(paired_difference(&[], &[], None, DRAWS).value.is_nan());
    }
}
