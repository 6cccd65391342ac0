//! Numbers of people of western and southern Europe. The sums are those of the issuers, as `python-stdnum` (`be.nn`, `nl.bsn`,
//! `gb.nhs`, `ie.pps`, `pt.nif`, `es.dni`, `fr.nir`, `it.codicefiscale`, `de.idnr`, `at.vnr`, `ch.ssn`, `gr.amka`) has them.

use super::super::digits::luhn;
use super::written::{is_day, mod_11_10, number, sign, weighted};
use super::{National, Sure};

pub(super) const NUMBERS: [National; 14] = [
    National {
        name: "French social security numbers, whose check digits hold",
        called: "nir|insee|numero de securite sociale|n secu|no secu|num secu|numero secu",
        shapes: &[
            "1##############",
            "2##############",
            "1####2a########",
            "1####2b########",
            "2####2a########",
            "2####2b########",
        ],
        holds: is_nir,
        sure: Sure::Value,
    },
    National {
        name: "Spanish identity numbers, whose check letters hold",
        called: "dni|nif|nie|documento",
        shapes: &["########@", "x#######@", "y#######@", "z#######@"],
        holds: is_dni,
        sure: Sure::Value,
    },
    National {
        name: "German tax numbers, whose check digits hold",
        called: "steuer id|steuerid|steueridentifikationsnummer|steuer identifikationsnummer",
        shapes: &["###########"],
        holds: is_steuer_id,
        sure: Sure::Value,
    },
    National {
        name: "German insurance numbers, whose check digits hold",
        called: "sozialversicherungsnummer|versicherungsnummer|rentenversicherungsnummer|svnr|sv nr|sv nummer|rvnr",
        shapes: &["########@###"],
        holds: is_german_insured,
        sure: Sure::Value,
    },
    National {
        name: "Italian tax codes, whose check letters hold",
        called: "codice fiscale|cod fisc|codfisc|cod fiscale|cf",
        shapes: &["@@@@@@**@**@***@"],
        holds: is_codice_fiscale,
        sure: Sure::Value,
    },
    National {
        name: "Belgian national numbers, whose check digits hold",
        called: "rijksregisternummer|rijksregisternr|rijksregister|numero national|registre national|niss|insz|nationalregisternummer",
        shapes: &["###########"],
        holds: is_niss,
        sure: Sure::Value,
    },
    National {
        name: "Austrian insurance numbers, whose check digits hold",
        called: "sozialversicherungsnummer|svnr|sv nr|sv nummer|versicherungsnummer|vsnr",
        shapes: &["##########"],
        holds: is_austrian_insured,
        sure: Sure::Many,
    },
    National {
        name: "Greek social security numbers, whose check digits hold",
        called: "αμκα|amka",
        shapes: &["###########"],
        holds: is_amka,
        sure: Sure::Many,
    },
    National {
        name: "Swiss insurance numbers, whose check digits hold",
        called: "ahv|avs|ahvn13|navs|sozialversicherungsnummer",
        shapes: &["756##########"],
        holds: is_ahv,
        sure: Sure::Many,
    },
    National {
        name: "British national insurance numbers",
        called: "nino|ni number|ni no|national insurance",
        shapes: &["@@######@", "@@######"],
        holds: is_nino,
        sure: Sure::Many,
    },
    National {
        name: "Irish public service numbers, whose check letters hold",
        called: "pps|ppsn",
        shapes: &["#######@", "#######@@"],
        holds: is_pps,
        sure: Sure::Many,
    },
    National {
        name: "Portuguese tax numbers of people, whose check digits hold",
        called: "nif|contribuinte",
        shapes: &["1########", "2########", "3########", "45#######"],
        holds: is_nif,
        sure: Sure::Many,
    },
    National {
        name: "Dutch service numbers, whose check digits hold",
        called: "bsn|burgerservicenummer|sofinummer|sofi nummer",
        shapes: &["#########"],
        holds: is_bsn,
        sure: Sure::Many,
    },
    National {
        name: "British health numbers, whose check digits hold",
        called: "nhs",
        shapes: &["##########"],
        holds: is_nhs,
        sure: Sure::Books,
    },
];

/// 13 digits and the key 97 minus their remainder modulo 97; Corsica, 2A and 2B, counts as 19 and 18.
fn is_nir(signs: &[u32]) -> bool {
    let mut digits = signs.to_vec();
    if digits[6] > 9 {
        (digits[5], digits[6]) = (1, 19 - digits[6]);
    }
    97 - number(&digits[..13]) % 97 == number(&digits[13..])
}

/// Eight digits and the letter that their remainder modulo 23 says; foreigners' begin with X, Y, Z for 0, 1, 2.
fn is_dni(signs: &[u32]) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let mut body = signs[..8].to_vec();
    body[0] = body[0].checked_sub(sign(b'X')).unwrap_or(body[0]);
    sign(LETTERS[(number(&body) % 23) as usize]) == signs[8]
}

/// Eleven digits, the first not zero, one of the first ten there two or three times, the last the check digit.
fn is_steuer_id(digits: &[u32]) -> bool {
    let times = |digit: u32| digits[..10].iter().filter(|other| **other == digit).count();
    let repeated = (0..10).filter(|digit| times(*digit) > 1).count() == 1 && (0..10).all(|digit| times(digit) <= 3);
    digits[0] != 0 && repeated && mod_11_10(digits)
}

/// Area, day of birth, a letter of the name, a serial number and a check: the letter counts as its two digits, the sum of the
/// digits of the products modulo 10.
fn is_german_insured(signs: &[u32]) -> bool {
    let letter = signs[8] - 9;
    let digits = [&signs[..8], &[letter / 10, letter % 10], &signs[9..11]].concat();
    let products = digits.iter().zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]).map(|(digit, weight)| digit * weight);
    let sum: u32 = products.map(|product| product / 10 + product % 10).sum();
    is_day(&signs[4..6], &signs[2..4]) && sum % 10 == signs[11]
}

/// Letters of the names, a day of birth, the code of a place and a check letter, modulo 26. Letters may stand for digits where
/// two people had the same.
fn is_codice_fiscale(signs: &[u32]) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let among = |at: usize, letters: &[u8]| letters.iter().any(|letter| sign(*letter) == signs[at]);
    let digits = [6, 7, 9, 10, 12, 13, 14].iter().all(|at| signs[*at] < 10 || among(*at, b"LMNPQRSTUV"));
    let place = |sign: u32| if sign > 9 { sign - 10 } else { sign };
    let value = |(at, sign): (usize, &u32)| match place(*sign) {
        even if at % 2 == 1 => even,
        odd => ODD[odd as usize],
    };
    let sum = signs[..15].iter().enumerate().map(value).sum::<u32>();
    digits && among(8, b"ABCDEHLMPRST") && sum % 26 == place(signs[15])
}

/// A day of birth (20 or 40 more in the month for those who stay a while), three digits, and 97 minus the remainder of all
/// modulo 97; a 2 leads from the year 2000 on.
fn is_niss(digits: &[u32]) -> bool {
    let body = number(&digits[..9]);
    let check = number(&digits[9..]);
    let month = number(&digits[2..4]) % 20;
    (1..=12).contains(&month)
        && number(&digits[4..6]) <= 31
        && (97 - body % 97 == check || 97 - (2_000_000_000 + body) % 97 == check)
}

/// A serial number, its check modulo 11 as the fourth digit, and a day of birth; months go to 15 where days are used up.
fn is_austrian_insured(digits: &[u32]) -> bool {
    let month = number(&digits[6..8]);
    let day = is_day(&[0, 1], &digits[4..6]) && (1..=15).contains(&month);
    day && digits[0] != 0 && weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == digits[3]
}

/// Day, month, year, four digits and Luhn's check digit.
fn is_amka(digits: &[u32]) -> bool {
    is_day(&digits[2..4], &digits[..2]) && luhn(digits)
}

/// 756, nine digits and the check digit of article numbers.
fn is_ahv(digits: &[u32]) -> bool {
    weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// Two letters of those that are given out, six digits and a letter from A to D.
fn is_nino(signs: &[u32]) -> bool {
    const NEVER: [[u8; 2]; 7] = [*b"BG", *b"GB", *b"NK", *b"KN", *b"TN", *b"NT", *b"ZZ"];
    let of = |at: usize, letters: &[u8]| letters.iter().any(|letter| sign(*letter) == signs[at]);
    let never = NEVER.iter().any(|[first, second]| of(0, &[*first]) && of(1, &[*second]));
    !of(0, b"DFIQUV") && !of(1, b"DFIQUVO") && !never && signs.len() == 9 && of(8, b"ABCD")
}

/// Seven digits, the letter of their weighted sum modulo 23 (W is none), and a second letter that counts nine times.
fn is_pps(signs: &[u32]) -> bool {
    let none = |letter: u32| if letter == sign(b'W') { 0 } else { letter - 9 };
    let second = signs.get(8).map_or(0, |letter| none(*letter) * 9);
    signs[7] <= sign(b'W') && (weighted(signs, [8, 7, 6, 5, 4, 3, 2]) + second) % 23 == none(signs[7])
}

/// Nine digits whose check is 11 minus the weighted sum modulo 11; those of firms begin with another digit.
fn is_nif(digits: &[u32]) -> bool {
    let rest = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    (if rest < 2 { 0 } else { 11 - rest }) == digits[8]
}

/// Nine digits; the weighted sum of eight is the last, modulo 11.
fn is_bsn(digits: &[u32]) -> bool {
    weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 == digits[8]
}

/// Ten digits whose weighted sum is 0 modulo 11.
fn is_nhs(digits: &[u32]) -> bool {
    weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}
