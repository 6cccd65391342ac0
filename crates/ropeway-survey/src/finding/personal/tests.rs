//! Columns of files, surveyed as they are read.

use std::fmt::Write as _;

use crate::Code;
use crate::finding::surveyed::{dice, survey};

/// Whether the column of that name and with these values is found to be personal.
pub(super) fn personal(name: &str, value: impl Fn(u64) -> String) -> bool {
    found(Code::Personal, name, value)
}

/// Whether that is found of it.
pub(super) fn found(code: Code, name: &str, value: impl Fn(u64) -> String) -> bool {
    let mut text = format!("n;{name};gone\n");
    (0..120).for_each(|row| {
        let _ = writeln!(text, "{};{};{}", dice(row, 1) % 50, value(row), dice(row, 2) % 2);
    });
    survey(&text, Some("gone")).found_of(code, name).is_some()
}

#[test]
pub(super) fn numbers_with_check_digits_telephones_and_streets_are_found_by_value() {
    // Eight digits, and the ninth that makes a Dutch number of them, or the next one.
    let bsn = |row: u64, off: u64| {
        let body = format!("{}", 10_000_000 + dice(row, 3) % 80_000_000);
        let sum: u64 = body.bytes().zip((2..=9).rev()).map(|(digit, weight)| u64::from(digit - b'0') * weight).sum();
        if sum % 11 < 10 { format!("{body}{}", (sum % 11 + off) % 10) } else { "111222333".into() }
    };
    assert!(personal("c1", |row| bsn(row, 0)));
    assert!(!personal("c1", |row| bsn(row, 1)), "another check digit");
    assert!(!personal("c1", |row| format!("{}", 100_000_000 + dice(row, 4) % 800_000_000)), "any numbers");
    let number = |row: u64| 200 + dice(row, 5) % 700;
    assert!(personal("c2", |row| format!("+49 {} {}", number(row), 1_000_000 + dice(row, 6) % 9_000_000)));
    assert!(personal("c2", |row| format!("({}) 759-{}", number(row), 1_000 + dice(row, 6) % 9_000)));
    assert!(!personal("c2", |row| format!("549-{}-{}", number(row), 1_000 + dice(row, 6) % 9_000)), "parts");
    assert!(personal("c3", |row| format!("{} {} Street", number(row), ["Main", "Oak"][(row % 2) as usize])));
    assert!(personal("c3", |row| format!("Hauptstr. {}", number(row))));
    assert!(!personal("c3", |row| format!("{} {} Drive", number(row), ["GB", "MB"][(row % 2) as usize])), "disks");
}

#[test]
fn names_of_columns_speak_of_people_unless_they_count() {
    let large = |row: u64| (100_000 + dice(row, 8) % 800_000).to_string();
    let small = |row: u64| (dice(row, 8) % 40).to_string();
    for name in ["cpf", "nhs_number", "AHV-Nr", "phone", "home_phone_2"] {
        assert!(personal(name, large), "{name}");
    }
    for name in ["phone_calls", "email_opens", "phone"] {
        assert!(!personal(name, small), "{name}");
    }
    assert!(!personal("phone_calls", large) && !personal("has_phone", |row| ["a", "b"][(row % 2) as usize].into()));
    let day = |row: u64| format!("19{}-0{}-11", 40 + dice(row, 9) % 60, 1 + row % 9);
    for name in ["Geburtsdatum", "birthdate", "date_naissance", "fecha de nacimiento", "data_nascita", "geboortedatum"]
        .into_iter()
        .chain(["Fecha nac.", "Data ur.", "Date naiss.", "geb."])
    {
        assert!(personal(name, day), "{name}");
    }
    assert!(!personal("email_sent", day));
}

#[test]
fn rows_of_one_person_are_a_group_by_mail_and_by_whole_name_but_not_by_a_given_one() {
    let family = ["Schmidt", "Rossi", "Smith", "Dubois", "Silva", "Novak", "Meyer"];
    let given = ["Anna", "Peter", "Maria", "Emma", "Lukas", "Tom", "Paul", "Laura"];
    let table = |value: &dyn Fn(u64) -> String, alike: bool| {
        let mut text = String::from("n;email;gone\n");
        for row in 0..1_000 {
            let of = dice(row, 5) % 50;
            // People leave for good, or each row for itself.
            let gone = if alike { dice(of, 6) % 2 } else { dice(row, 6) % 2 };
            let _ = writeln!(text, "{};{};{gone}", dice(row, 1) % 50, value(of));
        }
        text
    };
    let group = |text: &str, column: &str| {
        let survey = survey(text, Some("gone"));
        assert!(survey.found_of(Code::Personal, column).is_some(), "{column}");
        survey.found(Code::Group).next().cloned()
    };
    let mail = |of: u64| format!("p{of}@mail.example");
    let found = group(&table(&mail, true), "email").unwrap();
    assert_eq!(found.columns, ["email"]);
    assert!(!format!("{found:?}").contains('@'), "{found:?}");
    assert_eq!(group(&table(&mail, false), "email"), None, "labels that are not alike");
    let few = |row: u64| {
        format!("{},p{}@mail.example,{}", dice(row, 1) % 50, dice(row, 5) % 213, dice(row * row, 6) / 32 % 2)
    };
    let rows: Vec<String> = (0..500).map(few).collect();
    assert_eq!(group(&format!("n,email,gone\n{}\n", rows.join("\n")), "email"), None, "alike by chance");
    let whole = |of: u64| format!("{} {}", given[(of % 8) as usize], family[(of / 8 % 7) as usize]);
    let text = table(&whole, true).replace("email", "Kunde");
    assert_eq!(group(&text, "Kunde").unwrap().columns, ["Kunde"]);
    let first =
        |of: u64| format!("{}{}", given[(of % 8) as usize], ["", "a", "e", "o", "i", "y", "u"][(of / 8) as usize]);
    let text = table(&first, true).replace("email", "first_name");
    assert_eq!(group(&text, "first_name"), None);
}

/// The value of a row.
pub(super) type Value = fn(u64) -> String;

const GIVEN: [&str; 6] = ["Maria", "Anna", "Sofia", "Peter", "Laura", "David"];
const FAMILY: [&str; 6] = ["Kim", "Novak", "Schmidt", "Dubois", "Berg", "Larsen"];

pub(super) fn one_of(values: &[&str], row: u64, salt: u64) -> String {
    values[(dice(row, salt) % values.len() as u64) as usize].to_owned()
}

pub(super) fn number(row: u64, salt: u64, digits: u32) -> u64 {
    let least = 10_u64.pow(digits - 1);
    least + dice(row, salt) * 7_919 % (9 * least)
}

#[test]
fn given_and_family_names_are_known_in_other_languages() {
    let names = [
        "prénom",
        "cognome",
        "imię",
        "nazwisko",
        "apellidos",
        "voornaam",
        "achternaam",
        "Vorname",
        "Nachname",
        "sobrenome",
        "příjmení",
        "förnamn",
        "efternamn",
        "soyad",
        "Soyadı",
        "Фамилия",
        "отчество",
        "ФИО",
        "Имя и фамилия",
        "姓名",
        "氏名",
        "フリガナ",
        "성명",
        "επώνυμο",
        "nom de famille",
        "Nombre completo",
        "اسم العائلة",
        "שם משפחה",
        "pre\u{301}nom",
    ];
    for name in names {
        assert!(personal(name, |row| one_of(&FAMILY, row, 4)), "{name}");
    }
    for name in ["дата рождения", "生年月日", "data urodzenia", "doğum tarihi"] {
        assert!(personal(name, |row| format!("19{}-0{}-11", 40 + dice(row, 9) % 60, 1 + row % 9)), "{name}");
    }
    // Controls: what the letters of such a word are only a part of, and how long a name is.
    for name in ["adres_typ", "nominal", "имясервера", "prenomination"] {
        assert!(!personal(name, |row| one_of(&["Lampe", "Table", "Chaise"], row, 4)), "{name}");
    }
    assert!(!personal("nachname_laenge", |row| (dice(row, 4) % 12).to_string()));
}

#[test]
fn a_bare_word_for_name_is_of_people_by_its_values_or_by_what_stands_beside_it() {
    for name in ["nom", "nombre", "nome", "имя", "ad", "名前"] {
        assert!(personal(name, |row| one_of(&GIVEN, row, 4)), "{name}: given names");
        assert!(
            !personal(name, |row| one_of(&["Lampe", "Table", "Chaise", "Buffet", "Miroir"], row, 4)),
            "{name}: products"
        );
        assert!(!personal(name, |row| format!("Lampe {}", dice(row, 4) % 9)), "{name}: numbered");
    }
    let beside = |prenom: &str, value: &dyn Fn(u64) -> String| {
        let rows: Vec<String> =
            (0..120).map(|row| format!("{},{},{}", one_of(&GIVEN, row, 4), value(row), dice(row, 2) % 2)).collect();
        let survey = survey(&format!("{prenom},nom,gone\n{}\n", rows.join("\n")), Some("gone"));
        survey.found_of(Code::Personal, "nom").is_some()
    };
    assert!(beside("prénom", &|row| one_of(&FAMILY, row, 5)));
    assert!(!beside("prénom", &|row| format!("Lot {}", dice(row, 5) % 40)), "numbered");
    assert!(!beside("couleur", &|row| one_of(&FAMILY, row, 5)));
}

#[test]
fn telephones_are_known_in_national_forms() {
    let of = |form: u64, row: u64| match form {
        0 => format!("030 {}", number(row, 3, 7)),
        1 => format!("0{} / {}", number(row, 4, 3), number(row, 3, 7)),
        2 => format!("0{}-{}", 150 + dice(row, 4) % 29, number(row, 3, 7)),
        3 => format!("06 {} {} {} {}", number(row, 3, 2), number(row, 4, 2), number(row, 5, 2), number(row, 6, 2)),
        4 => format!("06.{}.{}.{}.{}", number(row, 3, 2), number(row, 4, 2), number(row, 5, 2), number(row, 6, 2)),
        5 => format!("({}) 9{}-{}", number(row, 4, 2), number(row, 3, 4), number(row, 5, 4)),
        6 => format!("07700 {}", number(row, 3, 6)),
        7 => format!("020 7{} {}", number(row, 3, 3), number(row, 4, 4)),
        8 => format!("090-{}-{}", number(row, 3, 4), number(row, 4, 4)),
        _ => format!("0049 {} {}", number(row, 4, 3), number(row, 3, 7)),
    };
    for form in 0..10 {
        assert!(personal("c1", |row| of(form, row)), "{}", of(form, 1));
    }
    for name in [
        "phone",
        "tel",
        "telefono",
        "téléphone",
        "Handy",
        "мобильный",
        "電話",
        "Telefon-Nr",
        "手机号",
        "휴대폰",
        "celular",
    ] {
        assert!(personal(name, |row| number(row, 3, 9).to_string()), "{name}: whole numbers");
        assert!(
            personal(name, |row| format!("{} {} {}", number(row, 3, 3), number(row, 4, 3), number(row, 5, 3))),
            "{name}"
        );
    }
    for begin in ["4915", "3361", "44770", "3932", "12025", "55119", "8613", "7916"] {
        let digits = match begin {
            "3361" | "12025" | "7916" => 11,
            "55119" | "8613" => 13,
            _ => 12,
        };
        let value = |row: u64| format!("{begin}{}", number(row, 3, digits - begin.len() as u32));
        assert!(personal("c1", value), "{begin}");
        assert!(!personal("order_id", value), "{begin}: an identifier");
    }
}

#[test]
pub(super) fn numbers_that_are_none_of_people_are_no_telephones() {
    let ean = |row: u64| {
        let body = format!("490{}", number(row, 3, 9));
        let sum: u64 =
            body.bytes().zip([1, 3].into_iter().cycle()).map(|(digit, by)| u64::from(digit - b'0') * by).sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    };
    let controls: [(&str, Value); 12] = [
        ("any order", |row| number(row, 3, 12).to_string()),
        ("orders of a form", |row| format!("4512-{}-{}", number(row, 3, 3), number(row, 4, 4))),
        ("in turn", |row| (491_700_000_000 + row * 3).to_string()),
        ("milliseconds", |row| (1_600_000_000_000 + number(row, 3, 10)).to_string()),
        ("minutes of a date", |row| {
            format!("2015{:02}{:02}{:02}{:02}", 1 + row % 12, 1 + row % 28, row % 24, row % 60)
        }),
        ("days", |row| format!("0{}.0{}.20{}", 1 + row % 9, 1 + row % 8, number(row, 3, 2))),
        ("measured", |row| format!("0.{}", number(row, 3, 9))),
        ("parts", |row| format!("A-0{}-{}", number(row, 3, 3), number(row, 4, 4))),
        ("with zeros", |row| format!("00{} {}", number(row, 3, 3), number(row, 4, 3))),
        ("zeros alone", |row| format!("0{}", number(row, 3, 9))),
        ("times", |row| format!("0{}:{}:{}", 1 + row % 9, number(row, 3, 2) % 60, number(row, 4, 2) % 60)),
        ("versions", |row| format!("01.{}.{}", number(row, 3, 2), number(row, 4, 4))),
    ];
    assert!(!personal("c1", ean), "{}", ean(1));
    for (kind, value) in controls {
        assert!(!personal("c1", value), "{kind}: {}", value(1));
    }
    assert!(!personal("mobile", |row| one_of(&["yes", "no"], row, 3)));
}

#[test]
fn streets_are_known_in_other_languages() {
    let house = |row: u64| 1 + dice(row, 5) % 180;
    let names = ["Mayor", "Długa", "Roma", "Ленина", "Augusta", "Victor Hugo", "Garibaldi"];
    let controls = ["500 Rue", "Via 3", "Calle 12", "ул. 5", "Rue 12 km"];
    let forms = [
        "{n} rue de la {}",
        "ul. {} {n}",
        "Calle {} {n}",
        "Via {} {n}",
        "ул. {} {n}",
        "улица {}, д. {n}",
        "Rua {}, {n}",
        "C/ {} {n}",
        "{n} RUE {}",
        "{n} bis, avenue {}",
        "Str. {} {n}",
        "{} Caddesi No:{n}",
        "{}gatan {n}",
        "ul. {} {n}/4",
        "建国路{n}号",
        "千代田区丸の内{n}-1-2",
        "테헤란로 {n}",
    ];
    for form in forms {
        let value = |row: u64| form.replace("{n}", &house(row).to_string()).replace("{}", &one_of(&names, row, 6));
        assert!(personal("c1", value), "{}", value(3));
    }
    // Streets, one of four without a word that says so.
    assert!(personal("c1", |row| format!(
        "{} {}",
        one_of(&["Hauptstr.", "Lindenweg", "Ringstraße", "Am Markt"], row, 6),
        house(row)
    )));
    for control in controls {
        assert!(!personal("c1", |row| format!("{control}{}", dice(row, 6) % 90)), "{control}");
    }
    let cities = ["Paris", "Lyon", "Nice", "La Rochelle", "Aix-en-Provence", "Roma", "Via Reggio"];
    assert!(!personal("ville", |row| one_of(&cities, row, 6)));
    assert!(!personal("product", |row| format!(
        "{} {}",
        one_of(&["Lampe", "Galaxy", "Tisch", "Ring Damm"], row, 6),
        house(row)
    )));
}

#[test]
fn telephones_without_a_mark_in_front_are_known_by_areas_and_by_names() {
    let group = |row: u64, salt, from: u64, many: u64| from + dice(row, salt) % many;
    let american =
        |row: u64| format!("{}-{}-{}", group(row, 3, 220, 600), group(row, 4, 220, 600), group(row, 5, 1_000, 9_000));
    let is_one = |text: &str| !text.split('-').take(2).any(|group| group.ends_with("11"));
    let american =
        |row: u64| (0..9).map(|more| american(row + 1_000 * more)).find(|text| is_one(text)).unwrap_or_default();
    assert!(personal("best_no", american));
    assert!(!personal("best_no", |row| format!(
        "{}-{}-{}",
        group(row, 3, 100, 900),
        group(row, 4, 100, 900),
        1_000 + row
    )));
    let mobile = |row: u64| (600_000_000 + dice(row, 6) % 90_000_000).to_string();
    for name in ["Tlf", "Tfno.", "Fono", "Recapito", "Komórka", "Telemóvel", "Telefon kom.", "Mobilnr"] {
        assert!(personal(name, mobile), "{name}");
    }
    assert!(!personal("units_sold", mobile));
}
