//! Labels of heavy tails: of so few rows follows what a squared error comes to, that it judges those rows and not a model.

use serde::{Deserialize, Serialize};

use crate::seen::{Column, Kept, number};

/// Rows from which the shape of their tails says something, and among which two should not weigh much.
pub(super) const ENOUGH: u64 = 200;
/// The share of all squared deviation from which two rows decide.
const DECIDES: f64 = 0.2;
/// Where so many rows have the median, answering it is right for most, and an absolute error asks for nothing else.
const OFTEN: f64 = 0.4;
/// The share of what two rows hold from which one of them is far from all others.
const ALONE: f64 = 0.95;
/// The share of all squared deviation from which one value is likely a slip of whoever wrote it.
const SLIP: f64 = 0.5;

/// How few rows weigh how much.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HeavyTails {
    /// The least value.
    pub min: f64,
    /// The greatest value.
    pub max: f64,
    /// The share of these two rows in the squared deviation from the mean of all.
    pub share: f64,
    /// The one of both that holds nearly all of it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<f64>,
    /// The mean absolute deviation from the median: the error of answering the median always.
    pub absolute: f64,
}

impl HeavyTails {
    /// The value that one row has so far from all others that it is likely wrong.
    pub fn slip(&self) -> Option<f64> {
        self.alone.filter(|_| self.share > SLIP)
    }
}

/// The values of a column in ascending order, each with its rows: all, or those drawn of it; `drawn` are cells from everywhere.
pub(super) fn values(column: &Column<'_>, drawn: &[u64]) -> Vec<(f64, u64)> {
    match &column.kept {
        Kept::Numbers(_, counted) if column.exact => {
            counted.iter().filter(|(value, ..)| value.is_finite()).map(|(value, _, rows)| (*value, *rows)).collect()
        }
        _ => {
            let mut drawn: Vec<f64> = drawn.iter().filter_map(|cell| number(*cell)).collect();
            drawn.sort_unstable_by(f64::total_cmp);
            drawn.into_iter().map(|value| (value, 1)).collect()
        }
    }
}

/// Of a column whose two outermost values hold more than a fifth of its squared deviation; `values` ascend, each with its rows.
pub(super) fn of(column: &Column<'_>, values: &[(f64, u64)]) -> Option<HeavyTails> {
    let Kept::Numbers(tally, _) = &column.kept else { return None };
    let finite = tally.count - tally.not_finite;
    let (mean, variance) = (tally.moments.mean()?, tally.moments.variance_population()?);
    let [low, high] = [tally.min, tally.max].map(|value| (value - mean).powi(2));
    let outer = low + high;
    let once = |value: f64| values.iter().any(|(own, rows)| *own == value && *rows == 1);
    let alone = [(low, tally.min), (high, tally.max)].into_iter().find(|(own, _)| *own > ALONE * outer);
    let alone = alone.map(|(_, value)| value).filter(|value| once(*value));
    let share = outer / (variance * finite as f64);
    let (often, absolute) = around_median(values)?;
    let heavy = finite >= ENOUGH && share > DECIDES && often < OFTEN && absolute.is_finite();
    heavy.then_some(HeavyTails { min: tally.min, max: tally.max, share, alone, absolute })
}

/// The share of rows that have the median, and the mean absolute deviation from it; values ascend, each with its rows.
fn around_median(values: &[(f64, u64)]) -> Option<(f64, f64)> {
    let all: u64 = values.iter().map(|(_, rows)| rows).sum();
    let mut passed = 0;
    let (median, _) = *values.iter().find(|(_, rows)| {
        passed += rows;
        passed * 2 >= all
    })?;
    let share = |of: &dyn Fn(f64) -> f64| {
        values.iter().map(|(value, rows)| of(*value) * *rows as f64).sum::<f64>() / all as f64
    };
    Some((share(&|value| f64::from(u8::from(value == median))), share(&|value| (value - median).abs())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_counted_values_is_that_of_their_rows() {
        assert_eq!(around_median(&[(1.0, 3), (2.0, 1), (9.0, 2)]), Some((0.5, 17.0 / 6.0)));
        assert_eq!(around_median(&[(1.0, 1), (2.0, 1), (6.0, 1)]), Some((1.0 / 3.0, 5.0 / 3.0)));
        assert_eq!(around_median(&[]), None);
    }
}
