//! Numbers of people of Africa and Oceania, and of documents of any country. The sums are those of the issuers, as
//! `python-stdnum` (`za.idnr`, `au.tfn`) has them; Medicare of Australia by the National Health Data Dictionary (METeOR 270101).

use super::super::digits::luhn;
use super::written::{is_day, weighted};
use super::{National, Sure};

pub(super) const NUMBERS: [National; 4] = [
    National {
        name: "South African identity numbers, whose check digits hold",
        called: "id number|sa id|rsa id|identity number",
        shapes: &["##########0##", "##########1##", "##########2##"],
        holds: is_south_african,
        sure: Sure::Many,
    },
    National {
        name: "Australian tax file numbers, whose check digits hold",
        called: "tfn|tax file",
        shapes: &["#########", "########"],
        holds: is_tfn,
        sure: Sure::Many,
    },
    National {
        name: "Australian Medicare numbers, whose check digits hold",
        called: "medicare",
        shapes: &["##########", "###########"],
        holds: is_medicare,
        sure: Sure::Many,
    },
    National {
        name: "numbers of identity documents",
        called: "national id|nationalid|national identity|national identification|identity card|identity number|id card|citizen id|passport|\
                 passport no|reisepass|reisepassnummer|passnummer|passeport|pasaporte|passaporto|passaporte|paspoort|paszport|pasaport|\
                 utlevel|pas cislo|паспорт|паспорта|护照|护照号|護照|パスポート|旅券番号|여권|여권번호|ausweisnummer|ausweisnr|ausweis|personalausweis|\
                 personalausweisnummer|cni|carte d identite|carta d identita|carta identita|documento identita|numero de identificacion|\
                 numero de identidad|cedula|dowod osobisty|szemelyi szam|szemelyi igazolvany|cislo op|obciansky preukaz|هوية|رقم الهوية|\
                 الرقم القومي|رقم وطني|کد ملی|cccd|cmnd|nid",
        shapes: &[
            "########",
            "#########",
            "##########",
            "###########",
            "############",
            "#############",
            "##############",
            "@#######",
            "@########",
            "@@######",
            "@@#######",
            "@@@######",
            "######@@",
            "*****#####",
            "@#*******",
            "@##*******",
            "@********",
            "##@@#####",
            "######*##",
            "@@@#######",
            "#######@@",
        ],
        holds: |_| true,
        sure: Sure::Name,
    },
];

/// A day of birth, four digits for the sex, whether a citizen, a digit, and Luhn's check digit.
fn is_south_african(digits: &[u32]) -> bool {
    is_day(&digits[2..4], &digits[4..6]) && luhn(digits)
}

/// Nine digits whose weighted sum is 0 modulo 11; the old ones of eight are known by the name of the column.
fn is_tfn(digits: &[u32]) -> bool {
    digits.len() == 9 && weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11)
}

/// Eight digits from 2 to 6 on, their check modulo 10, the issue of the card, and who on it.
fn is_medicare(digits: &[u32]) -> bool {
    matches!(digits[0], 2..=6) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == digits[8]
}
