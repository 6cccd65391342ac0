//! Whether the words before dates are days of the week, in any language: each of them stands before dates of one such day. So
//! `bis 31.12.2024` is told from `Di 31.12.2024`, and `Mon 01/07/2019` from `Mon 07/01/2019`.

use std::collections::{BTreeMap, BTreeSet};

use crate::propose::ways::Way;

/// So many of a hundred dates have to be of the day that their word stands for.
const MOST: u64 = 95;
/// So many dates have to fall on the day that another date gave their word: that is no chance.
const SPEAKING: usize = 3;
/// How programs begin times (RFC 2822, `ctime`): they need no such number.
const OF_PROGRAMS: [&str; 2] = ["%a, %d %b %Y", "%a %b %d"];

/// Whether a way has no such words, or they are days of the week.
pub(super) fn agree(way: &Way, counts: &BTreeMap<&str, u64>) -> bool {
    if !way.name.starts_with("%a") {
        return true;
    }
    let mut of_words: BTreeMap<String, ([u64; 7], BTreeSet<i32>)> = BTreeMap::new();
    for (value, count) in counts {
        let Some(day) = way.day(value) else { continue };
        let word = value.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
        let (rows, days) = of_words.entry(word).or_default();
        rows[day.rem_euclid(7) as usize] += count;
        days.insert(day);
    }
    let most: u64 = of_words.values().filter_map(|(rows, _)| rows.iter().max()).sum();
    let all: u64 = of_words.values().flat_map(|(rows, _)| rows).sum();
    let again: usize = of_words.values().map(|(_, days)| days.len() - 1).sum();
    let enough = again >= SPEAKING || OF_PROGRAMS.iter().any(|begin| way.name.starts_with(begin));
    enough && most * 100 >= all * MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_dates_are_days_of_the_week_where_each_stands_for_one() {
        let check = |way: &str, values: &[&str], want: bool| {
            let counts = values.iter().map(|value| (*value, 1)).collect();
            assert_eq!(agree(&Way::new(way).unwrap(), &counts), want, "{way} {values:?}");
        };
        check(
            "%a %d.%m.%Y",
            &["Mo 07.01.2019", "Di 08.01.2019", "Mo 14.01.2019", "Mo 21.01.2019", "Di 15.01.2019"],
            true,
        );
        check("%a, %d/%m/%Y", &["lun, 07/01/2019", "mar, 08/01/2019"], false);
        check(
            "%a %m/%d/%Y",
            &["Mon 01/07/2019", "Tue 01/08/2019", "Mon 02/04/2019", "Tue 02/05/2019", "Mon 03/04/2019"],
            true,
        );
        check(
            "%a %d/%m/%Y",
            &["Mon 01/07/2019", "Tue 01/08/2019", "Mon 02/04/2019", "Tue 02/05/2019", "Mon 03/04/2019"],
            false,
        );
        check(
            "%a %d.%m.%Y",
            &["bis 31.12.2023", "bis 30.06.2024", "bis 31.12.2024", "ab 01.01.2020", "ab 01.06.2020"],
            false,
        );
        check("%a %d.%m.%Y", &["ab 07.01.2019"], false);
        check("%a %d.%m.%Y", &["Mo 07.01.2019", "Mo 14.01.2019", "Mo 21.01.2019", "Mo 28.01.2019"], true);
        check(
            "%a, %d %b %Y %H:%M:%S %z",
            &["Mon, 07 Jan 2019 00:30:00 +0100", "Tue, 08 Jan 2019 23:30:00 -0500"],
            true,
        );
        check("%d.%m.%Y", &["07.01.2019"], true);
    }
}
