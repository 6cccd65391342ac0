//! Numbers of people of the Americas. The sums are those of the issuers, as `python-stdnum` (`us.ssn`, `ca.sin`, `br.cpf`,
//! `mx.curp`, `mx.rfc`, `cl.rut`, `ar.cuit`) has them; the form of the Medicare number by the centers that give it out.

use super::super::digits::luhn;
use super::written::{is_day, number, sign, weighted};
use super::{National, Sure};

pub(super) const NUMBERS: [National; 9] = [
    National {
        name: "US social security numbers",
        called: "ssn|social security|ss no|ss number|itin",
        shapes: &["#########"],
        holds: is_ssn,
        sure: Sure::Name,
    },
    National {
        name: "US Medicare numbers",
        called: "mbi|medicare|hicn",
        shapes: &["#@*#@*#@@##"],
        holds: is_mbi,
        sure: Sure::Value,
    },
    National {
        name: "Canadian insurance numbers, whose check digits hold",
        called: "sin|nas|social insurance|assurance sociale",
        shapes: &["#########"],
        holds: luhn,
        sure: Sure::Name,
    },
    National {
        name: "Mexican population codes, whose check digits hold",
        called: "curp",
        shapes: &["@@@@######@@@@@@*#"],
        holds: is_curp,
        sure: Sure::Value,
    },
    National {
        name: "Mexican tax codes of people, whose check signs hold",
        called: "rfc",
        shapes: &["@@@@######***"],
        holds: is_rfc,
        sure: Sure::Many,
    },
    National {
        name: "Brazilian tax numbers, whose check digits hold",
        called: "cpf",
        shapes: &["###########"],
        holds: is_cpf,
        sure: Sure::Value,
    },
    National {
        name: "Chilean identity numbers, whose check signs hold",
        called: "rut",
        shapes: &["#######*", "1#######*", "2#######*", "3#######*", "4#######*"],
        holds: is_rut,
        sure: Sure::Many,
    },
    National {
        name: "Argentine tax numbers of people, whose check digits hold",
        called: "cuit|cuil",
        shapes: &["20#########", "23#########", "24#########", "25#########", "26#########", "27#########"],
        holds: is_cuit,
        sure: Sure::Many,
    },
    National {
        name: "identity numbers of Spanish-speaking countries",
        called: "dni|cedula|documento de identidad|numero de documento",
        shapes: &["########", "##########"],
        holds: |_| true,
        sure: Sure::Name,
    },
];

/// Areas 000 and 666 are never given out; those from 900 on are of taxpayers without such a number.
fn is_ssn(digits: &[u32]) -> bool {
    !matches!(number(&digits[..3]), 0 | 666) && number(&digits[3..5]) > 0 && number(&digits[5..]) > 0
}

/// Digits and letters of fixed places; some letters look like digits and are left out.
fn is_mbi(signs: &[u32]) -> bool {
    signs[0] != 0 && !signs.iter().any(|own| b"SLOIBZ".iter().any(|letter| sign(*letter) == *own))
}

/// The place of a letter or digit among those of Mexican codes, that have `beside` between N and O.
const fn mexican(sign: u32) -> u32 {
    if sign > 23 { sign + 1 } else { sign }
}

/// Letters of the names, a day of birth, sex, state, consonants, a sign for those who are alike, and a check modulo 10.
fn is_curp(signs: &[u32]) -> bool {
    let sum: u32 = signs[..17].iter().zip((2..=18).rev()).map(|(sign, weight)| mexican(*sign) * weight).sum();
    let sex = [sign(b'H'), sign(b'M'), sign(b'X')].contains(&signs[10]);
    sex && is_day(&signs[6..8], &signs[8..10]) && (10 - sum % 10) % 10 == signs[17]
}

/// Letters of the names, a day of birth, two signs for those who are alike, and a check modulo 11; those of firms have three letters.
fn is_rfc(signs: &[u32]) -> bool {
    let sum: u32 = signs[..12].iter().zip((2..=13).rev()).map(|(sign, weight)| mexican(*sign) * weight).sum();
    is_day(&signs[6..8], &signs[8..10]) && (11 - sum % 11) % 11 == signs[12]
}

/// Eleven digits, the last two each the check of those before, modulo 11.
fn is_cpf(digits: &[u32]) -> bool {
    weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 == digits[9]
        && weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 == digits[10]
}

/// A number in turn and a check modulo 11, K for 10; those of firms begin with 50 million.
fn is_rut(signs: &[u32]) -> bool {
    let Some((check, body)) = signs.split_last() else { return false };
    let sum: u32 = body.iter().rev().zip([2, 3, 4, 5, 6, 7].into_iter().cycle()).map(|(digit, by)| digit * by).sum();
    *check
        == match 11 - sum % 11 {
            11 => 0,
            10 => sign(b'K'),
            check => check,
        }
}

/// What it is given for (30 and more: firms), the identity number and a check modulo 11.
fn is_cuit(digits: &[u32]) -> bool {
    (11 - weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 == digits[10]
}
