//! `personal`: columns about people, by what they are called and by what their values are. Numbers with check digits
//! (cards, accounts, national ids) count where the digits hold.

mod contact;
mod digits;
mod given;

use ropeway_vocab::ColumnType;

use super::words::{has, names_person};
use super::{Code, Finding};
use crate::column::show;
use crate::seen::Column;

/// The share of the values of a column that have to be of a kind.
const NEARLY_ALL: f64 = 0.9;

/// The share of values that look like names of people, and that begin with a given name that is known.
const NAMES: f64 = 0.7;
const KNOWN_NAMES: f64 = 0.5;
/// The same where the name of the column speaks for people, too: given names of most of the world are not in the list.
const SOME_KNOWN: f64 = 0.05;
/// Fewer of them may be brands that are called after people.
const FEW_PEOPLE: u64 = 5;

/// A kind of personal value, and how it is told.
struct Kind {
    name: &'static str,
    holds: fn(&str) -> bool,
    /// Whether chance would hardly make such a value; else the name of the column has to speak for it, too.
    certain: bool,
    words: &'static [&'static str],
}

const KINDS: [Kind; 10] = [
    Kind { name: "mail addresses", holds: contact::is_mail, certain: true, words: &[] },
    Kind { name: "IBANs, whose check digits hold", holds: digits::is_iban, certain: true, words: &[] },
    Kind { name: "card numbers, whose check digits hold", holds: digits::is_card, certain: true, words: &[] },
    Kind { name: "US social security numbers", holds: digits::is_ssn, certain: true, words: &[] },
    Kind {
        name: "French social security numbers, whose check digits hold",
        holds: digits::is_nir,
        certain: true,
        words: &[],
    },
    Kind {
        name: "Spanish identity numbers, whose check letters hold",
        holds: digits::is_dni,
        certain: true,
        words: &[],
    },
    Kind {
        name: "German tax numbers, whose check digits hold",
        holds: digits::is_steuer_id,
        certain: true,
        words: &[],
    },
    Kind { name: "IP addresses", holds: contact::is_ip, certain: true, words: &[] },
    Kind {
        name: "telephone numbers",
        holds: contact::is_phone,
        certain: false,
        words: &["phone", "telephone", "tel", "mobile", "cell", "fax", "telefon", "contact"],
    },
    Kind {
        name: "street addresses",
        holds: contact::is_street,
        certain: false,
        words: &["address", "street", "addr", "adresse", "strasse", "residence", "home"],
    },
];

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    if column.present() == 0 || !matches!(column.ty, ColumnType::Text | ColumnType::Integer | ColumnType::Date) {
        return None;
    }
    let (evidence, rows) = by_value(column).or_else(|| by_name(column))?;
    Some(
        Finding::new(Code::Personal, &[column.name], (rows, column.rows), evidence)
            .decide("marked `personal`: masked in logs, quarantine and reports, and no feature"),
    )
}

fn by_value(column: &Column<'_>) -> Option<(String, u64)> {
    let all = column.rows_of(|_| true);
    let whole: Vec<(String, u64)> = match column.ty {
        ColumnType::Integer => column.numbers().iter().map(|(_, bits, rows)| (show(*bits, column.ty), *rows)).collect(),
        _ => Vec::new(),
    };
    // Cards and tax numbers may be read as whole numbers; nothing else is.
    let all = if whole.is_empty() { all } else { whole.iter().map(|(_, rows)| rows).sum() };
    let kind = KINDS.iter().find_map(|kind| {
        let rows = match whole.as_slice() {
            [] => column.rows_of(|text| (kind.holds)(text.trim())),
            whole => whole.iter().filter(|(text, _)| (kind.holds)(text)).map(|(_, rows)| rows).sum(),
        };
        let share = rows as f64 / all.max(1) as f64;
        let speaks = kind.certain && column.distinct >= 5 || has(column.name, kind.words) && share > 0.0;
        (share >= NEARLY_ALL && speaks).then_some((kind.name, rows))
    });
    kind.map(|(name, rows)| (format!("{rows} of its values are {name}"), rows))
}

fn by_name(column: &Column<'_>) -> Option<(String, u64)> {
    let rows = column.present();
    if names_person(column.name) {
        return Some(("it is called as what is about a person".into(), rows));
    }
    let plain = column.ty == ColumnType::Text
        && (has(column.name, &["name"]) || has(column.name, &["driver", "employee", "patient"]));
    let names = column.share_of(given::is_written_so);
    if names < NAMES {
        return None;
    }
    let people = column.share_of(given::is_person);
    // Firms and places are written as people are; hardly one of them begins with a given name.
    if plain && people >= SOME_KNOWN && column.distinct * 5 > column.present() {
        return Some((format!("{:.0}% of its values are names of people", 100.0 * names), rows));
    }
    // Whatever the column is called: most are two words with a given name that is known.
    (people >= KNOWN_NAMES && column.distinct >= FEW_PEOPLE)
        .then(|| (format!("{:.0}% of its values are names of people", 100.0 * people), rows))
}
