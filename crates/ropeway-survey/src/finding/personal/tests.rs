//! Columns of files, surveyed as they are read.

use std::fmt::Write as _;

use crate::Code;
use crate::finding::surveyed::{dice, survey};

/// Whether the column of that name and with these values is found to be personal.
fn personal(name: &str, value: impl Fn(u64) -> String) -> bool {
    let mut text = format!("n;{name};gone\n");
    (0..120).for_each(|row| {
        let _ = writeln!(text, "{};{};{}", dice(row, 1) % 50, value(row), dice(row, 2) % 2);
    });
    survey(&text, Some("gone")).found_of(Code::Personal, name).is_some()
}

#[test]
fn numbers_with_check_digits_telephones_and_streets_are_found_by_value() {
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
