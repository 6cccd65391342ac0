//! Numbers whose check digits say that they are what they look like.

fn digits(text: &str) -> Option<Vec<u32>> {
    let bare: Vec<char> = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    bare.into_iter().map(|c| c.to_digit(10)).collect()
}

/// A payment card: 13 to 19 digits that begin as those of cards do, with Luhn's check digit (ISO/IEC 7812-1).
pub(super) fn is_card(text: &str) -> bool {
    let Some(digits) = digits(text).filter(|digits| (13..=19).contains(&digits.len())) else { return false };
    matches!(digits[0], 2..=6) && luhn(&digits)
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

/// A French social security number: 13 digits and the key 97 minus their remainder modulo 97.
pub(super) fn is_nir(text: &str) -> bool {
    let Some(digits) = digits(text).filter(|digits| digits.len() == 15 && matches!(digits[0], 1 | 2)) else {
        return false;
    };
    let number = |digits: &[u32]| digits.iter().fold(0_u64, |number, digit| number * 10 + u64::from(*digit));
    97 - number(&digits[..13]) % 97 == number(&digits[13..])
}

/// A Spanish identity number: eight digits and the letter that their remainder modulo 23 says; foreigners' begin with X, Y, Z.
pub(super) fn is_dni(text: &str) -> bool {
    const LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let bare: String = text.chars().filter(|c| *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let Some((body, letter)) = bare.split_at_checked(8).filter(|_| bare.is_ascii() && bare.len() == 9) else {
        return false;
    };
    let body = match body.as_bytes()[0] {
        b'X' => format!("0{}", &body[1..]),
        b'Y' => format!("1{}", &body[1..]),
        b'Z' => format!("2{}", &body[1..]),
        _ => body.to_owned(),
    };
    let all_digits = body.bytes().all(|byte| byte.is_ascii_digit());
    all_digits && body.parse::<usize>().is_ok_and(|number| LETTERS[number % 23] == letter.as_bytes()[0])
}

/// A German tax number: eleven digits, the first not zero, one of the first ten there two or three times, the last the check
/// digit of ISO 7064 MOD 11,10.
pub(super) fn is_steuer_id(text: &str) -> bool {
    let Some(digits) = digits(text).filter(|digits| digits.len() == 11 && digits[0] != 0) else { return false };
    let times = |digit: u32| digits[..10].iter().filter(|other| **other == digit).count();
    let repeated = (0..10).filter(|digit| times(*digit) > 1).count() == 1 && (0..10).all(|digit| times(digit) <= 3);
    let product = digits[..10].iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    repeated && (11 - product) % 10 == digits[10]
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
            &["4111111111111112", "411111"],
        );
        check(is_iban, &["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"], &["GB82WEST12345698765433", "XX"]);
        check(is_ssn, &["078-05-1120"], &["000-12-3456", "666-12-3456", "900-12-3456", "078-00-1120", "078051120"]);
        check(is_nir, &["2 55 08 14 168 025 38"], &["2 55 08 14 168 025 39"]);
        check(is_dni, &["12345678Z", "X1234567L"], &["12345678A", "é2345678Z"]);
        check(is_steuer_id, &["86095742719", "47036892816"], &["86095742718", "00000000000"]);
    }
}
