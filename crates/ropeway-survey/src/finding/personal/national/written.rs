//! National numbers as they are written: signs without the marks between them, their shapes, and sums that checks are made of.

use std::borrow::Cow;

/// No number of a person is longer.
const LONGEST: usize = 20;
/// The digits and letters of a number, each as its value in base 36, without the marks that stand between them; none of a text
/// that holds anything else.
pub(super) fn signs(text: &str) -> Option<Vec<u32>> {
    const MARKS: [char; 8] = [' ', '-', '+', '.', '/', '(', ')', '\u{a0}'];
    // Marks stand between groups: no number has more of them than signs.
    if text.len() > 2 * LONGEST {
        return None;
    }
    let signs: Vec<u32> = text.chars().filter(|c| !MARKS.contains(c)).map(|c| c.to_digit(36)).collect::<Option<_>>()?;
    let digits = signs.iter().filter(|sign| **sign < 10).count();
    (signs.len() <= LONGEST && digits >= 4).then_some(signs)
}

/// The signs where they have this shape: `#` is a digit, `@` a letter, `*` either, any other stands for itself. Digits alone
/// may have lost so many zeros in front, as those that were read as whole numbers have.
pub(super) fn shaped<'a>(signs: &'a [u32], shape: &str, lost: usize) -> Option<Cow<'a, [u32]>> {
    let lost = shape.len().checked_sub(signs.len()).filter(|own| *own <= lost)?;
    let whole = match lost {
        0 => Cow::Borrowed(signs),
        _ if signs.iter().any(|sign| *sign > 9) => return None,
        _ => std::iter::repeat_n(0, lost).chain(signs.iter().copied()).collect(),
    };
    let fits = whole.iter().zip(shape.chars()).all(|(sign, kind)| match kind {
        '#' => *sign < 10,
        '@' => *sign > 9,
        '*' => true,
        own => own.to_digit(36) == Some(*sign),
    });
    // A number of one sign alone is a place that was left open.
    (fits && whole.iter().any(|sign| *sign != whole[0])).then_some(whole)
}

/// The value in base 36 of a letter, or of a digit.
pub(super) const fn sign(letter: u8) -> u32 {
    if letter.is_ascii_digit() { (letter - b'0') as u32 } else { (letter - b'A') as u32 + 10 }
}

pub(super) fn weighted<const N: usize>(signs: &[u32], weights: [u32; N]) -> u32 {
    signs.iter().zip(weights).map(|(sign, weight)| sign * weight).sum()
}

/// The number that these digits are.
pub(super) fn number(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

/// Whether month and day are some; issuers mark them by what they add.
pub(super) fn is_day(month: &[u32], day: &[u32]) -> bool {
    (1..=12).contains(&number(month)) && (1..=31).contains(&number(day))
}

/// Whether the last of the digits is the check digit of those before, ISO 7064 MOD 11,10.
pub(super) fn mod_11_10(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == *check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_without_their_marks_and_with_the_zeros_they_lost() {
        assert_eq!(signs("12.34-5 (a)").unwrap(), [1, 2, 3, 4, 5, 10]);
        assert!(signs("12:34").is_none() && signs("abc").is_none() && signs(&"1".repeat(21)).is_none());
        assert_eq!(shaped(&[1, 2], "####", 2).unwrap().as_ref(), [0, 0, 1, 2]);
        assert!(
            shaped(&[1, 10], "###", 2).is_none()
                && shaped(&[1], "####", 2).is_none()
                && shaped(&[7, 7], "##", 2).is_none()
        );
        assert!(shaped(&[1, 10, 10], "1@*", 2).is_some() && shaped(&[2, 10, 10], "1@*", 2).is_none());
        assert!(shaped(&[1, 10], "*@", 2).is_some() && shaped(&[1, 2], "#@", 2).is_none());
    }
}
