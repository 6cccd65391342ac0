//! Codes that a questionnaire has for no answer beside the steps of a scale: -9 beside 1 to 5; 8 and 9 beside 1 to 5; 98 and 99, or 998
//! and 999, beside what ends far below.

/// Rows that a code has at least.
const ROWS: u64 = 10;
/// Of so many rows one at most has such a code.
const ONE_IN: u64 = 3;
/// The last step of a scale of which 8 and 9, or 9, are no steps.
const LAST: f64 = 5.0;

/// Whether a number from -9 to 0 lies farther below a scale, numbers that are all whole and not negative, than that is wide.
pub(super) fn below(number: f64, scale: &[(f64, u64)]) -> bool {
    let (Some(first), Some(last)) = (scale.first(), scale.last()) else { return false };
    whole(scale) && first.0 - number > last.0 - first.0 && number <= -7.0
}

/// How many of the last numbers are codes above a scale.
pub(super) fn above(counted: &[(f64, u64)]) -> usize {
    let top = counted.last().map_or(0.0, |last| last.0);
    if !whole(counted) || ![9.0, 99.0, 999.0, 9_999.0].contains(&top) {
        return 0;
    }
    let run = counted.iter().rev().zip(0..3).take_while(|((number, _), at)| *number == top - f64::from(*at)).count();
    let (scale, codes) = counted.split_at(counted.len() - run);
    let (Some(first), Some(last)) = (scale.first(), scale.last()) else { return 0 };
    let rows = |of: &[(f64, u64)]| of.iter().map(|(_, rows)| rows).sum::<u64>();
    let many = codes.iter().all(|(_, rows)| *rows >= ROWS) && rows(codes) * ONE_IN <= rows(counted);
    let one_by_one = scale.windows(2).all(|pair| pair[1].0 - pair[0].0 == 1.0);
    let lowest = codes.first().map_or(top, |lowest| lowest.0);
    let apart = if top == 9.0 {
        one_by_one && first.0 <= 1.0 && (3..).contains(&scale.len()) && last.0 <= LAST && lowest >= 8.0
    } else {
        run > 1 && 2.0 * (lowest - last.0) > last.0 - first.0 && lowest - last.0 > LAST
    };
    if many && apart { run } else { 0 }
}

fn whole(counted: &[(f64, u64)]) -> bool {
    counted.iter().all(|(number, _)| *number >= 0.0 && number.fract() == 0.0)
}

#[cfg(test)]
mod tests {
    use crate::value::missing::missing_numbers;

    /// The numbers of a scale, each in 50 rows, and what stands beside them, in so many.
    fn check(scale: std::ops::RangeInclusive<i32>, beside: &[(f64, u64)], want: &[f64]) {
        let mut all: Vec<(f64, u64)> =
            scale.clone().map(|x| (f64::from(x), 50)).chain(beside.iter().copied()).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let found: Vec<f64> = missing_numbers(&all).into_iter().map(|at| all[at].0).collect();
        assert_eq!(found, want, "{scale:?} {beside:?}");
    }

    #[test]
    fn no_answer_has_a_code_beside_the_scale() {
        check(1..=5, &[(-9.0, 20)], &[-9.0]);
        check(0..=3, &[(-9.0, 20), (-8.0, 10)], &[-9.0, -8.0]);
        check(1..=5, &[(8.0, 20), (9.0, 10)], &[8.0, 9.0]);
        check(1..=4, &[(9.0, 20)], &[9.0]);
        check(18..=59, &[(98.0, 40), (99.0, 40)], &[98.0, 99.0]);
        check(0..=10, &[(97.0, 30), (98.0, 40), (99.0, 40)], &[97.0, 98.0, 99.0]);
        check(1..=300, &[(998.0, 40), (999.0, 40)], &[998.0, 999.0]);
    }

    #[test]
    fn steps_and_far_numbers_of_few_rows_are_values() {
        check(1..=10, &[], &[]);
        check(-12..=30, &[(-35.0, 10)], &[]);
        check(-1..=1, &[], &[]);
        check(-5..=5, &[(-9.0, 20), (9.0, 20)], &[]);
        check(1..=7, &[(9.0, 20)], &[]);
        check(1..=5, &[(8.0, 4), (9.0, 2)], &[]);
        check(0..=97, &[(98.0, 20), (99.0, 20)], &[]);
        check(0..=60, &[(70.0, 20), (98.0, 2), (99.0, 1)], &[]);
        check(1..=2, &[(9.0, 60)], &[]);
    }
}
