//! National numbers of people whose check digits chance passes, too, once in ten or eleven: a column is told by nearly all of many.

/// The digits of a number that is written with the usual marks or none; one that was read as a number has lost its zeros, of
/// which two are given back.
fn digits(text: &str, count: usize) -> Option<Vec<u32>> {
    let bare = text.chars().filter(|c| !matches!(c, ' ' | '-' | '+' | '.' | '/'));
    let digits: Vec<u32> = bare.map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    let lost = count.checked_sub(digits.len()).filter(|lost| *lost <= 2)?;
    let whole: Vec<u32> = std::iter::repeat_n(0, lost).chain(digits).collect();
    whole.iter().any(|digit| *digit != whole[0]).then_some(whole)
}

fn weighted(digits: &[u32], weights: impl Iterator<Item = u32>) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// Whether the digits say a day of a year, `marked` being what some issuers add to the month.
fn is_day(digits: &[u32], marked: u32) -> bool {
    let number = |at: usize| digits[at] * 10 + digits[at + 1];
    (1..=12).contains(&(number(2) % marked)) && (1..=31).contains(&number(4))
}

/// Brazil: eleven digits, the last two each the check of those before, modulo 11.
pub(super) fn is_cpf(text: &str) -> bool {
    digits(text, 11).is_some_and(|digits| {
        let holds = |at: usize| weighted(&digits[..at], (2..=at as u32 + 1).rev()) * 10 % 11 % 10 == digits[at];
        holds(9) && holds(10)
    })
}

/// Poland: a day of birth, whose century is added to the month, four digits and a check modulo 10.
pub(super) fn is_pesel(text: &str) -> bool {
    digits(text, 11).is_some_and(|digits| {
        is_day(&digits, 20) && weighted(&digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1].into_iter()).is_multiple_of(10)
    })
}

/// The Netherlands: nine digits; the weighted sum of eight is the last, modulo 11.
pub(super) fn is_bsn(text: &str) -> bool {
    digits(text, 9).is_some_and(|digits| weighted(&digits[..8], (2..=9).rev()) % 11 == digits[8])
}

/// The health service of the United Kingdom: ten digits whose weighted sum is 0 modulo 11.
pub(super) fn is_nhs(text: &str) -> bool {
    digits(text, 10).is_some_and(|digits| weighted(&digits, (1..=10).rev()).is_multiple_of(11))
}

/// Switzerland: 756, nine digits and the check digit of article numbers.
pub(super) fn is_ahv(text: &str) -> bool {
    digits(text, 13).is_some_and(|digits| {
        digits.starts_with(&[7, 5, 6]) && weighted(&digits, [1, 3].into_iter().cycle()).is_multiple_of(10)
    })
}

/// Sweden: a day of birth (60 more for those who do not live there), three digits and Luhn's check digit; the century may lead.
pub(super) fn is_personnummer(text: &str) -> bool {
    let century = digits(text, 12).filter(|digits| matches!(digits[..2], [1, 8 | 9] | [2, 0]));
    let Some(mut digits) = century.map(|digits| digits[2..].to_vec()).or_else(|| digits(text, 10)) else {
        return false;
    };
    let luhn = super::digits::luhn(&digits);
    digits[4] = if digits[4] >= 6 { digits[4] - 6 } else { digits[4] };
    is_day(&digits, 100) && luhn
}

/// Italy: letters of the names, a day of birth, the code of a place and a check letter, modulo 26. Letters may stand for digits
/// where two people had the same.
pub(super) fn is_codice_fiscale(text: &str) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let upper: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').map(|byte| byte.to_ascii_uppercase()).collect();
    let shape = upper.len() == 16
        && upper.iter().zip(b"LLLLLLNNMNNLNNNL").all(|(byte, kind)| match kind {
            b'L' => byte.is_ascii_uppercase(),
            b'M' => b"ABCDEHLMPRST".contains(byte),
            _ => byte.is_ascii_digit() || b"LMNPQRSTUV".contains(byte),
        });
    let place = |byte: u8| u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' });
    let value = |(at, byte): (usize, &u8)| match place(*byte) {
        even if at % 2 == 1 => even,
        odd => ODD[odd as usize],
    };
    shape && upper[..15].iter().enumerate().map(value).sum::<u32>() % 26 == place(upper[15])
}

#[cfg(test)]
mod tests {
    use super::*;

    type Is = fn(&str) -> bool;

    /// Numbers that their issuers, or those who wrote of them, give as examples; a changed digit is none.
    #[test]
    fn check_digits_hold_or_do_not() {
        let check = |is: Is, good: &[&str], bad: &[&str]| {
            good.iter().for_each(|text| assert!(is(text), "{text}"));
            bad.iter().for_each(|text| assert!(!is(text), "{text}"));
        };
        check(is_cpf, &["111.444.777-35", "52998224725"], &["111.444.777-36", "111.111.111-11", "52998"]);
        check(is_pesel, &["44051401359", "02070803628"], &["44051401358", "44951401359", "é"]);
        check(is_bsn, &["111222333", "123456782"], &["123456781", "000000000", ""]);
        check(is_nhs, &["943 476 5919", "9434765919"], &["943 476 5918", "943476591X"]);
        check(is_ahv, &["756.9217.0769.85", "7569217076985"], &["756.9217.0769.84", "4006381333931"]);
        check(
            is_personnummer,
            &["811218-9876", "19811218-9876", "670919-9530", "701063-2391"],
            &["811218-9875", "811318-9876", "8112189"],
        );
        check(is_codice_fiscale, &["RSSMRA85T10A562S", "rssmra85t10a562s"], &["RSSMRA85T10A562T", "RSSMRAÉ5T10A562"]);
    }

    /// Numbers and codes of the same length that mean nothing pass as seldom as chance says.
    #[test]
    fn chance_passes_seldom() {
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let kinds: [(Is, usize, &str, usize); 7] = [
            (is_cpf, 11, "", 150),
            (is_pesel, 11, "", 250),
            (is_bsn, 9, "", 1_050),
            (is_nhs, 10, "", 1_050),
            (is_ahv, 10, "756", 1_100),
            (is_personnummer, 10, "", 100),
            (is_codice_fiscale, 16, "", 1),
        ];
        for (kind, (is, length, begin, most)) in kinds.into_iter().enumerate() {
            let number = |_| format!("{begin}{}", (0..length).map(|_| random(10).to_string()).collect::<String>());
            let passed = (0..10_000).map(number).filter(|text| is(text)).count();
            assert!(passed < most, "{kind}: {passed}");
        }
    }
}
