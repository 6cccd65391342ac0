//! What tables that people keep by hand end in and are cut into, and what their cells hold: notes beneath totals, places,
//! lists of numbers.

use std::fmt::Write as _;

use crate::profile::dice;
use crate::ropeway::Folder;

#[test]
fn a_note_beneath_totals_is_no_row_and_without_totals_it_is_kept() {
    let table = |end: &str| {
        let (mut text, mut sum) = (String::from("id,place,amount,paid\n"), 0);
        for row in 0..60 {
            let amount = 10 + dice(row, 1) % 900;
            sum += amount;
            let _ = writeln!(text, "{row},{},{amount},{}", ["Aachen", "Bonn"][(row % 2) as usize], dice(row, 2) % 2);
        }
        text + &end.replace("SUM", &sum.to_string())
    };
    let rows = |end: &str| {
        let folder = Folder::new();
        folder.write("t.csv", table(end));
        folder.run(&["profile", "t.csv", "--label", "paid", "--json"]).expect(0).json()["rows"].clone()
    };
    let note = "Stand 08.01.2026, ohne Storni";
    for end in [
        format!("Summe,,SUM,\n,,,\n\"{note}\",,,\n"),
        format!("Summe,,SUM,\n\n\"{note}\",,,\n"),
        format!("Summe,,SUM,\n\n{note}\n"),
        String::new(),
    ] {
        assert_eq!(rows(&end), 60, "{end}");
    }
    assert_eq!(rows("60,Bad Ems,,\n"), 61, "a row with gaps");
}

#[test]
fn places_are_personal_and_lists_of_numbers_are_numbers_and_nothing_else() {
    let mut text = String::from("home;trip;list;temp;gone\n");
    for row in 0..400 {
        let (one, two) = (dice(row, 1) % 90, dice(row, 3) % 90);
        let temp = if row % 20 == 0 { "-99.9".to_owned() } else { format!("{}.5", (dice(row, 4) % 60) as i64 - 25) };
        let _ = writeln!(
            text,
            "Meierstr. {one}, {} Berlin;{one} and {two} bright red apples;[{one}, {two}, {}];{temp};{}",
            10_115 + two,
            dice(row, 5) % 90,
            dice(row, 2) % 2
        );
    }
    let folder = Folder::new();
    folder.write("t.csv", text);
    let page = folder.run(&["profile", "t.csv", "--label", "gone"]).expect(0).stdout;
    assert!(page.contains("personal home: 400 of its values are street addresses"), "{page}");
    assert!(page.contains("of 3 numbers each") && page.contains("sentinel temp: `-99.9` in 20 rows"), "{page}");
    for not in ["personal trip", "key list", "free-text list", "key trip"] {
        assert!(!page.contains(not), "{not}: {page}");
    }
}
