//! `personal`: columns about people, by what they are called and by what their values are. Numbers with check digits
//! (cards, accounts, national ids) count where the digits hold.

mod contact;
mod digits;
mod name;
mod names;
mod national;
mod phone;
mod roles;
mod street;
#[cfg(test)]
mod tests;
mod things;
mod written;

use ropeway_vocab::{ColumnType, is_mail};

use super::entity::names_identifier;
pub(super) use name::names_people;

use super::words::{ends_so, has, plain_name};
use super::{Code, Finding};
use crate::column::show;
use crate::seen::Column;

/// The share of the values of a column that have to be of a kind.
const NEARLY_ALL: f64 = 0.9;

const DECISION: &str = "marked `personal`: masked in logs, quarantine and reports, and no feature";

/// A kind of personal value, and how it is told.
struct Kind {
    name: &'static str,
    holds: fn(&str) -> bool,
    by: By,
}

/// What makes sure of a kind.
enum By {
    /// The value: chance would hardly make it.
    Value,
    /// So many different values, nearly all of them: chance makes one in ten.
    Many(u64),
    /// So many different values, nearly all of them, of which most say it alone: `Am Markt 5` among streets.
    Mostly(u64, fn(&str) -> bool),
    /// So many different whole numbers, that are neither in turn nor barcodes, of a column that is not called an identifier.
    Whole(u64),
    /// So many different values, of many areas.
    Areas(u64),
    /// A word in the name of the column, with plain letters.
    Name(&'static str),
}

/// So many different values with a check digit are none by chance.
const MANY: u64 = 30;
/// Digits from which a whole number is no count of anything.
const LONG: usize = 8;
/// Numbers of books have the check of health numbers, and an X in place of each eleventh.
const BOOKS: u64 = 60;
/// The share of different values that have to be of a kind that chance makes, too.
const ALL_OF_MANY: f64 = 0.97;

const KINDS: [Kind; 11] = [
    Kind { name: "mail addresses", holds: is_mail, by: By::Value },
    Kind { name: "IBANs, whose check digits hold", holds: digits::is_iban, by: By::Value },
    Kind { name: "card numbers, whose check digits hold", holds: digits::is_card, by: By::Value },
    Kind { name: "US social security numbers", holds: digits::is_ssn, by: By::Value },
    Kind { name: "IP addresses", holds: contact::is_ip, by: By::Value },
    Kind { name: "telephone numbers", holds: phone::is_dialled, by: By::Many(MANY) },
    Kind { name: "telephone numbers", holds: phone::is_whole, by: By::Whole(MANY) },
    Kind { name: "telephone numbers", holds: phone::is_north_american, by: By::Areas(MANY) },
    Kind { name: "street addresses", holds: street::is_like_house, by: By::Mostly(MANY, street::is_house) },
    Kind {
        name: "telephone numbers",
        holds: phone::is_phone,
        by: By::Name(
            "phone telephone tel mobile mobil cell fax telefon handy telefono contact celular movil cellulare portable telefoon gsm \
             tlf tfno fono ph recapito komorka kontaktowy telemovel mobilnr mob whatsapp callback msisdn rufnummer mobilnummer \
             puhelin telefonszam telefone телефон телефона мобильный моб τηλεφωνο κινητο هاتف جوال טלפון \
             נייד 電話 電話番号 携帯 携帯電話 电话 电话号码 手机 手机号 手机号码 전화 전화번호 휴대폰 휴대폰번호 연락처 मोबाइल โทรศัพท์",
        ),
    },
    Kind {
        name: "street addresses",
        holds: street::is_street,
        by: By::Name(
            "address street addr adresse anschrift strasse residence home rue calle direccion domicilio indirizzo via adres straat \
             ulica adresa endereco morada rua gata улица адрес адреса 住所 地址 주소 العنوان διευθυνση",
        ),
    },
];

/// A column about people, by itself.
pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    find_among(column, false).filter(|finding| finding.code == Code::Personal)
}

/// The same, and texts that hold a few such things; `named_people` where another column names some.
pub(super) fn find_among(column: &Column<'_>, named_people: bool) -> Option<Finding> {
    if !may_tell(column) {
        return None;
    }
    let found = by_value(column).or_else(|| name::find(column, named_people));
    let Some((evidence, rows)) = found else { return written::find(column).or_else(|| name::doubtful(column)) };
    Some(Finding::new(Code::Personal, &[column.name], (rows, column.rows), evidence).decide(DECISION))
}

/// Whether a column about people names one: a mail, a number, a whole name. Given names and days of birth are of many.
pub(super) fn names_one(column: &Column<'_>) -> bool {
    may_tell(column) && (by_value(column).is_some() || name::names_one(column))
}

fn may_tell(column: &Column<'_>) -> bool {
    let ty = matches!(column.ty, ColumnType::Text | ColumnType::Integer) || column.is_time();
    column.present() > 0 && ty
}

fn by_value(column: &Column<'_>) -> Option<(String, u64)> {
    // Numbers of cards and people may be read as whole numbers; nothing else is.
    let whole: Vec<(String, u64)> = match column.ty {
        ColumnType::Integer => column.numbers().iter().map(|(_, bits, rows)| (show(*bits, column.ty), *rows)).collect(),
        _ => Vec::new(),
    };
    let values: Vec<(&str, u64)> = match whole.as_slice() {
        [] => column.texts().iter().map(|(text, rows)| (text.trim(), *rows)).collect(),
        whole => whole.iter().map(|(text, rows)| (text.as_str(), *rows)).collect(),
    };
    national::find(column, &values).or_else(|| of_kind(column, &values))
}

fn of_kind(column: &Column<'_>, values: &[(&str, u64)]) -> Option<(String, u64)> {
    let sum = |values: &[(&str, u64)]| values.iter().map(|(_, rows)| rows).sum::<u64>();
    let all = sum(values);
    let many = |of: &[(&str, u64)], least: u64| {
        of.len() as u64 >= least && of.len() as f64 >= ALL_OF_MANY * values.len() as f64
    };
    let bare = |of: &[(&'_ str, u64)]| of.iter().map(|(text, _)| (*text).to_owned()).collect::<Vec<String>>();
    KINDS.iter().find_map(|kind| {
        let of = nearly_all(values, all, kind.holds)?;
        let speaks = match kind.by {
            By::Value => column.distinct >= 5,
            By::Many(least) => many(&of, least),
            By::Mostly(least, alone) => {
                many(&of, least) && of.iter().filter(|(text, _)| alone(text)).count() * 5 >= of.len() * 3
            }
            By::Whole(least) => many(&of, least) && !names_identifier(column.name) && phone::are_spread(&bare(&of)),
            By::Areas(least) => many(&of, least) && phone::are_of_areas(&bare(&of)),
            By::Name(words) => {
                let words: Vec<&str> = words.split_ascii_whitespace().collect();
                let name = plain_name(column.name);
                // Calls are counted; numbers of telephones are long.
                let long = of.iter().all(|(text, _)| text.len() >= LONG);
                if column.ty == ColumnType::Integer && !long { ends_so(&name, &words) } else { has(&name, &words) }
            }
        };
        let rows = sum(&of);
        speaks.then(|| (format!("{rows} of its values are {}", kind.name), rows))
    })
}

/// The values of a kind with their rows, where these are nearly all of so many: a column that is of no kind is known by its first values.
fn nearly_all<'a, T: ?Sized>(
    values: &[(&'a T, u64)],
    all: u64,
    holds: impl Fn(&T) -> bool,
) -> Option<Vec<(&'a T, u64)>> {
    let mut left = all;
    let mut of = Vec::new();
    for (value, rows) in values.iter().copied() {
        if holds(value) {
            of.push((value, rows));
            continue;
        }
        left -= rows;
        if (left as f64) < NEARLY_ALL * all as f64 {
            return None;
        }
    }
    (!of.is_empty()).then_some(of)
}
