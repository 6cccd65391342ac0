//! Years of the Buddhist era, as Thailand counts them: where all dates lie some 543 years ahead of those that people write of.

use std::collections::BTreeSet;

use ropeway_vocab::DAY_MICROS;

use crate::propose::ways::Way;

/// The days of 2443 to 2600, which are 1900 to 2057, counted from 1970-01-01.
const AHEAD: std::ops::Range<i64> = 172_760..230_468;
/// So many different days have to speak: a far day alone stands for no end.
const SPEAKING: usize = 3;

/// Whether all of these times lie that far ahead.
pub(super) fn is_ahead(times: impl Iterator<Item = i64>) -> bool {
    let days: BTreeSet<i64> = times.map(|at| at.div_euclid(DAY_MICROS)).collect();
    days.len() >= SPEAKING && days.iter().all(|day| AHEAD.contains(day))
}

/// The ways with years of that era.
pub(super) fn buddhist(ways: &[Way]) -> Vec<Way> {
    let written = ways.iter().filter(|way| way.name.contains("%Y"));
    written.filter_map(|way| Way::new(&way.name.replace("%Y", "%EY"))).collect()
}

#[cfg(test)]
mod tests {
    use ropeway_vocab::days_from_civil;

    use super::*;

    #[test]
    fn the_years_ahead_are_those_of_two_centuries() {
        assert_eq!(AHEAD, days_from_civil(2443, 1, 1)..days_from_civil(2601, 1, 1));
    }
}
