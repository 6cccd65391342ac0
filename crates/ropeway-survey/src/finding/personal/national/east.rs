//! Numbers of people of central and eastern Europe and of Turkey. The sums are those of the issuers, as `python-stdnum`
//! (`cz.rc`, `pl.pesel`, `ro.cnp`, `bg.egn`, `hr.oib`, `rs.jmbg`, `ru.inn`, `tr.tckimlik`, `ua.rntrc`) has them; SNILS by the order of
//! the pension fund, TAJ by the decree 195/1997, the Hungarian tax number by the law CL of 2017, appendix 1.

use super::written::{is_day, mod_11_10, number, weighted};
use super::{National, Sure};

pub(super) const NUMBERS: [National; 12] = [
    National {
        name: "Polish identity numbers, whose check digits hold",
        called: "pesel",
        shapes: &["###########"],
        holds: is_pesel,
        sure: Sure::Many,
    },
    National {
        name: "Czech or Slovak birth numbers, whose check digits hold",
        called: "rodne cislo|rodne c|rc",
        shapes: &["##########", "#########"],
        holds: is_rodne_cislo,
        sure: Sure::Many,
    },
    National {
        name: "Romanian personal codes, whose check digits hold",
        called: "cnp|cod numeric personal",
        shapes: &["#############"],
        holds: is_cnp,
        sure: Sure::Many,
    },
    National {
        name: "Bulgarian civil numbers, whose check digits hold",
        called: "егн|egn",
        shapes: &["##########"],
        holds: is_egn,
        sure: Sure::Many,
    },
    National {
        name: "Croatian personal numbers, whose check digits hold",
        called: "oib|osobni identifikacijski broj",
        shapes: &["###########"],
        holds: mod_11_10,
        sure: Sure::Many,
    },
    National {
        name: "citizens' numbers of former Yugoslavia, whose check digits hold",
        called: "jmbg|emso|јмбг|embg|ембг|maticni broj|матични број",
        shapes: &["#############"],
        holds: is_jmbg,
        sure: Sure::Many,
    },
    National {
        name: "Hungarian insurance numbers, whose check digits hold",
        called: "taj|tajszam",
        shapes: &["#########"],
        holds: is_taj,
        sure: Sure::Many,
    },
    National {
        name: "Hungarian tax numbers of people, whose check digits hold",
        called: "adoazonosito|ado azonosito",
        shapes: &["8#########"],
        holds: is_adoazonosito,
        sure: Sure::Books,
    },
    National {
        name: "Turkish identity numbers, whose check digits hold",
        called: "tc kimlik|tckn|kimlik|tc no|t c no",
        shapes: &["###########"],
        holds: is_tc_kimlik,
        sure: Sure::Many,
    },
    National {
        name: "Russian insurance numbers, whose check digits hold",
        called: "снилс|snils|страховой номер",
        shapes: &["###########"],
        holds: is_snils,
        sure: Sure::Many,
    },
    National {
        name: "Russian tax numbers of people, whose check digits hold",
        called: "инн|inn",
        shapes: &["############"],
        holds: is_inn,
        sure: Sure::Many,
    },
    National {
        name: "Ukrainian tax numbers of people, whose check digits hold",
        called: "рнокпп|ипн|іпн|rnokpp|індивідуальний податковий номер",
        shapes: &["##########"],
        holds: is_rnokpp,
        sure: Sure::Many,
    },
];

/// A day of birth, whose century is added to the month, four digits and a check modulo 10.
fn is_pesel(digits: &[u32]) -> bool {
    is_day(&[digits[2] % 2, digits[3]], &digits[4..6])
        && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
}

/// A day of birth (50 more in the month for women, 20 where the numbers of a day are used up) and four digits, the whole 0 modulo
/// 11; those of nine digits, from before 1954, have no check.
fn is_rodne_cislo(digits: &[u32]) -> bool {
    let month = [digits[2] % 5 % 2, digits[3]];
    let known = matches!(digits[2], 0..=3 | 5..=8);
    // The check of the oldest ones with it is 0 where the remainder is 10.
    let old = || number(&digits[..9]) % 11 == 10 && digits[9] == 0;
    digits.len() == 10 && known && is_day(&month, &digits[4..6]) && (number(digits).is_multiple_of(11) || old())
}

/// Sex and century, a day of birth, county, serial number and a check modulo 11.
fn is_cnp(digits: &[u32]) -> bool {
    let rest = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    digits[0] != 0 && is_day(&digits[3..5], &digits[5..7]) && (if rest == 10 { 1 } else { rest }) == digits[12]
}

/// A day of birth (20 or 40 more in the month for other centuries), three digits and a check modulo 11.
fn is_egn(digits: &[u32]) -> bool {
    let check = weighted(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    digits[2] <= 5 && is_day(&[digits[2] % 2, digits[3]], &digits[4..6]) && check == digits[9]
}

/// Day, month, the last three digits of the year, region, serial number and a check modulo 11.
fn is_jmbg(digits: &[u32]) -> bool {
    let rest = weighted(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { 0 } else { 11 - rest };
    matches!(digits[4], 0 | 9) && is_day(&digits[2..4], &digits[..2]) && check == digits[12]
}

/// Eight digits and a check modulo 10.
fn is_taj(digits: &[u32]) -> bool {
    weighted(digits, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 == digits[8]
}

/// An 8, the days from 1867 to the birth, three digits and a check modulo 11.
fn is_adoazonosito(digits: &[u32]) -> bool {
    weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == digits[9]
}

/// Nine digits, the tenth seven times the odd ones less the even ones, the last the sum of all, modulo 10.
fn is_tc_kimlik(digits: &[u32]) -> bool {
    let tenth = weighted(digits, [7, 9, 7, 9, 7, 9, 7, 9, 7]) % 10;
    let last = digits[..10].iter().sum::<u32>() % 10;
    digits[0] != 0 && tenth == digits[9] && last == digits[10]
}

/// Nine digits and their weighted sum modulo 101 in two.
fn is_snils(digits: &[u32]) -> bool {
    u64::from(weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100) == number(&digits[9..])
}

/// Twelve digits (those of firms have ten), the last two checks modulo 11.
fn is_inn(digits: &[u32]) -> bool {
    weighted(digits, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == digits[10]
        && weighted(digits, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == digits[11]
}

/// The days from 1900 to the birth, four digits and a check modulo 11.
fn is_rnokpp(digits: &[u32]) -> bool {
    // The first weight is -1, modulo 11.
    (1..50_000).contains(&number(&digits[..5]))
        && weighted(digits, [10, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10 == digits[9]
}
