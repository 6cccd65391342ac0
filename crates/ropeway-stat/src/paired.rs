//! Whether two models that were measured on the same rows differ: the mean of the paired differences of their losses.

use crate::bootstrap::Draws;
use crate::estimate::Estimate;
use crate::quantile::quantile_sorted;
use crate::rng::Rng;

/// The mean of `after - before`, row by row, with its 95% percentile interval (Efron 1979) over rows, or over whole blocks
/// (one number a row) where rows are not independent. Pairing takes out what is hard about a row for both. With `weights` (one
/// number a row) it is the weighted mean, and rows are drawn with theirs.
///
/// Lengths that differ, or no rows, give NaN.
pub fn paired_difference(
    before: &[f64],
    after: &[f64],
    (blocks, weights): (Option<&[u32]>, Option<&[f64]>),
    draws: Draws,
) -> Estimate {
    let nothing = Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN };
    let fits = before.len() == after.len()
        && blocks.is_none_or(|blocks| blocks.len() == before.len())
        && weights.is_none_or(|weights| weights.len() == before.len());
    if !fits || before.is_empty() {
        return nothing;
    }
    let rows = before.iter().zip(after).enumerate().map(|(row, (before, after))| {
        let weight = weights.map_or(1.0, |weights| weights[row]);
        (weight * (after - before), weight)
    });
    let units = match blocks {
        None => rows.collect(),
        Some(blocks) => by_block(rows, blocks),
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

/// The sums of differences and weights of each block, in the order of their names.
fn by_block(rows: impl Iterator<Item = (f64, f64)>, blocks: &[u32]) -> Vec<(f64, f64)> {
    let mut units = std::collections::BTreeMap::<u32, (f64, f64)>::new();
    for ((difference, weight), block) in rows.zip(blocks) {
        let unit = units.entry(*block).or_default();
        *unit = (unit.0 + difference, unit.1 + weight);
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
                    let found = paired_difference(&before, &after, (blocks, None), Draws { seed: *seed, ..DRAWS });
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
        let found = paired_difference(&before, &after, (None, None), DRAWS);
        assert!(found.high < 0.0 && found.high - found.low < 0.02, "{found:?}");
        assert_eq!(found, paired_difference(&before, &after, (None, None), DRAWS));
        let same = paired_difference(&before, &before, (None, None), DRAWS);
        assert_eq!((same.value, same.low, same.high), (0.0, 0.0, 0.0));
        assert!(paired_difference(&before, &after[1..], (None, None), DRAWS).value.is_nan());
        assert!(paired_difference(&[], &[], (None, None), DRAWS).value.is_nan());
    }

    #[test]
    fn a_row_of_weight_two_differs_as_two_rows_do() {
        let (before, after, _) = losses(1, 0.3, false);
        let weights: Vec<f64> = (0..600).map(|row| f64::from(row % 3)).collect();
        let repeat = |values: &[f64]| -> Vec<f64> {
            values
                .iter()
                .zip(&weights)
                .flat_map(|(value, weight)| std::iter::repeat_n(*value, *weight as usize))
                .collect()
        };
        let found = paired_difference(&before, &after, (None, Some(&weights)), DRAWS);
        let repeated = paired_difference(&repeat(&before), &repeat(&after), (None, None), DRAWS);
        assert!((found.value - repeated.value).abs() < 1e-12, "{found:?} {repeated:?}");
        let plain = paired_difference(&before, &after, (None, None), DRAWS);
        assert!((found.value - plain.value).abs() > 1e-6, "{found:?} {plain:?}");
        let whole: Vec<u32> = (0..600).collect();
        assert_eq!(paired_difference(&before, &after, (Some(&whole), Some(&weights)), DRAWS), found);
    }
}
