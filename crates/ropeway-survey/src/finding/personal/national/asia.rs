//! Numbers of people of Asia. The sums are those of the issuers, as `python-stdnum` (`kr.rrn`, `cn.ric`, `in_.aadhaar`, `in_.pan`,
//! `id.nik`, `il.idnr`, `my.nric`, `th.pin`, `sg.nric`, `verhoeff`) has them; of Japan by the ordinance 85 of 2014, of
//! Taiwan and Hong Kong by their offices.

use super::super::digits::luhn;
use super::written::{is_day, number, sign, weighted};
use super::{National, Sure};

pub(super) const NUMBERS: [National; 12] = [
    National {
        name: "Korean resident numbers, whose check digits hold",
        called: "주민등록번호|주민번호|외국인등록번호|rrn",
        shapes: &["######1######", "######2######", "######3######", "######4######", "#############"],
        holds: is_rrn,
        sure: Sure::Many,
    },
    National {
        name: "Chinese identity numbers, whose check signs hold",
        called: "身份证|身份证号|身份证号码|身份证件号|公民身份号码|证件号码|证件号|身分證字號",
        shapes: &["#################*"],
        holds: is_chinese,
        sure: Sure::Value,
    },
    National {
        name: "Japanese individual numbers, whose check digits hold",
        called: "マイナンバー|個人番号|my number",
        shapes: &["############"],
        holds: is_my_number,
        sure: Sure::Many,
    },
    National {
        name: "Indian Aadhaar numbers, whose check digits hold",
        called: "aadhaar|aadhar|uidai|आधार",
        shapes: &["############"],
        holds: is_aadhaar,
        sure: Sure::Many,
    },
    National {
        name: "Indian account numbers of taxpayers",
        called: "pan",
        shapes: &["@@@@@####@"],
        holds: is_pan,
        sure: Sure::Many,
    },
    National {
        name: "Indonesian identity numbers",
        called: "nik|ktp|no ktp|nomor induk kependudukan",
        shapes: &["################"],
        holds: is_nik,
        sure: Sure::Name,
    },
    National {
        name: "Malaysian identity numbers",
        called: "nric|mykad|ic|no kp|kad pengenalan",
        shapes: &["############"],
        holds: |digits| is_day(&digits[2..4], &digits[4..6]),
        sure: Sure::Name,
    },
    National {
        name: "Singaporean identity numbers, whose check letters hold",
        called: "nric|fin",
        shapes: &["s#######@", "t#######@", "f#######@", "g#######@", "m#######@"],
        holds: is_nric,
        sure: Sure::Many,
    },
    National {
        name: "Thai identity numbers, whose check digits hold",
        called: "เลขประจำตัวประชาชน|เลขบัตรประชาชน|thai id|citizen id",
        shapes: &["#############"],
        holds: is_thai,
        sure: Sure::Many,
    },
    National {
        name: "Taiwanese identity numbers, whose check digits hold",
        called: "身分證字號|身分證|身份證字號|身分證號|統一證號",
        shapes: &["@1########", "@2########", "@8########", "@9########"],
        holds: is_taiwanese,
        sure: Sure::Many,
    },
    National {
        name: "Hong Kong identity numbers, whose check signs hold",
        called: "hkid|身份證號碼|身份證|香港身份證",
        shapes: &["@######*", "@@######*"],
        holds: is_hkid,
        sure: Sure::Many,
    },
    National {
        name: "Israeli identity numbers, whose check digits hold",
        called: "תעודת זהות|תז|מספר זהות|teudat zehut|israeli id",
        shapes: &["#########"],
        holds: luhn,
        sure: Sure::Name,
    },
];

/// A day of birth, sex and century, five digits and a check modulo 11; those since October 2020 have none.
fn is_rrn(digits: &[u32]) -> bool {
    let rest = weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11;
    is_day(&digits[2..4], &digits[4..6]) && (11 - rest) % 10 == digits[12]
}

/// A region, a day of birth with its century, three digits and a check modulo 11 (GB 11643).
fn is_chinese(signs: &[u32]) -> bool {
    let rest = weighted(signs, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
    let century = matches!(signs[6..8], [1, 8 | 9] | [2, 0]);
    century && is_day(&signs[10..12], &signs[12..14]) && sign(b"10X98765432"[rest as usize]) == signs[17]
}

/// Eleven digits and a check modulo 11.
fn is_my_number(digits: &[u32]) -> bool {
    let rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    (if rest < 2 { 0 } else { 11 - rest }) == digits[11]
}

/// Twelve digits from 2 on; the last is the check of Verhoeff (Error detecting decimal codes, 1969): sums in the group of the
/// turns of a pentagon, of digits that are changed by their place.
fn is_aadhaar(digits: &[u32]) -> bool {
    const CHANGE: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let changed = |times: usize, digit: u32| (0..times % 8).fold(digit, |digit, _| CHANGE[digit as usize]);
    let turn = |sum: u32, digit: u32| match (sum < 5, digit < 5) {
        (true, true) => (sum + digit) % 5,
        (true, false) => (sum + digit) % 5 + 5,
        (false, true) => (sum + 5 - digit) % 5 + 5,
        (false, false) => (sum + 5 - digit) % 5,
    };
    let sum = digits.iter().rev().enumerate().fold(0, |sum, (place, digit)| turn(sum, changed(place, *digit)));
    digits[0] >= 2 && sum == 0
}

/// Five letters, of which the fourth says that it is of a person, four digits and a letter.
fn is_pan(signs: &[u32]) -> bool {
    signs[3] == sign(b'P')
}

/// A region, a day of birth (40 more for women) and four digits.
fn is_nik(digits: &[u32]) -> bool {
    is_day(&digits[8..10], &[digits[6] % 4, digits[7]])
}

/// Seven digits and a letter by their weighted sum modulo 11, with one table for citizens and one for others, and 4 more from 2000 on.
fn is_nric(signs: &[u32]) -> bool {
    let of = |letters: &[u8]| letters.iter().any(|letter| sign(*letter) == signs[0]);
    let table = if of(b"ST") { b"JZIHGFEDCBA" } else { b"XWUTRQPNMLK" };
    let later = if of(b"TG") { 4 } else { 0 };
    let rest = (weighted(&signs[1..8], [2, 7, 6, 5, 4, 3, 2]) + later) % 11;
    !of(b"M") && sign(table[rest as usize]) == signs[8]
}

/// Thirteen digits that begin with the kind of a person; the last is a check modulo 11.
fn is_thai(digits: &[u32]) -> bool {
    let rest = weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    matches!(digits[0], 1..=8) && (11 - rest) % 10 == digits[12]
}

/// A letter for the place, which counts as two digits, sex, and a check modulo 10.
fn is_taiwanese(signs: &[u32]) -> bool {
    /// The letters by the numbers that they stand for, from 10 on.
    const PLACES: &[u8; 26] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let place = PLACES.iter().position(|letter| sign(*letter) == signs[0]).map_or(0, |at| at as u32 + 10);
    let sum = place / 10 + place % 10 * 9 + weighted(&signs[1..], [8, 7, 6, 5, 4, 3, 2, 1, 1]);
    sum.is_multiple_of(10)
}

/// One letter or two, six digits and a check modulo 11, A for 10; a letter that is not there counts as 36.
fn is_hkid(signs: &[u32]) -> bool {
    let blank = if signs.len() == 8 { 36 * 9 } else { 0 };
    let sum: u32 = signs.iter().rev().zip(1..).map(|(sign, weight)| sign * weight).sum();
    signs.last().is_some_and(|check| *check <= 10) && (blank + sum).is_multiple_of(11) && number(signs) > 0
}
