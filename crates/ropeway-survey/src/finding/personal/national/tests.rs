//! Numbers of people, by example and surveyed.

use super::super::tests::{Value, found, number, one_of, personal};
use super::{National, Sure, kinds, written};
use crate::Code;
use crate::finding::surveyed::{dice, survey};

/// A name of a column, a number that `python-stdnum` 2.2 or the issuer gives as an example, and one that is none.
const EXAMPLES: [[&str; 3]; 57] = [
    ["Henkilötunnus", "131052-308T", "131052-308U"],
    ["hetu", "131052A308T", "131052G308T"],
    ["Fødselsnummer", "151086 95088", "15108695077"],
    ["CPR-nr", "211062-5629", "511062-5629"],
    ["kennitala", "120174-3399", "320174-3399"],
    ["Personnummer", "880320-0016", "880320-0018"],
    ["personnummer", "19811218-9876", "811318-9876"],
    ["personnummer", "701063-2391", "8112189"],
    ["Isikukood", "36805280109", "36805280108"],
    ["asmens_kodas", "33309240064", "33309240164"],
    ["personas kods", "161175-19997", "161375-19997"],
    ["N° Sécu", "2 95 10 99 126 111 93", "295109912611199"],
    ["nir", "2 53 07 2B 073 004 70", "2 53 07 2A 073 004 70"],
    ["DNI", "54362315-K", "54362315Z"],
    ["NIE", "x-2482300w", "x-2482300a"],
    ["documento", "12.345.678-Z", "12.345.678-A"],
    ["Steuer-ID", "36 574 261 809", "36554266806"],
    ["steuer_id", "86095742719", "00000000000"],
    ["SVNR", "15070649C103", "15070649C104"],
    ["codice_fiscale", "RCCMNL83S18D969H", "RCCMNL83S18D969"],
    ["Cod. Fisc.", "RSSMRA85T10A562S", "RSSMRA85T10A562T"],
    ["Rijksregisternr", "85 07 30 033 28", "12345678901"],
    ["niss", "17073003384", "17073003383"],
    ["SV-Nr", "1237 010180", "2237 010180"],
    ["ΑΜΚΑ", "01013099997", "01013099999"],
    ["AHV-Nr.", "756.9217.0769.85", "4006381333931"],
    ["NI Number", "AB 12 34 56 C", "BG123456C"],
    ["PPS No", "6433435F", "6433435E"],
    ["ppsn", "6433435OA", "6433435YA"],
    ["NIF", "123456789", "501964843"],
    ["BSN", "1112.22.333", "1112.52.333"],
    ["nhs_number", "943 476 5870", "943476587X"],
    ["PESEL", "44051401359", "44951401359"],
    ["pesel", "02070803628", "44051401358"],
    ["Rodné číslo", "710319/2745", "110349/2745"],
    ["CNP", "1630615123457", "1632215123457"],
    ["ЕГН", "8032056031", "8019010008"],
    ["OIB", "33392005961", "33392005962"],
    ["JMBG", "0101006500006", "0101006500007"],
    ["TAJ szám", "014 287 305", "014 287 306"],
    ["Adóazonosító", "8071592153", "8071592154"],
    ["TC Kimlik No", "17291716060", "07291716092"],
    ["СНИЛС", "112-233-445 95", "112-233-445 96"],
    ["ИНН", "123456789047", "1234567894"],
    ["РНОКПП", "1759013776", "1759013770"],
    ["curp", "BOXW310820HNERXN09", "BOXW310820HNERXN08"],
    ["RFC", "GODE 561231 GR8", "MAB-930714-8T4"],
    ["CPF", "390.533.447-05", "111.111.111-11"],
    ["RUT", "12.531.909-2", "76.086.428-5"],
    ["cuit", "20-05536168-2", "30-05536168-2"],
    ["身份证号", "360426199101010071", "360426199113010071"],
    ["マイナンバー", "6214 9832 0257", "6214 9832 0258"],
    ["Aadhaar", "2341 2341 2346", "234123412347"],
    ["บัตร เลขประจำตัวประชาชน", "3100600445635", "3100600445634"],
    ["NRIC", "S1234567D", "S1234567E"],
    ["身分證字號", "A123456789", "A123456780"],
    ["HKID", "AB987654(3)", "A123456(4)"],
];
/// The same of those whose checks chance passes or that have none, of which names of columns have to speak.
const NAMED: [[&str; 3]; 15] = [
    ["medicare", "1EG4-TE5-MK73", "1SG4-TE5-MK73"],
    ["Medicare", "2123 45670 1", "7123 45670 1"],
    ["TFN", "123 456 782", "123 456 783"],
    ["ID Number", "7503305044089", "8513305044089"],
    ["주민등록번호", "971013-9019902", "971013-9019903"],
    ["PAN", "ACUPA7085R", "ACUCA7085R"],
    ["SSN", "536-90-4399", "666-90-4399"],
    ["itin", "912903456", "000903456"],
    ["SIN", "123-456-782", "123-456-783"],
    ["NIK", "3171011708450001", "3171011713450001"],
    ["nric", "770305-02-1234", "771305-02-1234"],
    ["תעודת זהות", "3933742-3", "3933742-2"],
    ["dni", "20.123.456", "20.123"],
    ["passport", "C01X00T47", "2024"],
    ["Personalausweis", "L01X00T471", "yes"],
];

/// The kinds that the name says and the number is of.
fn of(name: &str, text: &str) -> Vec<&'static National> {
    let spaced = crate::finding::words::spaced(&crate::finding::words::plain_name(name));
    let Some(signs) = written::signs(text) else { return Vec::new() };
    kinds().filter(|kind| kind.is_called(&spaced, false) && kind.is_one(&signs)).collect()
}

#[test]
fn checks_hold_or_do_not() {
    for [name, good, bad] in EXAMPLES.iter().chain(&NAMED) {
        let (good, bad) = (of(name, good).is_empty().then_some(good), (!of(name, bad).is_empty()).then_some(bad));
        assert!(good.is_none() && bad.is_none(), "{name}: {good:?} is one, {bad:?} is none");
    }
    let known = |kind: &&National| {
        EXAMPLES.iter().chain(&NAMED).any(|[name, good, _]| of(name, good).iter().any(|of| of.name == kind.name))
    };
    let without: Vec<&str> = kinds().filter(|kind| !known(kind)).map(|kind| kind.name).collect();
    assert_eq!(without, Vec::<&str>::new());
}

/// Another number of the kind for each row: signs of the example are changed until its checks hold again.
fn numbers(kind: &National, example: &str) -> Vec<String> {
    let mut signs: Vec<char> = example.chars().collect();
    let mut salt = 0;
    let mut draw = |below: usize| {
        salt += 1;
        dice(salt, 77) as usize % below
    };
    let mut all = vec![];
    while all.len() < 120 {
        let mut changed = signs.clone();
        for _ in 0..3 {
            let at = draw(changed.len());
            changed[at] = match changed[at] {
                '0'..='9' => char::from(b'0' + draw(10) as u8),
                'A'..='Z' => char::from(b'A' + draw(26) as u8),
                mark => mark,
            };
        }
        let text: String = changed.iter().collect();
        if written::signs(&text).is_some_and(|signs| kind.is_one(&signs)) {
            signs = changed;
            all.push(text);
        }
    }
    all
}

#[test]
fn columns_are_told_by_their_checks_whatever_they_are_called() {
    for [name, example, _] in &EXAMPLES {
        for kind in of(name, example) {
            let values = numbers(kind, example);
            assert!(personal("c1", |row| values[row as usize].clone()), "{}: {}", kind.name, values[1]);
            // The last digit or letter is another one: no check holds.
            let off = |row: u64| {
                let mut text = values[row as usize].clone().trim_end_matches(')').to_owned();
                let last = text.pop();
                let next = match last {
                    Some('9') => '0',
                    Some('Z') => 'A',
                    last => last.map_or('0', |last| char::from(last as u8 + 1)),
                };
                format!("{text}{next}")
            };
            if kind.sure != Sure::Name && name != &"NI Number" {
                assert!(!personal("c1", off), "{}: {}", kind.name, off(1));
            }
        }
    }
}

#[test]
fn a_name_says_which_of_those_that_have_the_same_check_and_is_enough_for_a_few() {
    for [name, example, _] in EXAMPLES.iter().chain(&NAMED) {
        let kind = of(name, example)[0];
        let values = numbers(kind, example);
        let rows: Vec<String> =
            (0..60).map(|row| format!("{};{}", values[row as usize % 4], dice(row, 2) % 2)).collect();
        let survey = survey(&format!("{name};gone\n{}\n", rows.join("\n")), Some("gone"));
        let found = survey.found_of(Code::Personal, name);
        assert!(found.is_some(), "{name}: {} {:?}", values[1], survey.findings);
    }
    let tax: Vec<String> = numbers(of("Adóazonosító", "8071592153")[0], "8071592153");
    let evidence = |name: &str| {
        let rows: Vec<String> = tax.iter().zip(0..).map(|(text, row)| format!("{text};{}", dice(row, 2) % 2)).collect();
        let survey = survey(&format!("{name};gone\n{}\n", rows.join("\n")), Some("gone"));
        survey.found_of(Code::Personal, name).unwrap().evidence.clone()
    };
    assert!(evidence("Adóazonosító").ends_with("are Hungarian tax numbers of people, whose check digits hold"));
    assert!(evidence("c1").ends_with("are national numbers of people, whose check digits hold"));
}

#[test]
fn numbers_without_a_check_are_told_by_what_their_column_is_called() {
    let columns: [(&str, Value); 8] = [
        ("CPR-nr", |row| format!("{:02}0180-{}", 1 + row % 28, number(row, 3, 4))),
        ("주민번호", |row| format!("{}0101-1{}", number(row, 3, 2), number(row, 4, 6))),
        ("Rodné číslo", |row| format!("4{}0101/{}", row % 10, number(row, 3, 3))),
        ("SSN", |row| format!("{}", number(row, 3, 9))),
        ("National ID", |row| format!("{}", number(row, 3, 10))),
        ("Ausweisnummer", |row| format!("L{}X{}", number(row, 3, 4), number(row, 4, 3))),
        ("NI Number", |row| format!("QQ {} {} C", number(row, 3, 2), number(row, 4, 4))),
        ("паспорт", |row| format!("45{} {}", number(row, 3, 2), number(row, 4, 6))),
    ];
    for (name, value) in columns {
        assert!(personal(name, value), "{name}: {}", value(1));
    }
    let others: [(&str, Value); 10] = [
        ("medicare_paid", |row| number(row, 3, 10).to_string()),
        ("sin_offset", |row| number(row, 3, 9).to_string()),
        ("sin", |row| format!("{}", number(row, 3, 3))),
        ("PAN", |row| one_of(&["left", "right", "up 12345"], row, 3)),
        ("rut", |row| format!("{} mm", number(row, 3, 3))),
        ("ИНН", |row| format!("77{}", number(row, 3, 8))),
        ("VAT", |row| format!("DE{}", number(row, 3, 9))),
        ("nif", |row| format!("5{}", number(row, 3, 8))),
        ("RUT", |row| format!("76.{}.{}-{}", number(row, 3, 3), number(row, 4, 3), row % 10)),
        ("taj_mahal", |row| one_of(&["a", "b"], row, 3)),
    ];
    for (name, value) in others {
        assert!(!personal(name, value), "{name}: {}", value(1));
    }
}

/// The check digit of articles, as books, devices and firms have Luhn's and others.
fn article(body: &str) -> String {
    let sum: u64 = body.bytes().rev().zip([3, 1].into_iter().cycle()).map(|(own, by)| u64::from(own - b'0') * by).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn with_luhn(body: &str) -> String {
    let sum: u64 = body
        .bytes()
        .rev()
        .zip([2, 1].into_iter().cycle())
        .map(|(own, by)| u64::from(own - b'0') * by)
        .map(|product| product / 10 + product % 10)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn book(body: &str) -> String {
    let sum: u64 = body.bytes().zip((2..=10).rev()).map(|(own, by)| u64::from(own - b'0') * by).sum();
    let check = (11 - sum % 11) % 11;
    if check == 10 { format!("{body}X") } else { format!("{body}{check}") }
}

#[test]
fn numbers_of_things_and_of_firms_are_none_of_people() {
    let controls: [(&str, Value); 25] = [
        ("isbn", |row| book(&number(row, 3, 9).to_string())),
        ("isbn13", |row| article(&format!("978{}", number(row, 3, 9)))),
        ("ean", |row| article(&number(row, 3, 12).to_string())),
        ("upc", |row| article(&number(row, 3, 11).to_string())),
        ("gtin8", |row| article(&number(row, 3, 7).to_string())),
        ("imei", |row| with_luhn(&format!("35{}", number(row, 3, 12)))),
        ("serial", |row| with_luhn(&number(row, 3, 8).to_string())),
        ("serial", |row| with_luhn(&number(row, 3, 10).to_string())),
        ("siren", |row| {
            let text = with_luhn(&number(row, 3, 8).to_string());
            format!("{} {} {}", &text[..3], &text[3..6], &text[6..])
        }),
        ("order", |row| (100_000_000 + row).to_string()),
        ("order", |row| (10_000_000_000 + 7 * row).to_string()),
        ("order", |row| format!("24{:02}{:02}{:04}", 1 + row % 12, 1 + row % 28, row)),
        ("order", |row| format!("24{:02}{:02}-{:04}", 1 + row % 12, 1 + row % 28, row)),
        ("order", |row| format!("2024{:02}{:02}-{:05}", 1 + row % 12, 1 + row % 28, row)),
        ("number", |row| number(row, 3, 9).to_string()),
        ("number", |row| number(row, 3, 10).to_string()),
        ("number", |row| number(row, 3, 11).to_string()),
        ("number", |row| number(row, 3, 13).to_string()),
        ("vin", |row| format!("WVWZZZ1JZ3W{}", number(row, 3, 6))),
        ("container", |row| format!("MSCU{}", number(row, 3, 7))),
        ("uuid", |row| format!("{:08x}-{:04x}-4{:03x}", number(row, 3, 9), number(row, 4, 4), row)),
        ("amount", |row| format!("{}.{}", number(row, 3, 6), number(row, 4, 2))),
        ("day", |row| format!("{:02}{:02}{:02}", 50 + row % 50, 1 + row % 12, 1 + row % 28)),
        ("place", |row| format!("52.{} 13.{}", number(row, 3, 5), number(row, 4, 5))),
        ("article", |row| format!("{}{}", one_of(&["AB", "ZX"], row, 3), number(row, 4, 7))),
    ];
    for (name, value) in controls {
        assert!(!personal(name, value), "{name}: {}", value(1));
    }
}

#[test]
fn groups_of_digits_are_no_sentences() {
    let groups: Value = |row| format!("{} {} {}", number(row, 3, 3), number(row, 4, 3), number(row, 5, 3));
    let spread: Value = |row| format!("{} {} {} {}", number(row, 3, 2), number(row, 4, 2), row % 10, row);
    for value in [groups, spread] {
        assert!(!found(Code::FreeText, "c1", value), "{}", value(1));
    }
    // The same number comes twice: it names its rows, where it is no key.
    let twice: Value = |row| format!("{} {} {}", 2_000 + row.max(1), 11, 3_000 + row.max(1));
    assert!(found(Code::Identifier, "c1", twice));
    let words: Value = |row| format!("left after {} calls of {}", number(row, 3, 3), number(row, 4, 3));
    assert!(found(Code::FreeText, "c1", words));
}

#[test]
fn numbers_of_the_same_length_that_mean_nothing_pass_as_seldom_as_chance_says() {
    for length in 8..=18 {
        let all: Vec<Vec<u32>> =
            (0..2_000_u64).map(|row| (0..length).map(|at| (dice(row * 32 + at, 9) % 10) as u32).collect()).collect();
        for kind in kinds().filter(|kind| kind.sure != Sure::Name) {
            let passed = all.iter().filter(|signs| kind.is_one(signs)).count();
            assert!(passed < 260, "{} of {length} digits: {passed}", kind.name);
        }
    }
}
