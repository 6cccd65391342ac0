//! Two columns held against each other, row by row.

use std::collections::HashMap;

use crate::seen::number;

/// Whole numbers beyond this are not exact in a cell.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// What arithmetic and the last digit of a decimal make of equal numbers, as a share of them.
const ROUNDING: f64 = 1e-12;

/// The rows of the outermost numbers of a column; none where it has no two numbers, or one that is not exact in a cell.
pub(crate) fn ends(cells: &[u64]) -> Option<(usize, usize)> {
    let numbers = || cells.iter().enumerate().filter_map(|(row, cell)| Some((row, number(*cell)?)));
    let by_number = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1);
    let (low, high) = (numbers().min_by(by_number)?, numbers().max_by(by_number)?);
    (low.1 > -EXACT && high.1 < EXACT && low.1 < high.1).then_some((low.0, high.0))
}

/// The factor and what is added so that `to` is a multiple of `from` in every row; none where it is not, or where one has a number
/// and the other has none. Both are taken from the outermost numbers of `from`.
pub(crate) fn line(from: &[u64], (low, high): (usize, usize), to: &[u64]) -> Option<(f64, f64)> {
    let (x0, x1) = (number(from[low])?, number(from[high])?);
    let (y0, y1) = (number(to[low])?, number(to[high])?);
    let factor = (y1 - y0) / (x1 - x0);
    let near = |gap: f64, of: f64| gap.abs() <= ROUNDING * of;
    let added = y0 - factor * x0;
    let added = if near(added, y0.abs() + y1.abs()) { 0.0 } else { added };
    // Nearly all columns are told apart by their first rows.
    let all = from.iter().zip(to).all(|(x, y)| match (number(*x), number(*y)) {
        (None, None) => true,
        (Some(x), Some(y)) => {
            y.abs() < EXACT && near(factor * x + added - y, (factor * x).abs() + added.abs() + y.abs())
        }
        _ => false,
    });
    (all && factor != 0.0).then_some((factor, added))
}

/// In how many rows at most another column may differ from this one to be equal to it but for slips, as [`beyond_chance`] asks: a share
/// of `slips`, and of columns that nearly always have one value less. Where d is the share of rows that differ, chance makes at least
/// the sum of squares s of this one's shares less d equal, so that (1 - d - e) >= agreed (1 - e) needs d <= (1 - agreed) (1 - s) / agreed.
pub(crate) fn most_slips(cells: &[u64], slips: f64, agreed: f64) -> usize {
    let mut counts: HashMap<u64, f64> = HashMap::new();
    cells.iter().for_each(|cell| *counts.entry(*cell).or_default() += 1.0);
    let rows = cells.len() as f64;
    let alone: f64 = counts.values().map(|count| (count / rows).powi(2)).sum();
    // A row more than that, so that no rounding of it decides.
    let by_chance = (1.0 - agreed) / agreed * (1.0 - alone) * rows + 1.0;
    (slips * rows).min(by_chance) as usize
}

/// In how many rows two columns are equal, where that is all but so many, and at least `agreed` of what chance would leave different:
/// (p - e) / (1 - e) with the share p of equal rows and the share e that chance makes equal (Cohen, 1960).
pub(crate) fn beyond_chance(a: &[u64], b: &[u64], most: usize, agreed: f64) -> Option<usize> {
    let mut differ = 0;
    for (a, b) in a.iter().zip(b) {
        differ += usize::from(a != b);
        if differ > most {
            return None;
        }
    }
    let mut counts: HashMap<u64, [f64; 2]> = HashMap::new();
    a.iter().for_each(|cell| counts.entry(*cell).or_default()[0] += 1.0);
    b.iter().for_each(|cell| counts.entry(*cell).or_default()[1] += 1.0);
    let rows = a.len() as f64;
    let chance: f64 = counts.values().map(|[a, b]| (a / rows) * (b / rows)).sum();
    let equal = a.len() - differ;
    ((equal as f64 / rows - chance) >= agreed * (1.0 - chance)).then_some(equal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::of_bits;
    use crate::tally::MISSING;

    fn bits(numbers: impl IntoIterator<Item = f64>) -> Vec<u64> {
        numbers.into_iter().map(f64::to_bits).collect()
    }

    #[test]
    fn a_multiple_is_one_in_every_row() {
        let x: Vec<f64> = (0..200_u64).map(|row| (of_bits(row) % 100_000) as f64 / 100.0).collect();
        let multiple = |from: &[u64], to: &[u64]| line(from, ends(from)?, to);
        let of = |to: &dyn Fn(f64) -> f64| multiple(&bits(x.clone()), &bits(x.iter().map(|x| to(*x))));
        assert_eq!(of(&|x| 2.0 * x), Some((2.0, 0.0)));
        let thousandth = |x: f64| (x * 1e5).round() / 1e8;
        assert!(of(&thousandth).is_some_and(|(factor, added)| (factor - 0.001).abs() < 1e-15 && added == 0.0));
        let fahrenheit = |x: f64| (x * 180.0).round() / 100.0 + 32.0;
        assert!(of(&fahrenheit).is_none(), "a rounded one says less");
        assert!(of(&|x| 32.0 + x * 1.8).is_some_and(|(factor, added)| (factor - 1.8).abs() < 1e-12 && added > 31.9));
        assert!(of(&|x| -x).is_some_and(|(factor, _)| factor == -1.0));
        assert_eq!(of(&|x| x * x), None);
        assert_eq!(of(&|_| 7.0), None);
        let mut missing = bits(x.iter().map(|x| 2.0 * x));
        missing[3] = MISSING;
        assert_eq!(multiple(&bits(x), &missing), None);
        assert_eq!(ends(&[MISSING; 3]), None);
        assert_eq!(ends(&bits([1e17, 1.0])), None, "neighbours are one number");
    }

    #[test]
    fn columns_that_are_equal_but_for_slips_are_told_from_those_that_chance_makes_so() {
        let a: Vec<u64> = (0..1_000).map(|row| of_bits(row) % 7).collect();
        let with = |a: &[u64], every: usize| -> Vec<u64> {
            a.iter().enumerate().map(|(row, cell)| if row % every == 5 { cell + 1 } else { *cell }).collect()
        };
        let found = |a: &[u64], b: &[u64]| beyond_chance(a, b, most_slips(a, 0.01, 0.95), 0.95);
        assert_eq!(found(&a, &with(&a, 200)), Some(995));
        assert_eq!(found(&a, &with(&a, 20)), None);
        // Of rows that nearly all have one value, any two columns have it in common.
        let rare = |seed: u64| -> Vec<u64> {
            (0..1_000).map(|row| u64::from(of_bits(row ^ seed).is_multiple_of(300))).collect()
        };
        assert_eq!(found(&rare(0), &rare(1 << 40)), None);
        // The bound leaves out none that the measure takes.
        for ones in [3, 10, 40, 200, 500] {
            let a: Vec<u64> = (0..1_000).map(|row| u64::from(of_bits(row) % 1_000 < ones)).collect();
            for slips in 0..12 {
                let b: Vec<u64> = (0..1_000).map(|row| if row < slips { 1 - a[row] } else { a[row] }).collect();
                assert_eq!(found(&a, &b), beyond_chance(&a, &b, 10, 0.95), "{ones} {slips}");
            }
        }
    }
}
