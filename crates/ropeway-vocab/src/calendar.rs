//! The proleptic Gregorian calendar: days since 1970-01-01 to year, month and day, and back. Source of both: Howard
//! Hinnant, "chrono-Compatible Low-Level Date Algorithms".

/// Microseconds of a day.
pub const DAY_MICROS: i64 = 86_400_000_000;

/// Year, month (1 to 12) and day (1 to 31) of a count of days since 1970-01-01: `civil_from_days`.
pub fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * from_march + 2) / 5 + 1)
}

/// The inverse, `days_from_civil`. A day that its month does not have counts on into the next month.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries_is_the_day_after_the_last() {
        let (mut year, mut month, mut day) = (1600, 1, 1);
        for days in days_from_civil(1600, 1, 1)..days_from_civil(2400, 1, 1) {
            assert_eq!((civil_from_days(days), days_from_civil(year, month, day)), ((year, month, day), days));
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let longest = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1];
            day += 1;
            if day > longest {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!(year, 2400);
        assert_eq!((civil_from_days(0), civil_from_days(-1)), ((1970, 1, 1), (1969, 12, 31)));
        assert_eq!(civil_from_days(days_from_civil(-44, 3, 15)), (-44, 3, 15));
    }
}
