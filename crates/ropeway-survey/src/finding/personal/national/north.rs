//! Numbers of people of the Nordic and Baltic countries: a day of birth and a check. The sums are those of the registers, as
//! `python-stdnum` (`fi.hetu`, `no.fodselsnummer`, `dk.cpr`, `is_.kennitala`, `se.personnummer`, `ee.ik`, `lv.pvn`) has them.

use super::super::digits::luhn;
use super::written::{is_day, number, sign, weighted};
use super::{National, Sure};

pub(super) const NUMBERS: [National; 7] = [
    National {
        name: "Finnish personal identity codes, whose check signs hold",
        called: "henkilotunnus|henkiloetunnus|hetu|sosiaaliturvatunnus|personbeteckning",
        shapes: &["#########*", "######@###*"],
        holds: is_hetu,
        sure: Sure::Value,
    },
    National {
        name: "Norwegian birth numbers, whose check digits hold",
        called: "fodselsnummer|fodselsnr|personnummer|personnr|fnr",
        shapes: &["###########"],
        holds: is_fodselsnummer,
        sure: Sure::Value,
    },
    National {
        name: "Danish personal numbers, whose check digits hold",
        called: "cpr|cprnr|cprnummer|personnummer",
        shapes: &["##########"],
        holds: is_cpr,
        sure: Sure::Many,
    },
    National {
        name: "Icelandic identity numbers, whose check digits hold",
        called: "kennitala",
        shapes: &["##########"],
        holds: is_kennitala,
        sure: Sure::Many,
    },
    National {
        name: "Swedish identity numbers, whose check digits hold",
        called: "personnummer|personnr|samordningsnummer|pnr",
        shapes: &["##########", "############"],
        holds: is_personnummer,
        sure: Sure::Many,
    },
    National {
        name: "Estonian or Lithuanian personal codes, whose check digits hold",
        called: "isikukood|asmens kodas",
        shapes: &["###########"],
        holds: is_isikukood,
        sure: Sure::Many,
    },
    National {
        name: "Latvian personal codes, whose check digits hold",
        called: "personas kods",
        shapes: &["###########"],
        holds: is_personas_kods,
        sure: Sure::Many,
    },
];

/// Day, month, year, a sign of the century that may be a letter, three digits, and the sign of the nine digits modulo 31.
fn is_hetu(signs: &[u32]) -> bool {
    const CHECKS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let mut digits = signs.to_vec();
    if digits.len() == 11 {
        let century = digits.remove(6);
        if !b"ABCDEFYXWVU".iter().any(|letter| sign(*letter) == century) {
            return false;
        }
    }
    let check = number(&digits[..9]) % 31;
    is_day(&digits[2..4], &digits[..2]) && sign(CHECKS[check as usize]) == digits[9]
}

/// Day (40 more for those who stay a while), month, year, three digits and two checks, each modulo 11.
fn is_fodselsnummer(digits: &[u32]) -> bool {
    let day = [digits[0] % 4, digits[1]];
    let month = [digits[2] % 4, digits[3]];
    is_day(&month, &day)
        && weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// Day, month, year and four digits; the sum is 0 modulo 11 in those given out before 2007.
fn is_cpr(digits: &[u32]) -> bool {
    is_day(&digits[2..4], &digits[..2]) && weighted(digits, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// Day, month, year, two digits, a check modulo 11 and the digit of the century.
fn is_kennitala(digits: &[u32]) -> bool {
    is_day(&digits[2..4], &digits[..2])
        && matches!(digits[9], 8 | 9 | 0)
        && weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// A day of birth (60 more for those who do not live there), three digits and Luhn's check digit; the century may lead.
fn is_personnummer(digits: &[u32]) -> bool {
    let digits = if digits.len() == 12 { &digits[2..] } else { digits };
    let day = [if digits[4] >= 6 { digits[4] - 6 } else { digits[4] }, digits[5]];
    is_day(&digits[2..4], &day) && luhn(digits)
}

/// Sex and century, a day of birth, three digits and a check modulo 11, with other weights where it is 10.
fn is_isikukood(digits: &[u32]) -> bool {
    let first = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let check = if first == 10 { weighted(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10 } else { first };
    matches!(digits[0], 1..=8) && is_day(&digits[3..5], &digits[5..7]) && check == digits[10]
}

/// Day, month, year, the century, three digits and a check modulo 11.
fn is_personas_kods(digits: &[u32]) -> bool {
    let check = (1 + weighted(digits, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11 % 10;
    is_day(&digits[2..4], &digits[..2]) && digits[6] <= 2 && check == digits[10]
}
