//! What a column of text would be if all of its rows were written alike: dates of which some can only have the day first and others
//! only the month, and amounts in several units. Nobody knows what the others mean, so that it stays text, and it is said.

use std::collections::BTreeMap;

use super::dates::{TRIED, is_of_length};
use super::numbers::{UNITS, around};
use super::ways::{Way, day_first, fitting, twin};
use crate::said::{listed, plural};
use crate::value::missing::says_missing;

/// So many of a hundred values have to be dates, or amounts.
const MOST: u64 = 95;
/// Values that have to speak for each way: fewer are slips.
const SPEAKING: u64 = 2;
/// Units beside money that may be mixed.
const MEASURES: [&str; 28] = [
    "kg", "g", "mg", "t", "lb", "lbs", "oz", "km", "m", "cm", "mm", "mi", "ft", "in", "l", "ml", "gal", "h", "min",
    "s", "ms", "°C", "°F", "C", "F", "kW", "kWh", "MWh",
];

/// What is to be said of such a column, and how many of its values show it.
pub(super) fn told(counts: &BTreeMap<&str, u64>) -> Option<(String, u64)> {
    let counts: BTreeMap<&str, u64> =
        counts.iter().filter(|(value, _)| !says_missing(value)).map(|(value, rows)| (*value, *rows)).collect();
    dates(&counts).or_else(|| units(&counts))
}

fn dates(counts: &BTreeMap<&str, u64>) -> Option<(String, u64)> {
    let of: u64 = counts.values().sum();
    let step = (counts.len() / TRIED).max(1);
    let tried: Vec<&str> = counts.keys().copied().step_by(step).filter(|value| is_of_length(value)).collect();
    let days = fitting(&tried).into_iter().filter(|way| day_first(&way.name) == Some(true));
    let orders = days.filter_map(|day| {
        let month = Way::new(&twin(&day.name)?)?;
        let (by_day, by_month) = (only(counts, &day, &month), only(counts, &month, &day));
        if by_day.0 < SPEAKING || by_month.0 < SPEAKING {
            return None;
        }
        let both = day.fits(counts).0 - by_day.0;
        Some((by_day, by_month, both))
    });
    let (by_day, by_month, both) = orders.max_by_key(|(a, b, both)| a.0 + b.0 + both)?;
    let fit = by_day.0 + by_month.0 + both;
    if fit * 100 < of * MOST {
        return None;
    }
    let said = format!(
        "LOOK: stays text, since its dates are written in two orders: of {of} values {} can only have the day first, such as `{}`, {} only the month, \
         such as `{}`, and {both} may have either. Mend them where they come from, or part the file by who wrote the rows, with `dates` of each",
        by_day.0, by_day.1, by_month.0, by_month.1
    );
    Some((said, fit))
}

/// How many rows one way reads and the other does not, and the first such value.
fn only<'a>(counts: &BTreeMap<&'a str, u64>, way: &Way, other: &Way) -> (u64, &'a str) {
    let own = counts.iter().filter(|(value, _)| way.read(value).is_some() && other.read(value).is_none());
    own.fold((0, ""), |(rows, first), (value, more)| (rows + more, if first.is_empty() { value } else { first }))
}

fn units(counts: &BTreeMap<&str, u64>) -> Option<(String, u64)> {
    let of: u64 = counts.values().sum();
    let mut units: BTreeMap<&str, (u64, &str)> = BTreeMap::new();
    for (value, rows) in counts {
        let (before, after) = around(value);
        let unit = match (before, after) {
            (unit, "") if UNITS.contains(&unit) => unit,
            ("", unit) if UNITS.contains(&unit) || MEASURES.contains(&unit) => unit,
            _ => continue,
        };
        if is_number(value, unit) {
            units.entry(unit).or_insert((0, value)).0 += rows;
        }
    }
    let fit: u64 = units.values().map(|(rows, _)| rows).sum();
    units.retain(|_, (rows, _)| *rows >= SPEAKING);
    if units.len() < 2 || fit * 100 < of * MOST {
        return None;
    }
    let each =
        units.iter().map(|(unit, (rows, first))| format!("{} in `{unit}`, such as `{first}`", plural(*rows, "value")));
    let said = format!(
        "LOOK: stays text, since it holds amounts in several units, which no number compares: {}. Bring them to one unit where they come from, or by \
         a CASE in the SQL of the table",
        listed(each, units.len())
    );
    Some((said, fit))
}

/// Whether a number stands beside the unit, whatever its marks.
fn is_number(value: &str, unit: &str) -> bool {
    let rest = value.trim().trim_start_matches(unit).trim_end_matches(unit);
    let marks = |c: char| matches!(c, '.' | ',' | '\'' | '-' | '+' | ' ' | '\u{a0}' | '\u{202f}');
    !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || marks(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(values: &[&str]) -> Option<(String, u64)> {
        let mut counts = BTreeMap::new();
        values.iter().for_each(|value| *counts.entry(*value).or_default() += 1);
        told(&counts)
    }

    #[test]
    fn dates_in_two_orders_are_counted_by_what_they_can_only_be() {
        let (why, fit) =
            said(&["25/12/2023", "26/12/2023", "12/25/2023", "12/26/2023", "12/27/2023", "03/04/2023", "n/a"]).unwrap();
        assert_eq!(fit, 6);
        let part = "of 6 values 2 can only have the day first, such as `25/12/2023`, 3 only the month, such as `12/25/2023`, and 1 may";
        assert!(why.contains(part), "{why}");
        for values in [
            &["25/12/2023", "26/12/2023", "03/04/2023"][..],
            &["25/12/2023", "12/25/2023", "12/26/2023"],
            &["25/12/2023", "26/12/2023", "12/25/2023", "12/26/2023", "soon", "late", "x"],
            &[],
        ] {
            assert_eq!(said(values), None, "{values:?}");
        }
    }

    #[test]
    fn amounts_in_several_units_are_counted_by_their_units() {
        let (why, fit) = said(&["$12", "$13.50", "€15", "€16", "€1,017"]).unwrap();
        assert_eq!(fit, 5);
        assert!(why.contains("2 values in `$`, such as `$12`, 3 values in `€`, such as `€1,017`. Bring"), "{why}");
        assert!(said(&["12 kg", "9 kg", "1500 g", "700 g"]).is_some());
        assert!(said(&["10.50 USD", "11 USD", "12 EUR", "13 EUR"]).is_some());
        for values in [
            &["$12", "$13"][..],
            &["C12", "C13", "F12", "F14"],
            &["$12", "$13", "€15"],
            &["12 kg", "9 kg", "a g", "b g"],
            &[],
        ] {
            assert_eq!(said(values), None, "{values:?}");
        }
    }
}
