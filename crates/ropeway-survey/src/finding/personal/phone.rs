//! Telephone numbers: as they are dialled within a country, from abroad, and as whole numbers that begin with the code of a country.
//! The plans are those of the usual countries, by their first digits and lengths (ITU-T E.164 and the regulators' own lists).

use std::collections::HashSet;
use std::ops::RangeInclusive;

fn count(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// 7 to 15 digits (E.164) with the marks that people put between them.
pub(super) fn is_phone(text: &str) -> bool {
    let marks = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '+' | 'x'));
    (7..=15).contains(&count(text)) && marks && text.rfind('+').is_none_or(|at| at == 0)
}

/// A telephone number that says so itself: with the code of a country, of an area in brackets, or as it is dialled within a country.
pub(super) fn is_dialled(text: &str) -> bool {
    let country = text.strip_prefix('+').is_some_and(|rest| !rest.starts_with('0') && count(rest) >= 9);
    let area = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let area = area.is_some_and(|(area, rest)| (2..=5).contains(&count(area)) && count(rest) >= 5);
    is_phone(text) && (!text.contains('.') && (country || area) || is_national(text))
}

/// With the zero that leaves the own area (`030 1234567`, `06 12 34 56 78`, `090-1234-5678`), or the two that leave the country.
fn is_national(text: &str) -> bool {
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return false };
    let digits = count(text);
    // Dates and versions have points, too.
    let pairs = groups.len() == 5 && groups.iter().all(|group| group.len() == 2);
    let starts = |zeros: &str| {
        text.starts_with(zeros) && first.as_bytes().get(zeros.len()).is_some_and(|digit| matches!(digit, b'1'..=b'9'))
    };
    if !(2..=5).contains(&groups.len()) || groups.iter().any(|group| !(2..=8).contains(&group.len())) {
        return false;
    }
    let hyphens = text.contains('-') && !text.contains([' ', '/']);
    let joined = match groups.len() {
        2 => last.len() >= 5,
        3 => last.len() == 4 && (10..=11).contains(&digits),
        _ => pairs,
    };
    let abroad = starts("00") && (11..=15).contains(&digits);
    let within = starts("0") && (9..=12).contains(&digits) && first.len() <= 5 && (!hyphens || joined);
    (abroad || within) && (!text.contains('.') || pairs)
}

/// `602-555-1234`, as it is dialled in North America: an area and an exchange, of which neither begins with 0 or 1 nor ends with 11.
pub(super) fn is_north_american(text: &str) -> bool {
    let groups: Vec<&str> = text.split(['-', '.', ' ']).collect();
    let [area, exchange, line] = groups.as_slice() else { return false };
    let digits = |group: &str, many: usize| group.len() == many && count(group) == many;
    let code = |group: &str| digits(group, 3) && group.as_bytes()[0] >= b'2' && !group.ends_with("11");
    code(area) && code(exchange) && digits(line, 4)
}

/// Whether such numbers are of many areas: parts of a kind begin alike.
pub(super) fn are_of_areas<T: AsRef<str>>(numbers: &[T]) -> bool {
    const AREAS: usize = 10;
    numbers.iter().filter_map(|number| number.as_ref().get(..3)).collect::<HashSet<_>>().len() >= AREAS
}

/// The code of a country, what a number of it begins with, and how many digits it has with the code.
type Plan = (&'static str, &'static str, RangeInclusive<usize>);

const PLANS: [Plan; 47] = [
    ("49", "123456789", 11..=13),
    ("33", "1234567", 11..=11),
    ("34", "6789", 11..=11),
    ("39", "03", 11..=12),
    ("44", "127", 12..=12),
    ("31", "1234567", 11..=11),
    ("32", "4", 11..=11),
    ("41", "234567", 11..=11),
    ("43", "123567", 11..=13),
    ("46", "7", 11..=11),
    ("48", "45678", 11..=11),
    ("351", "29", 12..=12),
    ("353", "8", 12..=12),
    ("358", "45", 12..=12),
    ("420", "67", 12..=12),
    ("421", "9", 12..=12),
    ("36", "2367", 11..=11),
    ("40", "7", 11..=11),
    ("30", "26", 12..=12),
    ("7", "49", 11..=11),
    ("380", "3569", 12..=12),
    ("90", "5", 12..=12),
    ("972", "5", 12..=12),
    ("966", "5", 12..=12),
    ("971", "5", 12..=12),
    ("91", "6789", 12..=12),
    ("92", "3", 12..=12),
    ("880", "1", 13..=13),
    ("62", "8", 11..=13),
    ("63", "9", 12..=12),
    ("66", "689", 11..=11),
    ("84", "3579", 11..=11),
    ("86", "1", 13..=13),
    ("82", "1", 12..=12),
    ("81", "789", 12..=12),
    ("852", "5679", 11..=11),
    ("886", "9", 12..=12),
    ("61", "4", 11..=11),
    ("64", "2", 11..=12),
    ("27", "678", 11..=11),
    ("234", "789", 13..=13),
    ("254", "17", 12..=12),
    ("52", "123456789", 12..=12),
    ("54", "9", 13..=13),
    ("55", "123456789", 12..=13),
    ("56", "9", 11..=11),
    ("57", "3", 12..=12),
];

/// Digits alone that begin with the code of a country and are as long as its numbers are. Barcodes and orders may be so, too.
pub(super) fn is_whole(text: &str) -> bool {
    let digits = text.len();
    if !(11..=13).contains(&digits) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let bytes = text.as_bytes();
    let large = |at: usize| matches!(bytes[at], b'2'..=b'9');
    let american = digits == 11 && bytes[0] == b'1' && large(1) && large(4);
    american
        || PLANS.iter().any(|(code, next, length)| {
            let rest = text.strip_prefix(code).and_then(|rest| rest.chars().next());
            rest.is_some_and(|first| next.contains(first)) && length.contains(&digits)
        })
}

/// Whether these numbers are dealt out as telephone numbers are: neither one after the other, as those of orders, nor most with the
/// check digit of a barcode (GS1).
pub(super) fn are_spread<T: AsRef<str>>(numbers: &[T]) -> bool {
    const APART: u64 = 1_000;
    let values = || numbers.iter().filter_map(|number| number.as_ref().parse::<u64>().ok());
    let range = values().max().unwrap_or(0) - values().min().unwrap_or(0);
    let barcodes = numbers.iter().filter(|number| is_barcode(number.as_ref())).count();
    range >= APART * numbers.len() as u64 && barcodes * 2 < numbers.len()
}

fn is_barcode(text: &str) -> bool {
    let weights = [1, 3].into_iter().cycle();
    text.bytes().rev().zip(weights).map(|(digit, by)| u64::from(digit.wrapping_sub(b'0')) * by).sum::<u64>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_however_they_are_written() {
        assert!(is_phone("+41 44 668 18 00") && is_phone("(555) 123-4567") && !is_phone("123"));
        assert!(!is_phone("2024-01-01 10:00:00"));
        for phone in ["+49 123 4567890", "(602) 759-7096", "+41446681800", "(030) 123456", "(11) 91234-5678"]
            .into_iter()
            .chain(["030 1234567", "06 12 34 56 78", "06.12.34.56.78", "07700 900123", "0174/6560895", "090-1234-5678"])
            .chain(["020 7946 0958", "0049 30 1234567", "0412 345 678"])
        {
            assert!(is_dialled(phone), "{phone}");
        }
        for other in
            ["549-754-4236", "(1234567)", "+1234567", "+123.4567891", "(12) 5", "2024-01-01", ""].into_iter().chain([
                "01.02.2024",
                "0.123456789",
                "01.234567890",
                "0123456789",
                "012-34-56-789",
                "00123 456",
                "01 / 2024",
            ])
        {
            assert!(!is_dialled(other), "{other}");
        }
    }

    #[test]
    fn north_american_numbers_are_of_many_areas() {
        assert!(is_north_american("602-555-1234") && is_north_american("602.555.1234"));
        for other in ["102-555-1234", "602-155-1234", "911-555-1234", "602-55-1234", "2024-01-02", ""] {
            assert!(!is_north_american(other), "{other}");
        }
        let numbers: Vec<String> = (0..12).map(|area| format!("{}-555-1234", 201 + area)).collect();
        assert!(are_of_areas(&numbers) && !are_of_areas(&vec!["549-754-4236"; 30]));
    }

    #[test]
    fn whole_numbers_begin_with_the_code_of_a_country_and_are_spread() {
        for phone in ["491701234567", "33612345678", "447700900123", "12025550123", "5511912345678", "8613812345678"] {
            assert!(is_whole(phone), "{phone}");
        }
        for other in ["201505011234", "1600000000000", "999999999999", "11234567890", "1701234567", "49170 1234567", ""]
        {
            assert!(!is_whole(other), "{other}");
        }
        assert!(is_barcode("4006381333931") && !is_barcode("4006381333932"));
        assert!(are_spread(&["491701234567", "491759876543"]) && !are_spread(&["491701234567", "491701234568"]));
        assert!(!are_spread(&["4901234567894", "4006381333931"]), "barcodes");
    }
}
