//! Words that texts of one class alone have.

use crate::init_leaks::{customers, leaks};
use crate::profile::dice;

#[test]
fn a_word_that_texts_of_one_class_alone_have_is_named() {
    let note = |row: u64, word: &str| {
        let words = ["bill", "called", "about", "again", "today", "late", "order", "asked"];
        let of = |at: u64| words[(dice(row * 8 + at, 4) % 8) as usize];
        format!("{} {} {} {word} {} {} {row}", of(0), of(1), of(2), of(3), of(4))
    };
    let refunded = |row: u64| note(row, if row.is_multiple_of(2) { "was Refunded," } else { "asks" });
    let found = leaks(&customers(|row| format!("\"{}\"", refunded(row)), |row| note(row, "asks")), "churned");
    let is_of = |found: &str| found.starts_with("reason: it has the word `") && found.contains("`churned` is `true`");
    assert!(found.len() == 1 && is_of(&found[0]), "{found:?}");
    // A word that a few of the other class have, too.
    let sometimes = |row: u64| note(row, if row.is_multiple_of(9) { "refunded" } else { "asks" });
    let often = |row: u64| note(row, if row.is_multiple_of(2) { "refunded" } else { "asks" });
    assert_eq!(leaks(&customers(often, sometimes), "churned"), Vec::<String>::new());
}

#[test]
fn a_word_of_one_class_is_named_where_notes_of_a_form_are_few_different_ones() {
    let parts = ["left voicemail", "sent brochure", "ok for now", "needs approval", "call again", "asked for a price"];
    let note = |row: u64, more: &str| {
        let of = |salt| parts[(dice(row, salt) % 6) as usize];
        format!("\"{}, {}{}\"", of(11), of(12), if dice(row, 13).is_multiple_of(2) { more } else { "" })
    };
    let found = leaks(&customers(|row| note(row, ", chose competitor"), |row| note(row, "")), "churned");
    assert!(found.len() == 1 && found[0].starts_with("reason: it has the word `"), "{found:?}");
    assert_eq!(leaks(&customers(|row| note(row, ""), |row| note(row, "")), "churned"), Vec::<String>::new());
}
