//! Numbers whose check digits say that they are what they look like.

fn digits(text: &str) -> Option<Vec<u32>> {
    let bare: Vec<char> = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    bare.into_iter().map(|c| c.to_digit(10)).collect()
}

/// A payment card: as many digits as those have that begin so, with Luhn's check digit (ISO/IEC 7812-1). Devices have it, too (IMEI:
/// 15 digits), as have cards for telephones (19 digits from 89 on).
pub(super) fn is_card(text: &str) -> bool {
    let Some(digits) = digits(text).filter(|digits| (13..=19).contains(&digits.len())) else { return false };
    let issued = match digits.len() {
        13 => digits[0] == 4,
        14 => matches!(digits[..2], [3, 0 | 6 | 8 | 9]),
        15 => matches!(digits[..2], [3, 4 | 7]),
        16 => matches!(digits[..2], [4..=6, _] | [2, 2..=7] | [3, 5]),
        _ => matches!(digits[0], 4..=6),
    };
    issued && luhn(&digits)
}

/// Whether the last digit is the check digit of those before, as Luhn has it.
pub(super) fn luhn(digits: &[u32]) -> bool {
    let twice = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let value = |(place, digit): (usize, &u32)| if place % 2 == 1 { twice(*digit) } else { *digit };
    digits.iter().rev().enumerate().map(value).sum::<u32>().is_multiple_of(10)
}

/// A bank account: two letters, two check digits, up to 30 more; the whole is 1 modulo 97 (ISO 13616).
pub(super) fn is_iban(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_uppercase()).collect();
    let shape = bare.len() >= 15
        && bare.len() <= 34
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && bare.bytes().take(2).all(|byte| byte.is_ascii_uppercase())
        && bare.bytes().skip(2).take(2).all(|byte| byte.is_ascii_digit());
    shape
        && bare.bytes().cycle().skip(4).take(bare.len()).fold(0, |rest: u32, byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        }) == 1
}

/// A US social security number, written with its dashes; areas 000, 666 and 900 to 999 are never given out.
pub(super) fn is_ssn(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [area, group, serial] = parts.as_slice() else { return false };
    let number = |part: &str, digits: usize| {
        (part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let area = number(area, 3).is_some_and(|area| area != 0 && area != 666 && area < 900);
    area && number(group, 2).is_some_and(|group| group > 0) && number(serial, 4).is_some_and(|serial| serial > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that their issuers publish as examples; a changed digit is none.
    #[test]
    fn check_digits_hold_or_do_not() {
        let check = |is: fn(&str) -> bool, good: &[&str], bad: &[&str]| {
            good.iter().for_each(|text| assert!(is(text), "{text}"));
            bad.iter().for_each(|text| assert!(!is(text), "{text}"));
        };
        check(
            is_card,
            &["4111 1111 1111 1111", "5555555555554444", "378282246310005"],
            &["4111111111111112", "411111", "356938035643809", "6011000990139"],
        );
        check(is_iban, &["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"], &["GB82WEST12345698765433", "XX"]);
        check(is_ssn, &["078-05-1120"], &["000-12-3456", "666-12-3456", "900-12-3456", "078-00-1120", "078051120"]);
    }
}
